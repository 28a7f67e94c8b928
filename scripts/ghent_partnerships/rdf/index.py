"""The graph as pages need it: forwards and backwards, with the label of everything in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as read

from ..text import NO_LANGUAGE, NO_TEXT, Text
from .namespaces import GP, PREFIXES, expand
from .turtle import TYPE, About, Node, by_subject

_LABELS = ("rdfs:label", "skos:prefLabel", "dcterms:title")
_INVERSE = PREFIXES["owl"] + "inverseOf"
_ELSEWHERE: tuple[tuple[str, str], ...] = (
    (PREFIXES["wd"], "Wikidata "),
    ("https://sws.geonames.org/", "GeoNames "),
)


class GraphIndex:
    """An index of triples.

    ``prefixes`` (name to namespace) abbreviate what has no label. ``about`` has the objects by subject and predicate
    IRI; ``mentions`` has, by the IRI of an object and that of a predicate, the IRIs of the subjects."""

    def __init__(self, triples: Iterable[Triple], prefixes: Mapping[str, str] = PREFIXES) -> None:
        self.prefixes = prefixes
        self.about = by_subject(triples)
        self.mentions: dict[str, dict[str, list[str]]] = {}
        for subject, about in self.about.items():
            if isinstance(subject, NamedNode):
                for predicate, values in about.items():
                    for value in values:
                        if isinstance(value, NamedNode):
                            self.mentions.setdefault(value.value, {}).setdefault(predicate, []).append(subject.value)
        self._labels: dict[str, Text] = {}

    def of(self, iri: str) -> About:
        """The objects of a resource by predicate IRI; none where it is the subject of no triple, as nothing is that has
        no scheme."""
        try:
            return self.about.get(NamedNode(iri), {})
        except ValueError:
            return {}

    def objects(self, iri: str, name: str) -> Sequence[Node | Literal]:
        """The values of a property, which is named as in ``gp:party``; none where the resource does not have it."""
        return self.of(iri).get(expand(name), ())

    def iris(self, iri: str, name: str) -> list[str]:
        """The IRIs among the values of a property, sorted."""
        return sorted(value.value for value in self.objects(iri, name) if isinstance(value, NamedNode))

    def text(self, iri: str, name: str) -> str | None:
        """The first of the literals of a property, sorted by their texts, in whatever language; None without any."""
        values = sorted(value.value for value in self.objects(iri, name) if isinstance(value, Literal))
        return values[0] if values else None

    def texts(self, iri: str, name: str) -> Text:
        """The texts of a property, in each language the first of them; empty where there are none."""
        by_language: dict[str, str] = {}
        for value in sorted(self.objects(iri, name), key=str):
            if isinstance(value, Literal):
                by_language.setdefault(value.language or NO_LANGUAGE, value.value)
        return Text(by_language)

    def label(self, iri: str) -> Text:
        """The label of a resource or a term, in each language; its IRI with a prefix if it has none."""
        if (known := self._labels.get(iri)) is None:
            known = self._labels[iri] = self._label(iri)
        return known

    def inverse_label(self, predicate: str) -> Text:
        """What a resource is to those that have it as a value of a property, in each language: the label of the inverse
        property (``owl:inverseOf``), in the graph or of those that are known here; empty where there is none."""
        stated = [*self.mentions.get(predicate, {}).get(_INVERSE, ()), *self.iris(predicate, _INVERSE)]
        labelled = (self.texts(iri, "rdfs:label") for iri in sorted(stated))
        return next(filter(None, labelled), _inverse_labels().get(predicate, NO_TEXT))

    def compress(self, iri: str) -> str:
        """The IRI with one of the prefixes."""
        return compress(iri, self.prefixes)

    def type(self, iri: str) -> str | None:
        """The IRI of the class that a resource is shown as, or None where it has none: a class of the project's
        ontology rather than a foreign one, and of these one that has a label here."""
        types = [value.value for value in self.of(iri).get(TYPE, ()) if isinstance(value, NamedNode)]
        return min(types, key=lambda iri: (not iri.startswith(GP), iri not in _foreign_names(), iri), default=None)

    def instances(self, name: str) -> list[str]:
        """The IRIs of the instances of a class, which is named as in ``gp:City``, sorted."""
        return sorted(self.mentions.get(expand(name), {}).get(TYPE, ()))

    def year(self, iri: str, name: str) -> int | None:
        """The year that a property has, or None where there is none or none that is a number."""
        value = self.text(iri, name)
        return int(value) if value is not None and value.removeprefix("-").isdecimal() else None

    def _label(self, iri: str) -> Text:
        if iri in _foreign_names() and not iri.startswith(GP):
            return _foreign_names()[iri]
        stated = next((texts for name in _LABELS if (texts := self.texts(iri, name))), None)
        elsewhere = (
            name + iri.removeprefix(prefix).rstrip("/") for prefix, name in _ELSEWHERE if iri.startswith(prefix)
        )
        return stated or Text(next(elsewhere, None) or self.compress(iri))


@cache
def _foreign_names() -> Mapping[str, Text]:
    """The labels that foreign terms have here, by their IRIs."""
    names: dict[str, dict[str, str]] = {}
    for quad in read(path=Path(__file__).with_name("names.ttl"), format=RdfFormat.TURTLE):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, Literal)
        names.setdefault(quad.subject.value, {})[quad.object.language or NO_LANGUAGE] = quad.object.value
    return {iri: Text(texts) for iri, texts in names.items()}


@cache
def _inverse_labels() -> Mapping[str, Text]:
    """The labels of the inverses of properties, by the IRIs of the properties."""
    quads = list(read(path=Path(__file__).with_name("inverses.ttl"), format=RdfFormat.TURTLE))
    names: dict[object, dict[str, str]] = {}
    for quad in quads:
        if isinstance(quad.object, Literal):
            names.setdefault(quad.subject, {})[quad.object.language or NO_LANGUAGE] = quad.object.value
    return {quad.object.value: Text(names[quad.subject]) for quad in quads if isinstance(quad.object, NamedNode)}


def compress(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The IRI with one of the prefixes; in full where none fits or its local name would have a slash."""
    for namespace, name in _longest_first(tuple(prefixes.items())):
        if iri.startswith(namespace) and "/" not in iri.removeprefix(namespace):
            return f"{name}:{iri.removeprefix(namespace)}"
    return iri


@lru_cache(8)
def _longest_first(prefixes: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return sorted(((iri, name) for name, iri in prefixes), key=lambda pair: -len(pair[0]))


def elsewhere(iri: str) -> str | None:
    """The address that a link may lead to: of the web, not of a script."""
    return iri if iri.startswith(("https://", "http://")) else None
