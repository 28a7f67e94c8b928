"""The literals of XML Schema 1.1: which texts are in the lexical space of a datatype, and which value is less.

https://www.w3.org/TR/xmlschema11-2/; values are compared as SPARQL's operators compare them. elementpath was tried for
the lexical spaces: it takes "02024" for a year and "--02-30" for a day, and its import takes longer than a validation.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from math import copysign, inf
from operator import lt
from struct import pack, unpack
from typing import Any, NamedTuple

from pyoxigraph import Literal

from ...rdf.turtle import XSD

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
    r"|(?P<midnight>24:00:00(?:\.0+)?))"
)
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DATE = f"{_YEAR}-{_MONTH}-{_DAY}"
_OF_DAYS = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_INTEGER = r"[+-]?[0-9]+"
_DOUBLE = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN"
_START = (
    r":A-Z_a-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    r"\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARACTER = _START + r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040"
_NC_NAME = f"[{_START.replace(':', '')}][{_CHARACTER.replace(':', '')}]*"
_BASE64 = r"[A-Za-z0-9+/] ?"
_LEXICAL = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "float": _DOUBLE,
    "double": _DOUBLE,
    "duration": rf"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?{_OF_DAYS}",
    "yearMonthDuration": r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?",
    "dayTimeDuration": rf"-?P(?=[0-9T]){_OF_DAYS}",
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE}",
    "date": f"{_DATE}{_ZONE}?",
    "time": f"{_TIME}{_ZONE}?",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
    "gYear": f"{_YEAR}{_ZONE}?",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}?",
    "gDay": f"---{_DAY}{_ZONE}?",
    "gMonth": f"--{_MONTH}{_ZONE}?",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": f"(?:(?:{_BASE64}){{4}})*(?:(?:{_BASE64}){{3}}[A-Za-z0-9+/]|(?:{_BASE64}){{2}}[AEIMQUYcgkosw048] ?="
    f"|{_BASE64}[AQgw] ?= ?=)?",
    "anyURI": r"[^\ud800-\udfff]*",
    "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "Name": f"[{_START}][{_CHARACTER}]*",
    "NCName": _NC_NAME,
    "NMTOKEN": f"[{_CHARACTER}]+",
    **dict.fromkeys(("ID", "IDREF", "ENTITY"), _NC_NAME),
    "QName": f"{_NC_NAME}(?::{_NC_NAME})?",
}
_BOUNDS: dict[str, tuple[int | None, int | None]] = {  # of what is derived from integer
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    **{
        name: (-(1 << bits - 1), (1 << bits - 1) - 1)
        for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))
    },
    **{
        f"unsigned{name}": (0, (1 << bits) - 1)
        for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))
    },
}
_PATTERNS: dict[str, re.Pattern[str]] = {}  # those that were needed: compiling all takes longer than most validations
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LONGEST_NUMBER = 4_000  # digits that are read as a number: Python refuses more, and takes their square
_PART = re.compile(r"(?<![0-9.])([0-9]++(?:\.[0-9]++)?+)([YMDHS])")
_TIMES = ("dateTime", "dateTimeStamp", "date", "time", "gYearMonth", "gYear", "gMonthDay", "gDay", "gMonth")
_DURATIONS = ("duration", "yearMonthDuration", "dayTimeDuration")
_ORDERED = {XSD + name for name in (*_BOUNDS, "decimal", "float", "double", "string", "boolean", *_TIMES, *_DURATIONS)}
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))  # years and months
_LARGEST_ZONE = 14 * 3_600


def is_well_formed(text: str, datatype: str) -> bool:
    """Whether a text is in the lexical space of a datatype, by its IRI; of one that is not of XML Schema, any is.

    White space around it does not belong to the lexical space, as RDF 1.1 has it.
    """
    if not datatype.startswith(XSD):
        return True
    name = datatype[len(XSD) :]
    if name in _BOUNDS:
        return _matched("integer", _INTEGER, text) is not None and _is_in_bounds(text, *_BOUNDS[name])
    lexical = _LEXICAL.get(name)
    if lexical is None:
        return True
    match = _matched(name, lexical, text)
    if match is None:
        return False
    parts = match.groupdict()
    if parts.get("day") and parts.get("month"):
        return int(parts["day"]) <= _days(int(parts["month"]), parts.get("year"))
    return True


def _matched(name: str, lexical: str, text: str) -> re.Match[str] | None:
    if (pattern := _PATTERNS.get(name)) is None:
        pattern = _PATTERNS[name] = re.compile(lexical)
    return pattern.fullmatch(text)


def _is_in_bounds(text: str, least: int | None, most: int | None) -> bool:
    number = whole(text)
    return (least is None or number >= least) and (most is None or number <= most)


def _days(month: int, year: str | None) -> int:
    if month != 2 or year is None:
        return _MONTHS[month - 1]
    last = int(year[-4:])  # of the 400 years of a cycle
    leap = last % 4 == 0 and (last % 100 != 0 or int(year[-4:-2] or "0") % 4 == 0)
    return 29 if leap else 28


def whole(text: str) -> int:
    """The number that an ``xsd:integer`` writes; of one with thousands of digits, one that nothing is as large as."""
    digits = text.lstrip("+-").lstrip("0")
    number = 10**_LONGEST_NUMBER if len(digits) > _LONGEST_NUMBER else int(digits or "0")
    return -number if text.startswith("-") else number


class Comparable(NamedTuple):
    """A value as it is compared with others of its kind: by its order, and of a time by the seconds of its zone."""

    kind: str
    order: Any
    zone: int | None = None


def is_less(left: Literal, right: Literal, *, or_equal: bool) -> bool:
    """Whether a value is less than another, or equal.

    It is not where the two cannot be compared: values of other kinds, a text with a language, an ill-typed one, times
    of which only one has a zone and that are less than 14 hours apart, a month and 30 days.
    """
    first, second = comparable(left), comparable(right)
    if first is None or second is None or first.kind != second.kind:
        return False
    if first.kind == "number":
        return _is_less_number(first.order, second.order, or_equal=or_equal)
    if first.order == second.order and first.zone == second.zone:
        return or_equal
    if first.kind == "duration":
        return all(map(lt, first.order, second.order))
    if first.zone is None and second.zone is None:
        return bool(first.order < second.order)
    latest = _shifted(first.order, _LARGEST_ZONE if first.zone is None else -first.zone)
    earliest = _shifted(second.order, -_LARGEST_ZONE if second.zone is None else -second.zone)
    return bool(latest <= earliest if or_equal and None not in (first.zone, second.zone) else latest < earliest)


def _is_less_number(first: Decimal | _Single | float, second: Decimal | _Single | float, *, or_equal: bool) -> bool:
    """Numbers as SPARQL promotes them: to a double if either is, else to a float if either is."""
    if type(first) is not type(second):
        number = _Single if float not in (type(first), type(second)) else float
        first, second = number(first), number(second)
    return first <= second if or_equal else first < second


def _shifted(order: tuple[int, Decimal], seconds: int) -> tuple[int, Decimal]:
    return order[0] + seconds, order[1]


class _Single(float):
    """A number of single precision."""

    def __new__(cls, number: str | float | Decimal) -> _Single:
        double = float(number)
        try:
            return super().__new__(cls, unpack("f", pack("f", double))[0])
        except OverflowError:  # "f" has no room for it
            return super().__new__(cls, copysign(inf, double))


@cache
def comparable(literal: Literal) -> Comparable | None:
    """What a literal is compared by, or None where no other is less or greater."""
    datatype, text = literal.datatype.value, literal.value
    if literal.language is not None or datatype not in _ORDERED or not is_well_formed(text, datatype):
        return None
    name = datatype.removeprefix(XSD)
    if name in _BOUNDS or name == "decimal":
        return Comparable("number", Decimal(text))
    if name in ("float", "double"):
        return Comparable("number", _Single(text) if name == "float" else float(text))
    if name == "string":
        return Comparable("string", text)
    if name == "boolean":
        return Comparable("boolean", text in ("true", "1"))
    if name.endswith(("duration", "Duration")):
        return Comparable("duration", _duration(text))
    match = _matched(name, _LEXICAL[name], text)
    assert match is not None
    parts = match.groupdict()
    return Comparable(name.removesuffix("Stamp"), _seconds(parts), _zone(parts["zone"]))


def _duration(text: str) -> tuple[tuple[int, Decimal], ...]:
    """The seconds of a duration from each of the four times by which XML Schema orders durations (3.3.6), since months
    differ in length: whole seconds, and the rest."""
    date, _, time = text.lstrip("-P").partition("T")
    months = seconds = 0
    rest = Decimal(0)
    for part, units in ((date, {"D": 86_400}), (time, {"H": 3_600, "M": 60, "S": 1})):
        for number, unit in _PART.findall(part):
            integer, _, fraction = number.partition(".")
            if unit in units:
                seconds += whole(integer) * units[unit]
                rest = Decimal(f"0.{fraction or 0}")  # of the seconds, which come last
            else:
                months += whole(integer) * (12 if unit == "Y" else 1)
    if text.startswith("-"):
        months, seconds, rest = -months, -seconds, rest.copy_negate()
    return tuple(
        ((_days_before(year, month + months) - _days_before(year, month)) * 86_400 + seconds, rest)
        for year, month in _REFERENCES
    )


def _days_before(year: int, month: int) -> int:
    """The days before a month, which may be one of another year, from some day on."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    before = year - (month <= 2)  # the last year whose 29th of February may have been
    return 365 * year + before // 4 - before // 100 + before // 400 + sum(_MONTHS[: month - 1]) - (month > 2)


def _seconds(parts: dict[str, str | None]) -> tuple[int, Decimal]:
    """The seconds from the start of the year 0 to a time, whole ones and the rest; what it does not say is as in a leap
    year."""
    year = whole(parts.get("year") or "1972")
    month, day = int(parts.get("month") or 1), int(parts.get("day") or 1)
    days = _days_before(year, month) + day
    if parts.get("midnight"):
        return (days + ("day" in parts)) * 86_400, Decimal(0)  # of no day, midnight is its start
    hours, minutes = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    seconds, _, fraction = (parts.get("second") or "0").partition(".")
    return days * 86_400 + hours * 3_600 + minutes * 60 + int(seconds), Decimal(f"0.{fraction or 0}")


def _zone(text: str | None) -> int | None:
    """The seconds that a time zone is ahead of universal time."""
    if text is None:
        return None
    if text == "Z":
        return 0
    return (int(text[1:3]) * 3_600 + int(text[4:6]) * 60) * (-1 if text.startswith("-") else 1)
