"""Whatever the data hold is text on every page: in HTML, in blocks of JSON and in SVG."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pyoxigraph import Literal, NamedNode, Triple

import browsing
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.site import site
from ghent_partnerships.rdf import serialize
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import ID, expand
from ghent_partnerships.sparql.views import stored
from ghent_partnerships.validation.documents import project_documents
from html_page import Page
from publications import BASES, publication

pytestmark = pytest.mark.xdist_group("browser")

HOSTILE = (
    "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>\"'&amp;\u202eevil\u2066" + "x" * 1_000
)
LABELS = {
    expand("rdfs:label"),
    expand("skos:prefLabel"),
    expand("skos:definition"),
    expand("gp:reasoning"),
    expand("oa:exact"),
}
KINDS = ("city/kanazawa", "partnership/ghent-liege", "agreement/ghent-liege", "concept/twinning", "fragment/b3")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a graph in which every label, definition, reasoning and quotation holds markup."""

    def changed(triple: Triple) -> Triple:
        if triple.predicate.value in LABELS and isinstance(triple.object, Literal):
            return Triple(triple.subject, triple.predicate, Literal(HOSTILE, language=triple.object.language))
        return triple

    documents = project_documents(packaged())
    graph = [changed(triple) for document in documents.graph for triple in document.triples]
    graph.append(
        Triple(NamedNode(ID + "city/kanazawa"), NamedNode(expand("skos:note")), Literal("javascript:alert(1)"))
    )
    everything = [
        *graph,
        *(triple for document in (*documents.shapes, *documents.style) for triple in document.triples),
    ]
    store, folder = stored(graph), tmp_path_factory.mktemp("hostile")
    for path, content in site.files(
        GraphIndex(everything), serialize.resources(everything, BASES), store, publication(store)
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as found:
        yield found


def test_no_page_has_an_element_that_a_label_made(hostile: Path) -> None:
    held = 0
    for path in hostile.rglob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        assert page.all("img") == [], path
        assert all("window.broken" not in text for text in page.texts.get("script", []) if not text.startswith("{")), (
            path
        )
        for number, script in enumerate(page.all("script")):
            if script.get("type", "").endswith("json"):
                json.loads(page.texts["script"][number])
        held += "window.broken" in page.texts["main"][0]
    assert held > 300


@pytest.mark.parametrize(
    "path", ["index.html", "resources.html", "ontology.nl.html", *(f"doc/{kind}.html" for kind in KINDS)]
)
def test_a_label_of_markup_is_shown_as_text(browser: Browser, hostile: Path, path: str) -> None:
    with browsing.served(hostile) as address, browsing.visit(browser, address + path) as page:
        assert page.evaluate("window.broken") is None
        assert "<script>window.broken=1</script>" in page.locator("main").inner_text()
        assert page.evaluate("document.querySelectorAll('main img, main script:not([type$=json])').length") == 0
