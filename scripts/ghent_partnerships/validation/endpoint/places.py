"""Where findings about a store are: at a node of an endpoint, since there are no lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from ...findings import Location
from ...rdf.namespaces import PREFIXES
from ...rdf.parse import Document
from ...rdf.source_map import SourceMap
from ..results import Result
from ..shapes import Term
from .statements import Statements

_LABELS = (NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["skos"] + "prefLabel"))
_MOST = 1_000  # results whose nodes are named: nobody reads more


class Places(SourceMap):
    """The places of the statements of an endpoint, by its URL, of which some are at hand."""

    def __init__(self, url: str, triples: Collection[Triple], rules: Sequence[Document]) -> None:
        super().__init__([Document(Path(url), url, triples=[*triples])], rules)
        self.url = url

    def of(self, focus: object, path: object, value: object, steps: Sequence[NamedNode] = ()) -> Location:  # noqa: ARG002
        """The place of the focus node."""
        name = "" if focus is None or isinstance(focus, BlankNode) else f" {focus}"
        return Location(f"{self.url}{name}", 0, 0)


def described(statements: Statements, results: Sequence[Result]) -> Collection[Triple]:
    """Fetch what findings say about the nodes of the first results: their names, and the values that are counted."""
    statements.forget()
    names: dict[Term, None] = {}
    for result in islice(results, _MOST):
        nodes = [result.focus, result.value, result.parameter]
        if result.path.startswith("<") and result.path.count("<") == 1:
            nodes.append(predicate := NamedNode(result.path[1:-1]))
            statements.step((predicate, False), [result.focus])
        names.update(dict.fromkeys(node for node in nodes if node is not None))
    for predicate in _LABELS:
        statements.step((predicate, False), names)
    return statements.triples
