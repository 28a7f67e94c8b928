"""The pictures that other sites show of pages: their size, letters and bytes, and none where nothing draws."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from markupsafe import Markup

import needs
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.publishing.site import previews, templating
from ghent_partnerships.publishing.site.pictures import preview
from ghent_partnerships.publishing.site.pictures.lettering import Lettering, widths
from ghent_partnerships.publishing.site.pictures.preview import Preview, Renderer, can_draw
from ghent_partnerships.publishing.site.pictures.world_map import Line, Place
from html_page import Page

ADDRESS = "https://w3id.org/ghent-partnerships/"
GHENT, KANAZAWA = Place("Ghent", 51.05, 3.72), Place("Kanazawa", 36.6, 136.62)
SAMPLE = Preview(
    "Ghent Partnerships",
    "Ghent & <Kanazawa>",
    "Twinning, since 1971",
    {"ghent": GHENT, "kanazawa": KANAZAWA},
    [(Line("", ("ghent", "kanazawa")), "#005b96")],
    ("ghent", "kanazawa"),
    "カナザワ",
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    if not previews.drawable():
        needs.not_run("the fonts of the bundle are not there", "make web")
    return Renderer(templating.BUNDLE)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])  # type: ignore[return-value]


def test_a_picture_has_the_title_escaped_the_line_and_the_names_of_its_ends(renderer: Renderer) -> None:
    svg = renderer.svg(SAMPLE)
    for text in ("Ghent &amp; &lt;Kanazawa&gt;", "カナザワ", "Twinning, since 1971", ">Kanazawa</text>"):
        assert text in svg
    assert svg.count('stroke="#005b96"') == 1
    assert svg.count("<circle") == 2
    assert size(renderer.png(SAMPLE)) == (preview.WIDTH, preview.HEIGHT) == (1200, 630)


def test_another_process_draws_the_same_bytes(renderer: Renderer) -> None:
    code = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); import test_previews as t; from pathlib import Path; "
        "sys.stdout.buffer.write(t.Renderer(Path(sys.argv[2])).png(t.SAMPLE))"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(templating.BUNDLE)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert done.stdout == renderer.png(SAMPLE)


def test_the_fonts_have_the_letters_of_europe_and_japan_and_no_letter_that_they_have_not(renderer: Renderer) -> None:
    for text in ("Gdańsk", "Łódź", "Αθήνα", "Київ", "金沢市", "カナザワ", "泰州市"):
        assert renderer.can_write(text), text
    assert not renderer.can_write("مدينة")


@pytest.mark.usefixtures("renderer")
def test_long_titles_are_broken_and_cut_within_the_picture() -> None:
    letters = Lettering(widths(templating.BUNDLE))
    lines = letters.lines("Partnership " * 20, 46, 1080, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(letters.width(line, 46) <= 1080 for line in lines)
    assert all(letters.width(line, 46) <= 1080 for line in letters.lines("x" * 500, 46, 1080, 2))
    assert letters.lines("", 46, 1080, 2) == [""]
    broken = letters.lines("金沢市" * 20, 46, 1080, 2)
    assert broken[0] == ("金沢市" * 20)[: len(broken[0])]
    assert len(broken[0]) == 23


@pytest.mark.parametrize(
    "places",
    [
        {"a": GHENT},
        {"a": GHENT, "b": GHENT},
        {"a": Place("Suva", -18.1, 178.4), "b": Place("Apia", -13.8, -171.8)},
        {"a": Place("Longyearbyen", 78.2, 15.6), "b": Place("Ushuaia", -54.8, -68.3)},
        {"a": Place("Quito", 0.0, -78.5), "b": Place("Singapore", 1.3, 103.8)},
        {"a": Place("South Pole", -90.0, 0.0), "b": Place("North Pole", 90.0, 180.0)},
        {},
    ],
    ids=["one", "same", "over the date line", "far north and south", "equator", "poles", "none"],
)
def test_every_dot_stands_on_the_map(renderer: Renderer, places: dict[str, Place]) -> None:
    lines = [(Line("", ("a", "b")), "#005b96")] if len(places) > 1 else []
    drawn = Preview("Site", "Title", "Lead", places, lines, tuple(places))
    svg = renderer.svg(drawn)
    up = float(svg.partition("translate(0 ")[2].partition(")")[0] or 0) if places else 0
    for circle in svg.split("<circle ")[1:]:
        x, y = (float(circle.partition(f'{axis}="')[2].partition('"')[0]) for axis in ("cx", "cy"))
        assert 0 < x < 1200
        if "Pole" not in str(places) and "Ushuaia" not in str(places):
            assert 0 < y + up < 400
    assert "nan" not in svg
    assert size(renderer.png(drawn)) == (1200, 630)


def test_without_fonts_or_renderer_nothing_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not can_draw(tmp_path)
    assert widths(tmp_path / "none") == {}
    monkeypatch.setattr(preview, "find_spec", lambda _name: None)
    assert not can_draw(templating.BUNDLE)


def test_pages_name_their_picture_with_its_size_and_words(dist: Published) -> None:
    if not dist.has_previews:
        needs.not_run("the fonts of the bundle are not there", "make web")
    named = {}
    for path in ("doc/partnership/ghent-kanazawa.nl", "doc/city/kanazawa", "ontology", "index.nl"):
        found = {
            meta.get("property", meta.get("name")): meta["content"]
            for meta in Page((dist.directory / f"{path}.html").read_text(encoding="utf-8")).all("meta")
            if "content" in meta
        }
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
        assert found["twitter:card"] == "summary_large_image"
        assert found["og:title"]
        assert found["og:description"] == found["description"]
        named[path] = found["og:image"].removeprefix(f"{ADDRESS}previews/"), found["og:image:alt"]
        assert size((dist.directory / found["og:image"].removeprefix(ADDRESS)).read_bytes()) == (1200, 630)
    assert named["doc/partnership/ghent-kanazawa.nl"] == (
        "partnership/ghent-kanazawa.nl.png",
        "Gent en Kanazawa, op een kaart met de partnerschappen als lijnen",
    )
    assert named["doc/city/kanazawa"][0] == "city/kanazawa.png"
    assert named["ontology"][0] == "index.png"
    assert named["index.nl"][0] == "index.nl.png"
    assert len([*(dist.directory / "previews").rglob("*.png")]) == 2 * (1 + 13 + 15)


def test_a_page_that_is_not_there_has_no_picture(dist: Published) -> None:
    assert "og:" not in (dist.directory / "404.html").read_text(encoding="utf-8")


def test_the_bundle_says_whose_the_fonts_are(renderer: Renderer) -> None:
    licences = (templating.BUNDLE / "licenses.txt").read_text(encoding="utf-8")
    assert "@fontsource/noto-serif" in licences
    assert "SIL OPEN FONT LICENSE" in licences.upper()
    assert json.loads((templating.BUNDLE / "font-widths.json").read_bytes())
    assert isinstance(renderer.svg(SAMPLE), Markup)
