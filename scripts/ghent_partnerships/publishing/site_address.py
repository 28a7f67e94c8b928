"""The address of a site: what its pages may be served at."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from ..errors import UsageError
from ..translation import message as _

# No user, query or fragment, which an address of a page below it could not have; nothing that HTML or XML would read.
_SITE = re.compile(
    r"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?+)(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~!$'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*+"
)


def site_address(given: str) -> str:
    """Return the address of a site with a slash at its end.

    Raises:
        UsageError: it is not the address of a site.
    """
    if not _SITE.fullmatch(given) or not _is_address(given):
        problem = _(
            "--site {address}: not the address of a site (expected one like {like})",
            address=given,
            like="https://example.org/partnerships/",
        )
        raise UsageError(problem)
    return given if given.endswith("/") else f"{given}/"


def _is_address(given: str) -> bool:
    """Whether the host and the port are such, and no part of the path leads up."""
    try:
        parts = urlsplit(given)
        if parts.port == 0:
            return False
        if "[" in parts.netloc:
            IPv6Address(parts.hostname or "")
    except ValueError:
        return False
    return ".." not in parts.netloc and not {".", ".."} & set(parts.path.split("/"))
