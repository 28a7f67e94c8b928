"""The report as workflow commands, which GitHub shows beside the lines that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...terminal import printable
from ...translation import digits
from ...translation import message as _
from . import SEVERITIES
from .paths import from_top
from .source import Sources
from .summary import ANNOTATIONS, counts, rule_id, summary

if TYPE_CHECKING:
    from ...findings import Report

_COMMANDS = dict(zip(SEVERITIES, ("error", "warning", "notice"), strict=True))


def write(report: Report, language: str) -> str:
    """Return the report as a workflow command for each finding, and how many GitHub does not show.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    sources, written = Sources(report.texts), from_top()
    lines = []
    for finding in report.findings:
        path, line, column = finding.location
        properties = {"file": written(path), "line": str(line), "col": str(column)} if line else {}
        if (mark := sources.mark(finding.location)) and mark.end > mark.start:
            properties["endColumn"] = str(mark.end + 1)
        severity = "" if finding.severity in SEVERITIES else f" {finding.severity}"
        properties["title"] = f"{rule_id(finding)}{severity}"
        given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
        places = (
            f"{related.location._replace(path=written(related.location.path))}: {related.label.localized(language)}"
            for related in finding.related
        )
        about = "" if line else path  # a node in a store, which is no file
        texts = (about, finding.message.localized(language), *places, finding.help.localized(language))
        data = "%0A".join(_data(text) for text in texts if text)
        lines.append(f"::{_COMMANDS[finding.level]} {given}::{data}")
    if hidden := sum(max(count - ANNOTATIONS, 0) for count in counts(report.findings).values()):
        more = _(
            "GitHub shows {shown} annotations of each level of a step; this log has {count} more.",
            shown=ANNOTATIONS,
            count=digits(hidden),
        )
        lines.append(f"::notice::{more.localized(language)}")
    return "".join(f"{line}\n" for line in [*lines, summary(report, language)])


def _data(text: str) -> str:
    """The text for a workflow command. It starts none itself, also where somebody decodes and prints it again."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
