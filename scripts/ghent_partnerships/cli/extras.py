"""What the commands share that need an extra: how to have it, and the bounds of a query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..errors import UsageError
from . import values
from .messages import message as _

if TYPE_CHECKING:
    from .parser import Parser


@contextmanager
def needed(command: str, extra: str) -> Iterator[None]:
    """Say how to install what the block imports, where it is missing.

    Raises:
        UsageError: something is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = f"ghent-partnerships[{extra}]"
        problem = _("{name} is not installed; pip install '{package}'", name=error.name, package=package)
        raise UsageError(f"{command}: {problem}") from error


def add_bounds(parser: Parser, seconds: str) -> None:
    """Add the options that bound a query; ``seconds`` is the help of the first."""
    parser.add_argument("--seconds", metavar=_("SECONDS"), type=values.seconds, default=10.0, help=seconds)
    parser.add_argument(
        "--memory",
        metavar="MIB",
        type=values.whole(1, values.MOST_MEBIBYTES),
        default=256,
        help=_("for a query, beside the graph (default: %(default)s)"),
    )
