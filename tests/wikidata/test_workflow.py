"""The weekly workflow: what it may do, and that its steps do what they say where the network is left out."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import yaml

import wikidata_like as like
from ghent_partnerships.project.location import at
from second_city import FOLDER
from wikidata_like import Twin

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
WORKFLOW = yaml.safe_load((WORKFLOWS / "wikidata.yml").read_text("utf-8"))
STEPS = WORKFLOW["jobs"]["refresh"]["steps"]
HOME, PERUGIA = "Q3806", "Q3437"


def step(name: str) -> str:
    (found,) = (str(each["run"]) for each in STEPS if each.get("name") == name)
    return found


def test_it_runs_every_week_and_may_no_more_than_it_needs() -> None:
    assert WORKFLOW[True]["schedule"] == [{"cron": "17 4 * * 1"}]
    assert WORKFLOW["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert WORKFLOW["jobs"]["refresh"]["timeout-minutes"] <= 30


def test_its_actions_are_those_of_the_other_workflows() -> None:
    others = "".join(file.read_text("utf-8") for file in WORKFLOWS.glob("*.yml") if file.name != "wikidata.yml")
    known = set(re.findall(r"uses: (\S+)", others))
    assert {each["uses"] for each in STEPS if "uses" in each} <= known


def test_nothing_that_somebody_writes_becomes_a_part_of_a_script() -> None:
    assert not [each for each in STEPS if "${{" in each.get("run", "")]


def ran(script: str, home: Path) -> str:
    """Run a step in a project, with what a runner sets; the pull request is the arguments of ``gh``."""
    runner = home.parent / "runner"
    runner.mkdir(exist_ok=True)
    (runner / "gh").write_text('#!/bin/sh\necho "gh $*"\n', "utf-8")
    (runner / "gh").chmod(0o755)
    path = f"{runner}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    given = {**os.environ, "PATH": path, "RUNNER_TEMP": str(runner), "TITLE": "What has changed"}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script.replace("git push", "echo git push")]
    done = subprocess.run(command, cwd=home, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_differs_is_said_in_words_and_offered(tmp_path: Path) -> None:
    home = tmp_path / "city"
    shutil.copytree(FOLDER, home)
    project, items = at(home), like.of_project(at(home))
    like.write_snapshot(project, items)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "x"]):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *command], cwd=home, check=True)
    names = "Fetch what Wikidata says", "Say what differs", "Open a pull request"
    fetch, tell, offer = map(step, names)
    ran(fetch.replace("ghent-partnerships wikidata refresh", ""), home)
    assert ran(offer, home) == "Nothing has changed.\n"
    items[PERUGIA] = replace(items[PERUGIA], labels={"en": "Perusia", "de": "Perugia"})
    items = like.with_twins(items, {HOME: [Twin(PERUGIA, "1984-06-21")]})
    like.write_snapshot(project, items)
    ran(tell, home)
    body = (tmp_path / "runner" / "body.md").read_text("utf-8")
    assert "“Perusia” \\(en\\) instead of “Perugia”" in body.partition("### The items")[0]
    assert "- start time: “1984\\-06\\-21T" in body
    assert "- twinned administrative body: Perugia \\(wd:" in body
    assert "\n- Tübingen (wd:" in body
    assert "GP407" in body.partition("### The items")[2]
    assert "Only here (4)" in body
    assert ran(offer, home).splitlines() == [
        "git push --force origin wikidata",
        f"gh pr create --head wikidata --title What has changed --body-file {tmp_path}/runner/body.md",
    ]
    show = ["git", "show", "--name-only", "--format=%s"]
    changed = subprocess.run(show, cwd=home, capture_output=True, text=True, check=True)
    assert changed.stdout.split("\n") == ["What has changed", "", "data/wikidata.ttl", ""]


def test_the_first_snapshot_is_said_to_be_that(tmp_path: Path) -> None:
    home = tmp_path / "city"
    shutil.copytree(FOLDER, home)
    ran(step("Fetch what Wikidata says").replace("ghent-partnerships wikidata refresh", ""), home)
    assert not at(home).snapshot_file.exists()
    like.write_snapshot(at(home), like.of_project(at(home)))
    ran(step("Say what differs"), home)
    assert (tmp_path / "runner" / "body.md").read_text("utf-8").startswith("This is the first snapshot of Wikidata.\n")
