"""The regular expressions of XPath (``fn:matches``, which ``sh:pattern`` is), in time that grows with the text.

https://www.w3.org/TR/xpath-functions-31/#regex-syntax. elementpath translates them to Python's; those of which both
read every character alike do without it, since its import takes longer than most validations. RE2 matches, and needs no
more than a step for each character and part of the pattern. What it cannot (a back-reference, or a part that is
repeated more than 1,000 times) is left to Python, which may need for ever, in a process that is stopped in time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

# What both have, and what stands for it in Python: "." is neither line end, "$" only the end, white space that of XML.
_ESCAPED = r"\\[.\\\-(){}\[\]*+?|^$nrtdD]"
_IN_CLASS = rf"(?:{_ESCAPED}|\\[sS]|[^\\\[\]\-^&~|])"
_PART = re.compile(
    rf"(?P<class>\[\^?(?:{_IN_CLASS}(?:-{_IN_CLASS})?)+-?\])|(?P<same>{_ESCAPED}|[^\\.\[\](){{}}*+?|^$]+|[|)^]|\((?!\?)"
    r"|[*+?](?![*+])|\{[0-9]+(?:,[0-9]*)?\}(?![*+]))|(?P<other>\\[sS]|[.$])"
)
_SPACE = r" \t\n\r"
_OTHERWISE = {r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]", ".": r"[^\n\r]", "$": r"$(?!\n\Z)"}
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
_TOKEN = re.compile(
    r"(?P<end>\$\(\?!\\n\\Z\))|(?P<start>\(\?<!\\n\\Z\)\^)"
    r"|\[(?P<class>(?:\\.|[^\]\\])*+)(?:\]|\Z)|(?P<escape>\\.)|(?P<line>\$)|\{(?P<times>[0-9,]+)\}|(?P<other>.)",
    re.DOTALL,
)


def prepare(patterns: Iterable[str], flags: Iterable[str]) -> None:
    """Import what the patterns need, and what translates them if any of them or of their flags needs that."""
    patterns = list(patterns)
    if patterns:
        import re2  # noqa: F401
    if any(not {"m", "x"}.isdisjoint(given) for given in flags) or any(
        _translated(pattern, dot_is_any=False) is None or r"\w" in pattern.lower() for pattern in patterns
    ):
        import elementpath.regex  # noqa: F401


@cache
def compiled(pattern: str, flags: str) -> Callable[[str], bool]:
    """Return what says whether a text has a match of the pattern, with the flags of XPath: any of ``smixq``.

    Raises:
        ValueError: it is no pattern of XPath, or there is no such flag; the message says which.
    """
    if unknown := set(flags) - set("smixq"):
        raise ValueError(f"{''.join(sorted(unknown))}: no flag")
    if "q" in flags:  # with which "s", "m" and "x" mean nothing
        return _matching(re.escape(pattern), flags="i" if "i" in flags else "")
    if "x" in flags:
        pattern = _without_space(pattern)
    known = "".join(sorted(set(flags) - {"x"}))
    if "m" not in flags and (translated := _translated(pattern, dot_is_any="s" in flags)) is not None:
        return _matching(translated, known)
    return _matching(_of_elementpath(pattern, known), known)


def _of_elementpath(pattern: str, flags: str = "") -> str:
    from elementpath.regex import RegexError, translate_pattern

    try:
        return translate_pattern(pattern, sum(_FLAGS[flag] for flag in flags), xsd_version="1.1")
    except RegexError as error:
        raise ValueError(str(error)) from error


def _matching(translated: str, flags: str) -> Callable[[str], bool]:
    """What looks for a pattern of Python's with RE2, or with Python if RE2 cannot."""
    import re2

    options = re2.Options()
    options.never_capture, options.log_errors = True, False
    try:
        inline = "".join(set(flags) - {"m"})
        search = re2.compile((f"(?{inline})" * bool(inline) + _rewritten(translated, _OF_RE2)).encode(), options).search
    except (re2.error, _BeyondError):
        return _matching_with_python(translated, flags)
    return lambda text: search(text.encode()) is not None


def _matching_with_python(translated: str, flags: str) -> Callable[[str], bool]:
    try:
        search = re.compile(_rewritten(translated, _OF_PYTHON), sum(_FLAGS[flag] for flag in flags)).search
    except (re.error, OverflowError) as error:  # the latter where a part is repeated too often
        raise ValueError(str(error)) from error
    return lambda text: search(text) is not None


class _BeyondError(ValueError):
    """RE2 cannot do this, or would read it otherwise."""


_DIGITS = 8  # of a number of times: beyond, RE2 takes the braces for themselves
_Rewrite = Mapping[str, str]
_WHITE = {r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]"}
_OF_PYTHON: _Rewrite = _WHITE
_OF_RE2: _Rewrite = {
    **_WHITE,
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    "end": r"\z",
    "start": "(?m:^)",
    "line": "(?m:$)",
}


def _rewritten(pattern: str, rewrite: _Rewrite) -> str:
    """A pattern of Python's as RE2 reads it, or as XPath means it: with the parts that have another meaning there."""
    is_re2 = rewrite is _OF_RE2
    parts = []
    for token in _TOKEN.finditer(pattern):
        text, kind = token[0], str(token.lastgroup)
        if kind == "class" and is_re2:
            parts.append(f"[{_members(token['class'])}]")
        elif kind == "times" and is_re2 and any(len(number) > _DIGITS for number in token["times"].split(",")):
            raise _BeyondError
        elif kind == "escape":
            if is_re2 and text[1].isdigit():
                raise _BeyondError
            parts.append(_of_elementpath(f"[{text}]") if text in (r"\w", r"\W") else rewrite.get(text, text))
        else:
            parts.append(rewrite.get(kind, text))
    return "".join(parts)


def _members(members: str) -> str:
    """The members of a class as RE2 reads them, which are UTF-8, so that half a character is a number."""
    for digits in r"\d", r"\D":
        members = members.replace(digits, _OF_RE2[digits])
    return "".join(f"\\x{{{ord(char):x}}}" if "\ud800" <= char <= "\udfff" else char for char in members)


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
