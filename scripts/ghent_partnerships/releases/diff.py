"""What differs between two graphs, by resource. Blank nodes are compared by the statements about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..errors import UsageError
from ..rdf.index import GraphIndex
from ..rdf.namespaces import PREFIXES
from ..rdf.turtle import UnwritableError, Writer, by_subject
from ..text import Text
from ..translation import message as _

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
Object = NamedNode | Literal | str  # of a blank node, what Turtle writes of it
Statement = tuple[str, Object]  # the predicate, and the object


@dataclass(frozen=True)
class Difference:
    """A resource that differs: how, what it is called, and the statements about it that are new and that are gone."""

    iri: str
    how: str
    label: Text
    type: str | None
    new: tuple[Statement, ...]
    gone: tuple[Statement, ...]


@dataclass(frozen=True)
class Differences:
    """What differs between two graphs; of how many statements each is, and an index of both, for labels."""

    resources: tuple[Difference, ...]
    before: int
    after: int
    graph_index: GraphIndex

    def of(self, how: str) -> list[Difference]:
        """The resources that differ in this way: ``ADDED``, ``CHANGED`` or ``REMOVED``."""
        return [resource for resource in self.resources if resource.how == how]


def differences(before: Sequence[Triple], after: Sequence[Triple]) -> Differences:
    """Return what differs between two graphs, in order of the IRIs of the resources.

    Raises:
        UsageError: blank nodes form a cycle, or one is used twice, so they cannot be compared.
    """
    old, new = (set(_flat(graph)) for graph in (before, after))
    graph_index = GraphIndex([*after, *before])
    now, then = GraphIndex(after), GraphIndex(before)
    in_old, in_new = ({subject for subject, *_ in graph} for graph in (old, new))
    resources = []
    changes = sorted(
        [(*statement, True) for statement in new - old] + [(*statement, False) for statement in old - new], key=_order
    )
    for iri, statements in groupby(changes, key=lambda change: change[0]):
        how = CHANGED if iri in in_old and iri in in_new else ADDED if iri in in_new else REMOVED
        of = now if how != REMOVED else then
        every = list(statements)
        gone, added = (
            tuple((change[1], change[2]) for change in every if change[3] is is_new) for is_new in (False, True)
        )
        label, type_ = (of.label(iri), of.type(iri)) if iri else (Text(), None)
        resources.append(Difference(iri, how, label, type_, added, gone))
    return Differences(tuple(resources), len(before), len(after), graph_index)


def written(value: Object) -> str:
    """An object as N-Triples has it; of a blank node what Turtle writes."""
    return value if isinstance(value, str) else str(value)


def _flat(graph: Sequence[Triple]) -> Iterator[tuple[str, str, Object]]:
    """The statements about IRIs, blank nodes in them written out; those about a blank node that nothing refers to
    have an empty IRI as their subject."""
    if not any(isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode) for triple in graph):
        for triple in graph:
            yield triple.subject.value, triple.predicate.value, triple.object  # type: ignore[union-attr, misc]
        return
    writer = Writer(by_subject(graph), PREFIXES)
    try:
        for triple in graph:
            subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
            if subject or triple.subject not in writer.references:  # what is below a blank node is written with it
                value = writer.term(triple.object) if isinstance(triple.object, BlankNode) else triple.object
                yield subject, triple.predicate.value, value  # type: ignore[misc]
        writer.turtle()  # finds the cycles
    except UnwritableError as error:
        raise UsageError(_("the graphs cannot be compared: {problem}", problem=str(error))) from error


def _order(change: tuple[str, str, Object, bool]) -> tuple[str, str, str, bool]:
    return change[0], change[1], written(change[2]), change[3]


def summary(changes: Differences) -> dict[str, int]:
    """Return how many resources were added, changed and removed."""
    return {how: len(changes.of(how)) for how in (ADDED, CHANGED, REMOVED)}
