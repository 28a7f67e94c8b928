"""``--since``: what a change to the repository caused and what it fixed; and ``-`` and ``owl:imports``."""

import random
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import copied
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.findings import Finding, Location, Report
from ghent_partnerships.text import Text
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.compare import changed

pytestmark = pytest.mark.usefixtures("git_alone")

SHAPES = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:age , ex:friend .
ex:age sh:path ex:age ; sh:datatype xsd:integer ; sh:minCount 1 ; sh:message "An age is a number."@en .
ex:friend sh:path ex:friend ; sh:class ex:Person .
"""
HEAD = "PREFIX ex: <http://example.org/>\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """An empty repository to work in; returns git."""
    monkeypatch.chdir(tmp_path)

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], check=True, capture_output=True)

    git("init", "--quiet")
    Path("data").mkdir()
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    return git


def commit(git: Callable[..., None]) -> None:
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", "x")


def messages(findings: tuple[Finding, ...]) -> list[tuple[str, int, str]]:
    return [(Path(finding.location.path).name, finding.location.line, finding.result.focus) for finding in findings]


def test_only_what_is_new_is_reported_also_in_lines_that_nobody_touched(repository: Callable[..., None]) -> None:
    Path("data/a.ttl").write_text(f"{HEAD}ex:ada a ex:Person ; ex:age 'x' ; ex:friend ex:bob .\n", encoding="utf-8")
    Path("data/b.ttl").write_text(f"{HEAD}ex:bob a ex:Person ; ex:age 7 .\nex:cy a ex:Person .\n", encoding="utf-8")
    commit(repository)
    Path("data/a.ttl").write_text(f"{HEAD}\n\nex:ada a ex:Person ; ex:age 'x' ; ex:friend ex:bob .\n", encoding="utf-8")
    Path("data/b.ttl").write_text(
        f"{HEAD}ex:bob a ex:Robot ; ex:age 7 .\nex:cy a ex:Person ; ex:age 1 .\n", encoding="utf-8"
    )
    report = validate("data", shapes="shapes.ttl", since="HEAD")
    assert messages(report.findings) == [("a.ttl", 4, "<http://example.org/ada>")]
    assert report.findings[0].result.value == "<http://example.org/bob>"
    assert messages(report.fixed) == [("b.ttl", 3, "<http://example.org/cy>")]
    assert validate("data", shapes="shapes.ttl", since="HEAD").findings == report.findings


def test_a_file_that_is_gone_was_there_before(repository: Callable[..., None]) -> None:
    Path("data/a.ttl").write_text(f"{HEAD}ex:ada a ex:Person ; ex:age 1 ; ex:friend ex:bob .\n", encoding="utf-8")
    Path("data/b.ttl").write_text(f"{HEAD}ex:bob a ex:Person .\n", encoding="utf-8")
    commit(repository)
    Path("data/b.ttl").unlink()
    report = validate(Path("data").absolute(), shapes="shapes.ttl", since="HEAD")
    assert messages(report.findings) == [("a.ttl", 2, "<http://example.org/ada>")]
    assert messages(report.fixed) == [("b.ttl", 2, "<http://example.org/bob>")]


def test_the_report_says_what_was_mended(repository: Callable[..., None], capfd: pytest.CaptureFixture[str]) -> None:
    Path("data/a.ttl").write_text(f"{HEAD}ex:ada a ex:Person .\n", encoding="utf-8")
    commit(repository)
    Path("data/a.ttl").write_text(f"{HEAD}ex:ada a ex:Person ; ex:age 1 .\n", encoding="utf-8")
    assert main(["validate", "--shapes", "shapes.ttl", "data/a.ttl", "--since", "HEAD"]) == 0
    assert capfd.readouterr().out == (
        "fixed: data/a.ttl:2:1: violation min-count: An age is a number.\n2 files, 2 triples: no findings\n"
    )


def test_a_revision_that_git_does_not_know_is_wrong_use(repository: Callable[..., None]) -> None:
    Path("data/a.ttl").write_text(f"{HEAD}ex:ada a ex:Person .\n", encoding="utf-8")
    commit(repository)
    for since in ("nowhere", "--all"):
        with pytest.raises(UsageError, match="git knows no such revision"):
            validate("data", shapes="shapes.ttl", since=since)


def key(finding: Finding) -> tuple[str, ...]:
    """What a finding says, without where; a blank node has another label in each run."""
    terms = ("_:" if term.startswith("_:") else term for term in (finding.result.focus, finding.result.value))
    about = (finding.result.path, finding.result.shape, finding.result.constraint, str(finding.message))
    return (finding.location.path, finding.code, *terms, *about)


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_full_run_after_without_the_full_run_before(seed: int, repository: Callable[..., None]) -> None:
    chance = random.Random(seed)
    files = [Path(f"data/{name}.ttl") for name in "abcd"]

    def edit() -> None:
        for file in chance.sample(files, 3):
            lines = []
            for _ in range(chance.randrange(5)):
                who, whom = (f"ex:p{chance.randrange(6)}" for _ in range(2))
                age = chance.choice(["1", "'x'", "2.5"])
                statements = ["a ex:Person", f"ex:age {age}", f"ex:friend {whom}", f"ex:friend [ ex:age {age} ]"]
                lines.append(f"{who} {chance.choice(statements)} {chance.choice(['.', '.', '.', '.', ';;.', ''])}\n")
            if lines:
                file.write_text(HEAD + "".join(lines), encoding="utf-8")
            else:
                file.unlink(missing_ok=True)
        Path("data/kept.ttl").write_text(f"{HEAD}ex:p0 a ex:Person .\n", encoding="utf-8")

    edit()
    commit(repository)
    before = validate("data", shapes="shapes.ttl")
    edit()
    after = validate("data", shapes="shapes.ttl")
    report = validate("data", shapes="shapes.ttl", since="HEAD")
    counted = [Counter(key(finding) for finding in report.findings) for report in (before, after)]
    assert Counter(map(key, report.findings)) == counted[1] - counted[0]
    assert Counter(map(key, report.fixed)) == counted[0] - counted[1]
    places = {(*key(finding), finding.location.line, finding.location.column) for finding in after.findings}
    assert {(*key(finding), finding.location.line, finding.location.column) for finding in report.findings} <= places


def test_of_findings_that_are_the_same_as_many_are_new_as_there_are_more() -> None:
    first, second, third = (Finding(message=Text("x"), location=Location("a.ttl", line)) for line in (1, 2, 3))
    elsewhere = Finding(message=Text("x"), location=Location("b.ttl"))
    report = changed(Report((first, elsewhere), 1, 1), Report((second, third), 1, 1))
    assert (report.findings, report.fixed) == ((third,), (elsewhere,))


@pytest.fixture
def own_clone(tmp_path: Path) -> Path:
    """A repository with the files of this one as they are."""
    home = copied.copy(tmp_path / "clone")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "x")):
        copied.git(home, *arguments)
    return home


def test_in_our_own_graph(own_clone: Path) -> None:
    weihai = own_clone / "data" / "partners" / "weihai.ttl"
    text = weihai.read_text(encoding="utf-8")
    assert copied.run(own_clone, "validate", "--since", "HEAD")[0] == 0
    weihai.write_text(text.replace("    gp:kind concept:cooperation ;\n", ""), encoding="utf-8")
    code, out = copied.run(own_clone, "validate", "--since", "HEAD")
    assert code == 1
    assert "violation GP149: A partnership is of exactly one kind." in out
    assert out.endswith(": 1 violation\n")
    weihai.unlink()
    code, out = copied.run(own_clone, "validate", "--since", "HEAD")
    assert code == 1
    assert "data/partners/weihai.ttl:1:1: violation GP014: partnership:ghent-weihai was published and is gone." in out


def test_standard_input_is_read_in_the_form_that_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(tmp_path, "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    texts = {
        "turtle": f"{HEAD}ex:ada a ex:Person .\n",
        "n-triples": "<http://example.org/ada> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        " <http://example.org/Person> .\n",
        "json-ld": '{"@id": "http://example.org/ada", "@type": "http://example.org/Person"}',
        "xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '<e:Person rdf:about="http://example.org/ada"/></rdf:RDF>',
    }
    for text in texts.values():
        monkeypatch.setattr("ghent_partnerships.validation.documents.standard_input", lambda text=text: text.encode())
        (finding,) = validate("-", shapes=tmp_path / "shapes.ttl").findings
        assert (finding.location.path, finding.location.line, finding.result.focus) == (
            "standard input",
            2 if text.startswith("PREFIX") else 1,
            "<http://example.org/ada>",
        )


def test_files_that_are_imported_are_read_and_the_web_is_not(tmp_path: Path) -> None:
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle")
            self.end_headers()
            self.wfile.write(f"{HEAD}ex:eve a ex:Person .\n".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/more"
    shapes, data, more = (tmp_path / name for name in ("shapes.ttl", "data.ttl", "more.ttl"))
    shapes.write_text(f"{SHAPES}<> <http://www.w3.org/2002/07/owl#imports> <shapes.ttl> .\n", encoding="utf-8")
    imports = "<http://www.w3.org/2002/07/owl#imports>"
    data.write_text(
        f"{HEAD}ex:ada a ex:Person ; ex:age 1 .\n<> {imports} <more.ttl> , <{address}> .\n", encoding="utf-8"
    )
    more.write_text(f"{HEAD}ex:bob a ex:Person .\n<> {imports} <data.ttl> .\n", encoding="utf-8")
    report = validate(data, shapes=shapes)
    assert [(Path(finding.location.path).name, finding.code, finding.severity) for finding in report.findings] == [
        ("data.ttl", "GP006", "warning"),
        ("more.ttl", "", "violation"),
    ]
    assert asked == []
    allowed = validate(data, shapes=shapes, allow_network=True)
    assert [(finding.location.path, finding.result.focus) for finding in allowed.findings] == [
        (str(more), "<http://example.org/bob>"),
        (address, "<http://example.org/eve>"),
    ]
    assert asked == ["/more"]
    server.shutdown()
    server.server_close()


class Web:
    """A web server of some texts, by path; a text that is a path or an address leads there."""

    def __init__(self, texts: dict[str, str]) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                text = texts[self.path]
                self.send_response(302 if text.startswith("/") else 200)
                self.send_header("Location" if text.startswith("/") else "Content-Type", text.partition("\n")[0])
                self.end_headers()
                self.wfile.write(text.partition("\n")[2].encode())

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Web":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


IMPORTS = "<http://www.w3.org/2002/07/owl#imports>"


def test_relative_iris_of_what_is_fetched_start_where_it_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "/start": "/deep/er/data.ttl",
        "/deep/er/data.ttl": f"text/turtle\n{HEAD}<> {IMPORTS} <../more> , <local.ttl> .\n<#ada> a ex:Person .\n",
        "/deep/more": f"text/turtle\n{HEAD}<> {IMPORTS} <er/data.ttl> , </start> .\n<bob> a ex:Person .\n",
        "/deep/er/local.ttl": f"text/turtle\n{HEAD}\n  <eve> a ex:Person .\n",
    }
    Path("local.ttl").write_text(f"{HEAD}<here> a ex:Person .\n", encoding="utf-8")
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    with Web(texts) as web:
        Path("data.ttl").write_text(f"<> {IMPORTS} <{web.address}/start> .\n", encoding="utf-8")
        report = validate("data.ttl", shapes="shapes.ttl", allow_network=True)
        assert [(*finding.location, finding.result.focus) for finding in report.findings] == [
            (f"{web.address}/deep/er/local.ttl", 3, 3, f"<{web.address}/deep/er/eve>"),
            (f"{web.address}/deep/more", 3, 1, f"<{web.address}/deep/bob>"),
            (f"{web.address}/start", 3, 1, f"<{web.address}/deep/er/data.ttl#ada>"),
        ]
        assert report.files == 5
        assert web.asked == ["/start", "/deep/er/data.ttl", "/deep/more", "/deep/er/local.ttl"]


def test_what_is_fetched_imports_nothing_that_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    Path("secret.ttl").write_text(f"{HEAD}ex:ada a ex:Person .\n", encoding="utf-8")
    secret = Path("secret.ttl").absolute().as_uri()
    with Web({"/page": f"text/turtle\n{HEAD}ex:bob a ex:Person ; ex:age 1 .\n<> {IMPORTS} <{secret}> .\n"}) as web:
        Path("data.ttl").write_text(f"<> {IMPORTS} <{web.address}/page> .\n", encoding="utf-8")
        (finding,) = validate("data.ttl", shapes="shapes.ttl", allow_network=True).findings
    reason = "a file that is here, which nothing on the web may import"
    assert (finding.code, finding.location.line) == ("GP006", 3)
    assert str(finding.message) == f"The import of <{secret}> is left out: {reason}."
    dutch = "een bestand dat hier staat, dat niets op het web mag importeren"
    assert finding.message.localized("nl").endswith(f": {dutch}.")


@pytest.mark.parametrize("suffix", ["ttl", "rdf"])
def test_each_import_that_cannot_be_read_is_a_finding(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    names = [f"{name}.{suffix}" for name in ("one", "two")]
    for name in names:
        Path(name).write_text("no RDF", encoding="utf-8")
    Path("data.ttl").write_text(f"<> {IMPORTS} <one.{suffix}> , <two.{suffix}> .\n", encoding="utf-8")
    findings = validate("data.ttl", shapes="shapes.ttl").findings
    assert [finding.location.path for finding in findings if finding.code == "GP001"] == names


def test_an_import_is_read_as_it_was(repository: Callable[..., None]) -> None:
    imports = "<> <http://www.w3.org/2002/07/owl#imports> <more.ttl> .\n"
    Path("data/a.ttl").write_text(f"{HEAD}ex:ada a ex:Person ; ex:age 1 .\n{imports}", encoding="utf-8")
    Path("data/more.ttl").write_text(f"{HEAD}ex:bob a ex:Person ; ex:age 2 .\n", encoding="utf-8")
    commit(repository)
    Path("data/more.ttl").write_text(f"{HEAD}ex:bob a ex:Person ; ex:age 'x' .\n", encoding="utf-8")
    report = validate("data/a.ttl", shapes="shapes.ttl", since="HEAD")
    assert messages(report.findings) == [("more.ttl", 2, "<http://example.org/bob>")]


def test_a_blank_node_in_a_message_is_the_same_in_each_run(repository: Callable[..., None]) -> None:
    select = "SELECT $this ?value { $this <http://example.org/friend> ?value FILTER (ISBLANK(?value)) }"
    constraint = f'sh:sparql [ sh:message "No {{?value}} of {{$this}}" ; sh:select "{select}" ]'
    shape = f"ex:S a sh:NodeShape ; sh:targetClass ex:Person ; {constraint} ."
    Path("shapes.ttl").write_text(f"{SHAPES.partition('ex:PersonShape')[0]}{shape}\n", encoding="utf-8")
    Path("data/a.ttl").write_text(f"{HEAD}[] a ex:Person ; ex:friend [] .\n", encoding="utf-8")
    commit(repository)
    (finding,) = validate("data", shapes="shapes.ttl").findings
    assert str(finding.message) == "No [] of []"
    report = validate("data", shapes="shapes.ttl", since="HEAD")
    assert (report.findings, report.fixed) == ((), ())


def test_a_file_of_another_repository_is_new_to_this_one(own_clone: Path, repository: Callable[..., None]) -> None:
    file = Path("data/more.ttl").absolute()
    text = "PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>\nPREFIX ex: <http://example.org/>\n"
    file.write_text(f"{text}\ncity:melle\n    ex:p 1 ;\n.\n", encoding="utf-8")
    commit(repository)
    code, out = copied.run(own_clone, "validate", str(file), "--since", "HEAD")
    assert (code, out.rpartition(": ")[2]) == (1, "1 violation\n")
