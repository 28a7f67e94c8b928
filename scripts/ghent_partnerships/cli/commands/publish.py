"""``publish``: check the graph and write it to a directory."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ...terminal import printable
from .. import values
from ..codes import FINE
from ..completion import directories
from ..messages import language, ngettext
from ..messages import message as _
from ..output import write, write_error
from ..parser import examples
from ..progress import showing
from ..stores import add_endpoint, fetched

if TYPE_CHECKING:
    from ..parser import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    publish = commands.add_parser(
        "publish",
        help=_("check the graph and write it to a directory: data, tables, maps and a site"),
        description=_(
            "Check the graph and write it to a directory: whole, and a document for each resource, as Turtle, "
            "N-Triples, JSON-LD and RDF/XML; by named graphs as TriG and N-Quads; the ontology, the shapes and the "
            "queries; tables as CSV, maps as GeoJSON, views in other vocabularies; a site in each language of the data "
            "set that any host can serve; each with a gzipped copy, and a list of checksums. The directory changes in "
            "one step, or not at all."
        ),
        epilog=examples("ghent-partnerships publish dist && (cd dist && sha256sum --check --quiet SHA256SUMS)"),
    )
    publish.add_argument(
        "directory",
        metavar=_("DIR"),
        nargs="?",
        type=values.path,
        default=Path("dist"),
        help=_("default: dist"),
        completer=directories,
    )
    publish.add_argument(
        "--site",
        metavar="URL",
        help=_(
            "where the site will be served, for canonical links and the sitemap; default: site in the settings, or "
            "what the IRIs of the data start with"
        ),
    )
    publish.add_argument(
        "--no-sparql",
        action="store_false",
        dest="sparql",
        help=_("there will be no endpoint at sparql below that address, so the catalogue lists none"),
    )
    add_endpoint(publish, _("publish the graph that this SPARQL endpoint has, instead of that of the files"))
    publish.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Publish the graph and say how much it was."""
    from ...files import shown
    from ...project.location import found
    from ...publishing.publish import publish

    project = found(options.project)
    with showing(_("reading the graph")) as report, fetched(options, project, report) as project:
        done = publish(options.directory, project, address=options.site, sparql=options.sparql, report=report)
    counts = (
        ngettext("{number:,} file", "{number:,} files", done.files),
        ngettext("{number:,} resource", "{number:,} resources", done.resources),
        ngettext("{number:,} triple", "{number:,} triples", done.triples),
    )
    if not done.has_scripts:
        write_error(
            _("without query page, search and the land on the map: their scripts are not there; make web makes them")
        )
    if not done.has_previews:
        write_error(
            _(
                "without the pictures that other sites show of pages: their fonts or resvg-py are not there; "
                "make web and pip install resvg-py bring them"
            )
        )
    if done.feed_problem is not None:
        write_error(_("the feed of changes: {problem}", problem=printable(done.feed_problem.localized(language()))))
    write(f"{printable(shown(done.directory))}: {', '.join(counts)}\n")
    return FINE
