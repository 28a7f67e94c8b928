"""A project is found where one stands, or named; nothing is answered about another."""

from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.location import at, found, named, nearest, packaged
from ghent_partnerships.project.settings import Settings, settings_of

TABLE = "[tool.ghent-partnerships]\n"
DATA = "PREFIX e: <http://example.org/>\n\ne:a\n    e:b 1 ;\n.\n"
ROWS = "SELECT ?a ?b { ?a <http://example.org/b> ?b } ORDER BY ?b"


def project(folder: Path, settings: str = "") -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(TABLE + settings, encoding="utf-8")
    (folder / "data" / "a.ttl").write_text(DATA, encoding="utf-8")
    return folder


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a project above it, in which the command is run."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_nearest_table_above_is_the_project(tmp_path: Path) -> None:
    outer = project(tmp_path / "outer")
    inner = project(outer / "inner")
    (inner / "data" / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")  # no such table
    assert [nearest(folder) and nearest(folder).root for folder in (inner / "data", inner, outer / "data")] == [  # type: ignore[union-attr]
        inner,
        inner,
        outer,
    ]
    assert nearest(tmp_path) is None


def test_ghent_is_always_the_one_that_the_package_carries(empty: Path) -> None:
    project(empty / "ghent")
    assert named("ghent").root == packaged().root
    assert named("./ghent").root == empty / "ghent"


@pytest.mark.parametrize(
    "arguments",
    [["query", "twin-cities"], ["query", "--list"], ["publish"], ["cite"], ["validate"], ["fmt"], ["diff", "HEAD"]],
    ids=" ".join,
)
def test_without_a_project_a_command_refuses_with_the_ways_on(
    arguments: list[str], empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    refusal = capsys.readouterr().err
    assert refusal.startswith("ghent-partnerships: no project here: ")
    assert "run ghent-partnerships init, or give --project ghent" in refusal
    assert list(empty.iterdir()) == []


def test_without_a_project_files_that_are_named_are_checked_and_it_is_said(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty / "a.ttl").write_text(DATA, encoding="utf-8")
    (empty / "wrong.ttl").write_text(f"{DATA}e:a e:b\n", encoding="utf-8")
    assert main(["validate", "a.ttl"]) == 0
    out, err = capsys.readouterr()
    assert (out, err.partition(":")[0]) == ("1 file, 1 triple: no findings\n", "no project here")
    assert main(["validate", "wrong.ttl"]) == 1
    assert capsys.readouterr().out.startswith("wrong.ttl:")
    assert main(["fmt", "--check", "a.ttl"]) == 0
    assert main(["diff", "a.ttl", "a.ttl"]) == 0


def test_query_asks_any_files(empty: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (empty / "a.ttl").write_text(DATA, encoding="utf-8")
    (empty / "b.jsonld").write_text('{"@id": "http://example.org/c", "http://example.org/b": 2}', encoding="utf-8")
    (empty / "c.nq").write_text(
        '<http://example.org/d> <http://example.org/b> "3" <http://example.org/g> .\n', encoding="utf-8"
    )
    (empty / "q.rq").write_text(ROWS, encoding="utf-8")
    assert main(["query", "q.rq", "--format", "csv", "--data", "a.ttl", "b.jsonld", "--data", "c.nq"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "a,b",
        "http://example.org/a,1",
        "http://example.org/c,2",
        "http://example.org/d,3",
    ]
    assert main(["query", "-", "--data", "-"]) == 2
    assert main(["query", "q.rq", "--data", "a.ttl", "--endpoint", "http://127.0.0.1:1/"]) == 2


@pytest.mark.parametrize("place", ["before", "after", "equals"])
def test_the_option_stands_before_or_behind_the_command(
    place: str, empty: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home = project(empty / "mine")
    (home / "queries").mkdir()
    (home / "queries" / "all.rq").write_text(f"#+ summary: What is there?\n{ROWS}", encoding="utf-8")
    given = {"before": ["--project", "mine", "query", "all"], "after": ["query", "all", "--project", "mine"]}
    assert main([*given.get(place, ["query", "--project=mine", "all"]), "--format", "csv"]) == 0
    assert capfd.readouterr().out.splitlines() == ["a,b", "http://example.org/a,1"]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("profil = 'plain'", "profil: there is no such setting; did you mean profile?"),
        ("profile = 'city'", "profile: expected partnerships or plain"),
        ("data = 'data'", 'data: expected a list of paths, like ["data"]'),
        ("data = ['../elsewhere']", "data: ../elsewhere leads out of the project"),
        ("shapes = ['/etc']", "shapes: /etc leads out of the project"),
        ("stem = 'My Graph'", "stem: expected small letters and digits"),
        ("site = 'ftp://example.org/'", "site: expected an address that starts with http:// or https://"),
        ("prefixes = {'1x' = 'http://example.org/'}", "prefixes.1x: this is not a prefix"),
        ("prefixes = {x = 'no iri'}", "prefixes.x: expected an IRI"),
        ('tags = "v\\n"', "tags: expected a text of one line"),
        ("tags = ", "this is not TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(settings: str, problem: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "wrong", settings)
    with pytest.raises(UsageError) as caught:
        at(folder)
    assert str(caught.value).startswith(f"{folder / 'pyproject.toml'}: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"[tool]\nghent-partnerships = 3\n",
            ": ghent-partnerships in [tool] is a value; the settings are a table of its name: "
            "write [tool.ghent-partnerships] above them",
        ),
        (b"# 1\nstem = 'Li\xe8ge'\n", ":2: this is not UTF-8, so the settings are not known"),
    ],
)
def test_what_is_no_table_or_no_text_is_put_in_plain_words(content: bytes, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        at(tmp_path)
    assert str(caught.value) == f"{file}{problem}"


def test_an_empty_project_hears_where_files_were_looked_for(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    assert main(["validate"]) == 2
    assert capsys.readouterr().err == (
        f"ghent-partnerships: {empty}: no files of RDF here, neither in data/ nor elsewhere; "
        "their names end in .ttl, .nt, .trig, .nq, .jsonld, .rdf\n"
    )


@pytest.mark.parametrize("folder_is_there", [True, False])
def test_a_folder_is_called_as_it_was_given(
    empty: Path, capsys: pytest.CaptureFixture[str], *, folder_is_there: bool
) -> None:
    if folder_is_there:
        (empty / "ghent").mkdir()
    assert main(["--project", "./ghent", "cite"]) == 2
    assert capsys.readouterr().err.startswith("ghent-partnerships: --project ./ghent: ")


def test_a_folder_without_the_table_is_no_project(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(UsageError, match="--project"):
            at(folder)
    assert settings_of(tmp_path) is None


def test_a_table_of_nothing_is_a_plain_project_of_its_data(tmp_path: Path) -> None:
    there = at(project(tmp_path / "plain"))
    assert there.settings == Settings()
    assert there.is_plain
    assert [file.relative_to(there.root).as_posix() for file in there.files()] == ["data/a.ttl"]
    assert (there.stem, there.languages) == ("plain", ("en",))
    (there.root / "data" / "a.ttl").unlink()
    with pytest.raises(UsageError, match="data: no files of RDF here"):
        there.data_files()


def test_the_project_is_that_of_the_folder_one_stands_in(empty: Path) -> None:
    home = project(empty / "mine")
    assert found(start=home / "data").root == home
    with pytest.raises(UsageError, match="no project here"):
        found()
