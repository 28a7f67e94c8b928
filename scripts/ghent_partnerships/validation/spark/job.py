"""The job of Spark: divide the statements of files by their subjects, send each part what its focus nodes lead to, and
validate the parts.

What goes between processes are blocks of lines, not single statements: Spark's cost is in each record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .parts import Message, Outcome, Part, Plan
from .statements import COMPRESSED, SUBCLASS, Reader, WrongLineError, demanded_format, divided

if TYPE_CHECKING:
    from pyspark import RDD, Broadcast, SparkContext

_INFLATED = 12  # times as many parts for a compressed file, which Spark can only read as one piece
_PART_OF_PROCESSOR = 2  # at least so many parts for each, since they are not of one size
_PIECE, _COUNTED, _SUBCLASSES, _WRONG, _REPLACED, _MESSAGE = range(6)  # what a record of the job is
_OF_ALL = (_COUNTED, _SUBCLASSES, _WRONG, _REPLACED)
Record: TypeAlias = "tuple[int, tuple[int, Any]]"  # to which part, what it is, and it


class Line(NamedTuple):
    """A line of a file: which file, which piece of it that Spark reads at once, and which line of the piece, from 0."""

    file: int
    piece: int
    number: int
    content: bytes


class Divided(NamedTuple):
    """Files, of which those that can be read are divided into parts: each part with its number, how many statements
    each file has, the predicates in the order in which the files name them, the statements about subclasses, the first
    line of each piece that cannot be read, and the first that may have a character in the place of bytes that are not
    UTF-8."""

    parts: RDD[Record]
    statements: Sequence[int]
    predicates: Sequence[bytes]
    subclasses: Sequence[bytes]
    wrong: Sequence[Line]
    replaced: Sequence[Line]


def lines_of(context: SparkContext, address: str) -> RDD[bytes]:
    """The lines of a file; each partition is a piece of it, in order."""
    lines: RDD[Any] = context.textFile(address, minPartitions=1, use_unicode=False)
    return lines


def number_of_parts(context: SparkContext, files: Sequence[tuple[str, RDD[bytes]]]) -> int:
    """Into how many parts to divide files, each with its name: as many as there are blocks of the file system."""
    pieces = sum(lines.getNumPartitions() * (_INFLATED if name.endswith(COMPRESSED) else 1) for name, lines in files)
    return max(pieces, _PART_OF_PROCESSOR * context.defaultParallelism)


def divide(context: SparkContext, files: Sequence[tuple[str, RDD[bytes]]], plan: Plan) -> Divided:
    """Read files, each with its name, and divide their statements into the parts of a plan."""
    from pyspark import StorageLevel

    read = context.union(
        [
            lines.mapPartitionsWithIndex(_Reading(number, name, plan.parts, plan.inverse), preservesPartitioning=True)
            for number, (name, lines) in enumerate(files)
        ]
    ).persist(StorageLevel.MEMORY_AND_DISK)
    of_all = read.filter(_is_of_all).values().collect()
    found: dict[int, list[Any]] = {kind: [] for kind in _OF_ALL}
    for kind, item in of_all:
        found[kind].append(item)
    numbers, predicates = [0] * len(files), dict[bytes, None]()
    wrong, replaced = ([*map(Line._make, found[kind])] for kind in (_WRONG, _REPLACED))
    unreadable = frozenset(line.file for line in wrong)
    for file, _piece, number, named in sorted(item for item in found[_COUNTED] if item[0] not in unreadable):
        numbers[file] += number
        predicates.update(dict.fromkeys(named))
    parts = read.filter(_PieceOfOthers(unreadable)).partitionBy(plan.parts, _itself).mapPartitionsWithIndex(_join, True)
    classes = dict.fromkeys(
        line for file, lines in sorted(found[_SUBCLASSES]) if file not in unreadable for line in lines
    )
    known = tuple(predicates), tuple(classes)
    return Divided(parts.persist(StorageLevel.MEMORY_AND_DISK), numbers, *known, wrong, replaced)


class _Reading:
    """Reads a piece of a file into records."""

    def __init__(self, file: int, name: str, parts: int, inverse: frozenset[bytes]) -> None:
        self.file, self.name, self.parts, self.inverse = file, name, parts, inverse

    def __call__(self, piece: int, lines: Iterable[bytes]) -> Iterator[Record]:
        reader = Reader(demanded_format(self.name), self.file)
        classes: dict[bytes, None] = {}
        predicates: dict[bytes, None] = {}
        wrong: list[WrongLineError] = []
        number = 0

        def statements() -> Iterator[bytes]:
            nonlocal number
            try:
                for line in reader.statements(lines):
                    number += 1
                    predicate = line.split(b" ", 2)[1]
                    predicates[predicate] = None
                    if predicate == SUBCLASS:
                        classes[line] = None
                    yield line
            except WrongLineError as error:
                wrong.append(error)

        for part, which, block in divided(statements(), self.parts, self.inverse):
            yield part, (_PIECE, ((self.file, piece), which, block))
        yield 0, (_COUNTED, (self.file, piece, number, [*predicates]))
        yield 0, (_SUBCLASSES, (self.file, [*classes]))
        for error in wrong:
            yield 0, (_WRONG, (self.file, piece, error.number, error.line))
        if reader.replaced is not None:
            yield 0, (_REPLACED, (self.file, piece, *reader.replaced))


def _is_of_all(record: Record) -> bool:
    return record[1][0] in _OF_ALL


class _PieceOfOthers:
    """Whether a record is a piece of other files than these: half a file would look like a file with half its
    statements."""

    def __init__(self, files: frozenset[int]) -> None:
        self.files = files

    def __call__(self, record: Record) -> bool:
        _part, (kind, item) = record
        return kind == _PIECE and item[0][0] not in self.files


def _itself(part: int) -> int:
    return part


def _join(number: int, records: Iterable[Record]) -> Iterator[Record]:
    yield number, (_PIECE, Part.joined(number, (piece for _part, (_kind, piece) in records)))


def validate(context: SparkContext, parts: RDD[Record], plan: Plan) -> list[Outcome]:
    """What the shapes find in the parts, in the order of their numbers."""
    from pyspark import StorageLevel

    known = context.broadcast(plan)
    asking = parts.mapPartitions(_Stage(known, "begun"))
    answers: list[RDD[Record]] = []
    for _step in range(plan.neighbourhood.depth - 1):
        stage = _joined(parts, asking, plan.parts).mapPartitions(_Stage(known, "answered"))
        asking = stage.persist(StorageLevel.MEMORY_AND_DISK)
        answers.append(asking)
    received = parts
    for answer in answers:
        received = _joined(received, answer, plan.parts)
    outcomes = received.mapPartitions(_Stage(known, "validated"), True).collect()
    return [outcome for _part, outcome in sorted(outcomes, key=itemgetter(0))]


def _joined(parts: RDD[Record], messages: RDD[Record], number: int) -> RDD[Record]:
    """The parts with the messages to each."""
    return parts.union(messages.partitionBy(number, _itself)).partitionBy(number, _itself)


class _Stage:
    """What the parts do with the messages that each has, by the name of the method of the plan."""

    def __init__(self, plan: Broadcast[Plan], method: str) -> None:
        self.plan, self.method = plan, method

    def __call__(self, records: Iterable[Record]) -> Iterator[tuple[int, Any]]:
        plan = self.plan.value
        part, messages = Part(0, (), ()), list[Message]()
        for _to, (kind, item) in records:
            if kind == _PIECE:
                part = item
            else:
                messages.append(item)
        if self.method == "validated":
            yield part.number, plan.validated(part, sorted(messages))
            return
        sent = plan.begun(part) if self.method == "begun" else plan.answered(part, messages)
        for to, message in sent:
            yield to, (_MESSAGE, message)
