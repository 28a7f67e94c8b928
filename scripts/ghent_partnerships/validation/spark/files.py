"""The files that Spark is to read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ...errors import UsageError
from ...files import expand, shown
from ...translation import either
from ...translation import message as _
from .statements import COMPRESSED, SUFFIXES, format_of

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_WILD = re.compile(r"([\\,*?\[\]{}])")  # what means something in a list of Hadoop's paths


class Source(NamedTuple):
    """A file: its path, what it is called in the report, and its address for Hadoop."""

    path: Path
    name: str
    address: str


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
