"""CONTRIBUTING's "Add a partnership" is tried to its end: what it asks for is there, and then everything is green."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import contributed
import copied

pytestmark = pytest.mark.slow
BESIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "tests")
OF_THE_DATA = tuple(  # what says most of the data
    f"tests/ghent/test_{name}.py"
    for name in ("answers", "data", "decisions", "evidence", "facts", "geojson", "story", "tables", "views")
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = copied.copy(tmp_path / "home")
    for name in BESIDE:
        source = copied.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, home / name)
    contributed.add(home)
    return home


def run(home: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(home / "scripts"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=home, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows(home: Path, name: str) -> Iterator[str]:
    yield from (home / "tests" / "ghent" / "answers" / f"{name}.csv").read_text(encoding="utf-8").splitlines()


def test_a_partnership_that_is_added_as_the_guide_has_it_ends_green(home: Path) -> None:
    before = {name: [*rows(home, name)] for name in ("partnerships", "cities", "counterparts-by-year")}
    file = "data/partners/aarhus.ttl"
    for command in ("validate", "fmt"):
        assert f"ghent-partnerships {command} data/partners/" in (copied.ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert run(home, "-m", "ghent_partnerships", "fmt").endswith(": 3 rewritten\n")
    assert run(home, "-m", "ghent_partnerships", "validate", "--lang", "en", file).endswith(": no findings\n")
    readme = (home / "README.md").read_text(encoding="utf-8")
    run(home, "scripts/answers.py")
    for name, was in before.items():
        (added,) = set(rows(home, name)) - set(was)
        assert "Aarhus" in added
    countries = [*rows(home, "countries-of-counterparts")][1:]
    assert [row.partition(",")[0] for row in countries] == [str(len(countries))] * len(countries)
    assert (home / "README.md").read_text(encoding="utf-8") != readme, "its numbers follow"
    assert contributed.SENTENCE in run(home, "-m", "ghent_partnerships", "query", "sentences-of-partnerships")
    options = ("-q", "-p", "no:cacheprovider", "-m", "not slow", "-k", "not readme and not lock_file")
    run(home, "-m", "pytest", *options, *OF_THE_DATA)  # of which none counts by hand what the data say
