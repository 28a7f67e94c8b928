"""A plain project of two files, by its own IRIs: its pages, trees and prefixes, served and on real hosts."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple
from pyoxigraph import parse as read

import hosts
from ghent_partnerships.project.location import at
from ghent_partnerships.publishing.publish import Published, publish
from ghent_partnerships.rdf.parse import parse
from html_page import Page
from serving import Served, ask, serving

pytestmark = pytest.mark.xdist_group("plain")
BASE = "https://example.org/v/"
TABLE = '[tool.ghent-partnerships]\nstem = "two"\n'
ANIMALS = """PREFIX dct: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/v/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xmlish: <https://example.org/xml/>
PREFIX : <https://example.org/v/Animals/>

ex:Animals a skos:ConceptScheme ; skos:prefLabel "Animals"@en , "Dieren"@nl ; dct:creator _:a .
ex:animals a skos:ConceptScheme ; skos:prefLabel "Animals"@en .
_:a ex:name "Anna" ; ex:knows [ ex:name "Bea" ; ex:knows _:a ] .
:cat a skos:Concept ; skos:inScheme ex:Animals ; skos:prefLabel "Cat"@en , "Kat"@nl ; skos:broader :mammal , :pet .
:mammal a skos:Concept ; skos:inScheme ex:Animals ; skos:topConceptOf ex:Animals ; skos:prefLabel "Mammal"@en .
:pet a skos:Concept ; skos:inScheme ex:Animals ; skos:prefLabel "Pet"@en ; skos:narrower :cat .
:lion a skos:Concept ; skos:inScheme ex:Animals ; skos:prefLabel "Lion"@en ; skos:broader :cat .
:ring1 a skos:Concept ; skos:inScheme ex:Animals ; skos:narrower :ring2 .
:ring2 a skos:Concept ; skos:inScheme ex:Animals ; skos:narrower :ring1 , :ring2 .
"""
DATA_SET = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/v/>
PREFIX void: <http://rdfs.org/ns/void#>

ex:set a dcat:Dataset ; dcterms:title "Two files"@en , "Twee bestanden"@nl ; dcterms:language "en" , "nl" ;
    void:uriSpace "https://example.org/v/" ; dcat:version "1.0.0" ; dcterms:issued "2026-01-01" .
<urn:isbn:0451450523> dcterms:title "A book" ; dcterms:relation <https://example.org/v/a%20b> .
<https://example.org/v/a%20b> ex:size 1 .
ex:a_b ex:size 2 .
ex:A_b ex:size 3 .
<https://example.org/v/\u6771\u4eac> ex:size 4 .
ex:x.ttl ex:size 5 .
ex:x ex:size 6 .
<https://example.org/v/x/y> ex:size 7 .
<https://example.org/v/x#part> ex:size 8 .
ex:_hidden ex:size 9 .
ex:catalog ex:size 10 .
_:a ex:name "Another" .
ex:list ex:items ( 1 "two" ) ; ex:where [ ex:name "A nest" ; ex:deeper [ ex:name "Deep" ] ] .
"""


def project(folder: Path, files: dict[str, str], table: str = TABLE) -> Path:
    """A project with these files of data."""
    for name, text in {"pyproject.toml": table, **{f"data/{name}": text for name, text in files.items()}}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, in a folder of a repository that has one release of it."""
    top = tmp_path_factory.mktemp("plain")
    made = project(top / "vocabularies", {"animals.ttl": ANIMALS, "dataset.ttl": DATA_SET})
    identity = ("-c", "user.name=A person", "-c", "user.email=person@example.org")
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "First"], ["tag", "v1.0.0"]):
        subprocess.run(["git", *arguments], cwd=top, check=True)
    return made


@pytest.fixture(scope="module")
def published(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(hosts.readable(tmp_path_factory.mktemp("hosted")) / "v", folder)


@pytest.fixture(scope="module")
def dist(published: Published) -> Path:
    return published.directory


def page(dist: Path, path: str) -> Page:
    return Page((dist / path).read_text(encoding="utf-8"))


def canonical(triples: list[Triple]) -> set[Quad]:
    found = Dataset(Quad(*triple) for triple in triples)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def triples(file: Path, rdf_format: RdfFormat) -> list[Triple]:
    return [quad.triple for quad in read(path=file, format=rdf_format)]


def test_every_resource_has_a_document_by_its_own_iri(dist: Path) -> None:
    found = {file.relative_to(dist / "doc/resource").as_posix() for file in (dist / "doc").rglob("*.nt")}
    animals = {f"Animals/{name}.nt" for name in ("cat", "lion", "mammal", "pet", "ring1", "ring2")}
    assert found - animals == {
        *("A_b.nt", "Animals.nt", "a_b-2.nt", "a_b-3.nt", "animals-2.nt", "catalog.nt", "hidden.nt", "index.nt"),
        *("isbn_0451450523.nt", "list.nt", "set.nt", "x.nt", "x/y.nt", "x_ttl.nt"),
    }
    assert animals < found


def test_every_format_of_the_whole_says_what_the_files_say(dist: Path, folder: Path) -> None:
    stated = [triple for file in sorted((folder / "data").iterdir()) for triple in parse(file).triples]
    turtle = canonical(triples(dist / "two.ttl", RdfFormat.TURTLE))
    added = {quad.predicate.value.rpartition("#")[2] for quad in turtle - canonical(stated)}
    assert added == {"hasTopConcept", "topConceptOf"}
    for ending, rdf_format in (("nt", RdfFormat.N_TRIPLES), ("rdf", RdfFormat.RDF_XML), ("jsonld", RdfFormat.JSON_LD)):
        assert canonical(triples(dist / f"two.{ending}", rdf_format)) == turtle, ending


def test_prefixes_are_those_of_its_files(dist: Path) -> None:
    text = (dist / "two.ttl").read_text(encoding="utf-8")
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == ["dcat:", "dct:", "ex:", "skos:", "void:"]
    assert "\nex:A_b\n    ex:size 3 ;\n.\n" in text
    assert "<dt>dct:creator</dt>" in (dist / "doc/resource/Animals.html").read_text(encoding="utf-8")


def test_a_blank_node_that_is_shared_has_its_label_and_others_none(dist: Path) -> None:
    text = (dist / "two.ttl").read_text(encoding="utf-8")
    (label,) = {word for word in text.split() if word.startswith("_:")}
    assert f"    dct:creator {label} ;\n" in text
    assert f'\n{label}\n    ex:knows [ ex:knows {label} ; ex:name "Bea" ] ;\n    ex:name "Anna" ;\n.\n' in text
    assert '    ex:items ( 1 "two" ) ;\n' in text
    assert '[]\n    ex:name "Another" ;\n' in text


def test_a_page_shows_what_is_said_of_blank_nodes_once_and_lists_in_order(dist: Path) -> None:
    animals, nested = page(dist, "doc/resource/Animals.html"), page(dist, "doc/resource/list.html")
    assert [len(found.all("dl", **{"class": "unnamed"})) for found in (animals, nested)] == [2, 2]
    assert "\u2026" in animals.texts["bdi"]  # the ring comes round to the first
    assert animals.texts["bdi"].count("Anna") == animals.texts["bdi"].count("Bea") == 1
    assert nested.texts["bdi"].index("1") + 1 == nested.texts["bdi"].index("two")
    assert {"A nest", "Deep"} < set(nested.texts["bdi"])


def test_the_tree_has_each_concept_below_each_above_it_and_what_is_below_it_once(dist: Path) -> None:
    text = (dist / "doc/resource/Animals.html").read_text(encoding="utf-8")
    tree = text[text.index('id="tree"') : text.index('id="facts"')]
    shown, depth = [], 0
    for line in tree.replace("<ul>", "\n<ul>\n").replace("</ul>", "\n</ul>\n").splitlines():
        depth += (line == "<ul>") - (line == "</ul>")
        if "<a " in line:
            shown.append((depth, Page(line.partition("</a>")[0].partition("<li>")[2] + "</a>").text("a")))
    assert shown == [
        (1, "Mammal"),
        (2, "Cat"),
        (3, "Lion"),
        (1, "Pet"),
        (2, "Cat"),
        (1, f"{BASE}Animals/ring1"),
        (2, f"{BASE}Animals/ring2"),
        (3, f"{BASE}Animals/ring1"),
    ]


def test_the_overview_lists_classes_and_schemes_also_two_of_one_name(dist: Path) -> None:
    overview, everything = page(dist, "index.html"), page(dist, "resources.html")
    assert overview.text("h1") == "Two files"
    schemes = [link["href"] for link in overview.all("a") if link["href"].startswith("doc/")]
    assert schemes == ["doc/resource/Animals.html", "doc/resource/animals-2.html"]
    counted = {link["href"]: overview.texts["a"][number] for number, link in enumerate(overview.all("a"))}
    classes = {name: href for href, name in counted.items() if href.startswith("resources.html#")}
    assert list(classes) == ["\u2026", "concept", "list of concepts", "data set"]
    assert [link["href"] for link in everything.all("a") if "hidden" in link["href"]] == ["doc/resource/hidden.html"]


def test_no_link_is_dead(dist: Path) -> None:
    dead, followed = set(), 0
    for file in dist.rglob("*.html"):
        path = file.relative_to(dist).as_posix()
        found = Page(file.read_text(encoding="utf-8"))
        links = {attributes[name] for _, attributes in found.elements for name in ("href", "src") if name in attributes}
        for link in links:
            address = urljoin(BASE + path, link)
            if not address.startswith(BASE) or address in (f"{BASE}sparql", f"{BASE}set"):
                continue
            followed += 1
            there = dist / (unquote(urlsplit(address).path).removeprefix("/v/") or "index.html")
            if not there.is_file() and not there.with_name(f"{there.name}.html").is_file():
                dead.add((path, link))
            elif (fragment := urlsplit(address).fragment) and there.suffix == ".html" and there.parent.name != "query":
                ids = page(dist, there.relative_to(dist).as_posix()).ids()
                if fragment not in ids and not fragment.startswith("q="):
                    dead.add((path, link))
    assert followed > 500
    assert dead == set()


def test_the_bytes_are_the_same_each_time(folder: Path, dist: Path, tmp_path: Path) -> None:
    again = publish(tmp_path / "again", folder).directory
    assert (again / "SHA256SUMS").read_bytes() == (dist / "SHA256SUMS").read_bytes()


def test_it_has_a_feed_of_its_release(published: Published, dist: Path) -> None:
    assert published.feed_problem is None
    assert f"<id>{BASE}feed#en</id>" in (dist / "feed.atom").read_text(encoding="utf-8")
    members = (dist / "feed/1.0.0.ttl").read_text(encoding="utf-8")
    assert f"<{BASE}feed/1.0.0#Animals/cat>" in members


@pytest.fixture(scope="module")
def served(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(dist, tmp_path_factory.mktemp("served") / "log") as running:
        yield running


NEGOTIATED = [
    ("Animals", "text/turtle", "Animals"),
    ("Animals/cat", "application/ld+json", "Animals/cat"),
    ("x", "application/n-triples", "x"),
    ("x/y", "application/rdf+xml", "x/y"),
]


@pytest.mark.parametrize(("iri", "type_", "path"), [*NEGOTIATED, ("x.ttl", "text/turtle", "x_ttl")])
def test_served_an_iri_leads_to_its_document_in_each_format(served: Served, iri: str, type_: str, path: str) -> None:
    answer = ask(served.address, f"/{iri}")
    assert answer.status == 303
    location = urljoin(f"{served.address}{iri}", answer.headers["location"])
    assert location == f"{served.address}doc/resource/{path}"
    for accept in (type_, "text/html"):
        document = ask(served.address, f"/doc/resource/{path}", headers=[("Accept", accept)])
        assert (document.status, document.type) == (200, accept)
    assert f'<{BASE}{iri}>; rel="cite-as"' in document.headers["link"]


def test_served_a_page_of_the_site_is_not_hidden_by_a_resource(served: Served) -> None:
    answer = ask(served.address, "/catalog", headers=[("Accept", "text/html")])
    assert (answer.status, answer.type) == (200, "text/html")
    assert ask(served.address, "/doc/resource/hidden").status == 200
    assert ask(served.address, "/nothing").status == 404
    assert ask(served.address, "/reconcile").status == 404  # nothing here has a name to be matched


def test_served_it_is_queried_and_has_its_feed(served: Served) -> None:
    query = (
        "SELECT%20?n%20{%20<https://example.org/v/Animals>%20?p%20?b%20.%20?b%20<https://example.org/v/name>%20?n%20}"
    )
    answer = ask(served.address, f"/sparql?query={query}", headers=[("Accept", "text/csv")])
    assert (answer.status, answer.body) == (200, b"n\r\nAnna\r\n")
    assert ask(served.address, "/feed", headers=[("Accept", "text/turtle")]).status == 200
    assert ask(served.address, "/feed.atom").type == "application/atom+xml"


@pytest.fixture(scope="module", params=["apache", "nginx"])
def host(
    request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, str]]:
    home = tmp_path_factory.mktemp(request.param)
    with hosts.apache(dist.parent, home) if request.param == "apache" else hosts.nginx(dist, "two", home) as port:
        yield port, "/v" if request.param == "apache" else ""


@pytest.mark.parametrize(("iri", "type_", "path"), NEGOTIATED)
def test_hosts_lead_from_an_iri_to_its_document_in_each_format(
    host: tuple[int, str], iri: str, type_: str, path: str
) -> None:
    port, root = host
    answer = hosts.ask(port, f"{root}/{iri}")
    assert answer.status == 303
    assert urlsplit(answer.headers["location"]).path == f"{root}/doc/resource/{path}"
    for accept in (type_, "text/html"):
        document = hosts.ask(port, f"{root}/doc/resource/{path}", Accept=accept)
        assert (document.status, document.type) == (200, accept)
    dutch = hosts.ask(port, f"{root}/doc/resource/{path}", Accept="text/html", Accept_Language="nl")
    assert b'<html lang="nl">' in dutch.body


def test_hosts_show_the_pages_of_the_site_and_files_by_their_names(host: tuple[int, str]) -> None:
    port, root = host
    assert hosts.ask(port, f"{root}/").body.startswith(b"<!doctype html>")
    assert hosts.ask(port, f"{root}/catalog", Accept="text/html").type == "text/html"
    assert hosts.ask(port, f"{root}/doc/resource/x.ttl").body.startswith(b"@prefix")
    assert b"ex:size 5" in hosts.ask(port, f"{root}/doc/resource/x_ttl", Accept="text/turtle").body
    assert hosts.ask(port, f"{root}/nothing").status == 404


def test_a_list_of_redirections_by_id_is_for_cities(dist: Path) -> None:
    assert not (dist / "_redirects").exists()


@pytest.mark.parametrize(
    ("text", "resources", "says"),
    [
        ("[] <https://e.example/p> [ <https://e.example/p> 1 ] .\n", 0, "two"),  # blank nodes alone
        ("<urn:a:b> <urn:a:p> <urn:a:c> .\n", 1, "urn:a:b"),  # no label, and nothing in common
        ("<http://e.example/a%20\u00e9/\\u00e0?q=1&r=<>#x> a <urn:x:y> .\n".replace("<>", ""), 1, "two"),
    ],
)
def test_a_graph_without_a_data_set_and_without_labels(text: str, resources: int, says: str, tmp_path: Path) -> None:
    found = publish(tmp_path / "dist", project(tmp_path / "project", {"a.ttl": text}))
    assert (found.resources, found.feed_problem) == (resources, None)
    assert page(found.directory, "index.html").text("h1") == "two"
    assert says in (found.directory / "resources.html").read_text(encoding="utf-8")
    written = (found.directory / "two.ttl").read_text(encoding="utf-8")
    assert canonical(triples(found.directory / "two.nt", RdfFormat.N_TRIPLES)) == canonical(
        triples(found.directory / "two.ttl", RdfFormat.TURTLE)
    )
    assert "_:" not in written
    with serving(found.directory, tmp_path / "log") as running:
        answer = ask(
            running.address, "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", headers=[("Accept", "text/csv")]
        )
        description = ask(running.address, "/sparql", headers=[("Accept", "text/turtle")])
    assert (answer.status, description.status, description.type) == (200, 200, "text/turtle")


def test_prefixes_that_conflict_are_those_of_most_files_and_of_the_settings(tmp_path: Path) -> None:
    files = {
        "a.ttl": "PREFIX a: <http://e.example/1/>\nPREFIX mine: <http://e.example/9/>\na:x a:y a:z .\n",
        "b.ttl": "PREFIX a: <http://e.example/2/>\nPREFIX b: <http://e.example/1/>\na:x a:y a:z .\n",
        "c.ttl": "PREFIX a: <http://e.example/2/>\nPREFIX xml: <http://e.example/3/>\na:x a:y a:q .\n",
        "d.ttl": "PREFIX a: <http://e.example/2/> .\n",  # which cannot be read
        "e.ttl": "PREFIX here: <#>\nPREFIX d: <http://purl.org/dc/terms/>\n<http://e.example/> d:title 'x' .\n",
    }
    table = TABLE + '[tool.ghent-partnerships.prefixes]\nset = "http://e.example/9/"\n'
    found = at(project(tmp_path, files, table)).prefixes
    shown = {name: space for name, space in found.items() if space.startswith(("http://e.example", "file:"))}
    assert shown == {"set": "http://e.example/9/", "a": "http://e.example/2/", "b": "http://e.example/1/"}
    assert (found["d"], "dcterms" in found) == ("http://purl.org/dc/terms/", False)
    assert found["skos"] == "http://www.w3.org/2004/02/skos/core#"
