"""Whatever is wrong with the input, the output or the moment: one message, the right exit code, nothing half-done.

The tests run the real command, from a small checkout that is made here, so that they are quick and can break its data.
"""

import functools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import command
import pytest
from command import BAD, GOOD, REPOSITORY, SHAPES, Run, bound_by_permissions, written
from minimal import minimal

from ghent_partnerships.project import location


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a small graph, to be left as it is."""
    return minimal(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def broken(checkout: Path, tmp_path: Path) -> Path:
    """A copy of the small checkout, to be broken."""
    return shutil.copytree(checkout, tmp_path / "broken")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty directory to work in, with shapes, a good file and a bad one beside it."""
    for name, text in (("shapes.ttl", SHAPES), ("good.ttl", GOOD), ("bad.ttl", BAD)):
        written(tmp_path / name, text)
    work = tmp_path / "work"
    work.mkdir()
    return work


@pytest.fixture
def run(checkout: Path, work: Path) -> Run:
    """Run the command of the small checkout in the empty directory, unless an argument names others."""
    return functools.partial(command.run, checkout=checkout, cwd=work)


@pytest.fixture(scope="session")
def folders(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the same small graph, whose package is the one that the tests have imported."""
    home = tmp_path_factory.mktemp("folders")
    for name in ("data", "ontology", "queries"):
        shutil.copytree(checkout / name, home / name)
    (home / "scripts").symlink_to(REPOSITORY / "scripts")
    return home


@pytest.fixture
def run_within(folders: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same within the process of the tests, a hundred times as fast: for what is said, whatever the process."""
    monkeypatch.setattr(location, "_CHECKOUT", folders)
    monkeypatch.chdir(work)
    return command.run_within


@pytest.fixture
def permissions(tmp_path: Path) -> Callable[[], None]:
    """Something to run in the child so that permission bits bind it."""
    (tmp_path / "probe").mkdir(mode=0o555)
    probe = ["sh", "-c", "echo > probe/x"]
    tried = subprocess.run(probe, cwd=tmp_path, check=False, capture_output=True, preexec_fn=bound_by_permissions)
    if tried.returncode == 0:
        pytest.skip("permission bits do not bind this user")
    return bound_by_permissions
