r"""The terminals that Turtle and SPARQL share, as parts of regular expressions, under the names of their grammars.

The grammars are https://www.w3.org/TR/turtle/#terminals and https://www.w3.org/TR/sparql11-query/#sparqlGrammar. Each
part is possessive and reads no character in two ways, so that the work is that of the text's length. The query page has
the same in ``publishing/site/web/tokens.js``, which ``tests/sparql/test_text.py`` compares.
"""

from __future__ import annotations

import re
from functools import cached_property

_HEX = "[0-9A-Fa-f]"
_LAST_CODE_POINT = 0x10FFFF
WS = r" \t\r\n"  # characters: names may hold what Unicode, and so \s, takes for a space
COMMENT = r"\#[^\r\n]*+"
# Characters: those that a name starts with, and those in it. With _ and . they are those of a name in XML too
# (https://www.w3.org/TR/xml-names/#NT-NCName).
_LETTERS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS = r"\u00b7\u0300-\u036f\u203f\u2040"
PN_CHARS_BASE = f"A-Za-z{_LETTERS}"
VARNAME_CHARS = rf"{PN_CHARS_BASE}_0-9{_MARKS}"
PN_CHARS = rf"{VARNAME_CHARS}\-"
PN_PREFIX = rf"[{PN_CHARS_BASE}][{PN_CHARS}]*+(?:\.++[{PN_CHARS}]++)*+"
_PLX = rf"%{_HEX}{{2}}|\\[_~.\-!$&\"'()*+,;=/?#@%]"  # rdflib takes a quotation mark too
_PN_LOCAL = rf"(?:[{PN_CHARS_BASE}_0-9:]|{_PLX})(?:[{PN_CHARS}:]++|{_PLX})*+(?:\.++(?:[{PN_CHARS}:]++|{_PLX})++)*+"
PREFIXED_NAME = rf"(?:{PN_PREFIX})?+:(?:{_PN_LOCAL})?+"
BLANK_NODE_LABEL = rf"_:[{PN_CHARS_BASE}_0-9][{PN_CHARS}]*+(?:\.++[{PN_CHARS}]++)*+"
IRIREF = r"<[^<>\"{}|^`\x00-\x20]*+>"  # of what follows a backslash only code points are read
LANGTAG = r"[A-Za-z]++(?:-[A-Za-z0-9]++)*+"  # behind the @
NUMBER = r"[0-9]++(?:(?:\.[0-9]*+)?+[eE][+\-]?+[0-9]++|\.[0-9]++)?+|\.[0-9]++(?:[eE][+\-]?+[0-9]++)?+"  # without a sign
_UCHAR = rf"u(?![Dd][89A-Fa-f]){_HEX}{{4}}|U00(?:0[1-9A-Fa-f]|10){_HEX}{{4}}|U0000(?![Dd][89A-Fa-f]){_HEX}{{4}}"
_ESCAPE = rf"\\(?:[tbnrf\"'\\]|{_UCHAR})"
STRING = (  # one that does not end is a token up to where it is wrong, so that nothing in it is read again
    rf"\"\"\"(?:[^\"\\]++|{_ESCAPE}|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]++|{_ESCAPE}|'(?!''))*+'''"
    rf"|\"(?:[^\"\\\r\n]++|{_ESCAPE})*+\"?+|'(?:[^'\\\r\n]++|{_ESCAPE})*+'?+"
)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*+:")  # with which an IRI starts that is not relative
LINE_END = re.compile(r"\r\n|\r|\n")
_CODE_POINT = re.compile(rf"\\(?:u({_HEX}{{4}})|U({_HEX}{{8}}))")
_ANY_ESCAPE = re.compile(rf"{_CODE_POINT.pattern}|\\(.)", re.DOTALL)
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Lexer:
    """A pattern of these parts, compiled when it is first needed; for texts of ASCII without the other letters, since
    each class that has them takes a millisecond to compile."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def on(self, text: str) -> re.Pattern[str]:
        """The pattern for a text."""
        return self.of_ascii if text.isascii() else self.of_any

    @cached_property
    def of_ascii(self) -> re.Pattern[str]:
        """The pattern for texts of ASCII."""
        return re.compile(self._pattern.replace(_LETTERS, "").replace(_MARKS, ""), re.DOTALL)

    @cached_property
    def of_any(self) -> re.Pattern[str]:
        """The pattern for any text."""
        return re.compile(self._pattern, re.DOTALL)


def unescape_iri(text: str) -> str:
    r"""Return the IRI that is meant by one with escaped code points.

    >>> unescape_iri(r"http://e/\u00E9")
    'http://e/é'
    """
    return _CODE_POINT.sub(_character, text) if "\\" in text else text


def unescape(text: str) -> str:
    r"""Return what a local name means, or a string, given what stands between its quotation marks.

    >>> unescape(r"\u00E9\t\"")
    'é\t"'
    """
    return _ANY_ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        number = int(match[1] or match[2], 16)
        return chr(number) if number <= _LAST_CODE_POINT else match[0]
    return _CONTROLS.get(match[3], match[3])
