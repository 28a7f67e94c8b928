"""Canonical Turtle: one layout for people and for the machine.

Subjects are sorted, one predicate and one object stand on a line, ``a`` comes first, a lone ``.`` closes: a change
touches only its own lines. There are no blank-node labels; a collection keeps its order. The layout is described in
``CONTRIBUTING.md``; the grammar is https://www.w3.org/TR/turtle/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_FIRST, _REST, _NIL, _TYPE = (NamedNode(RDF + name) for name in ("first", "rest", "nil", "type"))
_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_BARE = {  # lexical forms that Turtle reads back as the same literal when they stand without quotes
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_DEEPEST = 100
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'(?:[^'\\\r\n]|\\.)*'"
    r'|<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'
    r"|\\."
    r"|(?P<comment>\#[^\r\n]*)",
    re.DOTALL,
)


class UnwritableError(ValueError):
    """The triples cannot be written in canonical Turtle; the message says which and why."""


def first_comment(text: str) -> int | None:
    """Return the offset of the first comment in a Turtle text, or None: a ``#`` in an IRI or a string is none."""
    return next((match.start() for match in _TOKEN.finditer(text) if match["comment"] is not None), None)


def serialize(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return the triples as canonical Turtle, with those of the prefixes (name to namespace) that it uses.

    Raises:
        UnwritableError: a blank node is shared, part of a cycle or nested too deep, or a term is of RDF 1.2.
    """
    return _Writer(triples, prefixes).text()


def abbreviate(term: NamedNode | BlankNode | Literal, prefixes: Mapping[str, str]) -> str:
    """Return one term as Turtle writes it with these prefixes."""
    return str(term) if isinstance(term, BlankNode) else _Writer([], prefixes).term(term, 0)


class _Writer:
    def __init__(self, triples: Iterable[Triple], prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.names = {namespace: name for name, namespace in prefixes.items()}
        self.used: set[str] = set()
        self.iris: dict[str, str] = {}
        self.statements: dict[NamedNode | BlankNode, dict[NamedNode, list[object]]] = {}
        self.references: dict[BlankNode, int] = {}
        self.written: set[BlankNode] = set()
        for subject, predicate, value in triples:
            self.statements.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if isinstance(value, BlankNode):
                self.references[value] = self.references.get(value, 0) + 1

    def text(self) -> str:
        named = sorted((s for s in self.statements if isinstance(s, NamedNode)), key=lambda s: s.value)
        blocks = [f"{self.iri(subject.value)}\n{self.lines(subject)}.\n" for subject in named]
        roots = (s for s in self.statements if isinstance(s, BlankNode) and s not in self.references)
        blocks += sorted(f"[]\n{self.lines(subject)}.\n" for subject in roots)
        if any(node not in self.written for node in self.references if node in self.statements):
            raise UnwritableError("blank nodes form a cycle; give one of them an IRI")
        head = "".join(f"PREFIX {name}: <{_escape_iri(self.prefixes[name])}>\n" for name in sorted(self.used))
        return "\n".join([head, *blocks] if head else blocks)

    def lines(self, subject: NamedNode | BlankNode) -> str:
        return "".join(f"    {predicate} {value} ;\n" for predicate, value in self.pairs(subject, 0))

    def pairs(self, subject: NamedNode | BlankNode, depth: int) -> list[tuple[str, str]]:
        """The written predicate and object of every statement about the subject, ``a`` first."""
        return sorted(
            (
                ("a" if predicate == _TYPE else self.iri(predicate.value), self.term(value, depth))
                for predicate, values in self.statements.get(subject, {}).items()
                for value in values
            ),
            key=lambda pair: (pair[0] != "a", pair),
        )

    def term(self, term: object, depth: int) -> str:
        if isinstance(term, NamedNode):
            return "()" if term == _NIL else self.iri(term.value)
        if isinstance(term, Literal):
            return self.literal(term)
        if isinstance(term, BlankNode):
            return self.blank(term, depth + 1)
        raise UnwritableError("a triple term (RDF 1.2) has no place in RDF 1.1 Turtle")

    def blank(self, node: BlankNode, depth: int) -> str:
        if depth > _DEEPEST:
            raise UnwritableError(f"blank nodes are nested more than {_DEEPEST} deep; give some of them IRIs")
        if self.references[node] > 1:
            raise UnwritableError("a blank node is used twice, which needs a label; give it an IRI")
        self.written.add(node)
        if (items := self.collection(node)) is not None:
            return f"( {' '.join(self.term(item, depth) for item in items)} )"
        pairs = " ; ".join(f"{predicate} {value}" for predicate, value in self.pairs(node, depth))
        return f"[ {pairs} ]" if pairs else "[]"

    def collection(self, node: BlankNode) -> list[object] | None:
        """The items of a well-formed list that starts at the node, or None if it is none."""
        items: list[object] = []
        cells: list[BlankNode] = []
        cell: object = node
        while isinstance(cell, BlankNode):
            parts = self.statements.get(cell, {})
            if parts.keys() != {_FIRST, _REST} or any(len(values) != 1 for values in parts.values()):
                return None
            if self.references[cell] > 1:
                return None
            cells.append(cell)
            items += parts[_FIRST]
            (cell,) = parts[_REST]
        if cell != _NIL:
            return None
        self.written.update(cells)
        return items

    def iri(self, iri: str) -> str:
        if (known := self.iris.get(iri)) is None:
            cut = max(iri.rfind("#"), iri.rfind("/")) + 1
            name = self.names.get(iri[:cut])
            if name is not None and _LOCAL.fullmatch(iri, cut):
                self.used.add(name)
                known = f"{name}:{iri[cut:]}"
            else:
                known = f"<{_escape_iri(iri)}>"
            self.iris[iri] = known
        return known

    def literal(self, literal: Literal) -> str:
        if getattr(literal, "direction", None) is not None:
            raise UnwritableError("a base direction (RDF 1.2) has no place in RDF 1.1 Turtle")
        value, datatype = literal.value, literal.datatype.value
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(value):
            return value
        text = f'"""{_escape(value, keep_newlines=True)}"""' if "\n" in value else f'"{_escape(value)}"'
        if literal.language is not None:
            return f"{text}@{literal.language}"
        return text if datatype == XSD + "string" else f"{text}^^{self.iri(datatype)}"


def _escape(text: str, keep_newlines: bool = False) -> str:
    """Escape what Turtle reserves and whatever a terminal would act on or a reader could not see."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(
        char if (char.isprintable() and char not in '\\"') or (keep_newlines and char == "\n") else _escape_char(char)
        for char in text
    )


def _escape_char(char: str) -> str:
    return _ESCAPES.get(char) or (f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}")


def _escape_iri(iri: str) -> str:
    return "".join(map(_escape_in_iri, iri))


def _escape_in_iri(char: str) -> str:
    if char.isprintable() and char not in '<>"{}|^`\\ ':
        return char
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"
