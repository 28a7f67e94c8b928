"""The graph in plain words: a line about each resource, and Ghent's partnerships as the source tells of them.

Nothing is said that the graph does not say: a beginning is no duration, and what is not stated is said to be so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ...rdf.index import Knowledge
from ...rdf.namespaces import full
from ...rdf.turtle import TYPE
from ...text import Text, in_each
from ...translation import message as _
from .evidence import Evidences

_DETAILS = ("gp:aim", "gp:focus", "gp:context", "gp:means", "gp:involves", "gp:to", "gp:result", "gp:reason")


@dataclass(frozen=True)
class Beginning:
    """A partnership as it began: between whom, of which kind, in which year, and whether we infer the year."""

    iri: str
    kind: str
    parties: tuple[str, ...]
    year: int | None
    inferred: bool


@dataclass(frozen=True)
class Told:
    """Something that was done or decided: the resource, and what is said of it by property."""

    iri: str
    details: tuple[tuple[str, tuple[str, ...]], ...]
    note: Text


@dataclass(frozen=True)
class Chapter:
    """A part of the source's account: the period, its years where they are stated, and what is told of it."""

    period: str
    start: int | None
    end: int | None
    partnerships: tuple[Beginning, ...]
    told: tuple[Told, ...]
    note: Text


class Telling:
    """Tells of the graph."""

    def __init__(self, knowledge: Knowledge, evidences: Evidences) -> None:
        self.knowledge, self.evidences = knowledge, evidences
        self._leads: dict[str, Callable[[str], Text]] = {
            full("dcat:Dataset"): self._described("dcterms:description"),
            full("gp:Agreement"): self._agreement,
            full("gp:Candidate"): self._place,
            full("gp:City"): self._place,
            full("gp:Inference"): self._described("gp:reasoning"),
            full("gp:Partnership"): self._partnership,
            full("gp:Period"): self._period,
            full("oa:TextQuoteSelector"): self._described("oa:exact"),
        }

    def lead(self, iri: str) -> Text:
        """One line about a resource, empty where there is nothing to say before its facts."""
        return self._leads.get(self.knowledge.type(iri) or "", self._described("skos:definition"))(iri)

    def beginnings(self) -> list[Beginning]:
        """All partnerships in order of their years, then of their names."""
        found = [self.beginning(iri) for iri in self.knowledge.instances("gp:Partnership")]
        return sorted(found, key=lambda one: (one.year is None, one.year, self.knowledge.label(one.iri), one.iri))

    def beginning(self, iri: str) -> Beginning:
        """A partnership as it began."""
        inferred = self._inferred(iri, "gp:startYear")
        kinds = self.knowledge.iris(iri, "gp:kind")
        parties = tuple(self.knowledge.iris(iri, "gp:party"))
        return Beginning(iri, kinds[0] if kinds else "", parties, self.knowledge.year(iri, "gp:startYear"), inferred)

    def _inferred(self, iri: str, name: str) -> bool:
        """Whether we conclude what a property says."""
        sources = self.evidences.of(iri, full(name))
        return any(NamedNode(full("gp:Inference")) in self.knowledge.of(one).get(TYPE, ()) for one in sources)

    def hub(self, beginnings: list[Beginning]) -> str | None:
        """The city that is party to most partnerships."""
        counts = Counter(party for one in beginnings for party in one.parties)
        return min(counts, key=lambda party: (-counts[party], party), default=None)

    def chapters(self) -> list[Chapter]:
        """The periods that the source gives a part of its account, in its order."""
        found = []
        for period in self.knowledge.instances("gp:Period"):
            headings = [one for one in self._fragments(period) if self.evidences.quoted(one).sort == "heading"]
            if headings:
                found.append((self._position(headings[0]), self._chapter(period, headings[0])))
        return [chapter for _, chapter in sorted(found, key=lambda one: (one[0], one[1].period))]

    def _chapter(self, period: str, heading: str) -> Chapter:
        parts = self.knowledge.iris(period, "dcterms:hasPart")
        beginnings = sorted(map(self.beginning, parts), key=lambda one: (one.year or 0, one.iri))
        told = []
        section = self._section(heading)
        for kind in ("gp:Activity", "gp:Outcome"):
            for iri in self.knowledge.instances(kind):
                fragments = self._fragments(iri)
                if fragments and section.issuperset(fragments):
                    told.append((min(map(self._position, fragments)), kind, self._told(iri)))
        return Chapter(
            period,
            self.knowledge.year(period, "gp:startYear"),
            self.knowledge.year(period, "gp:endYear"),
            tuple(beginnings),
            tuple(one for *_, one in sorted(told, key=lambda one: (one[0], one[1], one[2].iri))),
            self.knowledge.texts(period, "skos:note"),
        )

    def _told(self, iri: str) -> Told:
        details = ((full(name), tuple(self.knowledge.iris(iri, name))) for name in _DETAILS)
        return Told(iri, tuple(one for one in details if one[1]), self.knowledge.texts(iri, "skos:note"))

    def _section(self, heading: str) -> set[str]:
        """The heading and the fragments below it, up to the next."""
        found = {heading}
        for source in self.knowledge.iris(heading, "dcterms:isPartOf"):
            text = self.evidences.text(source)
            for fragment in text[text.index(heading) + 1 :]:
                if self.evidences.quoted(fragment).sort == "heading":
                    break
                found.add(fragment)
        return found

    def _fragments(self, iri: str) -> list[str]:
        """The sentences that a resource rests on, in the order of the source."""
        sources = self.knowledge.iris(iri, "dcterms:source")
        return sorted((one for one in sources if self.knowledge.objects(one, "oa:exact")), key=self._position)

    def _position(self, fragment: str) -> int:
        return self.knowledge.year(fragment, "schema:position") or 0

    def _partnership(self, iri: str) -> Text:
        one = self.beginning(iri)
        kind: Text = capital(self.knowledge.label(one.kind)) if one.kind else _("Partnership")
        if one.kind and self._inferred(iri, "gp:kind"):
            kind = _("{kind}, we infer", kind=kind)
        if one.year is None:
            return _("{kind}; its beginning is not stated", kind=kind)
        if one.inferred:
            return _("{kind}; begun in {year}, we infer", kind=kind, year=one.year)
        return _("{kind}, since {year}", kind=kind, year=one.year)

    def _agreement(self, iri: str) -> Text:
        instruments = self.knowledge.iris(iri, "gp:instrument")
        what: Text = capital(self.knowledge.label(instruments[0])) if instruments else _("Agreement")
        year = self.knowledge.year(iri, "gp:concludedYear")
        if year is None:
            return _("{what}; the year is not stated", what=what)
        return _("{what}, concluded in {year}", what=what, year=year)

    def _place(self, iri: str) -> Text:
        type_ = self.knowledge.type(iri)
        assert type_ is not None
        what = capital(self.knowledge.label(type_))
        countries = [self.knowledge.label(one) for one in self.knowledge.iris(iri, "gp:country")]
        if not countries:
            return what
        tags = {tag for country in countries for tag in country}
        listed = in_each(sorted(tags), lambda tag: ", ".join(country.localized(tag) for country in countries))
        return _("{what} in {countries}", what=what, countries=listed)

    def _period(self, iri: str) -> Text:
        start, end = (self.knowledge.year(iri, name) for name in ("gp:startYear", "gp:endYear"))
        if start is not None and end is not None:
            return _("Period, {start} to {end}", start=start, end=end)
        if start is not None:
            return _("Period, since {start}; no end is stated", start=start)
        return _("Period; its years are not stated")

    def _described(self, name: str) -> Callable[[str], Text]:
        return lambda iri: self.knowledge.texts(iri, name)


def capital(text: Text) -> Text:
    """The text with a capital at its start, in each language."""
    return text.map(lambda one: one[:1].upper() + one[1:])
