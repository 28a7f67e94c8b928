"""The documents of ours, as they are or as they were, with somebody's files in the place of some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..files import STANDARD_INPUT, shown, standard_input
from ..project.paths import graph_files, ontology_files, own_file, query_files, root, shapes_file, style_file
from ..rdf import parse
from ..rdf.parse import Document
from ..sparql.executables import executables

QUERY = ".rq"


@dataclass(frozen=True)
class Own:
    """The documents of ours: the graph, of which the ontology is a part, its shapes, their style, and the queries."""

    graph: list[Document]
    ontology: list[Document]
    shapes: Document
    style: Document
    queries: list[Document]


def own(given: Sequence[Path] = (), then: Mapping[Path, bytes] | None = None) -> Own:
    """Return our documents, with the given files in the place of those that they stand for, or added.

    ``then`` are the contents of all files at another time, by their absolute paths: what is not among them was not.

    Raises:
        UsageError: a file is missing, unreadable, no regular file, or neither RDF nor a query.
    """
    given = [file for file in given if then is None or file.resolve() in then]
    stands_for = {file: own_file(file) for file in given}
    instead = {ours: file for file, ours in stands_for.items() if ours is not None}
    added = [file for file, ours in stands_for.items() if ours is None]

    def current(files: Iterable[Path]) -> list[Path]:
        now = [instead.get(file, file) for file in files]
        return now if then is None else [file for file in now if file.resolve() in then]

    def read(file: Path) -> Document:
        return parsed(file) if then is None else parse.parse(file, then[file.resolve()])

    def removed(folder: str, suffix: str) -> list[Path]:
        below = [path for path in then or () if path.suffix == suffix and root().resolve() / folder in path.parents]
        return [path for path in sorted(below) if not path.exists()]

    ours = current([*graph_files(), *removed("data", ".ttl")])
    first = [file for file in given if file in ours or (file in added and file.suffix != QUERY)]  # the likely culprits
    graph = {file: read(file) for file in dict.fromkeys([*first, *ours])}
    queries = current([*query_files(), *removed("queries", QUERY)])
    queries += [file for file in added if file.suffix == QUERY]
    ontology = [graph[file] for file in current(ontology_files())]
    shapes, style = (
        read(found[0]) if (found := current([file])) else Document(file, shown(file), readable=False)
        for file in (shapes_file(), style_file())
    )
    return Own(list(graph.values()), ontology, shapes, style, executables(queries, then))


def everything(documents: Own) -> list[Document]:
    """All the documents; those of the ontology twice, as they are part of the graph and described."""
    return [*documents.graph, *described(documents)]


def described(documents: Own) -> list[Document]:
    """The documents that ``ontology/style.ttl`` is about, itself among them."""
    return [*documents.ontology, documents.shapes, documents.style, *documents.queries]


def parsed(file: Path) -> Document:
    """Read a file, or standard input."""
    return parse.standard_input(standard_input()) if file == STANDARD_INPUT else parse.parse(file)
