"""The statements that the patterns of a query speak of, read from its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product
from typing import NamedTuple

from ..rdf.turtle import TYPE
from .text import Token

HIDDEN = "lineage"  # begins the names of variables that stand for what a query does not name
_MOST = 64  # ways in which one pattern can hold


class UntraceableError(Exception):
    """The query is none whose patterns are read here."""


class Statement(NamedTuple):
    """A pattern of a statement, its terms as SPARQL writes them in full; a variable has its question mark."""

    subject: str
    predicate: str
    object: str

    def variables(self) -> Iterator[str]:
        """The names of its variables."""
        return (term[1:] for term in self if term.startswith("?"))


Branch = tuple[Statement, ...]  # statements that hold together
_Path = list[list[tuple[str, bool]]]  # ways, each of steps: a predicate, and whether it is inverse


class Patterns:
    """Reads the group in tokens from one bracket to the one that closes it, without the SELECTs within it.

    ``branches`` are its statements, in each way that a path can hold, and ``sources`` the variables that others are
    computed from. ``prefixes`` are namespaces by name.

    Raises:
        UntraceableError: there is something in it that is not read here.
    """

    def __init__(self, found: Sequence[Token], opening: int, closing: int, prefixes: Mapping[str, str]) -> None:
        self.branches: list[Branch] = []
        self.sources: dict[str, set[str]] = {}
        self._found, self._prefixes, self._numbers = found, prefixes, count(opening)
        self._at, self._end = opening, closing + 1
        self._group()

    @property
    def _token(self) -> Token:
        if self._at >= self._end:
            raise UntraceableError("the query ends too soon")
        return self._found[self._at]

    def _take(self, text: str = "") -> Token:
        token = self._token
        if text and token.text != text:
            raise UntraceableError(token.text)
        self._at += 1
        return token

    def _skip(self) -> None:
        """What stands between brackets, these included."""
        self._at = closing(self._found, self._at) + 1

    def _group(self) -> None:
        self._take("{")
        if self._token.keyword.startswith("SELECT"):
            while self._token.text != "{":
                self._at += 1
            self._skip()
            while self._token.text != "}":  # its groups, order and limit
                self._at += 1
        while self._token.text != "}":
            self._clause()
        self._take("}")

    def _clause(self) -> None:
        token = self._token
        if token.text == "{":
            self._group()
        elif token.text == "." or token.keyword in ("OPTIONAL", "UNION"):
            self._take()
        elif token.keyword == "GRAPH":
            self._take()
            self._take()
        elif token.keyword == "MINUS":
            self._take()
            self._skip()
        elif token.keyword == "FILTER":
            self._take()
            self._filter()
        elif token.keyword == "BIND":
            self._take()
            opening = self._at
            names = self._expression()
            self.sources.setdefault(self._found[closing(self._found, opening) - 1].text[1:], set()).update(names)
        elif token.keyword == "VALUES":
            while self._token.text != "{":
                self._take()
            self._skip()
        elif token.kind == "word" and token.keyword not in ("TRUE", "FALSE"):
            raise UntraceableError(token.text)
        else:
            self._statements(self._node())

    def _filter(self) -> None:
        """A condition: an expression in brackets, a call, or whether a pattern is there."""
        if self._token.keyword == "NOT":
            self._take()
            self._take()
            self._skip()
            return
        if self._token.keyword == "EXISTS":
            self._take()
            self._group()
            return
        while self._token.text != "(":
            self._take()
        self._expression()

    def _expression(self) -> set[str]:
        """The variables of an expression in brackets; the patterns that must be there are read."""
        end, names = closing(self._found, self._at), set[str]()
        while self._at <= end:
            token = self._take()
            if token.kind == "variable":
                names.add(token.text[1:])
            elif token.keyword == "EXISTS":
                if self._found[self._at - 2].keyword == "NOT":
                    self._skip()
                else:
                    self._group()
        return names

    def _statements(self, subject: str) -> None:
        """Predicates with their objects, up to what ends them."""
        while self._token.text == "a" or (self._token.text not in ".}]{" and self._token.kind != "word"):
            ways = self._path()
            while True:
                self._add(subject, ways, self._node())
                if self._token.text != ",":
                    break
                self._take()
            while self._token.text == ";":
                self._take()

    def _add(self, subject: str, ways: _Path, value: str) -> None:
        for steps in ways:
            nodes = [subject, *(self._new() for _ in steps[1:]), value]
            pairs = zip(nodes, nodes[1:], steps, strict=False)
            self.branches.append(
                tuple(
                    Statement(end, predicate, start) if inverse else Statement(start, predicate, end)
                    for start, end, (predicate, inverse) in pairs
                )
            )

    def _new(self) -> str:
        return f"?{HIDDEN}{next(self._numbers)}"

    def _path(self) -> _Path:
        ways = self._sequence()
        while self._token.text == "|":
            self._take()
            ways = [*ways, *self._sequence()]
        return ways

    def _sequence(self) -> _Path:
        steps = [self._step()]
        while self._token.text == "/":
            self._take()
            steps.append(self._step())
        ways = [[step for part in chosen for step in part] for chosen in product(*steps)]
        if len(ways) > _MOST:
            raise UntraceableError("a path with many alternatives")
        return ways

    def _step(self) -> _Path:
        inverse = self._token.text == "^"
        if inverse:
            self._take()
        if self._token.text == "(":
            self._take()
            ways = self._path()
            self._take(")")
        elif self._token.text == "a":
            self._take()
            ways = [[(f"<{TYPE}>", False)]]
        else:
            ways = [[(self._node(), False)]]
        if self._token.text in ("*", "+", "?"):
            raise UntraceableError("a path of any length")
        return [[(name, not back) for name, back in reversed(steps)] for steps in ways] if inverse else ways

    def _node(self) -> str:
        """A term as it is written in full, or the variable that stands for what has no name."""
        token = self._take()
        if token.kind == "variable":
            return f"?{token.text[1:]}"
        if token.kind == "iri":
            return token.text
        if token.kind == "name":
            prefix, _colon, local = token.text.partition(":")
            if prefix not in self._prefixes or "\\" in local:
                raise UntraceableError(token.text)
            return f"<{self._prefixes[prefix]}{local}>"
        if token.kind == "string":
            return self._literal(token.text)
        if token.kind == "number" or token.keyword in ("TRUE", "FALSE"):
            return token.text
        if token.text == "[":
            node = self._new()
            self._statements(node)
            self._take("]")
            return node
        if token.kind == "blank":
            return f"?{HIDDEN}Blank{token.text[2:]}"
        raise UntraceableError(token.text)

    def _literal(self, text: str) -> str:
        if self._token.kind == "tag":
            return text + self._take().text
        if self._token.text == "^^":
            self._take()
            return f"{text}^^{self._node()}"
        return text


def closing(found: Sequence[Token], opening: int) -> int:
    """Where the bracket of a token is closed.

    Raises:
        UntraceableError: nowhere, or it is no bracket.
    """
    pairs = {"{": "}", "(": ")"}
    if (pair := pairs.get(found[opening].text)) is None:
        raise UntraceableError(found[opening].text)
    depth = 0
    for number in range(opening, len(found)):
        depth += (found[number].text == found[opening].text) - (found[number].text == pair)
        if not depth:
            return number
    raise UntraceableError(found[opening].text)
