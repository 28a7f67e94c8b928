"""What takes more than a second says so on a terminal, in one line that goes away; in a pipe there is nothing."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from minimal import minimal

from ghent_partnerships.cli.progress import progress
from ghent_partnerships.text import Text
from pseudo_terminal import on_pseudo_terminal

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . FILTER(STRLEN(STR(?c)) < STRLEN(STR(?f))) }"
COMMAND = [sys.executable, "-m", "ghent_partnerships"]
ERASED = "\r\x1b[K"


SLOWLY = [  # on a machine on which the check of a small graph takes more than a second
    sys.executable,
    "-c",
    """
import sys, time
from ghent_partnerships.cli.main import main
from ghent_partnerships.publishing import publish
check = publish.check_project
publish.check_project = lambda documents: (time.sleep(1.5), check(documents))[1]
sys.exit(main())
""",
]


def on_a_terminal(
    arguments: list[str], folder: Path, command: list[str] = COMMAND, **environment: str
) -> tuple[str, str]:
    """What the command prints on standard output, a pipe, and on standard error, a terminal."""
    options = {"cwd": folder, "stdout": subprocess.PIPE, "env": {**os.environ, **environment}}
    process, shown = on_pseudo_terminal(
        lambda terminal: subprocess.Popen([*command, "--project", "ghent", *arguments], stderr=terminal, **options)  # type: ignore[call-overload]
    )
    printed = process.communicate()[0].decode()
    assert process.returncode == 0, shown.decode()
    return printed, shown.decode()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return minimal(tmp_path_factory.mktemp("checkout"))


def test_publish_says_what_it_is_doing_and_leaves_no_trace(checkout: Path, tmp_path: Path) -> None:
    printed, shown = on_a_terminal(["publish"], tmp_path, command=SLOWLY, PYTHONPATH=str(checkout / "scripts"))
    assert printed.startswith("dist: ")
    assert re.search(r"\r\x1b\[K. checking the graph · [1-9]\d* s", shown), shown
    assert shown.endswith(ERASED)
    assert "\n" not in shown


def test_a_slow_query_says_so_while_a_worker_is_at_it(tmp_path: Path) -> None:
    query = tmp_path / "slow.rq"
    query.write_text(SLOW, encoding="utf-8")
    printed, shown = on_a_terminal(["query", "slow.rq", "--format", "csv"], tmp_path)
    assert printed.startswith("n\r\n")
    assert "asking" in shown
    assert shown.endswith(ERASED)


def test_what_is_quick_says_nothing(tmp_path: Path) -> None:
    assert on_a_terminal(["query", "twin-cities"], tmp_path)[1] == ""


def test_a_dumb_terminal_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    environment = {"TERM": "dumb", "PYTHONPATH": str(checkout / "scripts")}
    assert on_a_terminal(["publish"], tmp_path, command=SLOWLY, **environment)[1] == ""


def test_a_pipe_gets_nothing(checkout: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(checkout / "scripts")}
    done = subprocess.run(
        [*SLOWLY, "--project", "ghent", "publish"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert (done.stdout[:6], done.stderr) == (b"dist: ", b"")


def test_the_line_shows_the_last_stage_and_the_seconds() -> None:
    lines: list[str] = []
    with progress("first", lines.append) as report:
        time.sleep(0.2)
        report(Text("second"))
        assert lines == []
        while not lines:
            time.sleep(0.05)
    assert lines[0] == f"{ERASED}⠋ second · 1 s"
    assert lines[-1] == ERASED
