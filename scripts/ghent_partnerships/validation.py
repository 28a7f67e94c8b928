"""Check RDF against SHACL shapes with pySHACL, and say of each finding where it stands and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from . import reading
from .files import RDF_SUFFIXES, expand, graph_files, own_file, shapes_file
from .findings import Finding
from .names import PREFIXES
from .places import Places, locate
from .reading import Document
from .turtle import abbreviate

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_TURTLE = (".ttl", ".nt")


@dataclass(frozen=True)
class Report:
    """What a validation found: ``findings`` in order of their places, over so many files and distinct triples."""

    findings: tuple[Finding, ...]
    files: int
    triples: int

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def validate(files: Iterable[str | PathLike[str]] = (), *, shapes: Iterable[str | PathLike[str]] = ()) -> Report:
    """Check the graph with the files in it; or, given shapes, only the files against those.

    A file that is one of the graph's own (the same path, or the same path under ``data/``) takes its place, any other
    is added; a directory stands for every RDF file under it. Syntax errors are findings, and the other files are
    still checked.

    Raises:
        UsageError: a path is missing, unreadable, no regular file or not RDF, or a directory holds no RDF file.
    """
    given = expand(map(Path, files), RDF_SUFFIXES)
    theirs = expand(map(Path, shapes), RDF_SUFFIXES)
    if theirs:
        data, rules = [reading.parse(file) for file in given], [reading.parse(file) for file in theirs]
    else:
        data, rules = _own_with(given)
    return check(data, rules, every_shape=not theirs)


def _own_with(given: Sequence[Path]) -> tuple[list[Document], list[Document]]:
    """The documents of the graph and of its shapes, the given ones in the place of those they stand for."""
    instead: dict[Path, Path] = {}
    added: list[Path] = []
    for file in given:
        own = own_file(file)
        if own is None:
            added.append(file)
        else:
            instead[own] = file
    ours = [instead.get(file, file) for file in graph_files()]
    first = [file for file in given if file in ours or file in added]  # where a person looks first for what is wrong
    data = [reading.parse(file) for file in dict.fromkeys([*first, *ours])]
    return data, [reading.parse(instead.get(shapes_file(), shapes_file()))]


def check(data: Sequence[Document], rules: Sequence[Document], *, every_shape: bool) -> Report:
    """Check documents against the shapes in others; ``every_shape`` demands that each shape finds a focus node."""
    from .loading import to_rdflib

    documents = [*data, *rules]
    findings = [finding for document in documents for finding in document.findings]
    triples = dict.fromkeys(chain.from_iterable(document.triples for document in data))
    if all(document.readable for document in rules):
        graph = to_rdflib(triples)
        shapes = to_rdflib(dict.fromkeys(chain.from_iterable(document.triples for document in rules)))
        places = _Where(data, rules)
        complete = all(document.readable for document in data)
        if complete:
            findings += _unused_shapes(graph, shapes, places, every_shape=every_shape)
        described = {triple.subject for triple in triples}
        for result in _results(graph, shapes, places):
            # Where a file could not be read, what refers to the resources in it is not to blame.
            if complete or not result.value.startswith("<") or _parsed(result.value) in described:
                findings.append(result)
    return Report(tuple(sorted(set(findings))), len(documents), len(triples))


def _results(graph: Graph, shapes: Graph, where: _Where) -> Iterable[Finding]:
    import logging
    import warnings

    import pyshacl
    from pyshacl.errors import ShapeRecursionWarning
    from rdflib import Graph as RdfGraph
    from rdflib.namespace import RDF, SH

    logging.getLogger("pyshacl-validate").disabled = True  # it says on standard error what it also raises
    if advanced := next(shapes.subjects(SH.target), None):
        yield where.in_rules("The shapes cannot be used: sh:target is of SHACL Advanced Features.", "", advanced)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)  # pySHACL backs out, and finds that the data conform
            _, report, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    except Exception as error:  # malformed shapes make it raise whatever its parts raise
        yield where.in_rules(f"The shapes cannot be used: {_summary(str(error)) or type(error).__name__}")
        return
    if not isinstance(report, RdfGraph):
        yield where.in_rules(f"The shapes cannot be used: {_summary(text)}")
        return
    for result in report.subjects(RDF.type, SH.ValidationResult):
        one = {key: report.value(result, SH[key]) for key in _RESULT_KEYS}
        yield _finding(one, shapes, where)


_RESULT_KEYS = (
    "focusNode",
    "resultPath",
    "value",
    "sourceShape",
    "sourceConstraint",
    "sourceConstraintComponent",
    "resultSeverity",
    "resultMessage",
)


def _finding(one: dict[str, Node | None], shapes: Graph, where: _Where) -> Finding:
    from rdflib import BNode
    from rdflib.namespace import SH

    shape, focus, path, value = one["sourceShape"], one["focusNode"], one["resultPath"], one["value"]
    speakers = [node for node in (one["sourceConstraint"], shape) if node is not None]
    messages = next((texts for node in speakers if (texts := _texts(shapes, node, SH.message))), {})
    mends = _texts(shapes, speakers[0], SH.description) if speakers else {}
    message = messages.get("en") or messages.get("") or str(one["resultMessage"] or "The shape is violated.")
    terms = [_oxigraph(node) for node in (focus, path, value)]
    file, line, column = where.of(*terms)
    terms = [None if isinstance(term, BlankNode) else term for term in terms]  # their labels say nothing
    if path is None and value == focus:  # SHACL gives the node itself as the value of a constraint on the node
        terms = terms[:1]
    return Finding(
        file,
        line,
        column,
        " ".join(message.split()),
        mend=mends.get("en") or mends.get("", ""),
        found=" ".join(_turtle(term) for term in terms if term is not None),
        severity=str(one["resultSeverity"] or SH.Violation).rpartition("#")[2].lower(),
        focus=_n3(focus),
        path=_n3(path),
        value=_n3(value),
        shape="" if shape is None or isinstance(shape, BNode) else str(shape),
        constraint=str(one["sourceConstraintComponent"] or ""),
        message_nl=messages.get("nl", ""),
        mend_nl=mends.get("nl", ""),
    )


def _summary(text: str) -> str:
    """The text in one line, without where to read on."""
    return " ".join(text.partition("\nFor reference")[0].split())


def _texts(shapes: Graph, node: Node, predicate: Node) -> dict[str, str]:
    return {getattr(text, "language", None) or "": str(text) for text in shapes.objects(node, predicate)}


def _unused_shapes(graph: Graph, shapes: Graph, where: _Where, *, every_shape: bool) -> Iterable[Finding]:
    """A shape that looks at nothing passes whatever the data says, so that is a finding: for any shape of ours, and
    for other people's shapes when not one of them finds a node."""
    from rdflib.namespace import OWL, RDF, RDFS, SH

    targets: list[tuple[Node, Node, Iterable[Node]]] = []

    def instances(target: Node) -> Iterable[Node]:
        kinds = graph.transitive_subjects(RDFS.subClassOf, target)
        return (node for kind in kinds for node in graph.subjects(RDF.type, kind))

    for shape, target in shapes.subject_objects(SH.targetClass):
        targets.append((shape, target, instances(target)))
    classes = {*shapes.subjects(RDF.type, RDFS.Class), *shapes.subjects(RDF.type, OWL.Class)}
    targets += (
        (shape, shape, instances(shape)) for shape in shapes.subjects(RDF.type, SH.NodeShape) if shape in classes
    )
    for shape, target in shapes.subject_objects(SH.targetNode):
        targets.append((shape, target, [target] if (target, None, None) in graph or not every_shape else []))
    for shape, target in shapes.subject_objects(SH.targetSubjectsOf):
        targets.append((shape, target, graph.subjects(target, None)))
    for shape, target in shapes.subject_objects(SH.targetObjectsOf):
        targets.append((shape, target, graph.objects(None, target)))
    for shape, target in shapes.subject_objects(SH.target):  # only pySHACL knows what a SPARQL target finds
        targets.append((shape, target, [target]))
    unused = [(shape, target) for shape, target, nodes in targets if next(iter(nodes), None) is None]
    if len(unused) == len(targets):
        message = "None of the shapes applies to any node: nothing was checked."
        yield where.in_rules(message, "Check the targets of the shapes.")
    elif every_shape:
        for shape, target in unused:
            names = _turtle(_term(shape)), _turtle(_term(target))
            message = f"The shape {names[0]} finds no node at its target {names[1]}: it checks nothing there."
            yield where.in_rules(message, "Check the target.", shape)


class _Where:
    """Finds the place of a node or statement; the places of a file are computed when a finding first asks."""

    def __init__(self, data: Sequence[Document], rules: Sequence[Document]) -> None:
        self.data, self.rules = data, rules
        self.known: dict[Path, Places] = {}

    def of(self, focus: object, path: object, value: object) -> tuple[str, int, int]:
        """The place of the statement if there is one, else of the focus node, else the first file."""
        for document in self.data:
            for triple in document.triples:
                if triple.subject == focus and triple.object == value and path in (None, triple.predicate):
                    offset = self.places(document).objects.get((triple.subject, triple.predicate, triple.object))
                    return self.at(document, self.subject(document, focus) if offset is None else offset)
        for document in self.data:
            if any(triple.subject == focus for triple in document.triples):
                return self.at(document, self.subject(document, focus))
        return self.data[0].name, 1, 1

    def in_rules(self, message: str, mend: str = "", shape: Node | None = None) -> Finding:
        document = self.rules[0]
        offset = 0 if shape is None else self.subject(document, _oxigraph(shape))
        name, line, column = self.at(document, offset)
        return Finding(name, line, column, message, mend, shape=str(shape or ""))

    def at(self, document: Document, offset: int) -> tuple[str, int, int]:
        return document.name, *reading.place(document.text, offset)

    def subject(self, document: Document, node: object) -> int:
        offset = self.places(document).subjects.get(node)
        if offset is None and isinstance(node, NamedNode):
            offset = max(document.text.find(node.value), 0)
        return offset or 0

    def places(self, document: Document) -> Places:
        if document.path not in self.known:
            walkable = document.readable and document.path.suffix in _TURTLE
            base = document.path.resolve().as_uri()
            self.known[document.path] = locate(document.text, base) if walkable else Places()
        return self.known[document.path]


def _oxigraph(node: Node | None) -> NamedNode | BlankNode | Literal | None:
    """The term, or None for what is none: the query of a constraint can make up IRIs and language tags."""
    try:
        return None if node is None else _term(node)
    except ValueError:
        return None


def _term(node: Node) -> NamedNode | BlankNode | Literal:
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)
    if node.language is not None:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=None if node.datatype is None else NamedNode(str(node.datatype)))


def _n3(node: Node | None) -> str:
    term = _oxigraph(node)
    return "" if term is None else str(term)


def _parsed(iri: str) -> NamedNode:
    return NamedNode(iri[1:-1])


def _turtle(term: NamedNode | BlankNode | Literal) -> str:
    return abbreviate(term, PREFIXES).replace("\n", "\\n")
