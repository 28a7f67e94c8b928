"""What differs between two graphs: found by resource, and told to people and to programs."""

import json
import random
import re
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

import copied
from ghent_partnerships.errors import UsageError
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.releases.diff import Differences, differences
from ghent_partnerships.releases.diff_reports import report
from ghent_partnerships.releases.sides import sides
from loaded import PREFIXES

BOTH = """
PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>
PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
gp:startYear rdfs:label "start year"@en, "beginjaar"@nl .
gp:City rdfs:label "city"@en, "stad"@nl .
"""
BEFORE = f"""{BOTH}
city:same a gp:City ; rdfs:label "The same"@en .
city:old a gp:City ; rdfs:label "Old town"@en, "Oude stad"@nl .
city:changed a gp:City ; rdfs:label "Changed"@en, "Gewijzigd"@nl ; gp:startYear "1971" ; skos:altLabel "a"@fr, "b"@fr .
"""
AFTER = f"""{BOTH}
city:same rdfs:label "The same"@en ; a gp:City .
city:new a gp:City ; rdfs:label "New *town*"@en, "Nieuwe stad"@nl ; gp:twin city:same .
city:changed a gp:City ; rdfs:label "Changed"@en, "Gewijzigd"@nl ; gp:startYear "1972" ; skos:altLabel "a"@fr, "c"@de .
"""


def graph(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def changes() -> Differences:
    return differences(graph(BEFORE), graph(AFTER), PREFIXES)


def test_what_differs_is_found_by_resource(changes: Differences) -> None:
    assert [(resource.iri.rpartition("/")[2], resource.how) for resource in changes.resources] == [
        ("changed", "changed"),
        ("new", "added"),
        ("old", "removed"),
    ]
    assert (changes.before, changes.after) == (15, 16)
    assert changes.of("removed")[0].label == {"en": "Old town", "nl": "Oude stad"}
    assert differences(graph(BEFORE), graph(BEFORE)).resources == ()


def test_people_read_it_in_english_and_dutch(changes: Differences) -> None:
    assert report(changes, "text", "en") == (
        "Added: New *town* (city:new), city\n"
        "  is a: city (gp:City)\n"
        "  name: “New *town*” (en)\n"
        "  name: “Nieuwe stad” (nl)\n"
        "  gp:twin: The same (city:same)\n"
        "Changed: Changed (city:changed)\n"
        "  other name: also “c” (de)\n"
        "  other name: no longer “b” (fr)\n"
        "  start year: “1972” instead of “1971”\n"
        "Removed: Old town (city:old), city\n"
        "  is a: city (gp:City)\n"
        "  name: “Old town” (en)\n"
        "  name: “Oude stad” (nl)\n"
        "1 added, 1 changed, 1 removed; 15 statements before, 16 after.\n"
    )
    dutch = report(changes, "text", "nl").splitlines()
    assert [line for line in dutch if line[0] != " " or "ook" in line or "meer" in line or "plaats" in line] == [
        "Toegevoegd: Nieuwe stad (city:new), stad",
        "Gewijzigd: Gewijzigd (city:changed)",
        "  andere naam: ook “c” (de)",
        "  andere naam: niet meer “b” (fr)",
        "  beginjaar: “1972” in plaats van “1971”",
        "Verwijderd: Oude stad (city:old), stad",
        "1 toegevoegd, 1 gewijzigd, 1 verwijderd; 15 uitspraken ervoor, 16 erna.",
    ]
    assert report(differences([], []), "text", "en") == "Nothing differs.\n"


def test_in_markdown_what_the_data_say_is_shown_as_it_is(changes: Differences) -> None:
    text = report(changes, "markdown", "en")
    assert text.startswith("**1 added, 1 changed, 1 removed; 15 statements before, 16 after.**\n\n### Added\n\n- New ")
    assert "- New \\*town\\* (city:<!-- -->new), city\n" in text
    hostile = differences([], graph('<a:b> <a:c> "@everyone #1 $x$ <img src=x> [x](y) `z`\\n# h | \\u202E" .'))
    shown = report(hostile, "markdown", "en").replace("### Added", "Added")
    assert not re.search(r"[@#$](?!<!-- -->)", shown), "GitHub looks for these after Markdown"
    assert not re.search(r"(?<!\\)[<>\[\]`|]", shown.replace("<!-- -->", "").replace("**", ""))
    assert "\u202e" not in shown
    assert shown.count("\n") == 6


def test_what_is_too_long_for_a_comment_is_counted() -> None:
    many = differences([], graph("".join(f'<a:{n}> <a:p> "{"x" * 100}" .' for n in range(2_000))))
    shown = report(many, "markdown", "nl")
    assert len(shown) < 65_536
    assert re.search(r"- en nog 1\.\d{3}\n$", shown)
    assert "2.000 toegevoegd, 0 gewijzigd, 0 verwijderd; 0 uitspraken ervoor, 2.000 erna" in shown.replace("\\", "")


def test_values_that_differ_in_their_datatype_only_show_it() -> None:
    changes = differences(graph('<a:s> <a:p> "5" .'), graph("<a:s> <a:p> 5 ."))
    assert "a:p: “5” (xsd:integer) instead of “5” (xsd:string)" in report(changes, "text", "en")


def test_a_long_list_is_compared_at_once() -> None:
    long = " ".join(map(str, range(20_000)))
    changes = differences(graph(f"<a:s> <a:p> ( {long} ) ."), graph(f"<a:s> <a:p> ( {long} 1 ) ."))
    assert len(changes.resources) == 1, "each cell is written once, else it does not end"


def test_programs_read_it_as_json(changes: Differences) -> None:
    read = json.loads(report(changes, "json", "en"))
    assert {name: read[name] for name in ("before", "after", "added", "changed", "removed")} == {
        "before": 15,
        "after": 16,
        "added": 1,
        "changed": 1,
        "removed": 1,
    }
    changed = read["resources"][0]
    assert changed["label"] == {"en": "Changed", "nl": "Gewijzigd"}
    assert {statement["object"] for statement in changed["added"]} == {'"1972"', '"c"@de'}
    assert {statement["object"] for statement in changed["removed"]} == {'"1971"', '"b"@fr'}


def test_a_patch_makes_the_one_of_the_other(changes: Differences) -> None:
    lines = report(changes, "patch", "en").splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    store = Store()
    for triple in graph(BEFORE):
        store.update(f"INSERT DATA {{ {triple} }}")
    for line in lines[1:-1]:
        letter, statement = line.split(" ", 1)
        store.update(f"{'INSERT' if letter == 'A' else 'DELETE'} DATA {{ {statement} }}")
    assert {str(quad.triple) for quad in store} == {str(triple) for triple in graph(AFTER)}


def test_blank_nodes_are_compared_by_what_is_said_of_them() -> None:
    labelled = graph("<a:s> <a:p> [ <a:q> 1 ; <a:r> ( 1 [ <a:q> 2 ] ) ] .")
    unlabelled = graph("<a:s> <a:p> _:x . _:x <a:r> ( 1 _:y ) . _:y <a:q> 2 . _:x <a:q> 1 .")
    assert differences(labelled, unlabelled).resources == ()
    changed = differences(labelled, graph("<a:s> <a:p> [ <a:q> 1 ; <a:r> ( 1 [ <a:q> 3 ] ) ] ."))
    assert [(resource.iri, resource.how) for resource in changed.resources] == [("a:s", "changed")]
    assert "[ <a:q> 1 ; <a:r> ( 1 [ <a:q> 3 ] ) ] instead of [ <a:q> 1 ;" in report(changed, "text", "en")
    with pytest.raises(UsageError, match="a patch cannot name blank nodes"):
        report(changed, "patch", "en")
    assert [resource.iri for resource in differences([], graph("[] <a:p> 1 .")).resources] == [""]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a commit, and a change since."""
    home = copied.copy(tmp_path_factory.mktemp("differing") / "home")
    copied.git(home, "init", "--quiet", "--initial-branch=main")
    copied.git(home, "add", "--all")
    copied.git(home, "-c", "user.email=a@b", "-c", "user.name=A", "commit", "--quiet", "--message", "first")
    file = home / "data" / "partners" / "liege.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace('"Liège"@fr', '"Liége"@fr'), encoding="utf-8")
    return home


@pytest.mark.parametrize("pair", [("HEAD",), ("HEAD", "data"), ("HEAD:", "data/partners/liege.ttl")])
def test_the_command_compares_revisions_folders_and_files(home: Path, pair: tuple[str, ...]) -> None:
    code, output = copied.run(home, "diff", "--lang", "en", *pair)
    if pair[0] == "HEAD:":
        assert (code, output) == (
            2,
            "ghent-partnerships: HEAD:: neither a file nor a folder is there, and as a revision: "
            "HEAD:: git knows no such revision\n",
        )
        return
    assert code == 0
    assert "Changed: Liège (city:liege)\n  name: “Liége” (fr) instead of “Liège” (fr)\n" in output
    if len(pair) == 1:
        assert "0 added, 1 changed, 0 removed" in output
    else:
        assert re.search(r"\d+ added, \d+ changed, \d+ removed", output), "the folder has shapes, and no terms"


def test_the_command_says_what_cannot_be_compared(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a:s> <a:p> .", encoding="utf-8")
    code, output = copied.run(home, "diff", "HEAD", str(broken))
    assert code == 1
    assert f"{broken}:1:13: " in output
    empty = tmp_path / "empty"
    empty.mkdir()
    assert copied.run(home, "diff", "HEAD", str(empty))[0] == 2
    assert copied.run(home, "diff", "HEAD", "nowhere")[0] == 2
    assert copied.run(home, "diff")[0] == 2


def test_the_published_graph_is_the_graph(dist: Published) -> None:
    for ending in ("ttl", "nt", "jsonld", "rdf", "trig", "nq"):
        file = dist.directory / f"ghent-partnerships.{ending}"
        assert differences(*sides(str(file), str(dist.directory / "ghent-partnerships.nt"))).resources == ()


def changed(before: str, after: str, suffix: str, folder: Path) -> list[tuple[str, str, int, int]]:
    """The resources that differ between two files: each with how, and how many statements came and went."""
    (folder / "new").mkdir()
    files = folder / f"a.{suffix}", folder / "new" / f"b.{suffix}"
    for file, text in zip(files, (before, after), strict=True):
        file.write_text(text, encoding="utf-8")
    resources = differences(*sides(*map(str, files))).resources
    return [(resource.iri, resource.how, len(resource.new), len(resource.gone)) for resource in resources]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<a:s> <a:p> [ <a:q> 5 ], [ <a:q> 5 ] .", "<a:s> <a:p> [ <a:q> 5 ] .", [("a:s", "changed", 0, 1)]),
        ("[ <a:q> 5 ] . [ <a:q> 5 ] .", "[ <a:q> 5 ] .", [("", "removed", 0, 1)]),
        ("[ <a:q> 1 ; <a:r> 2 ] . [ <a:q> 3 ; <a:r> 4 ] .", "[ <a:q> 3 ; <a:r> 4 ] . [ <a:r> 2 ; <a:q> 1 ] .", []),
        (
            "[ <a:q> 1 ; <a:r> 2 ] . [ <a:q> 3 ; <a:r> 4 ] .",
            "[ <a:q> 1 ; <a:r> 4 ] . [ <a:q> 3 ; <a:r> 2 ] .",
            [("", "added", 2, 0), ("", "removed", 0, 2), ("", "added", 2, 0), ("", "removed", 0, 2)],
        ),
        ("<a:s> <a:p> _:x . <a:t> <a:p> _:x . _:x a <a:T> .", "<a:t> <a:p> _:y . _:y a <a:T> . <a:s> <a:p> _:y .", []),
        (
            "<a:s> <a:p> _:x . <a:t> <a:p> _:x .",
            "<a:s> <a:p> _:x . <a:t> <a:p> _:y .",
            [("a:s", "changed", 1, 1), ("a:t", "changed", 1, 1)],
        ),
        ("_:x <a:p> _:y . _:y <a:p> _:x .", "_:b <a:p> _:a . _:a <a:p> _:b .", []),
        (
            "_:1 <a:p> _:2 . _:2 <a:p> _:3 . _:3 <a:p> _:1 . _:4 <a:p> _:5 . _:5 <a:p> _:6 . _:6 <a:p> _:4 .",
            "_:1 <a:p> _:2 . _:2 <a:p> _:3 . _:3 <a:p> _:4 . _:4 <a:p> _:5 . _:5 <a:p> _:6 . _:6 <a:p> _:1 .",
            [("", "removed", 0, 2)] * 3 + [("", "added", 1, 0)] * 6,
        ),
        ("<> <a:p> 1 . <#x> <a:q> 1 .", "<> <a:p> 1 . <#x> <a:q> 2 .", [("file#x", "changed", 1, 1)]),
    ],
)
def test_graphs_are_the_same_when_they_are_isomorphic(
    before: str, after: str, expected: list[tuple[str, str, int, int]], tmp_path: Path
) -> None:
    place = (tmp_path / "new" / "b.ttl").as_uri()
    found = [(iri.replace(place, "file"), *counts) for iri, *counts in changed(before, after, "ttl", tmp_path)]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<a:g> { <a:s> <a:p> 1 }", "<a:h> { <a:s> <a:p> 1 }", [("a:s", "changed", 1, 1)]),
        ("<a:s> <a:p> 1 .", "<a:h> { <a:s> <a:p> 1 }", [("a:s", "changed", 1, 1)]),
        ("<a:g> { [] <a:p> 1 }", "<a:h> { [] <a:p> 1 }", [("", "changed", 1, 1)]),
        ("_:g { <a:s> <a:p> 1 } _:g <a:p> 2 .", "_:h <a:p> 2 . _:h { <a:s> <a:p> 1 }", []),
        ("<a:g> { <a:s> <a:p> _:x } <a:h> { _:x <a:p> 1 }", "<a:g> { <a:s> <a:p> _:x . _:x <a:p> 1 }", None),
    ],
)
def test_a_statement_in_another_graph_is_a_change(
    before: str, after: str, expected: list[tuple[str, str, int, int]] | None, tmp_path: Path
) -> None:
    found = changed(before, after, "trig", tmp_path)
    assert found == expected if expected is not None else found != []


def test_the_graph_of_a_statement_is_shown_to_people_and_programs(tmp_path: Path) -> None:
    for name in ("g", "h"):
        (tmp_path / f"{name}.trig").write_text(f"<a:{name}> {{ <a:s> <a:p> 1 }}", encoding="utf-8")
    changes = differences(*sides(str(tmp_path / "g.trig"), str(tmp_path / "h.trig")))
    assert report(changes, "text", "en").startswith(
        "Changed: a:s\n  a:p (in a:g): no longer “1”\n  a:p (in a:h): also “1”\n"
    )
    integer = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert (
        report(changes, "patch", "en")
        == f"TX .\nD <a:s> <a:p> {integer} <a:g> .\nA <a:s> <a:p> {integer} <a:h> .\nTC .\n"
    )
    (resource,) = json.loads(report(changes, "json", "en"))["resources"]
    assert resource["added"] == [{"predicate": "a:p", "object": integer, "graph": "a:h"}]


def test_what_is_relative_means_the_same_in_both_folders(tmp_path: Path) -> None:
    for side, number in (("old", 2), ("new", 3)):
        file = tmp_path / side / "below" / "a.ttl"
        file.parent.mkdir(parents=True)
        file.write_text(f"<> <a:p> <../b> . <#x> <a:q> {number} .", encoding="utf-8")
    (resource,) = differences(*sides(str(tmp_path / "old"), str(tmp_path / "new"))).resources
    assert (resource.iri, resource.how) == (f"{(tmp_path / 'new' / 'below' / 'a.ttl').as_uri()}#x", "changed")


def test_a_revision_has_the_place_of_the_checkout_as_its_base(home: Path) -> None:
    file = home / "data" / "relative.ttl"
    file.write_text("<> <a:p> 1 . <#x> <a:q> 2 .\n", encoding="utf-8")
    copied.git(home, "add", "data/relative.ttl")
    copied.git(home, "-c", "user.email=a@b", "-c", "user.name=A", "commit", "--quiet", "--message", "relative")
    file.write_text("<> <a:p> 1 . <#x> <a:q> 3 .\n", encoding="utf-8")
    try:
        for new in ([], ["data"]):
            assert (
                "relative.ttl#x\n  a:q: “3” instead of “2”\n"
                in copied.run(home, "diff", "--lang", "en", "HEAD", *new)[1]
            )
    finally:
        copied.git(home, "reset", "--quiet", "HEAD~1")
        file.unlink()


def test_the_exit_code_says_on_demand_whether_something_differs(home: Path, tmp_path: Path) -> None:
    first, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    first.write_text("<a:s> <a:p> _:x . _:x <a:p> _:x .", encoding="utf-8")
    other.write_text("<a:s> <a:p> 2 .", encoding="utf-8")
    assert copied.run(home, "diff", "--exit-code", str(first), str(other))[0] == 1
    assert copied.run(home, "diff", str(first), str(other))[0] == 0
    assert copied.run(home, "diff", "--exit-code", str(first), str(first))[0] == 0


def test_blank_nodes_that_are_made_to_be_alike_hang_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ghent_partnerships.releases.diff._SECONDS", 0.5)
    alike = graph("".join(f"_:{node} <a:p> _:{other} ." for node in range(14) for other in range(14) if node != other))
    with pytest.raises(UsageError, match="too much alike to be told apart in time"):
        differences(alike, [])


def labelled(quads: list[Quad], chance: random.Random) -> list[Quad]:
    """The same graph in another order, with other labels."""
    labels: dict[object, BlankNode] = {}
    again = [
        Quad(*(labels.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term for term in quad))  # type: ignore[arg-type]
        for quad in quads
    ]
    chance.shuffle(again)
    return again


@pytest.mark.parametrize("seed", range(8))
def test_random_graphs_differ_only_where_they_are_not_isomorphic(seed: int) -> None:
    """Shared, cyclic and equal blank nodes, also as graphs: what RDFC-1.0 tells apart differs, and nothing else."""
    chance = random.Random(seed)
    nodes = [*(BlankNode() for _ in range(chance.randint(1, 5))), *(NamedNode(f"a:n{number}") for number in range(3))]
    graphs = [DefaultGraph(), NamedNode("a:g"), *nodes[: seed % 2]]
    names = [NamedNode("a:p"), NamedNode("a:q")]
    count = chance.randint(1, 9)
    quads = list({Quad(*map(chance.choice, (nodes, names, [*nodes, Literal("x")], graphs))) for _ in range(count)})
    assert differences(quads, labelled(quads, chance)).resources == ()
    assert differences(quads, labelled(quads, chance)[1:]).resources != ()
    first, *others = labelled(quads, chance)
    other = [Quad(first.subject, names[first.predicate == names[0]], first.object, first.graph_name), *others]
    canonical = []
    for graph in (quads, other):
        data_set = Dataset(graph)
        data_set.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        canonical.append(set(map(str, data_set)))
    assert (differences(quads, other).resources == ()) == (canonical[0] == canonical[1])
