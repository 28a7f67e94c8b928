"""The page of the API in a browser, with the headers of every host: the description is shown where it is asked for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browsing import chromium, served, visit
from ghent_partnerships.publishing.publish import Published


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_the_description_is_shown_in_the_page_where_it_is_asked_for(dist: Published, browser: Browser) -> None:
    if not dist.has_scripts:
        pytest.skip("not run, because there is no bundle; to run it: make web")
    asked: list[str] = []
    with served(dist.directory) as address, visit(browser, f"{address}api.html") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("button", name="Show the interactive description").click()
        expect(page.locator("#viewer .opblock").first).to_be_visible(timeout=60_000)
        assert page.locator("#viewer .opblock-summary-path").count() > 25
        assert any(url.endswith("openapi.json") for url in asked)


def test_the_page_is_read_without_scripts(dist: Published, browser: Browser) -> None:
    with served(dist.directory) as address, visit(browser, f"{address}api.nl.html", java_script_enabled=False) as page:
        expect(page.get_by_role("heading", name="Tabellen")).to_be_visible()
        expect(page.locator("#trying")).to_be_hidden()
        expect(page.get_by_text("GET /api/queries/partner-cities", exact=True)).to_be_visible()
