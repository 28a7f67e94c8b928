"""What went wrong, as RFC 9457 says it: for programs a code, for people a sentence in a language."""

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

    ``detail`` says what is wrong and how to fix it; ``more`` are further members, such as
    ``line`` and ``column``; ``headers`` those of the answer.
    """

    status: HTTPStatus
    code: str
    detail: Text
    more: dict[str, object] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def document(self, language: str) -> bytes:
        """The problem as JSON."""
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
    """There is no form that the client takes."""
    listed = ", ".join(offers)
    detail = _("None of the forms that there are is acceptable to you. There are: {listed}.", listed=listed)
    return Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, {"available": list(offers)})


def bad_host() -> Problem:
    """The request does not say whom it asks."""
    detail = _("The Host of the request is not one.")
    return Problem(HTTPStatus.BAD_REQUEST, "host", detail)


def not_in_rdf_xml(reason: str, offers: tuple[str, ...]) -> Problem:
    """The client takes RDF/XML, which cannot say this; there are other forms."""
    others = [type_ for type_ in offers if type_ != "application/rdf+xml"]
    listed = ", ".join(others)
    detail = _("{reason}. Ask for another form: {listed}.", reason=reason, listed=listed)
    return Problem(HTTPStatus.NOT_ACCEPTABLE, "not-in-rdf-xml", detail, {"available": others})


def not_allowed(method: str, allowed: str) -> Problem:
    """The method is not one that this address knows."""
    detail = _(
        "{method} is not allowed here: this server is read-only. Allowed: {allowed}.", method=method, allowed=allowed
    )
    return Problem(HTTPStatus.METHOD_NOT_ALLOWED, "read-only", detail, headers=(("allow", allowed),))


def busy(code: str, detail: Text) -> Problem:
    """Not now."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, code, detail, headers=(("retry-after", "5"),))
