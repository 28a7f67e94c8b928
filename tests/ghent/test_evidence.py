"""What a page shows as evidence is what the query says, and stands in its place in the source."""

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from ghent_partnerships.project.evidence import Evidences, Passage
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import ID, PREFIXES, expand
from ghent_partnerships.rdf.turtle import TYPE
from ghent_partnerships.sparql.library import bind, question
from ghent_partnerships.sparql.views import stored
from loaded import of_kind

FRAGMENT = ID + "fragment/"


@pytest.fixture(scope="module")
def triples() -> list[parse.Triple]:
    return [triple for file in packaged().graph_files() for triple in parse.parse(file).triples]


@pytest.fixture(scope="module")
def evidences(triples: list[parse.Triple]) -> Evidences:
    return Evidences(GraphIndex(triples))


@pytest.fixture(scope="module")
def store(triples: list[parse.Triple]) -> Store:
    return stored(triples)


def asked(store: Store, iri: str) -> Iterator[tuple[str, str]]:
    results = store.query(bind(question("which-sentence-says-so", packaged()).text, {"resource": f"<{iri}>"}, {}))
    assert isinstance(results, QuerySolutions)
    for row in results:
        property_, source = row["property"], row["source"]
        assert isinstance(property_, NamedNode)
        assert isinstance(source, NamedNode)
        yield property_.value, source.value


def test_the_evidence_of_every_statement_is_what_the_query_answers(evidences: Evidences, store: Store) -> None:
    compared = 0
    for subject, about in evidences.graph_index.about.items():
        if isinstance(subject, NamedNode) and subject.value.startswith(ID) and expand("dcterms:source") in about:
            expected: dict[str, set[str]] = {}
            for property_, source in asked(store, subject.value):
                expected.setdefault(property_, set()).add(source)
            for predicate in about:
                if predicate != expand("dcterms:source"):
                    assert set(evidences.of(subject.value, predicate)) == expected[predicate], (subject, predicate)
                    compared += 1
    assert compared > 750


def shown(passage: Passage) -> list[list[str]]:
    """The fragments of a passage by name, those that are marked with a star."""
    return [[f"{part.iri.removeprefix(FRAGMENT)}{'*' if part.marked else ''}" for part in run] for run in passage.runs]


def passages(evidences: Evidences, *names: str) -> list[list[list[str]]]:
    return [shown(passage) for passage in evidences.passages(FRAGMENT + name for name in names)]


def test_an_item_stands_between_its_neighbours_below_the_sentence_that_leads_in(evidences: Evidences) -> None:
    assert passages(evidences, "b3") == [[["s9"], ["b2", "b3*", "b4"]]]
    assert passages(evidences, "b1") == [[["s9", "b1*", "b2"]]]
    assert passages(evidences, "b12") == [[["s12"], ["b11", "b12*"]]]


def test_a_sentence_stands_between_its_neighbours_and_not_beyond_its_part_of_the_text(evidences: Evidences) -> None:
    assert passages(evidences, "s14") == [[["s13", "s14*", "s15"]]]
    assert passages(evidences, "s1") == [[["s1*", "s2"]]], "the title is no sentence"
    assert passages(evidences, "h2") == [[["h2*", "s10"]]], "a heading stands above what it heads"


def test_sentences_that_are_near_each_other_are_one_run(evidences: Evidences) -> None:
    assert passages(evidences, "s11", "s12") == [[["s10", "s11*", "s12*"]]]


def test_the_whole_text_is_in_its_order(evidences: Evidences) -> None:
    whole_source = ID + "source/history-of-bilateral-partnerships"
    whole = evidences.whole(whole_source)
    assert whole is not None
    (run,) = shown(whole)
    assert run[:7] == ["t", "s1", "s2", "s3", "s4", "h1", "s5"]
    assert len(run) == len(of_kind(PREFIXES["oa"] + "TextQuoteSelector", "dcterms:isPartOf", whole_source))
    sorts = [part.sort for part in whole.runs[0]]
    assert {name[0] for name, sort in zip(run, sorts, strict=True) if sort == "item"} == {"b"}
    assert {name[0] for name, sort in zip(run, sorts, strict=True) if sort == "heading"} == {"h", "t"}
    assert {name[0] for name, sort in zip(run, sorts, strict=True) if sort == "sentence"} == {"s"}
    assert evidences.whole(ID + "source/geonames") is None


def test_an_inference_is_shown_with_the_sentences_that_it_rests_on(evidences: Evidences) -> None:
    sources = evidences.of(ID + "partnership/ghent-liege", expand("gp:startYear"))
    evidence = evidences.shown(sources)
    assert evidence.passages == ()
    assert evidence.others == ()
    (conclusion,) = evidence.conclusions
    assert conclusion.inference == ID + "inference/cooperation-begins-with-its-agreement"
    assert [shown(passage) for passage in conclusion.passages] == [[["s10", "s11*", "s12*"]]]


def test_what_no_sentence_says_has_its_other_sources(evidences: Evidences) -> None:
    evidence = evidences.shown(evidences.of(ID + "city/liege", expand("geo:lat")))
    assert evidence.others == (ID + "source/geonames",)
    assert (evidence.passages, evidence.conclusions) == ((), ())


def test_a_quotation_keeps_its_words_and_its_language(evidences: Evidences) -> None:
    quoted = evidences.quoted(FRAGMENT + "b10", marked=True)
    (value,) = evidences.graph_index.objects(FRAGMENT + "b10", "oa:exact")
    assert isinstance(value, Literal)
    assert (quoted.text, quoted.language) == ("Liège (Belgium) in 2011", "en") == (value.value, value.language)


@pytest.mark.parametrize(
    ("classes", "text", "sort"),
    [
        (["oa:TextQuoteSelector", "doco:Title"], "Who are our partners?", "heading"),
        (["oa:TextQuoteSelector", "doco:Title"], "Twin cities", "heading"),
        (["oa:TextQuoteSelector"], "Ghent has seven twin cities", "sentence"),
        (["oa:TextQuoteSelector"], "Ghent has \u201cseven twin cities.\u201d", "sentence"),
    ],
)
def test_what_is_a_heading_is_stated_and_not_guessed_from_its_last_character(
    classes: list[str], text: str, sort: str
) -> None:
    fragment = NamedNode(FRAGMENT + "example")
    statements = [Triple(fragment, NamedNode(TYPE), NamedNode(expand(name))) for name in classes]
    statements.append(Triple(fragment, NamedNode(expand("oa:exact")), Literal(text, language="en")))
    assert Evidences(GraphIndex(statements)).quoted(fragment.value).sort == sort
