"""What may be said of a new project in one line: names, tags of languages, items of Wikidata, addresses."""

from __future__ import annotations

import re

LONGEST = 200  # characters of a name
_TAGGED = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)=(.*)")
_ITEM = re.compile(r"Q[1-9][0-9]{0,18}")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def tagged(text: str) -> tuple[str, str]:
    """The tag of a language and what stands behind its equals sign; without one, nothing and the whole text.

    >>> tagged("fr=Liège"), tagged("E=mc2")
    (('fr', 'Liège'), ('', 'E=mc2'))
    """
    match = _TAGGED.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


def is_name(text: str) -> bool:
    """Whether a text is a name that everybody can read."""
    return 0 < len(text) <= LONGEST and text.isprintable()


def is_item(text: str) -> bool:
    """Whether a text is an item of Wikidata, like ``Q42``."""
    return _ITEM.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether a text is an address of the web."""
    return _ADDRESS.fullmatch(text) is not None
