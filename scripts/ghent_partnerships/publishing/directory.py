"""Write files and directories whole: prepared beside their place and moved into it in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from ..errors import UsageError
from ..files import inside, reason
from ..translation import message as _

_AT_FDCWD, _EXCHANGE = -100, 2  # Linux, renameat2(2)
_SWAP = 2  # macOS, renamex_np(2)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new; the permissions of one that is there stay.

    What is there and is no regular file (a device, a pipe, a descriptor of this process) is written into.

    Raises:
        UsageError: the file cannot be written.
    """
    with _failing_as_usage(path):
        descriptor = _descriptor(path)
        if descriptor is not None or (path.exists() and not path.is_file()):
            with open(path if descriptor is None else os.dup(descriptor), "wb") as file:  # noqa: PTH123 (or its number)
                file.write(content)
            return
        target = inside(path).resolve()
        handle, prepared = tempfile.mkstemp(dir=target.parent, prefix=".formatting.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            if target.exists():
                shutil.copymode(target, prepared)
            else:
                os.umask(mask := os.umask(0))  # the only way to know it
                Path(prepared).chmod(0o666 & ~mask)
            os.replace(prepared, target)
        except BaseException:
            os.unlink(prepared)
            raise


def _descriptor(path: Path) -> int | None:
    """The descriptor of this process that a path like /dev/stdout stands for: also of a regular file it is in use."""
    descriptors = {Path("/dev/fd"), Path("/dev/fd").resolve(), Path("/proc/self/fd").resolve()}
    for _step in range(40):  # as many links as Linux follows
        folder = path.parent.resolve()
        if folder in descriptors and path.name.isdecimal():
            return int(path.name)
        if not path.is_symlink():
            break
        path = folder / path.readlink()
    return None


def replace_directory(
    directory: Path, files: Iterable[tuple[str, bytes]], written: Callable[[Path], Iterable[str]]
) -> int:
    """Write files into a new directory, put it in the place of another in one step, and return their number.

    The new directory has the permissions of the present one, and its group where the system allows it. ``written``
    finds the files in a directory that an earlier call wrote, as they were written: nothing else in the present one may
    be lost, also of what comes while the new one is prepared. One process at a time prepares the new directory; what an
    earlier one left half-prepared is removed.

    Raises:
        UsageError: the directory cannot be written, another process is at it, or it holds something foreign; or
            something foreign came into it, and what was there is kept beside it.
    """
    with _failing_as_usage(directory):
        target = inside(directory).resolve()
        old = target.stat() if target.is_dir() else None
        if old is not None:
            if (kept := _foreign(target, written)) is not None:
                problem = _(
                    "{path}: holds {kept}, which publish did not write, or not as it is now; give another directory",
                    path=directory,
                    kept=kept,
                )
                raise UsageError(problem)
        elif target.exists():
            raise UsageError(_("{path}: not a directory", path=directory))
        with _prepared_beside(target, written) as prepared:
            if old is None:
                number = _write(prepared, files)
                prepared.rename(target)
            else:
                mode = stat.S_IMODE(old.st_mode)
                with suppress(PermissionError):
                    os.chown(prepared, -1, old.st_gid)
                prepared.chmod(mode | stat.S_IRWXU)  # before there is anything in it, which may take its group
                number = _write(prepared, files)
                prepared.chmod(mode)
                with _uninterrupted():
                    _exchange(prepared, target)
                    aside = _retire(prepared, target, written)
                if aside is not None:
                    problem = _(
                        "{path}: was written, and something came into it meanwhile; what was there is kept in {aside}",
                        path=directory,
                        aside=aside,
                    )
                    raise UsageError(problem)
    return number


def _foreign(directory: Path, written: Callable[[Path], Iterable[str]]) -> str | None:
    """Something in the directory that an earlier call did not write, or that was changed since, or None."""
    known = set(written(directory))
    files = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    return next((name for path in files if (name := path.relative_to(directory).as_posix()) not in known), None)


def _retire(old: Path, target: Path, written: Callable[[Path], Iterable[str]]) -> Path | None:
    """Remove of a directory what was written into it by an earlier call, each file as soon as it is known to be one.
    If there is more, that is kept beside the target, where this tells."""
    with suppress(OSError):
        old.chmod(stat.S_IRWXU)
        for name in written(old):
            (old / name).unlink()
    for folder, *_rest in os.walk(old, topdown=False):
        with suppress(OSError):  # it is not empty
            Path(folder).rmdir()
    if not old.is_dir():
        return None
    numbers = (f".{number}" if number else "" for number in count())
    aside = next(path for n in numbers if not os.path.lexists(path := target.with_name(f"{target.name}.kept{n}")))
    old.rename(aside)
    return aside


def _write(directory: Path, files: Iterable[tuple[str, bytes]]) -> int:
    number = 0
    made = {""}
    for path, content in files:
        folder = path.rpartition("/")[0]
        if folder not in made:
            (directory / folder).mkdir(parents=True, exist_ok=True)
            made.add(folder)
        with open(f"{directory}/{path}", "wb") as file:  # noqa: PTH123 (a third of the time that pathlib takes)
            file.write(content)
        number += 1
    return number


@contextmanager
def _prepared_beside(target: Path, written: Callable[[Path], Iterable[str]]) -> Iterator[Path]:
    """A new directory beside the target; whatever stands under its name in the end is removed."""
    import fcntl

    target.parent.mkdir(parents=True, exist_ok=True)
    parent = os.open(target.parent, os.O_RDONLY)
    prepared = target.with_name(f".{target.name}.publishing")
    try:
        fcntl.flock(parent, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in (prepared, prepared.with_name(f"{prepared.name}.old")):
            if next(iter(written(left)), None) is not None:  # it was whole, and may have been in use
                _retire(left, target, written)
            _remove(left)
        try:
            prepared.mkdir()
            yield prepared
        finally:
            _remove(prepared)
    except BlockingIOError as error:
        problem = _("{path}: another publish is at work beside it; wait for it to end", path=target)
        raise UsageError(problem) from error
    finally:
        os.close(parent)


def _remove(directory: Path) -> None:
    """Remove a directory, and let an interruption wait until it is gone."""
    with _uninterrupted():
        if directory.is_dir() and not directory.is_symlink():
            with suppress(OSError):
                directory.chmod(stat.S_IRWXU)  # it may be one that nobody may write
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is begun is ended before an interruption."""
    waiting = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, waiting)


def _exchange(first_path: Path, second_path: Path) -> None:
    """Exchange two directories in one step where the system can; else with a moment in which the second is absent."""
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(first_path), os.fsencode(second_path)
    if hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _EXCHANGE)
    elif hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(first, second, _SWAP)
    else:
        failed = -1
    if failed:
        aside = first_path.with_name(f"{first_path.name}.old")
        second_path.rename(aside)
        first_path.rename(second_path)
        aside.rename(first_path)


@contextmanager
def _failing_as_usage(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(_("{path}: cannot be written: {reason}", path=path, reason=reason(error))) from error
    except RuntimeError as error:  # pathlib before Python 3.13
        loop = reason(OSError(errno.ELOOP, ""))
        raise UsageError(_("{path}: cannot be written: {reason}", path=path, reason=loop)) from error
