"""The tools and the resources on the project's files, through the SDK's client."""

import asyncio
import csv
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from ghent_partnerships.mcp.graph import Graph
from ghent_partnerships.mcp.local import of_project
from ghent_partnerships.mcp.service import service
from ghent_partnerships.project.location import chosen
from ghent_partnerships.server.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests" / "ghent" / "answers"
OA, BASE = "http://www.w3.org/ns/oa#", "https://w3id.org/ghent-partnerships/id/"
Use = Callable[[Client], Coroutine[Any, Any, Any]]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return of_project(chosen(ROOT), Limits(seconds=2.0))


def asked(graph: Graph, use: Use) -> Any:
    """What a client has from the server, which is in this process."""

    async def connected() -> Any:
        async with Client(service(graph)) as client:
            return await use(client)

    return asyncio.run(connected())


def call(graph: Graph, tool: str, **arguments: Any) -> dict[str, Any]:
    result = asked(graph, lambda client: client.call_tool(tool, arguments))
    assert not result.is_error, result.content[0].text
    return dict(result.structured_content)


def refused(graph: Graph, tool: str, **arguments: Any) -> str:
    result = asked(graph, lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    return str(result.content[0].text)


def cited(row: dict[str, Any]) -> list[str]:
    """The sentences of a row by the ends of their IRIs, an inferred one with a star."""
    return [each["fragment"].rpartition("/")[2] + "*" * each["inferred"] for each in row["sentences"]]


def quotations() -> dict[str, str]:
    """The sentences of the sources, by their IRIs, read with nothing of ours."""
    quads = pyoxigraph.parse(path=ROOT / "data" / "sources.ttl", format=pyoxigraph.RdfFormat.TURTLE)
    return {quad.subject.value: quad.object.value for quad in quads if quad.predicate.value == OA + "exact"}


@pytest.fixture(scope="module")
def answers(graph: Graph) -> dict[str, dict[str, Any]]:
    """What every named question answers, all asked by one client."""

    async def every(client: Client) -> dict[str, dict[str, Any]]:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        found = {}
        for name in tools["ask"].input_schema["properties"]["question"]["enum"]:
            result = await client.call_tool("ask", {"question": name})  # checked against the schema by the client
            assert not result.is_error, (name, result.content)
            found[name] = dict(result.structured_content)
        return found

    return dict(asked(graph, every))


def test_every_named_question_has_the_rows_of_its_answer(answers: dict[str, dict[str, Any]]) -> None:
    """Those of the files with the right answers, in which a sentence stands as {b3}."""
    sentences = {iri.rpartition("/")[2]: text for iri, text in quotations().items()}
    expected = {}
    for file in ANSWERS.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            expected[file.stem] = [
                {name: re.sub(r"\{(\w+)\}", lambda match: sentences[match[1]], cell) for name, cell in row.items()}
                for row in csv.DictReader(lines)
            ]
    assert answers.keys() == expected.keys()
    for name, answer in answers.items():
        rows = [{key: value or "" for key, value in row["values"].items()} for row in answer["rows"]]
        assert rows == expected[name], name
        assert (answer["truncated"], answer["note"]) == (False, None), name


def test_every_row_has_sentences_and_each_is_word_for_word_that_of_the_source(
    answers: dict[str, dict[str, Any]],
) -> None:
    known = quotations()
    without = []
    for name, answer in answers.items():
        for number, row in enumerate(answer["rows"]):
            without += [] if row["sentences"] else [(name, number)]
            for sentence in row["sentences"]:
                assert sentence["text"] == known[sentence["fragment"]], name
                assert sentence["source"] == f"{BASE}source/history-of-bilateral-partnerships"
                assert sentence["link"].startswith("https://stad.gent/")
                assert sentence["inferred"] == (sentence["reasoning"] is not None)
    nothing = [place for place in without if place[0] != "partnerships-per-decade"]
    assert nothing == []
    decades = answers["partnerships-per-decade"]["rows"]
    assert [row["values"]["decade"] for row in decades if not row["sentences"]] == ["1990"], "which counts none"


@pytest.mark.parametrize(
    ("question", "column", "value", "expected"),
    [
        ("twin-cities", "city", "Wiesbaden", ["b2"]),
        ("counterparts-by-year", "city", "Liège", ["s11*", "s12*", "b10"]),
        ("number-of-counterparts", "counterparts", "12", [f"b{number}" for number in range(1, 13)]),
        ("partnerships-per-decade", "decade", "1960", ["b2"]),
        ("first-and-last-twinning", "first", "1958", ["b1", "b6"]),
        ("longest-gap", "years", "24", ["b6", "b8", "b9", "s11*", "s12*"]),
        ("maintained-partnerships", "name", "Ghent and Kanazawa", ["s15"]),
        ("counterpart-described-as-suburb", "city", "Mohammedia", ["b7"]),
    ],
)
def test_a_row_rests_on_what_it_was_made_of_and_a_count_on_what_was_counted(
    answers: dict[str, dict[str, Any]], question: str, column: str, value: str, expected: list[str]
) -> None:
    (row,) = (row for row in answers[question]["rows"] if row["values"][column] == value)
    assert sorted(cited(row)) == sorted(expected)


def test_parameters_are_typed_and_bound(graph: Graph) -> None:
    dutch = call(graph, "ask", question="twinnings-begun-in-year", year=1969, lang="nl")
    assert [(row["values"]["city"], cited(row)) for row in dutch["rows"]] == [("Wiesbaden", ["b2"])]
    assert "is not one of" in refused(graph, "ask", question="twin-cities", lang="xx")
    assert "is not one of" in refused(graph, "ask", question="nothing")
    problem = "The question trends cannot be asked so: --param year: the query has no such parameter (it has: lang)"
    assert refused(graph, "ask", question="trends", year=1969) == problem
    assert "not an IRI or a prefixed name" in refused(graph, "ask", question="partners-of-a-city", city="a b")


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Danzig", "gdansk"),
        ("Gdansk", "gdansk"),
        ("カナザワ", "kanazawa"),
        ("金沢市", "kanazawa"),
        ("Luik", "liege"),
        ("saint raphael", "saint-raphael"),
        ("Tazihou", "taizhou"),
        ("Notingham", "nottingham"),
    ],
)
def test_entities_are_found_in_all_languages_and_with_typing_errors(graph: Graph, name: str, entity: str) -> None:
    first = call(graph, "find", name=name, limit=3)["entities"][0]
    assert first["entity"] == f"{BASE}city/{entity}"
    assert first["exact"] == (name not in ("Tazihou", "Notingham"))


def test_nothing_is_found_for_what_is_no_name_and_all_for_what_may_be_meant(graph: Graph) -> None:
    assert call(graph, "find", name="zzqqxx")["entities"] == []
    assert call(graph, "find", name="!?")["entities"] == []
    found = {each["entity"].removeprefix(BASE) for each in call(graph, "find", name="Taizhou")["entities"]}
    assert {"city/taizhou", "candidate/taizhou-jiangsu", "candidate/taizhou-zhejiang"} <= found


def test_evidence_tells_what_is_stated_from_what_is_inferred_and_names_other_sources(graph: Graph) -> None:
    found = call(graph, "evidence", entity="partnership:ghent-liege", property="gp:startYear")
    (stated,) = found["statements"]
    assert (found["label"], stated["value"]) == ("Ghent and Liège", "2011")
    assert {each["inferred"] for each in stated["sentences"]} == {True}
    assert "no sentence says so" in stated["sentences"][0]["reasoning"]
    (latitude,) = call(graph, "evidence", entity="city:liege", property="geo:lat")["statements"]
    assert latitude["sentences"] == []
    assert [each["source"] for each in latitude["otherSources"]] == [f"{BASE}source/geonames"]
    (label,) = call(graph, "evidence", entity="city:liege", property="gp:nameAsStated", value="Liège")["statements"]
    assert [each["text"] for each in label["sentences"]] == ["Liège (Belgium) in 2011"]
    assert label["sentences"][0]["readWith"] == [quotations()[f"{BASE}fragment/s12"]]
    assert refused(graph, "evidence", entity="city:atlantis").startswith("Nothing is stated of <")


def test_sparql_rows_have_the_sentences_of_the_entities_in_them_or_none(graph: Graph) -> None:
    text = "PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#> SELECT {} {{ ?p a gp:Partnership }} ORDER BY ?p"
    rows = call(graph, "sparql", query=text.format("?p"))["rows"]
    assert cited(rows[0]) == ["b8"]
    texts = call(graph, "sparql", query=text.format("(STR(?p) AS ?n)"))["rows"]
    assert [row["sentences"] for row in texts] == [[]] * 13
    assert call(graph, "sparql", query="ASK { ?s ?p ?o }")["boolean"] is True
    turtle = call(graph, "sparql", query="CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p ?o } LIMIT 1")["turtle"]
    assert len(list(pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE))) == 1
    many = call(graph, "sparql", query="SELECT ?s ?o { ?s ?p ?o }")
    assert (len(many["rows"]), many["truncated"]) == (500, True)
    assert many["note"].endswith("these are the first 500.")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("INSERT DATA { <a:a> <a:b> 1 }", "This endpoint is read-only: it takes queries, no updates."),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is not allowed here"),
        ("SELECT", "Line 1, column 7: This is not SPARQL"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "The query was not answered within 2 seconds"),
        ("SELECT * {" * 9_000, "The arguments are wrong"),
        ("SELECT * " + "{" * 20_000 + "}" * 20_000, "The process that answered the query ended"),
    ],
)
def test_a_query_is_bounded_as_on_the_endpoint_and_a_refusal_is_a_sentence(
    graph: Graph, query: str, problem: str
) -> None:
    refusal = refused(graph, "sparql", query=query)
    assert problem in refusal
    assert "Traceback" not in refusal


def test_every_tool_only_reads_and_says_what_it_gives(graph: Graph) -> None:
    tools = asked(graph, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "find", "evidence", "sparql"]
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.output_schema["type"] == "object"
        assert tool.description


def test_the_resources_are_the_ontology_the_sources_and_the_documents(graph: Graph) -> None:
    async def read(client: Client) -> tuple[list[str], list[str], list[str]]:
        listed = [each.uri for each in (await client.list_resources()).resources]
        templates = [each.uri_template for each in (await client.list_resource_templates()).resource_templates]
        uris = [listed[0], f"{BASE}source/history-of-bilateral-partnerships", f"{BASE}city/kanazawa"]
        return listed, templates, [(await client.read_resource(uri)).contents[0].text for uri in uris]

    listed, templates, (ontology, source, city) = asked(graph, read)
    assert listed[0] == "https://w3id.org/ghent-partnerships/ontology"
    assert f"{BASE}source/history-of-bilateral-partnerships" in listed
    assert templates == [f"{BASE}{{type}}/{{slug}}"]
    assert "gp:Partnership" in ontology
    assert "Kanazawa (Japan) since 1971" in source
    quads = pyoxigraph.parse(city, format=pyoxigraph.RdfFormat.TURTLE)
    assert {quad.subject.value for quad in quads} == {f"{BASE}city/kanazawa"}


def test_a_resource_of_which_nothing_is_stated_is_not_found(graph: Graph) -> None:
    async def read(client: Client) -> str:
        with pytest.raises(MCPError) as raised:
            await client.read_resource(f"{BASE}city/atlantis")
        return str(raised.value.message)

    assert asked(graph, read) == "Nothing is stated of this resource."
