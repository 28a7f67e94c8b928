"""What clients send, withhold or do not read costs the server no connection, memory or descriptor for long."""

import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.serve import Limits
from serving import Answer, Served, ask, serving_within

pytestmark = pytest.mark.xdist_group("serve-bounds")
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
DUMP = b"GET /ghent-partnerships.rdf HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE = 20  # seconds for what takes one
MIB = 1 << 20


@pytest.fixture(scope="module")
def impatient(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that waits for its clients for a second."""
    log = tmp_path_factory.mktemp("impatient") / "log"
    with serving_within(
        dist.directory, log, head_seconds=1, body_seconds=1, slowest=32 * MIB, connections=500
    ) as running:
        assert ask(running.address, "/sparql?query=ASK%7B%7D").status == 200
        yield running


def connect(served: Served, source: str = "127.0.0.1", buffer: int | None = None) -> socket.socket:
    connection = socket.socket()
    connection.settimeout(PATIENCE)
    if buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.bind((source, 0))
    connection.connect(("127.0.0.1", served.port))
    return connection


def answer(connection: socket.socket) -> bytes:
    """One answer, by its length, and nothing of what follows it; to HEAD there is no more than its head."""
    file = connection.makefile("rb", buffering=0)
    head = b""
    while not head.endswith(b"\r\n\r\n") and (more := file.read(1)):
        head += more
    length = next((int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"content-length: ")), 0)
    body = b""
    while len(body) < length and (more := file.read(length - len(body))):
        body += more
    return head + body


def test_who_hangs_up_with_an_error_leaves_nothing_behind(dist: Published, tmp_path: Path) -> None:
    with serving_within(dist.directory, tmp_path / "log", head_seconds=60) as running:
        assert ask(running.address, "/healthz").status == 200
        memory = running.own_memory()
        for number in range(1_500):
            with connect(running) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: %d%s\r\n\r\n" % (number, b"x" * 30_000))
                connection.recv(1)  # what is left unread makes the end a reset
        assert ask(running.address, "/healthz").status == 200
        assert running.own_memory() - memory < 15 * MIB  # they sent three times as much


def closes(connection: socket.socket, drip: bytes = b"") -> bool:
    """Whether the server ends the connection in time, also when something drips in."""
    ends = time.monotonic() + PATIENCE
    connection.settimeout(0.05)
    while time.monotonic() < ends:
        try:
            if drip:
                connection.send(drip)
            if connection.recv(1 << 16) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        (b"", b""),
        (b"\r\n", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: ", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b""),
        (b"POST", b""),
        (GET + b"\r\n", b""),
        (GET + b"\r\n", b"\r\n"),
        (GET + b"\r\n", b"\r\n\r\n\r\n"),
        (GET + b"\r\n", b"G"),
        (GET + b"Content-Length: 100\r\n\r\n", b""),
        (GET + b"Content-Length: 100\r\n\r\n", b"x"),
        (GET + b"Content-Length: 99999999\r\n\r\n", b"x" * 300_000),
        (GET.replace(b"GET", b"HEAD") + b"Content-Length: 100\r\n\r\n", b"x"),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (GET + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n", b"x"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", b"x"),
        (b"PUT /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", b"x"),
        (b"DELETE /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nab"),
        (b"OPTIONS /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n", b"x"),
        (POST + b"Content-Length: 100\r\n\r\nx", b""),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK", b""),
        (POST + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n", b""),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n", b"x"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b""),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00"),
        (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"x"),
        (GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n", b"x"),
    ],
)
def test_who_is_waited_for_too_long_is_let_go(impatient: Served, asked: bytes, then: bytes) -> None:
    before = impatient.descriptors()
    with connect(impatient) as connection:
        connection.sendall(asked)
        if then:
            answer(connection)
            connection.sendall(then)
        assert closes(connection)
        assert impatient.settles(before), "its descriptor is given back, though the client keeps its own"
    assert ask(impatient.address, "/healthz").status == 200


@pytest.mark.parametrize(
    ("asked", "drip"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: ", b"x"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"A: b\r\n"),
        (b"", b"\r\n"),
        (GET + b"Content-Length: 1000000\r\n\r\n", b"x"),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (POST + b"Content-Length: 100000\r\n\r\n", b"#"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n#\r\n"),
    ],
)
def test_to_drip_is_no_way_to_stay(impatient: Served, asked: bytes, drip: bytes) -> None:
    with connect(impatient) as connection:
        connection.sendall(asked)
        assert closes(connection, drip)


def of_length(length: int, name: bytes = b"Accept-Language") -> bytes:
    head = GET + name + b": \r\n\r\n"
    return head.replace(b": \r\n\r\n", b": " + b"x" * (length - len(head)) + b"\r\n\r\n")


@pytest.mark.parametrize("name", [b"Accept", b"Accept-Language", b"Cookie", b"X"])
def test_a_head_has_32_kib_and_not_a_byte_more(impatient: Served, name: bytes) -> None:
    longest = Limits().head
    with connect(impatient) as connection:
        for _ in range(2):
            connection.sendall(of_length(longest, name))
            assert answer(connection).startswith(b"HTTP/1.1 200 ")
        connection.sendall(of_length(longest + 1, name))
        refused = answer(connection)
        assert refused.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
        assert json.loads(refused.partition(b"\r\n\r\n")[2])["code"] == "too-long"
        assert closes(connection)


@pytest.mark.parametrize(
    "head",
    [
        of_length(100_000),
        of_length(250_000),
        of_length(1_000_000),
        GET + b"X-Y: " + b"z" * 2_000_000,
        GET + b"z" * 2_000_000,
        GET + b"".join(b"X-%d: 1\r\n" % number for number in range(5_000)) + b"\r\n",
    ],
)
def test_a_head_that_is_too_long_is_told_so_and_not_kept(impatient: Served, head: bytes) -> None:
    before = impatient.own_memory()
    for _ in range(20):
        with connect(impatient) as connection:
            with suppress(OSError):  # it was refused before its end
                connection.sendall(head)
            assert answer(connection).startswith(b"HTTP/1.1 431 ")
    assert impatient.own_memory() - before < 8 * MIB


@pytest.mark.parametrize("length", [20_000, 40_000, 70_000, 300_000])
def test_an_address_that_is_too_long_is_told_so(impatient: Served, length: int) -> None:
    with connect(impatient) as connection:
        connection.sendall(b"GET /sparql?query=" + b"x" * length + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 414 ")


def test_what_is_asked_ahead_is_answered_in_its_order(impatient: Served) -> None:
    paths = [b"/doc/city/liege.ttl", b"/healthz", b"/nothing", b"/sparql?query=ASK%7B%7D"]
    statuses = [b"200", b"200", b"404", b"200"]
    post = POST + b"Content-Length: 5\r\n\r\nASK{}"
    asked = b"".join(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths) + post
    with connect(impatient) as connection:
        connection.sendall(asked * 50)
        for _ in range(50):
            assert [answer(connection)[9:12] for _ in range(5)] == [*statuses, b"200"]


def test_what_is_asked_ahead_is_not_kept_in_memory(impatient: Served) -> None:
    before, descriptors = impatient.own_memory(), impatient.descriptors()
    asked = b"GET /doc/city/liege.html HTTP/1.1\r\nHost: x\r\n\r\n" * 20_000
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(impatient, buffer=4_096)) for _ in range(50)]
        for client in clients:
            client.setblocking(False)
            client.send(asked)
        assert ask(impatient.address, "/healthz").status == 200
        assert impatient.own_memory() - before < 32 * MIB
        assert impatient.settles(descriptors), "who reads nothing is let go"
    assert impatient.own_memory() - before < 32 * MIB


@pytest.mark.parametrize("asked", [DUMP, DUMP * 50, DUMP.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")])
def test_who_reads_nothing_is_let_go(impatient: Served, asked: bytes) -> None:
    before, descriptors = impatient.own_memory(), impatient.descriptors()
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connect(impatient, buffer=4_096)).sendall(asked)
        assert ask(impatient.address, "/healthz").status == 200
        assert impatient.own_memory() - before < 32 * MIB
        assert impatient.settles(descriptors)


def test_who_reads_too_slowly_is_let_go_and_who_reads_is_not(impatient: Served, dist: Published) -> None:
    whole = (dist.directory / "ghent-partnerships.rdf").stat().st_size
    descriptors = impatient.descriptors()
    with connect(impatient, buffer=4_096) as slow:
        slow.sendall(DUMP * 50)
        for _ in range(2_000):
            assert slow.recv(1_000)
            if impatient.descriptors() <= descriptors:
                break
            time.sleep(0.01)
        assert impatient.descriptors() <= descriptors, "what it still reads is the kernel's"
    with connect(impatient) as quick:
        quick.sendall(DUMP * 20)
        for _ in range(20):
            assert len(answer(quick)) > whole


def test_answers_that_nobody_reads_have_so_much_memory_together(dist: Published, tmp_path: Path) -> None:
    query = b"SELECT ?a ?b ?c ?d WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 20000 #%d"
    with serving_within(dist.directory, tmp_path / "log", unread=16 * MIB, cache=0, answer=64 * MIB) as running:
        before = running.own_memory()
        with ExitStack() as stack:
            clients = [stack.enter_context(connect(running, buffer=4_096)) for _ in range(30)]
            for number, client in enumerate(clients):
                text = query % number
                client.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(text) + text)
                client.recv(1)  # of which nothing comes where it is closed
            time.sleep(1.5)
            assert running.own_memory() - before < 96 * MIB  # of some 180 that all answers have
            assert ask(running.address, "/healthz").status == 200


@pytest.mark.parametrize("held", [b"", b"GET", POST + b"Content-Length: 100\r\n\r\nx", DUMP * 50])
def test_who_holds_too_many_connections_loses_those_and_nobody_else(small: Path, tmp_path: Path, held: bytes) -> None:
    with serving_within(small, tmp_path / "log", connections=40) as running:
        kept_open = http.client.HTTPConnection("127.0.0.1", running.port, source_address=("127.0.0.2", 0))
        kept_open.connect()
        kept = kept_open.sock
        descriptors = running.descriptors()
        with ExitStack() as stack:
            for number in range(300):
                stack.enter_context(connect(running, buffer=4_096)).sendall(held)
                if not number % 10:
                    kept_open.request("GET", "/healthz")
                    assert kept_open.getresponse().read() == b"ok\n"
                    assert running.descriptors() < descriptors + 45
            assert kept_open.sock is kept, "it was never closed"
            assert ask(running.address, "/healthz").status == 200, "there is room, also for who holds them"
        kept_open.close()


def test_more_connections_than_descriptors_are_not_taken(small: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (150, 200)); "
        "from ghent_partnerships.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "serve", str(small), "--port", "0", "--quiet"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().split("/")[2].partition(":")[2])
        with ExitStack() as stack:
            for _ in range(300):
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            assert ask(f"http://127.0.0.1:{port}/", "/sparql?query=ASK%7B%7D").status == 200
        process.terminate()
    assert (soft, hard) == resource.getrlimit(resource.RLIMIT_NOFILE)


def test_a_log_that_nobody_reads_blocks_nobody_and_says_what_is_missing(small: Path) -> None:
    command = [str(Path(sys.executable).parent / "ghent-partnerships"), "serve", str(small), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        address = process.stderr.readline().split(" ")[0]
        connection = http.client.HTTPConnection(address.split("/")[2], timeout=PATIENCE)
        asked = 2_000
        for number in range(asked):
            connection.request("GET", f"/healthz?{'x' * 1_000}{number}")
            assert connection.getresponse().read() == b"ok\n"
        connection.close()
        process.terminate()
        lines = [json.loads(line) for line in process.stdout]
        assert process.wait() == 0
    dropped = [line["dropped"] for line in lines if "dropped" in line]
    assert sum(dropped) + len(lines) - len(dropped) == asked
    assert sum(dropped) > 100


def test_a_log_whose_reader_is_gone_ends_nothing(small: Path) -> None:
    reading, writing = os.pipe()
    command = [str(Path(sys.executable).parent / "ghent-partnerships"), "serve", str(small), "--port", "0"]
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        os.close(reading)
        assert process.stderr is not None
        address = process.stderr.readline().split(" ")[0]
        answers: list[Answer] = [ask(address, "/healthz") for _ in range(20)]
        time.sleep(0.2)
        answers.append(ask(address, "/healthz"))
        process.terminate()
    assert {answer.status for answer in answers} == {200}
    assert process.returncode == 0
