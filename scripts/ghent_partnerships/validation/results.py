"""The results of a SHACL engine, before they become findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from ..findings import INFO, VIOLATION, WARNING
from ..rdf.namespaces import PREFIXES
from ..text import NO_TEXT, Text
from ..translation import message as _
from .names import Names

Term = NamedNode | BlankNode | Literal
_GAP = re.compile(r"\{[?$](\w+)\}|\$(PATH)\b")
_NAMES = Names(PREFIXES)
_SEVERITIES = {f"{PREFIXES['sh']}{name.capitalize()}": name for name in (VIOLATION, WARNING, INFO)}
LEVELS = 10  # of details that are kept: what is inside of what is inside may be without number
ELSEWHERE = _("a query asks another endpoint, or for what is in a file or on the web, which is not fetched")


@dataclass(frozen=True)
class Result:
    """One validation result, as SHACL defines it (section 3.6.2).

    ``path`` is a SPARQL property path, ``component`` and ``severity`` are IRIs.

    ``constraint`` is the SPARQL constraint or the validator that was broken, and ``bindings`` are what its query found.
    ``parameter`` is the value of the parameter that was violated; ``subject`` is what the statement is about where that
    is not the focus node; ``details`` are the results of the shapes inside. ``messages`` are given by ``messages``.
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
    messages: tuple[Literal, ...] = field(default=(), compare=False)


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


def severity_named(iri: str) -> str:
    """The severity of a finding, by the IRI of a result's: SHACL's have their names, and any other is its IRI."""
    return _SEVERITIES.get(iri, iri)


def shown(term: object) -> str:
    """A term as ``Names.term`` has it with the prefixes of this project."""
    return _NAMES.term(term)


def filled(text: str, values: Mapping[str, str], otherwise: str | None = None) -> str:
    """The text with values in its gaps, ``{?name}``, ``{$name}`` and ``$PATH``; a gap without a value stays, or is
    ``otherwise``."""
    return _GAP.sub(lambda gap: values.get(gap[1] or gap[2], gap[0] if otherwise is None else otherwise), text)


def filled_text(words: Text, values: Mapping[str, Text | str]) -> Text:
    """The words with values in their gaps, of a text that in the language of the words."""
    texts = {name: Text(value) if isinstance(value, str) else value for name, value in values.items()}
    return Text(
        {
            language: filled(template, {name: text.localized(language) for name, text in texts.items()})
            for language, template in words.items()
        }
    )
