"""Who answers which query: a few processes for quick queries, a few more for slow ones.

A query goes to the first quick process that is free. One that takes more of the processor than ``QUICK`` is slow: its
process says so, is given the lowest priority and counts among the slow ones from then on, and another takes its place
among the quick. Where there are as many slow ones as there may be, or half of them work for the same client, the query
waits until one of them is done. So slow queries never hold up quick ones for long, no client holds up another, and what
turned out to be slow is known as such the next time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ...errors import UsageError
from ..limits import Limits
from ..problems import Problem
from . import outcomes
from .engine import DONE, HEAD, NO_NAMES, QUICK, SLOW, TYPES, Names, Order, packed
from .loader import Loader
from .queues import Job, Queue, Shares

_TICK = 0.01
_LOWEST = 19  # priority
_KNOWN = 1_000  # slow queries to remember
_CHUNK = 1 << 18
_PAUSE, _LONGEST_PAUSE = 0.1, 60.0  # seconds before a process is started anew: twice as long each time in a row
_TRIES = 5  # in a row, after which no query waits for the next

Reply = tuple[str, bytes, bool]
_logger = logging.getLogger(__package__)


@dataclass(eq=False)
class _Worker:
    """A process, and this end of the socket that it answers on."""

    socket: socket.socket
    process: int = 0
    job: Job | None = None
    began: float = 0.0
    slow: bool = False
    read: bytearray = field(default_factory=bytearray)


class Pool:
    """Answers queries on a graph. Start it in a running loop, and close it there."""

    def __init__(self, graph: bytes, limits: Limits, names: Names = NO_NAMES) -> None:
        self.limits = limits
        self.crashed = 0  # processes that ended when nobody had ended them
        self._loader = Loader(graph, limits, names, self)
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._coming: deque[_Worker] = deque()  # asked for, in that order
        self._shares, self._heavy = Shares(), Shares()  # of all queries, and of the slow ones while they seem quick
        self._quick, self._slow = (Queue(limits.waiting, self._shares, self._heavy) for _ in range(2))
        self._each = (limits.slow + 1) // 2  # slow processes that work for the same client
        self._known: OrderedDict[Order, None] = OrderedDict()
        self._loaded, self._settled = False, asyncio.Event()
        self._failures = 0  # times that processes ended without a query, since the last answer
        self._pausing = False  # what ends meanwhile is the same failure
        self._broken: str | None = None  # why it cannot be
        self._ticking: asyncio.TimerHandle | None = None
        self._closed = False

    async def start(self) -> None:
        """Load the graph, and have processes ready.

        Raises:
            UsageError: it cannot be loaded.
        """
        self._loop = asyncio.get_running_loop()
        self._begin()
        self._tick()
        await self._settled.wait()
        if self._broken is not None:
            reason = self._broken
            await self.close()
            raise UsageError(f"the graph cannot be loaded: {reason}")

    @property
    def ready(self) -> bool:
        """Whether somebody is there to answer."""
        return self._loaded and not self._closed and not self._failing

    @property
    def _failing(self) -> bool:
        """Whether processes ended time and again, and there is none now."""
        return self._failures >= _TRIES and not self._workers

    @property
    def pending(self) -> int:
        """How many queries are being answered, or wait for it."""
        return len(self._quick) + len(self._slow) + sum(worker.job is not None for worker in self._workers)

    @property
    def processes(self) -> list[int]:
        """The processes that answer queries."""
        return [worker.process for worker in self._workers if worker.process]

    async def ask(self, order: Order, client: str) -> Reply:
        """The media type of the answer, the answer, and whether it may be another the next time.

        Raises:
            Problem: there is none.
        """
        if self._broken is not None or self._closed or self._failing:
            raise outcomes.unloaded()
        job = Job(order, client, self._loop.create_future(), self._loop.time())
        if order in self._known:
            self._wait(self._slow, job)
            self._slower()
        elif self._idle and self._may_be_quick(client):
            self._give(self._idle.pop(), job)
        else:
            self._wait(self._quick, job)
        return await job.done

    async def close(self) -> None:
        """End all processes when their queries are answered."""
        if self._ticking is not None:
            ends = self._loop.time() + self.limits.seconds + 1
            while self.pending and self._loop.time() < ends:
                await asyncio.sleep(_TICK)
            self._ticking.cancel()
        self._closed = True
        for worker in list(self._workers):
            self._retire(worker)
            if worker.job is not None and not worker.job.done.done():
                worker.job.done.set_exception(outcomes.full())
        await self._loader.close()

    def _begin(self) -> None:
        """Start the process that loads the graph and forks the others."""
        self._pausing = False
        if self._closed:
            return
        try:
            self._loader.start()
        except OSError as error:  # there may be no more processes or descriptors now
            self._again(self._begin, error.strerror or str(error))

    def loaded(self) -> None:
        """The graph is there."""
        self._loaded = True
        self._settled.set()
        self._fill()
        self._slower()

    def forked(self, process: int) -> None:
        """A process that answers queries is there."""
        worker = self._coming.popleft()
        worker.process = process
        self._loop.add_reader(worker.socket.fileno(), self._heard, worker)
        if worker.slow:
            self._demote(worker)
        self._next(worker)

    def broken(self, reason: str) -> None:
        """The graph cannot be loaded: no query is answered any more."""
        self._broken = reason
        if self._settled.is_set():  # else ``start`` says so
            _logger.error("no query is answered any more: the graph cannot be loaded: %s", reason)
        self._settled.set()
        self._refuse()

    def lost(self) -> None:
        """The process that loads is gone; those that it forked are left to their queries."""
        self._loaded = False
        self.crashed += 1
        for worker in [*self._coming, *self._idle]:
            self._drop(worker)
        self._coming.clear()
        for worker in self._workers:
            worker.process, worker.slow = 0, True  # its place is free
        self._again(self._begin, "the process that loads the graph ended")

    def _again(self, start: Callable[[], None], reason: str) -> None:
        """Start a process in place of one that failed for this reason, later if those before it failed too; where not
        even the first can be started, give up."""
        if self._closed or self._broken is not None:
            return
        counted = self._pausing
        self._failures += not counted
        self._pausing = True
        if self._failures >= _TRIES and not self._settled.is_set():
            self.broken(f"{reason}, {_TRIES} times")
            return
        pause = min(_PAUSE * 2 ** min(self._failures - 1, 16), _LONGEST_PAUSE)
        self._loop.call_later(pause, start)
        if self._failures == _TRIES and not counted:
            _logger.error("no query is answered until a process stays: %s, %d times in a row", reason, _TRIES)
        if self._failing:
            self._refuse()

    def _refuse(self) -> None:
        """Answer the queries that wait that there is no process for them."""
        for queue in (self._quick, self._slow):
            while (job := queue.take()) is not None:
                job.done.set_exception(outcomes.unloaded())

    def _wait(self, queue: Queue, job: Job) -> None:
        """Have a job wait; if there is no room, the client with the most has an answer at once."""
        if (crowded_out := queue.put(job)) is not None and not crowded_out.done.done():
            crowded_out.done.set_exception(outcomes.full())

    def _fill(self) -> None:
        """Have as many quick processes as there should be."""
        self._pausing = False
        for _ in range(self.limits.workers - sum(not worker.slow for worker in self._workers)):
            self._fork(slow=False)

    def _fork(self, *, slow: bool) -> None:
        """Ask for one more process."""
        if not self._loaded or self._closed:
            return
        near_end, far_end = socket.socketpair()
        near_end.setblocking(False)
        near_end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * self.limits.query + (1 << 16))
        worker = _Worker(near_end, slow=slow)
        with far_end:
            self._loader.fork(far_end)
        self._workers.add(worker)
        self._coming.append(worker)

    def _next(self, worker: _Worker) -> None:
        """Give the process the next query, if there is one."""
        job = self._slow.take(self._may_be_slow) if worker.slow else self._quick.take(self._may_be_quick)
        if job is not None:
            self._give(worker, job)
        elif worker.slow:
            self._retire(worker)
        else:
            self._idle.append(worker)

    def _give(self, worker: _Worker, job: Job) -> None:
        worker.job, worker.began = job, self._loop.time()
        with suppress(OSError):  # a process that is gone is heard from its socket
            worker.socket.sendall(packed(job.order))

    def _heard(self, worker: _Worker) -> None:
        """The process answers, finds its query slow, or is gone."""
        try:
            data = worker.socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._gone(worker)
            return
        worker.read += data
        if slow := worker.read.startswith(SLOW):
            del worker.read[: len(SLOW)]
        if len(worker.read) >= HEAD.size and len(worker.read) >= HEAD.size + HEAD.unpack_from(worker.read)[3]:
            self._answered(worker)
        elif slow and not worker.slow:
            self._slow_down(worker)

    def _answered(self, worker: _Worker) -> None:
        kind, type_, varies, _, seconds = HEAD.unpack_from(worker.read)
        content, job = bytes(memoryview(worker.read)[HEAD.size :]), worker.job
        worker.read, worker.job, self._failures = bytearray(), None, 0
        if job is not None:
            self._shares.charge(job.client, seconds)
            if seconds < QUICK:  # as may happen where it was not known
                self._known.pop(job.order, None)
            if not job.done.done():
                if kind == DONE:
                    job.done.set_result((TYPES[type_], content, varies))
                else:
                    job.done.set_exception(outcomes.problem(kind, content, self.limits))
        self._next(worker)

    def _gone(self, worker: _Worker) -> None:
        """A process ended by itself: it crashed, or somebody killed it."""
        self.crashed += 1
        if worker.job is None and not worker.slow:  # no query is the reason, so that the next may fare no better
            self._retire(worker)
            self._again(self._fill, "a process ended that had no query")
        else:
            self._stop(worker, outcomes.crash())

    def _slower(self) -> None:
        """Have processes for the slow queries that wait, as many as there may be."""
        there = sum(worker.slow for worker in self._workers)
        coming = sum(worker.slow for worker in self._coming)
        working = self._working()
        waiting = sum(min(count, self._each - working[client]) for client, count in self._slow.clients().items())
        for _ in range(min(self.limits.slow - there, waiting - coming)):
            self._fork(slow=True)

    def _working(self) -> Counter[str]:
        """How many slow processes work for each client."""
        return Counter(worker.job.client for worker in self._workers if worker.slow and worker.job is not None)

    def _may_be_slow(self, client: str) -> bool:
        return self._working()[client] < self._each

    def _may_be_quick(self, client: str) -> bool:
        """Whether a client may have one more of the quick processes: half of them, if its queries were slow lately."""
        if self._heavy.of(client) < QUICK:
            return True
        working = sum(
            not worker.slow and worker.job is not None and worker.job.client == client for worker in self._workers
        )
        return working < (self.limits.workers + 1) // 2

    def _tick(self) -> None:
        """Look who takes too long, or whose client has gone."""
        now = self._loop.time()
        self._shares.forget(now)
        self._heavy.forget(now)
        while self._idle and (waiting := self._quick.take(self._may_be_quick)) is not None:
            self._give(self._idle.pop(), waiting)
        for worker in list(self._workers):
            job = worker.job
            if job is not None and (
                now - job.arrived > self.limits.seconds or (job.done.done() and now - worker.began > QUICK)
            ):
                self._stop(worker, outcomes.too_slow(self.limits.seconds))
        for queue in (self._quick, self._slow):
            for job in queue.expired(now - self.limits.seconds):
                if not job.done.done():
                    job.done.set_exception(outcomes.full())
        self._ticking = self._loop.call_later(_TICK, self._tick)

    def _slow_down(self, worker: _Worker) -> None:
        """A quick process turned out to have a slow query: it is a slow one now, or the query waits for one."""
        job = worker.job
        if job is None:
            return
        self._heavy.charge(job.client, QUICK)
        self._known[job.order] = None
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)
        if sum(other.slow for other in self._workers) < self.limits.slow and self._may_be_slow(job.client):
            worker.slow = True
            self._demote(worker)
        else:
            self._shares.charge(job.client, QUICK)
            worker.job = None
            self._retire(worker)
            self._wait(self._slow, job)
        self._fork(slow=False)

    def _stop(self, worker: _Worker, problem: Problem) -> None:
        """End a process, whatever it does, and have another."""
        job = worker.job
        self._retire(worker)
        if job is not None:
            self._shares.charge(job.client, self._loop.time() - worker.began)
            if not job.done.done():
                job.done.set_exception(problem)
        if worker.slow:
            self._slower()
        else:
            self._fork(slow=False)

    def _demote(self, worker: _Worker) -> None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.process, _LOWEST)

    def _retire(self, worker: _Worker) -> None:
        """Have a process ended."""
        self._drop(worker)
        if worker.process:
            self._loader.end(worker.process)

    def _drop(self, worker: _Worker) -> None:
        """Think no more of a process."""
        self._workers.discard(worker)
        with suppress(ValueError):
            self._idle.remove(worker)
        if worker.socket.fileno() >= 0:
            self._loop.remove_reader(worker.socket.fileno())
            worker.socket.close()
