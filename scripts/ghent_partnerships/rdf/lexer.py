"""The tokens of Turtle, TriG, N-Triples and N-Quads, each with its offset."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tokens import (
    BLANK_NODE_LABEL,
    COMMENT,
    IRIREF,
    LANGTAG,
    LINE_END,
    NUMBER,
    PREFIXED_NAME,
    STRING,
    WS,
    Lexer,
)

_TOKEN = Lexer(
    rf"[{WS}]++|{COMMENT}"
    rf"|(?P<iri>{IRIREF})"
    rf"|(?P<string>{STRING})"
    rf"|(?P<directive>(?i:PREFIX|BASE|VERSION)(?=[{WS}<\"'#]))"
    rf"|@(?P<language>{LANGTAG})"
    r"|(?P<datatype>\^\^)"
    rf"|(?P<number>[+\-]?+(?:{NUMBER}))"
    rf"|(?P<node>{BLANK_NODE_LABEL})"
    rf"|(?P<name>{PREFIXED_NAME})"
    r"|(?P<word>[A-Za-z]++)"
    r"|(?P<mark>[.;,()\[\]{}])"
)
_COMMENT = re.compile(rf"{STRING}|{IRIREF}|\\.|(?P<comment>{COMMENT})", re.DOTALL)
_TAG = re.compile(r"<[^<>]*+>")  # of XML, which may hold spaces


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The tokens of a text without syntax errors, without comments: the kind of each, what it says, and its offset."""
    offset, token_at = 0, _TOKEN.on(text).match
    while match := token_at(text, offset):
        offset = match.end()
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup], match.start()


def first_comment(text: str) -> int | None:
    """Return the offset of the first comment, or None: a ``#`` in an IRI, a string or a local name is none."""
    return next((match.start() for match in _COMMENT.finditer(text) if match["comment"] is not None), None)


def token_end(text: str, offset: int) -> int:
    """Return where the token at an offset ends, a literal with its language or datatype: at the latest, with its line.

    The text may have any syntax, and errors: of what is no token, one character is taken for one.

    >>> text = '<s> <p> "x"@en, [] .'
    >>> [text[at : token_end(text, at)] for at in (0, 8, 16)]
    ['<s>', '"x"@en', '[']
    """
    token_at = _TOKEN.on(text).match
    match = token_at(text, offset)
    if match is None:
        match = _TAG.match(text, offset)
        end = offset + 1 if match is None else match.end()
    else:
        end = offset + 1 if match.lastgroup is None else match.end()
    if match is not None and match.lastgroup == "string" and (suffix := token_at(text, end)):
        if suffix.lastgroup == "language":
            end = suffix.end()
        elif suffix.lastgroup == "datatype" and (datatype := token_at(text, suffix.end())):
            end = datatype.end() if datatype.lastgroup in ("iri", "name") else end
    line_end = LINE_END.search(text, offset, end)
    return min(line_end.start() if line_end else end, len(text))
