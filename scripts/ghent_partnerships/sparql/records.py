"""The rows of an answer as records: plain values by the names of the columns, in JSON with a record a line, and in CSV.

A number is a number, and so is a year of four digits; an IRI and any other literal is the text that it holds. What has
a record a line can be cut into pages, or searched, by who reads none of the records.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from ..rdf.turtle import XSD

Value = str | int | float | bool | None
Record = Mapping[str, Value]
FORMULA_STARTS = tuple(
    "=+-@\t\r\n＝＋－＠"
)  # what makes a spreadsheet read a formula: https://owasp.org/, CSV injection
ANSWER = "answer"  # the column of a question that is answered by yes or no
_INTEGERS = {
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
}
_NUMBERS = {XSD + name for name in ("decimal", "double", "float")}
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")  # what 64 bits hold
_YEAR = re.compile(r"[0-9]{4}")


class Lines(NamedTuple):
    """A list in JSON with an entry a line: what stands before the entries, each without a comma, and what stands behind
    them."""

    head: bytes
    entries: Sequence[bytes]
    tail: bytes


def value(term: NamedNode | BlankNode | Literal | Triple | None) -> Value:
    """The term as a plain value.

    >>> value(Literal("1971", datatype=NamedNode(XSD + "gYear"))), value(Literal("x", language="nl")), value(None)
    (1971, 'x', None)
    """
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode) else str(term)
    kind, text = term.datatype.value, term.value
    if (kind in _INTEGERS and _INTEGER.fullmatch(text)) or (kind == XSD + "gYear" and _YEAR.fullmatch(text)):
        return int(text)
    if kind == XSD + "boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    if kind in _NUMBERS:
        try:
            number = float(text)
        except ValueError:
            return text
        return number if math.isfinite(number) else text
    return text


def records(results: QuerySolutions | QueryBoolean) -> tuple[list[str], list[Record]]:
    """The columns of an answer, and its rows."""
    if isinstance(results, QueryBoolean):
        return [ANSWER], [{ANSWER: bool(results)}]
    names = [variable.value for variable in results.variables]
    return names, [{name: value(term) for name, term in zip(names, row, strict=True)} for row in results]


def as_json(rows: Iterable[Record]) -> bytes:
    """The records as a list in JSON, with a record a line."""
    return joined(Lines(b"[", [orjson.dumps(row) for row in rows], b"]"))


def lines(content: bytes) -> Lines:
    """The lines of a list with an entry a line.

    >>> lines(as_json([{"n": 1}, {"n": 2}]))
    Lines(head=b'[', entries=[b'{"n":1}', b'{"n":2}'], tail=b']')
    """
    head, *entries, tail = content.removesuffix(b"\n").split(b"\n")
    return Lines(head, [entry.removesuffix(b",") for entry in entries if entry], tail)


def joined(of: Lines) -> bytes:
    """The list that the lines are of."""
    entries = b",\n".join(of.entries)
    return b"\n".join([of.head, *([entries] if entries else []), of.tail, b""])


def as_csv(names: Sequence[str], rows: Iterable[Record]) -> bytes:
    """The records below the names of their columns as RFC 4180 has them, in UTF-8. A text that a spreadsheet would run
    as a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return text.getvalue().encode()


def _cell(of: Value) -> str:
    if of is None:
        return ""
    if isinstance(of, bool):
        return "true" if of else "false"
    text = str(of)
    return f"'{text}" if isinstance(of, str) and text.startswith(FORMULA_STARTS) else text
