"""The application on uvicorn, with bounds on what uvicorn leaves unbounded, and with what signals mean."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..errors import UsageError
from .answers import of_problem
from .application import app
from .limits import Limits
from .protocol import target_too_long

_GRACE = 15  # seconds for what was asked to be answered, at the end
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
Say = Callable[[str], None]


def run(directory: Path, host: str, port: int, limits: Limits, log: Say | None, say: Say) -> None:
    """Serve the directory until a signal ends it; SIGHUP takes what is in the directory by then.

    ``log`` is called with a line for each request, ``say`` with what people want to know.

    Raises:
        UsageError: the directory is not one that ``publish`` wrote, or the address cannot be had.
    """
    application = app(directory, limits, log)
    _tell_failures(say)
    listening = _listening(host, port)
    config = uvicorn.Config(
        application,
        http=_bounded(limits),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=int(limits.head_seconds),
        timeout_graceful_shutdown=_GRACE,
        limit_concurrency=limits.connections,
        backlog=512,
    )
    _Server(config, application, say, _address(listening)).run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn, which says when it is ready, and hears SIGHUP."""

    def __init__(self, config: uvicorn.Config, application: Starlette, say: Say, address: str) -> None:
        super().__init__(config)
        self._application, self._say, self._address = application, say, address
        self._taking: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """End when what was asked is answered; at the second Ctrl-C, at once. To end so is no failure."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._take)
            self._say(f"{self._address} (SPARQL: {self._address}sparql); Ctrl-C ends it")

    def _take(self) -> None:
        if self._taking is None or self._taking.done():
            self._taking = asyncio.create_task(self._taken())

    async def _taken(self) -> None:
        try:
            self._say(f"serving release {await self._application.state.server.take()}")
        except UsageError as error:
            self._say(f"still serving the release before: {error}")


def _bounded(limits: Limits) -> type[HttpToolsProtocol]:
    """The protocol with a bound on the length of a request's head, and on the time that it takes to come."""

    class Bounded(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None  # runs while the head of a request is awaited
        _read = 0  # bytes in that time; the last may be of a body

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._await_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._have_head()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._timer is not None:
                self._read += len(data)
                if self._read > limits.head + limits.body:
                    self.transport.write(_TOO_LARGE)
                    self.transport.close()
                    return
            super().data_received(data)

        def send_400_response(self, msg: str) -> None:
            """What the parser cannot take; of an address that it stopped reading, that it is too long."""
            if len(getattr(self, "url", b"")) <= limits.target:
                super().send_400_response(msg)
                return
            answer = of_problem(target_too_long(limits), "en")
            pairs = (*answer.headers, (b"content-length", str(len(answer.body)).encode()), (b"connection", b"close"))
            head = b"".join(b"%s: %s\r\n" % pair for pair in pairs)
            self.transport.write(b"HTTP/1.1 414 URI Too Long\r\n" + head + b"\r\n" + answer.body)
            self.transport.close()

        def on_message_begin(self) -> None:
            self._await_head()
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._have_head()
            super().on_headers_complete()

        def _await_head(self) -> None:
            self._have_head()
            self._timer = self.loop.call_later(limits.head_seconds, self.transport.close)

        def _have_head(self) -> None:
            self._read = 0
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Bounded


class _Failures(logging.Handler):
    """Says in a line what failed. What is merely wrong with a request is the client's to know: it gets a 400."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, without a traceback."""
        error = record.exc_info[1] if record.exc_info else None
        self._say(f"{record.getMessage().strip()}{f': {error!r}' if error else ''}")


def _tell_failures(say: Say) -> None:
    for name in ("uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Failures(say)], False


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(f"serve: {host}:{port} cannot be listened at: {error.strerror or error}") from error
    listening.set_inheritable(False)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
