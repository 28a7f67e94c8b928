"""How far from a focus node its shapes look: which statements lead from it to whatever decides what is found.

That is an automaton. A state is what may still be looked at from a node; a step leads along or against a predicate to
the next. It has no cycle: where shapes look as far as the data go, nobody can tell beforehand which statements a part
of the data needs, and the shapes are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode

from ...errors import UsageError
from ...rdf.namespaces import PREFIXES
from ...rdf.turtle import TYPE
from ...text import Text, in_each
from ...translation import languages
from ...translation import message as _
from ..engines.graph import Graph
from ..engines.sparql import Queries
from ..names import Names
from ..results import shown
from ..shapes import LISTS, REFERENCES, SH, Shapes, Term

NOWHERE = 0  # the state of a node from which nothing is looked at
_MOST_STATES = 10_000
_TYPE = str(NamedNode(TYPE))
_BESIDE = ("equals", "disjoint", "lessThan", "lessThanOrEquals")  # whose values are those of the focus node


class Step(NamedTuple):
    """A statement about a node or, ``backwards``, one that has it for its object; with a predicate, as N-Triples writes
    it, or with any."""

    predicate: str | None
    backwards: bool = False


State = Mapping[Step, int]


@dataclass(frozen=True)
class Neighbourhood:
    """The states by their numbers, and at which of them each shape with a target starts; the longest way takes
    ``depth`` steps."""

    states: Sequence[State]
    starts: Mapping[Term, int]
    depth: int


def neighbourhood(shapes: Shapes) -> Neighbourhood:
    """Return how far well-formed shapes look.

    Raises:
        UsageError: some look as far as the data go, or nobody knows how far; it names them.
    """
    builder = _Builder(shapes)
    starts: dict[Term, int] = {shape: builder.of_shape(shape) for shape, _kind, _target in shapes.targets()}
    if builder.refused:
        refused = builder.refused.items()
        reasons = in_each(languages(), lambda tag: "; ".join(f"{name} ({why.localized(tag)})" for name, why in refused))
        problem = _(
            "Spark checks what a bounded neighbourhood decides, and cannot check these shapes: {reasons}; "
            "leave --engine spark out, ask a store with --endpoint, or deactivate them with sh:deactivated",
            reasons=reasons,
        )
        raise UsageError(problem)
    return Neighbourhood(builder.states, starts, builder.depth(starts.values()))


class _Builder:
    """Makes the states, each once."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes, self.queries = shapes, Queries(Graph([]), shapes)
        self.states: list[State] = [{}]
        self.refused: dict[str, Text] = {}
        self._numbers: dict[frozenset[tuple[Step, int]], int] = {frozenset(): NOWHERE}
        self._united: dict[tuple[int, int], int] = {}
        self._known: dict[Term, int] = {}

    def of_shape(self, shape: Term) -> int:
        """The state of the focus nodes of a shape."""
        if (known := self._known.get(shape)) is None:
            self._known[shape] = NOWHERE  # of a shape that leads back to itself, which is refused
            known = self._known[shape] = self._of_shape(shape) if self.shapes.is_active(shape) else NOWHERE
        return known

    def _of_shape(self, shape: Term) -> int:
        objects = self.shapes.objects
        if shape in self.shapes.recursive:
            return self._refuse(shape, _("it refers to itself"))
        if next(iter(self.queries.checks(shape)), None) is not None:
            return self._refuse(shape, _("its query in SPARQL may ask for anything"))
        values = self._union(self.of_shape(inner) for inner in self._inner(shape))
        if objects(shape, f"{SH}class"):
            values = self._union([values, self._state({Step(_TYPE): NOWHERE})])
        if any(value.value == "true" for value in objects(shape, f"{SH}closed")):
            values = self._union([values, self._state({Step(None): NOWHERE})])
        for path in objects(shape, f"{SH}path"):
            values = self._before(path, values, shape, backwards=False)
        beside = (value for name in _BESIDE for value in objects(shape, SH + name))
        return self._union([values, self._state({Step(str(predicate)): NOWHERE for predicate in beside})])

    def _inner(self, shape: Term) -> Iterator[Term]:
        """The shapes of the value nodes."""
        for name in REFERENCES:
            yield from self.shapes.objects(shape, SH + name)
        for name in LISTS:
            for start in self.shapes.objects(shape, SH + name):
                yield from self.shapes.members(start)
        for qualified in self.shapes.objects(shape, f"{SH}qualifiedValueShape"):
            yield from self.shapes.siblings(shape, qualified)

    def _before(self, path: Term, state: int, shape: Term, *, backwards: bool) -> int:
        """The state of nodes from which a path leads to those of a state."""
        objects = self.shapes.objects
        if isinstance(path, NamedNode):
            return self._state({Step(str(path), backwards): state})
        if members := [*self.shapes.members(path)]:
            for member in members if backwards else reversed(members):
                state = self._before(member, state, shape, backwards=backwards)
            return state
        for alternatives in objects(path, f"{SH}alternativePath"):
            members = [*self.shapes.members(alternatives)]
            return self._union(self._before(member, state, shape, backwards=backwards) for member in members)
        for inner in objects(path, f"{SH}inversePath"):
            return self._before(inner, state, shape, backwards=not backwards)
        for inner in objects(path, f"{SH}zeroOrOnePath"):
            return self._union([state, self._before(inner, state, shape, backwards=backwards)])
        return self._refuse(shape, _("the path {path} leads as far as the data go", path=_path(self.shapes, shape)))

    def _refuse(self, shape: Term, reason: Text) -> int:
        if isinstance(shape, NamedNode):
            name = shown(shape)
        else:
            name = f"[ sh:path {path} ]" if (path := _path(self.shapes, shape)) else "[ ]"
        self.refused.setdefault(name, reason)
        return NOWHERE

    def _union(self, states: Iterable[int]) -> int:
        united = NOWHERE
        for state in states:
            united = self._both(united, state)
        return united

    def _both(self, first: int, second: int) -> int:
        """The state of a node that is in both."""
        if first == second or NOWHERE in (first, second):
            return first or second
        key = min(first, second), max(first, second)
        if key not in self._united:
            steps = dict(self.states[first])
            for step, state in self.states[second].items():
                steps[step] = self._both(steps.get(step, NOWHERE), state)
            self._united[key] = self._state(steps)
        return self._united[key]

    def _state(self, steps: State) -> int:
        number = self._numbers.setdefault(frozenset(steps.items()), len(self.states))
        if number == len(self.states):
            if number > _MOST_STATES:
                raise UsageError(_("the paths of the shapes branch too often for Spark; leave --engine spark out"))
            self.states.append(steps)
        return number

    def depth(self, starts: Iterable[int]) -> int:
        """The most steps that lead on from one of the states."""
        depths: list[int] = []
        for steps in self.states:  # each was made after those that it leads to
            depths.append(1 + max(depths[state] for state in steps.values()) if steps else 0)
        return max((depths[state] for state in starts), default=0)


def _path(shapes: Shapes, shape: Term) -> str:
    """The path of a property shape as people read it."""
    return Names(PREFIXES).path(shapes.path(shape))
