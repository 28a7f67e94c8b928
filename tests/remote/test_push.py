"""``push`` to real stores: what is there afterwards, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults import CUT, Fault, proxying
from ghent_partnerships.cli.main import main
from pushing import (
    G,
    H,
    asked,
    assert_whole,
    emptied,
    exchanging,
    graphs,
    killed,
    leftovers,
    prepare,
    push,
    reading,
    release,
    state,
    whole,
    written,
)
from stores import Oxigraph, Store, Virtuoso, running


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(monkeypatch)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    folder = tmp_path_factory.mktemp("stores")
    with running(Oxigraph(folder / "oxigraph")) as oxigraph, running(Virtuoso(folder / "virtuoso")) as virtuoso:
        yield {"oxigraph": oxigraph, "virtuoso": virtuoso}


@pytest.fixture(params=["oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest, stores: dict[str, Store]) -> Store:
    """Each of the stores, with nothing in it that anybody pushed."""
    return emptied(stores[request.param])


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


def test_what_somebody_changed_is_found_though_the_number_of_statements_is_the_same(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert push(release(tmp_path, "1"), store) == 0
    data = (release(tmp_path, "2", only=H) / "data.nq").read_text(encoding="utf-8")
    written(store, "PUT", H, data.replace(f" <{H}> .", " .").encode())
    assert state(store) == {G: ("1", 21), H: ("2", 21)}
    capfd.readouterr()
    assert push(release(tmp_path, "1"), store, None, "--dry-run") == 0
    assert "Changed: https://example.org/19" in capfd.readouterr().out
    assert push(release(tmp_path, "1"), store) == 0
    assert capfd.readouterr().out == f"{H}: 21 triples\n{store.address}: version 1\n"
    assert state(store) == whole("1")


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


def test_undo_concerns_the_graphs_that_are_named_and_nothing_else(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.nt"
    for graph, versions in ((G, "12"), (H, "34")):
        for version in versions:
            source.write_text(f'<https://example.org/a> <https://example.org/v> "{version}" .', encoding="utf-8")
            assert push(source, store, None, "--graph", graph) == 0
            assert capfd.readouterr().out == f"{graph}: 1 triple\n"
    assert push(source, store, None, "--graph", G, "--undo", "--dry-run") == 0
    out = capfd.readouterr().out
    assert "Changed: https://example.org/a" in out
    assert "“2”" in out
    assert "“1”" in out
    assert state(store) == {G: ("2", 1), H: ("4", 1)}
    assert push(source, store, None, "--graph", G, "--undo") == 0
    assert state(store) == {G: ("1", 1), H: ("4", 1)}
    capfd.readouterr()
    for options in (["--undo"], ["--undo", "--dry-run"]):
        assert push(source, store, None, "--graph", "https://example.org/other", *options) == 2
        assert "nothing is kept that could be brought back, since nothing of this was" in capfd.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert main(["push", "--store", store.address, "--undo"]) == 2
    assert "dist: neither a directory that publish wrote nor a file" in capfd.readouterr().err
    assert state(store) == {G: ("1", 1), H: ("4", 1)}


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
    assert "the store does not hold what it was sent: missing are 1, like " in err
    assert '"12"^^<http://www.w3.org/2001/XMLSchema#duration>' in err
    assert asked(store, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}") == [{"o": "1.5"}]
    assert leftovers(store) == []


def test_of_equal_values_the_store_keeps_one_and_it_is_told(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line = '<https://example.org/a> <https://example.org/v> "{}"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    (tmp_path / "data.nt").write_text("".join(map(line.format, ("1.5", "1.50", "2.5"))), encoding="utf-8")
    assert push(tmp_path / "data.nt", store, None, "--graph", G) == 0
    err = capfd.readouterr().err
    assert "1 statement is kept by the store once with another whose value is equal\n" in err
    assert '  "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> = "1.5"^^<' in err
    assert sorted(row["o"] for row in asked(store, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")) == ["1.5", "2.5"]
    assert push(tmp_path / "data.nt", store, None, "--graph", G, "--dry-run") == 0
    assert capfd.readouterr().out == "Nothing differs.\n"
    assert push(tmp_path / "data.nt", store, None, "--graph", G) == 0
    assert capfd.readouterr().out == f"{store.address}: holds this release already; nothing was sent\n"
    (tmp_path / "data.nt").write_text("".join(map(line.format, ("1.5", "1.50", "3.5"))), encoding="utf-8")
    assert push(tmp_path / "data.nt", store, None, "--graph", G, "--dry-run") == 0
    out = capfd.readouterr().out
    assert "3.5" in out
    assert "1.50" not in out, "which is no difference"


def test_virtuoso_is_killed_while_it_exchanges_a_graph(
    stores: dict[str, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(emptied(stores["virtuoso"]), [exchanging(H)], tmp_path, monkeypatch)


def test_a_store_without_update_is_written_to_graph_by_graph_and_it_is_said_before(
    stores: dict[str, Store], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = emptied(stores["oxigraph"])
    with proxying(store.address) as proxy:
        only = ["push", "--store", proxy.of(store.graphs), "--profile", "graphs"]
        for version in "12":
            assert main([*only, str(release(tmp_path, version))]) == 0
            assert "this store has no Update: readers may see half a graph" in capfd.readouterr().err
            assert state(store) == whole(version)
        assert main([*only, str(release(tmp_path, "2"))]) == 0
        assert capfd.readouterr().out == f"{proxy.of(store.graphs)}: holds this release already; nothing was sent\n"
        for version in "12":
            assert main([*only, str(release(tmp_path, "1")), "--undo"]) == 0
            assert state(store) == whole(version)
        assert main([*only, str(release(tmp_path, "2", only=G))]) == 0
        assert state(store) == {G: ("2", 21)}
        assert {request.target.partition("?")[0] for request in proxy.requests} == {"/store"}
    assert leftovers(store) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<p>Welcome"),
        ("application/n-triples", b"<urn:a> <urn:b> " + b"<<( <urn:a> <urn:b> " * 200_000),
        ("application/n-triples", b"<urn:a> nonsense"),
        ("application/sparql-results+json", b"{}"),
    ],
)
def test_what_a_store_should_not_answer_is_named(
    kind: str, body: bytes, stores: dict[str, Store], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = emptied(stores["oxigraph"])
    with proxying(store.address) as proxy:
        odd = Fault(200, (("Content-Type", kind),), body)
        proxy.fault = lambda request: odd if "marker" in request.target and request.method == "GET" else None
        assert push(release(tmp_path, "1"), store, proxy, "--profile", "oxigraph") == 2
    assert "the store answers with something else than was asked" in capfd.readouterr().err
    assert state(store) == {}
    assert push(release(tmp_path, "1"), store) == 0


@pytest.mark.parametrize("fault", [Fault(503), Fault(429), Fault(kind=CUT), Fault(200)])
def test_a_store_is_not_taken_for_atomic_by_what_does_not_come_from_it(
    fault: Fault, stores: dict[str, Store], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = emptied(stores["oxigraph"])
    with proxying(store.address) as proxy:
        proxy.fault = lambda request: fault if b":absent" in request.body else None
        assert push(release(tmp_path, "1"), store, proxy) == 0
    assert "this store changes one graph at a time" in capfd.readouterr().err
    assert state(store) == whole("1")
