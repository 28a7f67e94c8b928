"""Requests over HTTP: as whom, how often again, where to, and how much comes back."""

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin

import pytest

from ghent_partnerships.errors import UsageError
from ghent_partnerships.remote import http
from ghent_partnerships.remote.answers import reason
from ghent_partnerships.remote.credentials import Variables, access
from ghent_partnerships.remote.http import Access, RefusedError, UnreachableError, request

SECRET = "s3cr3t"
Answer = tuple[int, dict[str, str], bytes]


class Server:
    """A server whose answer is a function of the request, and what it was asked: methods, targets and headers."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[int], Answer] = lambda _number: (200, {}, b"fine")
        self.url = ""

    @property
    def identified(self) -> list[str]:
        return [headers.get("authorization", "") for _method, _target, headers, _body in self.requests]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(http, "_FIRST_PAUSE", 0.001)
    http.opener.cache_clear()
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.requests.append((self.command, self.path, headers, body))
            status, given, content = server.answer(len(server.requests) - 1)
            self.send_response_only(status)
            for name, value in given.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_any  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}/sparql"
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        listening.shutdown()


def test_an_answer_has_its_status_headers_and_body(server: Server) -> None:
    server.answer = lambda _number: (201, {"Content-Type": "text/plain"}, b"made")
    answer = request("POST", server.url, body=b"what", headers={"Content-Type": "text/turtle"})
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (201, "text/plain", b"made")
    method, target, headers, body = server.requests[0]
    assert (method, target, headers["content-type"], body) == ("POST", "/sparql", "text/turtle", b"what")
    assert "ghent-partnerships" in headers["user-agent"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_is_busy_or_fails_is_asked_again(status: int, server: Server) -> None:
    server.answer = lambda number: (status, {}, b"later") if number < 3 else (200, {}, b"fine")
    assert request("GET", server.url).body == b"fine"
    assert len(server.requests) == 4


def test_it_is_asked_again_when_it_says(server: Server) -> None:
    began = time.monotonic()
    server.answer = lambda number: (429, {"Retry-After": "1"}, b"") if not number else (200, {}, b"fine")
    assert request("GET", server.url).body == b"fine"
    assert time.monotonic() - began >= 1
    server.answer = lambda _number: (503, {"Retry-After": "86400"}, b"tomorrow")
    with pytest.raises(RefusedError, match="503 Service Unavailable: tomorrow"):
        request("GET", server.url)
    assert len(server.requests) == 3, "which is not waited for"


def test_it_is_asked_only_so_often_and_what_must_not_be_done_twice_once(server: Server) -> None:
    server.answer = lambda _number: (500, {}, b'{"detail": "no disk"}')
    with pytest.raises(
        RefusedError, match=r"sparql: the server refuses: “500 Internal Server Error: no disk”"
    ) as raised:
        request("GET", server.url)
    assert (raised.value.status, len(server.requests)) == (500, 6)
    with pytest.raises(RefusedError):
        request("POST", server.url, body=b"", again=False)
    assert len(server.requests) == 7


@pytest.mark.parametrize("status", [400, 403, 404, 501])
def test_what_it_refuses_is_not_asked_again(status: int, server: Server) -> None:
    server.answer = lambda _number: (status, {}, b"no")
    with pytest.raises(RefusedError) as raised:
        request("GET", server.url)
    assert (raised.value.status, len(server.requests)) == (status, 1)


def test_half_an_answer_is_none(server: Server) -> None:
    server.answer = lambda number: (200, {"Content-Length": "9"}, b"half" if number < 2 else b"the whole")
    assert request("GET", server.url).body == b"the whole"
    server.answer = lambda _number: (200, {"Content-Length": "9"}, b"half")
    with pytest.raises(UnreachableError, match="cannot be reached: “5 bytes are missing”"):
        request("GET", server.url)


def test_an_answer_has_a_bound_in_bytes_and_in_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = lambda _number: (200, {}, b"x" * 1_001)
    with pytest.raises(UsageError, match="the answer has more than 1,000 bytes"):
        request("GET", server.url, most=1_000)
    monkeypatch.setattr(http, "_ATTEMPTS", 1)

    def late(_number: int) -> Answer:
        time.sleep(0.4)
        return 200, {}, b""

    server.answer = late
    with pytest.raises(UnreachableError):
        request("GET", server.url, access=Access(seconds=0.1))


def test_an_answer_may_go_into_a_file_from_its_start(server: Server, tmp_path: Path) -> None:
    server.answer = lambda number: (
        200,
        {"Content-Length": "9"},
        b"and half" if not number else b"the whole",
    )
    with (tmp_path / "answer").open("w+b") as file:
        assert request("GET", server.url, into=file).body == b""
    assert (tmp_path / "answer").read_bytes() == b"the whole"


def test_nobody_listens() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "_FIRST_PAUSE", 0.001)
        with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:1/: cannot be reached: “.*refused”"):
            request("GET", "http://127.0.0.1:1/")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://e/", "http://", "http://e:x/", "http://e/a b"])
def test_what_is_no_address_is_not_asked(url: str) -> None:
    with pytest.raises(UsageError, match="not an address that can be asked"):
        request("GET", url)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(UsageError, match="holds a user or a password") as raised:
        request("GET", f"http://dba:{SECRET}@example.org/sparql")
    assert SECRET not in str(raised.value)


def test_a_redirection_is_followed_on_the_same_host_where_nothing_is_changed(server: Server) -> None:
    host = server.url.removesuffix("/sparql")
    server.answer = lambda number: (302, {"Location": f"{host}/other"}, b"") if not number else (200, {}, b"fine")
    assert request("GET", server.url).body == b"fine"
    assert server.requests[1][1] == "/other"
    server.answer = lambda _number: (302, {"Location": f"{host}/other"}, b"")
    with pytest.raises(UsageError, match=f"leads to {host}/other; give that"):
        request("POST", server.url, body=b"DROP ALL")
    for location in ("http://localhost:1/", "file:///etc/passwd", "http://169.254.169.254/"):
        server.answer = lambda _number, location=location: (302, {"Location": location}, b"")  # type: ignore[misc]
        with pytest.raises(UsageError):
            request("GET", server.url)
    assert len(server.requests) == 6


def demanding(scheme: str, accepted: Callable[[str], bool], server: Server) -> Callable[[int], Answer]:
    def answer(number: int) -> Answer:
        given = server.requests[number][2].get("authorization", "")
        return (200, {}, b"fine") if accepted(given) else (401, {"WWW-Authenticate": scheme}, given.encode())

    return answer


def test_basic_is_sent_when_it_is_asked_for_and_from_then_on(server: Server) -> None:
    expected = f"Basic {base64.b64encode(f'dba:{SECRET}'.encode()).decode()}"
    server.answer = demanding('Basic realm="x"', lambda given: given == expected, server)
    known = Access(server.url, "dba", SECRET)
    assert [request("POST", server.url, body=b"x", access=known).body for _ in range(2)] == [b"fine", b"fine"]
    assert server.identified == ["", expected, expected]
    request("GET", server.url, access=Access(server.url, "dba", SECRET, scheme="basic"))
    assert server.identified[3:] == [expected], "without being asked"


def test_a_token_is_sent_as_bearer(server: Server) -> None:
    server.answer = demanding("Bearer", lambda given: given == f"Bearer {SECRET}", server)
    assert request("GET", server.url, access=Access(server.url, token=SECRET)).body == b"fine"
    assert server.identified == ["", f"Bearer {SECRET}"]


def test_a_digest_is_made_for_each_request_without_sending_it_twice(server: Server) -> None:
    def accepted(given: str) -> bool:
        scheme, _, rest = given.partition(" ")
        if scheme != "Digest":
            return False
        fields = http._parameters(rest)
        first, second = (
            hashlib.md5(text.encode()).hexdigest() for text in (f"dba:store:{SECRET}", f"PUT:{fields['uri']}")
        )
        between = f"n1:{fields['nc']}:{fields['cnonce']}:auth"
        return fields["response"] == hashlib.md5(f"{first}:{between}:{second}".encode()).hexdigest()

    server.answer = demanding('Digest realm="store", qop="auth", nonce="n1", algorithm=MD5', accepted, server)
    known = Access(urljoin(server.url, "/sparql"), "dba", SECRET)  # Virtuoso's, which is written to elsewhere
    for _ in range(3):
        written = request("PUT", urljoin(server.url, "/sparql-auth?graph=urn:g"), body=b"x", access=known)
        assert written.body == b"fine"
    assert [given.partition(" ")[0] for given in server.identified] == ["", "Digest", "Digest", "Digest"]
    assert SECRET not in "".join(server.identified)


def test_what_is_not_accepted_is_sent_once_and_not_repeated_to_who_reads(server: Server) -> None:
    server.answer = lambda _number: (401, {"WWW-Authenticate": "Basic"}, f"wrong password {SECRET}".encode())
    with pytest.raises(RefusedError, match="does not accept the credentials: “401 Unauthorized: wrong password …”"):
        request("GET", server.url, access=Access(server.url, "dba", SECRET))
    assert len(server.requests) == 2
    with pytest.raises(RefusedError, match="asks for credentials; give them in the environment or in netrc"):
        request("GET", server.url)
    assert SECRET not in repr(Access(server.url, "dba", SECRET, token=SECRET))


def test_credentials_go_to_their_origin_alone(server: Server) -> None:
    server.answer = lambda _number: (401, {"WWW-Authenticate": "Basic, Bearer"}, b"")
    for known in (Access("http://127.0.0.1:1/", "dba", SECRET), Access("https://e/", token=SECRET, scheme="bearer")):
        with pytest.raises(RefusedError):
            request("GET", server.url, access=known)
    assert server.identified == ["", ""]


def test_credentials_come_from_the_variables_or_from_netrc(tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine example.org login dba password {SECRET}\n", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    netrc = {"NETRC": str(tmp_path / "netrc")}
    by_file = access("https://example.org/sparql", environment=netrc)
    assert (by_file.user, by_file.password) == ("dba", SECRET)
    assert not access("https://example.com/sparql", environment=netrc).is_known
    environment = {**netrc, "SPARQL_USER": "me", "SPARQL_PASSWORD": "mine", "T": "token"}
    assert access("https://example.org/", environment=environment).user == "me"
    assert access("https://example.org/", Variables(token="T"), environment=environment).token == "token"


@pytest.mark.parametrize(
    ("environment", "scheme", "problem"),
    [
        ({"SPARQL_USER": "me"}, "", "SPARQL_USER is set and SPARQL_PASSWORD is not; set both"),
        ({}, "bearer", "--auth bearer: there are no credentials; set SPARQL_TOKEN"),
        ({"SPARQL_TOKEN": "a\nb"}, "", "holds characters that cannot be sent"),
        ({"NETRC": "netrc"}, "", "netrc:1: not as netrc has it"),
        ({"NETRC": "absent"}, "", "absent: No such file or directory"),
    ],
)
def test_what_cannot_be_used_is_named(
    environment: dict[str, str], scheme: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "netrc").write_text(f"{SECRET} machine e\n", encoding="utf-8")
    with pytest.raises(UsageError, match=problem) as raised:
        access("https://e/", scheme=scheme, environment={"HOME": str(tmp_path), **environment})
    assert SECRET not in str(raised.value)


def test_what_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    with pytest.raises(UsageError, match=r"ca\.pem: not a file of certificates in PEM"):
        request("GET", "https://127.0.0.1:1/", access=Access(ca=tmp_path / "ca.pem"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            b"<!DOCTYPE HTML>\n<html><head><title>failed</title><style>p { x }</style></head><body><h3>Error 22023</h3>"
            b"<xmp>The PUT for <urn:g> is rejected</xmp></body></html>",
            "Error 22023: The PUT for <urn:g> is rejected",
        ),
        (b"<html><head><title>Bad &amp; wrong</title>", "Bad & wrong"),
        (b"<html>" + b"<p>" * 100_000, ""),
        (b"<html>Busy <![x[ <![if x <!-- <a", "Busy"),
        (b"<urn:a> is no IRI", "<urn:a> is no IRI"),
        (b'{"detail": "<html>"}', "<html>"),
    ],
)
def test_the_reason_of_a_server_is_in_words(body: bytes, words: str) -> None:
    assert reason(body) == words
    assert len(reason(b"<html>" + b"<p>word" * 100_000)) == 500
