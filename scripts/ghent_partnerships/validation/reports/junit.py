"""The report as JUnit's XML, for GitLab and Jenkins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...terminal import printable
from .source import Sources, excerpt
from .words import WORDS, found, mend, message, rule_id, severity_of, summary

if TYPE_CHECKING:
    from ...findings import Report


def write(report: Report, language: str) -> str:
    """One test case for each finding, and one that passes where there is none: GitLab and Jenkins show each by name."""
    words = WORDS[language]
    sources = Sources(report.texts)
    cases = []
    names: dict[tuple[str, str], int] = {}
    for one in report.findings:
        file, code, said, help_text = _xml(one.file), rule_id(one), message(one, language), mend(one, language)
        name = f"{code} {one.line}:{one.column} {said}"
        names[one.file, name] = count = names.get((one.file, name), 0) + 1
        if count > 1:  # GitLab keeps one of those that have the same name
            name += f" ({count})"
        lines = [f"{one.place}: {words.nouns[severity_of(one)][0]} {printable(code)}: {printable(said)}"]
        if (mark := sources.mark(one)) and mark.line.strip():
            lines += excerpt(one.line, mark)
        lines += [words.found + printable(found(one, language))] * bool(one.found)
        lines += [words.mend + printable(help_text)] * bool(help_text)
        cases += [
            f'    <testcase classname="{file}" name="{_xml(name)}" file="{file}" line="{one.line}">',
            f'      <failure type="{_xml(code)}" message="{_xml(said)}">' + "\n".join(map(_xml, lines)) + "</failure>",
            "    </testcase>",
        ]
    count = len(report.findings)
    if not count:
        cases.append('    <testcase classname="ghent-partnerships" name="validate"/>')
    counts = f'tests="{max(count, 1)}" failures="{count}" errors="0" skipped="0"'
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="ghent-partnerships" {counts}>',
            f'  <testsuite name="ghent-partnerships" {counts}>',
            *cases,
            f"    <system-out>{_xml(summary(report, language))}</system-out>",
            "  </testsuite>",
            "</testsuites>",
            "",
        )
    )


def _xml(text: str) -> str:
    """The text in an element or an attribute. What XML cannot hold cannot be seen either, so it is escaped already."""
    from html import escape

    return escape(printable(text))
