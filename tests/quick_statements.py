"""A small interpreter of QuickStatements: what its commands do to a graph that is shaped as Wikidata is.

Source: https://www.wikidata.org/wiki/Help:QuickStatements, of which it knows what adds a statement with its qualifiers
and references; a statement that is there gains what it lacks.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ghent_partnerships.wikidata import terms
from wikidata_like import Item, Twin

_DATE = re.compile(r"\+(\d{4})-(\d\d)-(\d\d)T00:00:00Z/(9|10|11)")
Reference = list[tuple[str, str]]


@dataclass
class Statement:
    """A parsed command."""

    subject: str
    value: str
    qualifiers: list[tuple[str, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)


def read_v1(text: str) -> Iterator[Statement]:
    """The commands of lines with tabs."""
    for line in text.splitlines():
        subject, name, value, *rest = line.split("\t")
        assert (name, bool(re.fullmatch(r"Q\d+", subject)), len(rest) % 2) == ("P190", True, 0), line
        stated = Statement(subject, value)
        for key, given in zip(rest[::2], rest[1::2], strict=True):
            if key.startswith("P"):
                assert not stated.references, "qualifiers come before references"
                stated.qualifiers.append((key, given))
                continue
            if key.startswith("!") or not stated.references:
                stated.references.append([])
            stated.references[-1].append((f"P{key.removeprefix('!')[1:]}", given))
        yield stated


def read_csv(text: str) -> Iterator[Statement]:
    """The commands of a table. A cell that is empty is not skipped: it would be a value that cannot be read."""
    header, *rows = csv.reader(io.StringIO(text))
    assert header[:2] == ["qid", "P190"]
    for row in rows:
        assert all(row), f"an empty cell in {row}"
        stated = Statement(row[0], row[1])
        for key, given in zip(header[2:], row[2:], strict=True):
            if key.startswith("qal"):
                assert not stated.references
                stated.qualifiers.append((f"P{key[3:]}", given))
            else:
                assert key[0] in "Ss"
                if key[0] == "S":
                    stated.references.append([])
                stated.references[-1].append((f"P{key[1:]}", given))
        yield stated


def applied(items: Mapping[str, Item], statements: Iterable[Statement]) -> dict[str, Item]:
    """The items after the statements."""
    now = dict(items)
    for stated in statements:
        item = now[stated.subject]
        others = [twin for twin in item.twins if twin.value != stated.value]
        (twin,) = [twin for twin in item.twins if twin.value == stated.value] or [Twin(stated.value)]
        days = {name: _day(given) for name, given in stated.qualifiers}
        assert set(days) <= {terms.START, terms.END}
        read = tuple(filter(lambda reference: reference not in twin.references, map(_reference, stated.references)))
        gained = replace(
            twin,
            start=days.get(terms.START, twin.start),
            end=days.get(terms.END, twin.end),
            references=(*twin.references, *read),
        )
        now[stated.subject] = replace(item, twins=[*others, gained])
    return now


def _reference(reference: Reference) -> tuple[str, str]:
    values = dict(reference)
    assert values.keys() <= {terms.URL, terms.RETRIEVED}, values
    url = values[terms.URL]
    assert re.fullmatch('"https?://[^"|]+"', url), url
    return url[1:-1], _day(values[terms.RETRIEVED]) if terms.RETRIEVED in values else ""


def _day(text: str) -> str:
    """A day, a month or a year."""
    match = _DATE.fullmatch(text)
    assert match, text
    year, month, day, precision = match.groups()
    assert {"9": (month, day) == ("00", "00"), "10": day == "00", "11": "00" not in (month, day)}[precision], text
    return "-".join(part for part in (year, month, day) if part != "00")
