"""Canonical Turtle: one layout for people and for the machine.

Subjects are sorted, one predicate and one object stand on a line, ``a`` comes first, a lone ``.`` closes: a change
touches only its own lines. There are no blank-node labels but in what is published, where others' graphs need them; a
collection keeps its order. The layout is described in
``CONTRIBUTING.md``; the grammar is https://www.w3.org/TR/turtle/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..text import Text
from ..translation import message as _

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE, FIRST, REST, NIL = (RDF + name for name in ("type", "first", "rest", "nil"))
_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_BARE = {  # lexical forms that Turtle reads back as the same literal when they stand without quotes
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
SPARQL, OLDER = "PREFIX {}: {}\n", "@prefix {}: {} .\n"  # how a prefix is declared
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_RESERVED_IN_IRI = re.compile(r'[<>"{}|^`\\ ]')
DEEPEST = 100  # levels of brackets in one another


Node = NamedNode | BlankNode
About = Mapping[str, Sequence[Node | Literal]]
Statements = Mapping[Node, About]


class UnwritableError(ValueError):
    """The triples cannot be written in a form; ``text`` says by language which and why, ``str()`` in English."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def by_subject(triples: Iterable[Triple]) -> Statements:
    """Return the objects of the triples by subject and predicate IRI."""
    statements: dict[Node, dict[str, list[Node | Literal]]] = {}
    for subject, predicate, value in triples:
        about = statements.get(subject)
        if about is None:
            about = statements[subject] = {}
        about.setdefault(predicate.value, []).append(value)
    return statements


def published(statements: Statements, prefixes: Mapping[str, str]) -> str:
    """Return the statements as ``serialize`` does, for everybody to read: not all parsers know the newer spelling. A
    blank node that has no place in brackets has its label.

    Raises:
        UnwritableError: a term is of RDF 1.2.
    """
    return Writer(statements, prefixes, directive=OLDER, with_labels=True).turtle()


def serialize(statements: Statements, prefixes: Mapping[str, str]) -> str:
    """Return the statements as canonical Turtle, with those of the prefixes (name to namespace) that it uses.

    Raises:
        UnwritableError: a blank node is shared, part of a cycle or nested too deep, or a term is of RDF 1.2.
    """
    return Writer(statements, prefixes).turtle()


def abbreviate(term: NamedNode | BlankNode | Literal, prefixes: Mapping[str, str]) -> str:
    """Return one term as Turtle writes it with these prefixes."""
    return str(term) if isinstance(term, BlankNode) else Writer({}, prefixes).term(term)


def references(statements: Statements) -> dict[BlankNode, int]:
    """Return how often each blank node is an object."""
    counts: dict[BlankNode, int] = {}
    for about in statements.values():
        for values in about.values():
            for value in values:
                if isinstance(value, BlankNode):
                    counts[value] = counts.get(value, 0) + 1
    return counts


def collection(node: object, statements: Statements, references: Mapping[BlankNode, int]) -> list[BlankNode] | None:
    """Return the cells of a well-formed list that starts at the node and that nothing else refers to, or None."""
    cells: list[BlankNode] = []
    cell = node
    while isinstance(cell, BlankNode):
        parts = statements.get(cell, {})
        if parts.keys() != {FIRST, REST} or any(len(values) != 1 for values in parts.values()):
            return None
        if references[cell] > 1:
            return None
        cells.append(cell)
        cell = parts[REST][0]
    return cells if isinstance(cell, NamedNode) and cell.value == NIL else None


class Writer:
    """Writes statements as canonical Turtle, and named graphs that they are divided into as TriG in the same layout.

    ``with_labels`` says that blank nodes that are shared, part of a cycle or nested too deep are written with their
    labels, below the others."""

    def __init__(
        self,
        statements: Statements,
        prefixes: Mapping[str, str],
        directive: str = SPARQL,
        *,
        with_labels: bool = False,
    ) -> None:
        self.statements = statements
        self.directive = directive
        self.prefixes = prefixes
        self.names = {namespace: name for name, namespace in prefixes.items()}
        self.used: set[str] = set()
        self.iris: dict[str, str] = {}
        self.blocks: dict[NamedNode, str] = {}
        self.written: set[BlankNode] = set()
        self.references = references(statements)
        self.with_labels = with_labels
        self.labels = {node for node, count in self.references.items() if count > 1} if with_labels else set()
        self.left: list[BlankNode] = []  # those with labels that are still to be written

    def turtle(self) -> str:
        """Return the statements.

        Raises:
            UnwritableError: a blank node is shared, part of a cycle or nested too deep, or a term is of RDF 1.2.
        """
        return self._text(self._sorted_blocks(self.statements))

    def trig(self, graphs: Mapping[str, Statements]) -> str:
        """Return the statements, each in one of the graphs, in order of the names of these.

        Raises:
            UnwritableError: as for ``turtle``.
        """
        blocks = ((self._iri(name), "\n".join(self._sorted_blocks(graphs[name]))) for name in sorted(graphs))
        return self._text([f"{name} {{\n\n{statements}\n}}\n" for name, statements in blocks])

    def term(self, term: Node | Literal) -> str:
        """Return one term, a blank node with all that is said of it.

        Raises:
            UnwritableError: as for ``turtle``.
        """
        return self._term(term, 0)

    def _text(self, blocks: Sequence[str]) -> str:
        """The blocks, below the prefixes that they use."""
        declared = ((name, iri_reference(self.prefixes[name])) for name in sorted(self.used))
        head = "".join([self.directive.format(name, iri) for name, iri in declared])
        return "\n".join([head, *blocks] if head else blocks)

    def _sorted_blocks(self, statements: Statements) -> list[str]:
        """A block about each subject."""
        named = sorted((s for s in statements if isinstance(s, NamedNode)), key=lambda s: s.value)
        blocks = [self._block(subject, statements[subject]) for subject in named]
        roots = (s for s in statements if isinstance(s, BlankNode) and s not in self.references)
        blocks += sorted(f"[]\n{self._lines(statements[subject])}.\n" for subject in roots)
        if self.with_labels:
            blocks += self._labelled_blocks(statements)
        if any(node not in self.written for node in self.references if node in statements):
            raise UnwritableError(_("blank nodes form a cycle; give one of them an IRI"))
        return blocks

    def _labelled_blocks(self, statements: Statements) -> list[str]:
        """A block about each blank node with a label, which the first of each cycle gets here."""
        blocks: list[str] = []
        inner = sorted((node for node in self.references if node in statements), key=str)
        for first in (None, *(node for node in inner if node in self.labels), *inner):
            self.left += [] if first is None else [first]
            while self.left:
                if (node := self.left.pop()) in statements and node not in self.written:
                    self.written.add(node)
                    self.labels.add(node)
                    blocks.append(f"{node}\n{self._lines(statements[node])}.\n")
        return sorted(blocks)

    def _block(self, subject: NamedNode, about: About) -> str:
        """The statements about a subject, written once where all of them stand in one named graph."""
        if about is not self.statements[subject]:
            return f"{self._iri(subject.value)}\n{self._lines(about)}.\n"
        if subject not in self.blocks:
            self.blocks[subject] = f"{self._iri(subject.value)}\n{self._lines(about)}.\n"
        return self.blocks[subject]

    def _lines(self, about: About) -> str:
        return "".join([f"    {pair} ;\n" for pair in self._pairs(about, 0)])

    def _pairs(self, about: About, depth: int) -> list[str]:
        """The written predicate and object of every statement, ``a`` first."""
        types: list[str] = []
        others: list[str] = []
        for predicate, values in about.items():
            pairs, name = (types, "a") if predicate == TYPE else (others, self._iri(predicate))
            for value in values:
                pairs.append(f"{name} {self._term(value, depth)}")
        types.sort()
        others.sort()
        return types + others

    def _term(self, term: object, depth: int) -> str:
        if isinstance(term, NamedNode):
            iri = term.value
            return "()" if iri == NIL else self.iris.get(iri) or self._iri(iri)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, BlankNode):
            return self._blank(term, depth + 1)
        raise UnwritableError(_("a triple term (RDF 1.2) has no place in RDF 1.1 Turtle"))

    def _blank(self, node: BlankNode, depth: int) -> str:
        if self.with_labels and depth > DEEPEST and node not in self.labels:
            self.labels.add(node)
            self.left.append(node)
        if node in self.labels:
            return str(node)
        if depth > DEEPEST:
            raise UnwritableError(
                _("blank nodes are nested more than {levels} deep; give some of them IRIs", levels=DEEPEST)
            )
        if self.references[node] > 1:
            raise UnwritableError(_("a blank node is used twice, which needs a label; give it an IRI"))
        self.written.add(node)
        if (cells := collection(node, self.statements, self.references)) is not None:
            self.written.update(cells)
            return f"( {' '.join(self._term(self.statements[cell][FIRST][0], depth) for cell in cells)} )"
        pairs = " ; ".join(self._pairs(self.statements.get(node, {}), depth))
        return f"[ {pairs} ]" if pairs else "[]"

    def _iri(self, iri: str) -> str:
        if (known := self.iris.get(iri)) is None:
            cut = max(iri.rfind("#"), iri.rfind("/")) + 1
            name = self.names.get(iri[:cut])
            if name is not None and _LOCAL.fullmatch(iri, cut):
                self.used.add(name)
                known = f"{name}:{iri[cut:]}"
            else:
                known = iri_reference(iri)
            self.iris[iri] = known
        return known

    def _literal(self, literal: Literal) -> str:
        value, language = literal.value, literal.language
        text = quoted(value)
        if language is not None:
            if getattr(literal, "direction", None) is not None:
                raise UnwritableError(_("a base direction (RDF 1.2) has no place in RDF 1.1 Turtle"))
            return f"{text}@{language}"
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(value):
            return value
        return text if datatype == XSD + "string" else f"{text}^^{self._iri(datatype)}"


def quoted(text: str) -> str:
    """Return a text in the quotation marks of a literal: three where it has a newline."""
    return f'"""{_escape(text, keep_newlines=True)}"""' if "\n" in text else f'"{_escape(text)}"'


def iri_reference(iri: str) -> str:
    """Return an IRI, which may be relative, in full."""
    return f"<{_escape_iri(iri)}>"


def _escape(text: str, keep_newlines: bool = False) -> str:
    """Escape what Turtle reserves and whatever a terminal would act on or a reader could not see."""
    if text.isprintable():
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(
        char if (char.isprintable() and char not in '\\"') or (keep_newlines and char == "\n") else _escape_char(char)
        for char in text
    )


def _escape_char(char: str) -> str:
    return _ESCAPES.get(char) or (f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}")


def _escape_iri(iri: str) -> str:
    if iri.isprintable() and not _RESERVED_IN_IRI.search(iri):
        return iri
    return "".join(map(_escape_in_iri, iri))


def _escape_in_iri(char: str) -> str:
    if char.isprintable() and not _RESERVED_IN_IRI.match(char):
        return char
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"
