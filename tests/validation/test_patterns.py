"""sh:pattern and sh:flags are those of XPath's fn:matches."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.engines import patterns


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "matches"),
    [
        ("a.c", "", "xabcx", True),
        ("a.c", "q", "abc", False),
        ("a.c", "q", "xa.c", True),
        ("A.C", "qi", "a.c", True),
        ("^a.c$", "qsmx", "abc", False),
        ("a b c", "x", "abc", True),
        ("a b\nc", "x", "abc", True),
        ("a[ ]c", "x", "a c", True),
        ("a b", "", "ab", False),
        ("^a.c$", "s", "a\nc", True),
        ("^a.c$", "", "a\nc", False),
        ("^a.c$", "", "a\rc", False),
        ("^abc$", "", "abc\n", False),
        ("^abc$", "m", "x\nabc\ny", True),
        ("^abc$", "", "x\nabc\ny", False),
        ("^ABC$", "i", "abc", True),
        (r"^\p{L}+$", "", "Genève", True),
        (r"^\p{L}+$", "", "Gent 1", False),
        (r"^\P{Lu}$", "", "A", False),
        (r"^\p{IsGreek}+$", "", "αβ", True),
        (r"^\i\c*$", "", "abc-1", True),
        (r"^\i\c*$", "", "1abc", False),
        (r"^\I$", "", "1", True),
        (r"^\d$", "", "٣", True),
        (r"^\s$", "", "\u00a0", False),
        (r"^\S$", "", "\u00a0", True),
        (r"^[\s]$", "", "\t", True),
        (r"^[a-z-[aeiou]]$", "", "e", False),
        (r"^[a-z-[aeiou]]$", "", "f", True),
        (r"^\w$", "", "-", False),
        (r"^(a)\1$", "", "aa", True),
        (r"^(?:ab)+$", "", "abab", True),
        (r"^a{2}$", "", "aa", True),
        (r"^a+?b$", "", "aab", True),
        ("", "", "", True),
    ],
)
def test_a_text_matches_a_pattern_or_not(pattern: str, flags: str, text: str, matches: bool) -> None:
    assert (patterns.compiled(pattern, flags).search(text) is not None) == matches


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        *(("(", ""), ("a)", ""), ("[a", ""), (r"\q", ""), ("*a", ""), ("a{2,1}", ""), ("(?=a)", ""), ("(?<n>a)", "")),
        *((r"\p{Nonsense}", ""), ("a{99999999999}", ""), ("a", "z"), ("a", "g"), (r"\x41", ""), (r"(?i)a", "")),
    ],
)
def test_what_is_no_pattern_of_xpath_is_refused(pattern: str, flags: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        patterns.compiled(pattern, flags)


@pytest.mark.parametrize("pattern", [r"^\\p{L}+$", r"^a.b$", r"^a{2}$"])
@pytest.mark.parametrize("flags", ["", "m", "x", "i", "q", "smixq"])
def test_every_flag_works_behind_the_wall(pattern: str, flags: str, tmp_path: Path) -> None:
    """The engine can import nothing any more."""
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<http://e/S> a sh:NodeShape ; sh:targetObjectsOf <http://e/p> ; "
        f'sh:pattern "{pattern}" ; sh:flags "{flags}" .\n',
        encoding="utf-8",
    )
    data.write_text('<http://e/a> <http://e/p> "1" .\n', encoding="utf-8")
    (finding,) = validate(data, shapes=shapes).findings
    assert finding.result.value == '"1"'
