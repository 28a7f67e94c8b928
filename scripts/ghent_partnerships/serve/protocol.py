"""The SPARQL 1.1 Protocol, read-only: what a request asks, or what is wrong with it. What is in a query is for the
process that answers it: here, where all wait, nobody reads it.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl

from ..questions import not_sparql
from . import negotiation
from .engine import GRAPHS, RESULTS, Order
from .limits import Limits
from .problems import Problem

RESULT_TYPES, GRAPH_TYPES = tuple(RESULTS), tuple(GRAPHS)
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_MOST = 200  # parameters


def of_get(target: bytes, accept: str | None, limits: Limits) -> Order | None:
    """What a GET with this query string asks; None where it asks for the service description.

    Raises:
        Problem: it is wrong.
    """
    if len(target) > limits.target:
        raise target_too_long(limits)
    parameters = _parameters(target)
    return _order(parameters, accept, limits) if parameters else None


def of_post(target: bytes, content_type: str | None, body: bytes, accept: str | None, limits: Limits) -> Order:
    """What a POST with this query string and body asks.

    Raises:
        Problem: it is wrong.
    """
    type_, _, options = (content_type or "").partition(";")
    type_ = type_.strip().lower()
    if type_ == UPDATE:
        raise read_only()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", options, re.IGNORECASE)
    if type_ not in (FORM, QUERY) or (charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii")):
        detail = (
            f"The body is not of a type that is read here. Send {FORM} or {QUERY}, in UTF-8.",
            f"De inhoud is niet van een type dat hier wordt gelezen. Stuur {FORM} of {QUERY}, in UTF-8.",
        )
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
    parameters = _parameters(target)
    if type_ == FORM:
        return _order([*parameters, *_parameters(body)], accept, limits)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _bad("not-utf-8", "The query is not in UTF-8.", "De query is niet in UTF-8.") from error
    return _order([*parameters, ("query", text)], accept, limits)


def target_too_long(limits: Limits) -> Problem:
    """The query does not fit into an address."""
    return _too_long(HTTPStatus.REQUEST_URI_TOO_LONG, "query string", "querystring", limits.target)


def syntax_error(message: str) -> Problem:
    """What is wrong with the syntax, with its place."""
    found = not_sparql("query", SyntaxError(message))
    line, column = found.line, found.column
    detail = (
        f"Line {line}, column {column}: {found.message} {found.mend or ''}".strip(),
        f"Regel {line}, kolom {column}: dit is geen SPARQL. {found.message.removeprefix('This is not SPARQL: ')}",
    )
    return Problem(HTTPStatus.BAD_REQUEST, "syntax-error", detail, {"line": line, "column": column})


def _order(parameters: Sequence[tuple[str, str]], accept: str | None, limits: Limits) -> Order:
    def given(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if given("update") or given("graph") or any(key == "default" for key, _ in parameters):
        raise read_only()
    queries = given("query")
    if len(queries) != 1:
        how_many = ("no query", "geen query") if not queries else ("more than one query", "meer dan één query")
        raise _bad(
            "one-query",
            f"There is {how_many[0]}. Give one, in the parameter query.",
            f"Er is {how_many[1]}. Geef er een, in de parameter query.",
        )
    (text,) = queries
    if len(text.encode("utf-8", "surrogatepass")) > limits.query:
        raise _too_long(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "query", "query", limits.query)
    graphs = given("default-graph-uri"), given("named-graph-uri")
    results, graph = negotiation.media_type(accept, RESULT_TYPES), negotiation.media_type(accept, GRAPH_TYPES)
    return Order(text, *graphs, results, graph)


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST
        )
    except UnicodeDecodeError as error:
        raise _bad("not-utf-8", "The parameters are not in UTF-8.", "De parameters zijn niet in UTF-8.") from error
    except ValueError as error:
        raise _bad("parameters", "There are too many parameters.", "Er zijn te veel parameters.") from error


def _bad(code: str, english: str, dutch: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, code, (english, dutch))


def read_only() -> Problem:
    """It is an update."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "read-only",
        (
            "This endpoint is read-only: it takes queries, no updates.",
            "Dit endpoint is alleen-lezen: het neemt query's aan, geen updates.",
        ),
    )


def no_service() -> Problem:
    """It asks another endpoint."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "no-service",
        (
            "SERVICE is not allowed here: this endpoint asks no other. Ask each, and join the answers.",
            "SERVICE is hier niet toegestaan: dit endpoint vraagt er geen ander. Vraag elk ervan apart.",
        ),
    )


def not_an_iri(text: str) -> Problem:
    """It asks a graph by something else."""
    return _bad("not-an-iri", f"<{text}> is not an IRI.", f"<{text}> is geen IRI.")


def _too_long(status: HTTPStatus, english: str, dutch: str, longest: int) -> Problem:
    detail = (
        f"The {english} is longer than {longest:,} bytes; a query can also be sent with POST.",
        f"De {dutch} is langer dan {longest:,} bytes; een query kan ook met POST worden gestuurd.",
    )
    return Problem(status, "too-long", detail)
