"""Behind the guards stands a wall: whatever passes them asks nobody and reads nothing, and leaves no process behind."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pyoxigraph
import pytest
from command import GOOD, HEAD, SHAPES, written
from pyoxigraph import Quad, Store

import ghent_partnerships
from ghent_partnerships import process as isolation
from ghent_partnerships.errors import GhentPartnershipsError, InvalidError, UsageError
from ghent_partnerships.process import CrashedError, ExhaustedError, isolated, started
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.rdf.turtle import RDF
from ghent_partnerships.server.limits import Limits
from ghent_partnerships.server.problems import Problem
from ghent_partnerships.server.workers.engine import Order
from ghent_partnerships.server.workers.pool import Pool
from ghent_partnerships.sparql import run
from ghent_partnerships.validation import rules
from ghent_partnerships.validation import shapes as shapes_module
from ghent_partnerships.validation.engines import pyshacl
from ghent_partnerships.validation.shapes import Shapes
from second_city import its_store, second_city

ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"from elsewhere"}}]}}'
SERVICES = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "PREFIX x: <%s> SELECT * { SERVICEx:{ ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT ?s { OPTIONAL { ?a <http://e/\\u0041#x> <http://e/none> } SERVICE <%s> { ?s ?p ?o } } LIMIT 2",
    "ASK { SERVICE <%s> { ?s ?p ?o } }",
    "CONSTRUCT { <a:a> <a:b> ?s } { SERVICE <%s> { ?s ?p ?o } }",
]
FROM = ["SELECT * FROM <%s> { ?s ?p ?o }", "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }", "DESCRIBE <%s>"]


class Listener:
    """A web server that counts who comes, and tells each the same."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.server.getsockname()[1]}/"
        self.count = 0
        Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                self.count += 1
                with connection:
                    connection.recv(1 << 16)
                    head = f"content-type: application/sparql-results+json\r\ncontent-length: {len(ROWS)}"
                    connection.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\nconnection: close\r\n\r\n".encode() + ROWS)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.server.close()


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every text pass for a query that only reads."""
    for module in (run, shapes_module):
        monkeypatch.setattr(module, "demand_reading", lambda text, **_: "ASK" if "ASK" in text else "SELECT")


@pytest.fixture(autouse=True)
def no_child_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    processes: list[int] = []
    fork = isolation._fork

    def noted() -> int:
        process = fork()
        processes.append(process)
        return process

    monkeypatch.setattr(isolation, "_fork", noted)
    yield
    for process in processes:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)


def read(results: run.Results) -> list[str]:
    return [str(row) for row in results] if not isinstance(results, pyoxigraph.QueryBoolean) else [str(bool(results))]


@cache
def graph_at_hand() -> dict[Path, bytes]:
    return run.contents_of(second_city().graph_files())


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("text", SERVICES)
def test_a_query_that_passes_the_guard_asks_nobody(text: str, listener: Listener) -> None:
    for asked in (
        lambda: run.run(text % listener.address, "q", graph_at_hand(), read),
        lambda: read(run.ask(its_store(), {"q": text % listener.address})["q"]),
    ):
        if "SILENT" in text or "EXISTS" in text:
            assert not any("elsewhere" in row for row in asked())
        else:
            with pytest.raises(UsageError, match="q: the query asks another endpoint; allow it with --allow-network"):
                asked()
    assert listener.count == 0


@pytest.mark.parametrize("text", SERVICES)
def test_where_the_network_is_allowed_the_child_asks_once(text: str, listener: Listener) -> None:
    rows = run.run(text % listener.address, "q", graph_at_hand(), read, allow_network=True)
    assert len(rows) == 1
    assert any("from elsewhere" in row for row in rows) or rows == ["True"] or "EXISTS" in text
    assert listener.count == 1


@pytest.mark.parametrize("text", [*FROM, "LOAD <%s>"])
def test_what_a_query_names_is_not_loaded(text: str, listener: Listener, tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.ttl", "<a:secret> <a:secret> <a:secret> .")
    for address in (listener.address, secret.as_uri()):
        for allowed in (False, True):
            with suppress(UsageError):
                assert run.run(text % address, "q", graph_at_hand(), read, allow_network=allowed) == []
    assert listener.count == 0


def sparql(query: str) -> str:
    return f"{HEAD} e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:select '''{query}''' ] ."


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("body", ["SERVICE <%s> { ?s ?p ?o }", "SERVICE SILENT <%s> { ?s ?p ?o }"])
def test_a_shape_that_passes_the_guard_asks_nobody(
    body: str, exact: bool, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper

    monkeypatch.setattr(SPARQLQueryHelper, "has_service_regex", re.compile("(?!)"))  # its own guard
    shapes = written(
        tmp_path / "s.ttl", sparql(f"SELECT $this {{ $this a <http://e/Thing> . {body % listener.address} }}")
    )
    report = ghent_partnerships.validate([written(tmp_path / "d.ttl", GOOD)], shapes=[shapes], thorough=exact)
    assert listener.count == 0
    if "SILENT" not in body:
        assert any("The shapes cannot be used: " in str(finding.message) for finding in report.findings)


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("clause", ["FROM <%s>", "FROM NAMED <%s>"])
def test_a_shape_reads_nothing(clause: str, exact: bool, listener: Listener, tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.ttl", "<http://e/good> <a:secret> <a:secret> .")
    data = written(tmp_path / "d.ttl", GOOD)
    for number, address in enumerate((listener.address, secret.as_uri())):
        query = f"SELECT $this ?value {clause % address} {{ $this <a:secret> ?value }}"
        shapes = written(tmp_path / f"s{number}.ttl", sparql(query))
        report = ghent_partnerships.validate([data], shapes=[shapes], thorough=exact)
        assert not any("a:secret" in str(finding.result.statement) for finding in report.findings)
    assert listener.count == 0


def opens(listener: Listener, secret: Path) -> dict[str, Callable[[], object]]:
    """What may be tried by whatever runs behind the wall."""
    import rdflib
    import rdflib.plugins.parsers.notation3
    import rdflib.plugins.sparql.evaluate
    import rdflib.plugins.stores.memory

    def loading(text: str) -> object:
        rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = True
        return list(rdflib.Dataset().query(text))

    web, file = listener.address, secret.as_uri()
    return {
        "a file": secret.read_bytes,
        "a folder": lambda: list(secret.parent.iterdir()) and secret.parent.joinpath("new").touch(),
        "a socket": lambda: socket.create_connection(("127.0.0.1", int(web.rpartition(":")[2][:-1]))),
        "an address": lambda: urlopen(web).read(),
        "a program": lambda: subprocess.run(["cat", secret], capture_output=True, check=True).stdout,
        "a graph of the web": lambda: rdflib.Graph().parse(web, format="turtle"),
        "a graph of a file": lambda: rdflib.Graph().parse(file, format="turtle"),
        "FROM the web": lambda: loading(f"SELECT * FROM <{web}> {{ ?s ?p ?o }}"),
        "FROM a file": lambda: loading(f"SELECT * FROM <{file}> {{ ?s ?p ?o }}"),
        "SERVICE of rdflib": lambda: list(rdflib.Graph().query(f"SELECT * {{ SERVICE <{web}> {{ ?s ?p ?o }} }}")),
        "SERVICE of Oxigraph": lambda: list(Store().query(f"SELECT * {{ SERVICE <{web}> {{ ?s ?p ?o }} }}")),
        "LOAD of Oxigraph": lambda: Store().update(f"LOAD <{web}>"),
        "a file of Oxigraph": lambda: Store().load(path=secret, format=pyoxigraph.RdfFormat.TURTLE),
        "a store of Oxigraph": lambda: Store(secret.parent / "store"),
        "a context": lambda: list(
            pyoxigraph.parse(f'{{"@context": "{web}", "@id": "a:a", "b": 1}}', format=pyoxigraph.RdfFormat.JSON_LD)
        ),
    }


def test_behind_the_wall_nothing_can_be_opened(listener: Listener, tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.ttl", "<a:secret> <a:secret> <a:secret> .")
    for name, work in opens(listener, secret).items():
        try:
            answer = repr(isolated(work))
        except Exception as error:
            answer = f"{error!r} {error.__cause__!r} {error.__context__!r}"
        else:
            pytest.fail(f"{name}: {answer}")
        assert "a:secret" not in answer, name
    assert listener.count == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret.ttl"]
    assert isolated(lambda: urlopen(listener.address).read(), network=True) == ROWS
    assert listener.count == 1


def test_the_wall_cannot_be_taken_down() -> None:
    def limits() -> tuple[int, int]:
        import resource

        return resource.getrlimit(resource.RLIMIT_NOFILE)

    assert isolated(limits) == (0, 0)


def test_a_worker_of_the_server_asks_nobody(listener: Listener) -> None:
    """A mounted ``serve.app`` has the same pool."""

    async def asked(text: str) -> str:
        pool = Pool(b'<a:a> <a:b> "c" .', Limits())
        await pool.start()
        try:
            return (await pool.ask(Order(text % listener.address, (), (), "text/csv", "text/turtle"), "127.0.0.1"))[
                1
            ].decode()
        except Problem as problem:
            return problem.code
        finally:
            await pool.close()

    answers = [asyncio.run(asked(text)) for text in (*SERVICES, *FROM)]
    assert not any("elsewhere" in answer for answer in answers), answers
    assert listener.count == 0


def test_a_child_has_none_of_the_descriptors_of_its_parent() -> None:
    near_end, theirs = socket.socketpair()
    with near_end, started(lambda: time.sleep(60)):
        theirs.close()
        near_end.settimeout(10)
        assert near_end.recv(1) == b"", "the child does not keep a connection that was closed"


def test_standard_input_and_output_are_not_the_child_s(capfd: pytest.CaptureFixture[str]) -> None:
    assert isolated(lambda: (os.read(0, 1), os.write(1, b"out"), os.write(2, b"err"))) == (b"", 3, 3)
    assert capfd.readouterr() == ("", "")


VALUES = ("", "x", "1", "-1.5", "true", "2020-02-30", "2020-01-01T00:00:00Z", "24:00:00", "P1Y", "ff", "<p/>")
KNOWN = [
    *(
        "string",
        "boolean",
        "decimal",
        "integer",
        "double",
        "float",
        "date",
        "time",
        "dateTime",
        "dateTimeStamp",
        "byte",
    ),
    *("gYear", "gMonth", "gDay", "gYearMonth", "gMonthDay", "duration", "yearMonthDuration", "dayTimeDuration"),
    *("hexBinary", "base64Binary", "anyURI", "language", "normalizedString", "token", "NMTOKEN", "Name", "NCName"),
]
CALLS = [
    *(
        "MD5(?x)",
        "SHA1(?x)",
        "SHA512(?x)",
        "UUID()",
        "STRUUID()",
        "NOW()",
        "RAND()",
        "REPLACE(?x, 'a', 'b')",
        "TZ(NOW())",
    ),
    *(
        "ENCODE_FOR_URI(?x)",
        "REGEX(?x, 'a', 'i')",
        "xsd:dateTime(?x)",
        "xsd:decimal(?x)",
        "STRLANG(?x, 'en')",
        "BNODE()",
    ),
]


def test_pyshacl_finds_behind_the_wall_what_it_finds_before_it(tmp_path: Path) -> None:
    """It imports what it needs for a literal of some datatypes, and for some functions, when it first meets one."""
    types = [f"xsd:{name}" for name in KNOWN] + [f"<{RDF}{name}>" for name in ("HTML", "XMLLiteral", "JSON")]
    literals = ", ".join(f"'{value}'^^{type_}" for type_ in types for value in VALUES)
    calls = " ".join(f"BIND({call} AS ?y{number})" for number, call in enumerate(CALLS))
    query = f"PREFIX e: <http://e/> PREFIX xsd: <{PREFIXES['xsd']}> SELECT $this ?value {{ $this e:p ?value "
    query += f"BIND(STR(?value) AS ?x) {calls} }}"
    shapes = f"""{HEAD} e:S a sh:NodeShape ; sh:targetClass e:Thing ;
  sh:property [ sh:path e:p ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:pattern "^a" ; sh:flags "ix" ] ;
  sh:property [ sh:path e:p ; sh:uniqueLang true ; sh:lessThan e:q ; sh:maxCount 1 ; sh:in ( 1 2 ) ] ;
  sh:sparql [ sh:select {json.dumps(query)} ] ."""
    given = parse(written(tmp_path / "d.ttl", f"{HEAD} e:a a e:Thing ; e:p {literals} ; e:q 3 ."))
    about = parse(written(tmp_path / "s.ttl", shapes))
    assert [*given.findings, *about.findings] == []
    command = [sys.executable, "-m", "ghent_partnerships", "validate", "--thorough", "--format", "json"]
    command += ["--shapes", about.path, given.path]  # a process that has not imported anything yet
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [*pyshacl.results(given.triples, Shapes(about.triples))], "before the wall it has an opinion"
    findings = json.loads(done.stdout)["findings"]
    opinions = [finding["message"]["en"] for finding in findings if finding["code"] == "GP219"]
    assert [opinion for opinion in opinions if "cannot say" in opinion] == [], "and behind it too"


def test_threads_validate_and_ask_at_once(tmp_path: Path) -> None:
    shapes, good = written(tmp_path / "s.ttl", SHAPES), written(tmp_path / "d.ttl", GOOD)
    answers: list[object] = []

    def use() -> None:
        for _ in range(3):
            answers.append(ghent_partnerships.validate([good], shapes=[shapes]).conforms)
            rows = ghent_partnerships.query("twinnings-begun-in-year", year="1969")
            answers.append([row["city"].value for row in rows])

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 24
    assert all(answer in (True, ["Wiesbaden"]) for answer in answers), answers


def test_rows_are_found_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ghent_partnerships.query("twin-cities")
    monkeypatch.setattr(isolation, "_fork", lambda: pytest.fail("it was asked again"))
    first = next(rows)
    assert (first["city"].value, first[0].value) == ("Saint-Raphaël", "Saint-Raphaël")
    assert len(list(rows)) > 5


def test_the_process_of_the_program_evaluates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot fork, nothing is answered."""

    def no_fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(isolation, "_fork", no_fork)
    for call in (
        lambda: ghent_partnerships.query("twin-cities"),
        ghent_partnerships.validate,
        lambda: ghent_partnerships.validate(thorough=True),
        lambda: ghent_partnerships.publish(Path("never")),
    ):
        with pytest.raises((BlockingIOError, GhentPartnershipsError)):
            call()


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interrupted_validation_leaves_no_process(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr(rules, "findings", interrupted)
    descriptors = len([*Path("/dev/fd").iterdir()])
    with pytest.raises(error):
        ghent_partnerships.validate()
    assert len([*Path("/dev/fd").iterdir()]) == descriptors


def test_an_interrupted_wait_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "SIGALRM", signal.SIGALRM)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(KeyboardInterrupt):
            isolated(lambda: time.sleep(60))
    finally:
        signal.signal(signal.SIGALRM, before)


ENDLESS = " . ".join(f"?s{number} ?p{number} ?o{number}" for number in range(12))
ORPHAN = f"""
import os, sys
from pyoxigraph import NamedNode, Quad, Store
from ghent_partnerships import process as isolation
fork = os.fork
def announced():
    if process := fork():
        print(process, flush=True)
    return process
os.fork = announced
store = Store()
store.extend(Quad(NamedNode("a:a"), NamedNode("a:b"), NamedNode(f"a:{{n}}")) for n in range(50))
isolation.isolated(lambda: str(list(store.query("SELECT (COUNT(*) AS ?c) {{ {ENDLESS} }}"))))
"""


def test_a_child_ends_with_the_process_that_started_it() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        time.sleep(0.5)
        assert alive(child)
        program.kill()
    ends = time.monotonic() + 30
    while alive(child) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def test_a_crash_and_too_much_are_told_apart() -> None:
    with pytest.raises(ExhaustedError):
        isolated(os.abort)
    with pytest.raises(CrashedError) as raised:
        isolated(lambda: os.kill(os.getpid(), signal.SIGSEGV))
    assert not isinstance(raised.value, ExhaustedError)
    with pytest.raises(TimeoutError):
        isolated(lambda: time.sleep(60), 0.1)
    with pytest.raises(ZeroDivisionError):
        isolated(lambda: 1 / 0)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux")
def test_memory_is_bounded_beside_what_a_program_has() -> None:
    memory = bytearray(300_000_000)
    assert isolated(lambda: len(bytearray(100_000_000)), memory=200_000_000) == 100_000_000
    with pytest.raises(ExhaustedError):
        isolated(lambda: len(bytearray(400_000_000)), memory=200_000_000)
    assert len(memory) == 300_000_000


def test_whoever_waits_for_all_children_takes_no_answer_away() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert isolated(lambda: 1) == 1
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_triple_of_the_store_comes_back_as_it_was() -> None:
    term = pyoxigraph.Literal('"\\\n\r\t\x01 \U0001f600', language="nl")
    store = Store()
    store.add(Quad(pyoxigraph.NamedNode("a:a"), pyoxigraph.NamedNode("a:b"), term))
    rows = run.ask(store, {"q": "SELECT ?o ?none { ?s ?p ?o }"})["q"]
    assert [(row["o"], row["none"]) for row in rows] == [(term, None)]  # type: ignore[index, union-attr]
    assert run.ask(store, {"q": "CONSTRUCT WHERE { ?s ?p ?o }"})["q"] == [quad.triple for quad in store]
    assert bool(run.ask(store, {"q": "ASK { ?s ?p ?o }"})["q"]) is True
    assert bool(run.ask(store, {"q": "ASK { ?o ?p ?o }"})["q"]) is False


def test_of_several_queries_the_one_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    good, crashing = "SELECT * {}", f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"
    for bad, message in (
        (crashing, "The query is nested too deep, or needs too much memory."),
        ("SELECT * {", "This is not SPARQL"),
        ("SELECT (<a:f>(1) AS ?x) {}", "The query cannot be evaluated: “The custom function <a:f> is not supported”."),
    ):
        with pytest.raises(InvalidError) as raised:
            run.ask(Store(), {"first.rq": good, "bad.rq": bad, "last.rq": good})
        (finding,) = raised.value.findings
        assert (finding.location.path, finding.location.line) == ("bad.rq", 1)
        assert str(finding.message).startswith(message)
    store = Store()
    store.extend(
        Quad(pyoxigraph.NamedNode("a:a"), pyoxigraph.NamedNode(f"a:{n}"), pyoxigraph.Literal(1)) for n in range(50)
    )
    monkeypatch.setattr(run, "_SECONDS", 0.5)
    with pytest.raises(InvalidError, match=r"^endless\.rq:1:1: The query was not answered within 0\.5 seconds\.$"):
        run.ask(store, {"first.rq": good, "endless.rq": f"SELECT (COUNT(*) AS ?c) {{ {ENDLESS} }}"})
