"""A ``Source`` in this process, which behaves like the worst of stores as far as SPARQL lets one."""

from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import BlankNode, Quad, Store, Triple

from ghent_partnerships.project.source import Row, Term


class LocalSource:
    """A graph that answers at most ``most`` rows, without a word where there are more, and calls blank nodes something
    else in each answer. ``queries`` are what it was asked."""

    def __init__(self, triples: Iterable[Triple], most: int = 10_000) -> None:
        self.store, self.most = Store(), most
        self.store.extend(Quad(*triple) for triple in triples)
        self.queries: list[str] = []

    @property
    def triples(self) -> list[Triple]:
        """What it holds, which is not written as it came."""
        return [quad.triple for quad in self.store]

    def select(self, text: str) -> list[Row]:
        self.queries.append(text)
        solutions = self.store.query(text)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        names: dict[Term, BlankNode] = {}

        def renamed(term: Term) -> Term:
            return names.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term

        columns = [variable.value for variable in solutions.variables]
        rows = [
            {name: renamed(term) for name, term in zip(columns, row, strict=True) if term is not None}
            for row in solutions
        ]
        return rows[: self.most]

    def ask(self, text: str) -> bool:
        self.queries.append(text)
        return bool(self.store.query(text))

    def construct(self, text: str) -> list[Triple]:
        raise NotImplementedError(text)
