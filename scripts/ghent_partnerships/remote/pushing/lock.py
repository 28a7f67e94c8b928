"""One push at a time to a data set in a store, by a lock in a graph of the store.

Who wants it writes that and then reads: who sees nobody else has it, and who sees another that is alive gives way. So
two never have it, where the store shows a write to whoever reads after it.
"""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import count
from secrets import token_hex

from ...errors import UsageError
from ...rdf.namespaces import expand
from ...translation import message as _
from ..http import SlowError
from .marker import Names
from .store import Store

_HOLDER, _MODIFIED, _PART = (expand(f"dcterms:{name}") for name in ("creator", "modified", "hasPart"))
_RENEWED, _STALE = 60, 600  # seconds after which a holder says that it is there, and after which it is not
_NAME = re.compile(r"[a-z0-9:-]+")
STAGING, KEPT, PROBE = "staging", "kept", "probe"  # the graphs that a push makes
_held: set[str] = set()  # by this process


class Lock:
    """A lock that is held by ``holder``, an IRI; ``left`` are the graphs that those before left behind,
    ``noted`` those that this one has made since, and ``took_over`` is whether one before did not end what it did."""

    def __init__(self, store: Store, graph: str) -> None:
        self.store, self.graph = store, graph
        self.holder = f"{graph}:{token_hex(8)}:{_machine()}:{os.getpid()}"
        self.left: set[str] = set()
        self.noted: set[str] = set()
        self.took_over = False
        self._renewed = time.monotonic()

    @property
    def condition(self) -> str:
        """A pattern that matches as long as the lock is held."""
        return f"GRAPH <{self.graph}> {{ <{self.graph}> <{_HOLDER}> <{self.holder}> }}"

    def name(self, graphs: str) -> str:
        """A name for one of these graphs that nothing in the store has."""
        return f"{graphs}:{token_hex(8)}"

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            UsageError: another has it, or there is no answer.
        """
        modified = f'<{self.holder}> <{_MODIFIED}> "{int(time.time())}"'
        self.store.update(
            f"INSERT DATA {{ GRAPH <{self.graph}> {{ <{self.graph}> <{_HOLDER}> <{self.holder}> . {modified} }} }}"
        )
        _held.add(self.holder)
        rows = self.store.select(f"SELECT ?s ?p ?o {{ GRAPH <{self.graph}> {{ ?s ?p ?o }} }}")
        others = {row["o"] for row in rows if row.get("p") == _HOLDER and self._is_name(row["o"])} - {self.holder}
        since = {row["s"]: row["o"] for row in rows if row.get("p") == _MODIFIED}
        for other in others:
            if _is_alive(other, since.get(other, "")):
                problem = _("{url}: another push is at work on it; wait for it to end", url=self.store.addresses.graphs)
                raise UsageError(problem)
        parts = (row["o"] for row in rows if row.get("p") == _PART and row.get("s") in others)
        self.left = {part for part in parts if self._is_name(part)}
        self.took_over = bool(others)
        self.note(self.left)
        for other in others:
            self._forget(other)

    def _is_name(self, text: str) -> bool:
        """Whether it is a name as pushing gives them to what belongs to the data set: nothing else is removed."""
        return text.startswith(self.graph.removesuffix("lock")) and _NAME.fullmatch(text) is not None

    def note(self, graphs: Iterable[str]) -> None:
        """Write which graphs will have to be removed, before they are made."""
        graphs = set(graphs)
        self.noted |= graphs
        if parts := " . ".join(f"<{self.holder}> <{_PART}> <{graph}>" for graph in sorted(graphs)):
            self.store.update(f"INSERT DATA {{ GRAPH <{self.graph}> {{ {parts} }} }}")

    def renew(self) -> None:
        """Say, once a minute, that the holder is still there."""
        if time.monotonic() - self._renewed < _RENEWED:
            return
        self._renewed = time.monotonic()
        modified = f"GRAPH <{self.graph}> {{ <{self.holder}> <{_MODIFIED}> ?before }}"
        now = modified.replace("?before", f'"{int(time.time())}"')
        self.store.update(f"DELETE {{ {modified} }} INSERT {{ {now} }} WHERE {{ {self.condition} {modified} }}")

    def demand(self) -> None:
        """Make sure that the lock is still held.

        Raises:
            UsageError: another took it over, or there is no answer.
        """
        if not self.store.holds(self.condition):
            problem = _("{url}: another push has taken over; nothing was changed", url=self.store.addresses.graphs)
            raise UsageError(problem)

    def release(self) -> None:
        """Give the lock back.

        Raises:
            UsageError: there is no answer.
        """
        _held.discard(self.holder)
        self._forget(self.holder)

    def _forget(self, holder: str) -> None:
        about = f"GRAPH <{self.graph}> {{ <{holder}> ?p ?o }}"
        self.store.update(f"DELETE {{ {about} }} WHERE {{ {about} }}")
        self.store.update(f"DELETE DATA {{ GRAPH <{self.graph}> {{ <{self.graph}> <{_HOLDER}> <{holder}> }} }}")


class NoLock(Lock):
    """What stands for the lock where a store has no Update, so that there can be none. What is staged cannot be noted
    either, and therefore has the same names in each push, which overwrites what one before left behind."""

    def __init__(self, store: Store, graph: str) -> None:
        super().__init__(store, graph)
        self._number = count()

    def name(self, graphs: str) -> str:
        """A name for one of these graphs: with the next number, but for what has to stay."""
        return super().name(graphs) if graphs == KEPT else f"{graphs}:{next(self._number)}"

    def acquire(self) -> None:
        """Do nothing."""

    def note(self, graphs: Iterable[str]) -> None:
        """Do nothing."""

    def renew(self) -> None:
        """Do nothing."""

    def demand(self) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""


@contextmanager
def locked(store: Store, names: Names) -> Iterator[Lock]:
    """Hold the lock while the block runs. Where it fails, the lock stays, so that whoever is next knows of it.

    Raises:
        UsageError: another has it, or there is no answer.
    """
    lock = Lock(store, names.lock) if store.addresses.update else NoLock(store, names.lock)
    try:
        lock.acquire()
    except BaseException as error:
        _held.discard(lock.holder)
        if not isinstance(error, SlowError):  # which would be waited for again
            with suppress(UsageError):
                lock.release()
        raise
    try:
        yield lock
        lock.release()
    finally:
        _held.discard(lock.holder)


def _is_alive(holder: str, since: str) -> bool:
    """Whether a holder is at work: on this machine its process, elsewhere it wrote so lately."""
    *_name, machine, process = holder.rsplit(":", 2)
    if machine == _machine() and process.isdecimal():
        if int(process) == os.getpid():
            return holder in _held
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return False
        except (OSError, OverflowError):
            return True
        return True
    return not since.isdecimal() or abs(time.time() - int(since[:18])) < _STALE


def _machine() -> str:
    """What tells this machine from others, and is not its name, which the store would publish."""
    return sha256(f"ghent-partnerships {platform.node()}".encode()).hexdigest()[:12]
