"""The files of the project that the package carries, for what is not yet given a project."""

from __future__ import annotations

from pathlib import Path

from .location import examples, packaged
from .project import Project

__all__ = ["checkout", "data_files", "examples", "graph_files", "ontology_files", "project", "query_files", "root"]


def project() -> Project:
    """The project that the package carries."""
    return packaged()


def checkout() -> Path | None:
    """The checkout that the package runs from, or None where it is installed."""
    return packaged().checkout


def root() -> Path:
    """The folder with ``ontology/``, ``data/`` and ``queries/``."""
    return packaged().root


def ontology_files() -> list[Path]:
    """The files that make up the ontology: see ``Project``, as for all of these."""
    return packaged().ontology_files()


def data_files() -> list[Path]:
    """The files of the data."""
    return packaged().data_files()


def graph_files() -> list[Path]:
    """Every file of the graph."""
    return packaged().graph_files()


def shapes_file() -> Path:
    """The file with the graph's shapes."""
    return packaged().shapes_file()


def rules_file() -> Path:
    """The file with the words of the rules that SHACL cannot state."""
    return packaged().rules_file()


def style_file() -> Path:
    """The file with the shapes of the ontology, the shapes and the queries themselves."""
    return packaged().style_file()


def query_files() -> list[Path]:
    """The files of the queries."""
    return packaged().query_files()
