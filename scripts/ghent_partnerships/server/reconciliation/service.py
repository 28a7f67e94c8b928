"""Answers the requests of the protocol, in both of its versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import quote

import orjson

from ...dist import PREVIEWS
from ...translation import message as _
from .. import negotiation, requests
from ..answers import Answer, entity_tag, fresh, headers, not_modified
from ..doors import Request
from ..limits import Limits
from ..problems import Problem, bad_host
from ..protocol import FORM, target_too_long
from . import extend, suggest
from .door import DRAFT
from .index import Index
from .manifest import draft_manifest, manifest
from .matching import candidates
from .queries import MOST, Query, bad, batch, draft_batch, parsed, query, wrong
from .results import Json, candidate
from .turns import Turns

_JSON, _SCRIPT = "application/json", "text/javascript"
_KEEP, _PRIVATE = "public, max-age=300", "private, no-cache"
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,127}")
_DEEPEST = 10_000  # suggestions to skip


class Service:
    """The reconciliation service of an index."""

    def __init__(self, index: Index, limits: Limits) -> None:
        self._index, self._limits, self._turns = index, limits, Turns(limits)

    async def answer(self, request: Request) -> Answer:
        """The answer to a request at a path that is there, with a method that it has.

        Raises:
            Problem: there is none.
        """
        if len(request.query) > self._limits.target:
            raise target_too_long(self._limits)
        given = dict(requests.parameters(request.query))
        language = negotiation.language(request.headers.get("accept-language"), self._index.languages)
        path = request.path.removeprefix(DRAFT)
        if request.path == DRAFT:
            return self._manifest(draft_manifest, request, given, language)
        if path in ("/match", "/extend"):
            stated = parsed(await _sent(request, _JSON))
            return _answer(await self._draft(path, stated, request.client, language), language)
        if path == "":
            if request.method == "POST":
                given |= requests.parameters(await _sent(request, FORM))
            if not given.keys() & {"queries", "query", "extend"}:
                return self._manifest(manifest, request, given, language)
            return _answer(await self._asked(given, request.client, language), language, request, given)
        if path == "/preview":
            return self._preview(given.get("id", ""), request)
        return _answer(await self._listed(path, given, request.client, language), language, request, given)

    def _manifest(
        self, made: Callable[[Index, str, str, int], Json], request: Request, given: Mapping[str, str], language: str
    ) -> Answer:
        if request.at is None:
            raise bad_host()
        document = made(self._index, request.at, language, self._limits.batch)
        return _answer(document, language, request, given, _PRIVATE)

    async def _asked(self, given: Mapping[str, str], client: str, language: str) -> Json:
        """What 0.2 asks: the queries of a batch, one, or data to extend a table."""
        asked = [name for name in ("queries", "query", "extend") if name in given]
        if len(asked) > 1:
            raise bad(_("Ask either queries or extend."))
        text = given[asked[0]]
        if asked[0] == "extend":
            extension = extend.extension(parsed(text), self._limits.batch)
            (rows,) = await self._turns.each(client, [extension], lambda each: extend.rows(self._index, each, language))
            return {"meta": extend.columns(self._index, extension, language), "rows": rows}
        if asked[0] == "query":
            single = query(parsed(text) if text.lstrip().startswith("{") else {"query": text})
            return {"result": (await self._matched([single], client, language))[0]}
        queries = batch(parsed(text), self._limits.batch)
        found = await self._matched(list(queries.values()), client, language)
        return {key: {"result": result} for key, result in zip(queries, found, strict=True)}

    async def _draft(self, path: str, stated: object, client: str, language: str) -> Json:
        """What the draft of 1.0 asks."""
        if path == "/match":
            found = await self._matched(draft_batch(stated, self._limits.batch), client, language)
            return {"results": [{"candidates": result} for result in found]}
        extension = extend.extension(stated, self._limits.batch)
        (rows,) = await self._turns.each(
            client, [extension], lambda each: extend.draft_rows(self._index, each, language)
        )
        return {"meta": extend.columns(self._index, extension, language), "rows": rows}

    async def _matched(self, queries: list[Query], client: str, language: str) -> list[list[Json]]:
        def matched(query: Query) -> list[Json]:
            return [candidate(self._index, found, language) for found in candidates(self._index, query)]

        each = list(dict.fromkeys(queries))  # a column repeats itself
        found = dict(zip(each, await self._turns.each(client, each, matched), strict=True))
        return [found[query] for query in queries]

    async def _listed(self, path: str, given: Mapping[str, str], client: str, language: str) -> Json:
        """What is offered to choose from."""
        if path == "/extend/propose":
            type_, limit = given.get("type", ""), _number(given, "limit", MOST)
            return {
                "type": type_,
                "limit": limit,
                "properties": extend.proposed(self._index, type_, limit, language),
            }
        prefix, cursor = given.get("prefix", ""), _number(given, "cursor", 0)
        if path == "/suggest/entity":
            (found,) = await self._turns.each(
                client,
                [prefix],
                lambda each: suggest.entities(self._index, each, given.get("type", ""), cursor, language),
            )
        else:
            listed = suggest.properties if path == "/suggest/property" else suggest.types
            found = listed(self._index, prefix, cursor, language)
        return {"result": found}

    def _preview(self, id_: str, request: Request) -> Answer:
        """Where the preview of an entity is."""
        if (entity := self._index.entity(id_)) is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", _("Nothing is at this address."))
        up = "../" * request.path.count("/")
        pairs = [("location", f"{up}{PREVIEWS}/{quote(entity.id)}"), ("cache-control", _KEEP)]
        return Answer(HTTPStatus.SEE_OTHER, headers(pairs))


async def _sent(request: Request, type_: str) -> bytes:
    """The body of a request, which is of a type."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != type_:
        detail = _("The body is not of a type that is read here. Send {type}, in UTF-8.", type=type_)
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
    return await request.body()


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(_DEEPEST))):
        raise wrong(name)
    return int(text)


def _answer(
    document: Json,
    language: str,
    request: Request | None = None,
    given: Mapping[str, str] | None = None,
    keep: str = _KEEP,
) -> Answer:
    """The answer as JSON, or as a script that calls a function with it, where the client names one. What was asked by
    GET may be kept."""
    body, type_ = orjson.dumps(document), _JSON
    if (callback := (given or {}).get("callback")) is not None:
        if not _CALLBACK.fullmatch(callback):
            raise wrong("callback")
        # in a script, these two would end a line; the comment keeps others from reading it as anything else
        escaped = body.decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        body, type_ = f"/**/{callback}({escaped});".encode(), f"{_SCRIPT}; charset=utf-8"
    pairs = [("content-type", type_), ("content-language", language), ("vary", "Accept-Language")]
    if request is None or request.method == "POST":
        return Answer(HTTPStatus.OK, headers([*pairs, ("cache-control", "no-store")]), body)
    tag = entity_tag(body)
    answer = Answer(HTTPStatus.OK, headers([*pairs, ("etag", tag), ("cache-control", keep)]), body)
    return not_modified(answer) if fresh(request.headers, tag) else answer
