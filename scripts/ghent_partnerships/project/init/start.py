"""What a new project begins with, and how its data are written: its IRIs, and words in each of its languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Triple

from ...errors import UsageError
from ...rdf.build import Value, make_triples, typed
from ...rdf.namespaces import BASE, PREFIXES, TYPES, VOCABULARY_TYPES
from ...rdf.turtle import by_subject, serialize
from ...text import Text
from ...translation import message as _

STARTING = Path(__file__).with_name("starting")  # what comes with the package for new projects
_SPACE = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+/(?:[^\s?#<>\"{}|\\^`]*/)?")


class Start(NamedTuple):
    """What a new project begins with.

    ``base`` is what its IRIs start with, ``languages`` the tags of its languages, first that of the quoted sentence,
    ``publisher`` a name, ``today`` the date of its first version, and ``software`` the version of the package. ``city``
    is the name of the home city in each language, and ``wikidata`` its item, like ``Q42``; both may be empty.
    ``repository``, ``site`` and ``source`` are addresses, or empty: ``source`` that of the document that is quoted.
    """

    base: str
    languages: tuple[str, ...]
    publisher: str
    today: str
    software: str
    city: Text = Text()
    wikidata: str = ""
    repository: str = ""
    site: str = ""
    source: str = ""


class Writing:
    """Writes the data of a new project: its IRIs, its words in each of its languages, its Turtle."""

    def __init__(self, start: Start) -> None:
        """Of what it begins with.

        Raises:
            UsageError: the base is not one, or there are no words in one of the languages.
        """
        self.start = start
        if not _SPACE.fullmatch(start.base) or start.base.startswith(BASE):
            problem = _(
                "--base {base}: expected an address of yours that ends in a slash, like {example}",
                base=start.base,
                example="https://example.org/partnerships/",
            )
            raise UsageError(problem)
        unknown = [language for language in start.languages if _words_of(language) is None]
        if unknown:
            problem = _(
                "--language {language}: there are words in {known} only; begin with these, and add another to "
                "{file} later: {command} then says which texts it needs",
                language=unknown[0],
                known=", ".join(sorted(_words())),
                file="data/dataset.ttl",
                command="ghent-partnerships validate",
            )
            raise UsageError(problem)
        self.id = f"{start.base}id/"
        types = {name: f"{self.id}{name}/" for name in (*TYPES, "kind") if name not in VOCABULARY_TYPES}
        self.prefixes: Mapping[str, str] = {**PREFIXES, **types}

    def iri(self, type_: str, name: str) -> str:
        """The IRI of a resource of a type, like ``city``, by its slug."""
        return f"{self.id}{type_}/{name}"

    def text(self, key: str, **gaps: object) -> Text:
        """A text of ``words.toml`` in each language, its gaps filled with texts."""
        return Text({language: self._filled(key, language, gaps) for language in self.start.languages})

    def texts(self, key: str) -> Iterator[Text]:
        """Each of a list of texts, in each language."""
        for language in self.start.languages:
            yield from (Text({language: word}) for word in _in(language)[key])

    def everywhere(self, text: Text | str) -> Text:
        """A name in each language, as its readers get it."""
        text = Text(text) if isinstance(text, str) else text
        return text.only(self.start.languages)

    def turtle(self, triples: Iterable[Triple]) -> bytes:
        """The triples in the canonical layout."""
        return serialize(by_subject(dict.fromkeys(triples)), self.prefixes).encode()

    def _filled(self, key: str, language: str, gaps: Mapping[str, object]) -> str:
        values = {name: gap.localized(language) if isinstance(gap, Text) else gap for name, gap in gaps.items()}
        return str(_in(language)[key]).format_map(values)


@cache
def _words() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads((STARTING / "words.toml").read_text(encoding="utf-8"))


def _words_of(language: str) -> Mapping[str, str | list[str]] | None:
    return _words().get(language) or _words().get(language.partition("-")[0])


def _in(language: str) -> Mapping[str, str | list[str]]:
    found = _words_of(language)
    assert found is not None
    return found


def languages() -> list[str]:
    """The tags of the languages that there are words in."""
    return sorted(_words())


def statements(subject: str, *about: tuple[str | Value, ...]) -> Iterator[Triple]:
    """The statements about a subject: of each predicate its name and its values."""
    for name, *values in about:
        yield from make_triples(subject, str(name), *values)


def identified(item: str) -> list[tuple[str | Value, ...]]:
    """What is said of a place that has an item of Wikidata, like ``Q42``."""
    return [("owl:sameAs", f"wd:{item}"), ("schema:sameAs", f"wd:{item}")] if item else []


def of_wikidata(writing: Writing, iri: str) -> Iterator[Triple]:
    """What is said of Wikidata, from where items are."""
    return statements(
        iri,
        ("rdf:type", "schema:CreativeWork"),
        ("rdfs:label", writing.everywhere("Wikidata")),
        ("schema:url", typed("https://www.wikidata.org/", "anyURI")),
        ("gp:supplies", "owl:sameAs", "schema:sameAs"),
    )


def kinds(writing: Writing, each: Iterable[tuple[str, Text, Text]], source: str) -> Iterator[Triple]:
    """The kinds of partnership, each with its IRI, its name and its definition, and the scheme that they are in."""
    scheme = writing.iri("scheme", "kinds")
    yield from statements(
        scheme,
        ("rdf:type", "skos:ConceptScheme"),
        ("skos:prefLabel", writing.text("kinds")),
        ("dcterms:source", source),
    )
    for number, (kind, name, definition) in enumerate(each, 1):
        yield from statements(
            kind,
            ("rdf:type", "gp:PartnershipKind", "skos:Concept"),
            ("skos:prefLabel", name),
            ("skos:definition", definition),
            ("skos:inScheme", scheme),
            ("gp:yearMeaning", "concept:since-the-year"),
            ("schema:position", typed(str(number), "integer")),
            ("dcterms:source", source),
        )
