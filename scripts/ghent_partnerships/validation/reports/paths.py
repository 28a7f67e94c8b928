"""Where a file stands for who reads a report elsewhere: from the top of its repository."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ...project.git import nearest_work_tree

_NO_PATH = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|standard input\Z")


def from_top() -> Callable[[str], str]:
    """Return what writes the path of a location from the top of the repository, whatever the current directory.

    The top is ``GITHUB_WORKSPACE`` where that contains the file, else that of the git work tree around the current
    directory, else that of the one around the file, else the current directory. A path outside of all is absolute, and
    none has ``..``. Source: GitHub's ADR 0276 on problem matchers, and the support of SARIF by its code scanning.
    """
    here = Path.cwd()
    workspace = os.environ.get("GITHUB_WORKSPACE")
    around_here = nearest_work_tree(here)

    @cache
    def folder_from_top(folder: Path) -> str | None:
        """The path of a folder from the top, or None where it is outside of all."""
        absolute = Path(os.path.realpath(folder))
        tops = [Path(os.path.realpath(workspace))] if workspace else []
        tops += [top for top in (around_here, nearest_work_tree(absolute), here) if top]
        return next((absolute.relative_to(top).as_posix() for top in tops if absolute.is_relative_to(top)), None)

    def written(path: str) -> str:
        if _NO_PATH.match(path):
            return path
        is_below = not path.startswith("/") and ".." not in path.split("/")
        folder, slash, name = ("", "", path) if is_below else path.rpartition("/")
        above = folder_from_top(here / f"{folder}{slash}")
        if above is None:
            return os.path.realpath(f"{folder}{slash}") + f"/{name}"
        return name if above == "." else f"{above}/{name}"

    return written
