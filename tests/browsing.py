"""A real browser, Debian's Chromium, and a server of files for it: who asks for anything else is found out."""

import functools
import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

import needs
from ghent_partnerships.dist import HEADERS, HEADERS_EMBEDDED, is_embeddable

_FLAGS = (
    "--no-sandbox",  # it is root who tests
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FOLDER = "/ghent-partnerships/"  # the site stands in a folder, as it does on many hosts


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site below its folder, and its page for what is not there."""

    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(FOLDER.rstrip("/")))

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """The compressed copy where the browser takes it, as hosts do."""
        file = Path(self.translate_path(urlsplit(self.path).path))
        compressed = file.with_name(f"{file.name}.gz")
        if "gzip" not in self.headers.get("Accept-Encoding", "") or not compressed.is_file():
            return super().send_head()
        content = compressed.read_bytes()
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def end_headers(self) -> None:
        """With the headers that every host is configured to send."""
        embedded = is_embeddable(urlsplit(self.path).path.removeprefix(FOLDER).split(".")[0])
        for name, value in (HEADERS | HEADERS_EMBEDDED if embedded else HEADERS).items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        missing = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        content = missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """Serve a directory on loopback; the address that it stands at, with a slash at its end."""
    handler = functools.partial(_Handler, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{FOLDER}"
        server.shutdown()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, installed if need be."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.program("chromium"), args=list(_FLAGS))
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """A page in a context of its own. When it is left, nothing was asked of another host, and the console is empty."""
    context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(90_000)  # a page comes late where others are at work
    elsewhere, messages = [], []
    host = address.split("/")[2]

    def watched(route: Route) -> None:
        if route.request.url.split("/")[2:3] not in ([host], []):
            elsewhere.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    context.route(lambda url: url.startswith(("http:", "https:")) and url.split("/")[2] != host, watched)
    page = context.new_page()
    page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(f"error: {error}"))
    page.goto(address)
    yield page
    context.close()
    assert elsewhere == []
    assert messages == []
