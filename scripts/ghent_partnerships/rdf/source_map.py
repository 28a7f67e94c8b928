"""Where the triples of a text stand: the offset of every subject and of every object.

pyoxigraph parses the files and gives no places, so this walks over the tokens of a text that is known to be right. It
keeps its own stack: depth of nesting costs memory, never the interpreter's.

pyoxigraph also renames blank nodes. To know which of them stands where, the walk makes the same triples in the same
order: what differs is the names. In JSON-LD and RDF/XML only the places of the subjects that have a name are known.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ..findings import Finding
from .parse import Document, Places
from .turtle import FIRST, NAME, NAME_START, NIL, RDF, REST, TYPE, XSD

Term = NamedNode | BlankNode | Literal
Statement = tuple[object, object, object]

_SPACE = r" \t\r\n"  # Turtle's: names may hold what Unicode, and so \s, takes for a space
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"  # in a local name


def _dotted(first: str, characters: str, escaped: str = r"(?!)") -> str:
    """A name as Turtle has it, which may have dots within: what it starts with, and what may follow."""
    return rf"(?:{first})(?:[{characters}]++|{escaped}|\.++(?=[{characters}]|{escaped}))*+"


_PREFIX = _dotted(f"[{NAME_START}]", f"{NAME}")
_LABEL = _dotted(f"[{NAME_START}_0-9]", f"{NAME}")
_LOCAL = _dotted(f"[{NAME_START}_:0-9]|{_ESCAPED}", f"{NAME}:", _ESCAPED)
_TOKEN = re.compile(
    rf"[{_SPACE}]++|\#[^\r\n]*+"
    r"|(?P<iri><[^<>]*+>)"
    r"|(?P<string>\"\"\"(?:[^\"\\]++|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    r"|\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+')"
    rf"|(?P<directive>(?i:PREFIX|BASE|VERSION)(?=[{_SPACE}<\"'#]))"
    r"|@(?P<language>[A-Za-z]++(?:-[A-Za-z0-9]++)*+)"
    r"|(?P<datatype>\^\^)"
    r"|(?P<number>[+-]?(?:[0-9]++(?:(?:\.[0-9]*+)?+[eE][+-]?[0-9]++|\.[0-9]++)?+|\.[0-9]++(?:[eE][+-]?[0-9]++)?+))"
    rf"|(?P<node>_:{_LABEL})"
    rf"|(?P<name>(?:{_PREFIX})?+:(?:{_LOCAL})?+)"
    r"|(?P<word>[A-Za-z]++)"
    r"|(?P<mark>[.;,()\[\]{}])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LINE_END = re.compile(r"\r\n|\r|\n")
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


def locate(text: str, base: str, triples: Sequence[Triple] | None = None) -> Places:
    """Return the places of the triples in a Turtle, TriG, N-Triples or N-Quads text without syntax errors.

    Relative IRIs are resolved at base. Given the triples that pyoxigraph read, each once, blank nodes are called as
    they are there, and have no place where that is in doubt; without, those that have labels are called as in the text.
    """
    walk = _Walk(base)
    with suppress(KeyError, IndexError, StopIteration, ValueError):  # what RDF 1.2 adds: the places before it
        walk.over(text)
    return walk.places if triples is None else _renamed(walk.places, triples)


def _renamed(places: Places, triples: Sequence[Triple]) -> Places:
    """The places by the blank nodes of the triples; without any blank nodes where those walked are not the same."""
    names = _names(places.objects, triples)
    return Places(
        {named: offset for node, offset in places.subjects.items() if (named := _named(node, names)) is not None},
        {
            (subject, predicate, value): offset
            for (one, predicate, other), offset in places.objects.items()
            if (subject := _named(one, names)) is not None and (value := _named(other, names)) is not None
        },
    )


def _named(node: object, names: Mapping[object, BlankNode]) -> object:
    return names.get(node) if isinstance(node, BlankNode) else node


def _names(walked: Collection[Statement], triples: Sequence[Triple]) -> dict[object, BlankNode]:
    """The blank nodes of the triples by those of the same triples with other names: none unless all else is equal."""
    if len(walked) != len(triples):
        return {}
    names: dict[object, BlankNode] = {}
    taken: set[object] = set()
    for (subject, predicate, value), triple in zip(walked, triples, strict=True):
        if predicate != triple.predicate:
            return {}
        for one, other in ((subject, triple.subject), (value, triple.object)):
            if isinstance(one, BlankNode) and isinstance(other, BlankNode):
                if one not in names and other not in taken:
                    names[one] = other
                    taken.add(other)
                elif names.get(one) != other:
                    return {}
            elif one != other:
                return {}
    return names


class _Walk:
    """Makes the triples of a text, each with the offset of its object, in pyoxigraph's order: what one token completes
    it gives last first."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        self.places = Places()
        self.completed: list[tuple[Statement, int]] = []
        self.frames = [_Frame("", 0)]
        self.nodes: dict[str, Term] = {}  # by token, until a directive gives tokens another meaning

    def over(self, text: str) -> None:
        tokens = tokens_of(text)
        string: tuple[str, int] | None = None  # read, and perhaps followed by its language or datatype
        for kind, token, offset in tokens:
            if string is not None:
                value, start = string
                string = None
                if kind == "language":
                    self.term(Literal(value, language=token), start)
                    self.emit()
                    continue
                if kind == "datatype":
                    self.term(Literal(value, datatype=NamedNode(self.iri(next(tokens)[1]))), start)
                    self.emit()
                    continue
                self.term(Literal(value), start)
            if kind == "string":
                self.begin(offset)
                quotes = 3 if token.startswith(('"""', "'''")) else 1
                string = _unescape(token[quotes:-quotes]), offset
            elif kind in ("directive", "language"):  # "x"@base is a literal, and @base elsewhere is none
                self.directive(token.lower(), tokens)
            elif kind == "mark":
                self.mark(token, offset)
            elif kind != "word" or token in ("a", "true", "false"):  # any other is GRAPH
                self.begin(offset)
                self.term(self.read(kind, token), offset)
            if self.completed:
                self.emit()

    def emit(self) -> None:
        for statement, offset in reversed(self.completed):
            self.places.objects[statement] = min(self.places.objects.get(statement, offset), offset)
        self.completed.clear()

    def directive(self, token: str, tokens: Iterator[tuple[str, str, int]]) -> None:
        _, name, _ = next(tokens)
        if token == "base":
            self.base = self.iri(name)
        elif token == "prefix":
            _, iri, _ = next(tokens)
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
        self.places.subjects[cell] = frame.offset if frame.subject is None else offset
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
            self.places.subjects.setdefault(frame.subject, frame.offset)
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
        if token.startswith("<"):
            iri = _unescape(token[1:-1])
            return iri if _SCHEME.match(iri) else _resolved(token, self.base)
        prefix, _, local = token.partition(":")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _resolved(iri: str, base: str) -> str:
    """A relative IRI at its base, by the parser itself: urljoin drops an empty fragment, and refuses some names."""
    quads = pyoxigraph.parse(f"<a:s> <a:p> {iri} .", format=RdfFormat.TURTLE, base_iri=base)
    value = next(quads).object
    assert isinstance(value, NamedNode)
    return value.value


def _at_base(iri: str, base: str | None) -> str | None:
    """An IRI as JSON-LD or RDF/XML has it, resolved at a base; None where it cannot be."""
    if _SCHEME.match(iri):
        return iri
    if base is None or _NO_IRI.search(iri):
        return None
    try:
        return _resolved(f"<{iri}>", base)
    except (SyntaxError, ValueError):
        return None


def tokens_of(text: str) -> Iterator[tuple[str, str, int]]:
    """The tokens of a Turtle text, without comments: the kind of each, what it says, and its offset."""
    offset = 0
    while match := _TOKEN.match(text, offset):
        offset = match.end()
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup], match.start()


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _CONTROLS.get(m[3], m[3]), text)


def token_end(text: str, offset: int) -> int:
    """Return where the token at an offset ends, a literal with its language or datatype: at the latest, with its line.

    >>> text = '<s> <p> "x"@en, [] .'
    >>> [text[at : token_end(text, at)] for at in (0, 8, 16)]
    ['<s>', '"x"@en', '[']
    """
    match = _TOKEN.match(text, offset)
    end = offset + 1 if match is None or match.lastgroup is None else match.end()
    if match is not None and match.lastgroup == "string" and (suffix := _TOKEN.match(text, end)):
        if suffix.lastgroup == "language":
            end = suffix.end()
        elif suffix.lastgroup == "datatype" and (datatype := _TOKEN.match(text, suffix.end())):
            end = datatype.end() if datatype.lastgroup in ("iri", "name") else end
    line_end = _LINE_END.search(text, offset, end)
    return min(line_end.start() if line_end else end, len(text))


# JSON-LD: a text is read into nodes of (key, value), so that a context counts before an @id that stands above it.


@dataclass(slots=True)
class _Object:
    members: list[tuple[str, int, _Json]] = field(default_factory=list)
    key: tuple[str, int] | None = None

    def get(self, key: str) -> _Json:
        return next((value for name, _, value in self.members if name == key), None)


@dataclass(slots=True)
class _Array:
    items: list[_Json] = field(default_factory=list)


@dataclass(slots=True)
class _String:
    value: str
    offset: int


_Json = _Object | _Array | _String | bool | None  # None for whatever else stands there: numbers and null
_JSON = re.compile(r'"(?:[^"\\]|\\.)*+"?+|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def _json(text: str) -> _Json:
    """The value of a JSON text without syntax errors, its strings with their offsets."""
    root = _Array()
    stack: list[_Object | _Array] = [root]
    for match in _JSON.finditer(text):
        token, top = match[0], stack[-1]
        value: _Json = None
        if token in "}]":
            stack.pop()
            continue
        if token in ":,":
            continue
        if token in "{[":
            value = _Object() if token == "{" else _Array()
        elif token[0] == '"':
            value = _String(_string(token), match.start())
        elif token in ("true", "false"):
            value = token == "true"
        if isinstance(top, _Array):
            top.items.append(value)
        elif top.key is None:
            assert isinstance(value, _String)
            top.key = value.value, value.offset
            continue
        else:
            top.members.append((*top.key, value))
            top.key = None
        if isinstance(value, _Object | _Array):
            stack.append(value)
    return root


def _string(token: str) -> str:
    """The value of a JSON string; two escapes can make one character."""
    value = _unescape(token[1:-1])
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in token else value


@dataclass(frozen=True)
class _Context:
    """What the contexts around a node say about its IRIs: the base, and the definitions of terms."""

    base: str | None
    document: str
    terms: Mapping[str, _Json] = field(default_factory=dict)
    vocabulary: str = ""
    known: dict[str, str | None] = field(default_factory=dict)  # IRIs in full

    def within(self, local: _Json) -> _Context:
        """The context that a local one makes of this one; what it takes from another file is not known."""
        context = self
        for one in local.items if isinstance(local, _Array) else [local]:
            if isinstance(one, _Object):
                context = context._with(one)
            elif one is None:
                context = _Context(self.document, self.document)
        return context

    def _with(self, local: _Object) -> _Context:
        base, vocabulary = self.base, self.vocabulary
        terms = {key: value for key, _, value in local.members if not key.startswith("@")}
        for key, _, value in local.members:
            if key == "@base":
                base = _at_base(value.value, self.base) if isinstance(value, _String) else None
            elif key == "@vocab":
                vocabulary = value.value if isinstance(value, _String) else ""
        return _Context(base, self.document, {**self.terms, **terms} if terms else self.terms, vocabulary)

    def definition(self, term: str) -> str | None:
        """What a term stands for, as its definition has it."""
        value = self.terms.get(term)
        value = value.get("@id") if isinstance(value, _Object) else value
        return value.value if isinstance(value, _String) else None

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The keys that say what a node is called."""
        return frozenset(["@id", *(term for term in self.terms if self.definition(term) == "@id")])

    def named(self, term: str) -> str | None:
        """The IRI of a term that others begin with."""
        seen, name = [term], ""
        while (value := self.definition(seen[-1])) is not None and value not in seen:
            prefix, colon, rest = value.partition(":")
            if colon and not rest.startswith("//") and prefix in self.terms and prefix not in seen:
                seen.append(prefix)
                name = rest + name
            elif colon:
                return value + name
            elif value in self.terms:
                seen.append(value)
            else:
                return self.vocabulary + value + name
        return None

    def iri(self, text: str) -> str | None:
        """A full, compact or relative IRI in full."""
        if text not in self.known:
            self.known[text] = self._iri(text)
        return self.known[text]

    def _iri(self, text: str) -> str | None:
        prefix, colon, rest = text.partition(":")
        if colon and prefix and not rest.startswith("//") and prefix in self.terms:
            namespace, defined = self.named(prefix), self.terms[prefix]
            marked = defined.get("@prefix") is True if isinstance(defined, _Object) else True
            if namespace is not None and marked and (isinstance(defined, _Object) or namespace[-1:] in ":/?#[]@"):
                return namespace + rest
        return text if text.startswith("_:") else _at_base(text, self.base)

    def kind(self, term: str) -> tuple[str | None, _Json]:
        """The type that the values of a term have, and their own context."""
        value = self.terms.get(term)
        if not isinstance(value, _Object):
            return None, False
        kind, local = value.get("@type"), value.get("@context")
        has_context = any(key == "@context" for key, _, _ in value.members)
        return kind.value if isinstance(kind, _String) else None, local if has_context else False


def locate_json(text: str, base: str, triples: Sequence[Triple] = ()) -> Places:
    """Return the places of the subjects in a JSON-LD text without syntax errors: the values of ``@id`` that name them.

    A node that states something comes before one that is only referred to, and any other string comes last.
    """
    stating: dict[str, int] = {}
    referred: dict[str, int] = {}
    mentioned: dict[str, int] = {}
    with suppress(IndexError, AssertionError, ValueError):
        for iri, offset, rank in _identified(_json(text), _Context(base, base)):
            (stating, referred, mentioned)[rank].setdefault(iri, offset)
    return _by_name({**mentioned, **referred, **stating}, text, base, triples, RdfFormat.JSON_LD)


def _identified(root: _Json, context: _Context) -> Iterator[tuple[str, int, int]]:
    """Every string that names a node, its offset, and how well: 0 for a node that states something, 1 for others."""
    stack: list[tuple[_Json, _Context]] = [(root, context)]
    while stack:
        value, context = stack.pop()
        if isinstance(value, _Array):
            stack.extend((item, context) for item in reversed(value.items))
        elif isinstance(value, _String):
            yield value.value, value.offset, 2
            if ":" in value.value and (iri := context.iri(value.value)) is not None:
                yield iri, value.offset, 2
        elif isinstance(value, _Object):
            for key, _, local in value.members:
                if key == "@context":
                    context = context.within(local)
            inner: list[tuple[_Json, _Context]] = []
            keys = {key for key, _, _ in value.members}
            stating = not keys <= context.aliases | {"@context", "@graph", "@index", "@included"}
            for key, offset, member in value.members:
                if key in context.aliases and isinstance(member, _String):
                    if (iri := context.iri(member.value)) is not None:
                        yield iri, member.offset, 0 if stating else 1
                    continue
                if key in ("@context", "@value"):
                    continue
                yield key, offset, 2
                kind, local = context.kind(key)
                if kind == "@json":
                    continue
                scoped = context if local is False else context.within(local)
                inner.append((member, scoped))
            stack.extend(reversed(inner))


_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_WITHIN = {"Resource": "property", "Literal": "", "Collection": "node"}  # what a property holds, by its parseType


def locate_xml(text: str, base: str, triples: Sequence[Triple] = ()) -> Places:
    """Return the places of the subjects in an RDF/XML text without syntax errors: the elements that name them."""
    from xml.parsers import expat

    stating: dict[str, int] = {}
    referred: dict[str, int] = {}
    open_elements: list[tuple[str, str | None]] = [("node", base)]  # what an element in it is, and its base
    data = text.encode()
    read = [0, 0]  # so many bytes, and code points
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")  # and no handler that opens another file

    def start(name: str, attributes: Mapping[str, str]) -> None:
        index = parser.CurrentByteIndex
        read[:] = index, read[1] + len(data[read[0] : index].decode())
        kind, around = open_elements[-1]
        if kind == "":
            open_elements.append(("", around))
            return
        here = _at_base(attributes[_XML_BASE], around) if _XML_BASE in attributes else around
        said = {key.replace(" ", ""): value for key, value in attributes.items()}
        for key in ("about", "ID", "nodeID", "resource"):
            if (value := said.get(RDF + key)) is not None:
                node = f"_:{value}" if key == "nodeID" else _at_base(f"#{value}" if key == "ID" else value, here)
                states = key in ("about", "ID") or kind == "node" or _has_properties(attributes)
                if node is not None:
                    (stating if states else referred).setdefault(node, read[1])
        if kind == "node":
            inside = "node" if name == f"{RDF} RDF" and len(open_elements) == 1 else "property"
        else:
            held = said.get(RDF + "parseType")
            inside = "node" if held is None else _WITHIN.get(held, "")
        open_elements.append((inside, here))

    def end(_: str) -> None:
        open_elements.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    with suppress(expat.ExpatError, ValueError):
        parser.Parse(data, True)
    return _by_name({**referred, **stating}, text, base, triples, RdfFormat.RDF_XML)


def _has_properties(attributes: Mapping[str, str]) -> bool:
    """Whether attributes state something: those of RDF's syntax and of XML do not."""
    return any(" " in key and not key.startswith((RDF, _XML_BASE.partition(" ")[0])) for key in attributes)


def _by_name(
    offsets: Mapping[str, int], text: str, base: str, triples: Sequence[Triple], rdf_format: RdfFormat
) -> Places:
    """The places of the nodes in the triples; the labels of blank nodes are what they are called without renaming."""
    labels: dict[object, str] = {}
    if any(name.startswith("_:") for name in offsets):
        with suppress(SyntaxError, ValueError):
            again = dict.fromkeys(quad.triple for quad in pyoxigraph.parse(text, format=rdf_format, base_iri=base))
            walked = [(one.subject, one.predicate, one.object) for one in again]
            labels = {node: str(label) for label, node in _names(walked, triples).items()}
    subjects: dict[object, int] = {}
    for node in dict.fromkeys(chain.from_iterable((one.subject, one.object) for one in triples)):
        name = node.value if isinstance(node, NamedNode) else labels.get(node)
        if name is not None and name in offsets:
            subjects[node] = offsets[name]
    return Places(subjects)


_BY_SUBJECT: dict[str, Callable[[str, str, Sequence[Triple]], Places]] = {
    ".jsonld": locate_json,
    ".rdf": locate_xml,
    ".owl": locate_xml,
}


class Whereabouts:
    """Finds the place of a node or statement; the places of a file are computed when a finding first asks."""

    def __init__(self, data: Sequence[Document], rules: Sequence[Document]) -> None:
        self.data, self.rules = data, rules
        self.known: dict[
            int, Places
        ] = {}  # by the identity of a document: one path can be among the data and the rules
        self.lines: dict[int, list[int]] = {}
        self.nearest: dict[int, dict[object, int]] = {}  # the offsets of what nodes without a place belong to

    def of(self, focus: object, path: object, value: object, steps: Sequence[NamedNode] = ()) -> tuple[str, int, int]:
        """The place of the statement if there is one, else of the focus node: as a subject, or else as an object.

        ``steps`` are the predicates of a path that is no IRI: the statement is that by which it came to the value.
        """
        if (triple := self._statement(focus, path, value, steps)) is not None:
            document = self._statements[triple]
            offset = self._places(document).objects.get((triple.subject, triple.predicate, triple.object))
            return self._at(document, self._subject(document, focus) if offset is None else offset)
        if (about := self._subjects.get(focus)) is not None:
            return self._at(about, self._subject(about, focus))
        if (triple := self._referring.get(focus)) is not None:
            document = self._statements[triple]
            offset = self._places(document).objects.get((triple.subject, triple.predicate, triple.object))
            return self._at(document, self._subject(document, focus) if offset is None else offset)
        return (self.data or self.rules)[0].name, 1, 1

    def in_rules(
        self, code: str, message: str, mend: str = "", shape: object = None, nl: tuple[str, str] = ("", "")
    ) -> Finding:
        """A finding about the shapes themselves, at one of them or at the start of their first file."""
        document, offset = self.rules[0], 0
        if shape in self._shapes:
            document = self._shapes[shape]
            offset = self._subject(document, shape)
        name, line, column = self._at(document, offset)
        named = shape.value if isinstance(shape, NamedNode) else ""
        message_nl, mend_nl = nl
        return Finding(
            *(name, line, column, message, mend), shape=named, code=code, message_nl=message_nl, mend_nl=mend_nl
        )

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

    @cached_property
    def _arriving(self) -> dict[tuple[object, object], tuple[int, Triple]]:
        """The first triple with each predicate and object, and its number: there may be a finding for each."""
        arriving: dict[tuple[object, object], tuple[int, Triple]] = {}
        for number, triple in enumerate(self._triples()):
            arriving.setdefault((triple.predicate, triple.object), (number, triple))
        return arriving

    @cached_property
    def _shapes(self) -> dict[object, Document]:
        """Where each subject of the rules stands first: there may be a finding for each shape."""
        shapes: dict[object, Document] = {}
        for document in reversed(self.rules):
            shapes.update(dict.fromkeys((triple.subject for triple in document.triples), document))
        return shapes

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

    def _at(self, document: Document, offset: int) -> tuple[str, int, int]:
        lines = self.lines.get(id(document))
        if lines is None:
            lines = self.lines[id(document)] = [0, *(match.end() for match in _LINE_END.finditer(document.text))]
        line = bisect_right(lines, offset)
        return document.name, line, offset - lines[line - 1] + 1

    def _subject(self, document: Document, node: object) -> int:
        """The offset of a node in a document; of one that has none, that of the nearest node that it belongs to."""
        places = self._places(document).subjects
        nearest = self.nearest.setdefault(id(document), {})
        passed: dict[object, None] = {}
        while (offset := places.get(node, nearest.get(node))) is None:
            passed[node] = None
            around = self._referring.get(node)
            if around is None or around.subject in passed:
                offset = 0
                break
            node = around.subject
        nearest.update(dict.fromkeys(passed, offset))
        return offset

    def _places(self, document: Document) -> Places:
        if document.places is not None:
            return document.places
        if (known := self.known.get(id(document))) is None:
            known = Places()
            if document.readable:
                base = document.path.resolve().as_uri()
                finder = _BY_SUBJECT.get(document.path.suffix, locate)
                known = finder(document.text, base, document.triples)
            self.known[id(document)] = known
        return known
