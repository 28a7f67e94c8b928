"""What git knows of the checkout: its releases, the files as they were, and what is not committed.

git is asked and told nothing: it checks nothing out, fetches nothing and writes nothing. A release is a tag of three
numbers, like ``v1.2.3``.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from .citation import VERSION
from .errors import UsageError
from .files import checkout

_REGULAR = (b"100644", b"100755")  # neither symbolic links nor submodules
# A hook that calls us sets these, for a repository that need not be ours; the configuration of the user stays.
_ELSEWHERE = {
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
}


def numbers(version: str) -> tuple[int, int, int] | None:
    """The three numbers of a version, which are in its order, or None where it is not of three numbers."""
    match = VERSION.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def releases() -> list[str]:
    """The tags of the releases that the checkout comes from, like ``v1.2.3``, the newest version first.

    Raises:
        UsageError: git is missing, there is no checkout or no commit, or only the newest part of the history is here.
    """
    root = _root()
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise UsageError("the history is not all here, so the last release is not known; run: git fetch --unshallow")
    tags = os.fsdecode(_git(root, "tag", "--list", "v*", "--merged", _commit(root, "HEAD"))).splitlines()
    released = {found: tag for tag in tags if (found := numbers(tag.removeprefix("v")))}
    return [released[version] for version in sorted(released, reverse=True)]


def is_checked_out(revision: str) -> bool:
    """Whether the checkout is at the commit of this revision, whatever was changed in it since.

    Raises:
        UsageError: git is missing, or there is no checkout, or no such revision.
    """
    root = _root()
    return _commit(root, revision) == _commit(root, "HEAD")


def files_at(revision: str, paths: Iterable[str]) -> dict[str, bytes]:
    """The regular files at a revision under these paths (of files or folders, from the root), by their path, sorted.

    Raises:
        UsageError: git is missing, or there is no checkout, or no such revision.
    """
    return _files(_root(), revision, paths)


def _files(root: Path, revision: str, paths: Iterable[str]) -> dict[str, bytes]:
    wanted = sorted(paths)
    if not wanted:
        return {}
    listed = _git(root, "ls-tree", "-r", "-z", _commit(root, revision), "--", *wanted)
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    objects = {os.fsdecode(path): about.split()[2] for about, _, path in entries if about.split()[0] in _REGULAR}
    content = _git(root, "cat-file", "--batch", given=b"".join(name + b"\n" for name in objects.values()))
    return dict(sorted(zip(objects, _blobs(content), strict=True)))


def contents(revision: str, paths: Iterable[Path], start: Path) -> dict[Path, bytes]:
    """The contents of the regular files at a revision that were at these paths or under them, by absolute path.

    It is asked of the repository that ``start`` is in; what lies outside it has no contents.

    Raises:
        UsageError: git is missing, or there is no repository, or no such revision.
    """
    top = _top(start)
    inside = [path.resolve().relative_to(top) for path in paths if path.resolve().is_relative_to(top)]
    return {top / name: data for name, data in _files(top, revision, [path.as_posix() for path in inside]).items()}


def uncommitted() -> list[str]:
    """The paths that differ from the last commit, or that git neither has nor ignores, sorted.

    Raises:
        UsageError: git is missing, or there is no checkout.
    """
    root = _root()
    entries = _git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames").split(b"\0")
    return sorted(os.fsdecode(entry[3:]) for entry in entries if entry)


def _blobs(content: bytes) -> Iterator[bytes]:
    """The contents in what ``cat-file --batch`` writes: for each a line that ends in its size, it, and a line end."""
    start = 0
    while start < len(content):
        line = content.index(b"\n", start)
        end = line + 1 + int(content[start:line].rpartition(b" ")[2])
        yield content[line + 1 : end]
        start = end + 1


def _root() -> Path:
    """The root of the checkout, which must be that of a repository too: else git speaks of one around it."""
    root = checkout()
    if root is None:
        raise UsageError("there is no checkout here: this needs the repository that the package is made from")
    if _top(root) != root.resolve():
        raise UsageError(f"{root}: not the root of a git repository; make a clone of the repository")
    return root


def _top(inside: Path) -> Path:
    """The root of the repository that a directory is in."""
    return Path(os.fsdecode(_git(inside, "rev-parse", "--show-toplevel").removesuffix(b"\n"))).resolve()


def _commit(root: Path, revision: str) -> str:
    """The object name of the commit; a revision that starts with a hyphen would be an option."""
    if not revision.startswith("-") and "\0" not in revision:
        found = _run(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.decode("ascii").strip()
    raise UsageError(f"{revision}: git knows no such revision")


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(root, *arguments, given=given)
    if done.returncode != 0:
        why = (done.stderr.decode("utf-8", "replace").splitlines() or [f"exit code {done.returncode}"])[0]
        raise UsageError(f"git {arguments[0]}: {why.removeprefix('fatal: ')}")
    return done.stdout


def _run(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    options = ("-c", "core.quotepath=off", "-c", "core.fsmonitor=false")
    try:
        return subprocess.run(  # noqa: S603 (no shell; the revision is checked, the paths follow a --)
            ["git", *options, *arguments],  # noqa: S607 (the git that the user's PATH has)
            cwd=root,
            env=environment,
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UsageError(f"git cannot be run: {error.strerror}; install git, or add it to PATH") from error
