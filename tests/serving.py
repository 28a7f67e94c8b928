"""The server as people start it, in a process of its own on loopback, and requests as they stand on the wire."""

import gzip
import hashlib
import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ghent_partnerships.dist import SITE, Site

_COMMAND = Path(sys.executable).parent / "ghent-partnerships"
_READY = re.compile(r"(http://\S+/) \(SPARQL: ")


class Served(NamedTuple):
    """A server: its address, which ends in a slash, its process, and the file that it logs to."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def children(self) -> list[int]:
        """The processes that answer queries: what the one that loads the graph has forked."""
        return [child for first in _children(self.process.pid) for child in _children(first)]

    def every_process(self) -> list[int]:
        """All the processes of the server, that it is itself among them."""
        found = [self.process.pid]
        for process in found:
            found += _children(process)
        return found

    def first(self) -> int:
        """The process that loads the graph."""
        (first,) = _children(self.process.pid)
        return first

    def descriptors(self) -> int:
        """How many the server itself has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def settles(self, descriptors: int) -> bool:
        """Whether the server comes back to so many descriptors, or fewer, within seconds."""
        for _ in range(400):
            if self.descriptors() <= descriptors:
                return True
            time.sleep(0.05)
        return False

    def own_memory(self) -> int:
        """The resident memory of the server itself, in bytes."""
        return _resident(self.process.pid)

    def memory(self) -> int:
        """The resident memory of all processes, in bytes; what they share is counted each time."""
        every = [self.process.pid, *_children(self.process.pid), *self.children()]
        return sum(_resident(process) for process in every)


class Answer(NamedTuple):
    """A response; the names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@contextmanager
def serving(dist: Path, log: Path, *options: str) -> Iterator[Served]:
    """Serve a directory at a free port; its lines of JSON go to ``log``, and it is ended at last."""
    with _running([str(_COMMAND), "serve", str(dist), "--port", "0", *options], log) as served:
        yield served


@contextmanager
def following(endpoint: str, log: Path, *options: str) -> Iterator[Served]:
    """Serve what a store holds, at a free port."""
    with _running([str(_COMMAND), "serve", "--endpoint", endpoint, "--port", "0", *options], log) as served:
        yield served


@contextmanager
def serving_within(dist: Path, log: Path, quiet: bool = True, **limits: float) -> Iterator[Served]:
    """The same with other limits than the options of the command have."""
    program = (
        "import sys; from pathlib import Path; from ghent_partnerships.serve import Limits; "
        "from ghent_partnerships.server.running import run; "
        f"run(Path(sys.argv[1]), '127.0.0.1', 0, Limits(**{limits!r}), log={not quiet})"
    )
    with _running([sys.executable, "-c", program, str(dist)], log) as served:
        yield served


@contextmanager
def _running(command: Sequence[str], log: Path) -> Iterator[Served]:
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            before = []
            while (match := _READY.match(line := process.stderr.readline())) is None:
                before.append(line)
                assert line, "".join(before)
            yield Served(match[1], process, log)
        finally:
            process.terminate()


def ask(
    address: str, path: str, method: str = "GET", body: bytes | None = None, headers: Sequence[tuple[str, str]] = ()
) -> Answer:
    """Send a request with the path just as it is."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        lowercase = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, lowercase, response.read())
    finally:
        connection.close()


def described() -> dict[str, bytes]:
    """The file that says of a graph made in a test what the server needs to know of a site, by its path."""
    base = "https://w3id.org/ghent-partnerships/"
    site = Site(
        base=base,
        dataset=f"{base}id/dataset/ghent-partnerships",
        endpoint=f"{base}sparql",
        bases=(f"{base}id/",),
        documents={},
        vocabulary="",
        stem="ghent-partnerships",
        prefixes={},
        languages=("en", "nl"),
        title={},
        licence="",
        issued="",
        retired={},
        versions={},
    )
    return {SITE: json.dumps(site._asdict()).encode()}


def sums(folder: Path) -> None:
    """Write the list of the files of a release, each with its digest."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "SHA256SUMS")
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder)}\n" for file in files)
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def change(folder: Path, name: str, content: bytes) -> None:
    """Make another release in the folder of one: a file with other content."""
    (folder / name).write_bytes(content)
    (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    sums(folder)


def _children(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(child) for child in listed]


def _resident(process: int) -> int:
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
