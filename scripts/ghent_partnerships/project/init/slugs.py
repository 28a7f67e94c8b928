"""Slugs: names in small ASCII letters and digits with hyphens between them, of which IRIs and the names of files are
made."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

_OTHERS = re.compile(r"[^a-z0-9]+")
_LATIN = re.compile(r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) (?:(?:DOTLESS|OPEN|AFRICAN|LONG) )*([A-Z]+)")
_SPELT = {"ESZETT": "ss", "SHARP": "ss", "THORN": "th", "ETH": "d", "SCHWA": "e", "KRA": "k", "EZH": "z"}
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
_CYRILLIC = (
    "абвгґдеєжзиіклмнопрстуфхцчшщыэюяђјљњћџ",
    "a b v g g d e ye zh z i i k l m n o p r s t u f kh ts ch sh shch y e yu ya dj j lj nj c dz",
)
_LETTERS = {
    **dict(zip(_GREEK[0], _GREEK[1].split(), strict=True)),
    **dict(zip(_CYRILLIC[0], _CYRILLIC[1].split(), strict=True)),
    "ъ": "",
    "ь": "",
}
_SYLLABIC = ("HANGUL SYLLABLE ", "HIRAGANA LETTER ", "KATAKANA LETTER ")
_LONGEST = 80  # characters of a slug, which is a part of the name of a file


def slug(name: str) -> str:
    """Return the slug of a name; empty where none of its characters has a likeness in ASCII.

    >>> slug("Sint-Denijs-Westrem"), slug("Łódź (Polska)"), slug("Straße"), slug("Тбилиси"), slug("서울"), slug("…")
    ('sint-denijs-westrem', 'lodz-polska', 'strasse', 'tbilisi', 'seoul', '')
    """
    letters = "".join(map(_ascii, unicodedata.normalize("NFC", name.lower())))
    return _OTHERS.sub("-", letters).strip("-")[:_LONGEST].rstrip("-")


@lru_cache(10_000)
def _ascii(char: str) -> str:
    """The character in small ASCII letters, nothing for a mark on another, and for others a hyphen."""
    if char.isascii() or char in _LETTERS:
        return _LETTERS.get(char, char)
    name = unicodedata.name(char, "")
    if unicodedata.combining(char) or "APOSTROPHE" in name or char in "’ʻ":
        return ""
    if name.startswith(_SYLLABIC):  # like HIRAGANA LETTER TO
        return name.rpartition(" ")[2].lower()
    if (parts := unicodedata.normalize("NFKD", char)) != char:
        return "".join(map(_ascii, parts.lower()))
    match = _LATIN.match(name)
    return _SPELT.get(match[1], match[1].lower()) if match else "-"


def distinct(candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return a slug for each key that no other has: the first of its candidates that is nobody else's candidate of the
    same rank, or else the last of them with a number, in the order of the keys.

    >>> distinct({"a": ["york", "york-england"], "b": ["york", "york-canada"], "c": ["ghent"]})
    {'c': 'ghent', 'a': 'york-england', 'b': 'york-canada'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for rank in range(max(map(len, candidates.values()), default=0)):
        left = {key: slugs[rank] for key, slugs in candidates.items() if key not in found and rank < len(slugs)}
        counts = Counter(left.values())
        free = {slug for slug, number in counts.items() if slug and number == 1 and slug not in taken}
        found |= {key: candidate for key, candidate in left.items() if candidate in free}
        taken.update(found.values())
    for key, slugs in candidates.items():
        if key not in found:
            stem = next((candidate for candidate in reversed(slugs) if candidate), "x")
            number = 2
            while f"{stem}-{number}" in taken:
                number += 1
            found[key] = f"{stem}-{number}"
            taken.add(found[key])
    return found
