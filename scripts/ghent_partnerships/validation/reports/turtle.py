"""The report that SHACL defines (https://www.w3.org/TR/shacl/#validation-report)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...errors import InvalidError
from ...terminal import no_command

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from ...findings import Report
    from ...rdf.turtle import Node
    from ..results import Result

    _About = dict[str, list[Node | Literal]]


def write(report: Report) -> str:
    """Return the validation results as a ``sh:ValidationReport`` in Turtle, and nothing else that was found.

    All of them: ``sh:conforms`` says whether the data conform to the shapes, which neither a baseline nor a revision to
    compare with can change.

    Raises:
        InvalidError: a file could not be read or the shapes could not be used, so that there is nothing to report.
    """
    from pyoxigraph import BlankNode, Literal, NamedNode

    from ...rdf.namespaces import PREFIXES
    from ...rdf.turtle import TYPE, XSD, serialize
    from ..results import Result

    if report.failures:
        raise InvalidError(report.failures)
    sh = PREFIXES["sh"]
    nodes = _Nodes()
    accepted = (finding for finding, _reason in report.accepted)
    findings = sorted([*report.findings, *accepted, *report.earlier])
    results = [nodes.result(result) for finding in findings for result in finding.results if isinstance(result, Result)]
    nodes.statements[BlankNode()] = {
        TYPE: [NamedNode(sh + "ValidationReport")],
        sh + "conforms": [Literal(str(not results).lower(), datatype=NamedNode(XSD + "boolean"))],
        sh + "result": [*results],
    }
    return no_command(serialize(nodes.statements, PREFIXES), r"\u003A", r"#\u0023")  # both stand in literals


_DEEPEST = 40  # a path that is nested deeper was made to break something


class _Nodes:
    """Makes the nodes of a report. Each blank node is new: canonical Turtle has no labels."""

    def __init__(self) -> None:
        import pyoxigraph

        self.rdf = pyoxigraph
        self.statements: dict[Node, _About] = {}

    def result(self, result: Result) -> Node:
        """The node of a validation result."""
        from ...rdf.namespaces import PREFIXES
        from ...rdf.turtle import TYPE

        sh = PREFIXES["sh"]
        is_query = result.component == f"{sh}SPARQLConstraintComponent"
        parts: dict[str, list[Node | Literal | None]] = {
            TYPE: [self.rdf.NamedNode(sh + "ValidationResult")],
            sh + "focusNode": [self.term(result.focus)],
            sh + "resultPath": [self.path(result.path)],
            sh + "value": [self.term(result.value)],
            sh + "sourceShape": [self.term(result.shape)],
            sh + "sourceConstraintComponent": [self.iri(result.component)],
            sh + "sourceConstraint": [self.term(result.constraint) if is_query else None],
            sh + "resultSeverity": [self.iri(result.severity)],
            sh + "resultMessage": [*result.messages],
            sh + "detail": [self.result(detail) for detail in result.details],
        }
        return self._blank({name: [part for part in values if part is not None] for name, values in parts.items()})

    def term(self, term: Node | Literal | None) -> Node | Literal | None:
        """The term; for a blank node one of its own."""
        return self.rdf.BlankNode() if isinstance(term, self.rdf.BlankNode) else term

    def iri(self, text: str) -> Node:
        """The node of an IRI; for the label of a blank node one of its own."""
        try:
            return self.rdf.NamedNode(text)
        except ValueError:
            return self.rdf.BlankNode()

    def path(self, text: str) -> Node | None:
        """The node that stands for a SPARQL property path in SHACL, or None where there is none."""
        try:
            return self._path(_path(text))
        except ValueError:
            return None

    def _path(self, path: NamedNode | _Path) -> Node:
        from ...rdf.namespaces import PREFIXES
        from ...rdf.turtle import FIRST, NIL, REST

        if isinstance(path, self.rdf.NamedNode):
            return path
        steps = [self._path(part) for part in path.parts]
        node: Node = steps[0]
        if path.operator in ("alternativePath", "sequence"):
            node = self.rdf.NamedNode(NIL)
            for step in reversed(steps):
                node = self._blank({FIRST: [step], REST: [node]})
        return node if path.operator == "sequence" else self._blank({PREFIXES["sh"] + path.operator: [node]})

    def _blank(self, about: _About) -> Node:
        node = self.rdf.BlankNode()
        self.statements[node] = about
        return node


class _Path(NamedTuple):
    """A property path that is no IRI: what SHACL's property of that local name, or ``sequence``, makes of others."""

    operator: str
    parts: tuple[NamedNode | _Path, ...]


_PATH_TOKEN = re.compile(r"\s*+(<[^<>\"{}|^`\\\x00-\x20]*>|[()|/^*+?])")
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def _path(text: str) -> NamedNode | _Path:
    """Read a SPARQL property path.

    Raises:
        ValueError: it is none, or uses what SHACL does not have.
    """
    tokens: list[str] = []
    offset = 0
    while match := _PATH_TOKEN.match(text, offset):
        tokens.append(match[1])
        offset = match.end()
    if text[offset:].strip() or not tokens:
        raise ValueError(text)
    tokens.reverse()
    path = _alternative(tokens, 0)
    if tokens:
        raise ValueError(text)
    return path


def _alternative(tokens: list[str], depth: int) -> NamedNode | _Path:
    parts = [_sequence(tokens, depth)]
    while _took(tokens, "|"):
        parts.append(_sequence(tokens, depth))
    return parts[0] if len(parts) == 1 else _Path("alternativePath", tuple(parts))


def _sequence(tokens: list[str], depth: int) -> NamedNode | _Path:
    parts = [_step(tokens, depth)]
    while _took(tokens, "/"):
        parts.append(_step(tokens, depth))
    return parts[0] if len(parts) == 1 else _Path("sequence", tuple(parts))


def _step(tokens: list[str], depth: int) -> NamedNode | _Path:
    from pyoxigraph import NamedNode

    path: NamedNode | _Path
    if depth > _DEEPEST or not tokens:
        raise ValueError("the path is nested too deep, or ends too early")
    if _took(tokens, "^"):
        return _Path("inversePath", (_step(tokens, depth + 1),))
    token = tokens.pop()
    if token == "(":
        path = _alternative(tokens, depth + 1)
        if not _took(tokens, ")"):
            raise ValueError("a parenthesis is not closed")
    elif token.startswith("<"):
        path = NamedNode(token[1:-1])
    else:
        raise ValueError(f"{token} stands where a path should start")
    return _Path(_REPEATED[tokens.pop()], (path,)) if tokens and tokens[-1] in _REPEATED else path


def _took(tokens: list[str], token: str) -> bool:
    if tokens and tokens[-1] == token:
        tokens.pop()
        return True
    return False
