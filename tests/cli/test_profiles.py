"""The README's list of the commands that differ in a plain project: these differ, and no others do."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.publishing.publish import publish
from serving import ask, serving

ROOT = Path(__file__).parents[2]
CITY = ROOT / "tests" / "cities" / "tuebingen"
HOME = "https://example.org/tuebingen/id/city/tuebingen"
PARTNERSHIPS = 'profile = "partnerships"\n'
ASKED = {  # each command that reads a project and ends by itself
    "cite": ["cite"],
    "diff": ["diff", "HEAD"],
    "explain": ["explain", "GP200"],
    "fmt": ["fmt", "--check"],
    "query": ["query", "--list"],
    "validate": ["validate"],
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("profiles")]


def listed() -> dict[str, str]:
    """What the README says of each command that it lists."""
    text = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
    _, _, table = text.partition("| command | in a plain project |\n|---|---|\n")
    rows = [line.strip("|").split("|") for line in table.partition("\n\n")[0].splitlines()]
    return {name: says for names, says in rows for name in re.findall("`([^`]+)`", names)}


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One city as a project of each profile, in folders of one name."""
    made = {}
    for profile in ("plain", "partnerships"):
        made[profile] = tmp_path_factory.mktemp(profile) / "tuebingen"
        shutil.copytree(CITY, made[profile])
        settings = made[profile] / "pyproject.toml"
        text = settings.read_text(encoding="utf-8")
        assert PARTNERSHIPS in text
        settings.write_text(text.replace(PARTNERSHIPS, f'profile = "{profile}"\n'), encoding="utf-8")
        former = made[profile] / "data" / "former.ttl"  # of the revision that the files are compared with
        former.write_text(f"<{HOME}> <http://www.w3.org/2004/02/skos/core#note> 1 .\n", encoding="utf-8")
        identity = ("-c", "user.name=A person", "-c", "user.email=person@example.org")
        for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "First"]):
            subprocess.run(["git", *arguments], cwd=made[profile], check=True)
        former.unlink()
    return made


def test_those_that_are_listed_differ_and_no_others(
    profiles: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    differing = set()
    for name, arguments in ASKED.items():
        answers = set()
        for folder in profiles.values():
            monkeypatch.chdir(folder)
            code = main(arguments)
            answers.add((code, *(text.replace(str(folder), "") for text in capsys.readouterr())))
        differing |= {name} if len(answers) > 1 else set()
    assert differing == {name for name, says in listed().items() if name in ASKED and "need" not in says}


@pytest.fixture(scope="module")
def dists(profiles: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What is published of each."""
    home = tmp_path_factory.mktemp("published")
    return {profile: publish(home / profile, folder).directory for profile, folder in profiles.items()}


def test_diff_tells_a_change_since_a_revision(
    profiles: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in profiles.values():
        monkeypatch.chdir(folder)
        assert main(ASKED["diff"]) == 0
        output = capsys.readouterr().out
        assert output.startswith("Changed: Tübingen (city:tuebingen)\n")
        assert "0 added, 1 changed, 0 removed" in output


def test_serve_does_the_same(dists: dict[str, Path], tmp_path: Path) -> None:
    assert "serve" not in listed()
    query = quote(f"SELECT ?lat {{ <{HOME}> <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?lat }}")
    for profile, dist in dists.items():
        with serving(dist, tmp_path / profile) as served:
            answer = ask(served.address, f"/sparql?query={query}", headers=[("Accept", "text/csv")])
            assert (answer.status, answer.body) == (200, b"lat\r\n48.52\r\n")
            for accept in ("text/html", "text/turtle"):
                resource = ask(served.address, "/id/city/tuebingen", headers=[("Accept", accept)])
                assert resource.status == 303
                path = urlsplit(urljoin(served.address, resource.headers["location"])).path
                document = ask(served.address, path, headers=[("Accept", accept)])
                assert (document.status, document.type) == (200, accept)


def test_publish_leaves_out_what_the_list_says(dists: dict[str, Path]) -> None:
    files = {
        profile: {file.relative_to(dist).as_posix() for file in dist.rglob("*")} for profile, dist in dists.items()
    }
    assert "maps, tables and story" in listed()["publish"]
    assert {"cities.csv", "cities.geojson", "ontology.html", "shapes.html"} <= files["partnerships"] - files["plain"]
    assert {"index.html", "resources.html", "catalog.ttl", ".well-known/void"} <= (
        files["plain"] & files["partnerships"]
    )


def test_what_needs_files_that_a_plain_project_may_lack_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.ghent-partnerships]\n", encoding="utf-8")
    (tmp_path / "data" / "a.ttl").write_text("<http://e.example/a> <http://e.example/b> 1 .\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    needing = {name for name, says in listed().items() if "need" in says}
    assert needing == {"cite", "release-check"}
    for name in needing:
        assert main([name]) == 2
        needed = "write in it a dcat:Dataset with void:uriSpace, dcterms:title and dcterms:license"
        path = "data/dataset.ttl: "
        assert capsys.readouterr().err == f"ghent-partnerships: {path}there is no such file; {needed}\n"
    (tmp_path / "data" / "dataset.ttl").write_text("<http://e.example/a> <http://e.example/b> 1 .\n", encoding="utf-8")
    (tmp_path / "data" / "release.ttl").write_text("<http://e.example/a> <http://e.example/b> 1 .\n", encoding="utf-8")
    for name in needing:
        assert main([name]) == 2
        assert "data/dataset.ttl: it describes no data set; write in it a dcat:Dataset" in capsys.readouterr().err
    for arguments in (["validate"], ["query", "--list"]):
        assert main(arguments) == 0
