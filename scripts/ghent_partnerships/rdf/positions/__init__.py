"""Where the triples of a text stand: the offset of every subject and of every object, a module for each syntax.

pyoxigraph parses the files and gives no positions, so these modules walk over the tokens of a text that is known to be
right. They keep their own stack: depth of nesting costs memory, never the interpreter's.

pyoxigraph also renames blank nodes. To know which of them stands where, the walk makes the same triples in the same
order: what differs is the names. In JSON-LD and RDF/XML only the positions of the subjects that have a name are known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from ..tokens import SCHEME

Statement = tuple[object, object, object]
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\\ud800-\udfff]")


@dataclass
class Positions:
    """Offsets, in code points from the start of the text; of what stands there twice, the first."""

    subjects: dict[object, int] = field(default_factory=dict)
    objects: dict[tuple[object, object, object], int] = field(default_factory=dict)


def matching_nodes(walked: Collection[Statement], triples: Sequence[Triple]) -> dict[object, BlankNode]:
    """The blank nodes of the triples by those of the same triples with other names: none unless all else is equal."""
    if len(walked) != len(triples):
        return {}
    names: dict[object, BlankNode] = {}
    taken: set[object] = set()
    for (subject, predicate, value), triple in zip(walked, triples, strict=True):
        if predicate != triple.predicate:
            return {}
        for node, meant in ((subject, triple.subject), (value, triple.object)):
            if isinstance(node, BlankNode) and isinstance(meant, BlankNode):
                if node not in names and meant not in taken:
                    names[node] = meant
                    taken.add(meant)
                elif names.get(node) != meant:
                    return {}
            elif node != meant:
                return {}
    return names


def resolved(iri: str, base: str) -> str:
    """A relative IRI at its base, by the parser itself: urljoin drops an empty fragment, and refuses some names."""
    quads = pyoxigraph.parse(f"<a:s> <a:p> {iri} .", format=RdfFormat.TURTLE, base_iri=base)
    value = next(quads).object
    assert isinstance(value, NamedNode)
    return value.value


def at_base(iri: str, base: str | None) -> str | None:
    """An IRI as JSON-LD or RDF/XML has it, resolved at a base; None where it cannot be."""
    if SCHEME.match(iri):
        return iri
    if base is None or _NO_IRI.search(iri):
        return None
    try:
        return resolved(f"<{iri}>", base)
    except (SyntaxError, ValueError):
        return None


def by_name(
    offsets: Mapping[str, int], text: str, base: str, triples: Sequence[Triple], rdf_format: RdfFormat
) -> Positions:
    """The positions of the nodes in the triples. Without renaming, a blank node is named by its label."""
    labels: dict[object, str] = {}
    if any(name.startswith("_:") for name in offsets):
        with suppress(SyntaxError, ValueError):
            again = dict.fromkeys(quad.triple for quad in pyoxigraph.parse(text, format=rdf_format, base_iri=base))
            walked = [(triple.subject, triple.predicate, triple.object) for triple in again]
            labels = {node: str(label) for label, node in matching_nodes(walked, triples).items()}
    subjects: dict[object, int] = {}
    for node in dict.fromkeys(chain.from_iterable((triple.subject, triple.object) for triple in triples)):
        name = node.value if isinstance(node, NamedNode) else labels.get(node)
        if name is not None and name in offsets:
            subjects[node] = offsets[name]
    return Positions(subjects)
