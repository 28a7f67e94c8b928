"""RDF/XML as Oxigraph writes it, made XML where that would be none; what RDF/XML cannot say is refused.

A predicate is the name of an element, and so is a class that stands for its statement: some IRIs do not end in such a
name, and some names mean something else (https://www.w3.org/TR/rdf-syntax-grammar/).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ..text import Text
from ..translation import message as _
from .tokens import PN_CHARS, PN_CHARS_BASE
from .turtle import RDF, TYPE, UnwritableError

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no escape for these
_CONTROL_BYTES = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
# The name that Oxigraph finds at the end of an IRI: of the last characters that a name may have, those from the first
# that it may start with. Read from the end, in one go.
_NAME_FROM_END = re.compile(rf"[{PN_CHARS}.]*[{PN_CHARS_BASE}_]")
_SYNTAX = ("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li")
_WITHDRAWN = ("aboutEach", "aboutEachPrefix", "bagID")
_RESERVED = frozenset(RDF + name for name in (*_SYNTAX, *_WITHDRAWN))
Term = TypeVar("Term")
_XMLNS = "http://www.w3.org/2000/xmlns/"
_TYPE = NamedNode(TYPE)
# Oxigraph makes an element of the class in the first statement about a resource. By another name the statement stays
# one; this name is reserved, so no other statement has it.
_STAND_IN = NamedNode(RDF + "bagID")


def serialize(
    triples: Iterable[Triple], prefixes: Mapping[str, str] | None = None, output: io.BytesIO | None = None
) -> bytes:
    """Return ``expressible`` triples as RDF/XML; ``output`` is where Oxigraph writes, for who bounds that.

    Raises:
        UnwritableError: a literal has a character that XML cannot have.
    """
    written = io.BytesIO() if output is None else output
    given = dict(prefixes) if prefixes is not None else None
    pyoxigraph.serialize(triples, written, RdfFormat.RDF_XML, prefixes=given)
    content = written.getvalue()
    if _may_have_controls(content) and (match := _CONTROL_BYTES.search(content)):
        raise UnwritableError(_no_character(match[0].decode()))
    content = content.replace(b"<rdf:bagID ", b"<rdf:type ")
    return carriage_returns_kept(content).removesuffix(b"\n") + b"\n"


def expressible(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, as Oxigraph makes elements of them that have names.

    Raises:
        UnwritableError: RDF/XML has no name for a predicate, or no place for a triple term.
    """
    predicates: set[NamedNode] = set()
    classes: dict[object, bool] = {}  # and whether they are names
    for triple in triples:
        predicate, value = triple.predicate, triple.object
        if isinstance(value, Triple):
            raise UnwritableError(_("RDF/XML has no place for a triple term (RDF 1.2): {triple}", triple=triple))
        if isinstance(triple.subject, BlankNode) or isinstance(value, BlankNode):
            triple = Triple(_labelled(triple.subject), predicate, _labelled(value))
        if predicate == _TYPE:
            if (named := classes.get(value)) is None:
                named = classes[value] = not isinstance(value, NamedNode) or is_name(value.value)
            yield triple if named else Triple(triple.subject, _STAND_IN, value)
            continue
        if predicate not in predicates:
            if (reason := _no_property(predicate.value)) is not None:
                raise UnwritableError(_("{reason}: {triple}", reason=reason, triple=triple))
            predicates.add(predicate)
        yield triple


def _labelled(term: Term) -> Term | BlankNode:
    """The term; a blank node by a label that is a name of XML, which starts with no digit, and that no other has."""
    if not isinstance(term, BlankNode) or term.value[0].isalpha():
        return term
    return BlankNode(f"_{term.value}")


def is_name(iri: str) -> bool:
    """Whether an element can have the IRI as its name, for all parsers: many know the letters of 1998 only."""
    if (match := _NAME_FROM_END.match(iri[::-1])) is None or iri in _RESERVED:
        return False
    name = match[0][::-1]
    if iri == _XMLNS + name:
        return False
    try:
        name.isascii() or expat.ParserCreate("utf-8").Parse(f"<{name}/>".encode(), True)
    except expat.ExpatError:
        return False
    return True


def fault(triple: Triple) -> tuple[Text, Text] | None:
    """Return why RDF/XML cannot say a statement, and what to do about it; None where it can."""
    if (reason := _no_property(triple.predicate.value)) is not None:
        return reason, _("Give it an IRI that ends in a letter, and what may follow one in a name.")
    match = _CONTROL.search(triple.object.value) if isinstance(triple.object, Literal) else None
    return (_no_character(match[0]), _("Remove the character.")) if match else None


def carriage_returns_kept(content: bytes) -> bytes:
    """XML in which carriage returns stand as what they are: without, a parser reads each as the end of a line."""
    return content.replace(b"\r", b"&#13;")


def controls_replaced(content: bytes) -> bytes:
    """XML in which U+FFFD stands for each character that no XML may have."""
    return _CONTROL_BYTES.sub(_REPLACEMENT, content) if _may_have_controls(content) else content


def _may_have_controls(content: bytes) -> bool:
    """Found in a tenth of the time that the expression takes, which is as long as Oxigraph writes."""
    return b"\xef" in content or len(content.translate(None, _CONTROLS)) != len(content)


def _no_property(iri: str) -> Text | None:
    """Why no element can stand for a predicate."""
    if is_name(iri):
        return None
    if iri in _RESERVED:
        return _("The predicate <{iri}> cannot be written in RDF/XML, since it is a word of its syntax", iri=iri)
    return _("The predicate <{iri}> cannot be written in RDF/XML, since it does not end in a name of XML", iri=iri)


def _no_character(character: str) -> Text:
    return _("The character U+{number:04X} cannot be written in RDF/XML", number=ord(character))
