"""The sentences that statements rest on, ready to be quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..project.evidence import Evidences
from ..rdf.index import GraphIndex
from ..rdf.namespaces import PREFIXES, expand
from .graph import Graph, written

_SOURCE = expand("dcterms:source")
_NAMES = {expand(name) for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel", "dcterms:title")}
_AT_ONCE = 400  # resources in a query
MOST = 60  # sentences of a row


class Fact(NamedTuple):
    """A statement: the IRI of its subject, that of its predicate, and its object as N-Triples have it."""

    subject: str
    predicate: str
    object: str


class Quotations:
    """Finds the sentences of statements; ``of`` those about which ``read`` has asked the graph before."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._evidences = Evidences(GraphIndex(()))

    async def read(self, subjects: Iterable[str]) -> None:
        """Ask the graph for what the statements about these resources rest on.

        Raises:
            Problem: the graph does not answer.
        """
        every, triples = list(dict.fromkeys(subjects)), []
        for first in range(0, len(every), _AT_ONCE):
            iris = written(every[first : first + _AT_ONCE])
            triples += await self._graph.triples(_SOURCES.replace("IRIS", iris))
        self._evidences = Evidences(GraphIndex(dict.fromkeys(triples), self._graph.prefixes))

    def of(self, facts: Iterable[Fact]) -> list[dict[str, Any]]:
        """The sentences that the statements rest on, in the order of their sources. Names count where nothing else
        does: what a thing is called is seldom what a row is about."""
        every = list(facts)
        others = [fact for fact in every if fact.predicate not in _NAMES]
        return self._quoted(source for fact in others for source in self._sources(fact)) or self._quoted(
            source for fact in every for source in self._sources(fact)
        )

    def about(self, iris: Iterable[str]) -> list[dict[str, Any]]:
        """The sentences that all that is stated of the resources rests on."""
        return self._quoted(source for iri in iris for source in self._sources(Fact(iri, "", "")))

    def others(self, fact: Fact) -> list[dict[str, str]]:
        """The sources of a statement that are not quoted."""
        index = self._evidences.graph_index
        named = [source for source in self._sources(fact) if not self._evidences.is_read(source)]
        return [{"source": source, "title": index.label(source).localized(self._graph.language)} for source in named]

    def _sources(self, fact: Fact) -> tuple[str, ...]:
        if fact.predicate == _SOURCE:
            return (fact.object.removeprefix("<").removesuffix(">"),)
        if self._evidences.is_read(fact.subject):
            return (fact.subject,)
        return self._evidences.of(fact.subject, fact.predicate)

    def _quoted(self, sources: Iterable[str]) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        evidence = self._evidences.shown(dict.fromkeys(sources))
        for passage in evidence.passages:
            for fragment in _marked(passage):
                found[fragment] = self._sentence(fragment, passage.source)
        for conclusion in evidence.conclusions:
            for passage in conclusion.passages:
                for fragment in _marked(passage):
                    found.setdefault(fragment, self._sentence(fragment, passage.source, conclusion.inference))
        return list(found.values())[:MOST]

    def _sentence(self, fragment: str, source: str, inference: str | None = None) -> dict[str, Any]:
        index, language = self._evidences.graph_index, self._graph.language
        quoted = self._evidences.quoted(fragment)
        required = [self._evidences.quoted(other).text for other in index.iris(fragment, "dcterms:requires")]
        reasoning = None
        if inference is not None:
            reasoning = (index.texts(inference, "gp:reasoning") or index.label(inference)).localized(language)
        return {
            "text": quoted.text,
            "language": quoted.language or None,
            "fragment": fragment,
            "source": source,
            "sourceTitle": index.label(source).localized(language),
            "link": self._evidences.attribution(source).address or fragment,
            "inferred": inference is not None,
            "reasoning": reasoning,
            "readWith": [text for text in required if text],
        }


def _marked(passage: Any) -> Iterator[str]:
    return (quoted.iri for run in passage.runs for quoted in run if quoted.marked)


_SOURCES = f"""PREFIX dcterms: <{PREFIXES["dcterms"]}>
CONSTRUCT {{ ?subject a ?class ; dcterms:source ?cited . ?node ?property ?value }} WHERE {{
  VALUES ?subject {{ IRIS }}
  {{ ?subject dcterms:source ?cited }} UNION {{ ?subject a ?class }} UNION {{
    ?subject (dcterms:source|dcterms:isPartOf|dcterms:requires)* ?node .
    FILTER (?node != ?subject || EXISTS {{ ?node <{PREFIXES["oa"]}exact> ?exact }})
    ?node ?property ?value
  }}
}}"""
