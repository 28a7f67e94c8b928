"""Shell completion: what may stand at the cursor. The shell asks the command itself, whose parser knows its options.

An argument that takes neither one of its choices nor just anything has a completer, beside it in ``commands/``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def answer(parser: ArgumentParser) -> None:
    """Answer a shell that asks for completions, and end the process."""
    from argcomplete import autocomplete
    from argcomplete.completers import SuppressCompleter

    autocomplete(parser, always_complete_options=False, default_completer=SuppressCompleter())


def directories(prefix: str, **_: object) -> dict[str, str]:
    """The directories that begin with the prefix."""
    return paths(prefix, ())


def paths(prefix: str, suffixes: Collection[str]) -> dict[str, str]:
    """The directories and the files with one of the suffixes; hidden ones only where the dot is typed.

    A name that cannot be printed is left out: on the way to the shell it would spoil those beside it.
    """
    if prefix.startswith("~") and os.environ.get("_ARGCOMPLETE_SHELL") == "zsh":
        return {}  # zsh would put a backslash before the tilde
    head, slash, start = prefix.rpartition("/")
    folder = Path(f"{head}{slash}" or ".")
    try:
        entries = sorted(path for path in folder.expanduser().iterdir() if path.name.startswith(start))
    except (OSError, RuntimeError):  # no such directory, no such user
        return {}
    visible = [path for path in entries if path.name.isprintable() and (start or not path.name.startswith("."))]
    folders = {f"{head}{slash}{path.name}/": "" for path in visible if path.is_dir()}
    files = {f"{head}{slash}{path.name}": "" for path in visible if path.suffix in suffixes and path.is_file()}
    return {**folders, **files}


def starting(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    """Those of the values that begin with the prefix, each with its description."""
    return {value: description for value, description in values.items() if value.startswith(prefix)}
