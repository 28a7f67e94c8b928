"""What shapes need to know about nodes: the statements that their constraints look at, fetched from a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode

from ...rdf.turtle import TYPE
from ..engines.queries import Query
from ..engines.sparql import Solution, Solved
from ..shapes import LISTS, REFERENCES, SH, Shapes, Term
from .candidates import is_set_query
from .statements import Statements, Step

_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_REPEATED = {"zeroOrMorePath": (True, True), "oneOrMorePath": (False, True), "zeroOrOnePath": (True, False)}
_TYPE: Step = (NamedNode(TYPE), False)
Nodes = dict[Term, None]


def fetch(
    statements: Statements,
    shapes: Shapes,
    targets: Mapping[Term, Iterable[Term]],
    queries: Callable[[Term], Sequence[Query]],
) -> Solved:
    """Fetch what the shapes need of each of their nodes, and of what these lead to; return the solutions of those
    queries that the store can be asked about many nodes at once.

    Raises:
        UnusableError: it is more than can be fetched.
    """
    waiting = [(shape, dict.fromkeys(nodes)) for shape, nodes in targets.items()]
    seen: dict[Term, Nodes] = {}
    solved: dict[str, dict[Term, list[Solution]]] = {}
    for shape, nodes in waiting:
        known = seen.setdefault(shape, {})
        fresh = {node: None for node in nodes if node not in known}
        known.update(fresh)
        if not fresh or not shapes.is_active(shape):
            continue
        paths = shapes.objects(shape, f"{SH}path")
        values = _followed(statements, shapes, paths[0], fresh) if paths else fresh
        _fetch_compared(statements, shapes, shape, fresh, values)
        for query in queries(shape):
            named = [node for node in fresh if not isinstance(node, BlankNode)] if is_set_query(query) else []
            if named:
                solved.setdefault(query.text, {}).update(statements.solutions(query.text, named))
            if len(named) < len(fresh):
                statements.fetch(query.predicates)
        waiting += [(member, values) for member in _members(shapes, shape)]
    return solved


def _fetch_compared(statements: Statements, shapes: Shapes, shape: Term, nodes: Nodes, values: Nodes) -> None:
    """Fetch what the constraints of a shape compare its values with."""
    if any(term.value == "true" for term in shapes.objects(shape, f"{SH}closed")):
        statements.step((None, False), values)
    for name in _PAIRS:
        for predicate in shapes.objects(shape, f"{SH}{name}"):
            statements.step((_named(predicate), False), nodes)
    for class_ in shapes.objects(shape, f"{SH}class"):
        statements.classes(class_)
        statements.step(_TYPE, values)


def _members(shapes: Shapes, shape: Term) -> Iterable[Term]:
    """The shapes that a shape asks about its values."""
    for name in REFERENCES:
        yield from shapes.objects(shape, f"{SH}{name}")
    for name in LISTS:
        for start in shapes.objects(shape, f"{SH}{name}"):
            yield from shapes.members(start)
    for qualified in shapes.objects(shape, f"{SH}qualifiedValueShape"):
        yield from shapes.siblings(shape, qualified)


def _followed(statements: Statements, shapes: Shapes, path: Term, nodes: Nodes, *, backwards: bool = False) -> Nodes:
    """Fetch what a path follows from some nodes, and return what it leads to."""
    if isinstance(path, NamedNode):
        return statements.step((path, backwards), nodes)
    if steps := [*shapes.members(path)]:
        for step in reversed(steps) if backwards else steps:
            nodes = _followed(statements, shapes, step, nodes, backwards=backwards)
        return nodes
    for start in shapes.objects(path, f"{SH}alternativePath"):
        ways = [_followed(statements, shapes, way, nodes, backwards=backwards) for way in shapes.members(start)]
        return {node: None for way in ways for node in way}
    for inner in shapes.objects(path, f"{SH}inversePath"):
        return _followed(statements, shapes, inner, nodes, backwards=not backwards)
    for name, (with_start, repeated) in _REPEATED.items():
        for inner in shapes.objects(path, f"{SH}{name}"):
            found = dict(nodes) if with_start else {}
            fresh = nodes
            while fresh:
                reached = _followed(statements, shapes, inner, fresh, backwards=backwards)
                fresh = {node: None for node in reached if node not in found} if repeated else {}
                found.update(reached)
            return found
    raise AssertionError(path)  # of shapes that are not well-formed, which were refused before


def _named(predicate: Term) -> NamedNode:
    assert isinstance(predicate, NamedNode)
    return predicate
