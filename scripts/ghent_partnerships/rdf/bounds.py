"""How deep, long and costly a text of RDF may be: what is more takes the memory or the stack of its parser."""

from __future__ import annotations

import re
from typing import IO

from pyoxigraph import RdfFormat

from ..findings import Finding, Location
from ..process import ExhaustedError
from ..text import quoted
from ..translation import message as _
from .decoding import place
from .tokens import COMMENT, IRIREF, STRING


def xml_error(name: str, text: str) -> Finding | None:
    """What makes a text no XML, or too much. pyoxigraph takes a file that was cut off for a whole one, and entities
    that expand to other entities without end; expat does not, and opens no other file."""
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8")
    depth = burden = 0

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth, burden
        depth += 1
        if depth > _SHALLOW and (burden := burden + depth) > _BURDENS["<"]:
            raise _NestedError

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        message = _("This is not XML: {error}.", error=quoted(expat.ErrorString(error.code)))
        return Finding(message=message, location=Location(name, error.lineno, error.offset + 1))
    except _NestedError:
        return _too_deep(Location(name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1), depth)
    return None


class _NestedError(Exception):
    """Elements are nested too deep."""


def nesting_error(name: str, text: str, rdf_format: RdfFormat) -> Finding | None:
    """Where brackets are nested too deep: a few thousand, or much in a few hundred, take all memory, or overflow the
    parser's stack."""
    kind = "{" if rdf_format == RdfFormat.JSON_LD else "["
    most = sum(map(text.count, _MARKS[kind]))
    if most * most < 2 * _BURDENS[kind]:
        return None
    depth = burden = 0
    for match in _BRACKETS[kind].finditer(text):
        mark = match[0]
        if mark in _MARKS[kind]:
            depth += mark != ","
            if depth > _SHALLOW and (burden := burden + depth) > _BURDENS[kind]:
                return _too_deep(Location(name, *place(text, match.start())), depth)
        elif mark in _CLOSING:
            depth -= 1
    return None


def _too_deep(location: Location, depth: int) -> Finding:
    message = _("This is nested too deep to be read: {depth:,} levels, or too much in as many.", depth=depth)
    help_ = _("Name the inner resources, and state each on its own.")
    return Finding(message=message, help=help_, location=location)


_SHALLOW = 20  # levels, which cost nothing
# How many levels there may be, summed over the brackets and elements below the shallow: parsing JSON-LD takes so many
# times 400 bytes, RDF/XML so many times 7 ns, and of Turtle this is a depth of 100,000.
_BURDENS = {"{": 1_000_000, "<": 500_000_000, "[": 5_000_000_000}
_MARKS = {"{": ("{", "[", ","), "[": ("[", "(", "{", "<<")}
_CLOSING = frozenset(("}", "]", ")", ">>"))
_BRACKETS = {
    "{": re.compile(r'"(?:[^"\\]++|\\.)*+"?+|[\[{,\]}]', re.DOTALL),
    "[": re.compile(rf"{STRING}|{IRIREF}|{COMMENT}|\\.|<<|>>|[\[({{\])}}]", re.DOTALL),
}


def are_plain(lines: IO[bytes]) -> bool:
    """Whether lines of N-Triples or N-Quads have no triple term, of which so many can be in one another that they
    overflow the parser's stack, and none is longer than a text may be."""
    for line in iter(lambda: lines.readline(LONGEST), b""):
        if len(line) == LONGEST or (b"<<" in line and b"<<" in _QUOTED.sub(b"", line)):
            return False
    return True


_QUOTED = re.compile(rb'"(?:[^"\\]++|\\.)*+"?+')  # also where it does not end, or each quote would be tried


def too_long(name: str, text: str, rdf_format: RdfFormat) -> Finding:
    """The finding for what the parser has no room for: the longest text between tags, or in quotes or <>."""
    is_xml, is_json = rdf_format == RdfFormat.RDF_XML, rdf_format == RdfFormat.JSON_LD
    tokens = re.compile("[^<>]++") if is_xml else _BRACKETS["{" if is_json else "["]
    longest = max(tokens.finditer(text), key=lambda match: match.end() - match.start(), default=None)
    return Finding(
        message=_("A literal or a name is longer than the 16 MB that can be read."),
        help=_("Keep so long a text in a file of its own, and state its address."),
        location=Location(name, *place(text, longest.start() if longest else 0)),
    )


LONGEST = 16_000_000


def too_much(name: str, text: str, rdf_format: RdfFormat, error: Exception) -> Finding:
    """The finding for what crashes the parser, or takes it too long or too much memory; of JSON-LD where its contexts
    begin, which alone do so where it is not nested deep."""
    at = text.find('"@context"') if rdf_format == RdfFormat.JSON_LD else 0
    if isinstance(error, TimeoutError):
        message = _("Parsing this takes too much time, and was stopped.")
    elif isinstance(error, ExhaustedError):
        message = _("Parsing this takes too much memory, and was stopped.")
    else:
        message = _("Parsing this takes more levels of nesting or of reference than the parser has room for.")
    by_contexts = _("Define fewer terms by one another, and nest less.")
    help_ = by_contexts if at > 0 else _("Say it in smaller or simpler files.")
    return Finding(message=message, help=help_, location=Location(name, *place(text, max(at, 0))))
