"""What a page says of a resource: its facts, those that rest on the same beside it, and where else it is named."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from ...project.evidence import Evidence, Evidences
from ...rdf.index import GraphIndex, elsewhere
from ...rdf.namespaces import GP, expand
from ...rdf.turtle import FIRST, TYPE, XSD, Node, collection, references
from ...text import Text
from ...translation import message as _
from ..addresses import Addresses
from ..catalogue.authorities import language_name

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
_AS_STATED = {  # what the source says itself, beside the normal form of it
    expand("gp:country"): expand("gp:countryAsStated"),
    expand("rdfs:label"): expand("gp:nameAsStated"),
}
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
    """The values of a property. ``names`` tells those that are worth reading in every language; ``stated`` is what the
    source says itself, where the values are the normal form of that, and ``also`` the sources that they rest on beside
    those that the group is shown with."""

    predicate: str
    label: Text
    page: tuple[str, str] | None
    values: tuple[Value, ...]
    names: bool = False
    silent: bool = False  # the source does not state it
    stated: tuple[Value, ...] = ()
    also: tuple[Value, ...] = ()

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
        for fact, predicates in self._facts(NamedNode(iri), 0, set()):
            sources = dict.fromkeys(source for predicate in predicates for source in self.evidences.of(iri, predicate))
            read = tuple(filter(self.evidences.is_read, sources))  # what is quoted once for all that rests on it
            also = tuple(self.reference(source) for source in sources if source not in read) if read else ()
            groups.setdefault(read or tuple(sources), []).append(replace(fact, also=also))
        return [Group(tuple(facts), self._evidence(sources)) for sources, facts in groups.items()]

    def mentions(self, iri: str, shown: Collection[str] = ()) -> list[Mentions]:
        """What names a resource, by the property; those properties are left out of which the page has ``shown`` it."""
        found = []
        for predicate, subjects in self.graph_index.mentions.get(iri, {}).items():
            if predicate in shown:
                continue
            named = sorted(s for s in set(subjects) if "#" not in s and self.addresses.document(s) is not None)
            if named and predicate != TYPE:
                listed = sorted(
                    map(self.reference, named[:MOST]), key=lambda value: (str(value.text).casefold(), value.title)
                )
                found.append(Mentions(predicate, self._inverse(predicate), tuple(listed), len(named)))
        return sorted(
            found,
            key=lambda mentions: (mentions.predicate != expand("dcterms:hasPart"), mentions.label, mentions.predicate),
        )

    def names(self, iri: str) -> list[Value]:
        """The names of a resource with their languages."""
        found = {value: None for name in _NAMES for value in self._values(NamedNode(iri), name) if value.language}
        return list(found)

    def resting(self, fragment: str) -> list[Value]:
        """What rests on a sentence: the resources that give it as their source, partnerships and cities first."""
        iris = {
            iri
            for iri in self.graph_index.mentions.get(fragment, {}).get(_SOURCE, ())
            if "#" not in iri and self.addresses.document(iri) is not None
        }
        order = {expand(name): number for number, name in enumerate(("gp:Partnership", "gp:City", "gp:Agreement"))}
        ranked = sorted(iris, key=lambda iri: (order.get(self.graph_index.type(iri) or "", len(order)), iri))
        return [self.reference(iri) for iri in ranked[:MOST]]

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
        facts = (fact for fact, _predicates in self._facts(value, depth + 1, shown))
        return replace(_UNNAMED, facts=tuple(facts))

    def _facts(self, node: Node, depth: int, shown: set[BlankNode]) -> Iterator[tuple[Fact, tuple[str, ...]]]:
        """The facts, each with the properties that its evidence is of."""
        about = self.graph_index.about.get(node, {})
        beside = {stated for normal, stated in _AS_STATED.items() if normal in about}
        for predicate in sorted(about, key=self._rank):
            if predicate in beside:
                continue
            values = tuple(self._nested(value, depth, shown) for value in sorted(about[predicate], key=_order))
            if predicate == _NOT_STATED:
                for value in values:
                    yield Fact(predicate, value.text, value.page, (), silent=True), (predicate,)
            elif predicate not in (TYPE, _SOURCE) or (predicate == TYPE and isinstance(node, BlankNode)):
                label, page = self.graph_index.label(predicate), self._page(predicate)
                stated = _AS_STATED.get(predicate, "")
                found = self._values(node, stated)
                fact = Fact(predicate, label, page, values, names=predicate in _NAMES, stated=found)
                yield fact, (stated, predicate) if found else (predicate,)

    def _values(self, node: Node, predicate: str) -> tuple[Value, ...]:
        found = self.graph_index.about.get(node, {}).get(predicate, ())
        return tuple(self.value(value) for value in sorted(found, key=_order))

    def _inverse(self, predicate: str) -> Text:
        """What a resource is to those that name it by a property."""
        label = self.graph_index.inverse_label(predicate)
        return label or _("named as “{property}” by", property=self.graph_index.label(predicate))

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
