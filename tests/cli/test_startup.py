"""What the command imports: nothing imports rdflib or pyshacl that does not use it. Untimed; tests/bench/ times it."""

import subprocess
import sys
from pathlib import Path

import pytest

import copied

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"rdflib", "pyshacl", "SPARQLWrapper", "starlette", "uvicorn", "mcp", "jsonschema", "rapidfuzz", "anyascii"}
COMMANDS = (
    "cite",
    "completion",
    "diff",
    "explain",
    "fmt",
    "init",
    "mcp",
    "publish",
    "query",
    "release-check",
    "serve",
    "validate",
)
SLOW = {  # to import, beside what a named query takes: of use only where something is wrong, or more is asked
    *("ast", "dataclasses", "difflib", "inspect", "json", "subprocess", "tempfile", "textwrap"),
    *("ghent_partnerships.findings", "ghent_partnerships.rdf.parse", "ghent_partnerships.rdf.positions"),
    "ghent_partnerships.sparql.syntax_errors",
}
HELP = [["--help"], *([command, "--help"] for command in COMMANDS)]


def imported(arguments: list[str], code: int = 0) -> set[str]:
    """The modules that a fresh process of the command imports, and their packages, after it ended with the code."""
    command = [sys.executable, "-X", "importtime", "-m", "ghent_partnerships", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    modules = {line.rpartition("|")[2].strip() for line in lines}
    assert {"ghent_partnerships", "argparse"} <= modules, f"-X importtime was not understood:\n{done.stderr}"
    return modules | {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("arguments", HELP, ids=" ".join)
def test_help_imports_no_rdf_library(arguments: list[str]) -> None:
    assert imported(arguments) & {*HEAVY, "pyoxigraph"} == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["query", "--list"],
        ["query", "twin-cities"],
        ["query", "twin-cities", "--param", "lang=nl", "--format", "json"],
        ["fmt", "--check", "data/ghent.ttl"],
        ["cite"],
        ["completion", "bash"],
    ],
    ids=" ".join,
)
def test_what_does_not_validate_imports_neither_rdflib_nor_pyshacl(arguments: list[str]) -> None:
    assert imported(arguments) & HEAVY == set()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["query", "--help"], ["query", "twin-cities"], ["query", "trends"]], ids=" ".join
)
def test_help_and_a_question_import_nothing_that_makes_findings(arguments: list[str]) -> None:
    assert imported(arguments) & SLOW == set()


def test_a_question_imports_pyoxigraph() -> None:
    assert "pyoxigraph" in imported(["query", "twin-cities"])


def test_validate_imports_pyshacl_and_rdflib_only_to_be_thorough(tmp_path: Path) -> None:
    assert imported(["validate"]) & HEAVY == set()
    (tmp_path / "shape.ttl").write_text(copied.SHAPE % "class", encoding="utf-8")
    files = str(tmp_path / "shape.ttl"), str(ROOT / "ontology" / "partnership.ttl")
    of_one_shape = ["validate", "--shapes", *files]  # pySHACL takes ten seconds over the whole graph
    assert imported(of_one_shape) & HEAVY == set()
    assert {"pyshacl", "rdflib"} <= imported([*of_one_shape, "--thorough"])


def test_a_query_of_an_endpoint_imports_sparqlwrapper() -> None:
    arguments = ["query", "twin-cities", "--endpoint", "http://127.0.0.1:1/"]  # nobody listens there
    assert "SPARQLWrapper" in imported(arguments, code=2)
