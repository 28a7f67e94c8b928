"""Where a project is found: above the working directory, in a folder that is named, or with the package."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

from ..errors import UsageError
from ..files import shown
from ..translation import message as _
from .project import Project
from .settings import FILE, PARTNERSHIPS, Settings, settings_of

PACKAGED = "ghent"  # the name of the project that the package carries
_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]
_FOLDERS = ("data", "ontology", "queries")


def found(name: str | None = None, start: Path | None = None) -> Project:
    """Return the project of this name, or where there is none the nearest one above a folder, by default the working
    directory: of ``ghent`` the one that the package carries, of any other name that of the folder.

    Raises:
        UsageError: there is none, or its settings cannot be read.
    """
    project = at_hand(name, start)
    if project is None:
        problem = _(
            "no project here: no {file} at or above this folder has the table {table}; run {init}, or give "
            "--project {name} for the graph that the package carries, or --project DIR",
            file=FILE,
            table="[tool.ghent-partnerships]",
            init="ghent-partnerships init",
            name=PACKAGED,
        )
        raise UsageError(problem)
    return project


def at_hand(name: str | None = None, start: Path | None = None) -> Project | None:
    """Return the project of this name, or where no name is given the nearest one above a folder, by default the working
    directory; None where there is none above it.

    Raises:
        UsageError: there is none of the name, or its settings cannot be read.
    """
    return named(name) if name else nearest(start)


def chosen(project: Project | str | PathLike[str] | None) -> Project:
    """Return a project that is given itself, by its name or by its folder; where none is given, the nearest one.

    Raises:
        UsageError: there is none, or its settings cannot be read.
    """
    return project if isinstance(project, Project) else found(None if project is None else os.fspath(project))


def named(name: str) -> Project:
    """Return the project in a folder, or of the name ``ghent`` the one that the package carries.

    Raises:
        UsageError: there is none in the folder, or its settings cannot be read.
    """
    return packaged() if name == PACKAGED else at(Path(name), name)


def nearest(start: Path | None = None) -> Project | None:
    """Return the nearest project at or above a folder, by default the working directory; None where there is none.

    Raises:
        UsageError: a ``pyproject.toml`` on the way cannot be read.
    """
    try:
        folder = (start or Path.cwd()).resolve()
    except OSError:  # it is gone
        return None
    for above in (folder, *folder.parents):
        if (settings := settings_of(above)) is not None:
            return _project(above, settings)
    return None


def at(folder: Path, given: str = "") -> Project:
    """Return the project whose ``pyproject.toml`` is in this folder, called in errors as it was ``given``: ``./ghent``
    is a folder, and ``ghent`` is none.

    Raises:
        UsageError: there is none, or its settings cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(_("--project {path}: there is no such folder", path=given or folder))
    settings = settings_of(folder.resolve())
    if settings is None:
        problem = _(
            "--project {path}: no {file} with the table {table} in this folder; {init} writes one",
            path=given or folder,
            file=FILE,
            table="[tool.ghent-partnerships]",
            init=f"ghent-partnerships init {shown(folder)}",
        )
        raise UsageError(problem)
    return _project(folder.resolve(), settings)


def packaged() -> Project:
    """The project that the package carries: that of the checkout where it runs from one."""
    root = _carried()
    return _project(root, settings_of(root) or Settings(profile=PARTNERSHIPS))


def _project(root: Path, settings: Settings) -> Project:
    is_packaged = root == _carried()
    checkout = None if is_packaged and root == _PACKAGE else root
    return Project(root=root, settings=settings, carried=_carried(), checkout=checkout)


def _carried() -> Path:
    """The folder with ``ontology/``, ``data/`` and ``queries/`` that came with the package: beside ``scripts`` in a
    checkout, and beside the package where it is installed, be it in a folder called scripts."""
    if (_CHECKOUT / "scripts" / _PACKAGE.name).resolve() != _PACKAGE or (_PACKAGE / _FOLDERS[0]).exists():
        return _PACKAGE
    return _CHECKOUT if all((_CHECKOUT / folder).is_dir() for folder in _FOLDERS) else _PACKAGE


def examples() -> Path:
    """The folder of the examples of what is right and wrong by each rule: those that the tests check."""
    root = _carried()
    return _PACKAGE / "examples" if root == _PACKAGE else root / "tests"
