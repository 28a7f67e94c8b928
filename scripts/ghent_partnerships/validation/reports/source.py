"""The lines that findings stand in, with a mark below the place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...terminal import printable

if TYPE_CHECKING:
    from ...findings import Location

_COLUMNS, _BEFORE = 160, 60  # of an excerpt, and of what it shows before the place at least
LONGEST = 1000  # code points of a message in the text, and of a snippet


class Mark(NamedTuple):
    """What a finding points at: from ``start`` to ``end`` in a line, as offsets."""

    line: str
    start: int
    end: int


class Sources:
    """The texts that findings stand in. Each is divided once, and each line: there may be many findings in it."""

    def __init__(self, texts: Mapping[str, str | Mapping[int, str]]) -> None:
        self.texts = texts
        self.starts: dict[str, list[int]] = {}
        self.lines: dict[tuple[str, int], str] = {}  # a line may be as long as the file

    def mark(self, location: Location) -> Mark | None:
        """The line of the location, and in it the token that starts at its place, or None where that is unknown."""
        from ...rdf.lexer import token_end

        path, number, column = location
        text = self.texts.get(path, "")
        if not isinstance(text, str):
            text, number = text.get(number, ""), 1
            path = f"{path}:{location.line}"
        if path not in self.starts:
            self.starts[path] = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text)), len(text)]
        starts = self.starts[path]
        if not text or not 0 < number < len(starts):
            return None
        offset = starts[number - 1]
        if (line := self.lines.get((path, number))) is None:
            line = self.lines[path, number] = text[offset : starts[number]].rstrip("\r\n")
        start = min(column - 1, len(line))
        return Mark(line, start, token_end(text, offset + start) - offset)

    def excerpt(self, location: Location) -> list[str]:
        """The line of the location and below it the mark, where there is something to see."""
        mark = self.mark(location)
        return _excerpt(location.line, mark) if mark and mark.line.strip() else []


def _excerpt(number: int, mark: Mark) -> list[str]:
    """The line and the mark, both made of what can be seen, and cut around the place if they are too long."""
    near = 2 * _COLUMNS  # code points: some take no column, and a line may have millions
    left = mark.line[max(mark.start - near, 0) : mark.start]
    right = mark.line[mark.start : mark.start + near]
    before, after = [_visible(char) for char in left], [_visible(char) for char in right]
    cut_before, cut_after = len(left) < mark.start, mark.start + len(right) < len(mark.line)
    widths = [sum(width for _, width in cells) for cells in (before, after)]
    if cut_before or cut_after or sum(widths) > _COLUMNS:
        room = _COLUMNS - 2  # for what shows that something is cut off
        before_room = min(widths[0], max(_BEFORE, room - widths[1]))
        kept = _fitting(before[::-1], before_room)[::-1]
        cut_before, before = cut_before or len(kept) < len(before), kept
        kept = _fitting(after, room - sum(width for _, width in before))
        cut_after, after = cut_after or len(kept) < len(after), kept
    indent = cut_before + sum(width for _, width in before)
    length = max(sum(width for _, width in after[: mark.end - mark.start]), 1)
    shown = "…" * cut_before + "".join(cell for cell, _ in (*before, *after)) + "…" * cut_after
    return [f"{number:>5} | {shown}".rstrip(), f"{'':5} | {' ' * indent}^{'~' * (length - 1)}"]


def _visible(char: str) -> tuple[str, int]:
    """What stands for a character on a terminal, and how many columns that takes."""
    if char == "\t":
        return " ", 1
    if not char.isprintable():
        escape = printable(char)
        return escape, len(escape)
    if char.isascii():
        return char, 1
    from unicodedata import category, east_asian_width

    return char, 0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1


def _fitting(cells: Sequence[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    """As many of the first cells as there is room for."""
    fitting = []
    for cell, width in cells:
        room -= width
        if room < 0:
            break
        fitting.append((cell, width))
    return fitting
