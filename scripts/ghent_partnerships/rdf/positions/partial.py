"""The positions in a long Turtle text of what is about one subject: where there are few findings, most of the text need
not be read token by token.
"""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from ..tokens import COMMENT, IRIREF, STRING, WS
from . import Positions
from .turtle import expanded, walked

_SPACE = re.compile(rf"(?:[{WS}]|{COMMENT})*+")
_DIRECTIVE = re.compile(
    rf"@?(?P<kind>prefix|base)[{WS}]+(?:(?P<name>[^{WS}:<]*:)[{WS}]*)?(?P<iri>{IRIREF})(?:[{WS}]*\.(?=[{WS}]|\Z))?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(rf"{IRIREF}|[^{WS}<\"']+")
# A statement without blank nodes and graphs. A full stop that ends it is followed by white space, any other stands in a
# name or a number.
_STATEMENT = re.compile(rf"(?:{STRING}|{IRIREF}|{COMMENT}|\\.|[^\\\"'<#.\[({{]++|\.(?=[\w:%\\\-]))*+\.(?=[{WS}]|\Z)")


class Statements:
    """The statements of a Turtle text by their subjects."""

    def __init__(self, text: str, base: str) -> None:
        """Find where each statement starts.

        Raises:
            ValueError: the text has blank nodes, graphs or directives between its statements; read it as a whole.
        """
        if "_:" in text:
            raise ValueError("_:")
        self.text, self.base = text, base
        self.prefixes: dict[str, str] = {}
        self.spans: dict[NamedNode, list[tuple[int, int]]] = {}
        end = self._space(0)
        while (directive := _DIRECTIVE.match(text, end)) is not None:
            iri = expanded(directive["iri"], self.base, self.prefixes)
            if directive["kind"].lower() == "base":
                self.base = iri
            elif directive["name"]:
                self.prefixes[directive["name"][:-1]] = iri
            end = self._space(directive.end())
        nodes: dict[str, NamedNode] = {}
        while end < len(text):
            statement, subject = _STATEMENT.match(text, end), _SUBJECT.match(text, end)
            if statement is None or subject is None or _DIRECTIVE.match(text, end):
                raise ValueError(text[end : end + 10])
            if (node := nodes.get(subject[0])) is None:
                try:
                    node = nodes[subject[0]] = NamedNode(expanded(subject[0], self.base, self.prefixes))
                except KeyError as error:
                    raise ValueError(subject[0]) from error
            self.spans.setdefault(node, []).append((end, statement.end()))
            end = self._space(statement.end())

    def of(self, subject: object) -> Positions:
        """The positions of a subject, and of the objects of the statements about it."""
        found = Positions()
        for start, end in self.spans.get(subject, ()):  # type: ignore[call-overload]
            part = walked(self.text[start:end], self.base, self.prefixes)
            for node, offset in part.subjects.items():
                found.subjects.setdefault(node, start + offset)
            for statement, offset in part.objects.items():
                found.objects.setdefault(statement, start + offset)
        return found

    def _space(self, start: int) -> int:
        match = _SPACE.match(self.text, start)
        assert match is not None
        return match.end()
