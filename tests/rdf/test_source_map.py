"""Every finding has its place: that of a statement, or else of the node that it is about."""

import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.positions import Positions, turtle
from ghent_partnerships.rdf.source_map import SourceMap
from ghent_partnerships.text import Text
from marked import HEAD, NONE, O, P, Q, Read, S, iri, number
from proportion import in_proportion


def test_a_node_in_two_files_stands_where_its_type_is(read: Read) -> None:
    first, two = read("1.ttl", HEAD + "e:s e:p 1 ."), read("2.ttl", HEAD + "\ne:s a e:T ; e:p 1, 2 .")
    three = read("3.ttl", HEAD + "e:s a e:T ; e:p 3 . e:o e:p 3 .")
    source_map = SourceMap([first, two, three], [])
    assert source_map.of(S, Q, None) == (two.name, 3, 1)
    assert source_map.of(S, P, number(1)) == (first.name, 2, 9)
    assert source_map.of(S, P, number(2)) == (two.name, 3, 20)
    assert source_map.of(S, P, number(3)) == (three.name, 2, 17)
    assert source_map.of(O, Q, None) == (three.name, 2, 21)
    assert SourceMap([three, two, first], []).of(S, Q, None) == (three.name, 2, 1)
    assert SourceMap([first], []).of(S, Q, None) == (first.name, 2, 1)


def test_what_is_no_node_has_a_place(read: Read) -> None:
    document = read("x.ttl", HEAD + "e:s e:p 1, 2 .")
    source_map = SourceMap([document], [])
    assert source_map.of(number(2), None, number(2)) == (document.name, 2, 12)
    assert source_map.of(None, None, None) == (document.name, 1, 1)
    assert source_map.of(S, S, number(3)) == (document.name, 2, 1)


def test_a_shape_has_its_place_in_any_file_of_shapes(read: Read) -> None:
    first, two = read("1.ttl", HEAD + "e:x e:p 1 ."), read("2.ttl", HEAD + "\n e:s e:p 1 . [ e:q 7 ] .")
    source_map = SourceMap([], [first, two])
    node = next(t.subject for t in two.triples if t.object == number(7))
    found = [source_map.in_rules("GP005", Text("No."), shape=shape) for shape in (None, S, node, NONE)]
    assert [(f.location.path, f.location.line, f.location.column) for f in found] == [
        (first.name, 1, 1),
        (two.name, 3, 2),
        (two.name, 3, 14),
        (first.name, 1, 1),
    ]


def test_a_file_that_is_data_and_shapes_is_two_documents(read: Read) -> None:
    text = HEAD + "e:s e:p 1 .\n [ e:q 7 ] ."
    data, rules = read("x.ttl", text), read("x.ttl", text)
    source_map = SourceMap([data], [rules])
    in_data, in_rules = (next(t.subject for t in d.triples if t.object == number(7)) for d in (data, rules))
    found = source_map.in_rules("GP005", Text("No."), shape=in_rules)
    assert (found.location.line, found.location.column) == source_map.of(in_data, Q, None)[1:] == (3, 2)


def test_only_the_places_of_files_with_findings_are_looked_for(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    locate = turtle.locate

    def looking(text: str, base: str, triples: list[Triple]) -> Positions:
        looked.append(base)
        return locate(text, base, triples)

    monkeypatch.setattr(turtle, "locate", looking)
    documents = [read(f"{n}.ttl", HEAD + f"e:s{n} e:p {n} .") for n in range(3)]
    source_map = SourceMap(documents, [])
    assert looked == []
    for _ in range(2):
        source_map.of(iri("s1"), P, number(1))
        source_map.of(iri("s1"), Q, None)
    assert looked == [documents[1].path.resolve().as_uri()]


def test_the_places_of_blank_nodes_take_time_in_proportion() -> None:
    def seconds(number: int) -> float:
        text = HEAD + "".join(f"e:s{index} e:p [ e:q {index} ] .\n" for index in range(number))
        document = parse.parse(Path("x.ttl"), text.encode())
        source_map = SourceMap([document], [])
        start = time.process_time()
        for triple in document.triples:
            source_map.of(triple.subject, triple.predicate, triple.object)
            source_map.of(triple.subject, NONE, None)
        return time.process_time() - start

    assert in_proportion(seconds, 1000)


def test_the_places_of_paths_take_time_in_proportion() -> None:
    def seconds(number: int) -> float:
        lines = "".join(
            f'<urn:s{index}> <urn:p> <urn:m{index}> . <urn:m{index}> <urn:q> "{index}" .\n' for index in range(number)
        )
        document = parse.parse(Path("x.ttl"), lines.encode())
        source_map = SourceMap([document], [])
        steps = [NamedNode("urn:p"), NamedNode("urn:q")]
        start = time.process_time()
        found = [
            source_map.of(NamedNode(f"urn:s{index}"), None, Literal(str(index)), steps)
            for index in reversed(range(number))
        ]
        assert found[0][1] == number
        assert found[-1][1] == 1
        return time.process_time() - start

    assert in_proportion(seconds, 4000)
