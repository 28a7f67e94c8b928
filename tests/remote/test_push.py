"""``push`` to real stores: what is there afterwards, what readers see meanwhile, what happens when it fails."""

import json
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults import CUT, HALF, Fault, Proxy, Request, proxying
from ghent_partnerships.cli.main import main
from ghent_partnerships.remote import http
from stores import PASSWORD, USER, Oxigraph, Store, Virtuoso, running

G, H = "https://example.org/g", "https://example.org/h"
State = dict[str, int]  # the number of statements by graph and version


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses, and the credentials of whoever writes."""
    monkeypatch.setattr(http, "_FIRST_PAUSE", 0.001)
    monkeypatch.setenv("SPARQL_USER", USER)
    monkeypatch.setenv("SPARQL_PASSWORD", PASSWORD)
    http.opener.cache_clear()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    folder = tmp_path_factory.mktemp("stores")
    with running(Oxigraph(folder / "oxigraph")) as oxigraph, running(Virtuoso(folder / "virtuoso")) as virtuoso:
        yield {"oxigraph": oxigraph, "virtuoso": virtuoso}


@pytest.fixture(params=["oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest, stores: dict[str, Store]) -> Store:
    """Each of the stores, with nothing in it that anybody pushed."""
    return emptied(stores[request.param])


@pytest.fixture
def oxigraph(stores: dict[str, Store]) -> Store:
    return emptied(stores["oxigraph"])


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


def state(store: Store) -> dict[str, tuple[str, int]]:
    """The versions that a graph has, and the number of its statements."""
    query = f"SELECT ?g ?o (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g IN (<{G}>, <{H}>)) }} GROUP BY ?g ?o"
    found: dict[str, tuple[str, int]] = {}
    for row in asked(store, query):
        versions, size = found.get(row["g"], ("", 0))
        found[row["g"]] = ("+".join(sorted(filter(None, (versions, row["o"])))), size + int(row["n"]))
    return found


def whole(version: str, size: int = 20) -> dict[str, tuple[str, int]]:
    return {G: (version, size + 1), H: (version, size + 1)}


def push(source: Path, store: Store, proxy: Proxy | None = None, *options: str) -> int:
    return main(["push", str(source), "--store", store.address if proxy is None else proxy.address, *options])


def leftovers(store: Store) -> list[str]:
    """The graphs that nobody names any more."""
    names = {name.split(":")[3] for name in graphs(store) if name.startswith("urn:x-push:")}
    return sorted(names - {"marker", "kept"})


@contextmanager
def reading(store: Store) -> Iterator[list[dict[str, tuple[str, int]]]]:
    """Reads without end while the block runs, and collects what there is; a store that is away says nothing."""
    seen: list[dict[str, tuple[str, int]]] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                found = state(store)
            except (OSError, ValueError):
                ended.wait(0.02)
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


def assert_whole(seen: list[dict[str, tuple[str, int]]], store: Store, *versions: str) -> None:
    """Readers saw one of the releases, or, of a store that changes a graph at a time, each graph of one of them."""
    assert seen
    if isinstance(store, Virtuoso):
        for graph in (G, H):
            assert {found[graph] for found in seen} <= {whole(version)[graph] for version in versions}
    else:
        assert all(found in [whole(version) for version in versions] for found in seen), seen


def test_a_release_is_there_then_nothing_is_sent_then_only_what_changed(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with proxying(store.address) as proxy:
        assert push(release(tmp_path, "1"), store, proxy) == 0
        out, err = capfd.readouterr()
        assert out == f"{G}: 21 triples\n{H}: 21 triples\n{proxy.address}: version 1\n"
        assert ("one graph at a time" in err) == isinstance(store, Virtuoso), "which a probe finds out"
        assert state(store) == whole("1")
        sent = len(proxy.requests)
        assert push(release(tmp_path, "1"), store, proxy) == 0
        assert capfd.readouterr().out == f"{proxy.address}: holds this release already; nothing was sent\n"
        assert not [request for request in proxy.requests[sent:] if request.method == "PUT"]
        data = release(tmp_path, "2") / "data.nq"
        lines = [line for line in data.read_text().splitlines() if f"<{G}>" in line]
        lines += [line.replace('"2"', '"1"') for line in data.read_text().splitlines() if f"<{H}>" in line]
        data.write_text("\n".join(lines), encoding="utf-8")
        sent = len(proxy.requests)
        assert push(data.parent, store, proxy) == 0
        puts = [request for request in proxy.requests[sent:] if request.method == "PUT" and b"/v>" in request.body]
        assert [request.body.count(b'"2"') for request in puts] == [21]
        assert not [request for request in proxy.requests[sent:] if request.body.count(b'"1"') > 2]
    assert state(store) == {G: ("2", 21), H: ("1", 21)}
    assert leftovers(store) == []


def test_undo_brings_back_the_release_before_and_then_this_one(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for version in ("1", "2"):
        assert push(release(tmp_path, version), store) == 0
    with reading(store) as seen:
        for version in ("1", "2"):
            capfd.readouterr()
            assert push(release(tmp_path, "1"), store, None, "--undo") == 0
            assert capfd.readouterr().out.endswith(f": version {version}\n")
            assert state(store) == whole(version)
    assert_whole(seen, store, "1", "2")
    assert push(release(tmp_path, "2"), store) == 0
    assert "nothing was sent" in capfd.readouterr().out
    assert leftovers(store) == []


def test_what_a_data_set_lacks_is_removed_and_what_a_file_lacks_is_not(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert push(release(tmp_path, "1"), store) == 0
    capfd.readouterr()
    assert push(release(tmp_path, "1", only=G), store) == 0
    assert f"{H}: removed\n" in capfd.readouterr().out
    assert state(store) == {G: ("1", 21)}
    (tmp_path / "h.ttl").write_text('<https://example.org/a> <https://example.org/v> "f" .', encoding="utf-8")
    assert push(tmp_path / "h.ttl", store) == 2
    assert "has statements in no named graph; name one with --graph IRI" in capfd.readouterr().err
    assert push(tmp_path / "h.ttl", store, None, "--graph", H) == 0
    assert state(store) == {G: ("1", 21), H: ("f", 1)}


def test_a_dry_run_tells_the_difference_and_changes_nothing(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert push(release(tmp_path, "1"), store) == 0
    before = graphs(store)
    capfd.readouterr()
    with proxying(store.address) as proxy:
        assert push(release(tmp_path, "2", size=2), store, proxy, "--dry-run") == 0
        out = capfd.readouterr().out
        assert "Changed: https://example.org/dataset" in out
        assert "Removed: https://example.org/19" in out
        assert "“2”" in out
        assert not [request for request in proxy.requests if request.method not in ("GET", "POST")]
        assert not [request for request in proxy.requests if b"INSERT" in request.body]
    assert (state(store), graphs(store)) == (whole("1"), before)
    assert push(release(tmp_path, "1"), store, None, "--dry-run") == 0
    assert capfd.readouterr().out == "Nothing differs.\n"


def test_blank_nodes_are_the_same_graph_afterwards(store: Store, tmp_path: Path) -> None:
    text = "PREFIX : <https://example.org/>\n:a :v [ :w [ :x 1 ], ( :b 2 ) ], [ :w 0.50, true ], [ :w [ :x 1 ] ] .\n"
    (tmp_path / "blank.ttl").write_text(text, encoding="utf-8")
    for _ in range(2):
        assert push(tmp_path / "blank.ttl", store, None, "--graph", G) == 0
        (row,) = asked(store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
        assert row["n"] == "14"
    assert len([name for name in graphs(store) if ":kept:" in name]) == 0, "the second was none"


def test_a_form_of_its_own_is_told_and_another_value_is_refused(
    stores: dict[str, Store], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = emptied(stores["virtuoso"])
    line = "<https://example.org/a> <https://example.org/v> {}^^<http://www.w3.org/2001/XMLSchema#{}> .\n"
    (tmp_path / "data.nt").write_text(line.format('"01.50"', "decimal"), encoding="utf-8")
    assert push(tmp_path / "data.nt", store, None, "--graph", G) == 0
    assert (
        '1 literal is written by the store in a form of its own, with the same value\n  "01.50"^^'
        in capfd.readouterr().err
    )
    (tmp_path / "data.nt").write_text(line.format('"P1Y"', "duration"), encoding="utf-8")
    assert push(tmp_path / "data.nt", store, None, "--graph", G) == 2
    err = capfd.readouterr().err
    assert "the store does not hold what it was sent: 1 statements are missing, like " in err
    assert '"12"^^<http://www.w3.org/2001/XMLSchema#duration>' in err
    assert asked(store, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}") == [{"o": "1.5"}]
    assert leftovers(store) == []


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
            number, turn = number + 3, 1 - turn
    assert number > 25
    assert_whole(seen, oxigraph, "1", "2")


@contextmanager
def killed(kind: type[Store], numbers: range, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A store that is killed at one request of a push after the other, as it works at it."""
    monkeypatch.setattr(http, "_ATTEMPTS", 2)
    releases = [release(tmp_path, version) for version in "12"]
    with running(kind(tmp_path / "store")) as store, proxying(store.address) as proxy, reading(store) as seen:
        assert push(releases[0], store) == 0
        for turn, number in enumerate(numbers, 1):
            version = "21"[turn % 2 - 1]
            source = releases[int(version) - 1]

            def kill(request: Request, number: int = number) -> None:
                if request.number == number:
                    timer = threading.Timer(0.002 * (number % 3), store.kill)
                    timer.start()

            proxy.requests.clear()
            proxy.fault = kill  # type: ignore[assignment]
            code = push(source, store, proxy)
            assert store.process is not None
            store.process.wait(timeout=10)
            store.start()
            if isinstance(store, Oxigraph):
                assert state(store) in (whole("1"), whole("2")), number
            if code == 0:
                assert state(store) == whole(version)
            assert push(source, store) == 0, number
            assert state(store) == whole(version), number
            assert leftovers(store) == [], number
        yield
    assert_whole([found for found in seen if found], store, "1", "2")


def test_a_store_that_is_killed_at_any_request_has_a_release_and_the_next_push_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with killed(Oxigraph, range(1, 34, 3), tmp_path, monkeypatch):
        pass
