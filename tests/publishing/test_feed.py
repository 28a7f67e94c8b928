"""The event stream: a client that nobody here wrote follows it and has the graph of the last release, exactly."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from minimal import minimal_graph
from pyoxigraph import NamedNode, RdfFormat, parse

import copied
import needs
from ghent_partnerships.project.project import Project
from ghent_partnerships.project.settings import PARTNERSHIPS, Settings
from ghent_partnerships.publishing.publish import Published, publish
from ghent_partnerships.rdf.concepts import top_concepts
from ghent_partnerships.rdf.namespaces import BASE, ID, PREFIXES
from serving import serving

HERE = Path(__file__).parents[1]
VERSION_OF, TIME = f"<{PREFIXES['dcterms']}isVersionOf>", f"<{PREFIXES['prov']}generatedAtTime>"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
LIEGE, LUIK = f"{ID}city/liege", f"{ID}city/luik"
RETIRED = f"""PREFIX owl: <{PREFIXES["owl"]}>

<{LUIK}>
    owl:deprecated true ;
.
"""


def release(home: Path, version: str, date: str) -> None:
    """Say which release it is, commit and tag it."""
    file = home / "data" / "release.ttl"
    text = re.sub(r'"\d+\.\d+\.\d+"', f'"{version}"', file.read_text(encoding="utf-8"))
    text = re.sub(r"ontology/\d+\.\d+\.\d+>", f"ontology/{version}>", text)
    file.write_text(re.sub(r'"\d{4}-\d\d-\d\d"', f'"{date}"', text), encoding="utf-8")
    copied.git(home, "add", "--all")
    copied.git(home, "commit", "--quiet", "--message", version)
    copied.git(home, "tag", f"v{version}")


def fix(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def published(home: Path, folder: Path) -> Published:
    """Publish a repository as if the package had come with it, within this process."""
    project = Project(root=home, settings=Settings(profile=PARTNERSHIPS), carried=home, checkout=home)
    return publish(folder, project)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of three releases: the second changes a name and adds one, the third takes a resource away."""
    needs.program("git")
    home = minimal_graph(tmp_path_factory.mktemp("releases") / "home")
    shutil.copy(copied.ROOT / "data" / "release.ttl", home / "data")
    fix(home / "data" / "partners" / "liege.ttl", '"Liège"@en', '"Liège"@en , "Luik"@nl , "Liège"@fr')
    copied.git(home, "init", "--quiet", "--initial-branch=main")
    copied.git(home, "config", "user.email", "somebody@example.org")
    copied.git(home, "config", "user.name", "Somebody")
    release(home, "0.1.0", "2026-11-24")
    fix(home / "data" / "partners" / "liege.ttl", '"Liège"@fr', '"Liége"@fr')
    (home / "data" / "retired.ttl").write_text(RETIRED, encoding="utf-8")
    release(home, "0.2.0", "2027-01-31")
    (home / "data" / "retired.ttl").unlink()
    release(home, "0.3.0", "2027-06-30")
    copied.git(home, "tag", "v0.9")  # not one of ours
    fix(home / "data" / "partners" / "liege.ttl", '"Liége"@fr', '"Liëge"@fr')
    release(home, "0.4.0", "2027-06-30")  # on the same day
    return home


@pytest.fixture(scope="module")
def dist(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    done = published(home, tmp_path_factory.mktemp("followed") / "dist")
    assert done.feed_problem is None
    return done.directory


def members(address: str, how: str) -> list[dict[str, str]]:
    """What ldes-client makes of the stream at an address."""
    command = [*needs.script(HERE / "clients", "ldes.mjs"), address, how]
    with tempfile.TemporaryDirectory() as folder:  # the client leaves one behind
        environment = {**os.environ, "TMPDIR": folder}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_client_that_follows_it_has_the_graph(dist: Path, tmp_path: Path) -> None:
    with serving(dist, tmp_path / "log", "--quiet") as served:
        last = members(f"{served.address}feed", "last")
    graph: set[str] = set()
    deleted = []
    for member in last:
        lines = set(member["quads"].splitlines())
        if any(f"<{PREFIXES['rdf']}type> <https://www.w3.org/ns/activitystreams#Delete>" in line for line in lines):
            deleted.append(member["id"])
            continue
        graph |= {line for line in lines if TIME not in line and VERSION_OF not in line}
    assert deleted == [LUIK]
    published = (dist / "ghent-partnerships.nt").read_bytes()
    read = [quad.triple for quad in parse("\n".join(graph), RdfFormat.N_TRIPLES)]
    assert {str(triple) for triple in [*read, *top_concepts(read)]} == {
        str(quad.triple) for quad in parse(published, RdfFormat.N_TRIPLES)
    }


def test_each_release_has_what_it_changed(dist: Path, tmp_path: Path) -> None:
    with serving(dist, tmp_path / "log", "--quiet") as served:
        every = members(f"{served.address}feed.ttl", "all")
    by_release: dict[str, list[str]] = {}
    for member in every:
        version, _, name = member["id"].removeprefix(f"{BASE}feed/").partition("#")
        by_release.setdefault(version, []).append(name)
    assert sorted(by_release) == ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]
    subjects = {quad.subject for quad in parse(path=dist / "ghent-partnerships.nt")}
    assert len(by_release["0.1.0"]) == len(subjects) > 100
    versioned = ["id/dataset/ghent-partnerships", "ontology"]  # which say what version they are
    assert sorted(by_release["0.2.0"]) == ["id/city/liege", "id/city/luik", *versioned]
    assert sorted(by_release["0.3.0"]) == ["id/city/luik", *versioned]
    assert sorted(by_release["0.4.0"]) == ["id/city/liege", *versioned]
    times = sorted(set(re.findall(f'{TIME} "([^"]+)"', "".join(member["quads"] for member in every))))
    assert times == [f"{day}T00:00:00Z" for day in ("2026-11-24", "2027-01-31", "2027-06-30")] + [
        "2027-06-30T00:00:01Z"
    ]
    (renamed,) = (member["quads"] for member in every if member["id"] == f"{BASE}feed/0.2.0#id/city/liege")
    assert '"Liége"@fr' in renamed
    assert f'{TIME} "2027-01-31T00:00:00Z"' in renamed
    assert f"{VERSION_OF} <{LIEGE}>" in renamed


def test_a_page_never_changes_once_it_is_published(home: Path, dist: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    subprocess.run(["git", "clone", "--quiet", str(home), str(earlier)], check=True)
    copied.git(earlier, "checkout", "--quiet", "v0.2.0")
    published(earlier, tmp_path / "dist")
    pages = sorted(path.name for path in (tmp_path / "dist" / "feed").glob("*.ttl"))
    assert pages == ["0.1.0.ttl", "0.2.0.ttl"]
    for name in pages:
        assert (tmp_path / "dist" / "feed" / name).read_bytes() == (dist / "feed" / name).read_bytes()


def test_the_stream_says_what_it_is_and_where_each_release_is(dist: Path) -> None:
    statements = list(parse(path=dist / "feed.ttl", base_iri="http://here/feed.ttl"))
    objects = {(quad.subject, quad.predicate.value): quad.object for quad in statements}
    stream = NamedNode(f"{BASE}feed")
    assert objects[stream, f"{PREFIXES['tree']}view"] == NamedNode("http://here/feed.ttl")
    assert objects[stream, f"{PREFIXES['ldes']}timestampPath"].value == f"{PREFIXES['prov']}generatedAtTime"
    assert objects[stream, f"{PREFIXES['ldes']}versionOfPath"].value == f"{PREFIXES['dcterms']}isVersionOf"
    nodes = [quad.object.value for quad in statements if quad.predicate.value == f"{PREFIXES['tree']}node"]
    assert sorted(set(nodes)) == [f"http://here/feed/0.{number}.0.ttl" for number in (1, 2, 3, 4)]
    data = (dist / "ghent-partnerships.nt").read_text(encoding="utf-8")
    assert VERSION_OF not in data, "else a client could not tell them apart"
    assert TIME not in data


@pytest.mark.parametrize(
    ("name", "title", "changed"),
    [
        ("feed.atom", "Version 0.2.0", "Liège (city:liege)name: “Liége” (fr) instead of “Liège” (fr)"),
        (
            "feed.nl.atom",
            "Versie 0.2.0",
            "Luik (city:liege)naam: “Liége” (fr) in plaats van “Liège” (fr)",
        ),
    ],
)
def test_the_atom_feed_tells_each_release_in_words(dist: Path, name: str, title: str, changed: str) -> None:
    feed = ET.fromstring((dist / name).read_bytes())
    entries = feed.findall("a:entry", ATOM)
    days = ["2027-06-30", "2027-06-30", "2027-01-31", "2026-11-24"]
    assert [element.findtext("a:updated", "", ATOM)[:10] for element in entries] == days
    assert entries[2].findtext("a:title", "", ATOM) == title
    content = entries[2].find("a:content", ATOM)
    assert content is not None
    assert content.attrib["type"] == "xhtml"
    assert [element.tag for element in content] == ["{http://www.w3.org/1999/xhtml}div"]
    assert changed in "".join(content.itertext())
    ids = [element.findtext("a:id", "", ATOM) for element in (feed, *entries)]
    assert len(set(ids)) == 5
    others = ET.fromstring((dist / ("feed.nl.atom" if name == "feed.atom" else "feed.atom")).read_bytes())
    assert not set(ids) & {identifier.text for identifier in others.iter("{http://www.w3.org/2005/Atom}id")}
    for element in (feed, *entries):
        assert element.find("a:title", ATOM) is not None
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:0[01]Z", element.findtext("a:updated", "", ATOM))
    for link in feed.iter("{http://www.w3.org/2005/Atom}link"):
        assert link.attrib["href"].startswith(BASE)
        assert (dist / (link.attrib["href"].removeprefix(BASE) or "index.html")).is_file()


def test_the_pages_name_the_feed_and_the_catalogue_lists_it(dist: Path) -> None:
    assert 'type="application/atom+xml" title="Changes" href="feed.atom"' in (dist / "index.html").read_text("utf-8")
    assert 'href="../../feed.nl.atom"' in (dist / "doc" / "city" / "liege.nl.html").read_text("utf-8")
    catalogue = (dist / "catalog.nt").read_text("utf-8")
    assert (
        f"<{BASE}catalog#feed-ttl> <{PREFIXES['dcterms']}conformsTo> <https://w3id.org/ldes/specification>" in catalogue
    )


def test_without_a_history_there_is_no_feed_and_that_is_said(tmp_path: Path) -> None:
    home = minimal_graph(tmp_path / "home")
    shutil.copy(copied.ROOT / "data" / "release.ttl", home / "data")
    done = published(home, tmp_path / "dist")
    assert str(done.feed_problem).startswith("there is none: ")
    assert not list((tmp_path / "dist").glob("feed*"))
    assert "atom" not in (tmp_path / "dist" / "index.html").read_text("utf-8")


def test_what_was_released_is_what_the_tag_has_whatever_changed_since(home: Path, dist: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    subprocess.run(["git", "clone", "--quiet", str(home), str(later)], check=True)
    fix(later / "data" / "partners" / "liege.ttl", '"Liëge"@fr', '"Liege"@fr')
    done = published(later, tmp_path / "dist")
    assert str(done.feed_problem).startswith("it ends with 0.4.0, and the graph has changed since")
    assert "Liege" in (tmp_path / "dist" / "ghent-partnerships.nt").read_text("utf-8")
    for page in sorted(path.relative_to(dist) for path in [*dist.glob("feed/*"), *dist.glob("feed*.atom")]):
        assert (tmp_path / "dist" / page).read_bytes() == (dist / page).read_bytes(), page
    release(later, "0.5.0", "2027-07-01")
    copied.git(later, "tag", "--delete", "v0.5.0")
    assert published(later, tmp_path / "dist").feed_problem is None, "0.5.0 is the release that is being made"
    assert "Liege" in (tmp_path / "dist" / "feed" / "0.5.0.ttl").read_text("utf-8")


def test_people_read_the_changes_on_a_page(dist: Path) -> None:
    page = (dist / "feed.html").read_text("utf-8")
    versions = re.findall(r'<h2 id="v([\d.]+)">', page)
    assert versions == ["0.4.0", "0.3.0", "0.2.0", "0.1.0"]
    assert "name: “Liége” (fr) instead of “Liège” (fr)" in page
    assert "naam: “Liége” (fr) in plaats van “Liège” (fr)" in (dist / "feed.nl.html").read_text("utf-8")
    assert 'href="feed.html"' in (dist / "index.html").read_text("utf-8")


def test_two_builds_are_the_same(home: Path, dist: Path, tmp_path: Path) -> None:
    published(home, tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (dist / "SHA256SUMS").read_bytes()
