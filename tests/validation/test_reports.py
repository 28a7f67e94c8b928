"""The reports: each form says the same, and no text in the data says anything else with it."""

import json
import re
import time
from dataclasses import fields, replace
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat

import needs
from ghent_partnerships.errors import UsageError
from ghent_partnerships.findings import Finding, Fix, Location, Related, Report, Result
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.text import Text
from ghent_partnerships.validation.reports import FORMATS, write

SH = PREFIXES["sh"]
YEAR = Finding(
    code="GP102",
    message=Text(
        {"en": "A start year is one year of four digits.", "nl": "Een beginjaar is één jaar van vier cijfers."}
    ),
    help=Text({"en": 'Write it like gp:startYear "1971"^^xsd:gYear ;', "nl": "Schrijf het zo."}),
    location=Location("data/kanazawa.ttl", 2, 18),
    fix=Fix('"71"^^<http://www.w3.org/2001/XMLSchema#gYear>', '"1971"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
    result=Result(
        focus="<https://example.org/kanazawa>",
        path="<https://example.org/startYear>",
        value='"71"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        shape="https://example.org/start-year",
        constraint=SH + "DatatypeConstraintComponent",
        statement=Text('partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear'),
    ),
)
SYNTAX = Finding(severity="warning", message=Text("Unexpected end."), location=Location("data/melle.ttl"))
TEXT = 'partnership:ghent-kanazawa\n    gp:startYear "71"^^xsd:gYear ;\n.\n'
REPORT = Report((YEAR, SYNTAX), 55, 2660, {YEAR.location.path: TEXT})
NOTHING = Report((), 1, 1)

EVIL = (
    "\x1b[2J\r\n::error::owned\n##[error]owned\n]]></failure><script>alert(1)</script>&amp;\"'%0A::set-output name=x::y"
    "\u202e\u2028\x00\x7f\x85\ufffe[click](https://evil.example)"
)
FILE = f"::error::{EVIL}\udcff.ttl".replace("\x00", "")
HOSTILE = Finding(
    code=EVIL,
    message=Text({"en": EVIL, "nl": EVIL}),
    help=Text({"en": "::warning::" + EVIL, "nl": EVIL}),
    location=Location(FILE, 1, 3),
    related=(Related(Location(FILE, 1, 1), Text(EVIL)),),
    result=Result(
        focus="<https://example.org/x> . <https://example.org/a> <https://example.org/b> <https://example.org/c>",
        path=EVIL,
        value=str(Literal("\n::error::owned\n" + EVIL.replace("\x00", "").replace("\ufffe", ""))),
        shape=EVIL,
        constraint=EVIL,
        statement=Text(EVIL * 2),
    ),
)


def altered(finding: Finding, **changes: Any) -> Finding:
    """The finding with other content, by the names of its own fields, of those of its location and of its result."""
    location = {name: changes.pop(name) for name in ("line", "column") if name in changes}
    if "file" in changes:
        location["path"] = changes.pop("file")
    result = {one.name: changes.pop(one.name) for one in fields(Result) if one.name in changes}
    return replace(
        finding,
        location=finding.location._replace(**location),
        result=replace(finding.result, **result),
        **{name: Text(value) if name in ("message", "help") else value for name, value in changes.items()},
    )


LONG = altered(HOSTILE, message="\udc80" + "A" * 10_000)
ATTACK = Report((HOSTILE, LONG), 2, 2, {FILE: EVIL + "\n"})


def only(items: list[Any]) -> Any:
    (item,) = items
    return item


def triples(text: str) -> list[pyoxigraph.Triple]:
    return [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)]


# Text


def test_the_text_shows_the_place_and_how_to_mend_it() -> None:
    assert (
        write(REPORT, "text")
        == """data/kanazawa.ttl:2:18: violation GP102: A start year is one year of four digits.
    2 |     gp:startYear "71"^^xsd:gYear ;
      |                  ^~~~~~~~~~~~~~~
  found: partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear
  help:  Write it like gp:startYear "1971"^^xsd:gYear ;
data/melle.ttl:1:1: warning syntax: Unexpected end.
55 files, 2,660 triples: 1 violation, 1 warning
"""
    )


def test_the_text_in_dutch_falls_back_to_english() -> None:
    assert (
        write(replace(REPORT, fixed=(SYNTAX,)), "text", "nl")
        == """data/kanazawa.ttl:2:18: schending GP102: Een beginjaar is één jaar van vier cijfers.
    2 |     gp:startYear "71"^^xsd:gYear ;
      |                  ^~~~~~~~~~~~~~~
  gevonden: partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear
  herstel:  Schrijf het zo.
data/melle.ttl:1:1: waarschuwing syntax: Unexpected end.
hersteld: data/melle.ttl:1:1: waarschuwing syntax: Unexpected end.
55 bestanden, 2.660 triples: 1 schending, 1 waarschuwing
"""
    )


@pytest.mark.parametrize(
    ("severities", "language", "summary"),
    [
        ("", "en", "1 file, 1 triple: no findings"),
        ("", "nl", "1 bestand, 1 triple: geen bevindingen"),
        ("info warning warning", "en", "1 file, 1 triple: 2 warnings, 1 info"),
        ("info info violation violation", "nl", "1 bestand, 1 triple: 2 schendingen, 2 info's"),
        ("made-up", "en", "1 file, 1 triple: 1 violation"),
    ],
)
def test_the_summary_counts(severities: str, language: str, summary: str) -> None:
    report = replace(NOTHING, findings=tuple(altered(SYNTAX, severity=one) for one in severities.split()))
    assert write(report, "text", language).endswith(f"{summary}\n")


def test_no_file_is_several_files() -> None:
    assert write(Report((), 0, 0), "text") == "0 files, 0 triples: no findings\n"


def test_only_asked_for_there_is_colour() -> None:
    assert "\x1b" not in write(REPORT, "text")
    shown = write(REPORT, "text", colour=True).splitlines()
    assert shown[0].startswith("\x1b[1mdata/kanazawa.ttl:2:18\x1b[0m: \x1b[31mviolation\x1b[0m GP102: A start")
    assert shown[5].startswith("\x1b[1mdata/melle.ttl:1:1\x1b[0m: \x1b[33mwarning\x1b[0m syntax: ")
    note = write(Report((altered(SYNTAX, severity="info"),), 1, 1), "text", colour=True)
    assert "\x1b[34minfo\x1b[0m" in note


@pytest.mark.parametrize(
    ("line", "column", "shown", "mark"),
    [
        ("日本 <a:b> .", 4, "日本 <a:b> .", "     ^~~~~"),  # two columns each
        ("e\u0301 <a:b>", 4, "e\u0301 <a:b>", "  ^~~~~"),  # none
        ("\t<a:b>", 2, " <a:b>", " ^~~~~"),
        ("\x1b <a:b>", 3, "\\x1b <a:b>", "     ^~~~~"),
        ('"日本"', 1, '"日本"', "^~~~~~"),
        ("<a:b>", 6, "<a:b>", "     ^"),
        ("<a:b>", 99, "<a:b>", "     ^"),
        ("<a:b>  ", 1, "<a:b>", "^~~~~"),
    ],
)
def test_the_mark_stands_below_the_place(line: str, column: int, shown: str, mark: str) -> None:
    finding = altered(SYNTAX, column=column)
    lines = write(Report((finding,), 1, 1, {finding.location.path: line}), "text").splitlines()
    assert lines[1:3] == [f"    1 | {shown}", f"      | {mark}"]


@pytest.mark.parametrize("before", [0, 100, 5_000, 9_990])
def test_a_long_line_is_cut_around_the_place(before: int) -> None:
    line = "x" * before + "<a:b>" + "y" * (9_995 - before)
    finding = altered(SYNTAX, column=before + 1)
    shown, mark = write(Report((finding,), 1, 1, {finding.location.path: line}), "text").splitlines()[1:3]
    assert len(shown) <= len("    1 | ") + 160
    assert shown[mark.index("^") :].startswith("<a:b>")
    assert shown.endswith("…") == (before != 9_990)
    assert (shown[8] == "…") == (before > 0)


def test_a_line_of_160_columns_is_whole() -> None:
    shown = [
        write(Report((SYNTAX,), 1, 1, {SYNTAX.location.path: "x" * n}), "text").splitlines()[1] for n in (160, 161)
    ]
    assert shown == ["    1 | " + "x" * 160, "    1 | " + "x" * 158 + "…"]


@pytest.mark.parametrize("text", ["", "\n\n", "   \n"])
def test_there_is_no_excerpt_of_nothing(text: str) -> None:
    assert " | " not in write(Report((SYNTAX,), 1, 1, {SYNTAX.location.path: text}), "text")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_line_ends_as_in_turtle(end: str) -> None:
    finding = altered(SYNTAX, line=3)
    text = f"one{end}two\u2028{end}<three:>{end}"
    assert "    3 | <three:>\n      | ^~~~~~~~\n" in write(
        Report((finding,), 1, 1, {finding.location.path: text}), "text"
    )


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        ("", "syntax"),
        (SH + "MinCountConstraintComponent", "min-count"),
        (SH + "SPARQLConstraintComponent", "sparql"),
        (SH + "OrConstraintComponent", "or"),
        ("urn:x:MyJSONShape", "my-json-shape"),
        ("https://example.org/é", "constraint"),
    ],
)
def test_a_rule_without_a_code_has_a_name(constraint: str, code: str) -> None:
    finding = altered(SYNTAX, constraint=constraint)
    assert f": warning {code}: " in write(Report((finding,), 1, 1), "text")


def test_findings_of_a_kind_are_grouped() -> None:
    same = [altered(YEAR, line=number) for number in range(1, 24)]
    report = Report((*same, SYNTAX), 2, 3)
    text = write(report, "text")
    assert text.count("GP102: A start year") == 20
    assert "… and 3 more like this (GP102), the last at data/kanazawa.ttl:23:18\n" in text
    assert text.endswith("2 files, 3 triples: 23 violations, 1 warning\n")
    assert "like this" not in write(Report(tuple(same[:20]), 1, 1), "text")
    dutch = write(replace(report, fixed=tuple(same)), "text", "nl")
    assert dutch.count("… en nog 3 zoals deze (GP102), de laatste op data/kanazawa.ttl:23:18\n") == 2
    others = tuple(altered(one, severity="warning" if one.location.line % 2 else "info") for one in same)
    assert "like this" not in write(Report(others, 1, 1), "text")


@pytest.mark.slow
@pytest.mark.parametrize("alike", [True, False])
def test_a_hundred_thousand_findings_can_be_read(alike: bool) -> None:
    lines = "".join(f'    gp:startYear "{number}"^^xsd:gYear ;\n' for number in range(100_000))
    found = tuple(
        altered(YEAR, line=number, message=str(YEAR.message) if alike else f"Number {number}.")
        for number in range(1, 100_001)
    )
    start = time.process_time()
    text = write(Report(found, 1, 100_000, {YEAR.location.path: lines}), "text")
    assert time.process_time() - start < 5
    assert text.count("\n") < (200 if alike else 6_000)
    assert ("… and 99,980 more like this" if alike else "… and 99,000 more: json has all of them") in text
    assert text.endswith("1 file, 100,000 triples: 100,000 violations\n")


def test_the_places_of_what_is_not_shown_are_counted_once() -> None:
    same = [altered(YEAR, line=number) for number in range(30)]
    others = [altered(YEAR, message=f"Number {number}.") for number in range(1_000)]
    text = write(Report((*same, *others), 1, 1), "text")
    assert "… and 10 more like this" in text
    assert "… and 20 more: json" in text


# GitHub


def test_github_gets_workflow_commands() -> None:
    note = altered(SYNTAX, severity="info", file="a,b:c%.ttl", help="100%")
    assert (
        write(replace(REPORT, findings=(YEAR, SYNTAX, note)), "github")
        == """::error file=data/kanazawa.ttl,line=2,col=18,endColumn=33,title=GP102::\
A start year is one year of four digits.\
%0AWrite it like gp:startYear "1971"^^xsd:gYear ;
::warning file=data/melle.ttl,line=1,col=1,title=syntax::Unexpected end.
::notice file=a%2Cb%3Ac%25.ttl,line=1,col=1,title=syntax::Unexpected end.%0A100%25
55 files, 2,660 triples: 1 violation, 1 warning, 1 info
"""
    )
    assert "%0ASchrijf het zo.\n" in write(REPORT, "github", "nl")


def test_github_is_told_what_it_does_not_show() -> None:
    lines = write(Report((YEAR,) * 12 + (SYNTAX,) * 11 + (altered(SYNTAX, severity="info"),), 1, 1), "github")
    assert lines.count("::error ") == 12
    assert lines.splitlines()[-2:] == [
        "::notice::GitHub shows 10 annotations of each level of a step; this log has 3 more.",
        "1 file, 1 triple: 12 violations, 11 warnings, 1 info",
    ]
    assert "::notice::" not in write(Report((YEAR,) * 10 + (SYNTAX,) * 10, 1, 1), "github")


def unescaped(text: str) -> str:
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: chr(int(match[1], 16)), text)


def test_nothing_in_the_data_is_a_workflow_command() -> None:
    *commands, summary = write(ATTACK, "github").splitlines()
    assert summary == "2 files, 2 triples: 2 violations"
    assert len(commands) == 2
    for command in commands:
        match = re.fullmatch(r"::error file=([^:,]+),line=1,col=3,endColumn=\d+,title=([^:,]+)::(.*)", command)
        assert match, command
        assert unescaped(match[1]).startswith(r"\x3a:error::\x1b[2J\r\n::error::owned")
        assert "##[" not in command
        assert re.findall(r"%0[AD]", match[3].replace("%250A", "")) == ["%0A", "%0A"]
        assert not any(line.lstrip().startswith("::") for line in unescaped(match[3]).split("\n"))


# SARIF


def sarif(report: Report, **options: Any) -> Any:
    content = json.loads(write(report, "sarif", **options))
    schema = json.loads(needs.shared("conformance/sarif/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(content)
    assert content["version"] == "2.1.0"
    return only(content["runs"])


def test_sarif_holds_the_findings_and_their_rules() -> None:
    run = sarif(REPORT, version="1.2.3")
    rule = {
        "id": "GP102",
        "shortDescription": {"text": str(YEAR.message)},
        "fullDescription": {"text": str(YEAR.message)},
        "help": {"text": str(YEAR.help)},
        "defaultConfiguration": {"level": "error"},
    }
    assert run["tool"]["driver"]["rules"][0] == rule
    assert run["tool"]["driver"]["rules"][1]["id"] == "syntax"
    assert run["tool"]["driver"]["semanticVersion"] == "1.2.3"
    assert run["columnKind"] == "unicodeCodePoints"
    first, second = run["results"]
    fingerprint = first.pop("partialFingerprints")["ghentPartnerships/v1"]
    assert re.fullmatch("[0-9a-f]{64}:1", fingerprint)
    region = {"startLine": 2, "startColumn": 18, "endColumn": 33, "snippet": {"text": '"71"^^xsd:gYear'}}
    assert first == {
        "ruleId": "GP102",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": f"{YEAR.message}\n{YEAR.help}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "data/kanazawa.ttl"}, "region": region}}],
    }
    assert (second["level"], second["ruleIndex"], second["message"]) == ("warning", 1, {"text": "Unexpected end."})
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}


def test_sarif_of_nothing_and_in_dutch_is_valid() -> None:
    assert sarif(NOTHING)["results"] == []
    run = sarif(REPORT, language="nl")
    assert run["language"] == "nl"
    assert run["results"][0]["message"]["text"] == f"{YEAR.message['nl']}\n{YEAR.help['nl']}"


def test_the_rules_are_in_order() -> None:
    run = sarif(Report((SYNTAX, YEAR), 1, 1))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["GP102", "syntax"]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 0]


def test_a_snippet_is_whole_or_left_out() -> None:
    for length, there in ((1_000, True), (1_001, False)):
        text = f"<{'x' * (length - 2)}>"
        result = only(sarif(Report((SYNTAX,), 1, 1, {SYNTAX.location.path: text}))["results"])
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["endColumn"] == length + 1
        assert ("snippet" in region) == there


def test_sarif_says_what_a_change_mended() -> None:
    results = sarif(replace(REPORT, fixed=(YEAR,)))["results"]
    assert [result["baselineState"] for result in results] == ["new", "new", "absent"]
    assert "baselineState" not in sarif(REPORT)["results"][0]
    assert "snippet" not in results[2]["locations"][0]["physicalLocation"]["region"]  # it is no longer there


def fingerprints(*findings: Finding, text: str = TEXT) -> list[str]:
    results = json.loads(write(Report(findings, 1, 1, {YEAR.location.path: text}), "sarif"))["runs"][0]["results"]
    return [result["partialFingerprints"]["ghentPartnerships/v1"] for result in results]


def test_a_fingerprint_is_that_of_the_finding_and_not_of_its_line() -> None:
    (known,) = fingerprints(YEAR)
    below = altered(YEAR, line=3, column=20, message="In other words.", statement=Text(), help="")
    assert fingerprints(below, text="\n" + TEXT) == [known]
    for name in ("code", "file", "focus", "path", "value", "shape", "constraint"):
        assert fingerprints(altered(YEAR, **{name: "x"})) != [known], name
    assert [one.rpartition(":")[2] for one in fingerprints(YEAR, YEAR, YEAR)] == ["1", "2", "3"]


@pytest.mark.parametrize("labels", [("", ""), ("_:a1", "_:b2")])
def test_without_a_name_the_line_tells_findings_apart(labels: tuple[str, str]) -> None:
    one, two = (altered(YEAR, focus=label, value=label) for label in labels)
    assert fingerprints(one) == fingerprints(two)
    assert fingerprints(one) == fingerprints(altered(one, line=3), text="\n" + TEXT)
    assert fingerprints(one) != fingerprints(one, text=TEXT.replace("71", "72"))
    assert fingerprints(one) != fingerprints(altered(one, message="x"))


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/é#?%.ttl", "a%20b/%C3%A9%23%3F%25.ttl"),
        ("c:d.ttl", "c%3Ad.ttl"),
        ("/tmp/x y.ttl", "file:///tmp/x%20y.ttl"),
        ("\udcff.ttl", "%FF.ttl"),
        ("\ud800.ttl", "%5Cud800.ttl"),
    ],
)
def test_a_file_has_its_uri(file: str, uri: str) -> None:
    result = only(sarif(Report((altered(SYNTAX, file=file),), 1, 1))["results"])
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_sarif_holds_what_is_hostile_as_text() -> None:
    run = sarif(ATTACK)
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert unquote_to_bytes(place["artifactLocation"]["uri"]) == FILE.encode("utf-8", "surrogateescape")
    message = run["results"][0]["message"]["text"]
    assert r"\x1b" in message.replace("\\\\", "\\")
    assert not re.search(r"(?<!\\)\]\(", message)  # no link
    assert message.replace("\n", "").isprintable()


# JUnit


def test_junit_has_a_case_for_each_finding() -> None:
    root = ElementTree.fromstring(write(REPORT, "junit"))
    suite = only(root.findall("testsuite"))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    year, syntax = suite.findall("testcase")
    assert year.attrib == {
        "classname": "data/kanazawa.ttl",
        "name": "GP102 2:18 A start year is one year of four digits.",
        "file": "data/kanazawa.ttl",
        "line": "2",
    }
    failure = only(year.findall("failure"))
    assert failure.attrib == {"type": "GP102", "message": str(YEAR.message)}
    assert failure.text == write(Report((YEAR,), 1, 1, REPORT.texts), "text").rpartition("\n1 file")[0]
    assert only(syntax.findall("failure")).get("type") == "syntax"
    dutch = ElementTree.fromstring(write(REPORT, "junit", "nl"))
    assert [one.get("message") for one in dutch.iter("failure")] == [YEAR.message["nl"], str(SYNTAX.message)]


def test_junit_of_nothing_has_a_case_that_passes() -> None:
    assert (
        write(NOTHING, "junit")
        == """<?xml version='1.0' encoding='utf-8'?>
<testsuites name="ghent-partnerships" tests="1" failures="0" errors="0" skipped="0">
  <testsuite name="ghent-partnerships" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="ghent-partnerships" name="validate" />
    <system-out>1 file, 1 triple: no findings</system-out>
  </testsuite>
</testsuites>
"""
    )


def test_the_cases_of_junit_have_different_names() -> None:
    root = ElementTree.fromstring(write(Report((YEAR, YEAR, YEAR), 1, 1), "junit"))
    assert len({case.get("name") for case in root.iter("testcase")}) == 3


def test_junit_holds_what_is_hostile_as_text() -> None:
    root = ElementTree.fromstring(write(ATTACK, "junit").encode())
    assert {one.tag for one in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "system-out"}
    assert len(list(root.iter("testcase"))) == 2
    message = only(root.findall("*/testcase[1]/failure")).get("message")
    assert message == EVIL.encode("unicode_escape").decode("ascii").replace("##[", r"#\x23[")


# JSON


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


def test_json_numbers_the_blank_nodes() -> None:
    found = [altered(YEAR, focus=focus, value=value) for focus, value in (("_:f0", "_:f1"), ("_:f1", '"_:"'))]
    content = json.loads(write(Report(tuple(found), 1, 1), "json"))["findings"]
    assert [(one["result"]["focus"], one["result"]["value"]) for one in content] == [("_:b1", "_:b2"), ("_:b2", '"_:"')]


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
        **{one.name: getattr(finding.result, one.name) for one in fields(Result)},
        "statement": {"und": EVIL * 2},
    }


# Turtle


def test_the_turtle_is_the_report_of_shacl() -> None:
    assert (
        write(REPORT, "turtle")
        == """PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

[]
    a sh:ValidationReport ;
    sh:conforms false ;
    sh:result [ a sh:ValidationResult ; sh:focusNode <https://example.org/kanazawa> ; \
sh:resultMessage "A start year is one year of four digits."@en ; \
sh:resultMessage "Een beginjaar is één jaar van vier cijfers."@nl ; \
sh:resultPath <https://example.org/startYear> ; sh:resultSeverity sh:Violation ; \
sh:sourceConstraintComponent sh:DatatypeConstraintComponent ; \
sh:sourceShape <https://example.org/start-year> ; sh:value "71"^^xsd:gYear ] ;
    sh:result [ a sh:ValidationResult ; sh:resultMessage "data/melle.ttl:1:1: Unexpected end." ; \
sh:resultSeverity sh:Warning ; sh:sourceConstraintComponent gp:syntax ] ;
.
"""
    )
    assert "sh:conforms true ;" in write(NOTHING, "turtle")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("^<a:b>", "[ sh:inversePath <a:b> ]"),
        ("<a:b>/<a:c>", "( <a:b> <a:c> )"),
        ("(<a:b>|<a:c>)", "[ sh:alternativePath ( <a:b> <a:c> ) ]"),
        ("<a:b>*", "[ sh:zeroOrMorePath <a:b> ]"),
        ("<a:b>+", "[ sh:oneOrMorePath <a:b> ]"),
        ("<a:b>?", "[ sh:zeroOrOnePath <a:b> ]"),
        ("^<a:b>*", "[ sh:inversePath [ sh:zeroOrMorePath <a:b> ] ]"),
        ("(^<a:b>)*", "[ sh:zeroOrMorePath [ sh:inversePath <a:b> ] ]"),
        ("<a:b> / <a:c> | <a:d>", "[ sh:alternativePath ( ( <a:b> <a:c> ) <a:d> ) ]"),
        ("<a:b>/(<a:c>|<a:d>)", "( <a:b> [ sh:alternativePath ( <a:c> <a:d> ) ] )"),
        ("(" * 20 + "<a:b>" + "*)" * 20, "[ sh:zeroOrMorePath "),
    ],
)
def test_a_path_is_written_as_shacl_writes_it(path: str, written: str) -> None:
    text = write(Report((altered(YEAR, path=path),), 1, 1), "turtle")
    assert f"sh:resultPath {written}" in text
    assert triples(text)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "_:b",
        "<a:b>**",
        "<a:b",
        "(<a:b>",
        "<a:b>)",
        "!<a:b>",
        "<b>",
        "<a:b>/^<b>",
        "<a:b>x",
        "(" * 10_000,
        "^" * 10_000,
    ],
)
def test_what_is_no_path_is_left_out(path: str) -> None:
    text = write(Report((altered(YEAR, path=path),), 1, 1), "turtle")
    assert "resultPath" not in text
    assert text.count("\n[") == 1


def test_blank_nodes_have_no_labels() -> None:
    one = altered(YEAR, focus="_:b", value="_:b")
    text = write(Report((one, one), 1, 1), "turtle")
    assert text.count("sh:focusNode [] ;") == text.count("sh:value [] ]") == 2


def test_turtle_holds_what_is_hostile_as_text() -> None:
    text = write(ATTACK, "turtle")
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    found = triples(text)
    assert {one.predicate.value for one in found if not one.predicate.value.startswith(SH)} == {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    }
    for name in ("result", "sourceConstraintComponent"):
        assert len([one for one in found if one.predicate == NamedNode(SH + name)]) == 2
    assert [str(one.object) for one in found if one.predicate == NamedNode(SH + "value")] == [HOSTILE.result.value] * 2
    focus = {one.object for one in found if one.predicate == NamedNode(SH + "focusNode")}
    assert focus == {Literal(HOSTILE.result.focus)}
    assert Literal(EVIL, language="en") in {one.object for one in found}


def test_turtle_takes_neither_rdf_1_2_nor_what_is_no_term() -> None:
    text = write(Report((altered(YEAR, value="\udcff"),), 1, 1), "turtle")
    assert Literal(r"\udcff") in {one.object for one in triples(text)}
    for value in ("x", "<a:o> .\n<a:s> <a:p> <a:q>", "<<( <a:s> <a:p> <a:o> )>>", '"x"@en--ltr'):
        text = write(Report((altered(YEAR, value=value),), 1, 1), "turtle")
        assert [one.object for one in triples(text) if one.predicate == NamedNode(SH + "value")] == [Literal(value)]


# All


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_form_shows_what_cannot_be_seen(form: str, language: str) -> None:
    text = write(replace(ATTACK, fixed=tuple(ATTACK.findings)), form, language)
    assert text.replace("\n", "").isprintable()
    assert text.encode("utf-8")
    assert text == write(replace(ATTACK, fixed=tuple(ATTACK.findings)), form, language)
    assert text.endswith("\n")


def test_a_text_is_in_its_line() -> None:
    lines = write(replace(ATTACK, fixed=(HOSTILE,)), "text").splitlines()
    assert [line[:9] for line in lines if "violation " in line] == ["./::error"] * 2 + ["fixed: ./"]
    assert len(lines) == 8 + 8 + 1 + 1
    assert any(line.endswith("A" * 999 + "…") for line in lines)
    assert not any(line.lstrip().startswith("::") for line in lines)


@pytest.mark.parametrize("form", ["github", "junit", "turtle"])
def test_other_forms_do_not_name_what_was_mended(form: str) -> None:
    assert write(replace(NOTHING, fixed=(YEAR,)), form) == write(NOTHING, form)


def test_there_is_no_other_form_or_language() -> None:
    with pytest.raises(UsageError, match="expected text, github"):
        write(NOTHING, "xml")
    with pytest.raises(UsageError, match="expected en or nl"):
        write(NOTHING, "text", "fr")
