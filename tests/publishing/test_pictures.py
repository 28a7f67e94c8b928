"""The pictures say what the data say: each thing drawn once, in its place, and no more than is stated."""

import itertools
import json
import re
from math import cos, radians, sin
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

import needs
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.site.pictures import land as land_module
from ghent_partnerships.publishing.site.pictures.diagram import diagram, model
from ghent_partnerships.publishing.site.pictures.labels import LINE, Label, placed, together
from ghent_partnerships.publishing.site.pictures.land import (
    Box,
    Point,
    Projection,
    Ring,
    borders,
    clipped,
    line_path,
    path,
    rings,
)
from ghent_partnerships.publishing.site.pictures.timeline import Band, Mark, timeline
from ghent_partnerships.publishing.site.pictures.world_map import (
    WIDTH,
    Entry,
    Line,
    Outlines,
    Place,
    box,
    legs,
    unrolled,
    world_map,
)
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import GP

HOSTILE = '</title></svg><script>alert("1")</script>\u202eright to left' + "x" * 10_000
GHENT = Place("Ghent", 51.05, 3.72)
LIEGE, KANAZAWA = Place("Liège", 50.63, 5.57), Place("Kanazawa", 36.6, 136.62)
MARKS = [Mark(1969, "Wiesbaden", "twinning"), Mark(1971, "Kanazawa", "twinning"), Mark(1977, "Melle", "twinning")]


def drawn(markup: Markup) -> list[ET.Element]:
    """The SVGs of a picture; it is well-formed."""
    return list(ET.fromstring(f"<pictures>{markup}</pictures>"))


def texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter("text")]


def panels(markup: Markup, sort: str = "wide") -> list[ET.Element]:
    """The panels of one of the drawings of a map."""
    (world,) = drawn(markup)
    (drawing,) = (svg for svg in world if svg.attrib["class"] == f"map {sort}")
    return [svg for svg in drawing if svg.attrib.get("class") == "panel"]


def circles(panel: ET.Element) -> dict[str, tuple[float, float]]:
    """Where each place of a panel is."""
    found = {}
    for place in panel:
        for title in place.iterfind("circle/title"):
            x, y = re.findall(r"[-\d.]+", place.attrib["transform"])
            found[title.text or ""] = (float(x), float(y))
    return found


def lines_of(panel: ET.Element) -> dict[str, list[str]]:
    """The paths of the lines of a panel, by their class."""
    found: dict[str, list[str]] = {}
    for line in panel.iter("path"):
        if line.attrib["class"].startswith("line "):
            found.setdefault(line.attrib["class"], []).append(line.attrib["d"])
    return found


# the map


def test_each_place_and_each_line_is_drawn_once_where_it_belongs() -> None:
    places = {"g": GHENT, "l": LIEGE, "k": KANAZAWA}
    lines = [Line("twinning", ("g", "k")), Line("cooperation", ("g", "l"))]
    for sort in ("narrow", "middling", "wide"):
        near, far = panels(world_map(places, lines, Outlines(), "A map", hub="g"), sort)
        assert circles(near).keys() == {"Ghent", "Liège"}
        assert circles(far).keys() == {"Ghent", "Liège", "Kanazawa"}
        assert sorted(texts(near)) == ["Ghent", "Liège"]
        assert sorted(texts(far)) == ["Ghent", "Kanazawa"]
        at = circles(far)
        assert at["Ghent"][0] < at["Liège"][0] < at["Kanazawa"][0], "east is to the right"
        assert at["Kanazawa"][0] <= float(far.attrib["width"])
        assert {kind: len(paths) for kind, paths in lines_of(far).items()} == {
            "line twinning": 1,
            "line cooperation": 1,
        }
        assert lines_of(near).keys() == {"line cooperation"}, "one end is not in the picture"


def test_places_and_lines_are_links_and_lines_say_what_they_are() -> None:
    places = {"g": GHENT, "l": Place("Liège", 50.63, 5.57, "liege.html")}
    lines = [Line("cooperation", ("g", "l"), "Ghent and Liège: cooperation, 2011", "ghent-liege.html")]
    (panel,) = panels(world_map(places, lines, Outlines(), "A map"))
    found = {link.attrib["href"]: link.attrib["aria-label"] for link in panel.iter("a")}
    assert found == {"liege.html": "Liège", "ghent-liege.html": "Ghent and Liège: cooperation, 2011"}


def test_a_legend_explains_the_lines_and_marks_what_is_inferred() -> None:
    legend = [Entry("kind-1", "twinning"), Entry("faint", "to be reoriented", "inferred")]
    (world,) = drawn(world_map({"g": GHENT}, [], Outlines(), "A map", legend=legend))
    for drawing in world[1:]:
        (shown,) = (group for group in drawing if group.attrib.get("class") == "legend")
        assert texts(shown) == ["twinning", "to be reoriented inferred"]
        assert [path.attrib["class"] for path in shown.iter("path")] == ["line kind-1", "line faint"]
        bottom = float(drawing.attrib["viewBox"].split()[3])
        assert all(float(text.attrib["y"]) < bottom for text in shown.iter("text"))


def test_the_land_is_in_a_page_once() -> None:
    square = [[(-5.0, 45.0), (10.0, 45.0), (10.0, 55.0), (-5.0, 55.0)]]
    border = [[(0.0, 46.0), (0.0, 50.0), (0.5, 54.0)]]
    markup = str(world_map({"g": GHENT, "l": LIEGE}, [], Outlines(square, border), "A map"))
    assert markup.count('class="land" d="M') == markup.count('class="border" d="M') == 1
    assert markup.count('href="#map-land-1"') == 3


def boxes(labels: list[Label | None]) -> list[tuple[float, float, float, float]]:
    return [label.box for label in labels if label is not None]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 400)), min_size=1, max_size=25, unique=True))
def test_no_label_covers_another_or_a_place_or_leaves_the_picture(at: list[Point]) -> None:
    found = placed([[f"Town {number}"] for number in range(len(at))], at, at, [], (500, 400))
    for first, second in itertools.combinations(boxes(found), 2):
        assert first[0] >= second[2] or second[0] >= first[2] or first[1] >= second[3] or second[1] >= first[3]
    for left, top, right, bottom in boxes(found):
        assert 0 <= left < right <= 500
        assert 0 <= top < bottom <= 400
        assert not any(left < x < right and top < y < bottom for x, y in at)


def test_a_label_without_room_beside_its_place_is_joined_to_it_by_a_line() -> None:
    ring = [(250 + 18 * cos(n), 200 + 18 * sin(n)) for n in range(6)]
    (label,) = placed([["Middle"]], [(250.0, 200.0)], [(250.0, 200.0), *ring], [], (500, 400))
    assert label is not None
    assert label.lead is not None


def test_places_in_one_spot_share_a_label_of_two_lines() -> None:
    assert together([(10, 10), (200, 10), (12, 11)]) == [[0, 2], [1]]
    places = {"g": GHENT, "s": Place("Sint-Denijs-Westrem", 51.02, 3.67), "l": LIEGE}
    (panel,) = panels(world_map(places, [], Outlines(), "A map", hub="g"), "narrow")
    ghent, suburb = (next(text for text in panel.iter("text") if text.text == places[key].name) for key in "gs")
    at = circles(panel)
    heights = [at[text.text or ""][1] + float(text.attrib["y"]) for text in (ghent, suburb)]
    assert heights[1] - heights[0] == pytest.approx(LINE, abs=0.3)


def test_a_map_of_nothing_is_nothing() -> None:
    assert world_map({}, [], Outlines(), "A map") == ""


# across the 180th meridian

SUVA, APIA = Place("Suva", -18.14, 178.44), Place("Apia", -13.83, -171.77)
ANCHORAGE, SAN_FRANCISCO = Place("Anchorage", 61.22, -149.9), Place("San Francisco", 37.77, -122.42)


def longitudes(places: dict[str, Place], lines: list[Line]) -> dict[str, float]:
    return {key: round(place.longitude, 2) for key, place in unrolled(places, lines).items()}


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([SUVA, APIA], {"Suva": 178.44, "Apia": 188.23}),
        ([APIA, SUVA, ANCHORAGE], {"Suva": 178.44, "Apia": 188.23, "Anchorage": 210.1}),
        ([GHENT, SUVA, APIA], {"Ghent": 3.72, "Suva": 178.44, "Apia": 188.23}),
        ([GHENT, KANAZAWA, ANCHORAGE], {"Ghent": 3.72, "Kanazawa": 136.62, "Anchorage": 210.1}),
        ([GHENT, SAN_FRANCISCO, KANAZAWA], {"Ghent": 3.72, "San Francisco": -122.42, "Kanazawa": 136.62}),
        ([GHENT, LIEGE], {"Ghent": 3.72, "Liège": 5.57}),
        ([SUVA], {"Suva": 178.44}),
    ],
    ids=lambda value: " ".join(place.name for place in value) if isinstance(value, list) else "",
)
def test_the_world_is_cut_where_the_first_city_and_its_partners_stay_near_each_other(
    places: list[Place], expected: dict[str, float]
) -> None:
    by_name = {place.name: place for place in places}
    lines = [Line("twinning", (places[0].name, place.name)) for place in places[1:]]
    assert longitudes(by_name, lines) == expected


def test_a_map_across_the_180th_meridian_shows_only_the_ocean_between_its_cities() -> None:
    part = box(unrolled({"s": SUVA, "a": APIA}, [Line("twinning", ("s", "a"))]).values())
    assert part.west == pytest.approx(178.44 - (part.east - 188.23))
    assert part.east - part.west < 30
    (panel,) = panels(world_map({"s": SUVA, "a": APIA}, [Line("twinning", ("s", "a"))], Outlines(), "A map", hub="s"))
    at = circles(panel)
    assert 0 < at["Suva"][0] < at["Apia"][0] < float(panel.attrib["width"]), "east is to the right"
    assert at["Apia"][1] < at["Suva"][1], "north is up"


def test_land_beyond_the_180th_meridian_is_drawn() -> None:
    island = [(-181.0, -17.0), (-179.0, -17.0), (-179.0, -16.0), (-181.0, -16.0)]
    places = {"s": SUVA, "a": APIA}
    drawings = {
        str(world_map(places, [], Outlines([[(x + turn, y) for x, y in island]]), "A map")) for turn in (0, 360, 720)
    }
    (drawing,) = drawings
    assert '<path class="land" d="M' in drawing


def ends(path: str) -> list[tuple[float, float, float, float]]:
    """Where each part of a line begins and ends."""
    return [
        (float(x), float(y), float(to_x), float(to_y))
        for x, y, to_x, to_y in re.findall(r"M(\S+) (\S+)Q\S+ \S+ (\S+) ([^\sM]+)", path)
    ]


def test_a_line_goes_the_shorter_way_round_and_leaves_the_picture_where_that_does() -> None:
    places = {"g": GHENT, "s": SUVA, "a": APIA}
    lines = [Line("suva", ("g", "s")), Line("apia", ("a", "g"))]
    (far,) = panels(world_map(places, lines, Outlines(), "A map", hub="g"))
    at, wide = circles(far), float(far.attrib["width"])
    by_kind = {kind: ends(paths[0]) for kind, paths in lines_of(far).items()}
    assert by_kind["line suva"] == [(*at["Ghent"], *at["Suva"])], "174.72 degrees to the east"
    first, second = by_kind["line apia"]  # 175.51 degrees to the west
    assert first[2:] == at["Ghent"]
    assert second[:2] == at["Apia"]
    assert 0 < at["Ghent"][0] - first[0] < wide / 4, "out at the left"
    assert 0 < second[2] - at["Apia"][0] < wide / 4, "and in at the right"


CITIES = st.builds(Place, st.just("A town"), st.integers(-60, 70), st.integers(-180, 180))


@settings(deadline=None)
@given(CITIES, CITIES, st.integers(-180, 180))
def test_two_cities_lie_as_far_apart_in_the_picture_wherever_the_world_is_cut(
    first: Place, second: Place, turn: int
) -> None:
    apart = (second.longitude - first.longitude) % 360
    assume(apart not in (0, 180))

    def picture(east: float) -> list[tuple[float, ...]]:
        turned = [
            Place(name, city.latitude, (city.longitude + east + 180) % 360 - 180)
            for name, city in {"first": first, "second": second}.items()
        ]
        places = {place.name: place for place in turned}
        (panel,) = panels(world_map(places, [Line("twinning", ("first", "second"))], Outlines(), "A map"), "narrow")
        found = circles(panel)
        (line,) = lines_of(panel)["line twinning"]
        return [found["first"], found["second"], *ends(line)]

    for here, there in zip(picture(0), picture(turn), strict=True):
        assert here == pytest.approx(there, abs=0.11)
    at = picture(turn)
    assert (at[0][0] < at[1][0]) == (apart < 180), "the shorter way round"


@settings(deadline=None)
@given(st.lists(CITIES, min_size=1, max_size=8), st.data())
def test_no_line_is_longer_than_half_the_way_around_and_every_city_is_in_the_picture(
    cities: list[Place], data: st.DataObject
) -> None:
    places = {str(number): city for number, city in enumerate(cities)}
    pairs = st.tuples(st.sampled_from(sorted(places)), st.sampled_from(sorted(places)))
    lines = [Line("twinning", pair) for pair in data.draw(st.lists(pairs, max_size=8))]
    whole = unrolled(places, lines)
    assert all((whole[key].longitude - place.longitude) % 360 == 0 for key, place in places.items())
    part = box(whole.values())
    projection = Projection(part, WIDTH)
    assert part.east - part.west <= 360
    for place in whole.values():
        assert part.west <= place.longitude <= part.east
    for line in lines:
        found = legs(whole[line.ends[0]], whole[line.ends[1]], projection)
        assert 0 <= sum(end[0] - start[0] for start, end in found) <= 180
        assert all(start[0] <= end[0] for start, end in found)


# the land


def test_land_goes_on_beyond_the_edge_of_the_world_and_may_be_absent(tmp_path: Path) -> None:
    square = [[179, 10], [-179, 10], [-177, 10], [-179, 11], [180, 11], [179, 10]]
    land = {
        "type": "FeatureCollection",
        "features": [{"geometry": {"type": "MultiPolygon", "coordinates": [[square]]}}],
    }
    (tmp_path / "land.geojson").write_text(json.dumps(land), encoding="utf-8")
    assert rings(tmp_path / "land.geojson") == [[(179, 10), (181, 10), (183, 10), (181, 11), (180, 11), (179, 10)]]
    assert rings(tmp_path / "none.geojson") == []


def test_the_bundle_has_the_land_and_the_borders_of_the_whole_world_as_geojson() -> None:
    bundle = Path(land_module.__file__).parents[1] / "web" / "bundle"
    if not (bundle / "licenses.txt").is_file():
        needs.not_run("there is no bundle", "make web")
    outlines = rings(bundle / "land-50m.geojson")
    assert len(outlines) > 1_400
    pyrenees = Box(0.5, 42.6, 0.8, 42.9)
    crossing = [line for line in borders(bundle / "borders-50m.geojson") if any(point in pyrenees for point in line)]
    assert len(crossing) == 1, "France and Spain, once"
    places = {"Ghent": (3.72, 51.05), "Kanazawa": (136.7, 36.5), "Chukotka": (-178.0, 67.5), "North Sea": (3.0, 55.0)}
    turns = (-360, 0, 360)
    on_land = {
        name: any(holds(ring, (x + turn, y)) for ring in outlines for turn in turns) for name, (x, y) in places.items()
    }
    assert on_land == {"Ghent": True, "Kanazawa": True, "Chukotka": True, "North Sea": False}


def holds(ring: Ring, point: Point) -> bool:
    """Whether a ring goes around a point: a ray to the east crosses it an odd number of times."""
    (x, y), crossings = point, 0
    for (left, below), (right, above) in itertools.pairwise(ring):
        if (below > y) != (above > y) and x < left + (y - below) / (above - below) * (right - left):
            crossings += 1
    return crossings % 2 == 1


def test_what_is_clipped_lies_in_the_box() -> None:
    box = Box(0, 0, 10, 10)
    assert clipped([(-5, -5), (5, -5), (5, 5), (-5, 5)], box) == [(0, 0), (5, 0), (5, 5), (0, 5)]
    assert clipped([(20, 20), (30, 20), (30, 30)], box) == []
    assert all(point in box for point in clipped([(-5, 5), (5, 25), (15, 5), (5, -15)], box))


def test_the_projection_keeps_areas() -> None:
    projection = Projection(Box(-10, 35, 30, 65), 600)

    def area(west: float, south: float) -> float:
        steps = [(west + n / 10, south) for n in range(10)] + [(west + 1, south + n / 10) for n in range(10)]
        steps += [(west + 1 - n / 10, south + 1) for n in range(10)] + [(west, south + 1 - n / 10) for n in range(10)]
        points = [projection(step) for step in steps]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True)))

    expected = (sin(radians(61)) - sin(radians(60))) / (sin(radians(41)) - sin(radians(40)))
    assert area(5, 60) / area(-8, 40) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("south", [-36.0, -36.000000000000007])
def test_around_the_equator_the_cone_is_nearly_a_cylinder(south: float) -> None:
    projection = Projection(Box(135, south, 222, 36), 600)
    assert projection((135, 0)) == pytest.approx((0, projection.height / 2), abs=0.1)
    true = cos(radians(24))  # along two parallels, two thirds of the way to the edges
    assert projection.height == pytest.approx(600 * 2 * sin(radians(36)) / (radians(87) * true**2), abs=0.1)


def test_the_land_of_a_picture_stays_in_it() -> None:
    projection = Projection(Box(-10, 35, 30, 65), 600)
    d = path([[(-40.0, 20.0), (60.0, 20.0), (60.0, 80.0), (-40.0, 80.0)]], projection)
    x = y = 0.0
    (start, steps) = re.fullmatch(r"M(.*)l(.*)z", d).groups()  # type: ignore[union-attr]
    x, y = map(float, start.split())
    numbers = list(map(float, steps.split()))
    for step in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step[0], y + step[1]
        assert -0.2 <= x <= projection.width + 0.2
        assert -0.2 <= y <= projection.height + 0.2


def test_borders_are_drawn_where_they_are_in_the_picture() -> None:
    projection = Projection(Box(-10, 35, 30, 65), 600)
    assert line_path([[(0.0, 40.0), (5.0, 50.0)]], projection).count("M") == 1
    assert line_path([[(100.0, 40.0), (105.0, 50.0)]], projection) == ""
    assert (
        line_path(
            [[(0.0, 40.0), (5.0, 50.0), (170.0, 50.0), (171.0, 50.0), (5.0, 52.0), (0.0, 52.0)]], projection
        ).count("M")
        == 2
    )


@settings(deadline=None)
@given(st.floats(-10, 30), st.floats(35, 59.9))
def test_the_degrees_of_a_place_in_the_picture_are_those_that_it_was_drawn_from(
    longitude: float, latitude: float
) -> None:
    for box_ in (Box(-10, 35, 30, 65), Box(-10, -65, 30, -35)):
        north = latitude if box_.south > 0 else -latitude
        projection = Projection(box_, 600)
        assert projection.degrees(projection((longitude, north))) == pytest.approx((longitude, north), abs=1e-6)
        assert (longitude, north) in projection.visible


# the timeline


def test_a_beginning_stands_at_its_year() -> None:
    (svg,) = drawn(timeline(MARKS, [], "A timeline"))
    heights = [float(element.attrib["cy"]) for element in svg.iter("circle")]
    assert (heights[1] - heights[0]) / (heights[2] - heights[0]) == pytest.approx(2 / 8)
    assert texts(svg)[-3:] == ["1969 Wiesbaden", "1971 Kanazawa", "1977 Melle"]


def test_no_mark_says_how_long_a_partnership_lasted() -> None:
    (svg,) = drawn(timeline(MARKS, [], "A timeline"))
    assert list(svg.iter("rect")) == []
    assert len(list(svg.iter("circle"))) == 3


def test_a_period_with_an_open_end_has_no_edge_there() -> None:
    bands = [Band(1958, 1985, "the twin cities"), Band(2008, None, "the agreements")]
    (svg,) = drawn(timeline([Mark(2018, "Taizhou", "cooperation", inferred=True, shape="◆")], bands, "A timeline"))
    closed, open_ = svg.iter("rect")
    assert float(closed.attrib["height"]) == pytest.approx((1985 - 1958) * 9)
    assert (closed.attrib["class"], open_.attrib["class"]) == ("band", "band open")
    edges = [element.attrib["class"] for element in svg.iter("path") if element.attrib["class"].startswith("edge")]
    assert edges == ["edge", "edge", "edge turn"], "the second period is where the account turns"
    assert [text for text in texts(svg) if "the " in text] == ["the twin cities", "the agreements"]
    (mark,) = (element for element in svg.iter("path") if element.attrib["class"].startswith("mark"))
    assert mark.attrib["class"] == "mark cooperation hollow"


def test_a_timeline_goes_on_to_the_year_of_the_data_and_says_what_is_inferred() -> None:
    marks = [Mark(1971, "Kanazawa", "twinning"), Mark(2018, "Taizhou", "cooperation", inferred=True)]
    (svg,) = drawn(timeline(marks, [], "A timeline", until=(2031, "2031: these data"), inferred="inferred"))
    shown = texts(svg)
    assert "2030" in shown
    assert shown[-3:] == ["1971 Kanazawa", "2018 Taizhou inferred", "2031: these data"]
    (low,) = (float(text.attrib["y"]) for text in svg.iter("text") if "".join(text.itertext()).startswith("2031"))
    assert low < float(svg.attrib["viewBox"].split()[3])


def test_labels_of_near_years_stand_below_each_other() -> None:
    (svg,) = drawn(timeline([Mark(1982, name, "twinning") for name in "abc"], [], "A timeline"))
    heights = [float(element.attrib["y"]) for element in svg.iter("text") if element.find("tspan") is not None]
    assert all(below - above >= 17 for above, below in itertools.pairwise(heights))


def test_many_beginnings_are_counted() -> None:
    marks = [Mark(1950 + n % 50, f"Town {n}", "twinning") for n in range(10_000)]
    markup = timeline(marks, [], "A timeline")
    assert len(markup) < 30_000
    assert "1950 × 200" in texts(drawn(markup)[0])
    assert timeline([], [], "A timeline") == ""


# the diagram


def test_the_model_is_drawn_from_the_ontology() -> None:
    graph_index = GraphIndex(triple for file in packaged().ontology_files() for triple in parse.parse(file).triples)
    boxes = {box.iri: box for box in model(graph_index, "en")}
    assert {GP + name for name in ("Partnership", "City", "Agreement", "Period")} <= boxes.keys()
    rows = {row.label: row for row in boxes[GP + "Partnership"].rows}
    assert (rows["party"].values, rows["party"].targets) == ("city", (GP + "City",))
    assert (rows["start year"].values, rows["start year"].targets) == ("year", ())
    assert {row.label for row in model(graph_index, "nl")[0].rows} != {row.label for row in boxes[GP + "Activity"].rows}
    (svg,) = drawn(diagram(list(boxes.values()), "The model"))
    assert len(list(svg.iter("rect"))) == len(boxes)
    lines = sum(len(row.targets) for box in boxes.values() for row in box.rows)
    assert sum(element.attrib["class"] == "edge" for element in svg.iter("path")) == lines > 10
    frames = [tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height")) for rect in svg.iter("rect")]
    for number, (x, y, width, height) in enumerate(frames):
        for left, top, wide, high in frames[:number]:
            assert x >= left + wide or left >= x + width or y >= top + high or top >= y + height, "boxes overlap"


# all of them


def test_whatever_the_data_hold_is_text() -> None:
    pictures = [
        world_map({"g": Place(HOSTILE, 51, 4), "l": LIEGE}, [], Outlines(), HOSTILE, hub="g"),
        timeline([Mark(1971, HOSTILE, "twinning")], [Band(1950, None, HOSTILE)], HOSTILE),
    ]
    for picture in pictures:
        (svg,) = drawn(picture)
        assert "<script" not in picture
        assert HOSTILE in [element.attrib.get("aria-label") for element in svg.iter()]
        assert all(len(text) < 60 for text in texts(svg)), "shortened"


def test_the_same_input_gives_the_same_bytes() -> None:
    places = {"g": GHENT, "l": LIEGE, "k": KANAZAWA}
    lines = [Line("twinning", ("g", "k")), Line("cooperation", ("g", "l"))]
    backwards = dict(reversed(places.items()))
    assert world_map(places, lines, Outlines(), "m", hub="g") == world_map(backwards, lines, Outlines(), "m", hub="g")
    assert timeline(MARKS, [], "t") == timeline(MARKS[::-1], [], "t")
