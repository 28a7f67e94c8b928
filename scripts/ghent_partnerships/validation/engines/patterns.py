"""The regular expressions of XPath (``fn:matches``, which SHACL's ``sh:pattern`` is) as Python's.

https://www.w3.org/TR/xpath-functions-31/#regex-syntax. elementpath translates them; those of which both read every
character alike do without it, since its import takes longer than most validations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# What both have, and what stands for it in Python: "." is neither line end, "$" only the end, white space that of XML.
_ESCAPED = r"\\[.\\\-(){}\[\]*+?|^$nrtdD]"
_IN_CLASS = rf"(?:{_ESCAPED}|\\[sS]|[^\\\[\]\-^&~|])"
_PART = re.compile(
    rf"(?P<class>\[\^?(?:{_IN_CLASS}(?:-{_IN_CLASS})?)+-?\])|(?P<same>{_ESCAPED}|[^\\.\[\](){{}}*+?|^$]+|[|)^]|\((?!\?)"
    r"|[*+?](?![*+])|\{[0-9]+(?:,[0-9]*)?\}(?![*+]))|(?P<other>\\[sS]|[.$])"
)
_SPACE = r" \t\n\r"
_OTHERWISE = {r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]", ".": r"[^\n\r]", "$": r"\Z"}
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}


def prepare(patterns: Iterable[str], flags: Iterable[str]) -> None:
    """Import what translates the patterns, if any of them or of their flags needs it."""
    if any(not {"m", "x"}.isdisjoint(given) for given in flags) or any(
        _translated(pattern, dot_is_any=False) is None for pattern in patterns
    ):
        import elementpath.regex  # noqa: F401


@cache
def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """Return the pattern, for ``search``, with the flags of XPath: any of ``smixq``.

    Raises:
        ValueError: it is no pattern of XPath, or there is no such flag; the message says which.
    """
    if unknown := set(flags) - set("smixq"):
        raise ValueError(f"{''.join(sorted(unknown))}: no flag")
    known = 0
    for flag in _FLAGS.keys() & set(flags):
        known |= _FLAGS[flag]
    if "q" in flags:  # with which "s", "m" and "x" mean nothing
        return re.compile(re.escape(pattern), known & re.IGNORECASE)
    if "x" in flags:
        pattern = _without_space(pattern)
    try:
        if "m" not in flags and (translated := _translated(pattern, dot_is_any="s" in flags)) is not None:
            return re.compile(translated, known)
        from elementpath.regex import RegexError, translate_pattern

        try:
            return re.compile(translate_pattern(pattern, known, xsd_version="1.1"), known)
        except RegexError as error:
            raise ValueError(str(error)) from error
    except (re.error, OverflowError) as error:  # the latter where a part is repeated too often
        raise ValueError(str(error)) from error


def _translated(pattern: str, *, dot_is_any: bool) -> str | None:
    """The pattern as Python's, or None where there is more in it than a few kinds of parts."""
    parts, end = [], 0
    while end < len(pattern):
        match = _PART.match(pattern, end)
        if match is None or (match["class"] and r"\S" in match["class"]):
            return None
        end = match.end()
        if match["other"]:
            parts.append("." if match["other"] == "." and dot_is_any else _OTHERWISE[match["other"]])
        else:
            parts.append(match[0].replace(r"\s", _SPACE) if match["class"] else match[0])
    return "".join(parts)


def _without_space(pattern: str) -> str:
    """The pattern as flag x has it: without white space, but for that in a class."""
    parts, depth, escaped = [], 0, False
    for character in pattern:
        if not depth and not escaped and character in " \t\n\r":
            continue
        parts.append(character)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "[]":
            depth = max(depth + (1 if character == "[" else -1), 0)
    return "".join(parts)
