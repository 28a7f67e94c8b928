"""The headers of a request: their lines joined, the host that is asked, and the preflight of a page of another site."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from http import HTTPStatus
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import parse_qsl

from ..translation import message as _
from .negotiation import elements
from .problems import Problem, bad_host

_LISTS = {  # headers whose lines are one list, in order (RFC 9110, section 5.3); of any other, the last line counts
    *(b"accept", b"accept-encoding", b"accept-language", b"access-control-request-headers"),
    *(b"host", b"if-none-match"),  # of two hosts none is right
}
_HOST = re.compile(r"(?:([A-Za-z0-9._-]{1,253})|\[([0-9A-Fa-f:.]{2,45})\])(?::([0-9]{1,5}))?")
_NAME = re.compile(r"[ \t]*+([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})[ \t]*+")
SAFE = "!$&'()*+,-./:;=?@_~%"  # in a query string, as it was sent
_MOST = 64  # names of headers
_MOST_PARAMETERS = 200
_REMEMBERED = 256  # hosts
_ALLOWED = "Accept, Accept-Language, Content-Type, If-None-Match, Range"


def headers(lines: Collection[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by their names in lower case, from lines as ASGI has them; those of a list are joined by commas."""
    asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in lines}
    if len(asked) == len(lines):  # as with nearly every request
        return asked
    asked.clear()
    for line, content in lines:
        name, value = line.decode("latin-1"), content.decode("latin-1")
        asked[name] = f"{asked[name]}, {value}" if line in _LISTS and name in asked else value
    return asked


def host(asked: Mapping[str, str]) -> str | None:
    """The host that is asked, with its port if it has one; None where the request names none.

    Raises:
        Problem: what it names is no host; nothing of it may come into an answer.
    """
    name = asked.get("host")
    return None if name is None else _checked(name)


@lru_cache(_REMEMBERED)
def _checked(name: str) -> str:
    """The name of a host, which is short if it is one: no other is remembered."""
    if (match := _HOST.fullmatch(name)) is None or int(match[3] or 0) > 65_535:
        raise bad_host()
    if match[2] is not None:
        try:
            IPv6Address(match[2])
        except AddressValueError as error:
            raise bad_host() from error
    return name


def parameters(encoded: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string or a form, each a name and a value, in their order.

    Raises:
        Problem: they are not in UTF-8, or there are too many.
    """
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        detail = _("The parameters are not in UTF-8.")
        raise Problem(HTTPStatus.BAD_REQUEST, "not-utf-8", detail) from error
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "parameters", _("There are too many parameters.")) from error


def preflight(asked: Mapping[str, str], allowed: str) -> list[tuple[str, str]]:
    """The headers of the answer to a preflight request (https://fetch.spec.whatwg.org/): the methods that are allowed,
    separated by commas, and, as no header can do harm, the headers that it asks for."""
    matches = [_NAME.fullmatch(name) for name in elements(asked.get("access-control-request-headers", ""))]
    names = list(dict.fromkeys(match[1] for match in matches if match is not None))[:_MOST]
    return [
        ("allow", allowed),
        ("access-control-allow-methods", allowed),
        ("access-control-allow-headers", ", ".join(names) or _ALLOWED),
        ("access-control-max-age", "86400"),
        ("vary", "Access-Control-Request-Headers"),
    ]
