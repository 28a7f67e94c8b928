"""The site: a page for each resource, the overview, the terms and the rules, each in every language of the data set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from pyoxigraph import Store, Triple

from ...rdf.index import GraphIndex
from ...rdf.serialize import File
from ...releases.diff_reports import html
from ...text import Text, in_each
from ...translation import languages as interface_languages
from ...translation import message as _
from .. import hosting
from ..catalogue.authorities import AUTHORITY, LICENCES, language_name
from ..catalogue.catalogue import coverage
from ..feed import Step
from ..publication import Publication
from ..rest import files as rest
from ..rest.operations import operations
from ..tables import Table
from . import (
    about,
    api_page,
    documentation,
    entity_previews,
    listing,
    navigation,
    overview,
    previews,
    query_page,
    reconciliation,
    resource_page,
    rules,
    schema_org,
    search_index,
    terms,
    wikidata,
)
from .context import Context
from .templating import WEB, Pages

_COUNTED = (  # by the metadata quality assessment of data.europa.eu, beside what every catalogue has
    "dcat:contactPoint",
    "dcat:keyword",
    "dcat:theme",
    "dcterms:accessRights",
    "dcterms:available",
    "dcterms:publisher",
    "dcterms:spatial",
)
_SHEETS = ("site.css", "search.css", "query.css")  # and what the overview writes


def files(
    graph_index: GraphIndex,
    resources: Mapping[str, Sequence[Triple]],
    store: Store,
    publication: Publication,
    steps: Sequence[Step] = (),
    answers: Sequence[Table] = (),
) -> Iterator[File]:
    """Every file of the site. ``graph_index`` is of all statements, those of shapes and queries too; ``resources`` are
    those about each resource by its IRI; the ``store`` holds what is published as the graph; ``steps`` are the
    releases, if they are known, and ``answers`` the tables."""
    pages = Pages(publication, previews.pictured(graph_index, publication))
    context = Context(graph_index, resources, store, pages)
    asked = operations(context, answers)
    yield from overview.files(context)
    sections = listing.sections(context)
    yield from listing.files(context, sections)
    yield from about.files(context, asked)
    yield from terms.files(context)
    yield from rules.files(context)
    yield from portals(context)
    yield from wikidata.files(context)
    if steps:
        yield from changes(context, steps)
    yield from resource_page.files(context)
    if (found := reconciliation.Reconciliation(context)).entities:
        yield from reconciliation.files(found)
        yield from entity_previews.files(found)
    yield from previews.files(context)
    yield from missing(context)
    yield from rest.files(asked, publication)
    yield from api_page.files(context, asked)
    if publication.has_scripts:
        yield from query_page.files(context.pages, store, context.answers)
        yield from query_page.assets()
        yield from search_index.files(context.graph_index.about, publication)
        yield from search_index.page(context.pages)
    yield from ((f"assets/{name}", (WEB / name).read_bytes()) for name in _SHEETS if (WEB / name).exists())
    yield "favicon.svg", (WEB / "favicon.svg").read_bytes()
    parts = [part.path for section in sections for part in section.parts]
    yield from hosting.files(publication, [*paths(publication, context.listed), *api_page.paths(asked), *parts])


def paths(publication: Publication, resources: Iterable[str]) -> list[str]:
    """The paths of all pages, without an ending."""
    optional = [*["query"] * publication.has_scripts, *["feed"] * publication.fed]
    documents = map(publication.addresses.of, resources)
    written = [readme.path for readme in documentation.readmes(publication.project)]
    return [
        "index",
        navigation.CITIES,
        "resources",
        "data",
        "about",
        *written,
        "ontology",
        *rules.paths(publication),
        "catalog",
        *wikidata.paths(publication),
        *optional,
        *documents,
    ]


def portals(context: Context) -> Iterator[File]:
    """How portals harvest the catalogue."""

    def given(language: str) -> dict[str, object]:
        structured = schema_org.data_set(context.graph_index, context.publication, language)
        harvested = _harvested(context.publication.languages)
        return {**context.shared, **_portal_facts(context), "harvested": harvested, "structured": structured}

    yield from context.pages.every("catalog.html", "catalog", given)


def _portal_facts(context: Context) -> dict[str, object]:
    """Which of the guide's sentences are true of the data set: whether it has all that the European portal counts,
    whether it is about a place in Belgium, and whether who publishes it is no administration."""
    iri, stated = context.publication.data_set, context.publication.project.data_set
    places = context.graph_index.iris(iri, "dcterms:spatial")
    return {
        "complete": context.publication.of.licence in LICENCES
        and all(context.graph_index.objects(iri, name) for name in _COUNTED)
        and coverage(context.graph_index) is not None,
        "flemish": any(place.startswith(f"{AUTHORITY}place/BEL_") for place in places),
        "private": "PrivateIndividual" in stated.value("dcterms:type", stated.publisher),
    }


def changes(context: Context, steps: Sequence[Step]) -> Iterator[File]:
    """What each release changed, the newest first."""

    def given(language: str) -> dict[str, object]:
        releases = [(step.release, html(step.found, language)) for step in reversed(steps)]
        return {**context.shared, "releases": releases}

    yield from context.pages.every("feed.html", "feed", given)


def missing(context: Context) -> Iterator[File]:
    """The page that a host shows in the place of any that there is none of: its links begin at the root."""
    root = urlsplit(context.publication.address).path
    first, *others = context.publication.languages
    elsewhere = [(language, _MISSPELT.localized(language), _EVERYTHING.localized(language)) for language in others]
    yield from context.pages.every(
        "404.html", "404", lambda language: {"root": root, "elsewhere": elsewhere if language == first else []}
    )


_MISSPELT = _("Nothing is at this address; it may be misspelt.")
_EVERYTHING = _("Everything that there is")


def _harvested(languages: Sequence[str]) -> Text:
    """What the catalogue is in, for those who ask to have it harvested."""
    first, *others = (language_name(tag) for tag in languages)
    if not others:
        return _("Metadata standard: DCAT-AP; language: {first}", first=first)
    listed = in_each(interface_languages(), lambda language: ", ".join(other.localized(language) for other in others))
    return _(
        "Metadata standard: DCAT-AP; default language: {first}, and {others} beside it", first=first, others=listed
    )
