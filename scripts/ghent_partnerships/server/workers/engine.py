"""The processes that answer queries. One loads the graph and then only forks: each child answers one query after
another, with a limit of memory, no descriptor left to open, and an alarm that ends it if nobody else does.

``python -m ghent_partnerships.server.workers.engine DESCRIPTOR`` is the first of them. It reads the graph as N-Quads
from its standard input, and on the socket takes orders: to fork a child, with the socket that it is to answer on, or to
end one. It ends when the socket is closed.
"""

from __future__ import annotations

import array
import gc
import io
import json
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from time import process_time
from typing import IO, TYPE_CHECKING, NamedTuple, NoReturn

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
)

from ...process import confine
from ...rdf import rdf_xml
from ...rdf.serialize import canonical, has_blank_nodes, in_format
from ...rdf.turtle import UnwritableError
from ...sparql import csv_results
from ...sparql.syntax_errors import described
from ...sparql.text import features
from ...translation import load as load_catalogues
from ..limits import Limits

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_CSV = "text/csv"
RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    _CSV: QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
}
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
TYPES = (*RESULTS, *GRAPHS)
HEAD = struct.Struct("<BB?Id")  # of an answer: its outcome, the index of its media type, whether it may differ the
# next time, the length of what follows, and the seconds of the processor that it took
ORDER = struct.Struct("<cq")  # what to do, and for or with which process; or the length of the message of what failed
FORK, END, BROKEN = b"f", b"e", b"b"
DONE, SYNTAX, FAILED, TOO_LONG, NO_RESULTS, NO_GRAPH, NEITHER, READ_ONLY, SERVICE, NOT_AN_IRI = range(10)
SLOW = bytes([signal.SIGPROF])  # what a process sends before its answer, once it has worked for ``QUICK``
_NICENESS = 5  # added to the server's, whose loop answers all others and must not wait while queries are computed
QUICK = 0.05  # seconds of the processor after which a query is slow
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))


@dataclass(frozen=True)
class Order:
    """A query, the graphs to ask (none given: all), and the media types of its answer (None: not acceptable)."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    results: str | None
    graph: str | None


class Names(NamedTuple):
    """What relative IRIs of queries start at, if anything, and the prefixes of an answer in Turtle."""

    endpoint: str = ""
    prefixes: Mapping[str, str] = {}


NO_NAMES = Names()


class _TooLongError(Exception):
    """The answer is longer than it may be."""


class _Answer(io.BytesIO):
    """Where an answer is written to, up to its longest length."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def write(self, data: Buffer) -> int:
        written = super().write(data)
        if self.tell() > self.longest:
            raise _TooLongError
        return written


def answer(store: Store, order: Order, longest: int, names: Names = NO_NAMES) -> tuple[int, int, bool, bytes]:
    """The outcome of the query (DONE or what prevented it), the index of the media type in ``TYPES``, whether the
    answer may differ the next time, and the answer or the message, which is at most ``longest`` bytes long."""
    query = features(order.text)
    if query.first in _UPDATES:  # sent as a query
        return READ_ONLY, 0, False, b""
    dataset: dict[str, Sequence[NamedNode]] = {}
    for iri in (*order.default_graphs, *order.named_graphs):
        try:
            NamedNode(iri)
        except ValueError:
            return NOT_AN_IRI, 0, False, iri.encode("utf-8", "replace")
    if order.default_graphs or order.named_graphs:
        dataset["default_graph"] = [NamedNode(iri) for iri in order.default_graphs]
        dataset["named_graphs"] = [NamedNode(iri) for iri in order.named_graphs]
    if query.service:
        return SERVICE, 0, False, b""
    if order.results is None and order.graph is None:
        return NEITHER, 0, False, b""
    return _answer(store, order, dataset, longest, names, varies=query.varies)


def _answer(
    store: Store, order: Order, dataset: dict[str, Sequence[NamedNode]], longest: int, names: Names, *, varies: bool
) -> tuple[int, int, bool, bytes]:
    try:
        result = store.query(order.text, base_iri=names.endpoint or None, **dataset)  # type: ignore[arg-type]
        written = _Answer(longest)
        if isinstance(result, QuerySolutions | QueryBoolean):
            if order.results is None:
                return NO_RESULTS, 0, False, b""
            type_ = order.results
            if type_ == _CSV and isinstance(result, QuerySolutions):
                csv_results.write(result, written)
            else:
                result.serialize(written, RESULTS[type_])
        else:
            if order.graph is None:
                return NO_GRAPH, 0, False, b""
            type_ = order.graph
            content = in_format(_labelled(result), GRAPHS[type_], written, names.prefixes)
            if len(content) > longest:
                raise _TooLongError
            return DONE, TYPES.index(type_), varies, content
    except SyntaxError:
        line, column, text = described(order.text)
        return SYNTAX, 0, False, json.dumps((line, column, dict(text))).encode()
    except _TooLongError:
        return TOO_LONG, 0, False, b""
    except UnwritableError as error:
        return NO_GRAPH, 0, False, str(error).encode()
    except (ValueError, RuntimeError, OSError, ArithmeticError) as error:
        return FAILED, 0, False, str(error).encode("utf-8", "replace")
    content = written.getvalue()
    if type_.endswith("xml"):
        content = rdf_xml.carriage_returns_kept(rdf_xml.controls_replaced(content))
    return DONE, TYPES.index(type_), varies, content


def _labelled(triples: Iterable[Triple]) -> list[Triple]:
    """The statements, their blank nodes labelled by RDFC-1.0: the same answer is the same bytes, whoever gives it."""
    statements = list(triples)
    return sorted(canonical(statements), key=str) if has_blank_nodes(statements) else statements


def _work(store: Store, descriptor: int, seconds: float, memory: int, longest: int, names: Names) -> NoReturn:
    """Answer queries until nobody asks any more."""
    confine(memory, [descriptor])
    os.set_blocking(descriptor, False)  # as one for signals must be; each signal that Python hears is a byte on it
    signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
    signal.signal(signal.SIGPROF, lambda *_: None)
    channel = _Channel(descriptor)
    while True:
        order = Order(*pickle.loads(channel.read()))  # noqa: S301  # from the process that started us
        signal.setitimer(signal.ITIMER_REAL, seconds)
        signal.setitimer(signal.ITIMER_PROF, QUICK)  # which is heard while Oxigraph works: the byte is sent by C
        began = process_time()
        kind, type_, varies, content = answer(store, order, longest, names)
        took = process_time() - began
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        channel.write(HEAD.pack(kind, type_, varies, len(content), took) + content)


class _Channel:
    """Orders, each with its length before it, on a descriptor; when there are no more, this process ends."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def read(self) -> bytes:
        data = self._more()
        while len(data) < _LENGTH.size or len(data) < _LENGTH.size + _LENGTH.unpack_from(data)[0]:
            data += self._more()
        return data[_LENGTH.size :]

    def _more(self) -> bytes:
        select.select([self.descriptor], [], [])
        if not (data := os.read(self.descriptor, 1 << 16)):
            os._exit(0)
        return data

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            select.select([], [self.descriptor], [])
            rest = rest[os.write(self.descriptor, rest) :]


_LENGTH = struct.Struct("<I")
_LONGEST = 1_000  # bytes of what is wrong with a graph


def packed(order: Order) -> bytes:
    """The order as a child reads it: its fields alone, since a class would be imported where no file can be opened."""
    data = pickle.dumps(astuple(order))
    return _LENGTH.pack(len(data)) + data


def loading(graph: IO[bytes], limits: Limits, names: Names) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A process that loads the graph and takes orders, and the socket for them."""
    near_end, far_end = socket.socketpair()
    command = [sys.executable, "-m", f"{__package__}.engine", str(far_end.fileno())]
    command += [str(limits.seconds + 1), str(limits.memory), str(limits.answer), json.dumps(names)]
    path = os.pathsep.join(filter(None, sys.path))  # the module is found where it was found by us
    with far_end:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=graph,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[far_end.fileno()],
            env={**os.environ, "PYTHONPATH": path},
        )
    near_end.setblocking(False)
    return process, near_end


def _take(control: socket.socket) -> tuple[bytes, int, int | None]:
    """The next order: to fork, with a descriptor; or to end a process."""
    data, ancillary, _, _ = control.recvmsg(ORDER.size, socket.CMSG_LEN(4))
    if len(data) < ORDER.size:
        sys.exit(0)  # whoever gave orders is gone
    what, number = ORDER.unpack(data)
    descriptors = array.array("i")
    for _, _, content in ancillary:
        descriptors.frombytes(content[:4])
    return what, number, descriptors[0] if descriptors else None


def main(descriptor: int, seconds: float, memory: int, longest: int, names: Names) -> None:
    """Load the graph, and obey."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # the terminal sends them to all; the server ends this process
    os.nice(_NICENESS)
    control = socket.socket(fileno=descriptor)
    store = Store()
    try:
        with os.fdopen(0, "rb", closefd=False) as graph:
            store.bulk_load(graph, RdfFormat.N_QUADS)
    except (SyntaxError, OSError) as error:
        reason = str(error).encode("utf-8", "replace")[:_LONGEST]
        control.sendall(ORDER.pack(BROKEN, len(reason)) + reason)
        sys.exit(1)
    load_catalogues()  # before there are children, which open no file
    gc.collect()
    gc.freeze()
    gc.disable()
    control.sendall(ORDER.pack(FORK, 0))  # the graph is there
    while True:
        what, number, given = _take(control)
        if what == END:
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
        elif given is not None:
            child = os.fork()
            if not child:
                try:
                    _work(store, given, seconds, memory, longest, names)
                finally:
                    os._exit(1)
            os.close(given)
            control.sendall(ORDER.pack(FORK, child))


if __name__ == "__main__":
    from ghent_partnerships.server.workers.engine import Names, main  # orders are pickled with this name of the module

    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Names(*json.loads(sys.argv[5])))
