"""Which statements the rows of a query rest on, as far as its text tells: what it matched and then grouped.

A SELECT is read as parts, itself and the SELECTs within it. Each part is asked again without its groups, its order and
its limit, with all its variables, so that a solution of it names the resources that a row was made of; the patterns
say which statements of them. A number is then traced to what was counted. This is "why-provenance": P. Buneman et al.,
Why and Where, https://doi.org/10.1007/3-540-44503-X_20.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, pairwise

from .patterns import HIDDEN, Branch, Patterns, UntraceableError, closing
from .text import Token, prefixes, tokens

_AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP")  # the last with _CONCAT behind it
_EXTREMES = ("MIN", "MAX", "SAMPLE")  # whose value is that of one solution
_REMEMBERED = 256


@dataclass(frozen=True)
class Part:
    """A SELECT of a query: ``text`` asks for its solutions without groups, in all its variables. ``keys`` are the
    variables that it gives out as they are in a solution, and ``extremes`` those that are the least or the greatest
    value of a variable, by their names. ``branches`` are the patterns of its statements, and ``below`` the SELECTs
    whose values reach its own."""

    text: str
    keys: tuple[str, ...]
    extremes: Mapping[str, str]
    branches: tuple[Branch, ...]
    below: tuple[Part, ...]


@lru_cache(_REMEMBERED)
def traced(text: str) -> Part:
    """The outermost SELECT of a query.

    Raises:
        UntraceableError: it is no SELECT, or one that is not read here.
    """
    named = _anonymous_named(text)
    found = list(tokens(named))
    first = next((number for number, token in enumerate(found) if token.keyword.startswith("SELECT")), None)
    if first is None or any(token.text in ("{", "BASE") for token in found[:first]):
        raise UntraceableError(text)
    try:
        known = {name: namespace.text for name, namespace in prefixes(named).items()}
        return _Select(named, found, first, len(found)).part(named[: found[first].start], known)
    except (IndexError, StopIteration) as error:
        raise UntraceableError(text) from error


def _anonymous_named(text: str) -> str:
    """The query with a variable for each ``[]``."""
    written, end, number = [], 0, count()
    for token, after in pairwise(tokens(text)):
        if (token.text, after.text) == ("[", "]"):
            written += [text[end : token.start], f" ?{HIDDEN}Node{next(number)} "]
            end = after.end
    return "".join([*written, text[end:]])


class _Select:
    """A SELECT in the tokens of a query, from its first word up to the bracket that closes what it stands in."""

    def __init__(self, text: str, found: Sequence[Token], first: int, end: int) -> None:
        self.text, self.found = text, found
        self.opening = next(n for n in range(first, end) if found[n].text == "{")
        self.closing = closing(found, self.opening)
        self.keys: list[str] = []
        self.extremes: dict[str, str] = {}
        self.counted: set[str] = set()  # the variables in aggregates
        self.outputs: set[str] = set()
        self.bound: list[str] = []  # expressions that are no aggregates
        self.computed: dict[str, set[str]] = {}  # the variables in these, by what they are called
        self.everything = False
        self._read_projection(first + 1)
        self._read_groups(end)

    def _read_projection(self, first: int) -> None:
        number = first
        while number < self.opening:
            token = self.found[number]
            if token.text == "(":
                last = closing(self.found, number)
                self._read_expression(number, last)
                number = last
            elif token.kind == "variable":
                self.keys.append(token.text[1:])
                self.outputs.add(token.text[1:])
            self.everything |= token.text == "*"
            number += 1

    def _read_expression(self, opening: int, end: int) -> None:
        """(expression AS ?name)."""
        within, name = self.found[opening + 1 : end], self.found[end - 1].text[1:]
        self.outputs.add(name)
        words = [token.keyword for token in within if token.keyword in _AGGREGATES]
        if not words:
            self.bound.append(self.text[self.found[opening].start : self.found[end].end])
            self.computed[name] = {token.text[1:] for token in within[:-1] if token.kind == "variable"}
            self.keys.append(name)
            return
        self.counted |= {token.text[1:] for token in within[:-1] if token.kind == "variable"}
        shape = [token.text if token.kind != "variable" else "?" for token in within[1:4]]
        if within[0].keyword in _EXTREMES and shape == ["(", "?", ")"] and within[4].keyword == "AS":
            self.extremes[name] = within[2].text[1:]

    def _read_groups(self, end: int) -> None:
        """Groups may be named by an expression: GROUP BY (expression AS ?name)."""
        number = self.closing + 1
        grouping = False
        while number < end and self.found[number].text != "}":
            token = self.found[number]
            if token.kind == "word" and token.keyword not in ("BY", "AS"):
                grouping = token.keyword == "GROUP" or (grouping and token.keyword not in ("HAVING", "ORDER", "LIMIT"))
            if token.text == "(":
                last = closing(self.found, number)
                if grouping and self.found[last - 2].keyword == "AS":
                    self.bound.append(self.text[token.start : self.found[last].end])
                number = last
            number += 1

    def part(self, prologue: str, known: Mapping[str, str]) -> Part:
        """What it is to be asked as, behind the prologue of the query, which declares the known prefixes."""
        body = self.text[self.found[self.opening].start : self.found[self.closing].start]
        binds = "".join(f" BIND {expression}" for expression in self.bound)
        patterns = Patterns(self.found, self.opening, self.closing, known)
        reached = _reached(self.counted | self.outputs, {**patterns.sources, **self.computed})
        below = tuple(
            inner.part(prologue, known) for inner in self._within() if inner.everything or inner.outputs & reached
        )
        text = f"{prologue}SELECT * WHERE {body}{binds} }}"
        return Part(text, tuple(self.keys), self.extremes, tuple(dict.fromkeys(patterns.branches)), below)

    def _within(self) -> Iterator[_Select]:
        """The SELECTs directly within it."""
        number = self.opening + 1
        while number < self.closing:
            if self.found[number].keyword.startswith("SELECT"):
                opened = 0
                end = number
                while opened >= 0 and end < self.closing:
                    opened += (self.found[end].text == "{") - (self.found[end].text == "}")
                    end += 1
                yield _Select(self.text, self.found, number, end)
                number = end
            number += 1


def _reached(names: Iterable[str], sources: Mapping[str, set[str]]) -> set[str]:
    """The variables, and those that their values were computed from."""
    reached, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += sources.get(name, ())
    return reached
