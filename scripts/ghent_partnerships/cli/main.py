"""The command: parse the arguments, run what they name, choose the exit code; no exception goes past it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from ..errors import InvalidError, UsageError
from ..terminal import bounded, printable
from .codes import FINDINGS, FINE, INTERRUPTED, WRONG_USE
from .messages import choose, language
from .messages import message as _
from .output import write, write_error
from .parser import Shown, chosen_language, parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 fine, 1 findings, 2 wrong use or unreachable, 130 interrupted.

    The arguments are those of the process by default.
    """
    signal.signal(signal.SIGTERM, _terminate)
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    choose(chosen_language(arguments))
    try:
        try:
            options = parse(arguments)
        except Shown as shown:
            write(str(shown))
            return FINE
        code: int = options.run(options)
        return code
    except InvalidError as error:
        for finding in error.findings:
            write_error(finding.localized(language()))
        return FINDINGS
    except UsageError as error:
        write_error(f"ghent-partnerships: {bounded(printable(error.text.localized(language())))}")
    except KeyboardInterrupt:
        write_error("ghent-partnerships: " + _("interrupted"))
        return INTERRUPTED
    except Exception as error:  # no traceback ever reaches a user
        problem = _("internal error, please report it: {error}", error=printable(repr(error)))
        write_error(f"ghent-partnerships: {problem}")
    return WRONG_USE


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that what was half prepared is removed."""
    sys.exit(128 + signal.SIGTERM)
