"""What is missing at Wikidata is offered with its references, once: after an upload the same command gives nothing."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import quick_statements
import wikidata_like as like
from ghent_partnerships.cli.main import main
from ghent_partnerships.project.location import at
from ghent_partnerships.project.project import Project
from ghent_partnerships.remote import http
from quick_statements import Statement
from second_city import FOLDER
from stores import Oxigraph, Store, running
from wikidata_like import Item, Twin

HOME, AIX, ANN_ARBOR, PERUGIA = "Q3806", "Q47465", "Q485172", "Q3437"
PAGE = '"https://example.org/test-fixture"'
READ = (("https://example.org/read", "2020-02-03"),)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("store"))) as started:
        yield started


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(FOLDER, tmp_path / "city")
    return at(tmp_path / "city")


@pytest.fixture
def offered(project: Project, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        assert main(["--project", str(project.root), "wikidata", "contribute", *arguments]) == 0
        return capsys.readouterr().out

    return run


def with_twins(project: Project, twins: Mapping[str, Sequence[Twin]]) -> dict[str, Item]:
    items = like.with_twins(like.of_project(project), twins)
    like.write_snapshot(project, items)
    return items


def partnership_of(slug: str) -> str:
    return f'"https://example.org/tuebingen/id/partnership/tuebingen-{slug}"'


def test_a_statement_comes_with_its_beginning_and_each_of_its_references(
    project: Project, offered: Callable[..., str]
) -> None:
    known = {HOME: [Twin(AIX, "1960-10-20", references=READ)], AIX: [Twin(HOME, "1960-10-20", references=READ)]}
    with_twins(project, {**known, ANN_ARBOR: [Twin(HOME, "1965-01-01", references=READ)]})
    day = "+1984-06-21T00:00:00Z/11"
    perugia = f"P580\t{day}\tS854\t{PAGE}\t!S854\t{partnership_of('perugia')}"
    ann_arbor = f"P580\t+1965-00-00T00:00:00Z/9\tS854\t{PAGE}\t!S854\t{partnership_of('ann-arbor')}"
    assert offered().splitlines() == [
        f"{HOME}\tP190\t{ANN_ARBOR}\t{ann_arbor}",
        f"{HOME}\tP190\t{PERUGIA}\t{perugia}",
        f"{PERUGIA}\tP190\t{HOME}\t{perugia}",
    ]
    page, partnership = (text.replace('"', '"""') for text in (PAGE, partnership_of("perugia")))
    lines = offered("--format", "csv").splitlines()
    assert [lines[0], *lines[2:]] == [
        "qid,P190,qal580,S854,S854",
        f"{HOME},{PERUGIA},{day},{page},{partnership}",
        f"{PERUGIA},{HOME},{day},{page},{partnership}",
    ]


def test_there_is_a_table_for_each_set_of_columns(
    project: Project, offered: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty cell is a value that QuickStatements cannot read."""
    with_twins(project, {HOME: [Twin(AIX, "1960-10-20")]})
    assert main(["--project", str(project.root), "wikidata", "contribute", "--format", "csv"]) == 2
    shown = capsys.readouterr()
    assert (shown.out, "the statements need 2 tables" in shown.err) == ("", True)
    folder = tmp_path / "statements"
    folder.mkdir()
    (folder / "statements-3.csv").write_text("of another day", "utf-8")
    names = offered("--format", "csv", "--output", str(folder)).splitlines()
    assert names == [f"{folder}/statements-1.csv", f"{folder}/statements-2.csv"]
    assert sorted(path.name for path in folder.iterdir()) == ["statements-1.csv", "statements-2.csv"]
    headers = [Path(name).read_text("utf-8").splitlines()[0] for name in names]
    assert headers == ["qid,P190,S854,S854", "qid,P190,qal580,S854,S854"]
    read = [each for name in names for each in quick_statements.read_csv(Path(name).read_text("utf-8"))]
    v1 = [*quick_statements.read_v1(offered())]
    assert sorted(read, key=repr) == sorted(v1, key=repr)
    assert offered("--output", str(folder)) == f"{folder}/statements.tsv\n"
    assert sorted(path.name for path in folder.iterdir()) == ["statements.tsv"]
    (folder / "mine.txt").write_text("mine", "utf-8")
    assert main(["--project", str(project.root), "wikidata", "contribute", "--output", str(folder)]) == 2
    assert (folder / "mine.txt").read_text("utf-8") == "mine"


def test_a_source_says_when_it_was_read_and_which_item_it_is(project: Project, offered: Callable[..., str]) -> None:
    sources = project.root / "data" / "sources.ttl"
    same = "owl:sameAs <http://www.wikidata.org/entity/Q7> ;"
    stated = f'<http://purl.org/pav/retrievedOn> "2025-04-05"^^xsd:date ;\n    {same}'
    text = sources.read_text("utf-8").replace("    schema:url", f"    {stated}\n    schema:url")
    sources.write_text(text, "utf-8")
    with_twins(project, {})
    line = offered().splitlines()[0]
    assert f"\tS854\t{PAGE}\tS248\tQ7\tS813\t+2025-04-05T00:00:00Z/11\t!S854\t" in line


def test_no_address_ends_its_command(project: Project, offered: Callable[..., str]) -> None:
    sources = project.root / "data" / "sources.ttl"
    text = sources.read_text("utf-8").replace('test-fixture"^^', 'a\\tb|c\\"d\\nQ1"^^')
    sources.write_text(text, "utf-8")
    with_twins(project, {})
    assert all('\tS854\t"https://example.org/a%09b%7Cc%22d%0AQ1"\t' in line for line in offered().splitlines())


def test_what_is_inferred_or_without_an_item_is_not_offered(project: Project, offered: Callable[..., str]) -> None:
    partner = project.root / "data" / "partners" / "perugia.ttl"
    inference = (
        "\n<https://example.org/tuebingen/id/inference/perugia>\n    a gp:Inference ;\n"
        "    dcterms:source fragment:perugia ;\n    gp:supplies %s ;\n.\n"
    )
    text = partner.read_text("utf-8").replace(
        "partnership:tuebingen-perugia\n    a gp:Partnership ;\n",
        "partnership:tuebingen-perugia\n    a gp:Partnership ;\n"
        "    dcterms:source <https://example.org/tuebingen/id/inference/perugia> ;\n",
    )
    with_twins(project, {})
    partner.write_text(text + inference % "schema:startDate", "utf-8")
    (line,) = [line for line in offered().splitlines() if line.startswith(f"{HOME}\tP190\t{PERUGIA}\t")]
    assert "P580" not in line
    partner.write_text(text + inference % "gp:party", "utf-8")
    assert PERUGIA not in offered()
    partner.write_text(re.sub(r"    (owl|schema):sameAs wd:Q3437 ;\n", "", text), "utf-8")
    assert PERUGIA not in offered()
    assert ANN_ARBOR in offered(), "the others are"


def left_out(project: Project, capsys: pytest.CaptureFixture[str]) -> tuple[str, list[str]]:
    """The lines that are offered, and which pairs are not, each with the reason."""
    assert main(["--project", str(project.root), "wikidata", "contribute"]) == 0
    shown = capsys.readouterr()
    return shown.out, [line.replace(": not offered", "") for line in shown.err.splitlines() if "not offered" in line]


def test_a_kind_that_is_inferred_is_not_offered(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with_twins(project, {})
    partner = project.root / "data" / "partners" / "perugia.ttl"
    partner.write_text(
        partner.read_text("utf-8").replace(
            "    a gp:Partnership ;\n",
            "    a gp:Partnership ;\n    dcterms:source <https://example.org/tuebingen/id/inference/perugia> ;\n",
        )
        + "\n<https://example.org/tuebingen/id/inference/perugia>\n    a gp:Inference ;\n"
        "    dcterms:source fragment:perugia ;\n    gp:supplies gp:kind ;\n.\n",
        "utf-8",
    )
    lines, pairs = left_out(project, capsys)
    assert PERUGIA not in lines
    assert pairs == ["Tübingen – Perugia: it rests on an inference"]


UNFIT = {
    "deleted": (lambda items: items.pop(PERUGIA), "GP402"),
    "merged": (lambda items: items.update({PERUGIA: Item(PERUGIA, merged_with="Q999")}), "GP403"),
    "another kind": (lambda items: items.update({PERUGIA: replace(items[PERUGIA], types=["Q5"])}), "GP404"),
}


@pytest.mark.parametrize(("change", "code"), UNFIT.values(), ids=UNFIT.keys())
def test_of_an_item_that_is_not_what_it_is_taken_for_nothing_is_offered(
    project: Project, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, Item]], object], code: str
) -> None:
    items = like.of_project(project)
    change(items)
    like.write_snapshot(project, items)
    lines, pairs = left_out(project, capsys)
    assert (PERUGIA in lines, "Q999" in lines, ANN_ARBOR in lines) == (False, False, True)
    assert pairs == [f"Tübingen – Perugia: an item is not what it is taken for: {code}"]


def test_of_an_item_that_was_never_asked_for_nothing_is_offered(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    items = like.of_project(project)
    like.write_snapshot(project, items, {HOME, AIX, ANN_ARBOR})
    lines, pairs = left_out(project, capsys)
    assert PERUGIA not in lines
    assert pairs == ["Tübingen – Perugia: an item is not what it is taken for: GP401"]


def test_of_an_item_of_two_cities_nothing_is_offered(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    partner = project.root / "data" / "partners" / "perugia.ttl"
    partner.write_text(partner.read_text("utf-8").replace(f"wd:{PERUGIA} ", f"wd:{AIX} "), "utf-8")
    with_twins(project, {})
    lines, pairs = left_out(project, capsys)
    assert AIX not in lines
    assert pairs == [
        f"Tübingen – {city}: an item is not what it is taken for: GP408" for city in ("Aix-en-Provence", "Perugia")
    ]


LEFT: dict[str, tuple[list[Twin], str]] = {
    "deprecated": ([Twin(AIX, rank="Deprecated")], "the statement there is marked as wrong (deprecated)"),
    "of an item of before": ([Twin("Q998")], "the statement there names an item that was merged with another"),
    "two": (
        [Twin(AIX, "1960-01-01"), Twin(AIX, "1970-01-01", place="2")],
        "there are several statements there about the two",
    ),
}


@pytest.mark.parametrize(("twins", "reason"), LEFT.values(), ids=LEFT.keys())
def test_statements_that_no_command_can_name_are_left_to_people(
    project: Project, capsys: pytest.CaptureFixture[str], twins: list[Twin], reason: str
) -> None:
    items = {**like.with_twins(like.of_project(project), {HOME: twins}), "Q998": Item("Q998", merged_with=AIX)}
    like.write_snapshot(project, items)
    lines, pairs = left_out(project, capsys)
    assert AIX not in lines
    assert pairs == [f"Tübingen – Aix-en-Provence: {reason}"]


def test_two_partnerships_of_a_pair_are_not_made_one_statement(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    partner = project.root / "data" / "partners" / "moshi.ttl"
    text = partner.read_text("utf-8").replace(
        '    rdfs:label "Moshi"@de ;',
        '    owl:sameAs <http://www.wikidata.org/entity/Q190000> ;\n    rdfs:label "Moshi"@de ;',
    )
    partner.write_text(
        text.replace("PREFIX rdfs:", "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX rdfs:"), "utf-8"
    )
    with_twins(project, {})
    lines, pairs = left_out(project, capsys)
    assert "Q190000" not in lines
    assert pairs == ["Tübingen – Moshi: there are several partnerships between the two"]


def test_a_beginning_that_is_unknown_there_is_not_offered(project: Project, offered: Callable[..., str]) -> None:
    with_twins(project, {HOME: [Twin(AIX, "?", references=READ)], AIX: [Twin(HOME, "?", references=READ)]})
    assert AIX not in offered()


def test_addresses_that_are_not_those_of_the_site_are_pointed_out(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with_twins(project, {})
    given = ["--project", str(project.root), "wikidata", "contribute"]
    assert main(given) == 0
    assert "see to it" not in capsys.readouterr().err
    settings = project.root / "pyproject.toml"
    text = settings.read_text("utf-8").replace('site = "https://example.org/', 'site = "https://city.example/')
    settings.write_text(text, "utf-8")
    assert main(given) == 0
    assert "below https://example.org/tuebingen/, and the site is at https://city.example/tuebingen/" in (
        capsys.readouterr().err
    )


def test_what_was_declined_is_not_offered(project: Project, offered: Callable[..., str]) -> None:
    with_twins(project, {})
    declined = f'item,property,value,reason\n{PERUGIA},P190,{HOME},"ended, they say"\n{HOME},P580,{AIX},another day\n'
    project.declined_file.write_text(declined, "utf-8")
    lines = offered().splitlines()
    assert not [line for line in lines if PERUGIA in line]
    assert [("P580" in line) for line in lines if AIX in line] == [False, False]
    assert [("P580" in line) for line in lines if ANN_ARBOR in line] == [True, True]


def test_what_differs_is_left_to_people(project: Project, offered: Callable[..., str]) -> None:
    twins = {HOME: [Twin(AIX, "1961-01-01", references=READ)], AIX: [Twin(HOME, "1961-01-01", references=READ)]}
    with_twins(project, twins)
    assert AIX not in offered()


def test_of_references_only_those_are_offered_that_are_not_there(project: Project, offered: Callable[..., str]) -> None:
    with_twins(project, {HOME: [Twin(AIX, references=((PAGE.strip('"'), ""),))]})
    line = offered().splitlines()[0]
    assert line == f"{HOME}\tP190\t{AIX}\tP580\t+1960-10-20T00:00:00Z/11\tS854\t{partnership_of('aix-en-provence')}"


READERS: dict[str, Callable[[str], Iterator[Statement]]] = {
    "v1": quick_statements.read_v1,
    "csv": quick_statements.read_csv,
}


@pytest.mark.parametrize("name", READERS)
def test_after_an_upload_and_a_refresh_the_same_command_gives_nothing(
    project: Project, store: Store, offered: Callable[..., str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refreshed(items: Mapping[str, Item]) -> None:
        data, headers = like.n_triples(items.values()), {"Content-Type": "application/n-triples"}
        http.request("PUT", f"{store.graphs}?default", body=data, headers=headers)
        assert main(["--project", str(project.root), "wikidata", "refresh", "--endpoint", store.query]) == 0
        capsys.readouterr()

    there = {HOME: [Twin(AIX), Twin(ANN_ARBOR, "1965-01-01", references=READ)], AIX: [Twin(HOME, "1960-01-01")]}
    items = like.with_twins(like.of_project(project), there)
    refreshed(items)
    offered("--format", name, "--output", str(project.root.parent / "statements"))
    files = sorted((project.root.parent / "statements").iterdir())
    statements = [each for file in files for each in READERS[name](file.read_text("utf-8"))]
    assert {(each.subject, each.value) for each in statements} == {
        (HOME, AIX),
        (AIX, HOME),
        (ANN_ARBOR, HOME),
        (HOME, PERUGIA),
        (PERUGIA, HOME),
    }
    refreshed(quick_statements.applied(items, statements))
    assert offered("--format", name) == ""
    assert main(["--project", str(project.root), "wikidata", "contribute"]) == 0
    assert capsys.readouterr().err == "nothing is missing there that can be given\n"
    assert main(["--project", str(project.root), "wikidata", "compare", "--format", "json"]) == 0
    assert '"start-missing"' not in capsys.readouterr().out
