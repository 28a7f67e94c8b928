"""The SPARQL 1.1 Protocol, read-only: what a request asks, or what is wrong with it. What is in a query is for the
process that answers it: here, where all wait, nobody reads it.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus

from ..text import Text
from ..translation import message as _
from . import negotiation, requests
from .limits import Limits
from .problems import Problem
from .workers.engine import GRAPHS, RESULTS, Order

RESULT_TYPES, GRAPH_TYPES = tuple(RESULTS), tuple(GRAPHS)
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
Formats = tuple[str | None, str | None]  # the media types of rows and of a graph; None: not acceptable
_FORM_NAMES = ("format", "output", "results")  # as Virtuoso, Fuseki and others name the format; SPARQLWrapper sends all
_NAMES_FORMAT = re.compile(rb"(?:^|&)(?:format|output|results)=")


def preferred(target: bytes, accept: str | None) -> str | None:
    """The header Accept of a client, which may name a format in the query string, ``target``, instead."""
    return (
        negotiation.preferring(accept, _format_names(_parameters(target))) if _NAMES_FORMAT.search(target) else accept
    )


def formats(target: bytes, accept: str | None) -> Formats:
    """The media types that a client prefers for rows and for a graph; None for what it does not accept."""
    return _formats(preferred(target, accept))


def of_get(target: bytes, formats: Formats, limits: Limits) -> Order | None:
    """The query of a GET with this query string; None where it asks for the service description.

    Raises:
        Problem: the request is not one of the protocol, or is longer than the limits.
    """
    if len(target) > limits.target:
        raise target_too_long(limits)
    parameters = _parameters(target)
    return _order(parameters, formats, limits) if any(name not in _FORM_NAMES for name, _ in parameters) else None


def of_post(target: bytes, content_type: str | None, body: bytes, accept: str | None, limits: Limits) -> Order:
    """The query of a POST with this query string and body.

    Raises:
        Problem: the request is not one of the protocol, or is longer than the limits.
    """
    type_, _semicolon, options = (content_type or "").partition(";")
    type_ = type_.strip().lower()
    if type_ == UPDATE:
        raise read_only()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", options, re.IGNORECASE)
    if type_ not in (FORM, QUERY) or (charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii")):
        detail = _(
            "The body is not of a type that is read here. Send {form} or {query}, in UTF-8.", form=FORM, query=QUERY
        )
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
    parameters = _parameters(target)
    if type_ == FORM:
        parameters += _parameters(body)
        return _order(parameters, _formats(negotiation.preferring(accept, _format_names(parameters))), limits)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _bad("not-utf-8", _("The query is not in UTF-8.")) from error
    return _order([*parameters, ("query", text)], formats(target, accept), limits)


def target_too_long(limits: Limits) -> Problem:
    """The query string is longer than the limit (414)."""
    return _too_long(HTTPStatus.REQUEST_URI_TOO_LONG, _("query string"), limits.target)


def syntax_error(described: str) -> Problem:
    """What is wrong with the syntax, with its place, as the process that read the query describes it."""
    line, column, texts = json.loads(described)
    detail = _("Line {line}, column {column}: {what}", line=line, column=column, what=Text(texts))
    return Problem(HTTPStatus.BAD_REQUEST, "syntax-error", detail, {"line": line, "column": column})


def _order(parameters: Sequence[tuple[str, str]], formats: Formats, limits: Limits) -> Order:
    def given(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if given("update") or given("graph"):
        raise read_only()
    queries = tuple(text for text in given("query") if text.strip()) or given("query")[:1]
    if len(queries) != 1:
        count = _("There is no query.") if not queries else _("There is more than one query.")
        raise _bad("one-query", _("{count} Give one, in the parameter query.", count=count))
    text = queries[0].removeprefix("\ufeff")  # some editors write a byte order mark before it
    if len(text.encode("utf-8", "surrogatepass")) > limits.query:
        raise _too_long(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("query"), limits.query)
    return Order(text, given("default-graph-uri"), given("named-graph-uri"), *formats)


def _formats(accept: str | None) -> Formats:
    return negotiation.media_type(accept, RESULT_TYPES), negotiation.media_type(accept, GRAPH_TYPES)


def _format_names(parameters: Iterable[tuple[str, str]]) -> list[str]:
    return [value for name, value in parameters if name in _FORM_NAMES]


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string or a posted form. An empty one is ignored, but for the query; without an equals
    sign, ``default`` is the graph of that name in the Graph Store Protocol."""
    if b"default" in encoded.split(b"&"):
        raise read_only()
    return [(name, value) for name, value in requests.parameters(encoded) if name == "query" or value.strip()]


def _bad(code: str, detail: Text) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, code, detail)


def read_only() -> Problem:
    """The request is an update (403)."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "read-only",
        _("This endpoint is read-only: it takes queries, no updates."),
    )


def no_service() -> Problem:
    """The query asks another endpoint (403)."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "no-service",
        _("SERVICE is not allowed here: this endpoint asks no other. Ask each, and join the answers."),
    )


def not_an_iri(text: str) -> Problem:
    """A graph is named by something other than an IRI (400)."""
    return _bad("not-an-iri", _("<{text}> is not an IRI.", text=text))


def _too_long(status: HTTPStatus, what: Text, longest: int) -> Problem:
    detail = _(
        "The {what} is longer than {longest:,} bytes; a query can also be sent with POST.", what=what, longest=longest
    )
    return Problem(status, "too-long", detail)
