"""Shell completion: what may stand at the cursor. The shell asks the command itself, whose parser knows its options.

What an argument takes is told by its metavar, so that an argument added later is completed without a line here.
"""

from __future__ import annotations

import os
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ..errors import UsageError

SHELLS = ("bash", "fish", "zsh")
LISTS = ("table", "markdown")  # the formats that query --list has


def script(shell: str) -> str:
    """Return the lines that make one of the ``SHELLS`` complete the command.

    Raises:
        UsageError: there is no such shell.
    """
    if shell not in SHELLS:
        raise UsageError(f"completion: no such shell: {shell} (expected one of {', '.join(SHELLS)})")
    from argcomplete.shell_integration import shellcode

    return shellcode(["ghent-partnerships"], use_defaults=False, shell=shell)


def complete(parser: ArgumentParser) -> None:
    """Answer a shell that asks for completions and end the process; return where no shell asks."""
    if "_ARGCOMPLETE" in os.environ:
        from argcomplete import autocomplete

        for action in _actions(parser):
            action.completer = candidates  # type: ignore[attr-defined]  # else it never asks for what has choices
        autocomplete(parser, always_complete_options=False, default_completer=candidates)  # type: ignore[arg-type]


def candidates(prefix: str, action: Action, parser: ArgumentParser, parsed_args: Namespace) -> Mapping[str, str]:
    """What an argument may be that begins with the prefix, each with its description.

    Raises:
        InvalidError: the header of a query lacks something, so what the questions are is not known.
        UsageError: there are no queries.
    """
    match action.metavar:
        case "NAME|FILE|-":
            return _starting(prefix, _names()) or _paths(prefix, {".rq"})
        case "NAME=VALUE":
            return _parameters(getattr(parsed_args, "name", None))
        case "FILE":
            return _paths(prefix, _suffixes(action, parser, parsed_args))
        case "FORMAT=PATH":
            return _outputs(prefix)
        case "CODE":
            from ..validation.explain import explanations

            return {one.code: one.means for one in explanations() if one.code.startswith(prefix.upper())}
        case "DIR":
            return _paths(prefix, ())
    if action.dest == "format" and getattr(parsed_args, "list", False):
        return _starting(prefix, dict.fromkeys(LISTS, ""))
    return _starting(prefix, dict.fromkeys(action.choices or (), ""))


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    """The options and arguments of the commands."""
    for action in parser._actions:
        if isinstance(action.choices, Mapping):
            for command in action.choices.values():
                yield from command._actions


def _outputs(prefix: str) -> dict[str, str]:
    """The formats of a report, and after one the directories to write it to."""
    from ..validation.reports import FORMS

    form, equals, path = prefix.partition("=")
    if equals:
        return {f"{form}={directory}": "" for directory in _paths(path, ())}
    return _starting(prefix, {f"{name}=": "" for name in FORMS})


def _suffixes(action: Action, parser: ArgumentParser, parsed_args: Namespace) -> Collection[str]:
    """How the files of a command end; to the graph, and not to other people's shapes, queries belong as well."""
    from ..rdf.parse import SUFFIXES

    if parser.prog.endswith(" fmt"):
        return {".ttl"}
    ours = action.dest == "files" and not getattr(parsed_args, "shapes", None)
    return SUFFIXES | {".rq"} if ours else SUFFIXES


def _names() -> dict[str, str]:
    from ..sparql.library import questions

    return {name: question.summary for name, question in questions().items()}


def _parameters(name: str | None) -> dict[str, str]:
    """The parameters of a question, or of all of them while none is named."""
    from ..sparql.library import questions

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
