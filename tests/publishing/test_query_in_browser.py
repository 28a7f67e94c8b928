"""The query page and the search in a real browser: what they ask for, what they show, and that no network is needed."""

import csv
import http.server
import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

import needs
from browsing import FOLDER, chromium, served, visit
from ghent_partnerships.publishing.publish import Published

pytestmark = pytest.mark.xdist_group("browser")  # one worker starts a browser

ANSWERS = Path(__file__).parents[1] / "ghent" / "answers"
YEARS = ["1950", "1958", "1959", "1969", "1971", "1977", "1982", "1985", "2008", "2009", "2011", "2013", "2018"]
FOCUS = """() => {
  const node = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
  const { x, y, right, bottom } = node.getBoundingClientRect();
  return [node === document.body ? "BODY" : node.outerHTML.slice(0, 90), [x, y, right, bottom]];
}"""
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER (?a != ?d && ?g != ?j) }"


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


def unfold(page: Page) -> None:
    """Open the query, if it is folded, and wait for its editor."""
    if page.locator("#query").get_attribute("open") is None:
        page.locator("#query summary").click()
    page.locator(".cm-content").wait_for()


def write(page: Page, text: str) -> None:
    """Put a query into the editor, as a person does."""
    unfold(page)
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def run(page: Page, text: str | None = None) -> Locator:
    """Run a query, that which is there or another; the rows of the answer."""
    unfold(page)
    if text is not None:
        write(page, text)
    page.click("#run")
    expect(page.locator("#status")).to_have_text(re.compile(r" in [\d.]+ ms\.$"))
    return page.locator("#answer tbody tr")


def cells(rows: Locator) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def requested(page: Page) -> list[str]:
    """The paths, from here on, that the page and its workers ask for; the icon is the browser's own affair."""
    paths: list[str] = []

    def note(request: Request) -> None:
        path = request.url.partition(FOLDER)[2].partition("#")[0]
        if path != "favicon.svg":
            paths.append(path)

    page.context.on("request", note)
    return paths


def expected(name: str) -> list[list[str]]:
    """The answer that a question has."""
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_an_example_shows_its_stored_answer_without_the_engine(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        expect(page.locator("#answer tbody tr")).to_have_count(len(expected("twin-cities")) - 1)
        expect(page.locator("#editor")).to_be_hidden()
        asked = requested(page)
        page.locator("[data-name=countries-of-counterparts]").click()
        rows = page.locator("#answer tbody tr")
        _head, *body = expected("countries-of-counterparts")
        expect(rows).to_have_count(len(body))
        assert cells(rows) == body
        assert page.locator("#answer th").all_inner_texts() == ["Number", "Country", "As the source calls it"]
        assert asked == ["answers/countries-of-counterparts.json"]
        expect(page.locator("[data-name=countries-of-counterparts]")).to_have_attribute("aria-current", "true")


def test_the_engine_is_asked_for_by_the_first_run_and_by_no_other(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        asked = requested(page)
        assert cells(run(page)) == expected("twin-cities")[1:]
        assert set(asked) >= {"assets/worker.js", "assets/oxigraph.wasm", "ghent-partnerships.nt"}
        page.locator("html[data-offline=ready]").wait_for()
        asked.clear()
        assert cells(run(page, "SELECT (STR(1 + 1) AS ?two) {}")) == [["2"]]
        assert asked == []


def test_a_parameter_is_a_field_and_its_value_a_term_of_the_query(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#example=twinnings-of-an-age") as page:
        unfold(page)
        year = page.get_by_label("The year to count up to")
        assert year.locator("option").all_inner_texts() == YEARS
        year.select_option("1982")
        expect(page.locator(".cm-content")).to_contain_text('VALUES ?year { "1982"^^xsd:gYear }')
        page.get_by_label("The least number of years").fill("24")
        assert cells(run(page)) == [["Saint-Raphaël", "24"]]
        page.get_by_label("The least number of years").fill("13")
        assert cells(run(page)) == [["Saint-Raphaël", "24"], ["Wiesbaden", "13"]]
        page.get_by_label("The least number of years").fill("many")
        expect(page.locator("#parameter-least-wrong")).to_have_text("expected a whole number")
        expect(page.locator("#parameter-least")).to_have_attribute("aria-invalid", "true")
        expect(page.locator(".cm-content")).to_contain_text("VALUES ?least { 13 }")


def test_what_is_asked_is_said_also_of_a_query_of_ones_own(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#name=twin-cities") as page:
        heading = page.locator("#question")
        expect(heading).to_have_text(re.compile("^Which are the twin cities"))
        page.select_option("#parameter-lang", "nl")
        expect(heading).to_have_text(re.compile("^Which are the twin cities"))
        expect(page.locator("#parameter-lang")).to_be_visible()
        run(page, "SELECT ?s { ?s ?p ?o } LIMIT 3")
        expect(heading).to_have_text("Your own query")
        expect(page.locator("#parameter-lang")).to_be_hidden()
        page.locator("[data-name=twin-cities]").click()
        expect(heading).to_have_text(re.compile("^Which are the twin cities"))
        expect(page.locator("#parameter-lang")).to_be_visible()


@pytest.mark.parametrize(
    ("given", "term"),
    [
        ("partnership:ghent-liege", "partnership:ghent-liege"),
        ("concept:twinning", "<https://w3id.org/ghent-partnerships/id/concept/twinning>"),
        ("https://example.org/x", "<https://example.org/x>"),
        ("https://example.org/> } . ?a ?b ?c #", None),
        ("citty:gdansk", None),
        ("", None),
    ],
)
def test_an_iri_that_a_person_types_is_a_name_or_an_iri_and_never_sparql(
    given: str, term: str | None, browser: Browser, address: str
) -> None:
    with visit(browser, f"{address}query.html#example=which-sentence-says-so") as page:
        unfold(page)
        page.locator("#parameter-resource").fill(given)
        bound = f"VALUES ?resource {{ {term or 'partnership:ghent-melle'} }}"
        expect(page.locator(".cm-content")).to_contain_text(bound)
        wrong = "expected a name with one of the prefixes, or an IRI in full" if term is None else ""
        expect(page.locator("#parameter-resource-wrong")).to_have_text(wrong)


@pytest.mark.parametrize(
    ("query", "message", "marked"),
    [
        (
            "SELECT ?a\nWHERE { ?a mine:kind ?b }",
            "Line 2, column 12: this is not SPARQL: the prefix mine: is not declared.",
            ["mine:kind"],
        ),
        (
            "SELECT ?a\nWHERE {{ ?a ?b ?c }",
            "Line 2, column 20: this is not SPARQL: the query ends here, and the { in line 2 is not closed",
            ["}"],
        ),
        (
            "SELECT ?a { ?a ?b ?c .\n",
            "Line 1, column 23: this is not SPARQL: the query ends here, and the { in line 1 is not closed",
            ["."],
        ),
    ],
)
def test_a_wrong_query_says_where_and_marks_it(
    query: str, message: str, marked: list[str], browser: Browser, address: str
) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        write(page, query)
        page.click("#run")
        expect(page.locator("#error")).to_contain_text(message)
        expect(page.locator(".cm-wrong")).to_have_text(marked)
        expect(page.locator(".cm-wrong-line")).to_have_count(1)
        page.locator("#error button").click()
        expect(page.locator(".cm-content")).to_be_focused()
        page.keyboard.insert_text("x")
        expect(page.locator("#error")).to_be_empty()
        expect(page.locator(".cm-wrong-line")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { SERVICE <https://example.org/sparql> { ?a ?b ?c } }", "Line 1, column 12: SERVICE asks another"),
        ("LOAD <https://example.org/data.ttl>", "This page only reads"),
        ("PREFIX city: <x:>\nDELETE WHERE { ?a ?b ?c }", "found DELETE"),
        ("", "This page only reads: expected SELECT, ASK, CONSTRUCT or DESCRIBE."),
    ],
)
def test_what_asks_elsewhere_or_changes_something_is_refused(
    query: str, message: str, browser: Browser, address: str
) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        asked = requested(page)
        write(page, query or " ")
        page.click("#run")
        expect(page.locator("#error")).to_contain_text(message)
        expect(page.locator("#answer")).to_be_hidden()
        assert asked == []


def test_the_words_service_and_load_may_stand_where_they_ask_nothing(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        query = "# SERVICE\nSELECT ?service { VALUES ?service { 'LOAD SERVICE <x>' } }"
        assert cells(run(page, query)) == [["LOAD SERVICE <x>"]]


def test_an_endless_query_is_stopped_and_the_next_one_answered(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        write(page, ENDLESS)
        page.click("#run")
        expect(page.locator("#status")).to_have_text("Still running; Stop ends it.")
        expect(page.locator("#workspace")).to_have_attribute("aria-busy", "true")
        page.click("#stop")
        expect(page.locator("#status")).to_have_text("Stopped.")
        expect(page.locator("#stop")).to_be_hidden()
        assert cells(run(page, "SELECT (STR(2 * 3) AS ?six) {}")) == [["6"]]


def test_it_works_without_a_network_after_the_first_run(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        run(page)
        page.locator("html[data-offline=ready]").wait_for()
        page.context.set_offline(True)
        page.reload()
        assert page.evaluate("getComputedStyle(document.querySelector('.asking')).display") == "grid"
        rows = page.locator("#answer tbody tr")
        expect(rows).to_have_count(7)
        assert cells(run(page, "SELECT (STR(3 * 3) AS ?nine) {}")) == [["9"]]
        page.locator("[data-name=longest-gap]").click()
        expect(page.locator("#status")).to_have_text("1 row")
        page.get_by_text("Map").or_(page.get_by_text("Timeline")).first.wait_for()
        page.goto(f"{address}query.nl.html")
        expect(page.locator("h1")).to_have_text("Stel een vraag")
        expect(rows).to_have_count(7)
        page.get_by_role("combobox", name="Zoek").fill("Lüttich")
        expect(page.get_by_role("option").first).to_contain_text("Luik")


def test_a_link_brings_back_an_example_with_its_parameters(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#example=twinnings-of-an-age") as page:
        unfold(page)
        page.locator("#parameter-year").select_option("1985")
        page.locator("#sharing summary").click()
        page.click("#share")
        link = page.url
        assert link == f"{address}query.html#example=twinnings-of-an-age&year=1985"
        expect(page.locator("#link")).to_have_value(link)
        expect(page.locator("a.language")).to_have_attribute(
            "href", re.compile("#example=twinnings-of-an-age&year=1985$")
        )
    with visit(browser, link.replace("1985", "1983")) as page:  # a year that no list has
        expect(page.locator("#parameter-year")).to_have_value("1983")
        expect(page.locator("#question")).to_contain_text("at least a given number of years")
        assert cells(run(page)) == [["Saint-Raphaël", "25"]]
        link = link.replace("1985", "1983")
        assert page.url == link


def test_a_link_brings_back_a_query_of_ones_own(browser: Browser, address: str) -> None:
    query = 'SELECT ("é & # + %20 <x>" AS ?text)\nWHERE {}'
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        run(page, query)
        link = page.url
    with visit(browser, link) as page:
        expect(page.locator("#question")).to_have_text("Your own query")
        assert cells(run(page)) == [["é & # + %20 <x>"]]


def test_the_answer_is_downloaded_as_csv_and_json(browser: Browser, address: str) -> None:
    query = """SELECT * { VALUES (?a ?b ?c) { ("x, \\"y\\"\\nz"@en <https://example.org/> UNDEF) (1.5 true "") } }"""
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        run(page, query)
        with page.expect_download() as csv_file:
            page.get_by_role("link", name="Download CSV").click()
        with page.expect_download() as json_file:
            page.get_by_role("link", name="Download JSON").click()
        assert csv_file.value.path().read_bytes() == (b'a,b,c\r\n"x, ""y""\nz",https://example.org/,\r\n1.5,true,\r\n')
        first = json.loads(json_file.value.path().read_text(encoding="utf-8"))["results"]["bindings"][0]
        assert first["a"] == {"type": "literal", "value": 'x, "y"\nz', "xml:lang": "en"}


def test_names_of_ours_lead_to_our_pages_and_others_to_the_web(browser: Browser, address: str) -> None:
    query = """PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>
SELECT ?a ?b ?c { VALUES ?a { city:gdansk } ?a a ?b ; owl:sameAs ?c }"""
    for ending, name in ((".html", "Gdańsk"), (".nl.html", "Gdansk")):
        with visit(browser, f"{address}query{ending}") as page:
            unfold(page)
            write(page, query)
            page.keyboard.press("ControlOrMeta+Enter")
            links = page.locator("#answer td a")
            expect(links).to_have_text([name, "gp:City", "wd:Q1792"])
            expect(links.first).to_have_attribute("title", "city:gdansk")
            assert [link.get_attribute("href") for link in links.all()] == [
                f"{address}doc/city/gdansk{ending}",
                f"{address}ontology{ending}#City",
                "http://www.wikidata.org/entity/Q1792",
            ]


def test_pictures_are_offered_where_the_columns_allow(browser: Browser, address: str) -> None:
    views = {
        "twin-cities": ["Table", "Map", "Timeline", "Bar chart"],  # Germany has two
        "twinnings-of-an-age": ["Table", "Map", "Bar chart"],
        "reasons-for-maintaining": [],
    }
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        for name, offered in views.items():
            page.locator(f"[data-name={name}]").click()
            expect(page.locator(f"[data-name={name}]")).to_have_attribute("aria-current", "true")
            expect(page.locator("#status")).to_have_text(re.compile(r"^\d+ rows?$"))
            assert page.locator("#views label").all_inner_texts() == offered
        page.locator("[data-name=twin-cities]").click()
        page.get_by_label("Map").check()
        expect(page.locator("#picture circle")).to_have_count(7)
        expect(page.locator("#picture text").filter(has_text="Kanazawa")).to_be_visible()
        expect(page.locator("#answer tbody tr")).to_have_count(7)
        page.get_by_label("Timeline").check()
        expect(page.locator("#picture .axis")).to_have_text(["1955", "1960", "1965", "1970", "1975", "1980", "1985"])
        expect(page.locator("#picture circle")).to_have_count(7)
        page.get_by_label("Table", exact=True).check()
        expect(page.locator("#picture")).to_be_hidden()
        page.locator("[data-name=twinnings-of-an-age]").click()
        page.get_by_label("Bar chart").check()
        expect(page.locator("#picture .bar")).to_have_count(len(expected("twinnings-of-an-age")) - 1)
        expect(page.locator("#picture .axis").first).to_have_text(expected("twinnings-of-an-age")[1][1])


def test_coordinates_are_shown_on_a_map(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#example=cities") as page:
        page.get_by_label("Map").check()
        head, *cities = expected("cities")
        placed = {row[head.index("latitude")] for row in cities} - {""}
        expect(page.locator("#picture circle")).to_have_count(len(placed))


def test_of_many_rows_a_thousand_are_shown_and_all_are_in_the_files(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        rows = run(page, "SELECT ?a ?b { ?a ?b ?c } LIMIT 1234")
        expect(rows).to_have_count(1000)
        expect(page.locator("#status")).to_contain_text("1,234 rows; the first 1,000 are shown")
        with page.expect_download() as file:
            page.get_by_role("link", name="Download CSV").click()
        assert file.value.path().read_bytes().count(b"\r\n") == 1235


def test_a_graph_is_shown_as_turtle_with_our_prefixes(browser: Browser, address: str) -> None:
    query = """PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>
CONSTRUCT { city:ghent ?b "<https://w3id.org/ghent-partnerships/id/city/melle>" } WHERE { city:ghent a ?b }"""
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        run(page, query)
        expect(page.locator("#result pre")).to_have_text(
            "PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>\n"
            "PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>\n\n"
            'city:ghent gp:City "<https://w3id.org/ghent-partnerships/id/city/melle>" .\n'
        )
        run(page, "ASK { ?a ?b ?c }")
        expect(page.locator("#result")).to_have_text("Yes")


def test_whatever_an_answer_holds_is_text(browser: Browser, address: str) -> None:
    query = """SELECT ("<img src=x onerror=alert(1)>" AS ?a) (IRI("javascript:alert(1)") AS ?b) {}"""
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        assert cells(run(page, query)) == [["<img src=x onerror=alert(1)>", "javascript:alert(1)"]]
        assert page.locator("#answer td :is(img, a)").count() == 0


def test_the_editor_completes_terms_and_declares_their_prefix(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html") as page:
        unfold(page)
        write(page, "SELECT * { ?a ")
        page.keyboard.type("gp:startY", delay=20)
        option = page.locator(".cm-tooltip-autocomplete li").first
        expect(option).to_contain_text("gp:startYear")
        expect(option).to_contain_text("beginjaar")
        page.wait_for_timeout(100)  # the editor takes no key for a choice before a moment has passed
        page.keyboard.press("Enter")
        page.keyboard.type(" ?b ")
        expect(page.locator(".cm-line").first).to_have_text(
            "PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>"
        )
        expect(page.locator(".cm-line").nth(1)).to_contain_text("SELECT * { ?a gp:startYear ?b ")


def test_everything_is_done_by_keyboard_and_tab_leaves_the_editor(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        page.locator("[data-name=twinnings-of-an-age]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#parameter-year")).to_be_visible()
        page.locator("#query summary").focus()
        page.keyboard.press("Tab")
        expect(page.locator(".cm-content")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#run")).to_be_focused()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_contain_text(" ms")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(ENDLESS)
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator("#stop").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_have_text("Stopped.")
        expect(page.locator("#run")).to_be_focused()


def test_the_dutch_page_asks_for_dutch_names(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html#example=twin-cities", locale="nl-BE") as page:
        rows = page.locator("#answer tbody tr")
        expect(rows).to_have_count(7)
        assert cells(rows)[0] == ["Saint-Raphaël", "Frankrijk", "1958"]
        assert page.locator("#answer th").all_inner_texts() == ["Stad", "Land", "Sinds"]
        expect(page.locator("#parameter-lang")).to_have_value("nl")
        assert page.locator("#parameter-lang option").all_inner_texts() == ["Engels", "Nederlands"]
        expect(page.locator("#status")).to_have_text("7 rijen")
        assert cells(run(page))[0] == ["Saint-Raphaël", "Frankrijk", "1958"]


def test_questions_are_filtered(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        page.get_by_label("Filter the questions").fill("TAIZHOU")
        expect(page.locator("#list li:visible")).to_have_count(1)
        expect(page.locator("#list h3:visible")).to_have_text(["What the source leaves open"])
        assert page.locator("#list h3").first.inner_text().upper() == "WHICH CITIES AND PARTNERSHIPS"


def test_without_scripts_the_questions_lead_to_their_pages(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html", java_script_enabled=False) as page:
        link = page.locator("[data-name=twin-cities]")
        expect(link).to_be_visible()
        expect(link).to_have_attribute("href", "doc/query/twin-cities.html")
        expect(page.locator("#run")).to_be_hidden()
        expect(page.locator("search input")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(width: int, browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html", viewport={"width": width, "height": 800}) as page:
        run(page)
        page.get_by_label("Map").check()
        page.locator("#picture svg").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("gdansk", ["Gdańsk", "city"]),
        ("GDAŃ", ["Gdańsk", "city"]),
        ("danzig", ["Gdańsk", "Danzig", "city"]),
        ("luttich", ["Liège", "Lüttich", "city"]),
        ("金沢", ["Kanazawa", "金沢市", "city"]),
        ("luik", ["Liège", "Luik", "city"]),
        ("kanasawa", ["Kanazawa", "city"]),
        ("Nothingam", ["Nottingham", "city"]),
        ("1971", ["Ghent and Kanazawa", "1971 · partnership"]),
        ("japan twinning", ["Ghent and Kanazawa", "1971 · partnership"]),
        ("Duitsland", ["Germany", "Duitsland", "country"]),
        ("start year", ["start year", "term"]),
    ],
)
def test_names_are_found_in_every_language_without_accents(
    wanted: str, shown: list[str], browser: Browser, address: str
) -> None:
    with visit(browser, f"{address}query.html") as page:
        page.get_by_role("combobox", name="Search").fill(wanted)
        expect(page.get_by_role("option").first.locator("span")).to_have_text(shown)


def test_the_search_is_used_by_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html") as page:
        page.locator("h1").click()
        page.keyboard.press("/")
        field = page.get_by_role("combobox", name="Zoek")
        expect(field).to_be_focused()
        page.keyboard.type("Liege")
        expect(page.get_by_role("option").first).to_contain_text("Luik")
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(field).to_have_value("Liege")
        page.keyboard.press("ArrowDown")
        page.get_by_role("option").nth(1).wait_for()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", "found-1")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}doc/city/liege.nl.html")


def test_the_search_asks_for_its_index_when_somebody_goes_there_and_moves_nothing(
    browser: Browser, address: str
) -> None:
    with visit(browser, f"{address}query.html") as page:
        unfold(page)
        page.evaluate("scrollTo(0, 0)")
        box, asked = page.locator("h1").bounding_box(), requested(page)
        page.get_by_role("combobox", name="Search").click()
        page.get_by_role("combobox", name="Search").fill("zzzzzz")
        expect(page.get_by_role("status").first).to_have_text("Nothing found")
        assert "search.json" in asked
        assert page.locator("h1").bounding_box() == box


def test_a_row_without_a_position_on_earth_is_not_on_the_map(browser: Browser, address: str) -> None:
    rows = '(1.0e0 2.0e0) ("NaN"^^xsd:double 2.0e0) (1.0e0 "INF"^^xsd:double) (91.0e0 2.0e0) (1.0e0 -181.0e0)'
    query = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * {{ VALUES (?lat ?lon) {{ {rows} }} }}"
    with visit(browser, f"{address}query.html#{urlencode({'query': query})}") as page:
        page.locator("#run").click()
        page.get_by_label("Map").check()
        expect(page.locator("#picture circle")).to_have_count(1)


def test_a_city_is_chosen_by_its_name_and_the_answer_follows(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html#example=partners-of-a-city") as page:
        city = page.get_by_label("De stad", exact=True)
        names = city.locator("option").all_inner_texts()
        assert {"Gent", "Luik", "Sint-Denijs-Westrem"} <= set(names)
        assert names == sorted(names, key=str.casefold)
        city.select_option(label="Luik")
        expect(page.locator("#answer tbody tr td").first).to_have_text("Gent")
        assert page.url.endswith("#example=partners-of-a-city&city=city%3Aliege")
        city.select_option(label="Melle")
        expect(page.locator("#answer tbody tr")).to_have_count(2)
        expect(page.locator("#status")).to_have_text("2 rijen")


def test_a_known_prefix_is_declared_where_it_is_used(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        assert cells(
            run(page, "# mine\nSELECT ?a { city:melle gp:country/rdfs:label ?a FILTER(LANG(?a) = 'en') }")
        ) == [["Germany"]]
        lines = page.locator(".cm-line").all_inner_texts()
        assert [line.split(":")[0] for line in lines[:4]] == ["# mine", "PREFIX city", "PREFIX gp", "PREFIX rdfs"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?a WHERE {", "Regel 1, kolom 18: dit is geen SPARQL: de query eindigt hier"),
        ("SELECT ?a { ?a ?b ?c } GROUP BY ?b", "SELECT noemt een variabele die GROUP BY niet noemt"),
        ("SELECT ?a ?a { ?a ?b ?c }", "SELECT noemt dezelfde variabele twee keer."),
    ],
)
def test_an_error_is_in_the_language_of_the_page(query: str, message: str, browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html#{urlencode({'query': query})}") as page:
        page.click("#run")
        expect(page.locator("#error")).to_contain_text(message)


def test_a_number_alone_is_a_number_and_no_answer_is_said(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#example=number-of-counterparts") as page:
        expect(page.locator("#result .alone td")).to_have_text(expected("number-of-counterparts")[1])
        expect(page.locator("#result .alone th")).to_have_text(["Partner and twin cities"])
        run(page, "SELECT ?a { ?a <x:none> ?b }")
        expect(page.locator("#result")).to_have_text("Nothing fits: the data have no answer to this.")


def test_an_answer_alone_is_shown_within_a_page_of_others(browser: Browser, address: str, tmp_path: Path) -> None:
    with visit(browser, f"{address}query.html#example=twin-cities&view=map") as page:
        page.locator("#sharing summary").click()
        snippet = page.locator("#snippet").input_value()
        expect(page.locator("#picture circle")).to_have_count(7)
    source = re.search('src="([^"]+)"', snippet)
    assert source is not None
    assert source[1].replace("&amp;", "&") == f"{address}embed.html?question=twin-cities&view=map"
    assert 'title="Which are the twin cities' in snippet
    (tmp_path / "mine.html").write_text(snippet, encoding="utf-8")
    (tmp_path / "refused.html").write_text(snippet.replace("/embed.html", "/query.html"), encoding="utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, browser.new_context() as context:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        other, page = f"http://127.0.0.1:{server.server_port}/", context.new_page()  # of another origin
        page.goto(f"{other}mine.html")
        frame = page.frame_locator("iframe")
        expect(frame.locator("circle")).to_have_count(7)
        expect(frame.locator("h1")).to_have_text(re.compile("^Which are the twin cities"))
        expect(frame.locator("nav, search, table")).to_have_count(0)
        with page.expect_console_message(lambda message: "frame-ancestors 'none'" in message.text):
            page.goto(f"{other}refused.html")
        expect(page.frame_locator("iframe").locator("#question")).to_have_count(0)
        server.shutdown()


def test_an_answer_alone_has_the_values_that_its_address_gives(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}embed.nl.html?question=partners-of-a-city&city=city:liege") as page:
        expect(page.locator("tbody tr td").first).to_have_text("Gent")
        assert page.locator("th").all_inner_texts() == ["Partner", "Jaar", "Soort"]
        link = page.get_by_role("link", name="Verder vragen")
        assert link.get_attribute("href") == f"{address}query.nl.html#question=partners-of-a-city&city=city%3Aliege"
        assert link.get_attribute("target") == "_blank"
    with visit(browser, f"{address}embed.nl.html?question=nothing") as page:
        expect(page.locator("#error")).to_contain_text("Zo'n vraag is er niet.")
    with visit(browser, f"{address}embed.html", java_script_enabled=False) as page:
        expect(page.get_by_role("link", name="the questions")).to_be_visible()


def test_the_results_have_a_page_of_their_own(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}search.html?q=1971") as page:
        results = page.locator("#results li")
        expect(results.first.locator("a")).to_have_text("Ghent and Kanazawa")
        expect(results.first).to_contain_text("1971 · maintained · twinning · Belgium · Japan")
        page.get_by_label("A name in any language").fill("twining")
        expect(page.locator("#number")).to_have_text(re.compile(r"^\d+ results$"))
        types = page.locator("#results .type").all_inner_texts()
        assert types[:8] == ["partnership"] * 8
        assert types[8] == "agreement"
        assert page.url == f"{address}search.html?q=twining"
        expect(page.locator("a.language")).to_have_attribute("href", re.compile(r"search\.nl\.html\?q=twining$"))
        page.get_by_label("A name in any language").fill("maintained")
        expect(results.last.locator(".type")).to_have_text("rule")
        expect(results.first.locator("a")).to_have_text("Ghent and Kanazawa")
        page.get_by_label("A name in any language").fill("zzzzzz")
        expect(page.locator("#number")).to_have_text("Nothing is called so, nor nearly so.")
        expect(page.get_by_role("link", name="Everything that there is")).to_be_visible()
    with visit(browser, f"{address}search.html", java_script_enabled=False) as page:
        expect(page.get_by_role("link", name="Questions, each with its answer")).to_be_visible()


def test_the_search_of_the_head_leads_to_the_page_of_results(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}index.nl.html") as page:
        page.get_by_role("combobox", name="Zoek").fill("duitsland")
        page.get_by_role("option", name="Alle resultaten").click()
        page.wait_for_url(f"{address}search.nl.html?q=duitsland")
        expect(page.locator("#results a").first).to_have_text("Duitsland")
        assert "Wiesbaden" in page.locator("#results a").all_inner_texts()


@pytest.mark.parametrize("width", [360, 1440])
def test_what_has_the_focus_is_in_sight(width: int, browser: Browser, address: str) -> None:
    at = f"{address}query.html#example=partners-of-a-city"
    with visit(browser, at, viewport={"width": width, "height": 700}, reduced_motion="reduce") as page:
        expect(page.locator("#status")).to_have_text("2 rows")
        if width == 360:
            page.locator("#questions summary").click()
        page.locator("#sharing summary").click()
        unfold(page)
        page.locator(".skip").focus()
        out: list[object] = []
        seen: list[str] = []
        while True:
            page.keyboard.press("Tab")
            focused, box = page.evaluate(FOCUS)
            if focused == "BODY" or (seen and focused == seen[0]):
                break
            seen.append(focused)
            x, y, right, bottom = box
            if right - x < 1 or bottom - y < 1 or x < 0 or right > width or bottom <= 0 or y >= 700:
                out.append((focused, box))
            if len(seen) > 120:
                break
        assert len(seen) > 45
        assert out == []


def test_on_a_phone_the_list_folds_when_a_question_is_taken(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html", viewport={"width": 360, "height": 700}) as page:
        question = page.locator("[data-name=longest-gap]")
        expect(question).to_be_hidden()
        page.get_by_role("heading", name="Questions").click()
        question.click()
        expect(question).to_be_hidden()
        expect(page.locator("#question")).to_be_focused()
        expect(page.locator("#question")).to_contain_text("longest gap")
        cut = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.outerHTML)"
        assert page.locator("main :is(h1, h2, h3, p, label, summary, button)").evaluate_all(cut) == []
