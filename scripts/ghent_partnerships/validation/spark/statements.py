"""Lines of N-Triples and N-Quads as statements that can be compared, and to which part of the data a term belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from zlib import crc32

import pyoxigraph
from pyoxigraph import RdfFormat, Triple

_FORMATS = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}
COMPRESSED = ".gz"
SUFFIXES = tuple(f"{suffix}{end}" for suffix in _FORMATS for end in ("", COMPRESSED))
_CHUNK = 1 << 18  # bytes that are parsed at once
_REPLACED = "\ufffd".encode()  # what Hadoop reads in the place of bytes that are not UTF-8
_NEWER = re.compile(rb'<<|"@[A-Za-z0-9\-]+--')  # of RDF 1.2, or in a text
_BLANK = b"_:"
_EMPTY = (b"", b"#")  # what a line without a statement starts with
SUBCLASS = b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
Statement = tuple[bytes, bytes, bytes]  # terms as N-Triples writes them


def format_of(name: str) -> RdfFormat | None:
    """The format of a file by its name, if Spark reads it: N-Triples or N-Quads, also compressed."""
    match = re.search(r"(\.n[tq])(?:\.gz)?$", name)
    return _FORMATS[match[1]] if match else None


def demanded_format(name: str) -> RdfFormat:
    """The format of a file that Spark reads."""
    rdf_format = format_of(name)
    assert rdf_format is not None, name
    return rdf_format


def part_of(term: bytes, parts: int) -> int:
    """Which of so many parts a term belongs to: the same in every process."""
    return crc32(term) % parts


def split(line: bytes) -> Statement:
    """The terms of a statement, between which ``statements`` has one space."""
    subject, predicate, value = line.split(b" ", 2)
    return subject, predicate, value


class WrongLineError(Exception):
    """A line cannot be read; ``number`` says which of those that were given, from 0."""

    def __init__(self, number: int, line: bytes) -> None:
        super().__init__(number, line)
        self.number, self.line = number, line


@dataclass
class Reader:
    """Reads lines of a file, of which the number makes the blank nodes those of this file; ``read`` is how many lines
    were read, and ``replaced`` the first of them, by its number from 0, that has U+FFFD."""

    rdf_format: RdfFormat
    file: int
    read: int = field(default=0, init=False)
    replaced: tuple[int, bytes] | None = field(default=None, init=False)

    def statements(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The statements, as N-Triples writes them with one space between terms and without the full stop.

        Raises:
            WrongLineError: one is not of this format, or of RDF 1.2.
        """
        for chunk in _chunks(lines):
            yield from self._of_chunk(chunk)
            self.read += len(chunk)

    def located(self, lines: Iterable[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
        """The number of each line with a statement, from 0, the line, and the statement, of lines without errors."""
        for chunk in _chunks(lines):
            full = [(number, line) for number, line in enumerate(chunk, self.read) if line.strip()[:1] not in _EMPTY]
            for (number, line), statement in zip(full, self._of_chunk(chunk), strict=True):
                yield number, line, statement
            self.read += len(chunk)

    def _of_chunk(self, chunk: Sequence[bytes]) -> list[bytes]:
        text = b"\n".join(chunk)
        if self.replaced is None and _REPLACED in text:
            number = next(number for number, line in enumerate(chunk) if _REPLACED in line)
            self.replaced = self.read + number, chunk[number]
        try:
            return self._parsed(text)
        except SyntaxError:
            for number, line in enumerate(chunk):
                try:
                    self._parsed(line)
                except SyntaxError:
                    raise WrongLineError(self.read + number, line) from None
            raise

    def _parsed(self, text: bytes) -> list[bytes]:
        parser, output = pyoxigraph.parse(text, format=self.rdf_format), BytesIO()
        if self.rdf_format == RdfFormat.N_TRIPLES and not _NEWER.search(text):
            pyoxigraph.serialize(parser, output, format=RdfFormat.N_QUADS)
        else:
            pyoxigraph.serialize(map(_of_rdf_1_1, parser), output, format=RdfFormat.N_TRIPLES)
        content = output.getvalue()
        read = content.split(b" .\n")
        read.pop()
        return [self._renamed(line) for line in read] if _BLANK in content else read

    def _renamed(self, line: bytes) -> bytes:
        """The line with the names that blank nodes of this file have among those of others."""
        name = b"_:f%d_" % self.file
        if line.startswith(_BLANK):
            line = name + line[2:]
        subject, predicate, value = line.split(b" ", 2)
        return b" ".join((subject, predicate, name + value[2:])) if value.startswith(_BLANK) else line


def _of_rdf_1_1(quad: pyoxigraph.Quad) -> Triple:
    if isinstance(quad.object, Triple) or getattr(quad.object, "direction", None):
        raise SyntaxError
    return quad.triple


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size > _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def divided(statements: Iterable[bytes], parts: int, inverse: frozenset[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """The statements by the part that their subject belongs to, and those with a predicate among ``inverse`` also by
    that of their object: the part, 0 or 1 for which of the two, and the lines."""
    by_subject: list[list[bytes]] = [[] for _ in range(parts)]
    by_object: list[list[bytes]] = [[] for _ in range(parts)]
    for line in statements:
        subject, predicate, value = line.split(b" ", 2)
        by_subject[crc32(subject) % parts].append(line)
        if predicate in inverse:
            by_object[crc32(value) % parts].append(line)
    for which, lists in enumerate((by_subject, by_object)):
        for part, lines in enumerate(lists):
            if lines:
                yield part, which, b"\n".join(lines)
