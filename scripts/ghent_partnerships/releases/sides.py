"""The two sides of a comparison: files, folders or revisions of git, with the same base for what is relative."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from ..errors import InvalidError, UsageError
from ..files import expand
from ..findings import Finding, Location
from ..process import CrashedError, isolated
from ..project.location import found
from ..project.project import Project
from ..rdf.parse import SUFFIXES, Document, parse
from ..translation import message as _
from .releases import graph_at

_DATA_SETS = {".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS, ".jsonld": RdfFormat.JSON_LD}
_SECONDS = 60  # that a file may take to be read again, with the names of its graphs


def sides(old: str, new: str | None, project: Project | None = None) -> tuple[list[Quad], list[Quad]]:
    """The statements on both sides, each once; ``new`` is by default the graph of the project, which is by default the
    nearest.

    A side is a file, a folder, or where there is no such path a revision of git of the project. What is relative in an
    old file means what it would in the new file at the same path from the folder that was given. The names of graphs
    are left out unless both sides have a file in a syntax that can name them.

    Raises:
        InvalidError: a file cannot be parsed.
        UsageError: there is neither a path nor a revision of a name, or nothing in it.
    """
    then = _files(old)
    if project is None and (new is None or then is None or not Path(new).exists()):
        project = found()
    now = sorted(project.graph_files()) if new is None and project else _files(new or "")
    if then is None and new is None and project:  # what comes with the package is in no revision of the project
        now = [file for file in now or () if not project.is_carried(file)]
    old_place = Path(old)
    new_place = project.root if new is None and project else Path(new or "")
    quads, named = [], []
    for files, name in ((then, old), (now, new or "")):
        if files is None:
            quads.append([Quad(*triple) for triple in _revision(name, project)])
            named.append(False)
            continue
        as_new = files is then and now is not None
        bases = {file: _counterpart(file, old_place, new_place) if as_new else file for file in files}
        quads.append(_statements(bases))
        named.append(any(file.suffix in _DATA_SETS for file in files))
    if not all(named):
        quads = [list(dict.fromkeys(Quad(*quad.triple) for quad in side)) for side in quads]
    return quads[0], quads[1]


def _files(name: str) -> list[Path] | None:
    """The files of a path; None where nothing is there."""
    if not os.path.exists(name):  # noqa: PTH110 (pathlib fails for a name that is too long)
        return None
    return expand([Path(name)], SUFFIXES)


def _revision(name: str, project: Project | None) -> list[pyoxigraph.Triple]:
    try:
        return graph_at(name, project or found())
    except UsageError as error:
        problem = _(
            "{name}: neither a file nor a folder is there, and as a revision: {problem}",
            name=name,
            problem=error.text,
        )
        raise UsageError(problem) from error


def _counterpart(file: Path, old: Path, new: Path) -> Path:
    """The place on the new side of a file on the old side."""
    if file == old:
        return new / file.name if new.is_dir() else new
    return (new if new.is_dir() else new.parent) / file.relative_to(old)


def _statements(bases: dict[Path, Path]) -> list[Quad]:
    """The statements of the files, each read as if it stood at another place."""
    documents = [parse(file, base=base.resolve().as_uri()) for file, base in bases.items()]
    if findings := [finding for document in documents for finding in document.findings]:
        raise InvalidError(findings)
    return list(dict.fromkeys(chain.from_iterable(map(_quads, documents))))


def _quads(document: Document) -> Iterable[Quad]:
    """The statements of a document with the names of their graphs, which it does not have itself."""
    rdf_format = _DATA_SETS.get(document.path.suffix)
    if rdf_format is None:
        return (Quad(*triple) for triple in document.triples)

    def work() -> bytes | None:  # what was parsed in a child must be again
        quads = pyoxigraph.parse(document.text, format=rdf_format, base_iri=document.base)
        return pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)

    try:
        lines = isolated(work, _SECONDS + len(document.text) / 100_000)
    except SyntaxError:  # its JSON-LD has contexts in other files, which only ``parse`` finds: it is one graph
        return (Quad(*triple) for triple in document.triples)
    except (CrashedError, TimeoutError) as error:
        message = _("Parsing this takes too much time, and was stopped.")
        raise InvalidError([Finding(message=message, location=Location(document.name))]) from error
    assert lines is not None
    return pyoxigraph.parse(lines, format=RdfFormat.N_QUADS, rename_blank_nodes=True, lenient=True)
