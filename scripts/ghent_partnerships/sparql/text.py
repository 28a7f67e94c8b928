"""The text of a SPARQL query: its tokens, and what they say of it without an engine.

Two engines read a query: Oxigraph, and rdflib for pySHACL. Neither wants a space after a keyword, so that
``SERVICESILENT<…>`` and ``SERVICE:x {…}`` are clauses; they read code point escapes in different places; and what "<"
is depends on what stands before it. The tokens are those of both, and where a reading is not sure, a doubt is a yes.
Each pattern is possessive, and a token is matched once: the work is that of the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..errors import UsageError
from ..rdf.tokens import (
    BLANK_NODE_LABEL,
    COMMENT,
    IRIREF,
    LANGTAG,
    NUMBER,
    PN_CHARS_BASE,
    PN_PREFIX,
    PREFIXED_NAME,
    STRING,
    VARNAME_CHARS,
    WS,
    Lexer,
    unescape_iri,
)
from ..translation import message as _

_TOKEN = Lexer(
    rf"(?P<space>[{WS}]++|{COMMENT}|\A\ufeff)"
    rf"|(?P<string>{STRING})"
    rf"|(?P<variable>[?$][{PN_CHARS_BASE}_0-9][{VARNAME_CHARS}]*+)"
    rf"|(?P<tag>@{LANGTAG}(?:--[A-Za-z]++)?+)"
    rf"|(?P<blank>{BLANK_NODE_LABEL})"
    rf"|(?P<name>{PREFIXED_NAME})"
    rf"|(?P<run>{PN_PREFIX})"
    rf"|(?P<number>{NUMBER})"
    r"|(?P<mark>\^\^|&&|\|\||!=|>=|>>|\{\||\|\}|.)"
)
_PIECE = Lexer(rf"(?P<word>[{PN_CHARS_BASE}]++)|(?P<number>{NUMBER})|(?P<mark>.)")
_IRI = re.compile(IRIREF)
_LESS = re.compile(r"<<|<=?+")
_COMMENT_LINE = re.compile(rf"^{COMMENT}", re.MULTILINE)  # or a line in a string: letters are alike in both
HEADER_LINE = re.compile(r"^#\+.*\n?", re.MULTILINE)
_HEADER = re.compile(r"^#\+ ([A-Za-z0-9-]+): ([^\n]+)$", re.MULTILINE)
# What rdflib expands, wherever it stands; and the escapes that it does not read in a string in these marks.
_RDFLIB_CODE_POINT = re.compile(r"\\u([0-9A-F]{4}(?:[0-9A-F]{4})?)", re.IGNORECASE)
_RDFLIB_NO_ESCAPE = {'"': re.compile(r"\\[uU']"), "'": re.compile(r"\\[uU\"]")}
# To what an engine cannot add a local name that it then takes for words that follow: a port, in <http://e:80>.
_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]*+:)?+//[^/?\#]*+")
_READS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_DECLARES = ("PREFIX", "BASE", "VERSION")
_VARYING = ("NOW", "RAND", "UUID", "BNODE")
_BOOLEANS = ("TRUE", "FALSE")
_JOINS = ("/", "|", "^^")
_LAST_CODE_POINT = 0x10FFFF
_OBJECT = 2  # terms stand before the object of a statement
_LONGEST_STATEMENT = 1_000  # tokens; in a longer one a doubt is a yes


class Token(NamedTuple):
    """A token: its kind, its text, and its offset.

    A kind is a group of the pattern; that of the brackets around an expression is ``call``, of any other ``mark``.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)

    @property
    def prefix(self) -> str:
        """What stands before the first colon of a name."""
        return self.text.partition(":")[0] if self.kind == "name" else ""

    @property
    def keyword(self) -> str:
        """A word in capitals; of what is none, nothing."""
        return self.text.upper() if self.kind == "word" else ""


class Features(NamedTuple):
    """Of a query: its first word after the prefixes, in capitals; whether it asks another endpoint; and whether its
    answer may differ each time."""

    first: str
    service: bool
    varies: bool


class Part(NamedTuple):
    """A part of a query's text, without the white space around it, and the offset where it starts."""

    text: str
    offset: int

    def split(self, mark: str) -> list[Part]:
        """The parts between the marks."""
        parts, start = [], 0
        for piece in self.text.split(mark):
            parts.append(_stripped(piece, self.offset + start))
            start += len(piece) + len(mark)
        return parts


class Block(NamedTuple):
    """A ``VALUES`` block of one variable: the name of this, where it starts and ends, and the tokens of its terms."""

    name: str
    start: int
    end: int
    terms: Sequence[Token]


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, without white space and comments."""
    letters = _COMMENT_LINE.sub("", text)  # an accent in a header takes no pattern for names with accents
    brackets, token_at = _Brackets(), _TOKEN.on(letters).match
    position = 0
    while position < len(text):
        if text[position] == "<":
            match = None if brackets.compares() else _IRI.match(text, position)
            token = Token("mark" if match is None else "iri", (match or _less(text, position))[0], position)
            yield brackets.take(token)
            position = token.end
            continue
        match = token_at(text, position)
        assert match is not None
        kind = str(match.lastgroup)
        if kind == "run":  # no name, but words and numbers without a space between
            for piece in _PIECE.on(letters).finditer(text, position, match.end()):
                yield brackets.take(Token(str(piece.lastgroup), piece[0], piece.start()))
        elif kind != "space":
            yield brackets.take(Token(kind, match[0], position))
        position = match.end()


def _less(text: str, position: int) -> re.Match[str]:
    match = _LESS.match(text, position)
    assert match is not None
    return match


class _Brackets:
    """Which brackets are open, and the last two tokens: whether "<" compares, or starts an IRI."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.last = self.before = Token("mark", "", 0)

    def compares(self) -> bool:
        """Whether an operand of an expression stands before."""
        kind, text, _ = self.last
        if not self.open or self.open[-1] != "call":
            return False
        return kind not in ("mark", "call", "word") or text in (")", "}", ">>") or self.last.keyword.endswith(_BOOLEANS)

    def take(self, token: Token) -> Token:
        """The token, with the kind of its bracket."""
        if token.text == "(" and token.kind == "mark":
            token = token._replace(kind=self._opened())
            self.open.append(token.kind)
        elif token.text in ("{", "["):
            self.open.append(token.text)
        elif token.text in (")", "}", "]") and self.open:
            opened = self.open.pop()
            token = token._replace(kind="call") if (opened, token.text) == ("call", ")") else token
        self.before, self.last = self.last, token
        return token

    def _opened(self) -> str:
        """What a parenthesis holds: an expression, or a list, a path or variables, none of which compares."""
        last, above = self.last, self.open[-1] if self.open else ""
        if last.text == "<<" or last.keyword.endswith("VALUES"):
            return "mark"
        if above in ("", "call"):
            return "call"
        if above == "mark" or last.text == "a" or last.keyword.endswith(_BOOLEANS):
            return "mark"
        filters = self.before.keyword.endswith("FILTER") or "FILTER" in last.prefix.upper()
        return "call" if last.kind == "word" or (filters and last.kind in ("iri", "name")) else "mark"


def header(text: str) -> dict[str, list[Part]]:
    """What the ``#+`` lines of a query say, by key; of a key that stands there twice, both."""
    found: dict[str, list[Part]] = {}
    for match in _HEADER.finditer(text):
        found.setdefault(match[1], []).append(_stripped(match[2], match.start(2)))
    return found


def _stripped(text: str, offset: int) -> Part:
    """The text at the offset, without the white space around it."""
    return Part(text.strip(), offset + len(text) - len(text.lstrip()))


def prefixes(text: str) -> dict[str, Part]:
    """The namespaces that a query declares, each with the offset of its prefix, by prefix."""
    return _prefixes(tokens(text))


def _prefixes(found: Iterator[Token]) -> dict[str, Part]:
    declared: dict[str, Part] = {}
    word = name = Token("mark", "", 0)
    for token in found:
        if token.kind == "word":
            if token.keyword not in _DECLARES:
                break
            word = token
        elif token.kind == "name":
            if not token.text.endswith(":") or not (
                word.keyword == "PREFIX" or token.text.upper().startswith("PREFIX")
            ):
                break
            name = token
        elif token.kind == "iri" and name.kind == "name":
            prefix = name.prefix if word.keyword == "PREFIX" else name.prefix[len("PREFIX") :]
            declared[prefix] = Part(unescape_iri(token.text[1:-1]), name.end - 1 - len(prefix))
        if token.kind in ("iri", "string"):
            word = name = Token("mark", "", 0)
    return declared


def blocks(text: str) -> Iterator[Block]:
    """The ``VALUES`` blocks of one variable."""
    opening: list[Token] = []  # VALUES, the variable and the bracket
    terms: list[Token] = []
    for token in tokens(text):
        if token.keyword == "VALUES":
            opening, terms = [token], []
        elif len(opening) == 1:
            opening = [*opening, token] if token.kind == "variable" else []
        elif len(opening) == 2:
            opening = [*opening, token] if token.text == "{" else []
        elif opening and token.text == "}":
            yield Block(opening[1].text[1:], opening[0].start, token.end, terms)
            opening = []
        elif opening:
            terms.append(token)


def variables(text: str) -> list[Part]:
    """The variables that a SELECT query answers with, and their offsets; none where it selects everything."""
    found: list[Part] = []
    last: Part | None = None
    depth, selecting = 0, False
    for token in tokens(text):
        if not selecting:
            selecting = token.keyword.startswith("SELECT")
        elif token.text in ("(", ")"):
            depth += 1 if token.text == "(" else -1
            if not depth and last is not None:  # (an expression AS ?variable)
                found.append(last)
        elif not depth and (token.text == "{" or token.keyword.startswith(("WHERE", "FROM"))):
            break
        elif token.kind == "variable":
            last = Part(token.text[1:], token.start)
            if not depth:
                found.append(last)
    return found


def features(text: str) -> Features:
    """Return what the words of a query say of it; those in strings, comments, IRIs and names do not count."""
    capitals = text.upper()
    if "\\" not in text and not any(word in capitals for word in ("SERVICE", *_VARYING)):  # as with most queries
        return Features(_first(tokens(text)), service=False, varies=False)
    found = list(tokens(text))
    words = [token.keyword for token in found if token.kind == "word"]
    first = _first(found)
    service = _has_service(found) or _has_service_in_rdflib(text, found)
    return Features(first, service, any(word.endswith(_VARYING) for word in words))


def _first(found: Iterable[Token]) -> str:
    """The first word after the prefixes."""
    keywords = (token.keyword for token in found)
    return next((word for word in keywords if word and word not in _DECLARES), "")


def demand_reading(text: str, *, allow_service: bool) -> str:
    """Refuse a query that does more than read, or, unless allowed, asks another endpoint; return its form.

    Raises:
        UsageError: the query is an update, or has a SERVICE clause.
    """
    found = features(text)
    if not found.first.startswith(_READS):
        first = found.first or _("nothing")
        problem = _("not a query that reads: found {first}, expected SELECT, ASK, CONSTRUCT or DESCRIBE", first=first)
        raise UsageError(problem)
    if found.service and not allow_service:
        raise UsageError(
            _("the query has a SERVICE clause, which asks another endpoint; allow it with --allow-network")
        )
    return next(form for form in _READS if found.first.startswith(form))


def _has_service(found: Sequence[Token]) -> bool:
    if not _mentions_service(found):
        return False
    declared = _prefixes(iter(found))
    if _may_split(found, declared):
        return True
    depth = 0
    for number, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}")
        if "SERVICE" in token.keyword:
            return True
        opens = depth and number + 1 < len(found) and found[number + 1].text == "{"
        clause = opens and "SERVICE" in token.prefix.upper()  # SERVICE:x {…} is one where no IRI is due
        if clause and (token.prefix not in declared or _follows_statement(found, number, declared)):
            return True
    return False


def _mentions_service(found: Sequence[Token]) -> bool:
    return any("SERVICE" in token.text.upper() for token in found)


def _may_split(found: Sequence[Token], declared: Mapping[str, Part]) -> bool:
    """Whether a name may be no IRI, so that Oxigraph ends it at the colon and reads keywords in the rest."""
    hosts = {prefix for prefix, namespace in declared.items() if _HOST.fullmatch(namespace.text)}
    if any(token.keyword == "BASE" and _HOST.fullmatch(after.text[1:-1]) for token, after in pairwise(found)):
        hosts |= {prefix for prefix, namespace in declared.items() if not namespace.text}
    fragments = {prefix for prefix, namespace in declared.items() if "#" in namespace.text}
    return any(
        token.prefix in hosts or (token.prefix in fragments and "\\#" in token.text)
        for token in found
        if token.kind == "name" and not token.text.endswith(":")
    )


def _has_service_in_rdflib(text: str, found: Sequence[Token]) -> bool:
    """The same for rdflib, which expands code points first, and in which a carriage return does not end a comment."""

    def character(match: re.Match[str]) -> str:
        number = int(match[1], 16)
        return chr(number) if number <= _LAST_CODE_POINT else match[0]

    other = _RDFLIB_CODE_POINT.sub(character, text.replace("\r", " "))
    read = found if other == text else list(tokens(other))
    if read is not found and _has_service(read):
        return True
    strings = (token.text for token in read if token.kind == "string")
    return _mentions_service(read) and any(_RDFLIB_NO_ESCAPE[string[0]].search(string) for string in strings)


def _follows_statement(found: Sequence[Token], number: int, declared: Mapping[str, Part]) -> bool:
    """Whether a clause may start at a token: it is not the object of a statement, nor the name of a graph."""
    depth, terms, joined = 0, 0, False
    for token in reversed(found[max(0, number - _LONGEST_STATEMENT) : number]):
        kind, text, _ = token
        if text in (")", "]"):
            depth += 1
        elif text in ("(", "["):
            depth -= 1
            if depth < 0 or (kind == "call" and not depth):  # of a FILTER
                break
        if depth:
            continue
        if text in ("{", "}", "."):
            break
        if text in (",", ";"):
            return terms > 0 if text == "," else terms != 1
        if text in (">>", "|}") or (kind == "name" and token.prefix not in declared):
            return True  # it may be two terms: ``a:b`` is ``a`` and ``:b`` to Oxigraph
        if token.keyword == "GRAPH":
            return terms > 0
        if text in _JOINS:
            joined = True
        elif text in ("a", "(", "[") or token.keyword in _BOOLEANS or kind not in ("mark", "tag", "word"):
            terms, joined = terms + (not joined), False
        elif kind == "word":
            break
    return terms != _OBJECT
