"""Read RDF files into triples: every syntax or encoding error becomes a finding with its place."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, RdfFormat, Triple

from ..errors import InvalidError, UsageError
from ..files import read, shown
from ..findings import Finding, Location
from ..process import MEMORY, CrashedError, ExhaustedError, isolated
from ..text import NO_TEXT
from ..translation import message as _
from ..translation import pgettext
from .decoding import BOM, decode, place
from .namespaces import PREFIXES
from .positions import Positions
from .tokens import COMMENT, IRIREF, LINE_END, STRING

_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
}
SUFFIXES = frozenset(_FORMATS)
_PARSER_PLACE = re.compile(r"^Parser error at [^:]*: ")
_UNDECLARED = re.compile(r"The prefix ([^:]*): has not been declared")
_NO_IRI = re.compile(r"parsing IRI '([^']+)'")
_RDF_1_2 = re.compile(r"<<|\{\||--(?:ltr|rtl)")


@dataclass(frozen=True)
class Document:
    """One file as it was read: its text without a byte order mark, triples without graph names, and findings.

    Where ``readable`` is false there are no triples: half a file would look like a file with half its statements.
    ``positions`` is given where whoever read the file knows them; in Turtle they are found when they are needed.
    ``base`` is what relative IRIs were resolved at; of a query, which has none, it is empty.
    """

    path: Path
    name: str
    text: str = ""
    triples: list[Triple] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    readable: bool = True
    positions: Positions | None = None
    base: str = ""


def parse(path: Path, data: bytes | None = None, *, name: str = "", base: str = "") -> Document:
    """Read one file, or the data that stand for its content; ``name`` is what it is called, by default its path.

    ``base`` is what relative IRIs are resolved at, by default its place.

    Raises:
        UsageError: the file is missing, unreadable, no regular file, or of a kind that is not RDF.
    """
    rdf_format = _FORMATS.get(path.suffix)
    if rdf_format is None:
        problem = _(
            "{path}: not an RDF file; expected a name that ends in {suffixes}",
            path=path,
            suffixes=", ".join(sorted(_FORMATS)),
        )
        raise UsageError(problem)
    name, base = name or shown(path), base or path.resolve().as_uri()
    is_xml = rdf_format == RdfFormat.RDF_XML
    try:
        text, findings = decode(name, read(path) if data is None else data, formats=path.suffix == ".ttl")
    except InvalidError as error:
        return Document(path, name, findings=[*error.findings], readable=False, base=base)
    if (unreadable := _xml_error(name, text) if is_xml else _nesting_error(name, text, rdf_format)) is not None:
        return Document(path, name, text, findings=[*findings, unreadable], readable=False, base=base)
    if is_xml:
        text = LINE_END.sub("\n", text)  # as every parser of XML reads it, but Oxigraph's (XML 1.0, 2.11)
    try:
        triples, prefixes = _parsed(text, rdf_format, base)
    except SyntaxError as error:
        unreadable = _syntax(name, error, text, _fault_in_xml(text, base, error.msg) if is_xml else None)
    except _NewerError:
        at = _RDF_1_2.search(text) if path.suffix in (".ttl", ".nt") else None
        unreadable = Finding(
            message=_("A triple term or a base direction is of RDF 1.2; expected RDF 1.1."),
            help=_("Say it with RDF 1.1."),
            location=Location(name, *place(text, at.start() if at else 0)),
        )
    except MemoryError:  # the parser's buffer is full; that for XML has no end, but what comes after it has
        unreadable = _too_long(name, text, rdf_format)
    except (CrashedError, TimeoutError) as error:
        unreadable = _too_much(name, text, rdf_format, error)
    if unreadable is not None:
        return Document(path, name, text, findings=[*findings, unreadable], readable=False, base=base)
    if not triples:
        help_ = _("Add statements, or remove the file.")
        findings.append(Finding(message=_("The file holds no triple."), help=help_, location=Location(name)))
    return Document(path, name, text, list(dict.fromkeys(triples)), prefixes, findings, base=base)


class _NewerError(Exception):
    """There is something of RDF 1.2."""


def _parsed(text: str, rdf_format: RdfFormat, base: str | None) -> tuple[list[Triple], dict[str, str]]:
    """The triples of a text, and its prefixes.

    Some texts overflow the stack of a parser, or take it all time or memory: terms of JSON-LD that are defined by one
    another, thousands of triple terms in one another, a base that each line makes longer. Nobody knows them all, so a
    text is parsed in a child, unless it is short and of a form that is read without recursion, as all of our own is:
    that costs a child's start for each file, and twice the time for long ones.

    Raises:
        SyntaxError, MemoryError, CrashedError, TimeoutError: they cannot be parsed.
        _NewerError: they can, as RDF 1.2.
    """
    if len(text) <= _SHORT and rdf_format != RdfFormat.JSON_LD and "<<" not in text:
        parser = pyoxigraph.parse(text, format=rdf_format, base_iri=base, rename_blank_nodes=True)
        return list(_read(parser, text, rdf_format)), dict(parser.prefixes)

    def work() -> tuple[bytes | None, dict[str, str]]:
        parser = pyoxigraph.parse(text, format=rdf_format, base_iri=base)
        return pyoxigraph.serialize(_read(parser, text, rdf_format), format=RdfFormat.N_TRIPLES), dict(parser.prefixes)

    try:
        memory = max(MEMORY, len(text) * _BYTES_EACH)
        written, prefixes = isolated(work, _SECONDS + len(text) / _SPEED, memory=memory)
    except ExhaustedError as error:
        if error.__cause__ is not None and error.__cause__.args:  # the parser says which bound of its own it reached
            raise error.__cause__ from None
        raise
    assert written is not None
    # The names of blank nodes are made up here: two children would make up the same. The IRIs were checked there.
    again = pyoxigraph.parse(written, format=RdfFormat.N_TRIPLES, rename_blank_nodes=True, lenient=True)
    return [quad.triple for quad in again], prefixes


def _read(parser: pyoxigraph.QuadParser, text: str, rdf_format: RdfFormat) -> Iterator[Triple]:
    """The triples of a text, one after another, as far as they are of RDF 1.1 and not too long."""
    check = rdf_format == RdfFormat.RDF_XML and len(text) > _LONGEST
    for quad in parser:
        if isinstance(quad.object, Triple) or getattr(quad.object, "direction", None):
            raise _NewerError
        if check and isinstance(quad.object, Literal) and len(quad.object.value) > _LONGEST:
            raise MemoryError(_LONGEST)
        yield quad.triple


def standard_input(data: bytes) -> Document:
    """Read what came by standard input, whichever form of RDF it looks like: TriG, of which Turtle and N-Triples are
    a part, unless it starts like JSON or XML."""
    start = data.removeprefix(BOM.encode()).lstrip()
    json = start[:1] == b"{" or re.match(rb"\[\s*[{\]]", start)  # no bracket of Turtle starts so
    suffix = ".jsonld" if json else ".rdf" if start.startswith((b"<?xml", b"<rdf:RDF", b"<!")) else ".trig"
    return parse(Path(f"-{suffix}"), data, name="standard input")


def _xml_error(name: str, text: str) -> Finding | None:
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
        message = _("This is not XML: {error}.", error=expat.ErrorString(error.code))
        return Finding(message=message, location=Location(name, error.lineno, error.offset + 1))
    except _NestedError:
        return _too_deep(Location(name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1), depth)
    return None


class _NestedError(Exception):
    """Elements are nested too deep."""


def _nesting_error(name: str, text: str, rdf_format: RdfFormat) -> Finding | None:
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


def _too_long(name: str, text: str, rdf_format: RdfFormat) -> Finding:
    """The finding for what the parser has no room for: the longest text between tags, or in quotes or <>."""
    is_xml, is_json = rdf_format == RdfFormat.RDF_XML, rdf_format == RdfFormat.JSON_LD
    tokens = re.compile("[^<>]++") if is_xml else _BRACKETS["{" if is_json else "["]
    longest = max(tokens.finditer(text), key=lambda match: match.end() - match.start(), default=None)
    return Finding(
        message=_("A literal or a name is longer than the 16 MB that can be read."),
        help=_("Keep so long a text in a file of its own, and state its address."),
        location=Location(name, *place(text, longest.start() if longest else 0)),
    )


_LONGEST = 16_000_000


def _too_much(name: str, text: str, rdf_format: RdfFormat, error: Exception) -> Finding:
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


_SHORT = 200_000  # characters
_BYTES_EACH = 30  # of memory for each character, at the least
_SECONDS, _SPEED = 20, 100_000  # and characters a second, of which each parser reads millions


def _fault_in_xml(text: str, base: str, message: str) -> int:
    """The offset of the tag that Oxigraph does not take for RDF/XML, or of the IRI in it: no place is told, but the
    last that is read is the fault."""
    data, known = text.encode(), 0
    for step in (1 << 12, 1 << 6, 1):
        reader = _Steps(data, known, step)
        with suppress(SyntaxError):
            for _ in pyoxigraph.parse(reader, format=RdfFormat.RDF_XML, base_iri=base):
                pass
        read = reader.tell()
        known = max(read - step, 0)
    tag = data.rfind(b"<", 0, read)
    match = _NO_IRI.search(message)
    within = data.find(match[1].encode(), tag, read) if match else -1
    return len(data[: max(tag, within, 0)].decode())


class _Steps(io.BytesIO):
    """Is read at once as far as it is known to be right, and then so many bytes at a time."""

    def __init__(self, data: bytes, known: int, step: int) -> None:
        super().__init__(data)
        self.known, self.step = known, step

    def read(self, size: int | None = -1) -> bytes:
        ahead = self.known - self.tell()
        step = ahead if ahead > 0 else self.step
        return super().read(step if size is None or size < 0 else min(size, step))


def _syntax(name: str, error: SyntaxError, text: str, offset: int | None) -> Finding:
    reason = _PARSER_PLACE.sub("", error.msg).rstrip(".") + "."
    message, help_ = pgettext("an error of a parser of others", "{error}", error=reason), NO_TEXT
    if "LoadDocumentCallback" in reason:
        message = _("The file has a context that is elsewhere, which is not fetched.")
        help_ = _("Write the context into the file.")
    if match := _UNDECLARED.search(reason):
        declaration = f"PREFIX {match[1]}: <{PREFIXES.get(match[1], '…')}>"
        help_ = _("Add at the top: {declaration}", declaration=declaration)
    at = (error.lineno or 1, error.offset or 1) if offset is None else place(text, offset)
    return Finding(message=message, help=help_, location=Location(name, *at))
