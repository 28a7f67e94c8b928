"""Paths in reports for GitHub, code scanning and GitLab start at the top of the repository."""

from pathlib import Path

import pytest

from ghent_partnerships.findings import Finding, Location, Related, Report
from ghent_partnerships.text import Text
from ghent_partnerships.validation.reports.paths import rooted


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder of a repository, with a file in it."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    folder = tmp_path / "repository" / "package"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.ttl").write_text("", encoding="utf-8")
    (tmp_path / "elsewhere.ttl").write_text("", encoding="utf-8")
    return folder


def paths(here: Path, name: str, output_format: str = "github", **environment: str) -> set[str]:
    """Each path of a report about a file: of the finding, of what is related to it, of a fixed one and of its text."""
    location = Location(name, 2, 1)
    finding = Finding(message=Text("x"), location=location, related=(Related(location, Text("y")),))
    report = rooted(Report((finding,), 1, 1, {name: "text"}, (finding,)), output_format, here, environment)
    (given,), (fixed,) = report.findings, report.fixed
    return {given.location.path, given.related[0].location.path, fixed.location.path, *report.texts}


@pytest.mark.parametrize("output_format", ["github", "sarif", "junit"])
@pytest.mark.parametrize("name", ["data/a.ttl", "../package/data/a.ttl", "./data/../data/a.ttl"])
def test_a_path_starts_at_the_top_of_the_repository(name: str, output_format: str, package: Path) -> None:
    assert paths(package, name, output_format) == {"package/data/a.ttl"}
    assert paths(package, str(package / "data" / "a.ttl"), output_format) == {"package/data/a.ttl"}


def test_the_workspace_of_github_comes_first(package: Path) -> None:
    workspace = str(package.parents[1])
    assert paths(package, "data/a.ttl", GITHUB_WORKSPACE=workspace) == {"repository/package/data/a.ttl"}
    assert paths(package, "data/a.ttl", GITHUB_WORKSPACE=str(package / "other")) == {"package/data/a.ttl"}


@pytest.mark.parametrize("output_format", ["text", "json", "turtle"])
def test_other_formats_keep_the_path_that_was_given(output_format: str, package: Path) -> None:
    assert paths(package, "data/a.ttl", output_format) == {"data/a.ttl"}


@pytest.mark.parametrize("name", ["../../elsewhere.ttl", "-", "no/such.ttl"])
def test_what_is_in_no_repository_keeps_its_path(name: str, package: Path) -> None:
    assert paths(package, name) == {name}
