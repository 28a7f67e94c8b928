"""Work in a process of its own, which can crash, be interrupted or be stopped without a trace.

Whatever evaluates a query, checks shapes or parses what may crash a parser does so in such a child, behind a wall: it
has no descriptor left to open, so neither a file nor a socket, in Python or in Rust. What it needs is read, and what
it calls is imported, before it is forked: see ``confine``.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")
MEMORY = 1_500_000_000  # bytes beyond those that the process has when it is forked


class CrashedError(Exception):
    """The process ended before it had an answer."""


class ExhaustedError(CrashedError):
    """It needed more memory than it may have, or than there is."""


def isolated(work: Callable[[], T], seconds: float | None = None, *, memory: int = MEMORY, network: bool = False) -> T:
    """Do the work in a process of its own, and return what it returns or raise what it raises.

    ``seconds`` is how long it may take, for ever where it is None; ``memory`` how many bytes it may have beside those
    that this process has; with ``network`` it may open sockets. Oxigraph does not hear Ctrl-C, and deep nesting, in a
    query or in an answer, overflows its stack.

    Raises:
        CrashedError: the process crashed, or (ExhaustedError) had too little memory.
        TimeoutError: it took longer than the seconds, and was killed.
    """
    with started(work, memory=memory, network=network) as wait:
        return wait(seconds)


@contextmanager
def started(
    work: Callable[[], T], *, memory: int = MEMORY, network: bool = False
) -> Iterator[Callable[[float | None], T]]:
    """Start the work, and give what waits for it, that many seconds: see ``isolated``. The block leaves no process."""
    reading, writing = os.pipe()
    waiting, living = os.pipe()
    process = _fork()
    if not process:
        try:
            _work(work, writing, waiting, memory, network=network)
        finally:
            os._exit(1)  # what fails in the child must not go on in it as if it were its parent
    child = _Child[T](process, reading, living)
    try:
        os.close(writing)
        os.close(waiting)
        yield child.answer
    finally:
        child.end(kill=True)


def _fork() -> int:
    """Fork. Python warns, from 3.12, where there are other threads, since the child may want a lock that one of them
    held. This child imports nothing, logs nothing and opens nothing, and whoever waits for it can give up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


class _Child(Generic[T]):
    """A process, what reads its answer, and what it sees closed when its parent is gone."""

    def __init__(self, process: int, reading: int, living: int) -> None:
        self.process = process
        self.reading = reading
        self.living = living

    def answer(self, seconds: float | None) -> T:
        poll = select.poll()  # select() knows no descriptor above 1,023, and a server has them
        poll.register(self.reading, select.POLLIN)
        if not poll.poll(None if seconds is None else max(seconds, 0) * 1_000):
            raise TimeoutError(seconds)
        with os.fdopen(self.reading, "rb", closefd=False) as pipe:
            answer = pipe.read()
        status = self.end(kill=False)
        if status or not answer:
            aborted = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT
            raise ExhaustedError if aborted else CrashedError  # Rust aborts where Python raises MemoryError
        raised, outcome = pickle.loads(answer)  # noqa: S301  # from the process that was forked here
        if isinstance(outcome, MemoryError):
            raise ExhaustedError from outcome
        if raised:
            raise outcome
        return outcome  # type: ignore[no-any-return]

    def end(self, *, kill: bool) -> int:
        """Leave nothing of the process, and return its status."""
        if not self.process:
            return 0
        status = 0
        with suppress(ProcessLookupError, ChildProcessError):  # a program may have all its children waited for
            if kill:
                os.kill(self.process, signal.SIGKILL)
            _, status = os.waitpid(self.process, 0)
        self.process = 0
        os.close(self.reading)
        os.close(self.living)
        return status


def confine(memory: int, kept: Collection[int] = (), *, network: bool = False) -> None:
    """Leave this process the descriptors that are kept and, but for the network, no way to open another; no core dump;
    and on Linux no more than ``memory`` bytes beside those that it has.

    A socket, too, is a descriptor, whoever opens it: Python, of which an audit hook would know, or Rust.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (_memory() + memory,) * 2)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1, 2}.difference(kept):
        os.dup2(null, standard)
    for descriptor in _descriptors().difference(kept, (0, 1, 2)):
        with suppress(OSError):  # what listed them is closed
            os.close(descriptor)
    if not network:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _memory() -> int:
    """How much memory of its own this process has, in bytes, on Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descriptors() -> set[int]:
    """The descriptors that are open."""
    try:
        return {int(name) for name in os.listdir("/dev/fd")}  # noqa: PTH208  # names, of which Path makes objects
    except OSError:
        return set(range(1 << 16))


def _work(work: Callable[[], object], writing: int, waiting: int, memory: int, *, network: bool) -> None:
    """Work in the child, which ends with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it and ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    confine(memory, (writing, waiting), network=network)
    gc.callbacks.clear()  # what others do at a collection may wait for threads that are not here, as with a JVM
    Thread(target=lambda: (os.read(waiting, 1), os._exit(1)), daemon=True).start()
    try:
        answer = pickle.dumps((False, work()))
    except Exception as error:  # and not what pyo3 raises where Rust panics, which is a crash
        answer = _pickled(error)
    with os.fdopen(writing, "wb", closefd=False) as pipe:
        pipe.write(answer)
    os._exit(0)


def _pickled(error: Exception) -> bytes:
    try:
        answer = pickle.dumps((True, error))
        pickle.loads(answer)  # noqa: S301  # some exceptions can be written and not read
    except Exception:
        return pickle.dumps((True, RuntimeError(repr(error))))
    return answer
