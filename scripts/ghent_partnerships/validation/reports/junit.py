"""The report as JUnit's XML, for GitLab and Jenkins."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...terminal import printable
from .paths import from_top
from .source import Sources
from .summary import rule_id, severity_name, summary

if TYPE_CHECKING:
    from ...findings import Finding, Report

_NAME = "ghent-partnerships"


def write(report: Report, language: str) -> str:
    """Return the report as XML: a test case for each finding, or one that passes where there is none, as GitLab and
    Jenkins show each by name."""
    sources, written = Sources(report.texts), from_top()
    number = len(report.findings)
    totals = {"name": _NAME, "tests": f"{max(number, 1)}", "failures": f"{number}", "errors": "0", "skipped": "0"}
    suites = Element("testsuites", totals)
    suite = SubElement(suites, "testsuite", totals)
    names: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        path, line, column = finding.location
        file, code, message = map(printable, (written(path), rule_id(finding), finding.message.localized(language)))
        name = f"{code} {line}:{column} {message}" if line else f"{code} {message}"
        names[file, name] += 1
        if names[file, name] > 1:  # GitLab keeps one of those that have the same name
            name += f" ({names[file, name]})"
        numbers = {"line": f"{line}"} if line else {}
        case = SubElement(suite, "testcase", {"classname": file, "name": name, "file": file, **numbers})
        SubElement(case, "failure", {"type": code, "message": message}).text = _details(finding, sources, language)
    if not number:
        SubElement(suite, "testcase", {"classname": _NAME, "name": "validate"})
    SubElement(suite, "system-out").text = summary(report, language)
    indent(suites)
    content: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return content.decode("utf-8") + "\n"


def _details(finding: Finding, sources: Sources, language: str) -> str:
    """The finding as the text shows it. What XML cannot hold cannot be seen either, so it is escaped already."""
    message = finding.message.localized(language)
    lines = [f"{finding.location}: {severity_name(finding).localized(language)} {rule_id(finding)}: {message}"]
    lines += sources.excerpt(finding.location)
    for heading, text, location in finding.details(language):
        lines.append(f"{heading}{text}")
        lines += sources.excerpt(location) if location else []
    return "\n".join(map(printable, lines))
