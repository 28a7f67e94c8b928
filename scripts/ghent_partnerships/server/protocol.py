"""The SPARQL 1.1 Protocol, read-only: what a request asks, or what is wrong with it. What is in a query is for the
process that answers it: here, where all wait, nobody reads it.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl

from . import negotiation
from .limits import Limits
from .problems import Problem
from .workers.engine import GRAPHS, RESULTS, Order

RESULT_TYPES, GRAPH_TYPES = tuple(RESULTS), tuple(GRAPHS)
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
Forms = tuple[str | None, str | None]  # the media types of rows and of a graph; None: not acceptable
_FORM_NAMES = ("format", "output", "results")  # as Virtuoso, Fuseki and others name the form; SPARQLWrapper sends all
_NAMES_FORM = re.compile(rb"(?:^|&)(?:format|output|results)=")
_MOST = 200  # parameters


def preferred(target: bytes, accept: str | None) -> str | None:
    """What a client takes that may name a form in the query string, for want of a header of its own."""
    return negotiation.preferring(accept, _form_names(_parameters(target))) if _NAMES_FORM.search(target) else accept


def forms(target: bytes, accept: str | None) -> Forms:
    """The media types that a client likes best for rows and for a graph."""
    return _forms(preferred(target, accept))


def of_get(target: bytes, forms: Forms, limits: Limits) -> Order | None:
    """What a GET with this query string asks; None where it asks for the service description.

    Raises:
        Problem: it is wrong.
    """
    if len(target) > limits.target:
        raise target_too_long(limits)
    parameters = _parameters(target)
    return _order(parameters, forms, limits) if any(name not in _FORM_NAMES for name, _ in parameters) else None


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
        parameters += _parameters(body)
        return _order(parameters, _forms(negotiation.preferring(accept, _form_names(parameters))), limits)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _bad("not-utf-8", "The query is not in UTF-8.", "De query is niet in UTF-8.") from error
    return _order([*parameters, ("query", text)], forms(target, accept), limits)


def target_too_long(limits: Limits) -> Problem:
    """The query does not fit into an address."""
    return _too_long(HTTPStatus.REQUEST_URI_TOO_LONG, "query string", "querystring", limits.target)


def syntax_error(described: str) -> Problem:
    """What is wrong with the syntax, with its place, as the process that read the query describes it."""
    line, column, english, dutch = json.loads(described)
    detail = (f"Line {line}, column {column}: {english}", f"Regel {line}, kolom {column}: {dutch}")
    return Problem(HTTPStatus.BAD_REQUEST, "syntax-error", detail, {"line": line, "column": column})


def _order(parameters: Sequence[tuple[str, str]], forms: Forms, limits: Limits) -> Order:
    def given(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if given("update") or given("graph"):
        raise read_only()
    queries = tuple(text for text in given("query") if text.strip()) or given("query")[:1]
    if len(queries) != 1:
        how_many = ("no query", "geen query") if not queries else ("more than one query", "meer dan één query")
        raise _bad(
            "one-query",
            f"There is {how_many[0]}. Give one, in the parameter query.",
            f"Er is {how_many[1]}. Geef er een, in de parameter query.",
        )
    text = queries[0].removeprefix("\ufeff")  # some editors write a byte order mark before it
    if len(text.encode("utf-8", "surrogatepass")) > limits.query:
        raise _too_long(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "query", "query", limits.query)
    return Order(text, given("default-graph-uri"), given("named-graph-uri"), *forms)


def _forms(accept: str | None) -> Forms:
    return negotiation.media_type(accept, RESULT_TYPES), negotiation.media_type(accept, GRAPH_TYPES)


def _form_names(parameters: Iterable[tuple[str, str]]) -> list[str]:
    return [value for name, value in parameters if name in _FORM_NAMES]


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    """The fields of a form. One that is empty says nothing, but for the query; without an equals sign, ``default`` is
    the graph of that name in the Graph Store Protocol."""
    if b"default" in encoded.split(b"&"):
        raise read_only()
    try:
        fields = parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST
        )
    except UnicodeDecodeError as error:
        raise _bad("not-utf-8", "The parameters are not in UTF-8.", "De parameters zijn niet in UTF-8.") from error
    except ValueError as error:
        raise _bad("parameters", "There are too many parameters.", "Er zijn te veel parameters.") from error
    return [(name, value) for name, value in fields if name == "query" or value.strip()]


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
