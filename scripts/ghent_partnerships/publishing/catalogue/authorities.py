"""The terms of others that the catalogue uses, typed and named: portals want them in the file, and fetch nothing.

Those of the EU are of the authority tables at http://publications.europa.eu/resource/authority/. Their
names, and the tags of the languages, stand in ``authorities.ttl``; a project says in the description of its data set
what those are called that are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, Triple, parse

from ...rdf.build import make_triples
from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...text import DEFAULT_LANGUAGE, Text

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]{2,8})/([0-9.]{1,4})/?")
_ZERO = re.compile(r"https?://creativecommons\.org/publicdomain/zero/1\.0/?")
_CLASSES = {  # of the terms of a table, beside skos:Concept
    "access-right": "dcterms:RightsStatement",
    "frequency": "dcterms:Frequency",
    "place": "dcterms:Location",
}
LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "licence/CC_BY_4_0"}
_LABELLED = tuple(expand(name) for name in ("rdf:type", "skos:inScheme", "skos:prefLabel", "dcterms:title"))


def described(iri: str, graph_index: GraphIndex | None = None, languages: Sequence[str] = ()) -> Iterator[Triple]:
    """What the term is, and what it is called in the languages, as the file or the index of a graph says; nothing of a
    term that is not known. What has no name in any of them is called by that in the default language."""
    if iri.startswith(MEDIA_TYPES):
        yield from make_triples(iri, "rdf:type", "dcterms:MediaType")
        yield from make_triples(iri, "skos:prefLabel", Literal(iri.removeprefix(MEDIA_TYPES)))
    about = _terms().of(iri)
    if not about and graph_index and graph_index.objects(iri, "skos:prefLabel"):
        about = {expand("skos:prefLabel"): graph_index.objects(iri, "skos:prefLabel")}
        table = iri.removeprefix(AUTHORITY).partition("/")[0] if iri.startswith(AUTHORITY) else ""
        if table:
            yield from make_triples(iri, "rdf:type", "skos:Concept", *filter(None, [_CLASSES.get(table)]))
            yield from make_triples(iri, "skos:inScheme", f"{AUTHORITY}{table}")
    for predicate, values in about.items():
        if predicate in _LABELLED:
            spoken = [value for value in values if getattr(value, "language", None) in (None, *languages)]
            default = [value for value in values if getattr(value, "language", None) == DEFAULT_LANGUAGE]
            yield from make_triples(iri, predicate, *(spoken or default or values))


def language_name(tag: str) -> Text:
    """What a language is called; its tag if it has no name here."""
    iri = _languages().get(tag.partition("-")[0])
    return Text(tag) if iri is None else _terms().texts(iri, "skos:prefLabel")


def language(tag: str) -> str | None:
    """The EU's IRI of a language; None if it is not known."""
    return _languages().get(tag)


def licence_name(iri: str, graph_index: GraphIndex) -> Text:
    """What a licence is called in short: as the index of a graph says, like CC BY 4.0 for one of Creative Commons, else
    its IRI."""
    if graph_index.of(iri):
        return graph_index.label(iri)
    if found := _CREATIVE_COMMONS.fullmatch(iri):
        return Text(f"CC {found[1].upper()} {found[2]}")
    return Text("CC0 1.0" if _ZERO.fullmatch(iri) else iri)


@cache
def _terms() -> GraphIndex:
    quads = parse(path=Path(__file__).with_name("authorities.ttl"), format=RdfFormat.TURTLE)
    return GraphIndex(quad.triple for quad in quads)


@cache
def _languages() -> dict[str, str]:
    known = _terms()
    return {known.text(iri, "skos:notation") or "": iri for iri in known.instances("dcterms:LinguisticSystem")}
