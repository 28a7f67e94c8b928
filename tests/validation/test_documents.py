"""A file is one document, by whatever name it is reached; what it refers to is read once, through one door."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ghent_partnerships.validation.check import validate

HEAD = "@prefix ex: <http://example.org/> .\n"
STREETS = f'{HEAD}ex:a a ex:T ; ex:addr [ ex:street "x" ] .\n'
ONE_ADDRESS = (
    f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{HEAD}"
    "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:addr ; sh:maxCount 1 ] .\n"
)
TWO_ADDRESSES = ONE_ADDRESS.replace("sh:maxCount 1", "sh:minCount 2")
LABELLED = ONE_ADDRESS.replace("ex:addr ; sh:maxCount", "ex:l ; sh:minCount")
IMPORTS = "<http://www.w3.org/2002/07/owl#imports>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    Path("d/v1.ttl").write_text(STREETS, encoding="utf-8")
    Path("shapes.ttl").write_text(ONE_ADDRESS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "names",
    [
        ["d/v1.ttl", "{here}/d/v1.ttl"],
        ["d/v1.ttl", "d/../d/v1.ttl"],
        ["d/symbolic.ttl", "d/v1.ttl"],
        ["d/hard.ttl", "d/v1.ttl"],
        ["d/v1.ttl", "d"],
        ["d", "d/v1.ttl"],
        ["d", "linked"],
    ],
)
def test_a_file_is_read_once_and_called_by_its_first_name(folder: Path, names: list[str]) -> None:
    Path("d/symbolic.ttl").symlink_to("v1.ttl")
    os.link("d/v1.ttl", "d/hard.ttl")
    Path("linked").symlink_to("d")
    given = [Path(name.format(here=folder)) for name in names]
    report = validate(given, shapes="shapes.ttl")
    assert (report.findings, report.files) == ((), 2)
    Path("shapes.ttl").write_text(TWO_ADDRESSES, encoding="utf-8")
    (finding,) = validate(given, shapes="shapes.ttl").findings
    first = min(given[0].iterdir()) if given[0].is_dir() else given[0]
    assert finding.location.path == str(first)


@pytest.mark.parametrize("name", ["v1.ttl", "symbolic.ttl", "../d/v1.ttl", "v%31.ttl"])
def test_an_import_of_a_given_file_is_that_document(name: str) -> None:
    Path("d/symbolic.ttl").symlink_to("v1.ttl")
    Path("d/a.ttl").write_text(f"<> {IMPORTS} <{name}> .\n", encoding="utf-8")
    report = validate(["d/a.ttl", "d/v1.ttl"], shapes="shapes.ttl")
    assert (report.findings, report.files) == ((), 3)


def test_an_import_of_a_file_of_shapes_is_data_too() -> None:
    Path("d/v1.ttl").write_text(f"{STREETS}<> {IMPORTS} <../shapes.ttl> .\n", encoding="utf-8")
    Path("shapes.ttl").write_text(f"{ONE_ADDRESS}ex:a ex:addr ex:b .\n", encoding="utf-8")
    (finding,) = validate("d/v1.ttl", shapes="shapes.ttl").findings
    assert finding.result.focus == "<http://example.org/a>"


def test_an_import_of_what_a_given_file_says_it_is_is_not_left_out() -> None:
    Path("d/v1.ttl").write_text(
        f"{STREETS}<http://example.org/onto> a <http://www.w3.org/2002/07/owl#Ontology> .\n", encoding="utf-8"
    )
    Path("d/a.ttl").write_text(f"<> {IMPORTS} <http://example.org/onto> .\n", encoding="utf-8")
    assert validate(["d/a.ttl", "d/v1.ttl"], shapes="shapes.ttl").findings == ()


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    """The address of a context on the web, and what was asked there."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/ld+json")
            self.end_headers()
            here = {"@context": {"T": "http://example.org/T", "l": "http://example.org/l"}}
            self.wfile.write(json.dumps(here if self.path == "/ctx" else {"@context": "file:///etc/hosts"}).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_a_context_on_the_web_is_fetched_once_and_only_if_that_is_allowed(web: tuple[str, list[str]]) -> None:
    address, asked = web
    Path("shapes.ttl").write_text(LABELLED, encoding="utf-8")
    for name in ("a", "b"):
        text = f'{{"@context":\n ["{address}/ctx"], "@id": "http://example.org/{name}", "@type": "T", "l": 1}}'
        Path(f"d/{name}.jsonld").write_text(text, encoding="utf-8")
    report = validate(["d/a.jsonld", "d/b.jsonld"], shapes="shapes.ttl")
    assert [(finding.location.path, finding.location.line, finding.location.column) for finding in report.findings] == [
        ("d/a.jsonld", 2, 3),
        ("d/b.jsonld", 2, 3),
    ]
    assert asked == []
    report = validate(["d/a.jsonld", "d/b.jsonld"], shapes="shapes.ttl", allow_network=True)
    assert (report.findings, asked) == ((), ["/ctx"])


def test_a_context_on_the_web_leads_to_no_file_that_is_here(web: tuple[str, list[str]]) -> None:
    Path("d/a.jsonld").write_text(f'{{"@context": "{web[0]}/other", "@id": "a:b", "a:p": 1}}', encoding="utf-8")
    (finding,) = validate("d/a.jsonld", shapes="shapes.ttl", allow_network=True).findings
    assert "file:///etc/hosts: " in str(finding.message)


def test_a_context_in_a_folder_that_is_given_is_read() -> None:
    Path("shapes.ttl").write_text(LABELLED, encoding="utf-8")
    Path("d/deep").mkdir()
    context = {"@context": {"T": "http://example.org/T", "l": "http://example.org/l"}}
    Path("d/ctx.jsonld").write_text(json.dumps(context), encoding="utf-8")
    text = '{"@context": "../ctx.jsonld", "@id": "a:b", "@type": "T", "l": 1}'
    Path("d/deep/a.jsonld").write_text(text, encoding="utf-8")
    Path("d/v1.ttl").unlink()
    assert validate("d", shapes="shapes.ttl").findings == ()
    (finding,) = validate("d/deep/a.jsonld", shapes="shapes.ttl").findings
    assert "outside of the folder" in str(finding.message)
