"""The SPARQL endpoint of one release: from a request to an answer, by way of the cache."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from cachetools import LRUCache

from . import negotiation, protocol
from .answers import Answer, content_type, entity_tag, fresh, headers, not_modified
from .documents import Documents
from .doors import Request
from .limits import Limits
from .problems import bad_host, not_acceptable
from .service_description import descriptions
from .site import Site
from .workers.engine import GRAPHS, Names, Order
from .workers.pool import Pool

if TYPE_CHECKING:
    from .metrics import Metrics

_KEEP = "public, max-age=300"
_PRIVATE = "private, no-cache"  # of what names the host that was asked: a proxy must not give it to who asked another
_MEMO, _SHORT = 1_024, 2_000  # query strings to remember, of at most so many bytes


class Endpoint:
    """Answers queries on the graph of a release."""

    def __init__(self, documents: Documents, site: Site, limits: Limits, metrics: Metrics) -> None:
        self._release, self._site, self._limits, self._metrics = documents.release, site, limits, metrics
        self._iri, self._descriptions = documents.site.endpoint, descriptions(documents)
        self.pool = Pool(documents.graph, limits, Names(self._iri, documents.site.prefixes))
        self._kept: LRUCache[str, Answer] = LRUCache(limits.cache, getsizeof=lambda answer: len(answer.body) + 1_000)
        self._of_get = lru_cache(_MEMO)(self._read_get)

    def allowed(self, path: str) -> str:
        """The methods that a path below it has, separated by commas: there is nothing below it."""
        return "" if path else "GET, HEAD, POST, OPTIONS"

    async def answer(self, request: Request) -> Answer:
        """The answer to a query, or the description of the endpoint.

        Raises:
            Problem: there is none.
        """
        if request.method == "POST":
            return await self._post(request.query, await request.body(), request.headers, request.client)
        return await self._get(request.query, request.at, request.headers, request.client)

    async def _get(self, target: bytes, at: str | None, asked: Mapping[str, str], client: str) -> Answer:
        """The answer to a GET by a client with a query string, of the endpoint at an address, if the client says
        which."""
        read = self._of_get if len(target) <= _SHORT else self._read_get
        order, tag = read(target, protocol.formats(target, asked.get("accept")))
        if order is None:
            return self._described(at, asked, protocol.preferred(target, asked.get("accept")))
        return await self._answered(order, tag, asked, client)

    async def _post(self, target: bytes, body: bytes, asked: Mapping[str, str], client: str) -> Answer:
        order = protocol.of_post(target, asked.get("content-type"), body, asked.get("accept"), self._limits)
        return await self._answered(order, self._tag(order), asked, client)

    def _read_get(self, target: bytes, formats: protocol.Formats) -> tuple[Order | None, str]:
        order = protocol.of_get(target, formats, self._limits)
        return (None, "") if order is None else (order, self._tag(order))

    def _tag(self, order: Order) -> str:
        """The entity tag: it follows from the release, the query and the format of its answer."""
        parts = (self._release, order.text, order.results, order.graph, order.default_graphs, order.named_graphs)
        return entity_tag(repr(parts).encode())

    async def _answered(self, order: Order, tag: str, asked: Mapping[str, str], client: str) -> Answer:
        """The answer to a query: known, or found now. One that may differ each time is neither kept nor has a tag."""
        if (answer := self._kept.get(tag)) is not None:
            self._metrics.cached.inc()
        else:
            type_, body, varies = await self.pool.ask(order, client)
            answer = self._made(type_, body, None if varies else tag)
            if varies:
                return answer
            if len(answer.body) * 8 <= self._limits.cache:  # one answer must not drive out all others
                self._kept[tag] = answer
        return not_modified(answer) if fresh(asked, tag) else answer

    @staticmethod
    def _made(type_: str, body: bytes, tag: str | None) -> Answer:
        pairs = [("content-type", content_type(type_)), ("vary", "Accept")]
        pairs += [("cache-control", "no-store")] if tag is None else [("etag", tag), ("cache-control", _KEEP)]
        return Answer(HTTPStatus.OK, headers(pairs), body)

    def _described(self, at: str | None, asked: Mapping[str, str], accept: str | None) -> Answer:
        """The service description; for a browser, the page to query in."""
        offers = (*GRAPHS, "text/html")
        type_ = negotiation.media_type(accept, offers)
        if type_ is None:
            raise not_acceptable(offers)
        if type_ == "text/html":
            if (page := self._site.page("query", "/sparql", asked)) is not None:
                return page
            type_ = next(iter(GRAPHS))
        if at is None:
            raise bad_host()
        body = self._descriptions[type_].replace(self._iri.encode(), at.encode())
        tag = entity_tag(body)
        pairs = [("content-type", content_type(type_)), ("vary", "Accept"), ("etag", tag), ("cache-control", _PRIVATE)]
        answer = Answer(HTTPStatus.OK, headers(pairs), body)
        return not_modified(answer) if fresh(asked, tag) else answer
