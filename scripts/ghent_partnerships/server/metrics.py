"""Metrics for Prometheus: requests by kind and status, their durations, and the processes that answer queries."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)


class Metrics:
    """The numbers of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        name = "ghent_partnerships"
        self._requests = Counter(f"{name}_requests", "Requests answered.", ["kind", "status"], registry=self._registry)
        self._seconds = Histogram(
            f"{name}_request_seconds", "Time to answer.", ["kind"], buckets=_BUCKETS, registry=self._registry
        )
        self.cached = Counter(f"{name}_answers_from_cache", "Queries answered from memory.", registry=self._registry)
        self._pending = Gauge(f"{name}_queries_pending", "Queries that are being answered.", registry=self._registry)
        self._processes = Gauge(f"{name}_processes", "Processes that answer queries.", registry=self._registry)
        self._crashed = Gauge(
            f"{name}_processes_crashed", "Processes that ended by themselves.", registry=self._registry
        )
        self._counting: dict[tuple[str, int], Callable[[], None]] = {}
        self._observing: dict[str, Callable[[float], None]] = {}

    def observe(self, kind: str, status: int, seconds: float) -> None:
        """Count a request of a kind (identifier, document, sparql, other), with its status and its seconds."""
        if (count := self._counting.get((kind, status))) is None:
            count = self._counting[kind, status] = self._requests.labels(kind, str(status)).inc
        if (observe := self._observing.get(kind)) is None:
            observe = self._observing[kind] = self._seconds.labels(kind).observe
        count()
        observe(seconds)

    def document(self, pending: int, processes: int, crashed: int) -> bytes:
        """The numbers in the text format of Prometheus, with the queries that are being answered, the processes that
        are there, and those that ended by themselves."""
        self._pending.set(pending)
        self._processes.set(processes)
        self._crashed.set(crashed)
        return generate_latest(self._registry)
