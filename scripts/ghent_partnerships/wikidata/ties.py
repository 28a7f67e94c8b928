"""Which of the graph's resources stand for which items of Wikidata, and which partnerships are between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..project.evidence import Evidences
from ..project.graph import triples
from ..project.project import Project
from ..rdf.index import GraphIndex
from ..rdf.namespaces import expand
from ..text import Text
from .terms import item

CITY, CANDIDATE, COUNTRY = "gp:City", "gp:Candidate", "schema:Country"
STARTS, ENDS = ("gp:startYear", "schema:startDate"), ("gp:endYear", "schema:endDate")
_READ = "http://purl.org/pav/retrievedOn"  # https://pav-ontology.github.io/pav/
_PARTIES = 2


@dataclass(frozen=True, order=True)
class Tie:
    """A resource, the item that it is the same as, and its class: ``CITY``, ``CANDIDATE`` or ``COUNTRY``."""

    iri: str
    item: str
    kind: str


@dataclass(frozen=True)
class Source:
    """A document that a statement comes from: its address, the day on which it was read and the item that it has at
    Wikidata, each empty where none is stated."""

    url: str
    retrieved: str = ""
    item: str = ""


@dataclass(frozen=True)
class Partnership:
    """A partnership of the graph between two cities, each with its item, which is empty where the graph knows none.

    ``start`` and ``end`` are years or days as ISO 8601 has them, empty where none is stated; ``inferred`` are the names
    of those properties (``gp:party``, ``gp:kind`` …) that the graph has by an inference of its own alone."""

    iri: str
    label: Text
    cities: tuple[str, str]
    items: tuple[str, str]
    start: str
    end: str
    inferred: frozenset[str]
    sources: tuple[Source, ...]


class Graph:
    """The graph of a project, as it is tied to Wikidata, and its home city, which is empty where none is stated."""

    def __init__(self, index: GraphIndex, project: Project) -> None:
        """Of an index of all its statements."""
        self.index, self.home_city = index, project.data_set.home_city
        self._evidences = Evidences(index)

    def ties(self) -> list[Tie]:
        """Every resource that is the same as an item, in order."""
        return [
            Tie(iri, number, kind)
            for kind in (CITY, CANDIDATE, COUNTRY)
            for iri in self.index.instances(kind)
            for number in self._items(iri)
        ]

    def cities_by_item(self, current: Callable[[str], str]) -> dict[str, set[str]]:
        """The cities that are the same as each item, by what that item is today."""
        found: dict[str, set[str]] = {}
        for tie in self.ties():
            if tie.kind == CITY:
                found.setdefault(current(tie.item), set()).add(tie.iri)
        return found

    @property
    def home(self) -> str:
        """The item of the home city; empty where it has none."""
        return next(iter(self._items(self.home_city)), "")

    def partnerships(self) -> list[Partnership]:
        """The partnerships between two cities, in order."""
        found = []
        for iri in self.index.instances("gp:Partnership"):
            cities = self.index.iris(iri, "gp:party")
            if len(cities) == _PARTIES:
                found.append(self._partnership(iri, (cities[0], cities[1])))
        return found

    def _partnership(self, iri: str, cities: tuple[str, str]) -> Partnership:
        if cities[1] == self.home_city:
            cities = (cities[1], cities[0])
        items = [next(iter(self._items(city)), "") for city in cities]
        start, end = (
            next(filter(None, (self.index.text(iri, name) for name in names)), "") for names in (STARTS, ENDS)
        )
        inferred = {name for name in ("gp:party", "gp:kind", *STARTS, *ENDS) if self._is_inferred(iri, name)}
        identified = {"owl:sameAs" for city in cities if self._is_inferred(city, "owl:sameAs")}
        return Partnership(
            iri,
            self.index.label(iri),
            cities,
            (items[0], items[1]),
            start,
            end,
            frozenset(inferred | identified),
            tuple(self._sources(iri)),
        )

    def _items(self, iri: str) -> list[str]:
        return list(filter(None, map(item, self.index.iris(iri, "owl:sameAs"))))

    def _is_inferred(self, iri: str, name: str) -> bool:
        """Whether a property rests on a conclusion of the project."""
        return any(
            self.index.type(source) == expand("gp:Inference") for source in self._evidences.of(iri, expand(name))
        )

    def _sources(self, iri: str) -> Iterable[Source]:
        """The documents that a partnership is stated in, by the sentences that it cites or by themselves."""
        documents: dict[str, None] = {}
        for source in self.index.iris(iri, "dcterms:source"):
            if self.index.type(source) != expand("gp:Inference"):
                documents |= dict.fromkeys(self.index.iris(source, "dcterms:isPartOf") or [source])
        for document in documents:
            if url := self.index.text(document, "schema:url"):
                read = self.index.text(document, _READ) or ""
                yield Source(url, read, next(iter(self._items(document)), ""))


def graph_of(project: Project) -> Graph:
    """Return the graph of a project.

    Raises:
        InvalidError: a file has a syntax or encoding error or holds no triple.
        UsageError: a file is missing or unreadable.
    """
    return Graph(GraphIndex(triples(project.graph_files()), project.prefixes), project)
