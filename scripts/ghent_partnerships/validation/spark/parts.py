"""A part of the data: what is said of the nodes that belong to it, what is sent from it to the parts that look at that,
and what the shapes find with what it was sent.

Who looks, from which node and at what, is sent along the neighbourhood from part to part: a part answers with
statements to the part that asked first, and asks the next part on its behalf.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from ...rdf.encoded import Encoded, Encoder, unpacked
from ...rdf.turtle import TYPE
from ..collection import uncollected
from ..engines import core
from ..engines.graph import SUBCLASS, TARGETS, Graph
from ..results import Result, UnusableError
from ..shapes import SH, Shapes, Term
from .neighbourhood import NOWHERE, Neighbourhood, Step
from .statements import part_of, split

_TYPE = str(NamedNode(TYPE)).encode()
_SUBCLASS = str(NamedNode(SUBCLASS)).encode()
Wanted = dict[bytes, dict[int, list[int]]]  # of a node, by the state that it is in, for which parts


class Message(NamedTuple):
    """What goes to a part: statements in the order of their source, or which nodes ``part`` wants to be looked at from,
    each with its state."""

    part: int
    statements: Sequence[bytes] = ()
    wanted: Sequence[tuple[bytes, int]] = ()


class Outcome(NamedTuple):
    """What a part says: how many statements are in it, which of the shapes' targets find a node, by their numbers, and
    the results, or why the shapes cannot be used."""

    statements: int
    targets: frozenset[int]
    results: Sequence[Result] = ()
    error: UnusableError | None = None


@dataclass(frozen=True)
class Part:
    """The statements about the nodes of a part; and of those with a predicate that is looked at from the object, the
    ones that have such a node for an object. Each is there once, in the order of the data."""

    number: int
    by_subject: Sequence[bytes]
    by_object: Sequence[bytes]

    @classmethod
    def joined(cls, number: int, pieces: Iterable[tuple[tuple[int, int], int, bytes]]) -> Part:
        """The part of pieces: by their place in the data, which of the two they are, and the lines."""
        lists: tuple[list[bytes], list[bytes]] = [], []
        for _place, which, lines in sorted(pieces):
            lists[which].append(lines)
        unique = (tuple(dict.fromkeys(b"\n".join(lines).split(b"\n"))) if lines else () for lines in lists)
        return cls(number, *unique)


class _Steps(NamedTuple):
    """A state: where each predicate leads along and against it, and whether all statements about the node count."""

    along: Mapping[bytes, int]
    against: Mapping[bytes, int]
    everything: bool


@dataclass(frozen=True)
class Plan:
    """What every part has to know: into how many parts the data are divided, the shapes, how far they look, in which
    order the data name their predicates, and which classes they make a part of which."""

    parts: int
    shapes: Sequence[Triple]
    neighbourhood: Neighbourhood
    predicates: Sequence[bytes] = ()
    subclasses: Sequence[bytes] = ()

    @property
    def inverse(self) -> frozenset[bytes]:
        """The predicates that are looked at from the object."""
        against = chain.from_iterable(steps.against for steps in self._states)
        return frozenset(chain(against, self._starts[f"{SH}targetObjectsOf"]))

    @cached_property
    def _states(self) -> Sequence[_Steps]:
        def ends(steps: Mapping[Step, int], *, backwards: bool) -> Mapping[bytes, int]:
            return {
                step.predicate.encode(): state
                for step, state in steps.items()
                if step.predicate is not None and step.backwards == backwards
            }

        return [
            _Steps(
                ends(steps, backwards=False),
                ends(steps, backwards=True),
                any(step.predicate is None for step in steps),
            )
            for steps in self.neighbourhood.states
        ]

    @cached_property
    def read(self) -> Shapes:
        """The shapes."""
        return Shapes(self.shapes)

    @cached_property
    def _starts(self) -> Mapping[str, Mapping[bytes, list[int]]]:
        """The states of focus nodes by the kind of a target and the target; those of a class also by its subclasses."""
        starts: dict[str, dict[bytes, list[int]]] = {kind: defaultdict(list) for kind in TARGETS}
        below = Graph(encoded(self.subclasses))
        for shape, kind, target in self.read.targets():
            state = self.neighbourhood.starts[shape]
            classes = below.subclasses(target) if kind == f"{SH}targetClass" else ()
            for name in [below.terms.texts[number] for number in classes] or [str(target)]:
                starts[kind][name.encode()].append(state)
        return starts

    def begun(self, part: Part) -> Iterator[tuple[int, Message]]:
        """What the focus nodes of a part ask other parts for: the part, and the message to it."""
        wanted: Wanted = {}
        here = [part.number]
        classes, subjects, objects, nodes = (
            self._starts[f"{SH}{name}"] for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
        )

        def want(node: bytes, states: Iterable[int]) -> None:
            wanted.setdefault(node, {}).update(dict.fromkeys(states, here))

        for line in part.by_subject:
            subject, predicate, value = split(line)
            if predicate == _TYPE and value in classes:
                want(subject, classes[value])
            if predicate in subjects:
                want(subject, subjects[predicate])
        for line in part.by_object:
            _subject, predicate, value = split(line)
            if predicate in objects:
                want(value, objects[predicate])
        for node, states in nodes.items():
            if part_of(node, self.parts) == part.number:
                want(node, states)
        return self._asking(self._found(part, wanted))

    def answered(self, part: Part, messages: Iterable[Message]) -> Iterator[tuple[int, Message]]:
        """The answers of a part to what others want of it, and what it asks the next parts for on their behalf."""
        wanted: Wanted = {}
        for message in sorted(message for message in messages if message.wanted):
            for node, state in message.wanted:
                wanted.setdefault(node, {}).setdefault(state, []).append(message.part)
        found = [*self._found(part, wanted)]
        answers: dict[int, dict[bytes, None]] = {}
        for line, _node, _state, homes in found:
            for home in homes:
                answers.setdefault(home, {})[line] = None
        for home, lines in answers.items():
            yield home, Message(part.number, statements=tuple(lines))
        yield from self._asking(found)

    def _found(self, part: Part, wanted: Wanted) -> Iterator[tuple[bytes, bytes, int, Sequence[int]]]:
        """The statements that are wanted, each with the node that it leads to, the state of that, and who wants it."""
        for line in part.by_subject if wanted else ():
            subject, predicate, value = split(line)
            for state, homes in wanted.get(subject, _NOTHING).items():
                steps = self._states[state]
                if (following := steps.along.get(predicate)) is not None or steps.everything:
                    yield line, value, following or NOWHERE, homes
        for line in part.by_object if wanted else ():
            subject, predicate, value = split(line)
            for state, homes in wanted.get(value, _NOTHING).items():
                if (following := self._states[state].against.get(predicate)) is not None:
                    yield line, subject, following, homes

    def _asking(self, found: Iterable[tuple[bytes, bytes, int, Sequence[int]]]) -> Iterator[tuple[int, Message]]:
        """The messages by which what was found is looked on from."""
        asked: dict[tuple[int, int], dict[tuple[bytes, int], None]] = {}
        for _line, node, state, homes in found:
            steps = self._states[state]
            if steps.against or ((steps.along or steps.everything) and node[:1] != b'"'):
                to = part_of(node, self.parts)
                for home in homes:
                    asked.setdefault((to, home), {})[node, state] = None
        for (to, home), wanted in asked.items():
            yield to, Message(home, wanted=tuple(wanted))

    def validated(self, part: Part, messages: Iterable[Message]) -> Outcome:
        """What the shapes find about the focus nodes of a part, with what it was sent."""
        sent = chain.from_iterable(message.statements for message in messages)
        lines = dict.fromkeys(chain(part.by_subject, part.by_object, sent, self.subclasses))
        graph = encoded(lines, self.predicates)
        core.prepare(self.read)
        try:
            with uncollected(), core.deep_calls():
                validation = core.Validation(graph, self.read)
                targets: set[int] = set()
                nodes: dict[Term, dict[Term, None]] = {}
                terms = validation.graph.terms
                for number, (shape, kind, target) in enumerate(self.read.targets()):
                    for node in TARGETS[kind](validation.graph, target):
                        targets.add(number)
                        if part_of(terms.texts[node].encode(), self.parts) == part.number:
                            nodes.setdefault(shape, {})[terms[node]] = None
                results = tuple(validation.results(nodes))
        except UnusableError as error:
            return Outcome(len(part.by_subject), frozenset(), error=error)
        except RecursionError:
            return Outcome(len(part.by_subject), frozenset(), error=UnusableError(core.TOO_DEEP))
        return Outcome(len(part.by_subject), frozenset(targets), results)


_NOTHING: Mapping[int, Sequence[int]] = {}


def encoded(lines: Iterable[bytes], predicates: Iterable[bytes] = ()) -> Encoded:
    """Statements, each once, as a graph, in which blank nodes keep their names, and predicates this order."""
    encoder = Encoder()
    for line in lines:
        encoder.write(line + b" .\n")
    graph = unpacked(encoder.packed(), renamed=False)
    order = {predicate.decode(): place for place, predicate in enumerate(predicates)}
    columns = sorted(graph.columns.items(), key=lambda column: order.get(graph.terms.texts[column[0]], 0))
    return Encoded(graph.terms, graph.order, dict(columns))
