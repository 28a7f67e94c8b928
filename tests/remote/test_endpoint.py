"""``query --endpoint`` against real stores: each answers as the graph at hand, or it is said why it does not."""

import errno
import os
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode

from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.remote.endpoint import Endpoint
from ghent_partnerships.sparql.library import questions
from ghent_partnerships.sparql.results import render
from ghent_partnerships.sparql.run import Results, contents_of, run
from loading import load
from serving import Served
from stores import Comunica, Oxigraph, Store, Virtuoso, running


@pytest.fixture(scope="module")
def oxigraph(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("oxigraph"))) as store:
        load(store, published(dist).read_bytes())
        yield store


@pytest.fixture(scope="module")
def virtuoso(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Virtuoso(tmp_path_factory.mktemp("virtuoso"))) as store:
        load(store, published(dist).read_bytes(), graph="https://example.org/graph")
        yield store


@pytest.fixture(scope="module")
def comunica(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Comunica(tmp_path_factory.mktemp("comunica"), published(dist))) as store:
        yield store


@pytest.fixture(scope="module")
def endpoint(oxigraph: Store) -> str:
    return oxigraph.query


def published(dist: Published) -> Path:
    return dist.directory / "ghent-partnerships.nt"


def shown(name: str) -> Callable[[Results], str]:
    """What shows the answer of a question: as a graph or as a table."""
    output_format, known = "turtle" if questions(packaged())[name].folder == "views" else "csv", packaged().prefixes
    return lambda results: render(results, output_format, known)[0]


@cache
def at_hand(name: str) -> str:
    """The answer of the graph of the files."""
    return run(questions(packaged())[name].text, name, contents_of(packaged().graph_files()), shown(name))


@pytest.mark.parametrize("name", questions(packaged()))
@pytest.mark.parametrize("store", ["oxigraph", "virtuoso", "comunica"])
def test_every_store_answers_as_the_graph_at_hand(name: str, store: str, request: pytest.FixtureRequest) -> None:
    there: Store = request.getfixturevalue(store)
    answer = Endpoint(there.query).results(questions(packaged())[name].text, shown(name))
    assert answer == at_hand(name)
    assert answer.count("\n") > 1, "there are rows"


def test_booleans_are_booleans_and_numbers_numbers_on_every_store(
    oxigraph: Store, virtuoso: Store, comunica: Store
) -> None:
    boolean = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    text = f'SELECT ?yes ?number {{ VALUES ?number {{ 1 }} BIND (STRDT("true", {boolean}) AS ?yes) }}'
    for store in (oxigraph, virtuoso, comunica):
        there = Endpoint(store.query)
        (row,) = there.select(text)
        assert (row["yes"], row["number"]) == (Literal(True), Literal(1))
        assert (there.ask("ASK { ?s ?p ?o }"), there.ask("ASK { <urn:x> <urn:x> ?o }")) == (True, False)


def written(results: Results) -> list[str]:
    assert isinstance(results, list)
    return [str(triple) for triple in results]


def test_an_endpoint_answers_yes_and_with_a_graph(endpoint: str) -> None:
    assert Endpoint(endpoint).ask("ASK { ?s ?p ?o }")
    text = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . FILTER (STRENDS(STR(?s), '/city/ghent')) }"
    graph = Endpoint(endpoint).results(text, written)
    assert len(graph) == 1
    assert graph == run(text, "text", contents_of(packaged().graph_files()), written)


def test_a_bound_parameter_reaches_the_endpoint(endpoint: str, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["query", "twinnings-begun-in-year", "--param", "year=1969", "--format", "csv", "--endpoint", endpoint]
    assert main(arguments) == 0
    assert capfd.readouterr().out == "year,city\r\n1969,Wiesbaden\r\n"


def test_the_command_says_that_there_are_no_rows(endpoint: str, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["query", "twinnings-begun-in-year", "--param", "year=1970", "--endpoint", endpoint]
    assert main(arguments) == 0
    assert capfd.readouterr().err == "no rows\n"


def test_an_endpoint_that_refuses_says_why(endpoint: str) -> None:
    with pytest.raises(UsageError, match="refused the query: “error at 1:23: ") as raised:
        Endpoint(endpoint).select("SELECT ?x WHERE { ?x }")
    dutch = raised.value.text["nl"]
    assert dutch.startswith(f"{endpoint}: het endpoint weigerde de query: “error at 1:23: expected "), "quoted as it is"
    assert dutch.endswith("”")


def test_the_text_of_an_endpoint_out_of_reach_is_quoted() -> None:
    with pytest.raises(UsageError) as raised:
        Endpoint("http://127.0.0.1:1/").ask("ASK {}")
    assert raised.value.text["nl"] == (
        "http://127.0.0.1:1/: het endpoint is niet bereikbaar: "
        f"“[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}”"
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?x WHERE { ?x }", "refused the query: “Line 1, column 22: "),
        (
            "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a ?l",
            "did not answer the query: “Service Unavailable: The ",  # process ended, or query was not answered in time
        ),
    ],
)
def test_the_reason_of_the_projects_server_is_passed_on(served: Served, query: str, reason: str) -> None:
    with pytest.raises(UsageError) as raised:
        Endpoint(f"{served.address}sparql").select(query)
    assert f"{served.address}sparql: the endpoint {reason}" in str(raised.value)
    assert "{" not in str(raised.value), "in words"


@pytest.mark.parametrize(
    ("query", "accepted", "answer"),
    [
        (
            "SELECT ?a { ?a ?b ?c }",
            "application/sparql-results+json",
            b'{"head": {"vars": ["a"]}, "results": {"bindings": []}}',
        ),
        ("ASK {}", "application/sparql-results+json", b'{"head": {}, "boolean": true}'),
        ("CONSTRUCT WHERE { ?a ?b ?c }", "text/turtle", b"<urn:a> <urn:b> <urn:c> ."),
    ],
)
def test_one_media_type_is_asked_for_and_no_parameter(query: str, accepted: str, answer: bytes) -> None:
    requests = []

    class Strict(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append((self.headers.get_all("Accept"), sorted(parse_qs(urlsplit(self.path).query))))
            self.send_response(200)
            self.send_header("Content-Type", accepted)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Strict) as server:
        Thread(target=server.handle_request, daemon=True).start()
        Endpoint(f"http://127.0.0.1:{server.server_port}/sparql").results(query, lambda _: None)
    assert requests == [([accepted], ["query"])]
