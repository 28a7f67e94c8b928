"""The Vocabulary of Interlinked Datasets: how much there is in a graph, of what, and what it is linked to.

https://www.w3.org/TR/void/. Every number is counted in the graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from ...rdf.build import make_triples
from ...rdf.counts import counts
from ...rdf.index import GraphIndex
from ...rdf.namespaces import ONTOLOGY, PREFIXES
from ...rdf.turtle import TYPE, by_subject, published
from ...text import Text
from ...translation import message as _
from ..publication import Publication

SPARQL = "sparql"  # where the endpoint is, below the address of the site
WELL_KNOWN = ".well-known/void"  # RFC 5785's place for it
_TARGETS = {  # what is linked to: the start of its IRIs, and its name
    "wikidata": (PREFIXES["wd"], "Wikidata"),
    "geonames": ("https://sws.geonames.org/", "GeoNames"),
}


def document(
    triples: Sequence[Triple], graph_index: GraphIndex, publication: Publication, dumps: Iterable[str]
) -> bytes:
    """The description of the data set that the triples are, as Turtle. ``dumps`` are the addresses of its files."""
    about, node = f"{publication.base}{WELL_KNOWN}", publication.data_set
    endpoint = [f"{publication.address}{SPARQL}"] if publication.sparql else []
    statements = [
        *counts(NamedNode(node), triples, publication.space),
        *_links(triples, graph_index, publication),
        *make_triples(node, "void:dataDump", *dumps),
        *make_triples(node, "void:sparqlEndpoint", *endpoint),
        *make_triples(node, "void:uriSpace", *[Literal(publication.space)] * bool(publication.space)),
        *make_triples(node, "void:exampleResource", *publication.examples(graph_index)),
        *make_triples(node, "void:vocabulary", *sorted(_vocabularies(triples))),
        *make_triples(about, "rdf:type", "void:DatasetDescription"),
        *make_triples(about, "foaf:primaryTopic", node),
        *make_triples(about, "dcterms:title", _("The data set in VoID").spoken(publication.languages)),
    ]
    for name in ("dcterms:title", "dcterms:description", "dcterms:license", "dcterms:issued"):
        statements += make_triples(node, name, *graph_index.objects(node, name))
    return published(by_subject(statements), publication.prefixes).encode()


def _links(statements: Sequence[Triple], graph_index: GraphIndex, publication: Publication) -> Iterator[Triple]:
    """A set of links for each target and each property that leads there."""
    document, node, languages = f"{publication.base}{WELL_KNOWN}", publication.data_set, publication.languages
    for name, (space, title) in _TARGETS.items():
        target = f"{document}#{name}"
        leading = Counter(
            triple.predicate
            for triple in statements
            if str(triple.subject).startswith(f"<{publication.space}") and str(triple.object).startswith(f"<{space}")
        )
        if not leading:
            continue
        yield from make_triples(target, "rdf:type", "void:Dataset")
        yield from make_triples(target, "void:uriSpace", Literal(space))
        yield from make_triples(target, "dcterms:title", Text(dict.fromkeys(languages, title)))
        for predicate, count in sorted(leading.items(), key=lambda pair: pair[0].value):
            links = f"{document}#{name}-{graph_index.compress(predicate.value).replace(':', '-')}"
            yield from make_triples(node, "void:subset", links)
            yield from make_triples(links, "rdf:type", "void:Linkset")
            yield from make_triples(links, "void:linkPredicate", predicate)
            yield from make_triples(links, "void:subjectsTarget", node)
            yield from make_triples(links, "void:objectsTarget", target)
            yield from make_triples(links, "void:triples", Literal(count))
            yield from make_triples(links, "dcterms:title", _("Links to {title}", title=title).spoken(languages))


def _vocabularies(statements: Iterable[Triple]) -> set[str]:
    """The namespaces of the properties and classes that are of one; a hash namespace without it, as VoID has it."""
    used = {triple.predicate.value for triple in statements}
    used |= {
        triple.object.value
        for triple in statements
        if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode)
    }
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return {ONTOLOGY if space == PREFIXES["gp"] else space for space in spaces if space.rstrip(":/")}
