"""`init`: its options, its questions at a terminal, what it says, and that its project is right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from pseudo_terminal import on_pseudo_terminal

CITY = ["--city", "Tübingen", "--base", "https://example.org/tuebingen", "--language", "de", "--publisher", "Stadt"]
TABLE = ["--base", "https://example.org/twins/", "--language", "en", "--publisher", "Me"]
LINKS = "city1,country1,city2,country2,since\n's-Hertogenbosch,Netherlands,Leuven,Belgium,1971\nA,X,B,Y,\n,,C,Z,\n"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, without a terminal to ask at."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    return tmp_path


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def of_project(problems: str, root: Path) -> list[str]:
    """The places of findings in the project itself: what comes with the package is checked with it."""
    places = [
        line.partition(":")[0] for line in problems.splitlines() if ": violation " in line or ": warning " in line
    ]
    return [place for place in places if (root / place).is_relative_to(root) and not Path(place).is_absolute()]


def test_a_project_is_written_and_its_files_are_in_the_canonical_layout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "new", *CITY]) == 0
    assert capsys.readouterr() == (
        "new: 14 files\nnext: ghent-partnerships validate, then read README.md\n",
        "",
    )
    assert main(["fmt", "--check", "--project", "new"]) == 0
    assert capsys.readouterr().out == "7 files: 0 not in the canonical layout\n"
    assert '"Tübingen und Beispielstadt sind seit 2001 Partnerstädte."@de' in read("new/data/sources.ttl")
    assert 'void:uriSpace "https://example.org/tuebingen/" ;' in read("new/data/dataset.ttl")


def test_a_city_has_a_name_in_each_language() -> None:
    names = ["--city", "de=Lüttich", "--city", "fr=Liège", "--language", "fr"]
    assert main(["init", *CITY[2:6], *names, *CITY[6:], "--wikidata", "Q3992"]) == 0
    stated = read("data/luttich.ttl")
    assert 'rdfs:label "Liège"@fr ;' in stated
    assert 'rdfs:label "Lüttich"@de ;' in stated
    assert "owl:sameAs wd:Q3992 ;" in stated


def test_without_a_terminal_what_is_missing_is_named(capsys: pytest.CaptureFixture[str], work: Path) -> None:
    assert main(["init"]) == 2
    expected = "init: give --city, --base, --language, --publisher: this is no terminal to ask at\n"
    assert capsys.readouterr().err == f"ghent-partnerships: {expected}"
    assert main(["init", "--from", "links.csv", "--base", "https://e.example/"]) == 2
    expected = "init: give --language, --publisher: this is no terminal to ask at\n"
    assert capsys.readouterr().err == f"ghent-partnerships: {expected}"
    assert list(work.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--city", ""], "argument --city: expected a name in one line, of 200 characters at most"),
        (["--city", "de= "], "argument --city: expected a name in one line, of 200 characters at most"),
        (["--city", "a\u202eb"], "argument --city: expected a name in one line, of 200 characters at most"),
        (["--publisher", "x" * 201], "argument --publisher: expected a name in one line, of 200 characters at most"),
        (["--wikidata", "q42"], "argument --wikidata: expected an item like Q42"),
        (["--site", "example.org"], "argument --site: expected an address that starts with http:// or https://"),
        (["--base", "example.org"], "--base example.org/: expected an address of yours that ends in a slash"),
        (["--language", "tlh"], "--language tlh: there are words in de, en, es, fr, it, nl, pl only"),
        (["--column", "start=x"], "init: --column is for --from"),
    ],
)
def test_a_wrong_option_is_refused_and_nothing_is_written(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], work: Path
) -> None:
    assert main(["init", *CITY, *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"ghent-partnerships: {message}")
    assert list(work.iterdir()) == []


def test_a_folder_that_is_not_empty_stays_as_it_is(capsys: pytest.CaptureFixture[str], work: Path) -> None:
    Path("README.md").write_text("mine", encoding="utf-8")
    assert main(["init", *CITY]) == 2
    expected = "ghent-partnerships: init: the folder is not empty: README.md; give another\n"
    assert capsys.readouterr().err == expected
    assert [path.name for path in work.iterdir()] == ["README.md"]


def test_a_table_says_what_was_read_and_what_was_not(capsys: pytest.CaptureFixture[str]) -> None:
    Path("links.csv").write_text(LINKS, encoding="utf-8")
    assert main(["init", "twins", "--from", "links.csv", *TABLE]) == 0
    out, err = capsys.readouterr()
    assert err == "links.csv:4: a city has no name\n1 row is left out: all are in unread.csv\n"
    assert out == (
        "links.csv: columns: city-a=city1, city-b=city2, country-a=country1, country-b=country2, start=since\n"
        "links.csv: 2 partnerships, 4 cities\ntwins: 18 files\nnext: ghent-partnerships validate, then read README.md\n"
    )
    assert read("twins/unread.csv") == 'line,left out,reason,row\n4,row,a city has no name,",,C,Z,"\n'
    assert 'oa:exact "\'s-Hertogenbosch,Netherlands,Leuven,Belgium,1971"@und ;' in read("twins/data/rows/000000.ttl")


def test_what_is_ignored_is_named_and_cells_are_counted_apart(capsys: pytest.CaptureFixture[str]) -> None:
    Path("links.csv").write_text("From,To,Signed,Closed\nA,B,soon,1\nA,C,1,1\n,D,,\n", encoding="utf-8")
    assert main(["init", "twins", "--from", "links.csv", *TABLE]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "links.csv: columns: city-a=From, city-b=To, start=Signed; ignored: Closed"
    assert err.splitlines()[-1] == "1 row is left out, 2 cells are left out: all are in unread.csv"


def test_a_column_that_may_be_of_either_city_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    Path("links.csv").write_text("from,to,Land\nA,B,C\n", encoding="utf-8")
    assert main(["init", "twins", "--from", "links.csv", *TABLE]) == 2
    assert "like --column country-a=3, --column country-b=3\n" in capsys.readouterr().err
    assert not Path("twins").exists()


def test_a_column_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("links.csv").write_text("von;nach\nA;B\n", encoding="utf-8")
    named = ["--column", "city-a=von", "--column", "city-b=nach"]
    assert main(["init", "twins", "--from", "links.csv", *TABLE, *named]) == 0
    assert main(["init", "other", "--from", "links.csv", *TABLE, "--column", "x=von"]) == 2
    assert capsys.readouterr().err == (
        "ghent-partnerships: --column x=von: expected ROLE=NAME, with one of city-a, city-b, country-a, country-b, "
        "wikidata-a, wikidata-b, start, end, kind for ROLE\n"
    )


@pytest.mark.parametrize("languages", [["de"], ["en", "nl"], ["fr", "it", "es", "pl"]], ids=" ".join)
def test_the_project_of_a_city_validates(languages: list[str], capsys: pytest.CaptureFixture[str], work: Path) -> None:
    options = [option for language in languages for option in ("--language", language)]
    assert main(["init", *CITY[:4], *options, *CITY[6:], "--wikidata", "Q3806"]) == 0
    capsys.readouterr()
    main(["validate"])
    assert of_project(capsys.readouterr().out, work) == []


def test_the_project_of_a_table_validates(capsys: pytest.CaptureFixture[str], work: Path) -> None:
    Path("links.csv").write_text(LINKS, encoding="utf-8")
    assert main(["init", "twins", "--from", "links.csv", *TABLE]) == 0
    os.chdir("twins")
    capsys.readouterr()
    main(["validate"])
    assert of_project(capsys.readouterr().out, work / "twins") == []


def asked(answers: str, *arguments: str) -> tuple[int, str]:
    """The code and what is on the terminal, where somebody types answers at once."""

    def start(terminal: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ghent_partnerships", "init", *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
        )
        os.write(feed[0], answers.encode())
        return process

    import pty

    feed: list[int] = []
    openpty = pty.openpty

    def opened() -> tuple[int, int]:
        controller, terminal = openpty()
        feed.append(controller)
        return controller, terminal

    pty.openpty = opened
    try:
        process, received = on_pseudo_terminal(start)
    finally:
        pty.openpty = openpty
    return process.wait(), received.decode().replace("\r\n", "\n")


def test_at_a_terminal_what_is_missing_is_asked_for() -> None:
    answers = "\nTübingen\n\nhttps://example.org/tuebingen\nde en\nStadt Tübingen\n"
    code, shown = asked(answers)
    assert code == 0, shown
    questions = ("Name of the city", "Its item in Wikidata", "What the IRIs", "Languages of the texts", "Who publishes")
    assert all(question in shown for question in questions)
    assert 'dcterms:title "Internationale Partnerschaften von Tübingen"@de ;' in read("data/dataset.ttl")
    assert "owl:sameAs" not in read("data/tubingen.ttl")


def test_a_wrong_answer_is_asked_for_again_and_none_ends_it(work: Path) -> None:
    code, shown = asked("Tübingen\nx\nQ42\n\x04")
    assert code == 2
    assert "expected an item like Q42" in shown
    assert "init: no answer: What the IRIs of the data start with" in shown
    assert list(work.iterdir()) == []
