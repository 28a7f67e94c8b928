"""``validate --engine spark`` finds what the default mode finds, and reports it in the same way.

Most tests run the job in this process; those at the end run it on executors of Spark.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat, Triple, serialize

import random_shapes
import spark_in_process
from generated import faults, generate
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.findings import Report
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.text import Text
from ghent_partnerships.validation import check as default
from ghent_partnerships.validation.reports import write
from ghent_partnerships.validation.shapes import Shapes
from ghent_partnerships.validation.spark import check
from ghent_partnerships.validation.spark.files import sources
from ghent_partnerships.validation.spark.neighbourhood import neighbourhood
from ghent_partnerships.validation.spark.session import session
from shacl_suite import cases, names, read_report

if TYPE_CHECKING:
    from pyspark import SparkContext

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "ontology" / "shapes.ttl"
HEAD = random_shapes.PREFIXES
CLUSTER = "local-cluster[2,1,1024]"
# So that an executor that is gone is noticed at once, and Java starts quickly.
SUBMIT = """--conf spark.shuffle.io.maxRetries=1 --conf spark.shuffle.io.retryWait=100ms
 --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'
 --conf 'spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"""
REFUSED = """core/complex/shacl-shacl core/path/path-complex-001 core/path/path-oneOrMore-001
    core/path/path-zeroOrMore-001"""  # of the suite of the W3C, besides those of SPARQL


def silent(_stage: Text) -> None:
    pass


def on_spark(files: Iterable[Path], *shapes: Path) -> Report:
    return check.validate(sources(map(str, files)), check.rules(shapes), "", silent)


@pytest.fixture
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "session", spark_in_process.session)


@pytest.fixture(scope="module")
def queryless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that deactivates the queries of our shapes."""
    found = re.findall(r"^    sh:sparql (shape:[a-z-]+) ;$", SHAPES.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == 6
    lines = (f"{name} sh:deactivated true .\n" for name in found)
    prefixes = (f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("sh", "shape"))
    file = tmp_path_factory.mktemp("queryless") / "queryless.ttl"
    file.write_text("".join((*prefixes, *lines)), encoding="utf-8")
    return file


def written(path: Path, triples: Iterable[Triple]) -> Path:
    suffixes = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}
    serialize(dict.fromkeys(triples), path, suffixes[path.suffix])
    return path


def examples() -> Iterator[Triple]:
    """What breaks each of our shapes."""
    for file in sorted(ROOT.glob("tests/shapes/*/invalid.*.ttl")):
        yield from parse(file).triples


def as_text(report: Report) -> str:
    """All of a report that people and programs read, with one name for all blank nodes."""
    return re.sub(r"_:\w+", "_:b", write(report, "text", "en") + write(report, "json", "en"))


@pytest.mark.usefixtures("_in_process")
def test_the_report_on_examples_of_faults_is_that_of_the_default_mode(tmp_path: Path, queryless: Path) -> None:
    file = written(tmp_path / "examples.nt", examples())
    report = on_spark([file], SHAPES, queryless)
    assert as_text(report) == as_text(default.validate([file], shapes=[SHAPES, queryless]))
    assert len({finding.code for finding in report.findings}) > 60
    assert report.findings[-1].location.line > 400


@pytest.mark.usefixtures("_in_process")
def test_the_report_on_several_files_is_that_of_the_default_mode(tmp_path: Path, queryless: Path) -> None:
    """Statements of a node in several files, quads, a compressed file, comments, and blank nodes of one name."""
    triples = [*generate(30), *faults(10)]
    first, second = tmp_path / "a,b [1].nt", tmp_path / "second.nq"
    content = "# of\n\n" + serialize(triples[::2], format=RdfFormat.N_TRIPLES).decode() + "_:b <urn:p> _:b .\n"
    first.write_text(content, encoding="utf-8")
    quads = serialize(triples[1::2], format=RdfFormat.N_TRIPLES).decode().replace(" .\n", " <urn:graph> .\r\n")
    second.write_text(quads + "_:b <urn:p> _:b .\r\n", encoding="utf-8", newline="")
    expected = default.validate([first, second], shapes=[SHAPES, queryless])
    assert as_text(on_spark([first, second], SHAPES, queryless)) == as_text(expected)
    compressed = tmp_path / "third.nt.gz"
    compressed.write_bytes(gzip.compress(first.read_bytes()))
    again = as_text(on_spark([compressed, second], SHAPES, queryless))
    assert again.replace(str(compressed), str(first)) == as_text(expected)
    assert len(expected.findings) > 50


@pytest.mark.usefixtures("_in_process")
@pytest.mark.parametrize("batch", range(3))
def test_the_report_by_random_shapes_is_that_of_the_default_mode(batch: int, tmp_path: Path) -> None:
    compared = 0
    for seed in range(batch * 20, batch * 20 + 20):
        shapes, data = tmp_path / f"{seed}.ttl", tmp_path / f"{seed}.nt"
        shapes.write_text(random_shapes.shapes(seed), encoding="utf-8")
        written(data, parse(Path("random.ttl"), random_shapes.data(seed).encode()).triples)
        try:
            report = on_spark([data], shapes)
        except UsageError as error:
            assert "as far as the data go" in str(error) or "refers to itself" in str(error)
            continue
        assert as_text(report) == as_text(default.validate([data], shapes=[shapes]))
        compared += bool(report.findings)
    assert compared > 5


@pytest.mark.usefixtures("_in_process")
@pytest.mark.parametrize("name", names())
def test_the_suite_of_the_w3c_gets_the_results_that_it_expects_or_a_refusal(name: str, tmp_path: Path) -> None:
    case = cases()[name]
    data = written(tmp_path / "data.nt", parse(case.data).triples)
    try:
        found = read_report(write(on_spark([data], case.shapes), "turtle", "en"))
    except InvalidError:
        assert case.expected is None
    except UsageError as error:
        refused = "in SPARQL" if name.startswith("sparql/") else "to itself" if "complex/" in name else "as far as"
        assert refused in str(error)
        assert name.startswith("sparql/") or name in REFUSED.split()
    else:
        assert found == case.expected
        assert name not in REFUSED.split()
