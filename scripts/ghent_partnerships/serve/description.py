"""The service description: what the endpoint is, what it has, and example queries.

https://www.w3.org/TR/sparql11-service-description/, with counts as https://www.w3.org/TR/void/ has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from ..knowledge import full
from ..names import BASE, PREFIXES
from ..void import counts
from .documents import Documents
from .engine import GRAPHS, RESULTS

ENDPOINT = NamedNode(f"{BASE}sparql")  # stands for the address that the endpoint is asked at
_FORMATS = "http://www.w3.org/ns/formats/"
_PREFIXES = {**PREFIXES, "formats": _FORMATS}
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_DATA_SET = NamedNode(PREFIXES["dataset"] + "ghent-partnerships")
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
    """The description by media type."""
    quads = list(pyoxigraph.parse(documents.graph, RdfFormat.N_QUADS))
    statements = list(_statements(quads))
    if (queries := documents.files.get("queries.nt")) is not None:
        examples = pyoxigraph.parse(documents.plain(queries), RdfFormat.N_TRIPLES)
        statements += [quad.triple for quad in examples]
    ordered = sorted(statements, key=lambda triple: (str(triple.subject), str(triple.predicate), str(triple.object)))
    return {type_: _serialized(ordered, form) for type_, form in GRAPHS.items()}


def _serialized(statements: Iterable[Triple], form: RdfFormat) -> bytes:
    content = pyoxigraph.serialize(statements, format=form, prefixes=_PREFIXES if form == RdfFormat.TURTLE else None)
    assert content is not None
    return content


def _statements(quads: Iterable[pyoxigraph.Quad]) -> Iterator[Triple]:
    graphs: dict[NamedNode | None, list[Triple]] = {}
    for quad in quads:
        name = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
        graphs.setdefault(name, []).append(quad.triple)
    whole = graphs.pop(None)
    default = BlankNode("default")
    yield Triple(ENDPOINT, _TYPE, _node("sd:Service"))
    yield Triple(ENDPOINT, _node("sd:endpoint"), ENDPOINT)
    yield Triple(ENDPOINT, _node("sd:supportedLanguage"), _node("sd:SPARQL11Query"))
    for type_ in (*RESULTS, *GRAPHS):
        if type_ in _FORMAT_NAMES:
            yield Triple(ENDPOINT, _node("sd:resultFormat"), NamedNode(_FORMATS + _FORMAT_NAMES[type_]))
    yield Triple(ENDPOINT, _node("sd:defaultDataset"), _DATA_SET)
    for class_ in ("sd:Dataset", "void:Dataset"):
        yield Triple(_DATA_SET, _TYPE, _node(class_))
    yield Triple(_DATA_SET, _node("sd:defaultGraph"), default)
    yield Triple(_DATA_SET, _node("void:sparqlEndpoint"), ENDPOINT)
    yield Triple(default, _TYPE, _node("sd:Graph"))
    yield from counts(default, whole)
    for name in sorted(graphs, key=str):
        assert name is not None
        graph = BlankNode(name.value.rpartition("/")[2])
        yield Triple(_DATA_SET, _node("sd:namedGraph"), graph)
        yield Triple(graph, _TYPE, _node("sd:NamedGraph"))
        yield Triple(graph, _node("sd:name"), name)
        described = BlankNode(f"{graph.value}-graph")
        yield Triple(graph, _node("sd:graph"), described)
        yield Triple(described, _TYPE, _node("sd:Graph"))
        yield from counts(described, graphs[name])


def _node(name: str) -> NamedNode:
    return NamedNode(full(name))
