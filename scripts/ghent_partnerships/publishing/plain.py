"""The site of a plain project, which has no cities: its classes and schemes, and a page for each resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Store, Triple

from ..errors import UsageError
from ..project.project import Project
from ..rdf.index import GraphIndex
from ..rdf.namespaces import expand
from ..rdf.serialize import File
from ..rdf.turtle import TYPE
from ..sparql import views
from ..sparql.views import DataSet
from ..text import NO_TEXT, Text
from . import hosting
from .addresses import Addresses, common
from .feed import Step
from .publication import Publication
from .rest import files as rest
from .rest.operations import operations
from .site import about, api_page, documentation, listing, query_page, resource_page, search_index
from .site import site as pages
from .site.context import Context
from .site.facts import Value
from .site.templating import WEB, Pages
from .site_address import site_address
from .tables import Table

_IN_SCHEME, _SCHEME, _TOP_OF = map(expand, ("skos:inScheme", "skos:ConceptScheme", "skos:topConceptOf"))
_NOWHERE = "http://localhost:8000/"  # where serve stands by default
_DEEPEST = 50  # levels of a tree
_SHEETS = ("site.css", "pictures.css", "search.css", "query.css")


@dataclass(frozen=True)
class Node:
    """A concept in its tree: the link to it, and those below it."""

    value: Value
    below: tuple[Node, ...]


def address(at: Addresses) -> str:
    """Where a site is taken to be served whose settings do not say: at what its IRIs have in common."""
    try:
        return site_address(common(at.documents))
    except UsageError:
        return _NOWHERE


def data_set(store: Store, project: Project) -> DataSet:
    """What the graph says of the data set; what has no title is called as its files are."""
    if project.data_set.iri or project.base:
        of = views.data_set(store, project)
        return of if of.title else replace(of, title=Text(project.stem))
    title = Text(project.stem)
    return DataSet(title, NO_TEXT, "", "", "", title, project.languages)


def site(
    graph_index: GraphIndex,
    resources: Mapping[str, Sequence[Triple]],
    store: Store,
    publication: Publication,
    steps: Sequence[Step] = (),
    answers: Sequence[Table] = (),
) -> Iterator[File]:
    """Every file of the site, from what the site of cities is made of."""
    context = Context(graph_index, resources, store, Pages(publication))
    sections = _sections(context)
    asked = operations(context, answers)
    yield from _overview(context, sections)
    yield from listing.everything(context, sections)
    yield from about.files(context, asked)
    yield from pages.portals(context)
    if steps:
        yield from pages.changes(context, steps)
    folders = {iri: section.folder for section in sections for iri in section.iris}
    yield from resource_page.files(context, lambda iri: {"folder": folders.get(iri, ""), "tree": _tree(context, iri)})
    yield from pages.missing(context)
    yield from rest.files(asked, publication)
    yield from api_page.files(context, asked)
    if publication.has_scripts:
        yield from query_page.files(context.pages, store, context.answers)
        yield from query_page.assets()
        yield from search_index.files(graph_index.about, publication)
        yield from search_index.page(context.pages)
    yield from ((f"assets/{name}", (WEB / name).read_bytes()) for name in _SHEETS)
    yield "favicon.svg", (WEB / "favicon.svg").read_bytes()
    optional = [*["query"] * publication.has_scripts, *["feed"] * publication.fed]
    documents = map(publication.addresses.of, context.listed)
    parts = [part.path for section in sections for part in section.parts]
    written = [readme.path for readme in documentation.readmes(publication.project)]
    paths = [
        "index",
        "resources",
        "data",
        "about",
        *written,
        "catalog",
        *optional,
        *documents,
        *parts,
        *api_page.paths(asked),
    ]
    yield from hosting.files(publication, paths)


def _sections(context: Context) -> list[listing.Section]:
    """The resources by their classes, the class of most first."""
    by_class: dict[str, list[str]] = {}
    for iri in context.listed:
        by_class.setdefault(context.graph_index.type(iri) or "", []).append(iri)
    sections = []
    for number, iri in enumerate(sorted(by_class, key=lambda iri: (-len(by_class[iri]), iri)), 1):
        named = [
            (each, replace(context.resource_facts.reference(each), page=(context.publication.addresses.of(each), "")))
            for each in by_class[iri]  # a document of what has a fragment may have no statement of its own
        ]
        title = context.graph_index.label(iri) if iri else Text("…")
        sections.append(listing.section(f"class-{number}", title, named))
    return sections


def _overview(context: Context, sections: Sequence[listing.Section]) -> Iterator[File]:
    graph_index = context.graph_index
    known = set(graph_index.instances("skos:ConceptScheme"))
    schemes = [iri for iri in context.listed if iri in known]
    sizes = Counter(
        value.value
        for about in graph_index.about.values()
        for value in about.get(_IN_SCHEME, ())
        if isinstance(value, NamedNode)
    )
    references = [(context.resource_facts.reference(iri), sizes[iri]) for iri in schemes]
    ordered = sorted(references, key=lambda pair: (str(pair[0].text).casefold(), pair[0].title))
    given = {**context.shared, "schemes": ordered, "sections": sections}
    yield from context.pages.every("plain_overview.html", "index", lambda _language: given)


def _tree(context: Context, scheme: str) -> tuple[Node, ...]:
    """The concepts of a scheme below its top concepts; nothing of what is no scheme.

    One that has several above it is below each of them, and what is below it stands where it comes first."""
    graph_index = context.graph_index
    if NamedNode(_SCHEME) not in graph_index.of(scheme).get(TYPE, ()):
        return ()
    members = set(graph_index.mentions.get(scheme, {}).get(_IN_SCHEME, ()))
    members |= {*graph_index.mentions.get(scheme, {}).get(_TOP_OF, ()), *graph_index.iris(scheme, "skos:hasTopConcept")}
    below: dict[str, set[str]] = {iri: set(graph_index.iris(iri, "skos:narrower")) & members for iri in members}
    for iri in members:
        for above in graph_index.iris(iri, "skos:broader"):
            if above in members:
                below[above].add(iri)
    lower = {iri for above, found in below.items() for iri in found if iri != above}
    ordered = sorted(members, key=lambda iri: (str(graph_index.label(iri)).casefold(), iri))
    place = {iri: number for number, iri in enumerate(ordered)}
    reached: set[str] = set()

    def node(iri: str, depth: int) -> Node:
        deeper: Iterable[str] = ()
        if iri not in reached and depth < _DEEPEST:
            reached.add(iri)
            deeper = sorted(below[iri] - {iri}, key=place.__getitem__)
        return Node(context.resource_facts.reference(iri), tuple(node(each, depth + 1) for each in deeper))

    found = [node(iri, 0) for iri in ordered if iri not in lower]
    found += [node(iri, 0) for iri in ordered if iri not in reached]  # rings, and what is deeper than is shown
    return tuple(found)
