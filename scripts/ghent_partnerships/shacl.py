"""Run pySHACL over graphs, and make findings of its results: in the shapes' own words, with their places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from .findings import Finding
from .loading import from_rdflib
from .names import PREFIXES
from .places import Whereabouts
from .turtle import abbreviate

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def results(graph: Graph, shapes: Graph, where: Whereabouts) -> Iterable[Finding]:
    """What pySHACL finds in the graph, or why it cannot use the shapes."""
    import logging
    import warnings

    import pyshacl
    from pyshacl.errors import ShapeRecursionWarning
    from rdflib import Graph as RdfGraph
    from rdflib.namespace import RDF, SH

    logging.getLogger("pyshacl-validate").disabled = True  # it says on standard error what it also raises
    if advanced := next(shapes.subjects(SH.target), None):
        yield where.in_rules(
            "The shapes cannot be used: sh:target is of SHACL Advanced Features.", "", from_rdflib(advanced)
        )
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


def _finding(one: dict[str, Node | None], shapes: Graph, where: Whereabouts) -> Finding:
    from rdflib import BNode
    from rdflib.namespace import SH

    shape, focus, path, value = one["sourceShape"], one["focusNode"], one["resultPath"], one["value"]
    speakers = [node for node in (one["sourceConstraint"], shape) if node is not None]
    messages = next((texts for node in speakers if (texts := _texts(shapes, node, SH.message))), {})
    mends = _texts(shapes, speakers[0], SH.description) if speakers else {}
    message = messages.get("en") or messages.get("") or str(one["resultMessage"] or "The shape is violated.")
    terms = [from_rdflib(node) for node in (focus, path, value)]
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


def unused(graph: Graph, shapes: Graph, where: Whereabouts, *, every_shape: bool) -> Iterable[Finding]:
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
    idle = [(shape, target) for shape, target, nodes in targets if next(iter(nodes), None) is None]
    if len(idle) == len(targets):
        message = "None of the shapes applies to any node: nothing was checked."
        yield where.in_rules(message, "Check the targets of the shapes.")
    elif every_shape:
        for shape, target in idle:
            names = _turtle(from_rdflib(shape)), _turtle(from_rdflib(target))
            message = f"The shape {names[0]} finds no node at its target {names[1]}: it checks nothing there."
            yield where.in_rules(message, "Check the target.", from_rdflib(shape))


def _n3(node: Node | None) -> str:
    term = from_rdflib(node)
    return "" if term is None else str(term)


def _turtle(term: NamedNode | BlankNode | Literal | None) -> str:
    return "" if term is None else abbreviate(term, PREFIXES).replace("\n", "\\n")
