"""The terms of others that the catalogue uses, typed and named: portals want them in the file, and fetch nothing.

Those of the EU are of the authority tables at http://publications.europa.eu/resource/authority/. Their
names, and the tags of the languages, stand in ``authorities.ttl``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, Triple, parse

from ...rdf.build import make_triples
from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...text import Text

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
PLACES = {  # the graph's name of a place, and where it ends in the west, south, east and north
    "place/BEL_GNE": ("city:ghent", ("3.579762", "50.979542", "3.849325", "51.188886")),  # OpenStreetMap's municipality
}
LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "licence/CC_BY_4_0"}
_LABELLED = tuple(expand(name) for name in ("rdf:type", "skos:inScheme", "skos:prefLabel", "dcterms:title"))


def described(iri: str) -> Iterator[Triple]:
    """What the term is, and what it is called; nothing of a term that is not known."""
    if iri.startswith(MEDIA_TYPES):
        yield from make_triples(iri, "rdf:type", "dcterms:MediaType")
        yield from make_triples(iri, "skos:prefLabel", Literal(iri.removeprefix(MEDIA_TYPES)))
    for predicate, values in _terms().of(iri).items():
        if predicate in _LABELLED:
            yield from make_triples(iri, predicate, *values)


def language_name(tag: str) -> Text:
    """What a language is called; its tag if it has no name here."""
    iri = _languages().get(tag.partition("-")[0])
    return Text(tag) if iri is None else _terms().texts(iri, "skos:prefLabel")


def language(tag: str) -> str | None:
    """The EU's IRI of a language; None if it is not known."""
    return _languages().get(tag)


@cache
def _terms() -> GraphIndex:
    quads = parse(path=Path(__file__).with_name("authorities.ttl"), format=RdfFormat.TURTLE)
    return GraphIndex(quad.triple for quad in quads)


@cache
def _languages() -> dict[str, str]:
    known = _terms()
    return {known.text(iri, "skos:notation") or "": iri for iri in known.instances("dcterms:LinguisticSystem")}
