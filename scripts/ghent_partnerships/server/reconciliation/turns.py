"""Whose turn it is to have work done off the event loop: one batch of a client at a time, and of all clients, one piece
at a time, in the order in which they ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TypeVar
from weakref import WeakValueDictionary

from ...translation import message as _
from ..limits import Limits
from ..problems import busy

Asked = TypeVar("Asked")
Found = TypeVar("Found")


class Turns:
    """Does what is asked piece by piece, so that nobody waits for the whole of another's."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._waiting = limits, 0
        self._free = asyncio.Semaphore(1)
        self._of: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def each(self, client: str, asked: list[Asked], work: Callable[[Asked], Found]) -> list[Found]:
        """What the work makes of each thing that a client asks.

        Raises:
            Problem: too many wait, or it takes too long (503).
        """
        if self._waiting >= self._limits.waiting:
            raise busy("busy", _("Too many requests wait. Ask again in some seconds."))
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds), self._of.setdefault(client, asyncio.Lock()):
                found: list[Found] = []
                rest = iter(asked)
                while len(found) < len(asked):
                    async with self._free:
                        found += await asyncio.to_thread(self._piece, rest, work)
                return found
        except TimeoutError as error:
            raise busy("too-slow", _("This takes too long. Ask for less at once.")) from error
        finally:
            self._waiting -= 1

    def _piece(self, rest: Iterator[Asked], work: Callable[[Asked], Found]) -> list[Found]:
        """As much as is done in a turn."""
        until = perf_counter() + self._limits.turn
        found = []
        for each in rest:
            found.append(work(each))
            if perf_counter() > until:
                break
        return found
