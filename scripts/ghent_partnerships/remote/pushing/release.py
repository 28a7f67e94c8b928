"""What is pushed to a store: the named graphs of what ``publish`` wrote, or of files of RDF."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from ...dist import SITE
from ...errors import InvalidError, UsageError
from ...files import inside, read, reason, shown
from ...findings import Finding, Location
from ...project.graph import LOADED
from ...rdf.bounds import are_plain
from ...rdf.namespaces import expand
from ...rdf.refusals import may_be_newer, newer
from ...rdf.sorted import SortedGraph
from ...text import Text, quoted
from ...translation import message as _
from .marker import SPACE

SUFFIXES = frozenset(LOADED)  # which are read a statement at a time


@dataclass(frozen=True)
class Release:
    """What is pushed, in a version: each of its graphs by its IRI. ``target`` is what it replaces in the store, and
    what ``undo`` brings back: the data set, given by its IRI, or, of a file, just these graphs. What a data set lacks,
    the store shall lack as well."""

    target: str
    version: str
    graphs: dict[str, SortedGraph]


@contextmanager
def release(path: Path, graph: str = "", report: Callable[[Text], None] = lambda _stage: None) -> Iterator[Release]:
    """Read a directory that ``publish`` wrote, or a file of N-Quads, TriG, N-Triples or Turtle; ``graph`` is the IRI of
    the graph that statements in no graph belong to, by default the IRI of the data set, and ``report`` is told.

    Raises:
        InvalidError: the file cannot be parsed.
        UsageError: there is no such directory or file, or a statement is in no graph.
    """
    report(_("reading {path}", path=shown(path)))
    path, dataset = _source(path, graph)
    with ExitStack() as kept:
        graphs: dict[str, SortedGraph] = {}
        version, stated = "", (NamedNode(expand("dcat:version")), NamedNode(dataset or "urn:x"))
        for quad in _quads(path):
            name = _name(path, quad, graph or dataset)
            if name not in graphs:
                graphs[name] = kept.enter_context(SortedGraph())
            graphs[name].add(quad.triple)
            if (quad.predicate, quad.subject) == stated and isinstance(quad.object, Literal):
                version = quad.object.value
        if not graphs:
            raise UsageError(_("{path}: there is no statement in it", path=shown(path)))
        for content in graphs.values():
            content.finish()
        yield Release(dataset or _graphs(graphs), version, graphs)


def target(path: Path, graph: str = "") -> str:
    """The target of the release in a directory or a file, as ``release`` reads them, of which no statement is kept.

    Raises:
        InvalidError, UsageError: as ``release``.
    """
    path, dataset = _source(path, graph)
    return dataset or _graphs({_name(path, quad, graph) for quad in _quads(path)})


def _graphs(graphs: Iterable[str]) -> str:
    """The target of a file with these graphs, which no IRI of a data set is."""
    return "".join(f"<{graph}>" for graph in sorted(graphs))


def _source(path: Path, graph: str) -> tuple[Path, str]:
    """The file to read, and the IRI of the data set, which a file that ``publish`` did not write lacks."""
    dataset = ""
    try:
        NamedNode(graph or "urn:x")
    except ValueError as error:
        raise UsageError(_("{graph}: the name of a graph is an IRI", graph=graph)) from error
    if inside(path).is_dir():
        path, dataset = _of_site(path)
    if path.suffix not in LOADED:
        problem = _(
            "{path}: neither a directory that publish wrote nor a file whose name ends in {suffixes}",
            path=path,
            suffixes=", ".join(sorted(LOADED)),
        )
        raise UsageError(problem)
    return path, dataset


def _of_site(directory: Path) -> tuple[Path, str]:
    """The file with the graphs of a directory that ``publish`` wrote, and the IRI of the data set."""
    try:
        site = json.loads(read(directory / SITE))
        dataset, stem = site["dataset"], site["stem"]
        if not all(isinstance(value, str) and value for value in (dataset, stem)) or Path(stem).name != stem:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = _("{path}: another version of the package published it; publish again", path=directory)
        raise UsageError(problem) from error
    named = directory / f"{stem}.nq"
    return (named if named.is_file() else directory / f"{stem}.nt"), dataset


def _quads(path: Path) -> Iterator[Quad]:
    """The statements of a file; of N-Quads and N-Triples it may have more than fit into memory."""
    rdf_format = LOADED[path.suffix]
    try:
        with inside(path).open("rb") as file:
            if rdf_format in (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES):
                is_plain = are_plain(file)
            else:
                text = read(path).decode("utf-8", "replace")
                is_plain = not ("<<" in text or may_be_newer(text, rdf_format)) or newer(text, rdf_format) is None
            if not is_plain:
                raise _newer(path)
            file.seek(0)
            yield from pyoxigraph.parse(file, format=rdf_format, base_iri=path.resolve().as_uri())
    except SyntaxError as error:
        location = Location(shown(path), error.lineno or 1, error.offset or 1)
        message = _("This cannot be parsed: {reason}.", reason=quoted(error.msg or ""))
        raise InvalidError([Finding(message=message, location=location)]) from error
    except OSError as error:
        raise UsageError(_("{path}: cannot be read: {reason}", path=path, reason=reason(error))) from error


def _newer(path: Path) -> UsageError:
    problem = _("{path}: has statements of RDF 1.2, which many stores do not take, or too long ones", path=shown(path))
    return UsageError(problem)


def _name(path: Path, quad: Quad, graph: str) -> str:
    """The IRI of the graph of a statement, which is none that pushing makes."""
    name = _stated_name(path, quad, graph)
    if name.lower().startswith(SPACE):
        problem = _("<{graph}>: graphs below {space} are those of push itself; name another", graph=name, space=SPACE)
        raise UsageError(problem)
    return name


def _stated_name(path: Path, quad: Quad, graph: str) -> str:
    if getattr(quad.object, "direction", None):
        raise _newer(path)
    if isinstance(quad.graph_name, DefaultGraph):
        if not graph:
            problem = _("{path}: has statements in no named graph; name one with --graph IRI", path=shown(path))
            raise UsageError(problem)
        return graph
    if isinstance(quad.graph_name, BlankNode):
        raise UsageError(_("{path}: the name of a graph is a blank node, and no IRI", path=shown(path)))
    return quad.graph_name.value
