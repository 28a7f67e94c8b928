"""What a client would rather have: media types, languages and codings, by their weights (RFC 9110, section 12).

WebOb reads the headers; who sends one that cannot be read, or one without end, gets what is offered first.
"""

from __future__ import annotations

import re
from functools import lru_cache

from webob.acceptparse import (  # type: ignore[import-untyped]
    create_accept_encoding_header,
    create_accept_header,
    create_accept_language_header,
)

_LONGEST = 2_000  # characters; browsers send some 150
_KEPT = 1_024
_PROFILE = re.compile(r';\s*profile\s*=\s*(?:"[^"]*"|[^\s,;"]*)', re.IGNORECASE)  # the form is the same without


@lru_cache(_KEPT)
def media_type(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The offer that the client likes best, the first among equals; None if it likes none."""
    sane = _sane(accept)
    found = create_accept_header(sane and _PROFILE.sub("", sane)).acceptable_offers(list(offers))
    return found[0][0] if found else None


@lru_cache(_KEPT)
def language(accept: str | None, offers: tuple[str, ...]) -> str:
    """The offer that the client reads best; the first if it reads none, since a text that one can have translated
    beats none."""
    found = create_accept_language_header(_sane(accept)).lookup(list(offers), default=offers[0])
    return str(found)


@lru_cache(_KEPT)
def takes_gzip(accept: str | None) -> bool:
    """Whether the client likes gzip at least as well as no coding; without a header it gets none."""
    if accept is None:
        return False
    found = create_accept_encoding_header(_sane(accept)).acceptable_offers(["gzip", "identity"])
    return bool(found) and str(found[0][0]) == "gzip"


def _sane(header: str | None) -> str | None:
    return None if header is None or len(header) > _LONGEST else header
