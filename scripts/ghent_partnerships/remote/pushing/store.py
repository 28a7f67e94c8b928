"""A SPARQL store that is written to: its named graphs, over the Graph Store Protocol and SPARQL 1.1 Update.

Everything that is asked of it may be asked again: an answer that is lost says nothing of what was done.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import IO, NamedTuple
from urllib.parse import quote, urlencode

import pyoxigraph
from pyoxigraph import RdfFormat

from ...errors import UsageError
from ...rdf.bounds import are_plain
from ...rdf.sorted import SortedGraph
from ...text import Text
from ...translation import message as _
from ..http import Access, RefusedError, Response, SlowError, request
from .profiles import Addresses

LINES = 20_000  # statements in a request
_SLOWEST = 2_000  # statements that a store moves in a second
_PATIENCE = 10.0  # seconds after which it is said what is waited for
_MOST = 1 << 40  # bytes of a graph, which goes to the disk
_N_TRIPLES, _ROWS = "application/n-triples", "application/sparql-results+json"
NOT_FOUND = 404


class Pair(NamedTuple):
    """A graph, and the one whose content it shall have."""

    graph: str
    source: str


class Store:
    """A store with SPARQL 1.1 Query and Update and the Graph Store Protocol at their ``addresses``. ``announce`` is
    told what takes long; ``size`` is how many statements an update may have to move, which it is given the time for."""

    def __init__(
        self, addresses: Addresses, access: Access, announce: Callable[[Text], None] = lambda _text: None
    ) -> None:
        self.addresses, self.access, self.announce, self.size = addresses, access, announce, 0

    def select(self, query: str) -> list[dict[str, str]]:
        """The rows of a SELECT query: what is in them as text, by the names of the columns.

        Raises:
            UsageError: there is no answer, or another.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _ROWS}
        answer = self.request("POST", self.addresses.query, urlencode({"query": query}).encode(), headers)
        try:
            rows = json.loads(answer.body)["results"]["bindings"]
            return [{name: _text(term["value"]) for name, term in row.items()} for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._unreadable() from error

    def holds(self, pattern: str) -> bool:
        """Whether a pattern matches anything. ASK is not asked, which stores answer in several ways.

        Raises:
            UsageError: there is no answer, or another.
        """
        return bool(self.select(f"SELECT (1 AS ?found) {{ {pattern} }} LIMIT 1"))

    def count(self, graph: str) -> int:
        """The number of statements in a graph, which need not be there.

        Raises:
            UsageError: there is no answer, or another.
        """
        rows = self.select(f"SELECT (COUNT(*) AS ?count) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        try:
            return int(rows[0]["count"])
        except (IndexError, KeyError, ValueError) as error:
            raise self._unreadable() from error

    def update(self, text: str) -> None:
        """Carry out an update, which may be carried out twice.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        headers = {"Content-Type": "application/sparql-update", "Accept": "*/*"}
        self.request("POST", self.addresses.update, text.encode(), headers)

    @contextmanager
    def graph(self, iri: str) -> Iterator[SortedGraph]:
        """What a graph holds, which is nothing where it is not there.

        Raises:
            UsageError: there is no answer, or another than a graph.
        """
        with tempfile.TemporaryFile() as file, SortedGraph() as content:
            headers = {"Accept": _N_TRIPLES}
            try:
                answer = self.request("GET", self.address(iri), None, headers, into=file)
            except RefusedError as error:
                if error.status != NOT_FOUND:
                    raise
            else:
                file.seek(0)
                is_known = RdfFormat.from_media_type(answer.headers.get_content_type()) == RdfFormat.N_TRIPLES
                if not is_known or not are_plain(file):
                    raise self._unreadable()
                file.seek(0)
                try:
                    for quad in pyoxigraph.parse(file, format=RdfFormat.N_TRIPLES, lenient=True):
                        content.add(quad.triple)
                except SyntaxError as error:
                    raise self._unreadable() from error
            yield content.finish()

    def write(self, iri: str, content: SortedGraph) -> Iterator[int]:
        """Put a graph in the place of what is there, in parts, and give how many statements there are after each.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        written = 0
        for number, lines in enumerate(content.chunks(LINES)):
            self.request("POST" if number else "PUT", self.address(iri), lines, {"Content-Type": _N_TRIPLES})
            written += lines.count(b"\n")
            yield written

    def copy(self, source: str, target: str) -> None:
        """Copy a graph to another place.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        self.update(f"COPY SILENT GRAPH <{source}> TO GRAPH <{target}>")

    def drop(self, graphs: Collection[str]) -> None:
        """Remove graphs, which need not be there.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        if graphs:
            self.update(" ;\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs))

    def replace(self, pairs: Sequence[Pair], condition: str) -> None:
        """Give all graphs of the pairs the content of their sources where a pattern matches, in one update of one
        operation: what differs is deleted and inserted, so that it is small, and does nothing when it is done again.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        deleted, inserted, where = [], [], []
        for number, (graph, source) in enumerate(pairs):
            old, new = (f"?{name}s{number} ?{name}p{number} ?{name}o{number}" for name in ("old", "new"))
            deleted.append(f"GRAPH <{graph}> {{ {old} }}")
            inserted.append(f"GRAPH <{graph}> {{ {new} }}")
            where.append(_only_in(graph, source, old))
            where.append(_only_in(source, graph, new))
        self.update(
            f"DELETE {{ {' '.join(deleted)} }}\nINSERT {{ {' '.join(inserted)} }}\n"
            f"WHERE {{ {condition} {{ {' UNION '.join(where)} }} }}"
        )

    def is_same(self, pair: Pair) -> bool:
        """Whether a graph has the content of its source.

        Raises:
            UsageError: there is no answer.
        """
        graph, source = pair
        statement = "?s ?p ?o"
        return not any(self.holds(_only_in(*both, statement)) for both in ((graph, source), (source, graph)))

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        into: IO[bytes] | None = None,
        *,
        again: bool = True,
    ) -> Response:
        """Ask the store, ``again`` where that may help; the answer goes ``into`` a file where it may be large.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        most = _MOST if into else 1 << 26
        patience = self.size / _SLOWEST
        seconds = f"{round(self.access.seconds + patience, 1):,g}"
        waiting = _("{url}: no answer yet; waiting {seconds} seconds for it, at most twice", url=url, seconds=seconds)
        timer = Timer(_PATIENCE, self.announce, [waiting])
        timer.daemon = True
        timer.start()
        try:
            return request(
                method,
                url,
                body=body,
                headers=headers,
                access=self.access,
                again=again,
                most=most,
                into=into,
                patience=patience,
            )
        except SlowError as error:
            problem = _(
                "{url}: no answer in {seconds} seconds; give it longer with --timeout, or restart the store, "
                "which may hold locks of what was cut off (Virtuoso, when it was killed), and push again",
                url=url,
                seconds=seconds,
            )
            raise SlowError(problem) from error
        finally:
            timer.cancel()

    def address(self, graph: str) -> str:
        """The address of a graph."""
        address = self.addresses.graphs
        return f"{address}{'&' if '?' in address else '?'}graph={quote(graph, safe='')}"

    def _unreadable(self) -> UsageError:
        return UsageError(_("{url}: the store answers with something else than was asked", url=self.addresses.graphs))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _only_in(graph: str, other: str, statement: str) -> str:
    """The statements of a graph that another lacks, as a pattern."""
    return f"{{ GRAPH <{graph}> {{ {statement} }} FILTER NOT EXISTS {{ GRAPH <{other}> {{ {statement} }} }} }}"
