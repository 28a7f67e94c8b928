"""What the server does under load, faults and attack. One after another: each needs the machine."""

import json
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.rdf.namespaces import ID
from ghent_partnerships.serve import Limits
from serving import Answer, Served, ask, change, serving, serving_within

pytestmark = pytest.mark.xdist_group("serve-bounds")
SECONDS = 2
PATIENCE = 20  # seconds for what takes three
LOOK_UP = f"SELECT ?p ?o WHERE {{ <{ID}city/liege> ?p ?o }}"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
ENDLESS = (
    f"SELECT (COUNT(*) AS ?n) WHERE {{ {CROSS} }}",
    f"SELECT * WHERE {{ {CROSS} }} ORDER BY ?l ?f",
    f"SELECT * WHERE {{ {CROSS} FILTER (CONCAT(STR(?a), STR(?d)) = 'x') }}",
    f"SELECT (GROUP_CONCAT(?c) AS ?x) WHERE {{ {CROSS} }}",
    f"SELECT DISTINCT ?c ?f ?i WHERE {{ {CROSS} }}",
    f"SELECT (MAX(?c) AS ?x) (SUM(STRLEN(STR(?f))) AS ?y) WHERE {{ {CROSS} }}",
    f"ASK {{ {CROSS} FILTER (STR(?a) = CONCAT(STR(?f), STR(?l), 'x')) }}",
    f"CONSTRUCT {{ ?a ?b ?l }} WHERE {{ {CROSS} FILTER (STR(?l) = CONCAT(STR(?a), 'x')) }}",
    "SELECT (COUNT(*) AS ?n) WHERE { ?a (!<x:x>|^!<x:x>)* ?b . ?c (!<x:x>|^!<x:x>)* ?d . ?e (!<x:x>|^!<x:x>)* ?f }",
    f"SELECT * WHERE {{ {CROSS} FILTER REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), 'no(b|o)*dy$') }}",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f OPTIONAL { ?j ?k ?l FILTER (STRLEN(?l) = STRLEN(?c) + STRLEN(?f)) } }",
    f"SELECT * WHERE {{ {CROSS} FILTER NOT EXISTS {{ ?a ?x ?l }} FILTER (STR(?c) = CONCAT(STR(?l), 'x')) }}",
    f"SELECT * WHERE {{ {{ SELECT * WHERE {{ {CROSS} }} }} MINUS {{ ?a ?b ?c }} }}",
    f"SELECT ?b (COUNT(DISTINCT ?i) AS ?n) WHERE {{ {CROSS} }} GROUP BY ?b ?e ?h ORDER BY ?n",
    f"SELECT (SHA512(GROUP_CONCAT(CONCAT(STR(?c), STR(?i)))) AS ?x) WHERE {{ {CROSS} }}",
    f"SELECT * WHERE {{ {CROSS} . BIND (CONCAT(STR(?a), STR(?d), STR(?g)) AS ?x) FILTER STRENDS(?x, 'nobody') }}",
)


@pytest.fixture(scope="module")
def bounded(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with a short limit; its processes are worn out here."""
    with serving(dist.directory, tmp_path_factory.mktemp("bounded") / "log", "--seconds", str(SECONDS)) as running:
        yield running


def query(served: Served, text: str) -> Answer:
    return ask(served.address, "/sparql", "POST", text.encode(), [("Content-Type", "application/sparql-query")])


def refused(answer: Answer, *codes: str) -> bool:
    """Whether it is a clean 503."""
    if answer.status != 503 or answer.type != "application/problem+json" or answer.headers["retry-after"] != "5":
        return False
    return not codes or json.loads(answer.body)["code"] in codes


@contextmanager
def asked_all_the_time(served: Served, threads: int = 4) -> Iterator[list[Answer]]:
    """Look-ups, none of them known already, as long as the block runs; the list grows with their answers."""
    answers: list[Answer] = []
    ended = threading.Event()

    def asking(number: int) -> None:
        count = 0
        while not ended.is_set():
            count += 1
            answers.append(query(served, f"{LOOK_UP} # {number} {count}"))

    with ThreadPoolExecutor(threads) as pool:
        tasks = [pool.submit(asking, number) for number in range(threads)]
        yield answers
        ended.set()
        for task in tasks:
            task.result()


def test_sixteen_endless_queries_keep_nobody_waiting(bounded: Served) -> None:
    assert len(ENDLESS) == len(set(ENDLESS)) == 16
    light: list[float] = []
    ended = threading.Event()

    def timed(text: str) -> tuple[Answer, float]:
        began = time.monotonic()
        answer = query(bounded, text)
        return answer, time.monotonic() - began

    def looking_up() -> None:
        while not ended.is_set():
            answer, seconds = timed(f"{LOOK_UP} # {len(light)}")
            assert answer.status == 200 or refused(answer, "busy"), answer
            light.append(seconds if answer.status == 200 else SECONDS)

    most = 0
    with ThreadPoolExecutor(17) as pool:
        looks = pool.submit(looking_up)
        time.sleep(0.2)
        tasks = [pool.submit(timed, text) for text in ENDLESS]
        while not all(task.done() for task in tasks):
            most = max(most, bounded.memory())
            time.sleep(0.1)
        ended.set()
        looks.result()
    for text, task in zip(ENDLESS, tasks, strict=True):
        answer, seconds = task.result()
        assert refused(answer, "too-slow", "busy", "crashed"), (text, answer)
        assert seconds < SECONDS + 5, (text, seconds)
    assert len(light) > 20
    assert sorted(light)[len(light) // 2] < SECONDS / 2, "look-ups waited for slow queries"
    limits = Limits()
    graph = 300 << 20  # what all processes have beside, counted once each
    assert most < (limits.workers + limits.slow) * limits.memory + graph
    assert timed(f"{LOOK_UP} # at last")[0].status == 200


def test_who_comes_back_with_slow_queries_is_no_worse(bounded: Served) -> None:
    """What turned out to be slow is known: the next look-up waits for none of them."""
    with ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(query, bounded, text) for text in ENDLESS[:8]]
        time.sleep(0.3)
        assert query(bounded, f"{LOOK_UP} # again").status == 200
        assert not any(task.done() for task in tasks), "the look-up waited for one of them"
        assert all(refused(task.result()) for task in tasks)


@pytest.mark.parametrize(("opens", "closes"), [("{", "}"), ("(", ")"), ("[", "]")])
def test_what_overflows_the_stack_costs_one_process(bounded: Served, opens: str, closes: str) -> None:
    inner = {"{": "{}", "(": "1", "[": ""}[opens]
    nested = opens * 5_000 + inner + closes * 5_000
    text = {"{": f"SELECT * WHERE {nested}", "(": f"SELECT ({nested} AS ?x) {{}}", "[": f"ASK {{ ?s ?p {nested} }}"}
    answer = query(bounded, text[opens])
    assert answer.status in (400, 503)
    assert answer.type == "application/problem+json"
    assert query(bounded, LOOK_UP).status == 200


def test_an_answer_that_is_too_long_is_none(served: Served) -> None:
    answer = query(served, "SELECT ?a ?b ?c ?d WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 100000")
    assert answer.status == 400
    assert json.loads(answer.body)["code"] == "answer-too-long"


def test_a_query_has_so_much_memory(small: Path, tmp_path: Path) -> None:
    text = "SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?c), STR(?f)))) AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f }"
    with serving(small, tmp_path / "log", "--memory", "32") as running:
        most, ended = [0], threading.Event()

        def watching() -> None:
            while not ended.is_set():
                most[0] = max([most[0], *(resident(process) for process in running.children())])
                time.sleep(0.005)

        with ThreadPoolExecutor(1) as pool:
            watch = pool.submit(watching)
            began = time.monotonic()
            answer = query(running, text)
            seconds = time.monotonic() - began
            ended.set()
            watch.result()
        assert refused(answer, "crashed"), answer
        assert seconds < 9, "it was ended for its memory, not for its time"
        assert 30 << 20 < most[0] < 130 << 20
        assert query(running, LOOK_UP).status == 200


def resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def test_a_process_can_open_nothing(bounded: Served) -> None:
    children = settled(bounded)
    for child in children:
        limits = Path(f"/proc/{child}/limits").read_text(encoding="ascii")
        (files,) = (line.split() for line in limits.splitlines() if line.startswith("Max open files"))
        assert files[3:5] == ["0", "0"]
        open_ = sorted(str(file.readlink()) for file in Path(f"/proc/{child}/fd").iterdir())
        assert [target.partition(":")[0] for target in open_] == ["/dev/null"] * 3 + ["socket"]


def settled(served: Served) -> list[int]:
    """The processes that answer queries, once there are no others than the two for quick ones."""
    for _ in range(200):
        alive = [process for process in served.children() if resident(process)]
        if len(alive) == 2:
            return alive
        time.sleep(0.05)
    raise AssertionError(served.children())


def test_killed_processes_are_replaced_and_every_request_gets_an_answer(bounded: Served) -> None:
    with asked_all_the_time(bounded) as answers:
        for number in range(1, 11):
            while len(answers) < 15 * number:
                time.sleep(0.01)
            for child in bounded.children()[:1]:
                kill(child)
    statuses = Counter(answer.status for answer in answers)
    assert set(statuses) <= {200, 503}
    assert statuses[200] > 100
    assert statuses[503] <= 20
    assert all(answer.status == 200 or refused(answer, "crashed") for answer in answers)


def test_service_is_back_when_all_are_killed(bounded: Served) -> None:
    for first, children in ((False, True), (True, False), (True, True)):
        for process in [*([bounded.first()] if first else []), *(settled(bounded) if children else [])]:
            kill(process)
        for number in range(100):
            if (answer := query(bounded, f"{LOOK_UP} # {first} {children} {number}")).status == 200:
                break
            assert refused(answer, "crashed"), answer
        assert answer.status == 200
        settled(bounded)
    assert ask(bounded.address, "/readyz").status == 200


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:  # it has ended meanwhile
        return


def test_a_new_release_is_taken_without_dropping_a_request(small: Path, tmp_path: Path) -> None:
    with serving(small, tmp_path / "log", "--quiet") as running:
        before = ask(running.address, "/readyz").body
        with asked_all_the_time(running) as answers:
            change(small, "README.md", b"new\n")
            asked = len(answers)
            running.process.send_signal(signal.SIGHUP)
            for _ in range(200):
                if ask(running.address, "/readyz").body != before:
                    break
                time.sleep(0.05)
            time.sleep(0.3)
        assert len(answers) > asked + 10
        assert {answer.status for answer in answers} == {200}
        after = ask(running.address, "/readyz").body
        assert before != after
        assert ask(running.address, "/README.md").body == b"new\n"
        assert len(running.children()) == 2, "those of the release before are gone"
        (small / "SHA256SUMS").write_text("damaged", encoding="utf-8")
        running.process.send_signal(signal.SIGHUP)
        assert running.process.stderr is not None
        assert running.process.stderr.readline().startswith("serving release ")
        assert running.process.stderr.readline().startswith("still serving the release before: ")
        assert ask(running.address, "/readyz").body == after
        assert query(running, LOOK_UP).status == 200


def test_what_was_asked_is_answered_at_the_end(small: Path, tmp_path: Path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    text = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?a ?b ?c . ?d a|{label} ?f FILTER (STRLEN(STR(?c)) > 0) }}"
    with serving(small, tmp_path / "log", "--quiet") as running, ThreadPoolExecutor(1) as pool:
        task = pool.submit(query, running, text)
        while b"ghent_partnerships_queries_pending 1.0\n" not in ask(running.address, "/metrics").body:
            assert not task.done(), "a query that takes longer"
        running.process.send_signal(signal.SIGTERM)
        answer = task.result()
        assert answer.status == 200
        assert int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"]) > 1_000_000
        assert running.process.wait(10) == 0


# What nobody should send

METHODS = (
    "GET",
    "GET",
    "GET",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "BREW",
    "get",
    "\x00",
    "G T",
)
PATHS = (
    *("/", "/sparql", "/sparql", "/sparql?query=", "/id/", "/id/city/ghent", "/doc/city/ghent", "/metrics", "//", "/."),
    *("/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cetc/passwd", "/doc/../../etc/passwd", "*"),
    *("/%00", "/doc/city/ghent%00.ttl", "/.htaccess", "/hosting/nginx.conf", "/_headers", "/%c3%28", "/%", "/%zz"),
    *("http://example.org/", "/" + "a" * 9_000, "/" + "%41" * 3_000, "/doc/" * 500, "/;/?#", "/\xff", "/%0d%0aX: y"),
)
VALUES = (
    *(
        "*/*;q=" + "9" * 500,
        "text/html;" * 900,
        "a/b" + ",c/d" * 900,
        ";;;,,,",
        "\x80\xff",
        "text/turtle;q=0.0001",
        "q=1",
    ),
    *(
        "bytes=0-" + "9" * 400,
        "bytes=" + "0-1," * 500,
        "bytes=-0",
        "bytes=a-b",
        '"' * 3_000,
        'W/"x"' * 500,
        "",
        "gzip;q=x",
    ),
    *(
        "application/sparql-query",
        "application/x-www-form-urlencoded; charset=latin1",
        "multipart/form-data; boundary=x",
    ),
)
NAMES = (
    *("Accept", "Accept-Language", "Accept-Encoding", "Range", "If-None-Match", "If-Range", "Content-Type", "Host"),
    *(
        "Origin",
        "Expect",
        "Upgrade",
        "Connection",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "Cookie",
        "Transfer-Encoding",
    ),
)
PIECES = (
    "SELECT",
    "*",
    "{",
    "}",
    "?s",
    "<",
    ">",
    '"',
    "'''",
    "#",
    "\\",
    "FILTER",
    "(",
    "SERVICE",
    "\x00",
    "😀",
    "ASK",
    "\\u0",
)


def hostile(chance: random.Random) -> bytes:
    """A request that may be anything, from nearly right to noise."""
    if chance.random() < 0.03:
        return chance.randbytes(chance.randrange(1, 300))
    path = chance.choice(PATHS)
    if chance.random() < 0.4:
        noise = " ".join(chance.choices(PIECES, k=chance.randrange(12)))
        key = chance.choice(("query", "query", "query", "update", "default-graph-uri", "named-graph-uri", "x"))
        path = f"/sparql?{key}={quote(noise) if chance.random() < 0.9 else noise}"
    lines = [f"{chance.choice(METHODS)} {path} HTTP/1.{chance.choice('0111111')}", "Host: localhost"]
    lines += [f"{chance.choice(NAMES)}: {chance.choice(VALUES)}" for _ in range(chance.choice((0, 0, 1, 2, 5)))]
    if chance.random() < 0.01:
        lines += [f"X-{number}: {number}" for number in range(1_000)]
    body = b""
    if chance.random() < 0.3:
        body = " ".join(chance.choices(PIECES, k=chance.randrange(50))).encode(
            "utf-8" if chance.random() < 0.8 else "utf-16"
        )
        length = len(body) if chance.random() < 0.8 else chance.choice((0, 1, 10**6, 10**30, -5))
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def exchange(port: int, request: bytes, seconds: float = 5) -> bytes:
    """Send and half-close; everything that comes back. A reset is an answer too: the server has ended it."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        answer = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(1 << 16):
                answer += more
        except TimeoutError as error:
            raise AssertionError(f"no end to the answer to {request!r}: {answer[:500]!r}") from error
        except OSError:  # reset, or not connected any more
            return answer
        return answer


def test_ten_thousand_hostile_requests(dist: Published, tmp_path: Path) -> None:
    secrets = [(dist.directory / name).read_bytes()[:200] for name in (".htaccess", "hosting/nginx.conf", "_headers")]
    with serving(dist.directory, tmp_path / "log", "--quiet", "--seconds", "1") as running:
        main = running.process.pid

        def batch(seed: int) -> Counter[str]:
            chance, statuses = random.Random(seed), Counter[str]()
            for _ in range(250):
                request = hostile(chance)
                answer = exchange(running.port, request)
                assert b"root:" not in answer
                assert not any(secret in answer for secret in secrets)
                status = answer[9:12].decode("latin-1")
                statuses[status] += 1
                assert not status.startswith("5") or status == "503", (request, answer[:500])
                if status == "503":
                    assert b"application/problem+json" in answer, (request, answer[:500])
            return statuses

        with ThreadPoolExecutor(8) as pool:
            first = sum(pool.map(batch, range(8)), Counter())
            before = resident(main)
            rest = sum(pool.map(batch, range(8, 40)), Counter())
        assert (first + rest).total() == 10_000
        assert {"200", "303", "400", "403", "404", "405"} <= set(rest)
        assert resident(main) - before < 32 << 20
        assert ask(running.address, "/healthz").status == 200
        assert query(running, LOOK_UP).status == 200
        assert len(settled(running)) == 2


def test_a_head_without_end_is_not_kept(bounded: Served) -> None:
    before = resident(bounded.process.pid)
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Y: " + b"z" * (2 << 20)
    answer = exchange(bounded.port, head)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    many = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(200_000))
    answer = exchange(bounded.port, many)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert resident(bounded.process.pid) - before < 20 << 20


def test_slow_clients_keep_nobody_waiting_and_are_let_go(small: Path, tmp_path: Path) -> None:
    with serving_within(small, tmp_path / "log", head_seconds=2) as running:
        clients = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(200)]
        began = time.monotonic()
        for number, client in enumerate(clients):
            client.setblocking(False)
            if number % 2:
                client.send(b"GET / HTTP/1.1\r\nHost: loc")
        trickling = clients[1]
        assert query(running, LOOK_UP).status == 200
        closed: set[int] = set()
        while len(closed) < len(clients) and time.monotonic() - began < 2 + PATIENCE:
            time.sleep(0.5)
            try:
                trickling.send(b"a")
            except OSError:
                closed.add(1)
            for number, client in enumerate(clients):
                try:
                    if client.recv(1_000) == b"":
                        closed.add(number)
                except BlockingIOError:
                    continue
                except ConnectionError:
                    closed.add(number)
        assert len(closed) == len(clients)
        for client in clients:
            client.close()


def test_who_never_reads_the_dump_takes_no_more_than_the_dump(bounded: Served) -> None:
    query(bounded, LOOK_UP)
    before = resident(bounded.process.pid)
    request = b"GET /ghent-partnerships.rdf HTTP/1.1\r\nHost: localhost\r\n\r\n"
    clients = [socket.create_connection(("127.0.0.1", bounded.port)) for _ in range(50)]
    for client in clients:
        client.sendall(request * 20)  # all at once
    time.sleep(1)
    assert query(bounded, LOOK_UP).status == 200
    assert resident(bounded.process.pid) - before < 80 << 20
    for client in clients:
        client.close()
