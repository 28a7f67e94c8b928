"""The files that Spark is to read."""

from __future__ import annotations

import gzip
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ...errors import UsageError
from ...files import expand, reason, shown
from ...text import quoted
from ...translation import either
from ...translation import message as _
from .statements import COMPRESSED, SUFFIXES, format_of

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_BLOCK = 1 << 20  # bytes
_WILD = re.compile(r"([\\,*?\[\]{}])")  # what means something in a list of Hadoop's paths


class Source(NamedTuple):
    """A file: its path, what it is called in the report, and its address for Hadoop."""

    path: Path
    name: str
    address: str

    @property
    def is_here(self) -> bool:
        """Whether it is a file of this machine, and not at an address, where only Spark reads it."""
        return not _ADDRESS.match(self.name)

    def is_marked(self) -> bool:
        """Whether it starts with a byte order mark, of which Spark says nothing.

        Raises:
            UsageError: it cannot be read.
        """
        return self.is_here and self._read(len(BOM_UTF8)) == BOM_UTF8

    def demand_readable(self) -> None:
        """Read what can be wrong with a file of this machine: all of it where it is compressed.

        Raises:
            UsageError: it cannot be read, is cut off, or not compressed as its name says.
        """
        if self.is_here:
            self._read()

    def _read(self, size: int = 0) -> bytes:
        is_compressed = self.name.endswith(COMPRESSED)
        try:
            with gzip.open(self.path) if is_compressed else self.path.open("rb") as stream:
                if size:
                    return stream.read(size)
                while stream.read(_BLOCK) and is_compressed:
                    pass
                return b""
        except (OSError, EOFError, zlib.error) as error:
            words = reason(error) if isinstance(error, OSError) else quoted(str(error))
            raise UsageError(_("{path}: cannot be read: {reason}", path=self.name, reason=words)) from error


@contextmanager
def named(files: Iterable[Source]) -> Iterator[None]:
    """Where a job of Spark fails of a file of this machine, of which it gives no name, say which it is.

    Raises:
        UsageError: the work of the block fails, and a file cannot be read.
    """
    try:
        yield
    except Exception:
        for source in files:
            source.demand_readable()
        raise


def sources(files: Iterable[str]) -> list[Source]:
    """The files that paths and addresses name, a directory standing for those under it.

    Raises:
        UsageError: a path is missing, or no file of N-Triples or N-Quads.
    """
    found: list[Source] = []
    for file in files:
        if _ADDRESS.match(file):
            found.append(Source(Path(file), file, _WILD.sub(r"\\\1", file)))
            continue
        below = expand([Path(file)], frozenset({".nt", ".nq", COMPRESSED}))
        for path in (path for path in below if format_of(path.name) is not None or path == Path(file)):
            address = "file://" + _WILD.sub(r"\\\1", str(path.resolve()))
            found.append(Source(path.resolve(), shown(path), address))
    for source in found:
        if format_of(source.name) is None:
            problem = _(
                "{path}: Spark divides files into lines; expected a name that ends in {suffixes}",
                path=source.name,
                suffixes=either(SUFFIXES),
            )
            raise UsageError(problem)
    return found
