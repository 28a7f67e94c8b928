"""Problem details (RFC 9457): for programs a code, for people a sentence in a language."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from ..text import Text
from ..translation import message as _

MEDIA_TYPE = "application/problem+json"


@dataclass(eq=False)  # not frozen: contextlib sets the traceback of what it passes on
class Problem(Exception):  # noqa: N818  # as RFC 9457 calls it
    """An answer other than the one that was asked for.

    ``code`` names the problem for programs; ``detail`` is what is wrong and how to fix it; ``more`` are further members
    of the JSON, such as ``line`` and ``column``; ``headers`` are further headers of the answer, by name in lower case.
    """

    status: HTTPStatus
    code: str
    detail: Text
    more: dict[str, object] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def document(self, language: str) -> bytes:
        """The problem as JSON in UTF-8, with its sentence in the language or in the one that it falls back to."""
        members = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "code": self.code,
            "detail": self.detail.localized(language),
            **self.more,
        }
        return json.dumps(members, ensure_ascii=False).encode()


def not_acceptable(offers: tuple[str, ...]) -> Problem:
    """There is no format that the client accepts, of these media types (406)."""
    listed = ", ".join(offers)
    detail = _("None of the forms that there are is acceptable to you. There are: {listed}.", listed=listed)
    return Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, {"available": list(offers)})


def bad_host() -> Problem:
    """The request names no host, or something that is none (400)."""
    detail = _("The Host of the request is not one.")
    return Problem(HTTPStatus.BAD_REQUEST, "host", detail)


def not_in_rdf_xml(reason: str, offers: tuple[str, ...]) -> Problem:
    """The client accepts RDF/XML, which cannot express this graph; there are other formats (406)."""
    others = [type_ for type_ in offers if type_ != "application/rdf+xml"]
    listed = ", ".join(others)
    detail = _("{reason}. Ask for another form: {listed}.", reason=reason, listed=listed)
    return Problem(HTTPStatus.NOT_ACCEPTABLE, "not-in-rdf-xml", detail, {"available": others})


def not_allowed(method: str, allowed: str) -> Problem:
    """The method is not allowed at this address (405)."""
    detail = _(
        "{method} is not allowed here: this server is read-only. Allowed: {allowed}.", method=method, allowed=allowed
    )
    return Problem(HTTPStatus.METHOD_NOT_ALLOWED, "read-only", detail, headers=(("allow", allowed),))


def busy(code: str, detail: Text) -> Problem:
    """The server cannot answer now; the client may ask again in some seconds (503)."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, code, detail, headers=(("retry-after", "5"),))
