"""How to cite a page: as a part of the data set, in its version and year."""

from __future__ import annotations

import re

from markupsafe import Markup

from ...project.citation import VERSION, one_line
from ...project.citation_formats import FORMATS, Work
from ...text import Text
from ...translation import message as _
from ..publication import Publication

_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
_SHOWN = {"bibtex": "BibTeX", "ris": "RIS"}


def cited(publication: Publication, language: str, path: str, title: str, iri: str, address: str) -> dict[str, str]:
    """The citations of a page by what the formats are called, that of the text without a name; none where the data set
    has no version and date.

    ``title`` is that of the page, with that of the site behind it or not: a page that has no other is about the data
    set as a whole. ``iri`` is what the page is about, empty where it is about no resource. ``address`` is that of the
    page; it is cited too, where it is not below what IRIs begin with.
    """
    of = publication.of
    if not VERSION.fullmatch(of.version) or not _DATE.fullmatch(of.issued):
        return {}
    data_set = one_line(of.title.localized(language))
    title = one_line(title.unescape() if isinstance(title, Markup) else title)
    for site in (data_set, one_line(publication.name.localized(language))):
        title = "" if title == site else title.removesuffix(f" · {site}")
    iri = iri or (address if title else publication.data_set)
    work = Work(
        title=title or data_set,
        version=of.version,
        issued=of.issued,
        licence=of.licence,
        publisher=one_line(publication.publisher),
        iri=iri,
        key=f"{publication.whole}-{path.rpartition('/')[2]}" if title else publication.whole,
        container=data_set if title else "",
        address="" if iri.startswith(publication.address) else address,
    )
    return {"": _line(work).localized(language), **{name: FORMATS[kind](work) for kind, name in _SHOWN.items()}}


def _line(work: Work) -> Text:
    """The citation in the words of a page."""
    facts = {
        "by": work.publisher,
        "title": work.title,
        "version": work.version,
        "where": f"{work.iri} ({work.address})" if work.address else work.iri,
        "year": work.year,
    }
    if not work.container:
        return _("{by} ({year}): {title}. Version {version}. {by}. (Data set). {where}", **facts)
    return _(
        "{by} ({year}): {title}. In: {data_set}, version {version}. {by}. (Data set). {where}",
        data_set=work.container,
        **facts,
    )
