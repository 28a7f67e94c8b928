"""``serve --endpoint``: a site of what a store holds, made again when that changes, and served on without it."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

import small
from ghent_partnerships.cli.main import main
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import at
from loading import load
from second_city import FOLDER
from serving import Served, ask, following
from stores import Oxigraph, Store, running

PLACE = "/doc/resource/place"
SEVEN = b'<https://example.org/s/place> <https://example.org/s/size> "7"^^<http://www.w3.org/2001/XMLSchema#integer>.\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.project(tmp_path_factory.mktemp("small") / "project")


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Iterator[Store]:
    with running(Oxigraph(tmp_path / "oxigraph")) as oxigraph:
        load(oxigraph, graph(folder), graph=small.DATA_SET)
        yield oxigraph


def graph(folder: Path) -> bytes:
    return serialize(triples(at(folder).graph_files()), format=RdfFormat.N_TRIPLES) or b""


@contextmanager
def serving(store: Store, folder: Path, log: Path) -> Iterator[Served]:
    with following(store.query, log, "--project", str(folder), "--every", "0.3", "--quiet") as front:
        yield front


def place(front: Served) -> bytes:
    answer = ask(front.address, PLACE, headers=[("Accept", "text/turtle")])
    assert answer.status == 200
    return answer.body


def ready(front: Served) -> str:
    return ask(front.address, "/readyz").body.decode()


def comes(front: Served, words: str, place: str = "/readyz") -> str:
    """What is answered, as soon as there are the words in it."""
    for _ in range(600):
        answer = ask(front.address, place, headers=[("Accept", "text/turtle")]).body.decode()
        if words in answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(answer)


def test_two_fronts_of_a_store_give_the_same_bytes_and_take_what_is_new(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    with serving(store, folder, tmp_path / "first") as first, serving(store, folder, tmp_path / "second") as second:
        assert place(first) == place(second)
        assert ready(first) == ready(second)
        assert b"ex:size 7" not in place(first)
        count = "/sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
        counted = ask(first.address, count).body
        assert counted == ask(second.address, count).body
        before = ready(first)
        load(store, graph(folder) + SEVEN, graph=small.DATA_SET)
        for front in (first, second):
            comes(front, "ex:size 7", PLACE)
        assert place(first) == place(second)
        assert ready(first) == ready(second) != before
        assert ask(first.address, count).body != counted, "the queries see it too"


def test_a_front_serves_on_while_its_store_is_away_and_says_so(store: Store, folder: Path, tmp_path: Path) -> None:
    with serving(store, folder, tmp_path / "log") as front:
        known = place(front)
        store.kill()
        problem = comes(front, "not the newest: ").splitlines()
        assert problem[0].startswith("ready: ")
        assert problem[1].startswith(f"not the newest: {store.query}: the endpoint cannot be reached: ")
        assert place(front) == known
        store.start()
        for _ in range(600):
            if "not the newest" not in ready(front):
                break
            time.sleep(0.05)
        assert "not the newest" not in ready(front)
        assert place(front) == known
        processes = front.every_process()
        assert len(processes) > 2
        front.process.send_signal(signal.SIGHUP)
        front.process.terminate()
        assert front.process.wait(20) == 0
        assert front.process.stderr is not None
        log = front.process.stderr.read()
    for _ in range(200):
        if not any(map(is_there, processes)):
            break
        time.sleep(0.05)
    assert [process for process in processes if is_there(process)] == []
    assert f"still serving the release before: {store.query}: the endpoint cannot be reached: " in log
    assert "the endpoint answers again, with what is served\n" in log


def test_what_is_not_right_in_a_store_is_not_served(store: Store, folder: Path, tmp_path: Path) -> None:
    (folder / "shapes.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX ex: <https://example.org/s/>\n"
        "ex:shape a sh:NodeShape ; sh:targetSubjectsOf ex:size ; sh:property [ sh:path ex:size ; sh:maxCount 3 ] .\n",
        encoding="utf-8",
    )
    with serving(store, folder, tmp_path / "log") as front:
        known = place(front)
        load(store, graph(folder) + SEVEN, graph=small.DATA_SET)
        comes(front, f"not the newest: {store.query}:1:1: ")
        assert place(front) == known
    (folder / "shapes.ttl").unlink()


def test_a_front_has_the_names_and_the_api_of_what_its_store_holds(tmp_path: Path) -> None:
    with running(Oxigraph(tmp_path / "oxigraph")) as oxigraph:
        load(oxigraph, graph(FOLDER))
        with serving(oxigraph, FOLDER, tmp_path / "log") as front:
            (found,) = json.loads(ask(front.address, "/reconcile?query=Monthey").body)["result"]
            assert (found["id"], found["name"], found["match"]) == ("city/monthey", "Monthey", True)
            city = json.loads(ask(front.address, "/api/cities/monthey").body)
            assert (city["city"], city["name"]) == ("https://example.org/tuebingen/id/city/monthey", "Monthey")


def test_a_front_takes_the_release_that_is_pushed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, dist = small.project(tmp_path / "project"), tmp_path / "dist"

    def push() -> None:
        assert main(["--project", str(folder), "publish", str(dist)]) == 0
        assert main(["--project", str(folder), "push", str(dist), "--store", oxigraph.address]) == 0

    with running(Oxigraph(tmp_path / "oxigraph")) as oxigraph:
        push()
        with serving(oxigraph, folder, tmp_path / "log") as front:
            assert b'"1971"' in place(front)
            file = folder / "data" / "dataset.ttl"
            file.write_text(file.read_text(encoding="utf-8").replace('"1971"', '"1972"'), encoding="utf-8")
            push()
            assert '"1971"' not in comes(front, '"1972"', PLACE), "which the marker says, since the count is the same"
    capfd.readouterr()


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:1/", "the endpoint cannot be reached: "), ("file:///etc/passwd", "not an address that can be")],
)
def test_without_its_store_no_front_starts(
    url: str, words: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--project", str(folder), "serve", "--endpoint", url, "--port", "0"]) == 2
    assert words in capfd.readouterr().err


def is_there(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
