"""A citation says what the data say, in formats that a hostile title cannot break."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pybtex.database import parse_string

from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.project.citation import citation
from ghent_partnerships.project.citation_formats import FORMATS
from ghent_partnerships.project.location import packaged
from loaded import DATA_SET

ROOT = Path(__file__).parents[2]
TITLE = "International partnerships of Ghent"
HOSTILE = [
    "A {b} \\c % & $ # _ ^ ~",
    "}{",
    "{",
    "\\",
    "two\nTY  - BOOK\r\nER  - ",
    '"quoted": [x] # y',
    "- a: 'b'",
    "Li\u00e8ge, Gda\u0144sk, \u0141\u00f3d\u017a, Stra\u00dfe, \u6cf0\u5dde",
    "hidden\u202e\u2028\u0085\x00end",
]


def described(text: str) -> str:
    """The text as each format has to show it: in one line, of characters that can be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with copies of the two files that a citation is made from, and no other."""
    (tmp_path / "data").mkdir()
    for name in ("dataset", "release"):
        shutil.copy(ROOT / "data" / f"{name}.ttl", tmp_path / "data")
    return tmp_path / "data"


def cited(output_format: str, data: Path) -> str:
    return citation(output_format, packaged()._replace(root=data.parent))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def retitle(data: Path, title: str) -> None:
    escaped = "".join(f"\\u{ord(char):04X}" for char in title)
    replace(data / "dataset.ttl", f'dcterms:title "{TITLE}"@en', f'dcterms:title "{escaped}"@en')


def release(data: Path, version: str, date: str) -> None:
    text = (data / "release.ttl").read_text(encoding="utf-8")
    text = re.sub(r'dcat:version "[^"]*"', f'dcat:version "{version}"', text)
    (data / "release.ttl").write_text(re.sub(r'issued "[^"]*"', f'issued "{date}"', text), encoding="utf-8")


def test_citation_cff_is_what_the_data_say() -> None:
    written = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert written == citation("cff", packaged()), (
        "it is stale; run: ghent-partnerships cite --format cff > CITATION.cff"
    )


def test_line_has_what_datacite_asks_for(data: Path) -> None:
    release(data, "2.3.4", "2031-02-28")
    assert cited("plain", data) == (
        f"Ghent Partnerships (2031): {TITLE}. Version 2.3.4. Ghent Partnerships. (Dataset). {DATA_SET}\n"
    )


def test_bibtex_is_an_entry_that_every_style_knows(data: Path) -> None:
    release(data, "2.3.4", "2031-02-28")
    assert cited("bibtex", data).splitlines() == [
        "@misc{ghent-partnerships-2.3.4,",
        "  author = {{Ghent Partnerships}},",
        f"  title = {{{{{TITLE}}}}},",
        "  year = {2031},",
        "  month = feb,",
        "  publisher = {Ghent Partnerships},",
        "  note = {Data set, version 2.3.4, CC-BY-4.0},",
        f"  url = {{{DATA_SET}}},",
        "}",
    ]


def test_ris_is_one_record_of_a_data_set(data: Path) -> None:
    release(data, "2.3.4", "2031-02-28")
    assert cited("ris", data).splitlines() == [
        "TY  - DATA",
        "AU  - Ghent Partnerships",
        f"TI  - {TITLE}",
        "PY  - 2031",
        "DA  - 2031/02/28",
        "ET  - 2.3.4",
        "PB  - Ghent Partnerships",
        f"UR  - {DATA_SET}",
        "ER  - ",
    ]


def test_cff_says_which_licence_also_where_spdx_does_not_list_it(data: Path) -> None:
    assert "\nlicense: CC-BY-4.0\n" in cited("cff", data)
    replace(data / "dataset.ttl", "<https://creativecommons.org/licenses/by/4.0/>", "<https://example.org/licence>")
    assert '\nlicense-url: "https://example.org/licence"\n' in cited("cff", data)
    assert "license: " not in cited("cff", data)


@pytest.mark.parametrize("output_format", FORMATS)
def test_the_same_data_give_the_same_lines(output_format: str, data: Path) -> None:
    text = cited(output_format, data)
    assert text == cited(output_format, data)
    assert text.endswith("\n")
    assert data.exists()


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
@pytest.mark.parametrize("output_format", FORMATS)
def test_a_hostile_title_adds_no_line(output_format: str, title: str, data: Path) -> None:
    usual = cited(output_format, data).count("\n")
    retitle(data, title)
    text = cited(output_format, data)
    assert text.count("\n") == usual == len(text.splitlines())


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
def test_a_hostile_title_is_read_back_from_the_formats_that_keep_it(title: str, data: Path) -> None:
    retitle(data, title)
    (ris,) = re.findall(r"^TI  - (.*)$", cited("ris", data), re.M)
    (cff,) = re.findall(r"^title: (.*)$", cited("cff", data), re.M)
    assert ris == json.loads(cff) == described(title) != ""
    assert f": {described(title)}. Version" in cited("plain", data)


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
def test_a_reader_of_bibtex_finds_one_entry_with_a_hostile_title_in_its_place(title: str, data: Path) -> None:
    expected = parse_string(cited("bibtex", data), "bibtex").entries
    retitle(data, title)
    entries = parse_string(cited("bibtex", data), "bibtex").entries
    assert list(entries) == list(expected)
    (entry,) = entries.values()
    (usual,) = expected.values()
    assert dict(entry.fields) == {**usual.fields, "title": entry.fields["title"]}
    assert re.search(r"(?<!\\)[#$%&_]|[~^](?!\{)", entry.fields["title"]) is None, "LaTeX would read a command"


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("50 % & more_ $1 #2", r"50 \% \& more\_ \$1 \#2"),
        ("a{b}\\~^", r"a\textbraceleft{}b\textbraceright{}\textbackslash{}\textasciitilde{}\textasciicircum{}"),
        ("Li\u00e8ge, Saint-Rapha\u00ebl", "Li\u00e8ge, Saint-Rapha\u00ebl"),
        ("Lie\u0300ge", "Li\u00e8ge"),
        (
            "Gda\u0144sk, \u0141\u00f3d\u017a, Stra\u00dfe, \u6cf0\u5dde",
            "Gda\u0144sk, \u0141\u00f3d\u017a, Stra\u00dfe, \u6cf0\u5dde",
        ),
    ],
)
def test_bibtex_is_utf_8_with_only_its_own_characters_escaped(title: str, value: str, data: Path) -> None:
    retitle(data, title)
    (entry,) = parse_string(cited("bibtex", data), "bibtex").entries.values()
    assert entry.fields["title"] == f"{{{value}}}"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no such format: apa \(expected one of plain, bibtex, ris, cff\)"):
        citation("apa", packaged())


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("release", "dcat:version", "dcat:revision", "needs dcat:version"),
        ("release", 'dcat:version "0.1.0"', 'dcat:version "0.1}"', "needs dcat:version"),
        ("release", "-11-24", "-13-24", "needs dcterms:issued"),
        ("dataset", f'dcterms:title "{TITLE}"@en', f'dcterms:title "{TITLE}"@de', "needs dcterms:title"),
        ("dataset", "dcterms:license", "dcterms:licence", "needs dcterms:license"),
        ("dataset", "PREFIX dcat:", "PREFIX", "ataset.ttl:"),
    ],
)
def test_what_is_not_said_is_a_finding_in_its_file(file: str, old: str, new: str, message: str, data: Path) -> None:
    if old.startswith("dcat:version "):
        release(data, "0.1.0", "2026-11-24")
    if old == "-11-24":
        release(data, "0.1.0", "2026-11-24")
    replace(data / f"{file}.ttl", old, new)
    with pytest.raises(InvalidError, match=message) as caught:
        cited("plain", data)
    assert Path(caught.value.findings[0].location.path).name == f"{file}.ttl"


def test_a_citation_imports_no_heavy_library_and_reads_two_files() -> None:
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from ghent_partnerships.project.citation import citation
from ghent_partnerships.project.location import packaged
citation("bibtex", packaged())
assert not {"rdflib", "pyshacl", "SPARQLWrapper"} & set(sys.modules), "heavy"
print(*sorted({name.rpartition("/")[2] for name in opened if name.endswith(".ttl")}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["dataset.ttl", "release.ttl"]
