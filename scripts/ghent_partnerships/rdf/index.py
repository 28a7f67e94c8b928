"""The graph as pages need it: forwards and backwards, with the label of everything in English and in Dutch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from ..text import Both
from .namespaces import GP, ID, ONTOLOGY, PREFIXES, full
from .turtle import TYPE, About, Node, by_subject

_LABELS = tuple(
    PREFIXES[prefix] + name for prefix, name in (("rdfs", "label"), ("skos", "prefLabel"), ("dcterms", "title"))
)
_OF_OTHERS: dict[str, Both] = {  # what the terms of others are called here
    TYPE: ("is a", "is een"),
    PREFIXES["dcat"] + "keyword": ("keyword", "trefwoord"),
    PREFIXES["dcat"] + "theme": ("theme", "thema"),
    PREFIXES["dcterms"] + "accessRights": ("access", "toegang"),
    PREFIXES["dcterms"] + "accrualPeriodicity": ("new versions", "nieuwe versies"),
    PREFIXES["dcterms"] + "available": ("first appeared", "voor het eerst verschenen"),
    PREFIXES["dcterms"] + "conformsTo": ("conforms to", "volgt"),
    PREFIXES["dcterms"] + "description": ("description", "beschrijving"),
    PREFIXES["dcterms"] + "hasPart": ("holds", "bevat"),
    PREFIXES["dcterms"] + "isPartOf": ("part of", "deel van"),
    PREFIXES["dcterms"] + "issued": ("issued", "gepubliceerd op"),
    PREFIXES["dcterms"] + "language": ("language", "taal"),
    PREFIXES["dcterms"] + "license": ("licence", "licentie"),
    PREFIXES["dcterms"] + "date": ("date", "datum"),
    PREFIXES["dcterms"] + "publisher": ("publisher", "uitgever"),
    PREFIXES["dcterms"] + "requires": ("read with", "te lezen met"),
    PREFIXES["dcterms"] + "source": ("rests on", "berust op"),
    PREFIXES["dcterms"] + "spatial": ("place", "plaats"),
    PREFIXES["dcterms"] + "subject": ("subject", "onderwerp"),
    PREFIXES["dcterms"] + "temporal": ("period", "periode"),
    PREFIXES["dcterms"] + "title": ("title", "titel"),
    PREFIXES["dcterms"] + "type": ("decision", "beslissing"),
    PREFIXES["dcat"] + "version": ("version", "versie"),
    PREFIXES["geo"] + "lat": ("latitude", "breedtegraad"),
    PREFIXES["geo"] + "long": ("longitude", "lengtegraad"),
    PREFIXES["oa"] + "exact": ("quotation", "citaat"),
    PREFIXES["owl"] + "sameAs": ("the same as", "hetzelfde als"),
    PREFIXES["rdfs"] + "label": ("name", "naam"),
    PREFIXES["rdfs"] + "comment": ("comment", "toelichting"),
    PREFIXES["rdfs"] + "isDefinedBy": ("defined by", "gedefinieerd in"),
    PREFIXES["schema"] + "about": ("about", "gaat over"),
    PREFIXES["schema"] + "containedInPlace": ("lies in", "ligt in"),
    PREFIXES["schema"] + "identifier": ("code", "code"),
    PREFIXES["schema"] + "keywords": ("tags", "trefwoorden"),
    PREFIXES["schema"] + "position": ("place in the list", "plaats in de lijst"),
    PREFIXES["schema"] + "sameAs": ("the same elsewhere", "elders hetzelfde"),
    PREFIXES["schema"] + "sha256": ("SHA-256", "SHA-256"),
    PREFIXES["schema"] + "url": ("address", "adres"),
    PREFIXES["schema"] + "version": ("version", "versie"),
    PREFIXES["skos"] + "altLabel": ("other name", "andere naam"),
    PREFIXES["skos"] + "definition": ("definition", "definitie"),
    PREFIXES["skos"] + "inScheme": ("in the list of", "in de lijst van"),
    PREFIXES["skos"] + "note": ("note", "opmerking"),
    PREFIXES["skos"] + "prefLabel": ("name", "naam"),
    PREFIXES["schema"] + "AdministrativeArea": ("area", "gebied"),
    PREFIXES["schema"] + "Country": ("country", "land"),
    PREFIXES["schema"] + "CreativeWork": ("source", "bron"),
    PREFIXES["skos"] + "Concept": ("concept", "concept"),
    PREFIXES["skos"] + "ConceptScheme": ("list of concepts", "conceptenlijst"),
    PREFIXES["dcat"] + "Dataset": ("data set", "dataset"),
    PREFIXES["oa"] + "TextQuoteSelector": ("sentence of a source", "zin uit een bron"),
    PREFIXES["sh"] + "NodeShape": ("rule", "regel"),
    PREFIXES["sh"] + "PropertyShape": ("rule", "regel"),
    PREFIXES["sh"] + "SPARQLExecutable": ("query", "query"),
}
_ELSEWHERE: tuple[tuple[str, str], ...] = (
    (PREFIXES["wd"], "Wikidata "),
    ("https://sws.geonames.org/", "GeoNames "),
)
_PREFIXES = sorted(((iri, name) for name, iri in PREFIXES.items()), key=lambda one: -len(one[0]))


class Knowledge:
    """Statements by subject in ``about``, and by IRI of the object in ``mentions``: who says so, by which property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.about = by_subject(triples)
        self.mentions: dict[str, dict[str, list[str]]] = {}
        for subject, about in self.about.items():
            if isinstance(subject, NamedNode):
                for predicate, values in about.items():
                    for value in values:
                        if isinstance(value, NamedNode):
                            self.mentions.setdefault(value.value, {}).setdefault(predicate, []).append(subject.value)
        self._labels: dict[str, Both] = {}

    def of(self, iri: str) -> About:
        """What is said of a resource, by property; nothing of one that nobody speaks of."""
        return self.about.get(NamedNode(iri), {})

    def objects(self, iri: str, name: str) -> Sequence[Node | Literal]:
        """The values of a property, which is named as in ``gp:party``."""
        return self.of(iri).get(full(name), ())

    def iris(self, iri: str, name: str) -> list[str]:
        """The IRIs among the values of a property, in their order."""
        return sorted(value.value for value in self.objects(iri, name) if isinstance(value, NamedNode))

    def text(self, iri: str, name: str) -> str | None:
        """The first text that a property has, in whatever language."""
        values = sorted(value.value for value in self.objects(iri, name) if isinstance(value, Literal))
        return values[0] if values else None

    def texts(self, iri: str, name: str) -> Both | None:
        """The texts of a property in English and in Dutch, each the other where it is missing; or None."""
        by_language: dict[str | None, str] = {}
        for value in sorted(self.objects(iri, name), key=str):
            if isinstance(value, Literal):
                by_language.setdefault(value.language, value.value)
        if not by_language:
            return None
        first = next(iter(by_language.values()))
        english = by_language.get("en", first)
        return english, by_language.get("nl", english)

    def label(self, iri: str) -> Both:
        """What a resource or a term is called in English and in Dutch, its name with a prefix if it has no label."""
        if (known := self._labels.get(iri)) is None:
            known = self._labels[iri] = self._label(iri)
        return known

    def type(self, iri: str) -> str | None:
        """The class that says most of a resource: ours before those of others."""
        types = [value.value for value in self.of(iri).get(TYPE, ()) if isinstance(value, NamedNode)]
        return min(types, key=lambda one: (not one.startswith(GP), one not in _OF_OTHERS, one), default=None)

    def instances(self, name: str) -> list[str]:
        """The resources of a class, in order of their IRIs."""
        return sorted(self.mentions.get(full(name), {}).get(TYPE, ()))

    def year(self, iri: str, name: str) -> int | None:
        """The year that a property has, or None where there is none or none that is a number."""
        value = self.text(iri, name)
        return int(value) if value is not None and value.removeprefix("-").isdecimal() else None

    def _label(self, iri: str) -> Both:
        for prefix, name in _ELSEWHERE:
            if iri.startswith(prefix):
                local = name + iri.removeprefix(prefix).rstrip("/")
                return local, local
        if iri in _OF_OTHERS and not iri.startswith((GP, ID)):
            return _OF_OTHERS[iri]
        for predicate in _LABELS:
            if (texts := self.texts(iri, predicate)) is not None:
                return texts
        shown = short(iri)
        return shown, shown


def short(iri: str) -> str:
    """The IRI with a prefix where there is one for its namespace."""
    for namespace, name in _PREFIXES:
        if iri.startswith(namespace) and "/" not in iri.removeprefix(namespace):
            return f"{name}:{iri.removeprefix(namespace)}"
    return iri


def home(iri: str) -> tuple[str, str] | None:
    """The page about an IRI of ours, without an ending, and the fragment of it; None for those of others."""
    if iri.startswith(ID):
        path, _, fragment = iri.removeprefix(ID).partition("#")
        return f"doc/{path}", fragment
    if iri == ONTOLOGY or iri.startswith(GP):
        return "ontology", iri.removeprefix(ONTOLOGY).removeprefix("#")
    return None


def elsewhere(iri: str) -> str | None:
    """The address that a link may lead to: of the web, not of a script."""
    return iri if iri.startswith(("https://", "http://")) else None
