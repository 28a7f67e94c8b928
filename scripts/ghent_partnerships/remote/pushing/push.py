"""Bring a release into a store: each graph that changed is sent beside its place, compared, and then exchanged.

Readers see the release that was there or the new one. What goes wrong at any step leaves the store as it was, or, where
it cannot change several graphs at once, some graphs as they were; the next push completes what was begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, Triple

from ...errors import UsageError
from ...rdf.sorted import SortedGraph, sorted_graph
from ...rdf.values import as_stated
from ...text import Text, quoted
from ...translation import digits
from ...translation import message as _
from ..http import RefusedError, SlowError, UnreachableError
from .comparison import Comparison, compare
from .lock import KEPT, PROBE, STAGING, Lock, locked
from .marker import Kept, Marker, Names, State, names, read_marker
from .release import Release
from .store import Pair, Store

Report = Callable[[Text], None]
_PROBES, _REFUSALS = 5, 2  # how often it is tried whether a store is atomic, and what it takes to believe it
_BUSY = (429, 502, 503, 504)
_SHOWN = 3  # statements that a store changed


@dataclass(frozen=True)
class Pushed:
    """What was done: the number of statements of each graph that changed, by its IRI, 0 where it is gone; the
    literals that the store writes in a form of its own, and those of which it keeps one for several, as ``Comparison``
    has them; and the version that the store has now."""

    version: str
    graphs: Mapping[str, int] = field(default_factory=dict)
    rewritten: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()


def push(store: Store, release: Release, *, report: Report, announce: Report) -> Pushed:
    """Bring a release into a store. ``report`` is told what is being done, ``announce`` what a person has to know
    before it is.

    Raises:
        UsageError: another push is at work, or the store refuses, gives no answer, or makes something else of a graph.
    """
    known = names(release.target)
    with _working(store, known) as (lock, marker):
        new = _marker(release)
        report(_("comparing with what is there"))
        changed = _changed(store, release, marker, new, certain=not lock.took_over)
        if not changed and new.graphs == marker.graphs:
            return Pushed(marker.version)
        store.size = _size(marker) + _size(new)
        exchange = _Exchange(store, lock, known, marker, report)
        exchange.announce(announce)
        comparisons = []
        pairs = []
        for graph in changed:
            pair = Pair(graph, exchange.graph(STAGING))
            if graph in release.graphs:
                comparisons.append(_staged(exchange, pair, release.graphs[graph]))
            pairs.append(pair)
        exchange.carry_out(pairs, new)
    counts = {graph: new.graphs[graph].size if graph in new.graphs else 0 for graph in changed}
    rewritten = tuple(pair for comparison in comparisons for pair in comparison.rewritten)
    merged = tuple(pair for comparison in comparisons for pair in comparison.merged)
    return Pushed(release.version, counts, rewritten, merged)


def undo(store: Store, target: str, *, report: Report, announce: Report) -> Pushed:
    """Bring back the release of a target that was there before, which is then the one that another call brings back.

    Raises:
        UsageError: none is kept, another push is at work, or the store refuses or gives no answer.
    """
    known = names(target)
    with _working(store, known) as (lock, marker):
        _demand_kept(store, marker)
        store.size = _size(marker)
        exchange = _Exchange(store, lock, known, marker, report)
        exchange.announce(announce)
        graphs = {**marker.graphs, **{graph: kept.state for graph, kept in marker.before.items()}}
        there = {graph: state for graph, state in graphs.items() if state.size}
        pairs = [Pair(graph, kept.graph) for graph, kept in marker.before.items()]
        exchange.carry_out(pairs, Marker(marker.version_before, there))
    counts = {graph: kept.state.size for graph, kept in marker.before.items()}
    return Pushed(marker.version_before, counts)


def sides(store: Store, release: Release) -> tuple[list[Quad], list[Quad]]:
    """The statements that a store has and those that it would have, in the graphs of a release and those that it lost.

    Raises:
        UsageError: the store gives no answer.
    """
    marker = read_marker(store, names(release.target))
    new = _marker(release)
    changed = set(_changed(store, release, marker, new, certain=True))
    before: list[Quad] = []
    after: list[Quad] = []
    for graph in sorted({*release.graphs, *changed}):
        stated = list(release.graphs[graph].triples()) if graph in release.graphs else []
        found = stated
        if graph in changed:
            with store.graph(graph) as content:
                found = list(content.triples())
            found = as_stated(stated, found)  # what the store writes in a form of its own is no difference
        before += _quads(found, graph)
        after += _quads(stated, graph)
    return before, after


def sides_of_undo(store: Store, target: str) -> tuple[list[Quad], list[Quad]]:
    """The statements that a store has and those that it would have after ``undo``, in the graphs that this changes.

    Raises:
        UsageError: nothing is kept, or the store gives no answer.
    """
    marker = read_marker(store, names(target))
    _demand_kept(store, marker)
    before: list[Quad] = []
    after: list[Quad] = []
    for graph, kept in sorted(marker.before.items()):
        for side, source in ((before, graph), (after, kept.graph)):
            with store.graph(source) as content:
                side += _quads(content.triples(), graph)
    return before, after


def _quads(triples: Iterable[Triple], graph: str) -> list[Quad]:
    return [Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph)) for triple in triples]


def _demand_kept(store: Store, marker: Marker) -> None:
    """Make sure that the release before is there.

    Raises:
        UsageError: it is not, or there is no answer.
    """
    if not marker.before:
        problem = _(
            "{url}: nothing is kept that could be brought back, since nothing of this was pushed; give the directory, "
            "or the file and the --graph, that were",
            url=store.addresses.graphs,
        )
        raise UsageError(problem)
    for graph, kept in marker.before.items():
        if store.count(kept.graph) != kept.state.size:
            raise UsageError(_("<{graph}>: is not as it was kept in <{kept}>", graph=graph, kept=kept.graph))


@contextmanager
def _working(store: Store, known: Names) -> Iterator[tuple[Lock, Marker]]:
    """Hold the lock, and leave nothing of what was prepared: what pushes before left behind is removed at first, and
    what this one did not come to use at last, as long as the store answers."""
    with locked(store, known) as lock:
        marker = read_marker(store, known)
        store.drop(_unused(lock.left, marker))
        try:
            yield lock, marker
        except (RefusedError, UnreachableError):
            raise
        except UsageError:
            store.drop(_unused(lock.noted, read_marker(store, known)))
            lock.release()
            raise


def _unused(graphs: set[str], marker: Marker) -> list[str]:
    """Those of the graphs that a marker does not name."""
    return sorted(graphs - {kept.graph for kept in marker.before.values()})


class _Exchange:
    """The exchange of graphs in a store: what is common to pushing and undoing."""

    def __init__(self, store: Store, lock: Lock, known: Names, marker: Marker, report: Report) -> None:
        self.store, self.lock, self.names, self.marker, self.report = store, lock, known, marker, report
        self.is_atomic = _is_atomic(store, self.graph(PROBE))

    def graph(self, purpose: str) -> str:
        """The name of a new graph, which is noted as one to be removed."""
        name = f"{self.names.prefix}{self.lock.name(purpose)}"
        self.lock.note([name])
        return name

    def announce(self, announce: Report) -> None:
        """Tell what readers will see."""
        if not self.store.addresses.update:
            announce(
                _(
                    "{url}: this store has no Update: readers may see half a graph while it is written, and two pushes "
                    "at once are not kept apart",
                    url=self.store.addresses.graphs,
                )
            )
            return
        if not self.is_atomic:
            announce(
                _(
                    "{url}: this store changes one graph at a time: readers see each graph as it was or as it will be, "
                    "and for a moment some of both",
                    url=self.store.addresses.update,
                )
            )
        if self.store.holds(_in_no_graph(self.lock.condition)):
            announce(
                _(
                    "{url}: whoever names no graph in a query also sees what is being prepared and what is kept of the "
                    "release before; name the graphs, with FROM or default-graph-uri",
                    url=self.store.addresses.query,
                )
            )

    def carry_out(self, pairs: Iterable[Pair], new: Marker) -> None:
        """Keep the graphs as they are, exchange them and the marker, and remove what is not needed any more."""
        pairs = list(pairs)
        before = {pair.graph: self._kept(pair.graph) for pair in pairs}
        marker = Marker(new.version, new.graphs, self.marker.version, before)
        staged = self.graph(STAGING)
        with sorted_graph(marker.triples(self.names)) as content:
            for _count in self.store.write(staged, content):
                pass
        every = [*pairs, Pair(self.names.marker, staged)]
        self.lock.note(kept.graph for kept in self.marker.before.values())
        self.report(_("exchanging the graphs"))
        for step in [every] if self.is_atomic else [[pair] for pair in every]:
            self.lock.renew()
            self.store.replace(step, self.lock.condition)
            for pair in step:
                if not self.store.is_same(pair):
                    self.lock.demand()
                    problem = _("<{graph}>: the store did not exchange this graph; push again", graph=pair.graph)
                    raise UsageError(problem)
        sources = {pair.source for pair in every} | {kept.graph for kept in self.marker.before.values()}
        self.store.drop(sorted(sources))

    def _kept(self, graph: str) -> Kept:
        """A copy of a graph as it is."""
        self.report(_("keeping {graph} as it is", graph=graph))
        self.lock.renew()
        copy, count = self.graph(KEPT), self.store.count(graph)
        state = self.marker.graphs.get(graph, State(0, ""))
        if count:
            self.store.copy(graph, copy)
            if self.store.count(copy) != count:
                raise UsageError(_("<{graph}>: the store could not copy this graph", graph=graph))
        return Kept(copy, State(count, state.digest if state.size == count else ""))


def _staged(exchange: _Exchange, pair: Pair, content: SortedGraph) -> Comparison:
    """Send a graph to the place beside, read it back, and compare."""
    store, count = exchange.store, digits(content.count)
    for done in store.write(pair.source, content):
        exchange.report(_("sending {graph}: {done} of {count}", graph=pair.graph, done=digits(done), count=count))
        exchange.lock.renew()
    exchange.report(_("comparing {graph}", graph=pair.graph))
    with store.graph(pair.source) as found:
        comparison = compare(content, found)
    exchange.lock.renew()
    if not comparison.is_same:
        problem = _(
            "<{graph}>: the store does not hold what it was sent: missing are {missing}, like {like}; there are "
            "instead {foreign}, like {other}; nothing was changed",
            graph=pair.graph,
            missing=digits(len(comparison.missing)),
            like=quoted("; ".join(comparison.missing[:_SHOWN])),
            foreign=digits(len(comparison.foreign)),
            other=quoted("; ".join(comparison.foreign[:_SHOWN])),
        )
        raise UsageError(problem)
    return comparison


def _marker(release: Release) -> Marker:
    """The marker of a release."""
    return Marker(release.version, {iri: State(graph.count, graph.digest) for iri, graph in release.graphs.items()})


def _size(marker: Marker) -> int:
    """How many statements there are in all graphs that a marker names."""
    kept = (kept.state for kept in marker.before.values())
    return sum(state.size for state in (*marker.graphs.values(), *kept))


def _changed(store: Store, release: Release, marker: Marker, new: Marker, *, certain: bool) -> list[str]:
    """The graphs that differ: those that the marker knows otherwise, where that is ``certain``, and those whose content
    is another, whatever the marker says of it: somebody else may have written there."""
    changed = []
    for graph in sorted({*release.graphs, *(marker.graphs.keys() - new.graphs.keys())}):
        state = new.graphs.get(graph)
        if state is None or (certain and state != marker.graphs.get(graph)):
            changed.append(graph)
        else:
            with store.graph(graph) as content:
                if not compare(release.graphs[graph], content).is_same:
                    changed.append(graph)
    return changed


def _is_atomic(store: Store, graph: str) -> bool:
    """Whether an update of several operations is carried out whole or not at all: one whose last operation fails leaves
    nothing of the first. Two refusals have to say so, since it may have been something before the store that refused;
    where there are none, as little is known as of a store that leaves the first.

    Raises:
        UsageError: there is no answer in time, or to what is asked then.
    """
    if not store.addresses.update:
        return False
    body = (
        f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> <{graph}> <{graph}> }} }} ; DROP GRAPH <{graph}:absent>".encode()
    )
    headers, refused = {"Content-Type": "application/sparql-update"}, 0
    for _attempt in range(_PROBES):
        try:
            store.request("POST", store.addresses.update, body, headers, again=False)
        except RefusedError as error:
            refused += error.status not in _BUSY
        except SlowError:  # which the next attempt would wait for as long
            raise
        except UnreachableError:
            pass
        if store.count(graph):
            store.drop([graph])
            return False
        if refused == _REFUSALS:
            return True
    return False


def _in_no_graph(pattern: str) -> str:
    """The statement of a pattern in any graph."""
    return pattern.partition("{")[2].rpartition("}")[0]
