"""The report for programs: every finding with all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...terminal import no_command
from .words import counts

if TYPE_CHECKING:
    from ...findings import Report


def write(report: Report) -> str:
    """The report in every language."""
    from dataclasses import fields

    from ...findings import Finding

    names = [field.name for field in fields(Finding)]
    labels: dict[str, str] = {}

    def plain(finding: Finding) -> dict[str, object]:
        content = {name: getattr(finding, name) for name in names}
        for name in ("focus", "value"):
            if content[name].startswith("_:"):  # a label is new on each run
                content[name] = labels.setdefault(content[name], f"_:b{len(labels) + 1}")
        return content

    return as_json(
        {
            "conforms": report.conforms,
            "files": report.files,
            "triples": report.triples,
            "counts": counts(report.findings),
            "findings": [plain(finding) for finding in report.findings],
            "mended": [plain(finding) for finding in report.mended],
        }
    )


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
