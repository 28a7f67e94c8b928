"""``croissant.json``: the official reader loads the tables that it describes, and they are those of the CSV files."""

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ghent_partnerships.publishing.publish import Published

TABLES = ("agreements", "cities", "partnerships")


@pytest.fixture(scope="module")
def described(dist: Published) -> dict[str, Any]:
    return dict(json.loads((dist.directory / "croissant.json").read_text(encoding="utf-8")))


def rows(dist: Published, table: str) -> tuple[list[str], list[list[str]]]:
    with (dist.directory / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        head, *body = csv.reader(lines)
    return head, body


@pytest.mark.filterwarnings("ignore")  # of what it imports
def test_the_official_reader_loads_the_rows_of_the_tables(
    dist: Published, described: dict[str, Any], tmp_path: Path
) -> None:
    """From files beside the description, as a test may not ask the network for the addresses in it."""
    import mlcroissant

    for table in TABLES:
        shutil.copy(dist.directory / f"{table}.csv", tmp_path)
    files = [{**file, "contentUrl": file["@id"]} for file in described["distribution"] if file["@id"].endswith(".csv")]
    local = tmp_path / "croissant.json"
    local.write_text(json.dumps({**described, "distribution": files}), encoding="utf-8")
    data_set = mlcroissant.Dataset(local)
    assert list(data_set.metadata.ctx.issues.errors) == []
    for table in TABLES:
        head, body = rows(dist, table)
        records = list(data_set.records(table))
        fields = next(each["field"] for each in described["recordSet"] if each["@id"] == table)
        assert [field["source"]["extract"]["column"] for field in fields] == head
        loaded = [[text(record[field["@id"]]) for field in fields] for record in records]
        assert loaded == [[number(cell, field) for cell, field in zip(row, fields, strict=True)] for row in body]


def text(value: object) -> str:
    """A value as it is read: bytes for texts, and nothing for an empty cell."""
    if isinstance(value, bytes):
        return value.decode()
    return "" if value is None or value != value else str(value)


def number(cell: str, field: dict[str, Any]) -> str:
    return str(float(cell)) if cell and field["dataType"] == "sc:Float" else cell


@pytest.mark.filterwarnings("ignore")
def test_the_official_reader_finds_nothing_wrong_with_the_file_itself(dist: Published) -> None:
    import mlcroissant

    issues = mlcroissant.Dataset(dist.directory / "croissant.json").metadata.ctx.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])


def test_it_says_what_the_data_set_is_as_the_catalogue_does(dist: Published, described: dict[str, Any]) -> None:
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert described["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert described["citeAs"].startswith("@misc{ghent-partnerships-")
    assert described["creator"]["name"] == "Ghent Partnerships"
    assert "town twinning" in described["keywords"]
    for file in described["distribution"]:
        content = (dist.directory / file["@id"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["contentSize"] == f"{len(content)} B"
    by_id = {field["@id"]: field for each in described["recordSet"] for field in each["field"]}
    assert by_id["cities/latitude"]["dataType"] == "sc:Float"
    assert by_id["cities/wikidata"]["dataType"] == "sc:URL"
    assert by_id["agreements/concluded"]["dataType"] == "sc:Integer"
    assert by_id["cities/name"]["equivalentProperty"] == "http://www.w3.org/2000/01/rdf-schema#label"
    assert by_id["partnerships/partnership"]["dataType"] == "sc:URL"
