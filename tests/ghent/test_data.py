"""The data: sourced, complete in both languages, no more precise than the source, with no link to nothing."""

import csv
import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from ghent_partnerships.project.location import packaged
from ghent_partnerships.project.settings import Settings
from ghent_partnerships.rdf.namespaces import BASE, ID, ONTOLOGY
from loaded import HEAD, PREFIXES, load_store
from needs import shared

OURS = "source:history-of-bilateral-partnerships"
SHA256 = "0261c962494ef2b92a3029aeed716d650ddffaa30157a2a9e5528c3842c5735a"
ISSUED = NamedNode(PREFIXES["dcterms"] + "issued")  # when the data set was, which its source does not say
APPEARED = NamedNode(PREFIXES["dcterms"] + "available")  # the day of the first release, as that of each
VERSIONS = {NamedNode(PREFIXES["owl"] + name) for name in ("priorVersion", "versionIRI")}
NAMED = ("label", "prefLabel", "definition", "altLabel", "note", "scopeNote", "reasoning", "title", "description")


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


def column(store: Store, query: str) -> list[str]:
    return [row[0].value for row in store.query(HEAD + query)]


def bare(text: str) -> str:
    """The text without white space and bullet marks."""
    return re.sub(r"[\s•]+", "", text)


def test_the_fragments_in_order_are_the_source(store: Store) -> None:
    joined = "".join(
        column(
            store,
            "SELECT ?exact { ?f dcterms:isPartOf " + OURS + " ; oa:exact ?exact ; schema:position ?n } ORDER BY ?n",
        )
    )
    (checksum,) = column(store, "SELECT ?sum { source:history-of-bilateral-partnerships schema:sha256 ?sum }")
    assert hashlib.sha256(bare(joined).encode()).hexdigest() == checksum == SHA256


def test_the_fragments_are_the_seed(store: Store) -> None:
    quoted = column(
        store, f"SELECT ?exact {{ ?f dcterms:isPartOf {OURS} ; oa:exact ?exact ; schema:position ?n }} ORDER BY ?n"
    )
    assert bare("".join(quoted)) == bare(shared("seed.txt").read_text(encoding="utf-8"))


def test_places_are_those_that_were_verified(store: Store) -> None:
    """Pinned here, so that a wrong Melle is noticed wherever the tests run: names mislead, numbers do not."""
    with (Path(__file__).parent / "places.csv").open(encoding="utf-8", newline="") as file:
        pinned = {
            (row["place"], row["wikidata"], row["geonames"], row["lat"], row["long"]) for row in csv.DictReader(file)
        }
    rows = store.query(
        f"""{HEAD}SELECT ?place ?item ?feature ?lat ?long {{ ?place owl:sameAs ?item ; schema:sameAs ?feature
        FILTER (?feature != ?item) OPTIONAL {{ ?place geo:lat ?lat ; geo:long ?long }} }}"""
    )
    found = {
        (
            row["place"].value.removeprefix(ID),
            row["item"].value.rpartition("/")[2],
            row["feature"].value.split("/")[3],
            row["lat"].value if row["lat"] else "",
            row["long"].value if row["long"] else "",
        )
        for row in rows
    }
    assert pinned - found == set() != pinned


def test_places_are_those_of_the_verified_table(store: Store) -> None:
    with shared("places.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert table
    for row in table:
        place = f"?place owl:sameAs wd:{row['qid']} ; schema:sameAs <https://sws.geonames.org/{row['geonames']}/>"
        if row["lat"] and row["role"] != "country":  # the points of countries are coarse and not copied
            place += f" ; geo:lat {float(row['lat'])} ; geo:long {float(row['lon'])}"
        names = {(row[f"label_{language}"], language) for language in ("en", "nl", "fr", "de")}
        names |= {(row["label_native"], row["native_lang"])}
        labels = {
            (solution["label"].value, solution["label"].language)
            for solution in store.query(f"{HEAD}SELECT ?label {{ {place} ; rdfs:label ?label }}")
        }
        if "CANDIDATE" in row["role"]:
            names = {(row["label_native"], "zh"), (row["name"], "en"), (row["name"], "nl")}
        assert labels == names, row["name"]


def test_the_fragments_are_counted_without_a_gap(store: Store) -> None:
    rows = column(store, f"SELECT ?n {{ ?f dcterms:isPartOf {OURS} ; schema:position ?n }} ORDER BY ?n")
    assert rows == [str(number) for number in range(1, 32)]
    slugs = column(store, f"SELECT ?f {{ ?f dcterms:isPartOf {OURS} }}")
    expected = {
        "t",
        *(f"h{n}" for n in range(1, 4)),
        *(f"s{n}" for n in range(1, 16)),
        *(f"b{n}" for n in range(1, 13)),
    }
    assert {slug.rpartition("/")[2] for slug in slugs} == expected


@pytest.mark.slow
def test_every_subject_leads_to_a_sentence_or_another_named_source(store: Store) -> None:
    path = "(dcterms:source|rdfs:isDefinedBy)*/(dcterms:source|dcterms:isPartOf)?"
    types = "oa:TextQuoteSelector schema:CreativeWork"
    sourced = column(store, f"SELECT DISTINCT ?s {{ VALUES ?type {{ {types} }} ?e a ?type . ?s {path} ?e }}")
    unsourced = set(column(store, "SELECT DISTINCT ?s { ?s ?p ?o }")) - set(sourced)
    # Reused terms are described to say why we use them; their source is the vocabulary that defines them.
    elsewhere = {term for term in unsourced if not term.startswith(BASE)}
    assert [term for term in unsourced if term.startswith(BASE)] == []
    defined = set(column(store, "SELECT ?s { ?s rdfs:isDefinedBy ?vocabulary }"))
    assert elsewhere <= defined


def test_no_partnership_or_agreement_has_an_end_and_nothing_has_a_date(store: Store) -> None:
    assert column(store, "SELECT ?s { ?s gp:endYear ?y ; a ?c FILTER (?c IN (gp:Partnership, gp:Agreement)) }") == []
    literals = [quad for quad in store if isinstance(quad.object, Literal) and quad.predicate not in (ISSUED, APPEARED)]
    kinds = {quad.object.datatype.value for quad in literals}
    assert kinds & {PREFIXES["xsd"] + name for name in ("date", "dateTime", "gYearMonth")} == set()
    assert PREFIXES["xsd"] + "gYear" in kinds


def test_no_iri_of_ours_leads_nowhere(store: Store) -> None:
    """But those of versions: a release is a tag, and what it said stands there."""
    described = {quad.subject for quad in store} | {NamedNode(ONTOLOGY)}
    assert (
        sorted(
            {
                str(term)
                for quad in store
                if quad.predicate not in VERSIONS
                for term in (quad.predicate, quad.object)
                if isinstance(term, NamedNode) and term.value.startswith(BASE) and term not in described
                if term.value != BASE  # the site
            }
        )
        == []
    )


def test_no_text_is_in_one_language_only(store: Store) -> None:
    texts: dict[tuple[object, str], set[str | None]] = {}
    for quad in store:
        name = re.split(r"[/#]", quad.predicate.value)[-1]
        if name in NAMED and isinstance(quad.object, Literal):
            texts.setdefault((quad.subject, name), set()).add(quad.object.language)
    lone = [key for key, languages in texts.items() if not {"en", "nl"} <= languages]
    # A document has its title in its own language; its label has both.
    assert {name for _document, name in lone} == {"title"}
    assert len(texts) > 400


def test_every_name_as_stated_is_in_a_cited_fragment(store: Store) -> None:
    query = """SELECT ?name { ?city gp:nameAsStated ?name ; a gp:City
      FILTER NOT EXISTS { ?city dcterms:source/oa:exact ?words FILTER CONTAINS(STR(?words), STR(?name)) } }"""
    assert column(store, query) == []
    assert "Sint-Denijs- Westrem" in column(store, "SELECT ?name { ?city gp:nameAsStated ?name }")


def test_every_year_is_in_a_cited_fragment(store: Store) -> None:
    rows = list(
        store.query(
            HEAD + "SELECT ?s ?year { ?s gp:startYear|gp:endYear|gp:concludedYear ?year FILTER (?s != period:1950s) }"
        )
    )
    assert len(rows) >= 13 + 5 + 3
    for row in rows:
        words = " ".join(column(store, f"SELECT ?words {{ {row['s']} dcterms:source/oa:exact ?words }}"))
        assert row["year"].value in words, row


def test_taizhou_is_left_open(store: Store) -> None:
    forbidden = "SELECT ?o { city:taizhou owl:sameAs|schema:sameAs|geo:lat|geo:long ?o }"
    assert column(store, forbidden) == []
    candidates = column(store, "SELECT ?item { city:taizhou gp:possibleMatch/owl:sameAs ?item } ORDER BY ?item")
    assert candidates == [PREFIXES["wd"] + "Q57931", PREFIXES["wd"] + "Q58273"]


def test_what_is_inferred_is_marked(store: Store) -> None:
    inferred = column(store, "SELECT ?i { ?i a gp:Inference } ORDER BY ?i")
    assert {iri.removeprefix(ID + "inference/") for iri in inferred} >= {
        "conciliation-is-reconciliation",
        "lasting-peace-is-sustainable-peace",
        "cooperation-begins-with-its-agreement",
        "earlier-melle-partnership-is-a-twinning",
        "melle-succession",
        "reoriented-partnerships",
        "taizhou-candidates",
        "twinning-is-indefinite",
    }
    reoriented = column(
        store,
        "SELECT ?p { inference:reoriented-partnerships gp:concerns ?p . ?p a gp:Partnership ; gp:party city:ghent }",
    )
    of_the_source = column(
        store,
        f"SELECT DISTINCT ?p {{ ?p a gp:Partnership ; gp:party city:ghent ; dcterms:source/dcterms:isPartOf {OURS} }}",
    )
    assert set(reoriented) == set(of_the_source) - {ID + "partnership/ghent-kanazawa"} != set()


def test_links_are_those_of_the_table_of_places(store: Store) -> None:
    """Each place is one Wikidata item and its GeoNames feature; no two places share one."""
    items = column(store, "SELECT ?item { ?place owl:sameAs ?item }")
    assert len(items) == len(set(items)) >= 14 + 2 + 10 + 1  # cities but Taizhou, candidates, countries, England
    rows = store.query(HEAD + "SELECT ?place ?item { ?place owl:sameAs ?item MINUS { ?place schema:sameAs ?item } }")
    assert list(rows) == []
    query = 'SELECT ?f { ?place schema:sameAs ?f FILTER STRSTARTS(STR(?f), "https://sws.geonames.org/") }'
    features = column(store, query)
    assert len(features) == len(set(features)) == len(items)


def test_no_triple_stands_in_two_files(store: Store) -> None:
    from ghent_partnerships.rdf import parse

    seen: dict[Quad, str] = {}
    twice = []
    for file in packaged().graph_files():
        document = parse.parse(file)
        for triple in document.triples:
            if triple in seen:
                twice.append((document.name, seen[triple], str(triple)))
            seen[triple] = document.name
    assert twice == []
    assert len(seen) == len(store)


def test_an_editor_s_lock_file_is_not_data(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ghent.ttl").write_text("", encoding="utf-8")
    (tmp_path / "data" / ".#ghent.ttl").symlink_to("somebody@somewhere:1")
    there = packaged()._replace(root=tmp_path, settings=Settings(profile="partnerships"))
    assert [file.name for file in there.data_files()] == ["concepts.ttl", "ghent.ttl"]


def test_the_shapes_of_ghent_are_no_part_of_the_graph() -> None:
    (file,) = packaged().shape_files()
    assert file.relative_to(packaged().root).as_posix() == "data/shapes.ttl"
    assert file not in packaged().graph_files()
