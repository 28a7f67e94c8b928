"""A text by language, with a fallback. The languages are tags as BCP 47 has them, like ``nl`` or ``fr-BE``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

DEFAULT_LANGUAGE = "en"  # the language that the interface is written in, and that a text falls back to
NO_LANGUAGE = ""  # the tag of a text in no language, such as a code


class Text(Mapping[str, str]):
    """A text in one or more languages; it never changes.

    >>> text = Text({"en": "Ghent", "fr": "Gand"})
    >>> text.localized("fr-BE"), text.localized("ja")
    ('Gand', 'Ghent')
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | str = "") -> None:
        """Of texts by their languages, or of one in no language; the empty string is no text at all."""
        if isinstance(texts, str):
            texts = {NO_LANGUAGE: texts} if texts else {}
        self._texts = dict(texts)

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __lt__(self, other: Text) -> bool:
        return self._order() < other._order()

    def __str__(self) -> str:
        return self.localized(DEFAULT_LANGUAGE)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"

    def __bool__(self) -> bool:
        """Whether there is anything to read."""
        return any(self.values())

    def localized(self, language: str) -> str:
        """The text for readers of a language, given by its tag: in it, in the language that it is a form of, in the
        default language, in no language, or in the first that there is by its tag; empty where there is none."""
        for tag in (language, language.partition("-")[0], DEFAULT_LANGUAGE, NO_LANGUAGE):
            if (text := self.get(tag)) is not None:
                return text
        return self[min(self)] if len(self) else ""

    def map(self, change: Callable[[str], str]) -> Text:
        """The text with each of its forms changed."""
        return Text({language: change(text) for language, text in self.items()})

    def only(self, languages: Sequence[str]) -> Text:
        """The text in these languages, in each as its readers get it."""
        return Text({language: self.localized(language) for language in languages})

    def spoken(self, languages: Sequence[str]) -> Text:
        """The text in those of the languages that it has; in none of them, in the default language or the first by its
        tag. So a literal with a tag is in the language that it names."""
        known = [language for language in languages if language in self]
        if not known:
            known = [DEFAULT_LANGUAGE] if DEFAULT_LANGUAGE in self else sorted(self)[:1]
        return Text({language: self.localized(language) for language in known})

    def _order(self) -> tuple[str, list[tuple[str, str]]]:
        return str(self), sorted(self.items())


NO_TEXT = Text()


def in_each(languages: Sequence[str], write: Callable[[str], str]) -> Text:
    """The text that a function writes in each of the languages, of which it is given the tag."""
    return Text({language: write(language) for language in languages})


def quoted(text: str) -> str:
    """The text of a parser or a server that is not the project's, in the words that it came in, as a quotation in a
    sentence of the interface; the full stop at its end is left to that sentence.

    >>> quoted("The timeout is reached.")
    '“The timeout is reached”'
    """
    return f"“{text.strip().rstrip('.')}”"


def ending(language: str, languages: Sequence[str]) -> str:
    """What the name of a file in a language has before its last ending: nothing for the first of the languages that
    there are.

    >>> ending("nl", ("en", "nl")), ending("en", ("en", "nl"))
    ('.nl', '')
    """
    return "" if language == languages[0] else f".{language}"


def ordered(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages, each once: the default first, if it is among them, then by their tags."""
    return tuple(sorted(set(languages), key=lambda language: (language != DEFAULT_LANGUAGE, language)))
