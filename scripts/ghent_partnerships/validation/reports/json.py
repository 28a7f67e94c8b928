"""The report for programs: every finding with all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...terminal import no_command
from ...text import NO_LANGUAGE
from .summary import counts

if TYPE_CHECKING:
    from ...findings import Finding, Location, Report
    from ...text import Text

_VERSION = 1  # of the keys: it grows when one of them goes or means something else
_UNDETERMINED = "und"  # the tag of a text in no language, as BCP 47 has it


def write(report: Report) -> str:
    """Return the report as JSON in every language: a text is an object with a key for each."""
    labels: dict[str, str] = {}

    def term(text: str) -> str:
        """The term; the label of a blank node is new on each run."""
        return labels.setdefault(text, f"_:b{len(labels) + 1}") if text.startswith("_:") else text

    def plain(finding: Finding) -> dict[str, object]:
        result, fix = finding.result, finding.fix
        return {
            "code": finding.code,
            "severity": finding.severity,
            "message": _text(finding.message),
            "help": _text(finding.help),
            "location": _location(finding.location),
            "related": [
                {"location": _location(place.location), "label": _text(place.label)} for place in finding.related
            ],
            "fix": None if fix is None else {"original": fix.original, "replacement": fix.replacement},
            "result": {
                "focus": term(result.focus),
                "path": result.path,
                "value": term(result.value),
                "shape": result.shape,
                "constraint": result.constraint,
                "statement": _text(result.statement),
            },
        }

    baseline: dict[str, object] = {}
    if report.accepted or report.outdated:
        accepted = [{**plain(finding), "reason": reason} for finding, reason in report.accepted]
        baseline = {"accepted": accepted, "outdated": report.outdated}
    return as_json(
        {
            "version": _VERSION,
            "conforms": report.conforms,
            "files": report.files,
            "triples": report.triples,
            "counts": counts(report.findings),
            "findings": [plain(finding) for finding in report.findings],
            "fixed": [plain(finding) for finding in report.fixed],
            **baseline,
        }
    )


def _location(location: Location) -> dict[str, object]:
    return {"path": location.path, "line": location.line or None, "column": location.column or None}


def _text(text: Text) -> dict[str, str]:
    return {
        _UNDETERMINED if language == NO_LANGUAGE else language: content for language, content in sorted(text.items())
    }


def as_json(content: object) -> str:
    """JSON with everything escaped that cannot be seen, what is half a character in a file name, and what would be a
    command to GitHub."""
    import orjson

    try:
        text = orjson.dumps(content, option=orjson.OPT_INDENT_2).decode("utf-8")
    except orjson.JSONEncodeError:  # half a character: the same text, much slower
        import json

        text = json.dumps(content, ensure_ascii=False, indent=2)
    return f"{json_printable(text)}\n"


def json_printable(text: str) -> str:
    """JSON with everything escaped that cannot be seen, or would be a command to GitHub: both stand in strings only."""
    lines = (line if line.isprintable() else _escaped(line) for line in text.split("\n"))
    return no_command("\n".join(lines), ":", r"#\u0023")


def _escaped(line: str) -> str:
    return "".join(
        char
        if char.isprintable()
        else "".join(f"\\u{unit:04x}" for unit in memoryview(char.encode("utf-16-le", "surrogatepass")).cast("H"))
        for char in line
    )
