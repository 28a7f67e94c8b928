"""The cities and the partnerships on a map: GeoJSON as RFC 7946 has it, one feature a line.

A position is longitude and latitude, with the digits of the data. A line goes the shorter way round; where that
crosses the antimeridian, it is cut there. The licence and whom to name stand in each file as members of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from ..project.coordinates import Position, position
from ..rdf.turtle import XSD
from ..sparql.views import DataSet
from .tables import Row, Table, columns

_EVIDENCE = ("sentence", "leadIn", "inferred", "notStated")
_CITY = ("name", "country", *_EVIDENCE)
_PARTNERSHIP = ("name", "kind", "start", "end", "outcome", *_EVIDENCE)
_TEXTS = {"name", "country", "kind", "outcome", "inferred", "notStated"}  # which have a property for each language
_YEAR = re.compile(r"[0-9]{4}")


def maps(rows: Iterable[Table], of: DataSet) -> Iterator[tuple[str, bytes]]:
    """``cities.geojson`` and ``partnerships.geojson`` from the tables of that name, each a path and its bytes."""
    head, city, partnership = _head(of), _properties(_CITY, of), _properties(_PARTNERSHIP, of)
    tables = {table.name: table.rows for table in rows}
    where = {row["city"]: _position(row) for row in tables["cities"]}
    cities = (_feature(row, "city", _point(where[row["city"]]), city) for row in tables["cities"])
    yield "cities.geojson", _collection(head, cities)
    lines = (
        _feature(row, "partnership", _line(where[row["homeCity"]], where[row["counterpartCity"]]), partnership)
        for row in tables["partnerships"]
    )
    yield "partnerships.geojson", _collection(head, lines)


def _head(of: DataSet) -> str:
    members = zip(columns("attribution", of.languages), of.languages, strict=True)
    named = {member: of.rights.localized(language) for member, language in members}
    rights = _json({**({"license": of.licence} if of.licence else {}), **named})[1:-1]
    return f'{{"type":"FeatureCollection",{rights},"features":[\n'


def _properties(names: Iterable[str], of: DataSet) -> list[str]:
    """The names of the properties of a feature, those of texts once for each language."""
    return [column for name in names for column in (columns(name, of.languages) if name in _TEXTS else (name,))]


def _collection(head: str, features: Iterable[str]) -> bytes:
    return (head + ",\n".join(features) + "\n]}\n").encode()


def _feature(row: Row, key: str, geometry: str, properties: Iterable[str]) -> str:
    values = _json({name: _value(row.get(name)) for name in properties})
    return f'{{"type":"Feature","id":{_json(row[key].value)},"geometry":{geometry},"properties":{values}}}'


def _value(term: NamedNode | Literal | None) -> str | int | None:
    if term is None:
        return None
    year = isinstance(term, Literal) and term.datatype.value == XSD + "gYear" and _YEAR.fullmatch(term.value)
    return int(term.value) if year else term.value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _position(row: Row) -> Position | None:
    longitude, latitude = row.get("longitude"), row.get("latitude")
    return position(longitude and longitude.value, latitude and latitude.value)


def _point(position: Position | None) -> str:
    return "null" if position is None else f'{{"type":"Point","coordinates":{_written(position)}}}'


def _line(start: Position | None, end: Position | None) -> str:
    if start is None or end is None:
        return "null"
    parts = [f"[{_written(first)},{_written(last)}]" for first, last in _parts(start, end)]
    if len(parts) == 1:
        return f'{{"type":"LineString","coordinates":{parts[0]}}}'
    return f'{{"type":"MultiLineString","coordinates":[{",".join(parts)}]}}'


def _parts(start: Position, end: Position) -> list[tuple[Position, Position]]:
    """The line the shorter way round, cut where it crosses the antimeridian."""
    (from_, south), (to, north) = start, end
    if abs(to - from_) <= 180:
        return [(start, end)]
    edge = Decimal(180) if from_ > to else Decimal(-180)
    if from_ == edge or to == -edge:  # it begins or ends on the antimeridian: one position with two longitudes
        return [((-edge, south), end)] if from_ == edge else [(start, (edge, north))]
    way = to + 2 * edge - from_
    crossing = (south + (north - south) * (edge - from_) / way).quantize(Decimal("0.00001")).normalize()
    return [(start, (edge, crossing)), ((-edge, crossing), end)]


def _written(position: Position) -> str:
    return f"[{position[0]:f},{position[1]:f}]"
