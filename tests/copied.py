"""A copy of this repository's files, the command that runs from it, and git in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CARRIED = ("ontology", "data", "queries", "scripts")
SHAPE = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX shape: <https://w3id.org/ghent-partnerships/id/shape/>

shape:%s
    a sh:NodeShape ;
    rdfs:isDefinedBy <https://w3id.org/ghent-partnerships/ontology> ;
    rdfs:label "A class"@en ;
    sh:nodeKind sh:IRI ;
    sh:targetClass owl:Class ;
.
"""


def copy(home: Path) -> Path:
    """Copy to a new directory what the command needs, and return the directory."""
    for name in CARRIED:
        shutil.copytree(ROOT / name, home / name)
    shutil.copy(ROOT / "pyproject.toml", home)
    return home


def small(home: Path) -> Path:
    """The same with three shapes instead of hundreds, whose pages are half of what publish writes."""
    return shrink(copy(home))


def shrink(home: Path) -> Path:
    """Leave three shapes to a copy of the repository, and no font to draw pictures with, which take a third."""
    for font in home.glob("scripts/ghent_partnerships/publishing/site/web/bundle/*.ttf"):
        font.unlink()
    for folder, name in (("ontology", "shapes"), ("ontology", "style"), ("data", "shapes")):
        (home / folder / f"{name}.ttl").write_text(SHAPE % f"{folder}-{name}", encoding="utf-8")
    return home


def run(home: Path, *arguments: str) -> tuple[int, str]:
    """Run the command of a copy, and return its exit code and what it says."""
    ended = done(home, *arguments)
    return ended.returncode, ended.stdout or ended.stderr


def done(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command of a copy."""
    environment = {**os.environ, "PYTHONPATH": str(home / "scripts"), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "ghent_partnerships", *arguments]
    ended = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert "internal error" not in ended.stderr, ended.stderr
    return ended


def git(home: Path, *arguments: str) -> None:
    """Run git in a directory."""
    subprocess.run(["git", *arguments], cwd=home, check=True, capture_output=True)
