"""The graph in plain words: a line about each resource, and the partnerships as the source tells of them.

Nothing is said that the graph does not say: a beginning is no duration, and what is not stated is said to be so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...rdf.turtle import TYPE
from ...text import Text, in_each
from ...translation import message as _
from .evidence import Evidences

_YEAR = re.compile(r"-?[0-9]{4,9}")
_DETAILS = ("gp:aim", "gp:focus", "gp:context", "gp:means", "gp:involves", "gp:to", "gp:result", "gp:reason")


@dataclass(frozen=True)
class PartnershipStart:
    """A partnership as it began: between whom, of which kind, in which year, and whether we infer the year; and the
    year in which it ended, where one is stated."""

    iri: str
    kind: str
    parties: tuple[str, ...]
    year: int | None
    inferred: bool
    end: int | None = None


@dataclass(frozen=True)
class Event:
    """Something that was done or decided: the resource, and the statements about it by property."""

    iri: str
    details: tuple[tuple[str, tuple[str, ...]], ...]
    note: Text


@dataclass(frozen=True)
class Chapter:
    """A part of the source's account: the period, its years where they are stated, and what happened in it."""

    period: str
    start: int | None
    end: int | None
    partnerships: tuple[PartnershipStart, ...]
    events: tuple[Event, ...]
    note: Text


class Story:
    """Tells of the graph."""

    def __init__(self, graph_index: GraphIndex, evidences: Evidences, home_city: str = "") -> None:
        self.graph_index, self.evidences, self.home_city = graph_index, evidences, home_city
        self._leads: dict[str, Callable[[str], Text]] = {
            expand("dcat:Dataset"): self._described("dcterms:description"),
            expand("gp:Agreement"): self._agreement,
            expand("gp:Candidate"): self._place,
            expand("gp:City"): self._place,
            expand("gp:Inference"): self._described("gp:reasoning"),
            expand("gp:Partnership"): self._partnership,
            expand("gp:Period"): self._period,
            expand("oa:TextQuoteSelector"): self._described("oa:exact"),
        }

    def lead(self, iri: str) -> Text:
        """One line about a resource, empty where there is nothing to say before its facts."""
        return self._leads.get(self.graph_index.type(iri) or "", self._described("skos:definition"))(iri)

    def partnership_starts(self) -> list[PartnershipStart]:
        """All partnerships in order of their years, then of their names."""
        found = [self.partnership_start(iri) for iri in self.graph_index.instances("gp:Partnership")]
        return sorted(
            found, key=lambda start: (start.year is None, start.year, self.graph_index.label(start.iri), start.iri)
        )

    def partnership_start(self, iri: str) -> PartnershipStart:
        """A partnership as it began."""
        inferred = self._inferred(iri, "gp:startYear")
        year, end = (self._year(iri, f"gp:{which}Year", f"schema:{which}Date") for which in ("start", "end"))
        kinds = self.graph_index.iris(iri, "gp:kind")
        parties = tuple(self.graph_index.iris(iri, "gp:party"))
        return PartnershipStart(iri, kinds[0] if kinds else "", parties, year, inferred, end)

    def silent(self, iri: str, name: str) -> bool:
        """Whether the data say that the source does not state a property."""
        return NamedNode(expand(name)) in self.graph_index.objects(iri, "gp:notStated")

    def _year(self, iri: str, *names: str) -> int | None:
        """The year of the first of the properties that has one, of a day too."""
        for name in names:
            if found := _YEAR.match(self.graph_index.text(iri, name) or ""):
                return int(found[0])
        return None

    def _inferred(self, iri: str, name: str) -> bool:
        """Whether we conclude what a property says."""
        sources = self.evidences.of(iri, expand(name))
        return any(NamedNode(expand("gp:Inference")) in self.graph_index.of(source).get(TYPE, ()) for source in sources)

    def hub(self, partnership_starts: list[PartnershipStart]) -> str | None:
        """The home city where it is party to a partnership, else the city that is party to most."""
        counts = Counter(party for start in partnership_starts for party in start.parties)
        if self.home_city in counts:
            return self.home_city
        return min(counts, key=lambda party: (-counts[party], party), default=None)

    def chapters(self) -> list[Chapter]:
        """The periods that the source gives a part of its account, in its order."""
        found = []
        for period in self.graph_index.instances("gp:Period"):
            headings = [
                fragment for fragment in self._fragments(period) if self.evidences.quoted(fragment).sort == "heading"
            ]
            if headings:
                found.append((self._position(headings[0]), self._chapter(period, headings[0])))
        return [chapter for _, chapter in sorted(found, key=lambda dated: (dated[0], dated[1].period))]

    def _chapter(self, period: str, heading: str) -> Chapter:
        parts = self.graph_index.iris(period, "dcterms:hasPart")
        partnership_starts = sorted(map(self.partnership_start, parts), key=lambda start: (start.year or 0, start.iri))
        events = []
        section = self._section(heading)
        for kind in ("gp:Activity", "gp:Outcome"):
            for iri in self.graph_index.instances(kind):
                fragments = self._fragments(iri)
                if fragments and section.issuperset(fragments):
                    events.append((min(map(self._position, fragments)), kind, self._event(iri)))
        return Chapter(
            period,
            self.graph_index.year(period, "gp:startYear"),
            self.graph_index.year(period, "gp:endYear"),
            tuple(partnership_starts),
            tuple(event for *_, event in sorted(events, key=lambda event: (event[0], event[1], event[2].iri))),
            self.graph_index.texts(period, "skos:note"),
        )

    def _event(self, iri: str) -> Event:
        details = ((expand(name), tuple(self.graph_index.iris(iri, name))) for name in _DETAILS)
        return Event(iri, tuple(detail for detail in details if detail[1]), self.graph_index.texts(iri, "skos:note"))

    def _section(self, heading: str) -> set[str]:
        """The heading and the fragments below it, up to the next."""
        found = {heading}
        for source in self.graph_index.iris(heading, "dcterms:isPartOf"):
            text = self.evidences.text(source)
            for fragment in text[text.index(heading) + 1 :]:
                if self.evidences.quoted(fragment).sort == "heading":
                    break
                found.add(fragment)
        return found

    def _fragments(self, iri: str) -> list[str]:
        """The sentences that a resource rests on, in the order of the source."""
        sources = self.graph_index.iris(iri, "dcterms:source")
        return sorted(
            (fragment for fragment in sources if self.graph_index.objects(fragment, "oa:exact")), key=self._position
        )

    def _position(self, fragment: str) -> int:
        return self.graph_index.year(fragment, "schema:position") or 0

    def _partnership(self, iri: str) -> Text:
        start = self.partnership_start(iri)
        kind: Text = capital(self.graph_index.label(start.kind)) if start.kind else _("Partnership")
        if start.kind and self._inferred(iri, "gp:kind"):
            kind = _("{kind}, we infer", kind=kind)
        if start.year is None:
            return _("{kind}; its beginning is not stated", kind=kind) if self.silent(iri, "gp:startYear") else kind
        if start.end is not None:
            return _("{kind}, {start} to {end}", kind=kind, start=start.year, end=start.end)
        if start.inferred:
            return _("{kind}; begun in {year}, we infer", kind=kind, year=start.year)
        return _("{kind}, since {year}", kind=kind, year=start.year)

    def _agreement(self, iri: str) -> Text:
        instruments = self.graph_index.iris(iri, "gp:instrument")
        what: Text = capital(self.graph_index.label(instruments[0])) if instruments else _("Agreement")
        year = self.graph_index.year(iri, "gp:concludedYear")
        if year is None:
            return _("{what}; the year is not stated", what=what) if self.silent(iri, "gp:concludedYear") else what
        return _("{what}, concluded in {year}", what=what, year=year)

    def _place(self, iri: str) -> Text:
        type_ = self.graph_index.type(iri)
        assert type_ is not None
        what = capital(self.graph_index.label(type_))
        countries = [self.graph_index.label(country) for country in self.graph_index.iris(iri, "gp:country")]
        if not countries:
            return what
        tags = {tag for country in countries for tag in country}
        listed = in_each(sorted(tags), lambda tag: ", ".join(country.localized(tag) for country in countries))
        return _("{what} in {countries}", what=what, countries=listed)

    def _period(self, iri: str) -> Text:
        start, end = (self.graph_index.year(iri, name) for name in ("gp:startYear", "gp:endYear"))
        if start is not None and end is not None:
            return _("Period, {start} to {end}", start=start, end=end)
        if start is not None:
            return _("Period, since {start}; no end is stated", start=start)
        return _("Period; its years are not stated")

    def _described(self, name: str) -> Callable[[str], Text]:
        return lambda iri: self.graph_index.texts(iri, name)


def capital(text: Text) -> Text:
    """The text with a capital at its start, in each language."""
    return text.map(lambda words: words[:1].upper() + words[1:])
