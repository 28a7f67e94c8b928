"""What tests of ``push`` share: releases of two graphs, what a store has of them, and a reader that never stops."""

import json
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from faults import Proxy, Request, proxying
from ghent_partnerships.cli.main import main
from ghent_partnerships.remote import http
from stores import PASSWORD, USER, Store, Virtuoso

G, H = "https://example.org/g", "https://example.org/h"
State = dict[str, tuple[str, int]]  # of each graph the versions and the number of statements


def emptied(store: Store) -> Store:
    for graph in graphs(store):
        written(store, "DELETE", graph)
    return store


def graphs(store: Store) -> list[str]:
    """The graphs of whoever pushes, and those that pushing makes."""
    rows = asked(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    return sorted(row["g"] for row in rows if row["g"].startswith((G, H, "urn:x-push:")))


def asked(store: Store, query: str) -> list[dict[str, str]]:
    request = urllib.request.Request(f"{store.query}?{urllib.parse.urlencode({'query': query})}")
    request.add_header("Accept", "application/sparql-results+json")
    with urllib.request.urlopen(request, timeout=60) as response:
        rows = json.load(response)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def written(store: Store, method: str, graph: str, data: bytes | None = None) -> None:
    url = f"{store.graphs}?{urllib.parse.urlencode({'graph': graph})}"
    known = http.Access(store.address, USER, PASSWORD)
    http.request(method, url, body=data, headers={"Content-Type": "application/n-triples"}, access=known)


def release(folder: Path, version: str, *, size: int = 20, only: str = "") -> Path:
    """A folder as ``publish`` writes it, of two graphs of so many statements and the version; ``only`` leaves out the
    others."""
    directory = folder / f"release-{version}-{size}-{only[-1:]}"
    directory.mkdir(exist_ok=True)
    site = {"dataset": "https://example.org/dataset", "stem": "data"}
    (directory / "site.json").write_text(json.dumps(site), encoding="utf-8")
    lines = ['<https://example.org/dataset> <http://www.w3.org/ns/dcat#version> "{0}" <{1}> .']
    lines += [f'<https://example.org/{number}> <https://example.org/v> "{{0}}" <{{1}}> .' for number in range(size)]
    named = [graph for graph in (G, H) if graph.startswith(only)]
    text = "".join(line.format(version, graph) + "\n" for graph in named for line in lines)
    (directory / "data.nq").write_text(text, encoding="utf-8")
    return directory


def state(store: Store) -> State:
    """The versions that a graph has, and the number of its statements."""
    query = f"SELECT ?g ?o (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g IN (<{G}>, <{H}>)) }} GROUP BY ?g ?o"
    found: State = {}
    for row in asked(store, query):
        versions, size = found.get(row["g"], ("", 0))
        found[row["g"]] = ("+".join(sorted(filter(None, (versions, row["o"])))), size + int(row["n"]))
    return found


def whole(version: str, size: int = 20) -> State:
    return {G: (version, size + 1), H: (version, size + 1)}


def push(source: Path, store: Store, proxy: Proxy | None = None, *options: str) -> int:
    return main(["push", str(source), "--store", store.address if proxy is None else proxy.address, *options])


def leftovers(store: Store) -> list[str]:
    """The graphs that nobody names any more."""
    names = {name.split(":")[3] for name in graphs(store) if name.startswith("urn:x-push:")}
    return sorted(names - {"marker", "kept"})


@contextmanager
def reading(store: Store) -> Iterator[list[State]]:
    """Reads without end while the block runs, and collects what there is; a store that is away says nothing."""
    seen: list[State] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            ended.wait(0.01)
            try:
                found = state(store)
            except (OSError, ValueError):
                continue
            if found not in seen:
                seen.append(found)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def assert_whole(seen: list[State], store: Store, *versions: str) -> None:
    """Readers saw one of the releases, or, of a store that changes a graph at a time, each graph of one of them."""
    assert seen
    if isinstance(store, Virtuoso):
        for graph in (G, H):
            assert {found[graph] for found in seen} <= {whole(version)[graph] for version in versions}
    else:
        assert all(found in [whole(version) for version in versions] for found in seen), seen


def prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses, and the credentials of whoever writes."""
    monkeypatch.setattr(http, "_FIRST_PAUSE", 0.001)
    monkeypatch.setenv("SPARQL_USER", USER)
    monkeypatch.setenv("SPARQL_PASSWORD", PASSWORD)
    http.opener.cache_clear()


def killed(
    store: Store, picks: list[Callable[[Request], bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is killed, push for push, at the request that is picked, as it works at it."""
    monkeypatch.setattr(http, "_ATTEMPTS", 2)
    releases = {version: release(tmp_path, version) for version in "12"}
    assert push(releases["1"], store) == 0
    with proxying(store.address) as proxy, reading(store) as seen:
        for turn, pick in enumerate(picks):
            version = "21"[turn % 2]
            timers: list[threading.Timer] = []

            proxy.requests.clear()
            proxy.fault = partial(_kill, store, pick, turn % 3 / 500, timers)
            code = push(releases[version], store, proxy)
            assert timers, "it was killed"
            timers[0].join()
            store.start()
            found = state(store)
            for graph in found if isinstance(store, Virtuoso) else ():
                assert found[graph] in [whole(each)[graph] for each in "12"]
            assert isinstance(store, Virtuoso) or found in [whole(each) for each in "12"], turn
            if code == 0:
                assert found == whole(version)
            assert push(releases[version], store) == 0, turn
            assert state(store) == whole(version), turn
            assert leftovers(store) == [], turn
    assert_whole([found for found in seen if found], store, "1", "2")


def _kill(
    store: Store, pick: Callable[[Request], bool], after: float, timers: list[threading.Timer], request: Request
) -> None:
    """Kill the store at a request that is picked, but once."""
    if not timers and pick(request):
        timers.append(threading.Timer(after, store.kill))
        timers[0].start()


def nth(number: int) -> Callable[[Request], bool]:
    return lambda request: request.number == number


def exchanging(graph: str) -> Callable[[Request], bool]:
    return lambda request: b"NOT EXISTS" in request.body and b"DELETE { GRAPH <%s>" % graph.encode() in request.body
