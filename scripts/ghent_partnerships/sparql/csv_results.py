"""Rows as CSV: https://www.w3.org/TR/sparql11-results-csv-tsv/, with quotes wherever RFC 4180 wants them.

Oxigraph quotes literals only, and a comma in an IRI would shift the columns behind it.
"""

from __future__ import annotations

import csv
import io
from typing import IO

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple


def write(rows: QuerySolutions, output: IO[bytes]) -> None:
    """Write the rows, below the names of their variables, as CSV in UTF-8; ``output`` stays open."""
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([variable.value for variable in rows.variables])
    writer.writerows([_cell(term) for term in row] for row in rows)
    text.detach()


def _cell(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
