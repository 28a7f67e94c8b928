"""Files that others name: which they are, what they hold, and that none leads out of its folder by a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO

from .errors import UsageError
from .text import Text, quoted
from .translation import either
from .translation import message as _

_MOST = 2 << 30  # bytes of a file: what a graph in memory can be made of
_CHUNK = 1 << 20
STANDARD_INPUT = Path("-")
_REASONS = {
    errno.ENOENT: _("No such file or directory"),
    errno.EACCES: _("Permission denied"),
    errno.ENOTDIR: _("Not a directory"),
    errno.EISDIR: _("Is a directory"),
    errno.ENOSPC: _("No space left on device"),
    errno.ELOOP: _("Too many levels of symbolic links"),
}


def expand(paths: Iterable[Path], suffixes: frozenset[str]) -> list[Path]:
    """The files that the paths name, a directory standing for all files under it with one of the suffixes (``.ttl``); a
    file that they name twice, be it by a link of either kind, is one file, under the name that comes first.

    Raises:
        UsageError: a path is missing or is neither a regular file nor a directory, or a directory holds no such file,
            or a link that leads out of it.
    """
    files: list[Path] = []
    for path in paths:
        kind = stat.S_IFREG if path == STANDARD_INPUT else _kind(path)
        if stat.S_ISREG(kind):
            files.append(path)
        elif stat.S_ISDIR(kind):
            try:
                below = sorted(file for file in path.rglob("*") if file.suffix in suffixes and file.is_file())
                below = [file for file in below if not any(part[0] == "." for part in file.relative_to(path).parts)]
            except OSError as error:
                raise UsageError(_unreadable(error.filename or path, error)) from error
            if not below:
                problem = _(
                    "{path}: no file under this directory ends in {suffixes}",
                    path=path,
                    suffixes=either(sorted(suffixes)),
                )
                raise UsageError(problem)
            files += [inside(file, path) for file in below]
        else:
            raise UsageError(_("{path}: not a regular file; give a file or a directory", path=path))
    once: dict[object, Path] = {}
    for file in files:
        once.setdefault(file if file == STANDARD_INPUT else _identity(file), file)
    return [*once.values()]


@cache
def standard_input() -> bytes:
    """What comes by standard input; it comes once.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return os.fdopen(0, "rb", closefd=False).read()
    except OSError as error:
        raise UsageError(_("standard input: cannot be read: {reason}", reason=reason(error))) from error


def read(path: Path) -> bytes:
    """The bytes of a regular file, which may be put in the place of another at any time, or grow.

    Raises:
        UsageError: the path is missing, unreadable or no regular file, a link that leads out, or too large.
    """
    if not stat.S_ISREG(_kind(path)):
        raise UsageError(_("{path}: not a regular file", path=path))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError(_("{path}: not a regular file", path=path))
            if os.fstat(descriptor).st_size <= _MOST and len(content := beginning(file, _MOST + 1)) <= _MOST:
                return content
    except OSError as error:
        raise UsageError(_unreadable(path, error)) from error
    problem = _("{path}: more than {most} GiB; divide it into smaller files", path=path, most=_MOST >> 30)
    raise UsageError(problem)


def beginning(stream: IO[bytes], most: int) -> bytes:
    """The first ``most`` bytes of a stream, or all where it has fewer. They come in chunks: read at once, they would
    take their memory beforehand."""
    content = BytesIO()
    while (left := most - content.tell()) and (chunk := stream.read(min(left, _CHUNK))):
        content.write(chunk)
    return content.getvalue()


def settings_table(file: Path) -> object:
    """Return what a ``pyproject.toml`` has as the table ``[tool.ghent-partnerships]``, or None where it has none.

    Raises:
        UsageError: the file cannot be read, or is not TOML in UTF-8.
    """
    import tomllib

    try:
        table: object = tomllib.loads(read(file).decode("utf-8"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = _("{path}:{line}: this is not UTF-8, so the settings are not known", path=shown(file), line=line)
        raise UsageError(problem) from error
    except (ValueError, RecursionError) as error:  # no TOML
        problem = _(
            "{path}: this is not TOML, so the settings are not known: {error}", path=shown(file), error=str(error)
        )
        raise UsageError(problem) from error
    for key in ("tool", "ghent-partnerships"):
        table = table.get(key) if isinstance(table, dict) else None
    return table


def inside(path: Path, folder: Path | None = None) -> Path:
    """The path, which may not lead by a link out of a folder that it is written to be under: by default the current
    directory. Who names a path there means what is there; a link may have come with what a stranger sent.

    Raises:
        UsageError: it leads out of it.
    """
    if _is_plainly_under(path, folder):
        return path
    try:
        within = (Path.cwd() if folder is None else folder).resolve()
        written = path.absolute() if folder is None else path
        is_under = Path(os.path.normpath(written)).is_relative_to(within if folder is None else folder)
        resolved = path.resolve()
    except (OSError, RuntimeError, ValueError):  # which says of itself what is wrong as soon as it is opened
        return path
    if is_under and not resolved.is_relative_to(within):
        problem = _(
            "{path}: a link that leads out of {folder}, to {target}; name that, if it is what you mean",
            path=path,
            folder=_("the current directory") if folder is None else shown(folder),
            target=resolved,
        )
        raise UsageError(problem)
    return path


def _is_plainly_under(path: Path, folder: Path | None) -> bool:
    """Whether a path is written below a folder, and no link stands between: nearly all are, and this is quick."""
    try:
        below = path if folder is None and not path.is_absolute() else path.relative_to(folder or Path.cwd())
    except ValueError:
        return False
    current = os.fspath(folder or Path.cwd())
    for part in below.parts:
        current = f"{current}{os.sep}{part}"
        if part == os.pardir or os.path.islink(current):  # noqa: PTH114  # of which there are hundreds
            return False
    return True


def shown(path: Path) -> str:
    """The path as a person would type it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def reason(error: OSError) -> Text:
    """Why the system refuses: a message of the interface for the commonest errors, else the words of the system."""
    return _REASONS.get(error.errno or 0) or Text(quoted(error.strerror or str(error)))


def _identity(file: Path) -> object:
    """What is the same for all names of a file; of one that is gone meanwhile, its path."""
    try:
        status = file.stat()
    except OSError:
        return file.resolve()
    return status.st_dev, status.st_ino


def _unreadable(path: object, error: OSError) -> Text:
    return _("{path}: cannot be read: {reason}", path=path, reason=reason(error))


def _kind(path: Path) -> int:
    try:
        inside(path)
        return path.stat().st_mode
    except OSError as error:
        raise UsageError(_("{path}: {problem}", path=path, problem=reason(error))) from error
    except ValueError as error:
        raise UsageError(_("{path!r} is not a path: {reason}", path=str(path), reason=quoted(str(error)))) from error
