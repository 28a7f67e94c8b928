"""The words of the command, in the language of the locale, from the catalogues in ``locales/``.

``message`` is imported as ``_``, by which Babel finds the messages. Of its errors the rest of the package gives the
text in each language; the command chooses when it prints one.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from .. import translation
from ..text import DEFAULT_LANGUAGE
from ..translation import ARGPARSE_DOMAIN, languages, translations

_UNTRANSLATED = ("C", "POSIX")  # the locales of no language
_chosen: str | None = None


def choose(language: str | None) -> None:
    """Choose the language of the command by its tag, or where it is None that of the locale."""
    global _chosen
    _chosen = language


def language() -> str:
    """The language of the command: the chosen one, else the first of the locale that has a catalogue, else English.

    The locale is read as gettext reads it: the list in LANGUAGE goes before LC_ALL, LC_MESSAGES and LANG, unless these
    name the locale C. https://www.gnu.org/software/gettext/manual/html_node/Locale-Environment-Variables.html
    """
    if _chosen is not None:
        return _chosen
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    if _tag(locale) in _UNTRANSLATED:
        return DEFAULT_LANGUAGE
    for wanted in (os.environ.get("LANGUAGE") or locale).split(":"):
        for tag in (_tag(wanted), _tag(wanted).partition("-")[0]):
            if tag in languages():
                return tag
    return DEFAULT_LANGUAGE


def _tag(locale: str) -> str:
    """The tag of the language of a locale: ``nl-BE`` of ``nl_BE.UTF-8@euro``."""
    return locale.partition(".")[0].partition("@")[0].replace("_", "-")


def message(text: str, /, **values: object) -> str:
    """The message, with the values in its braces, where there are any."""
    return translation.message(text, **values).localized(language())


def ngettext(singular: str, plural: str, number: int, /) -> str:
    """The message that fits the number, which stands where it says ``{number}``."""
    return translation.ngettext(singular, plural, number).localized(language())


@contextmanager
def translated_argparse() -> Iterator[None]:
    """Let argparse take its words from their catalogue; they can be reached by two names of its module only, which it
    binds to the gettext of all the process."""
    before = argparse._, argparse.ngettext  # type: ignore[attr-defined]
    words = translations(language(), ARGPARSE_DOMAIN)
    argparse._, argparse.ngettext = words.gettext, words.ngettext  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._, argparse.ngettext = before  # type: ignore[attr-defined]
