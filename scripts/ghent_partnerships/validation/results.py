"""The results of a SHACL engine, before they become findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from ..rdf.namespaces import PREFIXES
from ..rdf.turtle import abbreviate
from ..text import NO_TEXT, Text
from ..translation import message as _

Term = NamedNode | BlankNode | Literal
_GAP = re.compile(r"\{[?$](\w+)\}")
_LONGEST = 300  # characters of a term in a message
ELSEWHERE = _("a query asks another endpoint, or for what is in a file or on the web, which is not fetched")


@dataclass(frozen=True)
class Result:
    """One validation result, as SHACL defines it (section 3.6.2).

    ``path`` is a SPARQL property path, ``component`` and ``severity`` are IRIs.

    ``constraint`` is the SPARQL constraint or the validator that was broken, and ``bindings`` are what its query found.
    ``parameter`` is the value of the parameter that was violated; ``subject`` is what the statement is about where that
    is not the focus node; ``details`` are the results of the shapes inside.
    """

    focus: Term
    path: str
    value: Term | None
    shape: Term
    component: str
    severity: str
    constraint: Term | None = None
    parameter: Term | None = None
    subject: Term | None = None
    bindings: Mapping[str, Term] = field(default_factory=dict, compare=False)
    details: tuple[Result, ...] = ()


@dataclass(frozen=True)
class SecondOpinion:
    """What another engine finds, or why it cannot say."""

    results: Sequence[Result] = ()
    reason: Text = NO_TEXT


@dataclass(frozen=True)
class Verdict:
    """What a validation found: why the shapes are ill-formed, or else the results; and a second opinion, if asked."""

    results: Sequence[Result] = ()
    ill_formed: Sequence[UnusableError] = ()
    second: SecondOpinion | None = None


class UnusableError(Exception):
    """An engine cannot use the shapes; the first argument says why, the second which of them if that is known.

    It may be raised where no file can be opened any more: its text is looked up by who catches it.
    """

    def __init__(self, message: Text, shape: object = None) -> None:
        super().__init__(message, shape)
        self.message, self.shape = message, shape


def shown(term: object) -> str:
    """A term as Turtle writes it, in one line of at most 300 characters; a text as it is, and nothing for None."""
    if not isinstance(term, NamedNode | BlankNode | Literal):
        return str(term or "")
    if isinstance(term, BlankNode):
        return "[]"  # its label is new on each run
    text = abbreviate(term, PREFIXES).replace("\n", "\\n")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def filled(text: str, values: Mapping[str, str], otherwise: str | None = None) -> str:
    """The text with values in its gaps, ``{?name}`` and ``{$name}``; one without a value stays, or is ``otherwise``."""
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0] if otherwise is None else otherwise), text)
