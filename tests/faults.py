"""A proxy on loopback that lets a test break what passes between a client and a server, a request at a time."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

CUT = "cut"  # the connection, after the request and before any answer
HALF = "half"  # of the body comes, then the connection is cut
SLOW = "slow"  # an answer that comes only after ``Fault.seconds``


class Fault(NamedTuple):
    """What happens to a request: an answer of its own, with a status, headers and a body; or, of the server's, that it
    is ``CUT``, ``HALF`` or ``SLOW``. ``passes`` is whether the server gets the request where it does not get the
    answer through, so that the client cannot know what was done."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    kind: str = ""
    seconds: float = 0
    passes: bool = False


class Request(NamedTuple):
    """A request as the proxy got it."""

    number: int  # from 0
    method: str
    target: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class Proxy:
    """A running proxy: its address, like ``http://127.0.0.1:1234``, and the requests that it got, in order.

    ``fault`` is asked about each request, and says what breaks, or None.
    """

    def __init__(self, server: str) -> None:
        self.server, self.address = server, ""
        self.requests: list[Request] = []
        self.fault: Callable[[Request], Fault | None] = lambda _request: None
        self._lock = threading.Lock()

    def of(self, url: str) -> str:
        """The URL of the server, by way of the proxy."""
        return url.replace(self.server, self.address)

    def heard(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
        """Note a request."""
        with self._lock:
            request = Request(len(self.requests), method, target, headers, body)
            self.requests.append(request)
        return request


@contextmanager
def proxying(server: str) -> Iterator[Proxy]:
    """A proxy before the server at an address."""
    proxy = Proxy(server)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self._body()
            lowercase = {name.lower(): value for name, value in self.headers.items()}
            request = proxy.heard(self.command, self.path, lowercase, body)
            fault = proxy.fault(request) or Fault()
            if fault.kind == SLOW:
                time.sleep(fault.seconds)
            if fault.status:
                if fault.passes:
                    self._forwarded(request)
                self._answer(fault.status, fault.headers, fault.body)
            elif fault.kind == CUT:
                if fault.passes:
                    self._forwarded(request)
                self._cut()
            else:
                status, headers, answer = self._forwarded(request)
                self._answer(status, headers, answer, half=fault.kind == HALF)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_any  # noqa: N815

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _forwarded(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=120)
            dropped = {"connection", "transfer-encoding", "content-length"}
            headers = {name: value for name, value in request.headers.items() if name not in dropped}
            try:
                connection.request(request.method, request.target, request.body or None, headers)
                response = connection.getresponse()
                answer = response.read()
                kept = [pair for pair in response.getheaders() if pair[0].lower() not in dropped]
                return response.status, kept, answer
            except (OSError, http.client.HTTPException):  # the server was killed
                self._cut()
                raise
            finally:
                connection.close()

        def _answer(self, status: int, headers: object, body: bytes, *, half: bool = False) -> None:
            self.send_response_only(status)
            for name, value in headers:  # type: ignore[attr-defined]
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body[: len(body) // 2] if half else body)
            if half:
                self._cut()

        def _cut(self) -> None:
            self.wfile.flush()
            self.close_connection = True
            with suppress(OSError):  # the client may have gone first
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_arguments: object) -> None:
            """Write no log."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # so that none is left when the test ends

        def handle_error(self, _request: object, _client: object) -> None:
            """Say nothing of a connection that was cut."""

    with Server(("127.0.0.1", 0), Handler) as listening:
        proxy.address = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listening.shutdown()
