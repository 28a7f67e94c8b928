"""Real SPARQL stores on loopback, each in a process of its own that a test can kill and start again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import needs

USER = PASSWORD = "dba"  # of Virtuoso, which has no other until somebody changes it
_SECONDS = 60  # until a store answers


class Store(ABC):
    """A store with a folder of its own. ``query``, ``update`` and ``graphs`` are the URLs of the SPARQL protocol and of
    the Graph Store Protocol; what writes asks for ``USER`` and ``PASSWORD`` where ``authenticated``."""

    query: str
    update: str
    graphs: str
    authenticated = False

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What starts it in the foreground."""

    def start(self) -> None:
        """Start it, and wait until it answers a query."""
        log = (self.folder / "log").open("ab")
        with log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        for _ in range(_SECONDS * 20):
            assert self.process.poll() is None, (self.folder / "log").read_text(encoding="utf-8", errors="replace")
            try:
                urllib.request.urlopen(f"{self.query}?query=ASK%7B%7D", timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"{self.query} does not answer")

    def kill(self) -> None:
        """End it as the kernel does where memory runs out, with the processes that it started: it can write nothing
        more."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Oxigraph(Store):
    """The server of Oxigraph."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.query, self.update, self.graphs = (f"{self.address}/{name}" for name in ("query", "update", "store"))

    def command(self) -> Sequence[str]:
        """With its files in the folder."""
        server = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
        assert server is not None, "the oxigraph server of the test extra is not installed"
        return [server, "serve", "--location", str(self.folder / "store"), "--bind", f"127.0.0.1:{self.port}"]


class Virtuoso(Store):
    """Debian's Virtuoso, whose reading is open to all and whose writing needs the digest of a password."""

    authenticated = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.query, self.update = f"{self.address}/sparql", f"{self.address}/sparql-auth"
        self.graphs = f"{self.address}/sparql-graph-crud-auth"

    def command(self) -> Sequence[str]:
        """With its files in the folder, and no more memory than a test needs."""
        settings = self.folder / "virtuoso.ini"
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)  # of one that was killed
        settings.write_text(
            f"[Database]\nDatabaseFile = virtuoso.db\nErrorLogFile = virtuoso.log\nLockFile = virtuoso.lck\n"
            f"TransactionFile = virtuoso.trx\nxa_persistent_file = virtuoso.pxa\n"
            f"[TempDatabase]\nDatabaseFile = virtuoso-temp.db\nTransactionFile = virtuoso-temp.trx\n"
            f"[Parameters]\nServerPort = 127.0.0.1:{free_port()}\nNumberOfBuffers = 20000\nMaxDirtyBuffers = 15000\n"
            f"DirsAllowed = .\nSchedulerInterval = 10\n"
            f"[HTTPServer]\nServerPort = 127.0.0.1:{self.port}\nServerThreads = 20\n"
            f"[SPARQL]\nResultSetMaxRows = 1000000\nMaxQueryExecutionTime = 120\n",
            encoding="utf-8",
        )
        server = needs.program("virtuoso-t", "virtuoso-opensource")
        return [server, "+foreground", "+configfile", str(settings)]


class Fuseki(Store):
    """Apache Jena Fuseki, where somebody has installed it: no registry that the tests install from has it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.query, self.update, self.graphs = (f"{self.address}/kept/{name}" for name in ("query", "update", "data"))

    def command(self) -> Sequence[str]:
        """With its files in the folder; a test that asks for it is not run where it is not there, which is no fault."""
        if (server := shutil.which("fuseki-server")) is None:
            pytest.skip("Fuseki is not installed; to run it, put fuseki-server of Apache Jena on the PATH")
        (self.folder / "kept").mkdir(exist_ok=True)
        return [server, "--port", str(self.port), "--localhost", "--tdb2", "--loc", "kept", "--update", "/kept"]


class Comunica(Store):
    """The HTTP server of Comunica over a file of RDF; it only reads."""

    def __init__(self, folder: Path, data: Path) -> None:
        super().__init__(folder)
        self.data = data
        self.query = self.update = self.graphs = f"{self.address}/sparql"

    def command(self) -> Sequence[str]:
        """With as many processes as it needs to answer at once."""
        node, folder = needs.modules(Path(__file__).parent / "clients")
        server = folder / "node_modules" / "@comunica" / "query-sparql-file" / "bin" / "http.js"
        return [node, str(server), "--port", str(self.port), "--workers", "1", str(self.data)]


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(store: Store) -> Iterator[Store]:
    """Start a store, and end it at last."""
    store.folder.mkdir(parents=True, exist_ok=True)
    store.start()
    try:
        yield store
    finally:
        store.kill()
