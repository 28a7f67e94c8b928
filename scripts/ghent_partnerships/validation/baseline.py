"""A baseline: the findings that are accepted, so that only others count.

The file is JSON Lines, sorted: a line for each finding, which a person can edit and git can merge. ``file``, ``code``
and ``message`` tell a person which finding it is, and ``fingerprint`` tells the program; ``reason``, which may be left
out, is why the finding is accepted. The same finding twice is two lines.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import UsageError
from ..files import read
from ..findings import Finding, Report
from ..translation import message as _
from .identity import LENGTH, fingerprint, portable
from .reports.json import json_printable
from .reports.summary import rule_id

_KEYS = ("file", "code", "message", "reason", "fingerprint")


@dataclass(frozen=True, order=True)
class Entry:
    """A finding that is accepted: its file, from the folder of the baseline, its code and its message in English."""

    file: str
    code: str
    message: str
    fingerprint: str
    reason: str = ""


class Baseline:
    """The entries of a file, which need not be there yet."""

    def __init__(self, path: Path, entries: Iterable[Entry] = ()) -> None:
        self.path, self.entries = path, sorted(entries)
        self._folder = path.parent.resolve()

    def applied(self, every: Sequence[Finding], report: Report) -> Report:
        """Return a report in which the findings that have an entry are ``accepted``.

        ``every`` are all findings, of which the report may have those that a change caused. Of the same finding several
        times, the first have the entries.
        """
        reasons, left = self._matched(every)
        findings = sorted([*report.findings, *(finding for finding, _reason in report.accepted)])
        kept = tuple(finding for finding in findings if finding not in reasons)
        accepted = tuple((finding, reasons[finding]) for finding in findings if finding in reasons)
        return replace(report, findings=kept, accepted=accepted, outdated=len(left))

    def pruned(self, every: Sequence[Finding]) -> Baseline:
        """Return the baseline without the entries that are of none of all findings."""
        left = {id(entry) for entry in self._matched(every)[1]}  # two of the same are equal
        return Baseline(self.path, (entry for entry in self.entries if id(entry) not in left))

    def of(self, every: Sequence[Finding]) -> Baseline:
        """Return the baseline with an entry for each of these findings and no other, and with its reasons."""
        reasons = self._matched(every)[0]
        return Baseline(self.path, [self._entry(finding, reasons.get(finding, "")) for finding in every])

    def content(self) -> bytes:
        """Return the content of the file."""
        import json

        lines = []
        for entry in self.entries:
            values = {key: value for key in _KEYS if (value := getattr(entry, key)) or key != "reason"}
            lines.append(json_printable(json.dumps(values, ensure_ascii=False)) + "\n")
        return "".join(lines).encode()

    def _matched(self, findings: Sequence[Finding]) -> tuple[dict[Finding, str], list[Entry]]:
        """The reason of each finding that has an entry, and the entries that are left."""
        left: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in reversed(self.entries):
            left[entry.fingerprint].append(entry)
        reasons = {}
        for finding in findings:
            if left and (same := left.get(fingerprint(finding, self._relative))):
                reasons[finding] = same.pop().reason
        return reasons, [entry for entries in left.values() for entry in entries]

    def _entry(self, finding: Finding, reason: str) -> Entry:
        relative = self._relative
        message = portable(str(finding.message), relative)
        return Entry(relative(finding.location.path), rule_id(finding), message, fingerprint(finding, relative), reason)

    def _relative(self, path: str) -> str:
        return path if "://" in path else os.path.relpath(path, self._folder)


def read_baseline(path: Path) -> Baseline:
    """Return the baseline that a file holds.

    Raises:
        UsageError: the file is missing, unreadable, or no baseline.
    """
    lines = read(path).removesuffix(b"\n").split(b"\n")
    return Baseline(path, [_entry(path, number, line) for number, line in enumerate(lines, 1) if line.strip()])


def _entry(path: Path, number: int, line: bytes) -> Entry:
    import json

    def refused(column: int, problem: object) -> UsageError:
        expected = _("expected an entry of a baseline: a JSON object in one line, with {keys}", keys=", ".join(_KEYS))
        place = f"{path}:{number}:{column}"
        return UsageError(_("{place}: {problem}; {expected}", place=place, problem=problem, expected=expected))

    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(len(line[: error.start].decode()) + 1, _("this is not UTF-8")) from error
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise refused(error.colno, error.msg) from error
    except (ValueError, RecursionError) as error:
        raise refused(1, _("this cannot be read")) from error
    if not isinstance(values, dict):
        raise refused(1, _("this is no object"))
    if unknown := [key for key in values if key not in _KEYS]:
        raise refused(text.find(json.dumps(unknown[0], ensure_ascii=False)) + 1, _("{key!r} is no key", key=unknown[0]))
    if missing := [key for key in _KEYS if key not in values and key != "reason"]:
        raise refused(1, _("{key!r} is missing", key=missing[0]))
    for key, value in values.items():
        if not isinstance(value, str):
            raise refused(text.find(f'"{key}"') + 1, _("{key!r} is no text", key=key))
    if not re.fullmatch(f"[0-9a-f]{{{LENGTH}}}", values["fingerprint"]):
        problem = _("'fingerprint' has not {count} hexadecimal digits", count=LENGTH)
        raise refused(text.find('"fingerprint"') + 1, problem)
    return Entry(**values)
