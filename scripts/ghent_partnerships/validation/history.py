"""The documents as they were at a revision of git."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import UsageError
from ..files import STANDARD_INPUT, read
from ..project.git import contents
from ..rdf import parse
from ..translation import message as _
from .documents import Contents, Documents, Files, OtherFiles, ProjectFiles, project_files


def documents_at(revision: str, files: Files, now: Documents, *, allow_network: bool) -> Documents | None:
    """Return the documents of the files at a revision, or None where no file or no shapes file of others was there.

    ``now`` are the documents as they are.

    Raises:
        UsageError: git is missing, or knows no such revision, or an imported file was not there.
    """
    if isinstance(files, ProjectFiles):
        then = _of_project(revision, files, now)
        return project_files(files.project, files.given, then).load(then)
    return _of_others(revision, files, allow_network=allow_network)


def _of_project(revision: str, files: ProjectFiles, now: Documents) -> Contents:
    project = files.project
    given = [file for file in files.given if file != STANDARD_INPUT]
    if project.repository is None:  # what is installed is as it is
        paths = [file.resolve() for file in project.files()]
        installed = {path: now.contents[path] if path in now.contents else read(path) for path in paths}
        return installed | contents(revision, given)
    folders = [project.root / folder for folder in project.folders]
    then = contents(revision, [*folders, *given], project.root)
    return then | contents(revision, given) if given else then


def _of_others(revision: str, files: OtherFiles, *, allow_network: bool) -> Documents | None:
    paths = [path for path in (*files.given, *files.given_shapes) if path != STANDARD_INPUT]
    then = contents(revision, paths)

    def there(given: Sequence[Path], expanded: Sequence[Path]) -> list[Path]:
        """The files that were there, also those that are gone from a directory."""
        folders = {path.resolve() for path in given if path.is_dir()}
        removed = [path for path in then if path.suffix in parse.SUFFIXES and folders & set(path.parents)]
        return [*dict.fromkeys([*(file.resolve() for file in expanded if file.resolve() in then), *sorted(removed)])]

    def read_then(path: Path) -> bytes:
        earlier = contents(revision, [path])
        if path.resolve() not in earlier:
            raise UsageError(_("{path}: not there at {revision}", path=path, revision=revision))
        return earlier[path.resolve()]

    data, shapes = there(files.given, files.data), there(files.given_shapes, files.shapes)
    if not data or not shapes:
        return None
    earlier = OtherFiles(files.given, files.given_shapes, data, shapes)
    return earlier.load(allow_network=allow_network, contents=then, reader=read_then)
