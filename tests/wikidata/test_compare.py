"""The partnerships of a project beside the twinnings at Wikidata, pair by pair, in both directions."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import wikidata_like as like
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import InvalidError
from ghent_partnerships.project.location import at
from ghent_partnerships.project.project import Project
from ghent_partnerships.wikidata.compare import Comparison, _same, compared
from ghent_partnerships.wikidata.declined import read_declined
from ghent_partnerships.wikidata.snapshot import _dated, read_snapshot
from ghent_partnerships.wikidata.ties import graph_of
from second_city import FOLDER
from wikidata_like import Item, Twin

HOME, AIX, ANN_ARBOR, PERUGIA, ELSEWHERE = "Q3806", "Q47465", "Q485172", "Q3437", "Q999001"
READ = (("https://example.org/read", "2020-02-03"),)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(FOLDER, tmp_path / "city")
    return at(tmp_path / "city")


def comparison(project: Project, twins: Mapping[str, Sequence[Twin]], *others: Item) -> Comparison:
    items = {**like.with_twins(like.of_project(project), twins), **{item.number: item for item in others}}
    like.write_snapshot(project, items)
    return compared(graph_of(project), read_snapshot(project), read_declined(project))


def found(project: Project, twins: Mapping[str, Sequence[Twin]], *others: Item) -> dict[str, tuple[str, list[str]]]:
    """By the other city the state, and the kinds of the differences."""
    pairs = comparison(project, twins, *others).pairs
    return {pair.labels[1].localized("en"): (pair.state, [each.kind for each in pair.differences]) for pair in pairs}


def test_each_pair_is_here_there_or_both(project: Project) -> None:
    twins = {
        HOME: [Twin(AIX, "1960-10-20", references=READ), Twin(ELSEWHERE, references=READ)],
        AIX: [Twin(HOME, "1960-01-01", references=READ)],
        ANN_ARBOR: [Twin(HOME, references=READ)],
        "Q999002": [Twin(HOME)],
    }
    others = Item(ELSEWHERE, {"en": "Elsewhere"}), Item("Q999002", {"de": "Woanders"}, twins=twins["Q999002"])
    assert found(project, {key: twins[key] for key in (HOME, AIX, ANN_ARBOR)}, *others) == {
        "Aix-en-Provence": ("both", []),
        "Ann Arbor": ("both", ["one-sided", "start-missing"]),
        "Monthey": ("here", ["no-item"]),
        "Moshi": ("here", ["no-item"]),
        "Perugia": ("here", []),
        "Elsewhere": ("there", ["one-sided"]),
        "Woanders": ("there", ["one-sided", "reference-missing"]),
    }


DATES = {
    "another day of the year": ("1960-11-20", ["start-differs"]),
    "another year": ("1961-01-01", ["start-differs"]),
    "the year alone": ("1960-01-01", []),
    "none": ("", ["start-missing"]),
}


@pytest.mark.parametrize(("start", "kinds"), DATES.values(), ids=DATES.keys())
def test_dates_are_compared_as_far_as_both_are_known(project: Project, start: str, kinds: list[str]) -> None:
    twins = {HOME: [Twin(AIX, start, references=READ)], AIX: [Twin(HOME, "1960-10-20", references=READ)]}
    assert found(project, twins)["Aix-en-Provence"] == ("both", kinds)


def test_ends_and_beginnings_that_are_only_there_are_said(project: Project) -> None:
    partner = project.root / "data" / "partners" / "perugia.ttl"
    text = partner.read_text("utf-8")
    partner.write_text(text.replace('    schema:startDate "1984-06-21"^^xsd:date ;\n', ""), "utf-8")
    twins = {HOME: [Twin(PERUGIA, "1984-06-21", "2001-01-01", READ)], PERUGIA: [Twin(HOME, references=READ)]}
    (pair,) = [pair for pair in comparison(project, twins).pairs if pair.items[1] == PERUGIA]
    assert [(each.kind, each.there, each.at) for each in pair.differences] == [
        ("start-there", "1984-06-21", HOME),
        ("end-there", "2001", HOME),
    ]
    partner.write_text(
        text.replace("schema:startDate", 'schema:endDate "2000-05-06"^^xsd:date ;\n    schema:startDate'), "utf-8"
    )
    (pair,) = [pair for pair in comparison(project, twins).pairs if pair.items[1] == PERUGIA]
    assert [(each.kind, each.here, each.there, each.at) for each in pair.differences] == [
        ("end-differs", "2000-05-06", "2001", HOME),
        ("start-missing", "1984-06-21", "", PERUGIA),
        ("end-missing", "2000-05-06", "", PERUGIA),
    ]


def test_an_item_that_was_merged_is_the_other(project: Project) -> None:
    items = like.with_twins(like.of_project(project), {HOME: [Twin("Q999")]})
    items = {**items, PERUGIA: replace(items[PERUGIA], merged_with="Q999"), "Q999": Item("Q999", twins=[Twin(HOME)])}
    like.write_snapshot(project, items)
    pairs = compared(graph_of(project), read_snapshot(project), read_declined(project)).of("both")
    assert [(pair.items, pair.labels[1].localized("en")) for pair in pairs] == [((HOME, "Q999"), "Perugia")]


def test_the_command_says_it_in_words_and_as_json(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    comparison(project, {HOME: [Twin(AIX, "1961-01-01")], AIX: [Twin(HOME, "1960-10-20", references=READ)]})
    given = ["--project", str(project.root), "wikidata", "compare"]
    assert main(given) == 0
    assert (
        capsys.readouterr().out
        == """\
Wikidata as of 2026-11-29: 5 pairs of cities differ.

Here and at Wikidata (1)
  Tübingen – Aix-en-Provence
    at Tübingen: since 1961 there, 1960-10-20 here
    at Tübingen: no reference there

Only here (4)
  Tübingen – Ann Arbor
  Tübingen – Monthey
    which item one of the two is, is not known
  Tübingen – Moshi
    which item one of the two is, is not known
  Tübingen – Perugia
"""
    )
    assert main([*given, "--lang", "nl"]) == 0
    assert "  bij Tübingen: daar sinds 1961, hier 1960-10-20\n" in capsys.readouterr().out
    assert main([*given, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["retrieved"], document["source"]) == ("2026-11-29", "http://127.0.0.1/sparql")
    (aix,) = [pair for pair in document["pairs"] if pair["state"] == "both"]
    assert [city["item"] for city in aix["cities"]] == [HOME, AIX]
    base = "https://example.org/tuebingen/id/"
    assert [city["iri"] for city in aix["cities"]] == [f"{base}city/tuebingen", f"{base}city/aix-en-provence"]
    partnership = {"iri": f"{base}partnership/tuebingen-aix-en-provence", "start": "1960-10-20", "end": None}
    assert aix["partnerships"] == [partnership]
    assert [(each["item"], each["start"], each["references"]) for each in aix["statements"]] == [
        (HOME, ["1961"], 0),
        (AIX, ["1960-10-20"], 1),
    ]
    assert aix["differences"] == [
        {"kind": "start-differs", "here": "1960-10-20", "there": "1961", "item": HOME},
        {"kind": "reference-missing", "here": None, "there": None, "item": HOME},
    ]


DECLINED = "item,property,value,reason\n"


def test_what_was_declined_is_said(project: Project) -> None:
    project.declined_file.write_text(f"{DECLINED}{PERUGIA},P190,{HOME},no more\n", "utf-8")
    assert found(project, {})["Perugia"] == ("here", ["declined"])


WRONG = {
    "no names of columns": (f"{HOME},P190,{AIX},no\n", 1, "The first line is not the names of the columns."),
    "no item": (f"{DECLINED}{HOME},P190,{AIX},no\nTübingen,P190,{AIX},no\n", 3, "The line does not name two items"),
    "another property": (
        f"{DECLINED}{HOME},P17,{AIX},no\n",
        2,
        "The line does not name two items and a property of ",
    ),
    "a column more": (f"{DECLINED}{HOME},P190,{AIX},no,no\n", 2, "The line does not name two items"),
}


@pytest.mark.parametrize(("text", "line", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_table_that_is_wrong_is_found_at_its_line(project: Project, text: str, line: int, message: str) -> None:
    project.declined_file.write_text(text, "utf-8")
    with pytest.raises(InvalidError) as caught:
        read_declined(project)
    (finding,) = caught.value.findings
    assert finding.location.line == line
    assert str(finding.message).startswith(message)
    assert "Write it like this: " in str(finding.help)


def test_what_wikidata_takes_for_wrong_is_said_and_is_no_twinning(project: Project) -> None:
    wrong = [Twin(AIX, "1960-10-20", rank="Deprecated", references=READ), Twin("Q999002", rank="Deprecated")]
    there = {HOME: wrong, AIX: [Twin(HOME, "1960-10-20", references=READ)]}
    other = Item("Q999002", {"en": "Elsewhere"})
    assert found(project, there, other)["Aix-en-Provence"] == ("both", ["deprecated"])
    assert "Elsewhere" not in found(project, there, other)
    assert found(project, {HOME: wrong})["Aix-en-Provence"] == ("here", ["deprecated"])


UNKNOWN = {
    "an unknown beginning": (Twin(AIX, "?", references=READ), ["start-unknown"]),
    "the month alone": (Twin(AIX, "1960-10", references=READ), []),
    "another month": (Twin(AIX, "1960-11", references=READ), ["start-differs"]),
}


@pytest.mark.parametrize(("twin", "kinds"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_known_in_part_is_there(project: Project, twin: Twin, kinds: list[str]) -> None:
    twins = {HOME: [twin], AIX: [Twin(HOME, "1960-10-20", references=READ)]}
    assert found(project, twins)["Aix-en-Provence"] == ("both", kinds)


PRECISIONS = {"11": "1960-10-20", "10": "1960-10", "9": "1960", "8": "196X", "7": "19XX"}


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_date_is_as_precise_as_it_is_stated(precision: str) -> None:
    known = PRECISIONS[precision]
    assert _dated("+1960-10-20T00:00:00Z", precision) == known
    assert _same("1960-10-20", known) is True
    assert _same("1860-10-20", known) is False


def test_two_cities_on_one_item_are_two_pairs(project: Project) -> None:
    partner = project.root / "data" / "partners" / "perugia.ttl"
    partner.write_text(partner.read_text("utf-8").replace(f"wd:{PERUGIA} ", f"wd:{AIX} "), "utf-8")
    twins = {HOME: [Twin(AIX, references=READ)], AIX: [Twin(HOME, references=READ)]}
    pairs = found(project, twins)
    assert pairs["Aix-en-Provence"] == pairs["Perugia"] == ("both", ["shared-item", "start-missing", "start-missing"])


def test_of_two_partnerships_the_beginning_of_either_will_do(project: Project) -> None:
    partner = project.root / "data" / "partners" / "moshi.ttl"
    text = partner.read_text("utf-8").replace(
        "PREFIX rdfs:", "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX rdfs:"
    )
    same = "    owl:sameAs <http://www.wikidata.org/entity/Q190000> ;\n"
    partner.write_text(text.replace('    rdfs:label "Moshi"@de', f'{same}    rdfs:label "Moshi"@de'), "utf-8")
    kinds = {}
    for start in ("2014-06-16", "2011", "2012"):
        stated = {HOME: [Twin("Q190000", start, references=READ)], "Q190000": [Twin(HOME, start, references=READ)]}
        kinds[start] = found(project, stated)["Moshi"][1]
    assert kinds == {"2014-06-16": [], "2011": [], "2012": ["start-differs", "start-differs"]}


def test_a_name_cannot_steer_a_terminal(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    comparison(project, {HOME: [Twin(ELSEWHERE)]}, Item(ELSEWHERE, {"en": "Else\x1b[31mwhere\n::error::x"}))
    assert main(["--project", str(project.root), "wikidata", "compare"]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\n::error::" not in shown
    assert r"Else\x1b[31mwhere" in shown
