"""Fix what a machine can fix safely: write another token in the place of the one that a finding points at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, RdfFormat

from ..findings import Finding, Report
from ..rdf.decoding import BOM
from ..rdf.lexer import token_end, tokens
from ..rdf.tokens import LINE_END
from ..rdf.turtle import abbreviate
from .check import check_documents
from .documents import Documents

_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}  # in the others the place of a finding is that of its subject
_ROUNDS = 20
_SPACE = " \t\r\n"
_Edit = tuple[int, int, str, str]  # line, column, the term that is there as N-Triples, and the one that is to be


@dataclass
class _File:
    """A file that is being fixed: as it is called, was and is, and as it has been; when it is so again it is done."""

    name: Path
    was: str
    text: str
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Fixed:
    """``changes``: the content of each file that can be fixed, as it is and as it should be, by the name that findings
    give it; the documents as they should be; and the report on these."""

    changes: Mapping[Path, tuple[bytes, bytes]]
    documents: Documents
    report: Report


def fix(documents: Documents, report: Report, *, thorough: bool = False, caused: Report | None = None) -> Fixed:
    """Fix what can be fixed in documents: only the tokens differ. No file is read or written.

    ``report`` is that of ``check_documents`` on them. A finding about a statement that stands in several places has the
    location of one of these, so what was fixed is checked again until there is nothing more to fix. Of other people's
    files only those that are named are fixed, not what they import. ``thorough`` checks again with the thorough engine.
    With ``caused``, the part of the report that a change caused, only its findings are fixed, wherever they stand.
    """
    known = None if caused is None else {_about(finding) for finding in caused.findings}
    fixed_files: dict[Path, _File] = {}
    for _ in range(_ROUNDS):
        findings = (finding for finding in report.findings if known is None or _about(finding) in known)
        renewed: dict[Path, bytes] = {}
        for path, (name, edits) in sorted(_edits(findings).items()):
            if path not in documents.fixable:
                continue
            if path not in fixed_files:
                text = documents.contents[path].decode("utf-8")
                fixed_files[path] = _File(name, text, text)
            if _fix(fixed_files[path], edits):
                renewed[path] = fixed_files[path].text.encode("utf-8")
        if not renewed:
            break
        documents = documents.with_contents(renewed)
        report = check_documents(documents, thorough=thorough)
    changes = {
        file.name: (file.was.encode(), file.text.encode()) for file in fixed_files.values() if file.was != file.text
    }
    return Fixed(changes, documents, report)


def difference(changes: Mapping[Path, tuple[bytes, bytes]]) -> str:
    """Return the changes, as ``Fixed`` has them, as a unified diff, which ``git apply`` takes."""
    lines: list[str] = []
    for path, contents in changes.items():
        was, should = (_lines(content.decode("utf-8")) for content in contents)
        lines += [f"--- a/{path}\n", f"+++ b/{path}\n"]
        for first, last, longer in _hunks(was, should):
            lines.append(f"@@ -{_range(first, last)} +{_range(first, last + longer)} @@\n")
            lines += _compared(was[first:last], should[first : last + longer])
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _hunks(was: Sequence[str], should: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The ranges of lines that differ, with a line of context around them: the first, the one after the last, and how
    many more they are in the other text.

    What is fixed is a term, so mostly the lines correspond. difflib, which finds out which do, takes the square of
    their number.
    """
    shorter = min(len(was), len(should))
    differ = [number for number in range(shorter) if was[number] != should[number]]
    if len(was) != len(should):
        yield max(min([*differ, shorter]) - 1, 0), len(was), len(should) - len(was)
        return
    start = 0
    for number, line in enumerate(differ):
        if number + 1 == len(differ) or differ[number + 1] - line > 3:  # else they have context in common
            yield max(differ[start] - 1, 0), min(line + 2, len(was)), 0
            start = number + 1


def _range(first: int, last: int) -> str:
    """The range as a unified diff has it, where one line needs no number of them."""
    return f"{first + 1}" if last - first == 1 else f"{first + 1},{last - first}"


def _compared(was: Sequence[str], should: Sequence[str]) -> Iterator[str]:
    """The lines of a hunk: those that are the same in the same place, and those that are gone before those that are
    new."""
    gone: list[str] = []
    new: list[str] = []
    for before, after in zip_longest(was, should):
        if before == after:
            yield from (*gone, *new, f" {before}")
            gone, new = [], []
            continue
        gone += [f"-{before}"] * (before is not None)
        new += [f"+{after}"] * (after is not None)
    yield from (*gone, *new)


def _lines(text: str) -> list[str]:
    """The lines with their ends, which a carriage return alone or what Unicode takes for one is not."""
    *whole, last = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([last] if last else [])]


def _edits(findings: Iterable[Finding]) -> dict[Path, tuple[Path, set[_Edit]]]:
    """What to write where, by file, and how that is called."""
    edits: dict[Path, tuple[Path, set[_Edit]]] = {}
    for finding in findings:
        name = Path(finding.location.path)
        if finding.fix is not None and name.suffix in _FORMATS:
            _, wanted = edits.setdefault(name.resolve(), (name, set()))
            wanted.add((finding.location.line, finding.location.column, finding.fix.original, finding.fix.replacement))
    return edits


def _about(finding: Finding) -> Hashable:
    """What a finding says, wherever it stands; blank nodes have other labels on each run."""
    result = finding.result
    focus = "_:" if result.focus.startswith("_:") else result.focus
    return finding.code, focus, result.path, result.value, result.shape, finding.fix


def _fix(file: _File, edits: set[_Edit]) -> bool:
    """Fix a file, and return whether it changed. Two findings that want different things are two too many."""
    if file.text in file.seen:
        return False
    file.seen.add(file.text)
    rdf_format, base = _FORMATS[file.name.suffix], file.name.resolve().as_uri()
    text = file.text.removeprefix(BOM)
    places = Counter(edit[:2] for edit in edits)
    single = [edit for edit in edits if places[edit[:2]] == 1]
    text = _edited(text, sorted(single, reverse=True), rdf_format, base)
    was, file.text = file.text, file.text[: file.text.startswith(BOM)] + text
    return file.text != was


def _edited(text: str, edits: Sequence[_Edit], rdf_format: RdfFormat, base: str) -> str:
    """The text with those of the edits that change one term each and nothing else; they go from its end to its start,
    so that the places stay right."""
    prefixes = _prefixes(text, rdf_format, base) if rdf_format in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    should = text
    for line, column, _, replacement in edits:
        start = starts[line - 1] + column - 1
        written = replacement
        if prefixes is not None:
            (quad,) = pyoxigraph.parse(f"<x:s> <x:p> {replacement} .", format=RdfFormat.N_TRIPLES)
            written = abbreviate(quad.object, {name: iri for name, (iri, at) in prefixes.items() if at < start})
        should = should[:start] + _apart(should[:start], written, should[token_end(should, start) :])
    if not edits or _differs_in(text, should, {edit[2:] for edit in edits}, rdf_format, base):
        return should
    if len(edits) == 1:
        return text
    half = len(edits) // 2
    return _edited(_edited(text, edits[:half], rdf_format, base), edits[half:], rdf_format, base)


def _apart(before: str, written: str, after: str) -> str:
    """What is written and what comes after it, with spaces where the one would run into the other."""
    left = "" if before[-1:] in ("", *_SPACE, *"(,;[{") or written.startswith("<") else " "
    right = "" if after[:1] in ("", *_SPACE, *"),;]}") or (after[0] == "." and written[-1] in '>"') else " "
    return f"{left}{written}{right}{after}"


def _differs_in(was: str, should: str, swaps: set[tuple[str, str]], rdf_format: RdfFormat, base: str) -> bool:
    """Whether a text still parses, and has the same statements but for one object in the place of another."""
    try:
        before, after = (list(pyoxigraph.parse(text, format=rdf_format, base_iri=base)) for text in (was, should))
    except SyntaxError:
        return False
    return len(before) == len(after) and all(
        _same(old.subject, new.subject)
        and old.predicate == new.predicate
        and _same(old.graph_name, new.graph_name)
        and (_same(old.object, new.object) or (str(old.object), str(new.object)) in swaps)
        for old, new in zip(before, after, strict=True)
    )


def _same(first: object, second: object) -> bool:
    """Whether two terms are the same; the labels of blank nodes are new on each run."""
    return first == second or (isinstance(first, BlankNode) and isinstance(second, BlankNode))


def _prefixes(text: str, rdf_format: RdfFormat, base: str) -> dict[str, tuple[str, int]]:
    """The prefixes that are declared once, and so mean the same wherever they may stand: their IRIs and places."""
    parser = pyoxigraph.parse(text, format=rdf_format, base_iri=base)
    for _ in parser:
        pass
    declared: dict[str, list[int]] = {}
    lexed = tokens(text)
    previous = ""
    for kind, token, _ in lexed:
        if token.lower() == "prefix" and (kind == "directive" or (kind == "language" and previous != "string")):
            _, name, at = next(lexed)
            declared.setdefault(name[:-1], []).append(at)
        previous = kind
    meant = dict(parser.prefixes)
    return {name: (meant[name], places[0]) for name, places in declared.items() if len(places) == 1 and name in meant}
