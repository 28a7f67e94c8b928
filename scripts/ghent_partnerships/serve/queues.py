"""Queries that wait, and whose turn it is: that of the client who had the least of the processor lately."""

from __future__ import annotations

import asyncio
from collections import Counter
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
            self._used = Counter({one: used / 2 for one, used in self._used.items() if used > _FORGOTTEN})

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
        self._jobs: list[Job] = []

    def __len__(self) -> int:
        return len(self._jobs)

    def clients(self) -> Counter[str]:
        """How many jobs of each client wait."""
        return Counter(job.client for job in self._jobs)

    def put(self, job: Job) -> Job | None:
        """Have a job wait; return the one that cannot any more, which may be the same."""
        self._jobs.append(job)
        if len(self._jobs) <= self._longest:
            return None
        counts = self.clients()
        most = max(self._jobs, key=lambda one: (counts[one.client], self._turn(one)))
        self._jobs.remove(most)
        return most

    def take(self, allowed: Callable[[str], bool] = lambda _: True) -> Job | None:
        """The next job, of the clients that are allowed; None where there is none."""
        self._jobs = [job for job in self._jobs if not job.done.done()]
        allowed_jobs = [job for job in self._jobs if allowed(job.client)]
        if not allowed_jobs:
            return None
        job = min(allowed_jobs, key=lambda one: (self._shares.of(one.client), self._turn(one)))
        self._jobs.remove(job)
        return job

    def _turn(self, job: Job) -> float:
        return -job.arrived if self._heavy.of(job.client) >= QUICK else job.arrived

    def expired(self, before: float) -> list[Job]:
        """Take out the jobs that arrived before then."""
        late = [job for job in self._jobs if job.arrived < before]
        self._jobs = [job for job in self._jobs if job.arrived >= before]
        return late
