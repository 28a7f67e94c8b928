"""Responses: a status, headers and a body, with conditional requests and ranges as RFC 9110 has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus

from ..dist import HEADERS, HEADERS_EMBEDDED
from .problems import MEDIA_TYPE, Problem

Header = tuple[bytes, bytes]
_EXPOSED = "Content-Location, ETag, Link, Retry-After, X-Total-Count"
EVERY: tuple[Header, ...] = tuple(
    (name.lower().encode(), value.encode())
    for name, value in {**HEADERS, "Access-Control-Expose-Headers": _EXPOSED}.items()
    if name != "Cache-Control"
)
_EMBEDDED: tuple[Header, ...] = tuple(
    (name.lower().encode(), value.encode()) for name, value in HEADERS_EMBEDDED.items()
)
_OF_304 = (b"cache-control", b"content-location", b"etag", b"vary")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*+")')
_LONGEST_DATE = 40  # characters


@dataclass(frozen=True)
class Answer:
    """An answer: ``status`` of HTTP, ``headers`` without the length of the body, and the bytes of the body."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""


def header(name: str, value: str) -> Header:
    """A header as ASGI has it, in bytes; characters of the value that no header can hold are left out."""
    return name.encode("ascii"), re.sub(r"[^\x20-\x7e]", "", value).encode("ascii")


def headers(pairs: Iterable[tuple[str, str]]) -> tuple[Header, ...]:
    """The headers from pairs of a name in lower case and a value, and those that every answer has."""
    return (*(header(*pair) for pair in pairs), *EVERY)


def embeddable(answer: Answer) -> Answer:
    """The answer with the headers by which pages of others may show it within them."""
    names = dict(_EMBEDDED)
    return replace(answer, headers=(*(pair for pair in answer.headers if pair[0] not in names), *_EMBEDDED))


def of_problem(problem: Problem, language: str) -> Answer:
    """The answer that reports a problem as JSON (RFC 9457), with its sentence in the language."""
    pairs = [("content-type", MEDIA_TYPE), ("content-language", language), ("cache-control", "no-store")]
    vary = ("vary", "Accept, Accept-Language")
    return Answer(problem.status, headers([*pairs, vary, *problem.headers]), problem.document(language))


def entity_tag(content: bytes) -> str:
    """The strong entity tag that follows from the content, with its quotes."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def content_type(media_type: str) -> str:
    """The value of the header Content-Type: what is text is in UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def fresh(asked: Mapping[str, str], tag: str, changed: datetime | None = None) -> bool:
    """Whether the client has the current answer (RFC 9110, section 13): by its entity tag, with its quotes, or,
    where it gives none, by the time of the last change. ``asked`` are the headers by name in lower case."""
    if (tags := asked.get("if-none-match")) is not None:
        return tags.strip() == "*" or tag in _TAG.findall(tags)
    since = None if changed is None else _date(asked.get("if-modified-since"))
    return changed is not None and since is not None and changed <= since


def _date(text: str | None) -> datetime | None:
    """A date of HTTP; None where it cannot be read."""
    if text is None or len(text) > _LONGEST_DATE:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def not_modified(answer: Answer) -> Answer:
    """The answer 304, without a body: the client has it already."""
    kept = tuple(pair for pair in answer.headers if pair[0] in _OF_304)
    return Answer(HTTPStatus.NOT_MODIFIED, (*kept, *EVERY))


def part(answer: Answer, asked: str) -> Answer:
    """The range of bytes that is asked for (RFC 9110, section 14), ``asked`` being the value of the header Range; the
    whole answer where that is not one range, such as one that ends before it begins."""
    if not (match := _RANGE.fullmatch(asked.replace(" ", ""))) or match.groups() == ("", ""):
        return answer
    size = len(answer.body)
    first, last = (int(bound) if bound else None for bound in match.groups())
    if first is not None and last is not None and last < first:
        return answer
    if first is None:
        first, last = max(0, size - (last or 0)), size - 1
    last = size - 1 if last is None else min(last, size - 1)
    if first > last:
        pairs = (*answer.headers, header("content-range", f"bytes */{size}"))
        return Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, pairs)
    ranged = header("content-range", f"bytes {first}-{last}/{size}")
    return replace(
        answer, status=HTTPStatus.PARTIAL_CONTENT, headers=(*answer.headers, ranged), body=answer.body[first : last + 1]
    )
