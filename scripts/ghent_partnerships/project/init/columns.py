"""Which column of a table of pairs of cities is what: by the names in its first line, or as it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...errors import UsageError
from ...translation import message as _
from .slugs import slug

CITIES, COUNTRIES, ITEMS = ("city-a", "city-b"), ("country-a", "country-b"), ("wikidata-a", "wikidata-b")
START, END, KIND = "start", "end", "kind"
ROLES = (*CITIES, *COUNTRIES, *ITEMS, START, END, KIND)
_PAIRS = (CITIES, COUNTRIES, ITEMS)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of the languages that a project begins in: German, English, Spanish, French, Italian, Dutch and Polish.
_SIDES = (  # what tells the cities of a pair apart, the plainest first
    (_words("a 1"), _words("b 2")),
    (
        _words("first from home left source"),
        _words("counterpart gemellata gemellato hermanada hermana hermanado jumele jumelee other partenaire partner "
               "partnerskie partnerskiego right schwester second sister target to twin zuster"),
    ),
)  # fmt: skip
_CITY = _words("citta city ciudad commune comune gemeente gemeinde gmina kommune label miasto municipality municipio "
               "name ort place plaats stad stadt town ville")  # fmt: skip
_COUNTRY = _words("country kraj land nation paese pais pays staat")
_ITEM = _words("item q qid wikidata")
_NAMED = ((ITEMS, _ITEM), (COUNTRIES, _COUNTRY), (CITIES, _CITY))
_KIND = _words("art categoria categorie category kategorie kind relation relationship rodzaj soort tipo typ type")
_LATE = _words("beendet bis eind einddatum einde eindjaar end ende ended ending fin fine fino hasta jusqua jusque "
               "koniec terminated termination till to tot until")  # fmt: skip
_TIME = _LATE - _words("to") | _words(
    "ano annee anno begin beginjaar beginn beginning dal date datum debut depuis desde established "
    "fecha founded inizio inicio jaar jahr od rok seit signed since sinds start startjaar startjahr year"
)
_WORD = re.compile(r"[a-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")
_COMPOUND = re.compile(r"\b(partner|schwester|zuster)(?=(?:gemeente|gemeinde|kommune|land|ort|stad|stadt)\b)")


def columns(name: str, header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Return the place of the column of each role that a table has; ``name`` is what errors call the table.

    Of two columns of the same name that do not say of which city they are, the first belongs to the city that stands
    first. ``chosen`` has names of columns by their roles, or their numbers.

    Raises:
        UsageError: there is no such column, none with a city, or it is not clear of which city or which of several.
    """
    header = [column.strip() for column in header]
    found: dict[str, int] = {}
    for pair in _PAIRS:  # the cities first, since the order of others depends on theirs
        asked = {role: chosen[role] for role in pair if role in chosen}
        order = sorted(pair, key=lambda role: found.get(CITIES[pair.index(role)], 0))
        for role, column in asked.items():
            found[role] = _asked(name, header, role, column, order)
        _find(name, header, pair, order, found)
        if pair is CITIES:
            _require_cities(name, header, found)
    for role in (START, END, KIND):
        if role in chosen:
            found[role] = _asked(name, header, role, chosen[role], [role])
        else:
            _take(name, header, role, _free(header, (role,), found), found)
    return {role: found[role] for role in ROLES if role in found}


def _asked(name: str, header: Sequence[str], role: str, column: str, order: Sequence[str]) -> int:
    """The place of a column that is asked for: by its name, its place among two of its name, or its number."""
    places = [place for place, known in enumerate(header) if known == column.strip()]
    if len(places) == len(order):
        return places[order.index(role)]
    if len(places) == 1:
        return places[0]
    if places:
        raise _ambiguous(name, column, places, [role])
    if column.isdecimal() and 1 <= int(column) <= len(header):
        return int(column) - 1
    problem = _(
        "{path}: there is no column {column}; there are {columns}",
        path=name,
        column=column,
        columns=", ".join(header),
    )
    raise UsageError(problem)


def _ambiguous(name: str, column: str, places: Sequence[int], roles: Sequence[str]) -> UsageError:
    number = places[-1] + 1
    return UsageError(
        _(
            "{path}: it is not clear what the column {column} is (number {numbers}); say it by number, like {option}",
            path=name,
            column=column,
            numbers=", ".join(str(place + 1) for place in places),
            option=", ".join(f"--column {role}={number}" for role in roles),
        )
    )


def _require_cities(name: str, header: Sequence[str], found: Mapping[str, int]) -> None:
    if missing := [role for role in CITIES if role not in found]:
        problem = _(
            "{path}: no column with a city of a pair was found among {columns}; name it with {option}",
            path=name,
            columns=", ".join(header),
            option=" ".join(f"--column {role}=…" for role in missing),
        )
        raise UsageError(problem)


def _free(header: Sequence[str], roles: Sequence[str], found: Mapping[str, int]) -> list[int]:
    """The columns whose names say that they have just these roles, and that have none yet."""
    taken = {*found.values()}
    return [place for place, column in enumerate(header) if place not in taken and _roles(column) == tuple(roles)]


def _take(name: str, header: Sequence[str], role: str, places: Sequence[int], found: dict[str, int]) -> None:
    """Give a role to the first of the columns that are named for it."""
    if places and role not in found:
        same = [place for place in places if header[place] == header[places[0]]]
        if len(same) > 1:
            raise _ambiguous(name, header[same[0]], same, [role])
        found[role] = places[0]


def _find(name: str, header: Sequence[str], pair: tuple[str, str], order: Sequence[str], found: dict[str, int]) -> None:
    """Find the columns of a pair of roles: those that say of which city they are, then those that do not."""
    for role in pair:
        _take(name, header, role, _free(header, (role,), found), found)
    places = _free(header, pair, found)
    free = [role for role in order if role not in found]
    if not places or not free:
        return
    same = [place for place in places if header[place] == header[places[0]]]
    if len(same) > len(free):
        raise _ambiguous(name, header[same[0]], same, free)
    if len(same) > 1:
        found.update(zip(free, same, strict=True))
        return
    (place,) = same
    before = [role for role, city in zip(pair, CITIES, strict=True) if found.get(city, place) < place]
    if pair is CITIES:
        possible = [role for role in pair[:1] if role in free]
    elif len(before) > 1:  # it stands after both cities
        possible = free
    else:
        possible = [role for role in before or order[:1] if role in free]
    if len(possible) > 1:
        raise _ambiguous(name, header[place], same, possible)
    found.update(dict.fromkeys(possible, place))


def _roles(column: str) -> tuple[str, ...]:
    """The roles that the name of a column says it has: two where it does not say of which city it is.

    >>> [_roles(name)[0] for name in ("city1", "countryB", "Twin city", "from", "to_wikidata", "Since", "end year")]
    ['city-a', 'country-b', 'city-b', 'city-a', 'wikidata-b', 'start', 'end']
    >>> _roles("Land"), _roles("note")
    (('country-a', 'country-b'), ())
    """
    words = frozenset(_WORD.findall(_COMPOUND.sub(r"\1 ", slug(_HUMP.sub(" ", column)))))
    if words & _TIME:
        return (END,) if words & _LATE else (START,)
    found = (tuple(side for side, names in enumerate(pair) if words & names) for pair in _SIDES)
    sides = next(filter(None, found), ())
    what = next((roles for roles, names in _NAMED if words & names), None)
    if what is None and words & _KIND:
        return (KIND,)
    if len(sides) > 1 or not (sides or what) or (what is None and len(words) > 1):
        return ()
    roles = what or CITIES
    return (roles[sides[0]],) if sides else roles
