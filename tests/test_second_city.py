"""A second city: another base, other languages, a kind of its own, an ended partnership, days instead of years.

Its days are true; its sentences were written for these tests.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from pyoxigraph import parse as read

from ghent_partnerships.cli.commands import query
from ghent_partnerships.cli.main import main
from ghent_partnerships.findings import Finding
from ghent_partnerships.project.project import Project
from ghent_partnerships.publishing.publish import publish
from ghent_partnerships.publishing.tables import TABLES, table
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.parse import Document
from ghent_partnerships.server.reconciliation.index import Index
from ghent_partnerships.server.reconciliation.matching import candidates
from ghent_partnerships.server.reconciliation.queries import query as query_of
from ghent_partnerships.validation.check import check_project
from ghent_partnerships.validation.documents import ProjectDocuments, project_files
from second_city import FOLDER, its_store, second_city

PARTNERSHIPS = """PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>
PREFIX schema: <http://schema.org/>
SELECT ?partnership ?start ?end WHERE {
  ?partnership a gp:Partnership .
  OPTIONAL { ?partnership gp:startYear|schema:startDate ?start }
  OPTIONAL { ?partnership gp:endYear|schema:endDate ?end }
} ORDER BY ?partnership"""


@pytest.fixture(scope="module")
def project() -> Project:
    return second_city()


@pytest.fixture(scope="module")
def documents(project: Project) -> ProjectDocuments:
    return project_files(project).load()


@pytest.fixture(scope="module")
def store() -> Store:
    return its_store()


def found(documents: ProjectDocuments) -> list[Finding]:
    """The findings in the files of the city."""
    return [f for f in check_project(documents).findings if Path(f.location.path).suffix == ".ttl"]


def changed(documents: ProjectDocuments, name: str, old: str, new: str) -> list[str]:
    """The codes of what is found once a file says something else."""
    (document,) = (document for document in documents.graph if document.path == FOLDER / "data" / name)
    assert old in document.text
    return [finding.code for finding in found(with_text(documents, document, document.text.replace(old, new)))][1:]


def with_text(documents: ProjectDocuments, document: Document, text: str) -> ProjectDocuments:
    return documents.with_contents({document.path.resolve(): text.encode("utf-8")})


def test_it_is_a_city_of_another_base_and_other_languages(project: Project) -> None:
    assert (project.base, project.languages) == ("https://example.org/tuebingen/", ("en", "de"))
    assert project.data_set.home_city == "https://example.org/tuebingen/id/city/tuebingen"


def test_it_validates_and_is_told_once_what_of_the_vocabulary_it_has_not(documents: ProjectDocuments) -> None:
    (info,) = found(documents)
    assert (info.code, info.severity) == ("GP004", "info")
    assert str(info.message) == (
        "There is nothing of these here, so that their shapes check nothing: doco:Title, gp:Activity, gp:Agreement, "
        "gp:Candidate, gp:Inference, gp:Outcome, gp:Period, gp:Trend, gp:UnnamedGroup, schema:AdministrativeArea."
    )


def test_it_has_days_a_year_a_start_that_is_not_stated_and_an_end(store: Store) -> None:
    rows = [
        tuple("" if term is None else term.value.rpartition("/")[2] for term in row)
        for row in store.query(PARTNERSHIPS)
    ]
    assert rows == [
        ("tuebingen-aix-en-provence", "1960-10-20", ""),
        ("tuebingen-ann-arbor", "1965", ""),
        ("tuebingen-monthey", "", ""),
        ("tuebingen-moshi", "2014-06-16", ""),
        ("tuebingen-moshi-declared", "2011", "2014-06-16"),
        ("tuebingen-perugia", "1984-06-21", ""),
    ]


def test_nothing_of_ghent_is_in_its_data(project: Project) -> None:
    files = [file for file in project.data_files() if FOLDER in file.parents]
    assert len(files) == 10
    assert [file.name for file in files if "/id/city/ghent" in file.read_text(encoding="utf-8")] == []
    vocabulary = {triple.subject.value for file in files for triple in parse.parse(file).triples}
    assert [iri for iri in vocabulary if "ghent-partnerships" in iri] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "codes"),
    [
        ("dataset.ttl", '    void:uriSpace "https://example.org/tuebingen/" ;\n', "", ["GP229"]),
        ("dataset.ttl", "foaf:primaryTopic city:tuebingen", "foaf:primaryTopic partnership:tuebingen-moshi", ["GP232"]),
        ("kinds.ttl", 'skos:notation "▲"', 'skos:notation "◆"', ["GP266", "GP266"]),
        ("kinds.ttl", '    skos:prefLabel "Absichtserklärung"@de ;\n', "", ["GP242"]),
        ("partners/perugia.ttl", '"1984-06-21"', '"1985-06-21"', ["GP220"]),
        (
            "partners/ann-arbor.ttl",
            "partnership:tuebingen-ann-arbor\n",
            "<https://example.org/id/x/a>\n",
            ["GP017", "GP238"],
        ),
    ],
)
def test_what_is_wrong_with_it_is_found(
    name: str, old: str, new: str, codes: list[str], documents: ProjectDocuments
) -> None:
    assert changed(documents, name, old, new) == codes


GHENT = re.compile(r"\bGh?ent\b")
SOFTWARE = re.compile(r"Ghent Partnerships|ghent-partnerships", re.IGNORECASE)  # what it is called
# The documents of the vocabulary, whose examples are of Ghent.
VOCABULARY = ("ontology", "shapes", "doc/concept/", "doc/rule/", "doc/scheme/", "doc/shape/")
WHOLE = {"tuebingen.ttl", "tuebingen.jsonld", "feed/1.0.0.ttl"}  # with the vocabulary: the literals are looked at below
SHARED = "https://w3id.org/ghent-partnerships/"  # where its terms are


class _Read(HTMLParser):
    """What a person reads of a page, also by its attributes, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.languages: set[str] = set()
        self.skipped = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in ("script", "style")
        for name, value in attributes:
            if name in ("title", "alt", "aria-label", "content", "placeholder"):
                self.texts.append(value or "")
            elif name in ("href", "src"):
                self.links.append(value or "")
            elif name in ("lang", "hreflang"):
                self.languages.add(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.texts.append(data)


@pytest.fixture(scope="module")
def published(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("city") / "dist", project).directory


def test_nothing_of_wikidata_is_published_without_a_snapshot(published: Path) -> None:
    assert not list(published.glob("wikidata*"))
    assert "by Wikidata" not in (published / "doc" / "city" / "tuebingen.html").read_text("utf-8")


@pytest.fixture(scope="module")
def pages(published: Path) -> dict[str, _Read]:
    found = {}
    for file in sorted(published.rglob("*.html")):
        parser = _Read()
        parser.feed(file.read_text(encoding="utf-8"))
        found[file.relative_to(published).as_posix()] = parser
    return found


def test_the_command_shows_the_tables_that_are_published(capfd: pytest.CaptureFixture[str], store: Store) -> None:
    assert query._TABLES == TABLES
    for name in TABLES:
        assert main(["--project", str(FOLDER), "query", name, "--format", "json"]) == 0
        answer = json.loads(capfd.readouterr().out)
        known = table(store, name, second_city(), ("en", "de"))
        assert answer["head"]["vars"] == [column.name for column in known.columns]
        assert [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]] == [
            {name: cell.value for name, cell in row.items()} for row in known.rows
        ]
    assert main(["--project", str(FOLDER), "query", "cities", "--format", "csv"]) == 0
    head, *rows = capfd.readouterr().out.splitlines()
    assert head.startswith("city,name,nameDe,nameAsStated,country,countryDe,")
    assert "nameNl" not in head
    (monthey,) = (row for row in rows if "/city/monthey" in row)
    assert monthey.startswith("https://example.org/tuebingen/id/city/monthey,Monthey,Monthey,,Switzerland,Schweiz,")
    assert main(["--project", str(FOLDER), "query", "cities", "--param", "year=1"]) == 2


@pytest.mark.slow
@pytest.mark.xdist_group("second city")
class TestPublished:
    """What is published of it is of it alone."""

    def test_nobody_reads_of_ghent(self, published: Path, pages: dict[str, _Read]) -> None:
        texts = {path: " ".join(page.texts) for path, page in pages.items()}
        for suffix in ("md", "csv", "json", "geojson", "svg", "xml", "atom", "ttl", "jsonld"):
            files = published.rglob(f"*.{suffix}")
            texts |= {file.relative_to(published).as_posix(): file.read_text(encoding="utf-8-sig") for file in files}
        assert len(texts) > 400
        kept = {path: SOFTWARE.sub("", text) for path, text in texts.items() if not path.startswith(VOCABULARY)}
        assert len(kept) > 100
        assert kept.keys() >= WHOLE
        kept = {path: text for path, text in kept.items() if path not in WHOLE}
        assert {path: GHENT.findall(text) for path, text in kept.items() if GHENT.search(text)} == {}

    def test_every_literal_is_of_the_city(self, published: Path) -> None:
        for name in ("tuebingen.nt", "queries.nt", "catalog.nt"):
            quads = list(read(path=published / name, format=RdfFormat.N_TRIPLES))
            described = [
                (quad.subject, quad.object)
                for quad in quads
                if isinstance(quad.object, Literal)
                and isinstance(quad.subject, NamedNode)
                and quad.subject.value.startswith("https://example.org/tuebingen/")
            ]
            assert len(described) > 10
            assert [pair for pair in described if GHENT.search(SOFTWARE.sub("", pair[1].value))] == []
            assert [pair for pair in described if pair[1].language == "nl"] == []

    def test_what_a_reader_types_is_looked_up_in_its_languages(self, published: Path) -> None:
        found = json.loads((published / "search.json").read_text(encoding="utf-8"))["found"]
        names = {f"{folder}/{slug}": by_language for folder, slug, by_language, *_facts in found}
        assert names["ontology/City"] == {"en": ["city"]}
        assert [path for path, by_language in names.items() if "nl" in by_language] == []
        completions = json.loads((published / "completions.json").read_text(encoding="utf-8"))
        assert (completions["spoken"], completions["languages"]) == (["en", "de"], ["de", "en"])

    def test_names_are_matched_with_its_entities(self, published: Path) -> None:
        index = Index((published / "reconciliation.json").read_bytes())
        assert (index.space, index.languages) == ("https://example.org/tuebingen/id/", ("en", "de"))
        asked = query_of({"query": "MOSHI", "type": "gp:City", "properties": [{"pid": "gp:startYear", "v": "2014"}]})
        (found, *_others) = candidates(index, asked)
        assert (found.entity.id, found.match) == ("city/moshi", True)
        assert found.entity.values["geo:lat_long"] == ["-3.35,37.34"]
        assert (published / "preview" / "city" / "moshi.de.html").is_file()

    def test_no_page_is_in_dutch(self, published: Path, pages: dict[str, _Read]) -> None:
        assert list(published.rglob("*.nl.*")) == []
        assert {
            path for path, page in pages.items() if "nl" in page.languages and not path.startswith(VOCABULARY)
        } == set()
        assert {language for page in pages.values() for language in page.languages} >= {"en", "de"}

    def test_no_link_is_dead(self, published: Path, pages: dict[str, _Read]) -> None:
        base, dead, followed = "https://example.org/tuebingen/", set(), 0
        for path, page in pages.items():
            for link in page.links:
                address = urljoin(base + path, link)
                if not address.startswith(base) or address == f"{base}sparql":
                    continue
                followed += 1
                file = published / unquote(urlsplit(address).path).removeprefix("/tuebingen/")
                if not any(
                    place.is_file() for place in (file, file / "index.html", file.with_name(f"{file.name}.html"))
                ):
                    dead.add((path, link))
        assert followed > 1000
        assert dead == set()
