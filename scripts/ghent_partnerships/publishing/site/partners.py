"""The partnerships of a city in words: with whom, since when, and what is told of it only by inference."""

from __future__ import annotations

from dataclasses import dataclass

from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...text import Text, in_each
from ...translation import message as _
from .story import Story

_PARTY = expand("gp:party")


@dataclass(frozen=True)
class Partner:
    """What one partnership of a city is: the partnership, the other parties, a line about it, its kind, which is empty
    where none is stated, and whether we infer the year."""

    partnership: str
    others: tuple[str, ...]
    text: Text
    kind: str
    inferred: bool


class Partners:
    """Finds the partners of cities."""

    def __init__(self, graph_index: GraphIndex, story: Story) -> None:
        self.graph_index, self.story = graph_index, story

    def of(self, city: str) -> list[Partner]:
        """The partnerships that a city is a party to, by their years, then by their names."""
        iris = set(self.graph_index.mentions.get(city, {}).get(_PARTY, ()))
        starts = [self.story.partnership_start(iri) for iri in iris]
        starts.sort(
            key=lambda start: (start.year is None, start.year or 0, self.graph_index.label(start.iri), start.iri)
        )
        found = []
        for start in starts:
            others = tuple(party for party in start.parties if party != city)
            text = self._line(others, start.year, start.end)
            found.append(Partner(start.iri, others, text, start.kind, start.inferred))
        return found

    def _line(self, others: tuple[str, ...], start: int | None, end: int | None) -> Text:
        city = self.names(others)
        if not others:
            return _("Partnership whose other city is not stated")
        if start is not None and end is not None:
            return _("Partner of {city}, {start} to {end}", city=city, start=str(start), end=str(end))
        if start is not None:
            return _("Partner of {city} since {year}", city=city, year=str(start))
        if end is not None:
            return _("Partner of {city} until {year}", city=city, year=str(end))
        return _("Partner of {city}", city=city)

    def names(self, iris: tuple[str, ...]) -> Text:
        """The names of resources in a row, in each language."""
        labels = [self.graph_index.label(iri) for iri in iris]
        tags = sorted({tag for label in labels for tag in label})
        return in_each(tags, lambda tag: ", ".join(label.localized(tag) for label in labels))
