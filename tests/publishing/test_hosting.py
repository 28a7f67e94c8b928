"""The rules for hosts, on real ones: Apache and nginx serve a published site, and say what a client may rely on."""

import gzip
import http.client
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import hosts
import needs
from ghent_partnerships.dist import HEADERS, HEADERS_EMBEDDED, TYPES
from ghent_partnerships.publishing.hosting import MOST, files
from ghent_partnerships.publishing.publish import Published
from hosts import ask
from loaded import load_store
from publications import publication

pytestmark = pytest.mark.xdist_group("hosting")  # one worker starts the servers

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8, application/ld+json;q=0.7, */*;q=0.1"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,text/html;q=0.2"
)
PYLD = "application/ld+json, application/json;q=0.5, text/html;q=0.8, application/xhtml+xml;q=0.8"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
NAMED_FIRST = [  # where weights are not read: what is named before HTML, or without it
    (COMUNICA, "ttl"),
    (PYLD, "jsonld"),
    (PROTEGE, "rdf"),
    ("application/rdf+xml, text/html;q=0.1", "rdf"),
    ("application/json", "jsonld"),
    ("application/json, text/plain, */*", "jsonld"),
    ("application/xml, */*;q=0.1", "rdf"),
    ("text/xml", "rdf"),
    ("text/n3, */*;q=0.1", "ttl"),
    ("application/x-turtle", "ttl"),
    ("Text/Turtle;charset=utf-8", "ttl"),
    ("text/plain, */*;q=0.1", "nt"),
    ("text/html, text/turtle", "html"),
    ("text/html;q=0.9, application/ld+json", "html"),
    ("*/*", "html"),
    (BROWSER, "html"),
]


@pytest.fixture(scope="module")
def site(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published site where servers may read it, with the rules for w3id.org beside."""
    folder = hosts.readable(tmp_path_factory.mktemp("hosted"))
    shutil.copytree(dist.directory, folder / "ghent-partnerships")
    (folder / "w3id").mkdir()
    (rules,) = (
        content
        for path, content in files(publication(load_store(), address="https://example.org/site/"), ["index"])
        if path.endswith("w3id.htaccess")
    )
    (folder / "w3id/.htaccess").write_bytes(rules)
    return folder


@pytest.fixture(scope="module")
def apache(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with hosts.apache(site, tmp_path_factory.mktemp("apache")) as port:
        yield port


@pytest.fixture(scope="module")
def nginx(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with hosts.nginx(site / "ghent-partnerships", "ghent-partnerships", tmp_path_factory.mktemp("nginx")) as port:
        yield port


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize(
    ("path", "type_"),
    [
        (".well-known/void", "text/turtle"),
        ("feed.ttl", "text/turtle"),
        ("feed/0.1.0.ttl", "text/turtle"),
        ("feed.atom", "application/atom+xml"),
        ("catalog.rdf", "application/rdf+xml"),
    ],
)
def test_what_portals_ask_for_is_there_with_its_type(
    host: str, path: str, type_: str, request: pytest.FixtureRequest, dist: Published
) -> None:
    folder = "/ghent-partnerships" if host == "apache" else ""
    answer = ask(request.getfixturevalue(host), f"{folder}/{path}", Accept="*/*")
    assert (answer.status, answer.type) == (200, type_)
    assert answer.body == (dist.directory / path).read_bytes()


NEGOTIATED = [
    (BROWSER, "", "text/html", "en"),
    (BROWSER, "nl-BE,nl;q=0.9,en;q=0.5", "text/html", "nl"),
    (BROWSER, "fr", "text/html", "en"),
    ("text/turtle", "", "text/turtle", None),
    ("application/ld+json", "nl", "application/ld+json", None),
    ("application/n-triples", "", "application/n-triples", None),
    ("application/rdf+xml", "", "application/rdf+xml", None),
    (RDFLIB, "", "text/turtle", None),
]


@pytest.mark.parametrize(("accept", "language", "type_", "spoken"), NEGOTIATED)
@pytest.mark.parametrize("what", ["doc/city/liege", "ontology", "catalog"])
def test_apache_negotiates(apache: int, what: str, accept: str, language: str, type_: str, spoken: str | None) -> None:
    answer = ask(apache, f"/ghent-partnerships/{what}", Accept=accept, Accept_Language=language or "*")
    assert (answer.status, answer.type) == (200, type_)
    if spoken:
        assert f'<html lang="{spoken}">'.encode() in answer.body
        assert answer.headers["content-language"] == spoken
    assert {"accept", "accept-language", "accept-encoding"} <= set(
        answer.headers["vary"].lower().replace(" ", "").split(",")
    )


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("text/turtle;q=0.5, application/ld+json;q=0.9, text/html;q=0.1", "application/ld+json"),
        ("text/turtle;q=0.9, application/ld+json;q=0.5", "text/turtle"),
        ("application/*;q=0.1, text/html", "text/html"),
    ],
)
def test_apache_weighs(apache: int, accept: str, type_: str) -> None:
    assert ask(apache, "/ghent-partnerships/doc/city/liege", Accept=accept).type == type_


def test_apache_has_nothing_for_who_takes_nothing_that_there_is(apache: int) -> None:
    assert ask(apache, "/ghent-partnerships/doc/city/liege", Accept="image/png").status == 406


@pytest.mark.parametrize(("accept", "language", "type_", "spoken"), NEGOTIATED)
@pytest.mark.parametrize("what", ["doc/city/liege", "ontology", "catalog"])
def test_nginx_decides_by_what_is_named(
    nginx: int, what: str, accept: str, language: str, type_: str, spoken: str
) -> None:
    answer = ask(nginx, f"/{what}", Accept=accept, Accept_Language=language or "*")
    assert (answer.status, answer.type) == (200, type_)
    if spoken:
        assert f'<html lang="{spoken}">'.encode() in answer.body
    assert "Accept, Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(("accept", "ending"), NAMED_FIRST)
@pytest.mark.parametrize("what", ["doc/city/liege", "ontology"])
def test_nginx_and_w3id_give_html_only_to_who_names_it_first(
    nginx: int, apache: int, what: str, accept: str, ending: str
) -> None:
    assert ask(nginx, f"/{what}", Accept=accept).type == TYPES[ending]
    led = ask(apache, f"/w3id/{what}", Accept=accept)
    assert (led.status, led.headers["location"]) == (303, f"https://example.org/site/{what}.{ending}")


def test_two_lines_of_accept_are_one_list(apache: int) -> None:
    for folder, found in (("w3id", "location"), ("ghent-partnerships", "content-location")):
        connection = http.client.HTTPConnection("127.0.0.1", apache, timeout=10)
        connection.putrequest("GET", f"/{folder}/doc/city/liege")
        connection.putheader("Accept", "text/turtle")
        connection.putheader("Accept", "text/html;q=0.5")
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.headers[found].endswith("liege.ttl")
        connection.close()


@pytest.mark.parametrize(
    ("accept", "file"),
    [
        ("application/n-quads", "nt"),
        ("application/trig, */*;q=0.1", "ttl"),
        (COMUNICA, "nt"),
        ("application/ld+json, application/trig;q=0.5", "jsonld"),
        ("text/turtle", "ttl"),
    ],
)
def test_who_expects_one_graph_gets_it_from_apache(apache: int, dist: Published, accept: str, file: str) -> None:
    answer = ask(apache, "/ghent-partnerships/ghent-partnerships", Accept=accept)
    assert (answer.status, answer.type) == (200, TYPES[file])
    assert answer.body == (dist.directory / f"ghent-partnerships.{file}").read_bytes()
    for name in ("trig", "nq"):
        named = ask(apache, f"/ghent-partnerships/ghent-partnerships.{name}", Accept=accept)
        assert (named.status, named.type) == (200, TYPES[name])


@pytest.mark.parametrize(
    ("accept", "language", "file"),
    [
        (COMUNICA, "", "feed.ttl"),
        ("application/ld+json, text/html;q=0.8", "", "feed.html"),
        (BROWSER, "", "feed.html"),
        (BROWSER, "nl-BE,nl;q=0.9", "feed.nl.html"),
        ("text/turtle", "", "feed.ttl"),
        (RDFLIB, "nl", "feed.ttl"),
    ],
)
@pytest.mark.parametrize("host", ["apache", "nginx"])
def test_the_feed_is_a_page_for_people_and_a_stream_for_clients(
    host: str, accept: str, language: str, file: str, request: pytest.FixtureRequest, dist: Published
) -> None:
    folder = "/ghent-partnerships" if host == "apache" else ""
    answer = ask(request.getfixturevalue(host), f"{folder}/feed", Accept=accept, Accept_Language=language or "*")
    assert (answer.status, answer.body) == (200, (dist.directory / file).read_bytes())
    assert answer.type == TYPES[file.rpartition(".")[2]]
    assert {"accept", "accept-language"} <= set(answer.headers["vary"].lower().replace(" ", "").split(","))
    small = ask(request.getfixturevalue(host), f"{folder}/feed", Accept=accept, Accept_Encoding="gzip")
    assert small.headers["content-encoding"] == "gzip"


@pytest.fixture(params=["apache", "nginx"])
def server(request: pytest.FixtureRequest) -> tuple[int, str]:
    return request.getfixturevalue(request.param), "/ghent-partnerships" if request.param == "apache" else ""


def test_an_iri_leads_to_its_document(server: tuple[int, str]) -> None:
    port, root = server
    answer = ask(port, f"{root}/id/city/liege")
    assert answer.status == 303
    assert answer.headers["location"].endswith(f"{root}/doc/city/liege")
    for wrong in ("/id/city/../../etc/passwd", "/id/city/liege%00", "/id/"):
        assert ask(port, f"{root}{wrong}").status in (400, 404), wrong


def test_the_iri_of_a_version_leads_to_the_ontology(server: tuple[int, str]) -> None:
    port, root = server
    answer = ask(port, f"{root}/ontology/0.1.0", Accept="text/turtle")
    assert answer.status == 303
    assert answer.headers["location"].endswith(f"{root}/ontology")
    assert ask(port, f"{root}/ontology/latest").status == 404


@pytest.mark.parametrize(
    "path", ["doc/city/liege.ttl", "assets/site.css", "index.html", "partnerships.csv", "ontology.jsonld"]
)
def test_what_is_compressed_is_the_same(server: tuple[int, str], path: str) -> None:
    port, root = server
    plain = ask(port, f"{root}/{path}", Accept_Encoding="identity")
    small = ask(port, f"{root}/{path}", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert plain.type == small.type == TYPES[path.rpartition(".")[2]]
    for answer in (plain, small):
        assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "path",
    [
        *("doc/city/liege.html", "answers/twin-cities.json", "ghent-partnerships.nt", "embed.html", "embed.nl.html"),
        *("preview/city/liege.html", "preview/city/liege.nl.html"),
    ],
)
def test_every_answer_has_the_headers(server: tuple[int, str], path: str, dist: Published) -> None:
    if path.startswith(("answers", "embed")) and not dist.has_scripts:
        needs.not_run("there is no bundle", "make web")
    port, root = server
    answer = ask(port, f"{root}/{path}")
    assert answer.status == 200
    expected = HEADERS | HEADERS_EMBEDDED if path.startswith(("embed", "preview")) else HEADERS
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == expected
    if path.startswith("answers"):
        assert answer.type == "application/sparql-results+json"
    head = ask(port, f"{root}/{path}", method="HEAD")
    assert (head.status, head.body, head.type) == (200, b"", answer.type)


def test_what_has_not_changed_is_not_sent_again(server: tuple[int, str]) -> None:
    port, root = server
    first = ask(port, f"{root}/doc/city/liege.ttl")
    again = ask(port, f"{root}/doc/city/liege.ttl", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    part = ask(port, f"{root}/ghent-partnerships.nt", Range="bytes=10-19", Accept_Encoding="identity")
    assert (part.status, len(part.body)) == (206, 10)


def test_what_is_not_there_is_said_in_a_page(server: tuple[int, str]) -> None:
    port, root = server
    answer = ask(port, f"{root}/doc/city/atlantis", Accept=BROWSER)
    assert answer.status == 404
    assert b"Nothing is at this address" in answer.body
    for hidden in ("/.htaccess", "/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"):
        assert ask(port, f"{root}{hidden}").status in (400, 403, 404), hidden


@pytest.mark.parametrize(
    ("path", "accept", "language", "location"),
    [
        ("doc/city/liege", "text/turtle", "", "https://example.org/site/doc/city/liege.ttl"),
        ("doc/city/liege", "application/rdf+xml", "", "https://example.org/site/doc/city/liege.rdf"),
        ("doc/city/liege", BROWSER, "", "https://example.org/site/doc/city/liege.html"),
        ("doc/city/liege", BROWSER, "nl-BE,nl", "https://example.org/site/doc/city/liege.nl.html"),
        ("ontology", "application/ld+json", "", "https://example.org/site/ontology.jsonld"),
        ("ontology/0.1.0", "*/*", "", "https://example.org/site/ontology.ttl"),
        ("ontology/0.1.0", "application/rdf+xml", "", "https://example.org/site/ontology.rdf"),
        ("ontology/0.1.0", BROWSER, "nl-BE,nl", "https://example.org/site/ontology.nl.html"),
        ("feed", "text/turtle", "nl", "https://example.org/site/feed.ttl"),
        ("feed", BROWSER, "", "https://example.org/site/feed.html"),
        ("feed", BROWSER, "nl-BE,nl", "https://example.org/site/feed.nl.html"),
        ("feed/0.1.0", "*/*", "", "https://example.org/site/feed/0.1.0.ttl"),
        ("id/city/liege", "text/turtle", "", "https://w3id.org/ghent-partnerships/doc/city/liege"),
    ],
)
def test_w3id_leads_to_the_site(apache: int, path: str, accept: str, language: str, location: str) -> None:
    answer = ask(apache, f"/w3id/{path}", Accept=accept, Accept_Language=language or "*")
    assert (answer.status, answer.headers["location"]) == (303, location)


def test_the_sitemap_has_every_page_in_both_languages(dist: Published) -> None:
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    urls = ET.fromstring((dist.directory / "sitemap.xml").read_bytes()).findall("s:url", names)
    located = {
        url.findtext("s:loc", "", names): {link.get("href") for link in url.findall("x:link", names)} for url in urls
    }
    pages = {path.relative_to(dist.directory).as_posix() for path in dist.directory.rglob("*.html")}
    pages -= {page for page in pages if page.startswith("preview/")}
    pages -= {
        f"{name}{ending}.html" for name in ("404", "embed", "search") for ending in ("", ".nl")
    }  # which say nothing alone
    address = "https://w3id.org/ghent-partnerships/"
    assert set(located) == {address + (page if page != "index.html" else "") for page in pages}
    assert len(urls) == len(located) > 900
    for at, alternates in located.items():
        assert at in alternates
        assert all(located[str(other)] == alternates for other in alternates), "alternates name each other"
    assert f"Sitemap: {address}sitemap.xml" in (dist.directory / "robots.txt").read_text(encoding="utf-8")


def test_a_large_site_has_an_index_of_sitemaps() -> None:
    site = publication(load_store(), address="https://example.org/")
    written = dict(files(site, [f"doc/city/c{number}" for number in range(MOST)]))
    assert {path for path in written if path.startswith("sitemap")} == {"sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"}
    assert written["sitemap-1.xml"].count(b"<url>") == written["sitemap-2.xml"].count(b"<url>") == MOST
    assert b"https://example.org/sitemap-2.xml" in written["sitemap.xml"]


def test_the_rules_of_netlify_and_cloudflare_are_within_their_limits(dist: Published) -> None:
    headers = (dist.directory / "_headers").read_text(encoding="utf-8").splitlines()
    rules = [line for line in headers if line.startswith("/")]
    assert rules[0] == "/*"
    assert "/*.ttl" in rules
    assert len(rules) <= 100
    assert all(len(line) <= 2000 and (line == "" or line.startswith(("/", "  "))) for line in headers)
    assert (dist.directory / "_redirects").read_text(encoding="utf-8") == (
        "/id/* /doc/:splat 303\n/ontology/:version /ontology 303\n"
    )
