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

from ..rdf.turtle import XSD
from ..sparql.library import LANGUAGES
from ..sparql.views import DataSet, Row, Table, columns
from .coordinates import Position, position

_EVIDENCE = ("sentence", "leadIn", *columns("inferred"))
_CITY = (*columns("name"), *columns("country"), *_EVIDENCE)
_PARTNERSHIP = (*columns("name"), *columns("kind"), "start", "end", *columns("outcome"), *_EVIDENCE)
_YEAR = re.compile(r"[0-9]{4}")


def maps(rows: Iterable[Table], of: DataSet) -> Iterator[tuple[str, bytes]]:
    """``cities.geojson`` and ``partnerships.geojson`` from the tables of that name, each a path and its bytes."""
    head = _head(of)
    tables = {table.name: table.rows for table in rows}
    where = {row["city"]: _position(row) for row in tables["cities"]}
    cities = (_feature(row, "city", _point(where[row["city"]]), _CITY) for row in tables["cities"])
    yield "cities.geojson", _collection(head, cities)
    lines = (
        _feature(row, "partnership", _line(where[row["homeCity"]], where[row["counterpartCity"]]), _PARTNERSHIP)
        for row in tables["partnerships"]
    )
    yield "partnerships.geojson", _collection(head, lines)


def _head(of: DataSet) -> str:
    named = {name: of.rights.localized(one) for name, one in zip(columns("attribution"), LANGUAGES, strict=True)}
    rights = _json({"license": of.licence, **named})[1:-1]
    return f'{{"type":"FeatureCollection",{rights},"features":[\n'


def _collection(head: str, features: Iterable[str]) -> bytes:
    return (head + ",\n".join(features) + "\n]}\n").encode()


def _feature(row: Row, key: str, geometry: str, properties: Iterable[str]) -> str:
    said = _json({name: _value(row.get(name)) for name in properties})
    return f'{{"type":"Feature","id":{_json(row[key].value)},"geometry":{geometry},"properties":{said}}}'


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


def _line(one: Position | None, other: Position | None) -> str:
    if one is None or other is None:
        return "null"
    parts = [f"[{_written(start)},{_written(end)}]" for start, end in _parts(one, other)]
    if len(parts) == 1:
        return f'{{"type":"LineString","coordinates":{parts[0]}}}'
    return f'{{"type":"MultiLineString","coordinates":[{",".join(parts)}]}}'


def _parts(one: Position, other: Position) -> list[tuple[Position, Position]]:
    """The line the shorter way round, cut where it crosses the antimeridian."""
    (from_, south), (to, north) = one, other
    if abs(to - from_) <= 180:
        return [(one, other)]
    edge = Decimal(180) if from_ > to else Decimal(-180)
    if from_ == edge or to == -edge:  # it begins or ends on the antimeridian: one position with two longitudes
        return [((-edge, south), other)] if from_ == edge else [(one, (edge, north))]
    way = to + 2 * edge - from_
    crossing = (south + (north - south) * (edge - from_) / way).quantize(Decimal("0.00001")).normalize()
    return [(one, (edge, crossing)), ((-edge, crossing), other)]


def _written(position: Position) -> str:
    return f"[{position[0]:f},{position[1]:f}]"
