"""The graph in plain words: a line about each resource, and the partnerships as the source tells of them.

Nothing is said that the graph does not say: a beginning is no duration, and what is not stated is said to be so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ...project.evidence import Evidences
from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...rdf.turtle import TYPE
from ...text import NO_TEXT, Text, in_each
from ...translation import message as _

_YEAR = re.compile(r"-?[0-9]{4,9}")


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
class Chapter:
    """A part of a source's account: its heading and the fragments below it, in their order; the period that it tells
    of, if the graph has it, with its years; the partnerships that rest on each fragment; and the inferences that these
    rest on. A source without headings has one chapter and no heading."""

    source: str
    heading: str
    fragments: tuple[str, ...]
    period: str
    start: int | None
    end: int | None
    note: Text
    named: Mapping[str, Sequence[str]]
    inferences: tuple[str, ...]


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
        return any(self._is(source, "gp:Inference") for source in sources)

    def hub(self, partnership_starts: list[PartnershipStart]) -> str | None:
        """The home city where it is party to a partnership, else the city that is party to most."""
        counts = Counter(party for start in partnership_starts for party in start.parties)
        if self.home_city in counts:
            return self.home_city
        return min(counts, key=lambda party: (-counts[party], party), default=None)

    def chapters(self) -> list[Chapter]:
        """The parts of the accounts of all sources that are quoted, in their order, that of most sentences first."""
        fragments = self.graph_index.instances("oa:TextQuoteSelector")
        sources = {source for fragment in fragments for source in self.graph_index.iris(fragment, "dcterms:isPartOf")}
        ordered = sorted(sources, key=lambda source: (-len(self.evidences.text(source)), source))
        return [chapter for source in ordered for chapter in self._chapters(source)]

    def _chapters(self, source: str) -> Iterator[Chapter]:
        """The parts of one source: each from a heading to the next."""
        parts: list[tuple[str, list[str]]] = []
        for fragment in self.evidences.text(source):
            if self.evidences.quoted(fragment).sort == "heading":
                parts.append((fragment, []))
            else:
                if not parts:
                    parts.append(("", []))
                parts[-1][1].append(fragment)
        yield from (self._chapter(source, heading, fragments) for heading, fragments in parts if fragments)

    def _chapter(self, source: str, heading: str, fragments: list[str]) -> Chapter:
        period = next(iter(self._resting(heading, "gp:Period")), "") if heading else ""
        named = {fragment: self._resting(fragment, "gp:Partnership") for fragment in fragments}
        listed = dict.fromkeys(partnership for partnerships in named.values() for partnership in partnerships)
        resting = (source for partnership in listed for source in self.graph_index.iris(partnership, "dcterms:source"))
        return Chapter(
            source,
            heading,
            tuple(fragments),
            period,
            self.graph_index.year(period, "gp:startYear") if period else None,
            self.graph_index.year(period, "gp:endYear") if period else None,
            self.graph_index.texts(period, "skos:note") if period else NO_TEXT,
            named,
            tuple(dict.fromkeys(source for source in resting if self._is(source, "gp:Inference"))),
        )

    def fragments(self, iri: str) -> list[str]:
        """The sentences that a resource rests on, in the order of the source."""
        sources = self.graph_index.iris(iri, "dcterms:source")
        return sorted(
            (fragment for fragment in sources if self.graph_index.objects(fragment, "oa:exact")),
            key=lambda fragment: (self.graph_index.year(fragment, "schema:position") or 0, fragment),
        )

    def _resting(self, fragment: str, kind: str) -> list[str]:
        """What is of a class and rests on a fragment, in order."""
        resting = set(self.graph_index.mentions.get(fragment, {}).get(expand("dcterms:source"), ()))
        return sorted(iri for iri in resting if self._is(iri, kind))

    def _is(self, iri: str, kind: str) -> bool:
        return NamedNode(expand(kind)) in self.graph_index.of(iri).get(TYPE, ())

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
