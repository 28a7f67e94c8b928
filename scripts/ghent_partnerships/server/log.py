"""Lines for a reader that may be slow: what is not read in time is dropped, and how many lines that were is written."""

from __future__ import annotations

import asyncio
import json
import os
import select
from contextlib import suppress

_LONGEST = 1 << 18  # bytes that wait to be written
_PAUSE = 0.05  # seconds in which lines are gathered
_LAST = 1_000  # milliseconds without a taker, at the end
_PIECE = select.PIPE_BUF  # what a descriptor that can be written to takes without blocking


class Lines:
    """Writes lines in UTF-8 to a file descriptor, from a running loop, which never waits for them."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = bytearray()
        self._dropped = 0
        self._timer: asyncio.TimerHandle | None = None
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def write(self, line: str) -> None:
        """Have a line written soon."""
        if len(self._waiting) > _LONGEST:
            self._dropped += 1
            return
        self._waiting += self._gap() + line.encode() + b"\n"
        self._later()

    def close(self) -> None:
        """Write the rest, at the end, as long as the reader takes it."""
        self._flush(_LAST)

    def _flush(self, wait: int = 0) -> None:
        """Write what the reader takes now; one who is gone takes nothing."""
        self._timer = None
        try:
            while self._waiting and self._poll.poll(wait):
                del self._waiting[: os.write(self._descriptor, self._waiting[:_PIECE])]
                if not self._waiting:
                    self._waiting += self._gap()
        except OSError:
            self._waiting.clear()
        if self._waiting:
            self._later()

    def _gap(self) -> bytes:
        """The line with the number of those dropped, if any were."""
        dropped, self._dropped = self._dropped, 0
        return json.dumps({"dropped": dropped}).encode() + b"\n" if dropped else b""

    def _later(self) -> None:
        if self._timer is None:
            with suppress(RuntimeError):  # the loop has ended; there is one last time
                self._timer = asyncio.get_running_loop().call_later(_PAUSE, self._flush)
