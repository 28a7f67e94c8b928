"""What a person has looked at and will not give to Wikidata: a table that people edit."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from ..errors import InvalidError
from ..files import read, shown
from ..findings import Finding, Location
from ..project.project import Project
from ..rdf.decoding import decode
from ..text import Text
from ..translation import message as _
from .terms import END, START, TWINNED, iri, item

COLUMNS = ("item", "property", "value", "reason")
_DECLINABLE = (TWINNED, START, END)


class Declined:
    """Pairs of items, in whichever order, each with the property that was declined: ``P190`` the statement and all
    that belongs to it, ``P580`` its beginning, ``P582`` its end."""

    def __init__(self, rows: dict[tuple[frozenset[str], str], str] | None = None) -> None:
        """Of the reasons, by the pair and the property."""
        self.rows = rows or {}

    def has(self, first: str, second: str, name: str = TWINNED) -> bool:
        """Whether a property of a pair was declined, or the statement that it would belong to."""
        return any((frozenset((first, second)), each) in self.rows for each in (name, TWINNED))


def read_declined(project: Project) -> Declined:
    """Return what the project's ``data/wikidata-declined.csv`` declines: nothing where there is no such file.

    Raises:
        UsageError: the file cannot be read.
        InvalidError: it is not UTF-8, or a line of it is not as it should be.
    """
    file = project.declined_file
    if not file.is_file():
        return Declined()
    name = shown(file)
    text, findings = decode(name, read(file))
    rows: dict[tuple[frozenset[str], str], str] = {}
    reader = csv.reader(text.splitlines())
    if tuple(next(reader, ())) != COLUMNS:
        message = _("The first line is not the names of the columns.")
        findings.append(_finding(name, 1, message, ",".join(COLUMNS)))
    else:
        for row in reader:
            if len(row) != len(COLUMNS) or not _is_right(row):
                message = _("The line does not name two items and a property of {names}.", names=", ".join(_DECLINABLE))
                findings.append(_finding(name, reader.line_num, message, f"Q1296,{TWINNED},Q24861,…"))
            else:
                rows[frozenset((row[0], row[2])), row[1]] = row[3]
    if findings:
        raise InvalidError(findings)
    return Declined(rows)


def _is_right(row: Sequence[str]) -> bool:
    first, name, second, _reason = row
    return name in _DECLINABLE and all(number and item(iri(f"wd:{number}")) == number for number in (first, second))


def _finding(name: str, line: int, message: Text, like: str) -> Finding:
    return Finding(message=message, help=_("Write it like this: {line}", line=like), location=Location(name, line))
