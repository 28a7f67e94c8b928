"""The tables: bytes that a spreadsheet opens well, metadata that says only what the graph says, and the same counts."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import csvw
import pytest
import uritemplate
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

import ghent_partnerships as gp
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.geojson import maps
from ghent_partnerships.publishing.publish import derived
from ghent_partnerships.publishing.tables import METADATA, TABLES, Table, table, tables
from ghent_partnerships.rdf.namespaces import GP, ID, PREFIXES
from ghent_partnerships.rdf.turtle import XSD
from ghent_partnerships.sparql.library import Column, question
from ghent_partnerships.sparql.views import DataSet, data_set, stored
from ghent_partnerships.text import Text
from loaded import DATA_SET, load_store, of_kind
from publications import publication

SIZES = {"partnerships": 13, "cities": 15, "agreements": 12}
KEYS = {"partnerships": "partnership", "cities": "city", "agreements": "agreement"}
RUNS = "=+-@\t\r\n＝＋－＠"  # https://owasp.org/www-community/attacks/CSV_Injection
Cells = dict[str, str]


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables as they are published."""
    folder = tmp_path_factory.mktemp("tables")
    graph = stored(triples(packaged().graph_files()))
    for path, content in derived(graph, publication(graph)):
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def metadata(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / METADATA).read_bytes())
    assert isinstance(found, dict)
    return found


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


def columns(name: str) -> tuple[Column, ...]:
    """Those that the query asks for, and those of what it finds to be left open."""
    left_open = Text({"en": "Not stated by the source", "nl": "Niet vermeld in de bron"})
    in_dutch = Text({"en": "Not stated by the source (Dutch)", "nl": "Niet vermeld in de bron (Nederlands)"})
    return (
        *question(name, packaged()).columns,
        Column("notStated", left_open),
        Column("notStatedNl", in_dutch),
    )


def rows(folder: Path, name: str) -> list[Cells]:
    """The rows of a published table, each cell by the name of its column."""
    names = [column.name for column in columns(name)]
    return [dict(zip(names, row, strict=True)) for row in lines((folder / f"{name}.csv").read_bytes())[1:]]


def written(*texts: NamedNode | Literal | None) -> list[str]:
    """What Python reads back of a row with these terms, which goes through a whole file."""
    columns = tuple(
        Column(f"c{number}", Text({"en": f"Title {number}", "nl": f"Titel {number}"})) for number in range(len(texts))
    )
    row = {column.name: term for column, term in zip(columns, texts, strict=True) if term is not None}
    nothing = DataSet(Text(), Text(), "", "", "", Text(), ("en", "nl"))
    [(path, content), _] = tables([Table("cities", columns, (row,))], nothing)
    assert path == "cities.csv"
    [head, cells] = lines(content)
    assert head == [str(column.title) for column in columns]
    return cells


def number(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_utf_8_with_the_line_ends_of_rfc_4180_and_there_is_one_that_excel_knows(
    name: str, folder: Path
) -> None:
    content = (folder / f"{name}.csv").read_bytes()
    assert content.count(b"\xef\xbb\xbf") == 0
    assert (folder / f"{name}.excel.csv").read_bytes() == b"\xef\xbb\xbf" + content
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r") == SIZES[name] + 1
    assert "Ghent" in content.decode("utf-8")


def test_names_in_other_scripts_come_through(folder: Path) -> None:
    names = {row["name"]: row["nameNl"] for row in rows(folder, "cities")}
    assert names["Gdańsk"] == "Gdansk"
    assert names["Liège"] == "Luik"
    assert "Gdańsk".encode() in (folder / "cities.csv").read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_the_first_line_of_a_table_is_its_english_titles(name: str, folder: Path) -> None:
    [head, *body] = lines((folder / f"{name}.csv").read_bytes())
    assert head == [str(column.title) for column in columns(name)]
    assert len(body) == SIZES[name]
    assert {len(row) for row in body} == {len(head)}


def test_the_titles_are_what_people_call_the_columns(folder: Path) -> None:
    assert lines((folder / "agreements.csv").read_bytes())[0] == [
        "Agreement (IRI)",
        "Agreement",
        "Agreement (Dutch)",
        "Instrument",
        "Instrument (Dutch)",
        "Year of conclusion",
        "End year",
        "Sentence",
        "Rests on the inference",
        "Rests on the inference (Dutch)",
        "Partnership (IRI)",
        "Not stated by the source",
        "Not stated by the source (Dutch)",
    ]


@pytest.mark.parametrize(
    "text",
    ["=cmd|'/C calc'!A0", "+1", "-1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "-"],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert written(Literal(text), Literal(text, language="en")) == [f"'{text}", f"'{text}"]


@pytest.mark.parametrize("text", ["", "x=1", "1-2", " x", "'=1", 'a "b", c', "a\nb", "a\r\nb", "a;b", "2,5", "not -1"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert written(Literal("before"), Literal(text), Literal("after")) == ["before", text, "after"]


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("-7.38298", "decimal"),
        ("+7.5", "decimal"),
        ("-.5", "decimal"),
        ("-5.", "decimal"),
        ("-180", "decimal"),
        ("0", "integer"),
        ("-12", "integer"),
        ("1971", "gYear"),
        ("-0044", "gYear"),
    ],
)
def test_numbers_stay_numbers(text: str, datatype: str) -> None:
    assert written(number(text, datatype)) == [text]


@pytest.mark.parametrize("datatype", ["decimal", "integer", "gYear", "string"])
def test_what_only_claims_to_be_a_number_is_no_formula(datatype: str) -> None:
    assert written(number("-1+cmd", datatype), number("=1", datatype)) == ["'-1+cmd", "'=1"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_every_text_survives_and_none_runs(texts: list[str]) -> None:
    expected = [f"'{text}" if text.startswith(tuple(RUNS)) else text for text in texts]
    assert written(*map(Literal, texts)) == expected
    assert [cell for cell in expected if cell and cell[0] in RUNS] == []


def test_a_cell_without_a_value_is_empty() -> None:
    assert written(None, Literal("x"), None) == ["", "x", ""]


def test_coordinates_west_of_greenwich_are_numbers(folder: Path) -> None:
    places = {row["name"]: (row["longitude"], row["latitude"]) for row in rows(folder, "cities")}
    assert places["Mohammedia"] == ("-7.38298", "33.68607")
    assert places["Nottingham"] == ("-1.15047", "52.9536")
    longitudes = [row["longitude"] for name in ("cities", "partnerships") for row in rows(folder, name)]
    west = [longitude for longitude in longitudes if "-" in longitude]
    assert [float(longitude) < 0 for longitude in west] == [True] * 5


def strictly(folder: Path) -> csvw.TableGroup:
    """The tables as csvw reads them, with all errors and warnings."""
    return csvw.TableGroup.from_file(folder / METADATA)


def csvwvalidate(folder: Path) -> tuple[int, str]:
    """What the command says of the published metadata: its exit code and its output without colours."""
    command = [Path(sys.executable).with_name("csvwvalidate"), "--verbose", METADATA]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, re.sub(r"\x1b\[\d*m", "", done.stdout + done.stderr).strip()


def test_the_command_that_validates_csvw_accepts_what_is_published(folder: Path, tmp_path: Path) -> None:
    assert csvwvalidate(folder) == (0, "OK")
    for file in folder.glob("*csv*"):
        content = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(content.replace("Home city (IRI)", "Home"), encoding="utf-8", newline="")
    (tmp_path / METADATA).write_bytes((folder / METADATA).read_bytes())
    code, output = csvwvalidate(tmp_path)
    assert (code, "missing required columns {'homeCity'}" in output) == (2, True), output


def test_csvw_reads_every_table_without_an_error(folder: Path) -> None:
    group = strictly(folder)
    read = {each.local_name: list(each.iterdicts()) for each in group.tables}
    assert {name: len(found) for name, found in read.items()} == {f"{name}.csv": size for name, size in SIZES.items()}
    for name in TABLES:
        assert [str(row[KEYS[name]].unsplit()) for row in read[f"{name}.csv"]] == [
            row[KEYS[name]] for row in rows(folder, name)
        ]
    kanazawa = next(row for row in read["partnerships.csv"] if row["name"] == "Ghent and Kanazawa")
    assert (str(kanazawa["start"]), kanazawa["end"], str(kanazawa["longitude"])) == ("1971", None, "136.61667")


def test_csvw_finds_the_titles_in_the_file_among_those_in_the_metadata(folder: Path) -> None:
    """Read by their places, the columns must still have the titles of the file: else csvw warns, which is an error."""
    group = csvw.CSVW(str(folder / METADATA), validate=True)
    assert group.warnings == []
    assert [len(list(each.iterdicts(strict=False))) for each in group.tables] == list(SIZES.values())


def check(group: csvw.TableGroup) -> None:
    for each in group.tables:
        assert each.check_primary_key()
    assert group.check_referential_integrity(strict=True)


def test_keys_are_unique_and_foreign_keys_lead_somewhere(folder: Path) -> None:
    group = strictly(folder)
    assert [each.tableSchema.primaryKey for each in group.tables] == [[KEYS[name]] for name in TABLES]
    check(group)
    references = {
        (each.local_name, key.columnReference[0], key.reference.resource.string, key.reference.columnReference[0])
        for each in group.tables
        for key in each.tableSchema.foreignKeys
    }
    assert references == {
        ("partnerships.csv", "homeCity", "cities.csv", "city"),
        ("partnerships.csv", "counterpartCity", "cities.csv", "city"),
        ("agreements.csv", "partnership", "partnerships.csv", "partnership"),
    }


@pytest.mark.parametrize(
    ("name", "right", "wrong", "message"),
    [
        ("partnerships", b",136.61667,", b",east,", "Invalid value for decimal"),
        ("cities", b"/id/city/liege,", b"/id/city/ghent,", "duplicate primary key"),
        ("cities", b"/id/city/liege,", b"/id/city/luik,", "city/liege"),
        ("agreements", f",{ID}partnership/ghent-liege,".encode(), b",,", "required column value is missing"),
    ],
)
def test_csvw_finds_what_is_wrong(
    name: str, right: bytes, wrong: bytes, message: str, folder: Path, tmp_path: Path
) -> None:
    """So the tests above can fail."""
    for file in folder.glob("*.csv"):
        content = file.read_bytes()
        changed = content.replace(right, wrong) if file.stem == name else content
        assert (changed != content) == (file.stem == name)
        (tmp_path / file.name).write_bytes(changed)
    (tmp_path / METADATA).write_bytes((folder / METADATA).read_bytes())
    group = strictly(tmp_path)
    with pytest.raises(ValueError, match=message):
        check(group)


def test_every_column_has_its_titles_in_english_and_in_dutch(metadata: dict[str, Any]) -> None:
    for each in metadata["tables"]:
        expected = columns(each["url"].removesuffix(".csv"))
        described = each["tableSchema"]["columns"]
        assert [(column["name"], column["titles"]) for column in described] == [
            (column.name, str(column.title)) for column in expected
        ]
        assert [{text["@language"]: text["@value"] for text in column["dc:title"]} for column in described] == [
            column.title for column in expected
        ]
        assert all(column.title["nl"] for column in expected)


def test_the_metadata_describes_the_files_in_both_languages(metadata: dict[str, Any], store: Store) -> None:
    assert metadata["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    assert metadata["dialect"] == {"encoding": "utf-8", "lineTerminators": ["\r\n"]}
    assert [each["url"] for each in metadata["tables"]] == [f"{name}.csv" for name in TABLES]
    assert metadata["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    for described in (metadata, *metadata["tables"]):
        for key in ("dc:title", "dc:description"):
            assert [text["@language"] for text in described[key]] == ["en", "nl"]
            assert len({text["@value"] for text in described[key]}) == 2
    of = data_set(store, packaged())
    for key, texts in (("dc:title", of.title), ("dc:rights", of.rights)):
        assert {text["@language"]: text["@value"] for text in metadata[key]} == texts
    assert "GeoNames (https://www.geonames.org/)" in of.rights["en"]
    assert "the licence does not cover them" in of.rights["en"]


def statements(folder: Path, metadata: dict[str, Any]) -> Iterator[tuple[str, Triple]]:
    """What the metadata says that each cell means, as https://www.w3.org/TR/csv2rdf/ reads it, and in which column."""
    for each in metadata["tables"]:
        name = each["url"].removesuffix(".csv")
        for row in rows(folder, name):
            for column in each["tableSchema"]["columns"]:
                cell = row[column["name"]]
                if column.get("suppressOutput") or cell in column.get("null", [""]):
                    continue
                subject = NamedNode(uritemplate.expand(column["aboutUrl"], row))
                value = meaning(column, row)
                yield f"{name}.{column['name']}", Triple(subject, NamedNode(column["propertyUrl"]), value)


def meaning(column: dict[str, Any], row: Cells) -> NamedNode | Literal:
    if "valueUrl" in column:
        return NamedNode(uritemplate.expand(column["valueUrl"], row))
    cell = row[column["name"]]
    if column["datatype"] == "string":
        return Literal(cell) if column["lang"] == "und" else Literal(cell, language=column["lang"])
    return number(cell, column["datatype"])


def test_what_the_metadata_says_is_in_the_graph(folder: Path, metadata: dict[str, Any], store: Store) -> None:
    meant = list(statements(folder, metadata))
    assert [(column, str(triple)) for column, triple in meant if Quad(*triple) not in store] == []
    partnership = NamedNode(f"{ID}partnership/ghent-mohammedia")
    mohammedia = NamedNode(f"{ID}city/mohammedia")
    assert {
        Triple(partnership, NamedNode(GP + "party"), mohammedia),
        Triple(partnership, NamedNode(GP + "startYear"), number("1982", "gYear")),
        Triple(partnership, NamedNode(PREFIXES["rdfs"] + "label"), Literal("Gent en Mohammedia", language="nl")),
        Triple(mohammedia, NamedNode(PREFIXES["geo"] + "long"), number("-7.38298", "decimal")),
        Triple(mohammedia, NamedNode(PREFIXES["owl"] + "sameAs"), NamedNode(PREFIXES["wd"] + "Q647417")),
        Triple(mohammedia, NamedNode(GP + "nameAsStated"), Literal("Mohammedia")),
    } <= {triple for _, triple in meant}


def test_the_cells_that_say_something_are_these(folder: Path, metadata: dict[str, Any]) -> None:
    """A column that is left out, or a cell that is taken for not stated, would say nothing and so nothing wrong."""
    assert Counter(column for column, _ in statements(folder, metadata)) == {
        **{f"partnerships.{name}": 13 for name in ("name", "nameNl", "home", "homeNl", "counterpart", "counterpartNl")},
        **{f"partnerships.{name}": 13 for name in ("start", "homeCity", "counterpartCity")},
        **{f"partnerships.{name}": 12 for name in ("latitude", "longitude", "wikidata")},
        **{f"cities.{name}": 15 for name in ("name", "nameNl", "nameAsStated")},
        **{f"cities.{name}": 14 for name in ("latitude", "longitude", "wikidata", "geonames")},
        **{f"agreements.{name}": 12 for name in ("agreement", "name", "nameNl")},
        "agreements.concluded": 5,
    }


def test_a_stated_end_is_a_statement_too(store: Store, tmp_path: Path) -> None:
    """No end is stated, so this adds one: the column is there for the sources that come later."""
    tallinn = NamedNode(f"{ID}partnership/ghent-tallinn")
    end = Triple(tallinn, NamedNode(GP + "endYear"), number("1999", "gYear"))
    other = Store()
    other.extend(quad for quad in store if quad.subject != tallinn or quad.predicate.value != GP + "notStated")
    other.add(Quad(*end))
    for path, content in tables(
        (table(other, name, packaged(), ("en", "nl")) for name in TABLES), data_set(other, packaged())
    ):
        (tmp_path / path).write_bytes(content)
    meant = list(statements(tmp_path, json.loads((tmp_path / METADATA).read_bytes())))
    assert [triple for column, triple in meant if column == "partnerships.end"] == [end]


def test_every_row_has_its_sentence(folder: Path, store: Store) -> None:
    exact = {quad.object.value for quad in store.quads_for_pattern(None, NamedNode(PREFIXES["oa"] + "exact"), None)}
    for name in TABLES:
        for row in rows(folder, name):
            assert set(row["sentence"].split(" | ")) <= exact, row
            if name == "agreements":  # the sentence that leads in is among those that an agreement rests on itself
                assert "leadIn" not in row
            else:
                assert row["leadIn"] in exact, row
                assert row["leadIn"] not in row["sentence"].split(" | ")


def test_the_sentences_of_a_partnership_are_those_of_the_question(folder: Path) -> None:
    asked: dict[str, set[str]] = {}
    for row in gp.query("sentences-of-partnerships"):
        asked.setdefault(row["partnership"].value, set()).add(row["sentence"].value)
    assert {row["partnership"]: set(row["sentence"].split(" | ")) for row in rows(folder, "partnerships")} == asked
    kanazawa = asked[f"{ID}partnership/ghent-kanazawa"]
    assert len(kanazawa) == 2
    melle = asked[f"{ID}partnership/ghent-melle"]
    assert melle == asked[f"{ID}partnership/sint-denijs-westrem-melle"]
    assert ["Sint-Denijs- Westrem" in sentence for sentence in melle] == [True]


def test_what_the_source_leaves_out_is_said_in_a_column_of_its_own(folder: Path) -> None:
    partnerships, agreements = rows(folder, "partnerships"), rows(folder, "agreements")
    assert {row["end"] for row in (*partnerships, *agreements)} == {""}
    concluded = Counter(row["concluded"] for row in agreements)
    assert concluded.pop("") == len(list(gp.query("twin-cities")))
    assert concluded == Counter(row["year"].value for row in gp.query("partner-cities"))
    assert {(row["concluded"] == "", row["notStated"], row["notStatedNl"]) for row in agreements} == {
        (False, "End year", "Eindjaar"),
        (True, "Year of conclusion; End year", "Gesloten in (jaar); Eindjaar"),
    }
    cities = {row["name"]: row for row in rows(folder, "cities")}
    assert {name: row["notStated"] for name, row in cities.items() if row["notStated"]} == {"Taizhou": "Wikidata item"}
    assert {name for name, row in cities.items() if not row["wikidata"]} == {"Taizhou"}
    (taizhou,) = (row for row in partnerships if row["counterpart"] == "Taizhou")
    assert (taizhou["wikidata"], taizhou["latitude"], taizhou["longitude"]) == ("", "", "")
    assert taizhou["notStated"] == "End year; Wikidata item of counterpart"
    for row in (*partnerships, *agreements, *cities.values()):
        assert "not stated" not in row.values()


def test_the_tables_count_as_the_questions_do(folder: Path) -> None:
    partnerships = rows(folder, "partnerships")
    ghents = [row for row in partnerships if row["home"] == "Ghent"]
    assert {row["partnership"] for row in partnerships} == of_kind(PREFIXES["gp"] + "Partnership")
    assert [len(ghents)] == [int(row["counterparts"].value) for row in gp.query("number-of-counterparts")]
    kinds = Counter(row["kind"] for row in ghents)
    questions = {"twinning": "twin-cities", "cooperation on the basis of an agreement": "partner-cities"}
    assert kinds == {kind: len(list(gp.query(name))) for kind, name in questions.items()}
    (counted,) = gp.query("stated-number-of-twin-cities")
    assert {counted["stated"].value, counted["counted"].value} == {str(kinds["twinning"])}
    decades = Counter(f"{row['start'][:3]}0" for row in ghents)
    asked = {row["decade"].value: int(row["partnerships"].value) for row in gp.query("partnerships-per-decade")}
    assert {decade: decades[decade] for decade in asked} == asked
    assert decades.keys() <= asked.keys()
    (countries,) = {row["number"].value for row in gp.query("countries-of-counterparts")}
    assert len({row["country"] for row in ghents}) == int(countries)
    assert len({row["countryAsStated"] for row in ghents}) == int(countries)


@pytest.mark.parametrize(
    ("name", "kind"), [("twin-cities", "twinning"), ("partner-cities", "cooperation on the basis")]
)
def test_the_tables_name_the_cities_that_the_questions_name(name: str, kind: str, folder: Path) -> None:
    for lang, column in (("en", "counterpart"), ("nl", "counterpartNl")):
        asked = {row["city"].value for row in gp.query(name, lang=lang)}
        assert asked == {
            row[column]
            for row in rows(folder, "partnerships")
            if row["home"] == "Ghent" and row["kind"].startswith(kind)
        }


def test_partnerships_are_in_order_of_their_start(folder: Path) -> None:
    asked = [(row["year"].value, row["city"].value) for row in gp.query("counterparts-by-year")]
    found = [(row["start"], row["counterpart"]) for row in rows(folder, "partnerships") if row["home"] == "Ghent"]
    assert found == asked


def test_only_kanazawas_partnership_has_an_outcome(folder: Path) -> None:
    partnerships = rows(folder, "partnerships")
    outcomes = {row["partnership"]: (row["outcome"], row["outcomeNl"]) for row in partnerships if row["outcome"]}
    assert outcomes == {
        f"{ID}partnership/ghent-kanazawa": (
            "The partnership of Ghent with Kanazawa will be maintained",
            "Het partnerschap van Gent met Kanazawa blijft behouden",
        )
    }
    assert list(outcomes) == [row["partnership"].value for row in gp.query("maintained-partnerships")]


def test_what_rests_on_an_inference_says_on_which(folder: Path) -> None:
    inferred = Counter(row["inferred"] for row in rows(folder, "partnerships"))
    assert inferred == {
        "": 7,
        "A cooperation begins in the year of its agreement": 5,
        "The partnership of Sint-Denijs-Westrem with Melle was a twinning"
        " | Ghent's partnership with Melle took over from that of Sint-Denijs-Westrem": 1,
    }
    assert {bool(row["inferred"]) == bool(row["inferredNl"]) for row in rows(folder, "partnerships")} == {True}


def test_the_dutch_columns_and_no_others_are_in_dutch(metadata: dict[str, Any]) -> None:
    for each in metadata["tables"]:
        for column in each["tableSchema"]["columns"]:
            dutch = column["titles"].endswith("(Dutch)")
            assert column["name"].endswith("Nl") == dutch
            if column["datatype"] == "string":
                assert column["lang"] == ("nl" if dutch else "und" if column["name"] == "nameAsStated" else "en")


def test_a_data_set_in_three_languages_has_a_column_of_each_text_in_each(store: Store) -> None:
    three = Store()
    three.extend(store)
    three.add(Quad(NamedNode(DATA_SET), NamedNode(PREFIXES["dcterms"] + "language"), Literal("fr")))
    for quad in list(three.quads_for_pattern(NamedNode(f"{ID}city/kanazawa"), None, None)):
        if getattr(quad.object, "language", None) == "fr":
            three.remove(quad)
    of = data_set(three, packaged())
    assert of.languages == ("en", "fr", "nl")
    answers = [table(three, name, packaged(), of.languages) for name in TABLES]
    files = dict(tables(answers, of))
    [head, *body] = lines(files["cities.csv"])
    assert head[:8] == [
        "City (IRI)",
        "City",
        "City (French)",
        "City (Dutch)",
        "Name as stated",
        "Country",
        "Country (French)",
        "Country (Dutch)",
    ]
    named = {row[0]: row[1:4] for row in body}
    assert named[f"{ID}city/ghent"] == ["Ghent", "Gand", "Gent"]
    assert named[f"{ID}city/kanazawa"] == ["Kanazawa", "", "Kanazawa"], "it has no name in French"
    assert len(body) == SIZES["cities"]
    metadata = json.loads(files[METADATA])
    (cities,) = (each for each in metadata["tables"] if each["url"] == "cities.csv")
    described = {column["name"]: column for column in cities["tableSchema"]["columns"]}
    assert [described[name]["lang"] for name in ("name", "nameFr", "nameNl")] == ["en", "fr", "nl"]
    assert described["nameFr"]["propertyUrl"] == PREFIXES["rdfs"] + "label"
    features = json.loads(dict(maps(answers, of))["cities.geojson"])["features"]
    (ghent,) = (each["properties"] for each in features if each["id"] == f"{ID}city/ghent")
    assert [ghent[name] for name in ("name", "nameFr", "nameNl")] == ["Ghent", "Gand", "Gent"]


def test_a_data_set_in_one_language_has_no_column_in_another(store: Store) -> None:
    assert [column.name for column in table(store, "agreements", packaged(), ("nl",)).columns] == [
        "agreement",
        "name",
        "instrument",
        "concluded",
        "end",
        "sentence",
        "inferred",
        "partnership",
        "notStated",
    ]
    assert "Luik" in {row["name"].value for row in table(store, "cities", packaged(), ("nl",)).rows}
