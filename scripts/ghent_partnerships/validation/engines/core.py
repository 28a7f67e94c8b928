"""SHACL as its specification has it (https://www.w3.org/TR/shacl/): the shapes of a shapes graph on the nodes of a data
graph, a shape at a time on all its focus nodes.

Neither of the libraries that there are answers as the specification does, and they differ from one another: ``shacl``
says of a literal what it does not say beside another, and gives no names to blank nodes; pySHACL takes
"2015-08-05" for a dateTime, and a hundred times as long. It stays the second opinion of ``validate --thorough``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from pyoxigraph import Triple

from ...translation import message as _
from ..collection import uncollected
from ..results import LEVELS, Result, UnusableError, Verdict
from ..shapes import SH, Shapes, Term
from ..syntax import ill_formed
from . import constraints, patterns, sparql
from .constraints import Check, Violation
from .graph import TARGETS, Graph, Itself
from .literals import whole
from .paths import Path, compiled

_CALLS = 20_000  # beyond, the stack of the process might overflow
TOO_DEEP = _("shapes are nested too deep in one another")
_OF_VALUES: dict[str, Callable[[Term, Graph], Check]] = {
    "class": constraints.class_,
    "datatype": constraints.datatype,
    "nodeKind": constraints.node_kind,
    "minCount": constraints.min_count,
    "maxCount": constraints.max_count,
    "minExclusive": partial(constraints.bound, is_upper=False, is_inclusive=False),
    "minInclusive": partial(constraints.bound, is_upper=False, is_inclusive=True),
    "maxExclusive": partial(constraints.bound, is_upper=True, is_inclusive=False),
    "maxInclusive": partial(constraints.bound, is_upper=True, is_inclusive=True),
    "minLength": partial(constraints.length, is_upper=False),
    "maxLength": partial(constraints.length, is_upper=True),
    "equals": constraints.equals,
    "disjoint": constraints.disjoint,
    "lessThan": partial(constraints.less_than, or_equal=False),
    "lessThanOrEquals": partial(constraints.less_than, or_equal=True),
    "hasValue": constraints.has_value,
}
_OF_LISTS: dict[str, Callable[[Sequence[Term], Graph], Check]] = {
    "languageIn": constraints.language_in,
    "in": constraints.in_,
}
# Of some value nodes those that violate it, by those that do not conform to each shape.
_OF_SHAPES: dict[str, Callable[[Set[int], Sequence[Set[int]]], Set[int]]] = {
    "node": lambda _nodes, failing: set().union(*failing),
    "not": lambda nodes, failing: nodes - set().union(*failing),
    "and": lambda _nodes, failing: set().union(*failing),
    "or": lambda nodes, failing: set(nodes).intersection(*failing),
    "xone": constraints.exactly_one,
}


_NOTHING: tuple[Set[int], Set[int]] = frozenset(), frozenset()


def prepare(shapes: Shapes) -> None:
    """Import what the shapes need, since the process that calls ``verdict`` can open no file any more."""
    import decimal  # noqa: F401

    patterns.prepare(*((term.value for term in shapes.values(name)) for name in ("pattern", "flags")))


def verdict(
    triples: Iterable[Triple],
    shapes: Shapes,
    targets: Mapping[Term, Iterable[Term]] | None = None,
    solved: sparql.Solved | None = None,
) -> Verdict:
    """What the shapes find in a data graph, or why they are ill-formed; by default at their targets, or else at those
    nodes of each shape that are given, of whose queries some were ``solved`` before.

    Raises:
        UnusableError: a query of theirs cannot be used, or they are nested too deep.
    """
    if errors := tuple(ill_formed(shapes)):
        return Verdict(ill_formed=errors)
    try:
        with uncollected(), deep_calls():
            validation = Validation(triples, shapes, solved)
            if errors := tuple(validation.queries.errors()):
                return Verdict(ill_formed=errors)
            return Verdict(tuple(validation.results(targets)))
    except RecursionError as error:
        raise UnusableError(TOO_DEEP) from error


@contextmanager
def deep_calls() -> Iterator[None]:
    """Let shapes be nested in shapes as deep as somebody may have written them: each level takes several calls."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(_CALLS)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Found(NamedTuple):
    """A violation, of which constraint of which shape; ``parameter`` is the value of its parameter, ``constraint`` the
    node of a SPARQL constraint."""

    shape: Term
    component: str
    parameter: Term | None
    constraint: Term | None
    violation: Violation


class _Shape(NamedTuple):
    """A shape that was read: its path, its constraints, and the property shapes of its value nodes."""

    path: Path | None
    checks: Sequence[tuple[str, Term | None, Term | None, Check]]
    properties: Sequence[Term]


class Validation:
    """The shapes of a shapes graph that is well-formed, on a data graph."""

    def __init__(self, triples: Iterable[Triple], shapes: Shapes, solved: sparql.Solved | None = None) -> None:
        self.graph, self.shapes = Graph(triples), shapes
        self._compiled: dict[Term, _Shape] = {}
        self._asked: dict[Term, tuple[Set[int], Set[int]]] = {}  # about which nodes, and which of these fail
        self._broken: dict[Term, tuple[set[int], dict[int, list[Found]]]] = {}
        self._unfinished: set[tuple[Term, int]] = set()  # what is being validated, of shapes that are recursive
        self._results: dict[tuple[int, int], Result] = {}
        self.queries = sparql.Queries(self.graph, shapes, solved)

    def results(self, given: Mapping[Term, Iterable[Term]] | None = None) -> Iterator[Result]:
        """The validation results at the targets, or at the nodes of each shape that are given; what several nodes lead
        to is there for each of them, as the specification has it.

        Raises:
            UnusableError: a query of the shapes can not be used.
        """
        for shape, nodes in (self._targets() if given is None else self._numbered(given)).items():
            failing: Collection[int] = nodes
            if shape not in self.shapes.recursive:
                failing = self.failing(shape, frozenset(nodes))
            broken = self.broken(shape, [node for node in nodes if node in failing])
            for focus in nodes if broken else ():
                yield from map(self._result, broken.get(focus, ()))

    def _targets(self) -> Mapping[Term, Mapping[int, None]]:
        targets: dict[Term, dict[int, None]] = {}
        for node, predicate, target in self.shapes.targets():
            targets.setdefault(node, {}).update(dict.fromkeys(TARGETS[predicate](self.graph, target)))
        return targets

    def _numbered(self, given: Mapping[Term, Iterable[Term]]) -> Mapping[Term, Mapping[int, None]]:
        return {shape: dict.fromkeys(map(self.graph.number, nodes)) for shape, nodes in given.items()}

    def failing(self, shape: Term, nodes: Set[int]) -> Set[int]:
        """Those of the nodes that do not conform to a shape; each is asked about once."""
        asked, found = self._asked.get(shape, _NOTHING)
        if fresh := nodes - asked if asked else nodes:
            found = found | self._failing(shape, fresh)
            self._asked[shape] = asked | fresh if asked else nodes, found
        return found & nodes

    def _failing(self, node: Term, nodes: Set[int]) -> Set[int]:
        if not self.shapes.is_active(node):
            return frozenset()
        if node in self.shapes.recursive:
            return self.broken(node, sorted(nodes)).keys() & nodes
        shape = self._shape(node)
        values = shape.path.values(nodes) if shape.path else Itself()
        failing: set[int] = set()
        for _component, _parameter, _constraint, check in shape.checks:
            failing |= check.failing(nodes, values)
        for property_ in shape.properties:
            failing |= values.leading(nodes, self.failing(property_, values.values(nodes)))
        return failing

    def broken(self, shape: Term, nodes: Iterable[int]) -> Mapping[int, Sequence[Found]]:
        """What nodes break of a shape, for those that do not conform to it."""
        seen, found = self._broken.setdefault(shape, (set(), {}))
        fresh = [node for node in nodes if node not in seen]
        if fresh and self.shapes.is_active(shape):
            if shape in self.shapes.recursive:
                self._descend(shape, nodes, seen, found)
            else:
                seen.update(fresh)
                self._validate(shape, fresh, found)
        return found

    def _descend(self, shape: Term, nodes: Iterable[int], seen: set[int], found: dict[int, list[Found]]) -> None:
        """Validate the nodes one after another, each with what it leads to: SHACL does not say what a shape comes to
        that refers to itself, but where the data end there is only one answer.

        Raises:
            UnusableError: the data lead from a node back to it, so that nobody can know whether it conforms.
        """
        for node in nodes:
            if (shape, node) in self._unfinished:
                raise UnusableError(_("a shape refers to itself, and the data lead back to the same node"), shape)
            if node not in seen:
                self._unfinished.add((shape, node))
                self._validate(shape, [node], found)
                self._unfinished.remove((shape, node))
                seen.add(node)

    def _validate(self, node: Term, nodes: Sequence[int], found: dict[int, list[Found]]) -> None:
        shape = self._shape(node)
        path = shape.path
        batch = [(focus, path.of(focus) if path else (focus,)) for focus in nodes]
        for component, parameter, constraint, check in shape.checks:
            for violation in check.violations(batch):
                result = Found(node, component, parameter, constraint, violation)
                found.setdefault(violation.focus, []).append(result)
        for property_ in shape.properties:
            values = dict.fromkeys(value for _, values in batch for value in values)
            broken = self.broken(property_, values)
            for focus, values_ in batch if broken else ():
                for value in values_:
                    if value in broken:
                        found.setdefault(focus, []).extend(broken[value])

    def _shape(self, node: Term) -> _Shape:
        if (known := self._compiled.get(node)) is None:
            paths = self.shapes.objects(node, f"{SH}path")
            path = compiled(paths[0], self.shapes, self.graph) if paths else None
            properties = self.shapes.objects(node, f"{SH}property")
            known = self._compiled[node] = _Shape(path, list(self._checks(node)), properties)
        return known

    def _checks(self, node: Term) -> Iterator[tuple[str, Term | None, Term | None, Check]]:
        objects, graph = partial(self.shapes.objects, node), self.graph
        for name, of_value in _OF_VALUES.items():
            for parameter in objects(SH + name):
                yield _component(name), parameter, None, of_value(parameter, graph)
        for name, of_list in _OF_LISTS.items():
            for parameter in objects(SH + name):
                yield _component(name), parameter, None, of_list([*self.shapes.members(parameter)], graph)
        flags = "".join(value.value for value in objects(f"{SH}flags"))
        for parameter in objects(f"{SH}pattern"):
            yield _component("pattern"), parameter, None, constraints.pattern(parameter, graph, flags=flags)
        for parameter in filter(_is_true, objects(f"{SH}uniqueLang")):
            yield _component("uniqueLang"), parameter, None, constraints.unique_lang(graph)
        for parameter in filter(_is_true, objects(f"{SH}closed")):
            yield _component("closed"), parameter, None, constraints.closed(self.shapes.expected(node), graph)
        for name, is_violated in _OF_SHAPES.items():
            for parameter in objects(SH + name):
                members = [parameter] if name in ("node", "not") else [*self.shapes.members(parameter)]
                yield _component(name), parameter, None, constraints.of_shapes(members, self, is_violated)
        for parameter in objects(f"{SH}qualifiedValueShape"):
            siblings = self.shapes.siblings(node, parameter)
            for count in objects(f"{SH}qualifiedMinCount"):
                check = constraints.qualified(parameter, siblings, self, least=whole(count.value))
                yield _component("qualifiedMinCount"), count, None, check
            for count in objects(f"{SH}qualifiedMaxCount"):
                check = constraints.qualified(parameter, siblings, self, most=whole(count.value))
                yield _component("qualifiedMaxCount"), count, None, check
        yield from self.queries.checks(node)

    def _result(self, found: Found, levels: int = LEVELS) -> Result:
        """The result of what was found, once: shapes that share others find together what each of them finds."""
        if (known := self._results.get((id(found), levels))) is None:
            known = self._results[id(found), levels] = self._converted(found, levels)
        return known

    def _converted(self, found: Found, levels: int) -> Result:
        violation, terms = found.violation, self.graph.terms
        details = {id(detail): detail for detail in violation.details} if levels else {}
        path = self.shapes.path(found.shape)
        if violation.predicate is not None:
            path = str(terms[violation.predicate])
        severity = next((value.value for value in self.shapes.objects(found.shape, f"{SH}severity")), f"{SH}Violation")
        return Result(
            focus=terms[violation.focus],
            path=path,
            value=None if violation.value is None else terms[violation.value],
            shape=found.shape,
            component=found.component,
            severity=severity,
            constraint=found.constraint,
            parameter=found.parameter,
            subject=None if violation.subject is None else terms[violation.subject],
            bindings=dict(violation.bindings),
            details=tuple(self._result(detail, levels - 1) for detail in details.values()),
        )


def _component(name: str) -> str:
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"


def _is_true(value: Term) -> bool:
    return value.value == "true"
