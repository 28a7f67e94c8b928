"""sh:pattern and sh:flags are those of XPath's fn:matches."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghent_partnerships.validation import check
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
        (r"^\w$", "", "_", False),
        (r"^\W$", "", "_", True),
        (r"^\d\D$", "", "٣a", True),
        (r"^[\d]+[^\d]$", "", "٣1a", True),
        (r"^a$", "m", "b\na", True),
        (r"^[^\p{L}]$", "", "1", True),
        (r"^\P{Cs}$", "", "a", True),
        (r"^[\i-[:]][\c-[:]]*$", "", "a:b", False),
        (r"^[\i-[:]][\c-[:]]*$", "", "a-b", True),
        (r"^[&~|]$", "", "&", True),
        (r"^[\[\]]+$", "", "[]", True),
        (r"^\p{Lu}$", "i", "a", False),
        ("^É$", "i", "é", True),
        (r"^(a)\s\1$", "", "a\u00a0a", False),
        ("^.{0,2000}$", "", "é" * 2000, True),
        ("^.{0,2000}$", "", "é" * 2001, False),
        (r"^(a{500}){3}$", "", "a" * 1500, True),
        (r"^\p{L}{1,500}$", "", "é" * 500, True),
    ],
)
def test_a_text_matches_a_pattern_or_not(pattern: str, flags: str, text: str, matches: bool) -> None:
    assert patterns.compiled(pattern, flags)(text) == matches


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


HOSTILE = [r"^(a+)+$", r"^(a|a)*$", r"(a*)*b$", r"^(\w+\s?)*$", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"^a*a*a*a*b$"]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_text_that_a_pattern_could_match_in_many_ways_takes_no_longer(pattern: str) -> None:
    """Python needs 2 to the power of 100,000 steps, or 100,000 to that of 4."""
    assert not patterns.compiled(pattern, "")("a" * 100_000 + "!")


@pytest.mark.parametrize("thorough", [False, True])
def test_both_modes_have_a_verdict_on_what_matches_in_many_ways(thorough: bool, tmp_path: Path) -> None:
    """Long before an engine would be stopped, which would be a failure."""
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ; "
        'sh:property [ sh:path <http://e/p> ; sh:pattern "^(a+)+$" ] ; '
        "sh:sparql [ sh:select 'SELECT $this ?value { $this <http://e/p> ?value "
        """FILTER (!REGEX(?value, "^(a+)+$")) }' ] .\n""",
        encoding="utf-8",
    )
    data.write_text(f'<http://e/a> <http://e/p> "{"a" * 1000}!" , "aa" .\n', encoding="utf-8")
    report = validate(data, shapes=shapes, thorough=thorough)
    assert report.failures == ()
    assert sorted(finding.result.constraint.rpartition("#")[2] for finding in report.findings) == [
        "PatternConstraintComponent",
        "SPARQLConstraintComponent",
    ]


def test_pyshacl_agrees_on_what_only_xpath_has(tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    pairs = [(r"^\\p{L}+$", ""), ("^a b$", "x"), ("^a.b$", "s"), ("a+b", "q"), (r"^\\i\\c*$", "")]
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        + "".join(
            f'<http://e/{number}> a sh:NodeShape ; sh:targetObjectsOf <http://e/p> ; sh:pattern "{pattern}" ; '
            f'sh:flags "{flags}" .\n'
            for number, (pattern, flags) in enumerate(pairs)
        ),
        encoding="utf-8",
    )
    data.write_text('<http://e/a> <http://e/p> "é" , "ab" , "a\\nb" , "a+b" , "1" .\n', encoding="utf-8")
    findings = validate(data, shapes=shapes, thorough=True).findings
    assert {finding.code for finding in findings} == {""}
    found = {(finding.result.shape[-1], finding.result.value) for finding in findings}
    taken = {"0": ['"é"', '"ab"'], "1": ['"ab"'], "2": [r'"a\nb"', '"a+b"'], "3": ['"a+b"'], "4": ['"é"', '"ab"']}
    values = {'"é"', '"ab"', r'"a\nb"', '"a+b"', '"1"'}
    assert found == {(shape, value) for shape, matching in taken.items() for value in values - {*matching}}


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


@pytest.mark.parametrize("pattern", [r"^(a)\\1(a+)+$", "^(a{1,1001})+$"])
def test_what_only_python_can_match_is_stopped_and_no_verdict(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_SECONDS", 1)
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<http://e/S> a sh:NodeShape ; sh:targetObjectsOf <http://e/p> ; "
        f'sh:pattern "{pattern}" .\n',
        encoding="utf-8",
    )
    data.write_text(f'<http://e/a> <http://e/p> "{"a" * 1000}!" .\n', encoding="utf-8")
    report = check.validate(data, shapes=shapes)
    (finding,) = report.findings
    assert report.failures == (finding,)
    assert "seconds they were still at it, and were stopped" in str(finding.message)
