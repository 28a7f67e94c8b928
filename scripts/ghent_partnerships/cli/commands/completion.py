"""``completion``: print what makes a shell complete the command."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ..codes import FINE
from ..messages import message as _
from ..output import write
from ..parser import examples

if TYPE_CHECKING:
    from ..parser import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    completion = commands.add_parser(
        "completion",
        help=_("print what makes a shell complete the command"),
        description=_("Print the lines that make a shell complete commands, options, questions, parameters and files."),
        epilog=examples(
            'eval "$(ghent-partnerships completion bash)"',
            "source <(ghent-partnerships completion zsh)",
            "ghent-partnerships completion fish | source",
            heading=_("examples, the line for the start-up file of each shell:"),
        ),
    )
    completion.add_argument("shell", choices=("bash", "fish", "zsh"))
    completion.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the lines."""
    from argcomplete.shell_integration import shellcode

    write(shellcode(["ghent-partnerships"], use_defaults=False, shell=options.shell))
    return FINE
