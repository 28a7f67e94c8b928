"""The service description: what the endpoint is, what it has, and example queries.

https://www.w3.org/TR/sparql11-service-description/, with counts as https://www.w3.org/TR/void/ has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ..names import BASE, PREFIXES
from .documents import Documents
from .engine import GRAPHS, RESULTS

ENDPOINT = NamedNode(f"{BASE}sparql")  # stands for the address that the endpoint is asked at
_SD, _VOID, _FORMATS = (
    "http://www.w3.org/ns/sparql-service-description#",
    "http://rdfs.org/ns/void#",
    "http://www.w3.org/ns/formats/",
)
_PREFIXES = {**PREFIXES, "sd": _SD, "void": _VOID, "formats": _FORMATS}
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
    yield Triple(ENDPOINT, _TYPE, _sd("Service"))
    yield Triple(ENDPOINT, _sd("endpoint"), ENDPOINT)
    yield Triple(ENDPOINT, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for type_ in (*RESULTS, *GRAPHS):
        if type_ in _FORMAT_NAMES:
            yield Triple(ENDPOINT, _sd("resultFormat"), NamedNode(_FORMATS + _FORMAT_NAMES[type_]))
    yield Triple(ENDPOINT, _sd("defaultDataset"), _DATA_SET)
    for class_ in ("sd:Dataset", "void:Dataset"):
        yield Triple(_DATA_SET, _TYPE, _node(class_))
    yield Triple(_DATA_SET, _sd("defaultGraph"), default)
    yield Triple(_DATA_SET, _node("void:sparqlEndpoint"), ENDPOINT)
    yield Triple(default, _TYPE, _sd("Graph"))
    yield from _counts(default, whole)
    for name in sorted(graphs, key=str):
        assert name is not None
        graph = BlankNode(name.value.rpartition("/")[2])
        yield Triple(_DATA_SET, _sd("namedGraph"), graph)
        yield Triple(graph, _TYPE, _sd("NamedGraph"))
        yield Triple(graph, _sd("name"), name)
        described = BlankNode(f"{graph.value}-graph")
        yield Triple(graph, _sd("graph"), described)
        yield Triple(described, _TYPE, _sd("Graph"))
        yield from _counts(described, graphs[name])


def _counts(graph: BlankNode, statements: list[Triple]) -> Iterator[Triple]:
    """How much there is in a graph, by class and by property."""
    classes = Counter(one.object for one in statements if one.predicate == _TYPE)
    properties = Counter(one.predicate for one in statements)
    yield Triple(graph, _TYPE, _node("void:Dataset"))
    yield Triple(graph, _node("void:triples"), Literal(len(statements)))
    yield Triple(graph, _node("void:distinctSubjects"), Literal(len({one.subject for one in statements})))
    yield Triple(graph, _node("void:distinctObjects"), Literal(len({one.object for one in statements})))
    yield Triple(graph, _node("void:classes"), Literal(len(classes)))
    yield Triple(graph, _node("void:properties"), Literal(len(properties)))
    partitions = (("class", "entities", classes), ("property", "triples", properties))
    for what, of, counter in partitions:
        for number, (term, count) in enumerate(sorted(counter.items(), key=lambda pair: str(pair[0]))):
            partition = BlankNode(f"{graph.value}-{what}-{number}")
            yield Triple(graph, _node(f"void:{what}Partition"), partition)
            yield Triple(partition, _node(f"void:{what}"), term)
            yield Triple(partition, _node(f"void:{of}"), Literal(count))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _node(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(_PREFIXES[prefix] + local)
