"""What a store made of a graph that it was sent."""

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from ghent_partnerships.rdf.sorted import SortedGraph, sorted_graph
from ghent_partnerships.remote.pushing import comparison
from ghent_partnerships.remote.pushing.comparison import Comparison, compare

PREFIXES = "PREFIX : <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX v: <urn:v#>\n"


def graph(text: str) -> SortedGraph:
    return sorted_graph(quad.triple for quad in pyoxigraph.parse(PREFIXES + text, format=RdfFormat.TURTLE))


def compared(written: str, found: str) -> Comparison:
    return compare(graph(written), graph(found))


def test_a_graph_is_the_same_whatever_its_blank_nodes_are_called() -> None:
    result = compared(":a :p 1, [ :q [ :r 2 ] ] .", "_:x :r 2 . _:y :q _:x . :a :p _:y, 1 .")
    assert result == Comparison((), (), ())
    assert result.is_same


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("01.50", "1.5"),
        ('"1"^^xsd:boolean', "true"),
        ('"2020-01-02T03:04:05.50Z"^^xsd:dateTime', '"2020-01-02T03:04:05.5Z"^^xsd:dateTime'),
        ('"+7"^^xsd:integer', "7"),
    ],
)
def test_a_literal_in_another_form_with_the_same_value_is_told_and_is_the_same(written: str, found: str) -> None:
    result = compared(f":a :p {written} ; :q :b .", f":a :q :b ; :p {found} .")
    assert result.is_same
    ((before, after),) = result.rewritten
    assert before != after
    blank = compared(f":a :p [ :q {written} ] .", f":a :p [ :q {found} ] .")
    assert blank.is_same, "within what has no name too"


@pytest.mark.parametrize(
    ("written", "found"), [("1", "2"), ('"a"', '"b"'), ("1", '"1"'), ('"x"@en', '"x"@nl'), (":b", ":c")]
)
def test_another_value_is_no_form_of_it(written: str, found: str) -> None:
    result = compared(f":a :p {written} ; :q :b .", f":a :p {found} ; :q :b .")
    assert not result.is_same
    assert (len(result.missing), len(result.foreign), result.rewritten) == (1, 1, ())
    assert not compared(f":a :p [ :q {written} ] .", f":a :p [ :q {found} ] .").is_same


def test_what_is_missing_and_what_is_foreign_is_shown() -> None:
    result = compared(":a :p :b, :c .", ":a :p :c, :d, :e .")
    assert result.missing == ("<https://example.org/a> <https://example.org/p> <https://example.org/b> .",)
    assert [line.rpartition("/")[2] for line in result.foreign] == ["d> .", "e> ."]
    twice = compared(":a :p 1.0, 1 .", ":a :p 1.0 .")
    assert len(twice.missing) == 1, "a store that makes one statement of two has lost one"


@pytest.mark.parametrize(
    ("written", "found", "merged"),
    [
        ('true, "1"^^xsd:boolean', "true", [("1", "true")]),
        ("01.50, 1.5, 2.0", "1.5, 2.0", [("01.50", "1.5")]),
        ('"+7"^^xsd:integer, "007"^^xsd:integer', "7", [("007", "7")]),
    ],
)
def test_of_equal_values_a_store_may_keep_one(written: str, found: str, merged: list[tuple[str, str]]) -> None:
    result = compared(f":a :p {written} ; :q 1 .", f":a :p {found} ; :q 1 .")
    assert result.is_same
    assert [tuple(literal.split('"')[1] for literal in pair) for pair in result.merged] == merged
    assert not compared(f":a :p {written} ; :q 1 .", f":b :p {found} . :a :q 1 .").is_same, "of one subject only"
    assert not compared(f":a :p {written} ; :q 1 .", f":a :p 9 ; :q 1 ; :r {found} .").is_same


def test_graphs_that_differ_in_more_than_can_be_listed_are_not_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_MOST", 3)
    assert not compared(":a :p 1, 2, 3 .", ":a :p 4, 5, 6 .").is_same
