"""The views and the tables: what the queries in ``queries/views/`` and ``queries/tables/`` find in a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolutions, QueryTriples, Store, Triple

from .questions import Column, question

VIEWS = ("flat", "org", "schema")
TABLES = ("partnerships", "cities", "agreements")
Row = Mapping[str, NamedNode | Literal]


@dataclass(frozen=True)
class Table:
    """The answer of a query in ``queries/tables/``: its columns, and its rows without the cells that are empty."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def view(store: Store, name: str) -> list[Triple]:
    """Return the triples of a view, each once, in their order as N-Triples."""
    results = store.query(question(name).text)
    assert isinstance(results, QueryTriples)
    return sorted(set(results), key=str)


def table(store: Store, name: str) -> Table:
    """Return a table, its rows in the order of its query."""
    one = question(name)
    results = store.query(one.text)
    assert isinstance(results, QuerySolutions)
    names = [column.name for column in one.columns]
    rows = ({name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in results)
    return Table(name, one.columns, tuple(rows))
