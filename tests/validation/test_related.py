"""A finding names the further places that it is about, as a compiler does in its notes."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import needs
from ghent_partnerships.findings import Finding, Location, Related, Report
from ghent_partnerships.rdf.namespaces import ID
from ghent_partnerships.text import Text
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.reports import write

SHAPES = """PREFIX e: <http://e/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
e:S
    a sh:NodeShape ;
    sh:targetClass e:C ;
    sh:property [ sh:path e:p ; {constraint} ] ;
.
"""
DATA = "PREFIX e: <http://e/>\ne:x a e:C .\n"
QUERY = """PREFIX e: <http://e/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:sparql e:constraint .
e:constraint sh:message "No." ; sh:select '''{query}''' .
"""

Checked = Callable[..., Report]


@pytest.fixture(params=[False, True], ids=["fast", "thorough"])
def checked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    monkeypatch.chdir(tmp_path)

    def check(shapes: str, **data: str) -> Report:
        Path("shapes.ttl").write_text(shapes, encoding="utf-8")
        files = [Path(f"{name}.ttl") for name in data]
        for file, text in zip(files, data.values(), strict=True):
            file.write_text(text, encoding="utf-8")
        return validate(files, shapes="shapes.ttl", thorough=request.param)

    return check


def notes(finding: Finding) -> list[tuple[str, str]]:
    return [(str(related.location), str(related.label)) for related in finding.related]


def test_a_value_too_many_shows_every_value(checked: Checked) -> None:
    two = "PREFIX e: <http://e/>\ne:x\n    e:p 2 ;\n    e:p 3 .\n"
    (finding,) = checked(SHAPES.format(constraint="sh:maxCount 1"), a=f"{DATA}e:x e:p 1 .\n", b=two).findings
    assert finding.location == Location("a.ttl", 2, 1)
    assert notes(finding) == [
        ("a.ttl:3:9", "one of the values: 1"),
        ("b.ttl:3:9", "one of the values: 2"),
        ("b.ttl:4:9", "one of the values: 3"),
    ]


def test_no_more_than_ten_values_are_shown(checked: Checked) -> None:
    text = f"{DATA}e:x e:p {', '.join(map(str, range(100)))} .\n"
    (finding,) = checked(SHAPES.format(constraint="sh:maxCount 1"), a=text).findings
    assert notes(finding)[-1] == ("a.ttl:3:36", "one of the values: 9")
    assert len(finding.related) == 10


def test_a_language_that_is_used_twice_shows_both_texts(checked: Checked) -> None:
    text = f'{DATA}e:x e:p "a"@en , "b"@nl , "c"@en , "d" , "e" .\n'
    (finding,) = checked(SHAPES.format(constraint="sh:uniqueLang true"), a=text).findings
    assert notes(finding) == [
        ("a.ttl:3:9", 'one of the values: "a"@en'),
        ("a.ttl:3:27", 'one of the values: "c"@en'),
    ]


@pytest.mark.parametrize("name", ["sh:lessThan", "sh:lessThanOrEquals", "sh:disjoint"])
def test_a_comparison_shows_what_is_compared(name: str, checked: Checked) -> None:
    same = "2" if name == "sh:disjoint" else "1"
    (finding,) = checked(SHAPES.format(constraint=f"{name} e:q"), a=f"{DATA}e:x e:p 2 ;\n  e:q {same} .\n").findings
    assert finding.location == Location("a.ttl", 3, 9)
    assert notes(finding) == [("a.ttl:4:7", f"compared with e:x e:q {same}")]


def test_a_query_shows_the_statements_that_it_compares(checked: Checked) -> None:
    """Of the focus node, of the value, and of a node that leads to one of them."""
    query = (
        "SELECT $this (<http://e/p> AS ?path) ?value WHERE { $this <http://e/p> ?value ; <http://e/least> ?least . "
        "?value <http://e/year> ?year . ?set <http://e/holds> $this ; <http://e/last> ?last "
        'FILTER (?year < ?least || ?year > ?last || ?year = "x") }'
    )
    data = f"{DATA}e:x e:p e:y ; e:least 5 ; e:other 6 .\ne:y e:year 4 .\ne:s e:holds e:x ; e:last 9 .\n"
    (finding,) = checked(QUERY.format(query=query), a=data).findings
    assert finding.location == Location("a.ttl", 3, 9)
    assert notes(finding) == [
        ("a.ttl:3:23", "compared with e:x e:least 5"),
        ("a.ttl:4:12", "compared with e:y e:year 4"),
        ("a.ttl:5:26", "compared with e:s e:last 9"),
    ]


def test_a_query_without_a_path_shows_the_other_resource(checked: Checked) -> None:
    query = "SELECT $this ?value WHERE { ?value a <http://e/C> FILTER (STR($this) < STR(?value)) }"
    (finding,) = checked(QUERY.format(query=query), a=DATA, b="PREFIX e: <http://e/>\n\ne:y a e:C .\n").findings
    assert finding.location == Location("a.ttl", 2, 1)
    assert notes(finding) == [("b.ttl:3:1", "e:y is described here")]


@pytest.mark.parametrize("constraint", ["sh:minCount 1", "sh:datatype e:d", 'sh:pattern "x"'])
def test_what_is_about_one_place_has_no_other(constraint: str, checked: Checked) -> None:
    value = "" if constraint == "sh:minCount 1" else "e:x e:p 1 .\n"
    (finding,) = checked(SHAPES.format(constraint=constraint), a=f"{DATA}{value}").findings
    assert finding.related == ()


def test_a_start_outside_its_period_shows_the_year_and_the_period(tmp_path: Path) -> None:
    file = tmp_path / "early.ttl"
    file.write_text(
        "PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#> "
        f"PREFIX partnership: <{ID}partnership/> PREFIX period: <{ID}period/>\n"
        f"<{ID}partnership/ghent-early> gp:startYear "
        f'"1950"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n<{ID}period/twin-cities> '
        f"<http://purl.org/dc/terms/hasPart> <{ID}partnership/ghent-early> .\n",
        encoding="utf-8",
    )
    (finding,) = (finding for finding in validate(file).findings if finding.code == "GP199")
    assert finding.location == Location(str(file), 3, 96)
    first, *period = finding.related
    assert first.location == Location(str(file), 2, 79)
    assert str(first.label) == 'compared with partnership:ghent-early gp:startYear "1950"^^xsd:gYear'
    assert [(related.location.path, str(related.label)) for related in period] == [
        ("data/policy.ttl", 'compared with period:twin-cities gp:startYear "1958"^^xsd:gYear'),
        ("data/policy.ttl", 'compared with period:twin-cities gp:endYear "1985"^^xsd:gYear'),
    ]


def test_a_year_after_the_data_set_shows_the_date_of_issue() -> None:
    (file,) = (Path(__file__).parents[1] / "rules" / "GP016").glob("invalid.*")
    (finding,) = (finding for finding in validate(file).findings if finding.code == "GP016")
    (issued,) = finding.related
    assert issued.location.path == "data/release.ttl"
    assert str(issued.label).startswith("the data set was issued on 2026-")


FOUND = Finding(
    code="GP199",
    message=Text("Too early."),
    help=Text("Check the year."),
    location=Location("a.ttl", 2, 5),
    related=(Related(Location("b.ttl", 1, 5), Text({"en": "the year", "nl": "het jaar"})),),
)
REPORT = Report((FOUND,), 2, 9, {"a.ttl": "e:x\n    e:p e:y .\n", "b.ttl": "e:y e:p 4 ."})


def test_the_text_shows_a_note_with_its_line() -> None:
    assert (
        write(REPORT, "text")
        == """a.ttl:2:5: violation GP199: Too early.
    2 |     e:p e:y .
      |     ^~~
  note:  b.ttl:1:5: the year
    1 | e:y e:p 4 .
      |     ^~~
  help:  Check the year.
2 files, 9 triples: 1 violation
"""
    )
    assert "\n  zie ook:  b.ttl:1:5: het jaar\n" in write(REPORT, "text", "nl")


def test_sarif_has_related_locations() -> None:
    content = json.loads(write(REPORT, "sarif"))
    schema = json.loads(needs.shared("conformance/sarif/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(content)
    (result,) = content["runs"][0]["results"]
    assert result["relatedLocations"] == [
        {
            "id": 0,
            "message": {"text": "the year"},
            "physicalLocation": {
                "artifactLocation": {"uri": "b.ttl"},
                "region": {"startLine": 1, "startColumn": 5, "endColumn": 8, "snippet": {"text": "e:p"}},
            },
        }
    ]


def test_other_formats_name_the_related_places() -> None:
    assert write(REPORT, "github").startswith(
        "::error file=a.ttl,line=2,col=5,endColumn=8,title=GP199::Too early.%0Ab.ttl:1:5: the year%0ACheck the year.\n"
    )
    assert "  note:  b.ttl:1:5: the year\n    1 | e:y e:p 4 ." in write(REPORT, "junit")
    (finding,) = json.loads(write(REPORT, "json"))["findings"]
    place = {"path": "b.ttl", "line": 1, "column": 5}
    assert finding["related"] == [{"location": place, "label": {"en": "the year", "nl": "het jaar"}}]
