"""Where the document of each resource is: by its IRI, whatever that looks like, and nobody else's."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ghent_partnerships.project.location import at, packaged
from ghent_partnerships.project.project import Project
from ghent_partnerships.publishing import addresses
from ghent_partnerships.publishing.addresses import Addresses, common

SPACE = "https://example.org/v/"
TUEBINGEN = Path(__file__).parents[1] / "cities" / "tuebingen"


@pytest.fixture
def plain(tmp_path: Path) -> Project:
    (tmp_path / "pyproject.toml").write_text("[tool.ghent-partnerships]\n", encoding="utf-8")
    return at(tmp_path)


def about(iri: str) -> Triple:
    return Triple(NamedNode(iri), NamedNode("https://example.org/p"), Literal("o"))


def paths(project: Project, *iris: str) -> list[str]:
    """The paths of the documents, without the folder of all, in the order of the IRIs."""
    found = addresses.of(project, map(about, iris))
    return [found.of(iri).removeprefix("doc/resource/") for iri in iris]


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("Animals", "Animals"),  # as its owners write it
        ("a/b/c", "a/b/c"),
        ("a//b/", "a/b"),
        ("v1.0", "v1.0"),
        ("x.ttl", "x_ttl"),  # else x.ttl.html and the Turtle of x would be neighbours of one address
        ("x.nl", "x_nl"),
        ("x.ttl/y", "x_ttl/y"),  # else a folder and a file would have one name
        ("a%20b", "a_b"),
        ("a%2Fb", "a_b"),
        ("%2E%2E/etc", "etc"),
        ("../../etc", "etc"),
        ("_hidden/.htaccess", "hidden/htaccess"),  # no host shows what begins so
        ("?a=b&c=d", "a_b_c_d"),
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("\u041c\u0438\u043d\u0441\u043a", "minsk"),
        ("\u6771\u4eac", "index"),
        ("", "index"),
        ("x" * 300, "x" * 200),
        ("x/" * 2000 + "y", "/".join("x" * 100)),
    ],
)
def test_a_path_is_what_is_behind_the_common_namespace(iri: str, path: str, plain: Project) -> None:
    assert paths(plain, SPACE + iri, f"{SPACE}others-1", f"{SPACE}others-2", f"{SPACE}others-3")[0] == path


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("urn:isbn:0451450523", "isbn_0451450523"),
        ("https://other.example/a/b", "other_example/a/b"),
        ("tag:example.org,2026:x", "example.org_2026_x"),
    ],
)
def test_of_another_namespace_it_begins_with_the_host(iri: str, path: str, plain: Project) -> None:
    assert paths(plain, iri, f"{SPACE}a", f"{SPACE}b", f"{SPACE}c")[0] == path


def test_no_two_have_one_path_also_where_files_know_no_case(plain: Project) -> None:
    iris = [SPACE + name for name in ("A_b", "a%20b", "a_b", "a_b-2", "c")]
    assert paths(plain, *iris) == ["A_b", "a_b-2", "a_b-3", "a_b-2-2", "c"]


def test_ten_thousand_that_would_have_one_path_have_as_many(plain: Project) -> None:
    iris = [SPACE + chr(0x4E00 + number) for number in range(10_000)]
    assert len(set(paths(plain, *iris))) == 10_000


def test_what_a_fragment_names_is_in_the_document_of_the_whole(plain: Project) -> None:
    found = addresses.of(plain, map(about, (f"{SPACE}x#part", f"{SPACE}x#other", f"{SPACE}y")))
    assert dict(found.documents) == {f"{SPACE}x": "doc/resource/x", f"{SPACE}y": "doc/resource/y"}
    assert found.home(f"{SPACE}x#part") == ("doc/resource/x", "part")


def test_blank_nodes_and_strangers_have_none(plain: Project) -> None:
    found = addresses.of(plain, [Triple(BlankNode("b"), NamedNode(f"{SPACE}p"), NamedNode(f"{SPACE}o"))])
    assert found == Addresses()
    assert found.document(f"{SPACE}o") is None
    assert found.home(f"{SPACE}o") is None


def test_the_common_namespace_is_the_longest_that_more_than_half_share() -> None:
    assert common([f"{SPACE}a/1", f"{SPACE}a/2", f"{SPACE}b", "urn:x:y"]) == SPACE
    assert common([f"{SPACE}a/1", f"{SPACE}a/2", f"{SPACE}a/3", f"{SPACE}b"]) == f"{SPACE}a/"
    assert common(["urn:x:y", "urn:x:z"]) == common([]) == ""
    assert common(["https://a.example/x", "https://b.example/x"]) == ""


def test_the_vocabulary_makes_way_where_a_city_has_something_of_the_same_name() -> None:
    city = at(TUEBINGEN)
    vocabulary = f"{packaged().id}concept/"
    mine = f"{city.id}concept/twinning"
    found = addresses.of(city, map(about, (mine, f"{vocabulary}twinning", f"{vocabulary}charter")))
    assert found.of(mine) == "doc/concept/twinning"
    assert found.of(f"{vocabulary}twinning") == "doc/vocabulary/concept-twinning"
    assert found.of(f"{vocabulary}charter") == "doc/concept/charter"
    assert found.folder(f"{vocabulary}twinning") == found.folder(mine) == "concept"


def test_nothing_makes_way_in_the_project_of_the_vocabulary_itself() -> None:
    assert addresses.of(packaged(), [about(f"{packaged().id}concept/twinning")]).documents == {}
