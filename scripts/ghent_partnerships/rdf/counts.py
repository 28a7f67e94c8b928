"""How much there is in a graph, as https://www.w3.org/TR/void/ has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .build import make_triples
from .namespaces import ID
from .turtle import TYPE


def counts(graph: NamedNode | BlankNode, statements: Sequence[Triple]) -> Iterator[Triple]:
    """How much there is in a graph, by class and by property."""
    classes = Counter(one.object for one in statements if one.predicate.value == TYPE)
    properties = Counter(one.predicate for one in statements)
    yield from make_triples(graph, "rdf:type", "void:Dataset")
    for name, number in (
        ("triples", len(statements)),
        ("entities", len({one.subject for one in statements if str(one.subject).startswith(f"<{ID}")})),
        ("distinctSubjects", len({one.subject for one in statements})),
        ("distinctObjects", len({one.object for one in statements})),
        ("classes", len(classes)),
        ("properties", len(properties)),
    ):
        yield from make_triples(graph, f"void:{name}", Literal(number))
    label = graph.value.rpartition("/")[2]
    for what, of, counter in (("class", "entities", classes), ("property", "triples", properties)):
        for number, (term, count) in enumerate(sorted(counter.items(), key=lambda pair: str(pair[0]))):
            partition = BlankNode(f"{label}-{what}-{number}")
            yield from make_triples(graph, f"void:{what}Partition", partition)
            yield from make_triples(partition, f"void:{what}", term)  # type: ignore[arg-type]
            yield from make_triples(partition, f"void:{of}", Literal(count))
