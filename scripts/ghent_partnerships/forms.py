"""A graph in every RDF form: Turtle, N-Triples, JSON-LD, RDF/XML; and named graphs as TriG and N-Quads.

The bytes depend on the triples alone: everything is sorted, and blank nodes are named by RDF Dataset Canonicalization
(https://www.w3.org/TR/rdf-canon/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyoxigraph
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, RdfFormat, Triple

from . import jsonld
from .names import ID, PREFIXES
from .turtle import About, Node, Statements, Writer, by_subject, serialize

File = tuple[str, bytes]
Part = Callable[[str, str], str]  # the named graph of a statement, all by their IRIs: of its subject, its predicate


def graph(path: str, triples: Sequence[Triple], context: jsonld.Context, about: str | None = None) -> Iterator[File]:
    """The triples in four forms, each with its path and bytes; the JSON-LD may be a document about one resource."""
    ordered = sorted(_named(triples), key=str)
    statements = by_subject(ordered)
    yield f"{path}.ttl", serialize(statements, PREFIXES).encode()
    yield f"{path}.nt", "".join([f"{triple} .\n" for triple in ordered]).encode()
    yield f"{path}.jsonld", jsonld.write(statements, context, about)
    yield f"{path}.rdf", _rdf_xml(ordered)


def dataset(path: str, triples: Iterable[Triple], context: jsonld.Context, part: Part) -> Iterator[File]:
    """Triples without blank nodes in the four forms of a graph, and by the named graphs that ``part`` names as TriG
    and N-Quads."""
    lines = sorted([(str(triple), triple) for triple in triples])
    ordered = [triple for _, triple in lines]
    statements = by_subject(ordered)
    writer = Writer(statements, PREFIXES)
    yield f"{path}.ttl", writer.turtle().encode()
    yield f"{path}.trig", writer.trig(_divided(statements, part)).encode()
    yield f"{path}.nt", "".join([f"{line} .\n" for line, _ in lines]).encode()
    named = [f"{line} <{part(one.subject.value, one.predicate.value)}> .\n" for line, one in lines]  # type: ignore[union-attr]
    yield f"{path}.nq", "".join(named).encode()
    yield f"{path}.jsonld", jsonld.write(statements, context)
    yield f"{path}.rdf", _rdf_xml(ordered)


def documents(about: Mapping[str, Sequence[Triple]], context: jsonld.Context) -> Iterator[File]:
    """The document of each of the ``resources`` in four forms: what is said of it, and of its parts."""
    for iri, statements in about.items():
        yield from graph(f"doc/{iri.removeprefix(ID)}", statements, context, iri)


def resources(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    """The statements about each resource of the ``id/`` scheme by its IRI, in order: also those about the blank nodes
    below it, and about what is named by a fragment of the IRI."""
    about: dict[str, list[Triple]] = {}
    for triple in triples:
        subject = triple.subject
        key = str(subject) if isinstance(subject, BlankNode) else subject.value.partition("#")[0]  # type: ignore[union-attr]
        about.setdefault(key, []).append(triple)
    found = {}
    for iri in sorted(key for key in about if key.startswith(ID)):
        statements: list[Triple] = []
        reached = [iri]
        for key in reached:
            for triple in about.get(key, ()):
                statements.append(triple)
                if isinstance(triple.object, BlankNode) and str(triple.object) not in reached:
                    reached.append(str(triple.object))
        found[iri] = statements
    return found


def _divided(statements: Statements, part: Part) -> dict[str, dict[Node, About]]:
    graphs: dict[str, dict[Node, About]] = {}
    for subject, about in statements.items():
        parts: dict[str, About] = {}
        for predicate, values in about.items():
            parts.setdefault(part(subject.value, predicate), {})[predicate] = values  # type: ignore[index]
        if len(parts) == 1:
            parts = dict.fromkeys(parts, about)
        for name, some in parts.items():
            graphs.setdefault(name, {})[subject] = some
    return graphs


def _rdf_xml(ordered: Sequence[Triple]) -> bytes:
    predicates = {triple.predicate.value for triple in ordered}
    used = {name: iri for name, iri in PREFIXES.items() if any(one.startswith(iri) for one in predicates)}
    content = pyoxigraph.serialize(ordered, format=RdfFormat.RDF_XML, prefixes=used)
    assert content is not None
    return content.removesuffix(b"\n") + b"\n"


def _named(triples: Sequence[Triple]) -> Sequence[Triple]:
    """The triples, their blank nodes labelled by their place in the graph."""
    if not any(isinstance(triple.subject, BlankNode) for triple in triples):
        return triples
    quads = pyoxigraph.Dataset(pyoxigraph.Quad(*triple) for triple in triples)
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in quads]
