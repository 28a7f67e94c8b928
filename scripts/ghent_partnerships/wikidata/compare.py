"""The partnerships of the graph beside the twinnings of Wikidata (P190), pair by pair of cities.

The twinnings that count are those of the home city, in either direction, and those between cities that the graph has
partnerships of.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..text import Text
from .declined import Declined
from .snapshot import UNKNOWN, Snapshot, Twinning
from .ties import Graph, Partnership

BOTH, HERE, THERE = "both", "here", "there"
STATES = (BOTH, HERE, THERE)
NO_ITEM, ONE_SIDED, DECLINED = "no-item", "one-sided", "declined"
SHARED, DEPRECATED, MOVED = "shared-item", "deprecated", "merged-item"
START_DIFFERS, START_MISSING, START_THERE = "start-differs", "start-missing", "start-there"
END_DIFFERS, END_MISSING, END_THERE = "end-differs", "end-missing", "end-there"
START_UNKNOWN, END_UNKNOWN = "start-unknown", "end-unknown"
UNREFERENCED = "reference-missing"


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
    between them here, the twinnings there, and in what the two differ. The home city comes first.

    ``deprecated`` are the twinnings that Wikidata takes for wrong, which are none of ``twinnings``."""

    items: tuple[str, str]
    cities: tuple[str, str]
    labels: tuple[Text, Text]
    partnerships: tuple[Partnership, ...]
    twinnings: tuple[Twinning, ...]
    deprecated: tuple[Twinning, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def state(self) -> str:
        """Which of the ``STATES`` it is in."""
        return (BOTH if self.twinnings else HERE) if self.partnerships else THERE

    def towards(self, subject: str) -> list[Twinning]:
        """The twinnings that stand at one of the two items."""
        return [twinning for twinning in self.twinnings if twinning.subject == subject]

    def starts(self) -> list[str]:
        """The beginnings of the partnerships here, in order."""
        return sorted({each.start for each in self.partnerships if each.start})

    def ends(self) -> list[str]:
        """Their ends, of which there is none where one of the partnerships goes on."""
        ends = {each.end for each in self.partnerships}
        return sorted(ends) if all(ends) else []


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
    shared = {number for number, cities in graph.cities_by_item(snapshot.current).items() if len(cities) > 1}
    found = ((pair, _differences(pair, declined, shared)) for pair in _pairs(graph, snapshot))
    pairs = [replace(pair, differences=tuple(differences)) for pair, differences in found]
    ordered = sorted(pairs, key=lambda pair: (STATES.index(pair.state), tuple(map(str, pair.labels)), pair.items))
    return Comparison(tuple(ordered), snapshot.retrieved, snapshot.source)


def _pairs(graph: Graph, snapshot: Snapshot) -> Iterator[Pair]:
    cities = {snapshot.current(tie.item): tie.iri for tie in reversed(graph.ties())}
    grouped: dict[frozenset[str], list[Partnership]] = {}
    for partnership in graph.partnerships():
        grouped.setdefault(frozenset(partnership.cities), []).append(partnership)
    twinnings: dict[frozenset[str], list[Twinning]] = {}
    for twinning in snapshot.twinnings:
        twinnings.setdefault(frozenset((twinning.subject, twinning.value)), []).append(twinning)
    here = set()
    for partnerships in grouped.values():
        first = partnerships[0]
        items = (snapshot.current(first.items[0]), snapshot.current(first.items[1]))
        labels = (graph.index.label(first.cities[0]), graph.index.label(first.cities[1]))
        here.add(key := frozenset(items))
        stated = twinnings.get(key, []) if all(items) else []
        yield _pair(items, first.cities, labels, stated, tuple(partnerships))
    home = snapshot.current(graph.home)
    for key in twinnings.keys() - here:
        stated = [twinning for twinning in twinnings[key] if not twinning.deprecated]
        if home in key and stated:
            other = next(iter(key - {home}), home)
            labels = (graph.index.label(graph.home_city), _label(other, cities, graph, snapshot))
            yield _pair((home, other), (graph.home_city, cities.get(other, "")), labels, stated)


def _pair(
    items: tuple[str, str],
    cities: tuple[str, str],
    labels: tuple[Text, Text],
    stated: Iterable[Twinning],
    partnerships: tuple[Partnership, ...] = (),
) -> Pair:
    """A pair of which all this is stated at Wikidata."""
    right, wrong = (tuple(each for each in stated if each.deprecated is deprecated) for deprecated in (False, True))
    return Pair(items, cities, labels, partnerships, right, wrong)


def _label(number: str, cities: Mapping[str, str], graph: Graph, snapshot: Snapshot) -> Text:
    return graph.index.label(cities[number]) if number in cities else snapshot.label(number)


def _differences(pair: Pair, declined: Declined, shared: Container[str]) -> Iterator[Difference]:
    if not all(pair.items):
        yield Difference(NO_ITEM)
        return
    if declined.has(*pair.items):
        yield Difference(DECLINED)
    yield from (Difference(SHARED, at=number) for number in dict.fromkeys(pair.items) if number in shared)
    wrong = {twinning.subject for twinning in pair.deprecated}
    for subject in pair.items:
        stated = pair.towards(subject)
        if subject in wrong:
            yield Difference(DEPRECATED, at=subject)
        if not stated:
            if pair.twinnings and subject not in wrong:
                yield Difference(ONE_SIDED, at=subject)
            continue
        if any(twinning.moved for twinning in stated):
            yield Difference(MOVED, at=subject)
        if pair.partnerships:
            starts, ends = ({day for each in stated for day in getattr(each, name)} for name in ("starts", "ends"))
            kinds = START_DIFFERS, START_MISSING, START_THERE, START_UNKNOWN
            yield from _dates(pair.starts(), starts, kinds, subject)
            yield from _dates(pair.ends(), ends, (END_DIFFERS, END_MISSING, END_THERE, END_UNKNOWN), subject)
        if not any(twinning.references for twinning in stated):
            yield Difference(UNREFERENCED, at=subject)


def _dates(
    here: Sequence[str], there: Iterable[str], kinds: tuple[str, str, str, str], at: str
) -> Iterator[Difference]:
    """In what dates here differ from those there: others, none there, none here, or said to be unknown there."""
    differs, missing, only_there, unknown = kinds
    known = sorted({*there} - {UNKNOWN})
    mine, theirs = ", ".join(here), ", ".join(known)
    if mine and theirs:
        if not any(_same(day, other) for day in here for other in known):
            yield Difference(differs, mine, theirs, at)
    elif mine and UNKNOWN in there:
        yield Difference(unknown, mine, "", at)
    elif mine or theirs:
        yield Difference(missing if mine else only_there, mine, theirs, at)


def _same(here: str, there: str) -> bool:
    """Whether two dates agree as far as both are known."""
    length = min(len(here), len(there.rstrip("X")))
    return here[:length] == there[:length]
