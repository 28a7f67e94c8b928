"""A graph as numbers: each term once, as N-Triples writes it, and of each predicate two columns of their numbers.

A triple takes twelve bytes so, and a question about many of them is one about sets of numbers. What reads single
triples gets them as it would from a list: they are made when they are asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import compress, starmap
from operator import le
from typing import TypeAlias, TypeVar, overload

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from .tokens import unescape

Term = NamedNode | BlankNode | Literal
T = TypeVar("T")
_FEW = 16  # times the nodes that are asked about: in so many pairs, each of them is looked up
_CHUNK = 1 << 16  # bytes of N-Triples that are read at once


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


class Encoded(Sequence[Triple]):
    """Triples, each once, as numbers of their terms.

    ``columns`` has the subjects and the objects of each predicate, by its number and in the order in which the triples
    name them; ``order`` has the predicate of each triple; ``bounds`` tells where the triples of each graph end that
    these were put together from.
    """

    def __init__(
        self, terms: Terms, order: Sequence[int], columns: Mapping[int, Column], bounds: Sequence[int] = ()
    ) -> None:
        self.terms, self.order, self.columns, self.bounds = terms, order, columns, bounds or (len(order),)

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[Triple]:
        return starmap(self._triple, self.rows())

    @overload
    def __getitem__(self, place: int) -> Triple: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Triple]: ...
    def __getitem__(self, place: int | slice) -> Triple | Sequence[Triple]:
        return [*self][place]

    def rows(self) -> Iterator[tuple[int, int, int]]:
        """The numbers of each triple."""
        pairs = {number: zip(column.starts, column.ends, strict=True) for number, column in self.columns.items()}
        for predicate in self.order:
            subject, value = next(pairs[predicate])
            yield subject, predicate, value

    def column(self, predicate: object) -> Column:
        """The pairs of a predicate."""
        return self.columns.get(self.terms.find(predicate), _NO_PAIRS)

    def with_predicate(self, predicate: NamedNode) -> Iterator[Triple]:
        """The triples with a predicate."""
        column = self.column(predicate)
        for subject, value in zip(column.starts, column.ends, strict=True):
            yield Triple(self.terms[subject], predicate, self.terms[value])  # type: ignore[arg-type]

    @cached_property
    def _rows_of(self) -> Mapping[int, Sequence[int]]:
        """Which of the triples are those of a column, by its predicate."""
        places: dict[int, array[int]] = {number: array("I") for number in self.columns}
        for place, predicate in enumerate(self.order):
            places[predicate].append(place)
        return places

    @cached_property
    def subjects(self) -> Mapping[int, int]:
        """Which triple is the first with a subject."""
        return _first(subject for subject, _predicate, _value in self.rows())

    @cached_property
    def objects(self) -> Mapping[int, int]:
        """Which triple is the first with an object."""
        return _first(value for _subject, _predicate, value in self.rows())

    def triple(self, place: int) -> Triple:
        """The triple that stands there."""
        predicate = self.order[place]
        column, row = self.columns[predicate], bisect_left(self._rows_of[predicate], place)
        return self._triple(column.starts[row], predicate, column.ends[row])

    def _triple(self, subject: int, predicate: int, value: int) -> Triple:
        return Triple(self.terms[subject], self.terms[predicate], self.terms[value])  # type: ignore[arg-type]

    def places(self, subject: object, predicate: object, value: object = None) -> Sequence[int]:
        """Where the triples stand that have a subject or none, a predicate, and a value or any."""
        find, column = self.terms.find, self.column(predicate)
        if subject is None:
            rows = column.reversed.places(find(value))
        else:
            wanted = find(value)
            rows = [row for row in column.places(find(subject)) if value is None or column.ends[row] == wanted]
        return [self._rows_of[find(predicate)][row] for row in rows]


def _first(items: Iterable[T]) -> dict[T, int]:
    """Where each of the items comes first."""
    places: dict[T, int] = {}
    for place, item in enumerate(items):
        places.setdefault(item, place)
    return places


_NO_PAIRS = Column()


class _Rows:
    """Puts rows of texts, or of numbers, into columns."""

    def __init__(self) -> None:
        self.order = array("I")
        self.columns: dict[int, tuple[array[int], array[int]]] = {}

    def add(self, rows: Iterable[tuple[int, int, int]]) -> None:
        order, columns = self.order.append, self.columns
        for subject, predicate, value in rows:
            column = columns.get(predicate)
            if column is None:
                column = columns[predicate] = array("I"), array("I")
            column[0].append(subject)
            column[1].append(value)
            order(predicate)

    def encoded(self, terms: Terms, bounds: Sequence[int] = ()) -> Encoded:
        """The rows, each once."""
        if any(map(_repeats, self.columns.values())):
            pairs = {number: zip(*column, strict=True) for number, column in self.columns.items()}
            first = _first((predicate, *next(pairs[predicate])) for predicate in self.order)
            self.order, self.columns = array("I"), {}
            self.add((subject, predicate, value) for predicate, subject, value in first)
            places = [*first.values()]
            bounds = [bisect_left(places, bound) for bound in bounds]
        return Encoded(terms, self.order, {number: Column(*pair) for number, pair in self.columns.items()}, bounds)


def _repeats(column: tuple[Sequence[int], Sequence[int]]) -> bool:
    """Whether a pair is there twice."""
    starts, ends = column
    return len(set(starts)) < len(starts) and len(set(zip(starts, ends, strict=True))) < len(starts)


class _Numbers(dict[Term, int]):
    """The numbers of terms that may be named often."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, term: Term) -> int:
        number = self[term] = self._terms.number(term)
        return number


def encoded(triples: Iterable[Triple]) -> Encoded:
    """Return triples as numbers."""
    return triples if isinstance(triples, Encoded) else merged([triples])


def merged(graphs: Sequence[Iterable[Triple]]) -> Encoded:
    """Return the triples of several graphs as those of one; blank nodes are the same where they have one name."""
    if len(graphs) == 1 and isinstance(graphs[0], Encoded):
        return graphs[0]
    terms, rows = Terms(), _Rows()
    number, bounds = _Numbers(terms), []
    for graph in graphs:
        if isinstance(graph, Encoded):
            known = [*map(terms.number_of, graph.terms.texts)]
            rows.add((known[subject], known[predicate], known[value]) for subject, predicate, value in graph.rows())
        else:
            rows.add((number[subject], number[predicate], number[value]) for subject, predicate, value in graph)
        bounds.append(len(rows.order))
    return rows.encoded(terms, bounds)


def with_predicate(triples: Sequence[Triple], predicate: NamedNode) -> Iterable[Triple]:
    """Return those of the triples that have a predicate."""
    if isinstance(triples, Encoded):
        return triples.with_predicate(predicate)
    return [triple for triple in triples if triple.predicate == predicate]


Packed: TypeAlias = tuple[bytes, Sequence[int], dict[int, tuple[Sequence[int], Sequence[int]]]]


class Encoder:
    """A file that takes N-Triples as pyoxigraph writes them, and turns them into numbers as they come."""

    def __init__(self) -> None:
        self._numbers: defaultdict[bytes, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._rows = _Rows()
        self._adding: dict[bytes, tuple[int, Callable[[int], None], Callable[[int], None]]] = {}
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take more of the text."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size > _CHUNK:
            self._take()
        return len(data)

    def flush(self) -> None:
        """Nothing: an end of the text has to be told from a pause in it."""

    def packed(self) -> Packed:
        """Return the graph in the form in which it goes from a process to another."""
        self._take()
        graph = self._rows.encoded(Terms())
        columns = {number: (column.starts, column.ends) for number, column in graph.columns.items()}
        return b"\n".join(self._numbers), graph.order, columns

    def _take(self) -> None:
        lines = b"".join(self._waiting).split(b" .\n")
        self._waiting, self._size = [lines.pop()], 0
        number, known, order = self._numbers, self._adding, self._rows.order.append
        for line in lines:
            subject, predicate, value = line.split(b" ", 2)
            of_subject = number[subject]
            column = known.get(predicate)
            if column is None:
                which = number[predicate]
                starts, ends = self._rows.columns[which] = array("I"), array("I")
                column = known[predicate] = which, starts.append, ends.append
            order(column[0])
            column[1](of_subject)
            column[2](number[value])


def unpacked(packed: Packed) -> Encoded:
    """Return the graph of ``Encoder``, with names of its blank nodes that nothing else has."""
    texts, order, columns = packed
    terms = Terms(map(bytes.decode, texts.split(b"\n")) if texts else ())
    for number, text in enumerate(terms.texts):
        if text[0] == "_":
            terms.texts[number] = str(BlankNode())
    return Encoded(terms, order, {number: Column(*pair) for number, pair in columns.items()})


def quads(graph: Encoded, predicate: int) -> Iterator[pyoxigraph.Quad]:
    """Return the statements of a graph with a predicate, as quads of a store."""
    column, texts = graph.columns[predicate], graph.terms.texts
    name = texts[predicate]
    pairs = zip(map(texts.__getitem__, column.starts), map(texts.__getitem__, column.ends), strict=True)
    lines = "\n".join(starmap(f"{{}} {name.replace('{', '{{').replace('}', '}}')} {{}} .".format, pairs))
    return pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES, lenient=True)
