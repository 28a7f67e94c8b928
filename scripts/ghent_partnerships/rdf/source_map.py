"""Which place of which file a finding is about: that of a statement, or of a node."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..findings import VIOLATION, Finding, Location, Result
from ..text import NO_TEXT, Text
from .decoding import Lines
from .encoded import Encoded, merged
from .parse import Document
from .positions import Positions, jsonld, partial, rdfxml, turtle
from .turtle import TYPE

_BY_SUBJECT: dict[str, Callable[[str, str, Sequence[Triple]], Positions]] = {
    ".jsonld": jsonld.locate,
    ".rdf": rdfxml.locate,
    ".owl": rdfxml.locate,
}


class SourceMap:
    """The file, line and column of every node and statement; those in a file are computed when a finding first asks."""

    def __init__(self, data: Sequence[Document], rules: Sequence[Document]) -> None:
        self.data, self.rules = data, rules
        # By the identity of a document: one path can be among the data and the rules.
        self.known: dict[int, Positions] = {}
        self.parts: dict[int, partial.Statements | None] = {}
        self.about: dict[tuple[int, object], Positions] = {}
        self.lines: dict[int, Lines] = {}
        self.nearest: dict[int, dict[object, int]] = {}  # the offsets of what nodes without a place belong to

    def of(self, focus: object, path: object, value: object, steps: Sequence[NamedNode] = ()) -> Location:
        """The place of the statement if there is one, else of the focus node: as a subject, an object, or in the rules.

        ``steps`` are the predicates of a path that is no IRI: the statement is that by which it came to the value.
        """
        place = self._statement(focus, path, value, steps)
        if place is None:
            if (about := self._described(focus)) is not None:
                return self._at(about, self._subject(about, focus))
            place = self._graph.objects.get(self._graph.terms.find(focus))
        if place is None:
            return self._in_targets(focus)
        document = self._document(place)
        offset = self._object(document, self._graph.triple(place))
        return self._at(document, self._subject(document, focus) if offset is None else offset)

    def _in_targets(self, focus: object) -> Location:
        """The place of a node that the data do not have: in the rules, where it is a target, or else the first file."""
        if (named := self._named.get(focus)) is None:
            return Location((self.data or self.rules)[0].name)
        document, triple = named
        offset = self._object(document, triple)
        return self._at(document, self._subject(document, triple.subject) if offset is None else offset)

    def in_rules(
        self, code: str, message: Text, help_: Text = NO_TEXT, shape: object = None, *, severity: str = VIOLATION
    ) -> Finding:
        """A finding about the shapes themselves, at one of them or at the start of their first file."""
        document, offset = self.rules[0], 0
        if shape in self._shapes:
            document = self._shapes[shape]
            offset = self._subject(document, shape)
        named = shape.value if isinstance(shape, NamedNode) else ""
        location = self._at(document, offset)
        result = Result(shape=named)
        return Finding(code=code, severity=severity, message=message, help=help_, location=location, result=result)

    def _statement(self, focus: object, path: object, value: object, steps: Sequence[NamedNode]) -> int | None:
        """Where the triple stands that has the value; SHACL gives the focus node itself as that of a constraint on the
        node."""
        if not isinstance(focus, NamedNode | BlankNode) or not isinstance(value, NamedNode | BlankNode | Literal):
            return None
        places = self._graph.places
        if isinstance(path, NamedNode):
            return next(iter(places(focus, path, value)), None)
        if not steps:
            if path is None and value == focus:
                return None
            found = (place for predicate in self._predicates for place in places(focus, predicate, value))
            return min(found, default=None)
        near = [places(focus, step, value) for step in steps]
        near += [places(value, step, focus) for step in steps if not isinstance(value, Literal)]
        leading = (place for step in steps for place in places(None, step, value)[:1])  # by whatever statement
        return next((found[0] for found in near if found), min(leading, default=None))

    def statements(self, subject: object, predicate: object) -> Sequence[Triple]:
        """The statements about a subject with a predicate, in the order of the data."""
        return [self._graph.triple(place) for place in self._graph.places(subject, predicate)]

    def first(self, predicate: object, value: object) -> Triple | None:
        """The first statement with a predicate and a value."""
        return next((self._graph.triple(place) for place in self._graph.places(None, predicate, value)[:1]), None)

    def describes(self, node: object) -> bool:
        """Whether the data say something of a node."""
        return self._graph.terms.find(node) in self._graph.described

    @cached_property
    def _graph(self) -> Encoded:
        return merged([document.triples for document in self.data])

    def _document(self, place: int) -> Document:
        """The document in which a triple of the graph stands: that which was given first."""
        return self.data[bisect_right(self._graph.bounds, place)]

    @cached_property
    def _predicates(self) -> Sequence[object]:
        return [self._graph.terms[predicate] for predicate in self._graph.columns]

    @cached_property
    def _shapes(self) -> dict[object, Document]:
        """Where each subject of the rules stands first: there may be a finding for each shape."""
        shapes: dict[object, Document] = {}
        for document in reversed(self.rules):
            shapes.update(dict.fromkeys((triple.subject for triple in document.triples), document))
        return shapes

    @cached_property
    def _named(self) -> dict[object, tuple[Document, Triple]]:
        """The first triple of the rules that each object is in, as with a node that is a target and not in the data."""
        named: dict[object, tuple[Document, Triple]] = {}
        for document in self.rules:
            for triple in document.triples:
                named.setdefault(triple.object, (document, triple))
        return named

    def _described(self, node: object) -> Document | None:
        """Where a subject stands: the file that says what it is comes before one that adds to it."""
        first = self._graph.subjects.get(self._graph.terms.find(node))
        typed = self._graph.places(node, NamedNode(TYPE))[:1] if first is not None else ()
        return None if first is None else self._document(next(iter(typed), first))

    def _at(self, document: Document, offset: int) -> Location:
        if (lines := self.lines.get(id(document))) is None:
            lines = self.lines[id(document)] = Lines(document.text)
        return Location(document.name, *lines.place(offset))

    def _subject(self, document: Document, node: object) -> int:
        """The offset of a node in a document; of one that has none, that of the nearest node that it belongs to."""
        nearest = self.nearest.setdefault(id(document), {})
        passed: dict[object, None] = {}
        while (offset := self._positions(document, node).subjects.get(node, nearest.get(node))) is None:
            passed[node] = None
            around = self._graph.objects.get(self._graph.terms.find(node))
            if around is None or (subject := self._graph.triple(around).subject) in passed:
                offset = 0
                break
            node = subject
        nearest.update(dict.fromkeys(passed, offset))
        return offset

    def _object(self, document: Document, triple: Triple) -> int | None:
        """The offset of the object of a triple in a document, if it has one."""
        positions = self._positions(document, triple.subject)
        return positions.objects.get((triple.subject, triple.predicate, triple.object))

    def _positions(self, document: Document, subject: object = None) -> Positions:
        """The positions in a document, at least those of a subject and of the statements about it."""
        if document.positions is not None:
            return document.positions
        if (statements := self._statements_of(document)) is not None:
            key = id(document), subject
            if (about := self.about.get(key)) is None:
                about = self.about[key] = statements.of(subject)
            return about
        if (known := self.known.get(id(document))) is None:
            known = Positions()
            if document.readable:
                finder = _BY_SUBJECT.get(document.path.suffix, turtle.locate)
                known = _in_text(document, finder)
            self.known[id(document)] = known
        return known

    def _statements_of(self, document: Document) -> partial.Statements | None:
        """The statements of a long document of Turtle, where they can be told apart."""
        if len(document.text) < _LONG or not document.readable or document.path.suffix not in (".ttl", ".nt"):
            return None
        if id(document) not in self.parts:
            try:
                self.parts[id(document)] = partial.Statements(document.text, document.base)
            except ValueError:
                self.parts[id(document)] = None
        return self.parts[id(document)]


def _in_text(document: Document, finder: Callable[[str, str, Sequence[Triple]], Positions]) -> Positions:
    """The positions in the text of a document, which was parsed with the contexts that it refers to."""
    if document.expanded is None or not document.expanded.insertions:
        return finder(document.text, document.base, document.triples)
    found, origin = finder(document.expanded.text, document.base, document.triples), document.expanded.origin
    return Positions({node: origin(offset) for node, offset in found.subjects.items()})


_LONG = 100_000  # characters
