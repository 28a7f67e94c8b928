"""A table of pairs of cities, read row by row: which columns are what, which pairs there are, and what cannot be read.

Each row is a quotation of its own, letter by letter, also one that is not read: nothing is lost.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import NamedTuple

from ...errors import UsageError
from ...text import Text
from ...translation import message as _
from .columns import CITIES, COUNTRIES, END, ITEMS, KIND, START
from .columns import columns as columns_of

_ENTITY = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9][0-9]{0,18})")
_YEAR = re.compile(r"([0-9]{4})(?:\.0)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r'"?sep=([,;:|\t])"?\r?\n?')  # a first line that Excel writes and reads
_MOST_LINES = 20  # of a row, whose cells may have line ends
_MOST = 200  # characters of a name


class Place(NamedTuple):
    """A city as a row has it: its name, letter by letter and in one line, its country and its item of Wikidata, each of
    which may be empty."""

    stated: str
    name: str
    country: str
    item: str


class Row(NamedTuple):
    """A row: the number of its first line, its text, and the two cities, or None where it is not read; a time is a year
    or a day, or empty."""

    line: int
    text: str
    places: tuple[Place, Place] | None = None
    start: str = ""
    end: str = ""
    kind: str = ""


class Unread(NamedTuple):
    """What could not be read: in which line, why, and whether the row is left out or only a cell of it."""

    line: int
    reason: Text
    whole: bool = False


class Table(NamedTuple):
    """What was read: which column is what, the text of the first line, the rows, what could not be read, and the names
    of the columns that are nothing that is known."""

    columns: Mapping[str, str]
    head: str
    rows: Sequence[Row]
    unread: Sequence[Unread]
    ignored: Sequence[str] = ()


class _UnreadableError(Exception):
    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


def read(name: str, content: bytes, today: str, chosen: Mapping[str, str] | None = None) -> Table:
    """Read a table of pairs of cities in CSV, with commas, semicolons, tabs or bars between the cells, in UTF-8.

    ``name`` is what errors call it, ``today`` the date that no year is later than, and ``chosen`` the columns that are
    named for a role of ``ROLES``, by name or number; the others are found by their names.

    Raises:
        UsageError: it is not in UTF-8, has no rows or no two columns with cities, or it is not clear what a column is.
    """
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(_("{path}:{line}: this is not UTF-8; save it as that", path=name, line=line)) from error
    records = _records(text)
    head = next(records, None)
    if head is None or head.cells is None:
        raise UsageError(_("{path}: expected a line with the names of the columns", path=name))
    columns = columns_of(name, head.cells, chosen or {})
    rows, unread = [], []
    for record in records:
        row, problems = _row(record, columns, len(head.cells), today)
        rows.append(row)
        unread += problems
    if not any(row.places for row in rows):
        reason = unread[0].reason if unread else _("there is none")
        raise UsageError(_("{path}: no row can be read: {reason}", path=name, reason=reason))
    names = _distinct(head.cells)
    read_as = {role: names[place] for role, place in columns.items()}
    ignored = [column for place, column in enumerate(names) if place not in columns.values()]
    return Table(read_as, head.text, rows, unread, ignored)


def _distinct(header: Sequence[str]) -> list[str]:
    """The names of columns, with their numbers where they are not the only ones of their names, or have none.

    >>> _distinct(["Land", "Since", " Land", ""])
    ['Land (1)', 'Since', 'Land (3)', '(4)']
    """
    names = [" ".join(column.split()) for column in header]
    counts = Counter(names)
    return [
        name if name and counts[name] == 1 else f"{name} ({number})".strip() for number, name in enumerate(names, 1)
    ]


class _Record(NamedTuple):
    line: int
    text: str
    cells: list[str] | None
    problem: str = ""


def _records(text: str) -> Iterator[_Record]:
    """The rows of a table with their cells, each with the number of its first line; none for lines with nothing."""
    lines = StringIO(text, newline="").readlines()
    place, delimiter = 0, ""
    if lines and (separator := _SEPARATOR.fullmatch(lines[0])):
        place, delimiter = 1, separator[1]
    elif lines:
        delimiter = max(_DELIMITERS, key=lambda char: lines[0].count(char))
    while place < len(lines):
        reader = csv.reader(lines[place : place + _MOST_LINES], delimiter=delimiter, strict=True)
        cells: list[str] | None = None
        problem = ""
        try:
            cells = next(reader)
        except csv.Error as error:
            problem = str(error)
        taken = 1 if cells is None else reader.line_num
        raw = "".join(lines[place : place + taken]).rstrip("\r\n")
        if raw.strip():
            yield _Record(place + 1, raw, cells, problem)
        place += taken


def _row(record: _Record, columns: Mapping[str, int], width: int, today: str) -> tuple[Row, list[Unread]]:
    """A row, and what of it could not be read."""
    bare, cells = Row(record.line, record.text), record.cells
    problems: list[Unread] = []
    if cells is None:
        return bare, [Unread(record.line, _("this is no row of CSV: {reason}", reason=record.problem), whole=True)]
    if len(cells) != width:
        problem = _("{number} cells where the first line has {expected}", number=len(cells), expected=width)
        return bare, [Unread(record.line, problem, whole=True)]

    def cell(role: str) -> str:
        return cells[columns[role]].strip() if role in columns else ""

    def part(role: str, reader: Callable[[str], str]) -> str:
        try:
            return reader(cell(role))
        except _UnreadableError as error:
            problems.append(Unread(record.line, error.reason))
            return ""

    try:
        first, second = (
            Place(_as_written(cell(city), record.text), _name(cell(city)), "", part(item, _item))
            for city, item in zip(CITIES, ITEMS, strict=True)
        )
    except _UnreadableError as error:
        problems.append(Unread(record.line, error.reason))
        return bare, [problem._replace(whole=True) for problem in problems]
    first, second = (
        place._replace(country=part(role, _optional)) for place, role in zip((first, second), COUNTRIES, strict=True)
    )
    start, end = (part(role, lambda text: _time(text, today)) for role in (START, END))
    if start and end and (end[:4], end) < (start[:4], start if len(end) == len(start) else ""):
        problems.append(Unread(record.line, _("the end {end} is before the start {start}", end=end, start=start)))
        start = end = ""
    kind = part(KIND, _optional)
    return Row(record.line, record.text, (first, second), start, end, kind), problems


def _as_written(cell: str, text: str) -> str:
    """The cell as it stands in the text of its row, where a quotation mark may be doubled."""
    return cell if cell in text else cell.replace('"', '""')


def _name(text: str) -> str:
    if not (name := _optional(text)):
        raise _UnreadableError(_("a city has no name"))
    return name


def _optional(text: str) -> str:
    """A name in one line."""
    name = " ".join(text.split())
    if len(name) > _MOST:
        raise _UnreadableError(_("a name of more than {most} characters", most=_MOST))
    if not name.isprintable():
        raise _UnreadableError(_("a name with characters that cannot be seen"))
    return name


def _item(text: str) -> str:
    if not text:
        return ""
    if match := _ENTITY.fullmatch(text):
        return match[1]
    raise _UnreadableError(_("{value} is no item of Wikidata (expected one like Q42)", value=text[:_MOST]))


def _time(text: str, today: str) -> str:
    """A year of four digits, or a day."""
    if not text:
        return ""
    year = _YEAR.fullmatch(text)
    if year is None:
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            date.fromisoformat(text)
        except ValueError:
            problem = _("{value} is neither a year nor a day (expected one like {year} or {day})", value=text[:_MOST],
                        year="1971", day="1971-05-31")  # fmt: skip
            raise _UnreadableError(problem) from None
    found = year[1] if year else text
    if not "0001" <= found[:4] <= today[:4]:
        raise _UnreadableError(_("the year {value} is no year up to {today}", value=found[:4], today=today[:4]))
    return found
