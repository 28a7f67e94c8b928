"""The Vocabulary of Interlinked Datasets: how much there is in a graph, of what, and what it is linked to.

https://www.w3.org/TR/void/. Every number is counted in the graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from ...rdf.build import make_triples
from ...rdf.counts import counts
from ...rdf.index import GraphIndex, compress
from ...rdf.namespaces import BASE, DATA_SET, ID, ONTOLOGY, PREFIXES, expand
from ...rdf.turtle import TYPE, by_subject, published
from ...text import Text
from ...translation import message as _

WELL_KNOWN = ".well-known/void"  # RFC 5785's place for it
_DOCUMENT = BASE + WELL_KNOWN
_TARGETS = {  # what is linked to: the start of its IRIs, and its name
    "wikidata": (PREFIXES["wd"], "Wikidata"),
    "geonames": ("https://sws.geonames.org/", "GeoNames"),
}
_EXAMPLES = (
    "city:ghent",
    "city:liege",
    "partnership:ghent-kanazawa",
    "fragment:b1",
    "inference:melle-succession",
)


def document(
    triples: Sequence[Triple],
    graph_index: GraphIndex,
    languages: Sequence[str],
    dumps: Iterable[str],
    endpoint: str | None,
) -> bytes:
    """The description of the data set that the triples are, as Turtle, with the texts of the description in the
    languages. ``dumps`` are the addresses of its files."""
    statements = [
        *counts(NamedNode(DATA_SET), triples),
        *_links(triples, languages),
        *make_triples(DATA_SET, "void:dataDump", *dumps),
        *make_triples(DATA_SET, "void:sparqlEndpoint", *([] if endpoint is None else [endpoint])),
        *make_triples(DATA_SET, "void:uriSpace", Literal(ID)),
        *make_triples(
            DATA_SET, "void:exampleResource", *(iri for name in _EXAMPLES if graph_index.of(iri := expand(name)))
        ),
        *make_triples(DATA_SET, "void:vocabulary", *sorted(_vocabularies(triples))),
        *make_triples(_DOCUMENT, "rdf:type", "void:DatasetDescription"),
        *make_triples(_DOCUMENT, "foaf:primaryTopic", DATA_SET),
        *make_triples(_DOCUMENT, "dcterms:title", _("The data set in VoID").only(languages)),
    ]
    for name in ("dcterms:title", "dcterms:description", "dcterms:license", "dcterms:issued"):
        statements += make_triples(DATA_SET, name, *graph_index.objects(DATA_SET, name))
    return published(by_subject(statements), PREFIXES).encode()


def _links(statements: Sequence[Triple], languages: Sequence[str]) -> Iterator[Triple]:
    """A set of links for each target and each property that leads there."""
    for name, (space, title) in _TARGETS.items():
        target = f"{_DOCUMENT}#{name}"
        leading = Counter(
            triple.predicate
            for triple in statements
            if str(triple.subject).startswith(f"<{ID}") and str(triple.object).startswith(f"<{space}")
        )
        if not leading:
            continue
        yield from make_triples(target, "rdf:type", "void:Dataset")
        yield from make_triples(target, "void:uriSpace", Literal(space))
        yield from make_triples(target, "dcterms:title", Text(dict.fromkeys(languages, title)))
        for predicate, count in sorted(leading.items(), key=lambda pair: pair[0].value):
            links = f"{_DOCUMENT}#{name}-{compress(predicate.value).replace(':', '-')}"
            yield from make_triples(DATA_SET, "void:subset", links)
            yield from make_triples(links, "rdf:type", "void:Linkset")
            yield from make_triples(links, "void:linkPredicate", predicate)
            yield from make_triples(links, "void:subjectsTarget", DATA_SET)
            yield from make_triples(links, "void:objectsTarget", target)
            yield from make_triples(links, "void:triples", Literal(count))
            yield from make_triples(links, "dcterms:title", _("Links to {title}", title=title).only(languages))


def _vocabularies(statements: Iterable[Triple]) -> set[str]:
    """The namespaces of the properties and classes; one that is a hash namespace without it, as VoID has it."""
    used = {triple.predicate.value for triple in statements}
    used |= {
        triple.object.value
        for triple in statements
        if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode)
    }
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return {ONTOLOGY if space == PREFIXES["gp"] else space for space in spaces}
