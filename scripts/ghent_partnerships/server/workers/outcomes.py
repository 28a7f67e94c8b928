"""The problems of queries that have no answer."""

from __future__ import annotations

from http import HTTPStatus

from ...text import quoted
from ...translation import message as _
from .. import protocol
from ..limits import Limits
from ..problems import Problem, busy, not_acceptable, not_in_rdf_xml
from ..protocol import GRAPH_TYPES, RESULT_TYPES
from . import engine


def problem(kind: int, content: bytes, limits: Limits) -> Problem:
    """The problem of a query that a process did not answer: the kind of its reply and the message in it, in UTF-8."""
    message = content.decode("utf-8", "replace")
    if kind == engine.READ_ONLY:
        return protocol.read_only()
    if kind == engine.SERVICE:
        return protocol.no_service()
    if kind == engine.NOT_AN_IRI:
        return protocol.not_an_iri(message)
    if kind == engine.SYNTAX:
        return protocol.syntax_error(message)
    if kind == engine.TOO_LONG:
        return _too_long(limits)
    if kind == engine.NO_GRAPH and message:
        return not_in_rdf_xml(message, GRAPH_TYPES)
    offers = {
        engine.NO_RESULTS: RESULT_TYPES,
        engine.NO_GRAPH: GRAPH_TYPES,
        engine.NEITHER: (*RESULT_TYPES, *GRAPH_TYPES),
    }
    if kind in offers:
        return not_acceptable(offers[kind])
    detail = _("The query cannot be answered: {message}", message=quoted(message))
    return Problem(HTTPStatus.BAD_REQUEST, "query-failed", detail)


def _too_long(limits: Limits) -> Problem:
    size = f"{limits.answer >> 20} MiB"
    detail = _("The answer is longer than {size}. Ask for less, for instance with LIMIT.", size=size)
    return Problem(HTTPStatus.BAD_REQUEST, "answer-too-long", detail)


def full() -> Problem:
    """Too many other queries wait (503)."""
    return busy(
        "busy",
        _("Other queries are being answered. Try again in a few seconds."),
    )


def unloaded() -> Problem:
    """No process is there to answer (503)."""
    return busy(
        "not-ready",
        _("The graph cannot be loaded now, so no query is answered. The documents are there."),
    )


def crash() -> Problem:
    """The process that answered ended (503)."""
    return busy(
        "crashed",
        _("The process that answered the query ended: the query needs too much memory or is nested too deep."),
    )


def too_slow(seconds: float) -> Problem:
    """The time for a query, in seconds, is over (503)."""
    return busy(
        "too-slow",
        _(
            "The query was not answered within {seconds:g} seconds. Make it ask less, for instance with LIMIT.",
            seconds=seconds,
        ),
    )
