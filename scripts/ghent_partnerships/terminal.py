"""Text that is safe to show: what stands in the data can neither steer a terminal nor hide from a reader, nor give a
command to GitHub, which reads them in the log of a job."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator

_LONGEST = 2000  # characters of a message
# GitHub takes `##[error]` for a command anywhere in a line, and `::error::` at its start, after blanks.
_COMMAND = re.compile(r"^[ \t]*+:(?=:)|##(?=\[)", re.MULTILINE)


def printable(text: str, keep: str = "") -> str:
    """Return the text with each character escaped that a terminal acts on or that cannot be seen, but for ``keep``, and
    with the first character escaped of what would be a command to GitHub."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char in keep else escaped(char) for char in text)
    return no_command(text, r"\x3a", r"#\x23") if "::" in text or "##[" in text else text


def escaped(char: str) -> str:
    """The character as Python escapes it."""
    return ascii(char)[1:-1]  # a codec would be a file to open, which a process behind the wall cannot


def no_command(text: str, colon: str, hash_signs: str) -> str:
    """The text with ``colon`` and ``hash_signs`` in the place of the colon and the two number signs that start a
    command to GitHub: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions."""
    return _COMMAND.sub(lambda match: hash_signs if match[0] == "##" else match[0][:-1] + colon, text)


def bounded(message: str) -> str:
    """The message in at most 2,000 characters, without its middle where it is longer: its end says what is wrong."""
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]}…{message[-half:]}"


def in_log() -> bool:
    """Whether the output goes to the log of a job of GitHub, and not to a file.

    A difference, which people read there, gives no command then. Data for programs (CSV, TSV, JSON, Turtle) stay as
    they are.
    """
    try:
        return os.environ.get("GITHUB_ACTIONS") == "true" and not stat.S_ISREG(os.fstat(1).st_mode)
    except OSError:
        return False


def width(text: str) -> int:
    """How many columns of a terminal the text takes: East Asian wide characters two, marks on another none.

    >>> width("Kanazawa"), width("金沢"), width("Lie\u0300ge")
    (8, 4, 5)
    """
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns (two at least), broken at spaces, or in a word that is longer.

    >>> wrap("Ghent and Kanazawa", 9)
    ['Ghent and', 'Kanazawa']
    >>> wrap("金沢市", 4)
    ['金沢', '市']
    """
    if width(text) <= columns:
        return [text]
    lines, line, used = [], "", 0
    for number, word in enumerate(text.split(" ")):
        size = width(word)
        if number and used + 1 + size <= columns:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if number:
            lines.append(line.rstrip())
        *full, line = _pieces(word, columns)
        lines += full
        used = width(line)
    return [*lines, line]


def _pieces(word: str, columns: int) -> Iterator[str]:
    start = used = 0
    for place, char in enumerate(word):
        size = width(char)
        if used + size > columns and place > start:
            yield word[start:place]
            start, used = place, 0
        used += size
    yield word[start:]
