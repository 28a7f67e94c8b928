"""The report as JUnit's XML."""

from xml.etree import ElementTree

from ghent_partnerships.findings import Report
from ghent_partnerships.validation.reports import write
from report_samples import ATTACK, EVIL, NOTHING, REPORT, SYNTAX, YEAR, only


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
    assert [failure.get("message") for failure in dutch.iter("failure")] == [YEAR.message["nl"], str(SYNTAX.message)]


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
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "system-out"}
    assert len(list(root.iter("testcase"))) == 2
    message = only(root.findall("*/testcase[1]/failure")).get("message")
    assert message == EVIL.encode("unicode_escape").decode("ascii").replace("##[", r"#\x23[")
