"""What a store made of a graph that it was given: the same statements, or which others.

Some stores write literals in a form of their own: Virtuoso ``"1.50"^^xsd:decimal`` as ``1.5``, and the tag ``nl-BE`` as
``nl-be``. Such a statement is still there; one whose value is another is not. Of several statements whose values are
equal, ``true`` and ``"1"^^xsd:boolean``, they keep one, which is still what was said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Quad, RdfFormat, Triple

from ...rdf.sorted import SortedGraph, sorted_graph
from ...rdf.values import keys

_MOST = 100_000  # statements that differ, of which a list is made


@dataclass(frozen=True)
class Comparison:
    """The statements that are missing and those that are there instead or besides, as lines of N-Triples, at most so
    many; the pairs of literals, written and found, that mean the same in two forms; and those, likewise, of which the
    store keeps one where both were written."""

    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    rewritten: tuple[tuple[str, str], ...]
    merged: tuple[tuple[str, str], ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it is the graph that was written."""
        return not self.missing and not self.foreign


def compare(written: SortedGraph, found: SortedGraph) -> Comparison:
    """Compare the graph that was written with what was found in its place."""
    if (written.count, written.digest) == (found.count, found.digest):
        return Comparison((), (), ())
    gone: list[bytes] = []
    new: list[bytes] = []
    for line, is_new in _differing(written.ground(), found.ground()):
        (new if is_new else gone).append(line)
        if len(gone) + len(new) > _MOST:
            return Comparison(_texts(gone), _texts(new), ())
    rewritten, missing, foreign = _paired(gone, new)
    merged, missing = _merged(missing, found)
    if written.blank != found.blank and _normal_blank(written) != _normal_blank(found):
        missing += sorted((Counter(written.blank) - Counter(found.blank)).elements())
        foreign += sorted((Counter(found.blank) - Counter(written.blank)).elements())
    return Comparison(_texts(missing), _texts(foreign), tuple(rewritten), tuple(merged))


def _differing(first: Iterator[bytes], second: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines that only one of two sorted lists has, each with whether that is the second."""
    left, right = next(first, None), next(second, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(first, None), next(second, None)
        elif right is None or (left is not None and left < right):
            assert left is not None
            yield left, False
            left = next(first, None)
        else:
            yield right, True
            right = next(second, None)


def _paired(gone: list[bytes], new: list[bytes]) -> tuple[list[tuple[str, str]], list[bytes], list[bytes]]:
    """The literals that mean the same in two forms, and the lines that have no such partner."""
    lost, found = ([_triple(line) for line in lines] for lines in (gone, new))
    partners = {key: number for number, key in enumerate(keys(found))}
    rewritten, missing = [], []
    for line, triple, key in zip(gone, lost, keys(lost), strict=True):
        if (number := partners.pop(key, None)) is None:
            missing.append(line)
        else:
            rewritten.append((str(triple.object), str(found[number].object)))
    return rewritten, missing, [new[number] for number in sorted(partners.values())]


def _merged(missing: list[bytes], found: SortedGraph) -> tuple[list[tuple[str, str]], list[bytes]]:
    """The literals of missing lines beside those that are found with the same value, and the lines without such."""
    places = {_place(line) for line in missing}
    near = [_triple(line) for line in found.ground() if _place(line) in places] if places else []
    there = {key: str(triple.object) for triple, key in zip(near, keys(near), strict=True)}
    merged, lost = [], []
    triples = [_triple(line) for line in missing]
    for line, triple, key in zip(missing, triples, keys(triples), strict=True):
        if key in there:
            merged.append((str(triple.object), there[key]))
        else:
            lost.append(line)
    return merged, lost


def _place(line: bytes) -> tuple[bytes, ...]:
    """The subject and the predicate of a line."""
    return tuple(line.split(b" ", 2)[:2])


def _triple(line: bytes) -> Triple:
    quad: Quad = next(pyoxigraph.parse(line, format=RdfFormat.N_TRIPLES, lenient=True))
    return quad.triple


def _normal_blank(graph: SortedGraph) -> list[bytes]:
    """The lines with blank nodes, whose labels depend on literals, where each of these is in its normal form."""
    with sorted_graph(Triple(*key) for key in keys([_triple(line) for line in graph.blank])) as other:  # type: ignore[arg-type]
        return other.blank


def _texts(lines: list[bytes]) -> tuple[str, ...]:
    return tuple(line.decode("utf-8", "replace").strip() for line in lines)
