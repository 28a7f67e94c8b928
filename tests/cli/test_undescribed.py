"""A project that does not say enough about its data hears what to write, and where; nothing fails inside."""

import shutil
from pathlib import Path

import pytest

from ghent_partnerships.cli.main import main
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import PREFIXES

CITY = Path(__file__).parents[1] / "cities" / "tuebingen"
UNFOUNDED = "The project does not say what its IRIs start with, so that it cannot be published."
HELP = 'Write data/dataset.ttl with a dcat:Dataset that has void:uriSpace "https://example.org/my-city/"'


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the second city, in which the command is run."""
    folder = tmp_path / "tuebingen"
    shutil.copytree(CITY, folder)
    monkeypatch.chdir(folder)
    return folder


def test_a_city_without_a_description_is_refused_by_both(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (city / "data" / "dataset.ttl").unlink()
    for command, code in (("validate", "violation GP230: "), ("publish", "")):
        assert main([command]) == 1
        output = "".join(capsys.readouterr())
        assert f"pyproject.toml:1:1: {code}{UNFOUNDED}\n" in output
        assert HELP in output
        assert "internal error" not in output
    assert not (city / "dist").exists()


def test_so_is_one_of_a_single_triple(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.ghent-partnerships]\nprofile = "partnerships"\n', encoding="utf-8")
    (tmp_path / "data" / "x.ttl").write_text("<http://e.example/a> <http://e.example/b> 1 .\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in ("validate", "publish"):
        assert main([command]) == 1
        output = "".join(capsys.readouterr())
        assert UNFOUNDED in output
        assert "internal error" not in output


def test_a_description_without_a_start_is_where_it_is_to_be_written(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = city / "data" / "dataset.ttl"
    described = "PREFIX dcat: <http://www.w3.org/ns/dcat#>\n\n<https://example.org/all>\n    a dcat:Dataset ;\n.\n"
    file.write_text(described, encoding="utf-8")
    assert main(["validate"]) == 1
    assert f"data/dataset.ttl:3:1: violation GP230: {UNFOUNDED}\n" in capsys.readouterr().out
    file.write_text(f"{described}x\n", encoding="utf-8")  # which is what is to be mended first
    assert main(["validate"]) == 1
    assert UNFOUNDED not in capsys.readouterr().out


@pytest.mark.slow
def test_a_missing_title_stops_nobody(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = city / "data" / "dataset.ttl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "dcterms:title" not in line), encoding="utf-8")
    assert main(["validate"]) == 0
    assert "warning GP227: A data set needs a title" in capsys.readouterr().out
    assert main(["publish"]) == 0
    assert "<title>tuebingen</title>" in (city / "dist" / "index.html").read_text(encoding="utf-8")
    readme = (city / "dist" / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# tuebingen\n")
    capsys.readouterr()
    release = 'dcat:version "1.0.0" ; dcterms:issued "2026-11-29"^^xsd:date'
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("dcat", "dcterms", "xsd"))
    statement = f"<https://example.org/tuebingen/id/dataset/tuebingen> {release} .\n"
    (city / "data" / "release.ttl").write_text(prefixes + statement, encoding="utf-8")
    assert main(["cite"]) == 0
    assert " (2026): tuebingen. Version 1.0.0. " in capsys.readouterr().out


@pytest.mark.parametrize("iri", ["", "no scheme"])
def test_an_iri_without_a_scheme_has_no_statements(iri: str) -> None:
    assert GraphIndex([]).of(iri) == {}
    assert GraphIndex([]).iris(iri, "gp:party") == []
