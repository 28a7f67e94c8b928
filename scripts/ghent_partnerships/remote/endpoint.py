"""A SPARQL 1.1 endpoint elsewhere, asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

from ..errors import UsageError
from ..process import CrashedError, isolated
from ..sparql.run import Results, read_results
from ..sparql.text import demand_reading
from ..translation import message as _

T = TypeVar("T")
_SECONDS = 60
_LONGEST_ADDRESS = 2000  # characters of a query; servers refuse addresses of some 8,000 bytes, in which most take three
_ROWS, _GRAPH = "application/sparql-results+json", "text/turtle"  # one each: some endpoints take a list for a mistake


def ask_endpoint(text: str, endpoint: str, use: Callable[[Results], T], *, allow_network: bool = False) -> T:
    """Run a query on a remote SPARQL 1.1 endpoint, and return what ``use`` makes of its results, in a separate process.

    ``endpoint`` is an http: or https: URL; ``allow_network`` allows SERVICE in the query.

    Raises:
        UsageError: the query does not only read, or the endpoint is out of reach or answers with something else.
    """
    query_form = demand_reading(text, allow_service=allow_network)
    if not endpoint.startswith(("http://", "https://")):
        problem = _("--endpoint {url}: not an endpoint (expected an http: or https: URL)", url=endpoint)
        raise UsageError(problem)
    import SPARQLWrapper  # noqa: F401  # once, and not in each process

    try:
        return isolated(lambda: use(_fetched(text, query_form, endpoint)), network=True)
    except CrashedError as error:
        problem = _("{url}: the endpoint did not answer with SPARQL results that can be read", url=endpoint)
        raise UsageError(problem) from error


def _fetched(text: str, query_form: str, endpoint: str) -> Results:
    """The results of the endpoint; ``query_form`` is that of the query, such as ``SELECT``."""
    from ast import literal_eval
    from http import HTTPStatus
    from http.client import HTTPException
    from urllib.error import HTTPError

    from SPARQLWrapper import POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint, agent="ghent-partnerships (https://w3id.org/ghent-partnerships/)")
    wrapper.setTimeout(_SECONDS)
    wrapper.setQuery("ASK {}")  # its own look at the text takes a comment for an update, and then sends one
    wrapper.queryString, wrapper.queryType = text, query_form
    if len(text) > _LONGEST_ADDRESS:
        wrapper.setMethod(POST)
    rows = query_form in ("SELECT", "ASK")
    wrapper.setOnlyConneg(True)  # beside the header it would send the format as three parameters
    wrapper.addCustomHttpHeader("Accept", _ROWS if rows else _GRAPH)
    try:
        answer = wrapper.query().response
        kind, body = answer.headers.get_content_type(), answer.read()
    except SPARQLWrapperException as error:
        written = str(error).partition("Response:")[2].strip()  # as Python writes bytes
        detail = _reason(literal_eval(written)) if written else ""
        problem = _("{url}: the endpoint refused the query: {reason}", url=endpoint, reason=detail or error.msg)
        raise UsageError(problem) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        if isinstance(error, HTTPError) and error.code >= HTTPStatus.BAD_REQUEST:
            detail = ": ".join(filter(None, (str(reason), _reason(error.read()))))
            problem = _("{url}: the endpoint did not answer the query: {reason}", url=endpoint, reason=detail)
        else:
            problem = _("{url}: the endpoint cannot be reached: {reason}", url=endpoint, reason=str(reason))
        raise UsageError(problem) from error
    try:
        return _answer(body, kind, rows=rows)
    except (SyntaxError, ValueError, KeyError) as error:
        problem = _("{url}: the endpoint did not answer with SPARQL results but with {kind}", url=endpoint, kind=kind)
        raise UsageError(problem) from error


def _reason(body: bytes) -> str:
    """The reason that an endpoint gives: the detail of RFC 9457, or the text of the body."""
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
    return read_results(body, results_format)
