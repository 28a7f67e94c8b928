"""The bytes of a file as text, and an offset in a text as a line and a column.

Findings are imported where something is wrong: a named query, which is asked at once, reads its text here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InvalidError
from ..translation import message as _
from .tokens import LINE_END

if TYPE_CHECKING:
    from ..findings import Finding

BOM = "\ufeff"


def decode(name: str, data: bytes, *, formats: bool = False) -> tuple[str, list[Finding]]:
    """The text without a byte order mark, and the finding if it had one; ``formats`` is whether ``fmt`` removes it.

    Raises:
        InvalidError: it is not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError([not_utf8(name, data, error)]) from error
    if not text.startswith(BOM):
        return text, []
    from ..findings import Finding, Location

    message = _("The file starts with a byte order mark; expected plain UTF-8.")
    help_ = _("Save it as UTF-8 without BOM.")
    if formats:
        help_ = _("Save it as UTF-8 without BOM, or run: {command}", command=f"ghent-partnerships fmt {name}")
    return text.removeprefix(BOM), [Finding(code="GP002", message=message, help=help_, location=Location(name))]


def not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> Finding:
    """The finding for bytes that are not UTF-8, at the first of them."""
    from ..findings import Finding, Location

    before = data[: error.start].decode("utf-8")
    byte = data[error.start]
    return Finding(
        code="GP002",
        message=_(
            "Byte 0x{byte:02X} is not UTF-8 (in Latin-1 it would be {character}); expected a UTF-8 text.",
            byte=byte,
            character=repr(chr(byte)),
        ),
        help=_("Save the file as UTF-8."),
        location=Location(name, *place(before, len(before))),
    )


def place(text: str, offset: int) -> tuple[int, int]:
    """The line and column, from 1 and in code points, of an offset in a text; CR, LF and CRLF each end a line."""
    before = text[:offset]
    ends = [match.end() for match in LINE_END.finditer(before)]
    return len(ends) + 1, offset - (ends[-1] if ends else 0) + 1
