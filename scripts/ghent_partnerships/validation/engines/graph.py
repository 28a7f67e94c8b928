"""A data graph as SHACL asks it: terms as numbers, and what leads to what by each predicate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...rdf.columns import Column
from ...rdf.encoded import encoded
from ...rdf.namespaces import PREFIXES
from ...rdf.turtle import TYPE, Node
from ..shapes import SH, Shapes

Term = NamedNode | BlankNode | Literal
SUBCLASS = PREFIXES["rdfs"] + "subClassOf"


class Graph:
    """The triples of a graph, each once. What is asked of the graph and not in it has a number too."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.encoded = encoded(triples)
        self.terms, self.columns = self.encoded.terms, self.encoded.columns
        self.number: Callable[[Term], int] = self.terms.number
        self.forward: Callable[[Term], Column] = self.encoded.column

    @cached_property
    def _instances(self) -> Mapping[int, Sequence[int]]:
        """What has each class for a type."""
        instances: dict[int, list[int]] = {}
        types = self.forward(NamedNode(TYPE))
        for node, type_ in zip(types.starts, types.ends, strict=True):
            instances.setdefault(type_, []).append(node)
        return instances

    @cached_property
    def languages(self) -> Mapping[str, Set[int]]:
        """The literals in each language, in small letters."""
        tags: dict[str, list[int]] = {}
        for number, text in enumerate(self.terms.texts):
            if text[0] == '"' and text[-1] not in '">':
                tags.setdefault(text[text.rindex('"') + 2 :], []).append(number)
        languages: dict[str, set[int]] = {}
        for tag, numbers in tags.items():
            languages.setdefault(tag.lower(), set()).update(numbers)
        return languages

    def inverse(self, predicate: Term) -> Column:
        """The subjects of a predicate by object."""
        return self.forward(predicate).reversed

    def about(self, subject: int) -> Iterator[tuple[int, int]]:
        """The predicates and objects of the statements about a subject."""
        for predicate, column in self.columns.items():
            if subject in column.nodes:
                yield from ((predicate, value) for value in column.get(subject))

    def instances(self, class_: Term) -> Iterator[int]:
        """The SHACL instances of a class: of it, or of what ``rdfs:subClassOf`` makes a part of it; some repeatedly."""
        for number in self.subclasses(class_):
            yield from self._instances.get(number, ())

    def subclasses(self, class_: Term) -> Collection[int]:
        """A class, and its direct and indirect subclasses."""
        return closure([self.number(class_)], self.inverse(NamedNode(SUBCLASS)))


class Itself:
    """The values of a shape that has no path, as a ``Column`` has them: each node is its value."""

    def get(self, node: int) -> Sequence[int]:
        """The node."""
        return (node,)

    def of(self, nodes: Set[int]) -> Iterable[tuple[int, int]]:
        """Each node with itself."""
        return ((node, node) for node in nodes)

    def values(self, nodes: Set[int]) -> Set[int]:
        """The nodes."""
        return nodes

    def leading(self, nodes: Set[int], ends: Set[int]) -> Set[int]:
        """Those of the nodes that are among the ends."""
        return nodes & ends

    def fewer(self, nodes: Set[int], least: int) -> Set[int]:
        """Those of the nodes that have fewer than so many values."""
        return nodes if least > 1 else set()

    def more(self, nodes: Set[int], most: int) -> Set[int]:
        """Those of the nodes that have more than so many values."""
        return nodes if most < 1 else set()

    def to(self, ends: Set[int]) -> Column:
        """These ends, each with itself."""
        return Column([*ends], [*ends])


Values = Column | Itself
TARGETS: dict[str, Callable[[Graph, Term], Iterable[int]]] = {
    f"{SH}targetClass": Graph.instances,
    f"{SH}targetNode": lambda graph, node: (graph.number(node),),
    f"{SH}targetSubjectsOf": lambda graph, predicate: graph.forward(predicate).starts,
    f"{SH}targetObjectsOf": lambda graph, predicate: graph.forward(predicate).ends,
}
Targets = Mapping[Node, Mapping[tuple[str, Term], bool]]


def found_targets(shapes: Shapes, triples: Iterable[Triple], *, absent: bool = False) -> Targets:
    """Whether each target of each shape finds a node.

    A node that is itself a target counts if the data say something about it, or if ``absent`` ones count too.
    """
    graph = Graph(triples)
    by_shape: dict[Node, dict[tuple[str, Term], bool]] = {}
    for shape, kind, target in shapes.targets():
        found = any(True for _ in TARGETS[kind](graph, target))
        if kind == f"{SH}targetNode" and not absent:
            found = graph.terms.find(target) in graph.encoded.described
        by_shape.setdefault(shape, {})[kind, target] = found
    return by_shape


def closure(starts: Iterable[int], steps: Column) -> dict[int, None]:
    """The starts and whatever steps lead to from them, each once and in the order of its first visit."""
    seen = dict.fromkeys(starts)
    waiting = list(seen)
    for node in waiting:
        for following in steps.get(node):
            if following not in seen:
                seen[following] = None
                waiting.append(following)
    return seen
