"""The snapshot of Wikidata: what it says of the items that the graph links to, in its own RDF, as of a day.

It is a graph of its own, ``data/wikidata.ttl``, which ``remote.wikidata`` fetches and nobody edits; it is no part of
the graph of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode, Triple

from ..errors import InvalidError, UsageError
from ..files import shown
from ..project.coordinates import Position, position
from ..project.project import Project
from ..rdf.index import GraphIndex
from ..rdf.parse import parse
from ..rdf.turtle import TYPE as A
from ..rdf.turtle import by_subject, serialize
from ..text import Text
from ..translation import message as _
from . import terms
from .terms import iri, item

UNKNOWN = "?"  # a beginning or an end of which Wikidata says that nobody knows it
_POINT = re.compile(r"Point\((?P<east>\S+) (?P<north>\S+)\)", re.IGNORECASE)
_PRECISIONS = {"11": "{0:.10}", "10": "{0:.7}", "9": "{0:.4}", "8": "{0:.3}X", "7": "{0:.2}XX"}
_FIRST_DAY = "-01-01"  # how Wikidata's RDF writes what is known to the year alone
_FILE = re.compile(r"https?://commons\.wikimedia\.org/wiki/Special:FilePath/(?P<name>[^?#]+)")


@dataclass(frozen=True, order=True)
class Reference:
    """What a statement at Wikidata rests on: addresses, the day on which they were read, and items."""

    urls: tuple[str, ...] = ()
    retrieved: tuple[str, ...] = ()
    stated_in: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Twinning:
    """A statement at Wikidata by which an item is twinned with another (P190), with the beginnings and ends that it
    states, and its references.

    A beginning or end is a day, month, year, decade (``197X``) or century (``19XX``), as far as it is known, or
    ``UNKNOWN``. ``deprecated`` is what Wikidata takes for wrong, ``moved`` a statement that names a number of before a
    merger: ``subject`` and ``value`` are always those of today."""

    subject: str
    value: str
    node: str
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    deprecated: bool = False
    moved: bool = False


@dataclass(frozen=True)
class Population:
    """How many people live in a city, and as of which day; the day is empty where Wikidata has none."""

    number: int
    day: str


class Snapshot:
    """What is known of items, each by its number, like ``Q1296``."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._index = GraphIndex(triples, terms.PREFIXES)
        self._about = next(iter(self._index.instances("dcat:Dataset")), "")

    @property
    def retrieved(self) -> str:
        """The day as of which it is, like ``2026-11-29``."""
        return self._index.text(self._about, "dcterms:created") or ""

    @property
    def source(self) -> str:
        """The address that it was fetched from."""
        return next(iter(self._index.iris(self._about, "dcterms:source")), "")

    @cached_property
    def asked(self) -> frozenset[str]:
        """The items that were asked for: of those that it knows nothing of, Wikidata has none."""
        return frozenset(map(item, self._index.iris(self._about, "schema:about")))

    def knows(self, number: str) -> bool:
        """Whether Wikidata has the item, or has merged it with another."""
        return bool(self._index.of(iri(f"wd:{number}")))

    def merged_with(self, number: str) -> str:
        """The item that an item was merged with and now leads to; empty where it stands for itself."""
        return next(filter(None, map(item, self._index.iris(iri(f"wd:{number}"), "owl:sameAs"))), "")

    def current(self, number: str) -> str:
        """The item that an item is today: itself, or that which it was merged with."""
        return self.merged_with(number) or number

    def label(self, number: str) -> Text:
        """What the item is called, in each language; its number where it has no label here."""
        labels = dict(self._index.texts(iri(f"wd:{number}"), "rdfs:label"))
        multilingual = labels.pop(terms.MULTILINGUAL, "")
        return Text(labels | ({"": multilingual} if multilingual else {}) or number)

    def names(self, number: str, language: str) -> set[str]:
        """The label and the other names of an item in a language, with those for all languages; none where it has no
        label in either."""
        entity = iri(f"wd:{number}")
        labels, others = (
            {
                value.value
                for value in self._index.objects(entity, name)
                if isinstance(value, Literal) and value.language in (language, terms.MULTILINGUAL)
            }
            for name in ("rdfs:label", "skos:altLabel")
        )
        return labels | others if labels else set()

    def items(self, number: str, name: str) -> list[str]:
        """The items that are the best values of a property, like ``P17``."""
        return list(filter(None, map(item, self._index.iris(iri(f"wd:{number}"), iri(f"wdt:{name}")))))

    def classes(self, number: str) -> set[str]:
        """The classes of an item and the wider ones that were asked about."""
        types = self.items(number, terms.TYPE)
        wider = {item(entity) for each in types for entity in self._index.iris(iri(f"wd:{each}"), "rdfs:subClassOf")}
        return {*types, *wider}

    def place(self, number: str) -> Position | None:
        """Where the item lies on Earth, as longitude and latitude; None where that is not known."""
        points = self._index.objects(iri(f"wd:{number}"), iri(f"wdt:{terms.PLACE}"))
        matches = (_POINT.fullmatch(point.value) for point in sorted(points, key=str) if isinstance(point, Literal))
        places = (position(match["east"], match["north"]) for match in matches if match)
        return next(filter(None, places), None)

    def population(self, number: str) -> Population | None:
        """The best of its populations, of these the latest; None without any."""
        found = []
        for node in self._index.iris(iri(f"wd:{number}"), iri(f"p:{terms.POPULATION}")):
            value = self._index.text(node, iri(f"ps:{terms.POPULATION}")) or ""
            if value.removeprefix("+").isdecimal():
                days = self._days(node, f"pq:{terms.MOMENT}")
                found.append((days[-1] if days else "", int(value)))
        day, number_of_people = max(found, default=("", None))
        return None if number_of_people is None else Population(number_of_people, day)

    def image_page(self, number: str) -> str:
        """The address of the page at Wikimedia Commons about a picture of the item; empty where there is none."""
        pictures = self._index.iris(iri(f"wd:{number}"), iri(f"wdt:{terms.IMAGE}"))
        names = (match["name"] for match in map(_FILE.fullmatch, pictures) if match)
        written = (quote(unquote(name).replace(" ", "_"), safe="()!*,:@") for name in names)
        return next((f"https://commons.wikimedia.org/wiki/File:{name}" for name in written), "")

    @cached_property
    def twinnings(self) -> tuple[Twinning, ...]:
        """All statements of twinning, in order."""
        return tuple(sorted(self._twinnings()))

    def _twinnings(self) -> Iterator[Twinning]:
        states, valued = iri(f"p:{terms.TWINNED}"), iri(f"ps:{terms.TWINNED}")
        for subject, about in self._index.about.items():
            number = item(subject.value)
            for node in about.get(states, ()) if number else ():
                assert isinstance(node, NamedNode)
                for value in filter(None, map(item, self._index.iris(node.value, valued))):
                    references = sorted(map(self._reference, self._index.iris(node.value, "prov:wasDerivedFrom")))
                    now = self.current(number), self.current(value)
                    yield Twinning(
                        *now,
                        node.value,
                        self._dates(node.value, terms.START),
                        self._dates(node.value, terms.END),
                        tuple(references),
                        deprecated=bool(self._index.iris(node.value, iri("wikibase:rank"))),
                        moved=now != (number, value),
                    )

    def _dates(self, node: str, name: str) -> tuple[str, ...]:
        """The dates that a statement has for a qualifier, as far as they are known."""
        known = {
            self._index.text(value, iri("wikibase:timeValue")): self._index.text(value, iri("wikibase:timePrecision"))
            for value in self._index.iris(node, iri(f"pqv:{name}"))
        }
        unknown = [UNKNOWN for value in self._index.iris(node, iri(f"pq:{name}")) if value.startswith(terms.UNKNOWN)]
        values = (value for value in self._index.objects(node, iri(f"pq:{name}")) if isinstance(value, Literal))
        return tuple(sorted([*(_dated(value.value, known.get(value.value) or "") for value in values), *unknown[:1]]))

    def _reference(self, node: str) -> Reference:
        urls = self._index.iris(node, iri(f"pr:{terms.URL}"))
        items = filter(None, map(item, self._index.iris(node, iri(f"pr:{terms.STATED_IN}"))))
        return Reference(tuple(urls), self._days(node, f"pr:{terms.RETRIEVED}"), tuple(items))

    def _days(self, node: str, name: str) -> tuple[str, ...]:
        values = (value for value in self._index.objects(node, iri(name)) if isinstance(value, Literal))
        return tuple(sorted(value.value.partition("T")[0].removeprefix("+") for value in values))


def _dated(time: str, precision: str) -> str:
    """A time as far as it is known; without a precision, the first of January stands for the year."""
    day = time.partition("T")[0].removeprefix("+")
    if not precision:
        return day.removesuffix(_FIRST_DAY)
    return _PRECISIONS.get(precision, "{0:.10}").format(day)


def graph_name(project: Project) -> str:
    """The IRI of the snapshot of a project, which is that of its graph and of the data set that it is."""
    return f"{project.id}dataset/{terms.SNAPSHOT}"


def read_snapshot(project: Project) -> Snapshot:
    """Return the snapshot of a project.

    Raises:
        UsageError: it has none yet, or its file cannot be read.
        InvalidError: the file has a syntax error.
    """
    file = project.snapshot_file
    if not file.is_file():
        raise UsageError(
            _(
                "{path}: there is no snapshot of Wikidata yet; fetch it with: {command}",
                path=shown(file),
                command="ghent-partnerships wikidata refresh",
            )
        )
    document = parse(file)
    if document.findings:
        raise InvalidError(document.findings)
    return Snapshot(document.triples)


def written(triples: Iterable[Triple], name: str, source: str, day: str, asked: Iterable[str]) -> bytes:
    """The file of a snapshot: its triples, and of the data set, whose IRI is the ``name``, from which address and on
    which ``day`` it was fetched, and for which items.

    Raises:
        UnwritableError: a term cannot be written in Turtle.
    """
    about: list[tuple[str, NamedNode | Literal]] = [
        (A, NamedNode(iri("dcat:Dataset"))),
        (iri("dcterms:created"), Literal(day, datatype=NamedNode(iri("xsd:date")))),
        (iri("dcterms:license"), NamedNode(terms.LICENCE)),
        (iri("dcterms:source"), NamedNode(source)),
        *((iri("schema:about"), NamedNode(iri(f"wd:{number}"))) for number in sorted(asked)),
    ]
    described = [Triple(NamedNode(name), NamedNode(predicate), value) for predicate, value in about]
    return serialize(by_subject(dict.fromkeys([*described, *triples])), terms.PREFIXES).encode()
