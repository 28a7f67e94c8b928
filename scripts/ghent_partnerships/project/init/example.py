"""The files of the project of a city, which begins with one partnership: an example, to be replaced."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Triple

from ...errors import UsageError
from ...rdf.build import typed
from ...text import Text
from ...translation import message as _
from .dataset import About, described, home_file
from .repository import around
from .slugs import slug
from .start import Start, Writing, identified, kinds, of_wikidata, statements

_YEAR = "2001"


def files(start: Start) -> dict[str, bytes]:
    """The files of the project of a city, by their paths: one partnership is in it, as an example.

    Raises:
        UsageError: the base is not one, there are no words in a language, or the city has no name that a slug can be
            made of.
    """
    writing = Writing(start)
    example = _Example(writing)
    about = example.about()
    held = {
        home_file(example.home_slug): "the city that all is about",
        "data/countries.ttl": "the countries",
        "data/partners": "one file a partner city: the city and its partnerships",
        "data/sources.ttl": "the sources, quoted sentence by sentence",
    }
    data = {
        home_file(example.home_slug): example.city(),
        "data/countries.ttl": example.land(),
        "data/kinds.ttl": example.kinds(),
        f"data/partners/{example.partner_slug}.ttl": example.partnership(),
        "data/sources.ttl": example.sources(),
    }
    return {
        **around(start, about.title, about.description, held, "The first partnership, as an example."),
        **described(writing, about),
        **{path: writing.turtle(triples) for path, triples in data.items()},
    }


class _Example:
    """The data of a project with one partnership."""

    def __init__(self, writing: Writing) -> None:
        start = writing.start
        self.writing, self.start, self.first = writing, start, start.languages[0]
        self.home, self.partner = writing.everywhere(start.city), writing.text("partner")
        self.home_slug, self.partner_slug = _slug_of(start.city), slug(self.partner[self.first])
        if self.partner_slug == self.home_slug:
            self.partner_slug += "-2"
        self.home_iri, self.partner_iri = (writing.iri("city", name) for name in (self.home_slug, self.partner_slug))
        self.country = writing.text("country")
        self.country_iri = writing.iri("country", slug(self.country[self.first]))
        self.partnership_iri = writing.iri("partnership", f"{self.home_slug}-{self.partner_slug}")
        self.source, self.fragment = writing.iri("source", "document"), writing.iri("fragment", "s1")
        self.wikidata = writing.iri("source", "wikidata") if start.wikidata else None
        self.kind = writing.iri("kind", "twinning")
        self.note = writing.text("example")

    def about(self) -> About:
        """What the data set is about."""
        return About(
            name=f"{self.home_slug}-partnerships",
            title=self.writing.text("title", city=self.home),
            description=self.writing.text("description", city=self.home),
            place=self.home,
            home=self.home_iri,
            sources=[self.source, *filter(None, [self.wikidata])],
            examples=[self.home_iri, self.partnership_iri, self.fragment],
        )

    def city(self) -> Iterator[Triple]:
        """The home city."""
        return statements(
            self.home_iri,
            ("rdf:type", "gp:City"),
            ("rdfs:label", self.home),
            ("gp:nameAsStated", Literal(self.home[self.first])),
            ("dcterms:source", self.fragment, *filter(None, [self.wikidata])),
            *identified(self.start.wikidata),
        )

    def land(self) -> Iterator[Triple]:
        """The country of its partner."""
        return statements(
            self.country_iri,
            ("rdf:type", "schema:Country"),
            ("rdfs:label", self.country),
            ("dcterms:source", self.source),
            ("skos:note", self.note),
        )

    def kinds(self) -> Iterator[Triple]:
        """The kinds of partnership."""
        names = self.writing.text("twinning"), self.writing.text("twinning_definition")
        return kinds(self.writing, [(self.kind, *names)], self.source)

    def partnership(self) -> Iterator[Triple]:
        """The partner, and the partnership."""
        yield from statements(
            self.partner_iri,
            ("rdf:type", "gp:City"),
            ("rdfs:label", self.partner),
            ("gp:nameAsStated", Literal(self.partner[self.first])),
            ("gp:country", self.country_iri),
            ("dcterms:source", self.fragment),
            ("skos:note", self.note),
        )
        yield from statements(
            self.partnership_iri,
            ("rdf:type", "gp:Partnership"),
            ("rdfs:label", self.writing.text("pair", first=self.home, second=self.partner)),
            ("gp:party", self.home_iri, self.partner_iri),
            ("gp:kind", self.kind),
            ("gp:startYear", typed(_YEAR, "gYear")),
            ("schema:position", typed("1", "integer")),
            ("dcterms:source", self.fragment),
            ("skos:note", self.note),
        )

    def sources(self) -> Iterator[Triple]:
        """The document, and the sentence that is quoted from it."""
        writing = self.writing
        yield from statements(
            self.source,
            ("rdf:type", "schema:CreativeWork"),
            ("rdfs:label", writing.text("source")),
            ("schema:url", typed(self.start.source or self.start.base, "anyURI")),
            ("skos:note", self.note),
        )
        if self.wikidata:
            yield from of_wikidata(writing, self.wikidata)
        sentence = writing.text("sentence", city=self.home, partner=self.partner, year=_YEAR)
        yield from statements(
            self.fragment,
            ("rdf:type", "oa:TextQuoteSelector"),
            ("rdfs:label", writing.text("fragment", number=1)),
            ("oa:exact", Literal(sentence[self.first], language=self.first)),
            ("schema:position", typed("1", "integer")),
            ("dcterms:isPartOf", self.source),
            ("skos:note", self.note),
        )


def _slug_of(city: Text) -> str:
    found = next(filter(None, map(slug, city.values())), "")
    if not found:
        problem = _("--city {city}: expected a name with a letter or digit that ASCII has a likeness of", city=city)
        raise UsageError(problem)
    return found
