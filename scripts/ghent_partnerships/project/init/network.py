"""The cities and the partnerships that the rows of a table are about, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...errors import UsageError
from ...text import Text
from ...translation import message as _
from .slugs import distinct, slug
from .table import Place, Row, Unread

UNSTATED = "partnership"  # the slug of the kind of a partnership whose kind no row says


@dataclass
class City:
    """A city: how rows have it, each with the first line that does, and its slug."""

    places: dict[Place, int] = field(default_factory=dict)
    slug: str = ""

    @property
    def name(self) -> str:
        """The name that comes first."""
        return next(iter(self.places)).name

    @property
    def country(self) -> str:
        """The name of its country, the first that is stated; empty where none is."""
        return next((place.country for place in self.places if place.country), "")

    @property
    def item(self) -> str:
        """Its item of Wikidata, like ``Q42``; empty where none is stated."""
        return next((place.item for place in self.places if place.item), "")


@dataclass
class Partnership:
    """A partnership: its cities, the home city first, the slug of its kind, the lines of its rows, when it starts and
    ends, each a year, a day or empty, and its slug."""

    parties: tuple[City, City]
    kind: str
    lines: list[int] = field(default_factory=list)
    start: str = ""
    end: str = ""
    slug: str = ""


@dataclass
class Network:
    """What the rows of a table are about: the cities, the partnerships in the order of the rows, the names of kinds by
    their slugs, the slugs of countries by their names, the home city if there is one, and what could not be read."""

    cities: Sequence[City]
    partnerships: Sequence[Partnership]
    kinds: Mapping[str, str]
    countries: Mapping[str, str]
    home: City | None
    unread: Sequence[Unread]


def network(rows: Sequence[Row], unread: Iterable[Unread], home: Text, item: str) -> Network:
    """Return what rows are about, of which ``unread`` could not be read; the home city has one of the names of ``home``
    or this item of Wikidata.

    Raises:
        UsageError: not exactly one city is the home city that is asked for.
    """
    problems = list(unread)
    rows = _with_distinct_items(rows, problems)
    key_of = _keys(rows)
    cities = _cities(rows, key_of)
    at_home = _home([*cities.values()], home, item) if home or item else None
    kinds: dict[str, str] = {}
    found: dict[tuple[str, str, str], Partnership] = {}
    for row in rows:
        if row.places is None:
            continue
        pair = [cities[key_of(place)] for place in row.places]
        first, second = sorted(pair, key=lambda city: (city is not at_home, city.slug))
        if first is second:
            problems.append(Unread(row.line, _("both cities are the same"), whole=True))
            continue
        kind = slug(row.kind) or (f"{UNSTATED}-of-a-kind" if row.kind else UNSTATED)
        kinds.setdefault(kind, row.kind)
        known = found.setdefault((first.slug, second.slug, kind), Partnership((first, second), kind))
        problems += _merged(known, row)
    partnerships = [*found.values()]
    _name(partnerships)
    names = sorted({city.country for city in cities.values()} - {""})
    countries = distinct({name: [slug(name), "country"] for name in names})
    problems.sort(key=lambda problem: problem.line)
    return Network([*cities.values()], partnerships, kinds, countries, at_home, problems)


def _with_distinct_items(rows: Iterable[Row], problems: list[Unread]) -> list[Row]:
    """The rows, where an item is that of a single name: a city of another name that has it is another city, and is kept
    without, since two cities that became a single one would be wrong data that nobody sees."""
    owners: dict[str, tuple[Place, int]] = {}

    def checked(place: Place, line: int) -> Place:
        if not place.item:
            return place
        owner, first = owners.setdefault(place.item, (place, line))
        if owner.name == place.name or (slug(owner.name) or owner.name) == slug(place.name):
            return place
        problem = _(
            "{item} is the item of {city} in line {line}, and is left out of {other}",
            item=place.item,
            city=owner.name,
            line=first,
            other=place.name,
        )
        problems.append(Unread(line, problem))
        return place._replace(item="")

    found = []
    for row in rows:
        if row.places is None:
            found.append(row)
        else:
            first, second = row.places
            found.append(row._replace(places=(checked(first, row.line), checked(second, row.line))))
    return found


def _keys(rows: Iterable[Row]) -> Callable[[Place], tuple[str, ...]]:
    """What tells cities apart: their item, where it or a row of the same name and country has one, or else both."""
    items: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for place in row.places or ():
            if place.item:
                items.setdefault((place.name, place.country), set()).add(place.item)

    def key(place: Place) -> tuple[str, ...]:
        known = items.get((place.name, place.country), ())
        if place.item or len(known) == 1:
            return (place.item or next(iter(known)),)
        return place.name, place.country

    return key


def _cities(rows: Iterable[Row], key_of: Callable[[Place], tuple[str, ...]]) -> dict[tuple[str, ...], City]:
    """The cities by their keys, with slugs that do not depend on the order of the rows where names, countries and items
    tell them apart."""
    cities: dict[tuple[str, ...], City] = {}
    for row in rows:
        for place in row.places or ():
            cities.setdefault(key_of(place), City()).places.setdefault(place, row.line)
    keys = {"\n".join(key): key for key in sorted(cities)}
    slugs = distinct({name: _candidates(cities[key]) for name, key in keys.items()})
    for name, key in keys.items():
        cities[key].slug = slugs[name]
    return cities


def _candidates(city: City) -> list[str]:
    """Slugs for a city, the plainest first."""
    plain = slug(city.name)
    with_country = slug(f"{city.name} {city.country}") if plain and city.country else ""
    return [plain, with_country, f"{plain}-{city.item}".lower().strip("-") if city.item else "", plain or "city"]


def _home(cities: Iterable[City], home: Text, item: str) -> City:
    names = {name.casefold() for name in home.values()}
    cities = list(cities)
    found = [city for city in cities if item and city.item == item]
    found = found or [city for city in cities if any(place.name.casefold() in names for place in city.places)]
    if len(found) == 1:
        return found[0]
    wanted = home or Text(item)
    if not found:
        raise UsageError(_("--city {city}: no row has this city", city=wanted))
    named = ", ".join(" ".join(filter(None, (city.name, city.country, city.item))) for city in found)
    raise UsageError(_("--city {city}: there are several ({named}); give --wikidata", city=wanted, named=named))


def _merged(known: Partnership, row: Row) -> Iterable[Unread]:
    """Add to a partnership what a row says of it; what an earlier one says otherwise is left out, and told."""
    known.lines.append(row.line)
    for stated, earlier in ((row.start, known.start), (row.end, known.end)):
        if stated and earlier and stated != earlier:
            problem = _("{stated} where line {line} has {earlier}", stated=stated, line=known.lines[0], earlier=earlier)
            yield Unread(row.line, problem)
    known.start, known.end = known.start or row.start, known.end or row.end
    if known.start and known.end and known.end[:4] < known.start[:4]:  # of rows that do not know of each other
        yield Unread(row.line, _("the end {end} is before the start {start}", end=known.end, start=known.start))
        known.end = ""


def _name(partnerships: Iterable[Partnership]) -> None:
    """Give each its slug: those of its cities, and of its kind where they have several."""
    by_key = {f"{each.parties[0].slug}\n{each.parties[1].slug}\n{each.kind}": each for each in partnerships}
    candidates = {}
    for key, each in by_key.items():
        cities = f"{each.parties[0].slug}-{each.parties[1].slug}"
        candidates[key] = [cities, f"{cities}-{each.kind}"]
    for key, found in distinct(dict(sorted(candidates.items()))).items():
        by_key[key].slug = found
