"""As whom a server is asked: from the environment, or from netrc, and never from what others can read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ..errors import UsageError
from ..files import read
from ..translation import message as _
from .http import Access, checked


class Variables(NamedTuple):
    """The names of the variables of the environment that hold a user, a password, or a token."""

    user: str = "SPARQL_USER"
    password: str = "SPARQL_PASSWORD"
    token: str = "SPARQL_TOKEN"


def access(
    url: str,
    variables: Variables = Variables(),  # noqa: B008  # immutable
    *,
    scheme: str = "",
    ca: Path | None = None,
    seconds: float = Access.seconds,
    environment: Mapping[str, str] = os.environ,
) -> Access:
    """How a URL is asked: as whom the variables say, or else the line of its host in the file of netrc, which is
    ``NETRC`` in the environment or ``~/.netrc``; without either, as nobody.

    Raises:
        UsageError: the URL is none that can be asked, a user has no password, what is named by ``scheme`` is not there,
            or the file cannot be read.
    """
    user, password, token = (environment.get(name, "") for name in variables)
    if user and not password:
        problem = _("{name} is set and {other} is not; set both", name=variables.user, other=variables.password)
        raise UsageError(problem)
    if not user and not token:
        user, password = _netrc(urlsplit(checked(url)).hostname or "", environment)
    if scheme and not (token if scheme == "bearer" else user):
        names = variables.token if scheme == "bearer" else f"{variables.user}, {variables.password}"
        raise UsageError(_("--auth {scheme}: there are no credentials; set {names}", scheme=scheme, names=names))
    if any(not char.isprintable() for char in user + password + token) or ":" in user:
        problem = _("the user, the password or the token for {url} holds characters that cannot be sent", url=url)
        raise UsageError(problem)
    return Access(checked(url), user, password, token, scheme, ca, seconds)


def _netrc(host: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The user and the password of a host, empty where there is no such line."""
    named = environment.get("NETRC", "")
    file = Path(named) if named else Path("~/.netrc").expanduser()
    if not named and not file.is_file():
        return "", ""
    from netrc import NetrcParseError, netrc

    read(file)  # which says what is wrong with the path
    try:
        known = netrc(str(file)).authenticators(host)
    except (NetrcParseError, UnicodeDecodeError, OSError) as error:
        line = getattr(error, "lineno", None) or 1  # its words may hold a password
        raise UsageError(_("{path}:{line}: not as netrc has it", path=file, line=line)) from None
    return ("", "") if known is None else (known[0] or "", known[2] or "")
