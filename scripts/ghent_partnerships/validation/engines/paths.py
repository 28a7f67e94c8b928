"""Property paths of SHACL, evaluated on a graph (https://www.w3.org/TR/shacl/#property-paths)."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence, Set
from typing import NamedTuple

from pyoxigraph import NamedNode

from ...rdf.columns import Column
from ..shapes import SH, Shapes, Term
from .graph import Graph

Steps = Callable[[int], Sequence[int]]  # the value nodes of a focus node, each once


class Path(NamedTuple):
    """A path: the value nodes of a focus node, each once, and those of all nodes where it is one step of few kinds."""

    of: Steps
    column: Column | None = None

    def values(self, nodes: Set[int]) -> Column:
        """What the path leads to from these nodes, at least."""
        if self.column is not None:
            return self.column
        pairs = [(node, value) for node in nodes for value in self.of(node)]
        return Column([start for start, _ in pairs], [end for _, end in pairs])


def compiled(node: Term, shapes: Shapes, graph: Graph) -> Path:
    """Return a path of the shapes graph, which is well-formed."""
    return Path(_steps_of(node, shapes, graph, backwards=False), _column(node, shapes, graph))


def _column(node: Term, shapes: Shapes, graph: Graph) -> Column | None:
    """The pairs of a predicate, of an inverse of it, or of alternatives of these."""
    if isinstance(node, NamedNode):
        return graph.forward(node)
    if list(shapes.members(node)):
        return None
    for inner in shapes.objects(node, f"{SH}inversePath"):
        column = _column(inner, shapes, graph)
        return None if column is None else column.reversed
    for alternatives in shapes.objects(node, f"{SH}alternativePath"):
        columns = [_column(member, shapes, graph) for member in shapes.members(alternatives)]
        pairs: dict[tuple[int, int], None] = {}
        for column in columns:
            if column is None:
                return None
            pairs.update(dict.fromkeys(zip(column.starts, column.ends, strict=True)))
        return Column(array("I", (start for start, _ in pairs)), array("I", (end for _, end in pairs)))
    return None


def _steps_of(node: Term, shapes: Shapes, graph: Graph, *, backwards: bool) -> Steps:
    """What gives the value nodes of a focus node; ``backwards``, from the end of the path to its start."""

    def within(inner: Term) -> Steps:
        return _steps_of(inner, shapes, graph, backwards=backwards)

    if isinstance(node, NamedNode):
        return (graph.inverse(node) if backwards else graph.forward(node)).get
    if members := list(shapes.members(node)):
        return _sequence([within(member) for member in (reversed(members) if backwards else members)])
    for alternatives in shapes.objects(node, f"{SH}alternativePath"):
        return _alternatives([within(member) for member in shapes.members(alternatives)])
    for inner in shapes.objects(node, f"{SH}inversePath"):
        return _steps_of(inner, shapes, graph, backwards=not backwards)
    for name, with_start, repeated in _REPEATED:
        for inner in shapes.objects(node, f"{SH}{name}"):
            return _steps(within(inner), with_start=with_start, repeated=repeated)
    raise AssertionError(node)  # of shapes that are not well-formed, which were refused before


_REPEATED = (("zeroOrMorePath", True, True), ("oneOrMorePath", False, True), ("zeroOrOnePath", True, False))


def _sequence(paths: Sequence[Steps]) -> Steps:
    def values(focus: int) -> Sequence[int]:
        nodes: Iterable[int] = (focus,)
        for path in paths:
            nodes = dict.fromkeys(value for node in nodes for value in path(node))
        return list(nodes)

    return values


def _alternatives(paths: Sequence[Steps]) -> Steps:
    return lambda focus: list(dict.fromkeys(value for path in paths for value in path(focus)))


def _steps(path: Steps, *, with_start: bool, repeated: bool) -> Steps:
    def values(focus: int) -> Sequence[int]:
        found = dict.fromkeys(path(focus))
        if with_start:
            found = {focus: None, **found}
        if repeated:
            waiting = list(found)
            for node in waiting:
                for value in path(node):
                    if value not in found:
                        found[value] = None
                        waiting.append(value)
        return list(found)

    return values
