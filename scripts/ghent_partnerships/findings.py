"""What is wrong, for people and for programs. Apart from the exceptions: dataclasses are slow to import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .terminal import printable
from .text import DEFAULT_LANGUAGE, NO_TEXT, Text
from .translation import pgettext

VIOLATION, WARNING, INFO = "violation", "warning", "info"  # the severities of SHACL, the worst first
_NOTE, _FOUND, _HELP = (
    pgettext("of a finding", "note"),
    pgettext("of a finding", "found"),
    pgettext("of a finding", "help"),
)


class Location(NamedTuple):
    """Where a token starts in a file, or the file where no more is known; written ``path:line:column`` as compilers do.

    ``path`` is the name of the file as it was given, or from the repository. ``line`` and ``column`` count from 1, in
    lines and Unicode code points; of a node in a store, which has no lines, they are 0 and the path names both. Where
    the token ends is for who has the text: ``rdf.source_map.token_end``.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        path = f"./{self.path}" if self.path.lstrip().startswith("::") else self.path  # no command to GitHub
        return f"{printable(path)}:{self.line}:{self.column}" if self.line else printable(path)


@dataclass(frozen=True, order=True)
class Related:
    """A further place that a finding is about, and what stands there."""

    location: Location
    label: Text


@dataclass(frozen=True, order=True)
class Fix:
    """What a machine can safely write in the place of the token at the location: one term for another, as N-Triples."""

    original: str
    replacement: str


@dataclass(frozen=True, order=True)
class Result:
    """The rest of a validation result of SHACL (https://www.w3.org/TR/shacl/#validation-report); outside SHACL what is
    not known is empty.

    ``focus`` and ``value`` are N-Triples, ``path`` is a SPARQL property path, ``shape`` and ``constraint`` are IRIs.
    ``statement`` is the offending statement as Turtle, with the labels of its resources.
    """

    focus: str = ""
    path: str = ""
    value: str = ""
    shape: str = ""
    constraint: str = ""
    statement: Text = NO_TEXT


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, where it stands and how to fix it; findings are in the order of their locations.

    ``code`` is that of the rule, like GP012, empty where the project has no such rule. ``severity`` is one of SHACL's,
    in lower case, or the IRI of another. ``results`` are all the validation results that the finding stands for, as
    ``validation.results`` has them: one mistake may have several.
    """

    code: str = ""
    severity: str = VIOLATION
    message: Text
    help: Text = NO_TEXT
    location: Location
    related: tuple[Related, ...] = ()
    fix: Fix | None = field(default=None, compare=False)  # follows from the rest
    result: Result = Result()
    results: tuple[object, ...] = field(default=(), compare=False, repr=False)

    @property
    def level(self) -> str:
        """Which of SHACL's three severities it counts as: one that somebody made up is as bad as a violation."""
        return self.severity if self.severity in (VIOLATION, WARNING, INFO) else VIOLATION

    def __lt__(self, other: Finding) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[object, ...]:
        return self.location, self.message, self.help, self.severity, self.code, self.related, self.result

    def __str__(self) -> str:
        return self.localized(DEFAULT_LANGUAGE)

    def localized(self, language: str) -> str:
        """The finding in lines without a last line end, for readers of a language, given by its tag."""
        lines = [f"{self.location}: {printable(self.message.localized(language))}"]
        return "\n".join([*lines, *(f"{heading}{printable(text)}" for heading, text, _place in self.details(language))])

    def details(self, language: str) -> Iterator[tuple[str, str, Location | None]]:
        """What follows the message, for readers of a language: a heading, a text, and the place of it if it has one."""
        headings = [f"{heading.localized(language)}:" for heading in (_NOTE, _FOUND, _HELP)]
        width = max(map(len, headings))
        note, found, help_ = (f"  {heading:{width}} " for heading in headings)
        for related in self.related:
            yield note, f"{related.location}: {related.label.localized(language)}", related.location
        for heading, text in ((found, self.result.statement), (help_, self.help)):
            if shown := text.localized(language):
                yield heading, shown, None


@dataclass(frozen=True)
class Report:
    """What a validation found: ``findings`` in order of their places, over so many files and distinct triples.

    ``texts`` are those of the files that the findings name, by the path that their locations have; of a file that no
    machine holds they are its lines that findings are about, by their numbers. ``fixed`` are the findings that a change
    did away with, where the report is about a change. ``failures`` are those findings by which nobody knows whether the
    data conform: a file that cannot be read, shapes that cannot be used. ``accepted`` are those that a baseline
    accepts, each with the reason if one was given; ``outdated`` is how many entries of the baseline are of none.
    ``earlier`` are those that were there before the change that the report is about.
    """

    findings: tuple[Finding, ...]
    files: int
    triples: int
    texts: Mapping[str, str | Mapping[int, str]] = field(default_factory=dict, compare=False, repr=False)
    fixed: tuple[Finding, ...] = ()
    failures: tuple[Finding, ...] = ()
    accepted: tuple[tuple[Finding, str], ...] = ()
    outdated: int = 0
    earlier: tuple[Finding, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether nothing that was found is a violation, as the command exits with 0. A report of SHACL in Turtle does
        not conform with any result, also a warning: https://www.w3.org/TR/shacl/#conforms."""
        return all(finding.level != VIOLATION for finding in self.findings)
