"""Write what a validation found: for people, for GitHub and GitLab, for editors and other programs.

Whatever stands in the data, a report says it and nothing else: no form lets a text steer a terminal, start a workflow
command or end the string that it stands in. The same report gives the same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...errors import UsageError
from ...terminal import no_command, printable

if TYPE_CHECKING:  # dataclasses and pyoxigraph are slow to import, and only the choices may be wanted
    from pyoxigraph import BlankNode, Literal, NamedNode

    from ...findings import Finding, Report
    from ...rdf.turtle import Node

FORMS = ("text", "github", "sarif", "junit", "json", "turtle")
SEVERITIES = ("violation", "warning", "info")  # the worst first
_ALIKE = 20  # findings of a kind that the text shows
_MOST = 1000  # findings that the text shows at all
_ANNOTATIONS = 10  # of a level that GitHub shows of one step
_COLUMNS, _BEFORE = 160, 60  # of an excerpt, and of what it shows before the place at least
_LONGEST = 1000  # code points of a message in the text, and of a snippet


class _Words(NamedTuple):
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


_WORDS = {
    "en": _Words(
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
        hidden=f"GitHub shows {_ANNOTATIONS} annotations of each level of a step; this log has {{count}} more.",
        unreadable="A file can be read, and used for what it is given for.",
    ),
    "nl": _Words(
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
        hidden=f"GitHub toont {_ANNOTATIONS} annotaties van elk niveau van een stap; dit log heeft er nog {{count}}.",
        unreadable="Een bestand is leesbaar, en bruikbaar waarvoor het gegeven is.",
    ),
}


def write(
    report: Report,
    form: str,
    language: str = "en",
    *,
    colour: bool = False,
    version: str = "",
) -> str:
    """Return the report in one of the ``FORMS``, its messages in English or (``nl``) in Dutch where they have any.

    ``colour`` is for the text on a terminal, ``version`` (of this program) for SARIF.

    Raises:
        UsageError: there is no such form or language.
    """
    if form not in FORMS:
        raise UsageError(f"{form}: no form of a report; expected {', '.join(FORMS)}")
    if language not in _WORDS:
        raise UsageError(f"{language}: no language of a report; expected {' or '.join(_WORDS)}")
    if form == "text":
        return _text(report, language, colour)
    if form == "github":
        return _github(report, language)
    if form == "sarif":
        return _sarif(report, language, version)
    if form == "junit":
        return _junit(report, language)
    return _json(report) if form == "json" else _turtle(report)


def fails(report: Report, severity: str) -> bool:
    """Whether something was found that is at least as bad as one of the ``SEVERITIES``."""
    bad = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return any(_severity(finding) in bad for finding in report.findings)


def _code(finding: Finding) -> str:
    """The code of the rule; where it has none, what kind of constraint it is: ``min-count``."""
    if finding.code or not finding.constraint:
        return finding.code or "syntax"
    name = re.split(r"[#/:]", finding.constraint)[-1].removesuffix("ConstraintComponent")
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return "-".join(words).lower() or "constraint"


def _severity(finding: Finding) -> str:
    """One of the three; a severity that somebody made up is as bad as any."""
    return finding.severity if finding.severity in SEVERITIES else "violation"


def _message(finding: Finding, language: str) -> str:
    return (language == "nl" and finding.message_nl) or finding.message


def _mend(finding: Finding, language: str) -> str:
    return (language == "nl" and finding.mend_nl) or finding.mend


def _found(finding: Finding, language: str) -> str:
    return (language == "nl" and finding.found_nl) or finding.found


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        counts[_severity(finding)] += 1
    return counts


def _summary(report: Report, language: str) -> str:
    """``55 files, 2,660 triples: 2 violations, 1 warning``."""
    words = _WORDS[language]

    def number(count: int, noun: str) -> str:
        return f"{_digits(count, words)} {words.nouns[noun][count != 1]}"

    found = [number(count, severity) for severity, count in _counts(report.findings).items() if count]
    return f"{number(report.files, 'file')}, {number(report.triples, 'triple')}: {', '.join(found) or words.none}"


def _digits(count: int, words: _Words) -> str:
    return f"{count:,}".replace(",", words.separator)


class _Mark(NamedTuple):
    """What a finding points at: from ``start`` to ``end`` in a line, as offsets."""

    line: str
    start: int
    end: int


class _Sources:
    """The texts that findings stand in. Each is divided once, and each line: there may be many findings in it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.starts: dict[str, list[int]] = {}
        self.lines: dict[tuple[str, int], str] = {}  # a line may be as long as the file

    def mark(self, finding: Finding) -> _Mark | None:
        """The line of the finding, and in it the token that starts at its place, or None where that is unknown."""
        from ...rdf.lexer import token_end

        text = self.texts.get(finding.file, "")
        if finding.file not in self.starts:
            self.starts[finding.file] = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text)), len(text)]
        starts = self.starts[finding.file]
        if not text or not 0 < finding.line < len(starts):
            return None
        offset = starts[finding.line - 1]
        if (line := self.lines.get((finding.file, finding.line))) is None:
            line = self.lines[finding.file, finding.line] = text[offset : starts[finding.line]].rstrip("\r\n")
        start = min(finding.column - 1, len(line))
        return _Mark(line, start, token_end(text, offset + start) - offset)


# Text


def _text(report: Report, language: str, colour: bool) -> str:
    words = _WORDS[language]
    sources = _Sources(report.texts)
    lines = []
    for one in _grouped(report.findings, words):
        if isinstance(one, str):
            lines.append(one)
            continue
        lines.append(f"{_headline(one, words, colour)}: {_short(_message(one, language))}")
        if (mark := sources.mark(one)) and mark.line.strip():
            lines += _excerpt(one.line, mark)
        lines += [words.found + _short(_found(one, language))] * bool(one.found)
        lines += [words.mend + _short(_mend(one, language))] * bool(_mend(one, language))
    for one in _grouped(report.mended, words):
        if isinstance(one, str):
            lines.append(one)
        else:
            head = _headline(one, words, colour)
            lines.append(f"{words.mended}: {head}: {_short(_message(one, language))}")
    text = "".join(f"{line}\n" for line in [*lines, _summary(report, language)])
    return no_command(text, r"\x3a", r"#\x23")  # an excerpt has been put together of single characters


def _headline(finding: Finding, words: _Words, colour: bool) -> str:
    """The place, the severity and the code: what a compiler writes first."""
    place, severity = finding.place, words.nouns[_severity(finding)][0]
    if colour:
        place = f"\x1b[1m{place}\x1b[0m"
        severity = f"\x1b[{dict(zip(SEVERITIES, (31, 33, 34), strict=True))[_severity(finding)]}m{severity}\x1b[0m"
    return f"{place}: {severity} {printable(_code(finding))}"


def _grouped(findings: Sequence[Finding], words: _Words) -> Iterator[Finding | str]:
    """The first findings of each kind, and after them how many more there are: nobody reads 100,000."""
    kinds = [(_severity(one), _code(one), one.message) for one in findings]
    totals: dict[tuple[str, str, str], int] = {}
    last: dict[tuple[str, str, str], Finding] = {}
    for kind, finding in zip(kinds, findings, strict=True):
        totals[kind] = totals.get(kind, 0) + 1
        last[kind] = finding
    seen = dict.fromkeys(totals, 0)
    shown = told = 0
    for kind, finding in zip(kinds, findings, strict=True):
        if shown == _MOST:
            break
        if seen[kind] == _ALIKE:
            continue
        seen[kind] += 1
        shown += 1
        yield finding
        if seen[kind] == _ALIKE and (more := totals[kind] - _ALIKE):
            told += more
            code = printable(kind[1])
            yield words.alike.format(count=_digits(more, words), code=code, place=last[kind].place)
    if rest := len(findings) - shown - told:
        yield words.more.format(count=_digits(rest, words))


def _short(text: str) -> str:
    """The text in one line that can be read on a terminal."""
    return printable(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")


def _excerpt(number: int, mark: _Mark) -> list[str]:
    """The line and below it the mark, both made of what can be seen, and cut around the place if they are too long."""
    near = 2 * _COLUMNS  # code points: some take no column, and a line may have millions
    left = mark.line[max(mark.start - near, 0) : mark.start]
    right = mark.line[mark.start : mark.start + near]
    before, after = [_visible(char) for char in left], [_visible(char) for char in right]
    cut_before, cut_after = len(left) < mark.start, mark.start + len(right) < len(mark.line)
    widths = [sum(width for _, width in cells) for cells in (before, after)]
    if cut_before or cut_after or sum(widths) > _COLUMNS:
        room = _COLUMNS - 2  # for what shows that something is cut off
        before_room = min(widths[0], max(_BEFORE, room - widths[1]))
        kept = _fitting(before[::-1], before_room)[::-1]
        cut_before, before = cut_before or len(kept) < len(before), kept
        kept = _fitting(after, room - sum(width for _, width in before))
        cut_after, after = cut_after or len(kept) < len(after), kept
    indent = cut_before + sum(width for _, width in before)
    length = max(sum(width for _, width in after[: mark.end - mark.start]), 1)
    shown = "…" * cut_before + "".join(cell for cell, _ in (*before, *after)) + "…" * cut_after
    return [f"{number:>5} | {shown}".rstrip(), f"{'':5} | {' ' * indent}^{'~' * (length - 1)}"]


def _visible(char: str) -> tuple[str, int]:
    """What stands for a character on a terminal, and how many columns that takes."""
    if char == "\t":
        return " ", 1
    if not char.isprintable():
        escape = printable(char)
        return escape, len(escape)
    if char.isascii():
        return char, 1
    from unicodedata import category, east_asian_width

    return char, 0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1


def _fitting(cells: Sequence[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    """As many of the first cells as there is room for."""
    fitting = []
    for cell, width in cells:
        room -= width
        if room < 0:
            break
        fitting.append((cell, width))
    return fitting


# GitHub


def _github(report: Report, language: str) -> str:
    """Workflow commands, which GitHub shows beside the lines that they are about."""
    words = _WORDS[language]
    sources = _Sources(report.texts)
    commands = dict(zip(SEVERITIES, ("error", "warning", "notice"), strict=True))
    lines = []
    for one in report.findings:
        properties = {"file": one.file, "line": str(one.line), "col": str(one.column)}
        if (mark := sources.mark(one)) and mark.end > mark.start:
            properties["endColumn"] = str(mark.end + 1)
        properties["title"] = _code(one)
        given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
        data = "%0A".join(_data(text) for text in (_message(one, language), _mend(one, language)) if text)
        lines.append(f"::{commands[_severity(one)]} {given}::{data}")
    hidden = sum(max(count - _ANNOTATIONS, 0) for count in _counts(report.findings).values())
    lines += [f"::notice::{words.hidden.format(count=_digits(hidden, words))}"] * bool(hidden)
    return "".join(f"{line}\n" for line in [*lines, _summary(report, language)])


def _data(text: str) -> str:
    """The text for a workflow command. It starts none itself, also where somebody decodes and prints it again."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# SARIF


def _sarif(report: Report, language: str, version: str) -> str:
    from ..rules import by_number

    sources, old = _Sources(report.texts), _Sources({})  # what was mended stands in texts that are gone
    rules: dict[str, dict[str, object]] = {}
    for one in (*report.findings, *report.mended):
        rules.setdefault(_code(one), _rule(one, language))
    order = {code: number for number, code in enumerate(sorted(rules, key=by_number))}
    seen: dict[str, int] = {}
    results = [_result(one, language, sources, order, seen) for one in report.findings]
    if report.mended:  # all results of a run have a state, or none has
        results = [{**result, "baselineState": "new"} for result in results]
        absent = (_result(one, language, old, order, seen) for one in report.mended)
        results += [{**result, "baselineState": "absent"} for result in absent]
    driver: dict[str, object] = {"name": "ghent-partnerships", "rules": [rules[code] for code in order]}
    if version:
        driver["semanticVersion"] = version
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return _as_json({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _rule(finding: Finding, language: str) -> dict[str, object]:
    """The rule that a finding is of. One of ours has one message; what others are about depends on their shapes."""
    if finding.code:
        about, mend = _message(finding, language), _mend(finding, language)
    else:
        about, mend = finding.constraint or _WORDS[language].unreadable, ""
    return {
        "id": printable(_code(finding)),
        "shortDescription": {"text": _sarif_text(about)},
        "fullDescription": {"text": _sarif_text(about)},
        "help": {"text": _sarif_text(mend or about)},
        "defaultConfiguration": {"level": _level(finding)},
    }


def _result(
    finding: Finding, language: str, sources: _Sources, order: Mapping[str, int], seen: dict[str, int]
) -> dict[str, object]:
    mark = sources.mark(finding)
    region: dict[str, object] = {"startLine": finding.line, "startColumn": finding.column}
    if mark and mark.end > mark.start:
        region["endColumn"] = mark.end + 1
        if mark.end - mark.start <= _LONGEST:
            region["snippet"] = {"text": mark.line[mark.start : mark.end]}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    message = "\n".join(_sarif_text(text) for text in (_message(finding, language), _mend(finding, language)) if text)
    fingerprint = _fingerprint(finding, mark.line if mark else "")
    seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
    return {
        "ruleId": printable(_code(finding)),
        "ruleIndex": order[_code(finding)],
        "level": _level(finding),
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"ghentPartnerships/v1": f"{fingerprint}:{number}"},
    }


def _level(finding: Finding) -> str:
    return dict(zip(SEVERITIES, ("error", "warning", "note"), strict=True))[_severity(finding)]


def _sarif_text(text: str) -> str:
    """The text for a message, in which ``[…](…)`` would be a link."""
    text = printable(text)
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text) if "](" in text else text


def _uri(file: str) -> str:
    from urllib.parse import quote

    try:
        path = quote(os.fsencode(file))
    except UnicodeEncodeError:  # half a character that stands for no byte
        path = quote(printable(file))
    return f"file://{path}" if path.startswith("/") else path


def _fingerprint(finding: Finding, line: str) -> str:
    """What a finding is recognised by after lines were added above it. Labels of blank nodes are new on each run."""
    from hashlib import sha256

    terms = ["_:" if term.startswith("_:") else term for term in (finding.focus, finding.value)]
    parts = ["", _code(finding), finding.file, terms[0], finding.path, terms[1], finding.shape, finding.constraint]
    if terms[0] in ("", "_:"):
        parts += [finding.message, line.strip()]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


# JUnit


def _junit(report: Report, language: str) -> str:
    """One test case for each finding, and one that passes where there is none: GitLab and Jenkins show each by name."""
    words = _WORDS[language]
    sources = _Sources(report.texts)
    cases = []
    names: dict[tuple[str, str], int] = {}
    for one in report.findings:
        file, code, message, mend = _xml(one.file), _code(one), _message(one, language), _mend(one, language)
        name = f"{code} {one.line}:{one.column} {message}"
        names[one.file, name] = count = names.get((one.file, name), 0) + 1
        if count > 1:  # GitLab keeps one of those that have the same name
            name += f" ({count})"
        lines = [f"{one.place}: {words.nouns[_severity(one)][0]} {printable(code)}: {printable(message)}"]
        if (mark := sources.mark(one)) and mark.line.strip():
            lines += _excerpt(one.line, mark)
        lines += [words.found + printable(_found(one, language))] * bool(one.found)
        lines += [words.mend + printable(mend)] * bool(mend)
        cases += [
            f'    <testcase classname="{file}" name="{_xml(name)}" file="{file}" line="{one.line}">',
            f'      <failure type="{_xml(code)}" message="{_xml(message)}">'
            + "\n".join(map(_xml, lines))
            + "</failure>",
            "    </testcase>",
        ]
    count = len(report.findings)
    if not count:
        cases.append('    <testcase classname="ghent-partnerships" name="validate"/>')
    counts = f'tests="{max(count, 1)}" failures="{count}" errors="0" skipped="0"'
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="ghent-partnerships" {counts}>',
            f'  <testsuite name="ghent-partnerships" {counts}>',
            *cases,
            f"    <system-out>{_xml(_summary(report, language))}</system-out>",
            "  </testsuite>",
            "</testsuites>",
            "",
        )
    )


def _xml(text: str) -> str:
    """The text in an element or an attribute. What XML cannot hold cannot be seen either, so it is escaped already."""
    from html import escape

    return escape(printable(text))


# JSON


def _json(report: Report) -> str:
    from dataclasses import fields

    from ...findings import Finding

    names = [field.name for field in fields(Finding)]
    labels: dict[str, str] = {}

    def plain(finding: Finding) -> dict[str, object]:
        content = {name: getattr(finding, name) for name in names}
        for name in ("focus", "value"):
            if content[name].startswith("_:"):  # a label is new on each run
                content[name] = labels.setdefault(content[name], f"_:b{len(labels) + 1}")
        return content

    return _as_json(
        {
            "conforms": report.conforms,
            "files": report.files,
            "triples": report.triples,
            "counts": _counts(report.findings),
            "findings": [plain(finding) for finding in report.findings],
            "mended": [plain(finding) for finding in report.mended],
        }
    )


def _as_json(content: object) -> str:
    """JSON with everything escaped that cannot be seen, what is half a character in a file name, and what would be a
    command to GitHub."""
    import orjson

    try:
        text = orjson.dumps(content, option=orjson.OPT_INDENT_2).decode("utf-8")
    except orjson.JSONEncodeError:  # half a character: the same text, much slower
        import json

        text = json.dumps(content, ensure_ascii=False, indent=2)
    return f"{json_printable(text)}\n"


def json_printable(text: str) -> str:
    """JSON with everything escaped that cannot be seen, or would be a command to GitHub: both stand in strings only."""
    lines = (line if line.isprintable() else _escaped(line) for line in text.split("\n"))
    return no_command("\n".join(lines), ":", r"#\u0023")


def _escaped(line: str) -> str:
    return "".join(
        char
        if char.isprintable()
        else "".join(f"\\u{unit:04x}" for unit in memoryview(char.encode("utf-16-le", "surrogatepass")).cast("H"))
        for char in line
    )


# Turtle


def _turtle(report: Report) -> str:
    """The report that SHACL defines."""
    from pyoxigraph import BlankNode, Literal, NamedNode

    from ...rdf.namespaces import GP, PREFIXES
    from ...rdf.turtle import TYPE, XSD, serialize

    sh = PREFIXES["sh"]
    terms = _Terms()
    results: list[Node | Literal] = []
    conforms = Literal(str(report.conforms).lower(), datatype=NamedNode(XSD + "boolean"))
    root = BlankNode()
    about: dict[str, list[Node | Literal]] = {
        TYPE: [NamedNode(sh + "ValidationReport")],
        sh + "conforms": [conforms],
        sh + "result": results,
    }
    terms.statements[root] = about
    for one in report.findings:
        constraint = terms.iri(one.constraint) or terms.iri(GP + _fragment(_code(one)))
        texts = [("en", one.message), ("nl", one.message_nl)]
        if not one.focus:  # it has no other way to say where
            texts = [(language, f"{one.place}: {text}" if text else "") for language, text in texts]
        parts: dict[str, list[Node | Literal | None]] = {
            TYPE: [NamedNode(sh + "ValidationResult")],
            sh + "focusNode": [terms.term(one.focus)],
            sh + "resultPath": [terms.path(one.path)],
            sh + "value": [terms.term(one.value)],
            sh + "sourceShape": [terms.iri(one.shape)],
            sh + "sourceConstraintComponent": [constraint],
            sh + "resultSeverity": [NamedNode(sh + _severity(one).capitalize())],
            sh + "resultMessage": [Literal(_whole(text), language=language) for language, text in texts if text],
        }
        results.append(terms.blank({name: [v for v in values if v is not None] for name, values in parts.items()}))
    return no_command(serialize(terms.statements, PREFIXES), r"\u003A", r"#\u0023")  # both stand in literals


def _fragment(code: str) -> str:
    from urllib.parse import quote

    return quote(_whole(code), safe="")


def _whole(text: str) -> str:
    """The text with an escape for each half of a character, which RDF cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Terms:
    """Makes terms of their notations. Each blank node is new: canonical Turtle has no labels."""

    def __init__(self) -> None:
        import pyoxigraph

        self.rdf = pyoxigraph
        self.statements: dict[Node, dict[str, list[Node | Literal]]] = {}
        self.known: dict[str, NamedNode | Literal] = {}
        self.paths: dict[str, NamedNode | _Path | None] = {}

    def blank(self, about: dict[str, list[Node | Literal]]) -> BlankNode:
        node = self.rdf.BlankNode()
        self.statements[node] = about
        return node

    def iri(self, text: str) -> NamedNode | None:
        try:
            return self.rdf.NamedNode(text)
        except ValueError:
            return None

    def term(self, text: str) -> Node | Literal | None:
        """The term that N-Triples writes so; a text that is none stands for itself."""
        if not text or text.startswith("_:"):
            return self.rdf.BlankNode() if text else None
        if (known := self.known.get(text)) is None:
            known = self.known[text] = self._term(text)
        return known

    def _term(self, text: str) -> NamedNode | Literal:
        try:
            (quad,) = self.rdf.parse(f"<a:s> <a:p> {_whole(text)} .", format=self.rdf.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError):  # a ValueError: two statements
            return self.rdf.Literal(_whole(text))
        term = quad.object
        if isinstance(term, self.rdf.Triple | self.rdf.BlankNode) or getattr(term, "direction", None):  # of RDF 1.2
            return self.rdf.Literal(text)
        known: NamedNode | Literal = term
        return known

    def path(self, text: str) -> Node | None:
        """The node that stands for a SPARQL property path in SHACL, or None for what is no such path."""
        if text not in self.paths:
            try:
                self.paths[text] = _path(text)
            except ValueError:
                self.paths[text] = None
        path = self.paths[text]
        return None if path is None else self._node(path)

    def _node(self, path: NamedNode | _Path) -> Node:
        from ...rdf.namespaces import PREFIXES
        from ...rdf.turtle import FIRST, NIL, REST

        if isinstance(path, self.rdf.NamedNode):
            return path
        steps = [self._node(part) for part in path.parts]
        node: Node = steps[0]
        if path.operator in ("alternativePath", "sequence"):
            node = self.rdf.NamedNode(NIL)
            for step in reversed(steps):
                node = self.blank({FIRST: [step], REST: [node]})
        return node if path.operator == "sequence" else self.blank({PREFIXES["sh"] + path.operator: [node]})


class _Path(NamedTuple):
    """A property path that is no IRI: what SHACL's property of that local name, or ``sequence``, makes of others."""

    operator: str
    parts: tuple[NamedNode | _Path, ...]


_PATH_TOKEN = re.compile(r"\s*+(<[^<>\"{}|^`\\\x00-\x20]*>|[()|/^*+?])")
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_DEEPEST = 20  # a path that is nested deeper was made to break something


def _path(text: str) -> NamedNode | _Path:
    """Read a SPARQL property path.

    Raises:
        ValueError: it is none, or uses what SHACL does not have.
    """
    tokens: list[str] = []
    offset = 0
    while match := _PATH_TOKEN.match(text, offset):
        tokens.append(match[1])
        offset = match.end()
    if text[offset:].strip() or not tokens:
        raise ValueError(text)
    tokens.reverse()
    path = _alternative(tokens, 0)
    if tokens:
        raise ValueError(text)
    return path


def _alternative(tokens: list[str], depth: int) -> NamedNode | _Path:
    parts = [_sequence(tokens, depth)]
    while _took(tokens, "|"):
        parts.append(_sequence(tokens, depth))
    return parts[0] if len(parts) == 1 else _Path("alternativePath", tuple(parts))


def _sequence(tokens: list[str], depth: int) -> NamedNode | _Path:
    parts = [_step(tokens, depth)]
    while _took(tokens, "/"):
        parts.append(_step(tokens, depth))
    return parts[0] if len(parts) == 1 else _Path("sequence", tuple(parts))


def _step(tokens: list[str], depth: int) -> NamedNode | _Path:
    from pyoxigraph import NamedNode

    path: NamedNode | _Path
    if depth > _DEEPEST or not tokens:
        raise ValueError("the path is nested too deep, or ends too early")
    if _took(tokens, "^"):
        return _Path("inversePath", (_step(tokens, depth + 1),))
    token = tokens.pop()
    if token == "(":
        path = _alternative(tokens, depth + 1)
        if not _took(tokens, ")"):
            raise ValueError("a parenthesis is not closed")
    elif token.startswith("<"):
        path = NamedNode(token[1:-1])
    else:
        raise ValueError(f"{token} stands where a path should start")
    return _Path(_REPEATED[tokens.pop()], (path,)) if tokens and tokens[-1] in _REPEATED else path


def _took(tokens: list[str], token: str) -> bool:
    if tokens and tokens[-1] == token:
        tokens.pop()
        return True
    return False
