"""The protocol over HTTP, at ``/mcp`` of the server: streamable, without sessions, each answer as JSON.

A page of another site must not reach a server on somebody's machine by giving its address a name of its own (DNS
rebinding): the host that is asked, and the site that asks, must be known.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from ..project.project import FEDERATED
from ..rdf.namespaces import ONTOLOGY
from ..server.answers import Answer, headers
from ..server.documents import Documents
from ..server.doors import Request
from ..server.endpoint import Endpoint
from ..server.limits import Limits
from ..server.problems import Problem
from ..server.workers.engine import Order
from ..sparql.library import Question, described_question
from ..text import DEFAULT_LANGUAGE, Text
from ..translation import languages as interface_languages
from ..translation import message as _
from .graph import CLIENT, Graph
from .service import service

NAME = "mcp"  # the path
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LEFT_OUT = ("content-length", "transfer-encoding", "connection", "date", "server")
_NO_STORE = ("cache-control", "no-store")


class McpDoor:
    """Answers messages of the protocol on the graph of a release.

    ``hosts`` are the names that the server may be asked by, beside those of this machine.
    """

    def __init__(self, documents: Documents, endpoint: Endpoint, limits: Limits, hosts: Iterable[str] = ()) -> None:
        self._limits = limits
        self._hosts = {*_LOOPBACK, *(host.lower() for host in hosts)}
        self._server = service(_graph(documents, endpoint))

    def allowed(self, path: str) -> str:
        """The methods that a path below it has: messages are posted; there are no streams and no sessions to end."""
        return "" if path else "POST, OPTIONS"

    async def answer(self, request: Request) -> Answer:
        """The answer to a message.

        Raises:
            Problem: the host or the origin is not known, or the message is too long.
        """
        self._demand_known(request)
        body = await request.body()
        CLIENT.set(request.client)
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=self._limits.body
        )
        async with manager.run():
            await manager.handle_request(_scope(request), receive, send)
        started = next(message for message in sent if message["type"] == "http.response.start")
        content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
        pairs = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in started.get("headers", ())]
        kept = [pair for pair in pairs if pair[0].lower() not in (*_LEFT_OUT, _NO_STORE[0])]
        return Answer(HTTPStatus(started["status"]), headers([*kept, _NO_STORE]), content)

    def _demand_known(self, request: Request) -> None:
        host = None if request.at is None else urlsplit(request.at).hostname
        if host is None or host not in self._hosts:
            detail = _("The server is not known by this name. It can be named with --mcp-host.")
            raise Problem(HTTPStatus.FORBIDDEN, "host", detail)
        origin = request.headers.get("origin")
        if origin is not None and _host_of(origin) not in self._hosts:
            detail = _("Pages of this site may not ask here. Its host can be named with --mcp-host.")
            raise Problem(HTTPStatus.FORBIDDEN, "origin", detail)


def _host_of(origin: str) -> str | None:
    """The host of an origin, such as https://example.org:8443; None where it has none, as that of a file."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _scope(request: Request) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": f"/{NAME}",
        "raw_path": f"/{NAME}".encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), text.encode("latin-1"))
            for name, text in request.headers.items()
            if name != "content-length"
        ],
        "client": None,
        "server": None,
    }


def _graph(documents: Documents, endpoint: Endpoint) -> Graph:
    """The graph of a release, which the processes of the endpoint answer queries on."""
    site = documents.site
    title = Text(dict(site.title)).localized(DEFAULT_LANGUAGE)
    ontology = documents.files.get("ontology.ttl")

    async def ask(order: Order, client: str) -> tuple[str, bytes]:
        type_, content, _varies = await endpoint.pool.ask(order, client)
        return type_, content

    return Graph(
        name=site.stem,
        title=title or site.stem,
        version=documents.release,
        base=site.base,
        data_set=site.dataset,
        languages=tuple(site.languages),
        prefixes=site.prefixes,
        questions=_questions(documents),
        ontology=None if ontology is None else (ONTOLOGY, documents.plain(ontology).decode()),
        ask=ask,
    )


def _questions(documents: Documents) -> dict[str, Question]:
    """The questions and the tables, from the files of their queries."""
    found = {}
    for path, file in documents.files.items():
        name = PurePosixPath(path)
        if name.suffix == ".rq" and name.parent.name not in ("views", FEDERATED):
            text = documents.plain(file).decode("utf-8", "replace")
            described = described_question(name, text, _header_languages(text, tuple(documents.languages)), [])
            found[described.name] = described
    ordered = sorted(found.values(), key=lambda question: (question.folder, question.name))
    return {question.name: question for question in ordered}


def _header_languages(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a header: those of the site, or of the package, with which many questions come."""
    every = (languages, interface_languages())
    fits = (tags for tags in every if all(f"#+ summary-{tag}: " in text for tag in tags[1:]))
    return next(fits, languages[:1])
