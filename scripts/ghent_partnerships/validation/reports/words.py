"""What every report says: the words, the name of a rule, how many findings there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from . import SEVERITIES

if TYPE_CHECKING:
    from ...findings import Finding, Report

ANNOTATIONS = 10  # of a level that GitHub shows of one step


class Words(NamedTuple):
    """What a report says in a language itself; a noun is its singular and its plural."""

    separator: str
    nouns: Mapping[str, tuple[str, str]]
    none: str
    found: str
    mend: str
    mended: str
    alike: str
    more: str
    hidden: str
    unreadable: str


WORDS = {
    "en": Words(
        separator=",",
        nouns={
            "file": ("file", "files"),
            "triple": ("triple", "triples"),
            "violation": ("violation", "violations"),
            "warning": ("warning", "warnings"),
            "info": ("info", "infos"),
        },
        none="no findings",
        found="  found: ",
        mend="  mend:  ",
        mended="mended",
        alike="… and {count} more like this ({code}), the last at {place}",
        more="… and {count} more: json has all of them",
        hidden=f"GitHub shows {ANNOTATIONS} annotations of each level of a step; this log has {{count}} more.",
        unreadable="A file can be read, and used for what it is given for.",
    ),
    "nl": Words(
        separator=".",
        nouns={
            "file": ("bestand", "bestanden"),
            "triple": ("triple", "triples"),
            "violation": ("schending", "schendingen"),
            "warning": ("waarschuwing", "waarschuwingen"),
            "info": ("info", "info's"),
        },
        none="geen bevindingen",
        found="  gevonden: ",
        mend="  herstel:  ",
        mended="hersteld",
        alike="… en nog {count} zoals deze ({code}), de laatste op {place}",
        more="… en nog {count}: json heeft ze allemaal",
        hidden=f"GitHub toont {ANNOTATIONS} annotaties van elk niveau van een stap; dit log heeft er nog {{count}}.",
        unreadable="Een bestand is leesbaar, en bruikbaar waarvoor het gegeven is.",
    ),
}


def rule_id(finding: Finding) -> str:
    """The code of the rule; where it has none, what kind of constraint it is: ``min-count``."""
    if finding.code or not finding.constraint:
        return finding.code or "syntax"
    name = re.split(r"[#/:]", finding.constraint)[-1].removesuffix("ConstraintComponent")
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return "-".join(words).lower() or "constraint"


def severity_of(finding: Finding) -> str:
    """One of the three; a severity that somebody made up is as bad as any."""
    return finding.severity if finding.severity in SEVERITIES else "violation"


def message(finding: Finding, language: str) -> str:
    """What is wrong."""
    return (language == "nl" and finding.message_nl) or finding.message


def mend(finding: Finding, language: str) -> str:
    """How to mend it."""
    return (language == "nl" and finding.mend_nl) or finding.mend


def found(finding: Finding, language: str) -> str:
    """What stands there."""
    return (language == "nl" and finding.found_nl) or finding.found


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        counts[severity_of(finding)] += 1
    return counts


def summary(report: Report, language: str) -> str:
    """``55 files, 2,660 triples: 2 violations, 1 warning``."""
    words = WORDS[language]

    def number(count: int, noun: str) -> str:
        return f"{digits(count, words)} {words.nouns[noun][count != 1]}"

    found = [number(count, severity) for severity, count in counts(report.findings).items() if count]
    return f"{number(report.files, 'file')}, {number(report.triples, 'triple')}: {', '.join(found) or words.none}"


def digits(count: int, words: Words) -> str:
    """The number with its thousands apart."""
    return f"{count:,}".replace(",", words.separator)
