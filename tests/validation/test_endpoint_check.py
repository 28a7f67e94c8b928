"""``validate --endpoint``: the report on a store is that on a file, and there is none where it does not answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, RdfFormat, Triple, serialize

from faults import CUT, HALF, Fault, Request, proxying
from ghent_partnerships.cli.main import main
from ghent_partnerships.project.graph import triples as read
from ghent_partnerships.remote import endpoint
from ghent_partnerships.validation import check
from loading import load
from second_city import FOLDER, second_city
from shacl_constraints import HEAD
from stores import Oxigraph, Store, running

GRAPH, CITY, BROKEN = (f"http://example.org/graph/{name}" for name in ("small", "city", "broken"))
SHAPES = """ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property ex:P .
ex:P sh:path ex:p ; sh:datatype xsd:integer ; sh:maxCount 1 ; sh:message "One whole number."@en ."""
DATA = 'ex:a a ex:T ; ex:p 1 . ex:b a ex:T ; ex:p "x", 2 ; rdfs:label "B" . [] a ex:T ; ex:p "y" .'


def broken_city() -> list[Triple]:
    """The graph of the second city, in which a year is a text."""
    graph = read(second_city().graph_files())
    year = next(triple for triple in graph if str(triple.predicate).endswith("startYear>"))
    return [triple for triple in graph if triple != year] + [Triple(year.subject, year.predicate, Literal("1969"))]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("store"))) as store:
        load(store, (HEAD + DATA).encode(), "ttl", graph=GRAPH)
        load(store, serialize(read(second_city().graph_files()), format=RdfFormat.N_TRIPLES) or b"", graph=CITY)
        load(store, serialize(broken_city(), format=RdfFormat.N_TRIPLES) or b"", graph=BROKEN)
        yield store


@pytest.fixture(scope="module", autouse=True)
def _in_one_process() -> Iterator[None]:
    """Asks in this process, and again at once: starting another for each of a thousand queries takes long."""

    def at_once(work: Callable[[], Any], *_arguments: object, **_options: object) -> object:
        return work()

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(endpoint, "isolated", at_once)
        monkeypatch.setattr(endpoint, "_PAUSES", (0,))
        yield


@pytest.fixture
def shapes(tmp_path: Path) -> str:
    path = tmp_path / "shapes.ttl"
    path.write_text(HEAD + SHAPES, encoding="utf-8")
    return str(path)


def test_a_finding_is_at_a_node_of_the_endpoint(
    store: Store, shapes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {name: tmp_path / name for name in ("json", "sarif", "github", "junit", "turtle")}
    outputs = [f"--output={name}={path}" for name, path in names.items()]
    assert main(["validate", "--shapes", shapes, "--endpoint", store.query, "--graph", GRAPH, *outputs]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(f"{store.query}: violation datatype: One whole number.\n")
    assert f"\n{store.query} <http://example.org/b>: violation datatype: One whole number.\n" in printed
    assert '  found: ex:b ex:p "x"  # B\n' in printed
    assert f"  note:  {store.query} <http://example.org/b>: one of the values: 2\n" in printed
    assert printed.endswith("1 file, 8 triples: 3 violations\n")
    written = {name: path.read_text(encoding="utf-8") for name, path in names.items()}
    findings = json.loads(written["json"])["findings"]
    places = [(finding["location"]["path"], finding["location"]["line"]) for finding in findings]
    assert places == [(store.query, None)] + [(f"{store.query} <http://example.org/b>", None)] * 2
    assert all("region" not in result["locations"][0]["physicalLocation"] for result in results(written["sarif"]))
    assert f"::error title=datatype::{store.query} <http" in written["github"]
    assert ' line="' not in written["junit"]
    assert written["turtle"].count("sh:ValidationResult") == 3


def results(sarif: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(sarif)["runs"][0]["results"]
    assert len(found) == 3
    return found


def test_a_project_in_a_store_has_the_findings_of_its_shapes(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--project", str(FOLDER), "validate", "--format", "json", "--endpoint", store.query, "--graph"]
    assert main([*command, CITY]) == 0
    report = capsys.readouterr()
    assert [*map(words, json.loads(report.out)["findings"])] == [
        (finding.code, str(finding.message), "") for finding in check.validate(project=FOLDER).findings
    ]
    assert report.err.endswith(
        "only the shapes were checked: the other rules are about files, as those of the sources are\n"
    )
    assert main([*command, BROKEN]) == 1
    file = tmp_path / "broken.nt"
    serialize(broken_city(), file, RdfFormat.N_TRIPLES)
    expected = check.validate([file], shapes=[second_city().shapes_file()]).findings
    found = [found for found in json.loads(capsys.readouterr().out)["findings"] if found["severity"] == "violation"]
    assert [*map(words, found)] == [
        (finding.code, str(finding.message), str(finding.result.statement)) for finding in expected
    ]
    assert [code for code, _message, _statement in [*map(words, found)]] == ["GP200"]


def words(finding: dict[str, Any]) -> tuple[str, ...]:
    return finding["code"], finding["message"]["en"], finding["result"]["statement"].get("en", "")


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(kind=CUT), Fault(kind=HALF)])
def test_where_an_answer_is_missing_there_is_no_report(
    fault: Fault, store: Store, shapes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with proxying(store.address) as proxy:
        command = ["validate", "--shapes", shapes, "--endpoint", proxy.of(store.query), "--graph", GRAPH]
        assert main(command) == 1
        capsys.readouterr()
        number = len(proxy.requests)
        assert number > 5
        for first in range(number):
            start = len(proxy.requests) + first

            def breaks(request: Request, start: int = start) -> Fault | None:
                return fault if request.number >= start else None

            proxy.fault = breaks
            assert main(command) == 2
            assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--endpoint", "http://127.0.0.1:9/", "--since", "HEAD"], "leave out files, --since"),
        (["--endpoint", "http://127.0.0.1:9/", "--fix"], "leave out files, --since"),
        (["--endpoint", "http://127.0.0.1:9/", "--thorough"], "leave out files, --since"),
        (["--endpoint", "http://127.0.0.1:9/", "x.ttl"], "leave out files, --since"),
        (["--endpoint", "ftp://example.org/"], "ftp://example.org/"),
        (["--endpoint", "http://127.0.0.1:9/"], "127.0.0.1:9"),
        (["--graph", "http://example.org/"], "--graph"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], message: str, shapes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--shapes", shapes, *arguments]) == 2
    assert message in capsys.readouterr().err


def test_without_shapes_nothing_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ghent-partnerships]\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.ttl").write_text("<x:s> <x:p> 1 .\n", encoding="utf-8")
    assert main(["--project", str(tmp_path), "validate", "--endpoint", "http://127.0.0.1:9/"]) == 2
    assert "the project has no shapes; give --shapes" in capsys.readouterr().err
