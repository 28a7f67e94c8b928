"""OpenRefine, headless on loopback, and the commands that its pages send to it."""

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import needs

_ENGINE = json.dumps({"facets": [], "mode": "row-based"})
_SECONDS = 240  # to start on a busy machine


class OpenRefine:
    """One that runs at a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.project = port, ""

    def _ask(
        self, method: str, path: str, body: bytes = b"", type_: str = ""
    ) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body or None, {"Content-Type": type_} if type_ else {})
            response = connection.getresponse()
            return response, response.read()

    def get(self, command: str, **parameters: str) -> dict:
        """The answer of a command that reads."""
        return json.loads(self._ask("GET", f"/command/core/{command}?{urlencode(parameters)}")[1])

    def post(self, command: str, **parameters: str) -> bytes:
        """The answer of a command on the project."""
        path = f"/command/core/{command}?{urlencode({'project': self.project, 'csrf_token': self._token()})}"
        form = "application/x-www-form-urlencoded"
        response, content = self._ask("POST", path, urlencode({"engine": _ENGINE, **parameters}).encode(), form)
        assert response.status == 200, content
        return content

    def _token(self) -> str:
        return str(self.get("get-csrf-token")["token"])

    def create(self, name: str, lines: Sequence[str]) -> None:
        """Make a project of a table, whose first line has the names of the columns."""
        boundary = secrets.token_hex(16)
        fields = {"project-name": name, "format": "text/line-based/*sv", "options": json.dumps({"separator": ","})}
        parts = [f'name="{field}"\r\n\r\n{value}' for field, value in fields.items()]
        table = "\n".join(lines)
        parts.append(f'name="project-file"; filename="{name}.csv"\r\nContent-Type: text/csv\r\n\r\n{table}')
        body = "".join(f"--{boundary}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
        path = f"/command/core/create-project-from-upload?csrf_token={self._token()}"
        response, content = self._ask(
            "POST", path, f"{body}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
        )
        assert response.status == 302, content
        self.project = parse_qs(urlsplit(response.headers["Location"]).query)["project"][0]

    def wait(self) -> None:
        """Until everything is done that runs in the background."""
        for _ in range(600):
            if not self.get("get-processes", project=self.project)["processes"]:
                return
            time.sleep(0.1)
        raise AssertionError(self.get("get-processes", project=self.project))

    def rows(self) -> dict:
        """The rows of the project, with what each cell was matched with."""
        return json.loads(self.post("get-rows", start="0", limit="100"))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def open_refine(home: Path) -> Iterator[OpenRefine]:
    """Start it with a folder of its own, and end it at last with what it started."""
    program, port = needs.program("openrefine"), _free_port()
    options = ["-i", "127.0.0.1", "-p", str(port), "-d", str(home), "-x", "refine.headless=true", "-m", "512M"]
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment["JAVA_TOOL_OPTIONS"] = (
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # what runs for seconds need not be optimized
    )
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + _SECONDS
        running = OpenRefine(port)
        while True:
            try:
                running.get("get-version")
                break
            except (OSError, ValueError, http.client.HTTPException):
                assert process.poll() is None, (home / "log").read_text(encoding="utf-8", errors="replace")
                assert time.monotonic() < until, (home / "log").read_text(encoding="utf-8", errors="replace")
                time.sleep(0.2)
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
