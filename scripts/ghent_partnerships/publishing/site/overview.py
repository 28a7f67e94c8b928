"""The page to begin with: the story, the map, the timeline and the table of partnerships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from ...rdf.serialize import File
from ...text import Text
from ...translation import message as _
from . import kinds, schema_org
from .context import Context
from .lead import Lead
from .pictures import timeline
from .story import Chapter, PartnershipStart, capital
from .templating import WEB

_MOST = 60  # of the sentences of a chapter, so many are quoted
_ROWS = 500  # partnerships: where there are more, the pictures and the table have so many of the hub at most
_SHEET = "pictures.css"


def files(context: Context) -> Iterator[File]:
    """The page in every language."""
    yield from _Overview(context).files()


class _Overview:
    """What the page shows of the partnerships of one graph."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def files(self) -> Iterator[File]:
        """The page to begin with."""
        maps = self.context.maps
        starts, self.kinds, hub = maps.starts, maps.kinds, maps.hub
        chapters = self.context.story.chapters()
        writer = Lead(self.context.graph_index, self.context.evidences)
        of_hub = [start for start in starts if hub in start.parties]
        shown = starts if len(starts) <= _ROWS else of_hub[:_ROWS]
        lead = writer.sentences(hub, of_hub, self.kinds) if hub else []
        cities = sorted({party for start in shown for party in start.parties})

        def given(language: str) -> dict[str, object]:
            return {
                **self.context.shared,
                "chapters": chapters,
                "counts": list(self._counts(of_hub if self._is_of(hub) else starts, hub)),
                "banded": any(chapter.start is not None for chapter in chapters),
                "decided": any(self.context.statuses.of(start.iri) for start in shown),
                "ended": any(start.end is not None for start in starts),
                "guessed": any(start.inferred for start in starts),
                "kinds": list(self.kinds.values()),
                "heading": self._heading(hub),
                "land": bool(maps.outlines.land),
                "map": maps.of(shown, language, self.context.pages.link("index", language)),
                "lead": lead,
                "most": _MOST,
                "note": self._note,
                "quoted": self.context.evidences.quoted,
                "left": len(starts) - len(shown),
                "hub": hub,
                "rows": [self._row(start, hub) for start in shown],
                "structured": schema_org.data_set(self.context.graph_index, self.context.publication, language),
                "timeline": self._timeline(shown, hub, chapters, language),
                "unplaced": [city for city in cities if self.context.maps.place(city) is None and self._note(city)],
            }

        yield from self.context.pages.every("overview.html", "index", given)
        sheet = (WEB / _SHEET).read_text(encoding="utf-8") + kinds.style(list(self.kinds.values()))
        yield f"assets/{_SHEET}", sheet.encode()

    def _is_of(self, hub: str | None) -> bool:
        """Whether all is about the hub."""
        return hub is not None and hub == self.context.publication.home_city

    def _note(self, iri: str) -> Text:
        """What is to be said beside a resource."""
        return self.context.graph_index.texts(iri, "skos:note")

    def _heading(self, hub: str | None) -> Text:
        """What the page is about."""
        if hub is None or not self._is_of(hub):
            return self.context.publication.of.title
        return _("{city} and its partner cities", city=self.context.graph_index.label(hub))

    def _counts(self, starts: Sequence[PartnershipStart], hub: str | None) -> Iterator[dict[str, object]]:
        """How many partnerships of each kind there are, with how many cities in how many countries."""
        counted = Counter(start.kind for start in starts)
        for kind in self.kinds.values():
            if number := counted[kind.iri]:
                yield {"number": number, "what": _of_kind(number, kind.label if len(counted) > 1 else None)}
        cities = {party for start in starts for party in start.parties} - ({hub} if self._is_of(hub) else set())
        yield {"number": len(cities), "what": _("city") if len(cities) == 1 else _("cities")}
        countries = {country for city in cities for country in self.context.graph_index.iris(city, "gp:country")}
        yield {"number": len(countries), "what": _("country") if len(countries) == 1 else _("countries")}

    def _timeline(
        self,
        starts: Sequence[PartnershipStart],
        hub: str | None,
        chapters: Sequence[Chapter],
        language: str,
    ) -> Markup:
        marks = []
        for start in starts:
            if start.year is not None:
                label, kind = self._other(start, hub).localized(language), self.kinds[start.kind]
                marks.append(timeline.Mark(start.year, label, kind.word, start.inferred, kind.mark))
        bands = [
            timeline.Band(
                chapter.start, chapter.end, capital(self.context.graph_index.label(chapter.period)).localized(language)
            )
            for chapter in chapters
            if chapter.start is not None and chapter.period
        ]
        name = _("A timeline with a mark where each partnership begins; the table below says the same.")
        inferred = _("inferred").localized(language)
        return timeline.timeline(marks, bands, name.localized(language), until=self._until(language), inferred=inferred)

    def _until(self, language: str) -> tuple[int, str] | None:
        """The year of the data, to which the timeline goes on; None where they do not say it."""
        iri = self.context.publication.data_set
        dates = (self.context.graph_index.text(iri, f"dcterms:{name}") for name in ("modified", "issued", "available"))
        year = next((date[:4] for date in dates if date and date[:4].isdecimal()), None)
        return (int(year), _("{year}: these data", year=year).localized(language)) if year else None

    def _other(self, start: PartnershipStart, hub: str | None) -> Text:
        """What a partnership is called among those of the hub: by its other party."""
        parties = [party for party in start.parties if party != hub]
        return self.context.graph_index.label(parties[0] if len(parties) == 1 else start.iri)

    def _row(self, start: PartnershipStart, hub: str | None) -> dict[str, object]:
        others = [party for party in start.parties if party != hub]
        countries = sorted(
            {country for city in others for country in self.context.graph_index.iris(city, "gp:country")}
        )
        return {
            "countries": countries,
            "end": start.end,
            "inferred": start.inferred,
            "iri": start.iri,
            "kind": start.kind,
            "sentences": self.context.story.fragments(start.iri),
            "year": start.year,
        }


def _of_kind(number: int, kind: Text | None) -> Text:
    """What so many partnerships are, of a kind where there are others."""
    if kind is None:
        return _("partnership") if number == 1 else _("partnerships")
    if number == 1:
        return _("partnership by way of {kind}", kind=kind)
    return _("partnerships by way of {kind}", kind=kind)
