"""What git knows of the checkout: its releases, the files at a revision, and what is not committed.

git is only read: it checks nothing out, fetches nothing and writes nothing, and it runs no program that a
configuration names. The repository is that of the current directory or the checkout's, or else the one that the files
which are named lie in; never one that a folder inside it brings. A release is a tag of three numbers, like ``v1.2.3``.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import normpath

from ..errors import UsageError
from ..files import beginning, reason
from ..text import Text, quoted
from ..translation import message as _
from .citation import VERSION
from .project import Project
from .renames import renamed
from .settings import FILE

_REGULAR = (b"100644", b"100755")  # neither symbolic links nor submodules
_SUBMODULE = b"160000"
_MOST = 1 << 30  # bytes that are read of git at once
# A hook that calls the command sets more, for a repository that may be another, and some change what an argument means.
_KEPT = re.compile(r"(?!GIT_).*|GIT_CONFIG_.+|GIT_EXEC_PATH", re.DOTALL)
# The walls: a version of git that does not know one of them passes it over, and the others hold.
_WALLS = {
    "GIT_ALLOW_PROTOCOL": "none",  # nothing is fetched, whichever program or address a remote has
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OPTIONS = (
    "--no-pager",
    "-c",
    "safe.bareRepository=explicit",  # git 2.38
    "-c",
    "core.quotepath=off",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    f"core.attributesFile={os.devnull}",
)


def numbers(version: str) -> tuple[int, int, int] | None:
    """The numbers of a version like ``1.2.3``, which sort as versions do, or None where it is not of three numbers."""
    match = VERSION.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def releases(project: Project) -> list[str]:
    """The tags of the releases that a project comes from, like ``v1.2.3``, the newest version first.

    Raises:
        UsageError: git is missing, there is no checkout or no commit, or only the newest part of the history is here.
    """
    root, start = _root(project), project.settings.tags
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        problem = _("the history is not all here, so the last release is not known; run: git fetch --unshallow")
        raise UsageError(problem)
    merged = _git(root, "tag", "--no-column", "--merged", _commit(root, "HEAD"))
    tags = [tag for tag in os.fsdecode(merged).splitlines() if tag.startswith(start)]
    by_version = {version: tag for tag in tags if (version := numbers(tag.removeprefix(start)))}
    return [by_version[version] for version in sorted(by_version, reverse=True)]


def is_checked_out(revision: str, project: Project) -> bool:
    """Whether the checkout of a project is at the commit of this revision, whatever was changed in it since.

    Raises:
        UsageError: git is missing, or there is no checkout, or no such revision.
    """
    root = _root(project)
    return _commit(root, revision) == _commit(root, "HEAD")


def files_at(revision: str, paths: Iterable[str], project: Project) -> dict[str, bytes]:
    """The regular files at a revision under these paths (of files or folders, from the root of the project), by their
    path, sorted.

    Raises:
        UsageError: git is missing, or there is no checkout, or no such revision.
    """
    root, below = _root(project), _below(project)
    if not (wanted := sorted(normpath(f"{below}{path}") for path in paths)):
        return {}
    listed = _listed(root, _commit(root, revision), wanted)
    objects = {name.removeprefix(below): object_ for mode, object_, name in listed if mode in _REGULAR}
    return _contents(root, objects, revision)


def _listed(root: Path, commit: str, paths: Iterable[str] = ()) -> Iterator[tuple[bytes, bytes, str]]:
    """The mode, the object and the path of all that a commit has at these paths or under them; by default at any."""
    for entry in _git(root, "ls-tree", "-r", "-z", commit, "--", *paths).split(b"\0"):
        if entry:
            about, _, path = entry.partition(b"\t")
            mode, _, object_ = about.split()
            yield mode, object_, os.fsdecode(path)


def _contents(root: Path, objects: Mapping[str, bytes], revision: str) -> dict[str, bytes]:
    """The contents of objects, which are of this revision, by their path, sorted."""
    if not objects:
        return {}
    names = b"".join(name + b"\n" for name in objects.values())
    sizes = _git(root, "cat-file", "--batch-check=%(objectsize)", given=names).splitlines()
    absent = (path for path, size in zip(objects, sizes, strict=True) if not size.isdigit())
    if (path := next(absent, None)) is not None:
        raise UsageError(_missing(_("{path}: its content at {revision}", path=path, revision=revision)))
    if sum(map(int, sizes)) > _MOST - len(names) * 2:
        problem = _(
            "the files at {revision} have more than {most} MiB; name fewer of them",
            revision=revision,
            most=_MOST >> 20,
        )
        raise UsageError(problem)
    content = _git(root, "cat-file", "--batch", given=names)
    return dict(sorted(_blobs(content, dict(zip(objects, map(int, sizes), strict=True))).items()))


class Snapshot:
    """The regular files of a work tree as they were where its history and that of a revision part, with those of its
    submodules at the commits that they were pinned to then.

    Raises:
        UsageError: git is missing, or there is no such revision, or no commit that both histories have.
    """

    def __init__(self, revision: str, top: Path) -> None:
        self.revision, self.top = revision, top
        self._objects: dict[Path, tuple[Path, bytes]] = {}  # by absolute path: the work tree, and the object in it
        self._unknown: list[Path] = []  # submodules whose commit of then is not here
        self._list(top, _fork_point(top, revision))

    def _list(self, top: Path, commit: str) -> None:
        for mode, object_, name in _listed(top, commit):
            path = top / name
            if mode in _REGULAR:
                self._objects[path] = (top, object_)
            elif mode == _SUBMODULE and path.resolve() == path and os.path.lexists(path / ".git"):
                pinned = object_.decode("ascii")
                if _run(path, "cat-file", "-e", f"{pinned}^{{commit}}").returncode == 0:
                    self._list(path, pinned)
                else:
                    self._unknown.append(path)

    def contents(self, paths: Iterable[Path], now: Mapping[Path, bytes] | None = None) -> dict[Path, bytes]:
        """Return the contents of the files that were at these paths or under them, by absolute path.

        ``now`` are the contents of files as they are, by absolute path. Of those, one that cannot be seen at the
        revision (it lies outside the work tree, or git ignores it) is as it is now; and one that was renamed since is
        as it was, by the path that it has now.

        Raises:
            UsageError: an object is missing, or the files are too large.
        """
        now = now or {}
        above = {path.resolve() for path in paths}
        wanted = {path: path for path in self._objects if path in now or not above.isdisjoint((path, *path.parents))}
        added = {path: content for path, content in now.items() if path not in self._objects}
        unseen = self._unseen(added)
        new = {path: content for path, content in added.items() if path not in unseen}
        suffixes = {path.suffix for path in new}
        gone = [path for path in self._objects if path.suffix in suffixes and not _is_there(path)]
        for path, before in renamed(new, self._read(gone) if new else {}).items():
            wanted.pop(before, None)
            wanted[path] = before
        content = self._read(wanted.values())
        return {path: content[before] for path, before in wanted.items()} | {path: now[path] for path in unseen}

    def _read(self, paths: Iterable[Path]) -> dict[Path, bytes]:
        by_tree: dict[Path, dict[str, bytes]] = {}
        for path in paths:
            top, object_ = self._objects[path]
            by_tree.setdefault(top, {})[str(path.relative_to(top))] = object_
        read = ((top, _contents(top, objects, self.revision)) for top, objects in by_tree.items())
        return {top / name: content for top, files in read for name, content in files.items()}

    def _unseen(self, paths: Iterable[Path]) -> set[Path]:
        """The paths, of files that are here and were not, of which git has no history."""
        unseen: set[Path] = set()
        asked: dict[bytes, list[Path]] = {}  # what to ask git about, and the paths that the answer is for
        for path in paths:
            if not path.is_relative_to(self.top) or any(path.is_relative_to(module) for module in self._unknown):
                unseen.add(path)
            else:
                repository = (
                    nearest_work_tree(path.parent) or self.top
                )  # git does not look into another that lies in this one
                within = path if repository == self.top else repository
                asked.setdefault(b"./" + os.fsencode(within.relative_to(self.top)), []).append(path)
        given = b"".join(name + b"\0" for name in asked)
        ignored = _run(self.top, "check-ignore", "-z", "--stdin", given=given, GIT_LITERAL_PATHSPECS="0")
        return unseen.union(*(asked[name] for name in ignored.stdout.split(b"\0") if name))


def _is_there(path: Path) -> bool:
    """Whether something is at a path that is no link, which would lead to what was moved."""
    return os.path.lexists(path) and not path.is_symlink()


def _fork_point(top: Path, revision: str) -> str:
    """The last commit that the history of the work tree and that of a revision have in common, as for the change that
    ``git diff revision...HEAD`` shows: what others changed after it is no part of this change."""
    commit = _commit(top, revision)
    done = _run(top, "merge-base", commit, _commit(top, "HEAD"))
    if done.returncode != 0:
        problem = _(
            "{revision}: has no commit in common with what is checked out; if the history is not all here, run: "
            "git fetch --unshallow",
            revision=revision,
        )
        raise UsageError(problem)
    return done.stdout.decode("ascii").strip()


def work_tree(*groups: Iterable[Path]) -> Path:
    """Return the root of the work tree that paths lie in: the one around the current directory if any of them lies in
    that, else theirs. Of several groups of paths the first that has a repository says which.

    Raises:
        UsageError: the paths of a group lie in several repositories, or all outside of any.
    """
    here = nearest_work_tree(Path.cwd())
    for group in groups:
        found = {top: path for path in group if (top := _around(path.resolve(), here))}
        if len(found) > 1:
            first, second = sorted(map(str, found))[:2]
            problem = _(
                "{first} and {second} are two repositories; check the files of each in a run of its own",
                first=first,
                second=second,
            )
            raise UsageError(problem)
        if found:
            return next(iter(found))
    return _top(Path.cwd())


def _around(path: Path, here: Path | None) -> Path | None:
    """The root of the work tree around a path, or None: not that of a folder inside the one that is here."""
    return here if here and path.is_relative_to(here) else nearest_work_tree(path if path.is_dir() else path.parent)


def uncommitted(project: Project) -> list[str]:
    """The paths in a project that differ from the last commit, or that git neither has nor ignores, sorted.

    Raises:
        UsageError: git is missing, or there is no checkout.
    """
    root = _root(project)
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all")
    below = _below(project)
    entries = _git(root, *_unfiltered(root), "status", *options, "--", below or ".").split(b"\0")
    return sorted(os.fsdecode(entry[3:]).removeprefix(below) for entry in entries if entry)


def _unfiltered(root: Path) -> list[str]:
    """The options by which git runs no filter: `status` asks the one that an attribute of a file names."""
    listed = _run(root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.").stdout.split(b"\0")
    filters = {os.fsdecode(name).partition(".")[2].rpartition(".")[0] for name in listed if name}
    empty = [f"filter.{name}.{what}=" for name in sorted(filters) for what in ("clean", "smudge", "process")]
    optional = [f"filter.{name}.required=false" for name in sorted(filters)]
    return [part for option in (*empty, *optional) for part in ("-c", option)]


def _blobs(content: bytes, sizes: Mapping[str, int]) -> dict[str, bytes]:
    """The contents in what ``cat-file --batch`` writes: for each a line that ends in its size, it, and a line end."""
    start = 0
    blobs = {}
    for path, size in sizes.items():
        start = content.index(b"\n", start) + 1
        blobs[path] = content[start : start + size]
        start += size + 1
    return blobs


def _root(project: Project) -> Path:
    """The root of the repository that a project is in, which must have its settings: else git speaks of one that
    happens to be around it."""
    if project.checkout is None:
        raise UsageError(_("there is no checkout here: this needs the repository that the package is made from"))
    top, below = _top(project.checkout), _below(project)
    if below and not _git(top, "ls-files", "--", f"{below}{FILE}"):
        raise UsageError(_("{path}: not in the git repository around it; add it there", path=project.checkout))
    return top


def _below(project: Project) -> str:
    """What git has before the paths of a project that is in a folder of a repository: that folder and a slash."""
    root = (project.checkout or project.root).resolve()
    return f"{root.relative_to(top).as_posix()}/" if (top := _top(root)) != root else ""


def _top(inside: Path) -> Path:
    """The root of the work tree that a directory is in."""
    if (top := nearest_work_tree(inside.resolve())) is not None:
        return top
    raise UsageError(_("{path}: not a git repository; run this in the one that the files are in", path=inside))


def nearest_work_tree(start: Path) -> Path | None:
    """The nearest directory with a ``.git``, from an absolute one upwards: the file of a linked work tree or of a
    submodule too. No tree of git can bring that name; a bare repository, which any folder can be, has none."""
    return next((top for top in (start, *start.parents) if os.path.lexists(top / ".git")), None)


def _repository(top: Path) -> Path:
    """The repository of a work tree. git finds it, for it knows whether its owner may be trusted; it may not lie among
    the files, which a change may have brought."""
    done = _started(top, ["rev-parse", "--absolute-git-dir"], GIT_CEILING_DIRECTORIES=str(top.parent))
    if done.returncode != 0:
        raise UsageError(_("{path}: {problem}", path=top, problem=_reason(done)))
    repository = Path(os.fsdecode(done.stdout.removesuffix(b"\n"))).resolve()
    if repository.is_relative_to(top) and repository != top / ".git":
        problem = _("{path}: the repository is among the files that it is about; make a clone of it", path=top / ".git")
        raise UsageError(problem)
    return repository


def _commit(root: Path, revision: str) -> str:
    """The object name of the commit; a revision that starts with a hyphen would be an option."""
    if not revision.startswith("-") and "\0" not in revision:
        done = _run(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode("ascii").strip()
    raise UsageError(_("{revision}: git knows no such revision", revision=revision))


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(root, *arguments, given=given)
    if done.returncode != 0:
        raise UsageError(_("{path}: {problem}", path="git", problem=_reason(done)))
    return done.stdout


def _reason(done: subprocess.CompletedProcess[bytes]) -> Text:
    """Why git failed, in its words; where it lacks an object, what to do about that."""
    if b"promisor" in done.stderr or b"not allowed" in done.stderr or b"lazy fetch" in done.stderr:
        return _missing(_("an object"))
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    return Text(quoted(lines[0].removeprefix("fatal: "))) if lines else _("exit code {code}", code=done.returncode)


def _missing(what: Text) -> Text:
    return _(
        "{what} is not in this clone of the repository, and nothing is fetched here; make a clone that is whole "
        "(git clone without --filter)",
        what=what,
    )


def _run(top: Path, *arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    explicit = [f"--git-dir={_repository(top)}", f"--work-tree={top}"]
    return _started(top, [*explicit, *arguments], given, **environment)


def _started(
    directory: Path, arguments: list[str], given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run git to its end, with these further variables of the environment, and read its output and its errors."""
    kept = {name: value for name, value in os.environ.items() if _KEPT.fullmatch(name)}
    with tempfile.TemporaryFile() as standard_input, tempfile.TemporaryFile() as errors:
        standard_input.write(given)
        standard_input.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 (no shell; the revision is checked, the paths follow a --)
                ["git", *_OPTIONS, *arguments],  # noqa: S607 (the git that the user's PATH has)
                cwd=directory,
                env={**kept, **_WALLS, **environment},
                stdin=standard_input,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except OSError as error:
            problem = _("git cannot be run: {reason}; install git, or add it to PATH", reason=reason(error))
            raise UsageError(problem) from error
        with process:
            output = beginning(process.stdout, _MOST + 1) if process.stdout else b""
            if len(output) > _MOST:
                process.kill()
                problem = _("git: its output is larger than {most} MiB; name fewer files", most=_MOST >> 20)
                raise UsageError(problem)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors.read(1 << 16))
