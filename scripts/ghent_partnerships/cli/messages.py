"""The words of the command. Whatever it says goes through ``message`` or ``ngettext``, and what argparse says too.

``message`` is imported as ``_``, by which Babel finds the messages.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

LANGUAGES = ("en", "nl")  # the first where the locale has none of them


def language() -> str:
    """The language of the locale, if the command speaks it."""
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    spoken = locale.partition("_")[0].partition(".")[0]
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


def catalogue() -> NullTranslations:
    """The translations of the messages into the language of the locale."""
    return NullTranslations()


def message(text: str, /, **values: object) -> str:
    """The message in the language of the locale, with the values in its braces, where there are any."""
    translated = catalogue().gettext(text)
    return translated.format_map(values) if values else translated


def ngettext(singular: str, plural: str, number: int, /) -> str:
    """The message that fits the number, which stands where it says ``{number}``."""
    return catalogue().ngettext(singular, plural, number).format(number=number)


@contextmanager
def translated_argparse() -> Iterator[None]:
    """Let argparse take its own words from here as well; it has no other door to them than two names of its module."""
    before = argparse._, argparse.ngettext  # type: ignore[attr-defined]
    argparse._, argparse.ngettext = message, _of_argparse  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._, argparse.ngettext = before  # type: ignore[attr-defined]


def _of_argparse(singular: str, plural: str, number: int) -> str:
    return catalogue().ngettext(singular, plural, number)
