"""CSV has as many columns in each row as in its head, whatever stands in a cell."""

import csv
import io

import pytest
from pyoxigraph import QuerySolutions, Store

from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.server.workers.engine import DONE, Order, answer
from ghent_partnerships.sparql.results import render

ROWS = [
    ("http://e/a,b", "x"),
    ("http://e/'", 'y,"z"'),
    ("http://e/c", "two\r\nlines\rof\ntext"),
    ("urn:x", ""),
    ("", "no IRI"),
]
QUERY = r"""SELECT ?iri ?text { VALUES (?iri ?text) {
  (<http://e/a,b> "x") (<http://e/'> "y,\"z\"") (<http://e/c> "two\r\nlines\rof\ntext") (<urn:x> "") (UNDEF "no IRI")
} }"""


def rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]


def test_a_comma_in_an_iri_starts_no_column() -> None:
    results = Store().query(QUERY)
    assert isinstance(results, QuerySolutions)
    text, empty = render(results, "csv", PREFIXES)
    assert (rows(text), empty) == ([("iri", "text"), *ROWS], False)


def test_the_endpoint_writes_the_same() -> None:
    kind, _, _, content = answer(Store(), Order(QUERY, (), (), "text/csv", None), 1_000)
    assert (kind, rows(content.decode())) == (DONE, [("iri", "text"), *ROWS])


def test_a_row_whose_only_cell_is_empty_is_a_row() -> None:
    results = Store().query('SELECT ?a { VALUES ?a { "" UNDEF } }')
    assert isinstance(results, QuerySolutions)
    assert rows(render(results, "csv", PREFIXES)[0]) == [("a",), ("",), ("",)]


@pytest.mark.parametrize(("query", "expected"), [("SELECT ?a { FILTER(false) }", "a\r\n"), ("ASK {}", "true\n")])
def test_no_row_and_an_answer_of_yes_or_no(query: str, expected: str) -> None:
    assert render(Store().query(query), "csv", PREFIXES)[0] == expected  # type: ignore[arg-type]
