"""A whole graph from a store: in parts where it answers with no more, and nothing where not all of it came."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from faults import CUT, HALF, SLOW, Fault, Proxy, Request, proxying
from ghent_partnerships.errors import UsageError
from ghent_partnerships.remote.endpoint import Endpoint
from ghent_partnerships.remote.graph import fetch, state
from ghent_partnerships.remote.http import Access
from ghent_partnerships.remote.pushing.marker import names
from loading import load
from stores import Oxigraph, Store, Virtuoso, running

NUMBERS, NODES, ABSENT = (f"https://example.org/{name}" for name in ("numbers", "nodes", "absent"))
TRIPLES = [Triple(NamedNode(f"urn:{number}"), NamedNode("urn:p"), Literal(number)) for number in range(2_500)]
SOME = [*TRIPLES[:20], Triple(NamedNode("urn:set"), NamedNode("http://www.w3.org/ns/dcat#version"), Literal("1.0.0"))]
LINKED = "".join(f"_:b{number} <urn:next> _:b{number + 1} .\n" for number in range(1_500)).encode()
N_TRIPLES = "application/n-triples"


class Limited(Virtuoso):
    """Virtuoso as many run it in public, which answers with a thousand rows."""

    def command(self) -> list[str]:
        """With the limit."""
        command = list(super().command())
        settings = Path(command[-1])
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("ResultSetMaxRows=", "").replace("= 1000000", "= 1000"), encoding="utf-8")
        return command


def written(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Limited(tmp_path_factory.mktemp("virtuoso"))) as store:
        load(store, written(TRIPLES), graph=NUMBERS)
        load(store, LINKED, graph=NODES)
        yield store


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("oxigraph"))) as store:
        load(store, written(SOME), graph=NUMBERS)
        load(store, LINKED[:200].rpartition(b"\n")[0] + b"\n", graph=NODES)
        yield store


@pytest.fixture(scope="module")
def proxied(oxigraph: Store) -> Iterator[Proxy]:
    with proxying(oxigraph.address) as proxy:
        yield proxy


def endpoint(proxied: Proxy, *graphs: str, seconds: float = 60) -> Endpoint:
    return Endpoint(f"{proxied.address}/query", Access(seconds=seconds), graphs=graphs)


def test_a_graph_is_fetched_in_parts_where_the_store_limits_its_answers(limited: Store) -> None:
    there = Endpoint(limited.query, graphs=[NUMBERS])
    assert len(there.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == 1_001, "the limit is at work, and counts from 0"
    graphs = fetch(there)
    assert {name: len(triples) for name, triples in graphs.items()} == {NUMBERS: 2_500}
    assert set(graphs[NUMBERS]) == set(TRIPLES)


def test_blank_nodes_do_not_come_in_parts(limited: Store) -> None:
    with pytest.raises(UsageError, match="answers with 1,001 of 1,500 triples, and there are blank nodes among them"):
        fetch(Endpoint(limited.query, graphs=[NODES]))


def test_blank_nodes_of_graphs_are_apart_and_within_one_the_same(oxigraph: Store) -> None:
    graphs = fetch(Endpoint(oxigraph.query, graphs=[NODES, NUMBERS, ABSENT]))
    subjects, objects = ({triple[place] for triple in graphs[NODES]} for place in (0, 2))
    assert (len(graphs[NODES]), len(subjects), len(subjects & objects)) == (8, 8, 7), "a chain"
    assert set(graphs[NUMBERS]) == set(SOME)
    assert graphs[ABSENT] == []


def test_more_triples_than_there_may_be_are_not_fetched(proxied: Proxy) -> None:
    before = len(proxied.requests)
    proxied.fault = lambda _request: None
    with pytest.raises(UsageError, match="the graph has 21 triples, and at most 20 are fetched; what is asked in the"):
        fetch(endpoint(proxied, NUMBERS), most=20)
    assert N_TRIPLES not in {request.headers["accept"] for request in proxied.requests[before:]}, "it was counted"
    with pytest.raises(UsageError, match="there is no triple in it; name the graphs with --graph"):
        fetch(endpoint(proxied, ABSENT))


def test_a_graph_that_is_written_to_meanwhile_is_fetched_again(proxied: Proxy, oxigraph: Store) -> None:
    writes: list[int] = []

    def writing(request: Request) -> None:
        if request.headers["accept"] == N_TRIPLES and len(writes) < times:
            writes.append(request.number)
            load(oxigraph, written(SOME[: len(writes)]), graph=ABSENT)

    proxied.fault = writing  # type: ignore[assignment]  # which breaks nothing
    load(oxigraph, written(SOME), graph=ABSENT)
    times = 2
    assert set(fetch(endpoint(proxied, ABSENT))[ABSENT]) == set(SOME[:2]), "the last that was written"
    writes.clear()
    times = 9
    with pytest.raises(UsageError, match="is it being written to"):
        fetch(endpoint(proxied, ABSENT))
    assert 3 <= len(writes) < 9, "not for ever"
    load(oxigraph, b"", graph=ABSENT)


BROKEN = {
    "cut": (Fault(kind=CUT), "cannot be reached"),
    "half": (Fault(kind=HALF), "cannot be reached: “IncompleteRead"),
    "page": (Fault(200, (("Content-Type", "text/html"),), b"<html>"), "did not answer with SPARQL results but with"),
    "failure": (Fault(500, (), b"disk full"), "refused the query: “disk full”"),
    "busy": (Fault(503, (), b"later"), "did not answer the query: “Service Unavailable: later”"),
    "elsewhere": (Fault(302, (("Location", "http://169.254.169.254/"),)), "leads to http://169.254.169.254/"),
    "slow": (Fault(kind=SLOW, seconds=1.5), "cannot be reached"),
    "fewer": (Fault(200, (("Content-Type", N_TRIPLES),), written(SOME[:9])), "it counts 21 triples and answers with 9"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_no_part_of_a_graph_is_taken_for_all_of_it(name: str, proxied: Proxy) -> None:
    fault, words = BROKEN[name]
    proxied.fault = lambda request: fault if request.headers["accept"] == N_TRIPLES else None
    with pytest.raises(UsageError) as raised:
        fetch(endpoint(proxied, NUMBERS, seconds=1))
    assert f"{proxied.address}/query: " in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize("fault", [Fault(kind=CUT), Fault(kind=HALF), Fault(503), Fault(429, (("Retry-After", "0"),))])
def test_what_passes_is_asked_again(fault: Fault, proxied: Proxy) -> None:
    first = len(proxied.requests)
    proxied.fault = lambda request: fault if request.number == first else None
    assert endpoint(proxied, NUMBERS).ask("ASK { ?s ?p ?o }") is True
    assert len(proxied.requests) == first + 2


def test_the_state_changes_with_a_version_and_with_the_number_of_triples(oxigraph: Store) -> None:
    there = Endpoint(oxigraph.query, graphs=[NUMBERS])
    known = {state(there)}
    load(oxigraph, written(SOME).replace(b"1.0.0", b"1.0.1"), graph=NUMBERS)
    known.add(state(there))
    load(oxigraph, written(SOME[1:]).replace(b"1.0.0", b"1.0.1"), graph=NUMBERS)
    known.add(state(there))
    load(oxigraph, written(SOME), graph=NUMBERS)
    known.add(state(there))
    assert len(known) == 3, "at last it is as at first"
    data_set, marker = "https://example.org/set", names("https://example.org/set").marker
    load(oxigraph, written(SOME[:1]), graph=marker)
    assert state(there, data_set) == state(there.of([NODES]), data_set), "the marker says all"
    known.add(state(there, data_set))
    load(oxigraph, written(SOME[1:2]), graph=marker)
    known.add(state(there, data_set))
    assert len(known) == 5
    load(oxigraph, b"", graph=marker)
