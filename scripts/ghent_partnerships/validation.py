"""Check RDF against SHACL shapes with pySHACL, and say of each finding where it stands and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from os import PathLike
from pathlib import Path

from pyoxigraph import NamedNode

from . import reading
from .executables import executables
from .files import expand, graph_files, ontology_files, own_file, query_files, shapes_file, style_file
from .findings import Finding
from .places import Whereabouts
from .reading import Document

_QUERY = ".rq"
Files = str | PathLike[str] | Iterable[str | PathLike[str]]


@dataclass(frozen=True)
class Report:
    """What a validation found: ``findings`` in order of their places, over so many files and distinct triples."""

    findings: tuple[Finding, ...]
    files: int
    triples: int

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def validate(files: Files = (), *, shapes: Files = ()) -> Report:
    """Check the graph with the files in it; or, given shapes, only the files against those.

    With the graph are checked its ontology, shapes and queries, against ``ontology/style.ttl``. A file that is one of
    ours (the same path, or the same path under ``data/``, ``ontology/`` or ``queries/``) takes its place, any other is
    added: RDF to the graph, a query to the queries; a directory stands for every such file under it. Syntax errors are
    findings, and the other files are still checked.

    Raises:
        UsageError: a path is missing, unreadable or no regular file, or is neither RDF nor, among ours, a query; or a
            directory holds no such file.
    """
    given, theirs = _listed(files), _listed(shapes)
    if not theirs:
        return check_own(own(expand(given, reading.SUFFIXES | {_QUERY})))
    data, rules = ([reading.parse(file) for file in expand(paths, reading.SUFFIXES)] for paths in (given, theirs))
    return check(data, rules, every_shape=False)


def _listed(paths: Files) -> list[Path]:
    return list(map(Path, [paths] if isinstance(paths, str | PathLike) else paths))


@dataclass(frozen=True)
class Own:
    """The documents of ours: the graph, of which the ontology is a part, its shapes, their style, and the queries."""

    graph: list[Document]
    ontology: list[Document]
    shapes: Document
    style: Document
    queries: list[Document]


def own(given: Sequence[Path] = ()) -> Own:
    """Return our documents, with the given files in the place of those that they stand for, or added.

    Raises:
        UsageError: a file is missing, unreadable, no regular file, or neither RDF nor a query.
    """
    stands_for = {file: own_file(file) for file in given}
    instead = {ours: file for file, ours in stands_for.items() if ours is not None}
    added = [file for file, ours in stands_for.items() if ours is None]

    def current(files: Iterable[Path]) -> list[Path]:
        return [instead.get(file, file) for file in files]

    ours = current(graph_files())
    first = [file for file in given if file in ours or (file in added and file.suffix != _QUERY)]  # the likely culprits
    graph = {file: reading.parse(file) for file in dict.fromkeys([*first, *ours])}
    shapes, style = map(reading.parse, current([shapes_file(), style_file()]))
    queries = current(query_files()) + [file for file in added if file.suffix == _QUERY]
    ontology = [graph[file] for file in current(ontology_files())]
    return Own(list(graph.values()), ontology, shapes, style, executables(queries))


def described(documents: Own) -> list[Document]:
    """The documents that ``ontology/style.ttl`` is about, itself among them."""
    return [*documents.ontology, documents.shapes, documents.style, *documents.queries]


def check_own(documents: Own) -> Report:
    """Check our graph against its shapes; and the ontology, the shapes and the queries against their style.

    The triples that are counted are those of the graph; the files are all.
    """
    about = described(documents)
    graph = check(documents.graph, [documents.shapes], every_shape=True)
    style = check(about, [documents.style], every_shape=True)
    files = {document.path for document in (*documents.graph, *about)}
    return Report(tuple(sorted({*graph.findings, *style.findings})), len(files), graph.triples)


def check(data: Sequence[Document], rules: Sequence[Document], *, every_shape: bool) -> Report:
    """Check documents against the shapes in others; ``every_shape`` demands that each shape finds a focus node."""
    from . import shacl
    from .loading import to_rdflib

    documents = [*data, *rules]
    findings = [finding for document in documents for finding in document.findings]
    triples = dict.fromkeys(chain.from_iterable(document.triples for document in data))
    if all(document.readable for document in rules):
        graph = to_rdflib(triples)
        shapes = to_rdflib(dict.fromkeys(chain.from_iterable(document.triples for document in rules)))
        where = Whereabouts(data, rules)
        complete = all(document.readable for document in data)
        if complete:
            findings += shacl.unused(graph, shapes, where, every_shape=every_shape)
        described = {triple.subject for triple in triples}
        for result in shacl.results(graph, shapes, where):
            # Where a file could not be read, what refers to the resources in it is not to blame.
            if complete or not result.value.startswith("<") or NamedNode(result.value[1:-1]) in described:
                findings.append(result)
    return Report(tuple(sorted(set(findings))), len(documents), len(triples))
