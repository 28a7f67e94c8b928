"""What ``publish`` writes: complete, the same graph in every form, and the same bytes wherever it is written."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple
from rdflib.namespace import SKOS

import copied
from ghent_partnerships.project.location import packaged
from ghent_partnerships.project.project import Project
from ghent_partnerships.publishing.publish import Published, publish
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.concepts import top_concepts
from ghent_partnerships.rdf.namespaces import ID, PREFIXES
from ghent_partnerships.validation.check import validate
from loaded import HEAD, load_store, query_triples

PROJECT = packaged()

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}


def derived() -> set[str]:
    """What is published beside what is stated."""
    stated = [
        quad.triple for file in PROJECT.graph_files() for quad in pyoxigraph.parse(path=file, format=RdfFormat.TURTLE)
    ]
    return {str(Quad(*triple)) for triple in top_concepts(stated)}


def canonical(path: Path) -> set[str]:
    """The triples of a file, blank nodes labelled canonically."""
    dataset = Dataset(pyoxigraph.parse(path=path, format=FORMATS[path.suffix[1:]]))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def source(files: list[Path]) -> set[str]:
    dataset = Dataset(Quad(*triple) for file in files for triple in parse.parse(file).triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_the_whole_graph_is_published_in_every_form(dist: Published) -> None:
    graph = source(PROJECT.graph_files()) | derived()
    assert len(graph) == dist.triples > 2400
    for suffix in FORMATS:
        assert canonical(dist.directory / f"ghent-partnerships.{suffix}") == graph, suffix


def test_the_parts_are_published_in_every_form(dist: Published) -> None:
    subjects = {line.partition(" ")[0] for line in source(PROJECT.ontology_files())}
    ontology = {line for line in source(PROJECT.graph_files()) if line.partition(" ")[0] in subjects}
    expected = {
        "ontology": ontology,
        "shapes": source([PROJECT.shapes_file(), *PROJECT.shape_files(), PROJECT.rules_file()]),
        "style": source([PROJECT.style_file()]),
        "queries": {str(Quad(*triple)) for triple in query_triples()},
    }
    assert source(PROJECT.ontology_files()) < ontology, "the release is said of the ontology elsewhere"
    for name, triples in expected.items():
        assert triples
        for suffix in FORMATS:
            assert canonical(dist.directory / f"{name}.{suffix}") == triples, f"{name}.{suffix}"


def test_every_resource_has_its_document_in_every_form(dist: Published) -> None:
    about = [PROJECT.shapes_file(), *PROJECT.shape_files(), PROJECT.rules_file(), PROJECT.style_file()]
    files = [*PROJECT.graph_files(), *about]
    triples = [*query_triples(), *(triple for file in files for triple in parse.parse(file).triples)]
    subjects = {
        triple.subject.value.removeprefix(ID).partition("#")[0]
        for triple in triples
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(ID)
    }
    documents = {path.relative_to(dist.directory / "doc").as_posix() for path in (dist.directory / "doc").rglob("*.*")}
    endings = [*FORMATS, "html", "nl.html"]
    assert documents == {f"{subject}.{ending}{gz}" for subject in subjects for ending in endings for gz in ("", ".gz")}
    assert len(subjects) == dist.resources
    for subject in ("city/kanazawa", "partnership/ghent-kanazawa", "fragment/b3", "shape/partnership", "query/trends"):
        forms = [canonical(dist.directory / f"doc/{subject}.{suffix}") for suffix in FORMATS]
        assert forms[0]
        assert all(form == forms[0] for form in forms), subject
    kanazawa = canonical(dist.directory / "doc/city/kanazawa.nt")
    about = {line for line in kanazawa if line.startswith(f"<{ID}city/kanazawa>")}
    (of_document,) = about - source(PROJECT.graph_files())
    assert "isPrimaryTopicOf" in of_document
    assert about - {of_document} == {
        line for line in source(PROJECT.graph_files()) if line.startswith(f"<{ID}city/kanazawa>")
    }


def test_what_a_fragment_of_a_resource_names_is_in_its_document(dist: Published) -> None:
    described = canonical(dist.directory / "doc/query/twin-cities.nt")
    assert any(line.startswith(f"<{ID}query/twin-cities#lang>") for line in described)


def test_every_file_has_a_compressed_copy_without_a_time(dist: Published) -> None:
    files = {path for path in dist.directory.rglob("*") if path.is_file() and path.name != "SHA256SUMS"}
    plain = {path for path in files if path.suffix != ".gz" and path.name[0] not in "._"}  # these a host reads itself
    files = {path for path in files if path.name[0] not in "._"}
    assert files - plain == {path.with_name(f"{path.name}.gz") for path in plain}
    for path in plain:
        compressed = path.with_name(f"{path.name}.gz").read_bytes()
        assert gzip.decompress(compressed) == path.read_bytes()
        assert compressed[:9] == b"\x1f\x8b\x08" + bytes(6), "RFC 1952: neither a name, nor a time, nor a level"


def test_the_documents_of_all_resources_are_the_graph(dist: Published) -> None:
    described = set()
    for path in (dist.directory / "doc").rglob("*.nt"):
        if path.parent.name not in ("query", "shape"):
            described |= canonical(path)
    rest = source(PROJECT.graph_files()) - described
    assert {line.split()[0] for line in rest if ID in line.split()[0]} == set()


def test_the_queries_are_published_as_they_are(dist: Published) -> None:
    published = {path.relative_to(dist.directory): path.read_bytes() for path in dist.directory.rglob("*.rq")}
    files = (*PROJECT.query_files(), *PROJECT.federated_files())
    assert published == {file.relative_to(PROJECT.root): file.read_bytes() for file in files}


def test_the_checksums_are_right_and_complete(dist: Published) -> None:
    lines = (dist.directory / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    present = {
        path.relative_to(dist.directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in dist.directory.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert listed == present
    assert list(listed) == sorted(listed)
    assert dist.files == len(present) + 1


def test_published_again_elsewhere_the_bytes_are_the_same_and_nothing_is_left_beside(
    dist: Published, tmp_path: Path
) -> None:
    shutil.copytree(dist.directory, tmp_path / "dist")
    elsewhere = {"PYTHONHASHSEED": "2", "TZ": "America/Adak", "LC_ALL": "C", "HOME": "/", "LANG": "nl_BE.UTF-8"}
    command = [sys.executable, "-m", "ghent_partnerships", "--project", "ghent", "publish", "dist"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **elsewhere}, check=True, capture_output=True, text=True
    )
    files, resources, triples = dist.files, dist.resources, dist.triples
    assert done.stdout.startswith(f"dist: {files:,} files, {resources:,} resources, {triples:,} triples\n")
    assert (tmp_path / "dist" / "SHA256SUMS").read_bytes() == (dist.directory / "SHA256SUMS").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]
    assert sum(path.is_file() for path in (tmp_path / "dist").rglob("*")) == files


def test_the_directory_says_what_it_is_under_which_licence_and_whom_to_name(dist: Published) -> None:
    from ghent_partnerships.sparql.views import data_set

    of = data_set(load_store(), packaged())
    text = (dist.directory / "README.md").read_text(encoding="utf-8")
    texts = [text for by_language in (of.title, of.description, of.rights) for text in by_language.values()]
    assert len(texts) == 6
    for part in (*texts, of.version, of.issued, f"<{of.licence}>"):
        assert part
        assert part in text
    named = set(re.findall(r"`([^`]+)`", text))
    assert {name for name in named if not (dist.directory / name).is_file()} == set()


def test_published_turtle_is_canonical(dist: Published) -> None:
    from ghent_partnerships.rdf.format import canonical as formatted

    for path in ("ghent-partnerships.ttl", "shapes.ttl", "doc/partnership/ghent-melle.ttl"):
        file = dist.directory / path
        assert formatted(file) == file.read_text(encoding="utf-8"), path


def test_no_published_turtle_has_the_newer_spelling_of_prefixes(dist: Published) -> None:
    files = [*dist.directory.rglob("*.ttl"), *dist.directory.rglob("*.trig"), dist.directory / ".well-known/void"]
    assert len(files) > 400
    heads = {file: file.read_text(encoding="utf-8").partition("\n\n")[0].splitlines() for file in files}
    assert [
        file for file, head in heads.items() if any(not line.startswith(("@prefix ", "@version ")) for line in head)
    ] == []


def test_each_scheme_names_its_top_concepts_and_each_of_them_its_scheme(dist: Published) -> None:
    graph = rdflib.Graph().parse(dist.directory / "ghent-partnerships.ttl")
    members = set(graph.subject_objects(SKOS.inScheme))
    assert members
    assert {(concept, scheme) for scheme, concept in graph.subject_objects(SKOS.hasTopConcept)} == members
    assert set(graph.subject_objects(SKOS.topConceptOf)) == members
    document = rdflib.Graph().parse(dist.directory / "doc/scheme/kinds.ttl")
    kinds = [rdflib.URIRef(f"{ID}concept/{name}") for name in ("cooperation", "twinning")]
    assert sorted(document.objects(rdflib.URIRef(f"{ID}scheme/kinds"), SKOS.hasTopConcept)) == kinds
    concept = rdflib.Graph().parse(dist.directory / "doc/concept/twinning.jsonld")
    assert (kinds[1], SKOS.topConceptOf, rdflib.URIRef(f"{ID}scheme/kinds")) in concept


def test_a_concept_below_another_is_no_top_concept() -> None:
    scheme, above, below, beneath = (NamedNode(f"urn:{name}") for name in ("scheme", "above", "below", "beneath"))
    within = [Triple(concept, NamedNode(SKOS.inScheme), scheme) for concept in (above, below, beneath)]
    order = [Triple(below, NamedNode(SKOS.broader), above), Triple(above, NamedNode(SKOS.narrower), beneath)]
    stated = Triple(above, NamedNode(SKOS.topConceptOf), scheme)
    assert top_concepts([*within, *order]) == [Triple(scheme, NamedNode(SKOS.hasTopConcept), above), stated]
    assert stated not in top_concepts([*within, *order, stated]), "it is stated already"


def test_what_is_published_conforms_to_the_shapes_that_are(dist: Published) -> None:
    shapes, graph = (str(dist.directory / name) for name in ("shapes.ttl", "ghent-partnerships.ttl"))
    assert validate([graph], shapes=[shapes]).findings == ()


def test_no_two_documents_differ_in_case_only(dist: Published) -> None:
    """A file system that folds case would keep one of them."""
    paths = [path.relative_to(dist.directory).as_posix() for path in dist.directory.rglob("*.ttl")]
    assert len({path.lower() for path in paths}) == len(paths) > 300
    assert [path for path in paths if path.startswith("doc/") and path != path.lower()] == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("<https://w3id.org/ghent-partnerships/id/../../evil> rdfs:seeAlso wd:Q1 .", "is not an IRI of the scheme"),
        ("<https://w3id.org/ghent-partnerships/id/city/Ghent> rdfs:seeAlso wd:Q1 .", "is not an IRI of the scheme"),
        ("city:ghent rdfs:seeAlso [ rdfs:seeAlso wd:Q1 ] .", "A blank node cannot be published"),
        ("wd:Q1 rdfs:seeAlso <other.ttl> .", "A relative IRI names a file of this machine"),
        ("wd:Q1 <http://example.org/2014> 1 .", "The predicate <http://example.org/2014> cannot be written in RDF/XML"),
        ('wd:Q1 rdfs:comment "\\u0001" .', r"The character U\+0001 cannot be written in RDF/XML"),
    ],
)
def test_what_has_no_document_or_form_is_refused(
    statement: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ghent_partnerships.errors import InvalidError

    file = tmp_path / "odd.ttl"
    file.write_text(HEAD + statement, encoding="utf-8")
    files = [*PROJECT.graph_files(), file]
    monkeypatch.setattr(Project, "graph_files", lambda _: files)
    with pytest.raises(InvalidError, match=message) as raised:
        publish(tmp_path / "dist")
    assert {finding.location.path for finding in raised.value.findings} == {str(file)}
    assert not (tmp_path / "dist").exists()


def test_a_severity_of_ones_own_stops_it_and_a_warning_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ghent_partnerships.errors import InvalidError
    from ghent_partnerships.findings import Finding, Location, Report
    from ghent_partnerships.publishing import publish as module
    from ghent_partnerships.text import Text

    severities = ("http://my.test/Blocker", "warning", "info", "violation")
    found = [Finding(severity=name, message=Text(name), location=Location("a.ttl")) for name in severities]
    monkeypatch.setattr(module, "check_project", lambda _documents: Report(tuple(found), 1, 1))
    with pytest.raises(InvalidError) as raised:
        module.publish(tmp_path / "dist")
    assert [finding.severity for finding in raised.value.findings] == ["http://my.test/Blocker", "violation"]
    assert not (tmp_path / "dist").exists()


def test_without_the_bundle_all_but_query_page_and_search_is_published(tmp_path: Path, dist: Published) -> None:
    home = copied.copy(tmp_path / "home")
    shutil.rmtree(
        home / "scripts" / "ghent_partnerships" / "publishing" / "site" / "web" / "bundle", ignore_errors=True
    )
    done = copied.done(home, "publish", str(tmp_path / "dist"))
    assert done.returncode == 0
    assert done.stderr.startswith("without query page, search and the land on the map: ")
    assert "make web" in done.stderr
    names, bare = (
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        for folder in (dist.directory, tmp_path / "dist")
    )
    assert bare <= names
    missing = {path.partition("/")[0].partition(".")[0] for path in names - bare}
    of_scripts = {"answers", "assets", "completions", "embed", "offline", "query", "search"}
    assert missing <= {*of_scripts, "documentation", "feed", "previews"}
    overview = (tmp_path / "dist" / "index.html").read_text(encoding="utf-8")
    assert "<svg" in overview
    assert not re.search(r"<script src|query\.html|search\.js", overview), "nothing asks for what is not there"


def test_the_document_of_a_resource_leads_to_its_partnership_its_licence_and_its_data_set(dist: Published) -> None:
    city, document = f"{ID}city/liege", "https://w3id.org/ghent-partnerships/doc/city/liege"
    foaf = "http://xmlns.com/foaf/0.1/"
    expected = {
        (f"{ID}partnership/ghent-liege", PREFIXES["gp"] + "party", city),
        (city, foaf + "isPrimaryTopicOf", document),
        (document, foaf + "primaryTopic", city),
        (document, PREFIXES["dcterms"] + "license", "https://creativecommons.org/licenses/by/4.0/"),
        (document, PREFIXES["void"] + "inDataset", f"{ID}dataset/ghent-partnerships"),
    }
    for form in ("ttl", "nt", "jsonld", "rdf"):
        graph = rdflib.Graph().parse(dist.directory / f"doc/city/liege.{form}")
        found = {tuple(map(str, triple)) for triple in graph}
        assert expected <= found, form
