"""Work in a process of its own, which can crash, be interrupted or be stopped without a trace."""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
from collections.abc import Callable
from threading import Thread
from typing import NoReturn, TypeVar

T = TypeVar("T")


class CrashedError(Exception):
    """The process ended before it had an answer."""


class ExhaustedError(CrashedError):
    """It needed more memory than it may have, or than there is."""


def isolated(work: Callable[[], T], seconds: float | None = None) -> T:
    """Do the work in a process of its own, and return what it returns or raise what it raises.

    Oxigraph does not hear Ctrl-C, and deep nesting, in a query or in an answer, overflows its stack.

    Raises:
        CrashedError: the process crashed, or (ExhaustedError) had too little memory.
        TimeoutError: it took longer than the seconds, and was killed.
    """
    return started(work)(seconds)


def started(work: Callable[[], T]) -> Callable[[float | None], T]:
    """Start the work, and return what waits for it, that many seconds: see ``isolated``."""
    reading, writing = os.pipe()
    waiting, living = os.pipe()
    worker = os.fork()
    if not worker:
        os.close(living)
        _work(work, writing, waiting)
    os.close(writing)
    os.close(waiting)

    def wait(seconds: float | None) -> T:
        try:
            with os.fdopen(reading, "rb") as pipe:
                if not select.select([pipe], [], [], seconds)[0]:
                    raise TimeoutError(seconds)
                answer = pipe.read()
        except BaseException:
            os.kill(worker, signal.SIGKILL)
            raise
        finally:
            _, status = os.waitpid(worker, 0)
            os.close(living)
        if status:
            aborted = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT
            raise ExhaustedError if aborted else CrashedError  # Rust aborts where Python raises MemoryError
        raised, outcome = pickle.loads(answer)  # noqa: S301  # from our own process
        if isinstance(outcome, MemoryError):
            raise ExhaustedError from outcome
        if raised:
            raise outcome
        return outcome  # type: ignore[no-any-return]

    return wait


def confine(memory: int) -> None:
    """Leave this process no network, nobody to tell what it dies of, and on Linux no more than so many bytes."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.addaudithook(_refuse)


def _refuse(event: str, _: object) -> None:
    if event.startswith("socket."):
        raise PermissionError("nothing is fetched from the network")


def _work(work: Callable[[], object], writing: int, waiting: int) -> NoReturn:
    """Work in the worker process, which ends with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it and ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=lambda: (os.read(waiting, 1), os._exit(1)), daemon=True).start()
    try:
        answer = pickle.dumps((False, work()))
    except BaseException as error:
        answer = _pickled(error)
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(answer)
    os._exit(0)


def _pickled(error: BaseException) -> bytes:
    try:
        answer = pickle.dumps((True, error))
        pickle.loads(answer)  # noqa: S301  # some exceptions can be written and not read
    except Exception:
        return pickle.dumps((True, RuntimeError(repr(error))))
    return answer
