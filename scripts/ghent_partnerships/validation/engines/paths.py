"""Property paths of SHACL, evaluated on a graph (https://www.w3.org/TR/shacl/#property-paths)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import NamedNode

from ..shapes import SH, Shapes, Term
from .graph import Graph

Path = Callable[[int], Sequence[int]]  # the value nodes of a focus node, each once


def compiled(node: Term, shapes: Shapes, graph: Graph, *, backwards: bool = False) -> Path:
    """Return what gives the value nodes of a focus node along a path of the shapes graph, which is well-formed;
    ``backwards``, from its end to its start."""

    def within(inner: Term) -> Path:
        return compiled(inner, shapes, graph, backwards=backwards)

    if isinstance(node, NamedNode):
        values = graph.inverse(node) if backwards else graph.forward(node)
        return lambda focus: values.get(focus, ())
    if members := list(shapes.members(node)):
        return _sequence([within(member) for member in (reversed(members) if backwards else members)])
    for alternatives in shapes.objects(node, f"{SH}alternativePath"):
        return _alternatives([within(member) for member in shapes.members(alternatives)])
    for inner in shapes.objects(node, f"{SH}inversePath"):
        return compiled(inner, shapes, graph, backwards=not backwards)
    for name, with_start, repeated in _REPEATED:
        for inner in shapes.objects(node, f"{SH}{name}"):
            return _steps(within(inner), with_start=with_start, repeated=repeated)
    raise AssertionError(node)  # of shapes that are not well-formed, which were refused before


_REPEATED = (("zeroOrMorePath", True, True), ("oneOrMorePath", False, True), ("zeroOrOnePath", True, False))


def _sequence(paths: Sequence[Path]) -> Path:
    def values(focus: int) -> Sequence[int]:
        nodes: Iterable[int] = (focus,)
        for path in paths:
            nodes = dict.fromkeys(value for node in nodes for value in path(node))
        return list(nodes)

    return values


def _alternatives(paths: Sequence[Path]) -> Path:
    return lambda focus: list(dict.fromkeys(value for path in paths for value in path(focus)))


def _steps(path: Path, *, with_start: bool, repeated: bool) -> Path:
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
