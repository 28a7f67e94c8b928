"""What is told in plain words is what the graph says, and no more."""

import pytest

from ghent_partnerships import query
from ghent_partnerships.project.evidence import Evidences
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.site.story import Story
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import ID, PREFIXES
from loaded import HEAD, load_store, of_kind

GHENT = ID + "city/ghent"
HISTORY = f"{ID}source/history-of-bilateral-partnerships"


@pytest.fixture(scope="module")
def story() -> Story:
    graph_index = GraphIndex(triple for file in packaged().graph_files() for triple in parse.parse(file).triples)
    return Story(graph_index, Evidences(graph_index))


@pytest.mark.parametrize(
    ("path", "english", "dutch"),
    [
        ("partnership/ghent-kanazawa", "Twinning, since 1971", "Verzustering, sinds 1971"),
        (
            "partnership/ghent-liege",
            "Cooperation on the basis of an agreement; begun in 2011, we infer",
            "Samenwerking op basis van een akkoord; begonnen in 2011, naar wij afleiden",
        ),
        (
            "agreement/ghent-liege",
            "Cooperation agreement, concluded in 2011",
            "Samenwerkingsakkoord, gesloten in 2011",
        ),
        (
            "agreement/ghent-melle",
            "Twinning treaty; the year is not stated",
            "Verzusteringsverdrag; het jaar is niet vermeld",
        ),
        ("city/nottingham", "City in United Kingdom", "Stad in Verenigd Koninkrijk"),
        ("period/twin-cities", "Period, 1958 to 1985", "Periode, 1958 tot 1985"),
        (
            "period/cooperation-agreements",
            "Period, since 2008; no end is stated",
            "Periode, sinds 2008; er is geen einde vermeld",
        ),
        ("period/multilateral", "Period; its years are not stated", "Periode; de jaren zijn niet vermeld"),
        ("fragment/b3", "Kanazawa (Japan) since 1971", "Kanazawa (Japan) since 1971"),
        ("concept/citizens", "People who live in the cities.", "Mensen die in de steden wonen."),
        ("group/partners-in-ghent", "", ""),
    ],
)
def test_a_line_says_what_a_resource_is(story: Story, path: str, english: str, dutch: str) -> None:
    assert [story.lead(ID + path).localized(language) for language in ("en", "nl")] == [english, dutch]


def test_the_beginnings_are_in_order_of_their_years(story: Story) -> None:
    partnership_starts = story.partnership_starts()
    years = [start.year for start in partnership_starts]
    assert years == sorted(years)
    rows = load_store().query(f"{HEAD}SELECT ?p ?year {{ ?p a gp:Partnership ; gp:startYear ?year }}")
    assert {start.iri: start.year for start in partnership_starts} == {
        row["p"].value: int(row["year"].value) for row in rows
    }
    inferred = {start.iri for start in partnership_starts if start.inferred}
    assert inferred == of_kind(PREFIXES["gp"] + "Partnership", "gp:kind", f"{ID}concept/cooperation") != set()
    melle = next(start for start in partnership_starts if start.iri.endswith("sint-denijs-westrem-melle"))
    assert melle.year == 1969
    assert melle.parties == (ID + "city/melle", ID + "city/sint-denijs-westrem")


def test_the_hub_is_the_city_of_most_partnerships(story: Story) -> None:
    assert story.hub(story.partnership_starts()) == GHENT
    assert story.hub([]) is None
    counted = query("number-of-counterparts")
    of_ghent = [start.parties for start in story.partnership_starts() if GHENT in start.parties]
    others = {party for parties in of_ghent for party in parties} - {GHENT}
    assert [row["counterparts"].value for row in counted] == [str(len(others))]


def test_the_story_is_the_source_in_its_order(story: Story) -> None:
    chapters = [chapter for chapter in story.chapters() if chapter.source == HISTORY]
    assert chapters == story.chapters()[: len(chapters)]
    assert [(chapter.period.removeprefix(ID + "period/"), chapter.start, chapter.end) for chapter in chapters] == [
        ("", None, None),
        ("twin-cities", 1958, 1985),
        ("cooperation-agreements", 2008, None),
        ("multilateral", None, None),
    ]
    fragments = [[fragment.removeprefix(ID + "fragment/") for fragment in chapter.fragments] for chapter in chapters]
    assert fragments[0] == ["s1", "s2", "s3", "s4"]
    assert fragments[1][:6] == ["s5", "s6", "s7", "s8", "s9", "b1"]
    assert fragments[3] == ["s13", "s14", "s15"]
    headings = [chapter.heading.removeprefix(ID + "fragment/") for chapter in chapters]
    assert headings == ["t", "h1", "h2", "h3"]


def test_a_sentence_of_the_story_names_the_partnerships_that_rest_on_it(story: Story) -> None:
    first, twins, partners, *later = story.chapters()
    for chapters, question in (([twins], "twin-cities"), ([first, partners, *later], "partner-cities")):
        resting = [partnerships for chapter in chapters for partnerships in chapter.named.values()]
        named = {partnership for partnerships in resting for partnership in partnerships}
        assert len([name for name in named if "/partnership/ghent-" in name]) == len(list(query(question))) > 4
    assert twins.named[f"{ID}fragment/b3"] == [f"{ID}partnership/ghent-kanazawa"]
    assert partners.inferences == (f"{ID}inference/cooperation-begins-with-its-agreement",)
