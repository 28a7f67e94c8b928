"""The application on uvicorn, and what signals mean to it."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import resource
import signal
import socket
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import UsageError
from ..files import reason
from ..terminal import printable
from ..translation import message as _
from .app import Doors, app
from .connections import sweep, within
from .limits import Limits
from .log import Lines

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_TAKEN, _AGAIN = "taken", "again"  # to who makes the releases
_GRACE = 15  # seconds for what was asked to be answered, at the end
_SWEEP = 0.5  # seconds
_BESIDE = 128  # descriptors for other than connections


def run(
    directory: Path,
    host: str,
    port: int,
    limits: Limits,
    *,
    log: bool,
    doors: Doors = MappingProxyType({}),
    news: Connection | None = None,
) -> None:
    """Serve the directory until a signal ends it; SIGHUP takes what is in the directory by then.

    ``log`` is whether each request is a line on standard output; what people want to know is on standard error.
    ``doors`` are what is answered beside documents and queries, by their paths. ``news`` comes from a process that
    makes new releases: None where there is one in the directory, which it leaves alone until it is told that it is
    taken, the error that keeps it from making one, or a text when that is over. At SIGHUP it is asked for one.

    Raises:
        UsageError: the directory is not one that ``publish`` wrote, or the address cannot be had.
    """
    lines, output = Lines(1), Lines(2)
    limits = _with_descriptors(limits)
    application = app(directory, limits, lines.write if log else None, doors)
    _log_failures(output)
    listening = _listening(host, port, limits)
    config = uvicorn.Config(
        _without_middleware(application),
        http=within(limits),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=math.ceil(limits.head_seconds),
        timeout_graceful_shutdown=_GRACE,
        backlog=512,
    )
    server = _Server(config, application, limits, output, _address(listening), news)
    try:
        server.run(sockets=[listening])
    except SystemExit:  # how uvicorn ends where the application cannot start, which has reported why
        problem = application.state.server.failure
        raise UsageError(_("{path}: {problem}", path="serve", problem=problem.text)) from None
    finally:
        lines.close()
        output.close()


def _without_middleware(application: Starlette) -> ASGIApp:
    """The application, whose requests go straight to the server: Starlette's layers, through which those of a program
    that mounts it pass, take a tenth of the time of an answer, and do what uvicorn does again."""
    server = application.state.server

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await (server if scope["type"] == "http" else application)(scope, receive, send)

    return answer


class _Server(uvicorn.Server):
    """uvicorn, which reports when it is ready, ends connections that are too slow, and hears SIGHUP."""

    def __init__(
        self,
        config: uvicorn.Config,
        application: Starlette,
        limits: Limits,
        output: Lines,
        address: str,
        news: Connection | None,
    ) -> None:
        super().__init__(config)
        self._news = news
        self._application, self._limits, self._output, self._address = application, limits, output, address
        self._taking: asyncio.Task[None] | None = None
        self._again = False  # there was a SIGHUP while another was at work

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """End when what was asked is answered; at the second Ctrl-C, at once. To end so is no failure."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        if self._news is None:
            loop.add_signal_handler(signal.SIGHUP, self._take)
        else:
            loop.add_signal_handler(signal.SIGHUP, self._news.send, _AGAIN)
            loop.add_reader(self._news.fileno(), self._hear)
        self._sweep()
        self._output.write(f"{self._address} (SPARQL: {self._address}sparql); Ctrl-C ends it")

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        sweep(self.server_state.connections, self._limits, loop.time())  # type: ignore[arg-type]
        if os.getpid() == 1:
            _reap()
        loop.call_later(_SWEEP, self._sweep)

    def _hear(self) -> None:
        """Take the new release that there is, or report why there is none; what is served is served on."""
        assert self._news is not None
        server = self._application.state.server
        try:
            news = self._news.recv()
        except EOFError:
            news = UsageError(_("what follows the endpoint has ended"))
            asyncio.get_running_loop().remove_reader(self._news.fileno())
        server.problem = printable(str(news).partition("\n")[0]) if isinstance(news, Exception) else ""
        if news is None:
            self._take()
        elif server.problem:
            self._output.write(f"still serving the release before: {server.problem}")
        else:
            self._output.write("the endpoint answers again, with what is served")

    def _take(self) -> None:
        self._again = True
        if self._taking is None or self._taking.done():
            self._taking = asyncio.create_task(self._taken())

    async def _taken(self) -> None:
        while self._again:
            self._again = False
            try:
                self._output.write(f"serving release {await self._application.state.server.take()}")
            except UsageError as error:
                self._output.write(printable(f"still serving the release before: {error}"))
            if self._news is not None:
                with suppress(OSError):  # nobody makes another
                    self._news.send(_TAKEN)


def _reap() -> None:
    """Wait for the processes whose parents are gone: in a container, where this is process 1, they become its
    children."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


class _Failures(logging.Handler):
    """Writes in a line what failed. What is merely wrong with a request is the client's to know: it gets a 400."""

    def __init__(self, output: Lines) -> None:
        super().__init__(logging.ERROR)
        self._output = output

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, without a traceback."""
        error = record.exc_info[1] if record.exc_info else None
        self._output.write(printable(f"{record.getMessage().strip()}{f': {error!r}' if error else ''}"))


def _log_failures(output: Lines) -> None:
    for name in ("uvicorn", "asyncio", __package__):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Failures(output)], False


def _with_descriptors(limits: Limits) -> Limits:
    """As many descriptors as the connections need, or as many connections as there may be descriptors for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = limits.connections + _BESIDE
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return replace(limits, connections=min(limits.connections, soft - _BESIDE))


def _listening(host: str, port: int, limits: Limits) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        problem = _(
            "serve: {address} cannot be listened at: {reason}",
            address=":".join((host, str(port))),
            reason=reason(error),
        )
        raise UsageError(problem) from error
    listening.set_inheritable(False)
    if hasattr(
        socket, "TCP_USER_TIMEOUT"
    ):  # the kernel lets go of who does not read what it has of a closed connection
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * limits.head_seconds))
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
