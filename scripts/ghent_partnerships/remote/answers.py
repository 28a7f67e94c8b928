"""What an answer over HTTP holds: a body that is bounded, and how long a server wants to be left alone."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO

from ..errors import UsageError
from ..translation import message as _

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


def retry_after(value: str) -> float:
    """The seconds that a server wants to be left alone: a number of them, or until a date (RFC 9110, 10.2.3)."""
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0)
    except (ValueError, TypeError, OverflowError):
        return 0
