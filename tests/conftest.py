"""What tests of several modules start from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghent_partnerships.publishing.publish import Published
    from serving import Served

collect_ignore = ["ckan/parse.py"]  # runs in an environment of its own


@pytest.fixture
def git_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """git, out of reach of whatever the user configured and of a hook that this may run in."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A person")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "person@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-01-01T00:00:00Z")


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """What ``publish`` writes of the graph at hand; nobody changes it."""
    from ghent_partnerships.publishing.publish import publish

    return publish(tmp_path_factory.mktemp("published") / "dist")


@pytest.fixture(scope="session")
def served(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server on it, as people start it; nobody ends or wears out its processes."""
    from serving import serving

    with serving(dist.directory, tmp_path_factory.mktemp("served") / "log") as running:
        yield running
