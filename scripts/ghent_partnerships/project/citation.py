"""How to cite the data set, and which version it has.

The title and licence stand in ``data/dataset.ttl``, the version and issue date in ``data/release.ttl``; no other file
is read. ``citation_formats`` writes the citation.
"""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from ..errors import InvalidError, UsageError
from ..files import shown
from ..findings import Finding, Location
from ..rdf.namespaces import DATA_SET, expand
from ..text import DEFAULT_LANGUAGE
from ..translation import message as _
from .citation_formats import FORMATS, Work
from .graph import triples
from .paths import root

_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


def citation(output_format: str) -> str:
    """Return the citation of the data set in one of the ``FORMATS``, each line ended by a newline.

    Raises:
        UsageError: there is no such format, or a file is missing.
        InvalidError: a file is not Turtle, or does not say what a citation needs.
    """
    if output_format not in FORMATS:
        problem = _(
            "cite: no such format: {format} (expected one of {formats})",
            format=output_format,
            formats=", ".join(FORMATS),
        )
        raise UsageError(problem)
    return FORMATS[output_format](_work())


def version() -> str:
    """Return the version of the data set, which is that of the ontology and of the package.

    Raises:
        UsageError: ``data/release.ttl`` is missing.
        InvalidError: it is not Turtle, or states no version of three numbers.
    """
    return _value(_released(), "dcat:version", VERSION)


def _released() -> Path:
    return root() / "data" / "release.ttl"


def _work() -> Work:
    described, released = root() / "data" / "dataset.ttl", _released()
    return Work(
        title=_value(described, "dcterms:title"),
        version=version(),
        issued=_value(released, "dcterms:issued", _DATE),
        licence=_value(described, "dcterms:license"),
    )


def _value(file: Path, name: str, pattern: re.Pattern[str] | None = None) -> str:
    """The value of this property of the data set in the file: in English if it is a text, and in one line."""
    statement = NamedNode(DATA_SET), NamedNode(expand(name))
    for subject, predicate, value in triples([file]):
        if (subject, predicate) == statement and isinstance(value, NamedNode | Literal):
            text = _one_line(value.value)
            is_readable = getattr(value, "language", None) in (None, DEFAULT_LANGUAGE)
            if is_readable and (pattern is None or pattern.fullmatch(text)):
                return text
    message = _(
        "A citation needs {name} of {data_set}; here is none that it can use.",
        name=name,
        data_set="dataset:ghent-partnerships",
    )
    help_ = _("{command} says how to write it.", command="ghent-partnerships validate")
    raise InvalidError([Finding(message=message, help=help_, location=Location(shown(file)))])


def _one_line(text: str) -> str:
    """The text without line ends, other controls and what cannot be seen, each of which would break a format."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
