"""Paths as GitHub, code scanning and GitLab want them: from the top of the repository, wherever the command was run.

Sources: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, SARIF 2.1.0, 3.4.4.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...findings import Finding, Location, Report

_FROM_TOP = ("github", "sarif", "junit")


def rooted(report: Report, output_format: str, here: Path, environment: Mapping[str, str]) -> Report:
    """The report with the paths that its format wants.

    ``here`` is the working directory, from which relative paths of the report start. In ``github``, ``sarif`` and
    ``junit`` they start at the top: ``GITHUB_WORKSPACE`` of the environment where the file is in it, else the nearest
    directory above it with ``.git``, else ``here``. What is in none of these keeps its path.
    """
    if output_format not in _FROM_TOP:
        return report
    workspace = environment.get("GITHUB_WORKSPACE", "")

    @cache
    def path(name: str) -> str:
        file = Path(os.path.normpath(here / name))
        if not file.exists():
            return name
        tops = [Path(workspace)] if workspace else []
        tops += [folder for folder in file.parents if (folder / ".git").exists()][:1]
        top = next((top for top in (*tops, here) if file.is_relative_to(top)), None)
        return name if top is None else file.relative_to(top).as_posix()

    def moved(location: Location) -> Location:
        return location._replace(path=path(location.path))

    def of(finding: Finding) -> Finding:
        related = tuple(replace(place, location=moved(place.location)) for place in finding.related)
        return replace(finding, location=moved(finding.location), related=related)

    return replace(
        report,
        findings=tuple(map(of, report.findings)),
        fixed=tuple(map(of, report.fixed)),
        texts={path(name): text for name, text in report.texts.items()},
    )
