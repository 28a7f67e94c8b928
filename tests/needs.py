"""What a test needs that the repository does not carry: found, or installed where that may be, or the test is not run.

A test that is not run says why and how it would be. With ``CI=true`` in the environment it has failed: what nobody ran
has not passed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

_SHARED = Path(__file__).resolve().parents[2].joinpath("shared").resolve()


@cache
def program(name: str, packages: str = "") -> str:
    """The path of a program of the system, from Debian's ``packages`` if need be, or that of the same name."""
    packages = packages or name
    if (path := shutil.which(name)) is None and (apt := shutil.which("apt-get")) and os.geteuid() == 0:
        with locked("apt-get"):
            path = shutil.which(name) or _installed(apt, name, packages)
    return path or not_run(f"{name} is not installed", f"apt-get install {packages}, or brew install {packages}")


def shared(name: str) -> Path:
    """A file that the repository must not carry. Who has none of them does without: that is no fault of a checkout."""
    if not _SHARED.is_dir():
        pytest.skip(f"not part of the repository: {_SHARED / name}")
    return _SHARED / name


def modules(home: Path) -> tuple[str, Path]:
    """Node, and a folder of .venv with the packages of npm that the lock file in a folder pins."""
    node, npm = (shutil.which(name, path=str(Path(sys.executable).parent)) for name in ("node", "npm"))
    if node is None or npm is None:
        not_run("Node is not in the environment", "pip install --editable '.[test]'")
    folder, lock = Path(sys.prefix) / home.name, (home / "package-lock.json").read_bytes()
    stamp, checksum = folder / "installed", hashlib.sha256(lock).hexdigest()
    with locked(home.name):
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != checksum:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(home / name, folder)
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
            if done.returncode:
                not_run(f"{home.name} cannot be installed ({done.stderr.strip()})", f"npm ci --prefix {folder}")
            stamp.write_text(checksum, encoding="utf-8")
    return node, folder


def script(home: Path, name: str) -> list[str]:
    """The command that runs a script of a folder among the packages that the folder's lock file pins."""
    node, folder = modules(home)
    with locked(home.name):
        if not (folder / name).exists() or (folder / name).read_bytes() != (home / name).read_bytes():
            shutil.copy(home / name, folder / f"{name}.new")
            (folder / f"{name}.new").replace(folder / name)  # in one step: another process may be reading it
    return [node, str(folder / name)]


def environment(home: Path) -> Path:
    """The Python of an environment of its own below .venv, with the packages that a folder's requirements.txt pins."""
    requirements = home / "requirements.txt"
    folder, checksum = Path(sys.prefix) / home.name, hashlib.sha256(requirements.read_bytes()).hexdigest()
    python, stamp = folder / "bin" / "python", folder / "installed"
    with locked(home.name):
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != checksum:
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
            install = ("install", "--quiet", "--no-compile", "--requirement", str(requirements))
            command = [str(python), "-m", "pip", *install]
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
            if done.returncode:
                not_run(f"{home.name} cannot be installed ({done.stderr.strip()})", " ".join(command[1:]))
            stamp.write_text(checksum, encoding="utf-8")
    return python


def not_run(reason: str, command: str) -> NoReturn:
    """Leave the test: not run on somebody's own machine, failed in CI."""
    message = f"not run, because {reason}; to run it: {command}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process of this environment at a time, whichever worker of pytest-xdist it is."""
    with (Path(sys.prefix) / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _installed(apt: str, name: str, packages: str) -> str | None:
    """Install with the lists of packages at hand, or else with new ones: a fresh machine has none."""
    options = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-qq"]
    install = [apt, *options, "install", "-y", "--no-install-recommends", *packages.split()]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (install, [apt, *options, "update"], install):
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if command is install and done.returncode == 0:
            break
    return shutil.which(name)
