"""What can be asked in SPARQL, wherever its graph is: in files at hand, or in a store elsewhere."""

from __future__ import annotations

from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Row = dict[str, Term]  # by the names of the columns; what is unbound is not in it


class Source(Protocol):
    """A graph that answers queries. Each method raises a UsageError where the text does not only read or is of another
    query form, or where there is no answer."""

    def select(self, text: str) -> list[Row]:
        """Return the rows of a SELECT query, in order."""

    def construct(self, text: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query."""

    def ask(self, text: str) -> bool:
        """Return the answer of an ASK query."""
