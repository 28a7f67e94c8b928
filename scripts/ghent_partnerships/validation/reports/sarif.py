"""The report as SARIF 2.1.0, for GitHub's code scanning and for editors."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...terminal import printable
from . import SEVERITIES
from .json import as_json
from .source import LONGEST, Sources
from .words import WORDS, mend, message, rule_id, severity_of

if TYPE_CHECKING:
    from ...findings import Finding, Report


def write(report: Report, language: str, version: str) -> str:
    """The report as a log of one run; ``version`` is that of this program."""
    from ..rules import by_number

    sources, old = Sources(report.texts), Sources({})  # what was mended stands in texts that are gone
    rules: dict[str, dict[str, object]] = {}
    for one in (*report.findings, *report.mended):
        rules.setdefault(rule_id(one), _rule(one, language))
    order = {code: number for number, code in enumerate(sorted(rules, key=by_number))}
    seen: dict[str, int] = {}
    results = [_result(one, language, sources, order, seen) for one in report.findings]
    if report.mended:  # all results of a run have a state, or none has
        results = [{**result, "baselineState": "new"} for result in results]
        absent = (_result(one, language, old, order, seen) for one in report.mended)
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


def _rule(finding: Finding, language: str) -> dict[str, object]:
    """The rule that a finding is of. One of ours has one message; what others are about depends on their shapes."""
    if finding.code:
        about, help_text = message(finding, language), mend(finding, language)
    else:
        about, help_text = finding.constraint or WORDS[language].unreadable, ""
    return {
        "id": printable(rule_id(finding)),
        "shortDescription": {"text": _sarif_text(about)},
        "fullDescription": {"text": _sarif_text(about)},
        "help": {"text": _sarif_text(help_text or about)},
        "defaultConfiguration": {"level": _level(finding)},
    }


def _result(
    finding: Finding, language: str, sources: Sources, order: Mapping[str, int], seen: dict[str, int]
) -> dict[str, object]:
    mark = sources.mark(finding)
    region: dict[str, object] = {"startLine": finding.line, "startColumn": finding.column}
    if mark and mark.end > mark.start:
        region["endColumn"] = mark.end + 1
        if mark.end - mark.start <= LONGEST:
            region["snippet"] = {"text": mark.line[mark.start : mark.end]}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    both = "\n".join(_sarif_text(text) for text in (message(finding, language), mend(finding, language)) if text)
    fingerprint = _fingerprint(finding, mark.line if mark else "")
    seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
    return {
        "ruleId": printable(rule_id(finding)),
        "ruleIndex": order[rule_id(finding)],
        "level": _level(finding),
        "message": {"text": both},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"ghentPartnerships/v1": f"{fingerprint}:{number}"},
    }


def _level(finding: Finding) -> str:
    return dict(zip(SEVERITIES, ("error", "warning", "note"), strict=True))[severity_of(finding)]


def _sarif_text(text: str) -> str:
    """The text for a message, in which ``[…](…)`` would be a link."""
    text = printable(text)
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text) if "](" in text else text


def _uri(file: str) -> str:
    from urllib.parse import quote

    try:
        path = quote(os.fsencode(file))
    except UnicodeEncodeError:  # half a character that stands for no byte
        path = quote(printable(file))
    return f"file://{path}" if path.startswith("/") else path


def _fingerprint(finding: Finding, line: str) -> str:
    """What a finding is recognised by after lines were added above it. Labels of blank nodes are new on each run."""
    from hashlib import sha256

    terms = ["_:" if term.startswith("_:") else term for term in (finding.focus, finding.value)]
    parts = ["", rule_id(finding), finding.file, terms[0], finding.path, terms[1], finding.shape, finding.constraint]
    if terms[0] in ("", "_:"):
        parts += [finding.message, line.strip()]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
