"""The pictures that other sites show of pages: of the overview, and of cities and partnerships.

Where the renderer or the fonts are not there, nothing is drawn, and pages name no picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ...project.coordinates import position
from ...rdf.index import GraphIndex
from ...rdf.serialize import File
from ...text import Text
from ...translation import message as _
from ..publication import Publication
from . import kinds
from .page_path import picture
from .pictures.preview import Preview, Renderer, can_draw
from .pictures.world_map import Line, Place
from .story import PartnershipStart
from .templating import BUNDLE

if TYPE_CHECKING:
    from .context import Context

_MOST = 500  # files: those of a large network would take longer than its pages
_DRAWN = ("gp:Partnership", "gp:City")  # in the order in which they are drawn
_NAMED = 3  # places on a map, at most
_HOME = "index"
_PAIR = 2
_OTHER = "\u0370"  # the first letter of other scripts than the Latin


def drawable() -> bool:
    """Whether pictures can be drawn: the package's renderer and the fonts of the bundle are there."""
    return can_draw(BUNDLE)


def pictured(graph_index: GraphIndex, publication: Publication) -> dict[str, Text]:
    """What the picture of each page that has its own shows, in words, by the path of the page without an ending."""
    if not publication.has_previews:
        return {}
    most = _MOST // len(publication.languages) - 1
    found: dict[str, Text] = {_HOME: _("{title}: a map with a line for each partnership", title=publication.of.title)}
    resources = (iri for name in _DRAWN for iri in graph_index.instances(name))
    for iri in islice((iri for iri in resources if publication.addresses.document(iri)), most):
        title = graph_index.label(iri)
        found[publication.addresses.of(iri)] = _("{title}, on a map with the partnerships as lines", title=title)
    return found


def files(context: Context) -> Iterator[File]:
    """The pictures in each language."""
    pages = context.pages.previews
    if not pages:
        return
    drawn, renderer = _Drawn(context), Renderer(BUNDLE)
    by_path = {context.publication.addresses.document(iri): iri for name in _DRAWN for iri in drawn.instances(name)}
    for path in pages:
        for language in context.publication.languages:
            shown = drawn.preview(by_path.get(path), language, renderer)
            yield picture(path, language, context.publication.languages), renderer.png(shown)


class _Drawn:
    """What the pictures of one graph show."""

    def __init__(self, context: Context) -> None:
        self.context, self.graph_index = context, context.graph_index
        self.starts = context.story.partnership_starts()
        every = kinds.kinds(self.graph_index, [(start.kind, start.year) for start in self.starts])
        self.colors = {kind.iri: kind.light for kind in every}
        self.hub = context.story.hub(self.starts)
        self.of_city: dict[str, list[PartnershipStart]] = {}
        for start in self.starts:
            for party in start.parties:
                self.of_city.setdefault(party, []).append(start)

    def instances(self, name: str) -> list[str]:
        """The resources of a class."""
        return self.graph_index.instances(name)

    def preview(self, iri: str | None, language: str, renderer: Renderer) -> Preview:
        """The picture of the page of a resource, or of the overview."""
        named: tuple[str, ...]
        of, name = self.context.publication.of, self.context.publication.name.localized(language)
        if iri is None:
            starts = self.of_city.get(self.hub or "", self.starts)
            title, lead, named = of.title.localized(language), _years(starts), (self.hub,) if self.hub else ()
        elif iri in self.of_city or iri in self.instances("gp:City"):
            starts = self.of_city.get(iri, [])
            title = self.graph_index.label(iri).localized(language)
            lead = self.context.story.lead(iri).localized(language)
            named = (iri,)
        else:
            starts = [self.context.story.partnership_start(iri)]
            title, named = self.graph_index.label(iri).localized(language), starts[0].parties[:_NAMED]
            lead = self.context.story.lead(iri).localized(language)
        places = self._places({*named, *(party for start in starts for party in start.parties)}, language)
        if not places.keys() >= set(named):
            places = {}  # a map without what it is about tells nothing
        lines = [
            (Line("", (start.parties[0], start.parties[1])), self.colors[start.kind])
            for start in starts
            if len(start.parties) == _PAIR and places.keys() >= set(start.parties)
        ]
        return Preview(name, title, lead, places, lines, tuple(named), self._aside(iri, renderer))

    def _aside(self, iri: str | None, renderer: Renderer) -> str:
        """What a city is called in another script, which the site is not written in."""
        names = self.graph_index.label(iri).items() if iri in self.of_city else ()
        foreign = (name for tag, name in names if tag not in self.context.publication.languages)
        return min(
            (name for name in foreign if min(name, default="") >= _OTHER and renderer.can_write(name)), default=""
        )

    def _places(self, cities: set[str], language: str) -> dict[str, Place]:
        found = {}
        for city in sorted(cities):
            at = position(self.graph_index.text(city, "geo:long"), self.graph_index.text(city, "geo:lat"))
            if at is not None:
                name = self.graph_index.label(city).localized(language)
                found[city] = Place(name, float(at[1]), float(at[0]))
        return found


def _years(starts: list[PartnershipStart]) -> str:
    """From the first year to the last in which a partnership began."""
    years = [start.year for start in starts if start.year is not None]
    return f"{min(years)}–{max(years)}" if years else ""
