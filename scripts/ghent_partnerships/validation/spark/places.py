"""Where the statements stand that results are about: a second reading of the files keeps those lines, and counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from ...findings import Finding, Location
from ...rdf.parse import Document
from ..results import Result
from .parts import encoded
from .statements import COMPRESSED, Reader, demanded_format, split

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext


class Lines:
    """Lines of a file: the document that they make, and their numbers in the file, from 1."""

    def __init__(self, path: Path, name: str, file: int, lines: Mapping[int, bytes]) -> None:
        self.name, self.numbers = name, [1, *lines]  # the first line of the document is empty, and stands for the file
        statements = [*Reader(demanded_format(name), file).statements(lines.values())]
        texts = [line.decode() for line in lines.values()]
        self.by_number = dict(zip(lines, texts, strict=True))
        self.document = Document(
            Path(str(path).removesuffix(COMPRESSED)),
            name,
            "\n".join(["", *texts]),
            encoded(dict.fromkeys(statements)),
            base=path.as_uri() if path.is_absolute() else name,
        )


def moved(finding: Finding, files: Mapping[str, Lines]) -> Finding:
    """The finding with places in the files, where it has those in the documents of their lines."""

    def place(location: Location) -> Location:
        lines = files.get(location.path)
        return location if lines is None else location._replace(line=lines.numbers[location.line - 1])

    related = tuple(replace(note, location=place(note.location)) for note in finding.related)
    return replace(finding, location=place(finding.location), related=related)


def starts(lines: RDD[bytes]) -> Sequence[int]:
    """How many lines of a file come before each piece that Spark reads at once."""
    return [0, *accumulate(lines.mapPartitions(_number).collect())]


def _number(lines: Iterable[bytes]) -> Iterator[int]:
    yield sum(1 for _line in lines)


def kept(
    context: SparkContext, files: Sequence[tuple[str, RDD[bytes]]], left_out: Collection[int], results: Iterable[Result]
) -> Sequence[Mapping[int, bytes]]:
    """The lines of each file, by their numbers from 1, that are about what the results name, and the first of each
    piece of a file with a predicate and something that they name for an object; of files that are left out, none."""
    names = _names(results)
    keeping = [
        lines.mapPartitionsWithIndex(_Keeping(file, name, names))
        for file, (name, lines) in enumerate(files)
        if file not in left_out
    ]
    found = sorted(context.union(keeping).collect() if keeping else [], key=itemgetter(0, 1))
    by_file: list[dict[int, bytes]] = [{} for _file in files]
    for file, pieces in groupby(found, key=itemgetter(0)):
        before = 0
        for _file, _piece, number, lines in pieces:
            by_file[file] |= {before + place + 1: line for place, line in lines}
            before += number
    return by_file


def _names(results: Iterable[Result]) -> frozenset[str]:
    """The terms that results name, as N-Triples writes them."""
    names: set[str] = set()
    waiting = [*results]
    for result in waiting:
        terms = (result.focus, result.value, result.subject)
        names.update(str(term) for term in terms if isinstance(term, NamedNode | BlankNode | Literal))
        names.update(f"{part}>" for part in result.path.split(">") if part.startswith("<"))
        waiting += result.details
    return frozenset(names)


class _Keeping:
    """Keeps lines of a piece of a file."""

    def __init__(self, file: int, name: str, names: Iterable[str]) -> None:
        self.file, self.name, self.names = file, name, frozenset(name.encode() for name in names)

    def __call__(self, piece: int, lines: Iterable[bytes]) -> Iterator[tuple[int, int, int, list[tuple[int, bytes]]]]:
        found: dict[int, bytes] = {}
        seen: set[tuple[bytes, bytes]] = set()
        reader = Reader(demanded_format(self.name), self.file)
        for number, line, statement in reader.located(lines):
            subject, predicate, value = split(statement)
            if subject in self.names:
                found[number] = line
            elif value in self.names and (predicate, value) not in seen:
                seen.add((predicate, value))
                found[number] = line
        yield self.file, piece, reader.read, [*found.items()]
