"""A SPARQL 1.1 endpoint elsewhere, asked over HTTP."""

from __future__ import annotations

import json
import math
import random
import time
from ast import literal_eval
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import install_opener

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from ..errors import UsageError
from ..files import beginning
from ..process import CrashedError, isolated
from ..project.source import Row
from ..rdf.values import VIRTUOSO_WKT, WKT
from ..sparql.run import Results, read_results
from ..sparql.text import demand_reading
from ..text import quoted
from ..translation import either
from ..translation import message as _
from .answers import reason
from .http import AGENT, Access, checked, opener

T = TypeVar("T")
_PATIENCE = 600  # seconds for the whole of an answer, which could come in drops for ever
_MOST = 256 << 20  # bytes of an answer
_SHOWN = 100_000  # bytes of what an endpoint writes about an error
_LONGEST_ADDRESS = 2000  # characters of a query; servers refuse addresses of some 8,000 bytes, in which most take three
_PAUSES, _LONGEST_PAUSE = (1.0,), 30  # seconds before asking again
_BUSY = (429, 502, 503)
_ROWS, _TURTLE = "application/sparql-results+json", "text/turtle"  # one each: some endpoints take a list for a mistake
_WITH_ROWS = ("SELECT", "ASK")
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_WORDS = {"1": "true", "0": "false"}
_ASKED = "__ASK_RETVAL"  # the column in which Virtuoso answers an ASK query
_NODE = "nodeID://"  # what Virtuoso writes before the label of a blank node
_MARKS = (_ASKED.encode(), _BOOLEAN.encode(), VIRTUOSO_WKT.value.encode(), _NODE.encode(), b'"metadata"')


class Endpoint:
    """An endpoint of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/): a ``Source`` over HTTP.

    ``access`` is how it is asked. ``graphs`` are the IRIs of named graphs that are asked together as if they were the
    default graph; where none is given, that is what the endpoint takes for it. ``allow_network`` is whether its queries
    may ask further endpoints, by SERVICE. Its answers are those of a stranger: they are fetched and read in a process
    of their own, up to so many bytes and in so much time, and come with booleans as SPARQL has them, which Virtuoso
    writes as numbers.

    Raises:
        UsageError: the URL is none that can be asked, or a graph no IRI.
    """

    def __init__(
        self, url: str, access: Access | None = None, *, graphs: Sequence[str] = (), allow_network: bool = False
    ) -> None:
        self.url, self.access, self.graphs = checked(url), access or Access(), tuple(map(_iri, graphs))
        self._allow_network = allow_network

    def of(self, graphs: Sequence[str]) -> Endpoint:
        """The same endpoint, of which these graphs are asked."""
        return Endpoint(self.url, self.access, graphs=graphs, allow_network=self._allow_network)

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

    def results(self, text: str, use: Callable[[Results], T], *, graph_type: str = _TURTLE) -> T:
        """Return what ``use`` makes of the results of a query, in a process of their own; where they are a graph, it is
        asked for in the ``graph_type``.

        Raises:
            UsageError: the query does not only read, or has a SERVICE clause that is not allowed, or the endpoint is
                out of reach, refuses the query or answers with something else, with too much or too slowly.
        """
        return self._asked(text, self._form(text), use, graph_type)

    def _asked(self, text: str, query_form: str, use: Callable[[Results], T], graph_type: str) -> T:
        """What is made of the results of a query, whose query form is given."""
        media_type = _ROWS if query_form in _WITH_ROWS else graph_type
        import SPARQLWrapper  # noqa: F401  # once, and not in each process

        opener(self.access)  # here, whose process keeps it
        try:
            return isolated(lambda: use(_fetched(self, text, query_form, media_type)), _PATIENCE, network=True)
        except TimeoutError as error:
            problem = _("{url}: the endpoint did not answer within {seconds} seconds", url=self.url, seconds=_PATIENCE)
            raise UsageError(problem) from error
        except CrashedError as error:
            problem = _("{url}: the endpoint did not answer with SPARQL results that can be read", url=self.url)
            raise UsageError(problem) from error

    def _of_form(self, text: str, forms: tuple[str, ...], use: Callable[[Results], T]) -> T:
        if (form := self._form(text)) not in forms:
            raise UsageError(_("a {form} query where {names} is expected", form=form, names=either(forms)))
        return self._asked(text, form, use, _TURTLE)

    def _form(self, text: str) -> str:
        return demand_reading(text, allow_service=self._allow_network)


def _iri(graph: str) -> str:
    try:
        return NamedNode(graph).value
    except ValueError as error:
        raise UsageError(_("{graph}: the name of a graph is an IRI", graph=graph)) from error


def _rows(results: Results) -> list[Row]:
    assert isinstance(results, QuerySolutions)
    names = [variable.value for variable in results.variables]
    return [
        {name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in results
    ]


def _triples(results: Results) -> list[Triple]:
    assert isinstance(results, list)
    return results


def _fetched(endpoint: Endpoint, text: str, query_form: str, media_type: str) -> Results:
    """The results of a query, whose query form is given, asked for in a media type."""
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    url = endpoint.url
    try:
        kind, body = _answered(endpoint, text, query_form, media_type)
    except SPARQLWrapperException as error:
        written = str(error).partition("Response:")[2].strip()  # as Python writes bytes
        words = quoted((reason(literal_eval(written)) if written else "") or error.msg)
        problem = _("{url}: the endpoint refused the query: {reason}", url=url, reason=words)
        raise UsageError(problem) from error
    except (OSError, HTTPException, ValueError) as error:
        words = str(getattr(error, "reason", None) or error)
        if isinstance(error, HTTPError) and error.code >= HTTPStatus.BAD_REQUEST:
            words = quoted(": ".join(filter(None, (words, reason(error.read(_SHOWN))))))
            problem = _("{url}: the endpoint did not answer the query: {reason}", url=url, reason=words)
        else:
            problem = _("{url}: the endpoint cannot be reached: {reason}", url=url, reason=quoted(words))
        raise UsageError(problem) from error
    if len(body) > _MOST:
        problem = _("{url}: the answer is longer than {most} MiB; ask for less", url=url, most=_MOST >> 20)
        raise UsageError(problem)
    try:
        return _parsed(body, kind, query_form)
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = _("{url}: the endpoint did not answer with SPARQL results but with {kind}", url=url, kind=kind)
        if _format_of(kind, query_form) is not None:
            problem = _("{url}: the answer in {kind} is cut off, or none to this query", url=url, kind=kind)
        raise UsageError(problem) from error


def _answered(endpoint: Endpoint, text: str, query_form: str, media_type: str) -> tuple[str, bytes]:
    """The media type and the beginning of what the endpoint answers; it is asked again where it is busy or cut off."""
    from SPARQLWrapper import POST, SPARQLWrapper

    install_opener(opener(endpoint.access))  # that of SPARQLWrapper
    wrapper = SPARQLWrapper(endpoint.url, agent=AGENT)
    wrapper.setTimeout(math.ceil(endpoint.access.seconds))
    wrapper.setQuery("ASK {}")  # SPARQLWrapper's parser takes a comment for an update, and then sends one
    wrapper.queryString, wrapper.queryType = text, query_form
    for graph in endpoint.graphs:
        wrapper.addDefaultGraph(graph)
    if len(text) > _LONGEST_ADDRESS:
        wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)  # beside the header it would send the format as three parameters
    wrapper.addCustomHttpHeader("Accept", media_type)
    for pause in _PAUSES:
        try:
            return _read(wrapper.query().response)
        except HTTPError as error:
            stated = error.headers.get("Retry-After", "")
            wait = max(pause, int(stated[:9]) if stated.isascii() and stated.isdecimal() else 0)
            if error.code not in _BUSY or wait > _LONGEST_PAUSE:
                raise
        except (URLError, HTTPException, ConnectionError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise
            wait = pause
        time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311
    return _read(wrapper.query().response)


def _read(answer: HTTPResponse) -> tuple[str, bytes]:
    with answer:
        body = beginning(answer, _MOST + 1)
        if answer.length and len(body) <= _MOST:  # half of N-Triples looks like all of them
            raise IncompleteRead(body[:0], answer.length)
        return answer.headers.get_content_type(), body


def _format_of(kind: str, query_form: str) -> QueryResultsFormat | RdfFormat | None:
    return (QueryResultsFormat if query_form in _WITH_ROWS else RdfFormat).from_media_type(kind)


def _parsed(body: bytes, kind: str, query_form: str) -> Results:
    results_format = _format_of(kind, query_form)
    if results_format is None:
        raise ValueError(kind)
    if isinstance(results_format, RdfFormat):
        return list(dict.fromkeys(_as_written(quad.triple) for quad in pyoxigraph.parse(body, format=results_format)))
    if results_format == QueryResultsFormat.JSON and any(mark in body for mark in _MARKS):
        body = _mended(body, query_form)
    results = read_results(body, results_format)
    if isinstance(results, QueryBoolean) != (query_form == "ASK"):
        raise ValueError(query_form)
    return results


def _mended(body: bytes, query_form: str) -> bytes:
    """Results without what stores write in ways of their own. Virtuoso has the booleans of XML Schema as 1 and 0, which
    are the same values, the answer of an ASK query as such a number in a row or as no row, a name of its own for the
    datatype of geometries, and names of blank nodes that are no labels; Comunica adds metadata."""
    document = json.loads(body)
    head = {"vars": document["head"].get("vars", [])}
    if "boolean" in document:
        return json.dumps({"head": {}, "boolean": document["boolean"]}).encode()
    rows = document["results"]["bindings"]
    if query_form == "ASK" and head["vars"] == [_ASKED]:
        yes = any(row[_ASKED]["value"] == "1" for row in rows)
        return json.dumps({"head": {}, "boolean": yes}).encode()
    for row in rows:
        for term in row.values():
            if term["type"] == "bnode":
                term["value"] = term["value"].removeprefix(_NODE)
            if term.get("datatype") == _BOOLEAN:
                term["value"] = _WORDS.get(term["value"], term["value"])
            elif term.get("datatype") == VIRTUOSO_WKT.value:
                term["datatype"] = WKT.value
    return json.dumps({"head": head, "results": {"bindings": rows}}).encode()


def _as_written(triple: Triple) -> Triple:
    """The triple as it was before Virtuoso wrote its booleans and geometries in ways of its own."""
    value = triple.object
    if not isinstance(value, Literal):
        return triple
    if value.datatype.value == _BOOLEAN and value.value in _WORDS:
        return Triple(triple.subject, triple.predicate, Literal(_WORDS[value.value], datatype=value.datatype))
    if value.datatype == VIRTUOSO_WKT:
        return Triple(triple.subject, triple.predicate, Literal(value.value, datatype=WKT))
    return triple
