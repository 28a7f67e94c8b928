"""The report that SHACL defines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...terminal import no_command
from ...text import NO_LANGUAGE
from .summary import rule_id, severity_of

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode

    from ...findings import Report
    from ...rdf.turtle import Node


def write(report: Report) -> str:
    """Return the report as a ``sh:ValidationReport`` (SHACL, section 3.6) in Turtle."""
    from pyoxigraph import BlankNode, Literal, NamedNode

    from ...rdf.namespaces import GP, PREFIXES
    from ...rdf.turtle import TYPE, XSD, serialize

    sh = PREFIXES["sh"]
    terms = _Terms()
    results: list[Node | Literal] = []
    conforms = Literal(str(report.conforms).lower(), datatype=NamedNode(XSD + "boolean"))
    root = BlankNode()
    about: dict[str, list[Node | Literal]] = {
        TYPE: [NamedNode(sh + "ValidationReport")],
        sh + "conforms": [conforms],
        sh + "result": results,
    }
    terms.statements[root] = about
    for finding in report.findings:
        constraint = terms.iri(finding.result.constraint) or terms.iri(GP + _fragment(rule_id(finding)))
        message, result = finding.message, finding.result
        if not result.focus:  # it has no other way to say where
            message = message.map(f"{finding.location}: ".__add__)
        parts: dict[str, list[Node | Literal | None]] = {
            TYPE: [NamedNode(sh + "ValidationResult")],
            sh + "focusNode": [terms.term(result.focus)],
            sh + "resultPath": [terms.path(result.path)],
            sh + "value": [terms.term(result.value)],
            sh + "sourceShape": [terms.iri(result.shape)],
            sh + "sourceConstraintComponent": [constraint],
            sh + "resultSeverity": [NamedNode(sh + severity_of(finding).capitalize())],
            sh + "resultMessage": [_literal(language, text) for language, text in message.items()],
        }
        results.append(terms.blank({name: [v for v in values if v is not None] for name, values in parts.items()}))
    return no_command(serialize(terms.statements, PREFIXES), r"\u003A", r"#\u0023")  # both stand in literals


def _literal(language: str, text: str) -> Literal:
    from pyoxigraph import Literal

    return Literal(_whole(text)) if language == NO_LANGUAGE else Literal(_whole(text), language=language)


def _fragment(code: str) -> str:
    from urllib.parse import quote

    return quote(_whole(code), safe="")


def _whole(text: str) -> str:
    """The text with an escape for each half of a character, which RDF cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Terms:
    """Makes terms of their notations. Each blank node is new: canonical Turtle has no labels."""

    def __init__(self) -> None:
        import pyoxigraph

        self.rdf = pyoxigraph
        self.statements: dict[Node, dict[str, list[Node | Literal]]] = {}
        self.known: dict[str, NamedNode | Literal] = {}
        self.paths: dict[str, NamedNode | _Path | None] = {}

    def blank(self, about: dict[str, list[Node | Literal]]) -> BlankNode:
        node = self.rdf.BlankNode()
        self.statements[node] = about
        return node

    def iri(self, text: str) -> NamedNode | None:
        try:
            return self.rdf.NamedNode(text)
        except ValueError:
            return None

    def term(self, text: str) -> Node | Literal | None:
        """The term that N-Triples writes so; a text that is none stands for itself."""
        if not text or text.startswith("_:"):
            return self.rdf.BlankNode() if text else None
        if (known := self.known.get(text)) is None:
            known = self.known[text] = self._term(text)
        return known

    def _term(self, text: str) -> NamedNode | Literal:
        try:
            (quad,) = self.rdf.parse(f"<a:s> <a:p> {_whole(text)} .", format=self.rdf.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError):  # a ValueError: two statements
            return self.rdf.Literal(_whole(text))
        term = quad.object
        if isinstance(term, self.rdf.Triple | self.rdf.BlankNode) or getattr(term, "direction", None):  # of RDF 1.2
            return self.rdf.Literal(text)
        known: NamedNode | Literal = term
        return known

    def path(self, text: str) -> Node | None:
        """The node that stands for a SPARQL property path in SHACL, or None for what is no such path."""
        if text not in self.paths:
            try:
                self.paths[text] = _path(text)
            except ValueError:
                self.paths[text] = None
        path = self.paths[text]
        return None if path is None else self._node(path)

    def _node(self, path: NamedNode | _Path) -> Node:
        from ...rdf.namespaces import PREFIXES
        from ...rdf.turtle import FIRST, NIL, REST

        if isinstance(path, self.rdf.NamedNode):
            return path
        steps = [self._node(part) for part in path.parts]
        node: Node = steps[0]
        if path.operator in ("alternativePath", "sequence"):
            node = self.rdf.NamedNode(NIL)
            for step in reversed(steps):
                node = self.blank({FIRST: [step], REST: [node]})
        return node if path.operator == "sequence" else self.blank({PREFIXES["sh"] + path.operator: [node]})


class _Path(NamedTuple):
    """A property path that is no IRI: what SHACL's property of that local name, or ``sequence``, makes of others."""

    operator: str
    parts: tuple[NamedNode | _Path, ...]


_PATH_TOKEN = re.compile(r"\s*+(<[^<>\"{}|^`\\\x00-\x20]*>|[()|/^*+?])")
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_DEEPEST = 20  # a path that is nested deeper was made to break something


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
