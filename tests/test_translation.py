"""The words of the interface: every catalogue is whole, and a third language is one folder."""

import re
from collections.abc import Iterable
from gettext import GNUTranslations
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pyoxigraph import Literal, NamedNode, Quad, Triple

from catalogues import extracted, files
from ghent_partnerships import translation
from ghent_partnerships.po import compiled
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
from ghent_partnerships.text import DEFAULT_LANGUAGE, Text
from ghent_partnerships.translation import LOCALES, either, gettext, languages, message, ngettext, pgettext, web_words
from ghent_partnerships.validation.documents import project_documents
from ghent_partnerships.validation.explain import explanations
from loaded import DATA_SET
from publications import BASES, publication

CATALOGUES = [pytest.param(domain, path, id=f"{language}-{domain}") for language, domain, path in files(LOCALES)]
PATHS = [pytest.param(path, id=f"{language}-{domain}") for language, domain, path in files(LOCALES)]
PO = """
# A comment.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: somewhere.py:1
msgid "City"
msgstr "Stad"

msgctxt "of a bird"
msgid "City"
msgstr "Nest"

msgid "a \\"quoted\\" text, "
"in two lines\\n"
msgstr "een tekst"

msgid "{number} row"
msgid_plural "{number} rows"
msgstr[0] "{number} rij"
msgstr[1] "{number} rijen"

#, fuzzy
msgid "not sure"
msgstr "niet zeker"

msgid "not translated"
msgstr ""

#~ msgid "gone"
#~ msgstr "weg"
"""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_a_catalogue_is_read_as_gettext_has_it() -> None:
    words = GNUTranslations(BytesIO(compiled(PO)))
    assert words.gettext("City") == "Stad"
    assert words.pgettext("of a bird", "City") == "Nest"
    assert words.gettext('a "quoted" text, in two lines\n') == "een tekst"
    assert [words.ngettext("{number} row", "{number} rows", number) for number in (0, 1, 2)] == [
        "{number} rijen",
        "{number} rij",
        "{number} rijen",
    ]
    assert [words.gettext(text) for text in ("not sure", "not translated", "gone")] == [
        "not sure",
        "not translated",
        "gone",
    ]


@pytest.mark.parametrize("line", ["msgid City", 'msgstring "City"', 'msgid "City', '"City" "Stad"'])
def test_what_is_no_catalogue_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is no line of a PO file"):
        compiled(f'msgid ""\nmsgstr ""\n\n{line}\n')


@pytest.mark.parametrize("path", PATHS)
def test_a_catalogue_is_compiled_as_babel_compiles_it(path: Path) -> None:
    babel = BytesIO()
    write_mo(babel, read(path))
    catalogues = [GNUTranslations(BytesIO(data)) for data in (compiled(path.read_text("utf-8")), babel.getvalue())]
    words = [{key: word for key, word in catalogue._catalog.items() if key} for catalogue in catalogues]  # type: ignore[attr-defined]
    assert words[0] == words[1]


@pytest.mark.parametrize(("domain", "path"), CATALOGUES)
def test_a_catalogue_has_every_message_and_no_other(domain: str, path: Path) -> None:
    wanted, there = (
        {(message.id, message.context) for message in of if message.id} for of in (extracted()[domain], read(path))
    )
    assert wanted == there, "run: python scripts/catalogues.py"


def test_an_f_string_that_is_a_value_of_a_message_is_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    extracted()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("path", PATHS)
def test_every_message_is_translated_with_its_gaps(path: Path) -> None:
    for entry in read(path):
        if entry.id:
            sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
            translated = entry.string if isinstance(entry.string, tuple) else (entry.string,)
            assert all(translated), f"{path}: {entry.id!r} has no translation"
            assert not entry.fuzzy, f"{path}: {entry.id!r}: somebody has yet to say whether it is right"
            for text in translated:
                assert gaps(text) in map(gaps, sources), f"{path}: {entry.id!r} has other gaps than {text!r}"


def gaps(text: str) -> set[str | None]:
    """What is filled in after the translation: in braces, and by argparse after a percent sign."""
    by_argparse = set(re.findall(r"%(?:\(\w+\))?[a-z]", text))
    try:
        return by_argparse | {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:  # a brace that is none of a gap
        return by_argparse | set(re.findall(r"\{(\w+)\}", text))


def test_a_message_speaks_each_language() -> None:
    assert languages() == ("en", "nl")
    assert dict(message("Cities")) == {"en": "Cities", "nl": "Steden"}
    assert message("Cities").localized("nl-BE") == "Steden"
    assert message("Cities").localized("ja") == "Cities"
    assert gettext("Cities", "nl-BE") == "Steden"
    assert gettext("Links to {title}", "nl", title=Text({"en": "Ghent", "nl": "Gent"})) == "Links naar Gent"
    assert pgettext("between the thousands of a number", ",")["nl"] == "."
    assert str(ngettext("{number} city", "{number} cities", 1)) == "1 city"


def test_the_thousands_of_a_number_stand_apart_as_the_language_has_them() -> None:
    files = ngettext("{number:,} file", "{number:,} files", 1_234_567)
    assert dict(files) == {"en": "1,234,567 files", "nl": "1.234.567 bestanden"}
    assert dict(message("{count} rewritten", count=1234)) == {"en": "1234 rewritten", "nl": "1234 herschreven"}


def test_names_to_choose_from_are_a_sentence_in_each_language() -> None:
    assert dict(either(["a"])) == {"": "a"}
    assert dict(either(["a", "b", "c"])) == {"en": "a or b or c", "nl": "a of b of c"}


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
