"""The rows of an answer, each with the sentences that it rests on.

Of a named question, these are those of the statements that a row was made of (``sparql/lineage.py``); of any other
query, those of the resources in the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from ..sparql.lineage import Part, traced
from ..sparql.patterns import Branch, UntraceableError
from ..translation import message as _
from .graph import Graph, Rows, Term
from .quotations import Fact, Quotations

MOST = 500  # rows of an answer
_SOLUTIONS = 5_000  # of a part of a query
_Bindings = Mapping[str, Term]


async def answered(graph: Graph, text: str, *, trace: bool) -> dict[str, Any]:
    """The answer to a SELECT as the tools give it; ``trace`` is whether its text is one of the named questions.

    Raises:
        Problem: there is none.
    """
    return await with_sentences(graph, await graph.rows(text), text if trace else None)


async def with_sentences(graph: Graph, found: Rows, text: str | None) -> dict[str, Any]:
    """Rows as the tools give them; ``text`` is the query that they answer where it may be traced.

    Raises:
        Problem: the graph does not answer.
    """
    kept = found.rows[:MOST]
    notes = []
    if len(found.rows) > MOST:
        notes.append(_("There are {count:,} rows; these are the first {most}.", count=len(found.rows), most=MOST))
    facts: list[set[Fact]] = [set() for _row in kept]
    if text is not None and kept:
        try:
            facts = await _Tracing(graph).facts(traced(text), kept)
        except (UntraceableError, _TooManyError):
            notes.append(
                _("What each row was made of cannot be traced: its sentences are those of the resources in it.")
            )
    resources = [[term.value for term in row.values() if isinstance(term, NamedNode)] for row in kept]
    quotations = Quotations(graph)
    every = {fact.subject for row in facts for fact in row} | {iri for row in resources for iri in row}
    cited = {fact.object[1:-1] for row in facts for fact in row if fact.object.startswith("<")}
    await quotations.read(sorted(every | cited))
    rows = [
        {
            "values": {name: value(row.get(name)) for name in found.columns},
            "sentences": quotations.of(sorted(made)) or quotations.about(named),
        }
        for row, made, named in zip(kept, facts, resources, strict=True)
    ]
    return {
        "columns": list(found.columns),
        "rows": rows,
        "truncated": len(found.rows) > MOST,
        "note": " ".join(note.localized(graph.language) for note in notes) or None,
    }


def value(term: Term | None) -> str | None:
    """A term as the tools give it: an IRI in full, of a literal its text."""
    return None if term is None else term.value if isinstance(term, NamedNode | Literal) else str(term)


class _TooManyError(Exception):
    """A part of a query has more solutions than are traced."""


class _Tracing:
    """Finds the statements that rows were made of."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def facts(self, part: Part, rows: Sequence[_Bindings]) -> list[set[Fact]]:
        """The statements of each of the rows, which are values of what the part gives out.

        Raises:
            Problem: the graph does not answer.
            UntraceableError: a part cannot be asked.
        """
        found = await self._graph.rows(f"{part.text}\nLIMIT {_SOLUTIONS + 1}")
        if len(found.rows) > _SOLUTIONS:
            raise _TooManyError
        by_key: dict[tuple[object, ...], list[int]] = {}
        for number, solution in enumerate(found.rows):
            by_key.setdefault(_key(part, solution), []).append(number)
        matched = [self._matched(part, row, by_key, found.rows) for row in rows]
        numbers = sorted({number for found_at in matched for number in found_at})
        used = [found.rows[number] for number in numbers]
        made = await self._stated(part.branches, used, found.columns)
        for inner in part.below:
            for known, more in zip(made, await self.facts(inner, used), strict=True):
                known |= more
        by_number = dict(zip(numbers, made, strict=True))
        return [{fact for number in numbers for fact in by_number[number]} for numbers in matched]

    @staticmethod
    def _matched(
        part: Part, row: _Bindings, by_key: Mapping[tuple[object, ...], list[int]], solutions: Sequence[_Bindings]
    ) -> list[int]:
        """The solutions that a row was made of: where it gives the least or the greatest value, those that have it."""
        numbers = by_key.get(_key(part, row), [])
        values = {name: row[output] for output, name in part.extremes.items() if output in row}
        if not values:
            return numbers
        return [
            number for number in numbers if any(solutions[number].get(name) == value for name, value in values.items())
        ]

    async def _stated(
        self, branches: Sequence[Branch], solutions: Sequence[_Bindings], columns: Sequence[str]
    ) -> list[set[Fact]]:
        """The statements of each solution that the graph has, of those that the patterns speak of."""
        made: list[set[Fact]] = [set() for _solution in solutions]
        asked: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        for place, branch in enumerate(branches):
            names = _bound(branch, columns)
            for number, solution in enumerate(solutions):
                terms = [str(solution[name]) for name in names if _writable(solution.get(name))]
                if len(terms) == len(names):
                    asked.setdefault((place, tuple(terms)), []).append(number)
        groups = list(_groups(branches, asked, columns))
        if not groups:
            return made
        found = await self._graph.rows(f"SELECT * WHERE {{ {' UNION '.join(groups)} }}")
        for row in found.rows:
            place = int(row["lineageBranch"].value)  # type: ignore[union-attr]
            branch = branches[place]
            key = place, tuple(str(row[name]) for name in _bound(branch, columns))
            facts = {_fact(statement, row) for statement in branch}
            for number in asked.get(key, ()):
                made[number] |= {fact for fact in facts if fact is not None}
        return made


def _key(part: Part, bindings: _Bindings) -> tuple[object, ...]:
    return tuple(bindings.get(name) for name in part.keys)


def _bound(branch: Branch, columns: Sequence[str]) -> list[str]:
    """The variables of the statements that solutions have."""
    return list(dict.fromkeys(name for statement in branch for name in statement.variables() if name in columns))


def _groups(
    branches: Sequence[Branch], asked: Iterable[tuple[int, tuple[str, ...]]], columns: Sequence[str]
) -> Iterator[str]:
    """A group for each way, with the values of the solutions."""
    values: dict[int, list[tuple[str, ...]]] = {}
    for place, terms in asked:
        values.setdefault(place, []).append(terms)
    for place, listed in values.items():
        names = _bound(branches[place], columns)
        if not names and all(statement.subject.startswith("?") for statement in branches[place]):
            continue  # it speaks of anything
        lines = " ".join(f"({' '.join(terms)})" for terms in listed)
        block = f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {lines} }} " if names else ""
        statements = " . ".join(" ".join(statement) for statement in branches[place])
        yield f"{{ {block}{statements} BIND ({place} AS ?lineageBranch) }}"


def _writable(term: Term | None) -> bool:
    return isinstance(term, NamedNode | Literal)


def _fact(statement: Sequence[str], row: _Bindings) -> Fact | None:
    terms = [str(row[term[1:]]) if term.startswith("?") else term for term in statement]
    subject, predicate, value = terms
    if not (subject.startswith("<") and predicate.startswith("<")):
        return None
    return Fact(subject[1:-1], predicate[1:-1], value)
