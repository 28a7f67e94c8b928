"""The paths in what GitHub, GitLab and editors read are from the top of the repository, from any folder."""

import json
import os
import re
from pathlib import Path

import pytest

from copied import git
from ghent_partnerships.findings import Finding, Location, Related, Report
from ghent_partnerships.text import Text
from ghent_partnerships.validation.reports import write

pytestmark = pytest.mark.usefixtures("git_alone")


def places(path: str) -> set[str]:
    """The path as each format has it."""
    location = Location(path)
    report = Report((Finding(message=Text("x"), location=location, related=(Related(location, Text("y")),)),), 1, 1)
    (result,) = json.loads(write(report, "sarif"))["runs"][0]["results"]
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for place in (*result["locations"], *result["relatedLocations"])
    }
    github = write(report, "github")
    found = {*re.findall("file=([^,]*),", github), *re.findall("%0A([^:]*):1:1: y", github)}
    return uris | found | {*re.findall(' (?:file|classname)="([^"]*)"', write(report, "junit"))}


@pytest.mark.parametrize("how", ["workspace", "repository", "neither"])
def test_a_path_is_from_the_top_of_the_repository(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "pkg" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "pkg")
    if how == "workspace":
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    if how == "repository":
        git(tmp_path, "init", "--quiet")
    absolute = str(tmp_path / "pkg/data/a.ttl")
    for path in ("data/a.ttl", "../pkg/data/a.ttl", absolute, "data/../data/a.ttl"):
        assert places(path) == {"data/a.ttl" if how == "neither" else "pkg/data/a.ttl"}
    if how == "repository":
        monkeypatch.chdir("/")
        assert places(absolute) == {"pkg/data/a.ttl"}
        monkeypatch.setenv("GITHUB_WORKSPACE", "/nowhere")
        assert places(absolute) == {"pkg/data/a.ttl"}


def test_a_path_outside_is_absolute_and_never_leads_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    git(tmp_path / "here", "init", "--quiet")
    outside = os.path.realpath(tmp_path / "other/a.ttl")
    assert places("../other/a.ttl") == {outside, f"file://{outside}"}


def test_what_is_no_path_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    assert "standard input" in places("standard input")
    address = "https://example.org/a%20b?c=d&e#f"
    (result,) = json.loads(write(Report((Finding(message=Text("x"), location=Location(address)),), 1, 1), "sarif"))[
        "runs"
    ][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == address


def test_a_uri_of_sarif_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    (tmp_path / "é #").mkdir()
    monkeypatch.chdir(tmp_path / "é #")
    assert "%C3%A9%20%23/100%25%3F.ttl" in places("100%?.ttl")
