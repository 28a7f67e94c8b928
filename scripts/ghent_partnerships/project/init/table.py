"""A table of pairs of cities, read row by row: which columns are what, which pairs there are, and what cannot be read.

Each row is a quotation of its own, letter by letter, also one that is not read: nothing is lost.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import NamedTuple

from ...errors import UsageError
from ...text import Text
from ...translation import message as _
from .slugs import slug

CITIES, COUNTRIES, ITEMS = ("city-a", "city-b"), ("country-a", "country-b"), ("wikidata-a", "wikidata-b")
START, END, KIND = "start", "end", "kind"
ROLES = (*CITIES, *COUNTRIES, *ITEMS, START, END, KIND)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIDES = (  # what tells the cities of a pair apart, the plainest first
    (_words("a 1"), _words("b 2")),
    (_words("first from home left source"), _words("counterpart other partner right second sister target to twin")),
)
_CITY = _words("citta city ciudad commune gemeinde label miasto municipality name place stad stadt town ville")
_COUNTRY = _words("country kraj land nation paese pais pays")
_ITEM = _words("item q qid wikidata")
_NAMED = ((ITEMS, _ITEM), (COUNTRIES, _COUNTRY), (CITIES, _CITY))
_KIND = _words("art category kind relation relationship soort type")
_LATE = _words("end ended till to until")
_TIME = _LATE - _words("to") | _words("begin beginning date established founded jaar jahr signed since start year")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")
_ENTITY = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9][0-9]{0,18})")
_YEAR = re.compile(r"([0-9]{4})(?:\.0)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DELIMITERS = ",;\t|"
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
    """What could not be read: in which line, and why."""

    line: int
    reason: Text


class Table(NamedTuple):
    """What was read: which column is what, the text of the first line, the rows, and what could not be read."""

    columns: Mapping[str, str]
    head: str
    rows: Sequence[Row]
    unread: Sequence[Unread]


class _UnreadableError(Exception):
    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


def read(name: str, content: bytes, today: str, chosen: Mapping[str, str] | None = None) -> Table:
    """Read a table of pairs of cities in CSV, with commas, semicolons, tabs or bars between the cells, in UTF-8.

    ``name`` is what errors call it, ``today`` the date that no year is later than, and ``chosen`` the columns that are
    named for a role of ``ROLES``; the others are found by their names.

    Raises:
        UsageError: it is not in UTF-8, has no rows, or no two columns with cities.
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
    columns = _columns(name, head.cells, chosen or {})
    rows, unread = [], []
    for record in records:
        row, problems = _row(record, columns, len(head.cells), today)
        rows.append(row)
        unread += problems
    if not any(row.places for row in rows):
        reason = unread[0].reason if unread else _("there is none")
        raise UsageError(_("{path}: no row can be read: {reason}", path=name, reason=reason))
    return Table({role: head.cells[place] for role, place in columns.items()}, head.text, rows, unread)


class _Record(NamedTuple):
    line: int
    text: str
    cells: list[str] | None
    problem: str = ""


def _records(text: str) -> Iterator[_Record]:
    """The rows of a table with their cells, each with the number of its first line; none for lines with nothing."""
    lines = StringIO(text, newline="").readlines()
    delimiter = max(_DELIMITERS, key=lambda char: lines[0].count(char)) if lines else ""
    place = 0
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


def _columns(name: str, header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """The place of the column of each role."""
    found: dict[str, int] = {}
    for role, column in chosen.items():
        if column not in header:
            problem = _(
                "{path}: there is no column {column}; there are {columns}",
                path=name,
                column=column,
                columns=", ".join(header),
            )
            raise UsageError(problem)
        found[role] = header.index(column)
    for place, column in enumerate(header):
        named = _role(column)
        if named and place not in found.values():
            found.setdefault(named, place)
    if missing := [role for role in CITIES if role not in found]:
        problem = _(
            "{path}: no column with a city of a pair was found among {columns}; name it with {option}",
            path=name,
            columns=", ".join(header),
            option=" ".join(f"--column {role}=…" for role in missing),
        )
        raise UsageError(problem)
    return found


def _role(column: str) -> str | None:
    """The role that the name of a column says it has.

    >>> [_role(name) for name in ("city1", "countryB", "Twin city", "from", "to_wikidata", "Since", "end year", "note")]
    ['city-a', 'country-b', 'city-b', 'city-a', 'wikidata-b', 'start', 'end', None]
    """
    words = frozenset(_WORD.findall(slug(_HUMP.sub(" ", column))))
    if words & _TIME:
        return END if words & _LATE else START
    found = (tuple(side for side, names in enumerate(pair) if words & names) for pair in _SIDES)
    sides = next(filter(None, found), ())
    what = next((roles for roles, names in _NAMED if words & names), None)
    if what is None and words & _KIND:
        return KIND
    if len(sides) > 1 or not (sides or what) or (what is None and len(words) > 1):
        return None
    return (what or CITIES)[sides[0] if sides else 0]


def _row(record: _Record, columns: Mapping[str, int], width: int, today: str) -> tuple[Row, list[Unread]]:
    """A row, and what of it could not be read."""
    bare, cells = Row(record.line, record.text), record.cells
    problems: list[Unread] = []
    if cells is None:
        return bare, [Unread(record.line, _("this is no row of CSV: {reason}", reason=record.problem))]
    if len(cells) != width:
        problem = _("{number} cells where the first line has {expected}", number=len(cells), expected=width)
        return bare, [Unread(record.line, problem)]

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
        return bare, [*problems, Unread(record.line, error.reason)]
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
