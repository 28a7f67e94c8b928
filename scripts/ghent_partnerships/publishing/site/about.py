"""The page with the data in every form, and the page about the site, with its documentation below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...dist import RECONCILE, RECONCILIATION
from ...rdf.serialize import File
from ..catalogue.distributions import FEED, distributions
from ..rest.operations import Operation
from . import documentation, navigation, rules, wikidata
from .context import Context


def files(context: Context, operations: Sequence[Operation] = ()) -> Iterator[File]:
    """The two pages, and the READMEs. ``operations`` are what the API answers, if there is one."""
    publication, graph_index = context.publication, context.graph_index
    every = documentation.readmes(publication.project)
    downloads = [
        distribution
        for distribution in distributions(publication.whole, plain=publication.project.is_plain)
        if distribution.path != FEED
    ]
    matched = f"{publication.address}{RECONCILE}" if graph_index.instances("gp:City") else ""
    data = {
        **context.shared,
        "downloads": downloads,
        "has_api": bool(operations),
        "matched": matched,
        "matching": RECONCILIATION,
        "wikidata": [*wikidata.paths(publication)],
    }
    yield from context.pages.every("data.html", navigation.DATA, lambda _language: data)
    sources = [iri for iri in graph_index.instances("schema:CreativeWork") if iri in context.about]
    about = {
        **context.shared,
        "documents": every,
        "rules": [(path, *rules.PAGES[path]) for path in rules.paths(publication)],
        "sources": sorted(sources, key=lambda iri: (str(graph_index.label(iri)).casefold(), iri)),
    }
    yield from context.pages.every("about.html", navigation.ABOUT, lambda _language: about)
    yield from documentation.files(context, every)
