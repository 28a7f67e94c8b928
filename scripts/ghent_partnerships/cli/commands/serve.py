"""``serve``: put what ``publish`` wrote on the web."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .. import values
from ..codes import FINE
from ..completion import directories
from ..extras import add_bounds, needed
from ..messages import message as _
from ..parser import examples
from ..progress import showing
from ..stores import add_endpoint, demand_endpoint

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from ...server.app import Doors
    from ..parser import Commands, Parser


def add(commands: Commands) -> None:
    """Describe the command."""
    serve = commands.add_parser(
        "serve",
        help=_("put what publish wrote on the web, with a SPARQL endpoint"),
        description=_(
            "Serve what publish wrote: pages and data, negotiated, and a read-only SPARQL 1.1 endpoint at /sparql. "
            "SIGHUP takes what is in the directory by then, without dropping a request. Needs the extra: "
            "pip install 'ghent-partnerships[serve]'."
        ),
        epilog=examples(
            "ghent-partnerships serve --help",
            "curl --header 'Accept: text/turtle' http://127.0.0.1:8000/doc/city/ghent",
        ),
    )
    serve.add_argument(
        "directory",
        metavar=_("DIR"),
        nargs="?",
        type=values.path,
        help=_("default: dist, or with --endpoint a directory that goes away at the end"),
        completer=directories,
    )
    serve.add_argument(
        "--host", metavar=_("HOST"), default="127.0.0.1", help=_("the address to listen at (default: %(default)s)")
    )
    _add_limits(serve)
    serve.add_argument(
        "--mcp",
        action="store_true",
        help=_("answer assistants at /mcp too (Model Context Protocol); needs the extra mcp"),
    )
    serve.add_argument(
        "--mcp-host",
        metavar=_("HOST"),
        action="append",
        default=[],
        help=_("a name that assistants may ask the server by, beside that of this machine; may be repeated"),
    )
    serve.add_argument(
        "--every",
        metavar=_("SECONDS"),
        type=values.seconds,
        default=60.0,
        help=_("about how often the endpoint is looked at (default: %(default)g)"),
    )
    add_endpoint(serve, _("publish what this SPARQL endpoint holds, again when that changes, and serve that"))
    serve.add_argument("--quiet", action="store_true", help=_("no line of JSON for each request"))
    serve.set_defaults(run=run)


def _add_limits(serve: Parser) -> None:
    serve.add_argument(
        "--port",
        metavar=_("PORT"),
        type=values.whole(0, 65_535),
        default=8000,
        help=_("0 for any that is free (default: %(default)s)"),
    )
    add_bounds(serve, _("for a query, from its arrival on (default: %(default)g)"))
    serve.add_argument(
        "--cache",
        metavar="MIB",
        type=values.whole(0, values.MOST_MEBIBYTES),
        default=16,
        help=_("for answers to keep; 0 for none (default: %(default)s)"),
    )


def run(options: Namespace) -> int:
    """Serve until a signal ends it."""
    demand_endpoint(options)
    with needed("serve", "serve"):
        from ...server.limits import Limits
        from ...server.running import run
    limits = Limits(seconds=options.seconds, memory=options.memory << 20, cache=options.cache << 20)
    log, doors = not options.quiet and sys.stdout is not None, _doors(options)
    with ExitStack() as ending:
        directory, news = options.directory or Path("dist"), None
        if options.endpoint is not None:
            directory, news = _following(options, ending)
        run(directory, options.host, options.port, limits, log=log, doors=doors, news=news)
    return FINE


def _following(options: Namespace, ending: ExitStack) -> tuple[Path, Connection]:
    """The directory with what the endpoint holds, and what says when that is new."""
    from tempfile import TemporaryDirectory

    from ...project.location import found
    from ..front import following

    directory = options.directory
    if directory is None:
        directory = Path(ending.enter_context(TemporaryDirectory(prefix="ghent-partnerships."))) / "site"
    with showing(_("publishing what the endpoint holds")):
        return directory, ending.enter_context(following(options, found(options.project), directory))


def _doors(options: Namespace) -> Doors:
    if not options.mcp:
        return {}
    with needed("serve --mcp", "mcp"):
        from ...mcp.door import NAME, McpDoor
    return {NAME: partial(McpDoor, hosts=[options.host, *options.mcp_host])}
