"""Where the page at a path is, in each language."""

from __future__ import annotations

from collections.abc import Sequence

from ...text import ending

_HOME = "index.html"


def page(path: str, language: str, languages: Sequence[str]) -> str:
    """The file of a page in one of the languages, from its path without an ending.

    >>> page("doc/city/ghent", "en", ("en", "nl")), page("doc/city/ghent", "nl", ("en", "nl"))
    ('doc/city/ghent.html', 'doc/city/ghent.nl.html')
    """
    return f"{path}{ending(language, languages)}.html"


def picture(path: str, language: str, languages: Sequence[str]) -> str:
    """The file of the picture that other sites show of a page, in one of the languages.

    >>> picture("doc/city/ghent", "nl", ("en", "nl"))
    'previews/city/ghent.nl.png'
    """
    return f"previews/{path.removeprefix('doc/')}{ending(language, languages)}.png"


def visible(path: str, language: str, languages: Sequence[str]) -> str:
    """What the address of a page ends in: of the first page, nothing."""
    file = page(path, language, languages)
    return "" if file == _HOME else file
