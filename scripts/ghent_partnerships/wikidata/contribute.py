"""What Wikidata lacks of the partnerships of the graph, as commands of QuickStatements, for a person to review and
upload: nothing is sent.

Source: https://www.wikidata.org/wiki/Help:QuickStatements. A command for a statement that is there adds its qualifiers
and references to that.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ..text import Text
from ..translation import message as _
from . import terms
from .compare import BOTH, DEPRECATED, MOVED, SHARED, Comparison, Pair
from .declined import Declined
from .snapshot import Twinning
from .ties import ENDS, STARTS, Partnership, Source

V1, CSV = "v1", "csv"
FORMATS = (V1, CSV)
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_ENDING = re.compile(r'[\s"|]')
_YEARLY, _MONTHLY, _DAILY = 9, 10, 11  # https://www.wikidata.org/wiki/Help:Dates#Precision
_NEEDED = {"gp:party", "gp:kind", "owl:sameAs"}  # what has to be more than an inference
Value = tuple[str, str]  # a property, and its value as QuickStatements writes it


@dataclass(frozen=True)
class Command:
    """A statement that an item is twinned with another, with the qualifiers and the references to add to it."""

    subject: str
    value: str
    qualifiers: tuple[Value, ...] = ()
    references: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True)
class Offer:
    """What is offered, and the pairs of which nothing is, each with the reason."""

    commands: tuple[Command, ...]
    left_out: tuple[tuple[Pair, Text], ...]


def offer(comparison: Comparison, declined: Declined, unfit: Mapping[str, str]) -> Offer:
    """What is missing at Wikidata, at both items of each pair, in order; ``unfit`` are the cities whose items are not
    what the graph takes them for, by their IRIs, each with the code of the rule.

    Not offered is what the graph infers, which city it is among several candidates, what differs (a person has to
    decide), and what was declined.
    """
    commands: list[Command] = []
    left_out: list[tuple[Pair, Text]] = []
    for pair in comparison.pairs:
        if not pair.partnerships or not all(pair.items) or declined.has(*pair.items):
            continue
        stated = [each for each in pair.partnerships if _NEEDED.isdisjoint(each.inferred)]
        if reason := _reason(pair, stated, unfit):
            if pair.state != BOTH or pair.differences:
                left_out.append((pair, reason))
        else:
            for subject, value in (pair.items, pair.items[::-1]):
                commands += _commands(pair, stated[0], subject, value, declined)
    return Offer(tuple(commands), tuple(left_out))


def _reason(pair: Pair, stated: Sequence[Partnership], unfit: Mapping[str, str]) -> Text | None:
    """Why nothing of a pair can be offered; None where it can."""
    codes = sorted({unfit[city] for city in pair.cities if city in unfit})
    kinds = {each.kind for each in pair.differences}
    if codes or SHARED in kinds:
        return _("an item is not what it is taken for: {codes}", codes=", ".join(codes) or "GP408")
    if not stated:
        return _("it rests on an inference")
    if len(stated) > 1:
        return _("there are several partnerships between the two")
    if DEPRECATED in kinds:
        return _("the statement there is marked as wrong (deprecated)")
    if MOVED in kinds:
        return _("the statement there names an item that was merged with another")
    if any(len(pair.towards(subject)) > 1 for subject in pair.items):
        return _("there are several statements there about the two")
    return None


def _commands(pair: Pair, partnership: Partnership, subject: str, value: str, declined: Declined) -> Iterator[Command]:
    there = pair.towards(subject)
    dates = (
        (terms.START, partnership.start, STARTS, [day for each in there for day in each.starts]),
        (terms.END, partnership.end, ENDS, [day for each in there for day in each.ends]),
    )
    qualifiers = tuple(
        (name, written)
        for name, here, properties, known in dates
        if (written := _date(here))
        and not known
        and partnership.inferred.isdisjoint(properties)
        and not declined.has(subject, value, name)
    )
    is_referenced = any(each.references for each in there)
    if not there or qualifiers or not is_referenced:
        yield Command(subject, value, qualifiers, tuple(_references(partnership, there)))


def _references(partnership: Partnership, there: Iterable[Twinning]) -> Iterator[tuple[Value, ...]]:
    """Those of the documents that the partnership is stated in, and of its IRI, that the statement does not have."""
    known = {url for twinning in there for reference in twinning.references for url in reference.urls}
    for source in dict.fromkeys([*partnership.sources, Source(partnership.iri)]):
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


def quickstatements(commands: Iterable[Command], output_format: str) -> list[str]:
    """The files of the commands in one of the ``FORMATS``: none where there are no commands, and of ``CSV`` one for
    each set of columns, since QuickStatements takes an empty cell for a value."""
    if output_format == CSV:
        return _tables(commands)
    lines = _v1(commands)
    return [lines] if lines else []


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


def _tables(commands: Iterable[Command]) -> list[str]:
    """A row for each command. A capital S begins a reference, a small one goes on with it."""
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for command in commands:
        names, row = ["qid", terms.TWINNED], [command.subject, command.value]
        for name, value in command.qualifiers:
            names.append(f"qal{name[1:]}")
            row.append(value)
        for reference in command.references:
            for place, (name, value) in enumerate(reference):
                names.append(_source(name).lower() if place else _source(name))
                row.append(value)
        tables.setdefault(tuple(names), []).append(row)
    return [_table([names, *rows]) for names, rows in tables.items()]


def _table(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _source(name: str) -> str:
    return f"S{name[1:]}"
