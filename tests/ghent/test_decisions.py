"""What the domain model decides about meaning, beyond the single facts: kinds, evidence, inferences, licences."""

import pytest
from pyoxigraph import Store

from ghent_partnerships.rdf.namespaces import ID
from loaded import HEAD, PREFIXES, load_store


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(term.value.removeprefix(ID) for term in row) for row in store.query(HEAD + query)]


def values(store: Store, subject: str, predicate: str) -> set[str]:
    return {value for (value,) in rows(store, f"SELECT ?o {{ {subject} {predicate} ?o }}")}


@pytest.mark.parametrize(
    ("kind", "instruments", "scope", "duration", "year"),
    [
        ("twinning", {"official-charter", "twinning-treaty"}, "general", "indefinite-period", "since-the-year"),
        ("cooperation", {"cooperation-agreement"}, "specific", "limited-period", "in-the-year"),
    ],
)
def test_kinds_are_told_apart(
    store: Store, kind: str, instruments: set[str], scope: str, duration: str, year: str
) -> None:
    assert values(store, f"concept:{kind}", "gp:instrument") == {f"concept/{instrument}" for instrument in instruments}
    assert values(store, f"concept:{kind}", "gp:scope") == {f"concept/{scope}"}
    assert values(store, f"concept:{kind}", "gp:duration") == {f"concept/{duration}"}
    assert values(store, f"concept:{kind}", "gp:yearMeaning") == {f"concept/{year}"}


def test_an_agreement_is_made_by_an_instrument_of_its_partnership_s_kind(store: Store) -> None:
    query = """SELECT ?a { ?p gp:agreement ?a ; gp:kind ?kind . ?a gp:instrument ?i
      FILTER NOT EXISTS { ?kind gp:instrument ?i } }"""
    assert rows(store, query) == []


def test_an_agreement_shares_its_list_item_with_its_partnership(store: Store) -> None:
    shared = """SELECT ?a { ?p gp:agreement ?a ; dcterms:source ?item . ?item dcterms:requires ?lead
      FILTER %s EXISTS { ?a dcterms:source ?item } }"""
    assert rows(store, shared % "NOT") == []
    assert len(rows(store, shared % "")) >= 12


def test_a_cooperation_begins_in_the_year_of_its_agreement(store: Store) -> None:
    query = """SELECT ?p { ?p gp:startYear ?began ; gp:agreement/gp:concludedYear ?concluded
      FILTER (?began != ?concluded) }"""
    assert rows(store, query) == []


def test_what_the_source_leaves_out_is_said_to_be_left_out(store: Store) -> None:
    def leaving_out(term: str) -> set[str]:
        return {subject for (subject,) in rows(store, f"SELECT ?s {{ ?s gp:notStated {term} }}")}

    partnerships = {subject for (subject,) in rows(store, "SELECT ?s { ?s a gp:Partnership }")}
    agreements = {subject for (subject,) in rows(store, "SELECT ?s { ?s a gp:Agreement }")}
    cooperations = {
        agreement
        for (agreement,) in rows(store, "SELECT ?a { ?a gp:instrument concept:cooperation-agreement ; a gp:Agreement }")
    }
    assert leaving_out("gp:endYear") >= partnerships | agreements
    assert leaving_out("gp:aim") == cooperations
    assert leaving_out("gp:concludedYear") == agreements - cooperations
    assert leaving_out("gp:agreement") == {"partnership/sint-denijs-westrem-melle"}
    assert leaving_out("owl:sameAs") == {"city/taizhou"}
    assert "source/history-of-bilateral-partnerships" in leaving_out("dcterms:license")


def test_list_items_are_read_with_the_sentence_above_their_list(store: Store) -> None:
    found = dict(rows(store, "SELECT ?item ?lead { ?item dcterms:requires ?lead }"))
    twins = {f"fragment/b{number}": "fragment/s9" for number in range(1, 8)}
    assert found == {**twins, **{f"fragment/b{number}": "fragment/s12" for number in range(8, 13)}}


def test_a_city_s_partnership_and_country_rest_on_the_item_that_names_it(store: Store) -> None:
    query = """SELECT ?p { ?p gp:party ?city . ?city gp:nameAsStated ?name
      FILTER NOT EXISTS { ?p dcterms:source/oa:exact ?words FILTER CONTAINS(STR(?words), ?name) }
      FILTER (?city != city:ghent) }"""
    assert rows(store, query) == []


@pytest.mark.parametrize(
    ("inference", "concerned"),
    [
        ("conciliation-is-reconciliation", {"concept/conciliation", "concept/reconciliation"}),
        ("lasting-peace-is-sustainable-peace", {"concept/lasting-peace", "concept/sustainable-peace"}),
        ("melle-succession", {"partnership/ghent-melle", "partnership/sint-denijs-westrem-melle"}),
        ("mohammedia-in-morocco", {"city/mohammedia", "country/morocco"}),
        ("taizhou-candidates", {"candidate/taizhou-jiangsu", "candidate/taizhou-zhejiang", "city/taizhou"}),
        ("twinning-is-indefinite", {"concept/indefinite-period", "concept/twinning"}),
        ("earlier-melle-partnership-is-a-twinning", {"concept/twinning", "partnership/sint-denijs-westrem-melle"}),
        (
            "cooperation-begins-with-its-agreement",
            {f"partnership/ghent-{city}" for city in ("burgas", "gdansk", "liege", "weihai", "taizhou")},
        ),
    ],
)
def test_an_inference_concerns_what_it_concludes_about(store: Store, inference: str, concerned: set[str]) -> None:
    assert values(store, f"inference:{inference}", "gp:concerns") == concerned


def test_an_inferred_statement_cites_its_inference(store: Store) -> None:
    query = """SELECT ?s ?p { ?i a gp:Inference ; gp:supplies ?p ; gp:concerns ?s . ?s ?p ?o
      FILTER NOT EXISTS { ?s dcterms:source ?i } }"""
    assert rows(store, query) == []
    cited = {
        inference for (inference,) in rows(store, "SELECT DISTINCT ?i { ?s dcterms:source ?i . ?i a gp:Inference }")
    }
    supplying = {inference for (inference,) in rows(store, "SELECT DISTINCT ?i { ?i a gp:Inference ; gp:supplies ?p }")}
    assert cited == supplying
    assert len(supplying) == 6


@pytest.mark.parametrize(
    ("subject", "predicate", "expected"),
    [
        ("group:partners-in-ghent", "dcterms:spatial", {"city/ghent"}),
        ("group:partners-in-kanazawa", "dcterms:spatial", {"city/kanazawa"}),
        ("period:1950s", "gp:startYear|gp:endYear", {"1950", "1959"}),
        ("activity:reorientation", "dcterms:temporal", set()),
        ("activity:joining-the-twinning-movement", "dcterms:temporal", {"period/1950s"}),
        ("activity:establishing-twinnings", "gp:means", {"concept/official-charter"}),
        ("activity:bilateral-contacts", "gp:means", {"concept/bilateral-contact"}),
        ("city:nottingham", "gp:country", {"country/united-kingdom"}),
        ("country:england", "schema:containedInPlace", {"country/united-kingdom"}),
        ("dataset:ghent-partnerships", "foaf:primaryTopic", {"city/ghent"}),
        ("dataset:ghent-partnerships", "void:uriSpace", {"https://w3id.org/ghent-partnerships/"}),
        ("dataset:ghent-partnerships", "dcterms:license", {"https://creativecommons.org/licenses/by/4.0/"}),
        ("source:history-of-bilateral-partnerships", "dcterms:publisher", {"city/ghent"}),
        (
            "source:history-of-bilateral-partnerships",
            "schema:url",
            {
                "https://stad.gent/en/city-governance-organisation/city-policy/ghent-international/"
                "working-together-international-level/history-ghents-bilateral-partnerships"
            },
        ),
        ("gp:Partnership", "rdfs:seeAlso", {f"{PREFIXES['org']}OrganizationalCollaboration", f"{PREFIXES['wd']}P190"}),
        ("gp:startYear", "rdfs:seeAlso", {f"{PREFIXES['schema']}startDate", f"{PREFIXES['wd']}P580"}),
        ("gp:endYear", "rdfs:seeAlso", {f"{PREFIXES['schema']}endDate", f"{PREFIXES['wd']}P582"}),
        ("gp:country", "rdfs:seeAlso", {f"{PREFIXES['schema']}containedInPlace", f"{PREFIXES['wd']}P17"}),
    ],
)
def test_values_that_carry_a_decision(store: Store, subject: str, predicate: str, expected: set[str]) -> None:
    assert values(store, subject, predicate) == expected


def test_twinning_cites_every_twin_and_cooperation_every_partner(store: Store) -> None:
    for kind, numbers in (("twinning", range(1, 8)), ("cooperation", range(8, 13))):
        items = {item for item in values(store, f"concept:{kind}", "dcterms:source") if item.startswith("fragment/b")}
        assert items == {f"fragment/b{number}" for number in numbers}
