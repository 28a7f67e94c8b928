"""Maps of partnerships: where their parties lie, what joins them, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import combinations

from markupsafe import Markup

from ...project.coordinates import position
from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...text import Text
from ...translation import message as _
from ..addresses import Addresses
from . import kinds
from .pictures import land
from .pictures.world_map import Entry, Line, Outlines, Place, world_map
from .status import Status, Statuses
from .story import PartnershipStart, Story
from .templating import BUNDLE

Link = Callable[..., str]  # the way from a page to another, by its path and the fragment in it


class Maps:
    """Draws maps of the partnerships of a graph."""

    def __init__(self, graph_index: GraphIndex, story: Story, statuses: Statuses, addresses: Addresses) -> None:
        self.graph_index, self.story, self.statuses, self.addresses = graph_index, story, statuses, addresses

    @cached_property
    def outlines(self) -> Outlines:
        """The coasts and borders of the bundle; empty where this build has none."""
        return Outlines(land.rings(BUNDLE / "land-50m.geojson"), land.borders(BUNDLE / "borders-50m.geojson"))

    @cached_property
    def starts(self) -> list[PartnershipStart]:
        """All partnerships, in order."""
        return self.story.partnership_starts()

    @cached_property
    def kinds(self) -> dict[str, kinds.Kind]:
        """The kinds of all partnerships, by their IRIs."""
        years = [(start.kind, start.year) for start in self.starts]
        return {kind.iri: kind for kind in kinds.kinds(self.graph_index, years)}

    @cached_property
    def hub(self) -> str | None:
        """The city in the middle of all."""
        return self.story.hub(self.starts)

    def of(
        self,
        starts: Sequence[PartnershipStart],
        language: str,
        link: Link,
        *,
        ident: str = "map",
        others: Sequence[str] = (),
    ) -> Markup:
        """The map of partnerships and of ``others``, which are cities or candidates, with links to their pages; empty
        where it is not known where any of them lies. ``ident`` tells several maps of one page apart."""
        cities = sorted({*others, *(party for start in starts for party in start.parties)})
        places = {}
        for city in cities:
            if (at := self.place(city)) is not None:
                label = self.graph_index.label(city).localized(language)
                places[city] = Place(label, *at, self._link(city, link))
        lines = [
            Line(self._class(start), pair, self.title(start).localized(language), self._link(start.iri, link))
            for start in starts
            for pair in combinations(start.parties, 2)
        ]
        name = _("A map with a line for each partnership").localized(language)
        legend = self._legend(starts, language)
        return world_map(places, lines, self.outlines, name, hub=self.hub, legend=legend, ident=ident)

    def place(self, city: str) -> tuple[float, float] | None:
        """The latitude and the longitude of a city, or None where they are not known."""
        long, lat = (self.graph_index.text(city, name) for name in ("geo:long", "geo:lat"))
        found = position(long, lat)
        return (float(found[1]), float(found[0])) if found else None

    def title(self, start: PartnershipStart) -> Text:
        """What a partnership is in a line: its name, kind, year and status."""
        kind = self.graph_index.label(start.kind) if start.kind else _("partnership")
        status = self.statuses.of(start.iri)
        words: list[Text] = [kind, *([Text(str(start.year))] if start.year is not None else [])]
        if status:
            words.append(_("{word}, we infer", word=status.word) if status.inferred else status.word)
        listed = words[0]
        for word in words[1:]:
            listed = _("{before}, {word}", before=listed, word=word)
        return _("{partnership}: {details}", partnership=self.graph_index.label(start.iri), details=listed)

    def _link(self, iri: str, link: Link) -> str:
        home = self.addresses.home(iri)
        return link(*home) if home else ""

    def _class(self, start: PartnershipStart) -> str:
        status = self.statuses.of(start.iri)
        return f"{self.kinds[start.kind].word}{' ' + self._weight(status) if status else ''}"

    def _weight(self, status: Status) -> str:
        """How a line stands out: what a source says will go on, or the like, before all that is past or inferred."""
        decided = self.graph_index.type(status.by) == expand("gp:Outcome")
        return "strong" if decided and not status.inferred else "faint"

    def _legend(self, starts: Sequence[PartnershipStart], language: str) -> list[Entry]:
        used = {start.kind for start in starts}
        entries = [Entry(kind.word, kind.label.localized(language)) for kind in self.kinds.values() if kind.iri in used]
        found = [status for start in starts if (status := self.statuses.of(start.iri))]
        looks = dict.fromkeys((self._weight(status), status.inferred) for status in found)
        for weight, inferred in sorted(looks, key=lambda look: (look[0] != "strong", look[1])):
            alike = [status for status in found if (self._weight(status), status.inferred) == (weight, inferred)]
            words = dict.fromkeys(status.word.localized(language) for status in alike)
            mark = _("inferred").localized(language) if inferred else ""
            entries.append(Entry(weight, ", ".join(words), mark))
        return entries
