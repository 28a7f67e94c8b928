"""The maps: GeoJSON as RFC 7946 has it, with the places of the graph and the counts of the questions."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

import ghent_partnerships as gp
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.geojson import maps
from ghent_partnerships.publishing.publish import derived
from ghent_partnerships.publishing.tables import Table, table
from ghent_partnerships.rdf.namespaces import ID, PREFIXES
from ghent_partnerships.rdf.turtle import XSD
from ghent_partnerships.sparql.views import DataSet, data_set, stored
from ghent_partnerships.text import Text
from loaded import HEAD, load_store, of_kind
from publications import publication

PROJECT = packaged()

Json = dict[str, Any]
MAPS = ("cities", "partnerships")
NOTHING = DataSet(Text(), Text(), "", "", "", Text(), ("en", "nl"))
GHENT = [3.71667, 51.05]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    graph = stored(triples(PROJECT.graph_files()))
    return {path: content for path, content in derived(graph, publication(graph)) if path.endswith(".geojson")}


@pytest.fixture(scope="module")
def features(files: dict[str, bytes]) -> dict[str, list[Json]]:
    return {name: json.loads(files[f"{name}.geojson"])["features"] for name in MAPS}


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


def positions(geometry: Json | None) -> list[list[float]]:
    if geometry is None:
        return []
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return [coordinates]
    lines = [coordinates] if geometry["type"] == "LineString" else coordinates
    return [position for line in lines for position in line]


def by_name(features: list[Json]) -> dict[str, Json]:
    return {feature["properties"]["name"]: feature for feature in features}


def drawn(
    home: tuple[str, str] | None,
    counterpart: tuple[str, str] | None,
    name: NamedNode | Literal | None = None,
    **more: Literal,
) -> list[Json]:
    """The features of a partnership between two places, longitude and latitude, and those of the places."""
    cities = [NamedNode(f"{ID}city/{letter}") for letter in "ab"]
    rows = []
    for city, place in zip(cities, (home, counterpart), strict=True):
        row: dict[str, NamedNode | Literal] = {"city": city}
        if place is not None:
            row |= {key: decimal(degrees) for key, degrees in zip(("longitude", "latitude"), place, strict=True)}
        rows.append(row)
    link: dict[str, NamedNode | Literal] = {"partnership": NamedNode(f"{ID}partnership/a-b"), **more}
    link |= dict(zip(("homeCity", "counterpartCity"), cities, strict=True))
    if name is not None:
        link["name"] = name
    written = dict(maps([Table("cities", (), tuple(rows)), Table("partnerships", (), (link,))], NOTHING))
    features: list[Json] = []
    for path in ("partnerships.geojson", "cities.geojson"):
        features += json.loads(written[path], parse_float=Decimal, parse_int=Decimal)["features"]
    return features


def decimal(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "decimal"))


def line(start: tuple[str, str], end: tuple[str, str]) -> object:
    """The coordinates of the line between two places, each number as it is written."""
    geometry = drawn(start, end)[0]["geometry"]
    return json.loads(json.dumps(geometry["coordinates"], default=str))


@pytest.mark.parametrize("name", MAPS)
def test_a_map_is_a_collection_with_one_feature_a_line(name: str, files: dict[str, bytes]) -> None:
    content = files[f"{name}.geojson"].decode("utf-8")
    document = json.loads(content)
    assert list(document) == ["type", "license", "attribution", "attributionNl", "features"]
    assert document["type"] == "FeatureCollection"
    (first, *lines, last) = content.splitlines()
    assert first.startswith('{"type":"FeatureCollection","license":"')
    assert (first[-13:], last) == (',"features":[', "]}")
    assert [json.loads(text.removesuffix(",")) for text in lines] == document["features"]
    assert content.endswith("]}\n")


@pytest.mark.parametrize("name", MAPS)
def test_a_map_says_its_licence_and_whom_to_name(name: str, files: dict[str, bytes], store: Store) -> None:
    document, described = json.loads(files[f"{name}.geojson"]), data_set(store, packaged())
    assert document["license"] == described.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert {"en": document["attribution"], "nl": document["attributionNl"]} == described.rights
    assert "GeoNames (https://www.geonames.org/)" in document["attribution"]


@pytest.mark.parametrize(
    ("name", "type_", "kind"), [("cities", "City", "Point"), ("partnerships", "Partnership", "LineString")]
)
def test_every_feature_is_complete(name: str, type_: str, kind: str, features: dict[str, list[Json]]) -> None:
    assert sorted(feature["id"] for feature in features[name]) == sorted(of_kind(PREFIXES["gp"] + type_))
    for feature in features[name]:
        assert list(feature) == ["type", "id", "geometry", "properties"]
        assert feature["type"] == "Feature"
        assert feature["id"].startswith(f"{ID}{'city' if name == 'cities' else 'partnership'}/")
        if feature["geometry"] is not None:
            assert list(feature["geometry"]) == ["type", "coordinates"]
            assert feature["geometry"]["type"] == kind


def test_nothing_is_said_with_what_rfc_7946_took_out(files: dict[str, bytes]) -> None:
    """No coordinate reference system: it is always WGS 84, longitude first."""
    for content in files.values():
        assert b'"crs"' not in content
        assert not content.startswith(b"\xef\xbb\xbf")


def test_a_position_is_longitude_and_latitude_with_the_digits_of_the_data(
    features: dict[str, list[Json]], files: dict[str, bytes]
) -> None:
    cities = by_name(features["cities"])
    assert cities["Ghent"]["geometry"] == {"type": "Point", "coordinates": GHENT}
    assert cities["Kanazawa"]["geometry"]["coordinates"] == [136.61667, 36.6]
    assert cities["Nottingham"]["geometry"]["coordinates"] == [-1.15047, 52.9536]
    assert b'"coordinates":[136.61667,36.6]}' in files["cities.geojson"]
    for name in MAPS:
        for feature in features[name]:
            for longitude, latitude in positions(feature["geometry"]):
                assert -180 <= longitude <= 180
                assert -90 <= latitude <= 90


def test_every_city_lies_where_the_graph_has_it(features: dict[str, list[Json]], store: Store) -> None:
    for feature in features["cities"]:
        place = [
            [float(quad.object.value) for quad in store.quads_for_pattern(NamedNode(feature["id"]), predicate, None)]
            for predicate in (NamedNode(PREFIXES["geo"] + name) for name in ("long", "lat"))
        ]
        found = positions(feature["geometry"])
        assert place == ([[found[0][0]], [found[0][1]]] if found else [[], []]), feature["id"]


def test_what_is_not_known_has_no_geometry(features: dict[str, list[Json]]) -> None:
    unlocated = {name: [feature["id"] for feature in features[name] if feature["geometry"] is None] for name in MAPS}
    assert unlocated == {"cities": [f"{ID}city/taizhou"], "partnerships": [f"{ID}partnership/ghent-taizhou"]}


def test_a_line_runs_from_the_home_city_to_its_counterpart(features: dict[str, list[Json]], store: Store) -> None:
    places = {feature["id"]: positions(feature["geometry"]) for feature in features["cities"]}
    ghent = f"{ID}city/ghent"
    for feature in features["partnerships"]:
        parties = {
            quad.object.value
            for quad in store.quads_for_pattern(NamedNode(feature["id"]), NamedNode(PREFIXES["gp"] + "party"), None)
        }
        home = ghent if ghent in parties else f"{ID}city/sint-denijs-westrem"
        (counterpart,) = parties - {home}
        expected = places[home] + places[counterpart] if places[counterpart] else []
        assert positions(feature["geometry"]) == expected, feature["id"]
    assert by_name(features["partnerships"])["Ghent and Kanazawa"]["geometry"] == {
        "type": "LineString",
        "coordinates": [GHENT, [136.61667, 36.6]],
    }


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        (("170", "0"), ("-170", "10"), [[["170", "0"], ["180", "5"]], [["-180", "5"], ["-170", "10"]]]),
        (("-170", "10"), ("170", "0"), [[["-170", "10"], ["-180", "5"]], [["180", "5"], ["170", "0"]]]),
        (("175", "10"), ("-170", "-5"), [[["175", "10"], ["180", "5"]], [["-180", "5"], ["-170", "-5"]]]),
        (("100", "0"), ("-100", "1"), [[["100", "0"], ["180", "0.5"]], [["-180", "0.5"], ["-100", "1"]]]),
        (("170", "0"), ("-160", "1"), [[["170", "0"], ["180", "0.33333"]], [["-180", "0.33333"], ["-160", "1"]]]),
        (("179.9", "0"), ("-179.9", "0"), [[["179.9", "0"], ["180", "0"]], [["-180", "0"], ["-179.9", "0"]]]),
    ],
)
def test_a_line_is_cut_where_it_crosses_the_antimeridian(
    start: tuple[str, str], end: tuple[str, str], parts: object
) -> None:
    assert drawn(start, end)[0]["geometry"]["type"] == "MultiLineString"
    assert line(start, end) == parts


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        (("180", "1"), ("-170", "2"), [["-180", "1"], ["-170", "2"]]),
        (("-180", "1"), ("170", "2"), [["180", "1"], ["170", "2"]]),
        (("170", "1"), ("-180", "2"), [["170", "1"], ["180", "2"]]),
        (("-170", "1"), ("180", "2"), [["-170", "1"], ["-180", "2"]]),
        (("170", "1"), ("180", "2"), [["170", "1"], ["180", "2"]]),
        (("-180", "1"), ("-170", "2"), [["-180", "1"], ["-170", "2"]]),
        (("180", "1"), ("-180", "2"), [["-180", "1"], ["-180", "2"]]),
        (("-180", "1"), ("180", "2"), [["180", "1"], ["180", "2"]]),
        (("-90", "1"), ("90", "2"), [["-90", "1"], ["90", "2"]]),
        (("0", "0"), ("-180", "0"), [["0", "0"], ["-180", "0"]]),
        (("-1", "0"), ("1", "0"), [["-1", "0"], ["1", "0"]]),
        (("10", "0"), ("10", "0"), [["10", "0"], ["10", "0"]]),
    ],
)
def test_a_line_that_only_touches_the_antimeridian_or_is_far_from_it_stays_whole(
    start: tuple[str, str], end: tuple[str, str], whole: object
) -> None:
    assert drawn(start, end)[0]["geometry"]["type"] == "LineString"
    assert line(start, end) == whole


LONGITUDES = st.decimals(-180, 180, places=5)
LATITUDES = st.decimals(-90, 90, places=5)


@given(st.tuples(LONGITUDES, LATITUDES), st.tuples(LONGITUDES, LATITUDES))
def test_every_line_goes_the_shorter_way_round(start: tuple[Decimal, Decimal], end: tuple[Decimal, Decimal]) -> None:
    geometry = drawn((f"{start[0]:f}", f"{start[1]:f}"), (f"{end[0]:f}", f"{end[1]:f}"))[0]["geometry"]
    lines = [geometry["coordinates"]] if geometry["type"] == "LineString" else geometry["coordinates"]
    assert sum(abs(east[0] - west[0]) for west, east in lines) == min(
        abs(start[0] - end[0]), 360 - abs(start[0] - end[0])
    )
    ends = [lines[0][0], lines[-1][1]]
    for drawn_at, place in zip(ends, (start, end), strict=True):
        assert (drawn_at[0] - place[0]) % 360 == 0
        assert drawn_at[1] == place[1]
    if len(lines) == 2:
        (before, after) = (lines[0][1], lines[1][0])
        assert (abs(before[0]), before[0], before[1]) == (180, -after[0], after[1])
        assert min(start[1], end[1]) - Decimal("0.00001") <= before[1] <= max(start[1], end[1]) + Decimal("0.00001")


def test_a_line_without_one_of_its_ends_has_no_geometry() -> None:
    assert [feature["geometry"] for feature in drawn(("1", "2"), None)] == [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        None,
    ]
    assert [feature["geometry"] for feature in drawn(None, None)] == [None, None, None]


@pytest.mark.parametrize("place", [("NaN", "2"), ("1", "INF"), ("181", "2"), ("1", "-91"), ("", "2"), ("1", "north")])
def test_what_is_no_position_on_earth_has_no_geometry(place: tuple[str, str]) -> None:
    assert [feature["geometry"] for feature in drawn(place, ("3", "4"))] == [
        None,
        None,
        {"type": "Point", "coordinates": [3, 4]},
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives(text: str) -> None:
    assert drawn(("1", "2"), ("3", "4"), Literal(text, language="en"))[0]["properties"]["name"] == text


@pytest.mark.parametrize("text", ['"', "\\", "\n", "\u2028", "</script>", '"},{"type":"Feature"', "\x00"])
def test_no_text_can_break_out_of_its_place(text: str) -> None:
    assert drawn(("1", "2"), ("3", "4"), Literal(text))[0]["properties"]["name"] == text


def test_a_year_is_a_number_and_what_only_looks_like_one_is_a_text() -> None:
    year = Literal("1984", datatype=NamedNode(XSD + "gYear"))
    properties = drawn(("1", "2"), ("3", "4"), Literal("1984", language="en"), start=year)[0]["properties"]
    assert (properties["name"], properties["start"]) == ("1984", 1984)
    assert type(properties["name"]) is str


def test_the_properties_are_those_of_the_tables(features: dict[str, list[Json]], store: Store) -> None:
    for name in MAPS:
        columns = {column.name for column in table(store, name, packaged(), ("en", "nl")).columns}
        (properties,) = {tuple(feature["properties"]) for feature in features[name]}
        assert set(properties) <= columns
    assert by_name(features["partnerships"])["Ghent and Kanazawa"]["properties"] == {
        "name": "Ghent and Kanazawa",
        "nameNl": "Gent en Kanazawa",
        "kind": "twinning",
        "kindNl": "verzustering",
        "start": 1971,
        "end": None,
        "outcome": "The partnership of Ghent with Kanazawa will be maintained",
        "outcomeNl": "Het partnerschap van Gent met Kanazawa blijft behouden",
        "sentence": sentences("ghent-kanazawa"),
        "leadIn": exact("s9"),
        "inferred": None,
        "inferredNl": None,
        "notStated": "End year",
        "notStatedNl": "Eindjaar",
    }


def test_a_city_of_which_something_is_inferred_says_on_what(features: dict[str, list[Json]]) -> None:
    inferred = {
        name: (feature["properties"]["inferred"], feature["properties"]["inferredNl"])
        for name, feature in by_name(features["cities"]).items()
    }
    assert {name: texts for name, texts in inferred.items() if texts[0]} == {
        row["name"].value: (row["inferred"].value, row["inferredNl"].value)
        for row in gp.query("cities")
        if row["inferred"] is not None
    }
    assert {name for name, (text, _) in inferred.items() if text is not None} == {"Mohammedia", "Taizhou"}


def sentences(partnership: str) -> str:
    rows = gp.query("sentences-of-partnerships")
    return " | ".join(row["sentence"].value for row in rows if row["partnership"].value.endswith(f"/{partnership}"))


def exact(fragment: str) -> str:
    pattern = (NamedNode(f"{ID}fragment/{fragment}"), NamedNode(PREFIXES["oa"] + "exact"), None)
    (quad,) = load_store().quads_for_pattern(*pattern)
    assert isinstance(quad.object, Literal)
    return quad.object.value


def test_every_feature_has_its_sentence(features: dict[str, list[Json]]) -> None:
    for feature in features["partnerships"]:
        name = feature["id"].rpartition("/")[2]
        assert feature["properties"]["sentence"] == sentences(name) != ""
        leading = f"<{feature['id']}> dcterms:source/dcterms:requires/oa:exact ?words"
        (words,) = [row["words"].value for row in load_store().query(f"{HEAD}SELECT ?words {{ {leading} }}")] or [None]
        assert feature["properties"]["leadIn"] == words
    assert {feature["properties"]["leadIn"] for feature in features["partnerships"]} >= {exact("s9"), exact("s12")}
    assert [feature["id"] for feature in features["cities"] if not feature["properties"]["sentence"]] == []


def test_the_maps_count_as_the_questions_do(features: dict[str, list[Json]]) -> None:
    ghents = [feature for feature in features["partnerships"] if feature["id"].startswith(f"{ID}partnership/ghent-")]
    (count,) = gp.query("number-of-counterparts")
    assert len(ghents) == int(count["counterparts"].value)
    kinds = Counter(feature["properties"]["kind"] for feature in ghents)
    questions = {"twinning": "twin-cities", "cooperation on the basis of an agreement": "partner-cities"}
    assert kinds == {kind: len(list(gp.query(name))) for kind, name in questions.items()}
    asked = Counter(int(row["year"].value) for row in gp.query("counterparts-by-year"))
    assert Counter(feature["properties"]["start"] for feature in ghents) == asked
    ends = {feature["properties"]["end"] for feature in features["partnerships"]}
    assert ends == {None}
    counterparts = {row["city"].value for row in gp.query("counterparts-by-year")}
    others = {"Casablanca", "Ghent", "Sint-Denijs-Westrem"}
    assert set(by_name(features["cities"])) == counterparts | others
    countries = {row["country"].value for row in gp.query("countries-of-counterparts")}
    assert {feature["properties"]["country"] for feature in features["cities"]} == countries
