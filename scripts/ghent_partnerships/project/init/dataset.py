"""The description of the data set of a new project, and its release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import Literal

from ...rdf.build import typed
from ...rdf.namespaces import ONTOLOGY
from ...text import Text
from .start import Writing, statements

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_VERSION = "0.1.0"
_TAKEN = ("countries", "dataset", "kinds", "release", "sources")  # names of other files


class About(NamedTuple):
    """What the description of a data set says beside what every one says: the slug of the data set, its texts and its
    place, the IRI of the home city or nothing, and the IRIs of its sources and its examples."""

    name: str
    title: Text
    description: Text
    place: Text
    home: str
    sources: Sequence[str]
    examples: Sequence[str]


def described(writing: Writing, about: About) -> dict[str, bytes]:
    """The description of the data set and its release, by their paths."""
    start = writing.start
    data_set = writing.iri("dataset", about.name)
    publisher, contact, place = (f"{start.base}catalog#{name}" for name in ("publisher", "contact", "place"))
    page = start.repository or start.site or start.base
    today = typed(start.today, "date")
    terms = {
        f"{_AUTHORITY}access-right/PUBLIC": "public",
        f"{_AUTHORITY}data-theme/INTR": "international",
        f"{_AUTHORITY}data-theme/REGI": "regions",
        f"{_AUTHORITY}frequency/IRREG": "irregular",
    }
    right, *themes, frequency = terms
    triples = [
        *statements(
            data_set,
            ("rdf:type", "dcat:Dataset"),
            ("rdfs:label", about.title),
            ("dcterms:title", about.title),
            ("dcterms:description", about.description),
            ("dcterms:language", *map(Literal, start.languages)),
            ("dcterms:license", _LICENCE),
            ("dcterms:publisher", publisher),
            ("dcterms:source", *about.sources),
            ("dcterms:conformsTo", ONTOLOGY),
            ("dcterms:accessRights", right),
            ("dcterms:accrualPeriodicity", frequency),
            ("dcterms:available", today),
            ("dcterms:spatial", place),
            ("dcat:theme", *themes),
            ("dcat:keyword", *writing.texts("keywords")),
            ("dcat:contactPoint", contact),
            ("foaf:homepage", start.site or start.base),
            *([("foaf:primaryTopic", about.home)] if about.home else []),
            ("void:exampleResource", *about.examples),
            ("void:uriSpace", Literal(start.base)),
        ),
        *statements(publisher, ("rdf:type", "foaf:Agent"), ("foaf:name", Literal(start.publisher))),
        *statements(
            contact, ("rdf:type", "vcard:Kind"), ("vcard:fn", Literal(start.publisher)), ("vcard:hasURL", page)
        ),
        *statements(place, ("rdf:type", "dcterms:Location"), ("skos:prefLabel", about.place)),
        *(
            triple
            for iri, key in terms.items()
            for triple in statements(
                iri, ("skos:prefLabel", writing.text(key)), ("rdfs:isDefinedBy", iri.rpartition("/")[0])
            )
        ),
    ]
    released = statements(data_set, ("dcat:version", Literal(_VERSION)), ("dcterms:issued", today))
    return {"data/dataset.ttl": writing.turtle(triples), "data/release.ttl": writing.turtle(released)}


def home_file(name: str) -> str:
    """The path of the file of a home city, by its slug."""
    return f"data/{name}-city.ttl" if name in _TAKEN else f"data/{name}.ttl"
