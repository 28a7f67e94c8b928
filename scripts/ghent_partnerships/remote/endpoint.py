"""A SPARQL 1.1 endpoint elsewhere, asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

import pyoxigraph
from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from ..errors import UsageError
from ..files import beginning
from ..process import CrashedError, isolated
from ..project.source import Row
from ..sparql.run import Results, read_results
from ..sparql.text import demand_reading
from ..text import quoted
from ..translation import either
from ..translation import message as _

T = TypeVar("T")
_SECONDS = 60  # that an endpoint may be silent
_PATIENCE = 300  # seconds for the whole of an answer, which could come in drops for ever
_MOST = 256 << 20  # bytes of an answer
_SHOWN = 100_000  # bytes of what an endpoint writes about an error
_LONGEST_ADDRESS = 2000  # characters of a query; servers refuse addresses of some 8,000 bytes, in which most take three
_ROWS, _GRAPH = "application/sparql-results+json", "text/turtle"  # one each: some endpoints take a list for a mistake
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_WORDS = {"1": "true", "0": "false"}
_ASKED = "__ASK_RETVAL"  # the column in which Virtuoso answers an ASK query
_MARKS = (_ASKED.encode(), _BOOLEAN.encode(), b'"metadata"')


class Endpoint:
    """An endpoint of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/): a ``Source`` over HTTP.

    ``allow_network`` is whether its queries may ask further endpoints, by SERVICE. Its answers are those of a stranger:
    they are fetched and read in a process of their own, up to so many bytes and in so much time, and come with
    booleans as SPARQL has them, which Virtuoso writes as numbers.

    Raises:
        UsageError: the URL is not of HTTP.
    """

    def __init__(self, url: str, *, allow_network: bool = False) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(_("--endpoint {url}: not an endpoint (expected an http: or https: URL)", url=url))
        self.url, self._allow_network = url, allow_network

    def select(self, text: str) -> list[Row]:
        """Return the rows of a SELECT query, in order.

        Raises:
            UsageError: as for ``results``, or it is another query form.
        """
        return self._of_form(text, ("SELECT",), _rows)

    def construct(self, text: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query.

        Raises:
            UsageError: as for ``results``, or it is another query form.
        """
        return self._of_form(text, ("CONSTRUCT", "DESCRIBE"), _triples)

    def ask(self, text: str) -> bool:
        """Return the answer of an ASK query.

        Raises:
            UsageError: as for ``results``, or it is another query form.
        """
        return self._of_form(text, ("ASK",), bool)

    def results(self, text: str, use: Callable[[Results], T]) -> T:
        """Return what ``use`` makes of the results of a query, in a process of their own.

        Raises:
            UsageError: the query does not only read, or has a SERVICE clause that is not allowed, or the endpoint is
                out of reach, refuses the query or answers with something else, with too much or too slowly.
        """
        query_form = demand_reading(text, allow_service=self._allow_network)
        import SPARQLWrapper  # noqa: F401  # once, and not in each process

        try:
            return isolated(lambda: use(_fetched(text, query_form, self.url)), _PATIENCE, network=True)
        except TimeoutError as error:
            problem = _("{url}: the endpoint did not answer within {seconds} seconds", url=self.url, seconds=_PATIENCE)
            raise UsageError(problem) from error
        except CrashedError as error:
            problem = _("{url}: the endpoint did not answer with SPARQL results that can be read", url=self.url)
            raise UsageError(problem) from error

    def _of_form(self, text: str, forms: tuple[str, ...], use: Callable[[Results], T]) -> T:
        if (form := demand_reading(text, allow_service=self._allow_network)) not in forms:
            raise UsageError(_("a {form} query where {names} is expected", form=form, names=either(forms)))
        return self.results(text, use)


def _rows(results: Results) -> list[Row]:
    assert isinstance(results, QuerySolutions)
    names = [variable.value for variable in results.variables]
    return [
        {name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in results
    ]


def _triples(results: Results) -> list[Triple]:
    assert isinstance(results, list)
    return results


def _fetched(text: str, query_form: str, endpoint: str) -> Results:
    """The results of a query, whose query form is given, at an endpoint."""
    from ast import literal_eval
    from http import HTTPStatus
    from http.client import HTTPException
    from urllib.error import HTTPError

    from SPARQLWrapper import POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint, agent="ghent-partnerships (https://w3id.org/ghent-partnerships/)")
    wrapper.setTimeout(_SECONDS)
    wrapper.setQuery("ASK {}")  # SPARQLWrapper's parser takes a comment for an update, and then sends one
    wrapper.queryString, wrapper.queryType = text, query_form
    if len(text) > _LONGEST_ADDRESS:
        wrapper.setMethod(POST)
    rows = query_form in ("SELECT", "ASK")
    wrapper.setOnlyConneg(True)  # beside the header it would send the format as three parameters
    wrapper.addCustomHttpHeader("Accept", _ROWS if rows else _GRAPH)
    try:
        answer = wrapper.query().response
        kind, body = answer.headers.get_content_type(), beginning(answer, _MOST + 1)
    except SPARQLWrapperException as error:
        written = str(error).partition("Response:")[2].strip()  # as Python writes bytes
        reason = quoted((_reason(literal_eval(written)) if written else "") or error.msg)
        problem = _("{url}: the endpoint refused the query: {reason}", url=endpoint, reason=reason)
        raise UsageError(problem) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = str(getattr(error, "reason", None) or error)
        if isinstance(error, HTTPError) and error.code >= HTTPStatus.BAD_REQUEST:
            reason = quoted(": ".join(filter(None, (reason, _reason(error.read(_SHOWN))))))
            problem = _("{url}: the endpoint did not answer the query: {reason}", url=endpoint, reason=reason)
        else:
            problem = _("{url}: the endpoint cannot be reached: {reason}", url=endpoint, reason=quoted(reason))
        raise UsageError(problem) from error
    if len(body) > _MOST:
        problem = _("{url}: the answer is longer than {most} MiB; ask for less", url=endpoint, most=_MOST >> 20)
        raise UsageError(problem)
    try:
        return _answer(body, kind, query_form)
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = _("{url}: the endpoint did not answer with SPARQL results but with {kind}", url=endpoint, kind=kind)
        raise UsageError(problem) from error


def _reason(body: bytes) -> str:
    """The reason that an endpoint gives: the ``detail`` of a problem (RFC 9457), or the start of any other text."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace").strip()[:500]


def _answer(body: bytes, kind: str, query_form: str) -> Results:
    if query_form not in ("SELECT", "ASK"):
        rdf_format = RdfFormat.from_media_type(kind)
        if rdf_format is None:
            raise ValueError(kind)
        return list(dict.fromkeys(_with_boolean(quad.triple) for quad in pyoxigraph.parse(body, format=rdf_format)))
    results_format = QueryResultsFormat.from_media_type(kind)
    if results_format is None:
        raise ValueError(kind)
    if results_format == QueryResultsFormat.JSON and any(mark in body for mark in _MARKS):
        body = _mended(body, query_form)
    results = read_results(body, results_format)
    if isinstance(results, QueryBoolean) != (query_form == "ASK"):
        raise ValueError(query_form)
    return results


def _mended(body: bytes, query_form: str) -> bytes:
    """Results without what stores write in ways of their own. Virtuoso has the booleans of XML Schema as 1 and 0, which
    are the same values, and the answer of an ASK query as such a number in a row; Comunica adds metadata."""
    document = json.loads(body)
    head = {"vars": document["head"].get("vars", [])}
    if "boolean" in document:
        return json.dumps({"head": {}, "boolean": document["boolean"]}).encode()
    rows = document["results"]["bindings"]
    if query_form == "ASK" and head["vars"] == [_ASKED]:
        (row,) = rows
        return json.dumps({"head": {}, "boolean": row[_ASKED]["value"] == "1"}).encode()
    for row in rows:
        for term in row.values():
            if term.get("datatype") == _BOOLEAN:
                term["value"] = _WORDS.get(term["value"], term["value"])
    return json.dumps({"head": head, "results": {"bindings": rows}}).encode()


def _with_boolean(triple: Triple) -> Triple:
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value == _BOOLEAN and value.value in _WORDS:
        return Triple(triple.subject, triple.predicate, Literal(_WORDS[value.value], datatype=value.datatype))
    return triple
