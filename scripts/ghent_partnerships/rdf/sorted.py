"""A graph as sorted lines of canonical N-Triples on disk, however large it is: to count, to hash and to compare.

The labels of blank nodes are those of RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), so that the digest is the same for
graphs that are isomorphic.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from itertools import chain
from typing import IO

import pyoxigraph
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple

from ..errors import UsageError
from ..process import CrashedError, isolated
from ..translation import message as _

_RUN = 200_000  # lines that are sorted in memory
_SECONDS = 60  # that RDFC-1.0 may take, which is exponential in what was made to be alike


class SortedGraph:
    """A graph that is filled with ``add`` and then, once ``finish`` was called, read: its number of statements, and the
    SHA-256 of its canonical form in hexadecimal digits."""

    def __init__(self) -> None:
        self.count, self.digest = 0, ""
        self.blank: list[bytes] = []  # the lines with blank nodes, which cannot be told apart one at a time
        self._lines: list[bytes] = []
        self._with_blanks: list[Triple] = []
        self._runs: list[IO[bytes]] = []
        self._files = ExitStack()

    def __enter__(self) -> SortedGraph:
        return self

    def __exit__(self, *_error: object) -> None:
        """Give its files back."""
        self._files.close()

    def add(self, triple: Triple) -> None:
        """Add a statement, which may be there already."""
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            self._with_blanks.append(triple)
            return
        self._lines.append(f"{triple} .\n".encode())
        if len(self._lines) >= _RUN:
            self._write_run()

    def finish(self) -> SortedGraph:
        """Take it that everything was added.

        Raises:
            UsageError: blank nodes are too much alike to be told apart.
        """
        if self._runs:
            self._write_run()
        else:
            self._lines = sorted(set(self._lines))
        self.blank = _canonical(self._with_blanks)
        self._with_blanks = []
        digest = sha256()
        for line in heapq.merge(self.ground(), self.blank):
            digest.update(line)
            self.count += 1
        self.digest = digest.hexdigest()
        return self

    def ground(self) -> Iterator[bytes]:
        """The lines without blank nodes, sorted, each once."""
        before = b""
        for line in chain(heapq.merge(*map(_rewound, self._runs)), self._lines):
            if line != before:
                yield line
            before = line

    def chunks(self, lines: int) -> Iterator[bytes]:
        """All lines, in texts of so many, but for those with blank nodes: a label means the same in one text only, so
        all of these are in the first."""
        pending, size = [*self.blank], len(self.blank)
        for line in self.ground():
            if size >= lines:
                yield b"".join(pending)
                pending, size = [], 0
            pending.append(line)
            size += 1
        if pending:
            yield b"".join(pending)

    def triples(self) -> Iterator[Triple]:
        """The statements, with labels of blank nodes that nothing else has."""
        for lines in self.chunks(1 << 60):
            for quad in pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES, lenient=True, rename_blank_nodes=True):
                yield quad.triple

    def _write_run(self) -> None:
        run = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # which closes it
        run.writelines(sorted(self._lines))
        self._lines = []
        self._runs.append(run)


def sorted_graph(triples: Iterable[Triple]) -> SortedGraph:
    """The graph of these statements.

    Raises:
        UsageError: blank nodes are too much alike to be told apart.
    """
    graph = SortedGraph()
    for triple in triples:
        graph.add(triple)
    return graph.finish()


def _rewound(run: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, which several may be reading in turn."""
    place = 0
    while True:
        run.seek(place)
        lines = run.readlines(1 << 20)
        place = run.tell()
        if not lines:
            return
        yield from lines


def _canonical(triples: list[Triple]) -> list[bytes]:
    if not triples:
        return []

    def work() -> list[bytes]:
        data_set = Dataset(Quad(*triple) for triple in triples)
        data_set.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return sorted(f"{quad.triple} .\n".encode() for quad in data_set)

    try:
        return isolated(work, _SECONDS)
    except (CrashedError, TimeoutError) as error:
        problem = _("the graphs cannot be compared: their blank nodes are too much alike to be told apart in time")
        raise UsageError(problem) from error
