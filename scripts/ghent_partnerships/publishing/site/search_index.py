"""What the search of the site finds: everything that has a page, by all its names in all languages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from ...rdf.namespaces import GP, PREFIXES
from ...rdf.serialize import File
from ...rdf.turtle import About, Statements
from ...text import Text
from ...translation import message as _
from ..addresses import AWAY
from ..publication import Publication

_NAMES = (
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["dcterms"] + "title",
    GP + "nameAsStated",
)
_QUESTION = PREFIXES["rdfs"] + "comment"  # what a query asks
_LEFT_OUT = ("doc/shape/", "doc/rule/", "doc/fragment/", AWAY)
_PLAIN = "resource"  # the folder of all pages of a plain project
_TYPES: dict[str, Text] = {  # by the folder of a page
    "activity": _("activity"),
    "agreement": _("agreement"),
    "candidate": _("candidate"),
    "city": _("city"),
    "concept": _("concept"),
    "country": _("country"),
    "dataset": _("data set"),
    "group": _("unnamed group"),
    "inference": _("inference"),
    "ontology": _("term"),
    "outcome": _("outcome"),
    "partnership": _("partnership"),
    "period": _("period"),
    "query": _("question"),
    _PLAIN: _("resource"),
    "scheme": _("list of concepts"),
    "source": _("source"),
}


def files(statements: Statements, publication: Publication) -> Iterator[File]:
    """The list that the search reads: what each folder holds, in each of the languages; and for each page the folder,
    the rest of its path, and its names by language, those that the source gives first under no language."""
    found, languages = [], publication.languages
    for subject in sorted(
        (subject for subject in statements if isinstance(subject, NamedNode)), key=lambda subject: subject.value
    ):
        iri = subject.value
        at = publication.addresses.home(iri)
        if at is None or at[0].startswith(_LEFT_OUT) or (at[0].startswith("doc/") and at[1]):
            continue
        folder, slug = ("ontology", at[1]) if at[0] == "ontology" else at[0].removeprefix("doc/").split("/", 1)
        if slug and (names := _names(statements[subject], (*_NAMES, *[_QUESTION] * (folder == "query")))):
            found.append([folder, slug, names])
    kinds = {folder: name for folder, name in _TYPES.items() if (folder == _PLAIN) <= publication.project.is_plain}
    types = {folder: [name.localized(language) for language in languages] for folder, name in kinds.items()}
    listed = {"languages": languages, "types": types, "found": found}
    yield "search.json", json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()


def _names(about: About, predicates: Iterable[str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for predicate in predicates:
        for value in sorted(about.get(predicate, ()), key=str):
            if isinstance(value, Literal) and value.value not in (of := names.setdefault(value.language or "", [])):
                of.append(value.value)
    return {language: names[language] for language in sorted(names)}
