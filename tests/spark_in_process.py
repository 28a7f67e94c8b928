"""Spark as the job of ``validation.spark`` uses it, in this process: partitions are lists, every record is pickled on
its way, and records come to a partition in no order, as they do from other machines."""

# ruff: noqa: ARG002, N802, N803, N815

from __future__ import annotations

import gzip
import pickle
import random
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from types import SimpleNamespace
from typing import Any

LINES = 7  # of a file, in each piece


class Rdd:
    def __init__(self, partitions: Iterable[Iterable[Any]]) -> None:
        self.partitions = [pickle.loads(pickle.dumps([*records])) for records in partitions]

    def mapPartitions(self, function: Callable[..., Iterator[Any]], _preserving: bool = False) -> Rdd:
        return Rdd(function(iter(records)) for records in self.partitions)

    def mapPartitionsWithIndex(
        self, function: Callable[..., Iterator[Any]], preservesPartitioning: bool = False
    ) -> Rdd:
        return Rdd(function(index, iter(records)) for index, records in enumerate(self.partitions))

    def filter(self, function: Callable[[Any], bool]) -> Rdd:
        return Rdd(filter(function, records) for records in self.partitions)

    def values(self) -> Rdd:
        return Rdd([value for _key, value in records] for records in self.partitions)

    def union(self, other: Rdd) -> Rdd:
        return Rdd([*self.partitions, *other.partitions])

    def partitionBy(self, number: int, function: Callable[[Any], int]) -> Rdd:
        partitions: list[list[Any]] = [[] for _ in range(number)]
        for record in chain.from_iterable(self.partitions):
            partitions[function(record[0]) % number].append(record)
        for records in partitions:
            random.Random(len(records)).shuffle(records)
        return Rdd(partitions)

    def persist(self, _level: object) -> Rdd:
        return self

    def take(self, number: int) -> list[Any]:
        return self.collect()[:number]

    def collect(self) -> list[Any]:
        return [*chain.from_iterable(self.partitions)]

    def getNumPartitions(self) -> int:
        return len(self.partitions)


class Context:
    defaultParallelism = 3

    def textFile(self, address: str, minPartitions: int, use_unicode: bool) -> Rdd:
        path = re.sub(r"\\(.)", r"\1", address.removeprefix("file://"))
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            lines = file.read().removeprefix(BOM_UTF8).splitlines()  # Hadoop does not show a byte order mark
        return Rdd([lines[start : start + LINES] for start in range(0, len(lines), LINES)] or [[]])

    def union(self, rdds: Sequence[Rdd]) -> Rdd:
        assert rdds, "Spark needs one at least"
        return Rdd(chain.from_iterable(rdd.partitions for rdd in rdds))

    def broadcast(self, value: object) -> SimpleNamespace:
        return SimpleNamespace(value=pickle.loads(pickle.dumps(value)))


@contextmanager
def session(_master: str = "") -> Iterator[Context]:
    yield Context()
