"""Ask the graph, or a remote SPARQL endpoint, and read the answer as pyoxigraph's results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolution, QuerySolutions, RdfFormat, Triple

from .errors import InvalidError, UsageError
from .findings import Finding
from .loading import load_store
from .questions import bind, question
from .sparql_text import demand_reading
from .syntax_errors import not_sparql

Results = QuerySolutions | QueryBoolean | list[Triple]
_SECONDS = 60
_LONGEST_ADDRESS = 2000  # characters of a query; servers refuse addresses of some 8,000 bytes, in which most take three


def query(name: str, **parameters: str | int | Iterable[str]) -> Iterator[QuerySolution]:
    """Ask one of the questions of ``queries/`` and return its rows, each with a term, or None, by column name.

    Raises:
        UsageError: there is no question of that name, its answer has no rows because it is a view, or a parameter is
            unknown or has the wrong kind of value.
    """
    values = {key: str(value) if isinstance(value, int) else value for key, value in parameters.items()}
    text = bind(question(name).text, values)
    if (form := demand_reading(text, allow_service=False)) != "SELECT":
        raise UsageError(
            f"{name}: a {form} query, whose answer has no rows; ask it with: ghent-partnerships query {name}"
        )
    results = run(text, name)
    assert isinstance(results, QuerySolutions)
    return iter(results)


def run(text: str, name: str, *, allow_network: bool = False) -> Results:
    """Run a query over the graph; ``name`` is what findings call its text.

    Raises:
        UsageError: the query does not only read, or has a SERVICE clause although the network is not allowed.
        InvalidError: the query has a syntax error, or the graph has one.
    """
    demand_reading(text, allow_service=allow_network)
    with failing_as_ours(name, text):
        results = load_store().query(text)
        return results if isinstance(results, QuerySolutions | QueryBoolean) else list(results)


@contextmanager
def failing_as_ours(name: str, text: str) -> Iterator[None]:
    """Turn what Oxigraph raises for the query that is called ``name`` into this package's exceptions."""
    try:
        yield
    except SyntaxError as error:
        raise InvalidError([not_sparql(name, text)]) from error
    except OSError as error:
        raise UsageError(f"{name}: the endpoint that it asks did not answer: {error}") from error
    except RuntimeError as error:
        raise InvalidError([Finding(name, 1, 1, f"The query cannot be evaluated: {error}.")]) from error


def ask_endpoint(text: str, endpoint: str, *, allow_network: bool = False) -> Results:
    """Run a query on a remote SPARQL 1.1 endpoint.

    Raises:
        UsageError: the query does not only read, or the endpoint is out of reach or answers with something else.
    """
    form = demand_reading(text, allow_service=allow_network)
    if not endpoint.startswith(("http://", "https://")):
        raise UsageError(f"{endpoint}: not an endpoint (expected an http: or https: URL)")
    from ast import literal_eval
    from http import HTTPStatus
    from http.client import HTTPException
    from urllib.error import HTTPError

    from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint, agent="ghent-partnerships (https://w3id.org/ghent-partnerships/)")
    wrapper.setTimeout(_SECONDS)
    wrapper.setQuery("ASK {}")  # its own look at the text takes a comment for an update, and then sends one
    wrapper.queryString, wrapper.queryType = text, form
    if len(text) > _LONGEST_ADDRESS:
        wrapper.setMethod(POST)
    rows = form in ("SELECT", "ASK")
    wrapper.setReturnFormat(JSON if rows else TURTLE)
    try:
        answer = wrapper.query().response
        kind, body = answer.headers.get_content_type(), answer.read()
    except SPARQLWrapperException as error:
        written = str(error).partition("Response:")[2].strip()  # as Python writes bytes
        told = _told(literal_eval(written)) if written else ""
        raise UsageError(f"{endpoint}: the endpoint refused the query: {told or error.msg}") from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        if isinstance(error, HTTPError) and error.code >= HTTPStatus.BAD_REQUEST:
            told = ": ".join(filter(None, (str(reason), _told(error.read()))))
            raise UsageError(f"{endpoint}: the endpoint did not answer the query: {told}") from error
        raise UsageError(f"{endpoint}: the endpoint cannot be reached: {reason}") from error
    try:
        return _answer(body, kind, rows=rows)
    except (SyntaxError, ValueError, KeyError) as error:
        raise UsageError(f"{endpoint}: the endpoint did not answer with SPARQL results but with {kind}") from error


def _told(body: bytes) -> str:
    """What an endpoint says went wrong, as RFC 9457 has it or in words of its own."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace").strip()[:500]


def _answer(body: bytes, kind: str, *, rows: bool) -> Results:
    if not rows:
        rdf_format = RdfFormat.from_media_type(kind)
        if rdf_format is None:
            raise ValueError(kind)
        return [quad.triple for quad in pyoxigraph.parse(body, format=rdf_format)]
    results_format = QueryResultsFormat.from_media_type(kind)
    if results_format is None:
        raise ValueError(kind)
    checked = pyoxigraph.parse_query_results(body, results_format)
    if isinstance(checked, QuerySolutions):
        for _ in checked:  # read once to the end, so that a fault in the last row is found before the first is shown
            pass
    return pyoxigraph.parse_query_results(body, results_format)
