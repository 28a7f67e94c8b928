"""Shapes as queries: for each constraint one that finds the focus nodes that may violate it.

None that violates it is left out, and what is found is confirmed: see ``conditions``. What cannot be said so for every
store (a path of any length, a shape that refers to itself) is a query that finds every node it might be about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import combinations, count
from typing import NamedTuple

from pyoxigraph import NamedNode

from ...sparql.text import tokens
from ..engines.literals import whole
from ..engines.queries import Query
from ..shapes import SH, Shapes, Term
from . import conditions
from .conditions import EVERY, NONE, written

THIS = "?this"
_DEEPEST, _MOST = 12, 400  # levels of shapes in shapes, and constraints in one condition, that a query is written for
_LARGEST = 5  # values that a query counts
_WIDEST = 300  # subclasses that a query names
Classes = Callable[[Term], Collection[Term]]


class Failing(NamedTuple):
    """The nodes that may fail: those with statements of which a condition holds. The statements may be
    those of a query, which ``is_query`` tells, with the prefixes of its ``prologue``."""

    statements: str = ""
    condition: str = EVERY
    prologue: str = ""
    is_query: bool = False

    @property
    def pattern(self) -> str:
        """The statements and the condition, as a group of a query has them."""
        return f"{self.statements} FILTER({self.condition})" if self.condition != EVERY else self.statements

    @property
    def expression(self) -> str:
        """Whether there are such statements, as a condition."""
        return f"EXISTS {{ {self.pattern} }}" if self.statements else self.condition


def target(kind: str, node: Term, classes: Classes) -> str | None:
    """The statements that make ``?this`` a focus node, or None where the node of the shapes is that itself."""
    name = kind.removeprefix(SH)
    if name == "targetClass":
        every = [*classes(node)]
        if len(every) == 1:
            return f"{THIS} a {written(node)} ."
        return f"VALUES ?_class {{ {' '.join(map(written, every))} }} {THIS} a ?_class ."
    if name == "targetSubjectsOf":
        return f"{THIS} {written(node)} ?_any ."
    return f"?_any {written(node)} {THIS} ." if name == "targetObjectsOf" else None


def is_set_query(query: Query) -> bool:
    """Whether a query finds for all focus nodes together what it finds for each, and needs to know no more of them."""
    return query.joins and query.variables == {"this"}


class Compiler:
    """Writes what may fail the shapes of a shapes graph; ``classes`` gives a class with its subclasses, ``queries`` the
    queries of a shape."""

    def __init__(self, shapes: Shapes, classes: Classes, queries: Callable[[Term], Sequence[Query]]) -> None:
        self.shapes, self.classes, self.queries = shapes, classes, queries

    def failing(self, shape: Term) -> list[Failing]:
        """What ``?this`` may fail of a shape, for each constraint; where there is too much to be written, anything."""
        try:
            return [*dict.fromkeys(_Writer(self).failing(shape, THIS))]
        except _TooMuchError:
            return [Failing()]


class _TooMuchError(Exception):
    """There is more than a query can hold."""


class _Writer:
    """Writes what may fail one shape, with variables of its own."""

    def __init__(self, compiler: Compiler) -> None:
        self.shapes, self.classes, self.queries = compiler.shapes, compiler.classes, compiler.queries
        self._numbers, self._depth, self._written = count(1), 0, 0

    def failing(self, shape: Term, node: str, *, surely: bool = False) -> Iterator[Failing]:
        """What a node may fail of a shape, or what of that it ``surely`` fails: then only some of that."""
        if not self.shapes.is_active(shape):
            return
        paths = self.shapes.objects(shape, f"{SH}path")
        path = self._path(paths[0]) if paths else ""
        if shape in self.shapes.recursive or path is None:
            yield from () if surely else (Failing(),)
            return
        value = self._variable() if path else node
        reach = f"{node} {path} {value} . " if path else ""
        for condition in self._of_values(shape, value, surely=surely):
            if condition != NONE:
                yield Failing(reach, condition)
        if path:
            yield from self._of_counts(shape, partial(self._counted, node, path), surely=surely)
        if not surely:
            yield from self._of_pairs(shape, node, path or "", value)
            yield from self._of_queries(shape, node, reach)
        for property_ in self.shapes.objects(shape, f"{SH}property"):
            for inner in self.failing(property_, value, surely=surely):
                yield inner._replace(statements=f"{reach}{inner.statements}")

    def _fails(self, shape: Term, value: str, *, surely: bool) -> str:
        """The condition that a value fails a shape."""
        self._depth += 1
        self._written += 1
        if self._depth > _DEEPEST or self._written > _MOST:
            raise _TooMuchError
        found = [failing.expression for failing in self.failing(shape, value, surely=surely)]
        self._depth -= 1
        return EVERY if EVERY in found else f"({' || '.join(found or [NONE])})"

    def _variable(self) -> str:
        return f"?node{next(self._numbers)}"

    def _path(self, node: Term) -> str | None:
        """A path that every store can follow, or None: not each of them knows where one of any length ends."""
        if isinstance(node, NamedNode):
            return written(node)
        parts, operator = [*self.shapes.members(node)], "/"
        for start in self.shapes.objects(node, f"{SH}alternativePath"):
            parts, operator = [*self.shapes.members(start)], "|"
        if parts:
            steps = [self._path(part) for part in parts]
            return None if None in steps else f"({operator.join(filter(None, steps))})"
        for inner in self.shapes.objects(node, f"{SH}inversePath"):
            if isinstance(inner, NamedNode):
                return f"^{written(inner)}"
        return None

    def _of_values(self, shape: Term, value: str, *, surely: bool) -> Iterator[str]:
        """The conditions of single values."""
        objects = partial(self.shapes.objects, shape)
        for parameter in objects(f"{SH}class"):
            classes = self.classes(parameter)
            if len(classes) <= _WIDEST:
                yield conditions.class_(value, classes)
            elif not surely:
                yield EVERY
        for parameter in objects(f"{SH}nodeKind"):
            yield conditions.node_kind(value, parameter)
        yield from self._of_shapes(shape, value, surely=surely)
        if surely:
            return
        for parameter in objects(f"{SH}datatype"):
            yield conditions.datatype(value, parameter)
        for name, operator in _OPERATORS.items():
            for parameter in objects(f"{SH}{name}"):
                yield conditions.bound(value, parameter, operator)
        for name in ("minLength", "maxLength"):
            for parameter in objects(f"{SH}{name}"):
                yield conditions.length(value, parameter, is_upper=name == "maxLength")
        flags = "".join(term.value for term in objects(f"{SH}flags"))
        for parameter in objects(f"{SH}pattern"):
            yield conditions.pattern(value, parameter, flags)
        for parameter in objects(f"{SH}languageIn"):
            yield conditions.language_in(value, self.shapes.members(parameter))
        for parameter in objects(f"{SH}in"):
            yield conditions.in_(value, [*self.shapes.members(parameter)])

    def _of_shapes(self, shape: Term, value: str, *, surely: bool) -> Iterator[str]:
        objects = partial(self.shapes.objects, shape)
        for parameter in objects(f"{SH}node"):
            yield self._fails(parameter, value, surely=surely)
        for parameter in objects(f"{SH}not"):
            yield f"!{self._fails(parameter, value, surely=not surely)}"
        for name, operator in (("and", " || "), ("or", " && ")):
            for parameter in objects(f"{SH}{name}"):
                members = self.shapes.members(parameter)
                every = [self._fails(member, value, surely=surely) for member in members]
                yield f"({operator.join(every)})" if every else NONE if name == "and" else EVERY
        for parameter in () if surely else objects(f"{SH}xone"):
            shapes = [*self.shapes.members(parameter)]
            none = " && ".join(self._fails(member, value, surely=False) for member in shapes) or EVERY
            passing = [f"!{self._fails(member, value, surely=True)}" for member in shapes]
            yield " || ".join([f"({none})", *(f"({' && '.join(both)})" for both in combinations(passing, 2))])

    def _of_counts(self, shape: Term, counted: Callable[..., str], *, surely: bool) -> Iterator[Failing]:
        objects = partial(self.shapes.objects, shape)
        for parameter in objects(f"{SH}minCount"):
            yield from self._fewer(whole(parameter.value), counted, surely=surely)
        for parameter in objects(f"{SH}maxCount"):
            yield from self._more(whole(parameter.value), counted, surely=surely)
        for term in objects(f"{SH}hasValue"):
            yield Failing(condition=f"!EXISTS {{ {counted(1, partial(conditions.same, term=term))} }}")
        if surely:
            return
        for term in objects(f"{SH}uniqueLang"):
            if term.value == "true":
                two = counted(2, lambda _value: EVERY, conditions.same_language)
                yield Failing(condition=f"EXISTS {{ {two} }}")
        for qualified in objects(f"{SH}qualifiedValueShape"):
            siblings = self.shapes.siblings(shape, qualified)
            for parameter in objects(f"{SH}qualifiedMinCount"):
                qualifies = partial(self._qualifies, qualified, siblings, surely=True)
                yield from self._fewer(whole(parameter.value), partial(counted, holds=qualifies), surely=False)
            for parameter in objects(f"{SH}qualifiedMaxCount"):
                qualifies = partial(self._qualifies, qualified, siblings, surely=False)
                yield from self._more(whole(parameter.value), partial(counted, holds=qualifies), surely=False)

    def _qualifies(self, shape: Term, siblings: Sequence[Term], value: str, *, surely: bool) -> str:
        """That a value conforms to a shape and to none of its siblings."""
        others = [self._fails(sibling, value, surely=surely) for sibling in siblings]
        return " && ".join([f"!{self._fails(shape, value, surely=not surely)}", *others])

    def _fewer(self, least: int, counted: Callable[[int], str], *, surely: bool) -> Iterator[Failing]:
        if 0 < least <= _LARGEST:
            yield Failing(condition=f"!EXISTS {{ {counted(least)} }}")
        elif least > 0 and not surely:
            yield Failing()

    def _more(self, most: int, counted: Callable[[int], str], *, surely: bool) -> Iterator[Failing]:
        """Of more values than a query counts, it finds what has as many as it counts."""
        if most < _LARGEST or not surely:
            yield Failing(condition=f"EXISTS {{ {counted(min(most + 1, _LARGEST))} }}")

    def _counted(
        self,
        node: str,
        path: str,
        number: int,
        holds: Callable[[str], str] = lambda _value: EVERY,
        differ: Callable[[str, str], str] = conditions.different,
    ) -> str:
        """The statements of so many values that are not the same and of which something holds; in a condition they are
        found once, where a query of them would be answered with each combination."""
        values = [self._variable() for _ in range(number)]
        found = [condition for value in values if (condition := holds(value)) != EVERY]
        found += [differ(*two) for two in combinations(values, 2)]
        return " ".join([*(f"{node} {path} {value} ." for value in values), *(f"FILTER({each})" for each in found)])

    def _of_pairs(self, shape: Term, node: str, path: str, value: str) -> Iterator[Failing]:
        """What compares the values with those of a predicate, or is about what is said of them."""
        objects, reach = partial(self.shapes.objects, shape), f"{node} {path} {value} . " if path else ""
        for predicate in objects(f"{SH}equals"):
            yield Failing(reach, f"isLiteral({value}) || !EXISTS {{ {node} {written(predicate)} {value} }}")
            other = self._variable()
            is_value = f"EXISTS {{ {node} {path} {other} }}" if path else f"{node} = {other}"
            yield Failing(f"{node} {written(predicate)} {other} . ", f"isLiteral({other}) || !({is_value})")
        for predicate in objects(f"{SH}disjoint"):
            yield Failing(f"{reach}{node} {written(predicate)} {value} . ")
        for name, operator in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for predicate in objects(f"{SH}{name}"):
                other = self._variable()
                statements = f"{reach}{node} {written(predicate)} {other} . "
                yield Failing(statements, conditions.pair(value, other, operator))
        if any(term.value == "true" for term in objects(f"{SH}closed")):
            predicate_, other = self._variable(), self._variable()
            known = conditions.other_predicate(predicate_, self.shapes.expected(shape))
            yield Failing(f"{reach}{value} {predicate_} {other} . ", known)
        if not path:
            for term in objects(f"{SH}hasValue"):
                yield Failing(condition=conditions.unless(conditions.same(value, term)))

    def _of_queries(self, shape: Term, node: str, reach: str) -> Iterator[Failing]:
        """What a query of the shape finds, where it is about all its focus nodes at once; else any node."""
        for query in self.queries(shape):
            if self._depth or node != THIS or not is_set_query(query):
                yield Failing(reach)
                continue
            found = [*tokens(query.text)]
            start = next(token for token in found if token.keyword == "SELECT").start
            opening = next(token for token in found if token.text == "{")
            yield Failing(query.text[opening.end : found[-1].start], EVERY, query.text[:start], is_query=True)


_OPERATORS = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}
