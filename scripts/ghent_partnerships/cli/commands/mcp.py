"""``mcp``: answer an assistant on standard input and output, from the files of the project."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ..codes import FINE
from ..extras import add_bounds, needed
from ..messages import language
from ..messages import message as _
from ..parser import examples

if TYPE_CHECKING:
    from ..parser import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    mcp = commands.add_parser(
        "mcp",
        help=_("let an assistant ask the graph and quote its sources (Model Context Protocol)"),
        description=_(
            "Answer an assistant on standard input and output, as the Model Context Protocol has it: named questions, "
            "entities, the sentences that statements rest on, and SPARQL, all of it read-only. It reads the files of "
            "the project when it starts. Needs the extra: pip install 'ghent-partnerships[mcp]'."
        ),
        epilog=examples("ghent-partnerships mcp --help", "claude mcp add partnerships -- ghent-partnerships mcp"),
    )
    add_bounds(mcp, _("for a query (default: %(default)g)"))
    mcp.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Answer until standard input ends."""
    with needed("mcp", "mcp"):
        from ...mcp.local import of_project, run
    from ...project.location import chosen
    from ...server.limits import Limits

    limits = Limits(seconds=options.seconds, memory=options.memory << 20)
    run(of_project(chosen(options.project), limits, language()))
    return FINE
