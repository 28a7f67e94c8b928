"""Files of RDF 1.2: ``validate`` names them and checks the others; what needs all of a graph refuses them."""

from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.validation.check import validate

NAMED = "The file is written in RDF 1.2, and is not checked."
TERM = "<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>> .\n"
FILES = {
    "term.nt": (TERM, "1:13"),
    "term.nq": (TERM, "1:13"),
    "version.nt": ('VERSION "1.2"\n' + TERM, "1:1"),
    "version.nq": ('VERSION "1.2"\n' + TERM, "1:1"),
    "version.ttl": ('VERSION "1.2"\n<a:a> <a:b> <a:c> .\n', "1:1"),
    "at-version.trig": ('@version "1.2" .\n<a:g> { <a:a> <a:b> <a:c> }\n', "1:1"),
    "reified.ttl": ("<< <a:a> <a:b> <a:c> ~ <a:r> >> <a:d> <a:e> .\n", "1:1"),
    "reifier.trig": ("<a:g> { <a:a> <a:b> <a:c> ~ <a:r> . }\n", "1:27"),
    "annotated.ttl": ("<a:a> <a:b> <a:c> {| <a:d> <a:e> |} .\n", "1:19"),
    "direction.nt": ('<a:a> <a:b> "x"@ar--rtl .\n', "1:19"),
}
SHAPES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
<a:shape> a sh:NodeShape ; sh:targetSubjectsOf <a:p> ; sh:property <a:q> .
<a:q> sh:path <a:p> ; sh:maxCount 1 ; sh:message "One at most." .
"""


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_named_at_its_place_and_is_no_failure(name: str, tmp_path: Path) -> None:
    text, place = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    report = validate([tmp_path / name], shapes=[tmp_path / "shapes.ttl"])
    named = [each for each in report.findings if str(each.message) == NAMED]
    assert [(each.severity, f"{each.location.line}:{each.location.column}") for each in named] == [("info", place)]
    assert report.conforms
    assert report.failures == ()


def test_the_files_beside_it_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new.ttl").write_text(FILES["annotated.ttl"][0], encoding="utf-8")
    (tmp_path / "old.ttl").write_text("<a:s> <a:p> 1, 2 .\n", encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    shapes = ["--shapes", str(tmp_path / "shapes.ttl")]
    assert main(["validate", *shapes, str(tmp_path / "new.ttl"), "--lang", "en"]) == 0
    assert NAMED in capsys.readouterr().out
    assert main(["validate", *shapes, str(tmp_path / "new.ttl"), str(tmp_path / "old.ttl"), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert NAMED in out
    assert "One at most." in out


def test_shapes_in_rdf_1_2_are_a_failure_since_nothing_is_checked_by_them(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<a:s> <a:p> 1, 2 .\n", encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(f'VERSION "1.2"\n{SHAPES}', encoding="utf-8")
    report = validate([tmp_path / "data.ttl"], shapes=[tmp_path / "shapes.ttl"])
    assert [(each.severity, str(each.message)) for each in report.findings] == [("violation", NAMED)]
    assert not report.conforms
    assert report.failures == report.findings


def test_what_is_wrong_before_it_is_still_a_violation(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text(f"<a:a> <a:b> .\n{TERM}", encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    report = validate([tmp_path / "broken.ttl"], shapes=[tmp_path / "shapes.ttl"])
    assert not report.conforms


def test_nothing_is_published_without_the_statements_of_such_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ghent-partnerships]\n", encoding="utf-8")
    (tmp_path / "new.ttl").write_text(FILES["annotated.ttl"][0], encoding="utf-8")
    (tmp_path / "old.ttl").write_text("<a:s> <a:p> 1 .\n", encoding="utf-8")
    options = ["--project", str(tmp_path), "publish", str(tmp_path / "dist")]
    assert main(options) == 1
    assert NAMED in capsys.readouterr().err
    assert not (tmp_path / "dist").exists()


def test_what_publish_writes_in_rdf_1_2_is_such_a_file(dist: Published, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    report = validate([dist.directory / "ghent-partnerships-reified.trig"], shapes=[tmp_path / "shapes.ttl"])
    assert [str(finding.message) for finding in report.findings if finding.level != "info"] == []
    assert NAMED in {str(finding.message) for finding in report.findings}
    assert report.conforms
