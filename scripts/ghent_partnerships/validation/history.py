"""The documents as they were at a revision of git."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from ..errors import UsageError
from ..files import STANDARD_INPUT, read
from ..project.git import Snapshot, work_tree
from ..rdf import parse
from .documents import Contents, Documents, Files, OtherFiles, ProjectFiles, project_files


def documents_at(revision: str, files: Files, now: Documents, *, allow_network: bool) -> Documents | None:
    """Return the documents of the files as they were before the change since a revision, or None where no file or no
    shapes file of others was there.

    ``now`` are the documents as they are. Of others, what cannot be seen at the revision counts as unchanged.

    Raises:
        UsageError: git is missing, or knows no such revision, or the files lie in several repositories or in none.
    """
    if isinstance(files, ProjectFiles):
        then = _of_project(revision, files, now)
        return project_files(files.project, files.given, then).load(then)
    return _of_others(revision, files, now.contents, allow_network=allow_network)


def _of_project(revision: str, files: ProjectFiles, now: Documents) -> Contents:
    project = files.project
    given = [file for file in files.given if file != STANDARD_INPUT]
    paths = {file.resolve() for file in project.files()}
    if project.checkout is None:  # what is installed is as it is
        installed = {path: now.contents[path] if path in now.contents else read(path) for path in paths}
        return installed | Snapshot(revision, work_tree(given)).contents(given)
    snapshot = Snapshot(revision, work_tree([project.root]))
    # A given file that the repository does not have is a change, so it is not counted as one that was there.
    held = {path: content for path, content in now.contents.items() if path in paths}
    return snapshot.contents([*(project.root / folder for folder in project.folders), *given], held)


def _of_others(revision: str, files: OtherFiles, now: Contents, *, allow_network: bool) -> Documents | None:
    groups = [[path for path in given if path != STANDARD_INPUT] for given in (files.given, files.given_shapes)]
    snapshot = Snapshot(revision, work_tree(*groups))
    piped = {path: content for path, content in now.items() if path == STANDARD_INPUT.resolve()}
    known = {path: content for path, content in now.items() if path not in piped}
    then = snapshot.contents([path for group in groups for path in group], known) | piped

    def there(given: Sequence[Path], expanded: Sequence[Path]) -> list[Path]:
        """The files that were there, by the names that they have now, also those that are gone from a directory."""
        folders = {path.resolve() for path in given if path.is_dir()}
        removed = [path for path in then if path.suffix in parse.SUFFIXES and folders & set(path.parents)]
        by_path = {path: file for file in reversed(expanded) if (path := file.resolve()) in then}
        return [*reversed(by_path.values()), *sorted(set(removed).difference(by_path))]

    def read_then(path: Path) -> bytes:
        absolute = path.resolve()
        earlier = snapshot.contents([path], {absolute: read(path)} if path.is_file() else None)
        if absolute not in earlier:
            raise UsageError(f"{path}: {os.strerror(errno.ENOENT)}")  # as of a file that is not here
        return earlier[absolute]

    data, shapes = there(files.given, files.data), there(files.given_shapes, files.shapes)
    if not data or not shapes:
        return None
    earlier = OtherFiles(files.given, files.given_shapes, data, shapes)
    return earlier.load(allow_network=allow_network, contents=then, reader=read_then)
