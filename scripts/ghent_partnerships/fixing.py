"""Mend what a machine can mend safely: write another token in the place of the one that a finding points at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from .files import read
from .findings import Finding
from .places import token_end
from .reading import offset
from .turtle import abbreviate

_FORMS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}  # in the others the place of a finding is that of its subject
_BOM = "\ufeff"


def fixed(findings: Iterable[Finding]) -> dict[Path, tuple[bytes, bytes]]:
    """The content of each file that can be mended, as it is and as it should be: only the tokens differ.

    Raises:
        UsageError: a file is gone, or cannot be read any more.
    """
    edits: dict[Path, set[tuple[int, int, str]]] = {}
    for one in findings:
        if one.replacement and Path(one.file).suffix in _FORMS:
            edits.setdefault(Path(one.file), set()).add((one.line, one.column, one.replacement))
    mended = {}
    for path, wanted in sorted(edits.items()):
        was = read(path)
        text = was.decode("utf-8")
        form = _FORMS[path.suffix]
        prefixes = _prefixes(text, form)
        for line, column, replacement in sorted(wanted, reverse=True):  # from the end, so that the places stay right
            if sum(one[:2] == (line, column) for one in wanted) == 1:
                start = offset(text, line, column) + (line == 1 and text.startswith(_BOM))
                text = text[:start] + _written(replacement, prefixes) + text[token_end(text, start) :]
        if (should := text.encode("utf-8")) != was:
            mended[path] = was, should
    return mended


def difference(changes: Mapping[Path, tuple[bytes, bytes]]) -> str:
    """The changes as a unified diff."""
    lines: list[str] = []
    for path, contents in changes.items():
        was, should = (re.split(r"(?<=\n)", content.decode("utf-8")) for content in contents)
        lines += unified_diff(was, should, f"a/{path}", f"b/{path}", n=1)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)  # a last line may lack its end


def _prefixes(text: str, form: RdfFormat) -> dict[str, str]:
    if form not in (RdfFormat.TURTLE, RdfFormat.TRIG):
        return {}
    parser = pyoxigraph.parse(text.removeprefix(_BOM), format=form)
    for _ in parser:
        pass
    return dict(parser.prefixes)


def _written(replacement: str, prefixes: Mapping[str, str]) -> str:
    """The term, which is given as N-Triples, as the file would write it."""
    (quad,) = pyoxigraph.parse(f"<x:s> <x:p> {replacement} .", format=RdfFormat.N_TRIPLES)
    return abbreviate(quad.object, prefixes) if prefixes else replacement
