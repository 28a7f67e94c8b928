"""What a pull request, or a folder that was sent, brings for git: no command of it runs."""

import os
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


def hooks(folder: Path, mark: Path) -> Path:
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc", "post-checkout"):
        written(folder / name, f"#!/bin/sh\ntouch {mark}\n").chmod(0o755)
    return folder


COMMANDS = ("fsmonitor", "sshCommand", "pager", "editor", "askPass", "gitProxy", "alternateRefsCommand")
DRIVERS = ("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command")
OTHERS = ("diff.external", "alias.rev-parse", "pager.ls-tree", "pager.rev-parse", "gpg.program", "credential.helper")


@pytest.mark.parametrize("where", ["own", "include", "worktree", "global"])
def test_no_configuration_runs_a_program(run: Run, repository: Path, work: Path, where: str) -> None:
    mark = work / "ran"
    evil = work / "evil"
    for name in (*(f"core.{name}" for name in COMMANDS), *DRIVERS, *OTHERS):
        git(work, "config", "--file", str(evil), name, f"touch {mark}")
    git(work, "config", "--file", str(evil), "core.hooksPath", str(hooks(work / "hooks", mark)))
    written(repository / ".gitattributes", "* filter=x diff=x\n")
    written(repository / ".git/info/attributes", "* filter=x diff=x\n")
    environment = {}
    if where == "own":
        with (repository / ".git/config").open("a") as config:
            config.write(evil.read_text())
    elif where == "include":
        for condition in ("gitdir:/", "onbranch:**"):
            git(repository, "config", f"includeIf.{condition}.path", str(evil))
    elif where == "worktree":
        git(repository, "config", "extensions.worktreeConfig", "true")
        shutil.copy(evil, repository / ".git/config.worktree")
    else:
        environment = {"GIT_CONFIG_GLOBAL": str(evil)}
    assert run(0, *CHECKED, "HEAD", cwd=repository, env=environment)[0].endswith("no findings\n")
    assert not mark.exists()


@pytest.mark.parametrize("name", ["GIT_ICASE_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_EXTERNAL_DIFF", "GIT_TRACE"])
def test_the_environment_changes_no_answer(run: Run, repository: Path, work: Path, name: str) -> None:
    for value in ("1", str(work / "ran"), f"touch {work / 'ran'}"):
        assert run(0, *CHECKED, "HEAD", cwd=repository, env={name: value})[0].endswith("no findings\n")
    assert not (work / "ran").exists()


@pytest.mark.parametrize("name", [":(top)x", ":!x", "*", "[a]", "?"])
def test_a_name_is_no_pattern(run: Run, repository: Path, name: str) -> None:
    written(repository / f"{name}.ttl", HEAD + 'e:a a e:Thing ; e:p "x" .\n')
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "named")
    out, _ = run(0, "validate", "--shapes", "shapes.ttl", "--since", "HEAD", "--", f"{name}.ttl", cwd=repository)
    assert out.endswith("no findings\n")


def test_a_file_that_stands_for_a_repository_in_the_data_is_not_followed(
    run: Run, repository: Path, work: Path
) -> None:
    shutil.copytree(repository, work / "hostile")
    written(work / "hostile/.git/config", config(str(repository / "data"), work / "ran", "ext::touch {mark}"))
    written(repository / "data/.git", f"gitdir: {work / 'hostile/.git'}\n")
    assert run(0, *CHECKED, "HEAD", cwd=repository)[0].endswith("no findings\n")
    assert not (work / "ran").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else_is_refused(run: Run, repository: Path, work: Path) -> None:
    written(repository / ".git/config", config(str(repository), work / "ran", "ext::touch {mark}"))
    for path in (repository / ".git", *(repository / ".git").rglob("*"), repository):
        os.chown(path, 12_345, -1)
    _, err = run(2, *CHECKED, "HEAD", cwd=repository)
    assert "dubious ownership" in err
    assert not (work / "ran").exists()
