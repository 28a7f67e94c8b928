"""The exceptions of this package.

GhentPartnershipsError
├── UsageError      wrong options, a path that cannot be read or written, an endpoint out of reach (exit code 2)
└── InvalidError    the input was read and is not right; carries its findings (exit code 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .text import Text

if TYPE_CHECKING:
    from .findings import Finding


class GhentPartnershipsError(Exception):
    """Whatever this package raises on purpose."""


class UsageError(GhentPartnershipsError):
    """The call cannot be carried out as it was made; ``text`` says by language what to change, ``str()`` in English."""

    def __init__(self, message: Text | str) -> None:
        super().__init__(message)
        self.text = message if isinstance(message, Text) else Text(message)


class InvalidError(GhentPartnershipsError):
    """The input is not right; ``findings`` says where and how to fix it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))
