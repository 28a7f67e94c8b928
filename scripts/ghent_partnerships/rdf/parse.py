"""Read RDF files into triples: every syntax or encoding error becomes a finding with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from json import JSONDecodeError
from pathlib import Path
from typing import IO, cast

import pyoxigraph
from pyoxigraph import Literal, RdfFormat, Triple

from ..errors import InvalidError, UsageError
from ..files import read, shown
from ..findings import Finding, Location
from ..process import MEMORY, CrashedError, ExhaustedError, isolated
from ..translation import message as _
from . import contexts
from .bounds import LONGEST, nesting_error, too_long, too_much, xml_error
from .contexts import ContextError, Expanded, Load, file_beside, folders_of
from .decoding import BOM, decode, decode_xml
from .encoded import Encoder, Packed, unpacked
from .positions import Positions
from .refusals import may_be_newer, newer, no_context, no_json, of_rdf_1_2, refused
from .tokens import LINE_END

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


@dataclass(frozen=True)
class Document:
    """One file as it was read: its text without a byte order mark, triples without graph names, and findings.

    Where ``readable`` is false there are no triples: half a file would look like a file with half its statements.
    ``positions`` is given where whoever read the file knows them; in Turtle they are found when they are needed.
    ``base`` is what relative IRIs were resolved at; of a query, which has none, it is empty.
    ``expanded`` is the text that was parsed, with the contexts of other documents.
    """

    path: Path
    name: str
    text: str = ""
    triples: Sequence[Triple] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    readable: bool = True
    positions: Positions | None = None
    base: str = ""
    expanded: Expanded | None = field(default=None, repr=False)


def parse(
    path: Path, data: bytes | None = None, *, name: str = "", base: str = "", load: Load | None = None
) -> Document:
    """Read one file, or the data that stand for its content; ``name`` is what it is called, by default its path.

    ``base`` is what relative IRIs are resolved at, by default its place. ``load`` reads the contexts to which a text of
    JSON-LD refers, by default those in files of its folder and of its repository.

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
        if path.suffix == ".gz":
            problem = _(
                "{path}: compressed; unpack it with gunzip (validate --engine spark reads .nt.gz and .nq.gz)",
                path=path,
            )
        raise UsageError(problem)
    name, base = name or shown(path), base or path.resolve().as_uri()
    is_xml = rdf_format == RdfFormat.RDF_XML
    try:
        data = read(path) if data is None else data
        formats = path.suffix == ".ttl"
        text, findings = decode_xml(name, data) if is_xml else decode(name, data, formats=formats)
    except InvalidError as error:
        return Document(path, name, findings=[*error.findings], readable=False, base=base)
    document = Document(path, name, text, findings=findings, base=base)
    if (unreadable := xml_error(name, text) if is_xml else nesting_error(name, text, rdf_format)) is not None:
        return _unreadable(document, unreadable)
    if is_xml:
        text = LINE_END.sub("\n", text)  # as every parser of XML reads it, but Oxigraph's (XML 1.0, 2.11)
    expanded = Expanded(text)
    if rdf_format == RdfFormat.JSON_LD:
        try:
            expanded = contexts.expanded(text, base, load or partial(file_beside, folders=folders_of(path)))
        except ContextError as error:
            return _unreadable(document, no_context(name, text, error))
        except JSONDecodeError as error:
            return _unreadable(document, no_json(name, text, error))
    return _read_as(rdf_format, document, text, expanded)


def _read_as(rdf_format: RdfFormat, document: Document, text: str, expanded: Expanded) -> Document:
    """The document with the triples of its text, or with what its parser refuses."""
    name, base = document.name, document.base
    try:
        if may_be_newer(text, rdf_format) and newer(text, rdf_format) is not None:
            raise _NewerError
        triples, prefixes = _parsed(expanded.text, rdf_format, base)
    except SyntaxError as error:
        return _unreadable(document, refused(name, expanded, text, rdf_format, error, base))
    except _NewerError:
        offset = newer(expanded.text, rdf_format)
        return _unreadable(document, of_rdf_1_2(name, text, expanded.origin(offset or 0)))
    except MemoryError:  # the parser's buffer is full; that for XML has no end, but what comes after it has
        return _unreadable(document, too_long(name, text, rdf_format))
    except (CrashedError, TimeoutError) as error:
        return _unreadable(document, too_much(name, text, rdf_format, error))
    if not triples and not (rdf_format == RdfFormat.JSON_LD and contexts.is_context(text)):
        document.findings.append(empty(name))
    return replace(document, text=text, triples=triples, prefixes=prefixes, expanded=expanded)


def empty(name: str) -> Finding:
    """The finding for a file without triples."""
    help_ = _("Add statements, or remove the file.")
    return Finding(message=_("The file holds no triple."), help=help_, location=Location(name))


def _unreadable(document: Document, finding: Finding) -> Document:
    return replace(document, findings=[*document.findings, finding], readable=False)


_XML_STARTS = (b"<?xml", b"<rdf:RDF", b"<!", b"<\x00", b"\x00<", *(BOM.encode(f"utf-16-{end}") for end in ("le", "be")))


class _NewerError(Exception):
    """There is something of RDF 1.2."""


def _parsed(text: str, rdf_format: RdfFormat, base: str | None) -> tuple[Sequence[Triple], dict[str, str]]:
    """The triples of a text, each once, and its prefixes.

    Some texts overflow the stack of a parser, or take it all time or memory: terms of JSON-LD that are defined by one
    another, thousands of triple terms in one another, a base that each line makes longer. Nobody knows them all, so a
    text is parsed in a child, unless it is short and of a form that is read without recursion, as all of our own is:
    that costs a child's start for each file. What a child hands over is the graph as numbers.

    Raises:
        SyntaxError, MemoryError, CrashedError, TimeoutError: they cannot be parsed.
        _NewerError: they can, as RDF 1.2.
    """
    if len(text) <= _SHORT and rdf_format != RdfFormat.JSON_LD and "<<" not in text:
        parser = pyoxigraph.parse(text, format=rdf_format, base_iri=base, rename_blank_nodes=True)
        return list(dict.fromkeys(_read(parser, text, rdf_format))), dict(parser.prefixes)

    def work() -> tuple[Packed, dict[str, str]]:
        parser, encoder = pyoxigraph.parse(text, format=rdf_format, base_iri=base), Encoder()
        output = cast("IO[bytes]", encoder)  # of which it writes and flushes
        if rdf_format in _WITHOUT_GRAPHS:  # whose quads are triples: they need not come through Python
            pyoxigraph.serialize(parser, output, format=RdfFormat.N_QUADS)
        else:
            pyoxigraph.serialize(_read(parser, text, rdf_format), output, format=RdfFormat.N_TRIPLES)
        packed = encoder.packed()
        if any(mark in packed[0] for mark in (b"<<", b"--")) and _NEWER.search(packed[0]):
            raise _NewerError
        return packed, dict(parser.prefixes)

    try:
        memory = max(MEMORY, len(text) * _BYTES_EACH)
        packed, prefixes = isolated(work, _SECONDS + len(text) / _SPEED, memory=memory)
    except ExhaustedError as error:
        if error.__cause__ is not None and error.__cause__.args:  # the parser says which bound of its own it reached
            raise error.__cause__ from None
        raise
    return unpacked(packed), prefixes


def _read(parser: pyoxigraph.QuadParser, text: str, rdf_format: RdfFormat) -> Iterator[Triple]:
    """The triples of a text, one after another, as far as they are of RDF 1.1 and not too long."""
    check = rdf_format == RdfFormat.RDF_XML and len(text) > LONGEST
    for quad in parser:
        if isinstance(quad.object, Triple) or getattr(quad.object, "direction", None):
            raise _NewerError
        if check and isinstance(quad.object, Literal) and len(quad.object.value) > LONGEST:
            raise MemoryError(LONGEST)
        yield quad.triple


def standard_input(data: bytes, load: Load | None = None) -> Document:
    """Read what came by standard input, whichever form of RDF it looks like: TriG, of which Turtle and N-Triples are
    a part, unless it starts like JSON or XML."""
    start = data.removeprefix(BOM.encode()).lstrip()
    json = start[:1] == b"{" or re.match(rb"\[\s*[{\]]", start)  # no bracket of Turtle starts so
    suffix = ".jsonld" if json else ".rdf" if start.startswith(_XML_STARTS) else ".trig"
    return parse(Path(f"-{suffix}"), data, name="standard input", load=load)


_SHORT = 200_000  # characters
_WITHOUT_GRAPHS = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES)
_NEWER = re.compile(rb"^(?:<<|\"(?:[^\"\\\n]++|\\.)*+\"@[A-Za-z0-9\-]*?--)", re.MULTILINE)  # among terms
_BYTES_EACH = 30  # of memory for each character, at the least
_SECONDS, _SPEED = 20, 100_000  # and characters a second, of which each parser reads millions
