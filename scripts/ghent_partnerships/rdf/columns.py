"""The parts of a graph as numbers: its terms, each with a number, and for each predicate a column of pairs of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from itertools import compress
from operator import le

from pyoxigraph import BlankNode, Literal, NamedNode

from .tokens import unescape

Term = NamedNode | BlankNode | Literal
_FEW = 16  # times the nodes that are asked about: in so many pairs, each of them is looked up


class Terms(Sequence[Term]):
    """Terms by their numbers, from 0. What is asked for and not there gets a number too."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = [*texts]  # as N-Triples writes them
        self._known: dict[int, Term] = {}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {text: number for number, text in enumerate(self.texts)}

    def number(self, term: Term) -> int:
        """The number of a term."""
        number = self.number_of(str(term))
        self._known.setdefault(number, term)
        return number

    def number_of(self, text: str) -> int:
        """The number of the term that N-Triples writes so."""
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def find(self, term: object) -> int:
        """The number of a term, or -1 where it has none."""
        return self._numbers.get(str(term), -1)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: int) -> Term:  # type: ignore[override]  # no part of them is asked for
        if (term := self._known.get(number)) is None:
            term = self._known[number] = self._read(number)
        return term

    def _read(self, number: int) -> Term:
        text = self.texts[number]
        if text[0] == "<":
            return NamedNode(text[1:-1])
        if text[0] == "_":
            return BlankNode(text[2:])
        value = self.value(number)
        if text[-1] == '"':
            return Literal(value)
        if text[-1] == ">":
            return Literal(value, datatype=NamedNode(self.datatype(number)))
        return Literal(value, language=text[text.rindex('"') + 2 :])

    def value(self, number: int) -> str:
        """The IRI, the lexical form of the literal, or the label of the blank node."""
        text = self.texts[number]
        if text[0] == '"':
            return unescape(text[1 : text.rindex('"')])
        return text[1:-1] if text[0] == "<" else text[2:]

    def datatype(self, number: int) -> str:
        """The IRI of the datatype where the text names it, else nothing."""
        text = self.texts[number]
        return text[text.rindex('"') + 4 : -1] if text[0] == '"' and text[-1] == ">" else ""

    def language(self, number: int) -> str:
        """The language of a literal that has a language, else nothing."""
        text = self.texts[number]
        return text[text.rindex('"') + 2 :] if text[0] == '"' and text[-1] not in '">' else ""


class Column:
    """Pairs of numbers, each pair once, in the order of the data: what leads to what by a predicate."""

    def __init__(self, starts: Sequence[int] = (), ends: Sequence[int] = ()) -> None:
        self.starts, self.ends = starts, ends

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def nodes(self) -> frozenset[int]:
        """What leads to something."""
        return frozenset(self.starts)

    @cached_property
    def targets(self) -> frozenset[int]:
        """What something leads to."""
        return frozenset(self.ends)

    @cached_property
    def reversed(self) -> Column:
        """The pairs the other way round."""
        return Column(self.ends, self.starts)

    @cached_property
    def repeated(self) -> Mapping[int, int]:
        """To how many something leads, of what leads to more than one."""
        if len(self.nodes) == len(self.starts):
            return {}
        seen: set[int] = set()
        repeated: dict[int, int] = {}
        for start in self.starts:
            if start in seen:
                repeated[start] = repeated.get(start, 1) + 1
            else:
                seen.add(start)
        return repeated

    @cached_property
    def _sorted(self) -> tuple[Sequence[int], Sequence[int]]:
        """The starts in ascending order, and where each of them stands."""
        order: Sequence[int] = range(len(self.starts))
        if all(map(le, self.starts, self.starts[1:])):
            return self.starts, order
        order = array("I", sorted(order, key=self.starts.__getitem__))
        return array("I", map(self.starts.__getitem__, order)), order

    def places(self, start: int) -> Sequence[int]:
        """Where the pairs stand that have a start."""
        starts, order = self._sorted
        first = bisect_left(starts, start)
        return order[first : bisect_right(starts, start, first)]

    def get(self, start: int) -> Sequence[int]:
        """What a number leads to, in the order of the data."""
        return [self.ends[place] for place in self.places(start)]

    def of(self, nodes: Set[int]) -> Iterable[tuple[int, int]]:
        """The pairs that start at one of these nodes."""
        if len(nodes) * _FEW < len(self.starts):
            return ((node, end) for node in nodes for end in self.get(node))
        return compress(zip(self.starts, self.ends, strict=True), map(nodes.__contains__, self.starts))

    def values(self, nodes: Set[int]) -> Set[int]:
        """What these nodes lead to."""
        if self.nodes <= nodes:
            return self.targets
        if len(nodes) * _FEW < len(self.starts):
            return {end for node in nodes for end in self.get(node)}
        return {*compress(self.ends, map(nodes.__contains__, self.starts))}

    def leading(self, nodes: Set[int], ends: Set[int]) -> Set[int]:
        """Those of the nodes that lead to one of these ends."""
        return nodes & {*compress(self.starts, map(ends.__contains__, self.ends))} if ends else frozenset()

    def fewer(self, nodes: Set[int], least: int) -> Set[int]:
        """Those of the nodes that lead to fewer than so many."""
        if least < 1:
            return set()
        if least == 1:
            return nodes - self.nodes
        return nodes - {node for node, number in self.repeated.items() if number >= least}

    def more(self, nodes: Set[int], most: int) -> Set[int]:
        """Those of the nodes that lead to more than so many."""
        if most < 1:
            return nodes & self.nodes
        return {node for node, number in self.repeated.items() if number > most and node in nodes}

    def to(self, ends: Set[int]) -> Column:
        """The pairs that end at one of these."""
        chosen = [*map(ends.__contains__, self.ends)]
        return Column(*(array("I", compress(column, chosen)) for column in (self.starts, self.ends)))
