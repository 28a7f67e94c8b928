"""The report as SARIF 2.1.0."""

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest

import needs
from ghent_partnerships.findings import Finding, Report
from ghent_partnerships.text import Text
from ghent_partnerships.validation.reports import write
from report_samples import ATTACK, FILE, NOTHING, REPORT, SYNTAX, TEXT, YEAR, altered, only


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
    assert re.fullmatch("[0-9a-f]{32}:1", fingerprint)
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
    assert fingerprints(altered(YEAR, file="x")) == [known]  # a file that is renamed has the same nodes
    for name in ("code", "focus", "path", "value", "shape", "constraint"):
        assert fingerprints(altered(YEAR, **{name: "x"})) != [known], name
    assert [fingerprint.rpartition(":")[2] for fingerprint in fingerprints(YEAR, YEAR, YEAR)] == ["1", "2", "3"]


def test_without_a_name_the_file_tells_findings_apart_and_without_a_node_the_words() -> None:
    first, second = (altered(YEAR, focus=label, value=label) for label in ("_:a1", "_:b2"))
    assert fingerprints(first) == fingerprints(second)
    assert fingerprints(first) == fingerprints(altered(first, line=3, message="x"), text="\n" + TEXT)
    assert fingerprints(first) != fingerprints(altered(first, file="x"))
    assert [known[-2:] for known in fingerprints(first, second)] == [":1", ":2"]
    unread = altered(YEAR, focus="", value="")
    assert fingerprints(unread) != fingerprints(altered(unread, message="x"))
    assert fingerprints(unread) != fingerprints(altered(unread, file="x"))


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
