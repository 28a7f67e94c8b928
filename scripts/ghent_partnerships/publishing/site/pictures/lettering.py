"""How wide a text is in the fonts of the bundle, where it breaks, and whether they have its letters.

``make web`` writes the fonts, as files that the renderer reads, and the widths of their letters beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_FONTS, _WIDTHS = "font-*.ttf", "font-widths.json"
_WIDE = 0x2E80  # the first letter of the scripts that break between any two letters
_ELLIPSIS = "…"


@cache
def fonts(bundle: Path) -> tuple[str, ...]:
    """The files of the fonts; the first that has a letter draws it."""
    return tuple(map(str, sorted(bundle.glob(_FONTS))))


@cache
def widths(bundle: Path) -> Mapping[str, int]:
    """The width of each letter that the fonts have, in thousandths of the size; empty where there is no bundle."""
    file = bundle / _WIDTHS
    runs = json.loads(file.read_bytes()) if file.is_file() else []
    return {chr(letter): width for first, last, width in runs for letter in range(first, last + 1)}


class Lettering:
    """Measures texts by the widths of letters, in thousandths of the size."""

    def __init__(self, letters: Mapping[str, int]) -> None:
        self.letters = letters

    def has(self, text: str) -> bool:
        """Whether there is every letter of the text."""
        return all(letter in self.letters for letter in text)

    def width(self, text: str, size: float) -> float:
        """How wide the text is at a size; a letter that no font has is as wide as it is high."""
        return sum(self.letters.get(letter, 1000) for letter in text) * size / 1000

    def lines(self, text: str, size: float, width: float, most: int) -> list[str]:
        """The text in lines of a width, ``most`` of them at most: what is over is cut, and says so by an ellipsis.

        >>> letters = Lettering({letter: 500 for letter in "abcdefghij …"})
        >>> letters.lines("abc def ghi", 10, 35, 2)
        ['abc def', 'ghi']
        >>> letters.lines("abc def ghi", 10, 20, 2)
        ['abc', 'def…']
        """
        found = [""]
        for part in _parts(text):
            if found[-1] and self.width((found[-1] + part).rstrip(), size) > width:
                found.append("")
            found[-1] += part if found[-1] else part.lstrip()
        lines = [line.rstrip() for line in found]
        kept = lines[:most]
        if lines[most:] or self.width(kept[-1], size) > width:
            kept[-1] = self._cut(kept[-1], size, width)
        return [self._cut(line, size, width) if self.width(line, size) > width else line for line in kept]

    def _cut(self, line: str, size: float, width: float) -> str:
        room = width - self.width(_ELLIPSIS, size)
        kept = ""
        for letter in line:
            room -= self.width(letter, size)
            if room < 0:
                break
            kept += letter
        return kept.rstrip() + _ELLIPSIS


def _parts(text: str) -> Iterable[str]:
    """What a line may end behind: a word with the space after it, or a letter of a script without spaces."""
    part = ""
    for letter in text:
        part += letter
        if letter == " " or ord(letter) >= _WIDE:
            yield part
            part = ""
    if part:
        yield part
