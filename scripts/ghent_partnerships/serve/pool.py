"""Who answers which query: a few processes for quick queries, a few more for slow ones.

A query goes to the first quick process that is free. One that is not done soon is slow: its process is given the
lowest priority and counts among the slow ones from then on, and another takes its place among the quick. Where there
are as many slow ones as there may be, the query waits until one of them is done. So slow queries never hold up quick
ones for long, and what turned out to be slow is known as such the next time.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from .engine import DONE, END, FAILED, FORK, HEAD, NO_GRAPH, NO_RESULTS, ORDER, SYNTAX, TOO_LONG, TYPES, Order, packed
from .limits import Limits
from .problems import Problem, busy, not_acceptable, not_in_rdf_xml
from .protocol import GRAPH_TYPES, RESULT_TYPES, syntax_error

_QUICK = 0.05  # seconds after which a query is slow
_TICK = 0.01
_LOWEST = 19  # priority
_KNOWN = 1_000  # slow queries to remember
_CHUNK = 1 << 18
_PAUSE = 0.1  # seconds before the first process is started anew


@dataclass(eq=False)
class _Job:
    order: Order
    done: asyncio.Future[tuple[str, bytes]]
    arrived: float


@dataclass(eq=False)
class _Worker:
    """A process, and our end of the socket that it answers on."""

    socket: socket.socket
    process: int = 0
    job: _Job | None = None
    began: float = 0.0
    slow: bool = False
    read: bytearray = field(default_factory=bytearray)


class Pool:
    """Answers queries on a graph. Start it in a running loop, and close it there."""

    def __init__(self, graph: bytes, limits: Limits) -> None:
        self.limits = limits
        self.crashed = 0  # processes that ended when nobody had told them to
        self._graph = tempfile.TemporaryFile()  # noqa: SIM115  # read again whenever the first process is started anew
        self._graph.write(graph)
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._coming: deque[_Worker] = deque()  # asked for, in that order
        self._quick: deque[_Job] = deque()
        self._slow: deque[_Job] = deque()
        self._known: OrderedDict[Order, None] = OrderedDict()
        self._first: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._orders = b""
        self._loaded = asyncio.Event()
        self._closed = False

    async def start(self) -> None:
        """Load the graph, and have processes ready."""
        self._loop = asyncio.get_running_loop()
        self._begin()
        await self._loaded.wait()

    @property
    def ready(self) -> bool:
        """Whether somebody is there to answer."""
        return self._loaded.is_set() and not self._closed

    @property
    def pending(self) -> int:
        """How many queries are being answered, or wait for it."""
        return len(self._quick) + len(self._slow) + sum(worker.job is not None for worker in self._workers)

    @property
    def processes(self) -> list[int]:
        """The processes that answer queries."""
        return [worker.process for worker in self._workers if worker.process]

    async def ask(self, order: Order) -> tuple[str, bytes]:
        """The media type of the answer, and the answer.

        Raises:
            Problem: there is none.
        """
        job = _Job(order, self._loop.create_future(), self._loop.time())
        slow = order in self._known
        queue = self._slow if slow else self._quick
        if not slow and self._idle:
            self._give(self._idle.pop(), job)
        elif len(queue) >= self.limits.waiting:
            raise _full()
        else:
            queue.append(job)
            if slow:
                self._slower()
        return await job.done

    async def close(self) -> None:
        """End all processes when their queries are answered."""
        ends = self._loop.time() + self.limits.seconds + 1
        while self.pending and self._loop.time() < ends:
            await asyncio.sleep(_TICK)
        self._closed = True
        self._ticking.cancel()
        for worker in list(self._workers):
            self._retire(worker)
        if self._control is not None:
            self._loop.remove_reader(self._control.fileno())
            self._control.close()
        if self._first is not None:
            self._first.kill()
            await asyncio.to_thread(self._first.wait)
        self._graph.close()

    def _begin(self) -> None:
        """Start the process that loads the graph and forks the others."""
        ours, theirs = socket.socketpair()
        self._graph.seek(0)
        limits = self.limits
        command = [sys.executable, "-m", f"{__package__}.engine", str(theirs.fileno())]
        command += [str(limits.seconds + 1), str(limits.memory), str(limits.answer)]
        path = os.pathsep.join(filter(None, sys.path))  # the module is found where it was found by us
        self._first = subprocess.Popen(  # noqa: S603
            command,
            stdin=self._graph,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path},
        )
        theirs.close()
        ours.setblocking(False)
        self._control, self._orders = ours, b""
        self._loop.add_reader(ours.fileno(), self._told)
        self._ticking = self._loop.call_later(_TICK, self._tick)

    def _told(self) -> None:
        """The first process says that the graph is there, or which process it forked."""
        assert self._control is not None
        try:
            data = self._control.recv(1 << 12)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost()
            return
        self._orders += data
        while len(self._orders) >= ORDER.size:
            _, process = ORDER.unpack_from(self._orders)
            self._orders = self._orders[ORDER.size :]
            if not process:
                self._loaded.set()
                for _ in range(self.limits.workers):
                    self._fork(slow=False)
                self._slower()
            else:
                self._come(self._coming.popleft(), process)

    def _lost(self) -> None:
        """The first process is gone; its children, which nobody can end safely, do so as they finish, or by alarm."""
        assert self._control is not None
        assert self._first is not None
        self._loop.remove_reader(self._control.fileno())
        self._control.close()
        self._control = None
        self._ticking.cancel()
        self._loaded.clear()
        self._first.kill()
        self._first.wait()
        self.crashed += 1
        for worker in [*self._coming, *self._idle]:
            self._drop(worker)
        self._coming.clear()
        for worker in self._workers:
            worker.process, worker.slow = 0, True  # its place is free
        if not self._closed:
            self._loop.call_later(_PAUSE, self._begin)

    def _fork(self, *, slow: bool) -> None:
        """Ask for one more process."""
        if self._control is None:
            return
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * self.limits.query + (1 << 16))
        worker = _Worker(ours, slow=slow)
        with suppress(OSError):  # where the first process is gone, that is heard from its socket
            socket.send_fds(self._control, [ORDER.pack(FORK, 0)], [theirs.fileno()])
        theirs.close()
        self._workers.add(worker)
        self._coming.append(worker)

    def _come(self, worker: _Worker, process: int) -> None:
        """A process is there."""
        worker.process = process
        self._loop.add_reader(worker.socket.fileno(), self._heard, worker)
        if worker.slow:
            self._demote(worker)
        self._next(worker)

    def _next(self, worker: _Worker) -> None:
        """Give the process the next query, if there is one."""
        queue = self._slow if worker.slow else self._quick
        while queue:
            job = queue.popleft()
            if not job.done.done():
                self._give(worker, job)
                return
        if worker.slow:
            self._retire(worker)
        else:
            self._idle.append(worker)

    def _give(self, worker: _Worker, job: _Job) -> None:
        worker.job, worker.began = job, self._loop.time()
        with suppress(OSError):  # a process that is gone is heard from its socket
            worker.socket.sendall(packed(job.order))

    def _heard(self, worker: _Worker) -> None:
        """The process answers, or is gone."""
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
        if len(worker.read) < HEAD.size:
            return
        length, kind, type_, seconds = HEAD.unpack_from(worker.read)
        if len(worker.read) < HEAD.size + length:
            return
        content, job = bytes(memoryview(worker.read)[HEAD.size :]), worker.job
        worker.read, worker.job = bytearray(), None
        if job is not None and not job.done.done():
            if kind == DONE:
                job.done.set_result((TYPES[type_], content))
            else:
                job.done.set_exception(_problem(kind, content.decode("utf-8", "replace"), self.limits))
            if seconds < _QUICK:  # it took long because others were busy
                self._known.pop(job.order, None)
        self._next(worker)

    def _gone(self, worker: _Worker) -> None:
        """A process ended by itself: it crashed, or somebody killed it."""
        self.crashed += 1
        job = worker.job
        self._drop(worker)
        if job is not None and not job.done.done():
            job.done.set_exception(_crash())
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        if worker.slow:
            self._slower()
        else:
            self._fork(slow=False)

    def _slower(self) -> None:
        """Have processes for the slow queries that wait, as many as there may be."""
        there = sum(worker.slow for worker in self._workers)
        coming = sum(worker.slow for worker in self._coming)
        for _ in range(min(self.limits.slow - there, len(self._slow) - coming)):
            self._fork(slow=True)

    def _tick(self) -> None:
        """Look who takes long."""
        now = self._loop.time()
        for worker in list(self._workers):
            if worker.job is None or now - worker.began <= _QUICK:
                continue
            if worker.job.done.done() or now - worker.job.arrived > self.limits.seconds:
                self._stop(worker, _too_slow(self.limits.seconds))
            elif not worker.slow:
                self._slow_down(worker)
        for queue in (self._quick, self._slow):
            while queue and (queue[0].done.done() or now - queue[0].arrived > self.limits.seconds):
                job = queue.popleft()
                if not job.done.done():
                    job.done.set_exception(_full())
        self._ticking = self._loop.call_later(_TICK, self._tick)

    def _slow_down(self, worker: _Worker) -> None:
        """A quick process turned out to have a slow query: it is a slow one now, or the query waits for one."""
        job = worker.job
        assert job is not None
        self._known[job.order] = None
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)
        if sum(other.slow for other in self._workers) < self.limits.slow:
            worker.slow = True
            self._demote(worker)
        else:
            worker.job = None
            self._retire(worker)
            if len(self._slow) < self.limits.waiting:
                self._slow.append(job)
            else:
                job.done.set_exception(_full())
        self._fork(slow=False)

    def _stop(self, worker: _Worker, problem: Problem) -> None:
        """End a process, whatever it does."""
        job = worker.job
        self._retire(worker)
        if job is not None and not job.done.done():
            job.done.set_exception(problem)
        self._replace(worker)

    def _demote(self, worker: _Worker) -> None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.process, _LOWEST)

    def _retire(self, worker: _Worker) -> None:
        """Have a process ended by the one that forked it, which alone knows that it is still the same."""
        self._drop(worker)
        if self._control is not None and worker.process:
            with suppress(OSError):
                self._control.send(ORDER.pack(END, worker.process))

    def _drop(self, worker: _Worker) -> None:
        """Think no more of a process."""
        self._workers.discard(worker)
        with suppress(ValueError):
            self._idle.remove(worker)
        if worker.socket.fileno() >= 0:
            self._loop.remove_reader(worker.socket.fileno())
            worker.socket.close()


def _problem(kind: int, message: str, limits: Limits) -> Problem:
    """What a process answered in place of an answer."""
    if kind == NO_RESULTS:
        return not_acceptable(RESULT_TYPES)
    if kind == NO_GRAPH:
        return not_in_rdf_xml(message, GRAPH_TYPES) if message else not_acceptable(GRAPH_TYPES)
    if kind == SYNTAX:
        return syntax_error(message)
    if kind == TOO_LONG:
        size = f"{limits.answer >> 20} MiB"
        detail = (
            f"The answer is longer than {size}. Ask for less, for instance with LIMIT.",
            f"Het antwoord is langer dan {size}. Vraag minder, bijvoorbeeld met LIMIT.",
        )
        return Problem(HTTPStatus.BAD_REQUEST, "answer-too-long", detail)
    assert kind == FAILED
    detail = (f"The query cannot be answered: {message}", f"De query kan niet worden beantwoord: {message}")
    return Problem(HTTPStatus.BAD_REQUEST, "query-failed", detail)


def _full() -> Problem:
    return busy(
        "busy",
        (
            "Other queries are being answered. Try again in a few seconds.",
            "Er worden andere query's beantwoord. Probeer het over enkele seconden opnieuw.",
        ),
    )


def _crash() -> Problem:
    return busy(
        "crashed",
        (
            "The process that answered the query ended: the query needs too much memory or is nested too deep.",
            "Het proces dat de query beantwoordde, is gestopt: de query vraagt te veel geheugen of is te diep genest.",
        ),
    )


def _too_slow(seconds: float) -> Problem:
    return busy(
        "too-slow",
        (
            f"The query was not answered within {seconds:g} seconds. Make it ask less, for instance with LIMIT.",
            f"De query was niet beantwoord binnen {seconds:g} seconden. Laat ze minder vragen, bijvoorbeeld met LIMIT.",
        ),
    )
