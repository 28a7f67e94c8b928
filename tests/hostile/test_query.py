"""Queries that are not right, that would do more than read, or that have no end."""

import re
import signal
import subprocess
import time
from pathlib import Path

import pyoxigraph
import pytest
from command import Run, ended, start, written
from pyoxigraph import RdfFormat


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"", 2, "not a query that reads: found nothing, expected SELECT, ASK, CONSTRUCT or DESCRIBE"),
        (b'SELECT * {\n  ?s ?p "caf\xe9" }', 1, "-:2:13: Byte 0xE9 is not UTF-8"),
        (b"SELECT * {", 1, "-:1:11: This is not SPARQL: "),
        (b"SELECT *\n{ ?s zz:p ?o }", 1, "-:2:"),
        ("SELECT * { ?é ?p 'é' zz }".encode(), 1, "-:1:2"),
        (b"SELECT (<a:f>(1) AS ?x) {}", 1, "<a:f>"),
    ],
)
def test_a_query_that_is_wrong_gets_its_place(run: Run, text: bytes, code: int, message: str) -> None:
    _, err = run(code, "query", "-", typed=text)
    assert message in err
    assert re.match(r"-:\d+:\d+: " if code == 1 else "ghent-partnerships: ", err), err


DEEP = {
    "groups": "SELECT * { " + "{" * 10_000 + "}" * 10_000 + " }",
    "parentheses": "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
    "lists": "SELECT * { ?s ?p " + "(" * 10_000 + "1" + ")" * 10_000 + " }",
    "paths": "SELECT * { ?s <a:a>" + "/<a:a>" * 10_000 + " ?o }",
    "sums": "SELECT * { FILTER(1" + "+1" * 10_000 + ">2) }",
    "unions": "SELECT * { {}" + " UNION {}" * 10_000 + " }",
}


@pytest.mark.parametrize("kind", DEEP)
def test_ten_thousand_nested_brackets_in_a_query_are_a_finding(run: Run, work: Path, kind: str) -> None:
    written(work / "deep.rq", DEEP[kind])
    _, err = run(1, "query", "./deep.rq")
    assert re.fullmatch(r"(\./)?deep\.rq:1:\d+: .+\n", err), err


def test_one_row_without_a_value_is_a_row(run: Run) -> None:
    query = "\ufeffSELECT ?x {}".encode()  # whose byte order mark is harmless
    for output_format, expected in (("table", "x\n─\n\n"), ("csv", 'x\r\n""\r\n'), ("tsv", "?x\n\n")):
        assert run(0, "query", "-", "--format", output_format, typed=query, raw=True) == (expected, ""), output_format


@pytest.mark.parametrize(
    "template", ["<a:a> <a:b> _:x . <a:c> <a:d> _:x", "_:x <a:b> _:x", "<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>>"]
)
def test_any_graph_that_a_query_makes_is_written(run: Run, template: str) -> None:
    out, _ = run(0, "query", "-", typed=f"CONSTRUCT {{ {template} }} {{}}".encode())
    assert len(list(pyoxigraph.parse(out, format=RdfFormat.TURTLE))) == template.count(" . ") + 1


@pytest.mark.parametrize(
    ("default", "code"),
    [("UNDEF", 2), ("", 2), ("zz:undeclared", 2), ("<<( <a:a> <a:b> <a:c> )>>", 2), ('"a b"', 0), ("'x' 'y'", 0)],
)
def test_a_parameter_needs_a_default_that_shows_its_kind(run: Run, work: Path, default: str, code: int) -> None:
    written(work / "x.rq", f"SELECT ?x {{ VALUES ?x {{ {default} }} }}")
    _, err = run(code, "query", "./x.rq", "--param", "x=1")
    assert err.startswith("ghent-partnerships: --param x: ") == (code == 2), err


RELATIVE = "SELECT ?x ?y { VALUES ?x { <label> } OPTIONAL { ?x <label> ?y } }"


def test_a_relative_iri_has_the_file_as_its_base(run: Run, work: Path) -> None:
    written(work / "relative-iri.rq", "SELECT ?x { ?x <label> ?y }")
    assert run(0, "query", "./relative-iri.rq") == ("x\n─\n", "no rows\n")
    at = written(work / "a folder" / "relative.rq", RELATIVE).parent.resolve().as_uri()
    assert "%20" in at
    assert run(0, "query", "a folder/relative.rq", "--format", "tsv", raw=True)[0] == f"?x\t?y\n<{at}/label>\t\n"
    written(work / "own.rq", f"BASE <http://e/> {RELATIVE}")
    assert run(0, "query", "own.rq", "--format", "tsv", raw=True)[0] == "?x\t?y\n<http://e/label>\t\n"
    written(work / "parts.rq", "SELECT (<#a> AS ?a) (<?b> AS ?b) (<../c> AS ?c) (<//d/e> AS ?d) (<> AS ?e) {}")
    file, folder = (work / "parts.rq").as_uri(), work.parent.as_uri()
    expected = f"<{file}#a>\t<{file}?b>\t<{folder}/c>\t<file://d/e>\t<{file}>\n"
    assert run(0, "query", "parts.rq", "--format", "tsv", raw=True)[0].partition("\n")[2] == expected


def test_a_relative_iri_of_standard_input_has_the_working_directory_as_its_base(run: Run, work: Path) -> None:
    out, _ = run(0, "query", "-", "--format", "tsv", typed=RELATIVE.encode(), raw=True)
    assert out == f"?x\t?y\n<{work.as_uri()}/label>\t\n"


def test_a_query_with_a_relative_iri_is_checked(run: Run, broken: Path) -> None:
    file = broken / "queries/names-of-cities.rq"
    text = file.read_text("utf-8").replace(
        "?city rdfs:label ?name FILTER", "FILTER NOT EXISTS { ?city <x> ?name } FILTER"
    )
    file.write_text(text, encoding="utf-8")
    out, _ = run(0, "validate", checkout=broken)
    assert "This is not SPARQL" not in out


SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT*{sErViCeSILENT<http://127.0.0.1:1/>{?s ?p ?o}}",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICESILENT:x # {\n { ?s ?p ?o } }",
    "PREFIX x: <http://127.0.0.1:1/> SELECT * { SERVICEx:x{ ?s ?p ?o } }",
    "SELECT * { BIND(<http://127.0.0.1:1/> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { SERVICE?x{ ?s ?p ?o } }",
    "PREFIX a: <http://e/> SELECT * { ?s ?p a:b\\' . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } # '\n}",
    'SELECT * { ?s ?p """a\\"""" . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } #"""\n}',
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
]
HARMLESS = [
    'SELECT * { ?s ?p """SERVICE <http://127.0.0.1:1/> { " """ } # SERVICE <http://127.0.0.1:1/> {',
    "PREFIX service: <http://e/> SELECT * { service:x service:y ?service , $service . ?SERVICE ?p ?o }",
    "PREFIX service: <http://e/> SELECT * { GRAPH service:x{ ?s ?p ?o } }",
    "PREFIX x: <http://e/> SELECT * { x:service ?p ?o . _:service ?q 'x'@service }",
    "BASE <http://e/> SELECT * { <service> ?p ?o }",
]
UPDATES = {
    "insert data { <a:a> <a:b> <a:c> }": "INSERT",
    "LOAD <file:///etc/passwd>": "LOAD",
    "# SELECT\nPREFIX SELECT: <http://e/>\nBASE <http://SELECT/>\n# ASK\nDELETE WHERE { ?s ?p ?o }": "DELETE",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": "WITH",
    "# SELECT": "nothing",
}


@pytest.mark.parametrize("text", SERVICES)
def test_a_query_asks_no_other_endpoint(run: Run, text: str) -> None:
    _, err = run(2, "query", "-", typed=text.encode())
    assert err == (
        "ghent-partnerships: the query has a SERVICE clause, which asks another endpoint; "
        "allow it with --allow-network\n"
    )


def test_an_endpoint_in_the_query_that_does_not_answer_is_wrong_use(run: Run) -> None:
    _, err = run(2, "query", "-", "--allow-network", typed=SERVICES[0].encode())
    assert err.startswith("ghent-partnerships: -: the endpoint that it asks did not answer"), err


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_service_elsewhere_is_harmless(run: Run, text: str) -> None:
    _, err = run(0, "query", "-", typed=text.encode())
    assert err in ("", "no rows\n")


@pytest.mark.parametrize("text", UPDATES)
def test_a_query_only_reads(run: Run, text: str) -> None:
    reason = f"found {UPDATES[text]}, expected SELECT, ASK, CONSTRUCT or DESCRIBE"
    for more in ([], ["--endpoint", "http://127.0.0.1:1/"]):
        _, err = run(2, "query", "-", *more, typed=text.encode())
        assert err == f"ghent-partnerships: not a query that reads: {reason}\n"


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [(signal.SIGINT, 130, "ghent-partnerships: interrupted\n"), (signal.SIGTERM, 143, "")],
)
def test_a_query_without_end_can_be_ended(
    checkout: Path, work: Path, sent: signal.Signals, code: int, message: str
) -> None:
    endless = " . ".join(f"?s{number} ?p{number} ?o{number}" for number in range(12))
    written(work / "endless.rq", f"SELECT (COUNT(*) AS ?count) {{ {endless} }}")
    process = start("query", "./endless.rq", checkout=checkout, cwd=work)
    while subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=False).returncode:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)  # until the process that answers is there
    process.send_signal(sent)
    assert ended(code, process) == ("", message)
