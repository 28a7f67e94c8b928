"""Endpoints that answer nonsense, or not at all."""

import http.server
import json
import threading
from collections.abc import Iterator

import pytest
from command import EVIL, SHOWN, Run

JSON = "application/sparql-results+json"
CUT_OFF = f"the answer in {JSON} is cut off, or none to this query"
NO_ADDRESS = "not an address that can be asked (expected an http: or https: URL)"
ROWS = '{"head":{"vars":["x"]},"results":{"bindings":[{"x":'
GOOD = ROWS + json.dumps({"type": "literal", "value": EVIL}) + "}]}}"
ANSWERS: dict[str, tuple[int, str, str | bytes, str]] = {
    "page": (200, "text/html", "<html>", "the endpoint did not answer with SPARQL results but with text/html"),
    "failure": (500, "text/html", f"<html>{EVIL}", "the endpoint refused the query: “\\x1b[31m"),
    "empty-failure": (500, "text/html", "", "the endpoint refused the query: "),
    "busy": (503, "text/plain", "later", "Service Unavailable"),
    "garbage": (200, JSON, b"\xff\xfe{{{", CUT_OFF),
    "truncated": (200, JSON, ROWS + '{"type":"literal","value":""}},{"', CUT_OFF),
    "no-iri": (200, JSON, ROWS + r'{"type":"uri","value":"not \u001b"}}]}}', CUT_OFF),
    "nested": (200, JSON, ROWS + '{"type":"triple","value":{"subject":' * 50_000, "did not answer with SPARQL results"),
    "evil-type": (200, "\x1b[31m/\x9b", "{}", r"the endpoint did not answer with SPARQL results but with \x1b[31m/"),
    "redirection": (302, "file:///etc/passwd", "", "the endpoint cannot be reached: "),
    "good": (200, JSON, GOOD, ""),
}


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers at each path as it says in ANSWERS."""

    def do_POST(self) -> None:
        assert b"query=" in self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self) -> None:
        status, kind, body, _ = ANSWERS[self.path.partition("?")[0].strip("/")]
        self.send_response(status)
        self.send_header("Location" if status == 302 else "Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode() if isinstance(body, str) else body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.parametrize("answer", [answer for answer in ANSWERS if answer != "good"])
def test_an_endpoint_that_answers_something_else_is_wrong_use(run: Run, endpoint: str, answer: str) -> None:
    _, err = run(2, "query", "names-of-cities", "--endpoint", endpoint + answer)
    assert err.startswith(f"ghent-partnerships: {endpoint}{answer}: ")
    assert ANSWERS[answer][3] in err


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///etc/passwd", NO_ADDRESS),
        ("http://127.0.0.1:1/", "the endpoint cannot be reached: "),
        ("http://[", NO_ADDRESS),
        (f"http://127.0.0.1:1/{EVIL}", NO_ADDRESS),
        (b"http://127.0.0.1:1/\xff", NO_ADDRESS),
    ],
)
def test_an_endpoint_out_of_reach_is_wrong_use(run: Run, url: object, message: str) -> None:
    _, err = run(2, "query", "names-of-cities", "--endpoint", url)
    assert message in err


@pytest.mark.parametrize(
    "text",
    [
        "# first\n# drop everything\nSELECT ?x {}",
        "PREFIX a: <http://e/> # insert what you like\nSELECT ?x {}",
        "SELECT ?x { ?s ?p 'INSERT DATA' }",
    ],
)
def test_a_query_is_sent_to_an_endpoint_as_a_query(run: Run, endpoint: str, text: str) -> None:
    out, _ = run(0, "query", "-", "--endpoint", endpoint + "good", typed=text.encode())
    assert out.splitlines()[2] == SHOWN
