"""What the commands share that ask a server: which, as whom, trusting whom, and for how long."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidError, UsageError
from . import values
from .completion import paths, starting
from .messages import message as _
from .messages import ngettext

if TYPE_CHECKING:
    from ..project.project import Project
    from ..remote.endpoint import Endpoint
    from ..remote.graph import Progress
    from ..remote.http import Access
    from .parser import Parser

_SCHEMES = ("basic", "digest", "bearer")  # those of remote.http, which takes long to import
_SECONDS = 60.0


def add_endpoint(parser: Parser, meaning: str) -> None:
    """Add the options that name an endpoint, what of it is meant, and how it is asked; ``meaning`` is the help of the
    first."""
    parser.add_argument("--endpoint", metavar="URL", help=meaning)
    parser.add_argument(
        "--graph",
        metavar="IRI",
        action="append",
        default=[],
        help=_(
            "a named graph of the endpoint (repeatable); default: those of the project that are there, or else its "
            "default graph"
        ),
    )
    add_access(parser)


def endpoint(options: Namespace, *, allow_network: bool = False) -> Endpoint:
    """The endpoint that the options name, and its graphs; ``allow_network`` is whether SERVICE may ask others.

    Raises:
        UsageError: as for ``access``, or a graph is no IRI.
    """
    from ..remote.endpoint import Endpoint

    url = options.endpoint
    return Endpoint(url, access(options, url), graphs=options.graph, allow_network=allow_network)


def demand_endpoint(options: Namespace) -> None:
    """Refuse the name of a graph without an endpoint that it would be in.

    Raises:
        UsageError: there is one.
    """
    if options.graph and options.endpoint is None:
        raise UsageError(_("--graph names a graph of an endpoint; give --endpoint too"))


@contextmanager
def fetched(options: Namespace, project: Project, report: Progress) -> Iterator[Project]:
    """The project, in the block with the graph of the endpoint that the options name, if they name one; ``report`` is
    called with what is being done.

    Raises:
        UsageError: the graph cannot be fetched.
        InvalidError: as it is raised in the block; what is wrong in the graph has the endpoint for its place.
    """
    demand_endpoint(options)
    if options.endpoint is None:
        yield project
        return
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from ..findings import Location
    from ..remote.fetched import fetched
    from .output import write_error

    with TemporaryDirectory(prefix="ghent-partnerships.") as name:
        folder = Path(name).resolve()
        there, rewritten = fetched(endpoint(options), project, folder, report=report)
        if rewritten:
            write_error(f"{options.endpoint}: {_rewritten(rewritten)}")
        try:
            yield there
        except InvalidError as error:
            at = Location(options.endpoint)
            is_of_graph = [Path(each.location.path).absolute().is_relative_to(folder) for each in error.findings]
            pairs = zip(error.findings, is_of_graph, strict=True)
            raise InvalidError([replace(each, location=at) if is_of else each for each, is_of in pairs]) from error


def _rewritten(number: int) -> str:
    return ngettext(
        "{number:,} literal is written otherwise there than in the project, with the same value, and is taken as here",
        "{number:,} literals are written otherwise there than in the project, with the same values, and are taken as "
        "here",
        number,
    )


def add_access(parser: Parser) -> None:
    """Add the options that say how a server is asked."""
    for name, help_ in (
        ("user", _("the variable of the environment that holds the user (default: %(default)s)")),
        ("password", _("the variable that holds the password (default: %(default)s)")),
        ("token", _("the variable that holds a token (default: %(default)s)")),
    ):
        parser.add_argument(
            f"--{name}-variable",
            metavar="VAR",
            default=f"SPARQL_{name.upper()}",
            help=help_,
            completer=_environment,
        )
    parser.add_argument(
        "--auth",
        metavar=_("SCHEME"),
        choices=_SCHEMES,
        default="",
        help=_(
            "identify in this way, {schemes}, also before the server asks (default: as it asks)",
            schemes=", ".join(_SCHEMES),
        ),
    )
    parser.add_argument(
        "--ca",
        metavar=_("FILE"),
        type=values.path,
        help=_("trust the certificates in this file of PEM instead of those of the system"),
        completer=_certificates,
    )
    parser.add_argument(
        "--timeout",
        metavar=_("SECONDS"),
        type=values.seconds,
        default=_SECONDS,
        help=_("for an answer of the server to begin (default: %(default)g)"),
    )


def access(options: Namespace, url: str) -> Access:
    """How the server at a URL is asked, by the options.

    Raises:
        UsageError: the URL, the credentials or the certificates cannot be used.
    """
    from ..remote.credentials import Variables
    from ..remote.credentials import access as found

    variables = Variables(options.user_variable, options.password_variable, options.token_variable)
    ca: Path | None = options.ca
    return found(url, variables, scheme=options.auth, ca=ca, seconds=options.timeout)


def _environment(prefix: str, **_: object) -> dict[str, str]:
    return starting(prefix, dict.fromkeys(os.environ, ""))


def _certificates(prefix: str, **_: object) -> dict[str, str]:
    return paths(prefix, {".pem", ".crt"})
