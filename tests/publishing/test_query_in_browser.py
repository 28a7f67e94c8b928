"""The query page and the search in a real browser: what they ask for, what they show, and that no network is needed."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

import needs
from browsing import FOLDER, chromium, served, visit
from ghent_partnerships.publishing.publish import Published

pytestmark = pytest.mark.xdist_group("browser")  # one worker starts a browser

ANSWERS = Path(__file__).parents[1] / "ghent" / "answers"
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


def write(page: Page, text: str) -> None:
    """Put a query into the editor, as a person does."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def run(page: Page, text: str | None = None) -> Locator:
    """Run a query, that which is there or another; the rows of the answer."""
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
        page.locator(".cm-content").wait_for()
        asked = requested(page)
        page.locator("[data-name=countries-of-counterparts]").click()
        rows = page.locator("#answer tbody tr")
        head, *body = expected("countries-of-counterparts")
        expect(rows).to_have_count(len(body))
        assert cells(rows) == body
        assert page.locator("#answer th").all_inner_texts() == head
        assert asked == ["answers/countries-of-counterparts.json"]
        expect(page.locator("[data-name=countries-of-counterparts]")).to_have_attribute("aria-current", "true")


def test_the_engine_is_asked_for_by_the_first_run_and_by_no_other(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        asked = requested(page)
        assert cells(run(page)) == expected("twin-cities")[1:]
        assert set(asked) >= {"assets/worker.js", "assets/oxigraph.wasm", "ghent-partnerships.nt"}
        page.locator("html[data-offline=ready]").wait_for()
        asked.clear()
        assert cells(run(page, "SELECT (1 + 1 AS ?two) {}")) == [["2"]]
        assert asked == []


def test_a_parameter_is_a_field_and_its_value_a_term_of_the_query(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#example=twinnings-of-an-age") as page:
        page.locator(".cm-content").wait_for()
        page.get_by_label("The year to count up to").fill("1983")
        expect(page.locator(".cm-content")).to_contain_text('VALUES ?year { "1983"^^xsd:gYear }')
        assert cells(run(page)) == [["Saint-Raphaël", "25"]]
        page.get_by_label("The least number of years").fill("14")
        assert cells(run(page)) == [["Saint-Raphaël", "25"], ["Wiesbaden", "14"]]
        page.get_by_label("The least number of years").fill("many")
        expect(page.locator("#parameter-least-wrong")).to_have_text("expected a whole number")
        expect(page.locator("#parameter-least")).to_have_attribute("aria-invalid", "true")
        expect(page.locator(".cm-content")).to_contain_text("VALUES ?least { 14 }")


def test_what_is_asked_is_said_also_of_a_query_of_ones_own(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#name=twin-cities") as page:
        heading = page.locator("#question")
        expect(heading).to_have_text(re.compile("^Which are the twin cities"))
        page.fill("#parameter-lang", "nl")
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
        ("city:gdansk", "city:gdansk"),
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
    with visit(browser, f"{address}query.html#example=partners-of-a-city") as page:
        page.locator(".cm-content").wait_for()
        page.locator("#parameter-city").fill(given)
        expect(page.locator(".cm-content")).to_contain_text(f"VALUES ?city {{ {term or 'city:melle'} }}")
        wrong = "expected a name with one of the prefixes, or an IRI in full" if term is None else ""
        expect(page.locator("#parameter-city-wrong")).to_have_text(wrong)


@pytest.mark.parametrize(
    ("query", "message", "marked"),
    [
        (
            "SELECT ?a\nWHERE { ?a gp:kind ?b }",
            "Line 2, column 12: this is not SPARQL: the prefix gp: is not declared.",
            ["gp:kind"],
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
        page.locator(".cm-content").wait_for()
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
        page.locator(".cm-content").wait_for()
        asked = requested(page)
        write(page, query or " ")
        page.click("#run")
        expect(page.locator("#error")).to_contain_text(message)
        expect(page.locator("#answer")).to_be_hidden()
        assert asked == []


def test_the_words_service_and_load_may_stand_where_they_ask_nothing(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        page.locator(".cm-content").wait_for()
        query = "# SERVICE\nSELECT ?service { VALUES ?service { 'LOAD SERVICE <x>' } }"
        assert cells(run(page, query)) == [["LOAD SERVICE <x>"]]


def test_an_endless_query_is_stopped_and_the_next_one_answered(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        page.locator(".cm-content").wait_for()
        write(page, ENDLESS)
        page.click("#run")
        expect(page.locator("#status")).to_have_text("Still running; Stop ends it.")
        expect(page.locator("#workspace")).to_have_attribute("aria-busy", "true")
        page.click("#stop")
        expect(page.locator("#status")).to_have_text("Stopped.")
        expect(page.locator("#stop")).to_be_hidden()
        assert cells(run(page, "SELECT (2 * 3 AS ?six) {}")) == [["6"]]


def test_it_works_without_a_network_after_the_first_run(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        run(page)
        page.locator("html[data-offline=ready]").wait_for()
        page.context.set_offline(True)
        page.reload()
        assert page.evaluate("getComputedStyle(document.querySelector('.asking')).display") == "grid"
        rows = page.locator("#answer tbody tr")
        expect(rows).to_have_count(7)
        assert cells(run(page, "SELECT (3 * 3 AS ?nine) {}")) == [["9"]]
        page.locator("[data-name=longest-gap]").click()
        expect(page.locator("#status")).to_contain_text("stored")
        page.get_by_text("Map").or_(page.get_by_text("Timeline")).first.wait_for()
        page.goto(f"{address}query.nl.html")
        expect(page.locator("h1")).to_have_text("Bevraag de partnerschappen")
        expect(rows).to_have_count(7)
        page.get_by_role("combobox", name="Zoek").fill("Lüttich")
        expect(page.get_by_role("option").first).to_contain_text("Luik")


def test_a_link_brings_back_an_example_with_its_parameters(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html#example=twinnings-of-an-age") as page:
        page.locator(".cm-content").wait_for()
        page.locator("#parameter-year").fill("1983")
        page.click("#share")
        link = page.url
        assert link == f"{address}query.html#example=twinnings-of-an-age&year=1983"
        expect(page.locator("a.language")).to_have_attribute(
            "href", re.compile("#example=twinnings-of-an-age&year=1983$")
        )
    with visit(browser, link) as page:
        expect(page.locator("#parameter-year")).to_have_value("1983")
        expect(page.locator("#question")).to_contain_text("at least a given number of years")
        assert cells(run(page)) == [["Saint-Raphaël", "25"]]
        assert page.url == link


def test_a_link_brings_back_a_query_of_ones_own(browser: Browser, address: str) -> None:
    query = 'SELECT ("é & # + %20 <x>" AS ?text)\nWHERE {}'
    with visit(browser, f"{address}query.html") as page:
        page.locator(".cm-content").wait_for()
        run(page, query)
        link = page.url
    with visit(browser, link) as page:
        expect(page.locator("#question")).to_have_text("Your own query")
        assert cells(run(page)) == [["é & # + %20 <x>"]]


def test_the_answer_is_downloaded_as_csv_and_json(browser: Browser, address: str) -> None:
    query = """SELECT * { VALUES (?a ?b ?c) { ("x, \\"y\\"\\nz"@en <https://example.org/> UNDEF) (1.5 true "") } }"""
    with visit(browser, f"{address}query.html") as page:
        page.locator(".cm-content").wait_for()
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
    for language, ending in (("", ".html"), (".nl", ".nl.html")):
        with visit(browser, f"{address}query{language}.html") as page:
            page.locator(".cm-content").wait_for()
            write(page, query)
            page.keyboard.press("ControlOrMeta+Enter")
            links = page.locator("#answer td a")
            expect(links).to_have_text(["city:gdansk", "gp:City", "wd:Q1792"])
            assert [link.get_attribute("href") for link in links.all()] == [
                f"{address}doc/city/gdansk{ending}",
                f"{address}ontology{ending}#City",
                "http://www.wikidata.org/entity/Q1792",
            ]


def test_pictures_are_offered_where_the_columns_allow(browser: Browser, address: str) -> None:
    views = {
        "twin-cities": ["Table", "Map", "Timeline"],
        "twinnings-of-an-age": ["Table", "Map", "Bar chart"],
        "reasons-for-maintaining": [],
    }
    with visit(browser, f"{address}query.html") as page:
        page.locator(".cm-content").wait_for()
        for name, offered in views.items():
            page.locator(f"[data-name={name}]").click()
            expect(page.locator(f"[data-name={name}]")).to_have_attribute("aria-current", "true")
            expect(page.locator("#status")).to_contain_text("stored")
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
        page.locator(".cm-content").wait_for()
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
        page.locator(".cm-content").wait_for()
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
        page.locator(".cm-content").wait_for()
        assert cells(run(page, query)) == [["<img src=x onerror=alert(1)>", "javascript:alert(1)"]]
        assert page.locator("#answer td :is(img, a)").count() == 0


def test_the_editor_completes_terms_and_declares_their_prefix(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html") as page:
        page.locator(".cm-content").wait_for()
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
        page.locator(".cm-content").wait_for()
        page.locator("[data-name=twinnings-of-an-age]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#parameter-year")).to_be_visible()
        page.locator("#parameter-lang").focus()
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
        page.locator("#stop").wait_for()
        page.keyboard.press("Tab")  # over the button that is off
        expect(page.locator("#stop")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_have_text("Stopped.")
        expect(page.locator("#run")).to_be_focused()


def test_the_dutch_page_asks_for_dutch_names(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.nl.html#example=twin-cities", locale="nl-BE") as page:
        rows = page.locator("#answer tbody tr")
        expect(rows).to_have_count(7)
        assert cells(rows)[0] == ["Saint-Raphaël", "Frankrijk", "1958"]
        expect(page.locator("#parameter-lang")).to_have_value("nl")
        expect(page.locator("#status")).to_have_text("7 rijen, bewaard.")
        assert cells(run(page))[0] == ["Saint-Raphaël", "Frankrijk", "1958"]


def test_questions_are_filtered(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}query.html") as page:
        page.locator(".cm-content").wait_for()
        page.get_by_label("Filter the questions").fill("TAIZHOU")
        expect(page.locator("#list li:visible")).to_have_count(1)
        expect(page.locator("#list h3:visible")).to_have_text(["What the source leaves open"])


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
        ("kanasawa", ["Kanazawa", "city"]),
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
        page.locator(".cm-content").wait_for()
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
