"""Ghent beside Wikidata as its twinnings were in 2016, by what is known of them; nothing here was fetched from there.

The pairs, the items and the places are those of the snapshots that ``source:wikidata-links-2016`` and the other sources
of the places hold; the qualifiers and the references are made up, to try what is made of them.
"""

import shutil
from collections.abc import Iterator, Mapping

import pytest
from wikibaseintegrator.entities import ItemEntity

import quick_statements
import wikidata_like as like
from copied import ROOT
from ghent_partnerships.project.location import at, packaged
from ghent_partnerships.project.project import Project
from ghent_partnerships.publishing.directory import replace_file
from ghent_partnerships.remote import http
from ghent_partnerships.remote.http import Access
from ghent_partnerships.remote.wikidata import refresh
from ghent_partnerships.wikidata import terms
from ghent_partnerships.wikidata.check import check_items
from ghent_partnerships.wikidata.compare import Comparison, compared
from ghent_partnerships.wikidata.contribute import offer, quickstatements
from ghent_partnerships.wikidata.declined import Declined
from ghent_partnerships.wikidata.snapshot import Snapshot, read_snapshot
from ghent_partnerships.wikidata.ties import graph_of
from stores import PASSWORD, USER, Oxigraph, Store, Virtuoso, running
from wikidata_like import Item, Twin

GHENT, MELLE, WESTREM, BRASOV, ALBANY = "Q1296", "Q6954", "Q2538413", "Q82174", "Q24861"
KANAZAWA, WIESBADEN, TALLINN = "Q191130", "Q1721", "Q1770"
TWINNED = ["Q41262", MELLE, KANAZAWA, TALLINN, "Q234281", "Q647417", WIESBADEN, "Q1792"]  # here as well, but Gdańsk
READ = (("https://example.org/read", "2016-05-04"),)
STARTS = {KANAZAWA: "1971-01-01", WIESBADEN: "1970-01-01", "Q41262": "1985-01-01"}


def items() -> dict[str, Item]:
    found = like.of_project(packaged())
    found |= {BRASOV: Item(BRASOV, {"en": "Brașov"}), ALBANY: Item(ALBANY, {"en": "Albany"})}
    found = like.with_twins(found, {number: [_twin(number, GHENT)] for number in [*TWINNED, BRASOV, ALBANY]})
    twins = {GHENT: [_twin(number, number) for number in [*TWINNED, BRASOV]], WESTREM: [Twin(MELLE)]}
    return like.with_twins(found, {**twins, MELLE: [Twin(GHENT), Twin(WESTREM)]})


def _twin(city: str, value: str) -> Twin:
    return Twin(value, STARTS.get(city, ""), references=READ if city in STARTS else ())


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Store]]:
    folder = tmp_path_factory.mktemp("stores")
    with running(Oxigraph(folder / "oxigraph")) as oxigraph, running(Virtuoso(folder / "virtuoso")) as virtuoso:
        started = {"oxigraph": oxigraph, "virtuoso": virtuoso}
        for store in started.values():
            load(store, items())
        yield started


def load(store: Store, found: Mapping[str, Item]) -> None:
    """Put a graph in the place of the one that a store holds of this name."""
    access = Access(store.graphs, USER, PASSWORD) if store.authenticated else None
    url = f"{store.graphs}?graph=http://www.wikidata.org/" if store.authenticated else f"{store.graphs}?default"
    data, headers = like.n_triples(found.values()), {"Content-Type": "application/n-triples"}
    http.request("PUT", url, body=data, headers=headers, access=access)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The graph alone, in a folder of its own."""
    folder = tmp_path_factory.mktemp("ghent")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return at(folder)


@pytest.fixture(scope="module")
def snapshots(project: Project, stores: Mapping[str, Store]) -> dict[str, bytes]:
    """What a refresh writes, by the store that it asks."""
    written = {}
    for name, store in stores.items():
        refresh(project, graph_of(project), replace_file, store.query)
        written[name] = project.snapshot_file.read_bytes()
    return written


@pytest.fixture(scope="module")
def snapshot(project: Project, snapshots: dict[str, bytes]) -> Snapshot:
    project.snapshot_file.write_bytes(snapshots["oxigraph"])
    return read_snapshot(project)


@pytest.fixture(scope="module")
def comparison(project: Project, snapshot: Snapshot) -> Comparison:
    return compared(graph_of(project), snapshot, Declined())


def test_two_stores_give_the_same_snapshot(snapshots: dict[str, bytes], stores: Mapping[str, Store]) -> None:
    texts = {name: text.replace(stores[name].query.encode(), b"") for name, text in snapshots.items()}
    assert texts["oxigraph"] == texts["virtuoso"]
    assert len(texts["oxigraph"]) < 40_000


def test_what_was_there_in_2016_and_is_not_here_and_the_other_way_round(comparison: Comparison) -> None:
    states = {
        state: [" – ".join(label.localized("en") for label in pair.labels) for pair in comparison.of(state)]
        for state in ("both", "here", "there")
    }
    assert states == {
        "both": [
            "Ghent – Gdańsk",
            "Ghent – Kanazawa",
            "Ghent – Melle",
            "Ghent – Mohammedia",
            "Ghent – Nottingham",
            "Ghent – Saint-Raphaël",
            "Ghent – Tallinn",
            "Ghent – Wiesbaden",
            "Melle – Sint-Denijs-Westrem",
        ],
        "here": ["Ghent – Burgas", "Ghent – Liège", "Ghent – Taizhou", "Ghent – Weihai"],
        "there": ["Ghent – Albany", "Ghent – Brașov"],
    }
    kinds = {pair.labels[1].localized("en"): [each.kind for each in pair.differences] for pair in comparison.pairs}
    assert kinds["Kanazawa"] == []
    assert kinds["Wiesbaden"] == ["start-differs", "start-differs"]
    assert kinds["Albany"] == ["one-sided", "reference-missing"]
    assert kinds["Taizhou"] == ["no-item"]
    assert kinds["Brașov"] == ["reference-missing", "reference-missing"]


def test_nothing_that_is_inferred_or_a_candidate_is_offered(comparison: Comparison) -> None:
    commands = offer(comparison, Declined(), {}).commands
    starts = {command.value: dict(command.qualifiers).get("P580") for command in commands if command.subject == GHENT}
    assert starts == {
        "Q6509": None,  # Burgas, Liège, Weihai and Gdańsk: the sentence has the year of the agreement
        "Q3992": None,
        "Q373023": None,
        "Q1792": None,
        MELLE: "+1977-00-00T00:00:00Z/9",
        TALLINN: "+1982-00-00T00:00:00Z/9",
        "Q234281": "+1958-00-00T00:00:00Z/9",
        "Q647417": "+1982-00-00T00:00:00Z/9",
    }
    pairs = {(command.subject, command.value) for command in commands}
    assert {(value, subject) for subject, value in pairs} == pairs, "on both sides"
    assert {"Q58273", "Q57931", ALBANY, BRASOV}.isdisjoint(number for pair in pairs for number in pair)
    assert WESTREM not in {number for pair in pairs for number in pair}, "its kind is inferred"


def test_the_two_cities_with_other_years_there_are_left_to_people(comparison: Comparison) -> None:
    assert WIESBADEN not in {command.value for command in offer(comparison, Declined(), {}).commands}


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_after_an_upload_nothing_is_offered(project: Project, stores: Mapping[str, Store], name: str) -> None:
    graph = graph_of(project)
    refresh(project, graph, replace_file, stores[name].query)
    commands = offer(compared(graph, read_snapshot(project), Declined()), Declined(), {}).commands
    (written,) = quickstatements(commands, "v1")
    assert written.count("\n") == 16
    load(stores[name], quick_statements.applied(items(), quick_statements.read_v1(written)))
    refresh(project, graph, replace_file, stores[name].query)
    assert offer(compared(graph, read_snapshot(project), Declined()), Declined(), {}).commands == ()
    load(stores[name], items())


def test_every_item_is_what_we_take_it_for(project: Project, snapshot: Snapshot) -> None:
    from ghent_partnerships.validation.documents import project_documents

    assert check_items(project, project_documents(project).graph, snapshot).findings == ()


def test_a_foreign_reader_finds_the_same_in_the_json_of_the_entities(snapshot: Snapshot) -> None:
    for item in items().values():
        entity = ItemEntity().from_json(like.entity(item))
        claims = entity.claims.get(terms.TWINNED)
        stated = {(claim.id.replace("$", "-"), claim.mainsnak.datavalue["value"]["id"]) for claim in claims}
        here = [each for each in snapshot.twinnings if each.subject == item.number]
        assert {(each.node.rpartition("/")[2], each.value) for each in here} == stated, item.number
        for claim in claims:
            times = [qualifier.datavalue["value"]["time"] for qualifier in claim.qualifiers.get(terms.START)]
            (twinning,) = (each for each in here if each.node.endswith(claim.id.replace("$", "-")))
            assert [time[1:5] for time in times] == [*twinning.starts]
            assert len(claim.references) == len(twinning.references)
        if item.number in snapshot.asked:
            assert {language: entity.labels.get(language).value for language in ("en", "nl")} == dict(
                snapshot.label(item.number)
            )
