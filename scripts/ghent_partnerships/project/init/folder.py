"""Put the files of a new project into a folder, all at once or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ...errors import UsageError
from ...files import inside, reason, shown
from ...text import Text
from ...translation import message as _
from ..settings import FILE

_KEPT = ".git"  # what may be there before
_NAMED = 5  # of what is in the way, so many are named


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their paths, into a folder that is not there yet, or in which there is nothing but ``.git``.

    They are prepared within the folder and then moved, what makes it a project last; if that fails, nothing of them is
    left.

    Raises:
        UsageError: there is something else in the folder, or it cannot be written.
    """
    try:
        is_new = not folder.exists()
        target = inside(folder)
        if not is_new and (there := sorted(path.name for path in target.iterdir() if path.name != _KEPT)):
            raise UsageError(_in_the_way(folder, there))
        target.mkdir(parents=True, exist_ok=True)
        try:
            _move_in(target, files)
        except BaseException:
            if is_new:
                target.rmdir()
            raise
    except OSError as error:
        raise UsageError(_("{path}: cannot be written: {reason}", path=folder, reason=reason(error))) from error


def _in_the_way(folder: Path, there: list[str]) -> Text:
    named, more = there[:_NAMED], len(there) - _NAMED
    listed = ", ".join(shown(folder / name) for name in named)
    if more > 0:
        return _("init: the folder is not empty: {listed} and {more} more; give another", listed=listed, more=more)
    return _("init: the folder is not empty: {listed}; give another", listed=listed)


def _move_in(target: Path, files: Mapping[str, bytes]) -> None:
    prepared = Path(tempfile.mkdtemp(dir=target, prefix=".init."))
    moved: list[Path] = []
    try:
        for name, content in files.items():
            file = prepared / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        for entry in sorted(prepared.iterdir(), key=lambda path: path.name == FILE):
            place = target / entry.name
            entry.rename(place)
            moved.append(place)
    except BaseException:
        for place in moved:
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        raise
    finally:
        shutil.rmtree(prepared, ignore_errors=True)
