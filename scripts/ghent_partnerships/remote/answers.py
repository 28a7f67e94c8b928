"""What an answer over HTTP holds: a bounded body, why it is refused, and how long a server wants to be left alone."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO

from ..errors import UsageError
from ..translation import message as _

_REASON, PAGE = 500, 8_000  # characters of the reason that a server gives, and bytes of what it stands in
_CHUNK, _SLOWEST = 1 << 16, 1 << 16  # bytes, and bytes a second


def copy_body(url: str, answer: HTTPResponse, content: IO[bytes], most: int, seconds: float) -> None:
    """Copy the body of an answer, which a server may send a byte at a time, or without an end.

    Raises:
        UsageError: it has more than ``most`` bytes.
        OSError: it comes too slowly.
        HTTPException: it is cut off.
    """
    content.seek(0)
    content.truncate()
    began = time.monotonic()
    while chunk := answer.read1(_CHUNK):
        content.write(chunk)
        if content.tell() > most:
            raise UsageError(_("{url}: the answer has more than {most:,} bytes", url=url, most=most))
        if time.monotonic() > began + seconds + content.tell() / _SLOWEST:
            raise TimeoutError
    if answer.length:  # which read1 leaves to whoever asks for more
        raise HTTPException(f"{answer.length} bytes are missing")


def reason(body: bytes) -> str:
    """The reason that a server gives: the ``detail`` of a problem (RFC 9457), or the start of any other text, of HTML
    without its tags."""
    try:
        return str(json.loads(body)["detail"])[:_REASON]
    except (ValueError, KeyError, TypeError, RecursionError):
        text = body[:PAGE].decode("utf-8", "replace").lstrip()
        text = _words_of_page(text) if text[:9].lower().startswith(("<!doctype", "<html")) else text
        return " ".join(text.split())[:_REASON]


def retry_after(value: str) -> float:
    """The seconds that a server wants to be left alone: a number of them, or until a date (RFC 9110, 10.2.3)."""
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0)
    except (ValueError, TypeError, OverflowError):
        return 0


def _words_of_page(page: str) -> str:
    """The text of a page of HTML, with which some servers refuse: that of its body, or else its title."""
    from html.parser import HTMLParser

    texts: dict[str, list[str]] = {}

    class Words(HTMLParser):
        CDATA_CONTENT_ELEMENTS = ("script", "style", "xmp")  # type: ignore[misc]  # xmp, where Virtuoso has IRIs
        element = ""

        def handle_starttag(self, tag: str, _attributes: object) -> None:
            self.element = tag

        def handle_endtag(self, _tag: str) -> None:
            self.element = ""

        def handle_data(self, data: str) -> None:
            if words := " ".join(data.split()):
                hidden = self.element in ("script", "style", "title")
                texts.setdefault(self.element if hidden else "", []).append(words)

    with suppress(AssertionError):  # which some malformed declarations raise
        Words().feed(page)  # and not closed: what is cut off at the end is no text
    return ": ".join(texts.get("") or texts.get("title") or [])
