"""What the commands share that ask a server: as whom, trusting whom, and for how long."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from . import values
from .completion import paths, starting
from .messages import message as _

if TYPE_CHECKING:
    from ..remote.http import Access
    from .parser import Parser

_SCHEMES = ("basic", "digest", "bearer")  # those of remote.http, which takes long to import
_SECONDS = 60.0


def add_access(parser: Parser) -> None:
    """Add the options that say how a server is asked."""
    for name, help_ in (
        ("user", _("the variable of the environment that holds the user (default: %(default)s)")),
        ("password", _("the variable that holds the password (default: %(default)s)")),
        ("token", _("the variable that holds a token (default: %(default)s)")),
    ):
        parser.add_argument(
            f"--{name}-variable",
            metavar=_("NAME"),
            default=f"SPARQL_{name.upper()}",
            help=help_,
            completer=_environment,
        )
    parser.add_argument(
        "--auth",
        choices=_SCHEMES,
        default="",
        help=_("identify in this way, also before the server asks (default: as it asks)"),
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
