"""What a value of an option may be: a path or a pattern of paths, a whole number, seconds."""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from pathlib import Path

from ..errors import UsageError
from ..files import STANDARD_INPUT
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


def path_or_address(text: str) -> Path | str:
    """A path, or an address like ``hdfs://host/file`` as it was given: as a path it would lose a slash.

    Raises:
        ArgumentTypeError: there is nothing.
    """
    return text if "://" in text else path(text)


def matching(paths: Iterable[Path]) -> list[Path]:
    """The paths, and in the place of each that is a pattern (``data/**/*.ttl``) and no file the paths that match it,
    sorted. As in a shell a ``*`` is no hidden file; no link to a folder is followed by ``**``.

    Raises:
        UsageError: nothing matches a pattern.
    """
    return [found for given in paths for found in (_matches(given) if _is_pattern(given) else [given])]


def _is_pattern(given: Path) -> bool:
    return any(char in str(given) for char in "*?[") and not os.path.lexists(given)


def _matches(pattern: Path) -> list[Path]:
    first = next(number for number, part in enumerate(pattern.parts) if any(char in part for char in "*?["))
    start, parts = Path(*pattern.parts[:first]), pattern.parts[first:]
    hidden = any(part.startswith(".") for part in parts)
    if parts == ("**",):
        return [start]
    try:
        found = sorted(start.glob("/".join(parts)))
    except (ValueError, OSError) as error:
        raise UsageError(
            _("{pattern}: not a pattern of paths: {reason}", pattern=pattern, reason=str(error))
        ) from error
    seen = [path for path in found if hidden or not any(part[0] == "." for part in path.parts[len(start.parts) :])]
    if not seen:
        raise UsageError(_("{pattern}: no file matches this pattern", pattern=pattern))
    return [path.absolute() if path == STANDARD_INPUT else path for path in seen]


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
