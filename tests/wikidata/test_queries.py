"""The questions that ask Wikidata too: read always, asked here of a store that holds a snapshot."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize
from rdflib.plugins.sparql import prepareQuery

import wikidata_like as like
from ghent_partnerships.cli.main import main
from ghent_partnerships.project.location import at, packaged
from ghent_partnerships.project.project import Project
from ghent_partnerships.remote import http
from ghent_partnerships.sparql.library import federated, questions, with_items
from ghent_partnerships.wikidata import terms
from second_city import FOLDER, second_city
from stores import Oxigraph, Store, running
from wikidata_like import Item, Twin

HOME, AIX, ANN_ARBOR, PERUGIA = "Q3806", "Q47465", "Q485172", "Q3437"
SERVICE = "https://query.wikidata.org/sparql"
ANSWERS = {
    "populations": "city,population,on\nTübingen,91877,2021-12-31T00:00:00Z\nPerugia,162000,\n",
    "mayors": "city,mayor,person\nTübingen,A Mayor,http://www.wikidata.org/entity/Q999010\n",
    "partners-of-each-other": "city,partner\nAix-en-Provence,Perugia\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    over = [Twin(AIX, end="2000"), Twin(PERUGIA, rank="Deprecated"), Twin(HOME), Twin("Q999")]
    twins = {AIX: [Twin(HOME), Twin(PERUGIA)], PERUGIA: [Twin(AIX)], ANN_ARBOR: over}
    items = like.with_twins(like.of_project(second_city()), twins)
    items[HOME] = replace(items[HOME], population=(91_877, "2021-12-31"), mayor="Q999010")
    items[PERUGIA] = replace(items[PERUGIA], population=(162_000, ""))
    items["Q999"] = Item("Q999", {"en": "Elsewhere"}, population=(1, ""), mayor="Q999010")
    items["Q999010"] = Item("Q999010", {"en": "A Mayor", "fr": "Une maire"}, types=["Q5"])
    with running(Oxigraph(tmp_path_factory.mktemp("store"))) as started:
        headers = {"Content-Type": "application/n-triples"}
        snapshot = serialize(like.snapshot(items, items), format=RdfFormat.N_TRIPLES)
        http.request("PUT", f"{started.graphs}?default", body=snapshot, headers=headers)
        yield started


@pytest.fixture
def project(tmp_path: Path, store: Store) -> Project:
    """The second city, with the questions in its own folder, where they ask the store."""
    shutil.copytree(FOLDER, tmp_path / "city")
    folder = tmp_path / "city" / "queries" / "wikidata"
    folder.mkdir(parents=True)
    for name, question in federated(second_city()).items():
        summary = re.sub("summary-nl", "summary-de", question.text).replace(SERVICE, store.query)
        (folder / f"here-{name}.rq").write_text(summary, "utf-8")
    return at(tmp_path / "city")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_is_asked_of_both_graphs(project: Project, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--project", str(project.root), "query", f"here-{name}", "--format", "csv"]
    assert main([*given, "--allow-network"]) == 0
    assert sorted(capsys.readouterr().out.replace("\r\n", "\n").splitlines()) == sorted(ANSWERS[name].splitlines())
    assert main(given) == 2
    assert "allow it with --allow-network" in capsys.readouterr().err


@pytest.mark.parametrize("name", ANSWERS)
def test_as_a_file_it_is_a_question_of_any_city(
    project: Project, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No item stands in it: the items are those of the graph that it is asked of."""
    file = project.root / "queries" / "wikidata" / f"here-{name}.rq"
    given = ["--project", str(project.root), "query", str(file), "--format", "csv", "--allow-network"]
    assert main(given) == 0
    assert sorted(capsys.readouterr().out.replace("\r\n", "\n").splitlines()) == sorted(ANSWERS[name].splitlines())


def test_only_the_items_of_the_graph_are_asked_about(project: Project) -> None:
    for question in federated(project).values():
        text = with_items(question.text, [HOME, AIX])
        assert f"VALUES ?item {{ <{terms.iri('wd:' + HOME)}> <{terms.iri('wd:' + AIX)}> }}" in text
        assert "wd:Q" not in question.text
        assert with_items(question.text, []) == question.text


def test_each_is_read_and_is_no_question_of_the_graph_alone(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = federated(packaged())
    assert sorted(asked) == sorted(ANSWERS)
    for question in asked.values():
        assert question.text.count(f"SERVICE <{SERVICE}>") == 1
        assert {parameter.name for parameter in question.parameters} == {"lang"}
        assert len(question.text.splitlines()) <= 30
        prepareQuery(question.text)
    assert not asked.keys() & questions(packaged()).keys()
    main(["--project", str(project.root), "validate"])
    assert "GP003" not in capsys.readouterr().out


def test_a_mistake_in_one_is_found_and_a_service_elsewhere_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project.root / "queries" / "wikidata"
    text = (folder / "here-mayors.rq").read_text("utf-8")
    (folder / "here-mayors.rq").write_text(text.replace("?item wdt:P6 ?person", "?item wdt:P6"), "utf-8")
    (folder.parent / "mine.rq").write_text(text, "utf-8")
    assert main(["--project", str(project.root), "validate"]) == 1
    shown = capsys.readouterr().out
    assert "here-mayors.rq:15:18: violation GP003: This is not SPARQL: . does not fit here." in shown
    assert "mine.rq:1:1: violation GP003: The query has a SERVICE clause, which asks another endpoint." in shown


def test_a_query_sees_the_snapshot_where_it_asks_for_its_graph_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FOLDER, tmp_path / "city")
    like.write_snapshot(at(tmp_path / "city"), like.of_project(second_city()))
    place = "?item <http://www.wikidata.org/prop/direct/P31> ?type"
    rows = {}
    for name, pattern in (
        ("default", place),
        ("any", f"GRAPH ?graph {{ {place} }}"),
        ("named", f"GRAPH <https://example.org/tuebingen/id/dataset/wikidata> {{ {place} }}"),
        ("another", f"GRAPH <https://example.org/tuebingen/id/dataset/data> {{ {place} }}"),
    ):
        (tmp_path / "mine.rq").write_text(f"SELECT ?item {{ {pattern} }} ORDER BY ?item", "utf-8")
        given = ["--project", str(tmp_path / "city"), "query", str(tmp_path / "mine.rq"), "--format", "csv"]
        assert main(given) == 0
        rows[name] = len(capsys.readouterr().out.splitlines()) - 1
    assert rows == {"default": 0, "any": 4, "named": 4, "another": 0}


@pytest.mark.network
@pytest.mark.parametrize("name", ANSWERS)
def test_wikidata_itself_answers(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(FOLDER), "query", name, "--format", "csv", "--allow-network"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 1
