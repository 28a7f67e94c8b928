"""``cite``: say how to cite the data set."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ...project.citation_formats import FORMATS
from ..codes import FINE
from ..messages import message as _
from ..output import write
from ..parser import examples

if TYPE_CHECKING:
    from ..parser import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    cite = commands.add_parser(
        "cite",
        help=_("say how to cite the data set"),
        description=_(
            "Print a citation of the data set in its present version: one line, BibTeX, RIS, or the content of "
            "CITATION.cff."
        ),
        epilog=examples("ghent-partnerships cite --format bibtex"),
    )
    cite.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=tuple(FORMATS),
        default="plain",
        help=_("{formats}; default: plain", formats=", ".join(FORMATS)),
    )
    cite.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the citation."""
    from ...project.citation import citation
    from ...project.location import found

    write(citation(options.format, found(options.project)))
    return FINE
