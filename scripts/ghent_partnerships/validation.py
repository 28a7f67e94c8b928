"""Check RDF against SHACL shapes with pySHACL, and say of each finding where it stands and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from os import PathLike
from pathlib import Path

from pyoxigraph import NamedNode

from . import reading
from .files import expand, graph_files, own_file, shapes_file
from .findings import Finding
from .places import Whereabouts
from .reading import Document

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

    A file that is one of the graph's own (the same path, or the same path under ``data/``) takes its place, any other
    is added; a directory stands for every RDF file under it. Syntax errors are findings, and the other files are
    still checked.

    Raises:
        UsageError: a path is missing, unreadable, no regular file or not RDF, or a directory holds no RDF file.
    """
    given, theirs = (
        expand(map(Path, [paths] if isinstance(paths, str | PathLike) else paths), reading.SUFFIXES)
        for paths in (files, shapes)
    )
    if theirs:
        data, rules = [reading.parse(file) for file in given], [reading.parse(file) for file in theirs]
    else:
        data, rules = _own_with(given)
    return check(data, rules, every_shape=not theirs)


def _own_with(given: Sequence[Path]) -> tuple[list[Document], list[Document]]:
    """The documents of the graph and of its shapes, the given ones in the place of those they stand for."""
    instead: dict[Path, Path] = {}
    added: list[Path] = []
    for file in given:
        own = own_file(file)
        if own is None:
            added.append(file)
        else:
            instead[own] = file
    ours = [instead.get(file, file) for file in graph_files()]
    first = [file for file in given if file in ours or file in added]  # where a person looks first for what is wrong
    data = [reading.parse(file) for file in dict.fromkeys([*first, *ours])]
    return data, [reading.parse(instead.get(shapes_file(), shapes_file()))]


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
