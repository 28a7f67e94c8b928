"""A data graph as SHACL asks it: terms as numbers, and the values of each predicate by subject."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...rdf.namespaces import PREFIXES
from ...rdf.turtle import TYPE

Term = NamedNode | BlankNode | Literal
SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_NONE: Mapping[int, Sequence[int]] = {}


class Graph:
    """The triples of a graph, each once. A term is a number from 0, in the order in which the triples name them; what
    is asked of the graph and not in it gets one too."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.numbers: dict[Term, int] = {}
        self.terms: list[Term] = []
        self.values: dict[int, dict[int, list[int]]] = {}  # by predicate and subject
        number, values = self.number, self.values
        for subject, predicate, value in dict.fromkeys(triples):
            about = values.setdefault(number(predicate), {})
            about.setdefault(number(subject), []).append(number(value))

    def number(self, term: Term) -> int:
        """The number of a term."""
        number = self.numbers.setdefault(term, len(self.terms))
        if number == len(self.terms):
            self.terms.append(term)
        return number

    def forward(self, predicate: Term) -> Mapping[int, Sequence[int]]:
        """The objects of a predicate by subject."""
        return self.values.get(self.numbers.get(predicate, -1), _NONE)

    def inverse(self, predicate: Term) -> Mapping[int, Sequence[int]]:
        """The subjects of a predicate by object."""
        number = self.numbers.get(predicate, -1)
        if (known := self._inverse.get(number)) is None:
            known = self._inverse[number] = {}
            for subject, values in self.values.get(number, _NONE).items():
                for value in values:
                    known.setdefault(value, []).append(subject)
        return known

    @cached_property
    def _inverse(self) -> dict[int, dict[int, list[int]]]:
        return {}

    @cached_property
    def statements(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The predicates and objects by subject."""
        statements: dict[int, list[tuple[int, int]]] = {}
        for predicate, about in self.values.items():
            for subject, values in about.items():
                statements.setdefault(subject, []).extend((predicate, value) for value in values)
        return statements

    def instances(self, class_: Term) -> Iterator[int]:
        """The SHACL instances of a class: of it, or of what ``rdfs:subClassOf`` makes a part of it; some repeatedly."""
        instances = self.inverse(NamedNode(TYPE))
        for number in self.subclasses(class_):
            yield from instances.get(number, ())

    def subclasses(self, class_: Term) -> Collection[int]:
        """A class, and its direct and indirect subclasses."""
        return closure([self.number(class_)], self.inverse(NamedNode(SUBCLASS)))


def closure(starts: Iterable[int], steps: Mapping[int, Sequence[int]]) -> dict[int, None]:
    """The starts and whatever steps lead to from them, each once and in the order of its first visit."""
    seen = dict.fromkeys(starts)
    waiting = list(seen)
    for node in waiting:
        for following in steps.get(node, ()):
            if following not in seen:
                seen[following] = None
                waiting.append(following)
    return seen
