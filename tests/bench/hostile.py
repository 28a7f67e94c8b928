"""Send the server 10,000 hostile requests of each kind; exit code 1 if it has more memory, workers or descriptors after
them than it had, or if /healthz was not answered within 100 ms meanwhile.

    .venv/bin/python tests/bench/hostile.py
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic, sleep

sys.path.insert(0, str(Path(__file__).parents[1]))
from serving import Served, ask, serving

COUNT = int(os.environ.get("REQUESTS", "10000"))
CLIENTS = 16
MEMORY = 32 << 20
SLOWEST = 0.1  # seconds for /healthz
GET, POST = b"GET %s HTTP/1.1\r\nHost: x\r\n", b"POST /sparql HTTP/1.1\r\nHost: x\r\n"
TYPE = b"Content-Type: application/sparql-query\r\n"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (STR(?a) = CONCAT(STR(?i), '%d'))"


def posted(query: str) -> bytes:
    text = query.encode()
    return POST + TYPE + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(text) + text


KINDS: dict[str, Callable[[int], bytes]] = {
    "a byte of a body": lambda _: GET % b"/healthz" + b"Content-Length: 100\r\n\r\nx",
    "an empty line": lambda _: GET % b"/healthz" + b"\r\n\r\n",
    "half a head": lambda _: GET % b"/healthz",
    "half a query": lambda _: POST + TYPE + b"Content-Length: 100\r\n\r\nx",
    "a long header": lambda number: GET % b"/" + b"Accept-Language: %d%s\r\n\r\n" % (number, b"x" * 30_000),
    "a head too long": lambda number: GET % b"/" + b"Accept: %d%s\r\n\r\n" % (number, b"x" * 100_000),
    "an answer that nobody reads": lambda _: GET % b"/ghent-partnerships.rdf" + b"\r\n",
    "a pipeline": lambda _: (GET % b"/doc/city/liege.html" + b"\r\n") * 100,
    "nested too deep": lambda number: posted(f"#{number}\nASK {'{' * 9_000}{'}' * 9_000}"),
    "not SPARQL": lambda number: posted(f"ASK{{}}x: {number} " + "(" * 5_000),
    "endless": lambda number: posted(f"SELECT * {{ {CROSS % number} }}"),
    "noise": lambda number: os.urandom(200 + number % 100),
}


def send(port: int, kind: Callable[[int], bytes], number: int) -> None:
    """Send one, and hang up when there is an answer or it takes a while."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.02) as connection:
        connection.sendall(kind(number))
        connection.recv(1_000)


def attacked(served: Served, kind: Callable[[int], bytes]) -> float:
    """Send them all; the longest that /healthz took."""
    ended, slowest = Event(), [0.0]

    def watch() -> None:
        while not ended.is_set():
            began = monotonic()
            assert ask(served.address, "/healthz").status == 200
            slowest[0] = max(slowest[0], monotonic() - began)
            sleep(0.01)

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        watching = pool.submit(watch)
        list(pool.map(lambda number: send(served.port, kind, number), range(COUNT)))
        ended.set()
        watching.result()
    return slowest[0]


def settled(served: Served, workers: int, descriptors: int) -> bool:
    for _ in range(600):
        if len(served.children()) == workers and served.descriptors() <= descriptors:
            return True
        sleep(0.05)
    return False


def main() -> int:
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).parent / "ghent-partnerships"), "publish", f"{folder}/dist"]
        subprocess.run(command, check=True, capture_output=True)
        with serving(Path(folder) / "dist", Path(folder) / "log", "--quiet", "--seconds", "2") as served:
            ask(served.address, "/")
            sleep(1)
            workers, descriptors, memory = len(served.children()), served.descriptors(), served.own_memory()
            for what, kind in KINDS.items():
                slowest = attacked(served, kind)
                fine = settled(served, workers, descriptors) and served.own_memory() - memory <= MEMORY
                more = (served.own_memory() - memory) / (1 << 20)
                print(f"{COUNT:,} of {what}: {more:+.0f} MiB, /healthz within {1000 * slowest:.0f} ms", flush=True)
                if not fine or slowest > SLOWEST:
                    missed.append(what)
    print("\n".join(f"MISSED {what}" for what in missed) or "all bounds are kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
