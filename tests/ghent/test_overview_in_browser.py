"""The overview as people see it: names on the map are apart, nothing is cut, and what a script adds works."""

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import needs
from browsing import chromium, served, visit
from ghent_partnerships.publishing.publish import Published

pytestmark = pytest.mark.xdist_group("browser")  # one worker starts a browser

WIDTHS = {360: "narrow", 768: "middling", 1440: "wide"}
NAMES = ["Burgas", "Gdańsk", "Ghent", "Kanazawa", "Liège", "Melle", "Mohammedia", "Nottingham", "Saint-Raphaël"]
NAMES += ["Sint-Denijs-Westrem", "Tallinn", "Weihai", "Wiesbaden"]
Rectangle = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def address(dist: Published) -> Iterator[str]:
    if not dist.has_scripts:
        needs.not_run("there is no bundle", "make web")
    with served(dist.directory) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def boxes(page: Page, selector: str) -> list[Rectangle]:
    """Where what is visible of a selector is: left, top, right, bottom."""
    found = [each.bounding_box() for each in page.locator(selector).all() if each.is_visible()]
    return [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in found if box]


def overlap(first: Rectangle, second: Rectangle) -> bool:
    halo = 4  # of the box of a text: around its letters, and the space above and below them
    return (
        first[0] < second[2] - 1
        and second[0] < first[2] - 1
        and first[1] < second[3] - halo
        and second[1] < first[3] - halo
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_every_city_has_a_name_on_the_map_that_covers_no_other_and_no_place(
    browser: Browser, address: str, width: int
) -> None:
    with visit(browser, address, viewport={"width": width, "height": 900}) as page:
        sort = WIDTHS[width]
        assert [len(boxes(page, f".map.{other}")) for other in WIDTHS.values()] == [
            other == sort for other in WIDTHS.values()
        ]
        shown = page.locator(f".{sort} .place text").all_text_contents()
        assert sorted(set(shown)) == NAMES
        labels = boxes(page, f".{sort} .place text")
        assert [pair for pair in itertools.combinations(labels, 2) if overlap(*pair)] == []
        dots = boxes(page, f".{sort} .place circle")
        covered = [(label, dot) for label in labels for dot in dots if overlap(label, dot)]
        assert covered == []
        panels = boxes(page, f".{sort} .panel")
        for left, top, right, bottom in labels:
            assert any(x <= left and y <= top and right <= to_x and bottom <= to_y for x, y, to_x, to_y in panels), (
                "cut"
            )
        ((left, _top, right, _bottom),) = boxes(page, f".map.{sort}")
        assert all(left <= text[0] and text[2] <= right for text in boxes(page, f".{sort} .legend text")), "cut"
        sizes = page.locator(f".{sort} .place text").evaluate_all(
            "texts => texts.map((text) => text.getScreenCTM().a * parseFloat(getComputedStyle(text).fontSize))"
        )
        assert min(sizes) >= 11, "CSS pixels"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_the_timeline_is_cut_and_no_page_is_wider_than_the_window(
    browser: Browser, address: str, width: int
) -> None:
    with visit(browser, address, viewport={"width": width, "height": 900}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ((left, top, right, bottom),) = boxes(page, ".timeline")
        texts = boxes(page, ".timeline text")
        assert len(texts) > 20
        assert all(left <= x and top <= y and to_x <= right and to_y <= bottom for x, y, to_x, to_y in texts)
        assert [pair for pair in itertools.combinations(texts, 2) if overlap(*pair)] == []
        assert not [text for text in page.locator(".timeline text, .map text").all_text_contents() if "…" in text]


def test_every_sentence_of_the_account_opens_on_who_says_so_without_a_script(browser: Browser, address: str) -> None:
    with visit(browser, address, java_script_enabled=False) as page:
        claims = page.locator(".claim")
        expect(claims).to_have_count(7)
        last = claims.last
        expect(last).to_contain_text("Kanazawa will be maintained")
        last.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(last.locator("q")).to_be_visible()
        expect(last.locator("q")).to_contain_text("Only the partnership with the Japanese city of Kanazawa")
        expect(last.get_by_role("link", name="A history of Ghent's bilateral partnerships")).to_be_visible()


def test_the_map_grows_by_buttons_and_keys_and_its_names_do_not(browser: Browser, address: str) -> None:
    with visit(browser, address, viewport={"width": 1440, "height": 900}) as page:
        size = boxes(page, ".wide .place.hub text")[0]
        page.get_by_role("button", name="Zoom in").click()
        picture = page.locator(".wide .zoomed").first
        expect(picture).to_have_attribute("transform", re.compile(r"scale\(1\.6\)"))
        grown = boxes(page, ".wide .place.hub text")[0]
        assert grown[3] - grown[1] == pytest.approx(size[3] - size[1], abs=0.5)
        page.locator(".wide .panel").first.focus()
        page.keyboard.press("+")
        expect(picture).to_have_attribute("transform", re.compile(r"scale\(2\.56"))
        page.keyboard.press("0")
        expect(picture).to_have_attribute("transform", re.compile(r"scale\(1\)"))


def test_the_table_is_sorted_and_filtered(browser: Browser, address: str) -> None:
    with visit(browser, address) as page:
        names = page.locator(".cards tbody th")
        began = page.get_by_role("button", name="Began")
        began.click()
        assert names.all_inner_texts()[0] == "Ghent and Saint-Raphaël"
        began.click()
        assert names.all_inner_texts()[0] == "Ghent and Taizhou"
        expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
        page.get_by_label("Only rows with this word").fill("japan")
        expect(page.locator(".cards tbody tr:visible")).to_have_count(1)
        expect(page.locator(".cards tbody tr:visible .status")).to_have_text("maintained")


@pytest.mark.parametrize("width", [360, 1440])
def test_whatever_has_the_focus_is_in_view(browser: Browser, address: str, width: int) -> None:
    with visit(browser, address, viewport={"width": width, "height": 900}) as page:
        expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
        seen, away = 0, []
        while seen < 400:
            page.keyboard.press("Tab")
            at = page.evaluate(
                "() => { const it = document.activeElement, box = it.getBoundingClientRect();"
                " return it === document.body ? null : [it.outerHTML.slice(0, 80), box.top, box.bottom, innerHeight] }"
            )
            if at is None:
                break
            seen += 1
            text, top, bottom, height = at
            if bottom < 0 or top > height or (bottom - top < height and (top < -1 or bottom > height + 1)):
                away.append(text)
        assert seen > 60
        assert away == []
