"""Write what a validation found: for people, for GitHub and GitLab, for editors and other programs.

Texts of the data stay data: no format lets a text steer a terminal, start a workflow
command or end the string that it stands in. The same report gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...text import DEFAULT_LANGUAGE

if TYPE_CHECKING:  # dataclasses and pyoxigraph are slow to import, and only the choices may be wanted
    from ...findings import Report

FORMATS = ("text", "github", "sarif", "junit", "json", "turtle")
SEVERITIES = ("violation", "warning", "info")  # the worst first


def write(
    report: Report,
    output_format: str,
    language: str = DEFAULT_LANGUAGE,
    *,
    colour: bool = False,
    version: str = "",
) -> str:
    """Return the report in one of the ``FORMATS``, in a language of the interface (a tag of BCP 47, such as ``en``).

    ``colour`` adds ANSI colours to ``text``; ``version`` is that of this program, for SARIF.

    Raises:
        UsageError: there is no such format or language.
        InvalidError: the format is ``turtle``, and nobody knows whether the data conform: see ``turtle.write``.
    """
    from ...translation import languages
    from . import github, json, junit, sarif, text, turtle

    if output_format not in FORMATS:
        raise UsageError(f"{output_format}: no form of a report; expected {', '.join(FORMATS)}")
    if language not in languages():
        raise UsageError(f"{language}: no language of a report; expected {' or '.join(languages())}")
    if output_format == "text":
        return text.write(report, language, colour)
    if output_format == "github":
        return github.write(report, language)
    if output_format == "sarif":
        return sarif.write(report, language, version)
    if output_format == "junit":
        return junit.write(report, language)
    return json.write(report) if output_format == "json" else turtle.write(report)


def fails(report: Report, severity: str) -> bool:
    """Whether a finding of the report is at least as bad as ``severity``, one of the ``SEVERITIES``.

    Raises:
        ValueError: there is no such severity.
    """
    bad = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return any(finding.level in bad for finding in report.findings)
