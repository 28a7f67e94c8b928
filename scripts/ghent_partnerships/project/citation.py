"""How to cite the data set, and which version it has.

The title, the licence and the publisher stand in ``data/dataset.ttl``, the version and issue date in
``data/release.ttl``; no other file is read. ``citation_formats`` writes the citation.
"""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from ..errors import InvalidError, UsageError
from ..files import shown
from ..findings import Finding, Location
from ..rdf.namespaces import expand
from ..rdf.turtle import abbreviate
from ..translation import message as _
from .citation_formats import FORMATS, Work
from .graph import triples
from .project import Project

_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


def citation(output_format: str, project: Project) -> str:
    """Return the citation of the data set of a project in one of the ``FORMATS``, each line ended by a newline.

    Raises:
        UsageError: there is no such format, or a file is missing or describes no data set.
        InvalidError: a file is not Turtle, or does not say what a citation needs.
    """
    if output_format not in FORMATS:
        problem = _(
            "cite: no such format: {format} (expected one of {formats})",
            format=output_format,
            formats=", ".join(FORMATS),
        )
        raise UsageError(problem)
    demand(project)
    return FORMATS[output_format](_work(project))


def version(project: Project) -> str:
    """Return the version of the data set of a project; that of the packaged project is the version of the package.

    Raises:
        UsageError: ``data/release.ttl`` is missing.
        InvalidError: it is not Turtle, or states no version of three numbers.
    """
    return _value(project, _released(project), "dcat:version", VERSION)


def demand(project: Project) -> None:
    """Demand the two files, and in the first of them a data set.

    Raises:
        UsageError: a file is missing, or describes no data set.
        InvalidError: the description of the data set is not Turtle.
    """
    described, released = project.data_set.path, _released(project)
    title = _("a dcat:Dataset with void:uriSpace, dcterms:title and dcterms:license")
    for file, what in ((described, title), (released, _("the dcat:version and dcterms:issued of the data set"))):
        if not file.exists():
            raise UsageError(_("{file}: there is no such file; write in it {what}", file=shown(file), what=what))
    if not project.data_set.iri:
        triples([described])  # which may be why none is known
        raise UsageError(_("{file}: it describes no data set; write in it {what}", file=shown(described), what=title))


def _released(project: Project) -> Path:
    return project.root / "data" / "release.ttl"


def _work(project: Project) -> Work:
    described, released = project.data_set.path, _released(project)
    return Work(
        title=_value(project, described, "dcterms:title") if project.data_set.title else project.stem,
        version=version(project),
        issued=_value(project, released, "dcterms:issued", _DATE),
        licence=_value(project, described, "dcterms:license"),
        publisher=one_line(project.data_set.publisher_name),
        iri=project.data_set.iri,
        key=project.stem,
    )


def _value(project: Project, file: Path, name: str, pattern: re.Pattern[str] | None = None) -> str:
    """The value of this property of the data set in the file: in the first of its languages if it is a text, and in one
    line."""
    statement = project.data_set.iri, NamedNode(expand(name))
    for subject, predicate, value in triples([file]):
        about = subject.value if isinstance(subject, NamedNode) else ""
        if (about, predicate) == statement and isinstance(value, NamedNode | Literal):
            text = one_line(value.value)
            is_readable = getattr(value, "language", None) in (None, project.languages[0])
            if is_readable and (pattern is None or pattern.fullmatch(text)):
                return text
    message = _(
        "A citation needs {name} of {data_set}; here is none that it can use.",
        name=name,
        data_set=abbreviate(NamedNode(project.data_set.iri or project.base), project.prefixes),
    )
    help_ = _("{command} says how to write it.", command="ghent-partnerships validate")
    raise InvalidError([Finding(message=message, help=help_, location=Location(shown(file)))])


def one_line(text: str) -> str:
    """The text without line ends, other controls and what cannot be seen, each of which would break a format."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
