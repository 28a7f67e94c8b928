"""Text that would steer a terminal, wherever it comes from, and text in a place that has none but ASCII."""

import json
import os
from pathlib import Path

import pytest
from command import (
    BAD,
    CHECK,
    EVIL_NAME,
    GOOD,
    HEAD,
    IN_TURTLE,
    LINE,
    SHAPES,
    SHOWN,
    SHOWN_NAME,
    Run,
    on_terminal,
    written,
)

ASCII = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


def test_no_character_of_the_data_reaches_a_terminal_raw(run: Run, broken: Path) -> None:
    written(broken / "data/evil.ttl", f'{HEAD}city:evil rdfs:label "{IN_TURTLE}"@en ; rdfs:seeAlso <http://e/\u202e> .')
    asked = f"{HEAD}SELECT ?label ?see ('{IN_TURTLE}' AS ?mine) {{ city:evil rdfs:label ?label ; rdfs:seeAlso ?see }}"
    written(broken / "evil.rq", asked)
    written(broken / "graph.rq", f"{HEAD}CONSTRUCT WHERE {{ city:evil ?p ?o }}")
    out, _ = run(0, "query", "./evil.rq", checkout=broken, cwd=broken)
    assert out.count(SHOWN) == 2
    for output_format in ("table", "csv", "tsv", "json"):
        lines = output_format in ("table", "json")  # CSV, like Turtle, keeps a line break between quotes
        seen = on_terminal(0, "query", "./evil.rq", "--format", output_format, checkout=broken, cwd=broken, lines=lines)
        assert "forged" in seen, output_format
    assert "forged" in on_terminal(0, "query", "./graph.rq", checkout=broken, cwd=broken, lines=False)


def test_no_character_of_a_finding_reaches_a_terminal_raw(run: Run, checkout: Path, work: Path) -> None:
    name = f"{EVIL_NAME}.ttl"
    written(work / name, f'{HEAD}<http://e/\u202e> a e:Thing ; e:p "{IN_TURTLE}" .')
    written(work / "s.ttl", SHAPES.replace("A number, please.", IN_TURTLE + "{$value}"))
    check = ["validate", "--shapes", "s.ttl", name]
    out, _ = run(1, *check)
    assert out.startswith(f"{SHOWN_NAME}.ttl:{LINE}:")
    for output_format in ("text", "json"):
        assert "forged" in on_terminal(1, *check, "--format", output_format, checkout=checkout, cwd=work), output_format
    run(1, "fmt", "--check", name)
    written(work / name, "\x1b[31m")
    run(1, "fmt", "--check", name)


def test_no_character_of_a_name_reaches_a_terminal_raw(run: Run, work: Path) -> None:
    for use in ("validate", "fmt", "query"):
        _, err = run(2, use, f"./{EVIL_NAME}.ttl")
        assert err.startswith(f"ghent-partnerships: {SHOWN_NAME}.ttl: "), use
    out, _ = run(0, "publish", EVIL_NAME)
    assert out.startswith(f"{SHOWN_NAME}: ")
    written(work / EVIL_NAME / EVIL_NAME, "mine")
    _, err = run(2, "publish", EVIL_NAME)
    assert "which publish did not write" in err


def test_a_file_name_need_not_be_text(run: Run, work: Path) -> None:
    name = b"\xff\x1b.ttl"
    try:
        (work / os.fsdecode(name)).write_text(BAD)
    except OSError:
        pytest.skip("file names are text here")
    for output_format in ("text", "json"):
        out, _ = run(1, *CHECK, name, "--format", output_format)
        assert "A number, please." in out, output_format
    run(1, "fmt", "--check", name)
    run(0, "publish", b"dist\xff")


def test_places_are_bold_on_a_terminal_that_has_colours(checkout: Path, work: Path) -> None:
    place = f"../bad.ttl:{LINE}:21"
    for env, bold in (({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        seen = on_terminal(1, *CHECK, "../bad.ttl", checkout=checkout, cwd=work, env=env)
        shown = f"\x1b[1m{place}\x1b[0m" if bold else place
        severity = "\x1b[31mviolation\x1b[0m" if bold else "violation"
        assert seen.startswith(f"{shown}: {severity} datatype: A number, please.\n"), env


def test_the_output_is_utf_8_whatever_the_locale(run: Run, work: Path) -> None:
    written(work / "é.ttl", HEAD + 'e:a a e:Thing ; e:p "é" .')
    out, _ = run(0, "query", "names-of-cities", "--param", "city=city:liege", env=ASCII)
    assert "Liège" in out
    for output_format in ("text", "json"):
        out, _ = run(1, *CHECK, "é.ttl", "--format", output_format, env=ASCII)
        assert '"é' in out, output_format
    _, err = run(2, "fmt", "missing-é.ttl", env=ASCII)
    assert "No such file or directory" in err


@pytest.mark.parametrize("output_format", ["text", "markdown", "json", "patch"])
def test_a_difference_gives_no_command_and_hides_nothing(run: Run, work: Path, output_format: str) -> None:
    written(work / "old.ttl", HEAD + "e:a e:p e:b .\n")
    value = IN_TURTLE.replace("forged", "##[error]forged")
    written(
        work / "new.ttl",
        f'{HEAD}e:a e:p "{value}" ; e:q "{value}" . e:q rdfs:label "::error::x"@en .\n',
    )
    out, _ = run(0, "diff", "old.ttl", "new.ttl", "--format", output_format)
    assert "forged" in out
    assert "##[" not in out
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    if output_format == "json":
        assert "##[error]forged" in str(json.loads(out))
    if output_format == "patch":
        assert r"\u202E" in out


def test_a_name_of_a_file_gives_no_command(run: Run, work: Path) -> None:
    for name in ("::error::x.ttl", "##[error]x.ttl"):
        written(work / name, GOOD + "\n\n")
        for arguments in (["fmt", "--check", name], ["validate", "--shapes", name, name]):
            out, err = run(1, *arguments)
            assert "##[" not in out + err
            assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
        _, err = run(2, "validate", f"{name}.nothing")
        assert "##[" not in err


def test_a_difference_in_the_log_of_a_job_gives_no_command(run: Run, work: Path) -> None:
    commands = "##[error]x\n::error::x\n"
    text = HEAD + f'e:b e:q """{commands}""" . e:a a e:Thing ; e:p "1" .\n# ##[error]y\n'
    written(work / "x.ttl", text)
    arguments = [*CHECK, "--fix", "--dry-run", "x.ttl"]
    out, _ = run(1, *arguments, env={"GITHUB_ACTIONS": "true"})
    assert "+" in out
    assert "##[" not in out
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    out, _ = run(1, *arguments)
    assert "##[error]y" in out
    with (work / "patch").open("wb") as patch:
        run(1, *arguments, env={"GITHUB_ACTIONS": "true"}, stdout=patch)
    assert (work / "patch").read_text() == out
