"""The constraint components of SHACL Core (https://www.w3.org/TR/shacl/#core-components), on many focus nodes at once.

Nodes are numbers of a ``Graph``. A check says by sets which focus nodes violate it; and given such nodes with their
value nodes, it yields each violation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal

from ...rdf.turtle import RDF, XSD
from ..shapes import SH
from . import patterns
from .graph import Graph, Term, Values
from .literals import is_less, is_well_formed, whole

if TYPE_CHECKING:
    from .core import Found, Validation

LANGUAGE_STRING = f"{RDF}langString"
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


class Check(NamedTuple):
    """The check of a constraint: what violates it in a batch, and which of some focus nodes do, given the values of
    all."""

    violations: Callable[[Batch], Iterator[Violation]]
    failing: Callable[[Set[int], Values], Set[int]]


def of_batches(
    violations: Callable[[Batch], Iterator[Violation]], suspects: Callable[[Set[int]], Set[int]] | None = None
) -> Check:
    """The check that finds which nodes violate it as it finds what does; ``suspects`` leaves out nodes that cannot."""

    def failing(nodes: Set[int], values: Values) -> Set[int]:
        left = nodes if suspects is None else suspects(nodes)
        return {violation.focus for violation in violations([(node, values.get(node)) for node in sorted(left)])}

    return Check(violations, failing)


def of_values(violating: Callable[[Set[int]], Set[int]]) -> Check:
    """The check of each value node by itself: which of some value nodes violate it."""

    def violations(batch: Batch) -> Iterator[Violation]:
        found = violating({value for _, values in batch for value in values})
        for focus, values in batch if found else ():
            yield from (Violation(focus, value) for value in values if value in found)

    return Check(violations, lambda nodes, values: values.leading(nodes, violating(values.values(nodes))))


def of_each(is_violated: Callable[[int], bool]) -> Check:
    """The check that is asked for each value node."""
    return of_values(lambda values: {value for value in values if is_violated(value)})


def class_(parameter: Term, graph: Graph) -> Check:
    """``sh:class``: each value node is an instance of a class."""
    instances = {*graph.instances(parameter)}
    return of_values(lambda values: values - instances)


def datatype(parameter: Term, graph: Graph) -> Check:
    """``sh:datatype``: each value node is a literal of a datatype, in its lexical space."""
    iri, terms, texts = parameter.value, graph.terms, graph.terms.texts
    if iri == LANGUAGE_STRING:
        return of_each(lambda value: not terms.language(value))
    end = '"' if iri == f"{XSD}string" else f'"^^<{iri}>'  # as N-Triples writes such a literal

    def is_violated(value: int) -> bool:
        text = texts[value]
        return not (text.endswith(end) and text[0] == '"' and is_well_formed(terms.value(value), iri))

    return of_each(is_violated)


_KINDS = {  # how N-Triples starts such a term
    f"{SH}IRI": "<",
    f"{SH}BlankNode": "_",
    f"{SH}Literal": '"',
    f"{SH}BlankNodeOrIRI": "_<",
    f"{SH}BlankNodeOrLiteral": '_"',
    f"{SH}IRIOrLiteral": '<"',
}
NODE_KINDS = frozenset(_KINDS)


def node_kind(parameter: Term, graph: Graph) -> Check:
    """``sh:nodeKind``: each value node is of a kind of terms."""
    kinds, texts = _KINDS[parameter.value], graph.terms.texts
    return of_each(lambda value: texts[value][0] not in kinds)


def min_count(parameter: Term, _graph: Graph) -> Check:
    """``sh:minCount``: there are at least so many value nodes."""
    least = whole(parameter.value)
    return Check(
        lambda batch: (_counted(focus, len(values)) for focus, values in batch if len(values) < least),
        lambda nodes, values: values.fewer(nodes, least),
    )


def max_count(parameter: Term, _graph: Graph) -> Check:
    """``sh:maxCount``: there are at most so many value nodes."""
    most = whole(parameter.value)
    return Check(
        lambda batch: (_counted(focus, len(values)) for focus, values in batch if len(values) > most),
        lambda nodes, values: values.more(nodes, most),
    )


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

    return of_each(is_violated)


def length(parameter: Term, graph: Graph, *, is_upper: bool) -> Check:
    """``sh:minLength`` and ``sh:maxLength``, of a literal or an IRI."""
    number, terms = whole(parameter.value), graph.terms

    def is_violated(value: int) -> bool:
        if terms.texts[value][0] == "_":
            return True
        return len(terms.value(value)) > number if is_upper else len(terms.value(value)) < number

    return of_each(is_violated)


def pattern(parameter: Term, graph: Graph, *, flags: str) -> Check:
    """``sh:pattern`` with ``sh:flags``: each value node that is no blank node matches."""
    matches, terms = patterns.compiled(parameter.value, flags), graph.terms
    return of_each(lambda value: terms.texts[value][0] == "_" or not matches(terms.value(value)))


def language_in(members: Sequence[Term], graph: Graph) -> Check:
    """``sh:languageIn``: each value node has one of the languages, or a variety of it."""
    ranges = [member.value.lower() for member in members]
    accepted: set[int] = set()
    for language, literals in graph.languages.items():
        if any(language == range_ or language.startswith(f"{range_}-") or range_ == "*" for range_ in ranges):
            accepted |= literals
    return of_values(lambda values: values - accepted)


def unique_lang(graph: Graph) -> Check:
    """``sh:uniqueLang``: no two value nodes have the same language; one violation for each language."""
    language = graph.terms.language

    def violations(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            if len(values) > 1:
                for tag, number in Counter(map(str.lower, filter(None, map(language, values)))).items():
                    if number > 1:
                        yield _counted(focus, number, ("language", Literal(tag)))

    def failing(nodes: Set[int], values: Values) -> Set[int]:
        return frozenset().union(*(values.to(literals).more(nodes, 1) for literals in graph.languages.values()))

    return Check(violations, failing)


def in_(members: Sequence[Term], graph: Graph) -> Check:
    """``sh:in``: each value node is one of the members of a list."""
    accepted = {graph.number(member) for member in members}
    return of_values(lambda values: values - accepted)


def has_value(parameter: Term, graph: Graph) -> Check:
    """``sh:hasValue``: the term is one of the value nodes."""
    wanted = graph.number(parameter)
    return Check(
        lambda batch: (Violation(focus) for focus, values in batch if wanted not in values),
        lambda nodes, values: nodes - values.leading(nodes, {wanted}),
    )


def equals(parameter: Term, graph: Graph) -> Check:
    """``sh:equals``: the value nodes are those of another predicate."""
    others = graph.forward(parameter)

    def violations(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            other, known = dict.fromkeys(others.get(focus)), set(values)
            yield from (Violation(focus, value) for value in values if value not in other)
            yield from (Violation(focus, value) for value in other if value not in known)

    return of_batches(violations)


def disjoint(parameter: Term, graph: Graph) -> Check:
    """``sh:disjoint``: no value node is that of another predicate."""
    others = graph.forward(parameter)

    def violations(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            if other := set(others.get(focus)):
                yield from (Violation(focus, value) for value in values if value in other)

    return of_batches(violations, others.nodes.intersection)


def less_than(parameter: Term, graph: Graph, *, or_equal: bool) -> Check:
    """One violation for each pair of values of which the first is not less than the second."""
    others = graph.forward(parameter)

    def is_violated(value: int, other: int) -> bool:
        left, right = graph.terms[value], graph.terms[other]
        return not (
            isinstance(left, Literal) and isinstance(right, Literal) and is_less(left, right, or_equal=or_equal)
        )

    def violations(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            for other in others.get(focus):
                for value in values:
                    if is_violated(value, other):
                        yield Violation(focus, value, bindings=(("other", graph.terms[other]),))

    return of_batches(violations, others.nodes.intersection)


def closed(accepted: Collection[Term], graph: Graph) -> Check:
    """Each statement about a value node with a predicate that is not accepted."""
    known = {graph.number(predicate) for predicate in accepted}
    others = [column for predicate, column in graph.columns.items() if predicate not in known]

    def violations(batch: Batch) -> Iterator[Violation]:
        for focus, values in batch:
            for subject in values:
                for predicate, value in graph.about(subject):
                    if predicate not in known:
                        yield Violation(focus, value, predicate=predicate, subject=subject)

    def failing(nodes: Set[int], values: Values) -> Set[int]:
        subjects = values.values(nodes)
        return values.leading(nodes, set().union(*(subjects & column.nodes for column in others)))

    return Check(violations, failing)


def of_shapes(
    members: Sequence[Term],
    validation: Validation,
    violating: Callable[[Set[int], Sequence[Set[int]]], Set[int]],
) -> Check:
    """``sh:node`` and the logical ones: which value nodes violate it, by those that do not conform to each of some
    shapes; what they break of these is in the details."""

    def failing(nodes: Set[int], values: Values) -> Set[int]:
        asked = values.values(nodes)
        return values.leading(nodes, violating(asked, [validation.failing(member, asked) for member in members]))

    def violations(batch: Batch) -> Iterator[Violation]:
        nodes = dict.fromkeys(value for _, values in batch for value in values)
        broken = [validation.broken(member, nodes) for member in members]
        found = violating(nodes.keys(), [results.keys() & nodes.keys() for results in broken])
        for focus, values in batch:
            for value in values:
                if value in found:
                    details = (result for results in broken for result in results.get(value, ()))
                    yield Violation(focus, value, tuple(details))

    return Check(violations, failing)


def exactly_one(nodes: Set[int], failing: Sequence[Set[int]]) -> Set[int]:
    """``sh:xone``: the nodes that conform to no shape or to more than one, by those that fail each."""
    conforming, more = set[int](), set[int]()
    for nodes_of_shape in failing:
        passing = nodes - nodes_of_shape
        more |= conforming & passing
        conforming |= passing
    return (nodes - conforming) | more


def qualified(
    shape: Term, siblings: Sequence[Term], validation: Validation, *, least: int | None = None, most: int | None = None
) -> Check:
    """``sh:qualifiedValueShape``: how many value nodes conform to a shape, and to none of its siblings."""

    def violations(batch: Batch) -> Iterator[Violation]:
        nodes = dict.fromkeys(value for _, values in batch for value in values)
        broken = validation.broken(shape, nodes)
        excluded = [validation.broken(sibling, nodes) for sibling in siblings]
        for focus, values in batch:
            number = sum(value not in broken and all(value in other for other in excluded) for value in values)
            if (least is not None and number < least) or (most is not None and number > most):
                yield _counted(focus, number)

    def failing(nodes: Set[int], values: Values) -> Set[int]:
        asked = values.values(nodes)
        counted = asked - validation.failing(shape, asked)
        for sibling in siblings:
            counted &= validation.failing(sibling, asked)
        qualifying = values.to(counted)
        found = set() if least is None else qualifying.fewer(nodes, least)
        return found if most is None else found | qualifying.more(nodes, most)

    return Check(violations, failing)
