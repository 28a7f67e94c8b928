"""Clients that nobody here wrote, asking the server as they do by themselves."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pandas
import pytest
from csvw import CSVW
from pyld import jsonld
from rdflib import RDF, Dataset, Graph, URIRef
from SPARQLWrapper import CSV, JSON, JSONLD, N3, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

import needs
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.rdf.namespaces import GP, ID
from loaded import of_kind
from serving import Served, ask

HERE = Path(__file__).parents[1]
CITIES = f"SELECT ?c {{ ?c a <{GP}City> }}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LIEGE = f"CONSTRUCT WHERE {{ <{ID}city/liege> ?p ?o }}"
DOCUMENTS = ("id/city/liege", "doc/city/liege", "ontology", "catalog", "id/concept/twinning")
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:SPARQLWrapper", "ignore::ResourceWarning")


def by_node(script: str, *arguments: str) -> object:
    command = [*needs.script(HERE / "clients", script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def statements(dist: Published, path: str) -> int:
    return len((dist.directory / f"{path.replace('id/', 'doc/', 1)}.nt").read_bytes().splitlines())


@pytest.mark.parametrize("rdf_format", ["turtle", "xml", "json-ld", "nt", "n3"])
@pytest.mark.parametrize("path", DOCUMENTS)
def test_rdflib_reads_every_form_at_an_iri(served: Served, dist: Published, path: str, rdf_format: str) -> None:
    assert len(Graph().parse(f"{served.address}{path}", format=rdf_format)) == statements(dist, path)


@pytest.mark.parametrize("rdf_format", ["turtle", "trig", "xml", "json-ld", "nt", "n3"])
@pytest.mark.parametrize("kind", [Graph, Dataset])
def test_rdflib_finds_the_cities_in_the_default_graph(served: Served, kind: type[Graph], rdf_format: str) -> None:
    graph = kind()
    graph.parse(f"{served.address}ghent-partnerships", format=rdf_format)
    cities = graph.query(CITIES)
    assert len(list(cities)) == len(of_kind(f"{GP}City"))


@pytest.mark.parametrize("ending", ["ttl", "nt"])
def test_rdflib_reads_what_is_published_as_n3(dist: Published, ending: str) -> None:
    """A widespread habit."""
    graph = Graph().parse(dist.directory / f"ghent-partnerships.{ending}", format="n3")
    assert len(set(graph.subjects(RDF.type, URIRef(f"{GP}City")))) == len(of_kind(f"{GP}City"))


@pytest.mark.parametrize(
    ("output_format", "type_"),
    [
        (JSON, "application/sparql-results+json"),
        (XML, "application/sparql-results+xml"),
        (CSV, "text/csv"),
        (TSV, "text/tab-separated-values"),
    ],
)
def test_sparqlwrapper_gets_rows_in_each_form(served: Served, output_format: str, type_: str) -> None:
    wrapper = SPARQLWrapper(f"{served.address}sparql")
    wrapper.setQuery(CITIES)
    wrapper.setReturnFormat(output_format)
    for method in ("GET", "POST"):
        wrapper.setMethod(method)
        answer = wrapper.query()
        assert answer.info()["content-type"].partition(";")[0] == type_
        assert f"{ID}city/liege" in answer.response.read().decode()


@pytest.mark.parametrize(
    ("output_format", "type_"),
    [
        (TURTLE, "text/turtle"),
        (N3, "text/turtle"),
        (RDFXML, "application/rdf+xml"),
        (XML, "application/rdf+xml"),
        (JSONLD, "application/ld+json"),
    ],
)
def test_sparqlwrapper_gets_a_graph_in_each_form(served: Served, output_format: str, type_: str) -> None:
    wrapper = SPARQLWrapper(f"{served.address}sparql")
    wrapper.setQuery(LIEGE)
    wrapper.setReturnFormat(output_format)
    answer = wrapper.query()
    assert answer.info()["content-type"].partition(";")[0] == type_
    assert b"liege" in answer.response.read()


@pytest.mark.parametrize("path", ["ghent-partnerships", "id/city/liege", "ontology"])
def test_comunica_reads_a_document_at_its_iri(served: Served, dist: Published, path: str) -> None:
    rows = by_node("comunica.mjs", f"{served.address}{path}", COUNT, "document")
    assert rows == [{"n": str(statements(dist, path))}]


def test_rdflib_js_and_n3_js_read_every_document(served: Served, dist: Published) -> None:
    paths = (*DOCUMENTS, "feed", ".well-known/void")
    counted = by_node("documents.mjs", *(f"{served.address}{path}" for path in paths))
    assert isinstance(counted, dict)
    for path in DOCUMENTS:
        number = statements(dist, path)
        assert counted[f"{served.address}{path}"] == {"rdflib": number, "n3": number, "lacking": 0}, path
    for path in paths[len(DOCUMENTS) :]:
        counts = counted[f"{served.address}{path}"]
        assert counts["rdflib"] == counts["n3"] > 10
        assert counts["lacking"] == 0


def test_virtuoso_sparql_client_asks_with_its_empty_fields(served: Served) -> None:
    answer = by_node("virtuoso.cjs", f"{served.address}sparql", CITIES)
    assert isinstance(answer, dict)
    assert len(answer["results"]["bindings"]) == len(of_kind(f"{GP}City"))


@pytest.mark.parametrize("library", ["requests", "aiohttp"])
def test_pyld_loads_every_document(served: Served, library: str) -> None:
    load = getattr(jsonld, f"{library}_document_loader")()
    for path in (*DOCUMENTS, "doc/city/liege.jsonld", "ghent-partnerships.jsonld", "ghent-partnerships"):
        (node, *_) = jsonld.expand(f"{served.address}{path}", {"documentLoader": load})
        assert "@id" in node or "@included" in node, path
    for path in ("context.jsonld", "schema.jsonld"):
        jsonld.expand(f"{served.address}{path}", {"documentLoader": load})


def test_pandas_reads_a_table_by_its_address_alone(served: Served) -> None:
    query = quote("SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } LIMIT 2")
    address = f"{served.address}sparql?query={query}"
    for output_format in ("csv", "text/csv", "text%2Fcsv", "CSV"):
        table = pandas.read_csv(f"{address}&format={output_format}")
        assert (list(table.columns), len(table)) == (["s", "l"], 2), output_format
    assert list(pandas.read_csv(f"{address}&format=tsv", sep="\t").columns) == ["?s", "?l"]
    assert pandas.read_csv(address, storage_options={"Accept": "text/csv"}).shape == (2, 2)
    assert pandas.read_csv(f"{served.address}cities.csv").columns[0] == "City (IRI)"


@pytest.mark.parametrize("name", ["csv-metadata.json", "cities.csv", "partnerships.csv", "agreements.csv"])
def test_csvw_finds_the_tables_valid_from_the_web(served: Served, name: str) -> None:
    assert CSVW(f"{served.address}{name}", validate=True).is_valid


def test_excel_is_served_the_mark_that_it_needs(served: Served) -> None:
    plain, marked = (ask(served.address, f"/cities{name}.csv") for name in ("", ".excel"))
    assert marked.body == b"\xef\xbb\xbf" + plain.body
    assert (plain.type, marked.type) == ("text/csv", "text/csv")
    assert "describedby" in plain.headers["link"]
    assert "describedby" not in marked.headers["link"], "the metadata is of the other"


def test_java_is_answered_what_it_asks_for(served: Served) -> None:
    document, rows = f"{served.address}id/city/liege", f"{served.address}sparql?query={quote(CITIES)}"
    json_, xml = "application/sparql-results+json", "application/sparql-results+xml"
    asked = {
        (document,): "text/html",
        (document, "text/turtle"): "text/turtle",
        (document, "text/turtle", "text/html;q=0.5"): "text/turtle",
        (document, "text/turtle;charset=UTF-8"): "text/turtle",
        (document, "text/turtle, *; q=.2, */*; q=.2"): "text/turtle",
        (document, "application/rdf+xml, text/xml; q=.9"): "application/rdf+xml",
        (document, "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"): "text/html",  # of Java 8 to 17
        (rows,): json_,
        (rows, json_, "application/rdf+xml;q=0.5"): json_,
        (rows, "text/xml"): xml,
    }
    lines = "".join(f"{json.dumps([address, accepts])}\n" for address, *accepts in asked)
    command = [sys.executable, str(HERE / "clients" / "java.py")]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    for (what, type_), (old, new, *types) in zip(asked.items(), json.loads(done.stdout), strict=True):
        assert (old, new) == (200, 200), what
        assert [media_type.partition(";")[0] for media_type in types] == [type_, type_], what


def test_urllib_is_refused_in_words_where_nothing_fits(served: Served) -> None:
    request = urllib.request.Request(f"{served.address}ontology", headers={"Accept": "application/n-quads"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 406
    assert "text/turtle" in json.loads(refused.value.read())["available"]
