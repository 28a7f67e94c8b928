"""The columns of answers and the parameters of questions as JSON Schema has them: https://json-schema.org/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from ...dist import YEAR
from ...rdf.turtle import XSD
from ...sparql.library import Parameter
from ...sparql.records import Record, Value

Schema = dict[str, object]
_WORDS = 3  # texts in a column of numbers, such as "not stated": of more, none is listed
_LONGEST = 1_000  # characters of a parameter
_INT32 = 2_147_483_647  # what clients in any language have a type for
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|[\u00a0-\ud7ff])*"
_HTTP = rf"https?://[A-Za-z0-9.-]+(?:/{_PATH})?(?:\?{_PATH})?(?:#{_PATH})?"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_OF_DATATYPES: dict[str, Schema] = {
    "gYear": {"type": "integer", "format": YEAR, "minimum": 1, "maximum": 9_999},
    "integer": {"type": "integer", "format": "int32", "minimum": -_INT32, "maximum": _INT32},
    "decimal": {"type": "number", "minimum": -_INT32, "maximum": _INT32},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date", "pattern": _DATE},
}


def columns(names: Sequence[str], rows: Sequence[Record], *, fixed: bool, known: Mapping[str, Schema]) -> list[Schema]:
    """The schemas of the columns of an answer, by what is in them. Where the answer is not ``fixed``, since it depends
    on parameters, a cell may also be empty, or a text; ``known`` are the schemas of columns that are parameters."""
    return [known.get(name) or _column([row[name] for row in rows], fixed=fixed) for name in names]


def _column(values: Sequence[Value], *, fixed: bool) -> Schema:
    texts = {value for value in values if isinstance(value, str)}
    types = sorted({_type(value) for value in values if value is not None and not isinstance(value, str)})
    empty = None in values or not fixed or not values
    if texts or not values:
        may_be_iri = bool(texts) and all(map(_IRI.fullmatch, texts)) and not types
        listed = {"enum": sorted(texts)} if types and fixed and len(texts) <= _WORDS else {}
        alternatives: list[Schema] = [*(Schema(type=name) for name in types), {"type": "string", **listed}]
        if listed:
            return {"anyOf": [*alternatives, *([{"type": "null"}] if empty else [])]}
        return {"type": _types([*types, "string"], empty=empty), **({"format": "iri"} if may_be_iri else {})}
    return {"type": _types(types if fixed else [*types, "string"], empty=empty)}


def _types(names: Sequence[str], *, empty: bool) -> str | list[str]:
    """The name of a type, or of several; an integer is a number."""
    names = [name for name in names if name != "integer" or "number" not in names]
    return [*names, "null"] if empty else names[0] if len(names) == 1 else list(names)


def _type(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "number"


def parameter(of: Parameter, choices: Iterable[str], prefixes: Iterable[str]) -> Schema:
    """The schema of a parameter of a question: the type of its default, and the values that there are to choose from,
    if they are known. An IRI is written with a prefix, or whole; whole it may also be none of those listed."""
    listed = list(choices)
    if isinstance(of.default, NamedNode):
        prefixed = "|".join(prefix.replace(".", r"\.") for prefix in sorted(prefixes))
        pattern = f"^{_HTTP}$" if listed else rf"^(?:(?:{prefixed}):{_PATH}|{_HTTP})$"
        iri: Schema = {"type": "string", "pattern": pattern, "maxLength": _LONGEST}
        return {"anyOf": [{"type": "string", "enum": listed}, iri]} if listed else iri
    if listed:
        return {"type": "string", "enum": listed}
    kind = of.default.datatype.value.removeprefix(XSD)
    return dict(_OF_DATATYPES.get(kind, {"type": "string", "maxLength": _LONGEST}))


def default(of: Parameter, compressed: str) -> Value:
    """The default of a parameter as a value of its schema; ``compressed`` is that of an IRI."""
    if isinstance(of.default, NamedNode):
        return compressed
    assert isinstance(of.default, Literal)
    kind, text = of.default.datatype.value.removeprefix(XSD), of.default.value
    if kind in ("gYear", "integer"):
        return int(text)
    if kind == "boolean":
        return text in ("true", "1")
    return float(text) if kind == "decimal" else text
