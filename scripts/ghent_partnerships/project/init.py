"""The files of a new project: what ``init`` writes. Values in, files out; nothing is read but what comes with the
package."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ..errors import UsageError
from ..rdf.build import Value, make_triples, typed
from ..rdf.namespaces import BASE, ONTOLOGY, PREFIXES, TYPES, VOCABULARY_TYPES
from ..rdf.turtle import by_subject, serialize
from ..text import Text
from ..translation import message as _
from .settings import PARTNERSHIPS
from .slugs import slug

_STARTING = Path(__file__).with_name("starting")
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_SOFTWARE = "https://github.com/ghent-partnerships/ghent-partnerships"
_VERSION = "0.1.0"
_GAP = re.compile(r"@([A-Z]+)@")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&|])")
_SPACE = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+/(?:[^\s?#<>\"{}|\\^`]*/)?")
_EXAMPLE_YEAR = "2001"
_TAKEN = ("countries", "dataset", "kinds", "partners", "release", "rows", "sources")  # names in the folder of the data


class Start(NamedTuple):
    """What a new project begins with.

    ``base`` is what its IRIs start with, ``languages`` the tags of its languages, the first that of the quoted sentence,
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
        return serialize(by_subject(dict.fromkeys(triples)), self.prefixes).encode()  # type: ignore[arg-type]

    def _filled(self, key: str, language: str, gaps: Mapping[str, object]) -> str:
        values = {name: gap.localized(language) if isinstance(gap, Text) else gap for name, gap in gaps.items()}
        return str(_in(language)[key]).format_map(values)


class About(NamedTuple):
    """What the description of a data set says beside what every one says: the slug of the data set, its texts and its
    place, the IRI of the home city or nothing, and the IRIs of its sources and its examples."""

    name: str
    title: Text
    description: Text
    place: Text
    home: str
    sources: Sequence[str]
    examples: Sequence[str]


@cache
def _words() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads((_STARTING / "words.toml").read_text(encoding="utf-8"))


def _words_of(language: str) -> Mapping[str, str | list[str]] | None:
    return _words().get(language) or _words().get(language.partition("-")[0])


def _in(language: str) -> Mapping[str, str | list[str]]:
    found = _words_of(language)
    assert found is not None
    return found


def languages() -> list[str]:
    """The tags of the languages that there are words in."""
    return sorted(_words())


def files(start: Start) -> dict[str, bytes]:
    """The files of the project of a city, by their paths: one partnership is in it, as an example.

    Raises:
        UsageError: the base is not one, there are no words in a language, or the city has no name that can be read.
    """
    writing = Writing(start)
    data = _example(writing)
    title = writing.text("title", city=writing.everywhere(start.city))
    description = writing.text("description", city=writing.everywhere(start.city))
    held = {
        home_file(home_name(start.city)): "the city that all is about",
        "data/countries.ttl": "the countries",
        "data/partners": "one file a partner city: the city and its partnerships",
        "data/sources.ttl": "the sources, quoted sentence by sentence",
    }
    return {**around(start, title, description, held, "The first partnership, as an example."), **data}


def home_name(city: Text) -> str:
    """The slug of a home city.

    Raises:
        UsageError: no letter of its names has a likeness in ASCII.
    """
    found = next(filter(None, map(slug, city.values())), "")
    if not found:
        problem = _("--city {city}: expected a name with a letter or digit that ASCII has a likeness of", city=city)
        raise UsageError(problem)
    return found


def home_file(name: str) -> str:
    """The path of the file of a home city, by its slug."""
    return f"data/{name}-city.ttl" if name in _TAKEN else f"data/{name}.ttl"


def _example(writing: Writing) -> dict[str, bytes]:
    """The data of a project with one partnership."""
    start = writing.start
    home_slug = home_name(start.city)
    first = start.languages[0]
    partner, land = writing.text("partner"), writing.text("country")
    partner_slug = slug(partner[first])
    if partner_slug == home_slug:
        partner_slug = f"{partner_slug}-2"
    city, other = writing.iri("city", home_slug), writing.iri("city", partner_slug)
    country = writing.iri("country", slug(land[first]))
    partnership = writing.iri("partnership", f"{home_slug}-{partner_slug}")
    source, wikidata = writing.iri("source", "document"), writing.iri("source", "wikidata")
    fragment, kind = writing.iri("fragment", "s1"), writing.iri("kind", "twinning")
    example = writing.text("example")
    sentence = writing.text("sentence", city=start.city, partner=partner, year=_EXAMPLE_YEAR)[first]
    home = writing.everywhere(start.city)
    about = About(
        name=f"{home_slug}-partnerships",
        title=writing.text("title", city=home),
        description=writing.text("description", city=home),
        place=home,
        home=city,
        sources=[source, *([wikidata] if start.wikidata else [])],
        examples=[city, partnership, fragment],
    )

    def stated(name: str) -> Literal:
        return Literal(name)

    return {
        **described(writing, about),
        home_file(home_slug): writing.turtle(
            statements(
                city,
                ("rdf:type", "gp:City"),
                ("rdfs:label", home),
                ("gp:nameAsStated", stated(home[first])),
                ("dcterms:source", fragment, *([wikidata] if start.wikidata else [])),
                *identified(start.wikidata),
            )
        ),
        "data/countries.ttl": writing.turtle(
            statements(
                country,
                ("rdf:type", "schema:Country"),
                ("rdfs:label", land),
                ("dcterms:source", source),
                ("skos:note", example),
            )
        ),
        "data/kinds.ttl": writing.turtle(
            kinds(writing, [(kind, writing.text("twinning"), writing.text("twinning_definition"))], source)
        ),
        f"data/partners/{partner_slug}.ttl": writing.turtle(
            [
                *statements(
                    other,
                    ("rdf:type", "gp:City"),
                    ("rdfs:label", partner),
                    ("gp:nameAsStated", stated(partner[first])),
                    ("gp:country", country),
                    ("dcterms:source", fragment),
                    ("skos:note", example),
                ),
                *statements(
                    partnership,
                    ("rdf:type", "gp:Partnership"),
                    ("rdfs:label", writing.text("pair", first=home, second=partner)),
                    ("gp:party", city, other),
                    ("gp:kind", kind),
                    ("gp:startYear", typed(_EXAMPLE_YEAR, "gYear")),
                    ("schema:position", typed("1", "integer")),
                    ("dcterms:source", fragment),
                    ("skos:note", example),
                ),
            ]
        ),
        "data/sources.ttl": writing.turtle(
            [
                *statements(
                    source,
                    ("rdf:type", "schema:CreativeWork"),
                    ("rdfs:label", writing.text("source")),
                    ("schema:url", typed(start.source or start.base, "anyURI")),
                    ("skos:note", example),
                ),
                *(of_wikidata(writing, wikidata) if start.wikidata else ()),
                *statements(
                    fragment,
                    ("rdf:type", "oa:TextQuoteSelector"),
                    ("rdfs:label", writing.text("fragment", number=1)),
                    ("oa:exact", Literal(sentence, language=first)),
                    ("schema:position", typed("1", "integer")),
                    ("dcterms:isPartOf", source),
                    ("skos:note", example),
                ),
            ]
        ),
    }


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


def described(writing: Writing, about: About) -> dict[str, bytes]:
    """The description of the data set and its release, by their paths."""
    start = writing.start
    data_set = writing.iri("dataset", about.name)
    publisher, contact, place = (f"{start.base}catalog#{name}" for name in ("publisher", "contact", "place"))
    page = start.repository or start.site or start.base
    today = typed(start.today, "date")
    terms = {
        f"{_AUTHORITY}access-right/PUBLIC": "public",
        f"{_AUTHORITY}data-theme/INTR": "international",
        f"{_AUTHORITY}data-theme/REGI": "regions",
        f"{_AUTHORITY}frequency/IRREG": "irregular",
    }
    right, *themes, frequency = terms
    triples = [
        *statements(
            data_set,
            ("rdf:type", "dcat:Dataset"),
            ("rdfs:label", about.title),
            ("dcterms:title", about.title),
            ("dcterms:description", about.description),
            ("dcterms:language", *map(Literal, start.languages)),
            ("dcterms:license", _LICENCE),
            ("dcterms:publisher", publisher),
            ("dcterms:source", *about.sources),
            ("dcterms:conformsTo", ONTOLOGY),
            ("dcterms:accessRights", right),
            ("dcterms:accrualPeriodicity", frequency),
            ("dcterms:available", today),
            ("dcterms:spatial", place),
            ("dcat:theme", *themes),
            ("dcat:keyword", *writing.texts("keywords")),
            ("dcat:contactPoint", contact),
            ("foaf:homepage", start.site or start.base),
            *([("foaf:primaryTopic", about.home)] if about.home else []),
            ("void:exampleResource", *about.examples),
            ("void:uriSpace", Literal(start.base)),
        ),
        *statements(publisher, ("rdf:type", "foaf:Agent"), ("foaf:name", Literal(start.publisher))),
        *statements(
            contact, ("rdf:type", "vcard:Kind"), ("vcard:fn", Literal(start.publisher)), ("vcard:hasURL", page)
        ),
        *statements(place, ("rdf:type", "dcterms:Location"), ("skos:prefLabel", about.place)),
        *(
            triple
            for iri, key in terms.items()
            for triple in statements(
                iri, ("skos:prefLabel", writing.text(key)), ("rdfs:isDefinedBy", iri.rpartition("/")[0])
            )
        ),
    ]
    released = statements(data_set, ("dcat:version", Literal(_VERSION)), ("dcterms:issued", today))
    return {"data/dataset.ttl": writing.turtle(triples), "data/release.ttl": writing.turtle(released)}


def around(start: Start, title: Text, description: Text, held: Mapping[str, str], added: str) -> dict[str, bytes]:
    """The files of a project around its data, by their paths: its settings, what people and machines read of them, and
    what checks them. ``held`` is what each file or folder of the data holds, and ``added`` what is new."""
    first = start.languages[0]
    every = {**held, "data/kinds.ttl": "the kinds of partnership", "data/dataset.ttl": "the description of the data set"}
    every["data/release.ttl"] = "the version and its date: edited for a release"
    gaps = {
        "TITLE": _plain(title.localized(first)),
        "DESCRIPTION": _plain(description.localized(first)),
        "REQUIREMENT": f"ghent-partnerships[serve] @ git+{_SOFTWARE}@v{start.software}",
        "VERSION": start.software,
        "FILES": "\n".join(f"| [{path}]({path}) | {_plain(text)} |" for path, text in sorted(every.items())),
        "ADDED": _plain(added),
    }
    names = {
        ".github/workflows/ci.yml": "ci.yml",
        ".github/workflows/pages.yml": "pages.yml",
        ".gitignore": "gitignore",
        ".pre-commit-config.yaml": "pre-commit-config.yaml",
        "CHANGELOG.md": "CHANGELOG.md",
        "README.md": "README.md",
    }
    written = {path: _template(name, gaps).encode() for path, name in names.items()}
    return {**written, "pyproject.toml": _table(start).encode()}


def _plain(text: str) -> str:
    """The text as Markdown shows it."""
    return _MARKDOWN.sub(r"\\\1", text)


def _template(name: str, gaps: Mapping[str, str]) -> str:
    """A file that comes with the package, its gaps filled, once: what stands in a value is no gap."""
    text = (_STARTING / name).read_text(encoding="utf-8")
    return _GAP.sub(lambda match: gaps[match[1]], text)


def _table(start: Start) -> str:
    """The settings: how the data are published."""
    settings = {"profile": PARTNERSHIPS, "site": start.site, "repository": start.repository}
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items() if value]
    heading = "[tool.ghent-partnerships] # how the data are published; what they are about stands in data/dataset.ttl"
    prefixes = ["", "[tool.ghent-partnerships.prefixes]", f"kind = {_quoted(f'{start.base}id/kind/')}"]
    return "\n".join((heading, *lines, *prefixes, ""))


def _quoted(value: str) -> str:
    """A text as TOML has it, which is as JSON has it."""
    return json.dumps(value, ensure_ascii=False)
