"""The processes that answer queries. One loads the graph and then only forks: each child answers one query after
another, with a limit of memory, no descriptor left to open, and an alarm that ends it if nobody else does.

``python -m ghent_partnerships.serve.engine DESCRIPTOR`` is the first of them. It reads the graph as N-Quads from its
standard input, and on the socket takes orders: to fork a child, with the socket that it is to answer on, or to end one.
It ends when the socket is closed.
"""

from __future__ import annotations

import array
import gc
import io
import json
import os
import pickle
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, NoReturn

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store, serialize

from .. import rdf_xml
from ..isolation import confine
from ..names import BASE, PREFIXES
from ..syntax_errors import described
from ..turtle import UnwritableError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
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
HEAD = struct.Struct("<IBBd")  # of an answer: the length of what follows, what it is, the number of its media type,
# and the seconds of the processor that it took
ORDER = struct.Struct("<cq")  # what to do, and for or with which process
FORK, END = b"f", b"e"
DONE, SYNTAX, FAILED, TOO_LONG, NO_RESULTS, NO_GRAPH = range(6)


@dataclass(frozen=True)
class Order:
    """A query, the graphs to ask (none given: all), and the media types of its answer (None: not acceptable)."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    results: str | None
    graph: str | None


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


def answer(store: Store, order: Order, longest: int) -> tuple[int, int, bytes]:
    """What became of the query, the number of the media type, and the answer or what is wrong."""
    try:
        dataset: dict[str, Sequence[NamedNode]] = {}
        if order.default_graphs or order.named_graphs:
            dataset["default_graph"] = [NamedNode(one) for one in order.default_graphs]
            dataset["named_graphs"] = [NamedNode(one) for one in order.named_graphs]
        found = store.query(order.text, base_iri=BASE, **dataset)  # type: ignore[arg-type]
        written = _Answer(longest)
        if isinstance(found, QuerySolutions | QueryBoolean):
            if order.results is None:
                return NO_RESULTS, 0, b""
            type_ = order.results
            found.serialize(written, RESULTS[type_])
        else:
            if order.graph is None:
                return NO_GRAPH, 0, b""
            type_ = order.graph
            if GRAPHS[type_] == RdfFormat.RDF_XML:
                content = rdf_xml.serialize(rdf_xml.sayable(found), output=written)
                return (DONE, TYPES.index(type_), content) if len(content) <= longest else (TOO_LONG, 0, b"")
            serialize(found, written, GRAPHS[type_], prefixes=PREFIXES if type_ == "text/turtle" else None)
    except SyntaxError:
        return SYNTAX, 0, json.dumps(described(order.text)).encode()
    except _TooLongError:
        return TOO_LONG, 0, b""
    except UnwritableError as error:
        return NO_GRAPH, 0, str(error).encode()
    except (ValueError, RuntimeError, OSError, ArithmeticError) as error:
        return FAILED, 0, str(error).encode("utf-8", "replace")
    content = written.getvalue()
    if type_.endswith("xml"):
        content = rdf_xml.carriage_returns_kept(rdf_xml.controls_replaced(content))
    return DONE, TYPES.index(type_), content


def _work(store: Store, descriptor: int, seconds: float, memory: int, longest: int) -> NoReturn:
    """Answer queries until nobody asks any more."""
    confine(memory, [descriptor])
    channel = _Channel(descriptor)
    while True:
        order = pickle.loads(channel.read())  # noqa: S301  # from the process that started us
        signal.setitimer(signal.ITIMER_REAL, seconds)
        began = process_time()
        kind, type_, content = answer(store, order, longest)
        took = process_time() - began
        signal.setitimer(signal.ITIMER_REAL, 0)
        channel.write(HEAD.pack(len(content), kind, type_, took) + content)


class _Channel:
    """Orders, each with its length before it, on a descriptor; when there are no more, this process ends."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def read(self) -> bytes:
        data = os.read(self.descriptor, 1 << 16)
        while len(data) < _LENGTH.size or len(data) < _LENGTH.size + _LENGTH.unpack_from(data)[0]:
            if not (more := os.read(self.descriptor, 1 << 16)):
                os._exit(0)
            data += more
        return data[_LENGTH.size :]

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]


_LENGTH = struct.Struct("<I")


def packed(order: Order) -> bytes:
    """The order as a child reads it."""
    data = pickle.dumps(order)
    return _LENGTH.pack(len(data)) + data


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


def main(descriptor: int, seconds: float, memory: int, longest: int) -> None:
    """Load the graph, and obey."""
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)  # the terminal sends them to all; whoever started us ends us
    store = Store()
    with os.fdopen(0, "rb", closefd=False) as graph:
        store.bulk_load(graph, RdfFormat.N_QUADS)
    gc.collect()
    gc.freeze()
    gc.disable()
    control = socket.socket(fileno=descriptor)
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
                    _work(store, given, seconds, memory, longest)
                finally:
                    os._exit(1)
            os.close(given)
            control.sendall(ORDER.pack(FORK, child))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
