"""A program on a pseudo-terminal, and what it writes there."""

import contextlib
import os
import pty
import struct
from collections.abc import Callable
from fcntl import ioctl
from subprocess import Popen
from termios import TIOCSWINSZ


def on_pseudo_terminal(start: Callable[[int], Popen[bytes]], columns: int | None = None) -> tuple[Popen[bytes], bytes]:
    """Start a program on a terminal and read what it writes there until it closes it.

    ``start`` is given the descriptor of the terminal, for the standard streams of the process that it returns, which
    is still to be waited for; ``columns`` is the width of the terminal, else it has none. A line ends in CR LF.
    """
    controller, terminal = pty.openpty()
    try:
        if columns is not None:
            ioctl(terminal, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = start(terminal)
    finally:
        os.close(terminal)
    received = b""
    with contextlib.suppress(OSError):  # how Linux tells that no program has the terminal any more
        while chunk := os.read(controller, 1 << 16):
            received += chunk
    os.close(controller)
    return process, received
