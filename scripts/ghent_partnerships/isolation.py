"""Work in a process of its own, which can crash or be interrupted without a trace."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

from .errors import InvalidError, UsageError

if TYPE_CHECKING:
    from .findings import Finding


def isolated(work: Callable[[], tuple[str, bool]]) -> tuple[str, bool] | None:
    """Do the work in a process of its own, or return None if that crashes.

    Oxigraph does not hear Ctrl-C, and deep nesting, in a query or in an answer, overflows its stack.
    """
    reading, writing = os.pipe()
    waiting, living = os.pipe()
    worker = os.fork()
    if not worker:
        os.close(living)
        _work(work, writing, waiting)
    os.close(writing)
    os.close(waiting)
    try:
        with os.fdopen(reading, "rb") as pipe:
            answer = pipe.read()
    except BaseException:
        os.kill(worker, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(worker, 0)
        os.close(living)
    if status:
        return None
    outcome, findings = pickle.loads(answer)  # noqa: S301  # from our own process
    if findings:
        raise InvalidError(findings)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome  # type: ignore[no-any-return]


def _work(work: Callable[[], tuple[str, bool]], writing: int, waiting: int) -> NoReturn:
    """Work in the worker process, which ends with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it and ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=lambda: (os.read(waiting, 1), os._exit(1)), daemon=True).start()
    outcome: object = None
    findings: tuple[Finding, ...] = ()
    try:
        outcome = work()
    except InvalidError as error:
        findings = error.findings
    except UsageError as error:
        outcome = error
    except BaseException as error:
        outcome = RuntimeError(repr(error))
    with os.fdopen(writing, "wb") as pipe:
        pickle.dump((outcome, findings), pipe)
    os._exit(0)
