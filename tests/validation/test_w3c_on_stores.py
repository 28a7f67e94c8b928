"""The W3C SHACL test suite, and values that stores treat in ways of their own, in real stores: what shapes find there
is what they find in a file with the statements that the store has, which are those that it was given but for a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

import pytest
from pyoxigraph import BlankNode, RdfFormat, Triple, serialize

from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.remote import endpoint
from ghent_partnerships.remote.endpoint import Endpoint
from ghent_partnerships.validation.endpoint import engine
from ghent_partnerships.validation.endpoint.statements import Statements
from ghent_partnerships.validation.engines import core
from ghent_partnerships.validation.shapes import Shapes
from loading import load
from shacl_constraints import CONSTRAINTS, PATHS, TARGETS, Keys, graph_of_values, keys, triples
from shacl_suite import cases, names
from stores import Oxigraph, Store, Virtuoso, running

REWRITTEN = {  # cases of which a store changes the literals when it gets them, so that they break other constraints
    Oxigraph: {"core/property/datatype-ill-formed"},
    Virtuoso: {"core/property/datatype-001"},
}


class Graphs(NamedTuple):
    """A store, with the numbers of its next graphs."""

    store: Store
    numbers: Iterator[int]

    def put(self, statements: Iterable[Triple]) -> Endpoint:
        """The endpoint of a graph of its own with these statements."""
        name = f"http://example.org/graph/{next(self.numbers)}"
        load(self.store, serialize(statements, format=RdfFormat.N_TRIPLES) or b"", graph=name)
        return Endpoint(self.store.query, graphs=[name])


@pytest.fixture(scope="module", params=[Oxigraph, Virtuoso])
def graphs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graphs]:
    with running(request.param(tmp_path_factory.mktemp("store"))) as store:
        yield Graphs(store, count())


@pytest.fixture(scope="module", autouse=True)
def _in_one_process() -> Iterator[None]:
    """Asks in this process: these stores are to be trusted, and starting 2,000 others takes long."""

    def at_once(work: Callable[[], Any], *_arguments: object, **_options: object) -> object:
        return work()

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(endpoint, "isolated", at_once)
        yield


def held(source: Endpoint) -> list[Triple]:
    """What a store holds, as it answers."""
    blank: dict[object, BlankNode] = {}
    rows = source.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    return [
        Triple(*(blank.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term for term in row.values()))
        for row in rows
    ]


def same(shapes: Shapes, source: Endpoint, statements: list[Triple]) -> Keys | None:
    """What the shapes find in the store and in these statements alike."""
    found = keys(engine.verdict(Statements(source), shapes))
    assert found == keys(core.verdict(statements, shapes))
    return found


@pytest.mark.parametrize("name", names())
def test_a_case_of_w3c_has_the_results_of_a_file(name: str, graphs: Graphs) -> None:
    """Nothing is refused."""
    case = cases()[name]
    statements, shapes = list(parse(case.data).triples), Shapes(parse(case.shapes).triples)
    source = graphs.put(statements)
    found = same(shapes, source, held(source))
    assert (found == keys(core.verdict(statements, shapes))) == (name not in REWRITTEN[type(graphs.store)])


def test_no_value_that_violates_a_constraint_is_left_out(graphs: Graphs) -> None:
    source = graphs.put(triples(graph_of_values()))
    statements, broken = held(source), 0
    properties = [(path, "sh:maxLength 0") for path in PATHS]
    properties += [("ex:p", constraint) for constraint in dict.fromkeys(constraint for constraint, *_ in CONSTRAINTS)]
    for path, constraint in properties:
        shape = f"ex:S sh:targetClass ex:T ; sh:property [ sh:path {path} ; {constraint} ] ."
        broken += bool(same(Shapes(triples(shape)), source, statements))
    assert broken > len(CONSTRAINTS) * 3 // 4


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_found(target: str, graphs: Graphs) -> None:
    source = graphs.put(triples(graph_of_values()))
    shape = f"ex:S {target} ; sh:nodeKind sh:IRI ; sh:hasValue 1 ."
    assert same(Shapes(triples(shape)), source, held(source))
