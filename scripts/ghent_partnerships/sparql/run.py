"""Ask the graph, and read the answer as pyoxigraph's results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import pyoxigraph
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from ..errors import InvalidError, UsageError
from ..files import STANDARD_INPUT, read, standard_input
from ..process import CrashedError, isolated
from ..project.graph import LOADED, stored, triples
from ..project.location import chosen
from ..project.project import Project
from ..text import Text, quoted
from ..translation import message as _
from .library import bind, question
from .text import demand_reading

T = TypeVar("T")
Results = QuerySolutions | QueryBoolean | list[Triple]
_SECONDS = 60  # for one query
_TOO_MUCH = _("The query is nested too deep, or needs too much memory.")


def query(
    name: str, *, project: Project | str | PathLike[str] | None = None, **parameters: str | int | Iterable[str]
) -> Iterator[QuerySolution]:
    """Ask one of the questions of a project, by default of the nearest, and return its rows, each with a term, or None,
    by column name.

    Raises:
        UsageError: there is no project, no question of that name, its answer has no rows because it is a view, or a
            parameter is unknown or has the wrong kind of value.
        InvalidError: the graph has a syntax error, or the question cannot be answered.
    """
    project = chosen(project)
    values = {key: str(value) if isinstance(value, int) else value for key, value in parameters.items()}
    text = bind(question(name, project).text, values, project.prefixes)
    if (query_form := demand_reading(text, allow_service=False)) != "SELECT":
        problem = _(
            "{name}: a {form} query, whose answer has no rows; ask it with: ghent-partnerships query {name}",
            name=name,
            form=query_form,
        )
        raise UsageError(problem)
    results = _unpacked(run(text, name, contents_of(project.graph_files()), _packed))
    assert isinstance(results, QuerySolutions)
    return iter(results)


def _loadable(contents: Mapping[Path, bytes]) -> Mapping[Path, bytes]:
    """The contents of files in syntaxes that a store loads; of the others, the triples that are read from them.

    Raises:
        InvalidError: one of the others cannot be read.
    """
    if all(file.suffix in LOADED for file in contents):
        return contents
    from ..rdf import parse

    texts = {}
    for file, content in contents.items():
        if file.suffix in LOADED:
            texts[file] = content
            continue
        document = parse.standard_input(content) if file == STANDARD_INPUT else parse.parse(file, content)
        if document.findings:
            raise InvalidError(document.findings)
        texts[file.absolute().with_suffix(".nt")] = serialize(document.triples, format=_GRAPH) or b""
    return texts


def contents_of(files: Iterable[Path]) -> dict[Path, bytes]:
    """What files hold, by their paths; ``-`` is standard input.

    Raises:
        UsageError: a file cannot be read.
    """
    return {file: standard_input() if file == STANDARD_INPUT else read(file) for file in files}


def run(
    text: str,
    name: str,
    contents: Mapping[Path, bytes],
    use: Callable[[Results], T],
    *,
    base: str | None = None,
    allow_network: bool = False,
    named: Mapping[str, bytes] = MappingProxyType({}),
) -> T:
    """Run a query over the graph in files of these contents, and return what ``use`` makes of its results; ``name`` is
    what findings call its text, and ``base`` the IRI that its relative IRIs are resolved against. ``named`` are graphs
    beside that, as Turtle by their names, which only a GRAPH clause sees.

    Both happen in a separate process, which can open and fetch nothing, unless the network is allowed.

    Raises:
        UsageError: the query does not only read, or has a SERVICE clause although the network is not allowed.
        InvalidError: the query has a syntax error, or the graph has one, or the query cannot be answered.
    """
    demand_reading(text, allow_service=allow_network)
    texts = _loadable(contents)
    has_graphs = any(file.suffix in (".nq", ".trig") for file in texts)  # which a pattern outside GRAPH sees as well

    def work() -> tuple[T] | None:
        try:
            store = stored(texts)
        except SyntaxError:
            return None
        for graph, content in named.items():
            store.load(content, format=RdfFormat.TURTLE, to_graph=NamedNode(graph))
        with _refusals(name, allow_network=allow_network):
            return (_used(store, text, base, use, union=has_graphs),)

    try:
        done = _answered(work, {name: text}, network=allow_network)
    except CrashedError as error:
        raise _unanswered(name, _TOO_MUCH) from error
    if done is None:
        triples(contents)  # finds the fault in the graph, with its place
        raise AssertionError("the graph can be read")
    return done[0]


def ask(store: Store, texts: Mapping[str, str]) -> dict[str, Results]:
    """Run queries, which are given by name, over a store as ``run`` does, without the network, all in one process;
    return the results of each by its name, read to the end.

    Raises:
        UsageError: a query does not only read.
        InvalidError: one has a syntax error, or cannot be answered, or not within a minute.
    """
    if not texts:
        return {}
    for text in texts.values():
        demand_reading(text, allow_service=False)

    def work() -> dict[str, tuple[bytes, bool]]:
        packed = {}
        for name, text in texts.items():
            with _refusals(name, allow_network=False):
                packed[name] = _used(store, text, None, _packed)
        return packed

    try:
        return {name: _unpacked(packed) for name, packed in _answered(work, texts, _SECONDS * len(texts)).items()}
    except (CrashedError, TimeoutError) as error:
        if len(texts) > 1:  # which one was it?
            return {name: ask(store, {name: text})[name] for name, text in texts.items()}
        (name,) = texts
        message = _("The query was not answered within {seconds} seconds.", seconds=_SECONDS)
        if isinstance(error, CrashedError):
            message = _TOO_MUCH
        raise _unanswered(name, message) from error


def _used(store: Store, text: str, base: str | None, use: Callable[[Results], T], *, union: bool = False) -> T:
    results = store.query(text, base_iri=base, use_default_graph_as_union=union)
    return use(results if isinstance(results, QuerySolutions | QueryBoolean) else list(results))


def _packed(results: Results) -> tuple[bytes, bool]:
    """The results as bytes, and whether they are a graph. Whatever crashes who reads them does so here."""
    is_graph = isinstance(results, list)
    packed = serialize(results, format=_GRAPH) if isinstance(results, list) else results.serialize(format=_ROWS)
    assert packed is not None
    _unpacked((packed, is_graph))
    return packed, is_graph


def _unpacked(packed: tuple[bytes, bool]) -> Results:
    data, is_graph = packed
    if is_graph:
        return [quad.triple for quad in pyoxigraph.parse(data, format=_GRAPH)]
    return read_results(data, _ROWS)


class _NotSparqlError(Exception):
    """Oxigraph does not take the query of this name for SPARQL."""


class _UnansweredError(Exception):
    """Oxigraph cannot evaluate the query of this name, for this reason."""


@contextmanager
def _refusals(name: str, *, allow_network: bool) -> Iterator[None]:
    """Turn what Oxigraph raises for the query that is called ``name`` into what can leave the process."""
    try:
        yield
    except SyntaxError as error:
        raise _NotSparqlError(name) from error
    except OSError as error:
        if not allow_network:
            problem = _("{name}: the query asks another endpoint; allow it with --allow-network", name=name)
        else:
            reason = quoted(str(error))
            problem = _("{name}: the endpoint that it asks did not answer: {reason}", name=name, reason=reason)
        raise UsageError(problem) from error
    except RuntimeError as error:
        raise _UnansweredError(name, str(error)) from error


def _answered(
    work: Callable[[], T], texts: Mapping[str, str], seconds: float | None = None, *, network: bool = False
) -> T:
    """Do the work with the queries, by their names, in a process of its own, and make findings of its refusals here:
    what makes them is imported for a query that is wrong, not for each that is right.

    Raises:
        InvalidError: a query has a syntax error, or cannot be answered.
        CrashedError, TimeoutError: as for ``isolated``.
    """
    try:
        return isolated(work, seconds, network=network)
    except _NotSparqlError as error:
        from .syntax_errors import not_sparql

        (name,) = error.args
        raise InvalidError([isolated(partial(not_sparql, name, texts[name]), seconds)]) from error
    except _UnansweredError as error:
        name, reason = error.args
        raise _unanswered(name, _("The query cannot be evaluated: {error}.", error=quoted(reason))) from error


def _unanswered(name: str, message: Text) -> InvalidError:
    from ..findings import Finding, Location

    return InvalidError([Finding(message=message, location=Location(name))])


def read_results(data: bytes, results_format: QueryResultsFormat) -> QuerySolutions | QueryBoolean:
    """The results, once read to the end, so that a fault in the last row is found before the first is shown.

    Raises:
        SyntaxError, ValueError: the data are no results in this format.
    """
    checked = pyoxigraph.parse_query_results(data, results_format)
    if isinstance(checked, QuerySolutions):
        for _ in checked:
            pass
    return pyoxigraph.parse_query_results(data, results_format)


_ROWS, _GRAPH = QueryResultsFormat.JSON, RdfFormat.N_TRIPLES
