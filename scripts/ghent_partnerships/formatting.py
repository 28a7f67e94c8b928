"""Bring Turtle files into the canonical layout, losing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .errors import InvalidError
from .findings import Finding
from .names import canonical_prefixes
from .reading import Document, parse, place
from .turtle import UnwritableError, by_subject, first_comment, serialize


def canonical(path: Path) -> str:
    """Return the text of a Turtle file as it should be.

    Raises:
        UsageError: the path is missing, unreadable, or no regular file.
        InvalidError: the file has an error, or a comment or blank nodes that the canonical layout would lose.
    """
    return _canonical(parse(path, relative=False))


def _canonical(document: Document) -> str:
    if not document.readable or not document.triples:
        raise InvalidError(document.findings)
    comment = first_comment(document.text)
    if comment is not None:
        line, column = place(document.text, comment)
        message = "The file has a comment, which the canonical layout would lose; it was left as it is."
        mend = 'Say it in a triple, like skos:editorialNote "…"@en, or remove it.'
        raise InvalidError([Finding(document.name, line, column, message, mend)])
    try:
        return serialize(by_subject(document.triples), canonical_prefixes(document.prefixes))
    except UnwritableError as error:
        message = f"The file cannot be written in canonical Turtle: {error}."
        raise InvalidError([Finding(document.name, 1, 1, message)]) from error


def layout(document: Document) -> int:
    """Return the first line of a Turtle document that is not in the canonical layout, or 0."""
    try:
        should = serialize(by_subject(document.triples), canonical_prefixes(document.prefixes))
        if document.text == should:
            return 0
        as_written = parse(document.path, document.text.encode(), name=document.name, relative=False)
        should = _canonical(as_written)  # with IRIs that are relative, and without losing anything
    except (InvalidError, UnwritableError) as error:
        return error.findings[0].line if isinstance(error, InvalidError) and error.findings else 1
    return _first_difference(document.text.split("\n"), should.split("\n")) if document.text != should else 0


def difference(name: str, was: bytes, should: bytes) -> Finding:
    """The finding for a file that is not in the canonical layout, at the first line that differs."""
    line = _first_difference(was.split(b"\n"), should.split(b"\n"))
    return Finding(name, line, 1, "The file is not in the canonical layout.", f"Run: ghent-partnerships fmt {name}")


def _first_difference(was: Sequence[object], should: Sequence[object]) -> int:
    pairs = zip(was, should, strict=False)
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 1)
