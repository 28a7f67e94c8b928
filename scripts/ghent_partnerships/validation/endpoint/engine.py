"""SHACL of what a SPARQL store holds, without loading it.

Each constraint is a query for the focus nodes that may violate it (``candidates``); what the shapes look at around
these is fetched (``neighbourhood``), and the engine that validates files decides (``core``). So the results are those
of a file with the same statements, and of a store of any size only what may be wrong is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from pyoxigraph import NamedNode, Triple

from ...errors import UsageError
from ...rdf.turtle import TYPE
from ...text import Text
from ...translation import digits
from ...translation import message as _
from ..engines import core
from ..engines.graph import Graph, Targets
from ..engines.sparql import Queries, Solved
from ..results import Result, Verdict
from ..shapes import SH, Shapes, Term
from .candidates import Compiler, target
from .neighbourhood import fetch
from .statements import Statements, Step

_BATCH = 5_000  # focus nodes that are confirmed at a time
Focus = Mapping[Term, Sequence[Term]]  # the focus nodes of each shape
Confirm = Callable[[Collection[Triple], Shapes, Focus, Solved], Verdict]


def verdict(
    statements: Statements,
    shapes: Shapes,
    confirm: Confirm = core.verdict,
    progress: Callable[[Text], None] = lambda _stage: None,
) -> Verdict:
    """What the shapes find in a store, or why they are ill-formed; ``confirm`` is the engine that decides, and
    ``progress`` is told the stages.

    Raises:
        UnusableError: the shapes need what cannot be fetched from the store, or the engine cannot use them.
        UsageError: the store does not answer.
    """
    found = confirm((), shapes, {}, {})
    if found.ill_formed:
        return found
    queries = Queries(Graph(()), shapes).of
    compiler = Compiler(shapes, lambda class_: statements.classes(class_).keys(), queries)
    nodes: dict[Term, dict[Term, None]] = {}
    targets = [*shapes.targets()]
    for number, (shape, kind, node) in enumerate(targets, 1):
        progress(_("asking: target {number} of {count}", number=number, count=len(targets)))
        nodes.setdefault(shape, {}).update(dict.fromkeys(_candidates(statements, compiler, shape, kind, node)))
    results: list[Result] = []
    count, done = sum(map(len, nodes.values())), 0
    for focus in _batches(nodes):
        progress(_("confirming: {number} of {count} nodes", number=digits(done), count=digits(count)))
        done += sum(map(len, focus.values()))
        statements.forget()
        solved = fetch(statements, shapes, focus, queries)
        found = confirm(statements.triples.keys(), shapes, focus, solved)
        if found.ill_formed:
            return found
        results += found.results
    return Verdict(tuple(results))


def found_targets(statements: Statements, shapes: Shapes, *, absent: bool) -> Targets:
    """Whether each target of each shape finds a node in a store: see ``graph.found_targets``."""
    by_shape: dict[Term, dict[tuple[str, Term], bool]] = {}
    for shape, kind, node in shapes.targets():
        pattern = target(kind, node, lambda class_: statements.classes(class_).keys())
        is_described = pattern is None and (absent or bool(statements.step((None, False), [node])))
        by_shape.setdefault(shape, {})[kind, node] = is_described if pattern is None else statements.has(pattern)
    return by_shape  # type: ignore[return-value]


def _candidates(statements: Statements, compiler: Compiler, shape: Term, kind: str, node: Term) -> Iterator[Term]:
    """The focus nodes of a target that may violate the shape: of those without a name, all."""
    pattern = target(kind, node, compiler.classes)
    if pattern is None:
        yield node
        return
    if not statements.has(pattern):
        return
    yield from _blank(statements, kind, node)
    for failing in compiler.failing(shape):
        if not failing.is_query:
            yield from statements.nodes(f"{pattern} {failing.pattern}")
            continue
        try:  # by itself, since it is known to be quick without the target
            found = [*statements.nodes(failing.pattern, failing.prologue)]
        except UsageError:  # the store takes too long to find them all: it is asked about some at a time
            yield from statements.nodes(pattern)
        else:
            yield from statements.among(found, pattern)


def _blank(statements: Statements, kind: str, node: Term) -> Iterator[Term]:
    """The focus nodes of a target that are blank nodes."""
    step: Step
    values: Collection[Term] | None = None
    if kind == f"{SH}targetClass":
        step, values = (NamedNode(TYPE), False), statements.classes(node)
    else:
        assert isinstance(node, NamedNode)
        step = node, kind == f"{SH}targetObjectsOf"
    return statements.blank_nodes(step, values)


def _batches(nodes: Mapping[Term, Iterable[Term]]) -> Iterator[Focus]:
    """The focus nodes of the shapes, so many at a time."""
    pairs = ((shape, node) for shape, every in nodes.items() for node in every)
    while part := [*islice(pairs, _BATCH)]:
        focus: dict[Term, list[Term]] = {}
        for shape, node in part:
            focus.setdefault(shape, []).append(node)
        yield focus
