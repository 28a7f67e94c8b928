"""What the query page and the search ask for: questions, stored answers, completions, names, and what is kept."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.site import column_titles, query_page, search_index
from ghent_partnerships.publishing.site.templating import Pages
from ghent_partnerships.rdf.namespaces import BASE
from ghent_partnerships.rdf.turtle import by_subject
from ghent_partnerships.sparql.library import questions
from ghent_partnerships.sparql.views import stored
from ghent_partnerships.validation.documents import project_documents
from publications import publication

ANSWERS = Path(__file__).parents[1] / "ghent" / "answers"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the query page, with a bundle of one script: Node is not needed for what Python writes."""
    bundle = tmp_path_factory.mktemp("bundle")
    for name in ("licenses.txt", "offline.js", "query.js", "land-50m.geojson"):
        (bundle / name).write_text(f"// {name}\n", encoding="utf-8")
    store = stored(triple for document in project_documents(packaged()).graph for triple in document.triples)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(query_page, "BUNDLE", bundle)
        assert query_page.bundled()
        assert [path for path, _ in query_page.assets()] == ["assets/licenses.txt", "assets/query.js"]
        return dict(query_page.files(Pages(publication(store, has_scripts=True)), store))


@pytest.fixture(scope="module")
def entries() -> dict[str, list[Any]]:
    """What the search knows of each page, by its path."""
    documents = project_documents(packaged())
    read = (*documents.graph, *documents.queries, *documents.shapes)
    triples = [triple for document in read for triple in document.triples]
    ((path, content),) = search_index.files(by_subject(triples), publication(stored(triples)))
    assert path == "search.json"
    return {f"{entry[0]}/{entry[1]}": entry for entry in json.loads(content)["found"]}


@pytest.fixture
def found(entries: dict[str, list[Any]]) -> Callable[[str], dict[str, list[str]]]:
    """The names by which a page is found, by its path."""
    return lambda path: entries[path][2]


def test_each_question_has_its_answer_stored(written: dict[str, bytes]) -> None:
    for name, question in questions(packaged()).items():
        if question.folder == "views":
            assert f"answers/{name}.json" not in written
            continue
        with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        answer = json.loads(written[f"answers/{name}.json"])
        assert answer["head"]["vars"] == head
        bindings = answer["results"]["bindings"]
        assert len(bindings) == len(rows), name
        for binding, row in zip(bindings, rows, strict=True):
            for variable, cell in zip(head, row, strict=True):
                if "{" not in cell:  # where a sentence is quoted, the expected answer names it
                    assert binding.get(variable, {}).get("value", "") == cell, (name, variable)


def test_a_question_that_takes_a_language_has_its_answer_in_dutch_too(written: dict[str, bytes]) -> None:
    answer = json.loads(written["answers/twin-cities.nl.json"])["results"]["bindings"]
    assert answer[0]["country"] == {"type": "literal", "value": "Frankrijk", "xml:lang": "nl"}
    assert "answers/partnerships-per-decade.nl.json" not in written
    assert '"answer":"answers/twin-cities.nl.json"' in written["query.nl.html"].decode()
    assert '"answer":"answers/twin-cities.json"' in written["query.html"].decode()


def known(page: bytes) -> dict[str, Any]:
    """What a page knows of the questions."""
    found = re.search(r'<script type="application/json" id="known">(.+?)</script>', page.decode())
    assert found is not None
    of: dict[str, Any] = json.loads(found[1])
    return of


@pytest.mark.parametrize(
    ("file", "labels", "language", "city"),
    [
        ("query.html", ["The city", "The language of the names"], ["English", "Dutch"], "Liège"),
        ("query.nl.html", ["De stad", "De taal van de namen"], ["Engels", "Nederlands"], "Luik"),
        ("embed.nl.html", ["De stad", "De taal van de namen"], ["Engels", "Nederlands"], "Luik"),
    ],
)
def test_a_parameter_is_chosen_by_the_labels_of_what_the_graph_holds(
    file: str, labels: list[str], language: list[str], city: str, written: dict[str, bytes]
) -> None:
    of = known(written[file])
    fields = of["questions"]["partners-of-a-city"]["parameters"]
    assert [field["label"] for field in fields] == labels
    cities, languages = (of["choices"][field["choices"]] for field in fields)
    assert ["city:liege", city] in cities
    assert len(cities) == 15
    assert [label for _tag, label in languages] == language
    (resource,) = of["questions"]["which-sentence-says-so"]["parameters"]
    assert "choices" not in resource
    assert resource["value"] == "partnership:ghent-melle"
    year, least, _language = of["questions"]["twinnings-of-an-age"]["parameters"]
    assert ["1971", "1971"] in of["choices"][year["choices"]]
    assert (least["kind"], "choices" in least) == ("integer", False)


def test_a_column_has_a_title_in_words(written: dict[str, bytes]) -> None:
    for file, titles in (("query.html", ["City", "Country", "Since"]), ("query.nl.html", ["Stad", "Land", "Sinds"])):
        columns = known(written[file])["questions"]["twin-cities"]["columns"]
        assert list(columns.items()) == list(zip(("city", "country", "since"), titles, strict=True))
    question = questions(packaged())["twin-cities"]
    assert str(column_titles.title("runnerUp_firstRound", question)) == "Runner up first round"
    table = questions(packaged())["partnerships"]
    assert column_titles.title("start", table).localized("nl") == "Beginjaar"


def test_every_column_of_a_question_has_a_title_of_its_own(written: dict[str, bytes]) -> None:
    for name, question in known(written["query.nl.html"])["questions"].items():
        of = questions(packaged())[name]
        unknown = [column for column in question["columns"] if len(column_titles.title(column, of)) < len(("en", "nl"))]
        assert unknown == [], name


def test_the_editor_completes_prefixes_terms_and_resources(written: dict[str, bytes]) -> None:
    completions = json.loads(written["completions.json"])
    assert completions["prefixes"]["city"] == f"{BASE}id/city/"
    terms = {name: rest for name, *rest in completions["terms"]}
    assert terms["gp:startYear"][:2] == ["start year", "beginjaar"]
    assert "dcterms:source" in terms
    assert ["city:ghent", "Ghent", "Gent"] in completions["resources"]
    assert completions["places"]["city:kanazawa"][:2] == pytest.approx([36.6, 136.6], abs=0.1)
    assert {"en", "ja", "nl"} <= set(completions["languages"])


def test_the_service_worker_keeps_what_the_page_needs(written: dict[str, bytes]) -> None:
    first, rest = written["offline.js"].decode().split("\n", 1)
    kept = json.loads(first.removeprefix("const FILES = ").removesuffix(";"))
    assert rest == "// offline.js\n"
    assert {*written} - {"offline.js"} | {"assets/query.js", "ghent-partnerships.nt", "search.json"} <= set(kept)


def test_a_parameter_cannot_be_taken_for_what_an_address_says_itself() -> None:
    names = {parameter.name for question in questions(packaged()).values() for parameter in question.parameters}
    assert names.isdisjoint({"example", "query", "question", "title", "view"})


def test_a_page_is_found_by_all_its_names(found: Callable[[str], dict[str, list[str]]]) -> None:
    names = found("city/gdansk")
    assert "Danzig" in names["de"]
    assert "Gdańsk" in names["pl"]
    assert "金沢市" in found("city/kanazawa")["ja"]
    assert found("ontology/startYear")["nl"] == ["beginjaar"]
    assert found("query/twin-cities")["en"][0].endswith("?")
    with pytest.raises(KeyError):
        found("fragment/b3")


def test_a_partnership_is_found_by_year_country_kind_and_outcome(entries: dict[str, list[Any]]) -> None:
    paths = list(entries)
    (facts,) = entries["partnership/ghent-kanazawa"][3:]
    assert facts[0] == "1971"
    assert {paths[number] for number in facts[1:]} == {
        "city/ghent",
        "city/kanazawa",
        "concept/maintained",
        "concept/twinning",
        "country/belgium",
        "country/japan",
    }
    (facts,) = entries["city/kanazawa"][3:]
    assert [paths[number] for number in facts] == ["country/japan"]
