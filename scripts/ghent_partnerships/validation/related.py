"""The further places that a result of SHACL is about: the values that are counted, and what is compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ..findings import Location, Related
from ..rdf.source_map import SourceMap
from ..sparql.text import prefixes, tokens
from ..text import Text
from ..translation import message as _
from .results import Result, shown
from .shapes import SH, Shapes

_MOST = 10  # places of a result
_COUNTED = {f"{SH}{name}ConstraintComponent" for name in ("MaxCount", "QualifiedMaxCount")}
_ONE_OF_A_LANGUAGE = f"{SH}UniqueLangConstraintComponent"
_COMPARED = {
    f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent": f"{SH}{name}"
    for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals")
}
_STATEMENT = 3  # terms


class _Pattern(NamedTuple):
    """A statement of a query: the name of a variable, an IRI, and the name of a variable or nothing."""

    subject: str
    predicate: NamedNode
    value: str


class RelatedPlaces:
    """Finds the further places of the results of shapes, in the data."""

    def __init__(self, shapes: Shapes, source_map: SourceMap) -> None:
        self.shapes, self.source_map = shapes, source_map

    def of(self, result: Result, predicate: NamedNode | None, location: Location) -> tuple[Related, ...]:
        """Return the places of a result besides its location, at most ten, as nobody reads more.

        ``predicate`` is the path of the result where that is an IRI.
        """
        places: dict[Location, Text] = {}
        for triple, label in islice(self._statements(result, predicate), _MOST + 1):  # one may be at the location
            places.setdefault(self.source_map.of(triple.subject, triple.predicate, triple.object), label)
        value = result.value
        if (
            result.constraint is not None
            and not result.path
            and value != result.focus
            and self.source_map.describes(value)
        ):
            label = _("{node} is described here", node=shown(value))
            places.setdefault(self.source_map.of(value, None, None), label)
        places.pop(location, None)
        return tuple(Related(place, label) for place, label in islice(places.items(), _MOST))

    def _statements(self, result: Result, predicate: NamedNode | None) -> Iterator[tuple[Triple, Text]]:
        if predicate is None:
            return
        if result.component in _COUNTED or result.component == _ONE_OF_A_LANGUAGE:
            values = self.source_map.statements(result.focus, predicate)
            if result.component == _ONE_OF_A_LANGUAGE:
                of_each = Counter(_language(triple) for triple in values)
                values = [triple for triple in values if _language(triple) and of_each[_language(triple)] > 1]
            for triple in values:
                yield triple, _("one of the values: {value}", value=shown(triple.object))
        for triple in self._compared(result):
            statement = " ".join(map(shown, (triple.subject, triple.predicate, triple.object)))
            yield triple, _("compared with {statement}", statement=statement)

    def _compared(self, result: Result) -> Iterator[Triple]:
        for predicate in self.shapes.objects(result.shape, _COMPARED.get(result.component, "")):
            yield from self.source_map.statements(result.focus, predicate)
        known: dict[str, object] = {"this": result.focus, "value": result.value}
        patterns = self._patterns.get(result.constraint, [])
        for pattern in patterns:  # a node that leads to one that is known
            if pattern.subject not in known and known.get(pattern.value) is not None:
                first = self.source_map.first(pattern.predicate, known[pattern.value])
                known[pattern.subject] = None if first is None else first.subject
        for pattern in patterns:
            value = known.get(pattern.value)
            for triple in self.source_map.statements(known.get(pattern.subject), pattern.predicate):
                if value is None or (triple.object == value and pattern.subject == "this"):
                    yield triple

    @cached_property
    def _patterns(self) -> Mapping[object, list[_Pattern]]:
        return {constraint.constraint: list(_patterns(constraint.text)) for constraint in self.shapes.sparql()}


def _language(triple: Triple) -> str | None:
    return triple.object.language if isinstance(triple.object, Literal) else None


def _patterns(query: str) -> Iterator[_Pattern]:
    """The statements in a query that are about a variable, with an IRI as their predicate."""
    namespaces = {prefix: namespace.text for prefix, namespace in prefixes(query).items()}
    terms: list[str] = []
    for token in tokens(query):
        if token.text in (";", ","):
            del terms[1 if token.text == ";" else 2 :]
            continue
        if token.kind == "variable":
            terms.append(token.text)
        elif token.kind == "iri":
            terms.append(token.text[1:-1])
        elif token.kind == "name":
            terms.append(namespaces.get(token.prefix, "") + token.text.partition(":")[2])
        elif token.kind in ("string", "number"):
            terms.append("")
        else:
            terms.clear()
            continue
        if len(terms) == _STATEMENT and terms[0][:1] in ("?", "$") and terms[1][:1] not in ("?", "$", ""):
            subject, predicate, value = terms
            yield _Pattern(subject[1:], NamedNode(predicate), value[1:] if value[:1] in ("?", "$") else "")
