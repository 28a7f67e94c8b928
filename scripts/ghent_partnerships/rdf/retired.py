"""Retired IRIs: they were published, are not to be used any more, and stay in the graph as deprecated."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from .namespaces import PREFIXES
from .turtle import XSD

DEPRECATED, SUCCESSOR = PREFIXES["owl"] + "deprecated", PREFIXES["dcterms"] + "isReplacedBy"
_TRUE = [Literal(text, datatype=NamedNode(f"{XSD}boolean")) for text in ("true", "1")]


def retired(statements: Iterable[Triple]) -> dict[str, str | None]:
    """Return the IRIs that are ``owl:deprecated true``, each with its last ``dcterms:isReplacedBy``, or None.

    A successor alone retires nothing: it may be a newer version beside one that is still in use.
    """
    deprecated: dict[str, str | None] = {}
    successors: dict[str, str] = {}
    for subject, predicate, value in statements:
        if isinstance(subject, NamedNode):
            if predicate.value == DEPRECATED and value in _TRUE:
                deprecated[subject.value] = None
            elif predicate.value == SUCCESSOR and isinstance(value, NamedNode):
                successors[subject.value] = value.value
    return {iri: successors.get(iri) for iri in deprecated}
