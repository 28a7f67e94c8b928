"""The resources: the ontology, the sources with their sentences, the data set, and the document of anything else."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode

from ..rdf.namespaces import PREFIXES, expand
from ..text import Text
from ..translation import message as _
from .graph import Graph, named

TURTLE = "text/turtle"
_MOST = 200  # sources that are listed: of others the template speaks


class Resource(NamedTuple):
    """A resource: its IRI, its title, and what it is."""

    uri: str
    title: str
    description: str


class Resources:
    """The resources of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @property
    def template(self) -> str | None:
        """The addresses of documents, as RFC 6570 has it; None where IRIs have no pattern."""
        return f"{self._graph.base}id/{{type}}/{{slug}}" if self._graph.ontology is not None else None

    async def listed(self) -> list[Resource]:
        """The ontology, the data set and the sources.

        Raises:
            Problem: the graph does not answer.
        """
        listed = []
        if self._graph.ontology is not None:
            listed.append(self._of(self._graph.ontology[0], _("The ontology"), _("The classes and the properties.")))
        if self._graph.data_set:
            listed.append(self._of(self._graph.data_set, Text(self._graph.title), _("What the data set is.")))
        found = await self._graph.rows(_SOURCES)
        titles: dict[str, dict[str, str]] = {}
        for row in found.rows:
            source, title = row["source"], row.get("title")
            if isinstance(source, NamedNode):
                texts = titles.setdefault(source.value, {})
                if title is not None:
                    texts[getattr(title, "language", None) or ""] = title.value  # type: ignore[union-attr]
        about = _("A source that is quoted, with its sentences in their order.")
        for source_iri, by_language in titles.items():
            listed.append(self._of(source_iri, Text(by_language or source_iri), about))
        return listed

    def _of(self, uri: str, title: Text, description: Text) -> Resource:
        language = self._graph.language
        return Resource(uri, title.localized(language), description.localized(language))

    async def read(self, uri: str) -> str | None:
        """A resource as Turtle: what is stated of it, and the sentences of a source; None where nothing is.

        Raises:
            Problem: the graph does not answer.
        """
        if self._graph.ontology is not None and uri == self._graph.ontology[0]:
            return self._graph.ontology[1]
        if (node := named(uri)) is None:
            return None
        triples = await self._graph.triples(_DOCUMENT.replace("IRI", str(node)))
        return self._graph.turtle(triples) if triples else None


_PART = f"<{PREFIXES['dcterms']}isPartOf>"
_SOURCES = f"""SELECT DISTINCT ?source ?title WHERE {{
  {{ SELECT DISTINCT ?source WHERE {{ ?fragment {_PART} ?source ; <{PREFIXES["oa"]}exact> ?text }}
     ORDER BY STR(?source) LIMIT {_MOST} }}
  OPTIONAL {{ ?source <{expand("rdfs:label")}> ?title }}
}} ORDER BY STR(?source) STR(?title)"""
_DOCUMENT = f"""CONSTRUCT {{ IRI ?property ?value . ?fragment ?of ?text }} WHERE {{
  {{ IRI ?property ?value }} UNION {{ ?fragment {_PART} IRI ; ?of ?text }}
}}"""
