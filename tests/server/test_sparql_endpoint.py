"""The SPARQL endpoint beyond the W3C's tests: forms of answers, refusals, bounds on what is asked, and clients."""

import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse, parse_query_results
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, SPARQLWrapper

import needs
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.namespaces import BASE, GP, ID, PREFIXES
from ghent_partnerships.serve import Limits
from ghent_partnerships.server.workers.engine import DONE, Order
from ghent_partnerships.server.workers.engine import answer as engine_answer
from ghent_partnerships.sparql import run
from ghent_partnerships.sparql.library import questions
from ghent_partnerships.sparql.results import render
from loaded import load_store
from serving import Answer, Served, ask

HERE = Path(__file__).parents[1]
TWINS = questions(packaged())["twin-cities"].text
SELECT = f"SELECT ?p ?o WHERE {{ <{ID}city/liege> ?p ?o }} ORDER BY ?p ?o"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{ID}city/liege> ?p ?o }}"
XML = "application/sparql-results+xml"
SPARQL_RESULTS = "http://www.w3.org/2005/sparql-results#"
FORM = "application/x-www-form-urlencoded"


def query(served: Served, text: str, accept: str = "", method: str = "GET", **headers: str) -> Answer:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    given += [("Accept", accept)] if accept else []
    if method == "GET":
        return ask(served.address, f"/sparql?query={quote(text)}", headers=given)
    given.append(("Content-Type", "application/sparql-query"))
    return ask(served.address, "/sparql", "POST", text.encode(), given)


def problem(answer: Answer) -> tuple[int, str]:
    assert answer.type == "application/problem+json", answer
    problem = json.loads(answer.body)
    assert problem["status"] == answer.status
    assert len(problem["detail"]) > 20
    return answer.status, problem["code"]


@pytest.mark.parametrize(
    ("accept", "type_", "results_format"),
    [
        ("", "application/sparql-results+json", QueryResultsFormat.JSON),
        ("application/sparql-results+json", "application/sparql-results+json", QueryResultsFormat.JSON),
        (XML, XML, QueryResultsFormat.XML),
        ("text/csv", "text/csv", None),
        ("text/tab-separated-values", "text/tab-separated-values", QueryResultsFormat.TSV),
        ("application/json", "application/json", QueryResultsFormat.JSON),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.3", XML, QueryResultsFormat.XML),
        ("text/*", "text/csv", None),
        ("text/html, */*;q=0.1", "application/sparql-results+json", QueryResultsFormat.JSON),
        ("text/turtle, application/sparql-results+xml;q=0.5", XML, QueryResultsFormat.XML),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rows_come_in_the_form_that_is_asked_for(
    served: Served, accept: str, type_: str, results_format: QueryResultsFormat | None, method: str
) -> None:
    answer = query(served, SELECT, accept, method)
    assert (answer.status, answer.type) == (200, type_)
    expected = [(str(row[0]), str(row[1])) for row in run.ask(load_store(), {"text": SELECT})["text"]]  # type: ignore[index]
    assert len(expected) > 10
    if results_format is None:
        head, *rows = csv.reader(io.StringIO(answer.body.decode()))
        assert head == ["p", "o"]
        assert [row[0] for row in rows] == [p.strip("<>") for p, _ in expected]
    else:
        rows = parse_query_results(answer.body, results_format)
        assert [(str(row["p"]), str(row["o"])) for row in rows] == expected  # type: ignore[index, union-attr]


@pytest.mark.parametrize(
    "type_", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
@pytest.mark.parametrize("text", [CONSTRUCT, f"DESCRIBE <{ID}city/liege>"])
def test_a_graph_comes_in_the_form_that_is_asked_for(served: Served, type_: str, text: str) -> None:
    answer = query(served, text, type_)
    assert (answer.status, answer.type) == (200, type_)
    rdf_format = RdfFormat.from_media_type(type_)
    assert rdf_format is not None
    triples = {str(quad.triple) for quad in parse(answer.body, rdf_format)}
    assert triples == {str(triple) for triple in run.ask(load_store(), {"text": text})["text"]}
    assert len(triples) > 10


def test_yes_or_no_comes_in_the_form_that_is_asked_for(served: Served) -> None:
    assert json.loads(query(served, "ASK {}").body)["boolean"] is True
    assert query(served, "ASK { ?s ?p 'nobody said so' }", XML).body.count(b"<boolean>false</boolean>") == 1


@pytest.mark.parametrize(("text", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (SELECT, "image/png")])
def test_where_no_form_fits_it_says_which_there_are(served: Served, text: str, accept: str) -> None:
    answer = query(served, text, accept)
    assert problem(answer) == (406, "not-acceptable")
    wanted = "text/turtle" if text == CONSTRUCT else "text/csv"
    assert wanted in json.loads(answer.body)["available"]


def test_controls_leave_xml_results_well_formed(served: Served) -> None:
    rows = query(served, 'SELECT ("a\\u0001\\uFFFEb" AS ?x) {}', XML)
    assert [element.text for element in ET.fromstring(rows.body).iter() if element.tag.endswith("literal")] == [
        "a\ufffd\ufffdb"
    ]
    assert (
        json.loads(query(served, 'SELECT ("\\u0001" AS ?x) {}').body)["results"]["bindings"][0]["x"]["value"] == "\x01"
    )


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ('<http://a/b> <http://a/c> "a\\u0001b"', "The character U+0001 cannot be written in RDF/XML. "),
        ("<http://a/b> <http://a/2014> 1", "The predicate <http://a/2014> cannot be written in RDF/XML, since "),
        ("<http://a/b> rdf:li 1", "#li> cannot be written in RDF/XML, since it is a word of its syntax"),
    ],
)
def test_a_graph_that_rdf_xml_cannot_say_is_refused_and_comes_in_another_form(
    served: Served, statement: str, reason: str
) -> None:
    text = f"PREFIX rdf: <{PREFIXES['rdf']}> CONSTRUCT {{ {statement} }} {{}}"
    refused = query(served, text, "application/rdf+xml")
    assert problem(refused) == (406, "not-in-rdf-xml")
    details = json.loads(refused.body)
    assert reason in details["detail"]
    assert details["available"] == ["text/turtle", "application/n-triples", "application/ld+json"]
    assert all(media_type in details["detail"] for media_type in details["available"])
    in_dutch = json.loads(query(served, text, "application/rdf+xml", Accept_Language="nl").body)
    assert in_dutch["detail"].startswith("Dit kan niet in RDF/XML worden gezegd (")
    for media_type in details["available"]:
        assert query(served, text, media_type).status == 200


def test_carriage_returns_are_kept_in_every_form(served: Served) -> None:
    text = "a\rb\r\n\r"
    literal = '"a\\rb\\r\\n\\r"'
    rows = f"SELECT ({literal} AS ?x) (IRI('http://a/') AS ?y) {{}}"
    assert ET.fromstring(query(served, rows, XML).body).findtext(f".//{{{SPARQL_RESULTS}}}literal") == text
    assert json.loads(query(served, rows).body)["results"]["bindings"][0]["x"]["value"] == text
    assert list(csv.reader(io.StringIO(query(served, rows, "text/csv").body.decode(), newline="")))[1][0] == text
    tsv = query(served, rows, "text/tab-separated-values").body
    (row,) = parse_query_results(tsv, QueryResultsFormat.TSV)  # type: ignore[misc]
    assert row["x"].value == text  # type: ignore[index]
    graph = f"CONSTRUCT {{ <http://a/b> <http://a/c> {literal} }} {{}}"
    for media_type in ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"):
        rdf_format = RdfFormat.from_media_type(media_type)
        assert rdf_format is not None
        content = query(served, graph, media_type).body
        assert [quad.object.value for quad in parse(content, rdf_format)] == [text]  # type: ignore[union-attr]
    assert [
        str(o) for o in Graph().parse(query(served, graph, "application/rdf+xml").body, format="xml").objects()
    ] == [text]


@pytest.mark.parametrize(
    ("text", "line", "column"), [("SELECT * {\n  ?s ?p\n}", 3, 1), ("SELECT ?x { BAD", 1, 13), ("", 1, 1)]
)
def test_a_syntax_error_has_its_place(served: Served, text: str, line: int, column: int) -> None:
    for language, word in (("en", "Line"), ("nl", "Regel")):
        answer = query(served, text, Accept_Language=language)
        assert problem(answer) == (400, "syntax-error")
        details = json.loads(answer.body)
        assert (details["line"], details["column"]) == (line, column)
        assert details["detail"].startswith(word)
        assert answer.headers["content-language"] == language


SERVICES = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> {} }",
    "SELECT * { SeRvIcEsIlEnT<http://127.0.0.1:1/> {} }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x {?s ?p ?o} }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x#\n {?s ?p ?o} }",
    "SELECT * { ?s ?p 5SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { FILTER(1<2)SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { SERVICE#\n\n#\n<http://127.0.0.1:1/> {} }",
    "SELECT * { { SELECT * { SERVICE ?x {} } } }",
)
NO_SERVICES = (
    'SELECT ("SERVICE <x> {}" AS ?x) {}',
    "SELECT ('''a SERVICE 'b' ''' AS ?x) {}",
    "SELECT * { VALUES ?x { 1 } } # SERVICE <http://127.0.0.1:1/> {}",
    "SELECT ?service { VALUES ?service { 1 } }",
    "SELECT * { VALUES ?x { <http://example.org/SERVICE> } }",
    "PREFIX service: <http://example.org/> SELECT * { VALUES ?x { service:x } }",
    "PREFIX x: <http://example.org/> SELECT * { VALUES ?x { x:SERVICE } }",
    'SELECT ("x"@en-SERVICE AS ?x) {}',
)


@pytest.mark.parametrize("text", SERVICES)
def test_service_is_refused_in_every_spelling(served: Served, text: str) -> None:
    posted = ask(served.address, "/sparql", "POST", urlencode({"query": text}).encode(), [("Content-Type", FORM)])
    for answer in (query(served, text), query(served, text, method="POST"), posted):
        assert problem(answer) == (403, "no-service")


@pytest.mark.parametrize("text", NO_SERVICES)
def test_what_only_contains_the_word_service_is_allowed(served: Served, text: str) -> None:
    answer = query(served, text)
    assert answer.status == 200, answer
    assert len(json.loads(answer.body)["results"]["bindings"]) == 1


def test_the_escaped_word_asks_nobody(served: Served) -> None:
    assert problem(query(served, "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> {} }")) == (403, "no-service")


def test_a_graph_that_is_not_there_is_empty_and_not_fetched(served: Served) -> None:
    named = f"{served.address}ghent-partnerships.nt"  # there is one at that address
    for text in (
        f"SELECT * FROM <{named}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{named}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        assert json.loads(query(served, text).body)["results"]["bindings"] == []
    path = f"/sparql?{urlencode({'query': 'ASK { ?s ?p ?o }', 'default-graph-uri': named})}"
    assert json.loads(ask(served.address, path).body)["boolean"] is False


def test_the_named_graphs_can_be_asked_for(served: Served) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    sources, links = f"{ID}dataset/sources", f"{ID}dataset/links"

    def number(*graphs: str) -> int:
        path = "/sparql?" + urlencode([("query", count), *(("default-graph-uri", graph) for graph in graphs)])
        return int(json.loads(ask(served.address, path).body)["results"]["bindings"][0]["n"]["value"])

    assert 0 < number(sources) < number()
    assert number(sources, links) == number(sources) + number(links)


@pytest.mark.parametrize(
    ("method", "path", "type_", "body", "status"),
    [
        ("POST", "/sparql", "application/sparql-update", "CLEAR ALL", 403),
        ("POST", "/sparql", FORM, "update=CLEAR%20ALL", 403),
        ("GET", "/sparql?update=CLEAR%20ALL", "", "", 403),
        ("POST", "/sparql?default", "text/turtle", "", 415),
        ("POST", f"/sparql?graph={BASE}", FORM, "", 403),
        ("PUT", f"/sparql?graph={BASE}", "text/turtle", "<a:a> <a:a> 1 .", 405),
        ("DELETE", "/sparql?default", "", "", 405),
        ("PATCH", "/sparql", "", "", 405),
        ("POST", "/sparql", "application/sparql-query", "LOAD <http://127.0.0.1:1/>", 403),
        ("POST", "/sparql", FORM, "query=INSERT%20DATA%20%7B%7D", 403),
        ("POST", "/sparql", "application/sparql-query", "# x\nPREFIX a: <b>\nWITH <g> DELETE {} WHERE {}", 403),
        ("POST", "/sparql", "application/sparql-query", f"{'PREFIX a: <b> ' * 900}INSERTED {{}}", 400),
    ],
)
def test_nothing_can_be_written(served: Served, method: str, path: str, type_: str, body: str, status: int) -> None:
    answer = ask(served.address, path, method, body.encode(), [("Content-Type", type_)] if type_ else [])
    assert problem(answer)[0] == status, answer
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    if status in (403, 405):
        assert problem(answer)[1] == "read-only"


def test_too_much_is_refused(served: Served) -> None:
    limits = Limits()
    long = "ASK {} #" + "x" * limits.target
    assert problem(query(served, long)) == (414, "too-long")
    assert query(served, long, method="POST").status == 200
    for length in (60_000, 70_000, 150_000):  # the parser of HTTP stops at 64 KiB
        assert problem(query(served, "ASK {} #" + "x" * length)) == (414, "too-long"), length
    assert problem(query(served, "ASK {} #" + "x" * limits.query, method="POST")) == (413, "too-long")
    huge = ask(served.address, "/sparql", "POST", b"x" * (limits.body + 1), [("Content-Type", FORM)])
    assert problem(huge) == (413, "too-long")
    many = "&".join(f"a{number}=1" for number in range(300))
    assert problem(ask(served.address, f"/sparql?{many}&query=ASK%7B%7D")) == (400, "parameters")


def test_an_answer_may_be_kept_unless_it_differs_each_time(served: Served) -> None:
    kept = query(served, SELECT)
    assert kept.headers["cache-control"] == "public, max-age=300"
    assert query(served, SELECT).headers["etag"] == kept.headers["etag"]
    assert query(served, SELECT, XML).headers["etag"] != kept.headers["etag"]
    assert query(served, SELECT + " ").headers["etag"] != kept.headers["etag"]
    for call in ("NOW()", "RAND ( )", "uuid()", "STRUUID()", "BNODE()"):
        first, second = (query(served, f"SELECT ({call} AS ?x) {{}}") for _ in range(2))
        assert first.headers["cache-control"] == "no-store"
        assert "etag" not in first.headers
        assert first.body != second.body


def test_a_page_of_another_site_may_ask(served: Served) -> None:
    headers = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST")]
    answer = ask(served.address, "/sparql", "OPTIONS", headers=headers)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    assert "ETag" in query(served, SELECT).headers["access-control-expose-headers"]


def twins() -> list[str]:
    return [row["city"].value for row in run.ask(load_store(), {"twin-cities": TWINS})["twin-cities"]]  # type: ignore[index, union-attr]


def test_sparqlwrapper_asks(served: Served) -> None:
    wrapper = SPARQLWrapper(f"{served.address}sparql")
    wrapper.setQuery(TWINS)
    wrapper.setReturnFormat(JSON)
    for method in ("GET", POST):
        wrapper.setMethod(method)
        results = wrapper.query().convert()
        assert [row["city"]["value"] for row in results["results"]["bindings"]] == twins()
    wrapper.setReturnFormat(CSV)
    assert b"Kanazawa" in wrapper.query().convert()


def test_the_store_of_rdflib_asks(served: Served) -> None:
    graph = Graph(SPARQLStore(f"{served.address}sparql", returnFormat="xml"))
    assert (URIRef(f"{ID}city/liege"), URIRef(f"{GP}country"), URIRef(f"{ID}country/belgium")) in graph
    assert [str(row[0]) for row in graph.query(TWINS)] == twins()  # type: ignore[index]


def test_curl_asks(served: Served) -> None:
    command = [needs.program("curl"), "--silent", "--data-urlencode", f"query={TWINS}", "--header", "Accept: text/csv"]
    done = subprocess.run([*command, f"{served.address}sparql"], capture_output=True, text=True, check=True)
    assert [line.partition(",")[0] for line in done.stdout.splitlines()[1:]] == twins()


@pytest.mark.parametrize("name", questions(packaged()))
def test_the_command_asks(served: Served, name: str) -> None:
    output_format = "turtle" if questions(packaged())[name].folder == "views" else "csv"
    command = [sys.executable, "-m", "ghent_partnerships", "query", name, "--format", output_format]
    done = subprocess.run(
        [*command, "--endpoint", f"{served.address}sparql"], capture_output=True, text=True, check=True
    )
    results = run.ask(load_store(), {name: questions(packaged())[name].text})[name]
    assert done.stdout.replace("\r\n", "\n") == render(results, output_format, packaged().prefixes)[0].replace(
        "\r\n", "\n"
    )


def test_comunica_asks(served: Served) -> None:
    command = [*needs.script(HERE / "clients", "comunica.mjs"), f"{served.address}sparql", TWINS]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert [row["city"] for row in json.loads(done.stdout)] == twins()


@pytest.mark.parametrize(
    "media_type", ["application/n-triples", "text/turtle", "application/ld+json", "application/rdf+xml"]
)
def test_a_graph_with_blank_nodes_is_the_same_bytes_each_time(media_type: str) -> None:
    """An entity tag may stand for it: the labels are those of RDFC-1.0, not those that Oxigraph makes up."""
    text = "CONSTRUCT { <http://e/s> <http://e/p> [ <http://e/q> 1 ] , [ <http://e/q> 2 ] } {}"
    answers = {engine_answer(Store(), Order(text, (), (), None, media_type), 10_000) for _ in range(5)}
    assert len(answers) == 1
    ((kind, _, varies, content),) = answers
    assert (kind, varies) == (DONE, False)
    graph = Graph().parse(content, format={"application/ld+json": "json-ld"}.get(media_type, media_type))
    assert len(graph) == 4
