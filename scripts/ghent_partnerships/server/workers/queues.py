"""Queries that wait, and whose turn it is: that of the client who had the least of the processor lately."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from .engine import QUICK, Order

_HALF_LIFE = 1.0  # seconds after which half of what a client had of the processor is forgotten
_FORGOTTEN = 0.001  # seconds


@dataclass(eq=False)
class Job:
    """A query of a client."""

    order: Order
    client: str
    done: asyncio.Future[tuple[str, bytes, bool]]
    arrived: float


class Shares:
    """What each client had of the processor, in seconds, of which time takes away."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._halved = 0.0

    def charge(self, client: str, seconds: float) -> None:
        """Remember that a client had so much."""
        self._used[client] += seconds  # type: ignore[assignment]

    def forget(self, now: float) -> None:
        """Let time pass."""
        if now > self._halved + _HALF_LIFE:
            self._halved = now
            self._used = Counter({client: used / 2 for client, used in self._used.items() if used > _FORGOTTEN})

    def of(self, client: str) -> float:
        """What a client had."""
        return self._used[client]


class Queue:
    """Jobs that wait; no more than so many, and where there are more, the client with the most gives way.

    Of a client whose queries were slow lately, the newest comes first: it may be a quick one, and what has waited
    behind slow ones will hardly have its answer in time.
    """

    def __init__(self, longest: int, shares: Shares, heavy: Shares) -> None:
        self._longest, self._shares, self._heavy = longest, shares, heavy
        self._jobs: dict[str, deque[Job]] = {}  # of each client that has any, in the order of their arrival
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def clients(self) -> Counter[str]:
        """How many jobs of each client wait."""
        return Counter({client: len(jobs) for client, jobs in self._jobs.items()})

    def put(self, job: Job) -> Job | None:
        """Have a job wait; return the one that cannot any more, which may be the same."""
        self._jobs.setdefault(job.client, deque()).append(job)
        self._length += 1
        if self._length <= self._longest:
            return None
        most = max(self._jobs, key=lambda client: len(self._jobs[client]))
        return self._out(most, newest=not self._is_heavy(most))

    def take(self, allowed: Callable[[str], bool] = lambda _: True) -> Job | None:
        """The next job, of the clients that are allowed; None where there is none."""
        while clients := [client for client in self._jobs if allowed(client)]:
            client = min(clients, key=lambda client: (self._shares.of(client), self._next(client).arrived))
            job = self._out(client, newest=self._is_heavy(client))
            if not job.done.done():
                return job
        return None

    def expired(self, before: float) -> list[Job]:
        """Take out the jobs that arrived before then."""
        late = []
        for client in list(self._jobs):
            while client in self._jobs and self._jobs[client][0].arrived < before:
                late.append(self._out(client, newest=False))
        return late

    def _is_heavy(self, client: str) -> bool:
        return self._heavy.of(client) >= QUICK

    def _next(self, client: str) -> Job:
        return self._jobs[client][-1 if self._is_heavy(client) else 0]

    def _out(self, client: str, *, newest: bool) -> Job:
        jobs = self._jobs[client]
        job = jobs.pop() if newest else jobs.popleft()
        if not jobs:
            del self._jobs[client]
        self._length -= 1
        return job
