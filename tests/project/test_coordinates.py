"""A place is drawn and written with both of its coordinates, or not at all."""

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ghent_partnerships.project.coordinates import distance, position
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.catalogue import catalogue
from ghent_partnerships.publishing.site import schema_org
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import ID, expand
from ghent_partnerships.sparql.views import stored
from ghent_partnerships.text import Text
from publications import publication

GHENT = f"{ID}city/ghent"
BROKEN = {
    "half": {"geo:long": None},
    "neither": {"geo:long": None, "geo:lat": None},
    "not a number": {"geo:lat": "NaN"},
    "infinite": {"geo:lat": "-INF"},
    "no number": {"geo:long": "3°43'"},
    "beyond the pole": {"geo:lat": "90.00001"},
    "beyond the edge": {"geo:long": "-180.00001"},
}


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        ("3.71667", "51.05", (Decimal("3.71667"), Decimal("51.05"))),
        ("-180", "90.0", (Decimal(-180), Decimal(90))),
        (None, "51.05", None),
        ("3.71667", None, None),
        (None, None, None),
        ("", "51.05", None),
        ("NaN", "51.05", None),
        ("3.71667", "sNaN", None),
        ("INF", "51.05", None),
        ("180.00001", "51.05", None),
        ("3.71667", "-90.00001", None),
    ],
)
def test_a_position_is_two_numbers_on_earth_or_nothing(
    longitude: str | None, latitude: str | None, expected: tuple[Decimal, Decimal] | None
) -> None:
    assert position(longitude, latitude) == expected


def with_ghent_at(changed: dict[str, str | None]) -> Iterator[Triple]:
    """The graph with other coordinates of Ghent, or without them."""
    coordinates = {NamedNode(expand(name)): value for name, value in changed.items()}
    for triple in triples(packaged().graph_files()):
        if triple.subject != NamedNode(GHENT) or triple.predicate not in coordinates:
            yield triple
        elif (value := coordinates[triple.predicate]) is not None:
            yield Triple(triple.subject, triple.predicate, Literal(value))


def centroids(changed: dict[str, str | None]) -> list[str]:
    graph = list(with_ghent_at(changed))
    published = defaultdict(lambda: catalogue.Written(0, "0" * 64))
    written = dict(catalogue.files(GraphIndex(graph), publication(stored(graph), sparql=False), published))
    lines = written["catalog.nt"].decode("utf-8").splitlines()
    return [line.split('"')[1] for line in lines if "<http://www.w3.org/ns/dcat#centroid>" in line]


def test_the_catalogue_says_where_the_city_lies() -> None:
    assert centroids({}) == ["POINT(3.71667 51.05)"]


@pytest.mark.parametrize("changed", BROKEN.values(), ids=BROKEN)
def test_the_catalogue_says_nothing_where_the_city_has_no_whole_position(changed: dict[str, str | None]) -> None:
    assert centroids(changed) == []


@pytest.mark.parametrize("changed", BROKEN.values(), ids=BROKEN)
def test_a_page_gives_search_engines_a_whole_position_or_none(changed: dict[str, str | None]) -> None:
    def geo(changed: dict[str, str | None]) -> object:
        about = schema_org.thing(GraphIndex(with_ghent_at(changed)), GHENT, "en", Text({}))
        return json.loads(json.dumps(about)).get("geo")

    assert geo({}) == {"@type": "GeoCoordinates", "latitude": "51.05", "longitude": "3.71667"}
    assert geo(changed) is None


@pytest.mark.parametrize(
    ("first", "second", "kilometres"),
    [
        ((0, 0), (0, 0), 0.0),
        ((0, 0), (180, 0), 20015.1),  # half around the Earth
        ((0, 90), (77, -90), 20015.1),
        ((179.5, 0), (-179.5, 0), 111.2),  # a degree, across the meridian where the world is cut
        ((119.90812, 32.49069), (121.43312, 28.66266), 450.0),
    ],
)
def test_how_far_two_places_lie_apart(
    first: tuple[float, float], second: tuple[float, float], kilometres: float
) -> None:
    places = [(Decimal(str(longitude)), Decimal(str(latitude))) for longitude, latitude in (first, second)]
    assert distance(places[0], places[1]) == pytest.approx(kilometres, abs=0.05)
