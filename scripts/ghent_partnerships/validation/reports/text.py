"""The report for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...terminal import no_command, printable
from ...text import Text
from ...translation import digits, pgettext
from ...translation import message as _
from . import SEVERITIES
from .source import LONGEST, Sources
from .summary import rule_id, severity_name, summary

if TYPE_CHECKING:
    from ...findings import Finding, Report

_ALIKE = 20  # findings of a kind that the text shows
_MOST = 1000  # findings that the text shows at all
_COLOURS = dict(zip(SEVERITIES, (31, 33, 34), strict=True))
_FIXED = pgettext("before a finding", "fixed")


def write(report: Report, language: str, colour: bool) -> str:
    """Return the report as lines, with the location and the token of each finding; ``colour`` adds ANSI colours."""
    sources = Sources(report.texts)
    lines = []
    for entry in _grouped(report.findings):
        if isinstance(entry, Text):
            lines.append(entry.localized(language))
            continue
        lines.append(_headline(entry, language, colour))
        lines += sources.excerpt(entry.location)
        for heading, text, location in entry.details(language):
            lines.append(heading + _short(text))
            lines += sources.excerpt(location) if location else []
    fixed = _FIXED.localized(language)
    for entry in _grouped(report.fixed):
        lines.append(
            entry.localized(language) if isinstance(entry, Text) else f"{fixed}: {_headline(entry, language, colour)}"
        )
    text = "".join(f"{line}\n" for line in [*lines, summary(report, language)])
    return no_command(text, r"\x3a", r"#\x23")  # an excerpt has been put together of single characters


def _headline(finding: Finding, language: str, colour: bool) -> str:
    """The place, the severity, the code and the message: what a compiler writes first."""
    place, severity = str(finding.location), printable(severity_name(finding).localized(language))
    if colour:
        place = f"\x1b[1m{place}\x1b[0m"
        severity = f"\x1b[{_COLOURS[finding.level]}m{severity}\x1b[0m"
    return f"{place}: {severity} {printable(rule_id(finding))}: {_short(finding.message.localized(language))}"


def _grouped(findings: Sequence[Finding]) -> Iterator[Finding | Text]:
    """The first findings of each kind, and after them how many more there are: nobody reads 100,000."""
    kinds = [(finding.level, rule_id(finding), str(finding.message)) for finding in findings]
    totals: dict[tuple[str, str, str], int] = {}
    last: dict[tuple[str, str, str], Finding] = {}
    for kind, finding in zip(kinds, findings, strict=True):
        totals[kind] = totals.get(kind, 0) + 1
        last[kind] = finding
    seen = dict.fromkeys(totals, 0)
    shown = counted = 0
    for kind, finding in zip(kinds, findings, strict=True):
        if shown == _MOST:
            break
        if seen[kind] == _ALIKE:
            continue
        seen[kind] += 1
        shown += 1
        yield finding
        if seen[kind] == _ALIKE and (more := totals[kind] - _ALIKE):
            counted += more
            yield _(
                "… and {count} more like this ({code}), the last at {place}",
                count=digits(more),
                code=printable(kind[1]),
                place=last[kind].location,
            )
    if rest := len(findings) - shown - counted:
        yield _("… and {count} more: json has all of them", count=digits(rest))


def _short(text: str) -> str:
    """The text in one line that can be read on a terminal."""
    return printable(text if len(text) <= LONGEST else text[:LONGEST] + "…")
