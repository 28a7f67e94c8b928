"""What a store says of the release that it holds: its version, the digest of each graph, and where the graphs of the
release before are kept. It stands in a graph of its own, and changes together with the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...errors import UsageError
from ...rdf.namespaces import expand
from ...translation import message as _
from .store import Store

SPACE = "urn:x-push:"  # what the names of all graphs begin with that pushing makes
_VERSION, _BEFORE = expand("dcat:version"), expand("dcterms:replaces")
_PART, _OF = expand("dcterms:hasPart"), expand("dcterms:isVersionOf")
_COUNT, _DIGEST = expand("void:triples"), expand("spdx:checksumValue")


class Names(NamedTuple):
    """The IRIs of the graphs that pushing needs beside those of a data set."""

    prefix: str

    @property
    def marker(self) -> str:
        """The graph with the marker, and its subject."""
        return f"{self.prefix}marker"

    @property
    def lock(self) -> str:
        """The graph with the lock, and its subject."""
        return f"{self.prefix}lock"


def names(target: str) -> Names:
    """The names for a data set, which is given by its IRI, or for another target of a release."""
    return Names(f"{SPACE}{sha256(target.encode()).hexdigest()[:16]}:")


class State(NamedTuple):
    """A graph as it was pushed: the number of its statements, and the digest of its canonical form."""

    size: int
    digest: str


class Kept(NamedTuple):
    """The graph in which another is kept as it was before, and its state."""

    graph: str
    state: State


@dataclass(frozen=True)
class Marker:
    """The graphs of the release that a store holds, and those of the one before as far as they were others."""

    version: str = ""
    graphs: Mapping[str, State] = field(default_factory=dict)
    version_before: str = ""
    before: Mapping[str, Kept] = field(default_factory=dict)

    def triples(self, names: Names) -> Iterator[Triple]:
        """The statements of the marker."""
        yield _text(names.marker, _VERSION, self.version)
        yield _text(names.marker, _BEFORE, self.version_before)
        for graph, state in self.graphs.items():
            yield Triple(NamedNode(names.marker), NamedNode(_PART), NamedNode(graph))
            yield from _of_state(graph, state)
        for graph, kept in self.before.items():
            yield Triple(NamedNode(kept.graph), NamedNode(_OF), NamedNode(graph))
            yield from _of_state(kept.graph, kept.state)


def read_marker(store: Store, names: Names) -> Marker:
    """The marker in a store, which is empty where nothing was pushed.

    Raises:
        UsageError: there is no answer, or somebody changed the marker.
    """
    values: dict[tuple[str, str], list[str]] = {}
    kept: dict[str, str] = {}
    with store.graph(names.marker) as content:
        triples = [triple for triple in content.triples() if not isinstance(triple.subject, BlankNode)]
    try:
        for subject, predicate, value in triples:
            values.setdefault((subject.value, predicate.value), []).append(value.value)
            if predicate.value == _OF:
                kept[value.value] = subject.value

        def state(graph: str) -> State:
            NamedNode(graph)  # which has to be an IRI
            return State(int(values[graph, _COUNT][0]), values[graph, _DIGEST][0])

        return Marker(
            values.get((names.marker, _VERSION), [""])[0],
            {graph: state(graph) for graph in values.get((names.marker, _PART), [])},
            values.get((names.marker, _BEFORE), [""])[0],
            {graph: Kept(copy, state(copy)) for graph, copy in kept.items()},
        )
    except (KeyError, ValueError, AttributeError) as error:
        problem = _("<{graph}>: not as push writes it; remove this graph, and push again", graph=names.marker)
        raise UsageError(problem) from error


def _text(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(value))


def _of_state(graph: str, state: State) -> Iterator[Triple]:
    yield _text(graph, _COUNT, str(state.size))
    yield _text(graph, _DIGEST, state.digest)
