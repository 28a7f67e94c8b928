"""The queries as data: each a SHACL SPARQL executable, so that query editors list them and shapes can check them.

Reading is tolerant: where a header lacks something there are fewer triples, and ``ontology/style.ttl`` says so. Only
what is no query at all is a finding of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from .errors import InvalidError, UsageError
from .files import query_files, read, shown
from .findings import Finding
from .names import BASE, PREFIXES
from .questions import Part, defaults, demand_reading, header, not_sparql, prefixes
from .reading import Document, Places, decode
from .turtle import RDF, XSD

ENDPOINT = BASE + "sparql"
_SHARED = BASE + "queries"
_RDFS, _SH = PREFIXES["rdfs"], PREFIXES["sh"]
_KEYWORDS, _TARGET = PREFIXES["schema"] + "keywords", PREFIXES["schema"] + "target"
_LABELS = {"en": "The queries and their prefixes", "nl": "De query's en hun prefixen"}
_HEADER_LINE = re.compile(r"^#\+.*\n?", re.MULTILINE)
_SLUG = re.compile(r"[\w.-]+")
_LONGEST, _DEEPEST = 10_000, 100
_BRACKET = re.compile(r"(?P<opens>[({\[])|[)}\]]")


def executables(files: Iterable[Path] | None = None) -> list[Document]:
    """Return each query as data, by default all of ours: a document has the place of each triple in the query's file.

    Raises:
        UsageError: a file is missing or unreadable.
    """
    documents: dict[str, Document] = {}
    read_so_far = []
    for file in query_files() if files is None else files:
        document = _document(file)
        if (other := documents.setdefault(file.stem, document)) is not document:
            message = f"Another query has the same name: {other.name}."
            document.findings.append(Finding(document.name, 1, 1, message, "Give one of the two another name."))
        read_so_far.append(document)
    return read_so_far


def executable_triples() -> list[Triple]:
    """Return the triples of all our queries, each once.

    Raises:
        InvalidError: a file is no query.
    """
    documents = executables()
    if findings := [finding for document in documents for finding in document.findings]:
        raise InvalidError(findings)
    return list(dict.fromkeys(triple for document in documents for triple in document.triples))


def _document(file: Path) -> Document:
    name = shown(file)
    try:
        text, findings = decode(name, read(file))
        form = _form(name, text)
        if not _SLUG.fullmatch(file.stem):
            raise InvalidError(
                [Finding(name, 1, 1, "The name of the file cannot end an IRI; expected words and hyphens.")]
            )
    except InvalidError as error:
        return Document(file, name, findings=[*error.findings], readable=False)
    document = Document(file, name, text, findings=findings, places=Places())
    writing = _Writing(document)
    writing.query(NamedNode(PREFIXES["query"] + file.stem), form)
    return document


def _form(name: str, text: str) -> str:
    """What form of query a text is: of a text that is none, Oxigraph says where it is wrong."""
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:  # deep nesting overflows the stack of the parser
        message = f"The query is longer than {_LONGEST:,} characters, or nested more than {_DEEPEST} deep."
        raise InvalidError([Finding(name, 1, 1, message, "Ask for less in one query.")])
    try:
        form = demand_reading(text, allow_service=False)
        with suppress(ValueError):  # two default graphs are refused, after the query was read and before it is asked
            Store().query(text, use_default_graph_as_union=True, default_graph=DefaultGraph())
    except UsageError as error:
        message = str(error).partition(";")[0]
        raise InvalidError([Finding(name, 1, 1, f"{message[0].upper()}{message[1:]}.")]) from error
    except SyntaxError as error:
        raise InvalidError([not_sparql(name, error)]) from error
    return form


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        depth += 1 if match["opens"] else -1
        deepest = max(deepest, depth)
    return deepest


class _Writing:
    """Writes statements into a document, each with its place in the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        assert document.places is not None
        self.places = document.places

    def query(self, query: NamedNode, form: str) -> None:
        text = self.document.text
        said = header(text)
        start = max((match.end() for match in _HEADER_LINE.finditer(text)), default=0)
        for kind in ("SPARQLExecutable", f"SPARQL{form.title()}Executable"):
            self.say(query, RDF + "type", NamedNode(_SH + kind), 0)
        for key, language in (("summary", "en"), ("summary-nl", "nl")):
            for summary in said.get(key, []):
                self.say(query, _RDFS + "comment", Literal(summary.text, language=language), summary.offset)
        for line in said.get("tags", []):
            for tag in filter(lambda one: one.text, line.split(",")):
                self.say(query, _KEYWORDS, Literal(tag.text), tag.offset)
        self.say(query, _TARGET, NamedNode(ENDPOINT), 0)
        self.say(query, _SH + "prefixes", NamedNode(_SHARED), start)
        self.say(query, _SH + form.lower(), Literal(_HEADER_LINE.sub("", text).strip()), start)
        for line in said.get("param", []):
            self.parameter(query, line)
        self.shared(query)

    def parameter(self, query: NamedNode, line: Part) -> None:
        name, *meanings = line.split("|")
        if not _SLUG.fullmatch(name.text):
            return
        parameter = NamedNode(f"{query.value}#{name.text}")
        self.say(query, _SH + "parameter", parameter, name.offset)
        self.say(parameter, RDF + "type", NamedNode(_SH + "Parameter"), name.offset)
        self.say(parameter, _SH + "path", parameter, name.offset)
        self.say(parameter, _SH + "name", Literal(name.text), name.offset)
        for language, meaning in zip(("en", "nl"), meanings, strict=False):
            if meaning.text:
                self.say(parameter, _SH + "description", Literal(meaning.text, language=language), meaning.offset)
        default, offset = defaults(self.document.text).get(name.text, (None, 0))
        if isinstance(default, NamedNode):
            self.say(parameter, _SH + "nodeKind", NamedNode(_SH + "IRI"), offset)
        elif isinstance(default, Literal):
            self.say(parameter, _SH + "datatype", default.datatype, offset)
        if default is not None:
            self.say(parameter, _SH + "defaultValue", default, offset)

    def shared(self, query: NamedNode) -> None:
        """What all queries share: the prefixes that any of them declares."""
        shared = NamedNode(_SHARED)
        self.say(shared, RDF + "type", NamedNode(PREFIXES["owl"] + "Ontology"), 0)
        for language, label in _LABELS.items():
            self.say(shared, _RDFS + "label", Literal(label, language=language), 0)
        self.say(shared, PREFIXES["dcterms"] + "hasPart", query, 0)
        for prefix, namespace in prefixes(self.document.text).items():
            declaration = NamedNode(f"{_SHARED}#{prefix}")
            value = Literal(namespace.text, datatype=NamedNode(XSD + "anyURI"))
            self.say(shared, _SH + "declare", declaration, namespace.offset)
            self.say(declaration, RDF + "type", NamedNode(_SH + "PrefixDeclaration"), namespace.offset)
            self.say(declaration, _SH + "prefix", Literal(prefix), namespace.offset)
            self.say(declaration, _SH + "namespace", value, namespace.offset)

    def say(self, subject: NamedNode, predicate: str, value: NamedNode | Literal, offset: int) -> None:
        triple = Triple(subject, NamedNode(predicate), value)
        self.places.subjects.setdefault(subject, offset)
        if (key := (triple.subject, triple.predicate, value)) not in self.places.objects:
            self.places.objects[key] = offset
            self.document.triples.append(triple)
