"""The help: what alone shows it, how it fits a terminal, and that each of its words can be translated."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.cli.parser import COMMANDS
from ghent_partnerships.sparql.results import table
from ghent_partnerships.terminal import width, wrap
from pseudo_terminal import on_pseudo_terminal

COMMAND = [sys.executable, "-m", "ghent_partnerships"]
NAMES = (
    'SELECT ?city ?name { VALUES (?city ?name) { (1 "The city of Ghent in Flanders") (2 "金沢市と友好都市の人々") } }'
)


def printed(*arguments: str, columns: int | None = None, cwd: Path | None = None, **environment: str) -> str:
    """What the command prints on a pipe, or on a terminal with so many columns."""
    inherited = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    how = {"env": {**inherited, "NO_COLOR": "1", **environment}, "cwd": cwd}
    if columns is None:
        return subprocess.run(
            [*COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", check=True, **how
        ).stdout
    process, received = on_pseudo_terminal(
        lambda terminal: subprocess.Popen(
            [*COMMAND, *arguments], stdin=terminal, stdout=terminal, stderr=terminal, **how
        ),
        columns,
    )
    assert process.wait() == 0, received.decode()
    return received.decode().replace("\r\n", "\n")


def widest(text: str) -> int:
    """The columns of the widest line that is no example."""
    return max(width(line) for line in text.splitlines() if "ghent-partnerships " not in line or line[0] != " ")


def test_the_command_alone_shows_the_help_and_succeeds() -> None:
    assert printed() == printed("--help")
    assert printed().startswith("usage: ghent-partnerships ")


def test_an_unknown_option_alone_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tidy"]) == 2
    assert capsys.readouterr().err.endswith("unrecognized arguments: --tidy; see ghent-partnerships --help\n")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_fits_the_terminal(command: str) -> None:
    for columns in (60, 80):
        text = printed(*command.split(), "--help", columns=columns)
        fitted = [line for line in text.partition("\nexample")[0].splitlines() if width(line) > columns]
        assert fitted == [], command
    long = printed(*command.split(), "--help", columns=300)
    assert widest(long.partition("\nexample")[0]) <= 100


def test_the_help_is_as_wide_as_columns_says_and_80_wide_in_a_pipe() -> None:
    assert 70 < widest(printed("publish", "--help").partition("\nexample")[0]) <= 80
    assert widest(printed("publish", "--help", COLUMNS="60").partition("\nexample")[0]) <= 60
    assert printed("publish", "--help", COLUMNS="none") == printed("publish", "--help")
    assert printed("publish", "--help", COLUMNS="0") == printed("publish", "--help")
    assert widest(printed("publish", "--help", COLUMNS="1").partition("\nexample")[0]) > 1


def test_examples_are_not_wrapped() -> None:
    example = "  ghent-partnerships query which-sentence-says-so --param resource=city:liege --format csv\n"
    assert example in printed("query", "--help", columns=40)


@pytest.mark.parametrize("arguments", [["query", "--list"], ["explain"], ["explain", "--lang", "nl"]], ids=" ".join)
def test_a_wide_list_fits_the_terminal_and_says_the_same(arguments: list[str]) -> None:
    whole = printed(*arguments)
    assert widest(whole) > 100
    for columns in (80, 100):
        fitted = printed(*arguments, columns=columns)
        assert widest(fitted) <= columns
        assert sorted(fitted.replace("─", "").split()) == sorted(whole.replace("─", "").split())


def test_a_table_in_a_pipe_is_never_fitted() -> None:
    assert printed("query", "--list", COLUMNS="40") == printed("query", "--list")


def test_an_answer_fits_the_terminal_by_the_width_of_its_characters(tmp_path: Path) -> None:
    (tmp_path / "names.rq").write_text(NAMES, encoding="utf-8")
    assert printed("query", "names.rq", "--project", "ghent", columns=24, cwd=tmp_path) == (
        "city  name\n"
        "────  ──────────────────\n"
        "   1  The city of Ghent\n"
        "      in Flanders\n"
        "   2  金沢市と友好都市の\n"
        "      人々\n"
    )
    assert "金沢市と友好都市の人々" in printed("query", "names.rq", "--project", "ghent", columns=80, cwd=tmp_path)


def test_an_explanation_fits_the_terminal_and_its_examples_are_kept() -> None:
    whole, fitted = printed("explain", "GP200"), printed("explain", "GP200", columns=60)
    assert max(width(line) for line in whole.splitlines()) > 60
    assert [line for line in fitted.splitlines() if width(line) > 60 and not line.startswith(" ")] == []
    assert [line for line in whole.splitlines() if line.startswith(" ")] == [
        line for line in fitted.splitlines() if line.startswith(" ")
    ]
    assert fitted.split() == whole.split()


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 5, [""]),
        ("Ghent", 5, ["Ghent"]),
        ("Ghent and", 5, ["Ghent", "and"]),
        ("and Kanazawa", 5, ["and", "Kanaz", "awa"]),
        ("Kanazawa and", 5, ["Kanaz", "awa", "and"]),
        ("Kanazawa 1", 5, ["Kanaz", "awa 1"]),
        ("金沢市", 5, ["金沢", "市"]),
        ("a" * 10, 5, ["aaaaa", "aaaaa"]),
        ("e\u0300" * 4, 2, ["e\u0300e\u0300", "e\u0300e\u0300"]),
        ("\u26a0\ufe0f" * 2, 2, ["\u26a0\ufe0f\u26a0\ufe0f"]),
    ],
)
def test_a_text_is_wrapped_at_spaces_or_within_a_long_word(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


def test_narrow_columns_keep_their_width_while_wide_ones_share_what_is_left() -> None:
    rows = [("1", "a " * 20, "b" * 8), ("22", "c", "d")]
    assert widest(table(("n", "long", "short"), rows, 30)) <= 30
    assert "b" * 8 in table(("n", "long", "short"), rows, 30)
    assert widest(table([f"column{number}" for number in range(8)], [["x" * 30] * 8], 40)) <= 40


def test_argparse_of_others_keeps_its_words() -> None:
    import argparse
    import gettext

    assert main(["--help"]) == 0
    assert argparse._ is gettext.gettext  # type: ignore[attr-defined]
    assert argparse.ngettext is gettext.ngettext  # type: ignore[attr-defined]


def test_the_help_of_a_command_imports_no_other_command() -> None:
    code = "import sys; from ghent_partnerships.cli.main import main; main(['cite', '--help']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    commands = {name.rpartition(".")[2] for name in loaded if name.startswith("ghent_partnerships.cli.commands.")}
    assert commands == {"cite"}
