"""The service description: what the endpoint is, what it has, and example queries.

https://www.w3.org/TR/sparql11-service-description/, with counts as https://www.w3.org/TR/void/ has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from ..dist import Site
from ..rdf.build import make_triples
from ..rdf.counts import counts
from ..rdf.serialize import in_format
from .documents import Documents
from .workers.engine import GRAPHS, RESULTS

_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}


def descriptions(documents: Documents) -> dict[str, bytes]:
    """The description of the endpoint in each format of a graph, in UTF-8, by media type."""
    quads = list(pyoxigraph.parse(documents.graph, RdfFormat.N_QUADS))
    statements = list(_statements(quads, documents.site))
    prefixes = {**documents.site.prefixes, "formats": _FORMATS}
    if (queries := documents.files.get("queries.nt")) is not None:
        examples = pyoxigraph.parse(documents.plain(queries), RdfFormat.N_TRIPLES)
        statements += [quad.triple for quad in examples]
    ordered = sorted(statements, key=lambda triple: (str(triple.subject), str(triple.predicate), str(triple.object)))
    return {type_: in_format(ordered, rdf_format, prefixes=prefixes) for type_, rdf_format in GRAPHS.items()}


def _statements(quads: Iterable[pyoxigraph.Quad], site: Site) -> Iterator[Triple]:
    endpoint, data_set, base = NamedNode(site.endpoint), site.dataset, site.bases[0] if site.bases else site.base
    graphs: dict[NamedNode | None, list[Triple]] = {}
    for quad in quads:
        name = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
        graphs.setdefault(name, []).append(quad.triple)
    whole = graphs.pop(None)
    default = BlankNode("default")
    yield from make_triples(endpoint, "rdf:type", "sd:Service")
    yield from make_triples(endpoint, "sd:endpoint", endpoint)
    yield from make_triples(endpoint, "sd:supportedLanguage", "sd:SPARQL11Query")
    formats = (_FORMAT_NAMES[type_] for type_ in (*RESULTS, *GRAPHS) if type_ in _FORMAT_NAMES)
    yield from make_triples(endpoint, "sd:resultFormat", *(_FORMATS + name for name in formats))
    yield from make_triples(endpoint, "sd:defaultDataset", data_set)
    yield from make_triples(data_set, "rdf:type", "sd:Dataset", "void:Dataset")
    yield from make_triples(data_set, "sd:defaultGraph", default)
    yield from make_triples(data_set, "void:sparqlEndpoint", endpoint)
    yield from make_triples(default, "rdf:type", "sd:Graph")
    yield from counts(default, whole, base)
    for name in sorted(graphs, key=str):
        assert name is not None
        graph = BlankNode(name.value.rpartition("/")[2])
        yield from make_triples(data_set, "sd:namedGraph", graph)
        yield from make_triples(graph, "rdf:type", "sd:NamedGraph")
        yield from make_triples(graph, "sd:name", name)
        described = BlankNode(f"{graph.value}-graph")
        yield from make_triples(graph, "sd:graph", described)
        yield from make_triples(described, "rdf:type", "sd:Graph")
        yield from counts(described, graphs[name], base)
