"""Reads a gettext catalogue as people write it (PO), so that a checkout needs no compiled one.

https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html, https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html.
"""

from __future__ import annotations

import re
import struct

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?[ \t]+)?("(?:[^"\\]|\\.)*")')
_ESCAPED = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))  # any other character stands for itself
_MAGIC, _HEAD = 0x950412DE, 28


def compiled(text: str) -> bytes:
    """The catalogue as ``gettext.GNUTranslations`` reads it (MO), without messages that are fuzzy or not translated.

    Raises:
        ValueError: it is no PO file; the message names the line.
    """
    messages = sorted((key.encode(), value.encode()) for key, value in _messages(text))
    start = _HEAD + 16 * len(messages)  # after the two tables with a length and an offset for each string
    tables, strings = [b"", b""], b""
    for column in (0, 1):
        for message in messages:
            tables[column] += struct.pack("<II", len(message[column]), start + len(strings))
            strings += message[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(messages), _HEAD, _HEAD + 8 * len(messages), 0, start)
    return head + tables[0] + tables[1] + strings


def _messages(text: str) -> list[tuple[str, str]]:
    """Each message as MO has it: its context before \\x04, its plural after \\0, its translations with \\0 between."""
    messages: list[tuple[str, str]] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        fields: dict[str, str] = {}
        field = ""
        fuzzy = False
        for line in block.split("\n"):
            if not line.strip() or line.startswith("#"):
                fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            if not (match := _LINE.fullmatch(line.strip())):
                raise ValueError(f"{line!r} is no line of a PO file")
            if match[1]:
                field = match[1] + (match[2] or "")
                fields[field] = ""
            fields[field] += _unquoted(match[3])
        translations = [value for name, value in fields.items() if name.startswith("msgstr")]
        if "msgid" in fields and all(translations) and translations and not (fuzzy and fields["msgid"]):
            context = f"{fields['msgctxt']}\x04" if "msgctxt" in fields else ""
            plural = f"\0{fields['msgid_plural']}" if "msgid_plural" in fields else ""
            messages.append((f"{context}{fields['msgid']}{plural}", "\0".join(translations)))
    return messages


def _unquoted(text: str) -> str:
    """The value of a string with its quotation marks; Python's reader of literals costs more than all the rest of a
    start of the command."""
    content = text[1:-1]
    return re.sub(r"\\(.)", lambda match: _ESCAPED.get(match[1], match[1]), content) if "\\" in content else content
