"""What can go wrong, as findings and exceptions.

GhentPartnershipsError
├── UsageError      wrong options, a path that cannot be read or written, an endpoint out of reach (exit code 2)
└── InvalidError    the input was read and is not right; carries its findings (exit code 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .terminal import printable


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, where it stands and how to mend it.

    ``line`` and ``column`` count from 1, in lines and Unicode code points; they are 1 where only the file is known.
    ``found`` is the offending statement as Turtle, ``shape`` and ``constraint`` are IRIs, empty outside SHACL.
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

    @property
    def place(self) -> str:
        """``file:line:column``, as compilers write it."""
        return f"{printable(self.file)}:{self.line}:{self.column}"

    def __str__(self) -> str:
        lines = [f"{self.place}: {printable(self.message)}"]
        if self.found:
            lines.append(f"  found: {printable(self.found)}")
        if self.mend:
            lines.append(f"  mend:  {printable(self.mend)}")
        return "\n".join(lines)


class GhentPartnershipsError(Exception):
    """Whatever this package raises on purpose."""


class UsageError(GhentPartnershipsError):
    """The call cannot be carried out as it was made; the message says what to change."""


class InvalidError(GhentPartnershipsError):
    """The input is not right; ``findings`` says where and how to mend it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)
