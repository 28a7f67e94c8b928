"""The constraint components of SHACL Core (https://www.w3.org/TR/shacl/#core-components), on many focus nodes at once.

Nodes are numbers of a ``Graph``. A check gets focus nodes with their value nodes, and yields what violates it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from ...rdf.turtle import TYPE
from ..shapes import SH
from . import patterns
from .graph import Graph, Term
from .literals import is_less, is_well_formed, whole

if TYPE_CHECKING:
    from .core import Found, Validation

Batch = Sequence[tuple[int, Sequence[int]]]  # focus nodes, each with its value nodes


class Violation(NamedTuple):
    """What violates a constraint: the focus node, and the value node where there is one.

    ``details`` are the results inside; ``predicate`` is that of the statement where the shape's path is not, and
    ``subject`` what that statement is about where that is not the focus node; ``bindings`` are what a query found.
    """

    focus: int
    value: int | None = None
    details: tuple[Found, ...] = ()
    predicate: int | None = None
    subject: int | None = None
    bindings: tuple[tuple[str, Term], ...] = ()


Check = Callable[[Batch], Iterator[Violation]]


def of_values(is_violated: Callable[[int], bool]) -> Check:
    """The check of each value node by itself, which is asked once for each of them."""
    known: dict[int, bool] = {}

    def check(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            for value in values:
                violated = known.get(value)
                if violated is None:
                    violated = known[value] = is_violated(value)
                if violated:
                    yield Violation(focus, value)

    return check


def class_(parameter: Term, graph: Graph) -> Check:
    """``sh:class``: each value node is an instance of a class."""
    accepted = graph.subclasses(parameter)
    types = graph.forward(NamedNode(TYPE))
    return of_values(lambda value: not any(type_ in accepted for type_ in types.get(value, ())))


def datatype(parameter: Term, graph: Graph) -> Check:
    """``sh:datatype``: each value node is a literal of a datatype, in its lexical space."""
    iri = parameter.value

    def is_violated(value: int) -> bool:
        term = graph.terms[value]
        return not isinstance(term, Literal) or term.datatype.value != iri or not is_well_formed(term.value, iri)

    return of_values(is_violated)


_KINDS: dict[str, tuple[type, ...]] = {
    f"{SH}IRI": (NamedNode,),
    f"{SH}BlankNode": (BlankNode,),
    f"{SH}Literal": (Literal,),
    f"{SH}BlankNodeOrIRI": (BlankNode, NamedNode),
    f"{SH}BlankNodeOrLiteral": (BlankNode, Literal),
    f"{SH}IRIOrLiteral": (NamedNode, Literal),
}
NODE_KINDS = frozenset(_KINDS)


def node_kind(parameter: Term, graph: Graph) -> Check:
    """``sh:nodeKind``: each value node is of a kind of terms."""
    kinds = _KINDS[parameter.value]
    return of_values(lambda value: not isinstance(graph.terms[value], kinds))


def min_count(parameter: Term, _graph: Graph) -> Check:
    """``sh:minCount``: there are at least so many value nodes."""
    least = whole(parameter.value)
    return lambda batch: (_counted(focus, len(values)) for focus, values in batch if len(values) < least)


def max_count(parameter: Term, _graph: Graph) -> Check:
    """``sh:maxCount``: there are at most so many value nodes."""
    most = whole(parameter.value)
    return lambda batch: (_counted(focus, len(values)) for focus, values in batch if len(values) > most)


def _counted(focus: int, number: int, *more: tuple[str, Term]) -> Violation:
    """The violation of a focus node that has a number of something."""
    return Violation(focus, bindings=(("number", Literal(number)), *more))


def bound(parameter: Term, graph: Graph, *, is_upper: bool, is_inclusive: bool) -> Check:
    """``sh:minInclusive`` and its kin: SPARQL's comparison of the value with the parameter."""
    assert isinstance(parameter, Literal)

    def is_violated(value: int) -> bool:
        term = graph.terms[value]
        if not isinstance(term, Literal):
            return True
        pair = (term, parameter) if is_upper else (parameter, term)
        return not is_less(*pair, or_equal=is_inclusive)

    return of_values(is_violated)


def length(parameter: Term, graph: Graph, *, is_upper: bool) -> Check:
    """``sh:minLength`` and ``sh:maxLength``, of a literal or an IRI."""
    number = whole(parameter.value)

    def is_violated(value: int) -> bool:
        term = graph.terms[value]
        if isinstance(term, BlankNode):
            return True
        return len(term.value) > number if is_upper else len(term.value) < number

    return of_values(is_violated)


def pattern(parameter: Term, graph: Graph, *, flags: str) -> Check:
    """``sh:pattern`` with ``sh:flags``: each value node that is no blank node matches."""
    matches = patterns.compiled(parameter.value, flags)

    def is_violated(value: int) -> bool:
        term = graph.terms[value]
        return isinstance(term, BlankNode) or not matches(term.value)

    return of_values(is_violated)


def language_in(members: Sequence[Term], graph: Graph) -> Check:
    """``sh:languageIn``: each value node has one of the languages, or a variety of it."""
    ranges = [member.value.lower() for member in members]

    def is_violated(value: int) -> bool:
        term = graph.terms[value]
        language = term.language.lower() if isinstance(term, Literal) and term.language else ""
        return not any(
            language == range_ or language.startswith(f"{range_}-") or (range_ == "*" and language) for range_ in ranges
        )

    return of_values(is_violated)


def unique_lang(graph: Graph) -> Check:
    """``sh:uniqueLang``: no two value nodes have the same language; one violation for each language."""

    def check(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            if len(values) > 1:
                terms = [graph.terms[value] for value in values]
                tags = (term.language for term in terms if isinstance(term, Literal) and term.language)
                for language, number in Counter(map(str.lower, tags)).items():
                    if number > 1:
                        yield _counted(focus, number, ("language", Literal(language)))

    return check


def in_(members: Sequence[Term], graph: Graph) -> Check:
    """``sh:in``: each value node is one of the members of a list."""
    accepted = {graph.number(member) for member in members}
    return of_values(lambda value: value not in accepted)


def has_value(parameter: Term, graph: Graph) -> Check:
    """``sh:hasValue``: the term is one of the value nodes."""
    wanted = graph.number(parameter)
    return lambda batch: (Violation(focus) for focus, values in batch if wanted not in values)


def equals(parameter: Term, graph: Graph) -> Check:
    """``sh:equals``: the value nodes are those of another predicate."""
    others = graph.forward(parameter)

    def check(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            other, known = dict.fromkeys(others.get(focus, ())), set(values)
            yield from (Violation(focus, value) for value in values if value not in other)
            yield from (Violation(focus, value) for value in other if value not in known)

    return check


def disjoint(parameter: Term, graph: Graph) -> Check:
    """``sh:disjoint``: no value node is that of another predicate."""
    others = graph.forward(parameter)

    def check(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            if other := set(others.get(focus, ())):
                yield from (Violation(focus, value) for value in values if value in other)

    return check


def less_than(parameter: Term, graph: Graph, *, or_equal: bool) -> Check:
    """One violation for each pair of values of which the first is not less than the second."""
    others = graph.forward(parameter)

    def is_violated(value: int, other: int) -> bool:
        left, right = graph.terms[value], graph.terms[other]
        return not (
            isinstance(left, Literal) and isinstance(right, Literal) and is_less(left, right, or_equal=or_equal)
        )

    def check(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            for other in others.get(focus, ()):
                for value in values:
                    if is_violated(value, other):
                        yield Violation(focus, value, bindings=(("other", graph.terms[other]),))

    return check


def closed(accepted: Collection[Term], graph: Graph) -> Check:
    """Each statement about a value node with a predicate that is not accepted."""
    known = {graph.number(predicate) for predicate in accepted}
    statements = graph.statements

    def check(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            for subject in values:
                for predicate, value in statements.get(subject, ()):
                    if predicate not in known:
                        yield Violation(focus, value, predicate=predicate, subject=subject)

    return check


def of_shapes(
    members: Sequence[Term], validation: Validation, is_violated: Callable[[Sequence[Sequence[Found]]], bool]
) -> Check:
    """``sh:node`` and the logical ones: value nodes of which what they break of each of some shapes is a violation."""

    def check(batch: Batch) -> Iterator[Violation]:
        nodes = dict.fromkeys(value for _, values in batch for value in values)
        broken = [validation.broken(member, nodes) for member in members]
        for focus, values in batch:
            for value in values:
                results = [found.get(value, ()) for found in broken]
                if is_violated(results):
                    yield Violation(focus, value, tuple(result for part in results for result in part))

    return check


def qualified(
    shape: Term, siblings: Sequence[Term], validation: Validation, *, least: int | None = None, most: int | None = None
) -> Check:
    """``sh:qualifiedValueShape``: how many value nodes conform to a shape, and to none of its siblings."""

    def check(batch: Batch) -> Iterator[Violation]:
        nodes = dict.fromkeys(value for _, values in batch for value in values)
        broken = validation.broken(shape, nodes)
        excluded = [validation.broken(sibling, nodes) for sibling in siblings]
        for focus, values in batch:
            number = sum(value not in broken and all(value in other for other in excluded) for value in values)
            if (least is not None and number < least) or (most is not None and number > most):
                yield _counted(focus, number)

    return check
