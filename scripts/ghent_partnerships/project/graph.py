"""Load the graph: for rdflib, or for Oxigraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph

from ..errors import InvalidError
from ..rdf.namespaces import PREFIXES
from .location import chosen
from .project import Project

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


LOADED = {  # by the ending of a file's name
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
}


def load(*, project: Project | str | PathLike[str] | None = None) -> Graph:
    """Return the whole graph of a project, by default of the nearest, ontology and data, as an rdflib graph.

    Raises:
        InvalidError: a file has a syntax or encoding error or holds no triple.
        UsageError: there is no project, or a file is missing or unreadable.
    """
    project = chosen(project)
    return to_rdflib(triples(project.graph_files()), project.prefixes)


def stored(contents: Mapping[Path, bytes]) -> pyoxigraph.Store:
    """Return an in-memory Oxigraph store of the contents of files in the syntaxes of ``LOADED``.

    Raises:
        SyntaxError: one of them is wrong.
    """
    store = pyoxigraph.Store()
    for file, content in contents.items():
        store.load(content, format=LOADED[file.suffix], base_iri=file.absolute().as_uri())
    return store


def triples(files: Iterable[Path]) -> list[pyoxigraph.Triple]:
    """Return the triples of all files, each once.

    Raises:
        InvalidError: a file has a syntax or encoding error or holds no triple.
        UsageError: a file is missing or unreadable.
    """
    from ..rdf.parse import parse

    documents = [parse(file) for file in files]
    if findings := [finding for document in documents for finding in document.findings]:
        raise InvalidError(findings)
    return list(dict.fromkeys(triple for document in documents for triple in document.triples))


def to_rdflib(statements: Iterable[pyoxigraph.Triple], prefixes: Mapping[str, str] = PREFIXES) -> Graph:
    """Return an rdflib graph of the triples, lexical forms kept as they are, with namespaces by these prefixes."""
    import logging

    from rdflib import BNode, Graph, Literal, URIRef
    from rdflib.namespace import XSD

    logging.getLogger("rdflib").addHandler(
        logging.NullHandler()
    )  # else it logs each literal that does not fit its type

    def term(value: object) -> BNode | Literal | URIRef:
        if isinstance(value, pyoxigraph.NamedNode):
            return URIRef(value.value)
        if isinstance(value, pyoxigraph.BlankNode):
            return BNode(value.value)
        assert isinstance(value, pyoxigraph.Literal)
        if value.language is not None:
            return Literal(value.value, lang=value.language)
        datatype = URIRef(value.datatype.value)
        return Literal(value.value, datatype=None if datatype == XSD.string else datatype, normalize=False)

    graph = Graph()
    for name, namespace in prefixes.items():
        graph.bind(name, namespace, override=True)
    for subject, predicate, value in statements:
        graph.add((term(subject), term(predicate), term(value)))
    return graph


def from_rdflib(node: Node | None) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | None:
    """The term of Oxigraph for one of rdflib, or None for what is no term of RDF: the query of a constraint can build
    IRIs and language tags that are not valid."""
    try:
        return None if node is None else _term(node)
    except ValueError:
        return None


def _term(node: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return pyoxigraph.NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return pyoxigraph.BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)
    if node.language is not None:
        return pyoxigraph.Literal(str(node), language=node.language)
    return pyoxigraph.Literal(
        str(node), datatype=None if node.datatype is None else pyoxigraph.NamedNode(str(node.datatype))
    )
