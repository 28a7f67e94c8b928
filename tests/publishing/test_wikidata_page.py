"""What Wikidata says is on the site where there is a snapshot, marked as Wikidata's and with its day.

That nothing of it is there without a snapshot is shown by ``test_second_city.py``.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import wikidata_like as like
from ghent_partnerships.project.location import at
from ghent_partnerships.publishing.publish import publish
from ghent_partnerships.publishing.site import previews
from html_page import Page
from second_city import FOLDER
from wikidata_like import Item, Twin

HOME, AIX, PERUGIA, ELSEWHERE = "Q3806", "Q47465", "Q3437", "Q999001"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the second city with a snapshot."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(FOLDER, folder / "city")
    project = at(folder / "city")
    twins = {HOME: [Twin(AIX, "1960-10-20"), Twin(ELSEWHERE)], AIX: [Twin(HOME, "1961-01-01")]}
    items = like.with_twins(like.of_project(project), twins)
    items[HOME] = replace(items[HOME], population=(91_877, "2021-12-31"), image="A%20view%20%28new%29.jpg")
    items[AIX] = replace(items[AIX], population=(147_933, "2020-01-01"))
    items[PERUGIA] = replace(items[PERUGIA], population=(162_000, ""))
    items[ELSEWHERE] = Item(ELSEWHERE, {"en": "<Elsewhere>"})
    like.write_snapshot(project, items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(previews, "drawable", lambda: False)  # a third of the work
        return publish(folder / "dist", project).directory


def page(file: Path) -> Page:
    return Page(file.read_text("utf-8"))


CITIES = {
    "tuebingen": "91,877 inhabitants on 2021-12-31; a picture at Wikimedia Commons by Wikidata, "
    "read on 2026-11-29: Q3806",
    "aix-en-provence": "147,933 inhabitants in 2020 by Wikidata, read on 2026-11-29: Q47465",
    "perugia": "162,000 inhabitants by Wikidata, read on 2026-11-29: Q3437",
}


@pytest.mark.parametrize("slug", CITIES)
def test_the_population_of_a_city_is_that_of_the_snapshot(site: Path, slug: str) -> None:
    shown = page(site / "doc" / "city" / f"{slug}.html")
    assert CITIES[slug] in [" ".join(text.split()) for text in shown.texts["p"]]


def test_an_image_is_a_link_to_its_page_and_nothing_more(site: Path) -> None:
    shown = page(site / "doc" / "city" / "tuebingen.html")
    address = "https://commons.wikimedia.org/wiki/File:A_view_(new).jpg"
    assert shown.all("a", href=address, rel="external") != []
    assert [element for name, element in shown.elements if name != "a" and "wikimedia" in str(element)] == []


def test_cities_of_which_the_snapshot_says_nothing_have_nothing(site: Path) -> None:
    for slug in ("ann-arbor", "moshi"):
        assert "by Wikidata" not in (site / "doc" / "city" / f"{slug}.html").read_text("utf-8")


def test_the_comparison_is_a_page_and_json(site: Path) -> None:
    shown = page(site / "wikidata.html")
    assert shown.texts["h2"][:4] == ["Here and at Wikidata", "Only here", "Only at Wikidata", "As data"]
    assert shown.all("a", href="doc/city/perugia.html") != []
    assert shown.all("a", href=f"https://www.wikidata.org/wiki/{AIX}", rel="external") != []
    rows = [" ".join(row.split()) for row in shown.texts["li"]]
    (aix,) = [row for row in rows if row.startswith("Tübingen – Aix-en-Provence Q3806, Q47465 ")]
    assert "at Aix-en-Provence: since 1961 there, 1960-10-20 here" in aix
    assert any(row.startswith("Tübingen – <Elsewhere> Q3806, Q999001") for row in rows)
    document = json.loads((site / "wikidata.json").read_text("utf-8"))
    states = [pair["state"] for pair in document["pairs"]]
    assert states == ["both", "here", "here", "here", "here", "there"]
    assert shown.all("a", href="wikidata.json") != []
    assert page(site / "data.html").all("a", href="wikidata.html") != []
    assert "wikidata.html" in (site / "sitemap.xml").read_text("utf-8")


def test_the_graph_that_is_published_has_nothing_of_it(site: Path) -> None:
    for name in ("tuebingen.nt", "tuebingen.nq"):
        text = (site / name).read_text("utf-8")
        assert "Elsewhere" not in text
        assert "dataset/wikidata" not in text
