"""What git knows, asked of real repositories: the releases, files as they were, what is not committed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.git import files_at, is_checked_out, numbers, releases, uncommitted
from ghent_partnerships.project.project import Project
from second_city import second_city

pytestmark = pytest.mark.usefixtures("git_alone")

Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository that stands for the checkout, out of reach of whatever the user configured."""
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    return root


@pytest.fixture
def project(repository: Path) -> Project:
    """The project in it."""
    return second_city()._replace(root=repository, checkout=repository)


@pytest.fixture
def git(repository: Path) -> Git:
    def run(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=repository, check=True, capture_output=True, text=True
        ).stdout.strip()

    return run


def commit(git: Git, repository: Path, name: str = "file", content: bytes = b"") -> None:
    path = repository / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", f"write {name!r}")


def test_numbers_are_in_the_order_of_versions() -> None:
    versions = ["0.9.0", "0.10.0", "1.0.0", "1.0.9", "1.0.10", "1.9.0", "10.0.0"]
    keys = [numbers(version) for version in versions]
    assert None not in keys
    assert keys == sorted(keys, key=lambda key: key or (0, 0, 0))
    for text in ("", "1", "1.0", "01.0.0", "1.0.0-rc.1", "1.0.0\n", "v1.0.0", "\u0661.0.0", "1.0." + "9" * 5000):
        assert numbers(text) is None


def test_releases_are_those_that_the_checkout_comes_from_the_newest_version_first(
    git: Git, repository: Path, project: Project
) -> None:
    commit(git, repository)
    assert releases(project) == []
    for tag in ("v0.10.0", "v0.9.0", "v0.10", "v1.0.0-rc.1", "release-2.0.0", "v01.0.0"):
        git("tag", tag)
    assert releases(project) == ["v0.10.0", "v0.9.0"]
    git("checkout", "--quiet", "-b", "other")
    commit(git, repository, "other")
    git("tag", "--annotate", "--message", "another branch", "v3.0.0")
    assert releases(project) == ["v3.0.0", "v0.10.0", "v0.9.0"]
    git("checkout", "--quiet", "main")
    assert releases(project) == ["v0.10.0", "v0.9.0"]


def test_a_revision_is_checked_out_or_not(git: Git, repository: Path, project: Project) -> None:
    commit(git, repository)
    git("tag", "--annotate", "--message", "a release", "v1.0.0")
    assert is_checked_out("v1.0.0", project)
    (repository / "file").write_bytes(b"being edited")
    assert is_checked_out("v1.0.0", project)
    commit(git, repository, "other")
    assert not is_checked_out("v1.0.0", project)
    with pytest.raises(UsageError, match="git knows no such revision"):
        is_checked_out("v9.9.9", project)


def test_files_are_those_of_the_revision_and_the_work_tree_stays(git: Git, repository: Path, project: Project) -> None:
    commit(git, repository, "data/a.ttl", b"then\n")
    git("tag", "v1.0.0")
    commit(git, repository, "data/a.ttl", b"now\n")
    commit(git, repository, "data/partners/b.ttl", b"\x00\xff no line end")
    commit(git, repository, "elsewhere.ttl", b"")
    (repository / "data" / "a.ttl").write_bytes(b"being edited\n")
    assert files_at("v1.0.0", ["data"], project) == {"data/a.ttl": b"then\n"}
    assert files_at("HEAD", ["data"], project) == {
        "data/a.ttl": b"now\n",
        "data/partners/b.ttl": b"\x00\xff no line end",
    }
    assert files_at("HEAD", ["elsewhere.ttl", "no/such"], project) == {"elsewhere.ttl": b""}
    assert files_at("HEAD", [], project) == {}
    assert (repository / "data" / "a.ttl").read_bytes() == b"being edited\n"
    assert git("rev-parse", "--abbrev-ref", "HEAD") == "main"


def test_odd_file_names_and_contents_are_kept(git: Git, repository: Path, project: Project) -> None:
    names = ["-x", "a b", "d\u00e9j\u00e0 vu.ttl", 'q"uote', "new\nline", "tab\t", "\\", ":(glob)*", "*"]
    for name in names:
        commit(git, repository, f"data/{name}", f"{name} blob 3\nabc\n".encode())
    found = files_at("HEAD", ["data"], project)
    assert found == {f"data/{name}": f"{name} blob 3\nabc\n".encode() for name in sorted(names)}
    assert list(found) == sorted(found)
    assert list(files_at("HEAD", ["data/:(glob)*"], project)) == ["data/:(glob)*"]
    assert list(files_at("HEAD", ["data/*"], project)) == ["data/*"]


def test_what_is_no_regular_file_is_left_out(git: Git, repository: Path, project: Project) -> None:
    (repository / "link.ttl").symlink_to("/etc/passwd")
    commit(git, repository, "file.ttl", b"x")
    assert files_at("HEAD", ["link.ttl", "file.ttl"], project) == {"file.ttl": b"x"}


@pytest.mark.parametrize(
    "revision", ["v9.9.9", "", "--all", "-h", "--since=now", "HEAD\0", "HEAD:file", "HEAD; touch x", "a b"]
)
def test_an_unknown_revision_is_refused(revision: str, git: Git, repository: Path, project: Project) -> None:
    commit(git, repository)
    with pytest.raises(UsageError, match="git knows no such revision"):
        files_at(revision, ["file"], project)
    assert sorted(path.name for path in repository.iterdir()) == [".git", "file"]


def test_what_is_not_committed_is_named(git: Git, repository: Path, project: Project) -> None:
    commit(git, repository, "a\u00e9 b", b"1")
    commit(git, repository, "gone", b"content that git would take for renamed\n" * 9)
    commit(git, repository, ".gitignore", b"ignored\n")
    assert uncommitted(project) == []
    (repository / "a\u00e9 b").write_bytes(b"2")
    (repository / "gone").rename(repository / "come")
    (repository / "ignored").touch()
    (repository / "new folder").mkdir()
    (repository / "new folder" / "new\nfile").touch()
    git("add", "come", "gone")
    assert uncommitted(project) == ["a\u00e9 b", "come", "gone", "new folder/new\nfile"]


def test_a_repository_without_a_commit_has_no_revision(repository: Path, project: Project) -> None:
    assert repository.exists()
    with pytest.raises(UsageError, match="HEAD: git knows no such revision"):
        releases(project)


def test_a_part_of_the_history_is_not_taken_for_all(
    git: Git, repository: Path, tmp_path: Path, project: Project
) -> None:
    commit(git, repository, "file", b"1")
    git("tag", "v1.0.0")
    commit(git, repository, "file", b"2")
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", repository.as_uri(), str(shallow)], check=True)
    project = project._replace(checkout=shallow)
    assert files_at("HEAD", ["file"], project) == {"file": b"2"}
    with pytest.raises(UsageError, match="git fetch --unshallow"):
        releases(project)


def test_no_checkout_and_no_repository_are_said(
    repository: Path, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    below = repository / "unpacked"
    below.mkdir()
    project = project._replace(checkout=below)
    with pytest.raises(UsageError, match=r"unpacked: not in the git repository around it; add it"):
        uncommitted(project)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.parent.parent))
    project = project._replace(checkout=repository.parent)
    with pytest.raises(UsageError, match="not a git repository"):
        uncommitted(project)
    project = project._replace(checkout=None)
    with pytest.raises(UsageError, match="there is no checkout here"):
        uncommitted(project)


def test_a_project_in_a_folder_of_a_repository_has_its_own_files_and_tags(
    git: Git, repository: Path, project: Project
) -> None:
    for name, content in (
        ("file", b"outside"),
        ("sub/pyproject.toml", b""),
        ("sub/file", b"1"),
        ("sub/deep/file", b""),
    ):
        commit(git, repository, name, content)
    git("tag", "v1.0.0")
    commit(git, repository, "sub/file", b"2")
    below = project._replace(root=repository / "sub", checkout=repository / "sub")
    assert releases(below) == ["v1.0.0"]
    assert files_at("v1.0.0", ["file", "deep"], below) == {"deep/file": b"", "file": b"1"}
    assert files_at("HEAD", ["."], below) == {"deep/file": b"", "file": b"2", "pyproject.toml": b""}
    assert uncommitted(below) == []
    (repository / "file").write_bytes(b"changed outside")
    (repository / "sub" / "file").write_bytes(b"changed")
    (repository / "sub" / "new").write_bytes(b"")
    assert uncommitted(below) == ["file", "new"]


def test_a_missing_git_is_said(repository: Path, monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(UsageError, match=r"git cannot be run: .*; install git"):
        releases(project)


def test_a_hook_s_repository_is_not_taken_for_ours(
    git: Git, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    commit(git, repository, "file", b"ours")
    elsewhere = tmp_path / "elsewhere"
    subprocess.run(["git", "init", "--quiet", str(elsewhere)], check=True)
    monkeypatch.setenv("GIT_DIR", str(elsewhere / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(elsewhere))
    assert files_at("HEAD", ["file"], project) == {"file": b"ours"}
    assert uncommitted(project) == []
