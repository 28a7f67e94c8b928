"""What a store made of a graph that it was given: the same statements, or which others.

Some stores write literals in a form of their own: Virtuoso ``"1.50"^^xsd:decimal`` as ``1.5``, and the tag ``nl-BE`` as
``nl-be``. Such a statement is still there; one whose value is another is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal

import pyoxigraph
from pyoxigraph import Literal, Quad, RdfFormat, Triple

from ..rdf.namespaces import PREFIXES
from ..rdf.sorted import SortedGraph, sorted_graph

_MOST = 100_000  # statements that differ, of which a list is made
_XSD = PREFIXES["xsd"]
_INTEGERS = (
    "integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger long int short byte unsignedLong "
    "unsignedInt unsignedShort unsignedByte"
)
_NUMBERS = {f"{_XSD}{name}" for name in (*_INTEGERS.split(), "decimal")}
_FLOATS = {f"{_XSD}{name}" for name in ("double", "float")}
_EXACT = Context(prec=50)
_DECIMAL = re.compile(r"[+-]?(?=\.?[0-9])[0-9]{0,25}(?:\.[0-9]{0,25})?")  # what Decimal computes without rounding
_DOUBLE = re.compile(r"[+-]?(?=\.?[0-9])[0-9]{0,99}(?:\.[0-9]{0,99})?(?:[eE][+-]?[0-9]{1,4})?")
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}


@dataclass(frozen=True)
class Comparison:
    """The statements that are missing and those that are there instead or besides, as lines of N-Triples, at most so
    many; and the pairs of literals, written and found, that mean the same in two forms."""

    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    rewritten: tuple[tuple[str, str], ...]

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
    if written.blank != found.blank and _normal_blank(written) != _normal_blank(found):
        missing += sorted((Counter(written.blank) - Counter(found.blank)).elements())
        foreign += sorted((Counter(found.blank) - Counter(written.blank)).elements())
    return Comparison(_texts(missing), _texts(foreign), tuple(rewritten))


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
    partners: dict[Triple, list[tuple[bytes, Triple]]] = {}
    for line in new:
        triple = _triple(line)
        partners.setdefault(_normal(triple), []).append((line, triple))
    rewritten, missing, used = [], [], set()
    for line in gone:
        triple = _triple(line)
        if candidates := partners.get(_normal(triple)):
            partner, other = candidates[0] if len(candidates) == 1 else candidates.pop()
            used.add(partner)
            rewritten.append((str(triple.object), str(other.object)))
        else:
            missing.append(line)
    return rewritten, missing, [line for line in new if line not in used]


def _triple(line: bytes) -> Triple:
    quad: Quad = next(pyoxigraph.parse(line, format=RdfFormat.N_TRIPLES, lenient=True))
    return quad.triple


def _normal(triple: Triple) -> Triple:
    """The statement with a literal in a form that all that mean the same have."""
    return Triple(triple.subject, triple.predicate, normal(triple.object)) if _is_literal(triple) else triple


def _is_literal(triple: Triple) -> bool:
    return isinstance(triple.object, Literal)


def normal(literal: object) -> Literal:
    """A literal in a form that all have that mean the same: numbers by their value, tags of languages in lower case,
    times without zeros at the end of a fraction; of others what stands in the quotation marks.

    >>> normal(Literal("01.50", datatype=pyoxigraph.NamedNode(_XSD + "decimal"))).value
    '1.5'
    """
    assert isinstance(literal, Literal)
    value, kind = literal.value, literal.datatype.value
    if literal.language:
        return Literal(value, language=literal.language.lower())
    if kind in _NUMBERS and _DECIMAL.fullmatch(value):
        return Literal(format(Decimal(value).normalize(_EXACT) + 0, "f"))
    if kind in _FLOATS and _DOUBLE.fullmatch(value):
        return Literal(repr(float(value)))
    if kind == f"{_XSD}boolean":
        return Literal(_BOOLEANS.get(value, value))
    if kind in (f"{_XSD}dateTime", f"{_XSD}time") and "." in value:
        head, _, rest = value.partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        fraction = digits.rstrip("0")
        return Literal(f"{head}{'.' if fraction else ''}{fraction}{rest[len(digits) :]}")
    return Literal(value)


def _normal_blank(graph: SortedGraph) -> list[bytes]:
    """The lines with blank nodes as they are where each literal is in its normal form: labels depend on them."""
    with sorted_graph(map(_normal, map(_triple, graph.blank))) as other:
        return other.blank


def _texts(lines: list[bytes]) -> tuple[str, ...]:
    return tuple(line.decode("utf-8", "replace").strip() for line in lines)
