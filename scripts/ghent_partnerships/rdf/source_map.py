"""Which place of which file a finding is about: that of a statement, or of a node."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..findings import VIOLATION, Finding, Location, Result
from ..text import NO_TEXT, Text
from .parse import Document
from .positions import Positions, jsonld, partial, rdfxml, turtle
from .tokens import LINE_END
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
        self.lines: dict[int, list[int]] = {}
        self.nearest: dict[int, dict[object, int]] = {}  # the offsets of what nodes without a place belong to

    def of(self, focus: object, path: object, value: object, steps: Sequence[NamedNode] = ()) -> Location:
        """The place of the statement if there is one, else of the focus node: as a subject, an object, or in the rules.

        ``steps`` are the predicates of a path that is no IRI: the statement is that by which it came to the value.
        """
        if (triple := self._statement(focus, path, value, steps)) is not None:
            document = self._statements[triple]
            offset = self._object(document, triple)
            return self._at(document, self._subject(document, focus) if offset is None else offset)
        if (about := self._subjects.get(focus)) is not None:
            return self._at(about, self._subject(about, focus))
        if (triple := self._referring.get(focus)) is not None:
            document = self._statements[triple]
            offset = self._object(document, triple)
            return self._at(document, self._subject(document, focus) if offset is None else offset)
        if (named := self._named.get(focus)) is not None:
            document, triple = named
            offset = self._object(document, triple)
            return self._at(document, self._subject(document, triple.subject) if offset is None else offset)
        return Location((self.data or self.rules)[0].name)

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

    def _statement(self, focus: object, path: object, value: object, steps: Sequence[NamedNode]) -> Triple | None:
        """The triple that has the value; SHACL gives the focus node itself as that of a constraint on the node."""
        if not isinstance(focus, NamedNode | BlankNode) or not isinstance(value, NamedNode | BlankNode | Literal):
            return None
        if isinstance(path, NamedNode):
            triple = Triple(focus, path, value)
            return triple if triple in self._statements else None
        if not steps:
            return None if path is None and value == focus else self._between.get((focus, value))
        near = [Triple(focus, step, value) for step in steps]
        if not isinstance(value, Literal):
            near += [Triple(value, step, focus) for step in steps]
        return next((triple for triple in near if triple in self._statements), self._leading(value, steps))

    def _leading(self, value: object, steps: Sequence[NamedNode]) -> Triple | None:
        """The first triple with one of the predicates that leads to a value."""
        found = [self._arriving[step, value] for step in steps if (step, value) in self._arriving]
        return min(found, key=lambda numbered: numbered[0])[1] if found else None

    def statements(self, subject: object, predicate: object) -> Sequence[Triple]:
        """The statements about a subject with a predicate, in the order of the data."""
        return self._leaving.get((subject, predicate), ())

    def first(self, predicate: object, value: object) -> Triple | None:
        """The first statement with a predicate and a value."""
        numbered = self._arriving.get((predicate, value))
        return None if numbered is None else numbered[1]

    def describes(self, node: object) -> bool:
        """Whether the data say something of a node."""
        return node in self._subjects

    @cached_property
    def _arriving(self) -> dict[tuple[object, object], tuple[int, Triple]]:
        """The first triple with each predicate and object, and its number: there may be a finding for each."""
        arriving: dict[tuple[object, object], tuple[int, Triple]] = {}
        for number, triple in enumerate(self._triples()):
            arriving.setdefault((triple.predicate, triple.object), (number, triple))
        return arriving

    @cached_property
    def _leaving(self) -> dict[tuple[object, object], list[Triple]]:
        """The triples with each subject and predicate: there may be a finding for each."""
        leaving: dict[tuple[object, object], list[Triple]] = {}
        for triple in dict.fromkeys(self._triples()):
            leaving.setdefault((triple.subject, triple.predicate), []).append(triple)
        return leaving

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

    @cached_property
    def _statements(self) -> dict[Triple, Document]:
        """Where each triple stands: in the data that was given first."""
        statements: dict[Triple, Document] = {}
        for document in reversed(self.data):
            statements.update(dict.fromkeys(document.triples, document))
        return statements

    @cached_property
    def _between(self) -> dict[tuple[object, object], Triple]:
        """The first triple from one node to another."""
        between: dict[tuple[object, object], Triple] = {}
        for triple in self._triples():
            between.setdefault((triple.subject, triple.object), triple)
        return between

    @cached_property
    def _subjects(self) -> dict[object, Document]:
        """Where each subject stands: the file that says what it is comes before one that adds to it."""
        subjects: dict[object, Document] = {}
        typed: dict[object, Document] = {}
        kind = NamedNode(TYPE)
        for document in self.data:
            for triple in document.triples:
                subjects.setdefault(triple.subject, document)
                if triple.predicate == kind:
                    typed.setdefault(triple.subject, document)
        return {**subjects, **typed}

    @cached_property
    def _referring(self) -> dict[object, Triple]:
        """The first triple that each object is in."""
        referring: dict[object, Triple] = {}
        for triple in self._triples():
            referring.setdefault(triple.object, triple)
        return referring

    def _triples(self) -> Iterable[Triple]:
        return chain.from_iterable(document.triples for document in self.data)

    def _at(self, document: Document, offset: int) -> Location:
        lines = self.lines.get(id(document))
        if lines is None:
            lines = self.lines[id(document)] = [0, *(match.end() for match in LINE_END.finditer(document.text))]
        line = bisect_right(lines, offset)
        return Location(document.name, line, offset - lines[line - 1] + 1)

    def _subject(self, document: Document, node: object) -> int:
        """The offset of a node in a document; of one that has none, that of the nearest node that it belongs to."""
        nearest = self.nearest.setdefault(id(document), {})
        passed: dict[object, None] = {}
        while (offset := self._positions(document, node).subjects.get(node, nearest.get(node))) is None:
            passed[node] = None
            around = self._referring.get(node)
            if around is None or around.subject in passed:
                offset = 0
                break
            node = around.subject
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
