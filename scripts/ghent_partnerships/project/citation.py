"""How to cite the data set: in one line, as BibTeX, as RIS, or as the CITATION.cff of the repository.

The title and licence stand in ``data/dataset.ttl``, the version and issue date in ``data/release.ttl``; no other file
is read. The line is the one that DataCite recommends; CFF is that of https://citation-file-format.github.io, 1.2.0.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from ..errors import InvalidError, UsageError
from ..files import shown
from ..findings import Finding, Location
from ..rdf.namespaces import DATA_SET, PUBLISHER, expand
from ..text import DEFAULT_LANGUAGE
from ..translation import message as _
from .graph import triples
from .paths import root

FORMATS = ("plain", "bibtex", "ris", "cff")
_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)/?")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # BibTeX's own macros
_LATEX = str.maketrans(
    {
        **{char: f"\\{char}" for char in "#$%&_"},
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts braces, also those after a backslash
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class _Work:
    """What is cited, each text in one line."""

    title: str
    version: str
    issued: str
    licence: str

    @property
    def year(self) -> str:
        return self.issued[:4]

    @property
    def month(self) -> str:
        return _MONTHS[int(self.issued[5:7]) - 1]

    @property
    def spdx(self) -> str | None:
        """The licence as SPDX lists it, like CC-BY-4.0, where it is one of Creative Commons'."""
        match = _CREATIVE_COMMONS.fullmatch(self.licence)
        return f"CC-{match[1].upper()}-{match[2]}" if match else None


def citation(form: str) -> str:
    """Return the citation of the data set in one of the ``FORMATS``, each line ended by a newline.

    Raises:
        UsageError: there is no such form, or a file is missing.
        InvalidError: a file is not Turtle, or does not say what a citation needs.
    """
    if form not in FORMATS:
        problem = _("cite: no such form: {form} (expected one of {forms})", form=form, forms=", ".join(FORMATS))
        raise UsageError(problem)
    return {"plain": _plain, "bibtex": _bibtex, "ris": _ris, "cff": _cff}[form](_work())


def version() -> str:
    """Return the version of the data set, which is that of the ontology and of the package.

    Raises:
        UsageError: the file that says it is missing.
        InvalidError: it is not Turtle, or does not say it.
    """
    return _value(_released(), "dcat:version", VERSION)


def _released() -> Path:
    return root() / "data" / "release.ttl"


def _work() -> _Work:
    described, released = root() / "data" / "dataset.ttl", _released()
    return _Work(
        title=_value(described, "dcterms:title"),
        version=version(),
        issued=_value(released, "dcterms:issued", _DATE),
        licence=_value(described, "dcterms:license"),
    )


def _value(file: Path, name: str, form: re.Pattern[str] | None = None) -> str:
    """What the file says of the data set by this property, in English if it is a text, and in one line."""
    asked = NamedNode(DATA_SET), NamedNode(expand(name))
    for subject, said, value in triples([file]):
        if (subject, said) == asked and isinstance(value, NamedNode | Literal):
            text = _one_line(value.value)
            if getattr(value, "language", None) in (None, DEFAULT_LANGUAGE) and (form is None or form.fullmatch(text)):
                return text
    message = _(
        "A citation needs {name} of {data_set}; here is none that it can use.",
        name=name,
        data_set="dataset:ghent-partnerships",
    )
    help_ = _("{command} says how to write it.", command="ghent-partnerships validate")
    raise InvalidError([Finding(message=message, help=help_, location=Location(shown(file)))])


def _one_line(text: str) -> str:
    """The text without line ends, other controls and what cannot be seen, each of which would break a form."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _plain(work: _Work) -> str:
    return f"{PUBLISHER} ({work.year}): {work.title}. Version {work.version}. {PUBLISHER}. (Dataset). {DATA_SET}\n"


def _bibtex(work: _Work) -> str:
    """``@misc`` and these fields are known to BibTeX and biblatex; ``@dataset`` and ``version`` to biblatex only."""
    fields = {
        "author": f"{{{{{_latex(PUBLISHER)}}}}}",
        "title": f"{{{{{_latex(work.title)}}}}}",
        "year": f"{{{work.year}}}",
        "month": work.month,
        "publisher": f"{{{_latex(PUBLISHER)}}}",
        "note": f"{{Data set, version {_latex(work.version)}, {_latex(work.spdx or work.licence)}}}",
        "url": f"{{{DATA_SET}}}",
    }
    key = f"ghent-partnerships-{work.version}"
    return f"@misc{{{key},\n" + "".join(f"  {name} = {value},\n" for name, value in fields.items()) + "}\n"


def _latex(text: str) -> str:
    """The text with the characters escaped that mean something to BibTeX or LaTeX; others stay as they are: biber,
    BibTeX and LaTeX read UTF-8."""
    return unicodedata.normalize("NFC", text).translate(_LATEX)


def _ris(work: _Work) -> str:
    tags = [
        ("TY", "DATA"),
        ("AU", PUBLISHER),
        ("TI", work.title),
        ("PY", work.year),
        ("DA", work.issued.replace("-", "/")),
        ("ET", work.version),
        ("PB", PUBLISHER),
        ("UR", DATA_SET),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in tags)


def _cff(work: _Work) -> str:
    """YAML in the order of the keys that the format's own tool writes; JSON's strings are YAML's."""
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in vars(work).items()}
    licence = f"license: {work.spdx}" if work.spdx else f"license-url: {quoted['licence']}"
    return f"""cff-version: 1.2.0
title: {quoted["title"]}
message: Please cite this data set when you use it.
type: dataset
authors:
  - name: {PUBLISHER}
url: {DATA_SET}
{licence}
version: {quoted["version"]}
date-released: {quoted["issued"]}
"""
