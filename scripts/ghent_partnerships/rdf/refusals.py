"""What a parser refuses, and where: each refusal is a finding at the place of the mistake.

Oxigraph tells the place in Turtle and its kin, and of what is no JSON; what is no RDF/XML or JSON-LD is looked for.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from json import JSONDecodeError

import pyoxigraph
from pyoxigraph import RdfFormat

from ..findings import INFO, Finding, Location
from ..text import NO_TEXT, quoted
from ..translation import message as _
from ..translation import pgettext
from .contexts import ContextError, Expanded
from .decoding import place
from .json_text import Array, Json, Object, String, values
from .namespaces import PREFIXES
from .tokens import COMMENT, IRIREF, LANGTAG, LINE_END, PN_CHARS, STRING, WS
from .turtle import RDF

_PARSER_PLACE = re.compile(r"^Parser error (?:at|between) [^:]*: ")
_UNDECLARED = re.compile(r"The prefix ([^:]*): has not been declared")
_NO_IRI = re.compile(r"parsing IRI '([^']+)'")
_QUOTED = re.compile(r"'([^']+)'")
_KEYWORD = re.compile(r"@[a-z]+")
# In JSON-LD, what a message is about that names no keyword.
_ABOUT = {"Literals are not allowed inside of reverse": "@reverse"}
# Attributes, as expat names them. In an rdf:parseType that it does not know, RDF 1.1 has a literal.
_NEWER_IN_XML = {
    *(f"{RDF} {name}" for name in ("version", "annotation", "annotationNodeID")),
    "http://www.w3.org/2005/11/its dir",
}
_NEWER_IN_TURTLE = re.compile(
    rf"@{LANGTAG}(?P<direction>--[A-Za-z]++)|(?<![{PN_CHARS}:.%])(?P<version>@?(?i:version)(?=[{WS}]*+[\"']))"
    rf"|{STRING}|{IRIREF}|{COMMENT}|\\.|(?P<mark><<|\{{\||~)",
    re.DOTALL,
)
_IN_NAME = re.compile(rf"[{PN_CHARS}:.%]")
_DIRECTIONS = ("ltr", "rtl")
_VERSIONS = ("VERSION", "version", "Version")  # each is found faster than by an expression for all
_IN_TURTLE, _IN_XML = re.compile(rf"[{WS}]*+[\"']"), re.compile(rf"[{WS}]*+=")


def refused(name: str, expanded: Expanded, text: str, rdf_format: RdfFormat, error: SyntaxError, base: str) -> Finding:
    """The finding for what Oxigraph refuses in the expanded text, at its place in the text."""
    reason = _PARSER_PLACE.sub("", error.msg).rstrip(".")
    message, help_ = pgettext("an error of a parser of others", "{error}.", error=reason), NO_TEXT
    if match := _UNDECLARED.search(reason):
        declaration = f"PREFIX {match[1]}: <{PREFIXES.get(match[1], '…')}>"
        help_ = _("Add at the top: {declaration}", declaration=declaration)
    if rdf_format == RdfFormat.RDF_XML:
        offset = _fault_in_xml(expanded.text, base, error.msg)
    elif error.lineno is None:
        offset = _fault_in_json_ld(expanded.text, reason)
    else:
        offset = _offset(expanded.text, error.lineno, error.offset or 1)
    if offset == newer(expanded.text, rdf_format) and expanded.text[offset] != "~":  # which no name has unescaped
        return of_rdf_1_2(name, text, expanded.origin(offset))
    return Finding(message=message, help=help_, location=Location(name, *place(text, expanded.origin(offset))))


def no_context(name: str, text: str, error: ContextError) -> Finding:
    """The finding for a context that cannot be had, where the text refers to it."""
    message = _("The context that this refers to cannot be read: {reason}.", reason=error.reason)
    help_ = _("Write the context into the file.")
    return Finding(message=message, help=help_, location=Location(name, *place(text, error.offset)))


def no_json(name: str, text: str, error: JSONDecodeError) -> Finding:
    """The finding for a text that is no JSON."""
    message = _("This is not JSON: {error}.", error=quoted(error.msg))
    return Finding(message=message, location=Location(name, *place(text, error.pos)))


def of_rdf_1_2(name: str, text: str, offset: int) -> Finding:
    """The finding for what is of RDF 1.2, at its offset: nothing is wrong with it, but it is not read."""
    return Finding(
        severity=INFO,
        message=_("The file is written in RDF 1.2, and is not checked."),
        help=_("To have it checked, say it with RDF 1.1."),
        location=Location(name, *place(text, offset)),
    )


def newer(text: str, rdf_format: RdfFormat) -> int | None:
    """The offset of the first that is of RDF 1.2, if any: in a literal, a comment or an IRI there is none."""
    if rdf_format == RdfFormat.RDF_XML:
        return _newer_in_xml(text)
    if rdf_format == RdfFormat.JSON_LD:
        with suppress(IndexError, AssertionError, ValueError):
            root = values(text)
            names = {"@direction", *(alias for alias, keyword in _aliases(root).items() if keyword == "@direction")}
            return next(
                (
                    at
                    for _, key, at, value in _members(root)
                    if key in names and isinstance(value, String) and value.value in _DIRECTIONS
                ),
                None,
            )
        return None
    for match in _NEWER_IN_TURTLE.finditer(text):
        if match.lastgroup is not None:
            return match.start(match.lastgroup)
    return None


def may_be_newer(text: str, rdf_format: RdfFormat) -> bool:
    """Whether a text may have what is of RDF 1.2 and is not seen in its triples: found in no time."""
    if rdf_format == RdfFormat.JSON_LD:
        return "@direction" in text
    before_value = _IN_XML if rdf_format == RdfFormat.RDF_XML else _IN_TURTLE
    for word in _VERSIONS:
        at = text.find(word)
        while at >= 0:
            in_name = rdf_format != RdfFormat.RDF_XML and _IN_NAME.match(text, at - 1)  # as dcat:version is
            if before_value.match(text, at + len(word)) and not (at and in_name):
                return True
            at = text.find(word, at + len(word))
    return False


def _newer_in_xml(text: str) -> int | None:
    from xml.parsers import expat

    data = text.encode()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    found: list[int] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        newer = [attribute.rpartition(" ")[2] for attribute in attributes if attribute in _NEWER_IN_XML]
        found.extend(_attribute(data, parser.CurrentByteIndex, local) for local in newer)

    parser.StartElementHandler = start
    with suppress(expat.ExpatError):
        parser.Parse(data, True)
    return len(data[: min(found)].decode()) if found else None


def _attribute(data: bytes, tag: int, local: str) -> int:
    """The offset of the attribute of a tag that has a local name, or of the tag."""
    match = re.compile(rb"(?:[\"'\s])([^\s\"'=<>]*:" + local.encode() + rb")\s*=").search(data, tag)
    return tag if match is None else match.start(1)


def _offset(text: str, line: int, column: int) -> int:
    """The offset of a line and column, from 1."""
    ends = (match.end() for match in LINE_END.finditer(text))
    return (next(islice(ends, line - 2, None), len(text)) if line > 1 else 0) + column - 1


def _fault_in_json_ld(text: str, message: str) -> int:
    """The offset of the key, or of the string, that a message is about; else that of the first context."""
    with suppress(IndexError, AssertionError, ValueError):
        root = values(text)
        aliases = _aliases(root)
        members = [_Member(*member, aliases.get(member[1], member[1])) for member in _members(root)]
        quoted = _QUOTED.findall(message)
        keywords = dict.fromkeys(_KEYWORD.findall(message)) or dict.fromkeys(_KEYWORD.findall(_about(message)))
        of_keywords = [member for member in members if member.keyword in keywords]
        for found in (
            *(_string(of_keywords, text_) or _string(members, text_) for text_ in quoted),
            next((member.offset for member in of_keywords if _is_at_fault(member, message, keywords, aliases)), None),
            next((member.offset for member in of_keywords), None),
            next((member.offset for member in members if member.key == "@context"), None),
        ):
            if found is not None:
                return found
    return 0


@dataclass(frozen=True)
class _Member:
    """A member of a JSON object, and the keyword that its key is or stands for."""

    holder: Object
    key: str
    offset: int
    value: Json
    keyword: str


def _is_at_fault(member: _Member, message: str, keywords: Collection[str], aliases: Mapping[str, str]) -> bool:
    """Whether a member with a keyword that a message names can be the one it is about."""
    here = [(aliases.get(key, key), at) for key, at, _ in member.holder.members]
    if any(word in message for word in ("twice", "multiple", "Duplicated", "single")):
        return any(key == member.keyword and at < member.offset for key, at in here)
    if any(word in message for word in ("only keys", "incompatible", "together", "when")):
        return len({key for key, _ in here} - {"@index", "@context"}) > 1 and {key for key, _ in here} >= {
            key for key in keywords if key != "@set" or "only keys" not in message
        } - ({"@list"} if member.keyword == "@set" else set())
    return not isinstance(member.value, String)


def _string(members: Iterable[_Member], quoted: str) -> int | None:
    """The offset of the string, a key or a value, that a message quotes, perhaps as the IRI that it stands for."""
    loosely = None
    for member in members:
        for item in member.value.items if isinstance(member.value, Array) else [member.value]:
            if isinstance(item, String) and item.value == quoted:
                return item.offset
            if loosely is None and isinstance(item, String) and item.value and quoted.endswith(item.value):
                loosely = item.offset
        if member.key == quoted:
            return member.offset
    return loosely


def _about(message: str) -> str:
    return next((keyword for words, keyword in _ABOUT.items() if words in message), "")


def _members(root: Json) -> Iterator[tuple[Object, str, int, Json]]:
    """The members of all objects, with the offsets of their keys, in the order of the text."""
    stack: list[Json | tuple[Object, str, int, Json]] = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, tuple):
            yield value
            stack.append(value[3])
        elif isinstance(value, Array):
            stack.extend(reversed(value.items))
        elif isinstance(value, Object):
            stack.extend((value, *member) for member in reversed(value.members))


def _aliases(root: Json) -> dict[str, str]:
    """The keywords by the terms that any context defines to stand for them."""
    aliases: dict[str, str] = {}
    for _holder, key, _at, value in _members(root):
        meant = value.get("@id") if isinstance(value, Object) else value
        if isinstance(meant, String) and not key.startswith("@") and _KEYWORD.fullmatch(meant.value):
            aliases[key] = meant.value
    return aliases


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
