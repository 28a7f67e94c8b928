"""The report for people, as lines of text."""

import time
from dataclasses import replace

import pytest

from ghent_partnerships.findings import Report
from ghent_partnerships.validation.reports import write
from report_samples import ATTACK, HOSTILE, NOTHING, REPORT, SH, SYNTAX, YEAR, altered


def test_the_text_shows_the_place_and_how_to_mend_it() -> None:
    assert (
        write(REPORT, "text")
        == """data/kanazawa.ttl:2:18: violation GP102: A start year is one year of four digits.
    2 |     gp:startYear "71"^^xsd:gYear ;
      |                  ^~~~~~~~~~~~~~~
  found: partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear
  help:  Write it like gp:startYear "1971"^^xsd:gYear ;
data/melle.ttl:1:1: warning syntax: Unexpected end.
55 files, 2,660 triples: 1 violation, 1 warning
"""
    )


def test_the_text_in_dutch_falls_back_to_english() -> None:
    assert (
        write(replace(REPORT, fixed=(SYNTAX,)), "text", "nl")
        == """data/kanazawa.ttl:2:18: schending GP102: Een beginjaar is één jaar van vier cijfers.
    2 |     gp:startYear "71"^^xsd:gYear ;
      |                  ^~~~~~~~~~~~~~~
  gevonden: partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear
  herstel:  Schrijf het zo.
data/melle.ttl:1:1: waarschuwing syntax: Unexpected end.
hersteld: data/melle.ttl:1:1: waarschuwing syntax: Unexpected end.
55 bestanden, 2.660 triples: 1 schending, 1 waarschuwing
"""
    )


@pytest.mark.parametrize(
    ("severities", "language", "summary"),
    [
        ("", "en", "1 file, 1 triple: no findings"),
        ("", "nl", "1 bestand, 1 triple: geen bevindingen"),
        ("info warning warning", "en", "1 file, 1 triple: 2 warnings, 1 info"),
        ("info info violation violation", "nl", "1 bestand, 1 triple: 2 schendingen, 2 info's"),
        ("made-up", "en", "1 file, 1 triple: 1 violation"),
    ],
)
def test_the_summary_counts(severities: str, language: str, summary: str) -> None:
    report = replace(NOTHING, findings=tuple(altered(SYNTAX, severity=severity) for severity in severities.split()))
    assert write(report, "text", language).endswith(f"{summary}\n")


def test_no_file_is_several_files() -> None:
    assert write(Report((), 0, 0), "text") == "0 files, 0 triples: no findings\n"


def test_only_asked_for_there_is_colour() -> None:
    assert "\x1b" not in write(REPORT, "text")
    shown = write(REPORT, "text", colour=True).splitlines()
    assert shown[0].startswith("\x1b[1mdata/kanazawa.ttl:2:18\x1b[0m: \x1b[31mviolation\x1b[0m GP102: A start")
    assert shown[5].startswith("\x1b[1mdata/melle.ttl:1:1\x1b[0m: \x1b[33mwarning\x1b[0m syntax: ")
    note = write(Report((altered(SYNTAX, severity="info"),), 1, 1), "text", colour=True)
    assert "\x1b[34minfo\x1b[0m" in note


@pytest.mark.parametrize(
    ("line", "column", "shown", "mark"),
    [
        ("日本 <a:b> .", 4, "日本 <a:b> .", "     ^~~~~"),  # two columns each
        ("e\u0301 <a:b>", 4, "e\u0301 <a:b>", "  ^~~~~"),  # none
        ("\t<a:b>", 2, " <a:b>", " ^~~~~"),
        ("\x1b <a:b>", 3, "\\x1b <a:b>", "     ^~~~~"),
        ('"日本"', 1, '"日本"', "^~~~~~"),
        ("<a:b>", 6, "<a:b>", "     ^"),
        ("<a:b>", 99, "<a:b>", "     ^"),
        ("<a:b>  ", 1, "<a:b>", "^~~~~"),
    ],
)
def test_the_mark_stands_below_the_place(line: str, column: int, shown: str, mark: str) -> None:
    finding = altered(SYNTAX, column=column)
    lines = write(Report((finding,), 1, 1, {finding.location.path: line}), "text").splitlines()
    assert lines[1:3] == [f"    1 | {shown}", f"      | {mark}"]


@pytest.mark.parametrize("before", [0, 100, 5_000, 9_990])
def test_a_long_line_is_cut_around_the_place(before: int) -> None:
    line = "x" * before + "<a:b>" + "y" * (9_995 - before)
    finding = altered(SYNTAX, column=before + 1)
    shown, mark = write(Report((finding,), 1, 1, {finding.location.path: line}), "text").splitlines()[1:3]
    assert len(shown) <= len("    1 | ") + 160
    assert shown[mark.index("^") :].startswith("<a:b>")
    assert shown.endswith("…") == (before != 9_990)
    assert (shown[8] == "…") == (before > 0)


def test_a_line_of_160_columns_is_whole() -> None:
    shown = [
        write(Report((SYNTAX,), 1, 1, {SYNTAX.location.path: "x" * n}), "text").splitlines()[1] for n in (160, 161)
    ]
    assert shown == ["    1 | " + "x" * 160, "    1 | " + "x" * 158 + "…"]


@pytest.mark.parametrize("text", ["", "\n\n", "   \n"])
def test_there_is_no_excerpt_of_nothing(text: str) -> None:
    assert " | " not in write(Report((SYNTAX,), 1, 1, {SYNTAX.location.path: text}), "text")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_line_ends_as_in_turtle(end: str) -> None:
    finding = altered(SYNTAX, line=3)
    text = f"one{end}two\u2028{end}<three:>{end}"
    assert "    3 | <three:>\n      | ^~~~~~~~\n" in write(
        Report((finding,), 1, 1, {finding.location.path: text}), "text"
    )


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        ("", "syntax"),
        (SH + "MinCountConstraintComponent", "min-count"),
        (SH + "SPARQLConstraintComponent", "sparql"),
        (SH + "OrConstraintComponent", "or"),
        ("urn:x:MyJSONShape", "my-json-shape"),
        ("https://example.org/é", "constraint"),
    ],
)
def test_a_rule_without_a_code_has_a_name(constraint: str, code: str) -> None:
    finding = altered(SYNTAX, constraint=constraint)
    assert f": warning {code}: " in write(Report((finding,), 1, 1), "text")


def test_findings_of_a_kind_are_grouped() -> None:
    same = [altered(YEAR, line=number) for number in range(1, 24)]
    report = Report((*same, SYNTAX), 2, 3)
    text = write(report, "text")
    assert text.count("GP102: A start year") == 20
    assert "… and 3 more like this (GP102), the last at data/kanazawa.ttl:23:18\n" in text
    assert text.endswith("2 files, 3 triples: 23 violations, 1 warning\n")
    assert "like this" not in write(Report(tuple(same[:20]), 1, 1), "text")
    dutch = write(replace(report, fixed=tuple(same)), "text", "nl")
    assert dutch.count("… en nog 3 zoals deze (GP102), de laatste op data/kanazawa.ttl:23:18\n") == 2
    others = tuple(altered(finding, severity="warning" if finding.location.line % 2 else "info") for finding in same)
    assert "like this" not in write(Report(others, 1, 1), "text")


@pytest.mark.slow
@pytest.mark.parametrize("alike", [True, False])
def test_a_hundred_thousand_findings_can_be_read(alike: bool) -> None:
    lines = "".join(f'    gp:startYear "{number}"^^xsd:gYear ;\n' for number in range(100_000))
    findings = tuple(
        altered(YEAR, line=number, message=str(YEAR.message) if alike else f"Number {number}.")
        for number in range(1, 100_001)
    )
    start = time.process_time()
    text = write(Report(findings, 1, 100_000, {YEAR.location.path: lines}), "text")
    assert time.process_time() - start < 5
    assert text.count("\n") < (200 if alike else 6_000)
    assert ("… and 99,980 more like this" if alike else "… and 99,000 more: json has all of them") in text
    assert text.endswith("1 file, 100,000 triples: 100,000 violations\n")


def test_the_places_of_what_is_not_shown_are_counted_once() -> None:
    same = [altered(YEAR, line=number) for number in range(30)]
    others = [altered(YEAR, message=f"Number {number}.") for number in range(1_000)]
    text = write(Report((*same, *others), 1, 1), "text")
    assert "… and 10 more like this" in text
    assert "… and 20 more: json" in text


def test_a_text_is_in_its_line() -> None:
    lines = write(replace(ATTACK, fixed=(HOSTILE,)), "text").splitlines()
    assert [line[:9] for line in lines if "violation " in line] == ["./::error"] * 2 + ["fixed: ./"]
    assert len(lines) == 8 + 8 + 1 + 1
    assert any(line.endswith("A" * 999 + "…") for line in lines)
    assert not any(line.lstrip().startswith("::") for line in lines)
