"""The API of a release: tables from the files that ``publish`` wrote, questions by the processes that answer queries.

The description is read when the first request comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from urllib.parse import quote, urlencode

import orjson
from cachetools import LRUCache
from pyoxigraph import QueryResultsFormat

from ...dist import API, DESCRIPTION
from ...errors import UsageError
from ...sparql.library import bind
from ...sparql.records import Lines, as_csv, as_json, joined, lines, records
from ...sparql.run import read_results
from .. import negotiation
from ..answers import Answer, content_type, entity_tag, fresh, headers, not_modified
from ..documents import Documents
from ..doors import Request
from ..limits import Limits
from ..problems import Problem, not_acceptable
from ..protocol import target_too_long
from ..site import Site
from ..workers.engine import Order
from ..workers.pool import Pool
from . import values
from .operations import FORM, FORMS, LIMIT, OFFSET, Operation, operations

_KEEP, _ONCE = "public, max-age=300", "no-store"
_ROWS = "application/sparql-results+json"
_LARGE = 256 << 10  # bytes of an answer, from which on others are answered while it is rewritten
_SHARE = 4  # so many such memories make that of the endpoint
_SAFE = ":/"  # in a query string, as people write the names of resources
_TOTAL = "x-total-count"


class Rest:
    """Answers what the description describes."""

    def __init__(self, documents: Documents, site: Site, pool: Pool, limits: Limits) -> None:
        self._documents, self._site, self._pool, self._limits = documents, site, pool, limits
        self._kept: LRUCache[str, Lines] = LRUCache(limits.cache // _SHARE, getsizeof=_size)
        self._files: dict[str, Lines] = {}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """What there is to ask for, by its path."""
        return operations(self._documents.plain(self._documents.files[DESCRIPTION]))

    async def answer(self, request: Request) -> Answer:
        """The answer to a request: rows, a row, or the description.

        Raises:
            Problem: there is none.
        """
        if len(request.query) > self._limits.target:
            raise target_too_long(self._limits)
        if not request.path:
            return self._described(request)
        path, form = self._divided(request.path)
        if (operation := self.operations.get(path)) is not None:
            return await self._list(operation, form, request)
        above, _slash, slug = path.rpartition("/")
        if (table := self.operations.get(above)) is not None and table.items:
            return self._item(table, slug, form, request)
        below = [known.rpartition("/")[2] for known in self.operations if known.rpartition("/")[0] == above]
        raise values.nothing(slug, below or [known[1:] for known in self.operations])

    def _described(self, request: Request) -> Answer:
        """The description; for a browser, the page with it."""
        offers = ("application/json", "text/html")
        chosen = negotiation.media_type(request.headers.get("accept"), offers)
        page = self._site.page(API, f"/{API}", request.headers) if chosen == "text/html" else None
        if page is not None:
            return page
        return self._site.get(f"/{DESCRIPTION}", request.headers, "")

    def _divided(self, path: str) -> tuple[str, str]:
        """A path without the ending that names a form, and the form."""
        stem, dot, last = path.rpartition(".")
        return (stem, last) if dot and last in FORMS else (path, "")

    async def _list(self, operation: Operation, form: str, request: Request) -> Answer:
        known = {name: schema for name, schema in operation.parameters.items() if not (form and name == FORM)}
        given = values.given(request.query, known)
        checked = {name: values.checked(name, value, known[name]) for name, value in given.items()}
        type_ = _media_type(operation, form or checked.pop(FORM, ""), request)
        first, most = int(checked.pop(OFFSET, "0")), int(checked.pop(LIMIT, "0")) or None
        tag = self._tag(operation.path, type_, sorted(checked.items()), first, most)
        found, varies = await self._found(operation, checked, type_, request.client)
        total = len(found.entries)
        part = found if not first and most is None else found._replace(entries=found.entries[first:][:most])
        body = await _written(operation, part, type_)
        links = [*_pages(given, first, most, total), _service(request.path)]
        pairs = [("link", ", ".join(links)), (_TOTAL, str(total))]
        return _answer(body, type_, None if varies else tag, pairs, request)

    def _item(self, table: Operation, slug: str, form: str, request: Request) -> Answer:
        known = {FORM: table.parameters[FORM]} if not form else {}
        checked = {
            name: values.checked(name, value, known[name]) for name, value in values.given(request.query, known).items()
        }
        type_ = _media_type(table, form or checked.get(FORM, ""), request)
        iri = orjson.dumps(table.items + slug)
        found = self._published(table, type_)
        start = b'{"%s":%s' % (table.columns[0].encode(), iri)
        if type_ == FORMS["geojson"]:
            start = b'{"type":"Feature","id":' + iri
        entry = next((entry for entry in found.entries if entry.startswith((start + b",", start + b"}"))), None)
        if entry is None:
            raise values.nothing(slug, self._slugs(table))
        row = entry + b"\n"
        if type_ == FORMS["csv"]:
            row = as_csv(table.columns, [orjson.loads(entry)])
        tag = self._tag(table.path, type_, slug)
        return _answer(row, type_, tag, [("link", _service(request.path))], request)

    def _slugs(self, table: Operation) -> list[str]:
        """The names of the first rows, of which a misspelt one may be meant."""
        entries = self._published(table, FORMS["json"]).entries[:_SEARCHED]
        return [str(orjson.loads(entry)[table.columns[0]]).removeprefix(table.items) for entry in entries]

    def _tag(self, *parts: object) -> str:
        """The entity tag: it follows from the release, what is asked and the form of the answer."""
        return entity_tag(repr((self._documents.release, *parts)).encode())

    async def _found(
        self, operation: Operation, given: Mapping[str, str], type_: str, client: str
    ) -> tuple[Lines, bool]:
        """The rows of an answer, all of them, and whether they may be others the next time."""
        if not operation.source:
            return self._published(operation, type_), False
        key = repr((operation.path, sorted(given.items())))
        if (kept := self._kept.get(key)) is not None:
            return kept, False
        if not given and f"{API}{operation.path}.json" in self._documents.files:
            return self._published(operation, FORMS["json"]), False
        text = self._documents.plain(self._documents.files[operation.source]).decode()
        try:
            bound = bind(text, given, self._documents.site.prefixes)
        except UsageError as error:  # an IRI that only looks like one
            raise Problem(HTTPStatus.BAD_REQUEST, "value", error.text) from error
        _type, body, varies = await self._pool.ask(Order(bound, (), (), _ROWS, None), client)
        found = await asyncio.to_thread(_lines, body) if len(body) > _LARGE else _lines(body)
        if not varies and _size(found) * 2 <= self._kept.maxsize:
            self._kept[key] = found
        return found, varies

    def _published(self, operation: Operation, type_: str) -> Lines:
        """The rows of a table, or its map, or those of a question without parameters: read from their file once."""
        form = "geojson" if type_ == FORMS["geojson"] else "json"
        path = f"{API}{operation.path}.{form}"
        if path not in self._files:
            self._files[path] = lines(self._documents.plain(self._documents.files[path]))
        return self._files[path]


_SEARCHED = 5_000  # rows in which a misspelt name is looked for


def _media_type(operation: Operation, form: str, request: Request) -> str:
    """The media type of an answer: that of the form that the address names, or else what the client prefers.

    Raises:
        Problem: there is none that the client takes, or the form is not one of this answer.
    """
    type_ = FORMS[form] if form else negotiation.media_type(request.headers.get("accept"), operation.offers)
    if type_ not in operation.offers:
        if form:
            raise values.nothing(f"{request.path.rpartition('/')[2]}", [])
        raise not_acceptable(operation.offers)
    return type_


def _lines(body: bytes) -> Lines:
    """The rows of an answer in SPARQL 1.1 Query Results JSON."""
    return lines(as_json(records(read_results(body, QueryResultsFormat.JSON))[1]))


async def _written(operation: Operation, part: Lines, type_: str) -> bytes:
    if type_ != FORMS["csv"]:
        return joined(part)

    def write() -> bytes:
        return as_csv(operation.columns, map(orjson.loads, part.entries))

    return await asyncio.to_thread(write) if _size(part) > _LARGE else write()


def _size(of: Lines) -> int:
    return sum(map(len, of.entries)) + 100 * len(of.entries)


def _pages(given: Mapping[str, str], first: int, most: int | None, total: int) -> list[str]:
    """The links to the pages before and behind one, by their query strings."""
    if most is None:
        return []

    def link(offset: int, relation: str) -> str:
        parameters = {**given, LIMIT: str(most), OFFSET: str(offset)}
        return f'<?{urlencode(parameters, safe=_SAFE, quote_via=quote)}>; rel="{relation}"'

    before = [link(max(0, min(first, total) - most), "prev")] if first else []
    return [*before, *([link(first + most, "next")] if first + most < total else [])]


def _service(path: str) -> str:
    """The link from a path of the API to its description: https://www.rfc-editor.org/rfc/rfc8631."""
    return f'<{"../" * path.count("/")}{DESCRIPTION}>; rel="service-desc"'


def _answer(body: bytes, type_: str, tag: str | None, pairs: Sequence[tuple[str, str]], request: Request) -> Answer:
    kept = [("cache-control", _ONCE)] if tag is None else [("etag", tag), ("cache-control", _KEEP)]
    answer = Answer(
        HTTPStatus.OK, headers([("content-type", content_type(type_)), ("vary", "Accept"), *kept, *pairs]), body
    )
    return not_modified(answer) if tag is not None and fresh(request.headers, tag) else answer
