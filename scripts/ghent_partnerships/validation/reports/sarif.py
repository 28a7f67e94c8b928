"""The report as SARIF 2.1.0, for GitHub's code scanning and for editors."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...terminal import printable
from ...translation import message as _
from ..identity import fingerprint
from . import SEVERITIES
from .json import as_json
from .paths import from_top
from .source import LONGEST, Sources
from .summary import rule_id

if TYPE_CHECKING:
    from ...findings import Finding, Location, Report


def write(report: Report, language: str, version: str) -> str:
    """Return the report as a SARIF 2.1.0 log of one run; ``version`` is that of this program, or nothing."""
    from ..rule_words import by_number

    sources, old = _Places(report.texts), _Places({})  # what was fixed stands in texts that are gone
    accepted = [finding for finding, _reason in report.accepted]
    rules: dict[str, dict[str, object]] = {}
    for finding in (*report.findings, *accepted, *report.fixed):
        rules.setdefault(rule_id(finding), _rule(finding, language))
    order = {code: number for number, code in enumerate(sorted(rules, key=by_number))}
    seen: dict[str, int] = {}
    results = [_result(finding, language, sources, order, seen) for finding in (*report.findings, *accepted)]
    if accepted:  # all results of a run have suppressions, or none has
        suppressions: list[list[dict[str, str]]] = [[] for _finding in report.findings]
        suppressions += [[_suppression(reason)] for _finding, reason in report.accepted]
        results = [{**result, "suppressions": by} for result, by in zip(results, suppressions, strict=True)]
    if report.fixed:  # all results of a run have a state, or none has
        results = [{**result, "baselineState": "new"} for result in results]
        absent = (_result(finding, language, old, order, seen) for finding in report.fixed)
        results += [{**result, "baselineState": "absent"} for result in absent]
    driver: dict[str, object] = {"name": "ghent-partnerships", "rules": [rules[code] for code in order]}
    if version:
        driver["semanticVersion"] = version
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return as_json({"$schema": schema, "version": "2.1.0", "runs": [run]})


class _Places(Sources):
    """The texts that findings stand in, and where their files stand in the repository."""

    def __init__(self, texts: Mapping[str, str | Mapping[int, str]]) -> None:
        super().__init__(texts)
        self.written = from_top()


def _suppression(reason: str) -> dict[str, str]:
    """Whoever keeps the baseline accepts the finding; the reason is theirs."""
    accepted = {"kind": "external", "status": "accepted"}
    return {**accepted, "justification": printable(reason)} if reason else accepted


def _rule(finding: Finding, language: str) -> dict[str, object]:
    """The rule that a finding is of. A rule of the project has one message; that of others depends on their shapes."""
    if finding.code:
        about, help_ = finding.message.localized(language), finding.help.localized(language)
    else:
        unreadable = _("A file can be read, and used for what it is given for.").localized(language)
        about, help_ = finding.result.constraint or unreadable, ""
    return {
        "id": printable(rule_id(finding)),
        "shortDescription": {"text": _sarif_text(about)},
        "fullDescription": {"text": _sarif_text(about)},
        "help": {"text": _sarif_text(help_ or about)},
        "defaultConfiguration": {"level": _level(finding)},
    }


def _result(
    finding: Finding, language: str, sources: _Places, order: Mapping[str, int], seen: dict[str, int]
) -> dict[str, object]:
    texts = (finding.message.localized(language), finding.help.localized(language))
    known = fingerprint(finding, sources.written)
    seen[known] = number = seen.get(known, 0) + 1
    result = {
        "ruleId": printable(rule_id(finding)),
        "ruleIndex": order[rule_id(finding)],
        "level": _level(finding),
        "message": {"text": "\n".join(_sarif_text(text) for text in texts if text)},
        "locations": [_location(finding.location, sources)],
        "partialFingerprints": {"ghentPartnerships/v1": f"{known}:{number}"},
    }
    if finding.severity not in SEVERITIES:
        result["properties"] = {"severity": printable(finding.severity)}
    related = [
        {
            **_location(place.location, sources),
            "id": id_,
            "message": {"text": _sarif_text(place.label.localized(language))},
        }
        for id_, place in enumerate(finding.related)
    ]
    return {**result, "relatedLocations": related} if related else result


def _location(location: Location, sources: _Places) -> dict[str, object]:
    artifact = {"artifactLocation": {"uri": _uri(sources.written(location.path))}}
    if not location.line:
        return {"physicalLocation": artifact}
    region: dict[str, object] = {"startLine": location.line, "startColumn": location.column}
    if (mark := sources.mark(location)) and mark.end > mark.start:
        region["endColumn"] = mark.end + 1
        if mark.end - mark.start <= LONGEST:
            region["snippet"] = {"text": mark.line[mark.start : mark.end]}
    return {"physicalLocation": {**artifact, "region": region}}


def _level(finding: Finding) -> str:
    return dict(zip(SEVERITIES, ("error", "warning", "note"), strict=True))[finding.level]


def _sarif_text(text: str) -> str:
    """The text for a message, in which ``[…](…)`` would be a link."""
    text = printable(text)
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text) if "](" in text else text


def _uri(file: str) -> str:
    from urllib.parse import quote

    if re.match(r"https?://", file):
        return quote(printable(file), safe="/:?#[]@!$&'()*+,;=%~")
    try:
        path = quote(os.fsencode(file))
    except UnicodeEncodeError:  # half a character that stands for no byte
        path = quote(printable(file))
    return f"file://{path}" if path.startswith("/") else path
