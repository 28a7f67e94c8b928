"""What the command writes, and where: text to the descriptors, a terminal's width and colours, numbers of things."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..files import reason
from .messages import language
from .messages import message as _

if TYPE_CHECKING:
    from ..findings import Finding

_COLUMNS, _FEWEST = 80, 20  # of a line: by default, and at least


def write(text: str) -> None:
    """Write the text to standard output as UTF-8; nobody needs to read it to the end.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        write_to(1, text)
    except BrokenPipeError:
        pass
    except OSError as error:
        problem = _("standard output: cannot be written: {reason}", reason=reason(error).localized(language()))
        raise UsageError(problem) from error


def write_error(text: str) -> None:
    """Write a line to standard error; where even that is closed there is nobody to tell."""
    with suppress(OSError):
        write_to(2, f"{text}\n")


def write_to(descriptor: int, text: str) -> None:
    """Write to the descriptor itself: Python's streams are None where it is closed, and complain again at the end."""
    stream = (sys.stdout, sys.stderr)[descriptor - 1]
    if stream is not (sys.__stdout__, sys.__stderr__)[descriptor - 1]:  # somebody who calls main() wants to have it
        stream.write(text)
        return
    data = memoryview(text.encode("utf-8"))
    while data:
        data = data[os.write(descriptor, data) :]


def on_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def in_colour() -> bool:
    """Whether standard output is a terminal that shows colours, and whose owner wants them."""
    return on_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """How many columns a line of text may have: as many as COLUMNS says, or the terminal, else 80; never below 20.

    As ``shutil.get_terminal_size`` has it, whose import costs as much as the rest of the help.
    """
    with suppress(ValueError):
        if (wanted := int(os.environ.get("COLUMNS", ""))) > 0:
            return max(wanted, _FEWEST)
    try:
        return max(os.get_terminal_size(1).columns or _COLUMNS, _FEWEST)
    except OSError:
        return _COLUMNS


def table_columns() -> int | None:
    """How many columns a table may have: those of the terminal, or any number where the output is no terminal."""
    return columns() if on_terminal() else None


def lines(findings: Iterable[Finding]) -> str:
    """The findings as text, their places in bold on a terminal that has colours."""
    written = ((str(finding.location), finding.localized(language())) for finding in findings)
    if not in_colour():
        return "".join(f"{text}\n" for _place, text in written)
    return "".join(f"\x1b[1m{place}\x1b[0m{text.removeprefix(place)}\n" for place, text in written)
