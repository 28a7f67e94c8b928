"""Check RDF against SHACL shapes, and say of each finding where it stands and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from os import PathLike
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from . import reading, shacl
from .executables import executables
from .files import expand, graph_files, ontology_files, own_file, query_files, shapes_file, style_file
from .findings import Finding, Report
from .isolation import CrashedError, isolated
from .places import Whereabouts
from .reading import Document
from .results import Result, UnusableError
from .shapes import Shapes, focus_nodes

_QUERY = ".rq"
Files = str | PathLike[str] | Iterable[str | PathLike[str]]


def validate(files: Files = (), *, shapes: Files = (), thorough: bool = False) -> Report:
    """Check the graph with the files in it; or, given shapes, only the files against those.

    With the graph are checked its ontology, shapes and queries, against ``ontology/style.ttl``. A file that is one of
    ours (the same path, or the same path under ``data/``, ``ontology/`` or ``queries/``) takes its place, any other is
    added: RDF to the graph, a query to the queries; a directory stands for every such file under it. Syntax errors are
    findings, and the other files are still checked. ``thorough`` is pySHACL on everything, the authority; else what the
    fast engine knows is left to it.

    Raises:
        UsageError: a path is missing, unreadable or no regular file, or is neither RDF nor, among ours, a query; or a
            directory holds no such file.
    """
    given, theirs = _listed(files), _listed(shapes)
    if not theirs:
        return check_own(own(expand(given, reading.SUFFIXES | {_QUERY})), thorough=thorough)
    data, rules = ([reading.parse(file) for file in expand(paths, reading.SUFFIXES)] for paths in (given, theirs))
    return check(data, rules, every_shape=False, thorough=thorough)


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


def check_own(documents: Own, *, thorough: bool = False) -> Report:
    """Check our graph against its shapes; and the ontology, the shapes and the queries against their style.

    The triples that are counted are those of the graph; the files are all.
    """
    about = described(documents)
    graph = check(documents.graph, [documents.shapes], every_shape=True, thorough=thorough)
    style = check(about, [documents.style], every_shape=True, thorough=thorough)
    files = {document.path for document in (*documents.graph, *about)}
    findings = tuple(sorted({*graph.findings, *style.findings}))
    return Report(findings, len(files), graph.triples, {**graph.texts, **style.texts})


def check(data: Sequence[Document], rules: Sequence[Document], *, every_shape: bool, thorough: bool = False) -> Report:
    """Check documents against the shapes in others; ``every_shape`` demands that each shape finds a focus node.

    ``thorough`` is pySHACL on everything; else what the fast engine knows is left to it.
    """
    documents = [*data, *rules]
    findings = [finding for document in documents for finding in document.findings]
    triples = list(dict.fromkeys(chain.from_iterable(document.triples for document in data)))
    if all(document.readable for document in rules):
        findings += _of_shapes(data, rules, triples, every_shape=every_shape, thorough=thorough)
    texts = {document.name: document.text for document in documents}
    found = {finding.file for finding in findings}
    known = {name: text for name, text in texts.items() if name in found}
    return Report(tuple(sorted(set(findings))), len(documents), len(triples), known)


def _of_shapes(
    data: Sequence[Document], rules: Sequence[Document], triples: Sequence[Triple], *, every_shape: bool, thorough: bool
) -> Iterator[Finding]:
    shapes = Shapes(chain.from_iterable(document.triples for document in rules))
    where = Whereabouts(data, rules)
    complete = all(document.readable for document in data)
    if complete:
        yield from shacl.unused(focus_nodes(shapes, triples), where, every_shape=every_shape)
    try:
        results = _results(triples, shapes, thorough=thorough)
    except UnusableError as error:
        yield where.in_rules(f"The shapes cannot be used: {error.message}.", "", error.shape)
        return
    if not complete:  # where a file could not be read, what refers to the resources in it is not to blame
        described = {triple.subject for triple in triples}
        results = [one for one in results if not isinstance(one.value, NamedNode) or one.value in described]
    yield from shacl.findings(results, shapes, where)


def _results(triples: Sequence[Triple], shapes: Shapes, *, thorough: bool) -> list[Result]:
    """What the engines find, in a process that is killed when it takes too long: a pattern or a query may never end."""
    from . import fast

    if not thorough and fast.knows(shapes):
        try:
            return _bounded(lambda: list(fast.results(triples, shapes)), _SECONDS + len(triples) / _FAST)
        except fast.UnsureError:
            pass
    from .thorough import results

    return _bounded(lambda: list(results(triples, shapes)), _SECONDS + len(triples) / _THOROUGH)


def _bounded(work: Callable[[], list[Result]], seconds: float) -> list[Result]:
    try:
        return isolated(work, seconds)
    except TimeoutError as error:
        raise UnusableError(f"after {seconds:,.0f} seconds they were still at it, and were stopped") from error
    except CrashedError as error:
        raise UnusableError("they crashed the engine that was to use them") from error


_SECONDS, _FAST, _THOROUGH = 60, 5_000, 20  # and triples a second, far fewer than either needs on a slow machine
