"""Output that cannot be written: a full disk, a closed pipe, closed descriptors."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from command import CHECK, Run, assert_published, start, written

USES: dict[str, tuple[int, list[str]]] = {
    "validate": (1, [*CHECK, "../bad.ttl"]),
    "query": (0, ["query", "names-of-cities"]),
    "query --list": (0, ["query", "--list"]),
    "fmt": (1, ["fmt", "--check", "../bad.ttl"]),
    "publish": (0, ["publish", "dist"]),
    "--help": (0, ["--help"]),
}


@pytest.fixture
def closed_pipe() -> Iterator[BinaryIO]:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        yield pipe


@pytest.mark.parametrize("use", USES)
def test_a_full_disk_behind_the_output_is_said(run: Run, work: Path, use: str) -> None:
    with Path("/dev/full").open("wb") as full:
        _, err = run(2, *USES[use][1], stdout=full)
    assert err == "ghent-partnerships: standard output: cannot be written: No space left on device\n"
    if use == "publish":
        assert_published(work / "dist")


@pytest.mark.parametrize("use", USES)
def test_a_closed_pipe_is_no_error(run: Run, closed_pipe: BinaryIO, use: str) -> None:
    code, arguments = USES[use]
    assert run(code, *arguments, stdout=closed_pipe) == ("", "")


@pytest.mark.parametrize("output_format", ["csv", "table"])
def test_head_takes_the_first_line_of_a_long_answer(run: Run, work: Path, output_format: str) -> None:
    written(work / "x.rq", f"SELECT ?a ('{'x' * 1000}' AS ?x) {{ ?a ?b ?c . ?d ?e ?f }}")
    shell = '{ "$@"; echo "code $?" >&3; } 3>code | head -1'
    out, _ = run(0, "query", "./x.rq", "--format", output_format, shell=shell, raw=True)
    assert out.count("\n") == 1
    assert (work / "code").read_text() == "code 0\n"


@pytest.mark.parametrize("use", USES)
def test_a_closed_standard_output_is_said(run: Run, use: str) -> None:
    _, err = run(2, *USES[use][1], shell='exec "$@" >&-')
    assert err == "ghent-partnerships: standard output: cannot be written: “Bad file descriptor”\n"


def test_a_standard_error_that_cannot_be_written_does_not_change_the_exit_code(
    checkout: Path, work: Path, closed_pipe: BinaryIO
) -> None:
    for how in ({"shell": 'exec "$@" 2>&-'}, {"shell": 'exec "$@" 2>/dev/full'}, {"stderr": closed_pipe}):
        for code, *arguments in ((2, "validate", "missing.ttl"), (0, "query", "names-of-cities", "--param", "lang=fr")):
            process = start(*arguments, checkout=checkout, cwd=work, **how)
            out, err = process.communicate(timeout=60)
            assert process.returncode == code, (how, out, err)
            assert b"Traceback" not in out, how
            assert not err, how


def test_a_standard_input_that_cannot_be_read_is_wrong_use(run: Run) -> None:
    _, err = run(2, "query", "-", shell='exec "$@" <&-')
    assert err.startswith("ghent-partnerships: standard input: cannot be read: ")
    _, err = run(0, "query", "names-of-cities", shell='exec "$@" <&-')
    assert err == ""
