"""One thing that is wrong, for people and for programs. Apart from the exceptions: dataclasses are slow to import."""

from __future__ import annotations

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
