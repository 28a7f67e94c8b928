"""The account in a few sentences, each written from what the graph says and given with what it rests on.

A sentence is left out where the graph does not say what is in it; so a graph of bare links has a short lead, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from ...project.evidence import Evidence, Evidences
from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...text import Text, in_each
from ...translation import languages as interface_languages
from ...translation import message as _
from ...translation import ngettext
from .story import PartnershipStart, capital

_LEAST_GAP = 10  # years: shorter ones are no story
_MOST = 12  # fragments under a sentence, and outcomes or changes of course that have one


@dataclass(frozen=True)
class Sentence:
    """A sentence, what it rests on, and whether we infer it."""

    text: Text
    evidence: Evidence

    @property
    def inferred(self) -> bool:
        """Whether a conclusion of ours is among what it rests on."""
        return bool(self.evidence.conclusions)


class Lead:
    """Writes the sentences."""

    def __init__(self, graph_index: GraphIndex, evidences: Evidences) -> None:
        self.graph_index, self.evidences = graph_index, evidences

    def sentences(self, hub: str, starts: Sequence[PartnershipStart], kinds: Iterable[str]) -> list[Sentence]:
        """The account of the partnerships of a city, given with their kinds in order."""
        dated = sorted((start for start in starts if start.year is not None), key=lambda start: start.year or 0)
        found: list[tuple[int, int, Sentence]] = []
        for kind in kinds:
            alike = [start for start in dated if start.kind == kind]
            if alike:
                found.append((alike[0].year or 0, 0, self._kind(hub, kind, alike)))
                if described := self._described(kind, first=not found[:-1]):
                    found.append((alike[0].year or 0, 1, described))
        if gap := self._gap(dated):
            found.append(gap)
        ordered = [sentence for *_rest, sentence in sorted(found, key=lambda each: each[:2])]
        return [*ordered, *self._changes(), *self._outcomes()]

    def _kind(self, hub: str, kind: str, alike: Sequence[PartnershipStart]) -> Sentence:
        """How many partnerships of a kind there are, and when the first and the last of them began."""
        first, last, number = alike[0].year, alike[-1].year, len(alike)
        values = {"city": self.graph_index.label(hub), "first": str(first), "last": str(last)}
        if kind:
            values["kind"] = self.graph_index.label(kind)
        if kind and first != last:
            text: Text = ngettext(
                "Between {first} and {last}, {city} began {number} partnership by way of {kind}.",
                "Between {first} and {last}, {city} began {number} partnerships by way of {kind}.",
                number,
                **values,
            )
        elif kind:
            text = ngettext(
                "In {first}, {city} began {number} partnership by way of {kind}.",
                "In {first}, {city} began {number} partnerships by way of {kind}.",
                number,
                **values,
            )
        else:
            text = ngettext(
                "{city} began {number} partnership, in {first}.",
                "{city} began {number} partnerships, the first in {first} and the last in {last}.",
                number,
                **values,
            )
        return Sentence(text, self._years(alike))

    def _described(self, kind: str, *, first: bool) -> Sentence | None:
        """What a kind rests on and how long it is meant for, where it is not the first."""
        names = ("gp:instrument", "gp:duration", "gp:scope")
        instruments, durations, scopes = (self.graph_index.iris(kind, name) if kind else [] for name in names)
        if first or not (instruments and durations and scopes):
            return None
        text = _(
            "This newer kind rests on the {instrument}: it is {duration}, and {scope} in scope.",
            instrument=self._chosen(instruments),
            duration=self.graph_index.label(durations[0]),
            scope=self.graph_index.label(scopes[0]),
        )
        sources = self.evidences.of(kind, expand("gp:duration"))
        whole = [source for source in sources if self.evidences.quoted(source).sort != "item"]
        return Sentence(text, self._shown(whole or sources))

    def _gap(self, dated: Sequence[PartnershipStart]) -> tuple[int, int, Sentence] | None:
        """The longest time in which no partnership began: where the sentence about it stands, and the sentence."""
        years = sorted({start.year for start in dated if start.year is not None})
        gaps = [(after - before, -before, after) for before, after in pairwise(years)]
        length, before, after = max(gaps, default=(0, 0, 0))
        if length < _LEAST_GAP:
            return None
        text = _(
            "After {first}, it began none for {length} years, until {next}.",
            first=str(-before),
            length=str(length),
            next=str(after),
        )
        around = [start for start in dated if start.year in (-before, after)]
        return after, -1, Sentence(text, self._years(around))

    def _changes(self) -> Iterator[Sentence]:
        """What changes of course concern and lead to, and what we conclude about which partnerships these are."""
        changes = [iri for iri in self.graph_index.instances("gp:Activity") if self.graph_index.objects(iri, "gp:to")]
        for change in changes[:_MOST]:
            concerned, to = (self.graph_index.iris(change, name) for name in ("gp:concerns", "gp:to"))
            if not concerned:
                continue
            text = _(
                "{partnerships} are to take another course, towards {aims}.",
                partnerships=capital(self._listed(concerned)),
                aims=self._listed(to),
            )
            sources = self.evidences.of(change, expand("gp:to"))
            yield Sentence(text, self._shown(sources))
            for inference in sorted(set(self.graph_index.mentions.get(change, {}).get(expand("gp:concerns"), ()))):
                if self.graph_index.type(inference) == expand("gp:Inference"):
                    yield Sentence(_stopped(self.graph_index.label(inference)), self._shown([inference]))

    def _outcomes(self) -> Iterator[Sentence]:
        """What was decided about partnerships, and why."""
        for outcome in self.graph_index.instances("gp:Outcome")[:_MOST]:
            reasons = self.graph_index.iris(outcome, "gp:reason")
            label = self.graph_index.label(outcome)
            text: Text = _stopped(label)
            if reasons:
                text = _("{claim}, for these reasons: {reasons}.", claim=label, reasons=self._listed(reasons))
            yield Sentence(text, self._shown(self.evidences.of(outcome, expand("gp:reason"))))

    def _chosen(self, iris: Sequence[str]) -> Text:
        """The labels as a choice: "a or b"."""
        first, *others = map(self.graph_index.label, iris)
        return reduce(lambda before, name: _("{before} or {name}", before=before, name=name), others, first)

    def _listed(self, iris: Sequence[str]) -> Text:
        labels = [self.graph_index.label(iri) for iri in iris]
        tags = {*interface_languages(), *(tag for label in labels for tag in label)}
        return in_each(sorted(tags), lambda tag: ", ".join(label.localized(tag) for label in labels))

    def _years(self, starts: Sequence[PartnershipStart]) -> Evidence:
        """What the years in which partnerships began rest on."""
        sources: dict[str, None] = {}
        for start in starts:
            for name in ("gp:startYear", "schema:startDate"):
                if self.graph_index.objects(start.iri, name):
                    sources |= dict.fromkeys(self.evidences.of(start.iri, expand(name)))
        return self._shown(sources)

    def _shown(self, sources: Iterable[str]) -> Evidence:
        return self.evidences.shown(list(sources)[:_MOST])


def _stopped(label: Text) -> Text:
    """A label that is a sentence but for its full stop."""
    return label.map(lambda words: f"{words}.")
