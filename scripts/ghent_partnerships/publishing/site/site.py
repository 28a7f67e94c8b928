"""The site: a page for each resource, the overview, the terms and the rules, each in every language of the data set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup
from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from ...rdf.index import Knowledge, home, short
from ...rdf.namespaces import GP, ID, ONTOLOGY, PREFIXES, full
from ...rdf.retired import retired
from ...rdf.serialize import File
from ...rdf.turtle import by_subject, serialize
from ...releases.diff_reports import html
from ...sparql.library import Question, questions
from ...sparql.run import Results, ask
from ...sparql.views import DataSet
from ...text import Text, in_each
from ...translation import languages as interface_languages
from ...translation import message as _
from ...validation import explain
from .. import hosting
from ..catalogue.authorities import language_name
from ..coordinates import position
from ..feed import Step
from . import query_page, schema_org, search_index
from .evidence import Evidences
from .facts import Describing, Value
from .pictures import diagram, land, timeline, world_map
from .story import Beginning, Chapter, Telling, capital
from .templating import Pages, Site

FORMS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}
_WEB = Path(__file__).with_name("web")
_BUNDLE = _WEB / "bundle"
_SHEETS = ("site.css", "pictures.css", "search.css", "query.css")
_MOST = 30  # of the partnerships of a chapter, so many are named in it
_FOLDERS: dict[str, Text] = {  # in the order in which people look for them
    "city": _("Cities"),
    "partnership": _("Partnerships"),
    "agreement": _("Agreements"),
    "outcome": _("Outcomes"),
    "period": _("Periods"),
    "activity": _("Activities"),
    "concept": _("Concepts"),
    "scheme": _("Lists of concepts"),
    "group": _("Unnamed groups"),
    "country": _("Countries"),
    "candidate": _("Candidates"),
    "inference": _("Inferences"),
    "source": _("Sources"),
    "fragment": _("Sentences of sources"),
    "dataset": _("Data sets"),
    "query": _("Queries"),
    "shape": _("Rules"),
    "rule": _("Rules beyond SHACL"),
}
_RULES: dict[str, tuple[Text, Text]] = {
    "shapes": (
        _("What data must look like"),
        _("Every rule that data is checked by, with the code that its findings bear."),
    ),
    "style": (
        _("What terms must look like"),
        _("Every rule that the ontology, the shapes and the queries are checked by."),
    ),
}


@dataclass(frozen=True)
class Rule:
    """A rule, with what is wrong and right by it, and the page that lists it."""

    code: str
    means: Text
    why: Text
    mend: Text
    shape: str
    examples: tuple[tuple[str, ...], ...]
    page: str


def files(
    knowledge: Knowledge,
    resources: Mapping[str, Sequence[Triple]],
    store: Store,
    of: DataSet,
    address: str,
    steps: Sequence[Step] = (),
    *,
    sparql: bool = True,
) -> Iterator[File]:
    """Every file of the site. ``knowledge`` is of all statements, those of shapes and queries too; ``resources`` are
    those about each resource by its IRI; the ``store`` holds what is published as the graph; ``steps`` are the
    releases, if they are known; ``sparql`` says whether there is an endpoint."""
    scripted = query_page.bundled()
    writing = _Writing(knowledge, resources, store, Pages(Site(address, of, scripted, bool(steps), sparql)))
    yield from writing.overview()
    yield from writing.everything()
    yield from writing.ontology()
    yield from writing.rules()
    yield from writing.portals()
    if steps:
        yield from writing.changes(steps)
    yield from writing.resources()
    yield from writing.missing()
    if scripted:
        yield from query_page.files(writing.pages, store)
        yield from query_page.assets()
        yield from search_index.files(writing.knowledge.about, of.languages)
    yield from ((f"assets/{name}", (_WEB / name).read_bytes()) for name in _SHEETS if (_WEB / name).exists())
    yield "favicon.svg", (_WEB / "favicon.svg").read_bytes()
    yield from hosting.files(address, paths(writing.listed, scripted=scripted, fed=bool(steps)), of.languages)


def paths(resources: Iterable[str], *, scripted: bool, fed: bool = False) -> list[str]:
    """The paths of all pages, without an ending."""
    some = [*["query"] * scripted, *["feed"] * fed]
    documents = (f"doc/{iri.removeprefix(ID)}" for iri in resources)
    return ["index", "resources", "ontology", *_RULES, "catalog", *some, *documents]


class _Writing:
    """Writes the pages of one graph."""

    def __init__(
        self, knowledge: Knowledge, resources: Mapping[str, Sequence[Triple]], store: Store, pages: Pages
    ) -> None:
        self.knowledge, self.about, self.store, self.pages = knowledge, resources, store, pages
        gone = retired(chain.from_iterable(resources.values()))
        self.listed = [iri for iri in resources if iri not in gone]
        self.evidences = Evidences(knowledge)
        self.describing = Describing(knowledge, self.evidences)
        self.telling = Telling(knowledge, self.evidences)
        self.shared: dict[str, object] = {
            "capital": capital,
            "forms": FORMS.items(),
            "home": _home,
            "label": knowledge.label,
            "names": _NAMES,
            "reasoning": lambda iri: knowledge.texts(iri, "gp:reasoning"),
            "reference": self.describing.reference,
        }

    def resources(self) -> Iterator[File]:
        """The page of each resource."""
        asked = {PREFIXES["query"] + name: one for name, one in questions().items()}
        listed = set(self.listed)
        for iri, statements in self.about.items():
            path = f"doc/{iri.removeprefix(ID)}"
            lead = self.telling.lead(iri)
            type_ = self.knowledge.type(iri) or ""
            shared: dict[str, object] = {
                **self.shared,
                "folder": iri.removeprefix(ID).partition("/")[0],
                "groups": self.describing.groups(iri),
                "gone": iri not in listed,
                "iri": iri,
                "lead": lead,
                "mentions": self.describing.mentions(iri),
                "successors": self.knowledge.iris(iri, "dcterms:isReplacedBy"),
                "title": self.knowledge.label(iri),
                "type": type_.removeprefix(GP),
                "type_label": capital(self.knowledge.label(type_)) if type_ else _("Resource"),
                "whole": self.evidences.whole(iri),
            }
            template = "resource.html"
            if iri in asked:
                template, more = "query_resource.html", self._asked(asked[iri])
            elif iri.startswith((PREFIXES["shape"], PREFIXES["rule"])):
                template, more = "shape_resource.html", self._shape(iri, statements)
            else:
                more = {}
            shared |= more

            def context(language: str) -> dict[str, object]:
                about = schema_org.web_page(self.knowledge, self.pages.site, path, language, iri, lead)  # noqa: B023
                return {**shared, "structured": about}  # noqa: B023

            yield from self.pages.every(template, path, context)

    def overview(self) -> Iterator[File]:
        """The page to begin with."""
        beginnings = self.telling.beginnings()
        hub = self.telling.hub(beginnings)
        chapters = self.telling.chapters()
        outlines = land.rings(_BUNDLE / "land-110m.geojson"), land.rings(_BUNDLE / "land-50m.geojson")
        of_hub = [one for one in beginnings if hub in one.parties]
        cities = sorted({party for one in beginnings for party in one.parties})

        def context(language: str) -> dict[str, object]:
            return {
                **self.shared,
                "capitalised": self._capitalised,
                "chapters": chapters,
                "counts": list(self._counts(of_hub, hub)),
                "land": bool(outlines[0]),
                "map": self._map(beginnings, hub, outlines, language),
                "most": _MOST,
                "note": lambda iri: self.knowledge.texts(iri, "skos:note"),
                "other": lambda one: self._other(one, hub),
                "rows": [self._row(one, hub) for one in beginnings],
                "structured": schema_org.data_set(self.knowledge, self.pages.site, language),
                "timeline": self._timeline(beginnings, hub, chapters, language),
                "unplaced": [one for one in cities if self._place(one) is None],
            }

        yield from self.pages.every("overview.html", "index", context)

    def everything(self) -> Iterator[File]:
        """The list of all resources, by what they are."""
        sections = []
        by_folder = {
            folder: list(some)
            for folder, some in groupby(self.listed, lambda iri: iri.removeprefix(ID).partition("/")[0])
        }
        for folder in sorted(by_folder, key=lambda one: (list(_FOLDERS).index(one) if one in _FOLDERS else 99, one)):
            some = sorted(
                map(self.describing.reference, by_folder[folder]), key=lambda one: (str(one.text).casefold(), one.title)
            )
            sections.append({"folder": folder, "title": _FOLDERS.get(folder, Text(folder)), "resources": some})
        yield from self.pages.every("resources.html", "resources", lambda _: {**self.shared, "sections": sections})

    def ontology(self) -> Iterator[File]:
        """The documentation of the terms."""
        terms = sorted(
            (one.value for one in self.knowledge.about if isinstance(one, NamedNode) and one.value.startswith(GP)),
            key=lambda one: one.casefold(),
        )
        classes = [self._term(one) for one in terms if one.removeprefix(GP)[0].isupper()]
        properties = [self._term(one) for one in terms if not one.removeprefix(GP)[0].isupper()]
        defined = (one.value for one in self.knowledge.about if isinstance(one, NamedNode))
        others = sorted(
            one
            for one in defined
            if not one.startswith((ID, ONTOLOGY)) and self.knowledge.objects(one, "rdfs:isDefinedBy")
        )
        reused = [
            {"iri": one, "name": short(one), "note": note}
            for one in others
            if (note := self.knowledge.texts(one, "skos:note"))
        ]
        description = self.knowledge.texts(ONTOLOGY, "dcterms:description")

        def context(language: str) -> dict[str, object]:
            return {
                **self.shared,
                "classes": classes,
                "description": description,
                "diagram": diagram.diagram(
                    diagram.model(self.knowledge, language),
                    _(
                        "The classes, their properties and the classes of the values; the terms below say the same."
                    ).localized(language),
                ),
                "ontology": ONTOLOGY,
                "properties": properties,
                "reused": reused,
                "structured": schema_org.web_page(
                    self.knowledge, self.pages.site, "ontology", language, ONTOLOGY, description
                ),
            }

        yield from self.pages.every("ontology.html", "ontology", context)

    def rules(self) -> Iterator[File]:
        """The rules in words, each with what is wrong and what is right by it."""
        for path, (title, about) in _RULES.items():
            (sibling,) = ((other, _RULES[other][0]) for other in _RULES if other != path)
            context = {
                **self.shared,
                "about": about,
                "rules": [rule for rule in self._rules if rule.page == path],
                "sibling": sibling,
                "title": title,
            }
            yield from self.pages.every("rules.html", path, lambda _, context=context: context)  # type: ignore[misc]

    def portals(self) -> Iterator[File]:
        """How portals harvest the catalogue."""

        def context(language: str) -> dict[str, object]:
            structured = schema_org.data_set(self.knowledge, self.pages.site, language)
            return {**self.shared, "harvested": _harvested(self.pages.site.of.languages), "structured": structured}

        yield from self.pages.every("catalog.html", "catalog", context)

    def changes(self, steps: Sequence[Step]) -> Iterator[File]:
        """What each release changed, the newest first."""

        def context(language: str) -> dict[str, object]:
            told = [(step.release, html(step.found, language)) for step in reversed(steps)]
            return {**self.shared, "releases": told}

        yield from self.pages.every("feed.html", "feed", context)

    def missing(self) -> Iterator[File]:
        """The page that a host shows in the place of any that there is none of: its links begin at the root."""
        root = urlsplit(self.pages.site.address).path
        first, *others = self.pages.site.of.languages
        elsewhere = [(one, _MISSPELT.localized(one), _EVERYTHING.localized(one)) for one in others]
        yield from self.pages.every(
            "404.html", "404", lambda language: {"root": root, "elsewhere": elsewhere if language == first else []}
        )

    @cached_property
    def _rules(self) -> list[Rule]:
        return [
            Rule(
                one.code,
                one.means,
                one.why,
                one.mend,
                one.shape,
                tuple(map(tuple, explain.examples_of(one))),
                one.suite,
            )
            for one in explain.explanations()
        ]

    def _term(self, iri: str) -> dict[str, object]:
        """What the documentation says of a term of ours."""
        facts = []
        for name, what in _TERM_FACTS.items():
            values = [value for value in self.knowledge.objects(iri, name) if isinstance(value, NamedNode)]
            if values:
                links = (self.describing.reference(value.value) for value in values)
                facts.append((what, sorted(links, key=lambda one: one.text)))
        about = self.knowledge.mentions.get(iri, {})
        shapes = {*about.get(full("sh:path"), ()), *about.get(full("sh:targetClass"), ())}
        return {
            "anchor": iri.removeprefix(GP),
            "definition": self.knowledge.texts(iri, "skos:definition"),
            "example": self.knowledge.text(iri, "skos:example"),
            "facts": facts,
            "label": self.knowledge.label(iri),
            "name": short(iri),
            "notes": [
                (what, texts) for name, what in _TERM_NOTES.items() if (texts := self.knowledge.texts(iri, name))
            ],
            "rules": [rule for rule in self._rules if PREFIXES["shape"] + rule.shape in shapes],
        }

    def _shape(self, iri: str, statements: Sequence[Triple]) -> dict[str, object]:
        rule = next((one for one in self._rules if one.code == self.knowledge.text(iri, "skos:notation")), None)
        shaped = iri.startswith(PREFIXES["shape"])
        turtle = serialize(by_subject(statements), PREFIXES).partition("\n\n")[2] if shaped else ""
        means = {"lead": rule.means} if rule else {}
        return {"groups": [], "rule": rule, "turtle": turtle, **means}

    @cached_property
    def _answers(self) -> dict[str, Results]:
        """The answers to the questions, and the tables, by their names."""
        asked = {one.name: one.text for one in questions().values() if one.folder != "views"}
        return ask(self.store, asked)

    def _asked(self, question: Question) -> dict[str, object]:
        answer = self._answers.get(question.name)
        columns, rows = [], None
        if isinstance(answer, QuerySolutions):
            columns = [variable.value for variable in answer.variables]
            rows = [[None if cell is None else self.describing.value(cell) for cell in row] for row in answer]
        return {
            "columns": columns,
            "groups": [],
            "lead": Text(question.name),
            "parameters": question.parameters,
            "rows": rows,
            "run": query_page.fragment(question.name),
            "text": question.text,
            "title": question.summary,
        }

    def _capitalised(self, iri: str) -> Value:
        one = self.describing.reference(iri)
        return Value(capital(one.text), one.title, one.page, one.address)

    def _counts(self, beginnings: Sequence[Beginning], hub: str | None) -> Iterator[dict[str, object]]:
        """How many partnerships of each kind there are, with how many cities in how many countries."""
        for kind in sorted(
            {one.kind for one in beginnings}, key=lambda one: min(b.year or 0 for b in beginnings if b.kind == one)
        ):
            number = sum(one.kind == kind for one in beginnings)
            yield {"number": number, "what": _COUNTED.get(kind, self.knowledge.label(kind))}
        cities = {party for one in beginnings for party in one.parties} - {hub}
        yield {"number": len(cities), "what": _("cities")}
        countries = {country for city in cities for country in self.knowledge.iris(city, "gp:country")}
        yield {"number": len(countries), "what": _("countries")}

    def _map(
        self,
        beginnings: Sequence[Beginning],
        hub: str | None,
        outlines: tuple[list[land.Ring], list[land.Ring]],
        language: str,
    ) -> Markup:
        places = {}
        for city in sorted({party for one in beginnings for party in one.parties}):
            if (place := self._place(city)) is not None:
                places[city] = world_map.Place(self.knowledge.label(city).localized(language), *place)
        pairs = (pair for one in beginnings for pair in [one.parties] if len(pair) == _PAIR)
        kinds = (_word(one.kind) for one in beginnings if len(one.parties) == _PAIR)
        lines = [world_map.Line(kind, (pair[0], pair[1])) for kind, pair in zip(kinds, pairs, strict=True)]
        name = _("A map with a line for each partnership; the table below says the same.").localized(language)
        return world_map.world_map(hub, places, lines, outlines, name)

    def _timeline(
        self, beginnings: Sequence[Beginning], hub: str | None, chapters: Sequence[Chapter], language: str
    ) -> Markup:
        marks = []
        for one in beginnings:
            if one.year is not None:
                label = self._other(one, hub).localized(language)
                marks.append(timeline.Mark(one.year, label, _word(one.kind), one.inferred))
        bands = [
            timeline.Band(one.start, one.end, self.knowledge.label(one.period).localized(language))
            for one in chapters
            if one.start is not None
        ]
        name = _("A timeline with a mark where each partnership begins; the table below says the same.").localized(
            language
        )
        return timeline.timeline(marks, bands, name)

    def _other(self, one: Beginning, hub: str | None) -> Text:
        """What a partnership is called among those of the hub: by its other party."""
        parties = [party for party in one.parties if party != hub]
        return self.knowledge.label(parties[0] if len(parties) == 1 else one.iri)

    def _row(self, one: Beginning, hub: str | None) -> dict[str, object]:
        others = [party for party in one.parties if party != hub]
        countries = sorted({country for city in others for country in self.knowledge.iris(city, "gp:country")})
        places = [self._place(city) for city in others]
        return {
            "countries": countries,
            "end": self.knowledge.year(one.iri, "gp:endYear"),
            "inferred": one.inferred,
            "iri": one.iri,
            "kind": one.kind,
            "place": "; ".join(f"{place[0]}, {place[1]}" for place in places if place is not None),
            "year": one.year,
        }

    def _place(self, city: str) -> tuple[float, float] | None:
        found = position(self.knowledge.text(city, "geo:long"), self.knowledge.text(city, "geo:lat"))
        return (float(found[1]), float(found[0])) if found else None


_PAIR = 2
_TERM_FACTS: dict[str, Text] = {
    "schema:domainIncludes": _("said of"),
    "schema:rangeIncludes": _("values"),
    "rdfs:subClassOf": _("subclass of"),
    "rdfs:subPropertyOf": _("subproperty of"),
    "owl:equivalentClass": _("equivalent to"),
    "owl:equivalentProperty": _("equivalent to"),
    "owl:disjointWith": _("never also"),
    "rdfs:seeAlso": _("see also"),
}
_TERM_NOTES: dict[str, Text] = {
    "skos:note": _("beside other terms"),
    "skos:scopeNote": _("why a term of its own"),
}
_COUNTED: dict[str, Text] = {
    full("concept:twinning"): _("twin cities"),
    full("concept:cooperation"): _("cooperation agreements"),
}


_MISSPELT = _("Nothing is at this address; it may be misspelt.")
_EVERYTHING = _("Everything that there is")


def _harvested(languages: Sequence[str]) -> Text:
    """What the catalogue is in, for those who ask to have it harvested."""
    first, *others = (language_name(one) for one in languages)
    if not others:
        return _("Metadata standard: DCAT-AP; language: {first}", first=first)
    listed = in_each(interface_languages(), lambda one: ", ".join(other.localized(one) for other in others))
    return _(
        "Metadata standard: DCAT-AP; default language: {first}, and {others} beside it", first=first, others=listed
    )


def _word(iri: str) -> str:
    """The last part of an IRI, which is a class in the style sheets."""
    return iri.rpartition("/")[2]


def _home(iri: str) -> tuple[str, str]:
    """The page about an IRI of ours."""
    found = home(iri)
    assert found is not None
    return found
