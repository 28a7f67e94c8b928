"""The report as workflow commands, which GitHub shows beside the lines that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...terminal import printable
from . import SEVERITIES
from .source import Sources
from .words import ANNOTATIONS, WORDS, counts, digits, mend, message, rule_id, severity_of, summary

if TYPE_CHECKING:
    from ...findings import Report


def write(report: Report, language: str) -> str:
    """Workflow commands, which GitHub shows beside the lines that they are about."""
    words = WORDS[language]
    sources = Sources(report.texts)
    commands = dict(zip(SEVERITIES, ("error", "warning", "notice"), strict=True))
    lines = []
    for one in report.findings:
        properties = {"file": one.file, "line": str(one.line), "col": str(one.column)}
        if (mark := sources.mark(one)) and mark.end > mark.start:
            properties["endColumn"] = str(mark.end + 1)
        properties["title"] = rule_id(one)
        given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
        data = "%0A".join(_data(text) for text in (message(one, language), mend(one, language)) if text)
        lines.append(f"::{commands[severity_of(one)]} {given}::{data}")
    hidden = sum(max(count - ANNOTATIONS, 0) for count in counts(report.findings).values())
    lines += [f"::notice::{words.hidden.format(count=digits(hidden, words))}"] * bool(hidden)
    return "".join(f"{line}\n" for line in [*lines, summary(report, language)])


def _data(text: str) -> str:
    """The text for a workflow command. It starts none itself, also where somebody decodes and prints it again."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
