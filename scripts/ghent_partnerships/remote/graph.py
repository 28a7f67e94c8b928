"""A whole graph, fetched from an endpoint: counted before, and refused where not all of it came."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ..errors import UsageError
from ..project.project import Project
from ..project.source import Row
from ..rdf.namespaces import expand
from ..sparql.run import Results
from ..text import Text
from ..translation import message as _
from .endpoint import Endpoint
from .pushing.marker import names as marker_names

MOST = 1_000_000  # triples, which take some gigabytes while a site is made of them
_N_TRIPLES = "application/n-triples"
_ATTEMPTS = 3
_OF_VIRTUOSO = "http://www.openlinksw.com/schemas/virtrdf#"
_OF_STORE = (_OF_VIRTUOSO, "http://www.w3.org/ns/ldp#", "http://localuriqaserver/sparql")
_VERSIONS = " ".join(f"<{expand(name)}>" for name in ("dcat:version", "dcterms:issued", "dcterms:modified"))
_STATED = 10_000  # statements of them
_NAMED = 20  # graphs, of those that can be meant
Progress = Callable[[Text], None]  # is called with what is being done


def fetch(
    endpoint: Endpoint, dataset: str = "", *, most: int = MOST, report: Progress = lambda _stage: None
) -> dict[str, list[Triple]]:
    """Return the triples of each of the endpoint's ``graphs`` by its name, or where it has none those of the default
    graph by the empty name; each triple once, and blank nodes that are in none of the others.

    They are counted, so that what comes is not the part that a store has set as the most that it answers, and the state
    of the ``dataset``, an IRI, is asked before and after, so that it is no mixture of two releases. ``report`` is
    called with what is being done.

    Raises:
        UsageError: there is no answer, nothing or more than ``most`` triples in all, or they change all the time; or
            the store answers with fewer than it has, and they have blank nodes, which are others in each answer.
    """
    if not endpoint.graphs and endpoint.ask(f"ASK {{ {_pattern(_OF_VIRTUOSO)} }}"):
        raise UsageError(_without_default(endpoint))
    names, every = endpoint.graphs or ("",), endpoint.of(())  # of which no GRAPH is left out
    for _attempt in range(_ATTEMPTS):
        before = state(endpoint, dataset)
        counts = {name: _count(every, name) for name in names}
        _demand_size(endpoint, total := sum(counts.values()), most)
        graphs: dict[str, list[Triple]] = {}
        for name, count in counts.items():
            report(_("fetching {number:,} of {total:,} triples", number=sum(map(len, graphs.values())), total=total))
            graphs[name] = _fetched(every, name, count, f"g{len(graphs)}")
        if {name: len(triples) for name, triples in graphs.items()} == counts and state(endpoint, dataset) == before:
            return graphs
    problem = _(
        "{url}: it counts {total:,} triples and answers with {number:,}; is it being written to?",
        url=endpoint.url,
        total=total,
        number=sum(map(len, graphs.values())),
    )
    raise UsageError(problem)


def _demand_size(endpoint: Endpoint, total: int, most: int) -> None:
    """Refuse what cannot be fetched."""
    if total > most:
        problem = _(
            "{url}: the graph has {total:,} triples, and at most {most:,} are fetched; "
            "what is asked in the store itself has no such limit",
            url=endpoint.url,
            total=total,
            most=most,
        )
        raise UsageError(problem)
    if not total:
        raise UsageError(_("{url}: there is no triple in it; name the graphs with --graph", url=endpoint.url))


def state(endpoint: Endpoint, dataset: str = "") -> Hashable:
    """What is quickly asked and changes when the graph does: the marker that ``push`` writes for the ``dataset``, an
    IRI; without it, how many triples there are, and which versions they state. What is changed in the store by other
    means is then not seen where it changes neither.

    Raises:
        UsageError: there is no answer.
    """
    pushed, every = _pattern(marker_names(dataset).marker), endpoint.of(())
    if rows := every.select(f"SELECT ?s ?p ?o WHERE {{ {pushed} }} LIMIT {_STATED}"):
        return _as_set(rows)
    versions = f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?p {{ {_VERSIONS} }} ?s ?p ?o }} ORDER BY ?s ?p ?o"
    counts = tuple((name, _count(every, name)) for name in endpoint.graphs or ("",))
    return counts, _as_set(endpoint.select(f"{versions} LIMIT {_STATED}"))


def _as_set(rows: list[Row]) -> Hashable:
    return frozenset(tuple(str(row.get(name)) for name in "spo") for row in rows)


def with_graphs(endpoint: Endpoint, project: Project) -> Endpoint:
    """The endpoint, whose default graph is that of the project: of those of its named graphs that are there, if any is
    and no others are asked for.

    Raises:
        UsageError: there is no answer.
    """
    if endpoint.graphs or not project.graph_names:
        return endpoint
    return endpoint.of([name for name in project.graph_names if endpoint.ask(f"ASK {{ {_pattern(name)} }}")])


def _without_default(endpoint: Endpoint) -> Text:
    """That Virtuoso has no default graph of its own: it takes all of its graphs for it, also those about itself."""
    rows = endpoint.select(f"SELECT DISTINCT ?graph WHERE {{ {_pattern('?graph')} }} LIMIT {_NAMED}")
    found = {term.value for row in rows if isinstance(term := row.get("graph"), NamedNode)}
    names = sorted(found.difference(_OF_STORE))
    if not names:
        return _("{url}: there is no triple in it; name the graphs with --graph", url=endpoint.url)
    return _(
        "{url}: the default graph of this store is all that it holds; name what is meant with --graph: {names}",
        url=endpoint.url,
        names=", ".join(names),
    )


def _pattern(name: str) -> str:
    """The triples of a graph: of a name or of a variable, or of the default graph."""
    return f"GRAPH {name if name.startswith('?') else f'<{name}>'} {{ ?s ?p ?o }}" if name else "?s ?p ?o"


def _count(endpoint: Endpoint, name: str) -> int:
    """How many triples a graph has: of the default graph, which may join others, the distinct ones."""
    pattern = _pattern(name) if name else f"{{ SELECT DISTINCT ?s ?p ?o WHERE {{ {_pattern(name)} }} }}"
    (row,) = endpoint.select(f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}") or ({},)
    count = row.get("count")
    if not isinstance(count, Literal) or not count.value.isascii() or not count.value.isdecimal():
        raise UsageError(_("{url}: the endpoint does not count", url=endpoint.url))
    return int(count.value)


def _fetched(endpoint: Endpoint, name: str, count: int, prefix: str) -> list[Triple]:
    """The triples of a graph: at once, or in as many parts as a store gives that has a limit for its answers."""
    if not count:
        return []
    construct = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_pattern(name)} }}"
    part = _answer(endpoint, construct, prefix)
    if not part or len(part) >= count:
        return part
    if any(isinstance(term, BlankNode) for triple in part for term in triple) or endpoint.ask(
        f"ASK {{ {_pattern(name)} FILTER (ISBLANK(?s) || ISBLANK(?o)) }}"
    ):
        problem = _(
            "{url}: the store answers with {number:,} of {total:,} triples, and there are blank nodes among them, "
            "so that they cannot be fetched in parts; raise the limit of the store, or name what these nodes are",
            url=endpoint.url,
            number=len(part),
            total=count,
        )
        raise UsageError(problem)
    triples: dict[Triple, None] = {}
    size = max(len(part) * 9 // 10, 1)  # a limit may be meant for rows, and not to the row
    for offset in range(0, count, size):
        ordered = f"SELECT ?s ?p ?o WHERE {{ {_pattern(name)} }} ORDER BY ?s ?p ?o"
        # The order is within, for Virtuoso, which sorts no further than a limit of its own where it is outside.
        paged = f"SELECT ?s ?p ?o WHERE {{ {{ {ordered} }} }} LIMIT {size} OFFSET {offset}"
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {paged} }} }}"
        triples.update(dict.fromkeys(_answer(endpoint, text, prefix)))
    return list(triples)


def _answer(endpoint: Endpoint, text: str, prefix: str) -> list[Triple]:
    """The triples that a query constructs, with blank nodes whose names start with a prefix."""
    lines = endpoint.results(text, partial(_lines, prefix=prefix), graph_type=_N_TRIPLES)
    return [quad.triple for quad in pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES)]


def _lines(results: Results, prefix: str) -> bytes:
    """The triples as N-Triples, which are quicker handed over than as they are."""
    assert isinstance(results, list)
    names: dict[BlankNode, BlankNode] = {}

    def renamed(term: object) -> object:
        if isinstance(term, BlankNode):
            return names.setdefault(term, BlankNode(f"{prefix}b{len(names)}"))
        return term

    triples = [Triple(*map(renamed, triple)) for triple in results]  # type: ignore[arg-type]  # of the same kinds
    return pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""
