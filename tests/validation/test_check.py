"""``validate``: which files it checks, and where it says that something is wrong."""

import json
from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.findings import Finding, Report
from ghent_partnerships.project.graph import load
from ghent_partnerships.project.location import packaged
from ghent_partnerships.validation.check import validate

PARTNERS = packaged().root / "data" / "partners"
ABOUT = [packaged().shapes_file(), packaged().rules_file(), packaged().style_file(), *packaged().shape_files()]
QUERIES = [*packaged().query_files(), *packaged().federated_files()]
FILES = len([*packaged().graph_files(), *QUERIES, *ABOUT])
TRIPLES = len(load())

SHAPES = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:age .
ex:age sh:path ex:age ; sh:datatype xsd:integer ; sh:minCount 1 ; sh:message "An age is a number."@en .
"""
DATA = """PREFIX ex: <http://example.org/>
ex:ada a ex:Person ;
  ex:age 36 , "x" .
ex:bob a ex:Person .
"""


def draft(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """A copy of a partner's file with one change, under the path that the graph's own has under ``data/``."""
    file = tmp_path / "data" / "partners" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = (PARTNERS / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def place(file: Path, text: str) -> tuple[int, int]:
    """The line and column, from 1, of a text that stands once in a file."""
    (line,) = (
        number for number, content in enumerate(file.read_text(encoding="utf-8").split("\n"), 1) if text in content
    )
    return line, file.read_text(encoding="utf-8").split("\n")[line - 1].index(text) + 1


def at(finding: Finding) -> tuple[str, int, int]:
    return Path(finding.location.path).name, finding.location.line, finding.location.column


def test_the_graph_conforms() -> None:
    report = validate()
    assert report == Report((), FILES, TRIPLES)


def test_a_wrong_value_is_shown_where_it_stands(tmp_path: Path) -> None:
    file = draft(
        tmp_path,
        "weihai.ttl",
        '"2013"^^xsd:gYear ;\n    rdfs:label "Gent',
        '"2013"^^xsd:string ;\n    rdfs:label "Gent',
    )
    report = validate([file])
    (finding,) = (
        finding for finding in report.findings if finding.location.path == str(file) and finding.code == "GP200"
    )
    assert at(finding) == ("weihai.ttl", *place(file, '"2013"^^xsd:string'))
    assert str(finding.message) == "A start year is one year of four digits."
    assert finding.message["nl"] == "Een beginjaar is één jaar van vier cijfers."
    assert (
        str(finding.result.statement) == 'partnership:ghent-weihai gp:startYear "2013"  # Ghent and Weihai · start year'
    )
    assert (
        finding.result.statement["nl"] == 'partnership:ghent-weihai gp:startYear "2013"  # Gent en Weihai · beginjaar'
    )
    assert str(finding.help).startswith('Write it like gp:startYear "1971"^^xsd:gYear')
    assert finding.result.shape.endswith("/id/shape/start-year")
    assert finding.result.constraint == "http://www.w3.org/ns/shacl#DatatypeConstraintComponent"
    assert report.triples == TRIPLES  # the file took the place of the graph's own


def test_one_path_may_stand_alone(tmp_path: Path) -> None:
    file = draft(tmp_path, "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    assert validate(str(file)) == validate([file])


def test_a_node_that_is_only_an_object_is_shown_where_it_stands(tmp_path: Path) -> None:
    file = draft(tmp_path, "weihai.ttl", "owl:sameAs wd:Q373023", "owl:sameAs wd:Q1721")
    (finding,) = validate([file]).findings
    assert str(finding.message) == "A Wikidata item belongs to one place only."
    assert at(finding) == ("weihai.ttl", *place(file, "wd:Q1721"))


def test_a_missing_value_is_shown_at_its_subject(tmp_path: Path) -> None:
    file = draft(tmp_path, "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    (finding,) = validate([file]).findings
    assert at(finding) == ("weihai.ttl", *place(file, "partnership:ghent-weihai"))
    assert str(finding.message) == "A partnership is of exactly one kind."


def test_any_other_file_is_added(tmp_path: Path) -> None:
    file = tmp_path / "more.ttl"
    head = "PREFIX partnership: <https://w3id.org/ghent-partnerships/id/partnership/>\n"
    file.write_text(head + 'partnership:ghent-melle <http://example.org/x> "ü𝄞" , 7 .\n', encoding="utf-8")
    report = validate([file])
    assert [(at(finding), str(finding.message)) for finding in report.findings] == [
        (("more.ttl", 2, 1), "The file is not in the canonical layout."),
        (("more.ttl", 2, 48), "A partnership has no such property."),
        (("more.ttl", 2, 55), "A partnership has no such property."),
    ]
    assert (report.files, report.triples) == (FILES + 1, TRIPLES + 2)


def test_two_files_that_stand_for_the_same_one_of_ours_are_wrong_use(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = draft(tmp_path / "first", "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    right = draft(tmp_path / "second", "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    for files in ([wrong, right], [wrong, PARTNERS / "weihai.ttl"], [tmp_path]):
        first, second = files if len(files) > 1 else (wrong, right)
        assert main(["validate", *map(str, files)]) == 2
        (err,) = capfd.readouterr().err.splitlines()
        project_file = f"{packaged().root / 'data' / 'partners' / 'weihai.ttl'}"
        assert err.startswith(f"ghent-partnerships: {second}: stands for ")
        assert err.endswith(f"data/partners/weihai.ttl, as {first} does; give one of the two")
        assert project_file.endswith(err.partition("stands for ")[2].partition(",")[0])


def test_one_file_of_ours_under_two_names_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = draft(tmp_path, "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    link = tmp_path / "link.ttl"
    link.symlink_to(file)
    monkeypatch.chdir(tmp_path)
    spelled = [Path("data/partners/weihai.ttl"), Path("data/../data/partners/weihai.ttl"), link, tmp_path / "data"]
    for files in (spelled, spelled[::-1]):
        report = validate(files, project=packaged())
        assert [str(finding.message) for finding in report.findings] == ["A partnership is of exactly one kind."]
        assert (report.files, report.triples) == (FILES, TRIPLES - 1)


def test_a_syntax_error_is_a_finding_and_the_other_files_are_still_checked(tmp_path: Path) -> None:
    first = draft(tmp_path, "weihai.ttl", "gp:kind concept:cooperation ;", "gp:kind concept:cooperation ,;")
    second = draft(tmp_path, "burgas.ttl", "PREFIX gp:", "PREFIX pg:")
    third = draft(tmp_path, "gdansk.ttl", "    gp:kind concept:cooperation ;\n", "")
    findings = validate([tmp_path / "data"]).findings
    assert {at(finding)[0] for finding in findings} == {first.name, second.name, third.name}
    assert [str(finding.message) for finding in findings if finding.location.path == str(third)] == [
        "A partnership is of exactly one kind."
    ]
    (undeclared,) = (finding for finding in findings if finding.location.path == str(second))
    assert str(undeclared.message) == "The prefix gp: has not been declared."
    assert str(undeclared.help) == "Add at the top: PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>"
    (syntax,) = (finding for finding in findings if finding.location.path == str(first))
    assert syntax.location.line == place(first, ",;")[0]


def test_other_people_s_data_is_checked_against_their_shapes_only(tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    report = validate([data], shapes=[shapes])
    assert [(at(finding), str(finding.message), str(finding.result.statement)) for finding in report.findings] == [
        (("data.ttl", 3, 15), "An age is a number.", 'ex:ada ex:age "x"'),
        (("data.ttl", 4, 1), "An age is a number.", "ex:bob ex:age"),
    ]
    assert (report.files, report.triples) == (2, 4)


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ("[ sh:alternativePath ( ex:l ex:m ) ]", 4, '"bad"'),
        ("( ex:k ex:v )", 6, '"bad"'),
        ("[ sh:inversePath ex:i ]", 7, "ex:a"),
        ("[ sh:oneOrMorePath ex:o ]", 9, "ex:r"),
    ],
)
def test_a_path_leads_to_the_statement_that_has_the_value(path: str, line: int, text: str, tmp_path: Path) -> None:
    head = "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path {path} ; sh:in ( ex:b ex:q ) ] ."
    shapes.write_text(head + shape, encoding="utf-8")
    lines = (
        "PREFIX ex: <http://example.org/>",
        'ex:a ex:other "bad" , ex:r ;',
        '  ex:z "bad" ;',
        '  ex:m "bad" ;',
        "  ex:k ex:b ; ex:o ex:q .",
        'ex:b ex:v "bad" .',
        "ex:x ex:i ex:a .",
        "ex:q ex:other ex:r ;",
        "  ex:o ex:r .",
    )
    data.write_text("\n".join(lines), encoding="utf-8")
    (finding,) = validate(data, shapes=shapes).findings
    assert (finding.location.line, finding.location.column) == (line, lines[line - 1].rindex(text) + 1)


def test_shapes_that_apply_to_nothing_are_a_finding(tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES.replace("ex:Person ;", "ex:Persno ;"), encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    (finding,) = validate([data], shapes=[shapes]).findings
    assert str(finding.message) == "None of the shapes applies to any node: nothing was checked."


@pytest.mark.parametrize("suffix", ["nt", "nq", "trig", "jsonld", "rdf"])
def test_every_form_of_rdf_is_read(suffix: str, tmp_path: Path) -> None:
    import pyoxigraph

    shapes, data = tmp_path / "shapes.ttl", tmp_path / f"data.{suffix}"
    shapes.write_text(SHAPES, encoding="utf-8")
    rdf_format = pyoxigraph.RdfFormat.from_extension(suffix)
    assert rdf_format is not None
    quads = pyoxigraph.parse(DATA, format=pyoxigraph.RdfFormat.TURTLE)
    pyoxigraph.serialize((quad.triple for quad in quads), str(data), format=rdf_format)
    report = validate([tmp_path], shapes=[shapes])  # the directory holds the shapes too: they are no persons
    assert {str(finding.result.statement).split()[0] for finding in report.findings} == {
        "ex:ada",
        "ex:bob",
    }
    assert all(Path(finding.location.path).name == data.name for finding in report.findings)


def test_a_directory_without_rdf_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file under this directory"):
        validate([tmp_path])


def test_the_json_form_has_everything(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = draft(tmp_path, "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    assert main(["validate", "--format", "json", str(file)]) == 1
    content = json.loads(capfd.readouterr().out)
    (finding,) = content.pop("findings")
    assert content == {
        "version": 1,
        "conforms": False,
        "files": FILES,
        "triples": TRIPLES - 1,
        "counts": {"violation": 1, "warning": 0, "info": 0},
        "fixed": [],
    }
    assert finding["location"]["path"] == str(file)
    assert (finding["location"]["line"], finding["location"]["column"]) == place(file, "partnership:ghent-weihai")
    assert finding["message"]["nl"] == "Een partnerschap is van precies één soort."
    assert finding["result"]["focus"] == "<https://w3id.org/ghent-partnerships/id/partnership/ghent-weihai>"
    assert finding["result"]["path"] == "<https://w3id.org/ghent-partnerships/ontology#kind>"
    assert (finding["result"]["value"], finding["severity"]) == ("", "violation")


def test_a_report_is_also_written_to_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = draft(tmp_path, "weihai.ttl", "    gp:kind concept:cooperation ;\n", "")
    sarif, junit = tmp_path / "report.sarif", tmp_path / "report.xml"
    junit.write_text("an earlier report", encoding="utf-8")
    arguments = ["validate", str(file), "--lang", "nl", "--output", f"sarif={sarif}", "--output", f"junit={junit}"]
    assert main(arguments) == 1
    out = capfd.readouterr().out
    assert "Een partnerschap is van precies één soort." in out
    assert json.loads(sarif.read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert junit.read_text(encoding="utf-8").startswith("<?xml")
    assert sarif.stat().st_mode & 0o777 == junit.stat().st_mode & 0o777


@pytest.mark.parametrize("given", ["sarif", "sarif=", "html=report.html", "=report"])
def test_an_output_is_a_form_and_a_path(given: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--output", given]) == 2
    assert "expected FORMAT=PATH" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [("Warning", "violation", 0), ("Warning", "warning", 1), ("Info", "warning", 0), ("Info", "info", 1)],
)
def test_who_asks_says_from_which_severity_a_finding_is_a_failure(
    severity: str, fail_on: str, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES.replace("sh:minCount 1", f"sh:minCount 1 ; sh:severity sh:{severity}"), encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    assert main(["validate", "--shapes", str(shapes), str(data), "--fail-on", fail_on]) == code
    assert capfd.readouterr().out.endswith(f"2 {severity.lower()}s\n")


def test_the_last_line_is_the_summary(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0
    assert capfd.readouterr().out == f"{FILES} files, {TRIPLES:,} triples: no findings\n"
