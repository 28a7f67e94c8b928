"""Text that is safe to show: what stands in the data can neither steer a terminal nor hide from a reader."""

from __future__ import annotations


def printable(text: str, keep: str = "") -> str:
    """Return the text with each character escaped that a terminal acts on or that cannot be seen, but for ``keep``."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape").decode("ascii") for char in text
    )
