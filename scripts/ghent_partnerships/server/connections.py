"""Connections that hold the server to its limits, whatever the other side sends, withholds or does not read.

uvicorn speaks HTTP and leaves much unbounded. Here a connection on whose request nobody works waits for its client, to
send or to read, and only so long; a head has its longest length; what comes ahead of the answers is not parsed before
them; and where there are too many connections, the client with the most loses those that have waited longest.
"""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ..text import DEFAULT_LANGUAGE
from ..translation import message as _
from .answers import of_problem
from .limits import Limits
from .problems import Problem
from .protocol import target_too_long

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

_PIECE = 1 << 12  # bytes that are parsed at once
_BLANK = b"\r\n\r\n"  # ends a head, so that no more than one request is parsed at once
_AT_ONCE = 20  # of so many connections one is ended where there are too many, so that not each newcomer costs a search


class _Connection(HttpToolsProtocol):
    """A connection; ``within`` gives it its limits."""

    limits: Limits
    since = 0.0  # when the client last did what was awaited
    _read_by: float | None = None  # when the client should have read what it was sent; None while it does
    _in_head = False
    _head = 0  # bytes of the head that comes, in whole pieces
    _rest, _at = b"", 0  # what came, and how much of it is parsed
    _active: RequestResponseCycle | None = None
    _over = False  # nothing is read any more but for the client to read the answer before it hears of the end

    @property
    def waits(self) -> bool:
        """Whether it is the client's turn."""
        return self._read_by is not None or self._idle or self.cycle.more_body

    @property
    def _idle(self) -> bool:
        return self._over or self.cycle is None or self.cycle.response_complete

    @property
    def kept(self) -> tuple[bytes, bytes]:
        """The answer that is kept until the client reads it, which may be that of others too; and what came ahead."""
        unread = self._active.scope["state"].get("answer", b"") if self._active and self._read_by is not None else b""
        return unread, self._rest

    def late(self, now: float) -> bool:
        """Whether the client had its time. For the body of a request it is measured where that is read."""
        if self._read_by is not None:
            return now > self._read_by
        return self._idle and now > self.since + self.limits.head_seconds

    def end(self) -> None:
        """End the connection, read or not."""
        self.connections.discard(self)
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.since = self.loop.time()
        if len(self.connections) > self.limits.connections:
            _make_room(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._active is not None:  # uvicorn thinks of the last request; there may be one before it
            self._active.disconnected = True
        self.pipeline.clear()
        self._rest = b""
        super().connection_lost(exc)
        # uvicorn leaves the timer of a client that hung up with an error, and with it whatever that client sent.
        self._unset_keepalive_if_required()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._active = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        if not self._over:
            self._rest, self._at = self._rest[self._at :] + data, 0
            self._parse()

    def _parse(self) -> None:
        """Parse what came, up to the first request that has to wait."""
        while self._at < len(self._rest) and not self.pipeline and not self._over and not self.transport.is_closing():
            blank = self._rest.find(_BLANK, self._at, self._at + _PIECE)
            end = self._at + _PIECE if blank < 0 else blank + len(_BLANK)
            piece, self._at, in_head = self._rest[self._at : end], end, self._in_head
            super().data_received(piece)
            if in_head and self._in_head:
                self._head += len(piece)
                if self._head > self.limits.head:
                    self.send_400_response("")
        if self._at < len(self._rest):
            self.flow.pause_reading()
        else:
            self._rest, self._at = b"", 0

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._head + 2 * _PIECE > self.limits.head:  # beside its whole pieces it has a first and a last
            self._head = len(self.parser.get_method()) + len(self.url) + len("  HTTP/1.1\r\n\r\n")
            self._head += sum(map(len, chain.from_iterable(self.headers))) + len(": \r\n") * len(self.headers)
            if self._head > self.limits.head:
                raise ValueError(self._head)  # which the parser takes for an error, and has the request refused
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's name for what the parser cannot take
        if len(getattr(self, "url", b"")) > self.limits.target:
            problem = target_too_long(self.limits)
        elif self._head > self.limits.head:
            problem = _head_too_long(self.limits)
        else:
            detail = _("This is no HTTP request.")
            problem = Problem(HTTPStatus.BAD_REQUEST, "not-http", detail)
        answer = of_problem(problem, DEFAULT_LANGUAGE)
        pairs = (*answer.headers, (b"content-length", str(len(answer.body)).encode()), (b"connection", b"close"))
        head = b"".join(b"%s: %s\r\n" % pair for pair in pairs)
        status = f"HTTP/1.1 {problem.status.value} {problem.status.phrase}\r\n".encode()
        self.transport.write(status + head + b"\r\n" + answer.body)
        self._linger()

    def on_response_complete(self) -> None:
        unread = self.cycle.more_body and not self.pipeline
        super().on_response_complete()
        self.since = self.loop.time()
        if unread:  # nobody will read the body, so nobody will find the next request
            self._linger()
        elif self._rest:
            self._parse()

    def _linger(self) -> None:
        """Send no more, and leave the client its time to read: to close at once would reset what it has not read."""
        self._over, self._rest, self.since = True, b"", self.loop.time()
        if not self.transport.is_closing():
            self.flow.resume_reading()
            self.transport.write_eof()

    def pause_writing(self) -> None:
        super().pause_writing()
        seconds = self.limits.head_seconds + self.transport.get_write_buffer_size() / self.limits.slowest
        self._read_by = self.loop.time() + seconds

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read_by, self.since = None, self.loop.time()


def within(limits: Limits) -> type[_Connection]:
    """The class of the connections of a server with these limits, for ``http`` of uvicorn's configuration."""
    return type("Connection", (_Connection,), {"limits": limits})


def sweep(connections: set[_Connection], limits: Limits, now: float) -> None:
    """End the connections whose clients had their time; and, where too much waits to be read, those who read least.

    ``now`` is the time of the running loop, in seconds."""
    for connection in list(connections):
        if connection.late(now):
            connection.end()
    while True:
        each = {connection: connection.kept for connection in connections}
        kept = {id(content): len(content) for contents in each.values() for content in contents}
        if sum(kept.values()) <= limits.unread:
            return
        by_client: Counter[str] = Counter()
        for connection, contents in each.items():
            by_client[_address(connection)] += sum(map(len, contents))
        max(
            each,
            key=lambda connection: (
                by_client[_address(connection)],
                sum(map(len, each[connection])),
                -connection.since,
            ),
        ).end()


def _make_room(newcomer: _Connection) -> None:
    """End connections that wait for their clients, those first whose client has the most, and has waited longest."""
    connections: list[_Connection] = [
        connection for connection in newcomer.connections if isinstance(connection, _Connection)
    ]
    counts = Counter(map(_address, connections))
    waiting = [connection for connection in connections if connection.waits and connection is not newcomer]
    waiting.sort(key=lambda connection: (-counts[_address(connection)], connection.since))
    for connection in waiting[: max(1, len(connections) // _AT_ONCE)] or [newcomer]:
        connection.end()


def _address(connection: _Connection) -> str:
    return connection.client[0] if connection.client else ""


def _head_too_long(limits: Limits) -> Problem:
    detail = _("The head of the request is longer than {head:,} bytes.", head=limits.head)
    return Problem(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too-long", detail)
