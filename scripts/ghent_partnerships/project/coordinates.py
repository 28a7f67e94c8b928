"""Where a place lies: both of its coordinates, or nothing. What the data say stays in the data, and ``validate`` says
what is wrong with it: GP154 and GP157 a number out of its range, GP177 and GP216 half of a position."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from math import asin, cos, radians, sin, sqrt

Position = tuple[Decimal, Decimal]  # longitude and latitude in degrees, as GeoJSON and WKT have them
_RADIUS = 6371.0088  # kilometres: the mean radius of the Earth, by the IUGG
_NORTHERNMOST, _EASTERNMOST = 90, 180


def position(longitude: str | None, latitude: str | None) -> Position | None:
    """The position of two texts with decimal numbers, with the digits that they have.

    Returns:
        None where one is missing, is no number, or lies outside -180 to 180 or -90 to 90 degrees.
    """
    if longitude is None or latitude is None:
        return None
    try:
        east, north = Decimal(longitude), Decimal(latitude)
        return (east, north) if abs(east) <= _EASTERNMOST and abs(north) <= _NORTHERNMOST else None
    except InvalidOperation:  # not a number, or NaN, which is not to be compared
        return None


def distance(first: Position, second: Position) -> float:
    """How far two places are from each other along a great circle, in kilometres, by the haversine formula.

    The Earth is taken for a sphere, by which a distance is wrong by half a percent at the most.
    """
    (west, south), (east, north) = (map(radians, map(float, place)) for place in (first, second))
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _RADIUS * asin(sqrt(min(1.0, chord)))
