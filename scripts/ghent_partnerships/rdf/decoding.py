"""The bytes of a file as text, and an offset in a text as a line and a column.

Findings are imported where something is wrong: a named query, which is asked at once, reads its text here too.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from ..errors import InvalidError
from ..translation import message as _
from .tokens import LINE_END

if TYPE_CHECKING:
    from ..findings import Finding

BOM = "\ufeff"
_BYTE_ORDER_MARKS = {  # in this order: that of UTF-16 begins that of UTF-32
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8",
}
_BLOCK = 1 << 14  # characters
_UNMARKED = {b"<\x00?\x00": "utf-16-le", b"\x00<\x00?": "utf-16-be"}  # how an XML declaration starts
_DECLARATION = re.compile(rb"<\?xml\s[^<>?]{0,200}?\sencoding\s*=\s*([\"'])(?P<name>[A-Za-z][A-Za-z0-9._\-]{0,60})\1")
_DECLARED = re.compile(r"(<\?xml\s[^<>?]{0,200}?)(\sencoding\s*=\s*([\"'])[A-Za-z0-9._\-]*+\3)")
# The codecs of Python that encode characters, one after another: others compress, escape, or take long.
_CHARACTERS = re.compile(r"utf-(?:8|16|32)\b|ascii|iso8859|iso2022|cp[0-9]|koi8|mac-|gb|big5|euc|shift|hz|johab|tis")


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


def decode_xml(name: str, data: bytes) -> tuple[str, list[Finding]]:
    """The text of an XML document in the encoding that its byte order mark or its declaration names (XML 1.0, 4.3.3),
    without the mark, which belongs to no XML document and is allowed before each. A parser of the text reads none of
    another encoding: spaces stand in the place of its name.

    Raises:
        InvalidError: it is not in that encoding, or nobody knows an encoding of that name.
    """
    encoding, declaration = xml_encoding(data)
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        codec = ""
    if codec == "utf-8" and not data.startswith(codecs.BOM_UTF8):
        return decode(name, data)
    from ..findings import Finding, Location

    at, help_ = Location(name, *place(data[:declaration].decode("latin-1"), declaration)), _("Save the file as UTF-8.")
    message = None
    if not _CHARACTERS.match(codec):
        message = _("The XML declaration names the encoding {encoding}, which is unknown here.", encoding=encoding)
    elif declaration and codec.startswith(("utf-16", "utf-32")):  # else the declaration itself could not be read
        message = _("The XML declaration names the encoding {encoding}, in which it is not written.", encoding=encoding)
    if message is not None:
        raise InvalidError([Finding(code="GP002", message=message, help=help_, location=at)])
    try:
        if codec == "utf-8":
            text, _marked = decode(name, data)
        else:
            text = data.decode(codec).removeprefix(BOM)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "replace").removeprefix(BOM)
        message = _(
            "Byte 0x{byte:02X} is not {encoding}, the encoding of this XML document.",
            byte=data[error.start],
            encoding=encoding,
        )
        at = Location(name, *place(before, len(before)))
        raise InvalidError([Finding(code="GP002", message=message, help=help_, location=at)]) from error
    return _DECLARED.sub(lambda match: match[1] + " " * len(match[2]), text, count=1), []


def xml_encoding(data: bytes) -> tuple[str, int]:
    """The name of the encoding of an XML document, by default UTF-8, and the offset where it is declared."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return encoding, 0
    if (unmarked := _UNMARKED.get(data[:4])) is not None:
        return unmarked, 0
    match = _DECLARATION.match(data)
    return ("utf-8", 0) if match is None else (match["name"].decode("ascii"), match.start("name"))


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


class Lines:
    """The places of many offsets in a text: see ``place``."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [match.end() for match in LINE_END.finditer(text)] if "\r" in text else None
        self._before: list[int] = []  # how many lines end before each block

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        if self._ends is not None:
            line = bisect_right(self._ends, offset)
            return line + 1, offset - (self._ends[line - 1] if line else 0) + 1
        block = offset // _BLOCK
        while len(self._before) <= block:
            last = len(self._before)
            start = (last - 1) * _BLOCK
            self._before.append(self._before[-1] + self._text.count("\n", start, start + _BLOCK) if last else 0)
        line = self._before[block] + self._text.count("\n", block * _BLOCK, offset)
        return line + 1, offset - self._text.rfind("\n", 0, offset)
