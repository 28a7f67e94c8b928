"""The ASGI application: which part answers a request, and what is common to all of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from ipaddress import IPv6Address
from os import PathLike
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from ..dist import API, DESCRIPTION, RECONCILE, RECONCILIATION
from ..errors import UsageError
from ..text import quoted
from ..translation import languages
from ..translation import message as _
from . import metrics as prometheus
from . import negotiation, protocol, requests
from .answers import Answer, headers, of_problem
from .documents import Documents
from .doors import Door, Request
from .endpoint import Endpoint
from .limits import Limits
from .metrics import Metrics
from .problems import Problem, bad_host, not_allowed
from .reconciliation.door import Reconciliation
from .rest.door import RestDoor
from .site import Site
from .workers.outcomes import unloaded

_READING = "GET, HEAD, OPTIONS"
_NO_STORE = ("cache-control", "no-store")
_PLAIN = ("content-type", "text/plain; charset=utf-8")
Log = Callable[[str], None]
Doors = Mapping[str, Callable[[Documents, Endpoint, Limits], Door]]  # what makes each door of a release, by its path
_ENDING = 2  # releases before this one that still answer
_NETWORK = 64  # bits of an IPv6 address that tell the network


class Release:
    """What is served of one directory.

    Raises:
        UsageError: it is not what ``publish`` writes, whatever is wrong with it.
    """

    def __init__(self, directory: Path, limits: Limits, metrics: Metrics, doors: Doors) -> None:
        try:
            documents = Documents(directory)
            self.name, self.files = documents.release, len(documents.files)
            self.site = Site(documents)
            self.endpoint = Endpoint(documents, self.site, limits, metrics)
            self.doors: dict[str, Door] = {"sparql": self.endpoint}
            self.doors |= {name: door(documents, self.endpoint, limits) for name, door in doors.items()}
            if DESCRIPTION in documents.files:  # of the API, which a project without tables and questions lacks
                self.doors[API] = RestDoor(documents, self.site, self.endpoint.pool, limits)
            if RECONCILIATION in documents.files:
                self.doors[RECONCILE] = Reconciliation(documents, limits)
        except UsageError:
            raise
        except Exception as error:  # a file in it may be anything
            problem = _("{path}: not as publish writes it: {reason}", path=directory, reason=quoted(str(error)))
            raise UsageError(problem) from error


class Server:
    """Answers the requests, from one release at a time."""

    def __init__(self, directory: Path, limits: Limits, log: Log | None, doors: Doors) -> None:
        self._directory, self._limits, self._log, self._doors = directory, limits, log, doors
        self._metrics = Metrics()
        self._release: Release | None = Release(directory, limits, self._metrics, doors)
        self._started: asyncio.Task[None] | None = None
        self._taking = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()  # those of releases before
        self.failure: UsageError | None = None  # why queries could not be answered from the start
        self.problem = ""  # why what is served is not what there is by now

    async def start(self) -> None:
        """Have processes ready: before the first request where the host announces the start (lifespan of ASGI),
        else at it.

        Raises:
            UsageError: the graph cannot be loaded.
        """
        if self._started is None:
            assert self._release is not None
            self._started = asyncio.create_task(self._release.endpoint.pool.start())
        try:
            await asyncio.shield(self._started)
        except UsageError as error:
            self.failure = error
            raise

    async def stop(self) -> None:
        """Answer what was asked, and end the processes."""
        if self._release is not None and self._started is not None:
            self._ending.add(asyncio.create_task(self._release.endpoint.pool.close()))
            await asyncio.gather(*self._ending)
            self._release = None

    async def take(self) -> str:
        """Serve what is in the directory now, and return its name. What was asked before is answered from before.

        Raises:
            UsageError: it is not what ``publish`` writes; what was served still is.
        """
        async with self._taking:
            if len(self._ending) >= _ENDING:
                await asyncio.wait(self._ending, return_when=asyncio.FIRST_COMPLETED)
            release = await asyncio.to_thread(Release, self._directory, self._limits, self._metrics, self._doors)
            started = asyncio.create_task(release.endpoint.pool.start())
            await started
            before, self._release, self._started = self._release, release, started
            if before is not None:
                ending = asyncio.create_task(before.endpoint.pool.close())
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
            return release.name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        if scope["type"] != "http":
            return
        began = perf_counter()
        asked = requests.headers(scope["headers"])
        kind, method = "other", scope["method"]
        try:
            kind, answer = await self._dispatched(scope, asked, receive)
        except Problem as problem:
            answer = of_problem(problem, negotiation.language(asked.get("accept-language"), languages()))
            name, _below = _parts(self._path(scope))
            kind = name if self._release is not None and name in self._release.doors else "document"
        length = (b"content-length", str(len(answer.body)).encode())
        bodiless = answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        sent = list(answer.headers) if bodiless else [length, *answer.headers]
        scope.setdefault("state", {})["answer"] = answer.body  # for who counts what clients have yet to read
        await send({"type": "http.response.start", "status": int(answer.status), "headers": sent})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" or bodiless else answer.body})
        seconds = perf_counter() - began
        self._metrics.observe(kind, answer.status, seconds)
        if self._log is not None:
            self._log(_line(scope, asked, answer, seconds))

    async def _dispatched(self, scope: Scope, asked: dict[str, str], receive: Receive) -> tuple[str, Answer]:
        path, method, release = self._path(scope), scope["method"], self._release
        root, host = scope.get("root_path", ""), requests.host(asked)
        if host is None and scope.get("http_version") == "1.1":  # RFC 9112, section 3.2
            raise bad_host()
        name, below = _parts(path)
        door = None if release is None else release.doors.get(name)
        allowed = "" if door is None else door.allowed(below)
        if method == "OPTIONS":
            return "other", Answer(HTTPStatus.NO_CONTENT, headers(requests.preflight(asked, allowed or _READING)))
        if path == "/sparql/":
            location = b"../sparql" + (b"?" + scope["query_string"] if scope["query_string"] else b"")
            pairs = [("location", quote(location, safe=requests.SAFE)), ("cache-control", "max-age=3600")]
            return "sparql", Answer(HTTPStatus.PERMANENT_REDIRECT, headers(pairs))
        if door is not None and allowed:
            if method not in allowed.split(", "):
                raise not_allowed(method, allowed)
            await self._ready_for_queries(_there(release))
            at = None if host is None else f"{scope['scheme']}://{host}{quote(root)}/{name}"
            body = partial(self._body, asked, receive)
            request = Request(method, below, scope["query_string"], asked, _client(scope), at, body)
            return name, await door.answer(request)
        operating = _OPERATING.get(path)
        if operating is not None and method in ("GET", "HEAD"):
            return "other", operating(self)
        site = _there(release).site
        if method not in ("GET", "HEAD") and (operating is not None or site.has(path)):
            raise not_allowed(method, _READING)
        if b"format=" in scope["query_string"]:
            asked = {**asked, "accept": protocol.preferred(scope["query_string"], asked.get("accept")) or "*/*"}
        if path.startswith("/id/"):
            return "identifier", site.identifier(path, scope["query_string"], asked, root)
        return "document", site.get(path, asked, root)

    async def _ready_for_queries(self, release: Release) -> None:
        if release.endpoint.pool.ready:
            return
        try:
            await self.start()
        except UsageError as error:
            raise unloaded() from error

    async def _body(self, asked: dict[str, str], receive: Receive) -> bytes:
        """The body of a request, if it is not too long and comes in time."""
        longest = self._limits.body
        stated = asked.get("content-length", "0")
        if len(stated) > len(str(longest)) or int(stated) > longest:
            raise _too_large(longest)
        content = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        detail = _("The body ended too soon.")
                        raise Problem(HTTPStatus.BAD_REQUEST, "incomplete", detail)
                    content += message.get("body", b"")
                    if len(content) > longest:
                        raise _too_large(longest)
                    if not message.get("more_body"):
                        return bytes(content)
        except TimeoutError as error:
            detail = _("The body did not come in time.")
            raise Problem(HTTPStatus.REQUEST_TIMEOUT, "too-slow", detail, headers=(("connection", "close"),)) from error

    @staticmethod
    def _path(scope: Scope) -> str:
        """The path below where the application is mounted."""
        path, root = scope["path"], scope.get("root_path", "")
        return str(path.removeprefix(root) if root and path.startswith(f"{root}/") else path) or "/"

    def _healthy(self) -> Answer:
        """The server is alive, since it answers."""
        return Answer(HTTPStatus.OK, headers([_PLAIN, _NO_STORE]), b"ok\n")

    def _ready(self) -> Answer:
        """Whether queries are answered."""
        if self._release is not None and self._release.endpoint.pool.ready:
            problem = f"not the newest: {self.problem}\n" if self.problem else ""
            body = f"ready: {self._release.name}\n{problem}".encode()
            return Answer(HTTPStatus.OK, headers([_PLAIN, _NO_STORE]), body)
        pairs = [_PLAIN, _NO_STORE, ("retry-after", "1")]
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, headers(pairs), b"not ready\n")

    def _measured(self) -> Answer:
        pool = _there(self._release).endpoint.pool
        body = self._metrics.document(pool.pending, len(pool.processes), pool.crashed)
        return Answer(HTTPStatus.OK, headers([("content-type", prometheus.MEDIA_TYPE), _NO_STORE]), body)


_OPERATING: dict[str, Callable[[Server], Answer]] = {
    "/healthz": Server._healthy,
    "/readyz": Server._ready,
    "/metrics": Server._measured,
}


def app(
    directory: str | PathLike[str] = "dist",
    limits: Limits | None = None,
    log: Log | None = None,
    doors: Doors = MappingProxyType({}),
) -> Starlette:
    """An ASGI application that serves what ``publish`` wrote to the directory, and queries on its graph.

    It can be mounted in another: its links and redirections are relative. ``log`` is called with a line of JSON for
    each request. ``doors`` are what it answers besides, by their paths. ``app.state.server`` has ``take()``, which
    serves what is in the directory by then.

    Raises:
        UsageError: the directory is not one that ``publish`` wrote.
    """
    server = Server(Path(directory), limits or Limits(), log, doors)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await server.start()
        yield
        await server.stop()

    application = Starlette(lifespan=lifespan)
    application.router.default = server  # whatever the path: a route leaves out those with a line break
    application.state.server = server
    return application


def _parts(path: str) -> tuple[str, str]:
    """The first part of a path, which may name a door, and the rest."""
    name, slash, below = path[1:].partition("/")
    return name, slash + below


def _there(release: Release | None) -> Release:
    if release is None:
        detail = _("The server is shutting down.")
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "closing", detail, headers=(("retry-after", "5"),))
    return release


def _client(scope: Scope) -> str:
    """Whose request it is, among whom the processor is divided: an address, or the network of one of IPv6.

    Behind a proxy on this machine it is the last address in X-Forwarded-For, which uvicorn reads; nobody else is
    believed.
    """
    address = (scope.get("client") or ("",))[0]
    if ":" not in address:
        return str(address)
    try:
        return str(int(IPv6Address(address)) >> (128 - _NETWORK))
    except ValueError:
        return str(address)


def _too_large(longest: int) -> Problem:
    detail = _("The body is longer than {longest:,} bytes.", longest=longest)
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", detail, headers=(("connection", "close"),))


def _line(scope: Scope, asked: dict[str, str], answer: Answer, seconds: float) -> str:
    """A request as a line of JSON."""
    client = scope.get("client") or ("", 0)
    return json.dumps(
        {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": client[0],
            "method": scope["method"],
            "path": scope["path"][:_LONGEST],
            "query": scope["query_string"][:_LONGEST].decode("latin-1"),
            "status": int(answer.status),
            "bytes": len(answer.body),
            "ms": round(1000 * seconds, 2),
            "agent": asked.get("user-agent", "")[:200],
        },
        ensure_ascii=True,
    )


_LONGEST = 2_000
