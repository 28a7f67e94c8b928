"""What Wikidata lacks of the partnerships of the graph, as commands of QuickStatements, for a person to review and
upload: nothing is sent.

Source: https://www.wikidata.org/wiki/Help:QuickStatements. A command for a statement that is there adds its qualifiers
and references to that.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from . import terms
from .compare import Comparison, Pair
from .declined import Declined
from .snapshot import Twinning
from .ties import Source

V1, CSV = "v1", "csv"
FORMATS = (V1, CSV)
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_ENDING = re.compile(r'[\s"|]')
_YEARLY, _MONTHLY, _DAILY = 9, 10, 11  # https://www.wikidata.org/wiki/Help:Dates#Precision
Value = tuple[str, str]  # a property, and its value as QuickStatements writes it


@dataclass(frozen=True)
class Command:
    """A statement that an item is twinned with another, with the qualifiers and the references to add to it."""

    subject: str
    value: str
    qualifiers: tuple[Value, ...] = ()
    references: tuple[tuple[Value, ...], ...] = ()


def contributions(comparison: Comparison, declined: Declined, issued: str) -> list[Command]:
    """What is missing at Wikidata, at both items of each pair, in order; ``issued`` is the day on which the data set
    was published.

    Not offered is what the graph infers, which city it is among several candidates, what differs (a person has to
    decide), and what was declined.
    """
    commands: list[Command] = []
    for pair in comparison.pairs:
        if all(pair.items) and len({*pair.items}) > 1 and _is_stated(pair) and not declined.has(*pair.items):
            for subject, value in (pair.items, pair.items[::-1]):
                commands += _commands(pair, subject, value, declined, issued)
    return commands


def _is_stated(pair: Pair) -> bool:
    """Whether the graph states that the two are partners, and which items they are, by more than an inference."""
    return any({"gp:party", "owl:sameAs"}.isdisjoint(each.inferred) for each in pair.partnerships)


def _commands(pair: Pair, subject: str, value: str, declined: Declined, issued: str) -> Iterator[Command]:
    there = pair.towards(subject)
    dates = (
        (terms.START, pair.start(stated=True), [day for each in there for day in each.starts]),
        (terms.END, pair.end(stated=True), [day for each in there for day in each.ends]),
    )
    qualifiers = tuple(
        (name, written)
        for name, here, known in dates
        if (written := _date(here)) and not known and not declined.has(subject, value, name)
    )
    is_referenced = any(each.references for each in there)
    if not there or qualifiers or not is_referenced:
        yield Command(subject, value, qualifiers, tuple(_references(pair, there, issued)))


def _references(pair: Pair, there: Iterable[Twinning], issued: str) -> Iterator[tuple[Value, ...]]:
    """Those of the documents that the partnerships are stated in, and of the partnerships themselves, that the
    statement does not have."""
    known = {url for twinning in there for reference in twinning.references for url in reference.urls}
    documents = [source for partnership in pair.partnerships for source in partnership.sources]
    here = [Source(partnership.iri, issued) for partnership in pair.partnerships]
    for source in dict.fromkeys([*documents, *here]):
        if source.url not in known:
            stated = [(terms.STATED_IN, source.item)] if source.item else []
            read = [(terms.RETRIEVED, date)] if (date := _date(source.retrieved)) else []
            yield ((terms.URL, _text(source.url)), *stated, *read)


def _date(text: str) -> str:
    """A year, a month or a day as QuickStatements writes it; empty where it is none of these."""
    match = _DATE.fullmatch(text)
    if not match:
        return ""
    precision = _DAILY if match["day"] else _MONTHLY if match["month"] else _YEARLY
    return f"+{match['year']}-{match['month'] or '00'}-{match['day'] or '00'}T00:00:00Z/{precision}"


def _text(text: str) -> str:
    """An address in quotation marks, without what would end it."""
    return f'"{_ENDING.sub(lambda character: quote(character[0]), text)}"'


def quickstatements(commands: Iterable[Command], output_format: str) -> str:
    """The commands in one of the ``FORMATS``: empty where there are none."""
    return _v1(commands) if output_format == V1 else _csv(list(commands))


def _v1(commands: Iterable[Command]) -> str:
    """A line for each command, its parts between tabs; an exclamation mark begins each reference but the first."""
    lines = []
    for command in commands:
        parts = [command.subject, terms.TWINNED, command.value]
        for name, value in command.qualifiers:
            parts += [name, value]
        for number, reference in enumerate(command.references):
            for place, (name, value) in enumerate(reference):
                parts += [("!" if number and not place else "") + _source(name), value]
        lines.append("\t".join(parts) + "\n")
    return "".join(lines)


def _csv(commands: Iterable[Command]) -> str:
    """A row for each reference of a command, the first with the qualifiers: the same statement again adds to it. A
    capital S begins a reference, a small one goes on with it."""
    rows = [row for command in commands for row in _rows(command)]
    qualifiers = sorted({name for row in rows for name in row if name.startswith("qal")})
    names = ["qid", terms.TWINNED, *qualifiers, _source(terms.URL)]
    names += [_source(name).lower() for name in (terms.STATED_IN, terms.RETRIEVED)]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([names, *([row.get(name, "") for name in names] for row in rows)] if rows else [])
    return written.getvalue()


def _rows(command: Command) -> Iterator[dict[str, str]]:
    for number, reference in enumerate(command.references or ((),)):
        row = {"qid": command.subject, terms.TWINNED: command.value}
        row |= {f"qal{name[1:]}": value for name, value in command.qualifiers} if not number else {}
        yield row | {
            _source(name) if not place else _source(name).lower(): value
            for place, (name, value) in enumerate(reference)
        }


def _source(name: str) -> str:
    return f"S{name[1:]}"
