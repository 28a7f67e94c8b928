"""The account in sentences: each from the graph, with what it rests on, and none where the graph does not say it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from ghent_partnerships.project.evidence import Evidences
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.site.lead import Lead, Sentence
from ghent_partnerships.publishing.site.story import PartnershipStart, Story
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import ID

FOLDER = Path(__file__).parents[1] / "cities" / "tuebingen"
TUEBINGEN = "https://example.org/tuebingen/id/"


def account(files: Iterable[Path], hub: str, kinds: list[str]) -> list[Sentence]:
    index = GraphIndex(triple for file in files for triple in parse.parse(file).triples)
    evidences = Evidences(index)
    starts = [start for start in Story(index, evidences).partnership_starts() if hub in start.parties]
    return Lead(index, evidences).sentences(hub, starts, kinds)


@pytest.fixture(scope="module")
def lead() -> list[Sentence]:
    kinds = [f"{ID}concept/twinning", f"{ID}concept/cooperation"]
    return account(packaged().graph_files(), f"{ID}city/ghent", kinds)


def test_the_account_of_ghent_is_what_the_source_says(lead: list[Sentence]) -> None:
    assert [str(sentence.text) for sentence in lead] == [
        "Between 1958 and 1985, Ghent began 7 partnerships by way of twinning.",
        "After 1985, it began none for 24 years, until 2009.",
        "Between 2009 and 2018, Ghent began 5 partnerships by way of cooperation on the basis of an agreement.",
        "This newer kind rests on the cooperation agreement: it is for a limited period, and specific in scope.",
        "Almost all existing partnerships are to take another course, towards European subsidy project, "
        "international network.",
        "The partnerships to be reoriented are all of Ghent's but the one with Kanazawa.",
        "The partnership of Ghent with Kanazawa will be maintained, for these reasons: highly active cooperation, "
        "several partners in both cities, strong contribution to exchanges and collaborative projects, widely "
        "supported cooperation.",
    ]
    assert lead[1].text.localized("nl") == "Na 1985 kwam er 24 jaar lang geen enkel bij, tot 2009."
    assert [sentence.inferred for sentence in lead] == [False, True, True, False, False, True, False]


def test_each_sentence_comes_with_the_sentences_that_it_rests_on(lead: list[Sentence]) -> None:
    marked = [
        [
            part.iri.removeprefix(f"{ID}fragment/")
            for passage in passages
            for run in passage.runs
            for part in run
            if part.marked
        ]
        for passages in (sentence.evidence.passages for sentence in lead)
    ]
    assert marked == [
        ["b1", "b2", "b3", "b4", "b5", "b6", "b7"],
        ["b6"],
        [],
        ["s11", "s12"],
        ["s13", "s14"],
        [],
        ["s15"],
    ]
    assert [conclusion.inference for conclusion in lead[2].evidence.conclusions] == [
        f"{ID}inference/cooperation-begins-with-its-agreement"
    ]


def test_another_city_has_the_sentences_that_its_data_allow() -> None:
    kinds = [f"{TUEBINGEN}concept/town-twinning", f"{TUEBINGEN}concept/declaration-of-intent"]
    found = account(sorted((FOLDER / "data").rglob("*.ttl")), f"{TUEBINGEN}city/tuebingen", kinds)
    assert [str(sentence.text) for sentence in found] == [
        "Between 1960 and 2014, Tübingen began 4 partnerships by way of town twinning.",
        "After 1984, it began none for 27 years, until 2011.",
        "In 2011, Tübingen began 1 partnership by way of declaration of intent.",
    ]


def test_bare_links_have_no_account() -> None:
    index = GraphIndex([])
    starts = [PartnershipStart("a", "", ("x", "y"), None, False)]
    assert Lead(index, Evidences(index)).sentences("x", starts, [""]) == []
