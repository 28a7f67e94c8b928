"""SPARQL constraints and SPARQL-based constraint components (https://www.w3.org/TR/shacl/#sparql-constraints), asked of
Oxigraph: each query with its variables bound to one focus node after another, so that time grows with the data alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Variable

from ...rdf.encoded import quads
from ...rdf.turtle import TYPE, XSD
from ...translation import message as _
from ..results import ELSEWHERE, UnusableError
from ..shapes import SH, Shapes, Term
from . import queries
from .constraints import Batch, Check, Violation, of_batches
from .graph import Graph
from .queries import Query

SPARQL = f"{SH}SPARQLConstraintComponent"
_TRUE = Literal(True)
_STRING = NamedNode(XSD + "string")
_LOCAL = re.compile(r"[^/#]*$")
_SHAPES = NamedNode("urn:ghent-partnerships:shapes")  # the graph of the store that holds the shapes
_MANY = 20  # focus nodes, from which a query is asked once for all of them
Solution = Mapping[str, Term]
Solved = Mapping[str, Mapping[Term, Sequence[Solution]]]  # of texts of queries, for each node that they were asked of


class Queries:
    """The queries of a shapes graph, asked of a data graph; of those that were ``solved`` before, it has the answer."""

    def __init__(self, graph: Graph, shapes: Shapes, solved: Solved | None = None) -> None:
        self.graph, self.shapes, self.solved = graph, shapes, solved or {}
        self._known: dict[tuple[Term, Term, Term], Query | None] = {}
        self._errors: dict[Term, UnusableError] = {}
        self._normalized: dict[int, Term | None] = {}

    def errors(self) -> list[UnusableError]:
        """Why queries of active shapes cannot be used, whether or not the data have nodes to ask them of."""
        for shape in self.shapes.about:
            if self.shapes.is_active(shape):
                for _check in self.checks(shape):
                    pass
        return [*self._errors.values()]

    def of(self, shape: Term) -> Sequence[Query]:
        """The queries of a shape that can be used."""
        for _check in self.checks(shape):
            pass
        return [query for (_node, _text, about), query in self._known.items() if about == shape and query is not None]

    def checks(self, shape: Term) -> Iterator[tuple[str, Term | None, Term | None, Check]]:
        """The checks of a shape that are queries: the component, the value of its parameter, the node of the query."""
        for constraint in self.shapes.objects(shape, f"{SH}sparql"):
            if self.shapes.is_active(constraint):
                for select in self.shapes.objects(constraint, f"{SH}select"):
                    if (query := self._read(constraint, select, shape, {"this"})) is not None:
                        yield SPARQL, None, constraint, self._selecting(query, shape, {})
        for component in self._components:
            yield from self._of_component(component, shape)

    def _of_component(
        self, component: _Component, shape: Term
    ) -> Iterator[tuple[str, Term | None, Term | None, Check]]:
        values = {name: self.shapes.objects(shape, path) for name, path in component.parameters.items()}
        given = {name: found for name, found in values.items() if found}
        if not given or any(not values[name] for name in values if name not in component.optional):
            return
        is_property = bool(self.shapes.objects(shape, f"{SH}path"))
        validator = next(component.validators(self.shapes, is_property=is_property), None)
        if validator is None:
            reason = _("a constraint component has no validator with a query for this kind of shape")
            self._errors[component.node] = UnusableError(reason, component.node)
            return
        node, query, is_ask = validator
        names = {"this", *given, *(("value",) if is_ask else ())}
        if (read := self._read(node, query, shape, names)) is None:
            return
        for combination in product(*given.values()):
            bound: dict[str, Term] = dict(zip(given, combination, strict=True))
            check = self._asking(read, shape, bound) if is_ask else self._selecting(read, shape, bound)
            yield component.node.value, combination[0], node, check

    @cached_property
    def _components(self) -> Sequence[_Component]:
        kinds = self.shapes.subclasses(f"{SH}ConstraintComponent")
        return [
            _Component.read(self.shapes, node)
            for node, about in self.shapes.about.items()
            if not kinds.isdisjoint(about.get(TYPE, ())) and not node.value.startswith(SH)
        ]

    def _read(self, node: Term, query: Term, shape: Term, names: Collection[str]) -> Query | None:
        key = node, query, shape
        if key not in self._known:
            try:
                self._known[key] = queries.read(self.shapes, node, query, shape, names)
            except UnusableError as error:
                self._errors[node] = error
                self._known[key] = None
        return self._known[key]

    def _selecting(self, query: Query, shape: Term, parameters: Solution) -> Check:
        """The check of which each solution of a query is a violation."""
        is_node_shape = not self.shapes.objects(shape, f"{SH}path")

        def violations(batch: Batch) -> Iterator[Violation]:
            for focus, solution in self._answers(query, shape, parameters, [focus for focus, _values in batch]):
                if solution.get("failure") == _TRUE:
                    raise UnusableError(_("a query answers that it failed, by ?failure"), query.node)
                path, value = solution.get("path"), solution.get("value")
                itself = focus if is_node_shape else None
                for number in [itself] if value is None else self._meant(focus, value):
                    yield Violation(
                        focus,
                        number,
                        predicate=self.graph.number(path) if isinstance(path, NamedNode) else None,
                        bindings=tuple({**parameters, **solution}.items()),
                    )

        return of_batches(_remembering(violations))

    def _answers(
        self, query: Query, shape: Term, parameters: Solution, nodes: Sequence[int]
    ) -> Iterator[tuple[int, Solution]]:
        """The solutions of a query with each of the focus nodes: asked once for all of many, where that is the same."""
        terms, solved = self.graph.terms, self.solved.get(query.text, {})
        for node in nodes if solved else ():
            for solution in solved.get(terms[node], ()):
                yield node, solution
        nodes = [node for node in nodes if terms[node] not in solved] if solved else nodes
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

    def _asking(self, query: Query, shape: Term, parameters: Solution) -> Check:
        """The check of each value node that a query must answer with true."""

        def violations(batch: Batch) -> Iterator[Violation]:
            for focus, values in batch:
                for value in values:
                    term = self.graph.terms[value]
                    bound = {**parameters, "this": self.graph.terms[focus], "value": term}
                    if next(self._solutions(query, shape, bound), None) is None:
                        yield Violation(focus, value, bindings=tuple(parameters.items()))

        return of_batches(_remembering(violations))

    def _solutions(self, query: Query, shape: Term, bound: Solution) -> Iterator[Solution]:
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
        except RuntimeError as error:
            raise queries.unanswered(error, query.node) from error

    @cached_property
    def _store(self) -> Store:
        """The statements that the answers of the queries depend on."""
        store, terms = Store(), self.graph.terms
        needed = [query.predicates for query in self._known.values() if query is not None]
        for predicate in self.graph.columns:
            if any(iris is None or terms.value(predicate) in iris for iris in needed):
                store.bulk_extend(quads(self.graph.encoded, predicate))
        return store

    @cached_property
    def _with_shapes(self) -> Store:
        self._store.bulk_extend(
            Quad(triple.subject, triple.predicate, triple.object, _SHAPES) for triple in self.shapes.triples
        )
        return self._store

    def _meant(self, focus: int, value: Term) -> Sequence[int]:
        """The numbers of a value as the data write it, since Oxigraph answers 2 for 02: the literals of the focus node,
        or else of the nodes that it points to, of which Oxigraph makes that."""
        if not isinstance(value, Literal) or value.language is not None or value.datatype == _STRING:
            return [self.graph.number(value)]
        nodes = [focus]
        for _step in range(2):
            values = dict.fromkeys(number for node in nodes for _, number in self.graph.about(node))
            if written := [number for number in values if self._normal(number) == value]:
                return written
            nodes = [*values]
        return [self.graph.number(value)]

    def _normal(self, number: int) -> Term | None:
        """What Oxigraph makes of a literal that is no text."""
        if number not in self._normalized:
            term = self.graph.terms[number]
            is_value = isinstance(term, Literal) and term.language is None and term.datatype != _STRING
            self._normalized[number] = _normal(term) if isinstance(term, Literal) and is_value else None
        return self._normalized[number]


def _remembering(violations: Callable[[Batch], Iterator[Violation]]) -> Callable[[Batch], Iterator[Violation]]:
    """What finds violations, and asks once about each focus node."""
    known: dict[int, list[Violation]] = {}
    asked: set[int] = set()

    def remembered(batch: Batch) -> Iterator[Violation]:
        fresh = [(focus, values) for focus, values in batch if focus not in asked]
        for violation in violations(fresh):
            known.setdefault(violation.focus, []).append(violation)
        asked.update(focus for focus, _values in fresh)
        for focus, _values in batch if known else ():
            yield from known.get(focus, ())

    return remembered


class _Component(NamedTuple):
    """A constraint component that a shapes graph declares: the predicates of its parameters by their names."""

    node: NamedNode | BlankNode
    parameters: Mapping[str, str]
    optional: frozenset[str]

    @classmethod
    def read(cls, shapes: Shapes, node: NamedNode | BlankNode) -> _Component:
        parameters: dict[str, str] = {}
        optional: set[str] = set()
        for parameter in shapes.objects(node, f"{SH}parameter"):
            for path in shapes.objects(parameter, f"{SH}path"):
                name = _LOCAL.findall(path.value)[0]
                parameters[name] = path.value
                if any(value.value in ("true", "1") for value in shapes.objects(parameter, f"{SH}optional")):
                    optional.add(name)
        return cls(node, parameters, frozenset(optional))

    def validators(self, shapes: Shapes, *, is_property: bool) -> Iterator[tuple[Term, Term, bool]]:
        """The validators for a kind of shapes, of which the first counts: node, query, whether that is an ASK."""
        for name in ("propertyValidator" if is_property else "nodeValidator", "validator"):
            for node in shapes.objects(self.node, SH + name):
                for form in ("select", "ask"):
                    for query in shapes.objects(node, SH + form):
                        yield node, query, form == "ask"


def _normal(literal: Literal) -> Term:
    store = Store()
    store.add(Quad(_ANY, _ANY, literal))
    term = next(iter(store)).object
    assert isinstance(term, Literal)
    return term


_ANY = NamedNode("x:x")
