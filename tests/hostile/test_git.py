"""What a pull request, or a folder that was sent, brings for git: no command of it runs."""

import shutil
import subprocess
from pathlib import Path

import pytest
from command import CHECK, GOOD, HEAD, SHAPES, Run, written

pytestmark = pytest.mark.usefixtures("git_alone")
CONFIG = """[core]
	repositoryformatversion = 1
	bare = false
	worktree = {tree}
	fsmonitor = touch {mark}
	sshCommand = touch {mark}
	hooksPath = {hooks}
	alternateRefsCommand = touch {mark}
[extensions]
	partialClone = origin
[protocol "ext"]
	allow = always
[remote "origin"]
	url = {url}
	promisor = true
	uploadpack = touch {mark} ;
[filter "x"]
	clean = touch {mark}
	process = touch {mark}
	required = true
[core]
	pager = touch {mark}
[credential]
	helper = "!touch {mark}"
"""


def git(cwd: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(work: Path) -> Path:
    """An honest repository with a commit."""
    home = work / "repository"
    written(home / "data/a.ttl", GOOD)
    written(home / "shapes.ttl", SHAPES)
    git(work, "init", "--quiet", "--initial-branch=main", str(home))
    git(home, "add", "--all")
    git(home, "commit", "--quiet", "--message", "honest")
    return home


def config(tree: str, mark: Path, url: str) -> str:
    hook = written(mark.parent / "hooks/post-index-change", f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    return CONFIG.format(tree=tree, mark=mark, hooks=hook.parent, url=url.format(mark=mark))


CHECKED = ["validate", "--shapes", "shapes.ttl", "data", "--since"]


@pytest.mark.parametrize("tree", [".", ".."])
@pytest.mark.parametrize("url", ["ext::touch {mark}", "ssh://x/y", "/nowhere"])
@pytest.mark.parametrize("cwd", [".", "data"])
def test_a_folder_of_the_data_is_no_repository(
    run: Run, repository: Path, work: Path, tree: str, url: str, cwd: str
) -> None:
    honest = git(repository, "rev-parse", "HEAD")
    data = repository / "data"
    written(data / "HEAD", "ref: refs/heads/main\n")
    written(data / "config", config(tree, work / "ran", url))
    written(data / "packed-refs", f"# pack-refs with: peeled fully-peeled sorted \n{honest} refs/heads/main\n")
    written(data / "objects/info/keep", "")
    written(data / "refs/heads/keep", "0" * 40)
    written(data / "b.ttl", HEAD + 'e:b a e:Thing ; e:p "x" .\n')
    shapes = "shapes.ttl" if cwd == "." else "../shapes.ttl"
    where = "data" if cwd == "." else "."
    for since in ("main", honest):
        out, _ = run(1, "validate", "--shapes", shapes, where, "--since", since, cwd=repository / cwd)
        assert "1 violation" in out
    assert not (work / "ran").exists()


@pytest.mark.parametrize("url", ["ext::touch {mark}", "ssh://x/y", "/nowhere", "https://127.0.0.1:1/"])
def test_an_object_that_is_not_there_is_said_and_not_fetched(run: Run, repository: Path, work: Path, url: str) -> None:
    blob = git(repository, "rev-parse", "HEAD:data/a.ttl")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    written(repository / ".git/config", config(str(repository), work / "ran", url))
    _, err = run(2, *CHECKED, "HEAD", cwd=repository)
    assert "not in this clone of the repository, and nothing is fetched here" in err
    assert not (work / "ran").exists()


def test_a_repository_among_its_own_files_is_refused(run: Run, repository: Path, work: Path) -> None:
    shutil.copytree(repository / ".git", repository / "data/hidden")
    shutil.rmtree(repository / ".git")
    written(repository / "data/hidden/config", config(str(repository), work / "ran", "ext::touch {mark}"))
    for link in (False, True):
        if link:
            (repository / ".git").unlink()
            (repository / ".git").symlink_to("data/hidden")
        else:
            written(repository / ".git", "gitdir: data/hidden\n")
        _, err = run(2, *CHECKED, "HEAD", cwd=repository)
        assert "the repository is among the files that it is about" in err
    assert not (work / "ran").exists()


def test_replacements_of_objects_do_not_count(run: Run, repository: Path) -> None:
    old = git(repository, "rev-parse", "HEAD:data/a.ttl")
    written(repository / "data/a.ttl", HEAD + 'e:a a e:Thing ; e:p "x" .\n')
    git(repository, "replace", old, git(repository, "hash-object", "-w", "data/a.ttl"))
    out, _ = run(1, *CHECKED, "HEAD", cwd=repository)
    assert "1 violation" in out


def test_a_linked_work_tree_is_asked_of_its_repository(run: Run, repository: Path, work: Path) -> None:
    git(repository, "worktree", "add", "--quiet", str(work / "linked"))
    out, _ = run(0, *CHECKED, "HEAD", cwd=work / "linked")
    assert "no findings" in out


def test_outside_a_repository_that_is_said(run: Run) -> None:
    _, err = run(2, *CHECK, "../good.ttl", "--since", "HEAD")
    assert "not a git repository; run this in the one that the files are in" in err
