"""A new project: what `init` writes, from a name or from a table of pairs of cities."""

import json
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.init.example import files
from ghent_partnerships.project.init.folder import write_new
from ghent_partnerships.project.init.links import Begun, begun
from ghent_partnerships.project.init.network import Network
from ghent_partnerships.project.init.slugs import distinct, slug
from ghent_partnerships.project.init.start import Start, languages
from ghent_partnerships.project.init.table import Table, read
from ghent_partnerships.project.location import at
from ghent_partnerships.rdf.format import canonical
from ghent_partnerships.rdf.namespaces import PREFIXES, expand
from ghent_partnerships.text import Text

BASE = "https://example.org/tuebingen/"
TODAY = "2026-11-29"
START = Start(BASE, ("de", "en"), "Stadt Tübingen", TODAY, "0.1.0", Text({"de": "Tübingen", "en": "Tubingen"}))
NETWORK = Start(BASE, ("en",), "Me", TODAY, "0.1.0")
# The name of the software, and the vocabulary that it brings, are the only places where Ghent may be named.
EXEMPT = re.compile(r"ghent-partnerships|https://w3id\.org/ghent-partnerships/\S*")
HOSTILE = [
    '"; }} . <x> \\',
    "{city} {0} %s $x @TITLE@",
    "]](x) <b>*_`|&",
    "a" * 200,
    "'s-Hertogenbosch",
    "x'''\"\"\"",
    "-",
]


def triples(written: dict[str, bytes] | Begun) -> set[Triple]:
    """What the Turtle among files says."""
    named = written.files if isinstance(written, Begun) else written
    return {
        quad.triple
        for path, content in named.items()
        if path.endswith(".ttl")
        for quad in parse(content, format=RdfFormat.TURTLE)
    }


def values(of: set[Triple], subject: str, name: str) -> set[str]:
    """The values of a property of a resource below the base, as they are written without their languages."""
    return {
        t.object.value
        for t in of
        if (t.subject, t.predicate) == (NamedNode(f"{BASE}id/{subject}"), NamedNode(expand(name)))
    }  # type: ignore[union-attr]


def table(text: str, **chosen: str) -> Table:
    return read("links.csv", text.encode(), TODAY, chosen)


def of_table(text: str, start: Start = NETWORK) -> Begun:
    return begun(start, "data/links.csv", text.encode(), table(text))


def unread(found: Network | Table) -> list[tuple[int, str]]:
    return [(line, str(reason)) for line, reason, _whole in found.unread]


def test_the_files_are_those_of_a_project_and_nothing_of_the_package() -> None:
    assert sorted(files(START)) == [
        *(".github/workflows/ci.yml", ".github/workflows/pages.yml", ".gitignore", ".pre-commit-config.yaml"),
        *("CHANGELOG.md", "README.md"),
        *("data/countries.ttl", "data/dataset.ttl", "data/kinds.ttl", "data/partners/beispielstadt.ttl"),
        *("data/release.ttl", "data/sources.ttl", "data/tubingen.ttl", "pyproject.toml"),
    ]


def test_the_data_set_says_what_all_is_about() -> None:
    stated = triples(
        files(START._replace(wikidata="Q3806", site="https://t.example/", repository="https://r.example/t"))
    )
    about = "dataset/tubingen-partnerships"
    assert values(stated, about, "dcterms:title") == {
        "Internationale Partnerschaften von Tübingen",
        "International partnerships of Tubingen",
    }
    assert values(stated, about, "dcterms:language") == {"de", "en"}
    assert values(stated, about, "void:uriSpace") == {BASE}
    assert values(stated, about, "foaf:primaryTopic") == {f"{BASE}id/city/tubingen"}
    assert values(stated, about, "foaf:homepage") == {"https://t.example/"}
    assert values(stated, about, "dcterms:issued") == {TODAY}
    assert values(stated, "city/tubingen", "owl:sameAs") == {"http://www.wikidata.org/entity/Q3806"}
    assert values(stated, "fragment/s1", "oa:exact") == {"Tübingen und Beispielstadt sind seit 2001 Partnerstädte."}
    assert values(stated, "partnership/tubingen-beispielstadt", "gp:startYear") == {"2001"}
    assert values(stated, "partnership/tubingen-beispielstadt", "skos:note") == {
        "Dies ist ein Beispiel, das zu ersetzen ist.",
        "This is an example, to be replaced.",
    }


def test_the_table_is_all_that_the_settings_are(tmp_path: Path) -> None:
    write_new(tmp_path / "new", files(START._replace(repository="https://r.example/t")))
    settings = tomllib.loads((tmp_path / "new" / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings == {
        "tool": {
            "ghent-partnerships": {
                "profile": "partnerships",
                "repository": "https://r.example/t",
                "prefixes": {"kind": f"{BASE}id/kind/"},
            }
        }
    }
    project = at(tmp_path / "new")
    assert (project.base, project.languages) == (BASE, ("en", "de"))
    assert project.data_set.home_city == f"{BASE}id/city/tubingen"
    assert project.data_set.publisher_name == "Stadt Tübingen"


def test_what_machines_read_is_what_they_expect() -> None:
    written = files(START)
    workflows = [yaml.safe_load(written[f".github/workflows/{name}.yml"]) for name in ("ci", "pages")]
    ci, pages = ([step.get("run", "") for job in flow["jobs"].values() for step in job["steps"]] for flow in workflows)
    requirement = (
        "pip install 'ghent-partnerships[serve] @ git+https://github.com/ghent-partnerships/ghent-partnerships@v0.1.0'"
    )
    assert ci[2:] == [
        requirement,
        "ghent-partnerships fmt --check",
        "ghent-partnerships validate --format github",
        "ghent-partnerships publish",
    ]
    assert pages[3:5] == [requirement, 'ghent-partnerships publish --no-sparql --site "$SITE"']
    (repository,) = yaml.safe_load(written[".pre-commit-config.yaml"])["repos"]
    assert (repository["rev"], [hook["id"] for hook in repository["hooks"]]) == (
        "v0.1.0",
        ["ghent-partnerships-fmt", "ghent-partnerships-validate"],
    )


@pytest.mark.parametrize("language", languages())
def test_each_language_says_everything(language: str) -> None:
    start = START._replace(languages=(language,), city=Text("Örtchen"))
    for written in (files(start), of_table("city1,city2,kind\nA,B,x\nA,C,\n", start._replace(city=Text())).files):
        tags = {t.object.language for t in triples(dict(written)) if isinstance(t.object, Literal)} - {None}
        assert tags <= {language, "und"}
        assert language in tags
        gaps = [text for text in map(bytes.decode, written.values()) if re.search(r"@[A-Z]+@|[^$]\{[a-z]+\}", text)]
        assert gaps == []


def test_there_are_words_in_seven_languages_and_each_has_all() -> None:
    words = tomllib.loads((Path(files.__code__.co_filename).parent / "starting" / "words.toml").read_text("utf-8"))
    assert sorted(words) == languages() == ["de", "en", "es", "fr", "it", "nl", "pl"]
    assert {frozenset(of) for of in words.values()} == {frozenset(words["en"])}
    gaps = {
        (language, key)
        for language, of in words.items()
        for key, text in of.items()
        if sorted(re.findall(r"\{\w+\}", str(text))) != sorted(re.findall(r"\{\w+\}", str(words["en"][key])))
    }
    assert gaps == set()


def test_a_language_of_a_region_has_the_words_of_its_language() -> None:
    stated = triples(files(START._replace(languages=("de-AT",))))
    assert {t.object.language for t in stated if isinstance(t.object, Literal)} == {None, "de-at"}


def test_a_language_without_words_is_refused_with_those_that_have_some() -> None:
    with pytest.raises(UsageError, match=r"--language ja: there are words in de, en, es, fr, it, nl, pl only"):
        files(START._replace(languages=("en", "ja")))


@pytest.mark.parametrize(
    "base",
    ["", "example.org/", "https://example.org", "https://example.org/x", "https://e.org/?q/", "https://e.org/a b/",
     "https://w3id.org/ghent-partnerships/", "ftp://e.org/", "https://e.org/<x>/", "https:///"],
)  # fmt: skip
def test_what_is_no_base_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="expected an address of yours that ends in a slash"):
        files(START._replace(base=base))


@pytest.mark.parametrize("name", HOSTILE[:-1])
def test_a_name_can_break_nothing(name: str, tmp_path: Path) -> None:
    city = Text(name)
    written = files(START._replace(city=city, publisher=name, languages=("en",)))
    write_new(tmp_path, written)
    assert values(triples(written), f"city/{slug(name)}", "rdfs:label") == {name}
    tomllib.loads(written["pyproject.toml"].decode())
    for file in tmp_path.rglob("*.ttl"):
        assert canonical(file) == file.read_text(encoding="utf-8")
    title = written["README.md"].decode().splitlines()[0]
    assert "<b>" not in title
    assert title.replace("\\", "") == f"# International partnerships of {name}".replace("\\", "")


def test_a_name_of_which_no_slug_can_be_made_is_refused() -> None:
    for name in ("-", "東京"):
        with pytest.raises(UsageError, match="expected a name with a letter or digit that ASCII has a likeness of"):
            files(START._replace(city=Text(name)))


@pytest.mark.parametrize("name", ["Sources", "Dataset", "Example City"])
def test_a_city_that_is_called_as_a_file_or_as_the_example(name: str) -> None:
    written = files(START._replace(city=Text(name), languages=("en",)))
    assert len(written) == 14
    assert values(triples(written), f"city/{slug(name)}", "rdfs:label") == {name}
    parties = {t.object for t in triples(written) if t.predicate.value == expand("gp:party")}
    assert len(parties) == 2


def test_nothing_names_ghent_but_the_software_and_its_vocabulary() -> None:
    for written in (files(START), of_table("from,to\nA,B\n").files):
        for path, content in written.items():
            assert not re.search(r"ghent|\bgent\b", EXEMPT.sub("", content.decode()), re.IGNORECASE), path


def test_files_come_into_an_empty_folder_or_one_with_git(tmp_path: Path) -> None:
    written = files(START)
    (tmp_path / ".git").mkdir()
    for folder in (tmp_path, tmp_path / "made" / "too"):
        if folder == tmp_path:
            write_new(folder, written)
            there = {
                path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
            }
            assert there == written
            (tmp_path / "x").mkdir()
        else:
            write_new(folder, written)
            assert (folder / "pyproject.toml").read_bytes() == written["pyproject.toml"]


def test_a_folder_that_is_not_empty_is_refused_with_what_is_in_the_way(tmp_path: Path) -> None:
    for name in ("README.md", "x.txt"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"the folder is not empty: \S*README\.md, \S*x\.txt; give another"):
        write_new(tmp_path, files(START))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "x.txt"]


def test_where_moving_fails_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if target.name == "pyproject.toml":
            raise PermissionError(13, "Permission denied")
        return moved(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    (tmp_path / ".git").mkdir()
    for folder in (tmp_path, tmp_path / ".git" / "new"):
        with pytest.raises(UsageError, match="cannot be written: Permission denied"):
            write_new(folder, files(START))
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == [".git"]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("city1,country1,city2,country2", "city-a country-a city-b country-b"),
        ("from,to,since", "city-a city-b start"),
        ("source,target,source_country,target_country", "city-a city-b country-a country-b"),
        ("City A;City B;Year;End year;Type", "city-a city-b start end kind"),
        ("cityA\tcityB\twikidataA\tqidB", "city-a city-b wikidata-a wikidata-b"),
        ("City,Country,Twin city,Twin country,Signed", "city-a country-a city-b country-b start"),
        ("Stadt,Gegenüber|x,Land", None),
        ("Stadt;Land;Partnerstadt;Land;Seit;Art", "city-a country-a city-b country-b start kind"),
        ("Stad;Zusterstad;Sinds;Einde;Soort", "city-a city-b start end kind"),
        ("Ville;Pays;Ville jumelée;Pays;Depuis;Fin", "city-a country-a city-b country-b start end"),
        ("Città;Paese;Città gemellata;Paese;Anno;Tipo", "city-a country-a city-b country-b start kind"),
        ("Ciudad;País;Ciudad hermanada;País;Año;Tipo", "city-a country-a city-b country-b start kind"),
        ("Miasto;Kraj;Miasto partnerskie;Kraj;Rok;Rodzaj", "city-a country-a city-b country-b start kind"),
        ("From,To,Signed,Terminated", "city-a city-b start end"),
        ("ville 1,pays 1,ville 2,pays 2,until", "city-a country-a city-b country-b end"),
    ],
)
def test_columns_are_known_by_their_names(header: str, columns: str | None) -> None:
    delimiter = next(char for char in ";\t," if char in header)
    row = delimiter.join("ABCDEFGH"[: header.count(delimiter) + 1])
    if columns is None:
        with pytest.raises(
            UsageError, match=r"links\.csv: no column with a city of a pair was found .* --column city-b="
        ):
            table(f"{header}\n{row}\n")
    else:
        assert set(table(f"{header}\n{row}\n").columns) == set(columns.split())


def test_a_column_can_be_named() -> None:
    chosen = {"city-a": "von", "city-b": "nach"}
    found = read("links.csv", b"von,nach\nA,B\n", TODAY, chosen)
    assert [(place.name for place in row.places or ()) and row.places[0].name for row in found.rows if row.places] == [
        "A"
    ]
    with pytest.raises(UsageError, match=r"links\.csv: there is no column x; there are von, nach"):
        read("links.csv", b"von,nach\nA,B\n", TODAY, {"city-a": "x"})


@pytest.mark.parametrize(
    ("header", "chosen", "countries"),
    [
        ("Stadt;Land;Partnerstadt;Land", {}, ["X", "Y"]),
        ("Stadt;Land;Partnerstadt;Land", {"city-b": "Partnerstadt", "country-b": "Land"}, ["X", "Y"]),
        ("Stadt;Land;Partnerstadt;Land", {"country-a": "4", "country-b": "2"}, ["Y", "X"]),
        ("Name;Land;Name;Land", {}, ["X", "Y"]),
        ("Stadt;Land;Partnerstadt;Note", {}, ["X", ""]),
        ("Stadt;Note;Partnerstadt;Partnerland", {}, ["", "Y"]),
    ],
)
def test_of_two_columns_of_one_name_each_belongs_to_its_city(
    header: str, chosen: dict[str, str], countries: list[str]
) -> None:
    (row,) = table(f"{header}\nA;X;B;Y\n", **chosen).rows
    assert row.places is not None
    assert [place.name for place in row.places] == ["A", "B"]
    assert [place.country for place in row.places] == countries


def test_two_columns_of_one_name_where_the_second_city_stands_first() -> None:
    (row,) = table("Partnerstadt;Land;Stadt;Land\nB;Y;A;X\n").rows
    assert row.places is not None
    assert [(place.name, place.country) for place in row.places] == [("A", "X"), ("B", "Y")]


@pytest.mark.parametrize(
    ("header", "chosen", "message"),
    [
        ("from,to,since,since", {}, r"the column since is \(number 3, 4\); .* like --column start=4"),
        ("from,to,x,x", {"kind": "x"}, r"the column x is \(number 3, 4\); .* like --column kind=4"),
        ("from,to,Land,Land,Land", {}, r"Land is \(number 3, 4, 5\); .* --column country-a=5, --column country-b=5"),
        ("from,to,Land", {}, r"Land is \(number 3\); .* --column country-a=3, --column country-b=3"),
        ("from,to,x", {"kind": "4"}, r"there is no column 4; there are from, to, x"),
    ],
)
def test_a_column_that_may_be_of_either_city_is_asked_for(header: str, chosen: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=rf"links\.csv: .*{message}"):
        table(f"{header}\n", **chosen)


def test_a_column_that_is_nothing_is_named() -> None:
    assert table("from,to,Population,,since\nA,B,1,2,1971\n").ignored == ["Population", "(4)"]
    assert table("Stadt;Land;Partnerstadt;Land\nA;X;B;Y\n").columns["country-b"] == "Land (4)"


def test_a_first_line_with_the_separator_is_none_of_the_table() -> None:
    found = table("sep=;\r\nfrom;to;a,b,c\r\nA;B;\r\n")
    assert (found.head, [(row.line, row.text) for row in found.rows]) == ("from;to;a,b,c", [(3, "A;B;")])


def test_a_city_of_another_name_with_the_same_item_is_another_city() -> None:
    done = of_table("from,to,qid 2\nYork,Dijon,Q7003\nYork,Bath,Q7003\nYork,DIJON,Q7003\n")
    assert unread(done.network) == [(3, "Q7003 is the item of Dijon in line 2, and is left out of Bath")]
    assert {city.name: city.item for city in done.network.cities} == {"York": "", "Dijon": "Q7003", "Bath": ""}
    assert len(done.network.partnerships) == 2
    assert done.files["unread.csv"].decode().splitlines()[1].startswith('3,cell,"Q7003 is the item of Dijon')


def test_what_cannot_be_read_is_told_and_kept() -> None:
    text = (
        "city1,city2,start,end,wikidata1,kind\n"
        "A,B,1971,1999,Q1,twins\n"
        "A,,,,,\n"
        "A,C\n"
        '"A,D,,,,\n'
        "A,A,,,Q1,\n"
        "A,E,soon,,,\n"
        "A,F,2030,,,\n"
        "A,G,1999,1971,,\n"
        "A,H,,,X9,\n"
        "A,I,1971-02-30,,,\n"
        f"A,{'x' * 201},,,,\n"
        "A,J\x07,,,,\n"
        "B,A,1972,,,twins\n"
    )
    done = of_table(text)
    reasons = unread(done.network)
    assert reasons == [
        (3, "a city has no name"),
        (4, "2 cells where the first line has 6"),
        (5, "this is no row of CSV: unexpected end of data"),
        (6, "both cities are the same"),
        (7, "soon is neither a year nor a day (expected one like 1971 or 1971-05-31)"),
        (8, "the year 2030 is no year up to 2026"),
        (9, "the end 1971 is before the start 1999"),
        (10, "X9 is no item of Wikidata (expected one like Q42)"),
        (11, "1971-02-30 is neither a year nor a day (expected one like 1971 or 1971-05-31)"),
        (12, "a name of more than 200 characters"),
        (13, "a name with characters that cannot be seen"),
        (14, "1972 where line 2 has 1971"),
    ]
    listed = done.files["unread.csv"].decode().splitlines()
    assert listed[:2] == ["line,left out,reason,row", '3,row,a city has no name,"A,,,,,"']
    assert [line for line, _reason, whole in done.network.unread if whole] == [3, 4, 5, 6, 12, 13]
    stated = triples(done)
    quoted = {int(number): row for number, row in quotations(stated).items()}
    assert [quoted[number] for number in sorted(quoted)] == text.splitlines()  # nothing is lost
    assert values(stated, "partnership/a-b", "dcterms:source") == {f"{BASE}id/fragment/links-{n}" for n in (2, 14)}
    assert values(stated, "partnership/a-b", "gp:endYear") == {"1999"}
    assert values(stated, "kind/twins", "skos:prefLabel") == {"twins"}


def quotations(stated: set[Triple]) -> dict[str, str]:
    """The quotations by their positions."""
    places = {t.subject: t.object.value for t in stated if t.predicate.value == expand("schema:position")}  # type: ignore[union-attr]
    return {places[t.subject]: t.object.value for t in stated if t.predicate.value == expand("oa:exact")}  # type: ignore[union-attr]


def test_a_row_is_its_own_source() -> None:
    text = '\ufeffcity1,country1,city2,since\r\n\r\n"Foo ""Bar""",X,\'s-Gravenhage,1971-05-31\r\n'
    stated = triples(of_table(text))
    assert values(stated, "fragment/links-3", "oa:exact") == {'"Foo ""Bar""",X,\'s-Gravenhage,1971-05-31'}
    assert values(stated, "fragment/links-3", "rdfs:label") == {"links.csv: row 3"}
    assert values(stated, "fragment/links-3", "dcterms:requires") == {f"{BASE}id/fragment/links-head"}
    assert values(stated, "city/foo-bar", "gp:nameAsStated") == {'Foo ""Bar""'}  # as it is spelt there
    assert values(stated, "city/foo-bar", "rdfs:label") == {'Foo "Bar"'}
    assert values(stated, "city/foo-bar", "gp:country") == {f"{BASE}id/country/x"}
    assert values(stated, "partnership/foo-bar-s-gravenhage", "schema:startDate") == {"1971-05-31"}
    assert values(stated, "partnership/foo-bar-s-gravenhage", "dcterms:source") == {f"{BASE}id/fragment/links-3"}
    bare = "".join(text.removeprefix("\ufeff").split())
    assert values(stated, "source/links", "schema:sha256") == {sha256(bare.encode()).hexdigest()}
    assert values(stated, "source/links", "skos:note") == {f"SHA-256 of the file: {sha256(text.encode()).hexdigest()}"}


def test_cities_are_told_apart_by_country_and_item_whatever_the_order_of_the_rows() -> None:
    rows = ["York,England,Q42462,Münster,Germany,", "York,Canada,,Ravensburg,Germany,", "Paris,US,Q1,Paris,US,Q2",
            "York,England,,Dijon,France,", "東京,Japan,Q1490,Paris,France,Q90"]  # fmt: skip
    header = "city1,country1,qid1,city2,country2,qid2\n"
    expected = {"york-england", "york-canada", "munster", "ravensburg", "dijon", "paris-us-q1", "paris-us-q2"}
    for order in (rows, rows[::-1]):
        stated = triples(of_table(header + "\n".join(order) + "\n"))
        cities = {t.subject.value.rpartition("/")[2] for t in stated if t.object == NamedNode(expand("gp:City"))}  # type: ignore[union-attr]
        assert {name.replace("paris-q", "paris-us-q") for name in cities} == {*expected, "paris-france", "q1490"}
        partnerships = {
            t.subject.value.rpartition("/")[2] for t in stated if t.object == NamedNode(expand("gp:Partnership"))
        }  # type: ignore[union-attr]
        assert "munster-york-england" in partnerships
        assert len(partnerships) == 5


def test_a_home_city_is_one_of_the_table() -> None:
    text = "city1,country1,city2,country2\nAachen,Germany,Reims,France\nCalais,France,Reims,France\nReims,X,Y,Z\n"
    start = NETWORK._replace(city=Text("Aachen"), languages=("en", "fr"))
    stated = triples(of_table(text, start))
    assert values(stated, "dataset/aachen-partnerships", "foaf:primaryTopic") == {f"{BASE}id/city/aachen"}
    assert values(stated, "partnership/aachen-reims-france", "rdfs:label") == {"Aachen and Reims", "Aachen et Reims"}
    with pytest.raises(UsageError, match=r"--city Gotham: no row has this city"):
        of_table(text, NETWORK._replace(city=Text("Gotham")))
    with pytest.raises(UsageError, match=r"--city Reims: there are several \(Reims France, Reims X\); give --wikidata"):
        of_table(text, NETWORK._replace(city=Text("Reims")))
    stated = triples(of_table(text))
    assert values(stated, "dataset/city-partnerships", "foaf:primaryTopic") == set()


def test_a_pair_of_two_kinds_is_two_partnerships() -> None:
    stated = triples(of_table("from,to,kind\nA,B,Twins\nB,A,Friends & more\nB,A,twins\n"))
    assert {t.subject.value.rpartition("/")[2] for t in stated if t.object == NamedNode(expand("gp:Partnership"))} == {  # type: ignore[union-attr]
        "a-b-twins",
        "a-b-friends-more",
    }
    assert values(stated, "kind/friends-more", "skos:definition") == {
        "What the table links.csv calls “Friends & more”."
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected a line with the names of the columns"),
        (b"from,to\n", "no row can be read: there is none"),
        (b"from,to\n,\n", "no row can be read: a city has no name"),
        (b"from,to\nA,B\xff\n", r"links\.csv:2: this is not UTF-8; save it as that"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read("links.csv", content, TODAY)


def test_a_quotation_mark_that_is_never_closed_costs_a_line() -> None:
    text = "from,to\n" + '"A,B\n' * 3_000 + "C,D\n"
    found = table(text)
    assert len(found.unread) == 3_000
    assert [row.line for row in found.rows if row.places] == [3_002]


def test_slugs_are_distinct_and_do_not_depend_on_the_order() -> None:
    candidates = {"1": ["a", "a-x"], "2": ["a", "a-y"], "3": ["a-x"], "4": ["", "b"], "5": ["c"], "6": ["c"]}
    found = distinct(candidates)
    assert found == {"3": "a-x", "2": "a-y", "4": "b", "1": "a-x-2", "5": "c-2", "6": "c-3"}
    assert len(set(found.values())) == len(candidates)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Łódź", "lodz"),
        ("Æbelø ß ẞ þ ð đ ı ə ŋ", "aebelo-ss-ss-th-d-d-i-e-eng"),
        ("Тбилиси Київ Йошкар-Ола", "tbilisi-kiiv-ioshkar-ola"),
        ("Αθήνα", "athina"),
        ("서울 とうきょう ガ", "seoul-toukiyou-ga"),
        ("Đà Nẵng", "da-nang"),
        ("ʻAiea’s", "aieas"),
        ("Ho Chi Minh–Saigon (x)", "ho-chi-minh-saigon-x"),
        ("x" * 100, "x" * 80),
        ("\x00 🎉 東京", ""),
    ],
)
def test_a_slug_is_ascii(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_the_graph_of_a_table_is_in_files_of_a_size_to_read() -> None:
    rows = [f"c{number},X,d{number % 7},Y" for number in range(2_500)]
    done = of_table("\n".join(("city1,country1,city2,country2", *rows, "")))
    assert len(done.network.partnerships) == 2_500
    assert [path for path in done.files if path.startswith("data/rows/")] == [
        "data/rows/000000.ttl",
        "data/rows/001000.ttl",
        "data/rows/002000.ttl",
    ]
    assert max(map(len, done.files.values())) < 2_000_000
    assert json.dumps(sorted(done.files)).count("data/partners/") == 2
    assert set(PREFIXES) > {"gp"}
