"""The catalogue and VoID: valid by the official shapes, whole by the portals' measures, and true of what is there."""

import json
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, RdfFormat, Store
from pyshacl import validate
from rdflib import RDF, Graph, Namespace, URIRef

import copied
import needs
from ghent_partnerships.dist import TYPES
from ghent_partnerships.publishing.catalogue.authorities import MEDIA_TYPES
from ghent_partnerships.publishing.catalogue.distributions import distributions
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.rdf.namespaces import BASE
from loaded import DATA_SET, HEAD, PREFIXES
from serving import Served

HERE = Path(__file__).parents[1]
CATALOG = f"{BASE}catalog"
DISTRIBUTIONS = distributions("ghent-partnerships")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
SH = Namespace("http://www.w3.org/ns/shacl#")
DCAT, DCT = Namespace(PREFIXES["dcat"]), Namespace(PREFIXES["dcterms"])
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}  # by the ending of the file, as CKAN calls them
OFFICIAL = ("shapes", "range", "shapes_recommended", "deprecateduris")
# What data.europa.eu counts as such: its lists edp-machine-readable-format and edp-non-proprietary-format
MACHINE_READABLE = {
    *("CSV", "GEOJSON", "JSON", "JSON_LD", "XML"),
    *("RDF_N_QUADS", "RDF_N_TRIPLES", "RDF_TRIG", "RDF_TURTLE", "RDF_XML"),
}


@pytest.fixture(scope="module")
def catalogue(dist: Published) -> Graph:
    return Graph().parse(dist.directory / "catalog.ttl")


def shapes(name: str) -> Graph:
    return Graph().parse(needs.shared(f"conformance/dcat-ap/3.0.1/html-shacl/{name}.ttl"))


def results(graph: Graph, by: Graph) -> list[tuple[str, ...]]:
    """The severity, focus, path and component of each result; ``owl:imports`` are not followed."""
    _, report, _ = validate(graph, shacl_graph=by, do_owl_imports=False)
    properties = (SH.resultSeverity, SH.focusNode, SH.resultPath, SH.sourceConstraintComponent)
    return sorted(
        tuple(str(report.value(result, name)) for name in properties)
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


@pytest.mark.parametrize("name", OFFICIAL)
@pytest.mark.parametrize("ending", ["ttl", "jsonld", "rdf", "nt"])
def test_the_official_shapes_find_nothing(dist: Published, name: str, ending: str) -> None:
    by = shapes(name)
    graph = Graph().parse(dist.directory / f"catalog.{ending}")
    targets = {target for shape in by.subjects(RDF.type, SH.NodeShape) for target in by.objects(shape, SH.targetClass)}
    focused = {target for target in targets if any(graph.subjects(RDF.type, target))}
    assert name == "deprecateduris" or len(focused) >= 8, "the shapes have what to look at"
    assert results(graph, by) == []


@pytest.mark.parametrize(
    ("name", "removed", "found"),
    [
        ("shapes", (URIRef(DATA_SET), DCT.title), DATA_SET),
        ("range", (URIRef(AUTHORITY + "place/BEL_GNE"), RDF.type), DATA_SET),
        ("shapes_recommended", (URIRef(AUTHORITY + "place/BEL_GNE"), DCAT.bbox), AUTHORITY + "place/BEL_GNE"),
        ("shapes_recommended", (None, DCAT.endDate), f"{CATALOG}#period"),
    ],
)
def test_the_official_shapes_would_find_what_is_missing(
    catalogue: Graph, name: str, removed: tuple[URIRef | None, URIRef], found: str
) -> None:
    worse = Graph() + catalogue
    worse.remove((*removed, None))
    assert found in {result[1] for result in results(worse, shapes(name))}


def test_of_the_eu_vocabularies_only_the_publisher_is_no_term(catalogue: Graph) -> None:
    found = results(catalogue, shapes("mdr-vocabularies.shape"))
    checksums = [result for result in found if "sha256" in result[1]]  # the shape spells SPDX with https
    others = {(result[0].rpartition("#")[2], result[2]) for result in found if result not in checksums}
    assert ("Warning", str(DCT.publisher)) in others
    assert others <= {("Warning", str(DCT.publisher)), ("Violation", PREFIXES["skos"] + "inScheme")}


def test_every_form_says_the_same(dist: Published, catalogue: Graph) -> None:
    for ending in ("jsonld", "rdf", "nt"):
        assert set(Graph().parse(dist.directory / f"catalog.{ending}")) == set(catalogue), ending
    assert b'"@context": {' in (dist.directory / "catalog.jsonld").read_bytes(), "nothing is fetched to read it"


def test_each_distribution_is_the_file_that_it_says(dist: Published, catalogue: Graph) -> None:
    listed = list(catalogue.objects(URIRef(DATA_SET), DCAT.distribution))
    assert len(listed) == len(DISTRIBUTIONS) >= 14
    every = [*listed, *catalogue.objects(URIRef(DATA_SET), URIRef(PREFIXES["adms"] + "sample"))]
    for distribution in every:
        path = str(catalogue.value(distribution, DCAT.downloadURL)).removeprefix(BASE)
        content = (dist.directory / path).read_bytes()
        assert int(catalogue.value(distribution, DCAT.byteSize)) == len(content)
        checksum = catalogue.value(distribution, URIRef(PREFIXES["spdx"] + "checksum"))
        digest = catalogue.value(checksum, URIRef(PREFIXES["spdx"] + "checksumValue"))
        assert digest.toPython().hex() == sha256(content).hexdigest()  # type: ignore[union-attr]


def test_the_catalogue_says_what_the_graph_says(dist: Published, catalogue: Graph) -> None:
    graph = Graph().parse(dist.directory / "ghent-partnerships.ttl")
    about = URIRef(DATA_SET)
    for name in ("title", "description", "accessRights", "accrualPeriodicity", "spatial"):
        assert set(catalogue.objects(about, DCT[name])) == set(graph.objects(about, DCT[name])) != set(), name
    for name in ("keyword", "theme", "version"):
        assert set(catalogue.objects(about, DCAT[name])) == set(graph.objects(about, DCAT[name])) != set(), name
    assert catalogue.value(about, DCT.issued) == graph.value(about, DCT.available) is not None
    assert catalogue.value(about, DCT.modified) == graph.value(about, DCT.issued) is not None
    flat = URIRef(f"{CATALOG}#flat-ttl")
    assert catalogue.value(flat, DCT.language) is None, "it has no texts"
    period = catalogue.value(about, DCT.temporal)
    begun = "SELECT ?year { ?partnership a gp:Partnership ; gp:startYear ?year } ORDER BY ?year"
    years = [str(row["year"]) for row in graph.query(HEAD + begun)]  # type: ignore[index]
    assert [str(catalogue.value(period, DCAT[name])) for name in ("startDate", "endDate")] == ["1958", "2018"]
    assert (years[0], years[-1]) == ("1958", "2018")


def test_a_site_without_an_endpoint_lists_none(tmp_path: Path) -> None:
    home = copied.small(tmp_path / "home")
    code, output = copied.run(home, "publish", "--no-sparql", "--site", "https://example.org/x", str(tmp_path / "dist"))
    assert code == 0, output
    graph = Graph().parse(tmp_path / "dist" / "catalog.ttl")
    assert not list(graph.subjects(RDF.type, DCAT.DataService))
    assert str(graph.value(URIRef(f"{CATALOG}#ghent-partnerships-ttl"), DCAT.downloadURL)) == (
        "https://example.org/x/ghent-partnerships.ttl"
    )
    assert "void:sparqlEndpoint" not in (tmp_path / "dist" / ".well-known" / "void").read_text(encoding="utf-8")
    for name in ("shapes", "range", "shapes_recommended"):
        assert results(graph, shapes(name)) == []


def test_a_later_version_names_the_one_before_and_is_an_update(tmp_path: Path, catalogue: Graph) -> None:
    home = copied.small(tmp_path / "home")
    file = home / "data" / "release.ttl"
    text = file.read_text(encoding="utf-8").replace("0.1.0", "0.2.0").replace("2026-11-24", "2027-01-31")
    prior = "    owl:priorVersion <https://w3id.org/ghent-partnerships/ontology/0.1.0> ;\n    owl:versionIRI"
    file.write_text(text.replace("    owl:versionIRI", prior), encoding="utf-8")
    code, output = copied.run(home, "publish", str(tmp_path / "dist"))
    assert code == 0, output
    graph = Graph().parse(tmp_path / "dist" / "catalog.ttl")
    assert graph.value(URIRef(DATA_SET), DCAT.previousVersion) == URIRef(f"{BASE}feed/0.1.0")
    status, record = URIRef(f"{PREFIXES['adms']}status"), URIRef(f"{CATALOG}#record")
    assert graph.value(record, status) == URIRef("http://purl.org/adms/changetype/updated")
    for name in ("shapes", "range", "shapes_recommended"):
        assert results(graph, shapes(name)) == []
    for node in (URIRef(DATA_SET), record, URIRef(f"{CATALOG}#catalog"), URIRef(f"{CATALOG}#cities-csv")):
        assert [str(graph.value(node, name)) for name in (DCT.issued, DCT.modified)] == ["2026-11-24", "2027-01-31"]
    assert catalogue.value(URIRef(DATA_SET), DCAT.previousVersion) is None
    assert catalogue.value(record, status) == URIRef("http://purl.org/adms/changetype/created")


def test_a_term_that_the_catalogue_cannot_name_is_told(tmp_path: Path) -> None:
    home = copied.copy(tmp_path / "home")
    file = home / "data" / "dataset.ttl"
    file.write_text(
        file.read_text(encoding="utf-8").replace(
            f"dcat:theme <{AUTHORITY}data-theme/REGI>", f"dcat:theme <{AUTHORITY}data-theme/TRAN>"
        ),
        encoding="utf-8",
    )
    code, output = copied.run(home, "publish", str(tmp_path / "dist"))
    assert code == 1
    assert "data/dataset.ttl:" in output
    assert f"<{AUTHORITY}data-theme/TRAN>" in output
    assert "skos:prefLabel" in output


def points(graph: Graph, reachable: dict[str, bool]) -> dict[str, float]:
    """The score of data.europa.eu: https://data.europa.eu/mqa/methodology; of what is said of distributions, the
    share of those that say it."""
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    distributions = list(graph.objects(dataset, DCAT.distribution))
    assert distributions

    def has(name: URIRef) -> bool:
        return graph.value(dataset, name) is not None

    def share(name: URIRef, *, of: str = "", among: set[str] | None = None) -> float:
        values = [str(graph.value(distribution, name) or "") for distribution in distributions]
        fine = [value for value in values if value.startswith(of) and value]
        fine = [value for value in fine if among is None or value.rpartition("/")[2] in among]
        return len(fine) / len(values)

    def reached(name: URIRef) -> float:
        addresses = [str(graph.value(distribution, name)) for distribution in distributions]
        return sum(map(reachable.__getitem__, addresses)) / len(addresses)

    conforms = results(graph, shapes("shapes")) == []
    return {
        "keywords": 30 * has(DCAT.keyword),
        "categories": 30 * (str(graph.value(dataset, DCAT.theme)).startswith(AUTHORITY + "data-theme/")),
        "geo search": 20 * has(DCT.spatial),
        "time based search": 20 * has(DCT.temporal),
        "access URL accessible": 50 * reached(DCAT.accessURL),
        "download URL": 20 * share(DCAT.downloadURL),
        "download URL accessible": 30 * reached(DCAT.downloadURL),
        "format": 20 * share(DCT["format"]),
        "media type": 10 * share(DCAT.mediaType),
        "format and media type of the vocabularies": 10
        * min(
            share(DCT["format"], of=AUTHORITY + "file-type/"),
            share(DCAT.mediaType, of="https://www.iana.org/assignments/media-types/"),
        ),
        "not proprietary": 20 * share(DCT["format"], among=MACHINE_READABLE),
        "machine readable": 20 * share(DCT["format"], among=MACHINE_READABLE),
        "DCAT-AP": 30 * conforms,
        "licence": 20 * share(DCT.license),
        "licence of the vocabulary": 10 * share(DCT.license, of=AUTHORITY + "licence/"),
        "access rights": 10 * has(DCT.accessRights),
        "access rights of the vocabulary": 5
        * str(graph.value(dataset, DCT.accessRights)).startswith(AUTHORITY + "access-right/"),
        "contact": 20 * has(DCAT.contactPoint),
        "publisher": 10 * has(DCT.publisher),
        "rights": 5 * share(DCT.rights),
        "byte size": 5 * share(DCAT.byteSize),
        "date of issue": 5 * share(DCT.issued),
        "date of change": 5 * share(DCT.modified),
    }


@pytest.fixture(scope="module")
def reachable(served: Served, catalogue: Graph) -> dict[str, bool]:
    """Whether each address of a file answers, where the server on loopback has it."""
    addresses = {str(url) for name in (DCAT.accessURL, DCAT.downloadURL) for url in catalogue.objects(None, name)}
    return dict(answering(served, addresses))


def answering(served: Served, addresses: set[str]) -> Iterator[tuple[str, bool]]:
    for address in sorted(addresses):
        assert address.startswith(BASE)
        with urllib.request.urlopen(served.address + address.removeprefix(BASE)) as answer:
            yield address, answer.status == 200


def test_data_europa_eu_gives_all_its_points(catalogue: Graph, reachable: dict[str, bool]) -> None:
    scored = points(catalogue, reachable)
    assert sum(scored.values()) == 405, scored
    poorer = Graph() + catalogue
    poorer.remove((URIRef(f"{CATALOG}#cities-csv"), DCT.license, None))
    fewer = points(poorer, {**reachable, f"{BASE}cities.csv": False})
    lost = {name for name in scored if fewer[name] < scored[name]}
    assert lost == {"access URL accessible", "download URL accessible", "licence", "licence of the vocabulary"}


@pytest.fixture(scope="module")
def in_ckan(dist: Published) -> dict[str, Any]:
    """What CKAN makes of each form of the catalogue, in one process, since CKAN takes seconds to start."""
    python = needs.environment(HERE / "ckan")
    asked = [word for ending, form in FORMS.items() for word in (str(dist.directory / f"catalog.{ending}"), form)]
    command = [str(python), str(HERE / "ckan" / "parse.py"), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=python.parent)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("form", FORMS.values())
def test_ckan_finds_every_field_in_both_languages(in_ckan: dict[str, Any], form: str) -> None:
    found = in_ckan[form]
    (dataset,) = found["datasets"]
    extras = {extra["key"]: extra["value"] for extra in dataset["extras"]}
    assert dataset["title"] == "International partnerships of Ghent"
    assert (dataset["version"], dataset["license_id"], dataset["url"]) == ("0.1.0", "cc-by", BASE)
    assert {tag["name"] for tag in dataset["tags"]} >= {"town twinning", "jumelage"}
    asked = {
        "access_rights": AUTHORITY + "access-right/PUBLIC",
        "contact_name": "Ghent Partnerships",
        "contact_uri": f"{CATALOG}#contact",
        "frequency": AUTHORITY + "frequency/IRREG",
        "identifier": DATA_SET,
        "issued": "2026-11-24",
        "modified": "2026-11-24",
        "publisher_name": "Ghent Partnerships",
        "spatial_uri": AUTHORITY + "place/BEL_GNE",
        "temporal_end": "2018",
        "temporal_start": "1958",
        "uri": DATA_SET,
    }
    assert {name: extras.get(name) for name in asked} == asked
    assert extras["spatial_text"] in ("Ghent", "Gent"), "CKAN takes either"
    for name, number in {"language": 2, "theme": 2, "conforms_to": 1, "sample": 1}.items():
        assert len(json.loads(extras[name])) == number, name
    assert "GeoNames" in extras["provenance"]
    assert json.loads(extras["spatial_centroid"])["coordinates"] == [3.71667, 51.05]
    assert json.loads(extras["spatial_bbox"])["type"] == "Polygon"
    assert not [name for name in extras if "email" in name], "we have none"
    assert len(dataset["resources"]) == len(DISTRIBUTIONS)
    fields = ("name", "description", "access_url", "download_url", "mimetype", "format", "size", "license", "rights")
    more = ("hash", "hash_algorithm", "issued", "modified", "availability")
    for resource in dataset["resources"]:
        assert not [name for name in (*fields, *more) if not resource.get(name)]
        assert ("language" in resource) == ("flat.ttl" not in resource["url"]), "there are no texts in it"
        ending = resource["url"].rpartition(".")[2]
        assert resource["mimetype"] == f"{MEDIA_TYPES}{TYPES[ending]}", "CKAN puts an rdfs:label in its place"
    for name, texts in found["texts"].items():
        assert texts.keys() == {"en", "nl"}, name
        assert texts["en"] != texts["nl"], name
        assert all(texts.values()), name


def test_every_number_of_void_is_a_count(dist: Published) -> None:
    void = Store()
    void.bulk_load((dist.directory / ".well-known" / "void").read_bytes(), RdfFormat.TURTLE, base_iri=BASE)
    graph = Store()
    graph.bulk_load(path=dist.directory / "ghent-partnerships.nt", format=RdfFormat.N_TRIPLES)

    def rows(store: Store, text: str) -> list[tuple[str, ...]]:
        return [tuple(term.value for term in row) for row in store.query(HEAD + text)]  # type: ignore[union-attr]

    data_set = f"<{DATA_SET}>"
    for name, counted in {
        "triples": "COUNT(*) AS ?n) { ?s ?p ?o }",
        "distinctSubjects": "COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "distinctObjects": "COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "classes": "COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }",
        "properties": "COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "entities": f"COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER STRSTARTS(STR(?s), '{BASE}id/') }}",
    }.items():
        assert rows(void, f"SELECT ?n {{ {data_set} void:{name} ?n }}") == rows(graph, f"SELECT ({counted}"), name
    classes = rows(void, f"SELECT ?c ?n {{ {data_set} void:classPartition [ void:class ?c ; void:entities ?n ] }}")
    assert Counter(classes) == Counter(rows(graph, "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c"))
    of = "void:propertyPartition [ void:property ?p ; void:triples ?n ]"
    properties = rows(void, f"SELECT ?p ?n {{ {data_set} {of} }}")
    assert Counter(properties) == Counter(rows(graph, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
    links = rows(
        void,
        f"SELECT ?p ?space ?n {{ {data_set} void:subset ?l . ?l a void:Linkset ; void:linkPredicate ?p ; "
        "void:triples ?n ; void:objectsTarget [ void:uriSpace ?space ] }",
    )
    assert {space for _, space, _ in links} == {PREFIXES["wd"], "https://sws.geonames.org/"}
    for predicate, space, number in links:
        counted = f"{{ ?s <{predicate}> ?o FILTER (STRSTARTS(STR(?o), '{space}') && STRSTARTS(STR(?s), '{BASE}id/')) }}"
        assert rows(graph, f"SELECT (COUNT(*) AS ?n) {counted}") == [(number,)]
    for (example,) in rows(void, f"SELECT ?e {{ {data_set} void:exampleResource ?e }}"):
        assert graph.query(f"ASK {{ <{example}> ?p ?o }}")
    assert len(rows(void, f"SELECT ?e {{ {data_set} void:exampleResource ?e }}")) == 5
    dumps = rows(void, f"SELECT ?d {{ {data_set} void:dataDump ?d }}")
    assert len(dumps) == 6
    assert all((dist.directory / dump.removeprefix(BASE)).is_file() for (dump,) in dumps)
    vocabularies = {namespace for (namespace,) in rows(void, f"SELECT ?v {{ {data_set} void:vocabulary ?v }}")}
    assert {PREFIXES["skos"], PREFIXES["dcterms"], f"{BASE}ontology"} <= vocabularies
    assert not {namespace for namespace in vocabularies if not namespace.endswith(("#", "/", "ontology"))}


def test_void_is_served_as_turtle(served: Served) -> None:
    with urllib.request.urlopen(f"{served.address}.well-known/void") as answer:
        assert answer.headers.get_content_type() == "text/turtle"
        assert b"void:DatasetDescription" in answer.read()


def test_the_catalogue_is_negotiated(served: Served) -> None:
    forms = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
    wanted = dict(zip(forms, forms, strict=True))
    wanted |= {"application/xml": "application/rdf+xml", "application/json": "application/ld+json"}
    for accept, type_ in wanted.items():
        request = urllib.request.Request(f"{served.address}catalog", headers={"Accept": accept})
        with urllib.request.urlopen(request) as answer:
            assert answer.headers.get_content_type() == type_


def test_the_description_of_the_endpoint_counts_the_same(served: Served, dist: Published) -> None:
    with urllib.request.urlopen(f"{served.address}sparql") as answer:
        description = Store()
        description.bulk_load(answer.read(), RdfFormat.TURTLE)
    counted = description.query(HEAD + "SELECT ?n { ?d sd:defaultGraph [ void:triples ?n ] }")
    assert [row["n"] for row in counted] == [Literal(dist.triples)]  # type: ignore[union-attr]
