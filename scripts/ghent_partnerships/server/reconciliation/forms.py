"""The forms in which names are compared: as they are written, whatever the case, and folded into plain letters."""

from __future__ import annotations

import re
from unicodedata import category, name, normalize

from anyascii import anyascii

LONGEST = 250  # characters of a text to compare; no name is longer
_NO_WORD = re.compile(r"[^a-z0-9]+")
_BEHIND = re.compile(r"[(,（]")  # before which of several of a name it is: "(Jiangsu)", ", Jiangsu"


def written(text: str) -> str:
    """The text as it is written, but for case, spaces and the variants of a character."""
    return " ".join(normalize("NFKC", text[:LONGEST]).casefold().split())


def folded(text: str) -> str:
    """The text in plain small letters, words by single spaces: without accents, and transliterated.

    >>> folded("Saint-Raphaël"), folded("カナザワ")
    ('saint raphael', 'kanazawa')
    """
    return _NO_WORD.sub(" ", anyascii(normalize("NFKC", text[:LONGEST])).casefold()).strip()


def sorted_words(form: str) -> str:
    """A folded text with its words in order."""
    return " ".join(sorted(form.split()))


def pairs(form: str) -> set[str]:
    """The pairs of letters of a folded text, with the beginnings and ends of its words.

    >>> sorted(pairs("gent"))
    [' g', 'en', 'ge', 'nt', 't ']
    """
    padded = f" {form} "
    return {padded[place : place + 2] for place in range(len(padded) - 1)}


def base(text: str) -> str:
    """The name without what tells it from others of that name; empty where there is nothing of the kind.

    >>> base("Taizhou (Jiangsu)"), base("Taizhou")
    ('Taizhou', '')
    """
    behind = _BEHIND.search(text)
    return text[: behind.start()].rstrip() if behind else ""


def is_latin(text: str) -> bool:
    """Whether all letters are of the Latin script."""
    return text.isascii() or all(
        name(char, "").startswith(("LATIN", "MODIFIER")) for char in normalize("NFKC", text) if category(char)[0] == "L"
    )


def is_ambiguous(text: str) -> bool:
    """Whether a transliteration says little: many Chinese characters are read alike, and in Japan otherwise."""
    return any(name(char, "").startswith("CJK ") for char in text)
