"""The formats of a citation: one line, BibTeX, RIS, and the CITATION.cff of the repository.

The line is the one that DataCite recommends; CFF is that of https://citation-file-format.github.io, 1.2.0. The command
imports this for its options, so what takes long to import is imported where it is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)/?")
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


class Work(NamedTuple):
    """What is cited, each text in one line: ``version`` of three numbers, ``issued`` a date like ``2026-01-31``,
    ``licence`` and ``iri`` IRIs, and ``key`` what BibTeX calls it, without the version. A part of a data set names that
    as its ``container``; what answers elsewhere than at its IRI has an ``address``."""

    title: str
    version: str
    issued: str
    licence: str
    publisher: str
    iri: str
    key: str
    container: str = ""
    address: str = ""

    @property
    def year(self) -> str:
        """The year of issue, in four digits."""
        return self.issued[:4]

    @property
    def month(self) -> str:
        """The month of issue, as the macro that BibTeX has for it."""
        return _MONTHS[int(self.issued[5:7]) - 1]

    @property
    def spdx(self) -> str | None:
        """The licence as SPDX lists it, like CC-BY-4.0, where it is one of Creative Commons'."""
        match = _CREATIVE_COMMONS.fullmatch(self.licence)
        return f"CC-{match[1].upper()}-{match[2]}" if match else None


def _plain(work: Work) -> str:
    by = work.publisher
    return f"{by} ({work.year}): {work.title}. Version {work.version}. {by}. (Dataset). {work.iri}\n"


def _bibtex(work: Work) -> str:
    """``@misc`` and these fields are known to BibTeX and biblatex; ``@dataset`` and ``version`` to biblatex only."""
    notes = [
        *([f"in {_latex(work.container)}"] if work.container else []),
        f"version {_latex(work.version)}",
        _latex(work.spdx or work.licence),
        *([f"at {_latex(work.address)}"] if work.address else []),
    ]
    fields = {
        "author": f"{{{{{_latex(work.publisher)}}}}}",
        "title": f"{{{{{_latex(work.title)}}}}}",
        "year": f"{{{work.year}}}",
        "month": work.month,
        "publisher": f"{{{_latex(work.publisher)}}}",
        "note": f"{{Data set, {', '.join(filter(None, notes))}}}",
        "url": f"{{{work.iri}}}",
    }
    key = f"{work.key}-{work.version}"
    return f"@misc{{{key},\n" + "".join(f"  {name} = {value},\n" for name, value in fields.items()) + "}\n"


def _latex(text: str) -> str:
    """The text with the characters escaped that mean something to BibTeX or LaTeX; others stay as they are: biber,
    BibTeX and LaTeX read UTF-8."""
    return unicodedata.normalize("NFC", text).translate(_LATEX)


def _ris(work: Work) -> str:
    tags = [
        ("TY", "DATA"),
        ("AU", work.publisher),
        ("TI", work.title),
        *([("T2", work.container)] if work.container else []),
        ("PY", work.year),
        ("DA", work.issued.replace("-", "/")),
        ("ET", work.version),
        ("PB", work.publisher),
        ("UR", work.iri),
        *([("UR", work.address)] if work.address else []),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in tags)


def _cff(work: Work) -> str:
    """YAML in the order of the keys that the format's own tool writes; JSON's strings are YAML's."""
    import json

    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in work._asdict().items()}
    licence = f"license: {work.spdx}" if work.spdx else f"license-url: {quoted['licence']}"
    return f"""cff-version: 1.2.0
title: {quoted["title"]}
message: Please cite this data set when you use it.
type: dataset
authors:
  - name: {quoted["publisher"]}
url: {work.iri}
{licence}
version: {quoted["version"]}
date-released: {quoted["issued"]}
"""


FORMATS: Mapping[str, Callable[[Work], str]] = {"plain": _plain, "bibtex": _bibtex, "ris": _ris, "cff": _cff}
