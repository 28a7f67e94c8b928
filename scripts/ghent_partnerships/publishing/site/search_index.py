"""What the search of the site finds: everything that has a page, by all its names in all languages, by years, and by
what it is of; and the page of its results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from ...rdf.namespaces import GP, PREFIXES
from ...rdf.serialize import File
from ...rdf.turtle import About, Node, Statements
from ...text import DEFAULT_LANGUAGE, Text
from ...translation import message as _
from ..addresses import AWAY, is_of_vocabulary
from ..names import NAMES, names
from ..publication import Publication
from .templating import Pages

_QUESTION = PREFIXES["rdfs"] + "comment"  # what a query asks
_LEFT_OUT = ("doc/fragment/", AWAY)
_PLAIN = "resource"  # the folder of all pages of a plain project
_YEARS = frozenset((GP + "startYear", GP + "endYear", PREFIXES["schema"] + "startDate", PREFIXES["schema"] + "endDate"))
_DIGITS = 4  # of a year
_PARTY, _COUNTRY, _CONCERNS = (GP + name for name in ("party", "country", "concerns"))
_OF = (_COUNTRY, GP + "kind", _PARTY)  # in what a thing is also found: by the names of these
_KIND = PREFIXES["dcterms"] + "type"  # of an outcome
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
    "rule": _("rule"),
    "shape": _("rule"),
    _PLAIN: _("resource"),
    "scheme": _("list of concepts"),
    "source": _("source"),
}


def page(pages: Pages) -> Iterator[File]:
    """The page of results, in each language."""
    yield from pages.every("search.html", "search", lambda _language: {})


def files(statements: Statements, publication: Publication) -> Iterator[File]:
    """The list that the search reads: what each folder holds, in each of the languages; and for each page the folder,
    the rest of its path, its names by language, those that the source gives first under no language, and by what else
    it is found: years, and the numbers in the list of what it is of, as a city is of its country."""
    found: list[list[object]] = []
    listed: list[NamedNode] = []
    languages = publication.languages
    named = (subject for subject in statements if isinstance(subject, NamedNode))
    for subject in sorted(named, key=lambda subject: subject.value):
        at = publication.addresses.home(subject.value)
        if at is None or at[0].startswith(_LEFT_OUT) or (at[0].startswith("doc/") and at[1]):
            continue
        folder, slug = ("ontology", at[1]) if at[0] == "ontology" else at[0].removeprefix("doc/").split("/", 1)
        called = names(statements[subject], (*NAMES, *[_QUESTION] * (folder == "query")))
        if is_of_vocabulary(subject.value, publication.project):
            called = _in(called, languages)
        if slug and called:
            listed.append(subject)
            found.append([folder, slug, called])
    outcomes = _outcomes(statements)
    numbers: dict[Node | Literal, int] = {thing: number for number, thing in enumerate(listed)}
    for thing, entry in zip(listed, found, strict=True):
        of = sorted({numbers[other] for other in _of(thing, statements, outcomes) if other in numbers})
        if facts := [*_years(statements[thing]), *of]:
            entry.append(facts)
    kinds = {folder: name for folder, name in _TYPES.items() if (folder == _PLAIN) <= publication.project.is_plain}
    types = {folder: [name.localized(language) for language in languages] for folder, name in kinds.items()}
    index = {"languages": languages, "types": types, "found": found}
    yield "search.json", json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()


def _in(called: Mapping[str, list[str]], languages: Sequence[str]) -> dict[str, list[str]]:
    """The names in the languages of the site, or in the default where it has none: what the vocabulary calls its own is
    no name by which others know it, as the names of a city are."""
    kept = {language: of for language, of in called.items() if language in ("", *languages)}
    return kept or {language: of for language, of in called.items() if language == DEFAULT_LANGUAGE}


def _years(about: About) -> list[str]:
    """The years in which something began or ended."""
    values = (value.value for predicate in _YEARS for value in about.get(predicate, ()) if isinstance(value, Literal))
    return sorted({value[:_DIGITS] for value in values})


def _outcomes(statements: Statements) -> dict[Node | Literal, list[Node | Literal]]:
    """The kinds of what became of each thing that an outcome concerns."""
    kinds: dict[Node | Literal, list[Node | Literal]] = {}
    for about in statements.values():
        for thing in about.get(_CONCERNS, ()):
            kinds.setdefault(thing, []).extend(about.get(_KIND, ()))
    return kinds


def _of(
    thing: Node, statements: Statements, outcomes: Mapping[Node | Literal, Sequence[Node | Literal]]
) -> Iterator[Node | Literal]:
    """What a thing is of: its country, kind and parties, the countries of these, and what became of it."""
    about = statements[thing]
    for predicate in _OF:
        yield from about.get(predicate, ())
    for party in about.get(_PARTY, ()):
        if isinstance(party, NamedNode):
            yield from statements.get(party, {}).get(_COUNTRY, ())
    yield from outcomes.get(thing, ())
