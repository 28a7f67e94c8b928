"""What a change did to the findings: those that it caused, and those that it fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from ..findings import Finding, Report


def changed(before: Report, after: Report, caused: Iterable[Finding] = ()) -> Report:
    """The report with the findings after a change that were not there before, and with those that are ``fixed``.

    A finding is the same wherever in its file it stands; of several that are the same, the last are the new ones.
    ``caused`` are findings of the change itself.
    """
    new = _more(after.findings, before.findings)
    fixed = _more(before.findings, after.findings)
    return replace(after, findings=tuple(sorted([*new, *caused])), fixed=fixed)


def _more(findings: Sequence[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that are not among the others, in their order."""
    left = Counter(map(_identity, others))
    more = []
    for finding in findings:
        key = _identity(finding)
        if left[key]:
            left[key] -= 1
        else:
            more.append(finding)
    return tuple(more)


def _identity(finding: Finding) -> Hashable:
    """What a finding is known by: neither its place nor the labels of blank nodes, which are new on each run."""
    result = finding.result
    terms = ("_:" if term.startswith("_:") else term for term in (result.focus, result.value))
    about = (result.path, result.shape, result.constraint, finding.severity, str(finding.message))
    return (finding.location.path, finding.code, *terms, *about)
