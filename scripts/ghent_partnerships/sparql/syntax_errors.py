"""Where a query is no SPARQL, and what is wrong there.

Oxigraph names the furthest place that it tried, which lies behind the mistake by the length of the longest keyword that
could stand there. It is asked again with wide space around each token: then that place is still before the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import DefaultGraph, Store

from ..findings import Finding, Location
from ..rdf.decoding import place
from ..rdf.namespaces import PREFIXES
from ..text import NO_TEXT, Text, quoted
from ..translation import message as _
from .text import Token, prefixes, tokens

_PLACE = re.compile(r"error at (\d+):(\d+): ")
_SENTENCE = re.compile(r"(?:^|, |one of |expected )((?:The|An|A|BIND|IRI|SELECT|Duplicated|Already)\b[a-zA-Z *]*+)")
_SPACE = " " * 40  # wider than any keyword
_SHOWN = 40
_ALIKE = 0.78
_BRACKETS = {")": "(", "}": "{", "]": "["}
_KEYWORDS = (
    "ADJUST ASC ASK AVG BASE BIND BNODE BOUND CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY "
    "DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HAVING HOURS "
    "IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE LIMIT MAX MIN MINUS MINUTES MONTH "
    "NAMED NOT NOW OFFSET OPTIONAL ORDER PREFIX RAND REDUCED REGEX REPLACE ROUND SAMPLE SECONDS SELECT "
    "SEPARATOR SHA256 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM "
    "TIMEZONE UCASE UNDEF UNION UUID VALUES WHERE YEAR "
)


_MEANINGS: tuple[tuple[str, Text], ...] = (  # of the sentences of Oxigraph, to whoever wrote the query
    (
        "The SELECT contains a variable that is unbound",
        _("SELECT names a variable that GROUP BY does not; count it, or group by it"),
    ),
    (
        "The SELECT contains an expression with a variable that is unbound",
        _("SELECT computes with a variable that GROUP BY does not name"),
    ),
    (
        "The SELECT overrides an existing variable",
        _("AS names a variable that the query has already; choose another name"),
    ),
    ("Duplicated variable name in SELECT", _("SELECT names the same variable twice")),
    ("SELECT * is not authorized with GROUP BY", _("SELECT * cannot stand with GROUP BY; name the variables")),
    (
        "BIND is overriding an existing variable",
        _("BIND names a variable that the query has already; choose another name"),
    ),
    (
        "An existing variable is overridden",
        _("BIND names a variable that the query has already; choose another name"),
    ),
    (
        "The VALUES clause rows should have",
        _("Each row of VALUES needs as many values as there are variables; UNDEF leaves a gap"),
    ),
    ("Already used blank node id", _("The same blank node stands in two groups; use a variable")),
)


@dataclass(frozen=True)
class Mistake:
    """The offset of the first character that does not fit, what is wrong there, and how to fix it."""

    offset: int
    message: Text
    help: Text = NO_TEXT

    @property
    def text(self) -> Text:
        """What is wrong and how to fix it, in sentences, for where there is no room for a finding."""
        sentence: Text = _("This is not SPARQL: {message}.", message=self.message)
        return _("{sentence} {help}", sentence=sentence, help=self.help) if self.help else sentence


def mistake(text: str, fails: Callable[[str], str | None]) -> Mistake:
    """What is wrong with a query that Oxigraph refuses; ``fails`` is ``engine_error``, or does the same."""
    found = list(tokens(text))
    broken = next((number for number, token in enumerate(found) if _is_broken(token)), len(found))
    starts, padded = _spaced(found[:broken])
    message = fails(padded) or ("" if broken < len(found) else fails(text)) or ""
    match = _PLACE.match(message)
    furthest = _offset(padded, int(match[1]), int(match[2])) if match else 0
    number = max((number for number, start in enumerate(starts) if start <= furthest), default=0)
    if broken < len(found) and (furthest >= len(padded) or not match):
        return _unended(text, found[broken])
    if not found or furthest >= len(padded):
        return _sentence(found, message) or _ends(text, found)
    token = found[number]
    if token.kind == "name" and token.prefix not in prefixes(text):
        return _undeclared(token)
    return _sentence(found[: number + 1], message) or _misfit(token)


def _is_broken(token: Token) -> bool:
    """Whether it is a string that does not end, or has an escape that is none."""
    if token.kind != "string":
        return False
    content = token.text[1:-1]
    escaped = (len(content) - len(content.rstrip("\\"))) % 2 == 1
    return len(token.text) == 1 or token.text[-1] != token.text[0] or escaped


def _unended(text: str, token: Token) -> Mistake:
    if text.startswith("\\", token.end):
        escape = text[token.end : token.end + 2]
        return Mistake(token.end, _("{escape} is no escape in a string", escape=escape))
    return Mistake(token.start, _("the string that starts here does not end"))


def _spaced(found: Sequence[Token]) -> tuple[list[int], str]:
    """Where each token starts in the text with space between them, and this text."""
    starts, parts, length = list[int](), list[str](), 0
    for number, token in enumerate(found):
        following = found[number + 1].text if number + 1 < len(found) else ""
        glued = (token.text, following) in (("<<", "("), (")", ">>"))
        starts.append(length)
        parts.append(token.text if glued else token.text + _SPACE)
        length += len(parts[-1])
    return starts, "".join(parts)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _line in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _ends(text: str, found: Sequence[Token]) -> Mistake:
    """The query ends too early: behind its last token."""
    opened: list[Token] = []
    for token in found:
        if token.kind in ("mark", "call"):
            if token.text in _BRACKETS.values():
                opened.append(token)
            elif opened and token.text in _BRACKETS:
                opened.pop()
    end = found[-1].end if found else len(text.rstrip())
    if not opened:
        return Mistake(end, _("the query ends here, too early"))
    line, mark = text.count("\n", 0, opened[-1].start) + 1, opened[-1].text
    return Mistake(end, _("the query ends here, and the {mark} in line {line} is not closed", mark=mark, line=line))


def _undeclared(token: Token) -> Mistake:
    declaration = f"PREFIX {token.prefix}: <{PREFIXES.get(token.prefix, '…')}>"
    return Mistake(
        token.start,
        _("the prefix {prefix}: is not declared", prefix=token.prefix),
        _("Add at the top: {declaration}", declaration=declaration),
    )


def _sentence(found: Sequence[Token], message: str) -> Mistake | None:
    """The message of Oxigraph that is a sentence, about the whole query or about the last of these tokens."""
    match = _SENTENCE.search(message)
    if match is None or not found:
        return None
    select = next((token for token in found if token.keyword.startswith("SELECT")), found[-1])
    token = select if "SELECT" in match[1] else found[-1]
    meaning = next((meaning for sentence, meaning in _MEANINGS if match[1].startswith(sentence)), None)
    return Mistake(token.start, meaning or Text(quoted(match[1])))


def _misfit(token: Token) -> Mistake:
    shown = token.text if len(token.text) <= _SHOWN else f"{token.text[:_SHOWN]}…"
    near = _near(token.keyword) if token.kind == "word" else None
    what = _("{shown} does not fit here", shown=shown)
    return (
        Mistake(token.start, what, _("Did you mean {keyword}?", keyword=near)) if near else Mistake(token.start, what)
    )


def _near(word: str) -> str | None:
    if len(word) > _SHOWN or word in _KEYWORDS.split():
        return None
    return next(iter(get_close_matches(word, _KEYWORDS.split(), n=1, cutoff=_ALIKE)), None)


def engine_error(text: str) -> str | None:
    """The message of Oxigraph for a text that it does not take for a SPARQL query; None for one that it takes."""
    try:
        # Two default graphs are refused, after the query was read and before it is asked.
        Store().query(text, base_iri="http://localhost/", use_default_graph_as_union=True, default_graph=DefaultGraph())
    except SyntaxError as error:
        return str(error.msg if error.lineno is None else error)
    except ValueError:
        return None
    return None


def not_sparql(name: str, text: str) -> Finding:
    """The finding for a text, in a file called ``name``, that Oxigraph does not take for a SPARQL query."""
    found = mistake(text, engine_error)
    message = _("This is not SPARQL: {message}.", message=found.message)
    return Finding(message=message, help=found.help, location=Location(name, *place(text, found.offset)))


def described(text: str) -> tuple[int, int, Text]:
    """The line and the column, from 1 and in code points, of the mistake in a query, and what is wrong there."""
    found = mistake(text, engine_error)
    return (*place(text, found.offset), found.text)
