"""The graph that the tools ask: what is known of it, and the only way to it, which is a query with bounds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from ..server.workers.engine import Order
from ..sparql.library import Question
from ..text import DEFAULT_LANGUAGE

Ask = Callable[[Order, str], Awaitable[tuple[str, bytes]]]
Term = NamedNode | Literal | BlankNode | Triple
CLIENT: ContextVar[str] = ContextVar("client", default="")  # whose request it is, among whom the processor is divided
_ROWS, _GRAPH = "application/sparql-results+json", "application/n-triples"


class Rows(NamedTuple):
    """The rows of an answer: the names of its columns, and in each row the terms that it has."""

    columns: tuple[str, ...]
    rows: list[dict[str, Term]]


@dataclass(frozen=True)
class Graph:
    """A graph that can be asked.

    ``ask`` answers a query of a client with a media type and the answer, or raises a ``Problem``. ``ontology`` is the
    IRI of the ontology and its Turtle, where there is one. ``language`` is that of the words around the answers.
    """

    name: str
    title: str
    version: str
    base: str
    data_set: str
    languages: tuple[str, ...]
    prefixes: Mapping[str, str]
    questions: Mapping[str, Question]
    ontology: tuple[str, str] | None
    ask: Ask
    language: str = DEFAULT_LANGUAGE

    async def answer(self, text: str) -> Rows | bool | list[Triple]:
        """What a query answers: rows, yes or no, or a graph.

        Raises:
            Problem: there is no answer.
        """
        type_, content = await self.ask(Order(text, (), (), _ROWS, _GRAPH), CLIENT.get())
        if type_ == _GRAPH:
            return [quad.triple for quad in pyoxigraph.parse(content, format=RdfFormat.N_TRIPLES)]
        results = pyoxigraph.parse_query_results(content, QueryResultsFormat.JSON)
        if not isinstance(results, QuerySolutions):
            return bool(results)
        names = tuple(variable.value for variable in results.variables)
        rows = [
            {name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in results
        ]
        return Rows(names, rows)

    async def rows(self, text: str) -> Rows:
        """The rows of a SELECT that is ours.

        Raises:
            Problem: there is no answer.
        """
        found = await self.answer(text)
        assert isinstance(found, Rows)
        return found

    async def triples(self, text: str) -> list[Triple]:
        """The statements of a CONSTRUCT that is ours.

        Raises:
            Problem: there is no answer.
        """
        found = await self.answer(text)
        assert isinstance(found, list)
        return found

    def turtle(self, triples: Iterable[Triple]) -> str:
        """Statements as Turtle, with the prefixes of the graph."""
        data = pyoxigraph.serialize(sorted(triples, key=str), format=RdfFormat.TURTLE, prefixes=dict(self.prefixes))
        return (data or b"").decode()


def written(iris: Iterable[str]) -> str:
    """IRIs as a query has them in ``VALUES``; what is none is left out."""
    return " ".join(str(node) for iri in iris if (node := named(iri)) is not None)


def named(iri: str) -> NamedNode | None:
    """The IRI as a term; None where it is none."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None
