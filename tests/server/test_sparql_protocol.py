"""The W3C's tests of the SPARQL 1.1 Protocol and of its service description, against the server as people start it."""

import json
from collections.abc import Iterator

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)
from rdflib import Graph
from rdflib.collection import Collection
from rdflib.namespace import RDF, Namespace

import needs
from ghent_partnerships.publishing.publish import Published, with_checksums, with_compressed
from serving import Answer, Served, ask, described, serving

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT, CNT = Namespace("http://www.w3.org/2011/http#"), Namespace("http://www.w3.org/2011/content#")
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
CASES = (
    "query_post_form",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_full",
    "query_multiple_dataset",
    "query_get",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "query_post_direct",
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
    "bad_update_get",
    "bad_multiple_updates",
    "bad_update_wrong_media_type",
    "bad_update_missing_form_type",
    "bad_update_non_utf8",
    "bad_update_syntax",
    "bad_update_dataset_conflict",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
)
RESULTS = {"application/sparql-results+json": QueryResultsFormat.JSON, "text/csv": QueryResultsFormat.CSV}


@pytest.fixture(scope="module")
def manifest() -> Graph:
    return Graph().parse(needs.shared("conformance/sparql-protocol/manifest.ttl"))


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the three graphs that the tests ask for, by their names there."""
    folder = tmp_path_factory.mktemp("protocol")
    quads = [
        Quad(*quad.triple, NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf"))
        for number in (1, 2, 3)
        for quad in parse(
            needs.shared(f"conformance/sparql-protocol/data{number}.nt").read_bytes(), RdfFormat.N_TRIPLES
        )
    ]
    files = {
        **described(),
        "ghent-partnerships.nt": serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b"",
        "ghent-partnerships.nq": serialize(quads, format=RdfFormat.N_QUADS) or b"",
    }
    (folder / "dist").mkdir()
    for path, content in with_checksums(with_compressed(files.items())):
        (folder / "dist" / path).write_bytes(content)
    with serving(folder / "dist", folder / "log", "--quiet") as running:
        yield running


def test_every_case_of_the_manifest_is_run(manifest: Graph) -> None:
    (entries,) = manifest.objects(None, MF.entries)
    names = {str(entry).partition("#")[2] for entry in Collection(manifest, entries)}
    assert names == set(CASES)
    assert len(CASES) == 34


@pytest.mark.parametrize("case", CASES)
def test_a_case_of_the_protocol(case: str, manifest: Graph, endpoint: Served) -> None:
    (subject,) = (test for test in manifest.subjects(RDF.type, MF.ProtocolTest) if str(test).endswith(f"#{case}"))
    (requests,) = manifest.objects(manifest.value(subject, MF.action), HT.requests)
    asked = 0
    for request in Collection(manifest, requests):
        answer = sent(manifest, request, endpoint)
        asked += 1
        response = manifest.value(request, HT.resp)
        if case.startswith("update_"):  # a good one, that a read-only endpoint refuses
            assert answer.status == 403, answer
            assert json.loads(answer.body)["code"] == "read-only"
            break  # what follows asks for its effects
        statuses = {str(status)[-3] for status in manifest.objects(response, MF.expectedStatus)}
        assert statuses
        assert str(answer.status)[0] in statuses, answer
        if (expected := manifest.value(response, MF.expectedBoolean)) is not None:
            assert json.loads(answer.body)["boolean"] is expected.toPython()
        if (expected_format := manifest.value(response, MF.expectedFormat)) is not None:
            assert_form(str(expected_format), answer)
        if answer.status >= 400:
            assert json.loads(answer.body)["status"] == answer.status
    assert asked >= 1


def sent(manifest: Graph, request: object, endpoint: Served) -> Answer:
    """Send a request as the manifest has it."""

    def text(name: object) -> str:
        return str(manifest.value(request, name) or "")  # type: ignore[arg-type]

    headers = []
    if listed := manifest.value(request, HT.headers):  # type: ignore[arg-type]
        fields = Collection(manifest, listed)
        headers = [
            (str(manifest.value(field, HT.fieldName)), str(manifest.value(field, HT.fieldValue))) for field in fields
        ]
    body = None
    if (content := manifest.value(request, HT.body)) is not None:  # type: ignore[arg-type]
        body = str(manifest.value(content, CNT.chars)).encode(str(manifest.value(content, CNT.characterEncoding)))
    path = text(HT.absolutePath)
    assert path.startswith("/sparql/")
    return ask(endpoint.address, f"/sparql{path.removeprefix('/sparql/')}", text(HT.methodName), body, headers)


def assert_form(expected_format: str, answer: Answer) -> None:
    if expected_format == "RDF":
        assert list(parse(answer.body, RdfFormat.from_media_type(answer.type))) is not None
        assert RdfFormat.from_media_type(answer.type) is not None
    elif expected_format == "tabular":
        assert parse_query_results(answer.body, RESULTS[answer.type]) is not None
    else:
        assert expected_format == "boolean"
        assert isinstance(json.loads(answer.body)["boolean"], bool)


@pytest.fixture(scope="module")
def description(served: Served) -> Graph:
    answer = ask(served.address, "/sparql", headers=[("Accept", "text/turtle")])
    assert (answer.status, answer.type) == (200, "text/turtle")
    return Graph().parse(answer.body, format="turtle")


def test_the_service_description_is_rdf_with_its_endpoint(served: Served, description: Graph) -> None:
    assert {str(iri) for iri in description.objects(None, Namespace(SD).endpoint)} == {f"{served.address}sparql"}
    services = list(description.subjects(RDF.type, Namespace(SD).Service))
    assert [str(iri) for iri in services] == [f"{served.address}sparql"]


def test_the_service_description_conforms_to_its_schema(description: Graph) -> None:
    needs.shared("conformance/sparql-service-description/manifest.ttl")
    used = {str(p) for p in description.predicates() if str(p).startswith(SD)}
    used |= {str(o) for o in description.objects(None, RDF.type) if str(o).startswith(SD)}
    names = "endpoint supportedLanguage resultFormat defaultDataset defaultGraph namedGraph name graph"
    classes = "Service Dataset Graph NamedGraph"
    assert used == {SD + name for name in (*names.split(), *classes.split())}
    sd = Namespace(SD)
    for property_, class_ in (
        (sd.defaultDataset, sd.Dataset),
        (sd.defaultGraph, sd.Graph),
        (sd.namedGraph, sd.NamedGraph),
    ):
        values = list(description.objects(None, property_))
        assert values
        assert all((value, RDF.type, class_) in description for value in values)
    assert (None, sd.supportedLanguage, sd.SPARQL11Query) in description
    formats = {str(result_format).rpartition("/")[2] for result_format in description.objects(None, sd.resultFormat)}
    results = {f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")}
    assert formats == results | {"Turtle", "N-Triples", "JSON-LD", "RDF_XML"}


@pytest.mark.parametrize(
    ("type_", "rdf_format"),
    [("application/n-triples", "nt"), ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml")],
)
def test_the_service_description_is_the_same_in_each_form(
    served: Served, description: Graph, type_: str, rdf_format: str
) -> None:
    answer = ask(served.address, "/sparql", headers=[("Accept", type_)])
    assert answer.type == type_
    assert canonical(Graph().parse(answer.body, format=rdf_format)) == canonical(description)


def canonical(graph: Graph) -> set[str]:
    """The triples of what rdflib read, with the labels of RDFC-1.0, which rdflib's own comparison takes seconds for."""
    read = Dataset(parse(graph.serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES))
    read.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in read}


def test_the_counts_of_the_description_are_those_of_the_graph(description: Graph, dist: Published) -> None:
    store = Store()
    store.load((dist.directory / "ghent-partnerships.nq").read_bytes(), RdfFormat.N_QUADS)
    asked = {
        "classPartition": ("class", "entities", "SELECT ?t (COUNT(DISTINCT ?s) AS ?n) { %s } GROUP BY ?t", "?s a ?t"),
        "propertyPartition": ("property", "triples", "SELECT ?t (COUNT(*) AS ?n) { %s } GROUP BY ?t", "?s ?t ?o"),
    }
    graphs = {
        str(o): description.value(s, Namespace(SD).graph) for s, o in description.subject_objects(Namespace(SD).name)
    }
    assert len(graphs) == 4
    (whole,) = description.objects(None, Namespace(SD).defaultGraph)
    for name, graph in [(None, whole), *graphs.items()]:
        within = f"GRAPH <{name}> {{ ?s ?p ?o }}" if name else "GRAPH ?g { ?s ?p ?o }"
        (count,) = store.query(f"SELECT (COUNT(*) AS ?n) {{ {within} }}")  # type: ignore[misc]
        assert description.value(graph, Namespace(VOID).triples).toPython() == int(count["n"].value)  # type: ignore[union-attr]
        for partition, (what, of, query, pattern) in asked.items():
            inner = f"GRAPH <{name}> {{ {pattern} }}" if name else f"GRAPH ?g {{ {pattern} }}"
            expected = {row["t"].value: int(row["n"].value) for row in store.query(query % inner)}  # type: ignore[union-attr]
            counted = {
                str(description.value(part, Namespace(VOID)[what])): description.value(
                    part, Namespace(VOID)[of]
                ).toPython()  # type: ignore[union-attr]
                for part in description.objects(graph, Namespace(VOID)[partition])
            }
            assert counted == expected, (name, partition)


def test_the_description_has_the_questions(served: Served, description: Graph) -> None:
    select = Namespace("http://www.w3.org/ns/shacl#").select
    texts = {str(query): str(text) for query, text in description.subject_objects(select)}
    twins = texts["https://w3id.org/ghent-partnerships/id/query/twin-cities"]
    answer = ask(served.address, "/sparql", "POST", twins.encode(), [("Content-Type", "application/sparql-query")])
    assert len(json.loads(answer.body)["results"]["bindings"]) == 7


def test_a_browser_gets_the_page_to_query_in(served: Served, dist: Published) -> None:
    page = ask(served.address, "/sparql", headers=[("Accept", "text/html,*/*;q=0.8"), ("Accept-Language", "nl")])
    assert page.status == 200
    expected = "query.nl.html" if dist.has_scripts else None
    if expected:
        assert page.body == (dist.directory / expected).read_bytes()
        assert page.headers["content-location"] == expected


@pytest.mark.parametrize("host", ['a"> <b', "x y", "a\\b", ""])
def test_a_host_that_is_none_is_not_written_into_the_description(served: Served, host: str) -> None:
    import http.client
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection(urlsplit(served.address).netloc)
    connection.putrequest("GET", "/sparql", skip_host=True)
    connection.putheader("Host", host)
    connection.putheader("Accept", "text/turtle")
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()
