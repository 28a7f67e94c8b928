"""The words of the rules beyond SHACL, which stand in ``ontology/rules.ttl``, and the findings made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Triple

from ..errors import InvalidError
from ..files import shown
from ..findings import VIOLATION, Finding, Location
from ..project.graph import triples
from ..project.location import packaged
from ..text import Text
from ..translation import message as _
from .results import filled_text, severity_named
from .shapes import SH, Shapes


class Rule(NamedTuple):
    """The words of a rule: what it says, and how to fix what breaks it; ``{?…}`` is a gap in them."""

    message: Text
    help: Text
    severity: str


class Words(NamedTuple):
    """The words of the rules in a file, by the code of the rule."""

    path: str
    rules: Mapping[str, Rule]


@cache
def _of_file(file: Path) -> Words:
    return words_of(shown(file), triples([file]))


def default_words() -> Words:
    """The words in the rules that come with the package."""
    return _of_file(packaged().rules_file())


def words_of(path: str, statements: Iterable[Triple]) -> Words:
    """The words of the rules that the file at a path states."""
    shapes = Shapes(statements)
    rules = {}
    for node in shapes.about:
        message, help_ = (Text(shapes.texts(node, name)) for name in ("message", "description"))
        severity = next((severity_named(term.value) for term in shapes.objects(node, f"{SH}severity")), VIOLATION)
        rules[shapes.code(node)] = Rule(message, help_, severity)
    return Words(path, rules)


def finding(
    code: str, location: Location, words: Words | None = None, *, near: str = "", **values: Text | str
) -> Finding:
    """A finding of a rule, with these values in the gaps of its words, which by default are those of the project;
    ``near`` is what may have been meant.

    Raises:
        InvalidError: the file of the rules has a syntax error, or no rule of this code.
        UsageError: it is missing.
    """
    path, rules = words or default_words()
    if (rule := rules.get(code)) is None:
        missing = Location(path)
        raise InvalidError([Finding(message=_("No rule has the code {code} here.", code=code), location=missing)])
    message, help_ = (filled_text(text, values) for text in (rule.message, rule.help))
    if near:
        otherwise = help_.map(lambda text: text[:1].lower() + text[1:])
        help_ = _("Did you mean {near}? Else {help}", near=near, help=otherwise)
    return Finding(code=code, severity=rule.severity, message=message, help=help_, location=location)


def by_number(code: str) -> tuple[str, int, str]:
    """What codes are sorted by: GP1000 comes after GP999. Other people's may have any number of digits."""
    letters = code.rstrip("0123456789")
    return letters, len(code[len(letters) :].lstrip("0")), code
