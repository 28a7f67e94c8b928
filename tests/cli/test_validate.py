"""``validate --fix --dry-run`` names the files of its difference as ``git apply`` and ``patch -p1`` take them."""

import subprocess
from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main

SHAPES = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:age ; sh:datatype xsd:integer ] .
"""
DATA = "PREFIX ex: <http://example.org/>\nex:ada a ex:Person ; ex:age '36' .\n"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with data to fix in a directory below it."""
    work = tmp_path.resolve() / "work"
    (work / "below").mkdir(parents=True)
    (work / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (work / "below" / "data.ttl").write_text(DATA, encoding="utf-8")
    monkeypatch.chdir(work)
    return work


def difference(name: Path | str, capfd: pytest.CaptureFixture[str]) -> str:
    assert main(["validate", "--shapes", "shapes.ttl", "--fix", "--dry-run", str(name)]) == 1
    return capfd.readouterr().out


@pytest.mark.parametrize("name", ["below/data.ttl", "{work}/below/data.ttl", "../work/below/data.ttl"])
@pytest.mark.parametrize("command", [["git", "apply"], ["patch", "-p1"]], ids=" ".join)
def test_the_difference_names_a_file_from_the_working_directory(
    name: str, command: list[str], work: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    patch = difference(name.format(work=work), capfd)
    assert patch.startswith("--- a/below/data.ttl\n+++ b/below/data.ttl\n@@ ")
    subprocess.run(command, input=patch.encode(), cwd=work, check=True, capture_output=True)
    assert (work / "below" / "data.ttl").read_text(encoding="utf-8") == DATA.replace("'36'", "36")


def test_the_difference_names_a_file_outside_the_working_directory_from_the_root(
    work: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outside = work.parent / "data.ttl"
    outside.write_text(DATA, encoding="utf-8")
    for name in (outside, "../data.ttl"):
        patch = difference(name, capfd)
        assert patch.startswith(f"--- a{outside}\n+++ b{outside}\n@@ ")
    subprocess.run(["patch", "-p1", "-d", "/"], input=patch.encode(), check=True, capture_output=True)
    assert outside.read_text(encoding="utf-8") == DATA.replace("'36'", "36")
