"""A shape that refers to itself is answered where the data end, whatever else is in them, and refused where they do
not: SHACL leaves it undefined."""

from pathlib import Path

import pytest

from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.reports import write

SHAPES = """PREFIX e: <http://e/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:next ; sh:node e:S ] , e:named .
e:named sh:path e:name ; sh:minCount 1 .
"""
CHAIN = "PREFIX e: <http://e/>\ne:a e:next e:b ; e:name 1 .\ne:b e:next e:c ; e:name 1 .\n"


@pytest.mark.parametrize("targets", ["e:a a e:C .", "e:a a e:C . e:b a e:C .", "e:c a e:C . e:b a e:C . e:a a e:C ."])
@pytest.mark.parametrize("named", [True, False])
def test_a_chain_conforms_where_its_end_does(targets: str, named: bool, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    end = "e:c e:name 1 .\n" if named else "e:c e:other 1 .\n"
    (tmp_path / "data.ttl").write_text(f"{CHAIN}{end}{targets}\n", encoding="utf-8")
    report = validate([tmp_path / "data.ttl"], shapes=tmp_path / "shapes.ttl")
    broken = {finding.result.focus for finding in report.findings}
    assert broken == (set() if named else {f"<http://e/{name}>" for name in "abc" if f"e:{name} a e:C" in targets})


def test_where_the_data_lead_back_nothing_is_decided(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(f"{CHAIN}e:c e:next e:a ; e:name 1 .\ne:a a e:C .\n", encoding="utf-8")
    (finding,) = validate([tmp_path / "data.ttl"], shapes=tmp_path / "shapes.ttl").findings
    assert (finding.code, finding.location.line) == ("GP005", 3)
    assert "refers to itself, and the data lead back" in str(finding.message)


def test_what_is_inside_in_many_ways_is_kept_a_hundred_times(tmp_path: Path) -> None:
    """Two ways at each of thirty steps: a billion details."""
    shapes = SHAPES.replace("e:named .", "[ sh:path e:also ; sh:node e:S ] , e:named .", 1)
    (tmp_path / "shapes.ttl").write_text(shapes, encoding="utf-8")
    steps = "".join(f"e:n{step} e:next e:n{step + 1} ; e:also e:n{step + 1} ; e:name 1 .\n" for step in range(30))
    (tmp_path / "data.ttl").write_text(f"PREFIX e: <http://e/>\ne:n0 a e:C .\n{steps}", encoding="utf-8")
    report = validate([tmp_path / "data.ttl"], shapes=tmp_path / "shapes.ttl")
    assert [len(finding.results) for finding in report.findings] == [1, 1]
    assert write(report, "turtle").count("a sh:ValidationResult") == 202


@pytest.mark.parametrize(
    ("opening", "closing", "conforms"),
    [
        ("sh:node [ ", " ]", False),
        ("sh:not [ ", " ]", True),  # an odd number of times would be otherwise
        ("sh:and ( [ ", " ] )", False),
        ("sh:property [ sh:path e:p ; ", " ]", False),
    ],
)
@pytest.mark.parametrize("depth", [10, 200, 1_000])
def test_shapes_may_be_nested_as_deep_as_somebody_writes_them(
    opening: str, closing: str, conforms: bool, depth: int, tmp_path: Path
) -> None:
    shapes = f"{SHAPES.splitlines()[1]}\nPREFIX e: <http://e/>\ne:S sh:targetClass e:C ; "
    inside = "sh:class e:C" if "not" in opening else "sh:class e:D"
    (tmp_path / "shapes.ttl").write_text(shapes + opening * depth + inside + closing * depth + " .", encoding="utf-8")
    (tmp_path / "data.ttl").write_text("PREFIX e: <http://e/>\ne:a a e:C ; e:p e:a .\n", encoding="utf-8")
    for thorough in (False, True):
        report = validate([tmp_path / "data.ttl"], shapes=tmp_path / "shapes.ttl", thorough=thorough)
        found = [finding for finding in report.findings if finding.code != "GP219"]
        assert [finding.result.focus for finding in found] == ["<http://e/a>"] * (not conforms)
    again = validate([tmp_path / "data.ttl"], shapes=tmp_path / "shapes.ttl", thorough=True)
    assert write(again, "text") == write(report, "text"), "labels of blank nodes are no part of it"
