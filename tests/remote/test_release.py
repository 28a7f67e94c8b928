"""What is pushed: the graphs of a directory or of a file, and what is refused."""

import json
from pathlib import Path

import pytest

from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.remote.pushing.release import release, target

LINE = '<urn:a> <urn:b> "c" <urn:g> .\n'


def read(path: Path, graph: str = "") -> dict[str, int]:
    with release(path, graph) as found:
        return {iri: content.count for iri, content in found.graphs.items()}


def test_statements_are_in_their_graphs_or_in_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "data.nq").write_text(LINE + LINE + '<urn:a> <urn:b> "<<" .\n', encoding="utf-8")
    assert read(tmp_path / "data.nq", "urn:h") == {"urn:g": 1, "urn:h": 1}
    (tmp_path / "data.trig").write_text("<urn:g> { <a> <urn:b> [] , '<<' }", encoding="utf-8")
    assert read(tmp_path / "data.trig") == {"urn:g": 2}


def test_a_directory_has_a_data_set_with_a_version(tmp_path: Path) -> None:
    (tmp_path / "site.json").write_text(json.dumps({"dataset": "urn:d", "stem": "x"}), encoding="utf-8")
    stated = '<urn:d> <http://www.w3.org/ns/dcat#version> "1.2"'
    (tmp_path / "x.nt").write_text(f"{stated} .\n", encoding="utf-8")
    assert target(tmp_path) == "urn:d"
    with release(tmp_path) as found:
        assert (found.target, found.version, list(found.graphs)) == ("urn:d", "1.2", ["urn:d"])
    (tmp_path / "x.nq").write_text(LINE, encoding="utf-8")
    assert read(tmp_path) == {"urn:g": 1}


def test_the_target_of_a_file_is_its_graphs_and_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text(LINE + '<urn:a> <urn:b> "c" .\n', encoding="utf-8")
    (tmp_path / "b.nt").write_text("<urn:x> <urn:y> <urn:z> .", encoding="utf-8")
    targets = {graph: target(tmp_path / name, graph) for name, graph in (("a.nq", "urn:h"), ("b.nt", "urn:g"))}
    assert targets == {"urn:h": "<urn:g><urn:h>", "urn:g": "<urn:g>"}
    for name, graph in (("a.nq", "urn:h"), ("b.nt", "urn:g")):
        with release(tmp_path / name, graph) as found:
            assert found.target == targets[graph]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.nt", "<urn:a> <urn:b> <urn:c> .", "in no named graph; name one with --graph IRI"),
        ("a.nq", "", "there is no statement in it"),
        ("a.nq", "<urn:a> <urn:b> <urn:c> _:g .", "the name of a graph is a blank node"),
        ("a.nq", f"<urn:a> <urn:b> {'<<( <urn:a> <urn:b> ' * 200_000}", "has statements of RDF 1.2"),
        ("a.ttl", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "has statements of RDF 1.2"),
        ("a.nq", '<urn:a> <urn:b> "c"@ar--rtl <urn:g> .', "has statements of RDF 1.2"),
        (
            "a.nq",
            "<urn:a> <urn:b> <urn:c> <URN:x-push:0:marker> .",
            "graphs below urn:x-push: are those of push itself",
        ),
        ("a.csv", "a,b", "neither a directory that publish wrote nor a file whose name ends in .nq, .nt, .trig, .ttl"),
        ("site.json", "[]", "another version of the package published it"),
        ("site.json", '{"dataset": "urn:d", "stem": "../x"}', "another version of the package published it"),
    ],
)
def test_what_cannot_be_pushed_is_refused_in_words(name: str, text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read(tmp_path if name == "site.json" else tmp_path / name)
    assert problem in str(raised.value)


def test_what_cannot_be_parsed_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text(LINE + "<urn:a> nonsense", encoding="utf-8")
    with pytest.raises(InvalidError) as raised:
        read(tmp_path / "a.nq")
    assert "a.nq:2:" in str(raised.value)


def test_a_name_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    with pytest.raises(UsageError, match="a> } DROP ALL: the name of a graph is an IRI"):
        read(tmp_path / "a.nt", "urn:a> } DROP ALL")
    with pytest.raises(UsageError, match="<urn:x-push:mine>: graphs below urn:x-push: are those of push itself"):
        read(tmp_path / "a.nt", "urn:x-push:mine")
