"""What became of each partnership, as far as the graph says so: an outcome, an end, a successor, or a change of course.

A partnership of which nothing is said has no status: a beginning alone is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...project.evidence import Evidences
from ...rdf.index import GraphIndex
from ...rdf.namespaces import expand
from ...rdf.turtle import TYPE
from ...text import Text
from ...translation import message as _

_CONCERNS = expand("gp:concerns")


@dataclass(frozen=True)
class Status:
    """What became of a partnership, in a word or two; whether we infer it; the resource that says so, of which the page
    has more; and the sentences, inferences and other sources that it rests on."""

    word: Text
    inferred: bool
    by: str
    sources: tuple[str, ...]


class Statuses:
    """Finds the status of partnerships."""

    def __init__(self, graph_index: GraphIndex, evidences: Evidences) -> None:
        self.graph_index, self.evidences = graph_index, evidences

    def of(self, partnership: str) -> Status | None:
        """What became of a partnership, or None where the graph says nothing of it.

        An outcome comes before an end, that before a successor, and that before a change of course; what is stated
        comes before what is inferred.
        """
        ways = (self._outcomes, self._ends, self._successors, self._changes)
        return next((status for way in ways for status in way(partnership)), None)

    def _outcomes(self, partnership: str) -> Iterator[Status]:
        for outcome in self._concerning(partnership, "gp:Outcome"):
            for concept in self.graph_index.iris(outcome, "dcterms:type"):
                sources = self.evidences.of(outcome, expand("dcterms:type"))
                yield self._status(self.graph_index.label(concept), outcome, sources)

    def _ends(self, partnership: str) -> Iterator[Status]:
        for name in ("gp:endYear", "schema:endDate"):
            if end := self.graph_index.text(partnership, name):
                sources = self.evidences.of(partnership, expand(name))
                yield self._status(_("ended in {year}", year=end[:4]), partnership, sources)

    def _successors(self, partnership: str) -> Iterator[Status]:
        for _successor in self.graph_index.iris(partnership, "dcterms:isReplacedBy"):
            sources = self.evidences.of(partnership, expand("dcterms:isReplacedBy"))
            by = next(filter(self._is_inference, sources), partnership)
            yield self._status(_("superseded"), by, sources)

    def _changes(self, partnership: str) -> Iterator[Status]:
        """The changes of course that concern the partnership, or of which an inference says that they do."""
        word = _("to be reoriented")
        for change in self._concerning(partnership, "gp:Activity"):
            if self.graph_index.objects(change, "gp:to"):
                yield self._status(word, change, self.evidences.of(change, _CONCERNS))
        for inference in self._concerning(partnership, "gp:Inference"):
            if any(self.graph_index.objects(change, "gp:to") for change in self._activities(inference)):
                yield self._status(word, inference, (inference,))

    def _activities(self, inference: str) -> Iterator[str]:
        for concerned in self.graph_index.iris(inference, "gp:concerns"):
            if self.graph_index.type(concerned) == expand("gp:Activity"):
                yield concerned

    def _concerning(self, partnership: str, kind: str) -> list[str]:
        """What is of a class and concerns the partnership, in order."""
        concerning = self.graph_index.mentions.get(partnership, {}).get(_CONCERNS, ())
        return sorted(iri for iri in set(concerning) if self._is(iri, kind))

    def _status(self, word: Text, by: str, sources: tuple[str, ...]) -> Status:
        return Status(word, any(map(self._is_inference, sources)), by, sources)

    def _is_inference(self, iri: str) -> bool:
        return self._is(iri, "gp:Inference")

    def _is(self, iri: str, kind: str) -> bool:
        return any(getattr(value, "value", "") == expand(kind) for value in self.graph_index.of(iri).get(TYPE, ()))
