"""What a change did to the findings: those that it caused, and those that it fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from ..findings import Finding, Report
from .identity import identity


def changed(before: Report, after: Report, caused: Iterable[Finding] = ()) -> Report:
    """The report with the findings after a change that were not there before, and with those that are ``fixed``.

    Which finding is the same, ``identity`` says, and it has the same file and severity; of several that are the same,
    the last are the new ones. ``caused`` are findings of the change itself.
    """
    new, earlier = _compared(after.findings, before.findings)
    fixed, _left = _compared(before.findings, after.findings)
    return replace(after, findings=tuple(sorted([*new, *caused])), fixed=fixed, earlier=earlier)


def _compared(
    findings: Sequence[Finding], others: Iterable[Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that are not among the others, in their order, and those that are."""
    left = Counter(map(_identity, others))
    more: list[Finding] = []
    same: list[Finding] = []
    for finding in findings:
        key = _identity(finding)
        (same if left[key] > 0 else more).append(finding)
        left[key] -= 1
    return tuple(more), tuple(same)


def _identity(finding: Finding) -> Hashable:
    return finding.location.path, finding.severity, identity(finding, str)
