"""Bring Turtle files into the canonical layout, losing nothing.

Other people's files keep their prefixes, names, labels and comments. A project that wants more of its own says so in
its ``pyproject.toml``: with ``strict`` the graph alone decides how a file is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode

from ..errors import InvalidError
from ..files import read, settings_table
from ..findings import Finding, Location
from ..text import Text
from ..translation import message as _
from .decoding import place
from .layout import UnknownTokenError, arranged
from .lexer import first_comment, tokens
from .namespaces import canonical_prefixes
from .parse import Document, parse
from .tokens import SCHEME
from .turtle import UnwritableError, by_subject, serialize


def canonical(path: Path) -> str:
    """Return the text of a Turtle file as it should be.

    Raises:
        UsageError: the path is missing, unreadable, or no regular file, or the setting cannot be read.
        InvalidError: the file has an error, or something that the canonical layout would lose.
    """
    document = parse(path, read(path))
    if not document.readable:
        raise InvalidError(document.findings)
    return _canonical(document)


def layout(document: Document) -> int:
    """Return the first line of a Turtle document that is not in the canonical layout, or 0."""
    names = canonical_prefixes(document.prefixes) if _is_strict(document.path.resolve().parent) else document.prefixes
    with suppress(UnwritableError):
        if document.text == serialize(by_subject(document.triples), names):  # which the layout leaves as it is
            return 0
    try:
        should = _canonical(document)
    except InvalidError as error:
        return error.findings[0].location.line
    return _first_difference(document.text.split("\n"), should.split("\n")) if document.text != should else 0


def difference(name: str, was: bytes, should: bytes) -> Finding:
    """The finding for a file that is not in the canonical layout, at the first line that differs."""
    line = _first_difference(was.split(b"\n"), should.split(b"\n"))
    return Finding(
        message=_("The file is not in the canonical layout."),
        help=_("Run: {command}", command=f"ghent-partnerships fmt {name}"),
        location=Location(name, line),
    )


def _first_difference(was: Sequence[object], should: Sequence[object]) -> int:
    pairs = zip(was, should, strict=False)
    return next((number for number, (before, after) in enumerate(pairs, 1) if before != after), 1)


def _canonical(document: Document) -> str:
    return _strict(document) if _is_strict(document.path.resolve().parent) else _arranged(document)


@cache
def _is_strict(folder: Path) -> bool:
    """Whether the nearest pyproject.toml above asks for more: ``strict = true`` in [tool.ghent-partnerships.fmt]."""
    file = next((file for above in (folder, *folder.parents) if (file := above / "pyproject.toml").is_file()), None)
    setting = None if file is None else settings_table(file)
    for key in ("fmt", "strict"):
        setting = setting.get(key) if isinstance(setting, dict) else None
    return setting is True


def _strict(document: Document) -> str:
    """The graph of a document in the layout, with the prefixes of the project and no others that are not used."""
    if not document.triples:
        raise InvalidError(document.findings)
    comment = first_comment(document.text)
    if comment is not None:
        message = _("The file has a comment, which the canonical layout would lose; it was left as it is.")
        raise _refusal(document, comment, message, _('Say it in a triple, like skos:editorialNote "…", or remove it.'))
    for kind, token, offset in tokens(document.text):
        if kind == "iri" and not SCHEME.match(token, 1):
            message = _("The IRI {iri} is relative; the file was left as it is.", iri=token)
            raise _refusal(document, offset, message, _("Write it in full."))
    try:
        return _serialized(document)
    except UnwritableError as error:
        message = _("The file cannot be written in canonical Turtle: {reason}.", reason=error.text)
        raise InvalidError([Finding(message=message, location=Location(document.name))]) from error


def _serialized(document: Document) -> str:
    return serialize(by_subject(document.triples), canonical_prefixes(document.prefixes))


def _arranged(document: Document) -> str:
    """The text of a document in the layout.

    Raises:
        InvalidError: it has something beyond RDF 1.1, is nested too deep, or would say something else.
    """
    try:
        text = arranged(document.text)
    except UnknownTokenError as error:
        message = _("The canonical layout has no place for this; the file was left as it is.")
        help_ = _("Write it in Turtle 1.1.")
        if error.nested:
            message = _("Brackets are nested more than 100 deep here; the file was left as it is.")
            help_ = _("Name the inner resources, and state each on its own.")
        raise _refusal(document, error.offset, message, help_) from error
    again = parse(document.path, text.encode("utf-8"), name=document.name, base=document.base)
    if not again.readable or _without_labels(again) != _without_labels(document):
        message = _("In the canonical layout the file would say something else; it was left as it is.")
        raise _refusal(document, 0, message, _("Report this, with the file."))
    return text


def _without_labels(document: Document) -> Counter[tuple[object, ...]]:
    """The triples of a document, all blank nodes alike: the parser makes up their labels."""
    return Counter(
        tuple(None if isinstance(term, BlankNode) else term for term in triple) for triple in document.triples
    )


def _refusal(document: Document, offset: int, message: Text, help_: Text) -> InvalidError:
    location = Location(document.name, *place(document.text, offset))
    return InvalidError([Finding(message=message, help=help_, location=location)])
