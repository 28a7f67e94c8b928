"""Texts that take a parser all its stack, time or memory: each is a finding, and the other files are still checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import CHECK, GOOD, Run, written

from ghent_partnerships import process
from ghent_partnerships.rdf import parse
from second_city import second_city

COUNT = 20_000


def chained(terms: int, last: str) -> str:
    """Terms each of which is defined by the next, and the last by something else."""
    return "".join(f'"t{number}": "t{number + 1}:x", ' for number in range(terms)) + f'"t{terms}": "{last}"'


def in_context(definitions: str, body: str = '"@id": "a:a", "a:p": 1') -> str:
    return f'{{"@context": {{{definitions}}},\n{body}}}'


CRASHING = {
    "chain.jsonld": in_context(chained(COUNT, "http://e/")),
    "chain-in-use.jsonld": in_context(chained(COUNT, "http://e/"), '"t0:x": 1'),
    "circle.jsonld": in_context(chained(COUNT, "t0:x")),
    "chain-in-array.jsonld": f'{{"@context": [null, {{{chained(COUNT, "http://e/")}}}], "a:b": 1}}',
    "chain-below.jsonld": f'{{"a:b": {{"@context": {{{chained(COUNT, "http://e/")}}}, "a:c": 1}}}}',
    "chain-for-a-type.jsonld": in_context(
        f'"T": {{"@id": "a:T", "@context": {{{chained(COUNT, "http://e/")}}}}}', '"@type": "T", "a:b": 1'
    ),
    "chain-for-a-term.jsonld": in_context(
        f'"t": {{"@id": "a:t", "@context": {{{chained(COUNT, "http://e/")}}}}}', '"t": {"a:b": 1}'
    ),
    "chain-of-types.jsonld": in_context(
        "".join(f'"t{n}": {{"@id": "a:t", "@type": "t{n + 1}:x"}}, ' for n in range(COUNT)) + f'"t{COUNT}": "a:a"'
    ),
    "scopes.jsonld": '{"@context": {"t": {"@id": "a:t", "@context": {' * 1_000 + '"a": "a:a"' + "}}}}" * 1_000,
    "terms.ttl": "<a:a> <a:b> " + "<<( <a:a> <a:b> " * COUNT + "1" + " )>>" * COUNT + " .",
    "terms.trig": "<a:g> { <a:a> <a:b> " + "<<( <a:a> <a:b> " * COUNT + "1" + " )>>" * COUNT + " }",
    "terms.nt": "<a:a> <a:b> " + "<<( <a:a> <a:b> " * COUNT + '"1"' + " )>>" * COUNT + " .",
    "terms.nq": "<a:a> <a:b> " + "<<( <a:a> <a:b> " * COUNT + '"1"' + " )>>" * COUNT + " <a:g> .",
    "open-terms.ttl": "<a:a> <a:b> " + "<<( <a:a> <a:b> " * COUNT,
}


def test_what_crashes_a_parser_is_a_finding(run: Run, work: Path) -> None:
    for name, text in CRASHING.items():
        written(work / name, text)
    written(work / "wrong.ttl", GOOD.replace("e:p 1", "e:p 'x'"))
    out, _ = run(1, *CHECK, ".")
    for name in CRASHING:
        assert f"\n{name}:1:" in f"\n{out}", (name, out)
    assert "wrong.ttl:" in out, "the others are still checked"
    assert out.count(": violation GP001: ") == len(CRASHING)


def test_it_is_also_one_from_standard_input(run: Run) -> None:
    out, _ = run(1, *CHECK, "-", typed=CRASHING["circle.jsonld"].encode())
    message = "Parsing this takes more levels of nesting or of reference than the parser has room for."
    assert out.startswith(f"standard input:1:2: violation GP001: {message}")


SLOW = {
    "base.ttl": "@base <x/> ." * 60_000 + "<a:a> <a:b> <c> .",
    "names.rdf": '<a xmlns="x:" ' + " ".join(f'xmlns:n{number}="y:{number}"' for number in range(60_000)) + "><p/></a>",
    "types.jsonld": in_context(
        ", ".join(f'"T{n}": {{"@id": "a:T{n}", "@context": {{"y{n}": "a:y"}}}}' for n in range(3_000)),
        f'"@type": [{", ".join(chr(34) + f"T{n}" + chr(34) for n in range(3_000))}]',
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_what_takes_a_parser_too_long_is_stopped(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "_SECONDS", 0.05)
    monkeypatch.setattr(parse, "_SPEED", 1e9)
    document = parse.parse(written(tmp_path / name, SLOW[name]))
    (finding,) = document.findings
    assert (document.readable, document.triples) == (False, [])
    assert (finding.location.line, str(finding.message)) == (1, "Parsing this takes too much time, and was stopped.")


@pytest.mark.skipif(not Path("/proc").exists(), reason="memory is bounded on Linux")
def test_what_takes_a_parser_too_much_memory_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MEMORY", 100_000_000)
    text = f"PREFIX p: <http://e/{'a' * 500_000}>\n" + "".join(f"p:a{n} p:b p:c .\n" for n in range(400))
    (finding,) = parse.parse(written(tmp_path / "long.ttl", text)).findings
    assert str(finding.message) == "Parsing this takes too much memory, and was stopped."


def test_a_long_text_says_what_a_short_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a child or not: the same triples and prefixes, and no blank node is one of another file."""
    head = "@prefix e: <http://e/> .\n"
    body = "".join(f'<s{n}> e:p "\\u0001\\n{n}"@EN , [ e:q {n} ], 1.0 , "é\U0001f600"^^e:t .\n' for n in range(5_000))
    path = written(tmp_path / "long.ttl", head + body)
    first, again = parse.parse(path), parse.parse(path)
    monkeypatch.setattr(parse, "_SHORT", 10_000_000)
    here = parse.parse(path)
    assert first.prefixes == here.prefixes == {"e": "http://e/"}
    ground = [{triple for triple in each.triples if "_:" not in str(triple)} for each in (first, again, here)]
    assert ground[0] == ground[1] == ground[2]
    assert len(first.triples) == len(here.triples) == 25_000
    blank = [{triple.subject for triple in each.triples if str(triple.subject)[:2] == "_:"} for each in (first, again)]
    assert len(blank[0]) == 5_000
    assert not blank[0] & blank[1]
    written(path, head + body + "<a:a> nothing")
    assert [(finding.location.line, finding.location.column) for finding in parse.parse(path).findings] == [(5_002, 7)]


def test_our_own_files_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_fork", lambda: pytest.fail("a child was started"))
    project = second_city()
    for file in (*project.graph_files(), project.shapes_file(), project.rules_file(), project.style_file()):
        assert parse.parse(file).readable
