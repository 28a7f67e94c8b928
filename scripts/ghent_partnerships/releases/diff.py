"""What differs between two graphs or data sets, by resource.

Blank nodes are compared by the statements about them, so that two sides are the same when they are isomorphic (RDF 1.1
Concepts, 3.6 and 4.1). What is said of a blank node is written out where it is used; one that is shared, or part of a
cycle, has a label made of all that is said of the blank nodes it is connected with, by RDFC-1.0
(https://www.w3.org/TR/rdf-canon/).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)

from ..errors import UsageError
from ..process import CrashedError, isolated
from ..rdf.index import GraphIndex
from ..rdf.namespaces import PREFIXES
from ..rdf.turtle import UnwritableError, Writer, by_subject
from ..text import Text
from ..translation import message as _

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
Object = NamedNode | Literal | str  # of a blank node, what Turtle writes of it
Statement = tuple[str, Object, str]  # the predicate, the object, and the graph, which is empty for the default graph
_Flat = tuple[str, str, Object, str]  # the subject, which is text for a blank node as an object is, and a statement
_SECONDS = 60  # that RDFC-1.0 may take, which is exponential in what was made to be alike


@dataclass(frozen=True)
class Difference:
    """A resource that differs: how, what it is called, and the statements about it that are new and that are gone; a
    blank node has an empty IRI."""

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


def differences(
    before: Sequence[Triple] | Sequence[Quad],
    after: Sequence[Triple] | Sequence[Quad],
    prefixes: Mapping[str, str] = PREFIXES,
) -> Differences:
    """Return what differs between two graphs, or between two data sets, each statement of which is there once; in order
    of the IRIs of the resources, which are shown with ``prefixes`` (name to namespace) where they have no label.

    Raises:
        UsageError: blank nodes are too much alike to be told apart.
    """
    old, new = (Counter(_flat(graph)) for graph in (before, after))
    graph_index = GraphIndex([*_triples(after), *_triples(before)], prefixes)
    now, then = (GraphIndex(_triples(graph), prefixes) for graph in (after, before))
    in_old, in_new = ({subject for subject, *_ in graph} for graph in (old, new))
    resources = []
    changes = sorted(
        [(*statement, True) for statement in (new - old).elements()]
        + [(*statement, False) for statement in (old - new).elements()],
        key=_order,
    )
    for subject, statements in groupby(changes, key=lambda change: change[0]):
        every = list(statements)
        gone, added = (
            tuple((change[1], change[2], change[3]) for change in every if change[4] is is_new)
            for is_new in (False, True)
        )
        iri = "" if _is_blank(subject) else subject
        if iri:
            how = CHANGED if iri in in_old and iri in in_new else ADDED if iri in in_new else REMOVED
        else:  # the name of a blank node is all that is said of it
            how = CHANGED if added and gone else ADDED if added else REMOVED
        of = now if how != REMOVED else then
        label, type_ = (of.label(iri), of.type(iri)) if iri else (Text(), None)
        resources.append(Difference(iri, how, label, type_, added, gone))
    return Differences(tuple(resources), len(before), len(after), graph_index)


def written(value: Object) -> str:
    """An object as N-Triples has it; of a blank node what Turtle writes."""
    return value if isinstance(value, str) else str(value)


def _triples(graph: Sequence[Triple] | Sequence[Quad]) -> list[Triple]:
    return [statement.triple if isinstance(statement, Quad) else statement for statement in graph]


def _is_blank(subject: str) -> bool:
    return subject.startswith(("_:", "["))  # no IRI does


def _flat(graph: Sequence[Triple] | Sequence[Quad]) -> Iterator[_Flat]:
    """The statements, with blank nodes written out or labelled."""
    with_blanks: list[Quad] = []
    for statement in graph:
        quad = statement if isinstance(statement, Quad) else Quad(*statement)
        if _blanks(quad):
            with_blanks.append(quad)
        else:
            yield _statement(quad)
    unwritable = []
    for component in _components(with_blanks):
        try:
            yield from _written_out(component)
        except UnwritableError:
            unwritable.append(component)
    if unwritable:
        for component in _canonical(unwritable):
            yield from map(_statement, component)


def _blanks(quad: Quad) -> list[BlankNode]:
    return [term for term in (quad.subject, quad.object, quad.graph_name) if isinstance(term, BlankNode)]


def _statement(quad: Quad) -> _Flat:
    value = str(quad.object) if isinstance(quad.object, BlankNode) else quad.object
    return _name(quad.subject), quad.predicate.value, value, _name(quad.graph_name)  # type: ignore[return-value]


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else "" if isinstance(term, DefaultGraph) else str(term)


def _components(quads: Sequence[Quad]) -> list[list[Quad]]:
    """The statements by the blank nodes that they connect."""
    parents: dict[BlankNode, BlankNode] = {}

    def root(node: BlankNode) -> BlankNode:
        while (parent := parents.setdefault(node, node)) != node:
            parents[node] = parents[parent]
            node = parent
        return node

    for quad in quads:
        first, *others = _blanks(quad)
        for other in others:
            parents[root(other)] = root(first)
    components: dict[BlankNode, list[Quad]] = {}
    for quad in quads:
        components.setdefault(root(_blanks(quad)[0]), []).append(quad)
    return list(components.values())


def _written_out(component: Sequence[Quad]) -> list[_Flat]:
    """The statements with what is said of each blank node in the place of it, the first one's in that of a subject.

    Raises:
        UnwritableError: a blank node is shared, a graph, in several graphs, or part of a cycle, or nested too deep.
    """
    graphs = {quad.graph_name for quad in component}
    if len(graphs) > 1 or isinstance(component[0].graph_name, BlankNode):
        raise UnwritableError(_("blank nodes are in several graphs"))
    writer = Writer(by_subject(quad.triple for quad in component), PREFIXES)
    roots = {node for node in writer.statements if isinstance(node, BlankNode) and node not in writer.references}
    statements: list[_Flat] = []
    for quad in component:
        if isinstance(quad.subject, BlankNode) and quad.subject in writer.references:
            continue  # what is below a blank node is written with it
        value = quad.object if isinstance(quad.object, NamedNode | Literal) else writer.term(quad.object)  # type: ignore[arg-type]
        subject = "[" if quad.subject in roots else _name(quad.subject)
        statements.append((subject, quad.predicate.value, value, _name(quad.graph_name)))
    if any(node not in writer.written for node in writer.references if node in writer.statements):
        raise UnwritableError(_("blank nodes form a cycle; give one of them an IRI"))
    name = "\n".join(sorted(f"[{name} {written(value)}" for subject, name, value, _ in statements if subject == "["))
    return [(name if subject == "[" else subject, *rest) for subject, *rest in statements]  # type: ignore[misc]


def _canonical(components: Sequence[Sequence[Quad]]) -> list[list[Quad]]:
    """The statements with labels by which blank nodes are the same where all that they are connected with is.

    Raises:
        UsageError: it takes too long, or too much memory.
    """

    def work() -> list[str]:
        return [_canonical_lines(component) for component in components]

    try:
        texts = isolated(work, _SECONDS)
    except (CrashedError, TimeoutError) as error:
        problem = _("the graphs cannot be compared: their blank nodes are too much alike to be told apart in time")
        raise UsageError(problem) from error
    relabelled = []
    for text in texts:
        mark = sha256(text.encode()).hexdigest()[:12]
        quads = pyoxigraph.parse(text, format=RdfFormat.N_QUADS, lenient=True)
        relabelled.append([Quad(*(_marked(term, mark) for term in quad)) for quad in quads])  # type: ignore[arg-type]
    return relabelled


def _canonical_lines(component: Sequence[Quad]) -> str:
    data_set = Dataset(component)
    data_set.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in data_set))


def _marked(term: object, mark: str) -> object:
    return BlankNode(f"{term.value}-{mark}") if isinstance(term, BlankNode) else term


def _order(change: tuple[str, str, Object, str, bool]) -> tuple[str, str, str, str, bool]:
    return change[0], change[1], written(change[2]), change[3], change[4]


def summary(changes: Differences) -> dict[str, int]:
    """Return how many resources were added, changed and removed."""
    return {how: len(changes.of(how)) for how in (ADDED, CHANGED, REMOVED)}
