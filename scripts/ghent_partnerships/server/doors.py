"""What answers whatever is asked below one path, and what it is given of a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .answers import Answer


@dataclass(frozen=True)
class Request:
    """A request to a door.

    ``path`` is what follows the name of the door, like ``/suggest`` or nothing; ``query`` is the query string as it was
    sent, ``headers`` have names in lower case, and ``client`` is whose request it is, among whom the processor is
    divided. ``at`` is the address of the door, None where the request names no host. ``body`` reads the body, and
    raises a ``Problem`` where that is too long or does not come in time.
    """

    method: str
    path: str
    query: bytes
    headers: Mapping[str, str]
    client: str
    at: str | None
    body: Callable[[], Awaitable[bytes]]


class Door(Protocol):
    """Answers what is asked below one path of a release."""

    def allowed(self, path: str) -> str:
        """The methods that a path below it has, separated by commas; empty where there is nothing, where a file of the
        site may be."""

    async def answer(self, request: Request) -> Answer:
        """The answer to a request with a method that is allowed.

        Raises:
            Problem: there is none.
        """
