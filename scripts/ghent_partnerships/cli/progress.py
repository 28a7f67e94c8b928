"""Say what is going on when it takes more than a second: one line on the terminal, which goes away again."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from ..text import Text
from .messages import language
from .output import write_to

Report = Callable[[Text], None]

_PATIENCE, _INTERVAL = 1.0, 0.1
_WHEEL = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ERASE = "\r\x1b[K"


@contextmanager
def showing(stage: str) -> Iterator[Report]:
    """Show on a terminal what takes long; the block gets a function to call with each further stage."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _stage: None
        return
    with progress(stage, lambda text: write_to(2, text)) as report:
        yield report


@contextmanager
def progress(stage: str, write: Callable[[str], object]) -> Iterator[Report]:
    """Show the stage, or the one that the block last reported, until the end of the block.

    An alarm writes the line, not a thread: it also rings while the process waits for another, and forks are safe.
    """
    began, now, turns = monotonic(), stage, 0

    def report(stage: Text) -> None:
        nonlocal now
        now = stage.localized(language())

    def show(*_: object) -> None:
        nonlocal turns
        write(f"{_ERASE}{_WHEEL[turns % len(_WHEEL)]} {now} · {monotonic() - began:.0f} s")
        turns += 1

    before = signal.signal(signal.SIGALRM, show)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _INTERVAL)
    try:
        yield report
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if turns:
            write(_ERASE)
