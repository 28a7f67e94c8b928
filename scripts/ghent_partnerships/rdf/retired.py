"""What is retired: an IRI that was published and is not to be used any more, but for ever says so."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from .namespaces import PREFIXES
from .turtle import XSD

DEPRECATED, SUCCESSOR = PREFIXES["owl"] + "deprecated", PREFIXES["dcterms"] + "isReplacedBy"
_TRUE = [Literal(text, datatype=NamedNode(f"{XSD}boolean")) for text in ("true", "1")]


def retired(statements: Iterable[Triple]) -> dict[str, str | None]:
    """Return the IRIs that ``owl:deprecated`` is true of, each with the last ``dcterms:isReplacedBy`` if it has one.

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
