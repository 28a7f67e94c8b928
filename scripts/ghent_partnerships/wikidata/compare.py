"""The partnerships of the graph beside the twinnings of Wikidata (P190), pair by pair of cities.

The twinnings that count are those of the home city, in either direction, and those between cities that the graph has
partnerships of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..text import Text
from .declined import Declined
from .snapshot import Snapshot, Twinning
from .ties import Graph, Partnership

BOTH, HERE, THERE = "both", "here", "there"
STATES = (BOTH, HERE, THERE)
NO_ITEM, ONE_SIDED, DECLINED = "no-item", "one-sided", "declined"
START_DIFFERS, START_MISSING, START_THERE = "start-differs", "start-missing", "start-there"
END_DIFFERS, END_MISSING, END_THERE = "end-differs", "end-missing", "end-there"
UNREFERENCED = "reference-missing"
_STARTS, _ENDS = ("gp:startYear", "schema:startDate"), ("gp:endYear", "schema:endDate")
_YEAR = 4  # characters
_FIRST_DAY = "-01-01"  # also how Wikidata's RDF writes what is known to the year alone


@dataclass(frozen=True)
class Difference:
    """In what the graph and Wikidata differ about a pair (``kind``), what is ``here`` and what is ``there``, and the
    item whose page at Wikidata it is about; each is empty where it does not apply."""

    kind: str
    here: str = ""
    there: str = ""
    at: str = ""


@dataclass(frozen=True)
class Pair:
    """Two cities: their items and IRIs, each empty where the graph knows none, and their labels; the partnerships
    between them here, the twinnings there, and in what the two differ. The home city comes first."""

    items: tuple[str, str]
    cities: tuple[str, str]
    labels: tuple[Text, Text]
    partnerships: tuple[Partnership, ...]
    twinnings: tuple[Twinning, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def state(self) -> str:
        """Which of the ``STATES`` it is in."""
        return (BOTH if self.twinnings else HERE) if self.partnerships else THERE

    def towards(self, subject: str) -> list[Twinning]:
        """The twinnings that stand at one of the two items."""
        return [twinning for twinning in self.twinnings if twinning.subject == subject]

    def start(self, *, stated: bool = False) -> str:
        """The earliest beginning here, or only of those that are ``stated`` and not inferred; empty without any."""
        starts = (each.start for each in self.partnerships if not (stated and _inferred(each, _STARTS)))
        return min(filter(None, starts), default="")

    def end(self, *, stated: bool = False) -> str:
        """The latest end here, likewise; empty where one of the partnerships has none."""
        ends = [each.end for each in self.partnerships if not (stated and _inferred(each, _ENDS))]
        return max(ends) if ends and all(ends) and len(ends) == len(self.partnerships) else ""


@dataclass(frozen=True)
class Comparison:
    """The pairs, in order of their states and labels, and the day and the address of the snapshot."""

    pairs: tuple[Pair, ...]
    retrieved: str
    source: str

    def of(self, state: str) -> list[Pair]:
        """The pairs in one of the ``STATES``."""
        return [pair for pair in self.pairs if pair.state == state]


def compared(graph: Graph, snapshot: Snapshot, declined: Declined) -> Comparison:
    """Hold the partnerships of a graph against a snapshot."""
    pairs = [replace(pair, differences=tuple(_differences(pair, declined))) for pair in _pairs(graph, snapshot)]
    ordered = sorted(pairs, key=lambda pair: (STATES.index(pair.state), tuple(map(str, pair.labels)), pair.items))
    return Comparison(tuple(ordered), snapshot.retrieved, snapshot.source)


def _pairs(graph: Graph, snapshot: Snapshot) -> Iterator[Pair]:
    cities = {snapshot.merged_with(tie.item) or tie.item: tie.iri for tie in reversed(graph.ties())}
    grouped: dict[frozenset[str], list[Partnership]] = {}
    for partnership in graph.partnerships():
        items = [snapshot.merged_with(number) or number for number in partnership.items]
        of_both = frozenset(items if all(items) else partnership.cities)
        grouped.setdefault(of_both, []).append(partnership)
    twinnings: dict[frozenset[str], list[Twinning]] = {}
    home = snapshot.merged_with(graph.home) or graph.home
    for twinning in snapshot.twinnings:
        key = frozenset((twinning.subject, twinning.value))
        if key in grouped or home in key:
            twinnings.setdefault(key, []).append(twinning)
    for key, partnerships in grouped.items():
        first = partnerships[0]
        merged = [snapshot.merged_with(number) or number for number in first.items]
        labels = (graph.index.label(first.cities[0]), graph.index.label(first.cities[1]))
        found = tuple(twinnings.pop(key, ()))
        yield Pair((merged[0], merged[1]), first.cities, labels, tuple(partnerships), found)
    for found_there in twinnings.values():
        first_there = found_there[0]
        other = first_there.value if first_there.subject == home else first_there.subject
        yield Pair(
            (home, other),
            (graph.home_city, cities.get(other, "")),
            (graph.index.label(graph.home_city), _label(other, cities, graph, snapshot)),
            (),
            tuple(found_there),
        )


def _label(number: str, cities: Mapping[str, str], graph: Graph, snapshot: Snapshot) -> Text:
    return graph.index.label(cities[number]) if number in cities else snapshot.label(number)


def _differences(pair: Pair, declined: Declined) -> Iterator[Difference]:
    if not all(pair.items):
        yield Difference(NO_ITEM)
        return
    if declined.has(*pair.items):
        yield Difference(DECLINED)
    for subject in pair.items if pair.twinnings else ():
        stated = pair.towards(subject)
        if not stated:
            yield Difference(ONE_SIDED, at=subject)
            continue
        if pair.partnerships:
            starts, ends = ({day for each in stated for day in getattr(each, name)} for name in ("starts", "ends"))
            yield from _dates(pair.start(), starts, (START_DIFFERS, START_MISSING, START_THERE), subject)
            yield from _dates(pair.end(), ends, (END_DIFFERS, END_MISSING, END_THERE), subject)
        if not any(twinning.references for twinning in stated):
            yield Difference(UNREFERENCED, at=subject)


def _dates(here: str, there: Iterable[str], kinds: tuple[str, str, str], at: str) -> Iterator[Difference]:
    """In what a date here differs from those there: another, none there, or none here."""
    differs, missing, only_there = kinds
    written = ", ".join(sorted(map(_shortened, there)))
    if here and written:
        if not any(_same(here, day) for day in there):
            yield Difference(differs, here, written, at)
    elif here or written:
        yield Difference(missing if here else only_there, here, written, at)


def _same(here: str, there: str) -> bool:
    """Whether two dates agree as far as both are known: the first of January stands for a year as well."""
    known = there[:_YEAR] if there.endswith(_FIRST_DAY) else there
    length = min(len(here), len(known))
    return here[:length] == known[:length]


def _shortened(day: str) -> str:
    return day[:_YEAR] if day.endswith(_FIRST_DAY) else day


def _inferred(partnership: Partnership, names: Iterable[str]) -> bool:
    return not partnership.inferred.isdisjoint(names)
