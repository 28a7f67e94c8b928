"""A graph as numbers is the same graph: its triples, each once and in their order, and what is asked of them."""

from __future__ import annotations

from itertools import starmap

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ghent_partnerships.rdf.columns import Column, Terms
from ghent_partnerships.rdf.encoded import Encoder, encoded, mentioning, merged, quads, unpacked, with_predicate

A, B, C, P, Q = (NamedNode(f"http://e/{name}") for name in "abcpq")
XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = Literal('a "b"\n\\', language="nl")
YEAR = Literal("1971", datatype=NamedNode(f"{XSD}gYear"))
TRIPLES = [*starmap(Triple, ((A, P, B), (B, Q, YEAR), (A, Q, TEXT), (C, P, B), (A, P, C), (A, P, BlankNode("n"))))]


def test_triples_come_back_each_once_and_in_their_order() -> None:
    graph = encoded([*TRIPLES, TRIPLES[0], TRIPLES[2]])
    assert [*graph] == TRIPLES
    assert (len(graph), graph[1], graph[-2:]) == (6, TRIPLES[1], TRIPLES[-2:])
    assert [graph.triple(place) for place in range(6)] == TRIPLES
    assert encoded(graph) is graph


def test_a_graph_of_nothing_has_nothing() -> None:
    graph = merged([])
    assert ([*graph], len(graph), graph.described, graph.values) == ([], 0, frozenset(), frozenset())
    assert ([*graph.with_predicate(P)], [*graph.mentioning({A})], graph.places(A, P)) == ([], [], [])
    assert (graph.column(P).get(0), len(unpacked(Encoder().packed()))) == ([], 0)


def test_graphs_are_merged_with_their_ends() -> None:
    graph = merged([TRIPLES[:3], encoded(TRIPLES[2:5]), [TRIPLES[0]]])
    assert [*graph] == TRIPLES[:5]
    assert [*graph.bounds] == [3, 5, 5]


@pytest.mark.parametrize("numbered", [False, True])
def test_triples_are_found_by_their_terms(numbered: bool) -> None:
    graph = encoded(TRIPLES) if numbered else TRIPLES
    assert [*with_predicate(graph, Q)] == [TRIPLES[1], TRIPLES[2]]
    assert [*mentioning(graph, {Q, C})] == [TRIPLES[1], TRIPLES[2], TRIPLES[4]]
    assert [*mentioning(graph, {NamedNode("http://e/unknown")})] == []


def test_places_are_those_of_the_triples() -> None:
    graph = encoded(TRIPLES)
    assert [*graph.places(A, P)] == [0, 4, 5]
    assert [*graph.places(A, P, C)] == [4]
    assert [*graph.places(None, P, B)] == [0, 3]
    assert [*graph.places(B, P)] == []
    find = graph.terms.find
    assert (graph.subjects[find(A)], graph.subjects[find(C)], graph.objects[find(B)]) == (0, 3, 0)
    assert graph.described == {find(A), find(B), find(C)}


def test_what_an_encoder_takes_in_pieces_is_the_graph() -> None:
    text = pyoxigraph.serialize(TRIPLES, format=RdfFormat.N_TRIPLES)
    encoder = Encoder()
    for start in range(0, len(text), 7):
        assert encoder.write(text[start : start + 7]) == len(text[start : start + 7])
    graph = unpacked(encoder.packed())
    assert [*graph][:5] == TRIPLES[:5]
    assert graph[5].object not in (BlankNode("n"), unpacked(encoder.packed())[5].object)  # another file may have n


def test_a_graph_longer_than_a_chunk_is_read_whole() -> None:
    triples = [Triple(NamedNode(f"http://e/{number % 999}"), P, Literal(str(number))) for number in range(5_000)]
    encoder = Encoder()
    pyoxigraph.serialize(triples, encoder, format=RdfFormat.N_TRIPLES)  # type: ignore[call-overload]
    assert [*unpacked(encoder.packed())] == triples


def test_statements_go_to_a_store_as_they_are() -> None:
    graph = encoded(TRIPLES)
    assert [quad.triple for quad in quads(graph, graph.terms.find(Q))] == [TRIPLES[1], TRIPLES[2]]


def test_terms_have_their_parts() -> None:
    texts = [str(term) for term in (A, BlankNode("n"), TEXT, YEAR, Literal("x"))]
    terms = Terms(texts)
    assert [*terms] == [A, BlankNode("n"), TEXT, YEAR, Literal("x")]
    assert [*map(terms.value, range(5))] == ["http://e/a", "n", 'a "b"\n\\', "1971", "x"]
    assert [*map(terms.datatype, range(5))] == ["", "", "", f"{XSD}gYear", ""]
    assert [*map(terms.language, range(5))] == ["", "", "nl", "", ""]
    assert (terms.find(YEAR), terms.find(B), terms.number(B), terms.find(B), len(terms)) == (3, -1, 5, 5, 6)


def test_a_column_answers_about_sets() -> None:
    column = Column([3, 1, 3, 2, 3], [7, 8, 8, 7, 9])
    assert ([*column.get(3)], [*column.get(4)], [*column.places(3)]) == ([7, 8, 9], [], [0, 2, 4])
    assert (column.nodes, column.targets, column.repeated) == ({1, 2, 3}, {7, 8, 9}, {3: 3})
    assert ([*column.reversed.get(8)], [*column.of({1, 2})]) == ([1, 3], [(1, 8), (2, 7)])
    assert (column.values({1, 2}), column.values({1, 2, 3, 4}), column.values(set())) == ({7, 8}, {7, 8, 9}, set())
    assert (column.leading({1, 2}, {8}), column.leading({1, 2}, set())) == ({1}, set())
    assert [column.fewer({1, 3, 4}, least) for least in range(4)] == [set(), {4}, {1, 4}, {1, 4}]
    assert [column.more({1, 3, 4}, most) for most in range(4)] == [{1, 3}, {3}, {3}, set()]
    chosen = column.to({8})
    assert ([*chosen.starts], [*chosen.ends]) == ([1, 3], [8, 8])


def test_a_few_nodes_of_many_are_looked_up() -> None:
    column = Column(range(100), range(100, 200))
    assert ([*column.of({5})], column.values({5, 300})) == ([(5, 105)], {105})
