"""A third language is one folder, and no word of a page stays English in it."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from ghent_partnerships import translation
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing import feed
from ghent_partnerships.publishing.site import documentation, query_page, site
from ghent_partnerships.rdf import parse, serialize
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import expand
from ghent_partnerships.rdf.parse import Document
from ghent_partnerships.releases.releases import Release
from ghent_partnerships.sparql.library import questions
from ghent_partnerships.sparql.views import data_set, stored
from ghent_partnerships.text import DEFAULT_LANGUAGE
from ghent_partnerships.translation import languages, message, web_words
from ghent_partnerships.validation.documents import project_documents
from ghent_partnerships.validation.explain import explanations
from loaded import DATA_SET
from publications import BASES, publication


def test_a_third_language_is_one_folder(made_up: str) -> None:
    assert languages() == (DEFAULT_LANGUAGE, "nl", made_up)
    assert message("Cities")[made_up] == "⟦Cities⟧"
    assert web_words(made_up)["1 row"] == ["⟦{number} rows⟧"]
    assert web_words(made_up)[""] == [0] * 200


class Words(HTMLParser):
    """What a page shows or says to a screen reader, but for what is code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.code = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in CODE
        attributes = dict(attrs)
        self.texts += [
            value for name in ("title", "aria-label", "placeholder", "alt") if (value := attributes.get(name))
        ]
        if tag == "meta" and attributes.get("name") == "description":
            self.texts.append(attributes["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in CODE

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.texts.append(data)


CODE = ("code", "pre", "script", "style")
BETWEEN = (" · ", ". ", ": ", " (", "), ", ", ")
SIGNS = " .,;:·()“”…"
WRAPPED = re.compile(r"⟦[^⟦⟧‹›]*(?:⟧|…|\.\.\.)|‹[^⟦⟧‹›]*(?:›|…|\.\.\.)")  # translated, and data; both may be cut
NAMES = {  # of formats, licences and portals, the same in every language; and of the other language in itself
    *(
        "CC BY 4.0",
        "IRI",
        "JSON",
        "BibTeX",
        "RIS",
        "Turtle",
        "N-Triples",
        "JSON",
        "JSON-LD",
        "CSV",
        "GeoJSON",
        "RDF/XML",
        "Atom",
        "Linked Data Event Stream",
        "SPARQL",
    ),
    *(
        "DCAT-AP 3.0.1",
        "VoID",
        "CKAN",
        "data.europa.eu",
        "data.vlaanderen, Datavindplaats",
        "Opendatasoft",
        "English",
        "Nederlands",
    ),
}
CODES = re.compile(  # fragments of sources by their numbers, files, IRIs whole and with a prefix, and what others have
    r"[A-Z]\d*|[\w-]+(?:\.[a-z]+)+|https?:\S+|[a-z]+:[\w-]*|Wikidata [PQ]\d+|GeoNames \d+|true|false", re.IGNORECASE
)


def bare(text: str) -> str:
    """The text without what is translated and what is data."""
    while text != (text := WRAPPED.sub("", text)):
        pass
    return text


def marked(documents: Iterable[Document]) -> list[Triple]:
    """The statements, each text in a language between marks."""
    return [
        Triple(triple.subject, triple.predicate, Literal(f"‹{triple.object.value}›", language=triple.object.language))
        if isinstance(triple.object, Literal) and triple.object.language
        else triple
        for document in documents
        for triple in document.triples
    ]


@pytest.fixture(scope="module")
def pages(made_up: str) -> dict[str, str]:
    """Every page of the site in the language, of a data set that names it."""
    documents = project_documents(packaged())
    graph, rules = marked(documents.graph), marked((*documents.shapes, *documents.style, *documents.queries))
    store = stored(graph)
    store.add(Quad(NamedNode(DATA_SET), NamedNode(expand("dcterms:language")), Literal(made_up)))
    of = data_set(store, packaged())
    assert of.languages == (DEFAULT_LANGUAGE, "nl", made_up)
    steps = feed.steps(
        [Release("0.1.0", "2026-11-24", graph[:200]), Release("0.2.0", "2026-11-25", graph)], packaged().prefixes
    )
    everything = [*graph, *rules]
    published = publication(store, has_scripts=query_page.bundled(), fed=True)
    written = site.files(GraphIndex(everything), serialize.resources(everything, BASES), store, published, steps)
    return {path: content.decode() for path, content in written if path.endswith(f".{made_up}.html")}


@pytest.fixture(scope="module")
def data() -> set[str]:
    """The data that have no marks: names of foreign terms, words of rules, codes, and what queries bind themselves."""
    documents = project_documents(packaged())
    named = [parse.parse(path) for path in Path(translation.__file__).parent.rglob("*.ttl")]
    codes = [document for document in (*documents.graph, *documents.shapes, *documents.style) if document not in named]
    texts = {
        triple.object.value
        for each in (*named, *codes)
        for triple in each.triples
        if isinstance(triple.object, Literal)
    }
    texts |= {str(text) for rule in explanations(packaged()) for text in (rule.means, rule.why, rule.fix)}
    texts |= {
        str(text)
        for question in questions(packaged()).values()
        for text in (
            question.summary,
            *(each.meaning for each in question.parameters),
            *(each.title for each in question.columns),
        )
    }
    texts |= {
        name
        for question in questions(packaged()).values()
        for names in re.findall(r'\?(\w+)|"([^"]+)"', question.text)
        for name in names
    }
    texts |= {readme.title for readme in documentation.readmes(packaged())}
    texts |= {*questions(packaged()), *(rule.shape for rule in explanations(packaged()))}
    return {" ".join(text.split()).strip(SIGNS) for text in (*texts, *map(capitalised, texts))}


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


@pytest.mark.slow
def test_no_word_of_a_page_stays_english_in_another_language(
    made_up: str, pages: dict[str, str], data: set[str]
) -> None:
    assert {"index.qps.html", "404.qps.html", "query.qps.html", "feed.qps.html", "catalog.qps.html"} <= pages.keys()
    for path, page in pages.items():
        assert f'<html lang="{made_up}">' in page
        if path.startswith("documentation/"):  # what the READMEs of the repository say, which is marked as English
            continue
        left = [text for text in Words(page).texts if not known(" ".join(bare(text).split()), data)]
        assert left == [], path


def known(text: str, data: set[str]) -> bool:
    """Whether there is no word in a text but those of the data: as a whole, cut off, or between signs."""
    cut = text.endswith(("…", "..."))
    text = text.strip(SIGNS)
    if not re.search(r"[^\W\d_]", text) or text in data or CODES.fullmatch(text):
        return True
    if text in NAMES or (cut and any(name.startswith(text) for name in data)):
        return True
    parts = (f"{text}…" if cut else text).partition(next((sign for sign in BETWEEN if sign in text), "\n"))
    return bool(parts[2]) and known(parts[0], data) and known(parts[2], data)
