"""What headers say, as clients write them and as strangers do, over HTTP and by the functions that read them."""

import http.client
import json
import re
import socket
import time
from urllib.parse import quote, urlencode

import pytest

from ghent_partnerships.rdf.namespaces import ID
from ghent_partnerships.serve import Limits
from ghent_partnerships.server import negotiation, requests
from ghent_partnerships.server.problems import Problem
from proportion import in_proportion
from serving import Answer, Served, ask

ROWS, GRAPH = (
    f"/sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 1')}",
    f"/sparql?query={quote('CONSTRUCT WHERE { ?s a ?o }')}",
)
LIEGE = "/doc/city/liege"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
FORM = "application/x-www-form-urlencoded"


def get(served: Served, path: str, *headers: tuple[str, str]) -> Answer:
    return ask(served.address, path, headers=headers)


@pytest.mark.parametrize(
    ("path", "accept", "type_"),
    [
        (LIEGE, "text/turtle;charset=utf-8", "text/turtle"),
        (LIEGE, "application/ld+json;charset=utf-8", "application/ld+json"),
        (LIEGE, "application/rdf+xml; charset=UTF-8", "application/rdf+xml"),
        (LIEGE, "application/n-triples; charset=UTF-8", "application/n-triples"),
        (LIEGE, "text/html;charset=utf-8", "text/html"),
        (LIEGE, "text/turtle;charset=utf-8, */*;q=0.1", "text/turtle"),
        (LIEGE, "text/html; charset=UTF-8,application/rdf+xml;q=0.5", "text/html"),
        (LIEGE, "text/turtle; version=1.2", "text/turtle"),
        (LIEGE, 'text/turtle; a="b, text/html"; q=0.5, text/html; q=0.4', "text/turtle"),
        (ROWS, "application/sparql-results+json;charset=UTF-8", JSON),
        (ROWS, "text/csv; header=present", "text/csv"),
        (GRAPH, "text/turtle;charset=utf-8", "text/turtle"),
        ("/sparql", "text/turtle;charset=utf-8", "text/turtle"),
        ("/ontology", "text/turtle;charset=utf-8", "text/turtle"),
        ("/ghent-partnerships", "text/turtle;charset=utf-8", "text/turtle"),
    ],
)
def test_parameters_of_a_media_type_do_not_keep_it_from_matching(
    served: Served, path: str, accept: str, type_: str
) -> None:
    answer = get(served, path, ("Accept", accept))
    assert (answer.status, answer.type) == (200, type_)


@pytest.mark.parametrize(
    ("path", "accept", "type_"),
    [
        (LIEGE, "application/json", "application/ld+json"),
        (LIEGE, "application/json, */*;q=0.1", "application/ld+json"),
        (LIEGE, "application/json;q=0.9, text/html;q=0.1", "application/ld+json"),
        (LIEGE, "application/json;q=0.1, text/html;q=0.9", "text/html"),
        (LIEGE, "application/json, application/rdf+xml;q=0.1", "application/ld+json"),
        (LIEGE, "application/json, text/plain, */*", "application/ld+json"),  # of axios
        (LIEGE, "application/ld+json;q=0, application/json, text/turtle;q=0.1", "text/turtle"),
        (LIEGE, "application/xml", "application/rdf+xml"),
        (LIEGE, "application/xml, */*;q=0.1", "application/rdf+xml"),
        (LIEGE, "text/xml", "application/rdf+xml"),
        (LIEGE, "text/plain, */*;q=0.1", "application/n-triples"),
        (LIEGE, "text/n3, */*;q=0.1", "text/turtle"),
        (LIEGE, "text/rdf+n3", "text/turtle"),
        (LIEGE, "application/x-turtle", "text/turtle"),
        (ROWS, "application/json", "application/json"),
        (ROWS, "application/xml", XML),
        (ROWS, "text/xml", XML),
        (ROWS, "application/xml, */*;q=0.1", XML),
        (GRAPH, "application/json", "application/ld+json"),
        (GRAPH, "application/xml", "application/rdf+xml"),
        (GRAPH, "text/xml", "application/rdf+xml"),
        (GRAPH, "text/rdf+n3", "text/turtle"),
        ("/sparql", "application/json", "application/ld+json"),
        ("/nothing", "application/json, text/html;q=0.9", "application/problem+json"),
    ],
)
def test_older_and_generic_names_count_with_their_weights(served: Served, path: str, accept: str, type_: str) -> None:
    answer = get(served, path, ("Accept", accept))
    assert (answer.status, answer.type) == (404 if path == "/nothing" else 200, type_)


def test_several_lines_are_one_list(served: Served) -> None:
    assert get(served, LIEGE, ("Accept", "text/turtle"), ("Accept", "text/html;q=0.5")).type == "text/turtle"
    assert get(served, ROWS, ("Accept", JSON), ("Accept", "application/n-triples;q=0.5")).type == JSON
    html = ("Accept", "text/html")
    dutch = get(served, LIEGE, html, ("Accept-Language", "nl"), ("Accept-Language", "fr;q=0.1"))
    assert dutch.headers["content-language"] == "nl"
    small = get(served, LIEGE, ("Accept-Encoding", "gzip"), ("Accept-Encoding", "identity;q=0.5"))
    assert small.headers["content-encoding"] == "gzip"
    tag = get(served, f"{LIEGE}.ttl").headers["etag"]
    for tags in ((tag, '"x"'), ('"x"', tag), ('"x", "y"', f"W/{tag}")):
        assert get(served, f"{LIEGE}.ttl", *(("If-None-Match", tag) for tag in tags)).status == 304, tags


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("a b c, text/turtle;q=0.1", "text/turtle"),
        ("text/html;q=2, text/turtle", "text/turtle"),
        ("text/html;q=, text/turtle", "text/turtle"),
        ("text/html;q=0.5;;x, text/turtle;q=0.2", "text/turtle"),
        (', ,, text/turtle,"', "text/turtle"),
        ('"text/html, text/turtle', "text/turtle"),
        ('text/html;a="b, text/turtle', "text/turtle"),
        ("text/turtle, *; q=.2, */*; q=.2", "text/turtle"),
        ("\u00e9/\u00e9, text/turtle", "text/turtle"),
        ("nonsense", "text/html"),
        ("", "text/html"),
    ],
)
def test_what_cannot_be_read_drops_itself_and_not_the_header(accept: str, type_: str) -> None:
    offers = ("text/html", "text/turtle", "application/ld+json")
    assert negotiation.media_type(accept, offers) == type_


@pytest.mark.parametrize(
    ("header", "language", "gzip"),
    [
        (None, "en", False),
        ("nl, gzip", "nl", True),
        ("NL-be;q=0.2, en;q=0.1, x-gzip;q=0.1", "nl", True),
        ("!!, =, nl;q=0.5, gzip;q=1.000", "nl", True),
        ("fr, *;q=0.5", "en", True),
        ("en;q=0, br, identity", "nl", False),
        ("nl-BE;q=0, gzip;q=0.2, identity;q=0.3", "en", False),
        ("nl;q=0.1, en;q=0.9, gzip;q=0", "en", False),
        ("*;q=0.5, nl;q=0.1", "en", True),
        ("*;q=0, nl", "nl", False),
    ],
)
def test_languages_and_codings_are_read_alike(header: str | None, language: str, gzip: bool) -> None:
    assert negotiation.language(header, ("en", "nl")) == language
    assert negotiation.takes_gzip(header) is gzip


HOSTILE = [
    *(
        "a/b,",
        ",",
        '"',
        '\\"',
        '","',
        '"\\",',
        ";",
        "a/b;q=1;",
        'a/b;x="\\',
        "a/b;a=",
        "a",
        "*",
        " ",
        "\t,",
        ";q=",
        "=",
        "[",
        "(",
    ),
    *("W/", '""', 'a/b;c="d",', "a/b ; q = 0", "a/", "//", "q=0.", "0", "-"),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_reading_a_header_takes_time_by_its_length_only(part: str) -> None:
    def seconds(times: int, start: str) -> float:
        text = start + part * times
        began = time.process_time()
        for number in range(3):
            fresh = f"{text}{number}"  # nothing is remembered of it
            negotiation.media_type(fresh, ("text/html", "text/turtle"))
            negotiation.language(fresh, ("en", "nl"))
            negotiation.takes_gzip(fresh)
            requests.preflight({"access-control-request-headers": fresh}, "GET")
        return time.process_time() - began

    for start in ("", "a/b;a=", '"', "text/html"):
        assert in_proportion(lambda times: seconds(times, start), 4_000 // len(part)), start  # noqa: B023


def test_no_header_is_kept_in_memory(served: Served) -> None:
    """Of each of many long headers there was a copy for each cache that it was a key of."""

    def burst(number: int) -> None:
        long = f"text/html;a={number:06}{'x' * 30_000}"
        for name in ("Accept", "Accept-Language", "Accept-Encoding"):
            for path in ("/", ROWS):
                assert get(served, path, (name, f"{'*/*' if name == 'Accept' else 'nl'}, {long}")).status == 200

    burst(0)
    before = served.memory()
    for number in range(1, 150):
        burst(number)
    assert served.memory() - before < 8 << 20, "150 × 6 × 30 kB are 27 MB"


@pytest.mark.parametrize(
    "fields",
    [
        "default-graph-uri=&{}&format=application%2Fsparql-results%2Bjson&timeout=0&debug=on",
        "{}&named-graph-uri=",
        "{}&update=",
        "{}&graph=",
        "{}&default=",
        "{}&default-graph-uri=%20",
        "default-graph-uri=&named-graph-uri=&maxrows=&{}",
        "query=&{}",
        "{}&using-graph-uri=&using-named-graph-uri=&format=&output=&results=",
    ],
)
def test_an_empty_field_says_nothing(served: Served, fields: str) -> None:
    asked = fields.format("query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    for answer in (
        get(served, f"/sparql?{asked}"),
        ask(served.address, "/sparql", "POST", asked.encode(), [("Content-Type", FORM)]),
    ):
        assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ("default-graph-uri=not%20an%20iri&query=ASK%7B%7D", 400, "not-an-iri"),
        ("update=CLEAR%20ALL&query=ASK%7B%7D", 403, "read-only"),
        ("graph=urn%3Ax&query=ASK%7B%7D", 403, "read-only"),
        ("default", 403, "read-only"),
        ("query=", 400, "syntax-error"),
        ("query=ASK%7B%7D&query=ASK%7B%7D", 400, "one-query"),
    ],
)
def test_a_field_that_says_something_still_does(served: Served, fields: str, status: int, code: str) -> None:
    answer = get(served, f"/sparql?{fields}")
    assert (answer.status, json.loads(answer.body)["code"]) == (status, code)


@pytest.mark.parametrize("name", ["format", "output", "results"])
@pytest.mark.parametrize(
    ("output_format", "rows", "graph"),
    [
        ("csv", "text/csv", "text/turtle"),
        ("tsv", "text/tab-separated-values", "text/turtle"),
        ("json", JSON, "application/ld+json"),
        ("XML", XML, "application/rdf+xml"),
        ("ttl", JSON, "text/turtle"),
        ("turtle", JSON, "text/turtle"),
        ("nt", JSON, "application/n-triples"),
        ("jsonld", JSON, "application/ld+json"),
        ("rdf", XML, "application/rdf+xml"),
        ("application/sparql-results+xml", XML, "text/turtle"),  # with the plus sign as it is, which reads as a space
        ("text%2Fcsv", "text/csv", "text/turtle"),
        ("auto", JSON, "text/turtle"),
        ("%00", JSON, "text/turtle"),
    ],
)
def test_a_form_can_be_named_in_the_address(
    served: Served, name: str, output_format: str, rows: str, graph: str
) -> None:
    assert get(served, f"{ROWS}&{name}={output_format}").type == rows
    assert get(served, f"{GRAPH}&{name}={output_format}", ("Accept", "*/*")).type == graph
    body = f"{ROWS.partition('?')[2]}&{name}={output_format}".encode()
    assert ask(served.address, "/sparql", "POST", body, [("Content-Type", FORM)]).type == rows


def test_a_form_in_the_address_counts_before_the_header_and_not_against_it(served: Served) -> None:
    assert get(served, f"{ROWS}&format=csv", ("Accept", JSON)).type == "text/csv"
    assert get(served, f"{ROWS}&format=ttl", ("Accept", XML)).type == XML
    assert get(served, f"{LIEGE}?format=ttl", ("Accept", "text/html")).type == "text/turtle"
    assert get(served, f"{LIEGE}?format=json").type == "application/ld+json"
    assert get(served, f"{LIEGE}?format=nonsense").type == "text/html"
    assert get(served, "/sparql?format=ttl", ("Accept", "text/html")).type == "text/turtle"
    assert get(served, f"{LIEGE}.nt?format=ttl").type == "application/n-triples", "a name is a name"


def test_a_byte_order_mark_before_a_query_is_none_of_it(served: Served) -> None:
    text = "\ufeffASK { ?s ?p ?o }"
    assert json.loads(get(served, f"/sparql?{urlencode({'query': text})}").body)["boolean"] is True
    posted = ask(served.address, "/sparql", "POST", text.encode(), [("Content-Type", "application/sparql-query")])
    assert json.loads(posted.body)["boolean"] is True
    broken = json.loads(get(served, f"/sparql?{urlencode({'query': chr(0xFEFF) + 'ASK'})}").body)
    assert (broken["code"], broken["line"]) == ("syntax-error", 1)


@pytest.mark.parametrize(
    "accept", ["application/n-quads", "application/trig", "application/n-quads, application/trig;q=0.9"]
)
def test_several_graphs_have_their_names_and_are_not_negotiated(served: Served, accept: str) -> None:
    assert get(served, "/ghent-partnerships", ("Accept", accept)).status == 406
    led = get(served, "/ghent-partnerships", ("Accept", f"{accept}, text/turtle;q=0.1"))
    assert led.type == "text/turtle"
    assert '<ghent-partnerships.nq>; rel="describedby"; type="application/n-quads"' in led.headers["link"]
    assert get(served, "/ghent-partnerships.nq", ("Accept", "text/turtle")).type == "application/n-quads"


BAD_HOSTS = [
    *("evil.example/x", "a/> a <urn:evil> ; <urn:p> <urn:o", 'a/"><x xmlns="urn:x"/><y z="', 'a/" , "evil": "1'),
    *("user@evil.example", "evil.example#x", "evil.example?x", "evil.example:99999999", "evil.example:65536", "a:1:2"),
    *(
        "[::1",
        "[::::]",
        "[1]",
        "[evil.example]",
        "::1",
        "a b",
        "a\tb",
        "evil.example\\x",
        "a,b",
        "%65vil",
        "a'b",
        "<a>",
        "[::1]x",
    ),
]


@pytest.mark.parametrize("host", BAD_HOSTS)
@pytest.mark.parametrize("path", ["/sparql", LIEGE, "/id/city/liege", "/nothing"])
def test_what_is_no_host_is_refused_and_comes_into_no_answer(served: Served, host: str, path: str) -> None:
    answer = ask_host(served, path, host)
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "host")
    assert host.encode() not in answer.body
    assert all(host not in value for value in answer.headers.values())


@pytest.mark.parametrize("host", ["good.example", "[::1]:80", "my_service:8000", "127.0.0.1:1", "EXAMPLE.org."])
@pytest.mark.parametrize(
    "type_", ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"]
)
def test_the_description_names_the_host_that_was_asked(served: Served, host: str, type_: str) -> None:
    answer = ask_host(served, "/sparql", host, ("Accept", type_), ("X-Forwarded-Host", "evil.example"))
    assert answer.status == 200
    assert f"http://{host}/sparql".encode() in answer.body
    assert b"evil" not in answer.body


def test_of_two_hosts_none_is_right(served: Served) -> None:
    answer = ask_host(served, "/sparql", "a.example", ("Host", "b.example"), ("Accept", "text/turtle"))
    assert answer.status == 400
    assert b"example" not in answer.body


def test_no_host_is_no_fault_where_none_is_needed() -> None:
    assert requests.host({}) is None
    with pytest.raises(Problem):
        requests.host({"host": ""})


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("x-requested-with, Authorization,traceparent", "x-requested-with, Authorization, traceparent"),
        ("accept", "accept"),
        ("a b, content-type, c\u00e9, , <script>", "content-type"),
        ("", "Accept, Accept-Language, Content-Type, If-None-Match, Range"),
        ("evil:1", "Accept, Accept-Language, Content-Type, If-None-Match, Range"),
        ("a" * 65, "Accept, Accept-Language, Content-Type, If-None-Match, Range"),
        (",".join(f"x{number}" for number in range(500)), ", ".join(f"x{number}" for number in range(64))),
    ],
)
def test_a_page_of_another_site_may_send_what_it_asks_to(served: Served, asked: str, allowed: str) -> None:
    preflight = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST")]
    preflight.append(("Access-Control-Request-Headers", asked.encode().decode("latin-1")))
    answer = ask(served.address, "/sparql", "OPTIONS", headers=preflight)
    assert (answer.status, answer.headers["access-control-allow-headers"]) == (204, allowed)
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["vary"] == "Access-Control-Request-Headers"


def test_the_endpoint_with_a_slash_leads_to_the_one_without(served: Served) -> None:
    for method in ("GET", "POST"):
        answer = ask(
            served.address, "/sparql/?query=ASK%20%7B%7D&a=b%0D%0AX:%20y", method, b"" if method == "POST" else None
        )
        assert (answer.status, answer.headers["location"]) == (308, "../sparql?query=ASK%20%7B%7D&a=b%0D%0AX:%20y")
    assert get(served, "/sparql/").headers["location"] == "../sparql"
    assert get(served, "//sparql/").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_is_not_allowed_only_where_something_is(served: Served, method: str) -> None:
    for path in ("/nothing", "/doc/city/atlantis", "/id/city/atlantis", "/.htaccess", "/404.html", "/sparql/x"):
        assert ask(served.address, path, method, b"").status == 404, path
    for path in ("/", LIEGE, f"{LIEGE}.ttl", "/id/city/liege", "/ontology/0.1.0", "/healthz", f"{LIEGE}.ttl.gz"):
        assert ask(served.address, path, method, b"").status == 405, path


def test_a_range_that_ends_before_it_begins_is_no_range(served: Served) -> None:
    whole = get(served, "/ghent-partnerships.nt")
    for asked in ("bytes=5-2", "bytes=1-0", f"bytes={len(whole.body) + 5}-3", "bytes=a-b", "bytes=--5", "bytes=1-2-3"):
        answer = get(served, "/ghent-partnerships.nt", ("Range", asked))
        assert (answer.status, len(answer.body)) == (200, len(whole.body)), asked
    assert get(served, "/ghent-partnerships.nt", ("Range", "bytes=-0")).status == 416
    assert get(served, "/ghent-partnerships.nt", ("Range", "Bytes=2-5")).body == whole.body[2:6]


def test_a_document_changed_last_with_its_release(served: Served) -> None:
    date = "Tue, 24 Nov 2026 00:00:00 GMT"
    first = get(served, f"{LIEGE}.ttl")
    assert first.headers["last-modified"] == date
    tag = first.headers["etag"]
    for since, status in (
        (date, 304),
        ("Wed, 25 Nov 2026 00:00:00 GMT", 304),
        ("Mon, 23 Nov 2026 23:59:59 GMT", 200),
        ("yesterday", 200),
        ("Tue, 99 Nov 2026 00:00:00 GMT", 200),
        ("x" * 5_000, 200),
    ):
        assert get(served, f"{LIEGE}.ttl", ("If-Modified-Since", since)).status == status, since
    both = [("If-Modified-Since", date), ("If-None-Match", '"other"')]
    assert get(served, f"{LIEGE}.ttl", *both).status == 200, "between releases the tag decides"
    assert (
        get(served, f"{LIEGE}.ttl", ("If-None-Match", tag), ("If-Modified-Since", "Mon, 23 Nov 2026 0:0:0 GMT")).status
        == 304
    )
    part = ("Range", "bytes=0-4")
    assert get(served, f"{LIEGE}.ttl", part, ("If-Range", date)).status == 206
    assert get(served, f"{LIEGE}.ttl", part, ("If-Range", "Mon, 23 Nov 2026 00:00:00 GMT")).status == 200


def test_the_iri_of_the_version_leads_to_the_ontology(served: Served) -> None:
    answer = get(served, "/ontology/0.1.0", ("Accept", "text/turtle"))
    assert (answer.status, answer.headers["location"]) == (303, "../ontology")
    assert get(served, "/ontology/9.9.9").status == 404


def test_what_is_not_a_page_has_one_alternate_at_most(served: Served) -> None:
    for path in (f"{LIEGE}.ttl", f"{LIEGE}.jsonld", f"{LIEGE}.rdf", "/ontology.nt", "/catalog.jsonld", "/feed.ttl"):
        alternates = re.findall(r'<([^>]+)>; rel="alternate"; type="text/html"', get(served, path).headers["link"])
        assert alternates == [path.rpartition("/")[2].rpartition(".")[0]], path
    assert f'<{ID}city/liege>; rel="cite-as"' in get(served, f"{LIEGE}.jsonld").headers["link"]


def ask_host(served: Served, path: str, host: str, *headers: tuple[str, str]) -> Answer:
    """With this Host, as it is, and no other."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=Limits().seconds + 5)
    try:
        connection.putrequest("GET", path, skip_host=True)
        for name, value in (("Host", host), *headers):
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


def test_the_form_that_an_iri_is_asked_in_goes_with_it(served: Served) -> None:
    answer = ask(served.address, "/id/city/liege?format=ttl")
    assert (answer.status, answer.headers["location"]) == (303, "../../doc/city/liege?format=ttl")
    assert ask(served.address, "/doc/city/liege?format=ttl").type == "text/turtle"
    assert ask(served.address, "/id/city/liege?x=1").headers["location"] == "../../doc/city/liege"


def test_http_1_1_has_a_host(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")
