"""What the data state beside the sentences that they cite: a year, a name or a city that no cited sentence has.

Only a source that is quoted, fragment by fragment, can be held against what cites it. A resource that cites anything
else as well may have a statement from there, where that source says by ``gp:supplies`` that it gives such statements.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ..rdf.columns import Column
from ..rdf.encoded import encoded
from ..rdf.namespaces import PREFIXES
from ..rdf.turtle import TYPE

_GP, _DCTERMS, _SCHEMA = (PREFIXES[name] for name in ("gp", "dcterms", "schema"))
_SOURCE, _REQUIRES, _PART = (_DCTERMS + name for name in ("source", "requires", "isPartOf"))
_EXACT, _POSITION = PREFIXES["oa"] + "exact", _SCHEMA + "position"
_YEARS = (
    *(_GP + name for name in ("startYear", "endYear", "concludedYear")),
    _SCHEMA + "startDate",
    _SCHEMA + "endDate",
)
_NAMES = (_GP + "nameAsStated", PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel")
_LATITUDE, _LONGITUDE = (PREFIXES["geo"] + name for name in ("lat", "long"))
_SENTENCE_END = re.compile(r"""[.!?:…][)"'”’]*\s*$""")
_WORD, _YEAR = re.compile(r"\w+"), re.compile("([0-9]{4})(-[0-9]{2}-[0-9]{2})?")
_CITY = NamedNode(_GP + "City")
_DATED = {NamedNode(_GP + "Partnership"), NamedNode(_GP + "Agreement")}


class Contradiction(NamedTuple):
    """A statement that a sentence contradicts or does not bear: the code of the rule, the statement, the term of it
    that is wrong, what else the rule names, and the statement that it is held against, where there is one."""

    code: str
    triple: Triple
    term: object
    gaps: Mapping[str, object]
    against: Triple | None = None


def contradictions(triples: Sequence[Triple]) -> Iterator[Contradiction]:
    """What the triples of a graph state and the sentences that they cite do not bear out."""
    evidence = _Evidence(triples)
    yield from evidence.years()
    yield from evidence.names()
    yield from evidence.inferred_years()
    yield from evidence.positions()
    yield from evidence.places()
    yield from evidence.citations()
    yield from evidence.list_items()
    yield from evidence.silences()


class _Evidence:
    """A graph with its quotations."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.graph = encoded(triples)
        self._known: dict[str, Column] = {}  # by predicate

    def _values(self, node: object, predicate: str) -> Sequence[object]:
        column, terms = self._columns(predicate), self.graph.terms
        return [terms[value] for value in column.get(terms.find(node))] if len(column) else ()

    def _columns(self, predicate: str) -> Column:
        if (column := self._known.get(predicate)) is None:
            column = self._known[predicate] = self.graph.column(NamedNode(predicate))
        return column

    def _with(self, *predicates: str) -> Iterable[Triple]:
        """The triples with one of the predicates, in their order."""
        wanted = {*map(NamedNode, predicates)}
        if len(wanted) == 1:
            return self.graph.with_predicate(*wanted)
        return (triple for triple in self.graph.mentioning(wanted) if triple.predicate in wanted)

    def _quoted(self, node: object) -> str:
        """The sentences that a resource cites, with those without which they cannot be read."""
        return "\n".join(text for fragment in self._fragments(node) for text in self._texts(fragment))

    def _fragments(self, node: object) -> Iterator[object]:
        waiting = [cited for cited in self._values(node, _SOURCE) if self._texts(cited)]
        seen: set[object] = set()
        for fragment in waiting:
            if fragment not in seen:
                seen.add(fragment)
                yield fragment
                waiting += self._values(fragment, _REQUIRES)

    def _texts(self, fragment: object) -> list[str]:
        return [value.value for value in self._values(fragment, _EXACT) if isinstance(value, Literal)]

    def _supplied(self, node: object, predicate: str) -> bool:
        """Whether something that a resource cites and that is not quoted gives statements of this kind."""
        return any(
            NamedNode(predicate) in self._values(cited, _GP + "supplies") for cited in self._values(node, _SOURCE)
        )

    def years(self) -> Iterator[Contradiction]:
        """A year that no sentence has that the resource cites."""
        for triple in self._with(*_YEARS):
            if _DATED.isdisjoint(self._values(triple.subject, TYPE)):
                continue  # a period has the years of what it is named after
            year, quoted = triple.object, self._quoted(triple.subject)
            if not isinstance(year, Literal) or not quoted or self._supplied(triple.subject, triple.predicate.value):
                continue
            if not (match := _YEAR.fullmatch(year.value)):
                continue  # which a shape finds
            if not re.search(rf"(?<![0-9]){match[1]}(?![0-9])", quoted):
                yield Contradiction("GP220", triple, year, {})

    def names(self) -> Iterator[Contradiction]:
        """A name that is said to be the source's and that no cited sentence has."""
        for triple in self._with(_GP + "nameAsStated"):
            name, quoted = triple.object, self._quoted(triple.subject)
            if isinstance(name, Literal) and quoted and name.value not in quoted:
                yield Contradiction("GP221", triple, name, {})

    def inferred_years(self) -> Iterator[Contradiction]:
        """A start that is inferred from the conclusion of an agreement, and is in another year."""
        for triple in self._with(_GP + "startYear"):
            if not self._supplied(triple.subject, triple.predicate.value):
                continue
            for agreement in self._values(triple.subject, _GP + "agreement"):
                years = self._values(agreement, _GP + "concludedYear")
                if years and triple.object not in years:
                    concluded = Triple(agreement, NamedNode(_GP + "concludedYear"), years[0])  # type: ignore[arg-type]
                    gaps = {"concluded": str(getattr(years[0], "value", ""))}
                    yield Contradiction("GP222", triple, triple.object, gaps, concluded)

    def positions(self) -> Iterator[Contradiction]:
        """Two quotations of one source in the same place."""
        first: dict[object, Triple] = {}
        for triple in self._with(_POSITION):
            for source in self._values(triple.subject, _PART):
                earlier = first.setdefault((source, str(triple.object)), triple)
                if earlier is not triple:
                    yield Contradiction("GP223", triple, triple.object, {}, earlier)

    def places(self) -> Iterator[Contradiction]:
        """Two cities at the same coordinates: those of one were left in a file that was copied for the other."""
        first: dict[object, object] = {}
        for triple in self._with(_LATITUDE):
            for longitude in self._values(triple.subject, _LONGITUDE):
                other = first.setdefault((str(triple.object), str(longitude)), triple.subject)
                if other != triple.subject:
                    against = Triple(other, triple.predicate, triple.object)  # type: ignore[arg-type]
                    yield Contradiction("GP224", triple, triple.subject, {"other": other}, against)

    def citations(self) -> Iterator[Contradiction]:
        """A cited sentence that names another city, and neither the one that the resource is about nor its country."""
        for triple in self._with(_SOURCE):
            parties = self._parties(triple.subject)
            texts = self._texts(triple.object)
            if not parties or not texts or not self._values(triple.object, _REQUIRES):
                continue  # a sentence that stands by itself may be about all of them
            named = {city for text in texts for city in self._named(text)}
            if named and named.isdisjoint(parties):
                yield Contradiction("GP225", triple, triple.object, {"city": min(named, key=str)})

    def _named(self, text: str) -> Iterator[object]:
        """The cities that a text names."""
        for word in _WORD.finditer(text):
            for name, before, city in self._names.get(word[0], ()):
                start = word.start() - before
                end = start + len(name)
                if start >= 0 and text.startswith(name, start) and not text[end : end + 1].isalnum():
                    yield city

    def _parties(self, node: object) -> set[object]:
        """The cities that a resource is about, but for those that all are about."""
        if _CITY in self._values(node, TYPE):
            return {node}
        cities = {*self._values(node, _GP + "party")}
        for partnership in (*self._values(node, _GP + "concerns"), *self._partnerships.get(node, ())):
            cities |= {*self._values(partnership, _GP + "party")}
        return cities

    @cached_property
    def _partnerships(self) -> Mapping[object, Sequence[object]]:
        """The partnerships of each agreement."""
        partnerships: dict[object, list[object]] = defaultdict(list)
        for triple in self._with(_GP + "agreement"):
            partnerships[triple.object].append(triple.subject)
        return partnerships

    @cached_property
    def _names(self) -> Mapping[str, Sequence[tuple[str, int, object]]]:
        """The names of cities, by the first word of each: with what number of characters stand before it, as in
        's-Hertogenbosch."""
        names: dict[str, list[tuple[str, int, object]]] = defaultdict(list)
        for triple in self._with(TYPE):
            if triple.object == _CITY:
                values = (value for name in _NAMES for value in self._values(triple.subject, name))
                for value in {value.value for value in values if isinstance(value, Literal)}:
                    if word := _WORD.search(value):
                        names[word[0]].append((value, word.start(), triple.subject))
        return names

    def silences(self) -> Iterator[Contradiction]:
        """A property that is stated of a resource, and said not to be."""
        for triple in self._with(_GP + "notStated"):
            predicate = triple.object
            if isinstance(predicate, NamedNode) and (values := self._values(triple.subject, predicate.value)):
                stated = Triple(triple.subject, predicate, values[0])  # type: ignore[arg-type]
                yield Contradiction("GP239", triple, predicate, {}, stated)

    def list_items(self) -> Iterator[Contradiction]:
        """A quotation that is neither a sentence nor a heading, without the sentence that it stands under."""
        for triple in self._with(_EXACT):
            kinds = [kind.value for kind in self._values(triple.subject, TYPE) if isinstance(kind, NamedNode)]
            is_heading = any(kind.startswith(PREFIXES["doco"]) for kind in kinds)
            text = triple.object
            if is_heading or not isinstance(text, Literal) or self._values(triple.subject, _REQUIRES):
                continue
            if not _SENTENCE_END.search(text.value):
                yield Contradiction("GP226", triple, triple.subject, {})
