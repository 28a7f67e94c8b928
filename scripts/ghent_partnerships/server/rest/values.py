"""The values of parameters, checked by their schemas, in words for who asks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from http import HTTPStatus

from ...dist import YEAR
from ...text import NO_TEXT, Text
from ...translation import either
from ...translation import message as _
from .. import requests
from ..problems import Problem
from .operations import Schema

_LISTED = 12  # values that a problem names
_SHOWN = 100  # characters of what was sent
_NEAR = 64  # characters of a name that may be a misspelt one
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")


def given(query: bytes, known: Iterable[str]) -> dict[str, str]:
    """The parameters of a query string by their names.

    Raises:
        Problem: they cannot be read, a name is not among the ``known``, or is given more than once.
    """
    names = list(known)
    found: dict[str, str] = {}
    for name, value in requests.parameters(query):
        if name not in names:
            raise _unknown(name, names)
        if name in found:
            raise _bad("parameter-twice", _("{name} is given more than once.", name=name), name)
        found[name] = value
    return found


def checked(name: str, value: str, schema: Schema) -> str:
    """The value of a parameter as the term that it stands for is written in a query.

    Raises:
        Problem: it is none that the schema has; what is expected is said.
    """
    if any(_fits(value, each) for each in schema.get("anyOf", [schema])):
        return value.zfill(len("1971")) if schema.get("format") == YEAR else value
    detail = _(
        "{name} cannot be {value}: expected is {expected}.{offer}",
        name=name,
        value=f"“{_short(value)}”",
        expected=_expected(schema),
        offer=_offer(value, _listed(schema)),
    )
    raise _bad("value", detail, name)


def nothing(name: str, names: Iterable[str]) -> Problem:
    """There is nothing of that name among these (404)."""
    detail = _("There is no {name} here.{offer}", name=f"“{_short(name)}”", offer=_offer(name, names))
    return Problem(HTTPStatus.NOT_FOUND, "not-found", detail)


def _fits(value: str, schema: Schema) -> bool:
    kind = schema["type"]
    if "enum" in schema:
        return value in schema["enum"]
    if kind in ("integer", "number"):
        number = (_INTEGER if kind == "integer" else _NUMBER).fullmatch(value)
        return number is not None and schema.get("minimum", -math.inf) <= float(value) <= schema.get(
            "maximum", math.inf
        )
    if kind == "boolean":
        return value in ("true", "false")
    if len(value) > schema.get("maxLength", math.inf) or "\0" in value:
        return False
    if "pattern" in schema and not _pattern(schema["pattern"]).fullmatch(value):
        return False
    return schema.get("format") != "date" or _is_date(value)


@lru_cache(64)
def _pattern(pattern: str) -> re.Pattern[str]:
    """The pattern of a schema, which is that of a whole text: ``$`` would let a line end behind it."""
    return re.compile(pattern.removeprefix("^").removesuffix("$"))


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _listed(schema: Schema) -> list[str]:
    return [value for each in schema.get("anyOf", [schema]) for value in each.get("enum", ())]


def _expected(schema: Schema) -> Text:
    """What values there are, in words."""
    listed = _listed(schema)
    if listed:
        first = either(listed[:_LISTED])
        more = _("{values}, or another", values=first) if len(listed) > _LISTED else first
        return _("{values}, or an IRI", values=more) if "anyOf" in schema else more
    kind = schema["type"]
    if kind == "integer":
        bounds = {"least": str(schema["minimum"]), "most": str(schema["maximum"])} if "maximum" in schema else {}
        if schema.get("format") == YEAR:
            return _("a year, as a whole number")
        return _("a whole number from {least} to {most}", **bounds) if bounds else _("a whole number of 1 or more")
    if kind == "number":
        return _("a number, with a point before its decimals")
    if kind == "boolean":
        return _("true or false")
    if schema.get("format") == "date":
        return _("a day, like {example}", example="1971-06-30")
    if "pattern" in schema:
        return _("an IRI, like {example}", example=schema.get("default", "https://example.org/"))
    return _("a text of {most} characters at most", most=schema.get("maxLength", 0))


def _offer(value: str, names: Iterable[str]) -> Text:
    """The nearest of the names, if one is near, behind a space."""
    near = get_close_matches(value, list(names), n=2) if len(value) <= _NEAR else []
    return _(" Did you mean {names}?", names=either(near)) if near else NO_TEXT


def _unknown(name: str, names: list[str]) -> Problem:
    detail = _(
        "There is no parameter {name} here; there are: {names}.{offer}",
        name=f"“{_short(name)}”",
        names=", ".join(names),
        offer=_offer(name, names),
    )
    return _bad("unknown-parameter", detail, name)


def _short(text: str) -> str:
    return text[:_SHOWN] + "…" * (len(text) > _SHOWN)


def _bad(code: str, detail: Text, name: str = "") -> Problem:
    more: Mapping[str, object] = {"parameter": _short(name)} if name else {}
    return Problem(HTTPStatus.BAD_REQUEST, code, detail, dict(more))
