"""What the directory says of itself: its ``README.md``."""

from __future__ import annotations

from ..dist import CHECKSUMS
from ..text import Text, in_each
from ..translation import message as _
from .publication import Publication


def content(publication: Publication) -> bytes:
    """What the directory holds, under which licence and whom to name, in each language."""
    of = publication.of
    version = f"{of.version}, {of.issued}" if of.issued else of.version
    about: list[Text] = [of.rights]
    if of.licence:
        about.insert(0, _("Licence: <{licence}>.", licence=of.licence))
    if of.version:
        about.insert(0, _("Version {version}.", version=version))
    texts = (
        of.title.map(lambda title: f"# {title}"),
        of.description,
        in_each(of.languages, lambda language: " ".join(text.localized(language) for text in about)),
        _(
            "`{graph}` is the whole graph; `csv-metadata.json` says what the columns of the tables mean; "
            "`{checksums}` lists all files.",
            graph=f"{publication.whole}.ttl",
            checksums=CHECKSUMS,
        )
        if not publication.project.is_plain
        else _(
            "`{graph}` is the whole graph; `{checksums}` lists all files.",
            graph=f"{publication.whole}.ttl",
            checksums=CHECKSUMS,
        ),
    )
    paragraphs = (text.localized(language) for language in of.languages for text in texts)
    return ("\n\n".join(filter(None, paragraphs)) + "\n").encode()
