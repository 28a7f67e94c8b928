"""The questions, tables and views: each answered as the domain model says, on rdflib and on Oxigraph."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryTriples, RdfFormat, Store, Triple
from rdflib import Graph

import ghent_partnerships as gp
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.graph import load
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.tables import TABLES
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.format import canonical
from ghent_partnerships.rdf.namespaces import ID
from ghent_partnerships.sparql.library import Question, bind, question, questions
from ghent_partnerships.sparql.results import index
from ghent_partnerships.sparql.text import demand_reading, variables
from ghent_partnerships.sparql.views import VIEWS
from loaded import PREFIXES, load_store

ANSWERS = Path(__file__).parent / "answers"
QUERIES = questions(packaged())
QUESTIONS = {name: query for name, query in QUERIES.items() if query.folder == ""}
ROWS = [name for name, query in QUERIES.items() if query.folder != "views"]
EXACT = NamedNode(PREFIXES["oa"] + "exact")


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load()


@pytest.fixture(scope="module")
def words(store: Store) -> dict[str, str]:
    """The words of each fragment by its name: they stand in ``data/sources.ttl`` only, and an answer names it."""
    return {
        quad.subject.value.rpartition("/")[2]: quad.object.value for quad in store.quads_for_pattern(None, EXACT, None)
    }


def in_full(text: str, words: dict[str, str]) -> str:
    """The text with each fragment in braces replaced by its words."""
    return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], text)


def expected_rows(name: str, words: dict[str, str]) -> list[list[str]]:
    lines = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return [[in_full(cell, words) for cell in row] for row in csv.reader(lines)]


def expected_graph(name: str, words: dict[str, str]) -> set[Triple]:
    triples = parse.parse(ANSWERS / f"{name}.ttl").triples
    return {Triple(triple.subject, triple.predicate, object_in_full(triple.object, words)) for triple in triples}


def object_in_full(term: object, words: dict[str, str]) -> NamedNode | Literal:
    assert isinstance(term, NamedNode | Literal)
    if isinstance(term, NamedNode) or "{" not in term.value:
        return term
    value = in_full(term.value, words)
    return Literal(value, language=term.language) if term.language else Literal(value, datatype=term.datatype)


def in_oxigraph(store: Store, text: str) -> list[list[str]]:
    results = store.query(text)
    return [
        [variable.value for variable in results.variables],
        *(["" if term is None else term.value for term in solution] for solution in results),
    ]


def in_rdflib(graph: Graph, text: str) -> list[list[str]]:
    results = graph.query(text)
    return [
        [str(variable) for variable in results.vars],
        *(["" if term is None else str(term) for term in row] for row in results),
    ]


def graph_in_oxigraph(store: Store, text: str) -> set[Triple]:
    results = store.query(text)
    assert isinstance(results, QueryTriples)
    return set(results)


def graph_in_rdflib(graph: Graph, text: str) -> set[Triple]:
    constructed = graph.query(text).graph
    assert constructed is not None
    lines = constructed.serialize(format="nt")
    return {quad.triple for quad in pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES)}


def test_there_are_the_25_questions_and_the_one_for_evidence() -> None:
    assert len(QUESTIONS) == 26
    assert "which-sentence-says-so" in QUESTIONS


def test_the_tables_and_the_views_are_those_that_are_published() -> None:
    assert {name: query.folder for name, query in QUERIES.items() if name not in QUESTIONS} == {
        **dict.fromkeys(TABLES, "tables"),
        **dict.fromkeys(VIEWS, "views"),
    }


def test_every_query_has_an_answer_and_every_answer_a_query() -> None:
    files = {f"{name}.{'csv' if name in ROWS else 'ttl'}" for name in QUERIES}
    assert {file.name for file in ANSWERS.iterdir()} == files


@pytest.mark.parametrize("name", ROWS)
def test_answer_is_right_on_both_engines(name: str, store: Store, graph: Graph, words: dict[str, str]) -> None:
    rows = expected_rows(name, words)
    assert len(rows) > 1, f"{name}: an answer without rows is none"
    assert in_oxigraph(store, QUERIES[name].text) == rows
    assert in_rdflib(graph, QUERIES[name].text) == rows


@pytest.mark.parametrize("name", VIEWS)
def test_view_is_right_on_both_engines(name: str, store: Store, graph: Graph, words: dict[str, str]) -> None:
    triples = expected_graph(name, words)
    assert triples, f"{name}: a view without statements is none"
    assert graph_in_oxigraph(store, QUERIES[name].text) == triples
    assert graph_in_rdflib(graph, QUERIES[name].text) == triples
    file = ANSWERS / f"{name}.ttl"
    assert canonical(file) == file.read_text(encoding="utf-8")


def test_no_answer_repeats_the_words_of_a_fragment(words: dict[str, str]) -> None:
    """The project cannot publish them under a licence, so they stand in one place. The title is also a name."""
    answers = {file.name: file.read_text(encoding="utf-8") for file in ANSWERS.iterdir()}
    assert [
        (name, fragment)
        for name, text in answers.items()
        for fragment, exact in words.items()
        if exact in text and fragment != "t"
    ] == []


@pytest.mark.parametrize("name", QUERIES)
def test_query_is_written_as_the_house_says(name: str) -> None:
    query = QUERIES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert query.summary["en"].endswith("?")
    assert query.summary["nl"].endswith("?")
    assert query.summary["en"] != query.summary["nl"]
    assert query.tags
    if name in ROWS:
        assert "ORDER BY" in query.text
        assert "SELECT *" not in query.text
    lines = [line for line in query.text.splitlines() if not line.startswith("#+")]
    assert len(lines) <= 30 or query.folder == "tables"
    declared = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", query.text, re.MULTILINE))
    assert declared.items() <= PREFIXES.items()
    body = query.text.split(f"<{list(declared.values())[-1]}>\n", 1)[1]
    assert set(re.findall(r"\b([a-z]+):(?=[A-Za-z])", re.sub(r'"[^"]*"', "", body))) == set(declared)


@pytest.mark.parametrize("name", TABLES)
def test_the_columns_of_a_table_have_a_title_each_in_both_languages(name: str, store: Store) -> None:
    columns = QUERIES[name].columns
    assert [column.name for column in columns] == in_oxigraph(store, QUERIES[name].text)[0]
    for titles in ([column.title[language] for column in columns] for language in ("en", "nl")):
        assert len(set(titles)) == len(columns)
        assert all(title[0].isupper() for title in titles)


def test_only_tables_have_columns() -> None:
    assert {name for name, query in QUERIES.items() if query.columns} == set(TABLES)


def test_the_page_about_the_queries_is_made_from_their_headers(capfd: pytest.CaptureFixture[str]) -> None:
    repair = "ghent-partnerships query --list --format markdown > queries/README.md"
    page = (packaged().root / "queries" / "README.md").read_text(encoding="utf-8")
    assert page == index(packaged()), f"queries/README.md is stale; write it anew: {repair}"
    assert main(repair.split()[1:-2]) == 0
    assert capfd.readouterr().out == page, f"what the repair writes is another page: {repair}"


def test_the_parameters_are_those_that_are_declared() -> None:
    assert {name: [parameter.name for parameter in query.parameters] for name, query in QUERIES.items()} == {
        **{name: ["lang"] if name in QUESTIONS else [] for name in QUERIES},
        "candidates-for-a-city": ["city", "lang"],
        "longest-gap": [],
        "number-of-counterparts": [],
        "partners-of-a-city": ["city", "lang"],
        "partnerships-begun-in-year": ["year", "lang"],
        "partnerships-per-decade": [],
        "reasons-for-maintaining": ["partnership", "lang"],
        "sentences-of-partnerships": [],
        "stated-number-of-twin-cities": [],
        "twinnings-begun-in-year": ["year", "lang"],
        "twinnings-of-an-age": ["year", "least", "lang"],
        "which-sentence-says-so": ["resource"],
    }


def rows(name: str, **parameters: str | int | Iterable[str]) -> list[list[str]]:
    return [["" if term is None else term.value for term in row] for row in gp.query(name, **parameters)]


def test_parameters_are_bound() -> None:
    assert rows("twinnings-begun-in-year", year="1969") == [["1969", "Wiesbaden"]]
    assert rows("twinnings-begun-in-year", year=["1958", "1985"]) == [["1958", "Saint-Raphaël"], ["1985", "Nottingham"]]
    assert rows("twinnings-begun-in-year", year=1969) == [["1969", "Wiesbaden"]]
    assert rows("twinnings-begun-in-year", year="1970") == []
    assert rows("counterpart-in-own-country", lang="nl") == [["Luik", "België"]]
    assert rows("partners-of-a-city", city="city:kanazawa") == [["Ghent", "1971", "twinning"]]
    assert rows("partners-of-a-city", city=f"<{ID}city/kanazawa>") == [["Ghent", "1971", "twinning"]]
    assert rows("twinnings-of-an-age", year="1985", least="27") == [["Saint-Raphaël", "27"]]


@pytest.mark.parametrize(
    ("name", "parameter", "value", "message"),
    [
        ("twinnings-begun-in-year", "year", '1970" } DROP ALL #', "not an xsd:gYear (expected one like 1982)"),
        ("twinnings-begun-in-year", "year", "70", "not an xsd:gYear (expected one like 1982)"),
        ("twinnings-of-an-age", "least", "25 26", "not an xsd:integer (expected one like 25)"),
        ("partners-of-a-city", "city", "x> } INSERT", "not an IRI or a prefixed name"),
        ("partners-of-a-city", "city", "Melle", "not an IRI or a prefixed name"),
        ("partners-of-a-city", "city", "ctiy:melle", "the prefix ctiy: is not known; did you mean city:melle?"),
        ("twin-cities", "year", "1970", "no such parameter (it has: lang)"),
        ("partnerships-per-decade", "century", "1900", "no such parameter"),
    ],
)
def test_wrong_parameter_is_refused(name: str, parameter: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        bind(question(name, packaged()).text, {parameter: value}, packaged().prefixes)


def test_text_in_a_parameter_stays_text(store: Store) -> None:
    """A string may hold anything: it is bound as a literal and never read as SPARQL."""
    hostile = 'en" } ?s ?p ?o #\\\n\u0000?lang'
    text = bind(question("twin-cities", packaged()).text, {"lang": hostile}, packaged().prefixes)
    assert in_oxigraph(store, text)[1:] == []
    only = f"SELECT ?lang {{ VALUES ?lang {{ {Literal(hostile)} }} }}"
    assert [row["lang"] for row in store.query(only)] == [Literal(hostile)]


def test_a_default_may_hold_what_ends_a_block() -> None:
    query = "SELECT ?x {{ VALUES ?x {{ {} }} }}"
    for default in ('"Ghent, and, Kanazawa"', '"{ } # \\" "', "'}'", '"""}"""'):
        assert bind(query.format(default), {"x": "Gent } #"}, {}) == query.format('"Gent } #"')
    untouched = 'SELECT ?x { FILTER ("VALUES ?x { 1 }" != ?y) # VALUES ?x { 1 }\n VALUES ?x { 1 } }'
    assert bind(untouched, {"x": "2"}, packaged().prefixes) == untouched.replace(
        "VALUES ?x { 1 } }", f"VALUES ?x {{ {Literal(2)} }} }}"
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((query.text, [column.name for column in query.columns]) for name, query in QUERIES.items() if name in TABLES),
        ("PREFIX select: <x:> SELECT\n?x $y FROM x:x { ?b ?c ?d }", ["x", "y"]),
        ("SELECT DISTINCT(COUNT(DISTINCT ?c) AS ?n)?m(EXISTS { ?q x:a{ ?r ?s ?t } } AS ?e)WHERE{ }", ["n", "m", "e"]),
        ('SELECT ("?y )" AS ?x) # ?z\n{ SELECT ?w { } }', ["x"]),
        ("SELECT * { ?s ?p ?o }", []),
        ("ASK { ?s ?p ?o }", []),
    ],
)
def test_the_variables_are_those_of_the_answer(text: str, names: list[str]) -> None:
    assert [variable.text for variable in variables(text)] == names
    assert all(text[variable.offset + 1 :].startswith(variable.text) for variable in variables(text))


def test_a_view_is_no_question_that_has_rows() -> None:
    with pytest.raises(UsageError, match="org: a CONSTRUCT query, whose answer has no rows; ask it with: ghent-"):
        gp.query("org")


def test_the_page_says_what_a_parameter_means_in_both_languages() -> None:
    (line,) = (line for line in index(packaged()).splitlines() if "(ghent/partners-of-a-city.rq)" in line)
    _, _, _, english, _, dutch, _ = (cell.strip() for cell in line.split("|"))
    assert english == "`city`: the city, like city:melle; `lang`: the language of the names, like nl"
    assert dutch == "`city`: de stad, zoals city:melle; `lang`: de taal van de namen, zoals nl"


def test_every_answer_is_dutch_if_asked_to_be() -> None:
    english = {"not stated", "Ghent", "Germany", "twinning"}
    for name, query in QUESTIONS.items():
        if "lang" in {parameter.name for parameter in query.parameters}:
            cells = {cell for row in rows(name, lang="nl") for cell in row}
            assert cells, name
            assert not cells & english, name


def test_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean twin-cities"):
        question("twin-citys", packaged())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://x/> { ?s ?p ?o } }",
        "SELECT * { SeRvIcE#c\n<http://x/>{ ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
        "PREFIX : <http://x/> SELECT * { SERVICE:x{ ?s ?p ?o } }",
        "PREFIX : <http://x/> SELECT * { SERVICE:x #c\n { ?s ?p ?o } }",
        "PREFIX : <http://x/> SELECT * { SERVICESILENT:x{ ?s ?p ?o } }",
        "SELECT * { ?s <http://x> trueSERVICE<http://x/>{ ?s ?p ?o } }",
        "SELECT * { ?s <http://x> 1SERVICE<http://x/>{ ?s ?p ?o } }",
        "PREFIX a: <http://x/> SELECT * { ?s ?p a:\\#x . SERVICE a:x { ?s ?p ?o } }",
        "SELECT * { FILTER(?a<?b) SERVICE<http://x/>{ ?s ?p ?o } }",
    ],
)
def test_service_is_refused_in_every_spelling(text: str) -> None:
    with pytest.raises(UsageError, match="SERVICE"):
        demand_reading(text, allow_service=False)
    demand_reading(text, allow_service=True)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?service ?p 'SERVICE <http://x/> {' } # SERVICE <http://x/> {",
        'SELECT * { ?s <http://x/SERVICE> """SERVICE "<x>" {""" }',
        "PREFIX service: <http://x/> SELECT * { service:x service:y service:SERVICE }",
        "PREFIX service: <http://x/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'x'@service }",
    ],
)
def test_the_word_service_elsewhere_is_allowed(text: str, store: Store) -> None:
    demand_reading(text, allow_service=False)
    assert store.query(text) is not None  # it is SPARQL


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://x> <http://x> 1 }",
        "# SELECT\nPREFIX x: <http://x/SELECT> DELETE WHERE { ?s ?p ?o }",
        "BASE <http://x/>\nLOAD <http://x>",
        "drop all",
        "",
        "# nothing",
    ],
)
def test_what_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected SELECT, ASK, CONSTRUCT or DESCRIBE"):
        demand_reading(text, allow_service=True)


def test_every_triple_of_the_data_has_its_sentence_or_source(store: Store) -> None:
    """For any triple of the data, ``which-sentence-says-so`` names what says so; partnerships get whole sentences."""
    text = question("which-sentence-says-so", packaged()).text
    source = NamedNode(PREFIXES["dcterms"] + "source")
    subjects = {quad.subject for quad in store if quad.subject.value.startswith(ID)}
    assert len(subjects) > 150
    missing = []
    for subject in sorted(subjects, key=str):
        assert not isinstance(subject, BlankNode)
        answers = {
            (row["property"], row["value"])
            for row in store.query(bind(text, {"resource": subject.value}, packaged().prefixes))
        }
        statements = {(quad.predicate, quad.object) for quad in store.quads_for_pattern(subject, None, None)}
        missing += [(subject.value, *pair) for pair in statements - answers if pair[0] != source]
    assert missing == []


def test_values_from_elsewhere_cite_their_own_source(store: Store) -> None:
    text = question("which-sentence-says-so", packaged()).text
    by_property: dict[str, set[str]] = {}
    for row in store.query(bind(text, {"resource": "city:kanazawa"}, packaged().prefixes)):
        by_property.setdefault(row["property"].value, set()).add(row["source"].value.removeprefix(ID))
    assert by_property[PREFIXES["gp"] + "countryAsStated"] == {"fragment/b3", "fragment/s15"}
    assert by_property[PREFIXES["gp"] + "nameAsStated"] == {"fragment/b3", "fragment/s15"}
    assert by_property[PREFIXES["geo"] + "lat"] == {"source/geonames"}
    assert by_property[PREFIXES["owl"] + "sameAs"] == {"source/natural-earth", "source/wikidata-links-2016"}


def test_question_is_a_value() -> None:
    query = question("twin-cities", packaged())
    assert isinstance(query, Question)
    assert query.parameters[0].default == Literal("en")
