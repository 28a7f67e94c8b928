"""A project is what its files say: its languages are those that its data set states."""

import subprocess
import sys
from pathlib import Path

import pytest

import copied
from ghent_partnerships.project.location import packaged
from ghent_partnerships.project.project import Project

PREFIXES = """PREFIX dataset: <https://w3id.org/ghent-partnerships/id/dataset/>
PREFIX dcterms: <http://purl.org/dc/terms/>
dataset:ghent-partnerships a <http://www.w3.org/ns/dcat#Dataset> .
"""
QUERY = """#+ summary: What is there?
#+ summary-fr-be: Wrong, for a tag is written as the data set has it.
#+ summary-fr-BE: Qu'y a-t-il ?
#+ summary-nl: Wat is er?
SELECT ?thing { ?thing ?is ?there }
"""
READ = """from pathlib import Path
from ghent_partnerships.project.location import packaged
from ghent_partnerships.sparql.executables import executables
(document,) = executables(packaged(), [Path("queries/mine.rq")])
print(*(triple.object.language for triple in document.triples if triple.predicate.value.endswith("#comment")))
print(*(finding.location.line for finding in document.findings))
"""


@pytest.fixture
def there(tmp_path: Path) -> Project:
    """A project whose folder of data is empty."""
    (tmp_path / "data").mkdir()
    return packaged()._replace(root=tmp_path)


@pytest.mark.parametrize(
    ("statements", "languages"),
    [
        ('dataset:ghent-partnerships dcterms:language "nl" , "fr-BE" , "en" .', ("en", "fr-BE", "nl")),
        ('dataset:ghent-partnerships dcterms:language "nl" , "fr" .', ("fr", "nl")),
        ('dataset:data dcterms:language "fr" .', ("en", "nl")),
        ("dataset:ghent-partnerships dcterms:language <http://example.org/fr> .", ("en", "nl")),
        ('dataset:ghent-partnerships dcterms:language "fr" , ', ("en", "nl")),
        ("", ("en", "nl")),
    ],
)
def test_the_languages_are_those_of_the_data_set_or_else_those_of_the_interface(
    statements: str, languages: tuple[str, ...], there: Project
) -> None:
    (there.root / "data" / "dataset.ttl").write_text(PREFIXES + statements, encoding="utf-8")
    assert there.languages == languages


def test_the_languages_are_those_of_the_interface_where_no_file_describes_the_data_set(there: Project) -> None:
    assert there.languages == ("en", "nl")


def test_a_language_of_the_data_set_is_one_of_the_headers_of_queries(tmp_path: Path) -> None:
    root = copied.copy(tmp_path / "clone")
    file = root / "data" / "dataset.ttl"
    text = file.read_text(encoding="utf-8")
    stated = '    dcterms:language "en" ;\n'
    assert stated in text
    file.write_text(text.replace(stated, f'{stated}    dcterms:language "fr-BE" ;\n'), encoding="utf-8")
    (root / "queries" / "mine.rq").write_text(QUERY, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=root,
        env={"PYTHONPATH": "scripts"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "en fr-be nl\n2\n"  # Oxigraph writes tags of languages in lower case
