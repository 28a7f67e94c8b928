"""Large graphs in the project's vocabulary, for benchmarks: statements to add to this repository's graph.

Ten partnerships come with one city, one sentence and one agreement. Of the ten of a city:

- one is a twinning with ``city:ghent``,
- eight are twinnings with the eight cities that come next; after the last comes the first again,
- one is a cooperation, with an agreement, with the first city of its group of 80. That one cooperates with Ghent
  instead, so it has 80 cooperations at any size: a list of a natural length.

That is 10,000 partnerships, 1,000 cities, 1,000 sentences and 1,000 agreements in some 138,400 statements; with those
of our own about 141,000. A small graph has 20 cities all the same, so that no pair is twinned twice. The cities
lie in ten countries of the project's data and have names in English, Dutch, French and German; four in ten also have
one in Bulgarian, Chinese, Japanese or Arabic. Wikidata items, GeoNames features and sentences are made up. There is
neither chance nor a clock in it: the same number gives the same statements, in the same order.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from ghent_partnerships.project.location import packaged

PREFIXES = packaged().prefixes


ROOT = Path(__file__).resolve().parents[2]
A_CITY = 10  # partnerships that come with each city
FEWEST_CITIES = 20  # with 16 the eighth to come would be the eighth before, and the pair be twinned twice
GROUP = 80
LANGUAGES = ("en", "nl", "fr", "de")
BEFORE = (  # the first part of a name in these languages
    ("", "", "", ""),
    ("New ", "Nieuw-", "Nouveau-", "Neu-"),
    ("Old ", "Oud-", "Vieux-", "Alt-"),
    ("Upper ", "Opper-", "Haut-", "Ober-"),
    ("Lower ", "Neder-", "Bas-", "Nieder-"),
    ("Great ", "Groot-", "Grand-", "Groß-"),
    ("Little ", "Klein-", "Petit-", "Klein-"),
    ("North ", "Noord-", "Nord-", "Nord-"),
    ("South ", "Zuid-", "Sud-", "Süd-"),
    ("East ", "Oost-", "Est-", "Ost-"),
    ("West ", "West-", "Ouest-", "West-"),
    ("King's ", "Konings-", "Royal-", "Königs-"),
)


class Country(NamedTuple):
    """A country of the project's data: its slug and name, somewhere within it, and the second parts of its cities'
    names, with those in its own script where it has one."""

    slug: str
    name: str
    latitude: int
    longitude: int
    names: tuple[str, ...]
    language: str = ""
    native_names: tuple[str, ...] = ()


COUNTRIES = (
    Country(
        *("belgium", "Belgium", 50, 4),
        (
            *("'s-Gravenhoek", "Braine-l'Étang", "Heist-op-de-Dijk", "Liévin-lez-Dour", "Sint-Jansbeek"),
            *("Nœuvillers", "Œudeghien-Bas", "Zoerledorp", "Mëttelbach"),
        ),
    ),
    Country(
        *("bulgaria", "Bulgaria", 42, 25),
        (
            *("Beloslava", "Gorna Reka", "Zlatishte", "Yambrod", "Shtarkovo"),
            *("Dryanitsa", "Chernoles", "Kyustovets", "Lyubimtsi"),
        ),
        "bg",
        (
            *("Белослава", "Горна река", "Златище", "Ямброд", "Щърково"),
            *("Дряница", "Чернолес", "Кюстовец", "Любимци"),
        ),
    ),
    Country(
        *("china", "China", 31, 112),
        ("Jiāngkǒu", "Lǜshān", "Qīnghé", "Yǒng'ān", "Hónglín", "Báishuǐ", "Tiānqiáo", "Nán'ào", "Jīnpíng"),
        "zh",
        ("江口市", "绿山市", "清河市", "永安市", "红林市", "白水市", "天桥市", "南澳市", "金坪市"),
    ),
    Country(
        *("estonia", "Estonia", 58, 26),
        (
            *("Jõeküla", "Õunapuu", "Põldsaare", "Väike-Mäe", "Kärsalinn"),
            *("Sõrve-Otsa", "Rõõmu", "Ülenurga", "Häädelinn"),
        ),
    ),
    Country(
        *("france", "France", 47, 2),
        (
            *("Saint-Rémy-l'Étang", "Château-d'Œuvre", "L'Haÿ-du-Bois", "Neuville-ès-Prés", "Fleury-sur-Vêle"),
            *("Aÿ-la-Forêt", "Montréal-d'en-Bas", "Bourg-l'Abbé", "Ciré-d'Aunac"),
        ),
    ),
    Country(
        *("germany", "Germany", 51, 10),
        (
            *("Höhenstädt", "Großröda", "Müßlingen", "Bad Käßberg", "Öhrenfeld"),
            *("Übersheim", "Schönwörth", "Zwölfkirchen", "Füßhausen"),
        ),
    ),
    Country(
        *("japan", "Japan", 36, 138),
        ("Kanayama", "Ōmachi", "Shin'yō", "Kōzawa", "Yūhama", "Mishū", "Takefū", "Hoshigaoka", "Minatomachi"),
        "ja",
        ("金山市", "大町市", "新陽市", "高沢市", "夕浜市", "三州市", "竹風市", "星が丘市", "みなと町"),
    ),
    Country(
        *("morocco", "Morocco", 32, -6),
        (
            *("Aïn Zitoun", "Sidi M'Barek", "Dar Naïma", "Oued Ramla", "Bab Chams"),
            *("Ksar Amal", "M'Zoura", "Tizi n'Azour", "Jbel Wahda"),
        ),
        "ar",
        (
            *("عين الزيتون", "سيدي مبارك", "دار نعيمة", "واد الرملة", "باب الشمس"),
            *("قصر الأمل", "مزورة", "تيزي نازور", "جبل الوحدة"),
        ),
    ),
    Country(
        *("poland", "Poland", 52, 19),
        (
            *("Łąkowice", "Żółwin", "Świerczów Mały", "Źródłowo", "Gęsia Góra"),
            *("Chełmżno", "Ćmielin", "Łódkowo", "Śródmieścice"),
        ),
    ),
    Country(
        *("united-kingdom", "United Kingdom", 53, -2),
        (
            *("Bishop's Wharf", "St Mary's-on-the-Moor", "Queen's Heathby", "Llan-y-Môr", "Ynys Tŷ"),
            *("Stoke D'Arcy", "Market O'Hara", "Aberŵen", "Ashby-le-Marsh"),
        ),
    ),
)


def node(name: str) -> NamedNode:
    """The node of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


A, LABEL, SOURCE, NOT_STATED = node("rdf:type"), node("rdfs:label"), node("dcterms:source"), node("gp:notStated")
SUPPLIES, URL, POSITION, PART_OF = map(node, ("gp:supplies", "schema:url", "schema:position", "dcterms:isPartOf"))
EXACT, PARTY, KIND, AGREEMENT = map(node, ("oa:exact", "gp:party", "gp:kind", "gp:agreement"))
START, END, CONCLUDED, INSTRUMENT = map(node, ("gp:startYear", "gp:endYear", "gp:concludedYear", "gp:instrument"))
LATITUDE, LONGITUDE, COUNTRY = map(node, ("geo:lat", "geo:long", "gp:country"))
COUNTRY_AS_STATED, NAME_AS_STATED = node("gp:countryAsStated"), node("gp:nameAsStated")
SAME_AS, LINK = node("owl:sameAs"), node("schema:sameAs")
A_CITY_TYPE, A_PARTNERSHIP, AN_AGREEMENT = map(node, ("gp:City", "gp:Partnership", "gp:Agreement"))
A_WORK, A_FRAGMENT = node("schema:CreativeWork"), node("oa:TextQuoteSelector")
TWINNING, COOPERATION = node("concept:twinning"), node("concept:cooperation")
COOPERATION_AGREEMENT = node("concept:cooperation-agreement")
REGISTER, GAZETTEER = node("source:generated-register"), node("source:generated-gazetteer")
YEAR, DECIMAL, INTEGER, ANY_URI = map(node, ("xsd:gYear", "xsd:decimal", "xsd:integer", "xsd:anyURI"))
GHENT = node("city:ghent")
GHENT_NAMES = ("Ghent", "Gent", "Gand", "Gent")


def generate(partnerships: int) -> Iterator[Triple]:
    """The statements of so many partnerships, and of the cities, agreements and sentences that they need."""
    cities = _cities(partnerships)
    yield from _sources()
    for number in range(cities):
        yield from _city(number)
        yield from _fragment(number, partnerships, cities)
    for number in range(partnerships):
        yield from _partnership(number, cities)


def faults(count: int) -> Iterator[Triple]:
    """So many statements that each break exactly one constraint when they are added, of ten kinds in turn.

    They are about what at least ``count`` partnerships come with, so generate that many.
    """
    for number in range(count):
        yield _fault(number % 10, number // 10)


def checkout(folder: Path, partnerships: int) -> Path:
    """A copy of this repository in the folder, whose own graph has the generated statements in ``data/generated.ttl``.

    ``PYTHONPATH=<folder>/scripts python -m ghent_partnerships`` runs on it.
    """
    for name in ("scripts", "ontology", "queries", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    write(folder / "data" / "generated.ttl", generate(partnerships))
    return folder


def write(path: Path, triples: Iterator[Triple]) -> None:
    """Write Turtle, much faster than in the canonical layout."""
    pyoxigraph.serialize(triples, path, RdfFormat.TURTLE, prefixes=PREFIXES)


def _cities(partnerships: int) -> int:
    return max(FEWEST_CITIES, -(-partnerships // A_CITY))


def _sources() -> Iterator[Triple]:
    supplied = {
        REGISTER: (),
        GAZETTEER: (LATITUDE, LONGITUDE, COUNTRY, SAME_AS, LABEL, LINK),
    }
    labels = {
        REGISTER: ("Register of generated partnerships", "Register van gegenereerde partnerschappen"),
        GAZETTEER: ("Gazetteer of generated cities", "Plaatsnamenlijst van gegenereerde steden"),
    }
    for source, (english, dutch) in labels.items():
        yield Triple(source, A, A_WORK)
        yield Triple(source, LABEL, Literal(english, language="en"))
        yield Triple(source, LABEL, Literal(dutch, language="nl"))
        yield Triple(source, URL, Literal(f"https://example.org/{source.value.rpartition('/')[2]}", datatype=ANY_URI))
        for term in supplied[source]:
            yield Triple(source, SUPPLIES, term)


def _city(number: int) -> Iterator[Triple]:
    city, country, item = node(f"city:generated-{number}"), _country(number), _item(number)
    yield Triple(city, A, A_CITY_TYPE)
    yield Triple(city, SOURCE, node(f"fragment:generated-{number}"))
    yield Triple(city, SOURCE, GAZETTEER)
    yield Triple(city, LATITUDE, _degrees(country.latitude, number * 7919))
    yield Triple(city, LONGITUDE, _degrees(country.longitude, number * 104729))
    yield Triple(city, COUNTRY, node(f"country:{country.slug}"))
    yield Triple(city, COUNTRY_AS_STATED, node(f"country:{country.slug}"))
    names = _names(number)
    yield Triple(city, NAME_AS_STATED, Literal(names[0]))
    for name, language in zip(names, LANGUAGES, strict=True):
        yield Triple(city, LABEL, Literal(name, language=language))
    if country.native_names:
        yield Triple(city, LABEL, Literal(country.native_names[_root(number)], language=country.language))
    yield Triple(city, SAME_AS, item)
    yield Triple(city, LINK, item)
    yield Triple(city, LINK, NamedNode(f"https://sws.geonames.org/{90_000_000 + number}/"))


def _fragment(number: int, partnerships: int, cities: int) -> Iterator[Triple]:
    """The sentence about the ten partnerships that come with the city."""
    fragment, place = node(f"fragment:generated-{number}"), Literal(str(number + 1), datatype=INTEGER)
    first = number * A_CITY
    parts = [_mention(partnership, cities) for partnership in range(first, min(first + A_CITY, partnerships))]
    clause = "is twinned with " + ", ".join(parts) if parts else 'is not a "partner city" of anyone\'s yet'
    sentence = f"{_names(number)[0]} ({_country(number).name}) {clause}."
    yield Triple(fragment, A, A_FRAGMENT)
    yield Triple(fragment, PART_OF, REGISTER)
    yield Triple(fragment, EXACT, Literal(sentence, language="en"))
    yield Triple(fragment, LABEL, Literal(f"Entry {number + 1} of the register", language="en"))
    yield Triple(fragment, LABEL, Literal(f"Regel {number + 1} van het register", language="nl"))
    yield Triple(fragment, POSITION, place)


def _mention(number: int, cities: int) -> str:
    partner = _partner(number, cities)
    name = _names_of(partner)[0]
    if _cooperates(number):
        return f'and, under an "agreement", cooperates with {name} in {_year(number)}'
    return f"{name} since {_year(number)}"


def _partnership(number: int, cities: int) -> Iterator[Triple]:
    city, partner = number // A_CITY, _partner(number, cities)
    partnership, agreement = node(f"partnership:generated-{number}"), node(f"agreement:generated-{city}")
    fragment, year = node(f"fragment:generated-{city}"), Literal(str(_year(number)), datatype=YEAR)
    parties = (None, city) if partner is None else (city, partner)  # Ghent comes first, as in the project's labels
    first, second = map(_names_of, parties)
    english, dutch = f"{first[0]} and {second[0]}", f"{first[1]} en {second[1]}"
    yield Triple(partnership, A, A_PARTNERSHIP)
    yield Triple(partnership, SOURCE, fragment)
    if _cooperates(number):
        yield Triple(partnership, AGREEMENT, agreement)
        yield Triple(partnership, KIND, COOPERATION)
    else:
        yield Triple(partnership, NOT_STATED, AGREEMENT)
        yield Triple(partnership, KIND, TWINNING)
    yield Triple(partnership, NOT_STATED, END)
    for party in parties:
        yield Triple(partnership, PARTY, GHENT if party is None else node(f"city:generated-{party}"))
    yield Triple(partnership, START, year)
    yield Triple(partnership, LABEL, Literal(english, language="en"))
    yield Triple(partnership, LABEL, Literal(dutch, language="nl"))
    yield Triple(partnership, POSITION, Literal(str(number % A_CITY + 1), datatype=INTEGER))
    if _cooperates(number):
        yield Triple(agreement, A, AN_AGREEMENT)
        yield Triple(agreement, SOURCE, fragment)
        yield Triple(agreement, CONCLUDED, year)
        yield Triple(agreement, INSTRUMENT, COOPERATION_AGREEMENT)
        yield Triple(agreement, NOT_STATED, END)
        yield Triple(agreement, LABEL, Literal(f"Cooperation agreement between {english}", language="en"))
        yield Triple(agreement, LABEL, Literal(f"Samenwerkingsakkoord tussen {dutch}", language="nl"))


def _fault(kind: int, number: int) -> Triple:
    """A fault of one of ten kinds, about the city of a number or what comes with it."""
    city, agreement = node(f"city:generated-{number}"), node(f"agreement:generated-{number}")
    twinning, cooperation = (node(f"partnership:generated-{number * A_CITY + place}") for place in (0, A_CITY - 1))
    elsewhere = node(f"country:{_country(number + 1).slug}")
    return (
        Triple(city, node("gp:nickname"), Literal("no such property")),
        Triple(twinning, END, Literal("2030", datatype=YEAR)),  # it also says that its end is not stated
        Triple(city, COUNTRY, elsewhere),  # a second country
        Triple(city, LABEL, Literal("a second name in one language", language="nl")),
        Triple(agreement, SOURCE, GHENT),  # a city is no source
        Triple(city, LINK, NamedNode(f"https://example.org/{number}")),
        Triple(cooperation, AGREEMENT, node("concept:twinning")),  # a kind is no agreement
        Triple(node("period:1950s"), node("dcterms:hasPart"), twinning),  # it starts later
        Triple(city, NAME_AS_STATED, Literal("not a plain string", language="en")),
        Triple(node(f"city:double-{number}"), SAME_AS, _item(number)),  # that is another city's item
    )[kind]


def _partner(number: int, cities: int) -> int | None:
    """The number of the city that the city of a partnership is the partner of, or None for Ghent."""
    city, place = divmod(number, A_CITY)
    if _cooperates(number):
        return city - city % GROUP if city % GROUP else None
    return (city + place) % cities if place else None


def _cooperates(number: int) -> bool:
    return number % A_CITY == A_CITY - 1


def _year(number: int) -> int:
    return 2008 + number // A_CITY % 13 if _cooperates(number) else 1960 + number * 7 % 61


def _country(number: int) -> Country:
    return COUNTRIES[number % len(COUNTRIES)]


def _root(number: int) -> int:
    return number // len(COUNTRIES) % len(_country(number).names)


def _names(number: int) -> tuple[str, ...]:
    """The names of a city in each language; when all are used, they come again with a number."""
    country = _country(number)
    again, before = divmod(number // len(COUNTRIES) // len(country.names), len(BEFORE))
    after = f" {again + 1}" if again else ""
    return tuple(f"{part}{country.names[_root(number)]}{after}" for part in BEFORE[before])


def _names_of(party: int | None) -> tuple[str, ...]:
    return GHENT_NAMES if party is None else _names(party)


def _item(number: int) -> NamedNode:
    return node(f"wd:Q{900_000_000 + number}")


def _degrees(around: int, spread: int) -> Literal:
    """Within a degree and a half of the middle of the country."""
    return Literal(f"{around + (spread % 300_001 - 150_000) / 100_000:.5f}", datatype=DECIMAL)
