"""The report for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...terminal import no_command, printable
from . import SEVERITIES
from .source import LONGEST, Sources, excerpt
from .words import WORDS, Words, digits, found, mend, message, rule_id, severity_of, summary

if TYPE_CHECKING:
    from ...findings import Finding, Report

_ALIKE = 20  # findings of a kind that the text shows
_MOST = 1000  # findings that the text shows at all


def write(report: Report, language: str, colour: bool) -> str:
    """The report as lines, with the place of each finding and the token that stands there."""
    words = WORDS[language]
    sources = Sources(report.texts)
    lines = []
    for one in _grouped(report.findings, words):
        if isinstance(one, str):
            lines.append(one)
            continue
        lines.append(f"{_headline(one, words, colour)}: {_short(message(one, language))}")
        if (mark := sources.mark(one)) and mark.line.strip():
            lines += excerpt(one.line, mark)
        lines += [words.found + _short(found(one, language))] * bool(one.found)
        lines += [words.mend + _short(mend(one, language))] * bool(mend(one, language))
    for one in _grouped(report.mended, words):
        if isinstance(one, str):
            lines.append(one)
        else:
            head = _headline(one, words, colour)
            lines.append(f"{words.mended}: {head}: {_short(message(one, language))}")
    text = "".join(f"{line}\n" for line in [*lines, summary(report, language)])
    return no_command(text, r"\x3a", r"#\x23")  # an excerpt has been put together of single characters


def _headline(finding: Finding, words: Words, colour: bool) -> str:
    """The place, the severity and the code: what a compiler writes first."""
    place, severity = finding.place, words.nouns[severity_of(finding)][0]
    if colour:
        place = f"\x1b[1m{place}\x1b[0m"
        severity = f"\x1b[{dict(zip(SEVERITIES, (31, 33, 34), strict=True))[severity_of(finding)]}m{severity}\x1b[0m"
    return f"{place}: {severity} {printable(rule_id(finding))}"


def _grouped(findings: Sequence[Finding], words: Words) -> Iterator[Finding | str]:
    """The first findings of each kind, and after them how many more there are: nobody reads 100,000."""
    kinds = [(severity_of(one), rule_id(one), one.message) for one in findings]
    totals: dict[tuple[str, str, str], int] = {}
    last: dict[tuple[str, str, str], Finding] = {}
    for kind, finding in zip(kinds, findings, strict=True):
        totals[kind] = totals.get(kind, 0) + 1
        last[kind] = finding
    seen = dict.fromkeys(totals, 0)
    shown = told = 0
    for kind, finding in zip(kinds, findings, strict=True):
        if shown == _MOST:
            break
        if seen[kind] == _ALIKE:
            continue
        seen[kind] += 1
        shown += 1
        yield finding
        if seen[kind] == _ALIKE and (more := totals[kind] - _ALIKE):
            told += more
            code = printable(kind[1])
            yield words.alike.format(count=digits(more, words), code=code, place=last[kind].place)
    if rest := len(findings) - shown - told:
        yield words.more.format(count=digits(rest, words))


def _short(text: str) -> str:
    """The text in one line that can be read on a terminal."""
    return printable(text if len(text) <= LONGEST else text[:LONGEST] + "…")
