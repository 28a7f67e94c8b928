"""The further places that a result of SHACL is about: the values that are counted, and what is compared with them."""

from __future__ import annotations

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
from .names import Names
from .results import Result
from .shapes import SH, Shapes

_MOST = 10  # places of a result
_COUNTED = {f"{SH}{name}ConstraintComponent" for name in ("MaxCount", "QualifiedMaxCount")}
_ONE_OF_A_LANGUAGE = f"{SH}UniqueLangConstraintComponent"
_COMPARED = {f"{SH}{name}ConstraintComponent" for name in ("Equals", "Disjoint", "LessThan", "LessThanOrEquals")}
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

    def of(self, result: Result, predicate: NamedNode | None, location: Location, names: Names) -> tuple[Related, ...]:
        """The places besides the location, at most ten: nobody reads more."""
        places: dict[object, Related] = {}
        for triple, label in islice(
            self._statements(result, predicate, names), _MOST + 1
        ):  # one may be at the location
            place = self.source_map.of(triple.subject, triple.predicate, triple.object)
            # In a store all that is said of a node has one place, and is told apart by what stands there.
            places.setdefault(place if place.line else label, Related(place, label))
        value = result.value
        if (
            result.constraint is not None
            and not result.path
            and value != result.focus
            and self.source_map.describes(value)
        ):
            label = _("{node} is described here", node=names.term(value))
            place = self.source_map.of(value, None, None)
            places.setdefault(place, Related(place, label))
        places.pop(location, None)
        return tuple(islice(places.values(), _MOST))

    def _statements(self, result: Result, predicate: NamedNode | None, names: Names) -> Iterator[tuple[Triple, Text]]:
        if predicate is None:
            return
        if result.component in _COUNTED or result.component == _ONE_OF_A_LANGUAGE:
            language = result.bindings.get("language")
            for triple in self.source_map.statements(result.focus, predicate):
                if language is None or _language(triple) == language.value:
                    yield triple, _("one of the values: {value}", value=names.term(triple.object))
        for triple in self._compared(result):
            statement = " ".join(map(names.term, (triple.subject, triple.predicate, triple.object)))
            yield triple, _("compared with {statement}", statement=statement)

    def _compared(self, result: Result) -> Iterator[Triple]:
        if result.component in _COMPARED:
            other = result.bindings.get("other")
            for triple in self.source_map.statements(result.focus, result.parameter):
                if other in (None, triple.object):
                    yield triple
        # Of a literal a query may have another form than the data.
        known: dict[str, object] = {"this": result.focus, "value": result.value}
        found = {
            name: term for name, term in result.bindings.items() if name not in known and not isinstance(term, Literal)
        }
        known |= found
        patterns = self._patterns.get(result.constraint, [])
        for pattern in patterns:  # a node that leads to one that is known
            if pattern.subject not in known and known.get(pattern.value) is not None:
                first = self.source_map.first(pattern.predicate, known[pattern.value])
                known[pattern.subject] = None if first is None else first.subject
        for pattern in patterns:
            value = known.get(pattern.value)
            for triple in self.source_map.statements(known.get(pattern.subject), pattern.predicate):
                if value is None or (triple.object == value and (pattern.subject == "this" or pattern.value in found)):
                    yield triple

    @cached_property
    def _patterns(self) -> Mapping[object, list[_Pattern]]:
        return {query.constraint: list(_patterns(query.text)) for query in self.shapes.sparql()}


def _language(triple: Triple) -> str | None:
    return (triple.object.language or "").lower() if isinstance(triple.object, Literal) else None


def _patterns(query: str) -> Iterator[_Pattern]:
    """The statements in a query that are about a variable, with an IRI or several alternatives as their predicate."""
    namespaces = {prefix: namespace.text for prefix, namespace in prefixes(query).items()}
    terms: list[str] = []
    alternatives: list[str] = []
    for token in tokens(query):
        if token.text in (";", ","):
            del terms[1 if token.text == ";" else 2 :]
            alternatives = alternatives if token.text == "," else []
            continue
        if token.text == "|" and len(terms) == _STATEMENT - 1:
            alternatives.append(terms.pop())
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
            alternatives = []
            continue
        if len(terms) == _STATEMENT and terms[0][:1] in ("?", "$") and terms[1][:1] not in ("?", "$", ""):
            subject, predicate, value = terms
            for each in (*alternatives, predicate):
                yield _Pattern(subject[1:], NamedNode(each), value[1:] if value[:1] in ("?", "$") else "")
