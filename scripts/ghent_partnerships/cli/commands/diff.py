"""``diff``: say what differs between two versions of the graph."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...translation import languages
from ..codes import FINDINGS, FINE
from ..messages import language
from ..messages import message as _
from ..output import write
from ..parser import examples
from ..progress import showing
from ..stores import add_endpoint, demand_endpoint, fetched

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from ..parser import Commands

_FORMATS = ("text", "markdown", "json", "patch")


def add(commands: Commands) -> None:
    """Describe the command."""
    diff = commands.add_parser(
        "diff",
        help=_("say what differs between two versions of the graph"),
        description=_(
            "Say in words what differs between two versions of the graph, by resource. Each is an RDF file, a folder "
            "of them, or else a revision of git. A part of the graph is compared as it is: what it lacks counts as "
            "removed. The names of graphs count where both sides have them. The exit code is 0, whether or not "
            "anything differs, unless --exit-code is given, and 1 where a file cannot be parsed."
        ),
        epilog=examples(
            "ghent-partnerships diff HEAD",
            "ghent-partnerships diff HEAD~1 HEAD --format markdown",
            "ghent-partnerships diff HEAD --endpoint https://theirs.example.org/sparql",
            "ghent-partnerships publish && ghent-partnerships diff HEAD dist/ghent-partnerships.nt --format json",
        ),
    )
    diff.add_argument("old", metavar=_("OLD"), help=_("a file, a folder or a revision"))
    diff.add_argument("new", metavar=_("NEW"), nargs="?", help=_("another; default: the graph at hand"))
    diff.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=_FORMATS,
        default="text",
        help=_("{formats}; default: text; patch is RDF Patch", formats=", ".join(_FORMATS)),
    )
    add_endpoint(diff, _("compare with the graph that this SPARQL endpoint has; leave out NEW"))
    diff.add_argument("--lang", choices=languages(), help=_("default: that of the locale"))
    diff.add_argument(
        "--exit-code", action="store_true", help=_("exit with 1 where something differs, with 0 where nothing does")
    )
    diff.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the differences."""
    from ...project.location import at_hand
    from ...rdf.namespaces import PREFIXES
    from ...releases.diff import differences
    from ...releases.diff_reports import report
    from ...releases.sides import sides

    if options.endpoint is not None and options.new is not None:
        raise UsageError("diff: " + _("compare with a graph at hand or with an endpoint; leave out NEW or --endpoint"))
    demand_endpoint(options)
    project = at_hand(options.project)
    prefixes = PREFIXES if project is None else project.prefixes
    old, new = sides(options.old, options.new, project) if options.endpoint is None else _with_endpoint(options)
    changes = differences(old, new, prefixes)
    write(report(changes, options.format, language()))
    return FINDINGS if options.exit_code and changes.resources else FINE


def _with_endpoint(options: Namespace) -> tuple[list[Quad], list[Quad]]:
    """The statements on the old side and in the store, without what is published beside what is stated: it follows."""
    from pyoxigraph import Quad

    from ...project.location import found
    from ...rdf.concepts import without_top_concepts
    from ...releases.sides import sides

    with showing(_("fetching the graph")) as progress, fetched(options, found(options.project), progress) as project:
        old, new = sides(options.old, None, project)
    stated = {quad.triple for quad in new}
    return [Quad(*triple) for triple in without_top_concepts((quad.triple for quad in old), stated)], new
