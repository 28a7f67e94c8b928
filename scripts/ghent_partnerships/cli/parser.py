"""The parser of the command line, with the arguments that each command in ``commands/`` adds."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import UsageError
from ..terminal import wrap
from ..translation import languages
from .messages import message as _
from .messages import ngettext, translated_argparse
from .output import columns

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["Parser"]

COMMANDS = (  # in the order of the help
    "init",
    "publish",
    "push",
    "serve",
    "mcp",
    "validate",
    "explain",
    "query",
    "fmt",
    "cite",
    "diff",
    "completion",
    "wikidata",
    "release-check",
)
_WITHOUT_PROJECT = ("init", "completion")
Completer = Callable[..., Mapping[str, str]]  # of prefix, action, parser and parsed_args, as argcomplete calls it
_WIDEST = 100  # columns of a line of help: longer ones are hard to read


class Shown(Exception):  # noqa: N818
    """The help or the version was asked for: a text to show, and nothing to do."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; ``run`` among them is the function that carries the command out with them.

    Raises:
        Shown: the help or the version was asked for, or nothing at all.
        UsageError: the arguments are wrong.
    """
    with translated_argparse():
        if "_ARGCOMPLETE" in os.environ:
            from .completion import answer

            answer(_parsers(COMMANDS)[0])
        project, arguments = _of_project(arguments)
        name = arguments[0] if arguments and arguments[0] in COMMANDS else None
        parser, commands = _parsers(COMMANDS if name is None else (name,))
        _refuse_ambiguous(arguments)
        if name is not None:  # the error of an unknown option names the help of the command
            parser, arguments = commands.choices[name], arguments[1:]
        options = parser.parse_args(arguments)
        if options.run is None:
            parser.print_help()
    options.project = project
    return options


def _of_project(arguments: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The value of ``--project``, which may stand before the command and anywhere behind it, and the other arguments;
    without its value it is left to the parser, which refuses it."""
    last = arguments.index("--") if "--" in arguments else len(arguments)
    project, others, place = None, [], 0
    while place < last:
        name, equals, value = arguments[place].partition("=")
        if name == "--project" and (value if equals else place + 1 < last):
            project = value if equals else arguments[place + 1]
            place += 1 if equals else 2
        else:
            others.append(arguments[place])
            place += 1
    return project, [*others, *arguments[last:]]


def chosen_language(arguments: Sequence[str]) -> str | None:
    """The tag of the language that ``--lang`` chooses, before anything is parsed: the errors and the help of the parser
    are in it as well. None where it chooses none, or one without a catalogue, which the parser refuses."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    chosen = None
    for option, following in zip_longest(options, options[1:]):
        name, equals, value = option.partition("=")
        if name == "--lang" and (language := value if equals else following) in languages():
            chosen = language
    return chosen


def _refuse_ambiguous(arguments: Sequence[str]) -> None:
    separated = "--" in arguments
    for argument in arguments[: arguments.index("--")] if separated else arguments:
        if re.fullmatch(r"--[a-z-]+=--", argument):  # of which argparse makes an empty list
            raise UsageError(f"{argument}: " + _("expected a value after the equals sign"))
        if not separated and argument.startswith("-") and _is_there(argument):
            # A tool like pre-commit may have put it there, and whoever named the file may have meant an option.
            problem = _("the name of a file here, and like an option; write -- before names of files")
            raise UsageError(f"{argument}: {problem}")


def _is_there(name: str) -> bool:
    try:
        return name != "-" and os.path.lexists(name)
    except ValueError:  # it has a NUL, which no name has
        return False


def examples(*commands: str, heading: str = "") -> str:
    """The end of a help text: command lines to try, as they are typed."""
    heading = heading or ngettext("example:", "examples:", len(commands))
    return "\n".join((heading, *(f"  {line}" for line in commands)))


def _parsers(names: Sequence[str]) -> tuple[Parser, Commands]:
    """The parser of the command line, and those of the commands of these names: the others need not be imported."""
    exit_codes = _("exit codes: 0 fine; 1 findings; 2 wrong use or out of reach; 130 interrupted; 143 terminated")
    tried = examples(
        "ghent-partnerships publish",
        "ghent-partnerships validate data/partners/kanazawa.ttl",
        "ghent-partnerships query twinnings-begun-in-year --param year=1969",
        "ghent-partnerships fmt --check",
    )
    parser = Parser(
        prog="ghent-partnerships",
        description=_(
            "A city's international partnerships, or any small RDF repository, as linked data: check, ask, publish."
        ),
        epilog=f"{tried}\n\n{exit_codes}",
    )
    parser.add_argument("--version", action=_Version, help=_("show the version and exit"))
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"))
    _add_project(parser)
    for name in names:
        import_module(f".commands.{name.replace('-', '_')}", __package__).add(commands)
        if name not in _WITHOUT_PROJECT:
            _add_project(commands.choices[name], default=argparse.SUPPRESS)
    return parser, commands


def _add_project(parser: Parser, **options: Any) -> None:
    """Name the option for the help and for completion; ``_of_project`` has read it before."""
    from .completion import directories

    parser.add_argument(
        "--project",
        metavar=_("DIR"),
        help=_(
            "the project in this folder, or ghent for the graph that the package carries; default: the nearest folder "
            "above with a pyproject.toml that has the table [tool.ghent-partnerships]"
        ),
        completer=directories,
        **options,
    )


class Parser(argparse.ArgumentParser):
    """argparse with help that fits the terminal, errors in this command's words, and completers of arguments."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Help, allow_abbrev=False, **options)

    def add_argument(self, *names: str, completer: Completer | None = None, **options: Any) -> argparse.Action:
        """Add an argument, with what may stand there where that is not one of its choices."""
        action = super().add_argument(*names, **options)
        if completer is not None:
            action.completer = completer  # type: ignore[attr-defined]  # where argcomplete looks for it
        return action

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise UsageError(_("{problem}; see {command} --help", problem=message, command=self.prog))

    def print_help(self, file: object = None) -> NoReturn:  # noqa: ARG002
        """Raise the help, for the command to print."""
        raise Shown(self.format_help())


class _Help(argparse.HelpFormatter):
    """Wraps to the terminal, and leaves lines that are indented, the examples, as they are written."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(columns(), _WIDEST))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        wrapped = (
            [line] if line.startswith(" ") else wrap(line, max(width - len(indent), 1)) for line in text.splitlines()
        )
        return "".join(f"{indent}{part}\n" for parts in wrapped for part in parts)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(" ".join(text.split()), width)


class _Version(argparse.Action):
    """Look the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, *_: object) -> NoReturn:
        from ..project.citation import version
        from ..project.location import packaged

        raise Shown(f"ghent-partnerships {version(packaged())}\n")
