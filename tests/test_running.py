"""How the tests are run: which are slow, what the run reports of the time, and Ctrl-C in the background."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from halves import starts_programs

TESTS = Path(__file__).parent


def pytest_prints(*arguments: str, before: str = "") -> str:
    """What pytest prints, started by a shell after a command."""
    pytest_ = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    shell = ["sh", "-c", f'{before}\nexec "$@"', "sh", *pytest_]
    return subprocess.run(shell, cwd=TESTS.parent, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("file", "slow"),
    [
        ("import subprocess", True),
        ("from subprocess import run", True),
        ("from serving import Served", True),
        ("from playwright.sync_api import Browser", True),
        ("import jpype", True),
        ("def test_it():\n    import copied", True),
        ("import needs", False),  # which finds programs, and files too
        ("import signal, json", False),
    ],
)
def test_a_file_is_slow_that_imports_what_starts_programs(file: str, slow: bool, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(f"{file}\n", encoding="utf-8")
    assert starts_programs(tmp_path / "test_it.py") is slow


def test_the_fast_half_says_what_was_left_out_and_how_to_run_it() -> None:
    printed = pytest_prints("-m", "not slow", "tests/test_running.py", "tests/test_needs.py", "--collect-only")
    assert "6/" in printed
    assert "Not run: what starts servers, browsers, builds and commands; to run it: make test\n" in printed


def test_in_the_background_of_a_script_what_the_tests_start_hears_ctrl_c() -> None:
    """A shell that is not interactive lets its background jobs ignore SIGINT."""
    name = "tests/hostile/test_query.py::test_a_query_without_end_can_be_ended"
    printed = pytest_prints(name, before="trap '' INT")
    assert "2 passed" in printed, printed


def test_the_whole_suite_says_how_long_it_took_the_last_time(tmp_path: Path) -> None:
    """It is measured where everything is run: neither a part of the tests nor a selection says so."""
    for name in ("conftest.py", "halves.py", "needs.py"):
        shutil.copy(TESTS / name, tmp_path)
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\nmarkers = slow\n", encoding="utf-8")

    def printed(*arguments: str) -> str:
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    time = "The last time, the whole suite took 0 minutes here."
    assert [time in printed(*arguments) for arguments in ([], [], ["-k", "it"], ["test_it.py"])] == [
        False,
        True,
        False,
        False,
    ]


def test_the_tests_of_a_slow_file_are_run_by_one_worker(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@test_running"), "or what they share is made by each"
