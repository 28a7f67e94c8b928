"""The words of the interface in each language: gettext catalogues in ``locales/``, one folder a language.

The messages are the English texts themselves; what stands in braces is filled in after the translation. A package has
the catalogues compiled, by the build hook; in a checkout they are compiled when they are first needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, reduce
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from .text import DEFAULT_LANGUAGE, Text, ordered

DOMAIN = "ghent_partnerships"
WEB_DOMAIN = "web"  # the words that the scripts of the pages show
ARGPARSE_DOMAIN = "argparse"  # the words of Python's parser of command lines
LOCALES = Path(__file__).with_name("locales")
_FOLDER = "LC_MESSAGES"


class Message(Text):
    """A text of the interface, in every language that there is a catalogue for; looked up only when it is read.

    >>> str(Message("{count} files", values={"count": 3}))
    '3 files'
    """

    __slots__ = ("_context", "_message", "_number", "_plural", "_values")

    def __init__(
        self,
        message: str,
        *,
        plural: str | None = None,
        number: int = 0,
        context: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        self._message, self._plural, self._number, self._context = message, plural, number, context
        self._values = dict(values or {})

    def __getitem__(self, language: str) -> str:
        if language != DEFAULT_LANGUAGE and language not in languages():
            raise KeyError(language)
        return self._written(language, language)

    def localized(self, language: str) -> str:
        """The text for readers of a language; where the interface does not speak it in the default language, and yet
        with what fills its gaps in that of the readers."""
        spoken = (tag for tag in (language, language.partition("-")[0]) if tag in languages())
        return self._written(next(spoken, DEFAULT_LANGUAGE), language)

    def _written(self, spoken: str, language: str) -> str:
        catalogue = translations(spoken)
        if self._plural is not None:
            text = catalogue.ngettext(self._message, self._plural, self._number)
        elif self._context:
            text = catalogue.pgettext(self._context, self._message)
        else:
            text = catalogue.gettext(self._message)
        return filled(text, language, self._values) if self._values else text

    def __iter__(self) -> Iterator[str]:
        return iter(languages())

    def __len__(self) -> int:
        return len(languages())


def message(text: str, /, **values: object) -> Message:
    """A text of the interface. It is imported as ``_``, by which Babel finds the messages."""
    return Message(text, values=values)


_ = message


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> Message:
    """A text of the interface that depends on a number, which it may show as ``{number}``."""
    return Message(singular, plural=plural, number=number, values={"number": number, **values})


def pgettext(context: str, text: str, /, **values: object) -> Message:
    """A text of the interface whose translation depends on its context."""
    return Message(text, context=context, values=values)


def either(names: Iterable[str]) -> Text:
    """The names, one or more, as a choice: "a or b"."""
    first, *others = map(Text, names)
    return reduce(lambda before, name: _("{before} or {name}", before=before, name=name), others, first)


def filled(text: str, language: str, values: Mapping[str, object]) -> str:
    """The text with its gaps filled: a text by language in the language, and a number as the language writes it."""
    return text.format_map({name: _in_language(value, language) for name, value in values.items()})


def _in_language(value: object, language: str) -> object:
    if isinstance(value, Text):
        return value.localized(language)
    return _Number(value, language) if type(value) is int else value


class _Number(int):
    """A whole number, which ``{number:,}`` writes with its thousands apart as the language has them."""

    _language: str

    def __new__(cls, value: int, language: str) -> _Number:
        number = super().__new__(cls, value)
        number._language = language
        return number

    def __format__(self, format_spec: str) -> str:
        written = super().__format__(format_spec)
        if "," not in written:
            return written
        comma = translations(self._language).pgettext("between the thousands of a number", ",")
        return written.replace(",", comma)


def digits(number: int) -> Message:
    """The number with its thousands apart, as each language has them.

    >>> str(digits(2700))
    '2,700'
    """
    return Message("{number:,}", values={"number": number})


@cache
def languages() -> tuple[str, ...]:
    """The languages that the interface speaks: the one that it is written in, and those of the catalogues."""
    return ordered([DEFAULT_LANGUAGE, *(folder.parent.name for folder in LOCALES.glob(f"*/{_FOLDER}"))])


@cache
def translations(language: str, domain: str = DOMAIN) -> NullTranslations:
    """The catalogue of a language; where there is none that of the language that it is a form of, or an empty one."""
    if language == DEFAULT_LANGUAGE:  # of which a process that can open no file is sure
        return NullTranslations()
    for tag in (language, language.partition("-")[0]):
        written, compiled_file = (LOCALES / tag / _FOLDER / f"{domain}.{ending}" for ending in ("po", "mo"))
        if written.is_file():
            from .po import compiled

            return GNUTranslations(BytesIO(compiled(written.read_text(encoding="utf-8"))))
        if compiled_file.is_file():
            return GNUTranslations(BytesIO(compiled_file.read_bytes()))
    return NullTranslations()


def load() -> None:
    """Read all catalogues, for a process that will be able to open no file."""
    for language in languages():
        translations(language)


def gettext(text: str, language: str, /, **values: object) -> str:
    """The text of the interface in a language."""
    translated = translations(language).gettext(text)
    return filled(translated, language, values) if values else translated


def web_words(language: str) -> dict[str, str | list[int] | list[str]]:
    """The words that the scripts of the pages show in a language, by message; of a message with a plural its forms.

    Under the empty message stands which form a number takes, for 0 to 199: no language looks further than at the last
    two digits. There are no words for the language that the scripts are written in.
    """
    catalogue = translations(language, WEB_DOMAIN)
    if not isinstance(catalogue, GNUTranslations):
        return {}
    words: dict[str, str | list[int] | list[str]] = {"": [catalogue.plural(number) for number in range(200)]}  # type: ignore[attr-defined]
    for key, word in sorted(catalogue._catalog.items(), key=str):  # type: ignore[attr-defined]
        if isinstance(key, tuple):
            words.setdefault(key[0], []).append(word)  # type: ignore[union-attr]
        elif key:
            words[key] = word
    return words
