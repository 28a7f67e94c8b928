"""The process that loads the graph and forks those that answer, as the pool sees it: orders out, reports back."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import tempfile
from contextlib import suppress
from typing import Protocol

from ..limits import Limits
from .engine import BROKEN, END, FORK, ORDER, Names, loading


class Listener(Protocol):
    """Who hears what becomes of the process."""

    def loaded(self) -> None:
        """The graph is loaded."""

    def forked(self, process: int) -> None:
        """A process was forked, as ordered; in the order of the orders."""

    def broken(self, reason: str) -> None:
        """The graph cannot be loaded, however often it is tried."""

    def lost(self) -> None:
        """The process ended. Those that it forked end as they finish, or by alarm."""


class Loader:
    """Starts the process, gives it orders, and reports to a listener, in the running loop.

    Args:
        graph: N-Quads.
        limits: of the processes that are forked.
        names: what they know of the IRIs of the graph.
        listener: hears what becomes of the process.
    """

    def __init__(self, graph: bytes, limits: Limits, names: Names, listener: Listener) -> None:
        self._limits, self._names, self._listener = limits, names, listener
        self._graph = tempfile.TemporaryFile()  # noqa: SIM115  # read again whenever the process is started anew
        self._graph.write(graph)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._reports = b""

    def start(self) -> None:
        """Start the process.

        Raises:
            OSError: there can be none now.
        """
        self._graph.seek(0)
        self._process, self._control = loading(self._graph, self._limits, self._names)
        self._reports = b""
        asyncio.get_running_loop().add_reader(self._control.fileno(), self._read)

    def fork(self, socket_of_child: socket.socket) -> None:
        """Order a process that answers on the socket."""
        if self._control is not None:
            with suppress(OSError):  # where the process is gone, that is read from its socket
                socket.send_fds(self._control, [ORDER.pack(FORK, 0)], [socket_of_child.fileno()])

    def end(self, process: int) -> None:
        """Have a process killed and waited for by the one that forked it, which alone knows that it is still the same.

        Args:
            process: its number.
        """
        if self._control is not None:
            with suppress(OSError):
                self._control.send(ORDER.pack(END, process))

    async def close(self) -> None:
        """End the process."""
        self._hang_up()
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        self._graph.close()

    def _read(self) -> None:
        """The process reports that the graph is loaded or why it is not, or which process it forked."""
        assert self._control is not None
        try:
            data = self._control.recv(1 << 12)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        self._reports += data
        while len(self._reports) >= ORDER.size:
            what, number = ORDER.unpack_from(self._reports)
            if what == BROKEN:
                if len(self._reports) >= ORDER.size + number:
                    self._listener.broken(self._reports[ORDER.size :].decode("utf-8", "replace"))
                return
            self._reports = self._reports[ORDER.size :]
            if number:
                self._listener.forked(number)
            else:
                self._listener.loaded()

    def _lose(self) -> None:
        assert self._process is not None
        self._hang_up()
        self._process.kill()
        self._process.wait()
        self._listener.lost()

    def _hang_up(self) -> None:
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
