"""What a value of an option may be: a path, a whole number, seconds."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from .messages import message as _

MOST_MEBIBYTES = 1 << 20  # a tebibyte
_DAY = 86_400  # seconds


def path(text: str) -> Path:
    """A path; of nothing Python makes the current directory.

    Raises:
        ArgumentTypeError: there is nothing.
    """
    if not text:
        raise ArgumentTypeError(_("expected a path; . is the current directory"))
    return Path(text)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A function that reads a whole number from ``least`` to ``most``, in ASCII digits, or raises ArgumentTypeError."""

    def number(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        expected = _("expected a whole number from {least} to {most}", least=least, most=most)
        raise ArgumentTypeError(f"{text!r}: {expected}")

    return number


def seconds(text: str) -> float:
    """Seconds, more than 0 and at most those of a day.

    Raises:
        ArgumentTypeError: it is something else.
    """
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text) and 0 < float(text) <= _DAY:
        return float(text)
    expected = _("expected seconds in digits, more than 0 and at most {most}, like 10 or 2.5", most=_DAY)
    raise ArgumentTypeError(f"{text!r}: {expected}")
