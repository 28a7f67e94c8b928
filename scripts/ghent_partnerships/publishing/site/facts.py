"""What a page says of a resource: its facts, those that rest on the same beside it, and where else it is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from ...rdf.index import GraphIndex, elsewhere
from ...rdf.namespaces import GP, expand
from ...rdf.turtle import FIRST, TYPE, XSD, Node, collection, references
from ...text import Text
from ..addresses import Addresses
from ..catalogue.authorities import language_name
from .evidence import Evidence, Evidences

MOST = 100  # of the resources that name another by one property, so many are listed
_NOT_STATED, _SOURCE = expand("gp:notStated"), expand("dcterms:source")
_NAMES = tuple(map(expand, ("rdfs:label", "skos:prefLabel", "skos:altLabel", "dcterms:title")))
_FIRST = tuple(  # the order of the properties, before all others
    map(
        expand,
        (
            "skos:definition",
            "gp:concerns",
            "gp:reasoning",
            "dcterms:type",
            "gp:kind",
            "gp:party",
            "gp:startYear",
            "gp:concludedYear",
            "gp:endYear",
            "gp:notStated",
            "gp:agreement",
            "gp:instrument",
            "gp:country",
            "gp:countryAsStated",
            "gp:nameAsStated",
        ),
    )
)
_LAST = (*_NAMES, *map(expand, ("schema:position", "geo:lat", "geo:long", "owl:sameAs", "schema:sameAs")))
_DEEPEST = 10  # blank nodes in one another that a page shows
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


@dataclass(frozen=True)
class Value:
    """A value as it is shown: its text, the page or the address it leads to, and of a text its language; of a blank
    node what is said of it, or the entries of a list."""

    text: Text
    title: str = ""
    page: tuple[str, str] | None = None
    address: str | None = None
    language: str = ""
    facts: tuple[Fact, ...] = ()
    entries: tuple[Value, ...] = ()

    @property
    def speech(self) -> Text:
        """What the language of the text is called."""
        return language_name(self.language)

    @property
    def direction(self) -> str:
        """In which direction the text is written, where its language says so."""
        return "rtl" if self.language.partition("-")[0] in _RIGHT_TO_LEFT else "auto"


_UNNAMED = Value(Text("…"))


@dataclass(frozen=True)
class Fact:
    """The values of a property. ``names`` tells those that are worth reading in every language."""

    predicate: str
    label: Text
    page: tuple[str, str] | None
    values: tuple[Value, ...]
    names: bool = False
    silent: bool = False  # the source does not state it

    def spoken(self, language: str) -> Sequence[Value]:
        """The values for readers of a language: in it, if some are, and those in no language."""
        if self.names or not any(value.language == language for value in self.values):
            return self.values
        return [value for value in self.values if value.language in ("", language)]


@dataclass(frozen=True)
class Group:
    """Facts that rest on the same."""

    facts: tuple[Fact, ...]
    evidence: Evidence

    @property
    def inferred(self) -> bool:
        """Whether we conclude what the facts say."""
        return bool(self.evidence.conclusions)


@dataclass(frozen=True)
class Mentions:
    """What names a resource by one property: as many as are listed, and how many there are."""

    predicate: str
    label: Text
    by: tuple[Value, ...]
    count: int


class ResourceFacts:
    """Describes resources."""

    def __init__(self, graph_index: GraphIndex, evidences: Evidences, addresses: Addresses) -> None:
        self.graph_index, self.evidences, self.addresses = graph_index, evidences, addresses
        self._shown: dict[tuple[str, ...], Evidence] = {}

    def groups(self, iri: str) -> list[Group]:
        """The facts about a resource, in groups that rest on the same."""
        groups: dict[tuple[str, ...], list[Fact]] = {}
        for fact, predicate in self._facts(NamedNode(iri), 0, set()):
            groups.setdefault(self.evidences.of(iri, predicate), []).append(fact)
        return [Group(tuple(facts), self._evidence(sources)) for sources, facts in groups.items()]

    def mentions(self, iri: str) -> list[Mentions]:
        """What names a resource, by the property."""
        found = []
        for predicate, subjects in self.graph_index.mentions.get(iri, {}).items():
            named = sorted(s for s in set(subjects) if "#" not in s and self.addresses.document(s) is not None)
            if named and predicate != TYPE:
                listed = sorted(
                    map(self.reference, named[:MOST]), key=lambda value: (str(value.text).casefold(), value.title)
                )
                found.append(Mentions(predicate, self.graph_index.label(predicate), tuple(listed), len(named)))
        return sorted(
            found,
            key=lambda mentions: (mentions.predicate != expand("dcterms:hasPart"), mentions.label, mentions.predicate),
        )

    def reference(self, iri: str) -> Value:
        """A link to a resource by its name."""
        address = None if self.addresses.home(iri) else elsewhere(iri)
        return Value(self.graph_index.label(iri), self.graph_index.compress(iri), self._page(iri), address)

    def value(self, value: Node | Literal) -> Value:
        """A value as it is shown."""
        if isinstance(value, NamedNode):
            return self.reference(value.value)
        if isinstance(value, BlankNode):
            return _UNNAMED
        text = value.value
        if value.datatype.value == XSD + "anyURI":
            return Value(Text(text), address=elsewhere(text))
        return Value(Text(text), language=value.language or "")

    @cached_property
    def _references(self) -> Mapping[BlankNode, int]:
        return references(self.graph_index.about)

    def _nested(self, value: Node | Literal, depth: int, shown: set[BlankNode]) -> Value:
        """A value as it is shown on a page, which shows once what is said of a blank node."""
        if not isinstance(value, BlankNode) or value in shown or depth > _DEEPEST:
            return self.value(value)
        shown.add(value)
        about = self.graph_index.about
        if cells := collection(value, about, self._references):
            entries = (self._nested(about[cell][FIRST][0], depth + 1, shown) for cell in cells)
            return replace(_UNNAMED, entries=tuple(entries))
        facts = (fact for fact, _predicate in self._facts(value, depth + 1, shown))
        return replace(_UNNAMED, facts=tuple(facts))

    def _facts(self, node: Node, depth: int, shown: set[BlankNode]) -> Iterator[tuple[Fact, str]]:
        """The facts, each with the property that its evidence is of."""
        about = self.graph_index.about.get(node, {})
        for predicate in sorted(about, key=self._rank):
            values = tuple(self._nested(value, depth, shown) for value in sorted(about[predicate], key=_order))
            if predicate == _NOT_STATED:
                for value in values:
                    yield Fact(predicate, value.text, value.page, (), silent=True), predicate
            elif predicate not in (TYPE, _SOURCE) or (predicate == TYPE and isinstance(node, BlankNode)):
                label, page = self.graph_index.label(predicate), self._page(predicate)
                yield Fact(predicate, label, page, values, names=predicate in _NAMES), predicate

    def _page(self, iri: str) -> tuple[str, str] | None:
        """The page about an IRI of the project, if it has one: a term or a resource that has statements."""
        found = self.addresses.home(iri)
        return found if found and (iri.startswith(GP) or self.graph_index.of(iri)) else None

    def _rank(self, predicate: str) -> tuple[int, str, str]:
        if predicate in _FIRST:
            return _FIRST.index(predicate), "", predicate
        last = len(_FIRST) + 1 + (_LAST.index(predicate) + 1 if predicate in _LAST else 0)
        return last, str(self.graph_index.label(predicate)).casefold(), predicate

    def _evidence(self, sources: tuple[str, ...]) -> Evidence:
        if sources not in self._shown:
            self._shown[sources] = self.evidences.shown(sources)
        return self._shown[sources]


def _order(value: Node | Literal) -> tuple[str, str]:
    """By language, then by the text."""
    return (getattr(value, "language", None) or "", str(value))
