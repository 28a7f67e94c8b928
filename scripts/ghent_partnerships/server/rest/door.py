"""The door to the API: behind it nothing is imported or read until somebody asks, so that a server starts as fast."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..answers import Answer
from ..documents import Documents
from ..doors import Request
from ..limits import Limits
from ..site import Site
from ..workers.pool import Pool

if TYPE_CHECKING:
    from .rest import Rest

_READING = "GET, HEAD, OPTIONS"


class RestDoor:
    """Answers what is asked of the API of a release."""

    def __init__(self, documents: Documents, site: Site, pool: Pool, limits: Limits) -> None:
        self._of = documents, site, pool, limits

    def allowed(self, path: str) -> str:
        """The methods that a path below it has, separated by commas: all that is below it is for reading."""
        return "" if path == "/" or path.endswith(".gz") else _READING

    async def answer(self, request: Request) -> Answer:
        """The answer to a request: rows, a row, or the description.

        Raises:
            Problem: there is none.
        """
        return await self._rest.answer(request)

    @cached_property
    def _rest(self) -> Rest:
        from .rest import Rest  # when it is asked for

        return Rest(*self._of)
