"""Show answers as text: tables, CSV, TSV, JSON, Turtle."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, RdfFormat

from .errors import UsageError
from .names import PREFIXES
from .querying import Results
from .terminal import printable
from .turtle import UnwritableError, abbreviate, serialize

_RESULTS_FORMATS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
}


def render(results: Results, name: str | None) -> tuple[str, bool]:
    """Return the answer as text in the format (by default a table, or Turtle for a graph), and whether it is empty.

    Raises:
        UsageError: the format does not fit the answer.
    """
    if isinstance(results, list):
        if name not in (None, "turtle"):
            raise UsageError(f"--format {name}: the answer is a graph; use turtle")
        try:
            return serialize(results, PREFIXES), not results
        except UnwritableError:  # shared blank nodes, RDF 1.2: as Oxigraph writes them
            data = pyoxigraph.serialize(results, format=RdfFormat.TURTLE, prefixes=PREFIXES)
            assert data is not None
            return data.decode("utf-8"), False
    if name == "turtle":
        raise UsageError("--format turtle: the answer is no graph; use table, csv, tsv or json")
    if name in _RESULTS_FORMATS:
        data = results.serialize(format=_RESULTS_FORMATS[name])
        assert data is not None
        text = data.decode("utf-8")
        text += "" if text.endswith("\n") else "\n"
        return text, _is_empty(text, name, results)
    if isinstance(results, QueryBoolean):
        return f"{'yes' if results else 'no'}\n", False
    head = [variable.value for variable in results.variables]
    rows = [[_cell(term) for term in solution] for solution in results]
    return table(head, rows), not rows


def _is_empty(text: str, name: str, results: Results) -> bool:
    if isinstance(results, QueryBoolean):
        return False
    return '"bindings":[]' in text if name == "json" else text.count("\n") == 1


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an aligned table; columns of numbers are set flush right."""
    cells = [[printable(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    right = [
        bool(column[1:]) and all(cell.lstrip("-").isdecimal() for cell in column[1:])
        for column in zip(*cells, strict=True)
    ]
    rule = ["─" * width for width in widths]
    return "".join(
        "  ".join(
            _padding(cell, width) + cell if flush else cell + _padding(cell, width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        ).rstrip()
        + "\n"
        for row in (cells[0], rule, *cells[1:])
    )


def _cell(term: object) -> str:
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        return abbreviate(term, PREFIXES)
    return "" if term is None else str(term)


def _width(text: str) -> int:
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _padding(text: str, width: int) -> str:
    return " " * (width - _width(text))
