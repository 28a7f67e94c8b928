"""Graphs as sorted lines on disk."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ghent_partnerships.rdf import sorted as module
from ghent_partnerships.rdf.sorted import sorted_graph

P = NamedNode("urn:p")


def statements(count: int) -> list[Triple]:
    return [Triple(NamedNode(f"urn:{number * 7 % count}"), P, Literal(f"é\n{number}")) for number in range(count)]


def test_lines_are_sorted_and_once_however_many_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    with sorted_graph(statements(1_000)) as whole:
        lines = list(whole.ground())
    monkeypatch.setattr(module, "_RUN", 64)
    with sorted_graph([*statements(1_000), *reversed(statements(1_000))]) as graph:
        assert list(graph.ground()) == lines == sorted(f"{triple} .\n".encode() for triple in statements(1_000))
        assert (graph.count, graph.digest) == (1_000, whole.digest)
        chunks = list(graph.chunks(300))
        assert [chunk.count(b" .\n") for chunk in chunks] == [300, 300, 300, 100]
        assert b"".join(chunks) == b"".join(lines)
        assert list(zip(graph.ground(), graph.ground(), strict=True))[500] == (lines[500], lines[500]), "side by side"


def cycle(names: str, value: str) -> list[Triple]:
    nodes = [BlankNode(name) for name in names]
    links = [Triple(node, P, other) for node, other in zip(nodes, nodes[1:] + nodes[:1], strict=True)]
    return [*links, Triple(nodes[0], P, Literal(value)), *statements(3)]


def test_the_digest_is_that_of_all_graphs_that_are_isomorphic() -> None:
    with sorted_graph(cycle("abc", "v")) as one_way, sorted_graph(cycle("zxy", "v")) as other_way:
        assert one_way.digest == other_way.digest
        assert one_way.count == 7
        first = next(one_way.chunks(1))
        assert first.count(b"_:") == 7, "what shares labels stands in one text"
        assert {triple.predicate for triple in one_way.triples()} == {P}
    with sorted_graph(cycle("abc", "w")) as another, sorted_graph(cycle("abcd", "v")) as longer:
        assert len({another.digest, longer.digest, one_way.digest}) == 3
