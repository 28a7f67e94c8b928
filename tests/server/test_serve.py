"""The server and its documents: what is asked for by name, by IRI and by Accept, and how it is run."""

import gzip
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

import copied
import needs
from ghent_partnerships.dist import HEADERS, HEADERS_EMBEDDED, TYPES
from ghent_partnerships.errors import UsageError
from ghent_partnerships.publishing.publish import Published, with_checksums, with_compressed
from ghent_partnerships.rdf.namespaces import ID
from ghent_partnerships.serve import Limits, app
from ghent_partnerships.server.documents import Documents
from serving import Answer, Served, ask, described, serving

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ROOT = Path(__file__).parents[2]
RETIRED = """PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

city:luik
    dcterms:isReplacedBy city:liege ;
    owl:deprecated true ;
.
"""


def get(served: Served, path: str, **headers: str) -> Answer:
    return ask(served.address, path, headers=[(name.replace("_", "-"), value) for name, value in headers.items()])


@pytest.mark.parametrize(
    ("accept", "language", "type_", "spoken"),
    [
        ("", "", "text/html", "en"),
        ("*/*", "", "text/html", "en"),
        (BROWSER, "", "text/html", "en"),
        (BROWSER, "nl-BE,nl;q=0.9,en;q=0.8", "text/html", "nl"),
        (BROWSER, "en-GB,nl;q=0.9", "text/html", "en"),
        (BROWSER, "de,fr", "text/html", "en"),
        ("text/turtle", "nl", "text/turtle", None),
        ("application/ld+json", "", "application/ld+json", None),
        ("application/n-triples", "", "application/n-triples", None),
        ("application/rdf+xml", "", "application/rdf+xml", None),
        ("text/html;q=0.1, text/turtle;q=0.2", "", "text/turtle", None),
        ("text/*;q=0.1, application/*;q=0.9", "", "application/ld+json", None),
        ("text/html;q=0, */*;q=0.1", "", "text/turtle", None),
        ("*/*;q=0.9, text/html;q=0.1", "", "text/turtle", None),
        ("application/ld+json;q=0.5, application/rdf+xml", "", "application/rdf+xml", None),
        ("nonsense", "", "text/html", "en"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "", "application/ld+json", None),
        ("application/ld+json ; profile=compacted ; q=0.9, text/turtle;q=0.8", "", "application/ld+json", None),
    ],
)
@pytest.mark.parametrize("what", ["doc/city/liege", "ontology"])
def test_a_document_is_negotiated(
    served: Served, dist: Published, what: str, accept: str, language: str, type_: str, spoken: str | None
) -> None:
    headers = {**({"Accept": accept} if accept else {}), **({"Accept_Language": language} if language else {})}
    answer = get(served, f"/{what}", **headers)
    assert (answer.status, answer.type) == (200, type_)
    ending = next(ending for ending, media_type in TYPES.items() if media_type == type_)
    name = f"{what}.nl.{ending}" if spoken == "nl" else f"{what}.{ending}"
    assert answer.body == (dist.directory / name).read_bytes()
    assert answer.headers["content-location"] == name.rpartition("/")[2]
    assert answer.headers.get("content-language") == spoken
    assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def test_where_nothing_fits_it_says_what_there_is(served: Served) -> None:
    answer = get(served, "/doc/city/liege", Accept="image/png", Accept_Language="nl")
    assert (answer.status, answer.type) == (406, "application/problem+json")
    problem = json.loads(answer.body)
    assert problem["code"] == "not-acceptable"
    assert problem["available"] == [
        *("text/html", "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"),
    ]
    assert problem["detail"].startswith("Geen van de vormen")
    assert get(served, "/doc/city/liege.ttl", Accept="image/png").status == 200, "a name is a name"


@pytest.mark.parametrize("what", ["city/liege", "shape/a-city", "query/twin-cities", "fragment/b10"])
def test_an_iri_leads_to_its_document(served: Served, what: str) -> None:
    answer = get(served, f"/id/{what}", Accept="text/turtle")
    assert (answer.status, answer.headers["location"], answer.body) == (303, f"../../doc/{what}", b"")
    assert get(served, f"/doc/{what}", Accept="text/turtle").status == 200
    assert get(served, "/id/city/atlantis").status == 404


def test_every_published_file_is_served_as_it_is(served: Served, dist: Published) -> None:
    files = [file for file in dist.directory.rglob("*") if file.is_file()]
    served_, hidden = 0, []
    for file in files[::7]:  # a seventh of them, of every folder
        path = file.relative_to(dist.directory).as_posix()
        answer = get(served, f"/{path}")
        if answer.status == 200:
            assert answer.body == file.read_bytes(), path
            assert answer.type == "application/gzip" if path.endswith(".gz") else answer.type, path
            served_ += 1
        else:
            hidden.append(path)
    assert served_ > 800
    assert all(path.startswith((".", "_", "hosting/", "404")) for path in hidden), hidden


@pytest.mark.parametrize(
    "path", [".htaccess", "_headers", "hosting/nginx.conf", "../pyproject.toml", "doc", "doc/", ""]
)
def test_what_is_not_for_the_web_is_not_there(served: Served, path: str) -> None:
    expected = 200 if not path else 404
    assert get(served, f"/{path}").status == expected


def test_a_browser_is_told_on_a_page_that_nothing_is_there(served: Served) -> None:
    page = get(served, "/doc/city/atlantis", Accept=BROWSER)
    assert (page.status, page.type) == (404, "text/html")
    sheets = re.findall(rb'href="([^"]+\.css)"', page.body)
    assert sheets
    assert all(get(served, sheet.decode()).status == 200 for sheet in sheets), "its links begin at the root"
    dutch = get(served, "/doc/city/atlantis", Accept=BROWSER, Accept_Language="nl-BE")
    assert (dutch.status, dutch.headers["content-language"]) == (404, "nl")
    assert b'<html lang="nl">' in dutch.body
    assert b'href="/resources.nl.html"' in dutch.body
    assert "Accept-Language" in dutch.headers["vary"]
    program = get(served, "/doc/city/atlantis", Accept="application/json, */*;q=0.1")
    assert (program.status, json.loads(program.body)["code"]) == (404, "not-found")


@pytest.mark.parametrize("path", ["/doc/city/liege", "/doc/city/liege.ttl", "/ghent-partnerships.nt", "/"])
def test_gzip_is_sent_to_who_takes_it(served: Served, path: str) -> None:
    plain = get(served, path)
    small = get(served, path, Accept_Encoding="br, gzip")
    refused = get(served, path, Accept_Encoding="gzip;q=0, identity")
    assert "content-encoding" not in plain.headers
    assert refused.body == plain.body
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert small.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize("path", ["/doc/city/liege", "/doc/city/liege.ttl", "/sparql", "/sparql?query=ASK%20%7B%7D"])
def test_what_the_client_has_is_not_sent_again(served: Served, path: str) -> None:
    first = get(served, path)
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag), "a strong one"
    for given in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        again = get(served, path, If_None_Match=given)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag), given
    assert get(served, path, If_None_Match='"other"').status == 200


def test_a_part_of_a_dump(served: Served) -> None:
    whole = get(served, "/ghent-partnerships.nt")
    assert whole.headers["accept-ranges"] == "bytes"
    size = len(whole.body)
    for asked, first, last in (("10-19", 10, 19), ("-5", size - 5, size - 1), (f"{size - 3}-", size - 3, size - 1)):
        part = get(served, "/ghent-partnerships.nt", Range=f"bytes={asked}", Accept_Encoding="gzip")
        assert part.status == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert part.body == whole.body[first : last + 1]
    beyond = get(served, "/ghent-partnerships.nt", Range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["content-range"], beyond.body) == (416, f"bytes */{size}", b"")
    for ranges in ("bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-"):
        assert get(served, "/ghent-partnerships.nt", Range=ranges).status in (200, 416), ranges
    fresh = get(served, "/ghent-partnerships.nt", Range="bytes=0-4", If_Range=whole.headers["etag"])
    stale = get(served, "/ghent-partnerships.nt", Range="bytes=0-4", If_Range='"other"')
    assert (fresh.status, stale.status) == (206, 200)


@pytest.mark.parametrize("path", ["/", "/doc/city/liege", "/id/city/liege", "/sparql", "/healthz", "/nothing"])
def test_head_is_get_without_the_body(served: Served, path: str) -> None:
    whole, head = get(served, path), ask(served.address, path, "HEAD")
    assert (head.status, head.body) == (whole.status, b"")
    without = {"date"}
    assert {k: v for k, v in head.headers.items() if k not in without} == {
        k: v for k, v in whole.headers.items() if k not in without
    }


@pytest.mark.parametrize("path", ["/", "/doc/city/liege.ttl", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/nothing"])
def test_every_answer_has_the_headers(served: Served, path: str) -> None:
    headers = get(served, path).headers
    expected = {name.lower(): value for name, value in HEADERS.items() if name != "Cache-Control"}
    assert {name: headers.get(name) for name in expected} == expected
    assert "access-control-allow-credentials" not in headers
    assert "server" not in headers


def test_only_an_answer_alone_may_stand_in_pages_of_others(served: Served, dist: Published) -> None:
    if not dist.has_scripts:
        needs.not_run("there is no bundle", "make web")
    policy = "content-security-policy"
    for path in ("/embed.html", "/embed.nl.html", "/embed"):
        answer = get(served, path)
        assert answer.headers[policy].endswith("; frame-ancestors *"), path
        assert answer.headers[policy] == HEADERS_EMBEDDED["Content-Security-Policy"]
        again = get(served, path, If_None_Match=answer.headers["etag"])
        assert (again.status, again.headers[policy]) == (304, answer.headers[policy])
    for path in ("/query.html", "/", "/embed.ttl"):
        assert get(served, path).headers[policy].endswith("; frame-ancestors 'none'"), path


def test_the_links_say_what_else_there_is(served: Served) -> None:
    for path in ("/doc/city/liege", "/doc/city/liege.html"):
        links = get(served, path, Accept="text/html").headers["link"]
        relations = {(match[1], match[2]) for match in re.finditer(r'<([^>]+)>; rel="([^"]+)"', links)}
        assert {
            ("liege.nl.html", "alternate"),
            ("liege.ttl", "describedby"),
            ("liege.jsonld", "describedby"),
            ("liege.nt", "describedby"),
            ("liege.rdf", "describedby"),
            ("https://creativecommons.org/licenses/by/4.0/", "license"),
            ("https://w3id.org/ghent-partnerships/id/city/liege", "cite-as"),
            ("https://w3id.org/ghent-partnerships/ontology#City", "type"),
            ("https://schema.org/AboutPage", "type"),
        } == relations
        assert '<liege.ttl>; rel="describedby"; type="text/turtle"' in links
        assert '<liege.nl.html>; rel="alternate"; type="text/html"; hreflang="nl"' in links


@pytest.mark.parametrize(
    ("path", "links"),
    [
        (
            "/",
            [
                f'<{ID}dataset/ghent-partnerships>; rel="cite-as"',
                '<catalog.ttl>; rel="describedby"; type="text/turtle"',
                '<index.nl.html>; rel="alternate"; type="text/html"; hreflang="nl"',
            ],
        ),
        (
            "/partnerships.csv",
            [
                '<csv-metadata.json>; rel="describedby"; type="application/csvm+json"',
                f'<{ID}dataset/ghent-partnerships>; rel="collection"',
            ],
        ),
        ("/cities.geojson", [f'<{ID}dataset/ghent-partnerships>; rel="collection"']),
        ("/catalog", ['<catalog.rdf>; rel="describedby"; type="application/rdf+xml"']),
    ],
)
def test_the_front_page_the_tables_and_the_maps_say_what_describes_them(
    served: Served, path: str, links: list[str]
) -> None:
    links_sent = get(served, path).headers["link"].split(", ")
    assert set(links) <= set(links_sent)
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links_sent


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(served: Served, method: str) -> None:
    answer = ask(served.address, "/doc/city/liege", method, b"")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert json.loads(answer.body)["code"] == "read-only"


@pytest.mark.parametrize(
    ("path", "allowed"), [("/sparql", "GET, HEAD, POST, OPTIONS"), ("/doc/city/liege", "GET, HEAD, OPTIONS")]
)
def test_what_may_be_asked_of_an_address_is_told(served: Served, path: str, allowed: str) -> None:
    answer = ask(served.address, path, "OPTIONS")
    assert (answer.status, answer.headers["allow"]) == (204, allowed)
    assert answer.headers["access-control-allow-methods"] == allowed


def test_a_retired_iri_is_gone_and_names_its_successor(tmp_path: Path) -> None:
    home = copied.small(tmp_path / "home")
    (home / "data" / "retired.ttl").write_text(RETIRED, encoding="utf-8")
    code, output = copied.run(home, "publish", str(tmp_path / "dist"))
    assert code == 0, output
    for listing in ("resources.html", "resources.nl.html", "sitemap.xml"):
        assert "city/luik" not in (tmp_path / "dist" / listing).read_text(encoding="utf-8"), listing
    with TestClient(app(tmp_path / "dist"), follow_redirects=False) as client:
        for path, way in (("/id/city/luik", "../../doc/city/"), ("/doc/city/luik", "")):
            gone = client.get(path, headers={"Accept": "text/turtle"})
            assert gone.status_code == 410
            assert f'<{ID}city/liege>; rel="successor-version"' in gone.headers["link"]
            assert f'<{way}luik>; rel="alternate"; type="text/html"' in gone.headers["link"]
            assert gone.headers["content-location"] == f"{way}luik.ttl"
            assert gone.content == (tmp_path / "dist" / "doc" / "city" / "luik.ttl").read_bytes()
            assert client.get(path, headers={"Accept": "image/png"}).status_code == 410
            page = client.get(path, headers={"Accept": BROWSER, "Accept-Language": "nl"}).text
            assert "Dit adres is buiten gebruik" in page
            assert 'href="../../doc/city/liege.nl.html"' in page
        assert client.get("/id/city/liege").status_code == 303


def test_it_can_be_mounted_in_another_application(dist: Published) -> None:
    mounted = app(dist.directory)
    with TestClient(Starlette(routes=[Mount("/cities", app=mounted)]), follow_redirects=True) as client:
        document = client.get("/cities/id/city/liege", headers={"Accept": "text/turtle"})
        assert document.url.path == "/cities/doc/city/liege"
        assert document.text.startswith("@prefix city: ")
        answer = client.get("/cities/sparql", params={"query": "ASK { ?s ?p ?o }"})
        assert answer.json()["boolean"] is True
        description = client.get("/cities/sparql", headers={"Accept": "text/turtle"})
        assert "<http://testserver/cities/sparql>" in description.text
        missing = client.get("/cities/nothing", headers={"Accept": BROWSER})
        assert 'href="/cities/assets/site.css"' in missing.text
        client.portal.call(mounted.state.server.stop)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "SHA256SUMS").unlink(), "no SHA256SUMS in it"),
        (lambda folder: (folder / "README.md.gz").unlink(), "no README.md.gz in it"),
        (lambda folder: (folder / "README.md.gz").write_bytes(b"x"), "not as publish wrote it"),
    ],
)
def test_a_directory_that_publish_did_not_write_is_refused(damage: object, message: str, small: Path) -> None:
    damage(small)  # type: ignore[operator]
    with pytest.raises(UsageError, match=re.escape(message)):
        Documents(small)


def test_what_a_parser_says_of_a_graph_is_quoted(tmp_path: Path) -> None:
    graphs = ("ghent-partnerships.nt", "ghent-partnerships.nq")
    write(tmp_path, {**described(), **dict.fromkeys(graphs, b"<a:b> <a:c> 'no'")})
    with pytest.raises(UsageError) as raised:
        app(tmp_path)
    assert raised.value.text["nl"].startswith(f"{tmp_path}: niet zoals publish het schrijft: “Parser error at line 1")
    assert raised.value.text["nl"].endswith("”")


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in with_checksums(with_compressed(files.items())):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def test_the_release_is_ready_and_healthy(served: Served, dist: Published) -> None:
    release = Documents(dist.directory).release
    assert get(served, "/healthz").body == b"ok\n"
    assert get(served, "/readyz").body == f"ready: {release}\n".encode()


def test_the_metrics_count_what_was_asked(dist: Published) -> None:
    with TestClient(app(dist.directory, Limits(workers=1))) as client:
        for _ in range(3):
            assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert client.get("/sparql", params={"query": "ASK"}).status_code == 400
        assert client.get("/doc/city/liege.ttl").status_code == 200
        text = client.get("/metrics").text
    for line in (
        'ghent_partnerships_requests_total{kind="sparql",status="200"} 3.0',
        'ghent_partnerships_requests_total{kind="sparql",status="400"} 1.0',
        'ghent_partnerships_requests_total{kind="document",status="200"} 1.0',
        "ghent_partnerships_answers_from_cache_total 2.0",
        "ghent_partnerships_processes 1.0",
        "ghent_partnerships_queries_pending 0.0",
    ):
        assert line in text.splitlines(), line


def test_each_request_is_a_line_of_json(tmp_path: Path, dist: Published) -> None:
    with serving(dist.directory, tmp_path / "log") as running:
        get(running, "/doc/city/liege.ttl?a=%0Ab", User_Agent='a "b"')
        get(running, "/sparql?query=ASK%20%7B%7D")
        ask(running.address, "/%0a%22nothing%22", "HEAD")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/doc/city/liege.ttl", 200),
        ("GET", "/sparql", 200),
        ("HEAD", '/\n"nothing"', 404),
    ]
    assert (lines[0]["query"], lines[0]["agent"]) == ("a=%0Ab", 'a "b"')
    assert lines[1]["query"] == "query=ASK%20%7B%7D"
    assert all(line["ms"] > 0 and line["client"] == "127.0.0.1" for line in lines)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_clean(how: signal.Signals, tmp_path: Path, dist: Published) -> None:
    with serving(dist.directory, tmp_path / "log", "--quiet") as running:
        get(running, "/sparql?query=ASK%20%7B%7D")
        processes = [running.first(), *running.children()]
        running.process.send_signal(how)
        assert running.process.wait(10) == 0
        assert running.process.stderr is not None
        assert running.process.stderr.read() == ""
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""
    for _ in range(100):
        alive = [process for process in processes if Path(f"/proc/{process}").exists()]
        if not alive:
            break
        time.sleep(0.05)
    assert alive == []


def test_ctrl_c_ends_it_also_as_a_background_job_of_a_script(dist: Published, tmp_path: Path) -> None:
    """Such a job ignores SIGINT from its start; it says that Ctrl-C ends it, so whoever sends it means that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with serving(dist.directory, tmp_path / "log", "--quiet") as running:
            running.process.send_signal(signal.SIGINT)
            assert running.process.wait(30) == 0
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "serve: nowhere: not a directory that publish wrote"),
        (["--port", "70000"], "expected a whole number from 0 to 65535"),
        (["--seconds", "0"], "argument --seconds: '0': expected seconds in digits, more than 0"),
        (["--host", "203.0.113.1"], "cannot be listened at"),
    ],
)
def test_wrong_use_says_what_to_do(arguments: list[str], message: str, dist: Published) -> None:
    directory = [] if arguments == ["nowhere"] else [str(dist.directory)]
    command = [sys.executable, "-m", "ghent_partnerships", "serve", *directory, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert message.replace("serve: ", "") in done.stderr
    assert "Traceback" not in done.stderr


def test_behind_nginx_as_the_readme_has_it(served: Served, tmp_path: Path) -> None:
    (conf,) = re.findall(r"^```nginx\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    conf = conf.replace("listen 443 ssl", f"listen unix:{tmp_path}/proxy").replace(
        "http://127.0.0.1:8000", served.address.rstrip("/")
    )
    conf = conf.replace("/var/cache/nginx/partnerships", str(tmp_path / "cache"))
    for folder in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        conf = f"{folder}_temp_path {tmp_path}/t-{folder};\n".replace("body_", "client_body_") + conf
    head = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error;\nuser root;\nevents {{}}\n"
    whole = f"{head}http {{\naccess_log off;\n{conf}}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [needs.program("nginx"), "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            for _ in range(100):
                if (tmp_path / "proxy").exists():
                    break
                time.sleep(0.05)
            curl = [needs.program("curl"), "--silent", "--include", "--unix-socket", str(tmp_path / "proxy")]

            def through(path: str, *options: str) -> str:
                command = [*curl, *options, f"http://example.org{path}"]
                return subprocess.run(command, capture_output=True, text=True, check=True).stdout

            assert '{"head":{},"boolean":true}' in through("/sparql?query=ASK%20%7B%7D")
            assert "location: ../../doc/city/liege" in through("/id/city/liege").lower()
            assert "403 Forbidden" in through("/metrics")
            assert "<http://example.org/sparql>" in through("/sparql", "--header", "Accept: text/turtle")
        finally:
            process.terminate()


def test_the_graph_that_is_asked_is_the_one_that_is_published(served: Served, dist: Published) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    nt = list(parse((dist.directory / "ghent-partnerships.nt").read_bytes(), RdfFormat.N_TRIPLES))
    for text in (query, named):
        answer = ask(served.address, "/sparql", "POST", text.encode(), [("Content-Type", "application/sparql-query")])
        assert json.loads(answer.body)["results"]["bindings"][0]["n"]["value"] == str(len(nt))
