"""SPARQL constraints and SPARQL-based constraint components (https://www.w3.org/TR/shacl/#sparql-constraints), asked of
Oxigraph: each query with its variables bound to one focus node after another, so that time grows with the data alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Variable

from ...rdf.turtle import TYPE, XSD
from ...sparql.syntax_errors import engine_error, mistake
from ...sparql.text import Token, tokens
from ...translation import message as _
from ..results import ELSEWHERE, UnusableError
from ..shapes import SH, Shapes, Term, demand_usable
from .constraints import Batch, Check, Violation
from .graph import Graph

SPARQL = f"{SH}SPARQLConstraintComponent"
_STRING = NamedNode(XSD + "string")
_LOCAL = re.compile(r"[^/#]*$")
_SHAPES = NamedNode("urn:ghent-partnerships:shapes")  # the graph of the store that holds the shapes
_MANY = 20  # focus nodes, from which a query is asked once for all of them
_OPTIONAL = {"shapesGraph", "currentShape"}
Solution = Mapping[str, Term]


class _Query(NamedTuple):
    """A query that is ready to be asked: its text, which of the variables that are bound beforehand it has, the node
    that it belongs to, and whether one answer for all focus nodes is that for each of them."""

    text: str
    variables: frozenset[str]
    node: Term
    joins: bool


class Queries:
    """The queries of a shapes graph, asked of a data graph."""

    def __init__(self, graph: Graph, shapes: Shapes) -> None:
        self.graph, self.shapes = graph, shapes

    def checks(self, shape: Term) -> Iterator[tuple[str, Term | None, Term | None, Check]]:
        """The checks of a shape that are queries: the component, the value of its parameter, the node of the query.

        Raises:
            UnusableError: a query cannot be read, or is of a kind that SHACL refuses.
        """
        for constraint in self.shapes.objects(shape, f"{SH}sparql"):
            if self.shapes.is_active(constraint):
                for select in self.shapes.objects(constraint, f"{SH}select"):
                    query = self._read(constraint, select, shape, {"this"})
                    yield SPARQL, None, constraint, self._selecting(query, shape, {})
        for component in self._components:
            yield from self._of_component(component, shape)

    def _of_component(
        self, component: _Component, shape: Term
    ) -> Iterator[tuple[str, Term | None, Term | None, Check]]:
        values = {name: self.shapes.objects(shape, path) for name, path in component.parameters.items()}
        if any(not values[name] for name in values if name not in component.optional):
            return
        is_property = bool(self.shapes.objects(shape, f"{SH}path"))
        validators = [
            *self.shapes.objects(component.node, f"{SH}{'property' if is_property else 'node'}Validator"),
            *self.shapes.objects(component.node, f"{SH}validator"),
        ]
        if not validators:
            raise UnusableError(_("a constraint component has no validator for this kind of shape"), component.node)
        validator = validators[0]
        given = {name: found for name, found in values.items() if found}
        for combination in product(*given.values()):
            bound: dict[str, Term] = dict(zip(given, combination, strict=True))
            parameter = combination[0] if combination else None
            for select in self.shapes.objects(validator, f"{SH}select"):
                query = self._read(validator, select, shape, {"this", *component.parameters})
                yield component.node.value, parameter, validator, self._selecting(query, shape, bound)
            for ask in self.shapes.objects(validator, f"{SH}ask"):
                query = self._read(validator, ask, shape, {"this", "value", *component.parameters})
                yield component.node.value, parameter, validator, self._asking(query, shape, bound)

    @cached_property
    def _components(self) -> Sequence[_Component]:
        kinds = self.shapes.subclasses(f"{SH}ConstraintComponent")
        return [
            _Component.read(self.shapes, node)
            for node, about in self.shapes.about.items()
            if not kinds.isdisjoint(about.get(TYPE, ())) and not node.value.startswith(SH)
        ]

    def _read(self, node: Term, query: Term, shape: Term, names: set[str]) -> _Query:
        """A query as Oxigraph may be asked it."""
        text = f"{self.shapes.prologue(node)}{query.value}"
        kind = demand_usable(text, node)
        if kind not in ("SELECT", "ASK"):
            raise UnusableError(_("a query is no SELECT but {query_form}", query_form=kind), node)
        bound = {*names, *_OPTIONAL}
        path = self.shapes.path(shape)
        found = list(tokens(text))
        _demand_standard(found, bound, node)
        used = frozenset(bound & {token.text[1:] for token in found if token.kind == "variable"}) | (names & {"this"})
        text = _prepared(text, found, used, path)
        _demand_readable(text, node)
        return _Query(text, used, node, joins=_joins(found))

    def _selecting(self, query: _Query, shape: Term, parameters: Solution) -> Check:
        """The check of which each solution of a query is a violation."""
        is_node_shape = not self.shapes.objects(shape, f"{SH}path")

        def check(batch: Batch) -> Iterator[Violation]:
            for focus, solution in self._answers(query, shape, parameters, [focus for focus, _values in batch]):
                path, value = solution.get("path"), solution.get("value")
                number = focus if is_node_shape else None
                yield Violation(
                    focus,
                    number if value is None else self._meant(focus, value),
                    predicate=self.graph.number(path) if isinstance(path, NamedNode) else None,
                    bindings=tuple({**parameters, **solution}.items()),
                )

        return check

    def _answers(
        self, query: _Query, shape: Term, parameters: Solution, nodes: Sequence[int]
    ) -> Iterator[tuple[int, Solution]]:
        """The solutions of a query with each of the focus nodes: asked once for all of many, where that is the same."""
        terms = self.graph.terms
        if not query.joins or len(nodes) < _MANY:
            for node in nodes:
                for solution in self._solutions(query, shape, {**parameters, "this": terms[node]}):
                    yield node, solution
            return
        by_node: dict[int, list[Solution]] = {}
        for solution in self._solutions(query, shape, parameters):
            by_node.setdefault(self.graph.number(solution["this"]), []).append(solution)
        for node in nodes:
            for solution in by_node.get(node, ()):
                yield node, solution

    def _asking(self, query: _Query, shape: Term, parameters: Solution) -> Check:
        """The check of each value node that a query must answer with true."""

        def check(batch: Batch) -> Iterator[Violation]:
            for focus, values in batch:
                for value in values:
                    term = self.graph.terms[value]
                    bound = {**parameters, "this": self.graph.terms[focus], "value": term}
                    if next(self._solutions(query, shape, bound), None) is None:
                        yield Violation(focus, value, bindings=tuple(parameters.items()))

        return check

    def _solutions(self, query: _Query, shape: Term, bound: Solution) -> Iterator[Solution]:
        bound = {**bound, "shapesGraph": _SHAPES, "currentShape": shape}
        store = self._with_shapes if "shapesGraph" in query.variables else self._store
        try:
            rows = store.query(
                query.text,
                substitutions={Variable(name): bound[name] for name in query.variables if name in bound},
            )
            assert isinstance(rows, pyoxigraph.QuerySolutions)
            names = [variable.value for variable in rows.variables]
            for row in rows:
                solution = {name: value for name, value in zip(names, row, strict=True) if value is not None}
                yield {name: term for name, term in solution.items() if isinstance(term, Term)}
        except OSError as error:
            raise UnusableError(ELSEWHERE, query.node) from error

    @cached_property
    def _store(self) -> Store:
        store, terms = Store(), self.graph.terms
        for predicate, about in self.graph.values.items():
            store.bulk_extend(
                Quad(terms[subject], terms[predicate], terms[value])  # type: ignore[arg-type]
                for subject, values in about.items()
                for value in values
            )
        return store

    @cached_property
    def _with_shapes(self) -> Store:
        self._store.bulk_extend(
            Quad(triple.subject, triple.predicate, triple.object, _SHAPES) for triple in self.shapes.triples
        )
        return self._store

    def _meant(self, focus: int, value: Term) -> int:
        """The number of a value. Oxigraph answers 2 for 02: that of the focus node, or the first in the data."""
        if not isinstance(value, Literal) or value.language is not None or value.datatype == _STRING:
            return self.graph.number(value)
        near, anywhere = self._written.get((focus, value)), self._written.get((None, value))
        return next((number for number in (near, anywhere) if number is not None), None) or self.graph.number(value)

    @cached_property
    def _written(self) -> Mapping[tuple[int | None, Term], int]:
        """The first literal as the data write it, by what Oxigraph makes of it: of each subject, and of all."""
        written: dict[tuple[int | None, Term], int] = {}
        normal: dict[int, Term] = {}
        for about in self.graph.values.values():
            for subject, values in about.items():
                for value in values:
                    term = self.graph.terms[value]
                    if isinstance(term, Literal) and term.language is None and term.datatype != _STRING:
                        if value not in normal:
                            normal[value] = _normal(term)
                        written.setdefault((subject, normal[value]), value)
                        written.setdefault((None, normal[value]), value)
        return written


class _Component(NamedTuple):
    """A constraint component that a shapes graph declares: the predicates of its parameters by their names."""

    node: NamedNode | BlankNode
    parameters: Mapping[str, str]
    optional: frozenset[str]

    @classmethod
    def read(cls, shapes: Shapes, node: NamedNode | BlankNode) -> _Component:
        parameters, optional = {}, set()
        for parameter in shapes.objects(node, f"{SH}parameter"):
            for path in shapes.objects(parameter, f"{SH}path"):
                name = _LOCAL.findall(path.value)[0]
                parameters[name] = path.value
                if any(value.value in ("true", "1") for value in shapes.objects(parameter, f"{SH}optional")):
                    optional.add(name)
        return cls(node, parameters, frozenset(optional))


def _demand_standard(found: Sequence[Token], bound: set[str], node: Term) -> None:
    """Refuse what SHACL 5.2.1 refuses, since nothing says what it means where variables are bound beforehand.

    Raises:
        UnusableError: there is MINUS or VALUES, an assignment to such a variable, or a subquery without it.
    """
    selects = 0
    needed = {"this"} if "this" in bound else set()
    for number, token in enumerate(found):
        if token.keyword.endswith(("MINUS", "VALUES")):
            raise UnusableError(_("a query has {clause}, which SHACL does not allow", clause=token.text), node)
        after = found[number + 1] if number + 1 < len(found) else None
        if token.keyword.endswith("AS") and after is not None and after.kind == "variable" and after.text[1:] in bound:
            reason = _("a query assigns to {variable}, which is bound before it is asked", variable=after.text)
            raise UnusableError(reason, node)
        if token.keyword.endswith("SELECT"):
            selects += 1
            names = _projected(found[number + 1 :])
            if selects > 1 and (names is None or not needed <= names):
                raise UnusableError(_("a subquery does not select $this, which SHACL demands"), node)


def _joins(found: Sequence[Token]) -> bool:
    """Whether a query is one group of triple patterns and filters, of which one is about ``$this`` and none a path that
    may have no step: then it finds for all nodes together what it finds for each."""
    selects = next((number for number, token in enumerate(found) if token.keyword == "SELECT"), len(found))
    where = next((number for number, token in enumerate(found) if token.text == "{"), len(found))
    body = found[where + 1 : -1]
    if not found or found[-1].text != "}" or any(token.text in ("{", "}", "*", "?", "+") for token in body):
        return False
    if any(
        token.keyword not in ("SELECT", "AS", "WHERE", "STR") for token in found[selects:where] if token.kind == "word"
    ):
        return False  # DISTINCT says nothing about each, and an aggregate is one of all
    after = (".", "{")
    return any(
        token.text in ("$this", "?this") and found[where + number].text in after for number, token in enumerate(body)
    )


def _projected(following: Iterable[Token]) -> set[str] | None:
    """The variables that a SELECT gives, or None where it gives all."""
    names: set[str] = set()
    for token in following:
        if token.text == "{" or token.keyword.endswith(("WHERE", "FROM")):
            break
        if token.text == "*":
            return None
        if token.kind == "variable":
            names.add(token.text[1:])
    return names


def _prepared(text: str, found: Sequence[Token], used: frozenset[str], path: str) -> str:
    """The text of a query for Oxigraph: it selects what is bound beforehand, without which nothing can be, and says of
    that that it is bound; ``$PATH`` is the path."""
    edits: list[tuple[int, int, str]] = []
    first = next(token for token in found if token.keyword.endswith(("SELECT", "ASK")))
    variables = " ".join(f"?{name}" for name in sorted(used))
    if first.keyword.endswith("ASK"):
        edits.append((first.end - 3, first.end, f"SELECT {variables} "))
    else:
        at = found.index(first) + 1
        names = _projected(found[at:])
        missing = [] if names is None else sorted(used - names)
        if found[at].keyword in ("DISTINCT", "REDUCED"):
            at += 1
        edits.append((found[at - 1].end, found[at - 1].end, "".join(f" ?{name}" for name in missing) + " "))
    for number, token in enumerate(found):
        if token.text == "$PATH" and path:
            edits.append((token.start, token.end, path))
        if token.keyword.endswith("BOUND") and number + 3 < len(found):
            variable, closing = found[number + 2], found[number + 3]
            if variable.kind == "variable" and variable.text[1:] in used and closing.text == ")":
                edits.append((token.end - len("BOUND"), closing.end, "(true)"))
        after = found[number + 1].keyword if number + 1 < len(found) else ""
        if token.kind == "variable" and token.text[1:] in used and after.startswith("AS"):
            # Oxigraph takes a variable by itself for one that is not bound
            edits.append((token.start, token.end, f"COALESCE({token.text}, 0)"))
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _demand_readable(text: str, node: Term) -> None:
    try:
        Store().query(text, use_default_graph_as_union=True, default_graph=DefaultGraph())
    except SyntaxError as error:
        reason = _("a query cannot be read: {mistake}", mistake=mistake(text, engine_error).text)
        raise UnusableError(reason, node) from error
    except ValueError:  # two default graphs are refused, after the query was read and before it is asked
        pass


def _normal(literal: Literal) -> Term:
    store = Store()
    store.add(Quad(_ANY, _ANY, literal))
    term = next(iter(store)).object
    assert isinstance(term, Literal)
    return term


_ANY = NamedNode("x:x")
