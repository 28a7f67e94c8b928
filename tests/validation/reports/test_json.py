"""The report as JSON."""

import json
from dataclasses import fields, replace

import pytest

from ghent_partnerships.findings import Report, Result
from ghent_partnerships.validation.reports import fails, write
from report_samples import EVIL, FILE, HOSTILE, NOTHING, REPORT, SYNTAX, YEAR, altered

YEAR_IN_JSON = {
    "code": "GP102",
    "severity": "violation",
    "message": {"en": "A start year is one year of four digits.", "nl": "Een beginjaar is één jaar van vier cijfers."},
    "help": {"en": 'Write it like gp:startYear "1971"^^xsd:gYear ;', "nl": "Schrijf het zo."},
    "location": {"path": "data/kanazawa.ttl", "line": 2, "column": 18},
    "related": [],
    "fix": {
        "original": '"71"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        "replacement": '"1971"^^<http://www.w3.org/2001/XMLSchema#gYear>',
    },
    "result": {
        "focus": "<https://example.org/kanazawa>",
        "path": "<https://example.org/startYear>",
        "value": '"71"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        "shape": "https://example.org/start-year",
        "constraint": "http://www.w3.org/ns/shacl#DatatypeConstraintComponent",
        "statement": {"und": 'partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear'},
    },
}
SYNTAX_IN_JSON = {
    "code": "",
    "severity": "warning",
    "message": {"und": "Unexpected end."},
    "help": {},
    "location": {"path": "data/melle.ttl", "line": 1, "column": 1},
    "related": [],
    "fix": None,
    "result": {"focus": "", "path": "", "value": "", "shape": "", "constraint": "", "statement": {}},
}


def test_json_holds_everything() -> None:
    text = write(replace(REPORT, fixed=(SYNTAX,)), "json")
    content = json.loads(text)
    assert list(content) == ["version", "conforms", "files", "triples", "counts", "findings", "fixed"]
    assert content == {
        "version": 1,
        "conforms": False,
        "files": 55,
        "triples": 2660,
        "counts": {"violation": 1, "warning": 1, "info": 0},
        "findings": [YEAR_IN_JSON, SYNTAX_IN_JSON],
        "fixed": [SYNTAX_IN_JSON],
    }
    assert list(content["findings"][0]) == list(YEAR_IN_JSON)
    assert text == json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    assert json.loads(write(NOTHING, "json"))["conforms"] is True


@pytest.mark.parametrize(
    ("severity", "conforms"), [("info", True), ("warning", True), ("violation", False), ("urn:bad", False)]
)
def test_a_report_conforms_where_the_command_exits_with_0(severity: str, conforms: bool) -> None:
    report = Report((replace(YEAR, severity=severity),), 1, 1)
    assert (report.conforms, fails(report, "violation")) == (conforms, not conforms)


def test_json_numbers_the_blank_nodes() -> None:
    findings = [altered(YEAR, focus=focus, value=value) for focus, value in (("_:f0", "_:f1"), ("_:f1", '"_:"'))]
    content = json.loads(write(Report(tuple(findings), 1, 1), "json"))["findings"]
    assert [(shown["result"]["focus"], shown["result"]["value"]) for shown in content] == [
        ("_:b1", "_:b2"),
        ("_:b2", '"_:"'),
    ]


@pytest.mark.parametrize("file", [FILE, FILE.replace("\udcff", "\U000e0001")])
def test_json_shows_what_is_hostile_and_keeps_it(file: str) -> None:
    finding = altered(HOSTILE, file=file)
    text = write(Report((finding,), 1, 1), "json")
    assert text.replace("\n", "").isprintable()
    (shown,) = json.loads(text)["findings"]
    assert shown["location"] == {"path": file, "line": 1, "column": 3}
    assert shown["related"] == [{"location": {"path": FILE, "line": 1, "column": 1}, "label": {"und": EVIL}}]
    assert (shown["message"], shown["code"]) == ({"en": EVIL, "nl": EVIL}, EVIL)
    assert shown["result"] == {
        **{field.name: getattr(finding.result, field.name) for field in fields(Result)},
        "statement": {"und": EVIL * 2},
    }
