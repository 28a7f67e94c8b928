"""``validate`` is one straight line: no file is resolved, read or parsed twice, but for what ``--fix`` changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf import parse
from ghent_partnerships.validation import documents

HEAD = "PREFIX ex: <http://example.org/>\n"
IMPORTS = "<http://www.w3.org/2002/07/owl#imports>"
SHAPES = f"""{HEAD}PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:age .
ex:age sh:path ex:age ; sh:datatype xsd:integer .
"""
_watched: list[Counter[Path]] = []


def _count(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook, which stays for ever: of each file that is opened to be read."""
    if _watched and event == "open" and isinstance(arguments[2], int) and not arguments[2] & os.O_ACCMODE:
        path = Path(os.fsdecode(arguments[0])) if isinstance(arguments[0], str | bytes | os.PathLike) else Path()
        if path.suffix in (".ttl", ".rq"):
            _watched[-1][path.resolve()] += 1


sys.addaudithook(_count)


class Counts(NamedTuple):
    """How often each file is opened to be read, how often its text is parsed as RDF, and how often paths are resolved
    to files."""

    read: Counter[Path]
    parsed: Counter[Path]
    resolved: list[int]


@pytest.fixture
def counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counts]:
    """What a command does in a directory of its own."""
    observed = Counts(Counter(), Counter(), [])
    parsing, expanding = parse.parse, documents.expand

    def parsed(path: Path, *arguments: object, **how: object) -> parse.Document:
        observed.parsed[path.resolve()] += 1
        return parsing(path, *arguments, **how)  # type: ignore[arg-type]

    def expanded(paths: list[Path], suffixes: frozenset[str]) -> list[Path]:
        observed.resolved.append(len(paths))
        return expanding(paths, suffixes)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parse, "parse", parsed)
    monkeypatch.setattr(documents, "expand", expanded)
    _watched.append(observed.read)
    yield observed
    _watched.pop()


def project_paths() -> set[Path]:
    return {file.resolve() for file in packaged().files()}


def rdf(files: set[Path]) -> set[Path]:
    return {file for file in files if file.suffix == ".ttl"}


def test_the_graph_is_read_once(counts: Counts, capfd: pytest.CaptureFixture[str]) -> None:
    more = Path("more.ttl").absolute()
    more.write_text("<http://example.org/a> <http://example.org/b> 1 .\n", encoding="utf-8")
    assert main(["--project", "ghent", "validate", "more.ttl", "--output", "json=report.json"]) == 0
    assert capfd.readouterr().out.endswith(": 1 warning\n")
    assert counts.read == Counter([*project_paths(), more])
    assert counts.parsed == Counter([*rdf(project_paths()), more])
    assert counts.resolved == [1]


def test_after_a_fix_only_what_it_changed_is_parsed_again(counts: Counts, capfd: pytest.CaptureFixture[str]) -> None:
    more = Path("more.ttl").absolute()
    statement = "<http://example.org/a>\n    <http://example.org/b> %s ;\n.\n"
    more.write_text(statement % "<https://www.wikidata.org/wiki/Q3992>", encoding="utf-8")
    assert main(["--project", "ghent", "validate", "more.ttl", "--fix"]) == 0
    assert "fixed: more.ttl:2:28: violation GP018: " in capfd.readouterr().out
    assert more.read_text(encoding="utf-8") == statement % "<http://www.wikidata.org/entity/Q3992>"
    assert counts.read == Counter([*project_paths(), more, more])  # the last by this test
    assert counts.parsed == Counter([*rdf(project_paths()), more, more])
    assert counts.resolved == [1]


@pytest.mark.usefixtures("git_alone")
@pytest.mark.parametrize("more", [[], ["--fix"]])
def test_files_of_others_and_what_they_import_are_read_once(more: list[str], counts: Counts) -> None:
    Path("data").mkdir()
    Path("shapes.ttl").write_text(f"{SHAPES}<> {IMPORTS} <imported.ttl> , <data/a.ttl> .\n", encoding="utf-8")
    Path("imported.ttl").write_text(f"{HEAD}ex:x a ex:Person ; ex:age '1' .\n", encoding="utf-8")
    Path("data/a.ttl").write_text(f"{HEAD}<> {IMPORTS} <../imported.ttl> .\n", encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], check=True)
    Path("data/b.ttl").write_text(f"{HEAD}ex:y a ex:Person ; ex:age '1' .\n", encoding="utf-8")
    arguments = ["validate", "data", "shapes.ttl", "--shapes", "shapes.ttl", "--output", "turtle=report.ttl"]
    assert main([*arguments, "--since", "HEAD", *more]) == (0 if more else 1)
    files = {Path(name).absolute() for name in ("shapes.ttl", "imported.ttl", "data/a.ttl", "data/b.ttl")}
    assert counts.read == Counter(files)
    earlier = files - {Path("data/b.ttl").absolute()}  # as git has them
    assert counts.parsed == Counter([*files, *earlier, *[Path("data/b.ttl").absolute()] * len(more)])
    assert counts.resolved == [2, 1]
