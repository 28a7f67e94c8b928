"""What shapes find in a store is what they find in a file with its statements, and little is fetched for it."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.source import Row
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.endpoint import engine, statements
from ghent_partnerships.validation.endpoint.statements import Statements
from ghent_partnerships.validation.engines import core
from ghent_partnerships.validation.engines.sparql import Solved
from ghent_partnerships.validation.results import UnusableError, Verdict
from ghent_partnerships.validation.shapes import Shapes
from shacl_constraints import AROUND, CONSTRAINTS, PATHS, TARGETS, Keys, graph_of_values, keys, named, triples
from shacl_suite import cases, names
from sources import LocalSource


class Confirming:
    """The engine that decides, and the focus nodes that it was asked about."""

    def __init__(self) -> None:
        self.focus: set[str] = set()

    def __call__(self, triples: Collection[Triple], shapes: Shapes, focus: engine.Focus, solved: Solved) -> Verdict:
        self.focus |= {
            named(node).removeprefix("<http://example.org/")[:-1] for nodes in focus.values() for node in nodes
        }
        return core.verdict(triples, shapes, focus, solved)


def same(shapes: str, source: LocalSource) -> tuple[Keys, set[str]]:
    """The results that store and file have in common, and which focus nodes were looked at."""
    graph, confirming = Shapes(triples(shapes)), Confirming()
    found = keys(engine.verdict(Statements(source), graph, confirming))
    assert found is not None
    assert found == keys(core.verdict(source.triples, graph))
    return found, confirming.focus


@pytest.mark.parametrize("name", names())
def test_a_case_of_w3c_has_the_results_of_a_file(name: str) -> None:
    """Nothing is refused; the blank nodes of the store have other names in each answer."""
    case = cases()[name]
    source, shapes = LocalSource(parse(case.data).triples), Shapes(parse(case.shapes).triples)
    assert keys(engine.verdict(Statements(source), shapes)) == keys(core.verdict(source.triples, shapes))


@pytest.mark.parametrize(("constraint", "right", "wrong"), CONSTRAINTS)
def test_only_what_violates_a_constraint_is_looked_at(constraint: str, right: str, wrong: str) -> None:
    shapes = f"ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; {constraint} ] ."
    nodes = [
        f"ex:{node} a ex:T{values and f' ; ex:p {values}'} ."
        for node, values in zip(("right", "wrong"), (right, wrong), strict=True)
    ]
    found, focus = same(shapes, LocalSource(triples(" ".join([AROUND, *nodes]))))
    assert found
    assert focus == {"wrong"}


@pytest.fixture(scope="module")
def values() -> LocalSource:
    return LocalSource(triples(graph_of_values()))


@pytest.mark.parametrize("constraint", dict.fromkeys(constraint for constraint, _right, _wrong in CONSTRAINTS))
def test_no_value_that_violates_a_constraint_is_left_out(constraint: str, values: LocalSource) -> None:
    same(f"ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; {constraint} ] .", values)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_followed(path: str, values: LocalSource) -> None:
    number = 0
    for constraint in ("sh:maxLength 0", "sh:minCount 2", "sh:closed true ; sh:maxCount 1"):
        found, _focus = same(f"ex:S sh:targetClass ex:T ; sh:property [ sh:path {path} ; {constraint} ] .", values)
        number += found.total()
    assert number


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_found(target: str, values: LocalSource) -> None:
    number = 0
    for constraint in ("sh:nodeKind sh:IRI", "sh:property [ sh:path ex:q ; sh:minCount 1 ]", "sh:hasValue 1"):
        found, _focus = same(f"ex:S {target} ; {constraint} .", values)
        number += found.total()
    assert number


LIMITED = """ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ] ,
  [ sh:path ex:q ; sh:maxCount 3 ] .
ex:U sh:targetNode ex:b ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:class ex:T ] ."""


@pytest.mark.parametrize("most", [7, 40])
def test_what_a_store_cuts_off_without_a_word_is_asked_for_again(most: int) -> None:
    rows = [f"ex:n{number} a ex:T ; ex:p {number}, ex:b ; ex:q 1, 2 ." for number in range(60)]
    rows.append(f"ex:much a ex:T ; ex:q {', '.join(map(str, range(60)))} . ex:other ex:p ex:b .")
    found, _focus = same(LIMITED, LocalSource(triples("\n".join(rows)), most))
    assert found.total() == 62


def refusal(shapes: str, source: LocalSource) -> str:
    with pytest.raises(UnusableError) as error:
        engine.verdict(Statements(source), Shapes(triples(shapes)))
    return str(error.value.message)


def test_blank_nodes_that_come_in_parts_are_refused() -> None:
    rows = [f"ex:n{number} a ex:T ; ex:p [ ex:q {number} ] ." for number in range(20)]
    assert "answers with 30 of 40 statements" in refusal(LIMITED, LocalSource(triples("\n".join(rows)), 30))


def test_more_blank_nodes_than_can_be_fetched_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_MOST_BLANK", 1)
    message = refusal(LIMITED, LocalSource(triples("ex:a a ex:T ; ex:p [ ex:q 1 ] .")))
    assert "2 statements with blank nodes, which have no name to ask for them by: 1 are the most" in message


def test_more_than_can_be_kept_at_a_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_MOST", 5)
    assert "more than 5 statements" in refusal(LIMITED, LocalSource(triples("ex:a a ex:T ; ex:p 1, 2, 3, 4, 5, 6 .")))


def test_many_nodes_are_confirmed_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_BATCH", 3)
    monkeypatch.setattr(statements, "_MOST", 12)
    rows = "\n".join(f"ex:n{number} a ex:T ; ex:p {number} ." for number in range(20))
    found, focus = same(LIMITED, LocalSource(triples(rows)))
    assert (found.total(), len(focus)) == (20, 21)


ANYTHING = """ex:S sh:targetClass ex:T ; sh:sparql [ sh:select '''SELECT $this ?value WHERE {
  $this <http://example.org/p> ?value . FILTER NOT EXISTS { ?value ?any 1 } }''' ] ."""
OF_ALL = """ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:r ; sh:minCount 1 ] ; sh:sparql [ sh:select '''
  SELECT $this ?path ?value WHERE { $this ?path ?value ; <http://example.org/q> ?value . FILTER (?value > 3) }''' ] ."""
DATA = (
    "ex:a a ex:T ; ex:p ex:x, ex:y . ex:x ex:r 1 . ex:b a ex:T ; ex:p 5 ; ex:q 5, 2 . ex:c a ex:T ; ex:q 1 ; ex:r 1 . "
    "ex:other ex:p 9 ; ex:q 9 ."
)


def test_what_a_query_may_look_at_is_fetched_unless_it_is_anything_in_a_large_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, focus = same(ANYTHING, LocalSource(triples(DATA)))
    assert (found.total(), focus) == (2, {"a", "b", "c"})
    monkeypatch.setattr(statements, "_WHOLE", 3)
    assert "can be about any statement" in refusal(ANYTHING, LocalSource(triples(DATA)))


def test_a_query_that_is_about_all_nodes_alike_is_answered_by_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_WHOLE", 3)
    found, focus = same(OF_ALL, LocalSource(triples(DATA)))
    assert (found.total(), focus) == (4, {"a", "b"})
    monkeypatch.setattr(statements, "_WHOLE", 30)
    assert same(OF_ALL, LocalSource(triples(f"{DATA} [] a ex:T ; ex:p 7 ; ex:q 7 ; ex:r 1 .")))[0].total() == 6


class Slow(LocalSource):
    """A store that does not come to the end of a query of the shapes about all nodes."""

    refused = 0

    def select(self, text: str) -> list[Row]:
        if "?value > 3" in text and "VALUES" not in text:
            self.refused += 1
            raise UsageError("no answer in time")
        return super().select(text)


def test_a_query_that_takes_a_store_too_long_is_asked_about_some_nodes_at_a_time() -> None:
    slow = Slow(triples(DATA))
    found, focus = same(OF_ALL, slow)
    assert (found.total(), focus, slow.refused) == (4, {"a", "b", "c"}, 1)


def test_shapes_that_refer_to_themselves_are_followed_as_far_as_the_data_go() -> None:
    shapes = (
        "ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:node ex:S ], [ sh:path ex:q ; sh:minCount 1 ] ."
    )
    data = "ex:a a ex:T ; ex:q 1 ; ex:p ex:b . ex:b ex:q 1 ; ex:p [ ex:r 1 ] ."
    found, focus = same(shapes, LocalSource(triples(data)))
    assert (found.total(), focus) == (1, {"a"})


def test_shapes_that_share_others_in_thirty_levels_are_no_query_of_a_billion_parts() -> None:
    levels = "".join(f"ex:s{level} sh:and ( ex:s{level + 1} [ sh:node ex:s{level + 1} ] ) .\n" for level in range(30))
    source = LocalSource(triples("ex:a a ex:T ."))
    shapes = f"ex:S sh:targetClass ex:T ; sh:node ex:s0 .\n{levels} ex:s30 sh:nodeKind sh:Literal ."
    assert same(shapes, source)[0].total() == 1
    assert max(map(len, source.queries)) < 20_000


class Hostile(LocalSource):
    """A store that answers each query for statements with a row of its own making."""

    def __init__(self, row: Row) -> None:
        super().__init__(triples("ex:a a ex:T ; ex:p 1 ."))
        self.row = row

    def select(self, text: str) -> list[Row]:
        rows = super().select(text)
        return [self.row] if "VALUES" in text else rows


@pytest.mark.parametrize(
    "row",
    [
        {"s": Literal("x"), "p": NamedNode("x:p"), "o": Literal("x")},
        {"s": NamedNode("x:s"), "p": NamedNode("x:p")},
        {"s": NamedNode("x:s"), "p": NamedNode("x:p"), "o": Triple(NamedNode("x:s"), NamedNode("x:p"), Literal("x"))},
        {},
    ],
)
def test_an_answer_that_is_no_statement_is_refused(row: Row) -> None:
    assert "the store answers" in refusal(LIMITED, Hostile(row))


@pytest.mark.parametrize("text", ['"} UNION { ?this ?p ?o', "'\\", "\n}", "?this", "\x00", "\u2028"])
def test_a_text_of_the_shapes_stays_a_text_in_a_query(text: str) -> None:
    shapes = f"ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:in ( {Literal(text)} ) ] ."
    source = LocalSource(triples(f"ex:a a ex:T ; ex:p {Literal(text)} . ex:b a ex:T ; ex:p 1 ."))
    found, focus = same(shapes, source)
    assert (found.total(), focus) == (1, {"b"})
