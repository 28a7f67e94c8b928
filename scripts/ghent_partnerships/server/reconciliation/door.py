"""What is at ``/reconcile``: the service, which is loaded when it is asked for first."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from ...dist import RECONCILIATION
from ...translation import message as _
from ..answers import Answer
from ..documents import Documents
from ..doors import Request
from ..limits import Limits
from ..problems import Problem

if TYPE_CHECKING:
    from .service import Service

DRAFT = "/1.0-draft"  # below which the draft of 1.0 has its manifest, and all else once more
_READ, _SENT = "GET, HEAD, OPTIONS", "POST, OPTIONS"
_ALLOWED = {
    "": "GET, HEAD, POST, OPTIONS",
    "/match": _SENT,
    "/extend": _SENT,
    "/extend/propose": _READ,
    "/suggest/entity": _READ,
    "/suggest/property": _READ,
    "/suggest/type": _READ,
    "/preview": _READ,
}


class Reconciliation:
    """Matches names with the entities of a release."""

    def __init__(self, documents: Documents, limits: Limits) -> None:
        self._documents, self._limits = documents, limits
        self._loading = asyncio.Lock()
        self._service: Service | None = None

    def allowed(self, path: str) -> str:
        """The methods that a path below it has, separated by commas; empty where there is nothing."""
        if path == DRAFT:
            return _READ
        return _ALLOWED.get(path.removeprefix(DRAFT), "")

    async def answer(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            Problem: there is none.
        """
        async with self._loading:
            if self._service is None:
                self._service = await asyncio.to_thread(self._loaded)
        return await self._service.answer(request)

    def _loaded(self) -> Service:
        from .index import Index  # with what compares names, which nothing else needs
        from .service import Service

        try:
            index = Index(self._documents.plain(self._documents.files[RECONCILIATION]))
        except (AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
            problem = _("The list of names is that of another version of the package.")
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "reconciliation", problem) from error
        return Service(index, self._limits)
