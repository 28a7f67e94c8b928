"""Shell completion: what may stand at the cursor. The shell asks the command itself, whose parser knows its options.

What an argument takes is told by its metavar, so that an argument added later is completed without a line here.
"""

from __future__ import annotations

import os
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Collection, Mapping
from pathlib import Path

SHELLS = ("bash", "fish", "zsh")


def script(shell: str) -> str:
    """Return the lines that make one of the shells complete the command."""
    from argcomplete.shell_integration import shellcode

    return shellcode(["ghent-partnerships"], use_defaults=False, shell=shell)


def complete(parser: ArgumentParser) -> None:
    """Answer a shell that asks for completions and end the process; return where no shell asks."""
    if "_ARGCOMPLETE" in os.environ:
        from argcomplete import autocomplete

        autocomplete(parser, always_complete_options=False, default_completer=candidates)  # type: ignore[arg-type]


def candidates(prefix: str, action: Action, parser: ArgumentParser, parsed_args: Namespace) -> Mapping[str, str]:
    """What an argument may be that begins with the prefix, each with its description."""
    match action.metavar:
        case "NAME|FILE|-":
            return _starting(prefix, _names()) or _paths(prefix, {".rq"})
        case "NAME=VALUE":
            return _parameters(getattr(parsed_args, "name", None))
        case "FILE":
            from .reading import SUFFIXES

            return _paths(prefix, {".ttl"} if parser.prog.endswith(" fmt") else SUFFIXES)
        case "DIR":
            return _paths(prefix, ())
    return {}


def _names() -> dict[str, str]:
    from .questions import questions

    return {name: question.summary for name, question in questions().items()}


def _parameters(name: str | None) -> dict[str, str]:
    """The parameters of a question, or of all of them while none is named."""
    from .questions import questions

    every = questions()
    asked = every.values() if name is None else [every[name]] if name in every else []
    return {f"{one.name}=": one.meaning for question in asked for one in question.parameters}


def _paths(prefix: str, suffixes: Collection[str]) -> dict[str, str]:
    """The directories and the files with one of the suffixes; hidden ones only where the dot is typed.

    A name that cannot be printed is left out: on the way to the shell it would spoil those beside it.
    """
    if prefix.startswith("~") and os.environ.get("_ARGCOMPLETE_SHELL") == "zsh":
        return {}  # zsh would put a backslash before the tilde
    head, slash, start = prefix.rpartition("/")
    folder = Path(f"{head}{slash}" or ".")
    try:
        found = sorted(path for path in folder.expanduser().iterdir() if path.name.startswith(start))
    except (OSError, RuntimeError):  # no such directory, no such user
        return {}
    visible = [path for path in found if path.name.isprintable() and (start or not path.name.startswith("."))]
    directories = {f"{head}{slash}{path.name}/": "" for path in visible if path.is_dir()}
    files = {f"{head}{slash}{path.name}": "" for path in visible if path.suffix in suffixes and path.is_file()}
    return {**directories, **files}


def _starting(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    return {value: description for value, description in values.items() if value.startswith(prefix)}
