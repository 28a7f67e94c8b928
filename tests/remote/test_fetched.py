"""A project whose graph is that of a store: what is published of it is what is published from the files."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, serialize

import small
from ghent_partnerships.cli.main import main
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import at
from ghent_partnerships.publishing.publish import publish
from ghent_partnerships.remote.endpoint import Endpoint
from ghent_partnerships.remote.fetched import fetched
from loading import load
from second_city import FOLDER, second_city
from stores import Oxigraph, Store, Virtuoso, running

GRAPH = "https://example.org/graph"
SIZE, OPEN = (NamedNode(f"https://example.org/s/{name}") for name in ("size", "open"))


def lines(folder: Path) -> bytes:
    return serialize(triples(at(folder).graph_files()), format=RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project, in a folder of git as it is."""
    made = small.project(tmp_path_factory.mktemp("small") / "project")
    identity = ("-c", "user.name=A person", "-c", "user.email=person@example.org")
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "First"], ["tag", "v1.0.0"]):
        subprocess.run(["git", *arguments], cwd=made, check=True)
    return made


@pytest.fixture(scope="module")
def oxigraph(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("oxigraph"))) as store:
        load(store, lines(folder), graph=small.DATA_SET)
        yield store


@pytest.fixture(scope="module")
def virtuoso(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Virtuoso(tmp_path_factory.mktemp("virtuoso"))) as store:
        load(store, lines(folder), graph=GRAPH)
        yield store


def site(directory: Path) -> dict[str, bytes]:
    return {
        file.relative_to(directory).as_posix(): file.read_bytes() for file in directory.rglob("*") if file.is_file()
    }


@pytest.fixture(scope="module")
def from_files(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return site(publish(tmp_path_factory.mktemp("files") / "dist", at(folder)).directory)


@pytest.mark.parametrize(("name", "options"), [("oxigraph", []), ("virtuoso", ["--graph", GRAPH])])
def test_a_site_from_a_store_has_the_bytes_of_that_from_the_files(
    name: str,
    options: list[str],
    folder: Path,
    from_files: dict[str, bytes],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
) -> None:
    store: Store = request.getfixturevalue(name)
    endpoint = ["--endpoint", store.query, *options]
    assert main(["--project", str(folder), "publish", str(tmp_path / "dist"), *endpoint]) == 0
    assert site(tmp_path / "dist") == from_files
    assert " written otherwise there than in the project, with the same values, and " in capfd.readouterr().err


def test_a_site_of_a_city_from_a_store_that_holds_what_was_published_has_its_bytes(
    oxigraph: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    published = publish(tmp_path / "files", second_city())
    directory = published.directory
    load(oxigraph, (directory / "tuebingen.nq").read_bytes(), "nq")
    assert main(["--project", str(FOLDER), "publish", str(tmp_path / "store"), "--endpoint", oxigraph.query]) == 0
    assert site(tmp_path / "store") == site(directory)
    counts = f" {published.resources} resources, {published.triples:,} triples\n"
    assert capfd.readouterr().out.endswith(counts)
    assert main(["--project", str(FOLDER), "diff", str(directory / "tuebingen.nt"), "--endpoint", oxigraph.query]) == 0
    assert capfd.readouterr().out == "Nothing differs.\n", "what follows from the rest is left out on both sides"
    question = ["--project", str(FOLDER), "query", "number-of-counterparts", "--format", "csv"]
    assert main(question) == 0
    answer = capfd.readouterr().out
    assert answer.count("\n") > 1
    assert main([*question, "--endpoint", oxigraph.query]) == 0
    assert capfd.readouterr().out == answer, "it is asked of the graphs of the project, of which there are others"


def test_what_a_store_holds_otherwise_is_told_by_resource(
    virtuoso: Store, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    later = small.project(tmp_path / "later", "ex:place ex:size 7 .\n")
    endpoint = ["--endpoint", virtuoso.query, "--graph", GRAPH, "--exit-code"]
    assert main(["--project", str(folder), "diff", "HEAD", *endpoint]) == 0
    assert capfd.readouterr().out == "Nothing differs.\n"
    assert main(["--project", str(later), "diff", str(later / "data"), "--format", "patch", *endpoint]) == 1
    patch = capfd.readouterr().out.splitlines()
    assert [line for line in patch if line[:2] in ("A ", "D ")] == [
        'D <https://example.org/s/place> <https://example.org/s/size> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    ]


def test_literals_get_the_forms_back_that_the_project_writes(virtuoso: Store, folder: Path, tmp_path: Path) -> None:
    found, rewritten = fetched(Endpoint(virtuoso.query, graphs=[GRAPH]), at(folder), tmp_path)
    values = {triple.predicate: set() for triple in triples(found.graph_files())}
    for triple in triples(found.graph_files()):
        values[triple.predicate].add(triple.object)
    assert {value.value for value in values[SIZE] if isinstance(value, Literal)} == {"01", "2.50", "1e3"}
    assert rewritten == 5, "three numbers, one of the booleans, and a geometry"
    bare = at(small.project(tmp_path / "bare", ""))
    (bare.root / "data" / "dataset.ttl").unlink()
    as_kept, rewritten = fetched(Endpoint(virtuoso.query, graphs=[GRAPH]), bare, tmp_path / "bare")
    kept = {triple.object for triple in triples(as_kept.graph_files())}
    assert not rewritten
    assert Literal("2.5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")) in kept
    assert Literal(True) in kept


def test_all_of_a_store_is_not_taken_for_the_graph_of_a_project(
    virtuoso: Store, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--project", str(folder), "publish", str(tmp_path / "dist"), "--endpoint", virtuoso.query]) == 2
    assert capfd.readouterr().err == (
        f"ghent-partnerships: {virtuoso.query}: the default graph of this store is all that it holds; "
        f"name what is meant with --graph: {GRAPH}\n"
    )
    assert not (tmp_path / "dist").exists()
