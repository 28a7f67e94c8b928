"""Whatever a person might write in Turtle, TriG, N-Triples or N-Quads has its place."""

import re
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.parse import Document
from ghent_partnerships.rdf.source_map import SourceMap
from ghent_partnerships.rdf.turtle import FIRST, NIL, REST, TYPE, XSD
from marked import NONE, E, iri, line_and_column

PIECES = [  # of literals: what they are, and how they are written
    *((text, text) for text in ("\t", "\u2028", "\U0001f600", "# .;,[](){}<x>")),
    *(("\n", "\\n"), ('"', '\\"'), ("'", "\\'"), ("\\", "\\\\"), ("é", "\\u00e9"), ("\U0001f600", "\\U0001F600")),
]


class Writing:
    """Writes random statements as a person might, and remembers where each of their terms begins."""

    def __init__(self, choose: Random, syntax: str) -> None:
        self.choose, self.syntax = choose, syntax
        self.rich = syntax in ("ttl", "trig")
        self.text = ""
        self.prefixes: dict[str, str] = {}
        self.base: str | None = None
        self.count = 0
        self.line_end = choose.choice(["\n", "\r\n"] if not self.rich else ["\n", "\r\n", "\r"])
        self.subjects: dict[object, int] = {}
        self.statements: dict[tuple[object, NamedNode, object], int] = {}
        self.marks: dict[tuple[NamedNode, object], object] = {}  # which node has this value, to know it again
        self.ends: dict[tuple[object, NamedNode], object] = {}  # which node this one has as its only value

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def put(self, *tokens: str) -> int:
        """Write tokens, and return where the first begins."""
        offset = len(self.text)
        self.text += "".join(tokens)
        return offset

    def space(self, least: str = " ") -> None:
        if not self.rich:
            self.put(self.choose.choice([" ", "\t", " \t "]))
            return
        comment = f" #{self.choose.choice(['', ' <x> ', ' ] ) } . e:s e:p 1', chr(34) * 3])}\U0001f600{self.line_end}"
        self.put(self.choose.choice([least, least, " ", "\t", self.line_end, f"{self.line_end}\t ", comment]))

    def state(self, subject: object, predicate: NamedNode, value: object, offset: int) -> None:
        key = (subject, predicate, value)
        self.statements[key] = min(offset, self.statements.get(key, offset))
        self.marks[predicate, value] = subject

    def about(self, subject: object, offset: int) -> None:
        self.subjects[subject] = min(offset, self.subjects.get(subject, offset))

    def name(self) -> NamedNode:
        return iri(self.choose.choice(["s", "o", "d/x", "d/y.z", "é", "\U00020000", "d/a~b"]))

    def iri(self, node: NamedNode) -> int:
        ways = [f"<{node.value}>", f"<{''.join(f'{chr(92)}u{ord(c):04X}' if c in 'sd' else c for c in node.value)}>"]
        if self.rich:
            for prefix, namespace in self.prefixes.items():
                if node.value.startswith(namespace) and "/" not in (local := node.value[len(namespace) :]):
                    ways += [f"{prefix}:{local}".replace("~", "\\~")] * 3
            if self.base is not None and node.value.startswith(self.base):
                ways += [f"<{node.value[len(self.base) :]}>"] * 3
        return self.put(self.choose.choice(ways))

    def literal(self, unique: bool) -> tuple[Literal, int]:
        number = self.fresh() if unique else self.choose.randrange(3)
        kind = self.choose.randrange(3 if self.rich else 1)
        if kind == 1:
            form, name = self.choose.choice(
                [("{}", "integer"), ("-{}", "integer"), ("{}.5", "decimal"), ("{}e1", "double")]
            )
            text = form.format(number)
            return Literal(text, datatype=NamedNode(XSD + name)), self.put(text)
        if kind == 2 and not unique:
            text = self.choose.choice(["true", "false"])
            return Literal(text, datatype=NamedNode(XSD + "boolean")), self.put(text)
        value, parts = f"{number}", f"{number}"
        for _ in range(self.choose.randrange(4)):
            plain, written = self.choose.choice(PIECES)
            value, parts = value + plain, parts + written
        quotes = '"'
        if self.rich:
            quotes = self.choose.choice(['"', "'", '"""', "'''"])
            if len(quotes) == 3:
                other = "'\"" if quotes[0] == '"' else "\"'"
                value, parts = f"{value}\n{other}x", f"{parts}\n{other}x"
        offset = self.put(quotes, parts, quotes)
        suffix = self.choose.randrange(4)
        if suffix == 0:
            self.put("@nl-BE")
            return Literal(value, language="nl-BE"), offset
        if suffix == 1:
            self.put("^^")
            self.iri(iri("d/t"))
            return Literal(value, datatype=iri("d/t")), offset
        return Literal(value), offset

    def predicate(self) -> NamedNode:
        node = self.choose.choice([NamedNode(TYPE), iri("p"), iri("d/q")])
        if self.rich and node.value == TYPE and self.choose.random() < 0.8:
            self.put("a")
        else:
            self.iri(node)
        return node

    def value(self, subject: object, predicate: NamedNode, depth: int) -> None:
        kind = self.choose.randrange(6 if self.rich and depth < 3 else 3)
        if kind == 0:
            node = self.name()
            self.state(subject, predicate, node, self.iri(node))
        elif kind == 1:
            value, offset = self.literal(unique=False)
            self.state(subject, predicate, value, offset)
        elif kind == 2:
            label = self.choose.choice(["_:a", "_:b.c", "_:1"])
            self.state(subject, predicate, label, self.put(label))
        elif kind in (3, 4):
            node, offset = self.bracketed(depth)
            self.state(subject, predicate, node, offset)
        else:
            node, offset = self.collection(depth)
            self.state(subject, predicate, node, offset)

    def bracketed(self, depth: int) -> tuple[object, int]:
        node = self.fresh()
        offset = self.put("[")
        self.about(node, offset)
        self.space("")
        self.pairs(node, depth + 1, mark=True)
        self.put("]")
        return node, offset

    def collection(self, depth: int, least: int = 0) -> tuple[object, int]:
        start = self.put("(")
        self.space("")
        cell: object = None
        root: object = None
        for _ in range(self.choose.randrange(least, 4)):
            new = self.fresh()
            offset = len(self.text)
            kind = self.choose.randrange(3 if depth < 3 else 1)
            if kind == 0:
                item, _ = self.literal(unique=True)
            elif kind == 1:
                item, _ = self.bracketed(depth)
            else:
                item, _ = self.collection(depth + 1, least=1)
            self.state(new, NamedNode(FIRST), item, offset)
            self.about(new, start if root is None else offset)
            if root is None:
                root = new
            else:
                self.state(cell, NamedNode(REST), new, offset)
            cell = new
            self.space()
        end = self.put(")")
        if root is None:
            return NamedNode(NIL), start
        self.state(cell, NamedNode(REST), NamedNode(NIL), end)
        return root, start

    def pairs(self, subject: object, depth: int, mark: bool) -> None:
        """Predicates and objects of a subject, among them its mark."""
        count = self.choose.randrange(0 if mark else 1, 3)
        for number in range(count):
            if number:
                self.put(self.choose.choice([";", ";", ";;"]))
                self.space("")
            predicate = self.predicate()
            self.space()
            self.value(subject, predicate, depth)
            while self.choose.random() < 0.3:
                self.space("")
                self.put(",")
                self.space("")
                self.value(subject, predicate, depth)
            self.space()
        if mark:
            if count:
                self.put(";")
                self.space("")
            self.mark(subject)

    def mark(self, subject: object) -> None:
        predicate, value = iri("mark"), Literal(f"node {subject}")
        self.put("<http://e/mark>")
        self.space()
        self.state(subject, predicate, value, self.put(f'"{value.value}"'))
        self.space("")

    def statement(self) -> None:
        kind = self.choose.randrange(5 if self.rich else 2)
        if kind in (0, 2):
            subject: object = self.name()
            offset = self.iri(subject)
        elif kind == 1:
            subject = self.choose.choice(["_:a", "_:b.c", "_:1"])
            offset = self.put(subject)
        elif kind == 3:
            subject, offset = self.bracketed(0)
            if self.choose.random() < 0.5:
                return
        else:
            subject, offset = self.collection(0)
        self.about(subject, offset)
        self.space()
        if self.rich:
            self.pairs(subject, 0, mark=False)
            return
        predicate = self.predicate()
        self.space()
        self.value(subject, predicate, 0)
        self.space()

    def directive(self) -> None:
        namespace = self.choose.choice([E, E + "d/", "http://other/"])
        if self.choose.random() < 0.4:
            self.base = namespace
            words = self.choose.choice([("@base ", " ."), ("BASE", ""), ("base ", "")])
            self.put(words[0], f"<{namespace}>", words[1])
        else:
            prefix = self.choose.choice(["", "e", "é", "a.b"])
            self.prefixes[prefix] = namespace
            words = self.choose.choice([("@prefix", "."), ("PREFIX", ""), ("prefix\t", "")])
            self.put(words[0], f" {prefix}: ", f"<{namespace}>", words[1])
        self.space()

    def document(self) -> str:
        for label in ("_:a", "_:b.c", "_:1"):  # marks: which blank node is which
            self.about(label, self.put(label))
            self.put(" ")
            self.mark(label)
            self.put(" .", self.line_end)
        for _ in range(self.choose.randrange(1, 6)):
            while self.rich and self.choose.random() < 0.5:
                self.directive()
            graph = self.syntax == "trig" and self.choose.random() < 0.6
            if not graph:
                self.statement()
                if self.syntax == "nq" and self.choose.random() < 0.6:
                    self.put(self.choose.choice(["<http://e/s>", "_:a", "<http://e/g>"]), " ")
                self.put(".", "" if self.rich and self.choose.random() < 0.3 else self.line_end)
                continue
            self.put(
                self.choose.choice(["", "GRAPH <http://e/s>", "graph _:a ", "<http://e/s> ", "_:a", "[]", "[ ] "]), "{"
            )
            self.space("")
            for number in range(self.choose.randrange(3)):
                if number:
                    self.put(".")
                    self.space("")
                self.statement()
            self.put(self.choose.choice(["", "."]) if self.text[-1:] not in "{" and self.ended() else "", "}")
            self.space("")
        return self.text

    def ended(self) -> bool:
        """Whether a statement was just written, so that a dot may end it."""
        return not re.search(r"\{[\s]*(#[^\r\n]*[\s]*)*$", self.text)


def named(writing: Writing, document: Document) -> dict[object, object]:
    """The document's own terms for the nodes of a writing: by their marks, and the cells by what they hold."""
    found: dict[object, object] = {}
    by_value = {(t.predicate, t.object): t.subject for t in document.triples}
    left = {node: keys for node, keys in _keys(writing).items() if isinstance(node, str | int)}
    while left:
        before = len(left)
        for node, (predicate, value) in list(left.items()):
            known = found.get(value) if isinstance(value, str | int) else value
            if known is not None and (predicate, known) in by_value:
                found[node] = by_value[predicate, known]
                del left[node]
        assert len(left) < before, (left, writing.text)
    return found


def _keys(writing: Writing) -> dict[object, tuple[NamedNode, object]]:
    """A statement about each blank node that nothing else can say."""
    keys: dict[object, tuple[NamedNode, object]] = {}
    for subject, predicate, value in writing.statements:
        if predicate in (iri("mark"), NamedNode(FIRST)):
            keys[subject] = predicate, value
    return keys


@pytest.mark.parametrize("syntax", ["ttl", "trig", "nt", "nq"])
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), bom=st.booleans())
@example(seed=0, bom=True)
def test_whatever_is_written_has_its_place(
    syntax: str, seed: int, bom: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    writing = Writing(Random(seed), syntax)
    text = writing.document()
    file = tmp_path_factory.getbasetemp() / f"any.{syntax}"
    file.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    document = parse.parse(file)
    assert document.readable, (document.findings, text)
    terms = named(writing, document)
    source_map = SourceMap([document], [])

    def term(node: object) -> object:
        return terms[node] if isinstance(node, str | int) else node

    assert len(document.triples) == len(writing.statements), text
    for (subject, predicate, value), offset in writing.statements.items():
        found = source_map.of(term(subject), predicate, term(value))
        assert found == (document.name, *line_and_column(text, offset)), (subject, predicate, value, text)
    for subject, offset in writing.subjects.items():
        found = source_map.of(term(subject), NONE, None)
        assert found == (document.name, *line_and_column(text, offset)), (subject, text)
