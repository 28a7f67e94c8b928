"""Bring Turtle files into the canonical layout, losing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import InvalidError
from ..files import read
from ..findings import Finding, Location
from ..translation import message as _
from .decoding import place as line_and_column
from .lexer import first_comment
from .namespaces import canonical_prefixes
from .parse import Document, parse
from .turtle import UnwritableError, by_subject, serialize


class _Place:
    """A made-up place of a file, so deep that no IRI in it leads out: what is below it is relative in the file."""

    _NAME = "relative-to-this-file"  # of no scheme, host, folder or file that an IRI would name

    def __init__(self, data: bytes) -> None:
        self.folder = f"/{self._NAME}" * (data.count(b"..") + 1) + "/"
        self.path = self.folder + self._NAME
        self.base = f"{self._NAME}://{self._NAME}{self.path}"

    def reference(self, iri: str) -> str:
        """The IRI as it stands in the file.

        Raises:
            UnwritableError: it continues the name of the file, which only a prefixed name can.
        """
        scheme, _, rest = iri.partition(":")
        if scheme != self._NAME:
            return iri
        if not rest.startswith(f"//{self._NAME}/"):
            return rest  # of another host
        rest = rest.removeprefix(f"//{self._NAME}")
        path = rest.partition("#")[0].partition("?")[0]
        tail = rest[len(path) :]
        if path == self.path:
            return tail
        if path.startswith(self.path):
            raise UnwritableError("a prefix stands for the address of the file itself; end its namespace in a #")
        common = 0
        for here, there in zip(self.folder.split("/")[1:-1], path.split("/")[1:-1], strict=False):
            if here != there:
                break
            common += 1
        if not common:
            return path + tail  # from the root
        up, down = self.folder.count("/") - 1 - common, "/".join(path.split("/")[1 + common :])
        if up:
            return "../" * up + down + tail
        return (down if down and ":" not in down.partition("/")[0] and not down.startswith("/") else f"./{down}") + tail


def canonical(path: Path) -> str:
    """Return the text of a Turtle file as it should be.

    Raises:
        UsageError: the path is missing, unreadable, or no regular file.
        InvalidError: the file has an error, or a comment or blank nodes that the canonical layout would lose.
    """
    return _canonical(path, read(path))


def _canonical(path: Path, data: bytes, name: str = "") -> str:
    place = _Place(data)
    document = parse(path, data, name=name, base=place.base)
    if not document.readable or not document.triples:
        raise InvalidError(document.findings)
    comment = first_comment(document.text)
    if comment is not None:
        message = _("The file has a comment, which the canonical layout would lose; it was left as it is.")
        help_ = _('Say it in a triple, like skos:editorialNote "…", or remove it.')
        location = Location(document.name, *line_and_column(document.text, comment))
        raise InvalidError([Finding(message=message, help=help_, location=location)])
    try:
        return serialize(by_subject(document.triples), canonical_prefixes(document.prefixes), place.reference)
    except UnwritableError as error:
        message = _("The file cannot be written in canonical Turtle: {reason}.", reason=str(error))
        raise InvalidError([Finding(message=message, location=Location(document.name))]) from error


def layout(document: Document) -> int:
    """Return the first line of a Turtle document that is not in the canonical layout, or 0."""
    try:
        should = serialize(by_subject(document.triples), canonical_prefixes(document.prefixes))
        if document.text == should:
            return 0
        should = _canonical(document.path, document.text.encode(), document.name)  # without losing anything
    except (InvalidError, UnwritableError) as error:
        return error.findings[0].location.line if isinstance(error, InvalidError) and error.findings else 1
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
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 1)
