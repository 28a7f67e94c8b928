"""46 vocabularies of others (SKOS), with nothing of ours but three lines of settings: every command does its work."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

import needs
from ghent_partnerships.cli.main import main
from html_page import Page
from serving import Served, ask, serving

pytestmark = pytest.mark.xdist_group("strangers vocabularies")
TABLE = '[tool.ghent-partnerships]\ndata = ["vocabularies", "labels.ttl"]\nstem = "ga-vocabs"\n'
SPACE = "https://pid.geoscience.gov.au/def/voc/ga/"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("strangers") / "vocabs"
    shutil.copytree(needs.shared("data/ga-vocabs"), folder)
    (folder / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    identity = ("-c", "user.name=A person", "-c", "user.email=person@example.org")
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "First"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def dist(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("strangers dist") / "dist"
    assert main(["--project", str(project), "publish", str(target)]) == 0
    return target


def test_they_are_validated(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(project), "validate"]) == 0
    assert "47 files, 18,352 triples: 1 info\n" in capsys.readouterr().out


def test_they_are_queried_and_diffed_and_their_layout_is_read(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "count.rq").write_text(
        "SELECT (COUNT(*) AS ?n) { ?s a <http://www.w3.org/2004/02/skos/core#ConceptScheme> }", encoding="utf-8"
    )
    named = ["--project", str(project)]
    assert main([*named, "query", str(project / "count.rq"), "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == ["n", "46"]
    assert main([*named, "diff", "HEAD", "--exit-code"]) == 0
    capsys.readouterr()
    assert main([*named, "fmt", "--check"]) == 1
    assert capsys.readouterr().out.endswith("47 files: 47 not in the canonical layout\n")


def test_each_scheme_has_its_concepts_as_a_tree(dist: Path) -> None:
    page = (dist / "doc/resource/GeologySampleType.html").read_text(encoding="utf-8")
    tree = page[page.index('id="tree"') : page.index('id="facts"')]
    assert len(re.findall("<ul>", tree)) == 19
    assert tree.count("<li>") > 60


def test_prefixes_are_those_of_most_of_its_files(dist: Path) -> None:
    text = (dist / "ga-vocabs.ttl").read_text(encoding="utf-8")
    declared = {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")}
    assert {"gavoc:", "skos:", "schema:"} <= declared
    assert not {"city:", "partnership:", "gp:"} & declared
    assert "@prefix schema: <https://schema.org/> .\n" in text


def test_no_link_is_dead(dist: Path) -> None:
    files = {file.relative_to(dist).as_posix() for file in dist.rglob("*")}
    dead, followed = set(), 0
    for path in sorted(path for path in files if path.endswith(".html"))[::10]:
        found = Page((dist / path).read_text(encoding="utf-8"))
        for link in {attributes["href"] for _, attributes in found.elements if "href" in attributes}:
            address = urljoin(f"{SPACE}{path}", link)
            if not address.startswith(SPACE) or urlsplit(link).scheme:
                continue
            followed += 1
            name = unquote(urlsplit(address).path).removeprefix(urlsplit(SPACE).path) or "index.html"
            if name not in files:
                dead.add((path, link))
    assert followed > 1000
    assert dead == set()


@pytest.fixture(scope="module")
def served(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(dist, tmp_path_factory.mktemp("served") / "log") as running:
        yield running


def test_served_each_scheme_is_at_its_iri_and_negotiated(served: Served) -> None:
    for path, type_ in (
        ("/doc/resource/GeologySampleType", "text/turtle"),
        ("/doc/resource/GeologySampleType", "text/html"),
    ):
        answer = ask(served.address, path, headers=[("Accept", type_)])
        assert (answer.status, answer.type) == (200, type_)
    assert ask(served.address, "/GeologySampleType").status == 303
