"""What is wrong, for people and for programs. Apart from the exceptions: dataclasses are slow to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .terminal import printable


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, where it stands and how to mend it.

    ``line`` and ``column`` count from 1, in lines and Unicode code points; they are 1 where only the file is known.
    ``found`` is the offending statement as Turtle; ``code`` is that of the rule, like GP012, empty for other people's.
    ``focus`` and ``value`` are N-Triples, ``path`` a SPARQL property path, ``shape`` and ``constraint`` IRIs, all empty
    outside SHACL. ``replacement`` is what a machine can safely write in the place of the token that stands there.
    """

    file: str
    line: int
    column: int
    message: str
    mend: str = ""
    found: str = ""
    severity: str = "violation"
    focus: str = ""
    path: str = ""
    value: str = ""
    shape: str = ""
    constraint: str = ""
    message_nl: str = ""
    mend_nl: str = ""
    code: str = ""
    replacement: str = ""
    found_nl: str = ""

    @property
    def place(self) -> str:
        """``file:line:column``, as compilers write it."""
        file = f"./{self.file}" if self.file.lstrip().startswith("::") else self.file  # no command to GitHub
        return f"{printable(file)}:{self.line}:{self.column}"

    def __str__(self) -> str:
        lines = [f"{self.place}: {printable(self.message)}"]
        if self.found:
            lines.append(f"  found: {printable(self.found)}")
        if self.mend:
            lines.append(f"  mend:  {printable(self.mend)}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Report:
    """What a validation found: ``findings`` in order of their places, over so many files and distinct triples.

    ``texts`` are those of the files that have findings, by the name that the findings give them. ``mended`` are the
    findings that a change did away with, where the report is about a change.
    """

    findings: tuple[Finding, ...]
    files: int
    triples: int
    texts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    mended: tuple[Finding, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
