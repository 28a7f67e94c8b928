"""A context of JSON-LD may stand in a file beside: it is read there, and nowhere that nobody gave."""

import json
from pathlib import Path

import pytest

from copied import git
from ghent_partnerships.findings import Finding
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.source_map import SourceMap
from ghent_partnerships.validation import documents
from ghent_partnerships.validation.check import validate

CONTEXT = {"@context": {"T": "http://e/T", "l": "http://e/l", "q": {"@id": "http://e/q", "@type": "@id"}}}
NODE = '"@id": "http://e/a", "@type": "T", "l": 1'
MEANT = {
    "<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/T>",
    '<http://e/a> <http://e/l> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
}


def write(folder: Path, **texts: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        content = text if isinstance(text, str) else json.dumps(text)
        (folder / f"{name}.jsonld").write_text(content, encoding="utf-8")


def found(finding: Finding) -> tuple[int, int, str]:
    return finding.location.line, finding.location.column, str(finding.message).partition(": ")[2]


@pytest.mark.parametrize(
    "local",
    [
        '"ctx.jsonld"',
        '["ctx.jsonld"]',
        '[{"x": "http://e/x"}, "ctx.jsonld"]',
        '{"@import": "ctx.jsonld", "x": "http://e/x"}',
        '["deep/list.jsonld"]',
    ],
)
def test_a_context_in_a_file_beside_is_read(tmp_path: Path, local: str) -> None:
    write(tmp_path, ctx=CONTEXT, a=f'{{\n "@context": {local},\n {NODE}}}')
    write(tmp_path / "deep", list={"@context": ["../deep/more.jsonld"]}, more=CONTEXT)
    document = parse.parse(tmp_path / "a.jsonld")
    assert document.findings == []
    assert {str(triple) for triple in document.triples} == MEANT
    assert SourceMap([document], []).of(document.triples[0].subject, None, None).line == 3


def test_a_context_of_a_term_is_read_at_the_address_of_the_file_that_has_it(tmp_path: Path) -> None:
    outer = {"@context": {"part": {"@id": "http://e/part", "@context": "inner.jsonld"}, "@base": "http://no/"}}
    write(tmp_path / "deep", outer=outer, inner=CONTEXT)
    write(tmp_path, a='{"@context": "deep/outer.jsonld", "@id": "a", "part": {"@id": "http://e/a", "l": 1}}')
    triples = {str(triple) for triple in parse.parse(tmp_path / "a.jsonld").triples}
    assert triples == {
        f"<{(tmp_path / 'a').as_uri()}> <http://e/part> <http://e/a>",
        '<http://e/a> <http://e/l> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }


@pytest.mark.parametrize(
    ("local", "reason"),
    [
        ('"https://example.org/ctx"', "https://example.org/ctx: not fetched without --allow-network."),
        ('"../up.jsonld"', "{up}: outside of the folder of the file that refers to it."),
        ('"link.jsonld"', "{link}: outside of the folder of the file that refers to it."),
        ('"http://[::1"', "'http://[::1': not an IRI."),
        ('"\\ud800"', "'\\ud800': not an IRI."),
        ('"file:///dev/zero"', "file:///dev/zero: outside of the folder of the file that refers to it."),
        ('["cycle.jsonld"]', "{cycle}: a context that refers to itself."),
        ('{"@import": "no.jsonld"}', "{path}/no.jsonld: No such file or directory."),
        ('"bad.jsonld"', "{bad}: cannot be read as JSON: Expecting value: line 1 column 1 (char 0)."),
        ('"list.jsonld"', "{list}: no JSON object with a @context."),
    ],
)
def test_a_context_that_cannot_be_had_is_a_finding_where_it_is_named(tmp_path: Path, local: str, reason: str) -> None:
    folder = tmp_path / "given"
    write(tmp_path, up=CONTEXT)
    write(folder, cycle={"@context": ["cycle.jsonld"]}, bad="nothing", list=[1], a=f'{{{NODE},\n "@context": {local}}}')
    (folder / "link.jsonld").symlink_to(tmp_path / "up.jsonld")
    names = {name: (folder / f"{name}.jsonld").as_uri() for name in ("link", "cycle", "bad", "list")}
    document = parse.parse(folder / "a.jsonld")
    assert not document.readable
    (finding,) = document.findings
    column = 14 + local.startswith("[")
    assert found(finding) == (2, column, reason.format(**names, up=(tmp_path / "up.jsonld").as_uri(), path=folder))


def test_a_context_may_stand_anywhere_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, ctx=CONTEXT)
    write(tmp_path / "data" / "cities", a=f'{{"@context": "../../ctx.jsonld", {NODE}}}')
    assert {str(triple) for triple in parse.parse(tmp_path / "data/cities/a.jsonld").triples} == MEANT


def test_contexts_that_grow_by_one_another_are_too_much(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(9)]
    for name, following in zip(names, [*names[1:], "end"], strict=True):
        write(tmp_path, **{name: {"@context": [f"{following}.jsonld"] * 10}})
    write(tmp_path, end=CONTEXT, a=f'{{"@context": "c0.jsonld", {NODE}}}')
    (finding,) = parse.parse(tmp_path / "a.jsonld").findings
    assert found(finding)[:2] == (1, 14)
    assert found(finding)[2].endswith(": too much to be read as contexts.")


def test_json_in_json_has_no_contexts(tmp_path: Path) -> None:
    value = '{"@type": "@json", "@value": {"@context": "no.jsonld"}}'
    write(tmp_path, a=f'{{"@id": "http://e/a", "@context": ["ctx.jsonld"], "http://e/p": {value}}}', ctx=CONTEXT)
    (triple,) = parse.parse(tmp_path / "a.jsonld").triples
    assert str(triple.object).startswith('"{\\"@context\\":\\"no.jsonld\\"}"')


def test_a_file_that_is_a_context_need_not_state_anything(tmp_path: Path) -> None:
    write(tmp_path, ctx=CONTEXT, empty={})
    assert parse.parse(tmp_path / "ctx.jsonld").findings == []
    assert [str(finding.message) for finding in parse.parse(tmp_path / "empty.jsonld").findings] == [
        "The file holds no triple."
    ]


SHAPES = "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<http://e/S> sh:targetClass <http://e/T> ; sh:not [] .\n"


@pytest.mark.usefixtures("git_alone")
@pytest.mark.parametrize("how", ["by name", "folder", "imported", "thorough", "network", "since", "piped"])
def test_in_every_mode_contexts_are_read_beside_the_document(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where one stands nor a repository has a part in it."""
    given, elsewhere = tmp_path / "given", tmp_path / "elsewhere"
    write(given, a=f'{{"@context": "ctx.jsonld", {NODE}}}', ctx=CONTEXT)
    elsewhere.mkdir()
    (elsewhere / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (elsewhere / "imports.ttl").write_text(
        "<> <http://www.w3.org/2002/07/owl#imports> <../given/a.jsonld> .\n", encoding="utf-8"
    )
    monkeypatch.chdir(given if how == "piped" else elsewhere)
    files = {"folder": "../given", "imported": "imports.ttl", "piped": "-"}.get(how, "../given/a.jsonld")
    if how == "since":
        for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]):
            git(tmp_path, *arguments)
        content = (given / "a.jsonld").read_text(encoding="utf-8").replace("e/a", "e/new")
        (given / "b.jsonld").write_text(content, encoding="utf-8")
        files = "../given"
    if how == "piped":
        monkeypatch.setattr(documents, "standard_input", (given / "a.jsonld").read_bytes)
    report = validate(
        files,
        shapes=elsewhere / "shapes.ttl",
        thorough=how == "thorough",
        allow_network=how == "network",
        since="HEAD" if how == "since" else "",
    )
    name = "new" if how == "since" else "a"
    assert [(finding.code, finding.result.focus) for finding in report.findings] == [("", f"<http://e/{name}>")]


@pytest.mark.usefixtures("git_alone")
def test_a_context_that_was_never_there_is_no_new_finding(tmp_path: Path) -> None:
    write(tmp_path, a=f'{{"@context": "ctx.jsonld", {NODE}}}')
    (tmp_path / "b.ttl").write_text("<http://e/b> a <http://e/T> .\n", encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES.replace("not []", "nodeKind sh:IRI"), encoding="utf-8")
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]):
        git(tmp_path, *arguments)
    given = [tmp_path / "a.jsonld", tmp_path / "b.ttl"]
    assert [finding.code for finding in validate(given, shapes=tmp_path / "shapes.ttl").findings] == ["GP001"]
    report = validate(given, shapes=tmp_path / "shapes.ttl", since="HEAD")
    assert (report.findings, report.fixed) == ((), ())
