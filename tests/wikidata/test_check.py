"""The items that a project links to are checked by the snapshot, each finding where the link stands."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import wikidata_like as like
from ghent_partnerships.cli.commands.wikidata import _REPORTED
from ghent_partnerships.cli.main import main
from ghent_partnerships.findings import Finding
from ghent_partnerships.project.location import at
from ghent_partnerships.project.project import Project
from ghent_partnerships.validation.documents import project_documents
from ghent_partnerships.wikidata.check import check_items
from ghent_partnerships.wikidata.snapshot import read_snapshot
from second_city import FOLDER, second_city
from wikidata_like import Item

AIX, ANN_ARBOR, PERUGIA = "Q47465", "Q485172", "Q3437"
Items = dict[str, Item]
Change = Callable[[Items], object]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(FOLDER, tmp_path / "city")
    return at(tmp_path / "city")


def found(project: Project, items: Items, asked: set[str] | None = None) -> list[Finding]:
    like.write_snapshot(project, items, asked)
    return [*check_items(project, project_documents(project).graph, read_snapshot(project)).findings]


def test_what_wikidata_says_as_well_is_no_finding(project: Project) -> None:
    assert found(project, like.of_project(project)) == []


def changed(number: str, **fields: object) -> Change:
    return lambda items: items.update({number: replace(items[number], **fields)})  # type: ignore[arg-type]


CHANGES: dict[str, tuple[Change, str, str, tuple[int, int], str]] = {
    "deleted": (
        lambda items: items.pop(AIX),
        "GP402",
        "aix-en-provence.ttl",
        (23, 16),
        "Wikidata has no wd:Q47465, which city:aix-en-provence is the same as.",
    ),
    "merged": (
        changed(AIX, merged_with="Q999"),
        "GP403",
        "aix-en-provence.ttl",
        (23, 16),
        "wd:Q47465 was merged with wd:Q999 at Wikidata.",
    ),
    "another kind": (
        changed(AIX, types=["Q5"]),
        "GP404",
        "aix-en-provence.ttl",
        (23, 16),
        "wd:Q47465 is no such place as city:aix-en-provence: at Wikidata it is Q5.",
    ),
    "no kind": (
        changed(AIX, types=[]),
        "GP404",
        "aix-en-provence.ttl",
        (23, 16),
        "wd:Q47465 is no such place as city:aix-en-provence: at Wikidata it is nothing that is stated.",
    ),
    "far away": (
        changed(PERUGIA, place=(12.39, 43.21)),
        "GP406",
        "perugia.ttl",
        (20, 13),
        "wd:Q3437 lies 11 km from the coordinates of city:perugia.",
    ),
    "another name": (
        changed(ANN_ARBOR, labels={"en": "Annarbour", "de": "Ann Arbor"}),
        "GP407",
        "ann-arbor.ttl",
        (25, 16),
        'wd:Q485172 is not called so at Wikidata, but "Annarbour"@en.',
    ),
}


@pytest.mark.parametrize(("change", "code", "file", "place", "message"), CHANGES.values(), ids=CHANGES.keys())
def test_what_is_otherwise_at_wikidata_is_found_where_the_link_stands(
    project: Project, change: Change, code: str, file: str, place: tuple[int, int], message: str
) -> None:
    items = like.of_project(project)
    change(items)
    (finding,) = found(project, items)
    assert (finding.code, str(finding.message)) == (code, message)
    assert Path(finding.location.path).name == file
    assert (finding.location.line, finding.location.column) == place
    assert set(finding.message) >= {"en", "nl"}


NEAR: dict[str, Change] = {
    "nine kilometres": changed(PERUGIA, place=(12.39, 43.19)),
    "an alias": changed(ANN_ARBOR, labels={"en": "A²", "de": "A²"}, aliases={"en": ["Ann Arbor"], "de": ["Ann Arbor"]}),
    "a name for all languages": changed(ANN_ARBOR, labels={"mul": "Ann Arbor"}),
    "no name in the language": changed(ANN_ARBOR, labels={"fr": "Anne Arbre"}),
    "no place": changed(PERUGIA, place=None),
}


@pytest.mark.parametrize("change", NEAR.values(), ids=NEAR.keys())
def test_what_may_well_be_the_same_is_no_finding(project: Project, change: Change) -> None:
    items = like.of_project(project)
    change(items)
    assert found(project, items) == []


def test_a_link_that_is_newer_than_the_snapshot_is_for_a_refresh(project: Project) -> None:
    (finding,) = found(project, like.of_project(project), {"Q3806", AIX, ANN_ARBOR})
    assert (finding.code, finding.severity) == ("GP401", "info")
    assert str(finding.help) == "Run: ghent-partnerships wikidata refresh"


def test_two_resources_on_items_that_were_merged_are_one_item_twice(project: Project) -> None:
    items = like.of_project(project)
    changed(AIX, merged_with=PERUGIA)(items)
    merged, twice = found(project, items)
    assert (merged.code, twice.code) == ("GP403", "GP408")
    assert str(twice.message) == f"wd:{PERUGIA} is the item of city:aix-en-provence as well."
    (related,) = twice.related
    assert related.location == merged.location
    assert merged.fix is not None
    assert merged.fix.replacement == f"<http://www.wikidata.org/entity/{PERUGIA}>"


def test_an_item_in_another_country_is_found(project: Project) -> None:
    countries = project.root / "data" / "countries.ttl"
    text = countries.read_text("utf-8").replace(
        "PREFIX rdfs:", "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX rdfs:"
    )
    country = text.partition("country:italy\n    a schema:Country ;\n")
    linked = "    owl:sameAs <http://www.wikidata.org/entity/Q38> ;\n"
    countries.write_text(f"{country[0]}{country[1]}{linked}{country[2]}", "utf-8")
    items = like.of_project(at(project.root))
    assert items[PERUGIA].country == "Q38"
    changed(PERUGIA, country="Q142")(items)
    items["Q142"] = Item("Q142", {"en": "France"}, types=[like.STATE])
    (finding,) = found(at(project.root), items)
    assert (finding.code, str(finding.message)) == (
        "GP405",
        "city:perugia is in country:italy here, and wd:Q3437 in France at Wikidata.",
    )
    assert (finding.location.line, finding.location.column) == (22, 16)


def test_the_command_reports_as_validate_does(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--project", str(project.root), "wikidata", "check"]
    assert main(given) == 2
    problem = capsys.readouterr().err
    assert "there is no snapshot of Wikidata yet; fetch it with: ghent-partnerships wikidata refresh" in problem
    items = like.of_project(project)
    changed(AIX, merged_with="Q999")(items)
    like.write_snapshot(project, items)
    assert main(given) == 0
    assert "wd:Q47465 was merged with wd:Q999 at Wikidata." in capsys.readouterr().out
    assert main([*given, "--fail-on", "warning", "--format", "json", "--lang", "nl"]) == 1
    assert '"GP403"' in capsys.readouterr().out


@pytest.mark.parametrize("output_format", _REPORTED)
def test_each_form_of_a_report_has_the_finding(
    project: Project, output_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    items = like.of_project(project)
    changed(AIX, merged_with="Q999")(items)
    like.write_snapshot(project, items)
    assert main(["--project", str(project.root), "wikidata", "check", "--format", output_format]) == 0
    assert "was merged with wd:Q999 at Wikidata" in capsys.readouterr().out


def test_a_plain_project_has_no_cities(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ghent-partnerships]\n", "utf-8")
    (tmp_path / "data.ttl").write_text("<http://e/a> <http://e/b> 1 .\n", "utf-8")
    assert main(["--project", str(tmp_path), "wikidata", "check"]) == 2
    assert "its profile is plain" in capsys.readouterr().err


def test_the_second_city_itself_has_no_snapshot() -> None:
    assert not second_city().snapshot_file.exists()
