"""The report as GitHub's workflow commands."""

import re
from dataclasses import replace

from ghent_partnerships.findings import Report
from ghent_partnerships.validation.reports import write
from report_samples import ATTACK, REPORT, SYNTAX, YEAR, altered


def test_github_gets_workflow_commands() -> None:
    note = altered(SYNTAX, severity="info", file="a,b:c%.ttl", help="100%")
    assert (
        write(replace(REPORT, findings=(YEAR, SYNTAX, note)), "github")
        == """::error file=data/kanazawa.ttl,line=2,col=18,endColumn=33,title=GP102::\
A start year is one year of four digits.\
%0AWrite it like gp:startYear "1971"^^xsd:gYear ;
::warning file=data/melle.ttl,line=1,col=1,title=syntax::Unexpected end.
::notice file=a%2Cb%3Ac%25.ttl,line=1,col=1,title=syntax::Unexpected end.%0A100%25
55 files, 2,660 triples: 1 violation, 1 warning, 1 info
"""
    )
    assert "%0ASchrijf het zo.\n" in write(REPORT, "github", "nl")


def test_github_is_told_what_it_does_not_show() -> None:
    lines = write(Report((YEAR,) * 12 + (SYNTAX,) * 11 + (altered(SYNTAX, severity="info"),), 1, 1), "github")
    assert lines.count("::error ") == 12
    assert lines.splitlines()[-2:] == [
        "::notice::GitHub shows 10 annotations of each level of a step; this log has 3 more.",
        "1 file, 1 triple: 12 violations, 11 warnings, 1 info",
    ]
    assert "::notice::" not in write(Report((YEAR,) * 10 + (SYNTAX,) * 10, 1, 1), "github")


def unescaped(text: str) -> str:
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: chr(int(match[1], 16)), text)


def test_nothing_in_the_data_is_a_workflow_command() -> None:
    *commands, summary = write(ATTACK, "github").splitlines()
    assert summary == "2 files, 2 triples: 2 violations"
    assert len(commands) == 2
    for command in commands:
        match = re.fullmatch(r"::error file=([^:,]+),line=1,col=3,endColumn=\d+,title=([^:,]+)::(.*)", command)
        assert match, command
        assert unescaped(match[1]).startswith(r"\x3a:error::\x1b[2J\r\n::error::owned")
        assert "##[" not in command
        assert re.findall(r"%0[AD]", match[3].replace("%250A", "")) == ["%0A", "%0A"]
        assert not any(line.lstrip().startswith("::") for line in unescaped(match[3]).split("\n"))
