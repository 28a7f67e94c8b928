"""A status is what the graph says became of a partnership, and whether we infer it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from ghent_partnerships.project.evidence import Evidences
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.site.status import Status, Statuses
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import ID

FOLDER = Path(__file__).parents[1] / "cities" / "tuebingen"
TUEBINGEN = "https://example.org/tuebingen/id/"


def indexed(files: Iterable[Path]) -> Statuses:
    index = GraphIndex(triple for file in files for triple in parse.parse(file).triples)
    return Statuses(index, Evidences(index))


@pytest.fixture(scope="module")
def statuses() -> Statuses:
    return indexed(packaged().graph_files())


def words(status: Status | None) -> tuple[str, str, bool, str]:
    assert status is not None
    by = status.by.removeprefix(ID).removeprefix(TUEBINGEN)
    return status.word.localized("en"), status.word.localized("nl"), status.inferred, by


def test_an_outcome_is_the_status_that_the_source_states(statuses: Statuses) -> None:
    found = statuses.of(f"{ID}partnership/ghent-kanazawa")
    assert words(found) == ("maintained", "behouden", False, "outcome/ghent-kanazawa")
    assert found is not None
    assert found.sources == (f"{ID}fragment/s15",)


def test_the_others_of_ghent_are_to_be_reoriented_by_inference(statuses: Statuses) -> None:
    partnerships = set(statuses.graph_index.instances("gp:Partnership"))
    others = partnerships - {f"{ID}partnership/ghent-kanazawa", f"{ID}partnership/sint-denijs-westrem-melle"}
    assert len(others) == 11
    assert {words(statuses.of(iri)) for iri in others} == {
        ("to be reoriented", "te heroriënteren", True, "inference/reoriented-partnerships")
    }


def test_a_partnership_that_another_took_the_place_of_is_superseded_by_inference(statuses: Statuses) -> None:
    found = statuses.of(f"{ID}partnership/sint-denijs-westrem-melle")
    assert words(found) == ("superseded", "opgevolgd", True, "inference/melle-succession")


def test_another_city_has_the_statuses_of_its_own_data() -> None:
    statuses = indexed(sorted((FOLDER / "data").rglob("*.ttl")))
    ended = statuses.of(f"{TUEBINGEN}partnership/tuebingen-moshi-declared")
    assert words(ended) == ("ended in 2014", "geëindigd in 2014", False, "partnership/tuebingen-moshi-declared")
    assert statuses.of(f"{TUEBINGEN}partnership/tuebingen-moshi") is None
