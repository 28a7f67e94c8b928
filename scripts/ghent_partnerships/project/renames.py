"""Which files were renamed: git compares what is committed, and a file that was just moved is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

_ALIKE = 0.5  # of the larger file, the part that both have: that of `git diff --find-renames`
_MOST = 10_000  # pairs of files that are compared line by line


def renamed(new: Mapping[Path, bytes], gone: Mapping[Path, bytes]) -> dict[Path, Path]:
    """Return the earlier paths of the new files that are renamed ones, each file at most once.

    ``new`` and ``gone`` are the contents by path. Files with the same content come first, then those that have at least
    half of their bytes in common, in whole lines; of equals those that have the same name.
    """
    by_content: dict[bytes, list[Path]] = {}
    for path in sorted(gone):
        by_content.setdefault(gone[path], []).append(path)
    earlier: dict[Path, Path] = {}
    for path in sorted(new):
        if same := by_content.get(new[path]):
            earlier[path] = same.pop(next((at for at, old in enumerate(same) if old.name == path.name), 0))
    left = [path for path in sorted(new) if path not in earlier]
    old = [path for path in sorted(gone) if path not in earlier.values()]
    if len(left) * len(old) > _MOST:
        return earlier
    contents = {**{path: new[path] for path in left}, **{path: gone[path] for path in old}}
    lines = {path: Counter(content.splitlines(keepends=True)) for path, content in contents.items()}
    pairs = [
        (_common(lines[path], lines[before]), path.name == before.name, path, before) for path in left for before in old
    ]
    for part, _same_name, path, before in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        if part >= _ALIKE and path not in earlier and before not in earlier.values():
            earlier[path] = before
    return earlier


def _common(lines: Counter[bytes], others: Counter[bytes]) -> float:
    """The part of the larger of two files that both have, from 0 to 1."""
    larger = max(_size(lines), _size(others))
    return _size(lines & others) / larger if larger else 0


def _size(lines: Counter[bytes]) -> int:
    return sum(len(line) * count for line, count in lines.items())
