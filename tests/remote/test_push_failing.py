"""``push`` where a request fails, the store dies, its disk is full, or another push is at work: nothing is lost."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults import CUT, HALF, SLOW, Fault, Request, proxying
from ghent_partnerships.remote import http
from ghent_partnerships.remote.pushing import lock
from ghent_partnerships.remote.pushing import store as pushing_store
from ghent_partnerships.remote.pushing.lock import locked
from ghent_partnerships.remote.pushing.marker import names
from ghent_partnerships.remote.pushing.profiles import Addresses
from ghent_partnerships.remote.pushing.store import Store as Client
from pushing import (
    G,
    assert_whole,
    emptied,
    exchanging,
    killed,
    leftovers,
    nth,
    prepare,
    push,
    reading,
    release,
    state,
    whole,
)
from stores import PASSWORD, USER, Oxigraph, Store, running

DATASET = "https://example.org/dataset"


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(monkeypatch)


@pytest.fixture(scope="module")
def running_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("stores") / "oxigraph")) as store:
        yield store


@pytest.fixture
def oxigraph(running_store: Store) -> Store:
    """A store with nothing in it that anybody pushed."""
    return emptied(running_store)


def faults(kind: int) -> Fault:
    return (Fault(500), Fault(kind=CUT), Fault(429, passes=True), Fault(kind=CUT, passes=True), Fault(kind=HALF))[
        kind % 5
    ]


def test_a_fault_at_each_request_in_turn_costs_nothing(oxigraph: Store, tmp_path: Path) -> None:
    releases = [release(tmp_path, version) for version in "12"]
    assert push(releases[0], oxigraph) == 0
    with proxying(oxigraph.address) as proxy, reading(oxigraph) as seen:
        number, turn = 0, 1
        while True:
            proxy.requests.clear()
            proxy.fault = lambda request, number=number: faults(number) if request.number == number else None  # type: ignore[misc]
            assert push(releases[turn], oxigraph, proxy) == 0, number
            assert state(oxigraph) == whole("12"[turn]), number
            assert leftovers(oxigraph) == [], number
            if len(proxy.requests) <= number:
                break
            number, turn = number + 1, 1 - turn
    assert number > 25
    assert_whole(seen, oxigraph, "1", "2")


@pytest.mark.parametrize("fault", [Fault(500), Fault(kind=CUT, passes=True)], ids=["500", "cut"])
def test_a_push_that_fails_at_any_request_leaves_a_release_and_the_next_completes_it(
    fault: Fault, oxigraph: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_ATTEMPTS", 1)
    releases = [release(tmp_path, version) for version in "12"]
    assert push(releases[0], oxigraph) == 0
    with proxying(oxigraph.address) as proxy, reading(oxigraph) as seen:
        number, turn = 0, 1
        while True:
            proxy.requests.clear()
            proxy.fault = lambda request, number=number: fault if request.number >= number else None  # type: ignore[misc]
            code = push(releases[turn], oxigraph, proxy)
            assert state(oxigraph) in (whole("1"), whole("2"))
            if len(proxy.requests) <= number:
                break
            assert code == 2
            assert push(releases[turn], oxigraph) == 0
            assert state(oxigraph) == whole("12"[turn])
            assert leftovers(oxigraph) == []
            number, turn = number + 6, 1 - turn
    assert number > 25
    assert_whole(seen, oxigraph, "1", "2")


def test_a_store_that_is_killed_at_any_request_has_a_release_and_the_next_push_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picks = [nth(number) for number in range(1, 34, 7)] + [exchanging(G)] * 2
    with running(Oxigraph(tmp_path / "store")) as store:
        killed(store, picks, tmp_path, monkeypatch)


class Full(Oxigraph):
    """A store that cannot write more than 400 KiB to a file, as if its disk were full."""

    is_full = True

    def command(self) -> list[str]:
        limit = "ulimit -f 400; trap '' XFSZ; " if self.is_full else ""
        return ["bash", "-c", f'{limit}exec "$@"', "bash", *super().command()]


def test_a_full_disk_leaves_the_release_and_what_was_there_is_never_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http, "_ATTEMPTS", 2)
    with running(store := Full(tmp_path / "store")), reading(store) as seen:
        assert push(release(tmp_path, "1"), store) == 0
        assert push(release(tmp_path, "2", size=3_000), store) == 2
        assert "/store" in capfd.readouterr().err
        store.kill()
        store.is_full = False
        store.start()
        assert state(store) == whole("1")
        assert push(release(tmp_path, "2", size=3_000), store) == 0
        assert state(store) == whole("2", 3_000)
        assert leftovers(store) == []
    assert all(found in (whole("1"), whole("2", 3_000), {}) for found in seen)


def client(store: Store) -> Client:
    return Client(Addresses(store.query, store.update, store.graphs), http.Access(store.address, USER, PASSWORD))


def test_while_one_is_at_work_another_is_refused(
    oxigraph: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with locked(client(oxigraph), names(DATASET)):
        for options in ([], ["--undo"]):
            assert push(release(tmp_path, "1"), oxigraph, None, *options) == 2
            assert "another push is at work on it; wait for it to end" in capfd.readouterr().err
        assert state(oxigraph) == {}
    assert push(release(tmp_path, "1"), oxigraph) == 0


@pytest.mark.parametrize(
    ("machine", "process", "seconds", "is_alive"),
    [
        (lock._machine(), 1 << 30, 0, False),
        (lock._machine(), 1, 9_999, True),
        ("elsewhere", 1, 60, True),
        ("elsewhere", 1, 9_999, False),
    ],
)
def test_a_push_that_has_died_keeps_nobody_out(
    machine: str, process: int, seconds: int, is_alive: bool, oxigraph: Store, tmp_path: Path
) -> None:
    graph, kept = names(DATASET).lock, f"{names(DATASET).prefix}staging:x"
    holder = f"{graph}:0:{machine}:{process}"
    dcterms = "http://purl.org/dc/terms"
    client(oxigraph).update(
        f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> <{dcterms}/creator> <{holder}> . <{holder}> "
        f'<{dcterms}/modified> "{int(time.time()) - seconds}" ; <{dcterms}/hasPart> <{kept}> }} '
        f"GRAPH <{kept}> {{ <{kept}> <{kept}> <{kept}> }} }}"
    )
    assert push(release(tmp_path, "1"), oxigraph) == (2 if is_alive else 0)
    assert (state(oxigraph) == whole("1")) != is_alive
    assert leftovers(oxigraph) == (["lock", "staging"] if is_alive else [])


def test_who_has_lost_the_lock_changes_nothing(
    oxigraph: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert push(release(tmp_path, "1"), oxigraph) == 0
    with proxying(oxigraph.address) as proxy:

        def take_over(request: Request) -> None:
            if exchanging(G)(request):
                client(oxigraph).drop([names(DATASET).lock])

        proxy.fault = take_over  # type: ignore[assignment]
        capfd.readouterr()
        assert push(release(tmp_path, "2"), oxigraph, proxy) == 2
    assert "another push has taken over; nothing was changed" in capfd.readouterr().err
    assert state(oxigraph) == whole("1")


def test_of_two_at_once_each_is_carried_out_whole_or_refused(oxigraph: Store, tmp_path: Path) -> None:
    sources = {version: release(tmp_path, version, size=500) for version in "12"}
    assert push(sources["1"], oxigraph) == 0
    with reading(oxigraph) as seen:
        for _ in range(2):
            command = [sys.executable, "-m", "ghent_partnerships", "push", "--store", oxigraph.address]
            pushes = {
                version: subprocess.Popen([*command, str(source)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                for version, source in sources.items()
            }
            errors = {version: process.communicate()[1].decode() for version, process in pushes.items()}
            codes = {version: process.returncode for version, process in pushes.items()}
            assert all(code == 0 or "another push" in errors[version] for version, code in codes.items()), errors
            assert state(oxigraph) in [whole(version, 500) for version in "12"]
            assert leftovers(oxigraph) == []
    assert all(found in (whole("1", 500), whole("2", 500)) for found in seen)


@pytest.mark.parametrize(
    ("part", "times"), [(b"NOT EXISTS", 2), (b":absent", 1), (b"INSERT DATA", 2)], ids=["exchange", "probe", "lock"]
)
def test_a_store_that_is_silent_is_told_of_and_not_waited_for_without_end(
    part: bytes,
    times: int,
    oxigraph: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pushing_store, "_PATIENCE", 0.01)
    assert push(release(tmp_path, "1"), oxigraph) == 0
    with proxying(oxigraph.address) as proxy:
        slow = Fault(kind=SLOW, seconds=1)
        proxy.fault = lambda request: slow if part in request.body else None
        assert push(release(tmp_path, "2"), oxigraph, proxy, "--timeout", "0.3") == 2
        assert [part in request.body for request in proxy.requests][-times - 1 :] == [False] + [True] * times
    err = capfd.readouterr().err
    assert "/update: no answer yet; waiting" in err
    assert "/update: no answer in 0.3 seconds; give it longer with --timeout, or restart the store" in err
    assert push(release(tmp_path, "2"), oxigraph) == 0
    assert state(oxigraph) == whole("2")


def test_a_password_stands_nowhere(
    oxigraph: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "s3cr3t-and-long"
    monkeypatch.setenv("SPARQL_PASSWORD", secret)
    refused = Fault(401, (("WWW-Authenticate", 'Basic realm="x"'),), f"not with {secret}".encode())
    with proxying(oxigraph.address) as proxy:
        proxy.fault = lambda request: refused if request.method != "GET" else None
        assert push(release(tmp_path, "1"), oxigraph, proxy) == 2
        assert any("authorization" in request.headers for request in proxy.requests)
        sent = json.dumps([(request.target, request.body.decode()) for request in proxy.requests])
    out, err = capfd.readouterr()
    assert "does not accept the credentials: “401 Unauthorized: not with …”" in err
    assert secret not in out + err + sent
