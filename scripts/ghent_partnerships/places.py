"""Where the triples of a Turtle text stand: the offset of every subject and of every object.

pyoxigraph parses the files and gives no places, so this walks over the tokens of a text that is known to be right. It
keeps its own stack: depth of nesting costs memory, never the interpreter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode

from .findings import Finding
from .reading import Document, Places, place
from .turtle import RDF, XSD

Term = NamedNode | BlankNode | Literal

_SPACE = r" \t\r\n"  # Turtle's: names may hold what Unicode, and so \s, takes for a space
_LOCAL = rf"(?:[^{_SPACE}<>\"'{{}}|^`\\()\[\];,.#@]|\\.|\.(?=[^{_SPACE}<>\"'{{}}|^`()\[\];,.#@]|\.))"
_TOKEN = re.compile(
    rf"[{_SPACE}]+|\#[^\r\n]*"
    r"|(?P<iri><[^<>]*>)"
    r"|(?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    rf"|(?P<directive>(?i:PREFIX|BASE|VERSION)(?=[{_SPACE}<\"'#]))"
    r"|@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<datatype>\^\^)"
    r"|(?P<number>[+-]?(?:[0-9]+\.[eE][+-]?[0-9]+|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))"
    rf"(?=[{_SPACE}<>\"'()\[\];,.#]|$)"
    rf"|(?P<node>_:{_LOCAL}+)"
    rf"|(?P<name>{_LOCAL}*:{_LOCAL}*)"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<mark>[.;,()\[\]])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass
class _Frame:
    """A statement, a ``[ … ]`` or a ``( … )`` that is being read."""

    opened_by: str
    offset: int
    subject: Term | None = None
    predicate: Term | None = None


def locate(text: str, base: str) -> Places:
    """Return the places of the triples in a Turtle text without syntax errors, its relative IRIs resolved at base."""
    walk = _Walk(base)
    with suppress(KeyError, IndexError, StopIteration, ValueError):  # what RDF 1.2 adds: the places before it
        walk.over(text)
    return walk.places


class _Walk:
    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        self.places = Places()
        self.frames = [_Frame("", 0)]

    def over(self, text: str) -> None:
        tokens = _tokens(text)
        string: tuple[str, int] | None = None  # read, and perhaps followed by its language or datatype
        for kind, token, offset in tokens:
            if string is not None:
                value, start = string
                string = None
                if kind == "language":
                    self.term(Literal(value, language=token), start)
                    continue
                if kind == "datatype":
                    self.term(Literal(value, datatype=NamedNode(self.iri(next(tokens)[1]))), start)
                    continue
                self.term(Literal(value), start)
            if kind == "string":
                quotes = 3 if token.startswith(('"""', "'''")) else 1
                string = _unescape(token[quotes:-quotes]), offset
            elif kind in ("directive", "language"):  # "x"@base is a literal, and @base elsewhere is none
                self.directive(token.lower(), tokens)
            elif kind == "mark":
                self.mark(token, offset)
            else:
                self.term(self.read(kind, token), offset)

    def directive(self, token: str, tokens: Iterator[tuple[str, str, int]]) -> None:
        _, name, _ = next(tokens)
        if token == "base":
            self.base = self.iri(name)
        elif token == "prefix":
            _, iri, _ = next(tokens)
            self.prefixes[name[:-1]] = self.iri(iri)

    def mark(self, mark: str, offset: int) -> None:
        frame = self.frames[-1]
        if mark in "[(":
            self.frames.append(_Frame(mark, offset, BlankNode() if mark == "[" else None))
        elif mark in "])":
            self.frames.pop()
            self.term(frame.subject or BlankNode(), frame.offset)
        elif mark == ";":
            frame.predicate = None
        elif mark == ".":
            frame.subject = frame.predicate = None

    def term(self, term: Term, offset: int) -> None:
        frame = self.frames[-1]
        if frame.opened_by == "(":
            return
        if frame.subject is None:
            frame.subject = term
            self.places.subjects.setdefault(term, offset)
        elif frame.predicate is None:
            frame.predicate = term
        else:
            self.places.objects.setdefault((frame.subject, frame.predicate, term), offset)

    def read(self, kind: str, token: str) -> Term:
        if kind == "number":
            name = "double" if "e" in token.lower() else "decimal" if "." in token else "integer"
            return Literal(token, datatype=NamedNode(XSD + name))
        if kind == "node":
            return BlankNode(token[2:])
        if token in ("true", "false"):
            return Literal(token, datatype=NamedNode(XSD + "boolean"))
        return NamedNode(RDF + "type" if token == "a" else self.iri(token))

    def iri(self, token: str) -> str:
        if token.startswith("<"):
            iri = _unescape(token[1:-1])
            return iri if _SCHEME.match(iri) else _resolved(token, self.base)
        prefix, _, local = token.partition(":")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _resolved(iri: str, base: str) -> str:
    """A relative IRI at its base, by the parser itself: urljoin drops an empty fragment, and refuses some names."""
    quads = pyoxigraph.parse(f"<a:s> <a:p> {iri} .", format=pyoxigraph.RdfFormat.TURTLE, base_iri=base)
    value = next(quads).object
    assert isinstance(value, NamedNode)
    return value.value


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    offset = 0
    while match := _TOKEN.match(text, offset):
        offset = match.end()
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup], match.start()


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _CONTROLS.get(m[3], m[3]), text)


class Whereabouts:
    """Finds the place of a node or statement; the places of a file are computed when a finding first asks."""

    def __init__(self, data: Sequence[Document], rules: Sequence[Document]) -> None:
        self.data, self.rules = data, rules
        self.known: dict[Path, Places] = {}

    def of(self, focus: object, path: object, value: object) -> tuple[str, int, int]:
        """The place of the statement if there is one, else of the focus node: as a subject, or else as an object."""
        for document in self.data:
            for triple in document.triples:
                if triple.subject == focus and triple.object == value and path in (None, triple.predicate):
                    offset = self._places(document).objects.get((triple.subject, triple.predicate, triple.object))
                    return self._at(document, self._subject(document, focus) if offset is None else offset)
        for document in self.data:
            if any(triple.subject == focus for triple in document.triples):
                return self._at(document, self._subject(document, focus))
        for document in self.data:
            for triple in document.triples:
                if triple.object == focus:
                    offset = self._places(document).objects.get((triple.subject, triple.predicate, focus))
                    return self._at(document, offset or 0)
        return self.data[0].name, 1, 1

    def in_rules(self, message: str, mend: str = "", shape: object = None) -> Finding:
        """A finding about the shapes themselves, at one of them or at the start of their first file."""
        document = self.rules[0]
        offset = 0 if shape is None else self._subject(document, shape)
        name, line, column = self._at(document, offset)
        return Finding(name, line, column, message, mend, shape=shape.value if isinstance(shape, NamedNode) else "")

    def _at(self, document: Document, offset: int) -> tuple[str, int, int]:
        return document.name, *place(document.text, offset)

    def _subject(self, document: Document, node: object) -> int:
        offset = self._places(document).subjects.get(node)
        if offset is None and isinstance(node, NamedNode):
            offset = max(document.text.find(node.value), 0)
        return offset or 0

    def _places(self, document: Document) -> Places:
        if document.places is not None:
            return document.places
        if document.path not in self.known:
            walkable = document.readable and document.path.suffix in (".ttl", ".nt")
            base = document.path.resolve().as_uri()
            self.known[document.path] = locate(document.text, base) if walkable else Places()
        return self.known[document.path]
