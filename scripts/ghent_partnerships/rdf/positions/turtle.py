"""The positions in Turtle, TriG, N-Triples and N-Quads: of every triple."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..lexer import tokens
from ..tokens import SCHEME, unescape, unescape_iri
from ..turtle import FIRST, NIL, REST, TYPE, XSD
from . import Positions, Statement, matching_nodes, resolved

Term = NamedNode | BlankNode | Literal

_FIRST, _REST, _NIL = map(NamedNode, (FIRST, REST, NIL))


@dataclass(slots=True)
class _Frame:
    """A statement, a ``[ … ]`` or a ``( … )`` that is being read; in the last one the subject is the current cell."""

    opened_by: str
    offset: int
    subject: Term | None = None
    predicate: Term | None = None
    complete: bool = False
    root: Term | None = None


def locate(text: str, base: str, triples: Sequence[Triple] | None = None) -> Positions:
    """Return the positions of the triples in a Turtle, TriG, N-Triples or N-Quads text without syntax errors.

    Relative IRIs are resolved at base. Given the triples that pyoxigraph read, each once, blank nodes are called as
    they are there, and have no place where that is in doubt; without, those that have labels are called as in the text.
    """
    walk = _Walk(base)
    with suppress(KeyError, IndexError, StopIteration, ValueError):  # what RDF 1.2 adds: the positions before it
        walk.over(text)
    return walk.positions if triples is None else _renamed(walk.positions, triples)


def walked(text: str, base: str, prefixes: dict[str, str]) -> Positions:
    """Return the positions in statements without blank nodes, by the prefixes that are declared before them."""
    walk = _Walk(base)
    walk.prefixes = prefixes
    walk.over(text)
    return walk.positions


def expanded(token: str, base: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a token stands for.

    Raises:
        KeyError: its prefix is not declared.
    """
    if token.startswith("<"):
        iri = unescape_iri(token[1:-1])
        return iri if SCHEME.match(iri) else resolved(token, base)
    prefix, _, local = token.partition(":")
    return prefixes[prefix] + unescape(local)


def _renamed(positions: Positions, triples: Sequence[Triple]) -> Positions:
    """The positions by the blank nodes of the triples; without any blank nodes where those walked are not the same."""
    names = matching_nodes(positions.objects, triples)
    return Positions(
        {named: offset for node, offset in positions.subjects.items() if (named := _named(node, names)) is not None},
        {
            (subject, predicate, value): offset
            for (node, predicate, target), offset in positions.objects.items()
            if (subject := _named(node, names)) is not None and (value := _named(target, names)) is not None
        },
    )


def _named(node: object, names: Mapping[object, BlankNode]) -> object:
    return names.get(node) if isinstance(node, BlankNode) else node


class _Walk:
    """Makes the triples of a text, each with the offset of its object, in pyoxigraph's order: what one token completes
    it gives last first."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        self.positions = Positions()
        self.completed: list[tuple[Statement, int]] = []
        self.frames = [_Frame("", 0)]
        self.nodes: dict[str, Term] = {}  # by token, until a directive gives tokens another meaning

    def over(self, text: str) -> None:
        found = tokens(text)
        string: tuple[str, int] | None = None  # read, and perhaps followed by its language or datatype
        for kind, token, offset in found:
            if string is not None:
                value, start = string
                string = None
                if kind == "language":
                    self.term(Literal(value, language=token), start)
                    self.emit()
                    continue
                if kind == "datatype":
                    self.term(Literal(value, datatype=NamedNode(self.iri(next(found)[1]))), start)
                    self.emit()
                    continue
                self.term(Literal(value), start)
            if kind == "string":
                self.begin(offset)
                quotes = 3 if token.startswith(('"""', "'''")) else 1
                string = unescape(token[quotes:-quotes]), offset
            elif kind in ("directive", "language"):  # "x"@base is a literal, and @base elsewhere is none
                self.directive(token.lower(), found)
            elif kind == "mark":
                self.mark(token, offset)
            elif kind != "word" or token in ("a", "true", "false"):  # any other is GRAPH
                self.begin(offset)
                self.term(self.read(kind, token), offset)
            if self.completed:
                self.emit()

    def emit(self) -> None:
        for statement, offset in reversed(self.completed):
            self.positions.objects[statement] = min(self.positions.objects.get(statement, offset), offset)
        self.completed.clear()

    def directive(self, token: str, found: Iterator[tuple[str, str, int]]) -> None:
        _, name, _ = next(found)
        if token == "base":
            self.base = self.iri(name)
        elif token == "prefix":
            _, iri, _ = next(found)
            self.prefixes[name[:-1]] = self.iri(iri)
        self.nodes.clear()

    def mark(self, mark: str, offset: int) -> None:
        frame = self.frames[-1]
        if mark in "[(":
            self.begin(offset)
            self.frames.append(_Frame(mark, offset, BlankNode() if mark == "[" else None))
        elif mark == "]":
            self.frames.pop()
            assert frame.subject is not None
            self.term(frame.subject, frame.offset)
        elif mark == ")":
            self.frames.pop()
            self.end(frame, offset)
        elif mark == ";":
            frame.predicate, frame.complete = None, False
        elif mark == ",":
            frame.complete = False
        else:
            frame.subject, frame.predicate, frame.complete = None, None, False

    def begin(self, offset: int) -> None:
        """A term begins: in a collection, its cell. Its first cell ends the statement that the collection is in."""
        frame = self.frames[-1]
        if frame.opened_by != "(":
            return
        cell = BlankNode()
        if frame.subject is not None:
            self.completed.append(((frame.subject, _REST, cell), offset))
        else:
            frame.root = cell
            around = self.frames[-2]
            if around.subject is not None and around.predicate is not None:
                self.completed.append(((around.subject, around.predicate, cell), frame.offset))
        self.positions.subjects[cell] = frame.offset if frame.subject is None else offset
        frame.subject, frame.predicate, frame.complete = cell, _FIRST, False

    def end(self, frame: _Frame, offset: int) -> None:
        """A collection ends."""
        if frame.subject is None or frame.root is None:
            self.term(_NIL, frame.offset)
            return
        self.completed.append(((frame.subject, _REST, _NIL), offset))
        if self.frames[-1].predicate is None:
            self.term(frame.root, frame.offset)

    def term(self, term: Term, offset: int) -> None:
        frame = self.frames[-1]
        if frame.subject is None:
            frame.subject, frame.offset = term, offset
        elif frame.predicate is None:
            frame.predicate = term
            self.positions.subjects.setdefault(frame.subject, frame.offset)
        elif not frame.complete:  # else it is the graph of a quad
            frame.complete = True
            self.completed.append(((frame.subject, frame.predicate, term), offset))

    def read(self, kind: str, token: str) -> Term:
        if (known := self.nodes.get(token)) is None:
            known = self.nodes[token] = self.read_new(kind, token)
        return known

    def read_new(self, kind: str, token: str) -> Term:
        if kind == "number":
            name = "double" if "e" in token.lower() else "decimal" if "." in token else "integer"
            return Literal(token, datatype=NamedNode(XSD + name))
        if kind == "node":
            return BlankNode(token[2:])
        if token in ("true", "false"):
            return Literal(token, datatype=NamedNode(XSD + "boolean"))
        return NamedNode(TYPE if token == "a" else self.iri(token))

    def iri(self, token: str) -> str:
        return expanded(token, self.base, self.prefixes)
