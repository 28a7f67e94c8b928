"""The processes that answer: divided fairly, buried when they end, and never those of a release that is broken."""

import asyncio
import errno
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

import needs
from ghent_partnerships.errors import UsageError
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.serve import Limits, app
from ghent_partnerships.server.problems import Problem
from ghent_partnerships.server.workers.engine import Order
from ghent_partnerships.server.workers.loader import Loader
from ghent_partnerships.server.workers.pool import Pool
from ghent_partnerships.server.workers.queues import Job, Queue, Shares
from serving import Served, ask, change, serving, serving_within, sums

pytestmark = pytest.mark.xdist_group("serve-bounds")
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (STR(?a) = CONCAT(STR(?i), 'x%d')) }"
DEEP = "ASK {" + "{" * 9_000 + "}" * 9_000 + "}"
TYPE = [("Content-Type", "application/sparql-query")]


def query(served: Served, text: str, *headers: tuple[str, str]) -> int:
    return ask(served.address, "/sparql", "POST", text.encode(), [*TYPE, *headers]).status


def state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def job(client: str, arrived: float, loop: asyncio.AbstractEventLoop) -> Job:
    return Job(Order("ASK {}", (), (), None, None), client, loop.create_future(), arrived)


def test_it_is_the_turn_of_who_had_least_of_the_processor() -> None:
    loop = asyncio.new_event_loop()
    shares, heavy = Shares(), Shares()
    queue = Queue(10, shares, heavy)
    shares.charge("greedy", 0.5)
    shares.charge("modest", 0.1)
    for number, client in enumerate(("greedy", "greedy", "modest", "new", "modest")):
        assert queue.put(job(client, number, loop)) is None
    heavy.charge("greedy", 0.1)
    order = [(job.client, job.arrived) for job in iter(queue.take, None)]
    assert order == [("new", 3), ("modest", 2), ("modest", 4), ("greedy", 1), ("greedy", 0)], (
        "the newest first of who was slow"
    )
    for second in range(1, 30):
        shares.forget(second * 1.1)
    assert shares.of("greedy") == 0, "in time it is forgotten"
    loop.close()


def test_a_full_queue_turns_away_who_has_most_in_it() -> None:
    loop = asyncio.new_event_loop()
    queue = Queue(3, Shares(), Shares())
    greedy = [job("greedy", number, loop) for number in range(4)]
    assert [queue.put(job) for job in greedy] == [None, None, None, greedy[3]]
    assert queue.put(job("other", 5, loop)) is greedy[2]
    assert queue.clients() == Counter(greedy=2, other=1)
    assert queue.take(lambda client: client == "other") is not None
    assert queue.take(lambda client: client == "other") is None
    loop.close()


@pytest.mark.parametrize("header", ["", "X-Forwarded-For"])
def test_a_hundred_endless_queries_of_one_client_cost_no_other_an_answer(
    small: Path, tmp_path: Path, header: str
) -> None:
    """Neither of who comes from another address, nor of whom a proxy here names so."""
    attacker, neighbour = ([(header, f"192.0.2.{number}")] if header else [] for number in (1, 2))
    text = "ASK {{}} # {}"

    def looked_up(number: int) -> int:
        source = ("127.0.0.1" if header else "127.0.0.2", 0)
        connection = http.client.HTTPConnection("127.0.0.1", running.port, source_address=source)
        connection.request("POST", "/sparql", text.format(number), dict([*TYPE, *neighbour]))
        with connection.getresponse() as response:
            response.read()
        connection.close()
        return response.status

    with serving_within(small, tmp_path / "log", seconds=4) as running, ThreadPoolExecutor(120) as pool:
        tasks = [pool.submit(query, running, ENDLESS % number, *attacker) for number in range(120)]
        light, slowest_place = [], 0
        while not all(task.done() for task in tasks) and len(light) < 3_000:
            light.append(looked_up(len(light)))
            slowest_place = max(slowest_place, len(running.children()))
        assert set(light) == {200}
        assert {task.result() for task in tasks} == {503}
        limits = Limits()
        assert slowest_place <= 2 * (limits.workers + limits.slow)
        assert query(running, "ASK { ?s ?p ?o }") == 200


def test_the_server_goes_before_the_processes_that_answer(small: Path, tmp_path: Path) -> None:
    with serving_within(small, tmp_path / "log") as running:
        assert query(running, "ASK {}") == 200
        priority = os.getpriority(os.PRIO_PROCESS, running.process.pid)
        others = [running.first(), *running.children()]
        assert len(others) == 3
        assert {os.getpriority(os.PRIO_PROCESS, process) for process in others} == {min(priority + 5, 19)}


def test_crashed_processes_are_buried(small: Path, tmp_path: Path) -> None:
    with serving(small, tmp_path / "log", "--quiet") as running:
        descriptors = running.descriptors()
        assert {query(running, f"#{number}\n{DEEP}") for number in range(12)} == {503}
        for child in running.children():
            os.kill(child, signal.SIGKILL)
        time.sleep(0.5)
        assert query(running, "ASK {}") in (200, 503)
        for number in range(200):
            if query(running, f"ASK {{}} # again {number}") == 200 and len(running.children()) == 2:
                break
            time.sleep(0.05)
        assert {state(child) for child in running.children()} <= {"S", "R"}
        assert len(running.children()) == 2
        assert running.settles(descriptors), "the server closes the last connection a moment after the client has"


def test_as_process_1_it_buries_all(small: Path, tmp_path: Path) -> None:
    program = """
import os, signal, subprocess, sys, time, urllib.request
from pathlib import Path
from threading import Thread
def attack(port):
    def children(process): return [int(c) for c in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    def states(): return [Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split()[0]
                          for p in os.listdir("/proc") if p.isdigit()]
    for _ in range(3):
        (first,) = children(1)
        for process in [first, *children(first)]: os.kill(process, signal.SIGKILL)
        time.sleep(1.5)
    body = urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D").read()
    print(os.getpid(), states().count("Z"), len(states()), body.decode(), flush=True)
    os.kill(1, signal.SIGTERM)
from ghent_partnerships.server import running
listening = running._listening
def listen(*given):
    found = listening(*given)
    Thread(target=lambda: (time.sleep(2), attack(found.getsockname()[1])), daemon=True).start()
    return found
running._listening = listen
running.run(Path(sys.argv[1]), "127.0.0.1", 0, running.Limits(), log=False)
"""
    unshare = [needs.program("unshare"), "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    command = [*unshare, sys.executable, "-c", program, str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert done.stdout == '1 0 4 {"head":{},"boolean":true}\n', done.stderr
    assert done.returncode == 0


def graph(ending: str, line: bytes) -> Callable[[Path], None]:
    name = f"ghent-partnerships.{ending}"
    return lambda folder: change(folder, name, (folder / name).read_bytes() + line)


def unzipped(folder: Path) -> None:
    (folder / "README.md.gz").write_bytes(b"no gzip")
    sums(folder)


def replaced(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file", encoding="utf-8")


BROKEN: dict[str, Callable[[Path], None]] = {
    "a graph that is none": graph("nt", b"<a> b .\n"),
    "a graph that is none among the named": graph("nq", b"nonsense\n"),
    "a graph that is not in UTF-8": graph("nt", b'<urn:a> <urn:b> "\xff" .\n'),
    "sums not in UTF-8": lambda folder: (folder / "SHA256SUMS").write_bytes(b"\xff\xfe\n"),
    "sums without names": lambda folder: (folder / "SHA256SUMS").write_bytes(b"x\n\n"),
    "no gzip": unzipped,
    "half a gzip": lambda folder: (folder / "README.md.gz").write_bytes(b"\x1f\x8b\x08"),
    "no file": lambda folder: (folder / "README.md.gz").unlink(),
    "a folder for a file": lambda folder: ((folder / "README.md.gz").unlink(), (folder / "README.md.gz").mkdir()),  # type: ignore[dict-item]
    "no folder": shutil.rmtree,
    "a file for the folder": replaced,
}


def test_no_broken_release_is_taken_and_each_is_reported(small: Path, tmp_path: Path) -> None:
    whole, folder = small, tmp_path / "broken"
    shutil.copytree(whole, folder)
    with serving(folder, tmp_path / "log", "--quiet") as running:
        assert running.process.stderr is not None
        before, descriptors = ask(running.address, "/readyz").body, running.descriptors()
        for what, damage in BROKEN.items():
            damage(folder)
            running.process.send_signal(signal.SIGHUP)
            line = running.process.stderr.readline()
            assert line.startswith("still serving the release before: "), what
            assert "Traceback" not in line
            assert ask(running.address, "/readyz").body == before, what
            assert query(running, f"ASK {{}} # {what}") == 200
            (folder.unlink if folder.is_file() else lambda: shutil.rmtree(folder, ignore_errors=True))()
            shutil.copytree(whole, folder)
        for _ in range(200):
            if running.descriptors() <= descriptors and len(running.children()) == 2:
                break
            time.sleep(0.05)
        assert running.descriptors() <= descriptors
        assert len(running.children()) == 2
        change(folder, "README.md", b"another release\n")
        running.process.send_signal(signal.SIGHUP)
        assert running.process.stderr.readline().startswith("serving release ")
        assert ask(running.address, "/README.md").body == b"another release\n"


@pytest.mark.parametrize("what", BROKEN)
def test_no_broken_release_is_served_from_the_start(small: Path, what: str) -> None:
    BROKEN[what](small)
    command = [sys.executable, "-m", "ghent_partnerships", "serve", str(small), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("ghent-partnerships: ")
    assert "Traceback" not in done.stderr


def test_the_last_of_several_releases_is_served_whatever_is_asked_of_the_first(small: Path, tmp_path: Path) -> None:
    with serving(small, tmp_path / "log", "--quiet", "--seconds", "30") as running, ThreadPoolExecutor(1) as pool:
        assert running.process.stderr is not None
        endless = pool.submit(query, running, ENDLESS % 1)
        time.sleep(0.5)
        answering = running.children()
        for number in range(5):
            change(small, "README.md", b"release %d\n" % number)
            for _ in range(3):
                running.process.send_signal(signal.SIGHUP)
        for _ in range(200):
            if ask(running.address, "/README.md").body == b"release 4\n":
                break
            time.sleep(0.05)
        assert ask(running.address, "/README.md").body == b"release 4\n"
        assert not endless.done(), "the first release still answers"
        for process in answering:
            with suppress(ProcessLookupError):  # it had no query, and ended with its release
                os.kill(process, signal.SIGKILL)
        assert endless.result() == 503


def test_a_release_can_be_taken_without_a_lifespan(small: Path) -> None:
    for asked_before in (False, True):
        mounted = app(small, Limits(workers=1))
        with TestClient(Starlette(routes=[Mount("/cities", app=mounted)])) as client:
            server = mounted.state.server
            assert client.portal is not None
            if asked_before:
                assert client.get("/cities/sparql", params={"query": "ASK {}"}).status_code == 200
            assert client.portal.call(server.take) == client.portal.call(server.take)
            assert client.get("/cities/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
            assert client.get("/cities/readyz").status_code == 200
            client.portal.call(server.stop)


def test_a_graph_that_cannot_be_loaded_any_more_is_not_tried_for_ever(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    application = app(small, Limits(workers=1))
    with TestClient(application) as client:
        pool = application.state.server._release.endpoint.pool
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        pool._loader._graph.seek(0)
        pool._loader._graph.write(b"nonsense")
        pool._loader._graph.flush()
        pool._loader._process.kill()
        for _ in range(200):
            if client.get("/readyz").status_code == 503 and pool._broken is not None:
                break
            time.sleep(0.05)
        answer = client.get("/sparql", params={"query": "ASK { ?x ?y ?z }"})
        assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
        assert client.get("/README.md").status_code == 200
        assert client.portal is not None
        client.portal.call(application.state.server.take)
        assert client.get("/readyz").status_code == 200
        assert client.get("/sparql", params={"query": "ASK { ?x ?y ?z }"}).json()["boolean"] is True
    assert "the graph cannot be loaded" in caplog.text


NOBODY = 2**22 + 1  # the number of no process


class HastyLoop(asyncio.SelectorEventLoop):
    """Does at once what is to be done later, and keeps how much later: the pauses before a process is started anew."""

    pauses: list[float]

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any, **more: Any) -> asyncio.TimerHandle:
        if callback.__name__ not in ("_begin", "_fill"):
            return super().call_later(delay, callback, *args, **more)
        self.pauses.append(round(delay, 3))
        return super().call_later(0, callback, *args, **more)


class ShortLived(Loader):
    """A process that loads the graph and ends, or that cannot be started, or whose children end at once."""

    ends: ClassVar[list[str]] = []  # how each next one ends; after them, none does

    def start(self) -> None:
        end = self.ends.pop(0) if self.ends else ""
        if end == "unstarted":
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        super().start()
        if end == "loaded":
            assert self._process is not None
            self._process.kill()

    def fork(self, socket_of_child: socket.socket) -> None:
        if self.ends:
            self.ends.pop(0)
            asyncio.get_running_loop().call_soon(self._listener.forked, NOBODY)
        else:
            super().fork(socket_of_child)

    def end(self, process: int) -> None:
        if process != NOBODY:
            super().end(process)


ASK = Order("ASK { ?s ?p ?o }", (), (), "application/sparql-results+json", None)
TRIPLE = b"<http://x/s> <http://x/p> <http://x/o> .\n"


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("loaded", "the process that loads the graph ended"),
        ("unstarted", "Resource temporarily unavailable"),
        ("forked", "a process ended that had no query"),
    ],
)
def test_what_fails_each_time_is_started_ever_later_and_answers_once_it_stays(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, end: str, reason: str
) -> None:
    monkeypatch.setattr("ghent_partnerships.server.workers.pool.Loader", ShortLived)
    monkeypatch.setattr(ShortLived, "ends", [])
    loop = HastyLoop()
    loop.pauses = []

    async def fail_and_recover() -> None:
        pool = Pool(TRIPLE, Limits(workers=1))
        await pool.start()
        ShortLived.ends += [end] * 12
        if end == "forked":
            os.kill(await first_of(pool), signal.SIGKILL)
        else:
            assert pool._loader._process is not None
            pool._loader._process.kill()
        refused = 0
        while ShortLived.ends:
            if pool._failing:
                with pytest.raises(Problem) as caught:
                    await pool.ask(ASK, "client")
                assert (caught.value.status, caught.value.code) == (503, "not-ready")
                assert not pool.ready
                refused += 1
            await asyncio.sleep(0)
        assert refused > 0
        while not pool.ready or set(pool.processes) <= {NOBODY}:
            await asyncio.sleep(0)
        assert (await pool.ask(ASK, "client"))[0] == "application/sparql-results+json"
        assert pool._failures == 0, "an answer is a new start"
        await pool.close()

    try:
        loop.run_until_complete(asyncio.wait_for(fail_and_recover(), 60))
    finally:
        loop.close()
    assert loop.pauses[:13] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60, 60]
    assert caplog.messages == [f"no query is answered until a process stays: {reason}, 5 times in a row"]


async def first_of(pool: Pool) -> int:
    while not pool.processes:
        await asyncio.sleep(0)
    return pool.processes[0]


def test_an_application_whose_graph_cannot_be_loaded_does_not_start(small: Path) -> None:
    application = app(small)
    application.state.server._release.endpoint.pool._loader._graph.write(b"nonsense")
    with pytest.raises(UsageError, match="the graph cannot be loaded"), TestClient(application):
        pass


@pytest.fixture(scope="module")
def within_two_seconds(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that answers a query within two seconds, or not."""
    with serving_within(dist.directory, tmp_path_factory.mktemp("within") / "log", seconds=2) as running:
        yield running


@pytest.mark.parametrize(
    "text",
    [
        "ASK{}x:" + "#" * 60,
        "ASK {} " + "(" * 60_000,
        "ASK { ?s ?p '" + "\\" * 60_000,
        "a" * 60_000,
        "SELECT * { ?s ?p " + "1" * 60_000 + "." * 1_000,
        "IF(" * 20_000,
        "\u00b7:" * 20_000,
    ],
)
def test_the_loop_reads_no_query(within_two_seconds: Served, text: str) -> None:
    """However long its reader takes, all others are answered, and it costs no more than its time."""
    running = within_two_seconds
    with ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(query, running, f"{text} # {number}") for number in range(8)]
        answered = 0
        while not all(task.done() for task in tasks):
            assert ask(running.address, "/healthz").body == b"ok\n"
            assert query(running, f"ASK {{}} # {answered}", ("X-Forwarded-For", "192.0.2.9")) == 200
            answered += 1
        assert {task.result() for task in tasks} <= {400, 503}


def test_what_a_worker_finds_is_what_is_said(small: Path) -> None:
    with TestClient(app(small, Limits(workers=1))) as client:

        def asked(text: str, **headers: str) -> tuple[int, str]:
            answer = client.post("/sparql", data={"query": text}, headers=headers)
            return answer.status_code, json.loads(answer.content).get("code", "")

        assert asked("DELETE WHERE { ?s ?p ?o }") == (403, "read-only")
        assert asked("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }") == (403, "no-service")
        assert asked("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", accept="image/png") == (403, "no-service")
        assert asked("ASK {}", accept="image/png") == (406, "not-acceptable")
        assert asked("ASK {") == (400, "syntax-error")
        wrong = client.post("/sparql", data={"query": "ASK {}", "default-graph-uri": "a b"})
        assert wrong.json()["code"] == "not-an-iri"
        varies = client.get("/sparql", params={"query": "SELECT (RAND() AS ?x) {}"}, headers={"If-None-Match": "*"})
        assert (varies.status_code, varies.headers["cache-control"]) == (200, "no-store")
        assert "etag" not in varies.headers
