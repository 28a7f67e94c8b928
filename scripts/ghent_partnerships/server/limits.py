"""What a request may cost. Every number has a default that suits a small public server."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds, in seconds, bytes or numbers.

    At most ``workers + slow`` processes answer queries, so they have at most that many times ``memory`` beside the
    graph, which they share.
    """

    seconds: float = 10.0  # from the arrival of a query to its answer
    workers: int = 2  # processes for quick queries
    slow: int = 6  # and for those that turned out to be slow
    memory: int = 256 * MIB  # of a process, beside the graph
    answer: int = 16 * MIB  # the longest answer
    waiting: int = 128  # queries that wait for a process, of each sort
    query: int = 64 << 10  # the longest query, in bytes
    body: int = 256 << 10  # the longest body of a request
    target: int = 16 << 10  # the longest query string
    batch: int = 100  # names to match, or entities to extend, at once
    turn: float = 0.05  # seconds of matching, after which it is the turn of others
    cache: int = 16 * MIB  # answers to keep
    head: int = 32 << 10  # the longest head of a request
    head_seconds: float = 10.0  # from the opening of a connection to the end of a request's head
    body_seconds: float = 20.0  # and from there to the end of its body
    slowest: int = 16 << 10  # bytes a second that a client reads at least, after that time
    unread: int = 128 * MIB  # of answers that clients have yet to read
    connections: int = 1_000
