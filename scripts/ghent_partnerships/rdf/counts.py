"""Statistics of a graph, in the vocabulary of https://www.w3.org/TR/void/, section 4.6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .build import make_triples
from .turtle import TYPE


def counts(graph: NamedNode | BlankNode, triples: Sequence[Triple], base: str) -> Iterator[Triple]:
    """The statistics of a graph, whose node is ``graph``: how many triples, entities whose IRIs start with ``base`` and
    terms there are, and a partition for each class and each property. Each of its triples is given once."""
    classes = Counter(triple.object for triple in triples if triple.predicate.value == TYPE)
    properties = Counter(triple.predicate for triple in triples)
    yield from make_triples(graph, "rdf:type", "void:Dataset")
    for name, number in (
        ("triples", len(triples)),
        ("entities", len({triple.subject for triple in triples if str(triple.subject).startswith(f"<{base}")})),
        ("distinctSubjects", len({triple.subject for triple in triples})),
        ("distinctObjects", len({triple.object for triple in triples})),
        ("classes", len(classes)),
        ("properties", len(properties)),
    ):
        yield from make_triples(graph, f"void:{name}", Literal(number))
    last = graph.value.rpartition("/")[2]
    label = "".join(char if char.isascii() and char.isalnum() else "-" for char in last).strip("-") or "graph"
    for what, of, counter in (("class", "entities", classes), ("property", "triples", properties)):
        for number, (term, count) in enumerate(sorted(counter.items(), key=lambda pair: str(pair[0]))):
            partition = BlankNode(f"{label}-{what}-{number}")
            yield from make_triples(graph, f"void:{what}Partition", partition)
            yield from make_triples(partition, f"void:{what}", term)  # type: ignore[arg-type]
            yield from make_triples(partition, f"void:{of}", Literal(count))
