"""The values of a JSON text with their offsets, which no parser of JSON tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .tokens import unescape


@dataclass(slots=True)
class Object:
    """An object: each key, its offset and its value. While it is read, ``key`` is that without a value."""

    members: list[tuple[str, int, Json]] = field(default_factory=list)
    key: tuple[str, int] | None = None
    offset: int = 0
    end: int = 0

    def get(self, key: str) -> Json:
        """Return the first value of a key, or None."""
        return next((value for name, _, value in self.members if name == key), None)


@dataclass(slots=True)
class Array:
    """An array, or the values of a whole text."""

    items: list[Json] = field(default_factory=list)
    offset: int = 0
    end: int = 0


@dataclass(slots=True)
class String:
    """A string that is no key, from its opening quotation mark to behind the closing one."""

    value: str
    offset: int
    end: int


Json = Object | Array | String | bool | None  # None for whatever else stands there: numbers and null
_JSON = re.compile(r'"(?:[^"\\]|\\.)*+"?+|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def values(text: str) -> Json:
    """The value of a JSON text without syntax errors, its strings with their offsets."""
    root = Array()
    stack: list[Object | Array] = [root]
    for match in _JSON.finditer(text):
        token, top = match[0], stack[-1]
        value: Json = None
        if token in "}]":
            stack.pop().end = match.end()
            continue
        if token in ":,":
            continue
        if token in "{[":
            value = Object(offset=match.start()) if token == "{" else Array(offset=match.start())
        elif token[0] == '"':
            value = String(_string(token), match.start(), match.end())
        elif token in ("true", "false"):
            value = token == "true"
        if isinstance(top, Array):
            top.items.append(value)
        elif top.key is None:
            assert isinstance(value, String)
            top.key = value.value, value.offset
            continue
        else:
            top.members.append((*top.key, value))
            top.key = None
        if isinstance(value, Object | Array):
            stack.append(value)
    return root


def _string(token: str) -> str:
    """The value of a JSON string; two escapes can make one character."""
    value = unescape(token[1:-1])
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in token else value
