"""A graph as numbers: each term once, as N-Triples writes it, and of each predicate two columns of their numbers.

A triple takes twelve bytes so, and a question about many of them is one about sets of numbers. What reads single
triples gets them as it would from a list: they are made when they are asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import compress, starmap
from typing import TypeAlias, TypeVar, overload

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from .columns import Column, Term, Terms

T = TypeVar("T")
_CHUNK = 1 << 16  # bytes of N-Triples that are read at once


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
    def described(self) -> frozenset[int]:
        """What the triples are about."""
        return frozenset().union(*(column.nodes for column in self.columns.values()))

    @cached_property
    def values(self) -> frozenset[int]:
        """The objects."""
        return frozenset().union(*(column.targets for column in self.columns.values()))

    def mentioning(self, terms: Set[object]) -> Iterator[Triple]:
        """The triples that have one of the terms for a predicate or an object, in their order."""
        numbers = {*map(self.terms.find, terms)}
        places: set[int] = set()
        for predicate, column in self.columns.items():
            if predicate in numbers:
                places.update(self._rows_of[predicate])
            elif not numbers.isdisjoint(column.targets):
                places.update(compress(self._rows_of[predicate], map(numbers.__contains__, column.ends)))
        return map(self.triple, sorted(places))

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


def mentioning(triples: Sequence[Triple], terms: Set[object]) -> Iterable[Triple]:
    """Return those of the triples that have one of the terms for a predicate or an object, in their order."""
    if isinstance(triples, Encoded):
        return triples.mentioning(terms)
    return [triple for triple in triples if triple.predicate in terms or triple.object in terms]


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


def unpacked(packed: Packed, *, renamed: bool = True) -> Encoded:
    """Return the graph of ``Encoder``; if ``renamed``, with names of its blank nodes that nothing else has."""
    texts, order, columns = packed
    terms = Terms(map(bytes.decode, texts.split(b"\n")) if texts else ())
    for number, text in enumerate(terms.texts):
        if renamed and text[0] == "_":
            terms.texts[number] = str(BlankNode())
    return Encoded(terms, order, {number: Column(*pair) for number, pair in columns.items()})


def quads(graph: Encoded, predicate: int) -> Iterator[pyoxigraph.Quad]:
    """Return the statements of a graph with a predicate, as quads of a store."""
    column, texts = graph.columns[predicate], graph.terms.texts
    name = texts[predicate]
    pairs = zip(map(texts.__getitem__, column.starts), map(texts.__getitem__, column.ends), strict=True)
    lines = "\n".join(starmap(f"{{}} {name.replace('{', '{{').replace('}', '}}')} {{}} .".format, pairs))
    return pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES, lenient=True)
