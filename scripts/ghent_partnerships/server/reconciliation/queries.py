"""What is asked for: the queries of a batch, in 0.2 and in the draft of 1.0, read as strictly as their schemas are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import orjson

from ...text import Text
from ...translation import message as _
from ..problems import Problem

LIMIT, MOST = 10, 100  # candidates of a query: by default, and at most
_CONDITIONS, _VALUES = 20, 50  # of a query, and of a condition
_QUERY = ("query", "type", "limit", "properties", "type_strict")
_DRAFT_QUERY = ("type", "limit", "lang", "dir", "conditions")
_QUANTIFIERS = ("any", "all", "none")
Stated = TypeVar("Stated")


@dataclass(frozen=True)
class Value:
    """A value to compare with: a text, or the id of an entity with perhaps its name."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Condition:
    """What a property has to be: any, all or none of the values; ``required`` if nothing else is a candidate."""

    property: str
    values: tuple[Value, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True)
class Query:
    """What is looked for: something of any of the names or ids, of the types (of any or of all of them as ``strict``
    says, or rather than others), and as the conditions say; at most so many candidates."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = LIMIT
    conditions: tuple[Condition, ...] = ()


def parsed(text: str | bytes) -> object:
    """The JSON of a request.

    Raises:
        Problem: it is none.
    """
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise bad(_("This is not JSON in UTF-8.")) from error


def batch(stated: object, most: int) -> dict[str, Query]:
    """The queries of a batch of 0.2 by their keys.

    Raises:
        Problem: it is not as its schema has it, or has more queries than ``most``.
    """
    queries = _object(stated, _("A batch of queries is an object."))
    _few(queries, most)
    return {key: query(each) for key, each in queries.items()}


def query(stated: object) -> Query:
    """A query of 0.2.

    Raises:
        Problem: it is not as its schema has it.
    """
    query = _object(stated, _("A query is an object."))
    _only(query, _QUERY)
    name = _optional(query, "query", str) or ""
    properties = _optional(query, "properties", list) or []
    if "query" not in query and not properties:
        raise bad(_("A query has a name (query) or properties."))
    types = query.get("type", [])
    listed = types if isinstance(types, list) else [types]
    named = tuple(each for each in listed if isinstance(each, str))
    if len(named) < len(listed):
        raise wrong("type")
    strict = query.get("type_strict", "any")
    if strict not in ("any", "all", "should"):
        raise wrong("type_strict")
    conditions = tuple(_condition(each, "pid", "v") for each in _bounded(properties, _CONDITIONS))
    names = (name,) if name.strip() else ()
    return Query(names, names, named[:_VALUES], strict, _limit(query), conditions)


def draft_batch(stated: object, most: int) -> list[Query]:
    """The queries of a batch of the draft of 1.0, in their order.

    Raises:
        Problem: it is not as its schema has it, or has more queries than ``most``.
    """
    queries = _object(stated, _("A batch of queries is an object.")).get("queries")
    if not isinstance(queries, list):
        raise wrong("queries")
    _few(queries, most)
    return [_draft_query(each) for each in queries]


def _draft_query(stated: object) -> Query:
    query = _object(stated, _("A query is an object."))
    _only(query, _DRAFT_QUERY)
    _optional(query, "lang", str)
    conditions = query.get("conditions")
    if not isinstance(conditions, list) or not conditions:
        raise bad(_("A query has conditions."))
    names: list[str] = []
    ids: list[str] = []
    found: list[Condition] = []
    for each in _bounded(conditions, _CONDITIONS):
        condition = _object(each, _("A condition is an object."))
        type_ = condition.get("matchType")
        if type_ == "property":
            found.append(_condition(condition, "propertyId", "propertyValue"))
        elif type_ in ("name", "id"):
            if condition.get("matchQuantifier", "any") != "any":
                raise bad(_("The name or the id is any of those given: matchQuantifier is “any” there."))
            texts = [value.text for value in _values(condition, "propertyValue") if value.text.strip()]
            (names if type_ == "name" else ids).extend(texts)
        else:
            raise wrong("matchType")
    of = _optional(query, "type", str)
    return Query(tuple(names), (*ids, *names), (of,) if of else (), "any", _limit(query), tuple(found))


def _condition(stated: object, name: str, values: str) -> Condition:
    condition = _object(stated, _("A condition is an object."))
    property_ = condition.get(name)
    if not isinstance(property_, str):
        raise wrong(name)
    quantifier = condition.get("matchQuantifier", "any")
    if quantifier not in _QUANTIFIERS:
        raise wrong("matchQuantifier")
    required = _optional(condition, "required", bool) or False
    return Condition(property_, _values(condition, values), required, quantifier)


def _values(condition: Mapping[str, object], name: str) -> tuple[Value, ...]:
    if name not in condition:
        raise wrong(name)
    stated = condition[name]
    return tuple(_value(each, name) for each in (_bounded(stated, _VALUES) if isinstance(stated, list) else [stated]))


def _value(stated: object, name: str) -> Value:
    if isinstance(stated, str):
        return Value(stated)
    if isinstance(stated, bool):
        return Value(str(stated).lower())
    if isinstance(stated, int | float):
        return Value(f"{stated:g}" if abs(stated) < 1e6 else str(stated))  # a spreadsheet makes 1971.0 of a year
    if isinstance(stated, dict) and isinstance(id_ := stated.get("id"), str):
        return Value(_optional(stated, "name", str) or "", id_)
    raise wrong(name)


def _limit(query: Mapping[str, object]) -> int:
    limit = query.get("limit", LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        raise wrong("limit")
    return int(min(max(1, limit), MOST))


def _object(stated: object, problem: Text) -> dict[str, object]:
    if not isinstance(stated, dict):
        raise bad(problem)
    return stated


def _optional(stated: Mapping[str, object], name: str, type_: type[Stated]) -> Stated | None:
    value = stated.get(name)
    if name not in stated:
        return None
    if not isinstance(value, type_):
        raise wrong(name)
    return value


def _only(stated: Collection[str], names: Collection[str]) -> None:
    if unknown := sorted(set(stated) - set(names)):
        raise bad(_("A query has no {field}.", field=unknown[0][:50]))


def _bounded(stated: list[object], most: int) -> list[object]:
    if len(stated) > most:
        raise too_many(_("A query has too many conditions or values."))
    return stated


def _few(queries: Collection[object], most: int) -> None:
    if len(queries) > most:
        raise too_many(_("A batch has at most {most} queries.", most=most))


def bad(detail: Text) -> Problem:
    """The request is not as the protocol has it (400)."""
    return Problem(HTTPStatus.BAD_REQUEST, "reconciliation", detail)


def wrong(field: str) -> Problem:
    """A field of the request has a value that it cannot have (400)."""
    return bad(_("{field} is not what it has to be.", field=field))


def too_many(detail: Text) -> Problem:
    """More is asked for at once than is answered (413)."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-many", detail)
