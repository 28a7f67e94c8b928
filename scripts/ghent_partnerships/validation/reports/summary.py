"""What every report has: the name of a rule, a severity, how many findings there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...text import Text
from ...translation import digits, ngettext, pgettext
from ...translation import message as _
from . import SEVERITIES

if TYPE_CHECKING:
    from ...findings import Finding, Report

ANNOTATIONS = 10  # of a level that GitHub shows of one step
_NAMES = {
    "violation": pgettext("a severity", "violation"),
    "warning": pgettext("a severity", "warning"),
    "info": pgettext("a severity", "info"),
}


def rule_id(finding: Finding) -> str:
    """The code of the rule; where it has none, what kind of constraint it is: ``min-count``."""
    if finding.code or not finding.result.constraint:
        return finding.code or "syntax"
    name = re.split(r"[#/:]", finding.result.constraint)[-1].removesuffix("ConstraintComponent")
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return "-".join(words).lower() or "constraint"


def severity_name(finding: Finding) -> Text:
    """The severity as readers call it; the IRI of one that somebody made up."""
    return _NAMES.get(finding.severity) or Text(finding.severity)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    counted = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        counted[finding.level] += 1
    return counted


def summary(report: Report, language: str) -> str:
    """Return a line in a language: ``55 files, 2,660 triples: 2 violations, 1 warning``."""
    files, triples = (digits(count) for count in (report.files, report.triples))
    of_each = counts(report.findings)
    violations, warnings, infos = (of_each[severity] for severity in SEVERITIES)
    read = (
        ngettext("{count} file", "{count} files", report.files, count=files),
        ngettext("{count} triple", "{count} triples", report.triples, count=triples),
    )
    numbers = (
        ngettext("{count} violation", "{count} violations", violations, count=digits(violations)),
        ngettext("{count} warning", "{count} warnings", warnings, count=digits(warnings)),
        ngettext("{count} info", "{count} infos", infos, count=digits(infos)),
    )
    parts = [part.localized(language) for part, count in zip(numbers, of_each.values(), strict=True) if count]
    shown = ", ".join(parts) or _("no findings").localized(language)
    baseline = "".join(f"; {part.localized(language)}" for part in _of_baseline(report))
    return f"{', '.join(part.localized(language) for part in read)}: {shown}{baseline}"


def _of_baseline(report: Report) -> Iterator[Text]:
    if count := len(report.accepted):
        yield ngettext(
            "{count} more that the baseline accepts",
            "{count} more that the baseline accepts",
            count,
            count=digits(count),
        )
    if count := report.outdated:
        yield ngettext(
            "{count} entry of the baseline no longer occurs (--prune-baseline removes it)",
            "{count} entries of the baseline no longer occur (--prune-baseline removes them)",
            count,
            count=digits(count),
        )
