"""Patterns of paths, which a file of a CI job has in quotes."""

from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.cli.values import matching
from ghent_partnerships.errors import UsageError


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("data/a.ttl", "data/b/c.ttl", "data/b/d.nt", "data/.hidden/e.ttl", "data/.f.ttl", "[x].ttl", "x.ttl"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("data/**/*.ttl", ["data/a.ttl", "data/b/c.ttl"]),
        ("data/*", ["data/a.ttl", "data/b"]),
        ("d?ta/[ab].ttl", ["data/a.ttl"]),
        ("./data/b/*.n?", ["data/b/d.nt"]),
        ("data/b/../*.ttl", ["data/b/../a.ttl"]),
        ("data/**", ["data"]),
        ("data/.*.ttl", ["data/.f.ttl"]),
        ("[x].ttl", ["[x].ttl"]),
        ("no such file", ["no such file"]),
    ],
)
def test_a_pattern_that_is_no_file_stands_for_the_files_that_match(pattern: str, found: list[str], work: Path) -> None:
    assert matching([Path(pattern)]) == list(map(Path, found))
    assert matching([work / pattern]) == [work / name for name in found]


def test_the_file_called_minus_is_not_standard_input(work: Path) -> None:
    Path("-").write_text("", encoding="utf-8")
    assert matching([Path("?")]) == [work / "-"]


def test_links_that_are_a_circle_are_not_followed() -> None:
    for name in "xyz":
        Path("data", name).symlink_to(".")
    assert matching([Path("data/**/*.nt")]) == [Path("data/b/d.nt")]


@pytest.mark.parametrize("pattern", ["data/*.rq", "nowhere/**/*.ttl"])
def test_a_pattern_that_nothing_matches_is_wrong_use(pattern: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="no file matches this pattern"):
        matching([Path(pattern)])
    for arguments in (["--shapes", "x.ttl", pattern], ["--shapes", pattern, "x.ttl"]):
        assert main(["validate", *arguments]) == 2
        assert f"{pattern}: no file matches this pattern" in capfd.readouterr().err
