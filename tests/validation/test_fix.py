"""``--fix`` and ``--fix --dry-run``: only what is safe changes; and ``--output``, which takes nothing away."""

import os
import subprocess
from pathlib import Path

import pyoxigraph
import pytest

import copied
from ghent_partnerships.cli.main import main
from ghent_partnerships.findings import Finding, Fix, Location, Report, Result
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.directory import replace_file
from ghent_partnerships.text import Text
from ghent_partnerships.validation import fix
from ghent_partnerships.validation.check import check_documents
from ghent_partnerships.validation.documents import load, resolve
from ghent_partnerships.validation.fix import difference

SHAPES = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:age , ex:born .
ex:age sh:path ex:age ; sh:datatype xsd:integer ; sh:message "An age is a number."@en .
ex:born sh:path ex:born ; sh:datatype xsd:date ; sh:message "A day."@en .
"""
HEAD = "PREFIX ex: <http://example.org/>\n"
XSD = "http://www.w3.org/2001/XMLSchema#"
CHECK = ["validate", "--shapes", "shapes.ttl", "data.ttl"]
FIX = ["validate", "--fix", *CHECK[1:]]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to work in, with shapes."""
    monkeypatch.chdir(tmp_path)
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    return tmp_path


def fixable(path: str, line: int, column: int, original: str, replacement: str) -> Finding:
    location = Location(path, line, column)
    return Finding(message=Text("x"), location=location, fix=Fix(original, replacement), result=Result(value=original))


def resolved(text: str) -> str:
    """The text as --fix leaves it."""
    file = Path("data.ttl")
    file.write_text(text, encoding="utf-8", newline="")
    assert main(FIX) in (0, 1)
    return file.read_text(encoding="utf-8")


@pytest.fixture
def own_clone(tmp_path: Path) -> Path:
    """A copy of this repository, with the files as they are."""
    return copied.copy(tmp_path / "clone")


def test_a_machine_mends_what_it_can_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    was = (
        "\ufeffPREFIX ex: <http://example.org/> # kept\r\n"
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\r\n"
        "ex:ada a ex:Person ;\r\n\tex:age '36' , \"x\" .   \r\n"
        'ex:bob a ex:Person ; ex:age """7"""^^ex:years . # \u2028 kept'
    )
    data = was.encode()
    Path("data.ttl").write_bytes(data)
    should = was.replace("'36'", "36").replace('"""7"""^^ex:years', "7").encode()
    assert main([*FIX, "--dry-run"]) == 1
    out = capfd.readouterr().out
    assert Path("data.ttl").read_bytes() == data
    assert "\n-\tex:age '36' , \"x\" .   \r\n" in out
    assert '\n+\tex:age 36 , "x" .   \r\n' in out
    assert "# kept" not in out.replace("# \u2028 kept", "")
    assert main(FIX) == 1
    out = capfd.readouterr().out
    assert Path("data.ttl").read_bytes() == should
    assert "fixed: data.ttl:4:9: violation datatype: An age is a number.\n" in out
    assert out.endswith(": 2 violations\n")  # the byte order mark, and "x"
    assert main([*FIX, "--dry-run"]) == 1
    assert capfd.readouterr() == ("", "nothing that a machine can fix\n")
    assert main(["validate", "--dry-run"]) == 2


def test_an_address_at_wikidata_is_mended_in_our_graph(own_clone: Path) -> None:
    liege = own_clone / "data" / "partners" / "liege.ttl"
    text = liege.read_text(encoding="utf-8")
    page = text.replace("owl:sameAs wd:Q3992", "owl:sameAs<https://www.wikidata.org/wiki/Q3992>")
    assert page != text
    liege.write_text(page.replace('gp:startYear "2011"^^xsd:gYear', "gp:startYear 2011"), encoding="utf-8")
    code, out = copied.run(own_clone, "validate", "--fix")
    assert code == 0, out
    assert liege.read_text(encoding="utf-8") == text
    assert out.count("fixed: ") >= 2


def test_what_stands_in_two_files_of_ours_is_mended_in_both(own_clone: Path) -> None:
    liege, more = own_clone / "data" / "partners" / "liege.ttl", own_clone / "more.ttl"
    text = liege.read_text(encoding="utf-8")
    page = "<https://www.wikidata.org/wiki/Q3992>"
    liege.write_text(text.replace("owl:sameAs wd:Q3992", f"owl:sameAs {page}"), encoding="utf-8")
    subject = next(line for line in text.splitlines() if line.startswith("city:"))
    heads = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("PREFIX "))
    more.write_text(f"{heads}{subject} owl:sameAs {page} .\n", encoding="utf-8")
    code, out = copied.run(own_clone, "validate", "more.ttl", "--fix", "--dry-run")
    assert code == 1
    assert out.count(f" {page}") == out.count(" wd:Q3992") == 2, out
    code, out = copied.run(own_clone, "validate", "more.ttl", "--fix")
    assert code == 0, out
    assert liege.read_text(encoding="utf-8") == text
    assert more.read_text(encoding="utf-8") == f"{heads}{subject} owl:sameAs wd:Q3992 .\n"


@pytest.mark.parametrize(
    ("was", "should"),
    [
        ('ex:age"36"', "ex:age 36 ."),
        ('<http://example.org/age>"36"', "<http://example.org/age> 36 ."),
        ('ex:age "36".ex:c ex:d 1 ', "ex:age 36 .ex:c ex:d 1 ."),
        ('ex:age "36"; ex:d 1 ', "ex:age 36; ex:d 1 ."),
        ('ex:age 1,"36",2 ', "ex:age 1,36,2 ."),
        ('ex:age "36"#c\n', "ex:age 36 #c\n."),
        ('ex:born"2011-01-01"', f'ex:born "2011-01-01"^^<{XSD}date>.'),
        ('ex:born"2011-01-01"', 'ex:born "2011-01-01"^^xsd:date .'),
    ],
)
def test_what_is_written_stays_apart_from_what_stands_beside_it(was: str, should: str) -> None:
    head = f"{HEAD}PREFIX xsd: <{XSD}>\n" if "xsd:" in should else HEAD
    text = f"{head}ex:ada a ex:Person; {was}."
    assert resolved(text) == f"{head}ex:ada a ex:Person; {should}"


@pytest.mark.parametrize(
    ("head", "tail", "written"),
    [
        (f"@prefix xsd: <{XSD}> .\n", "", "xsd:date"),
        (f"# PREFIX xsd: <{XSD}>\nPREFIX # c\n xsd: <{XSD}>\n", '# "x"@prefix xsd:\n', "xsd:date"),
        ("", f"PREFIX xsd: <{XSD}>\n", f"<{XSD}date>"),
        (f"PREFIX xsd: <{XSD}>\n", "@prefix xsd: <http://example.org/other#> .\n", f"<{XSD}date>"),
        ("PREFIX xsd: <http://example.org/other#>\n", f"prefix xsd: <{XSD}>\n", f"<{XSD}date>"),
        (f"PREFIX xsd: <{XSD}>\n", f"PREFIX xsd: <{XSD}>\n", f"<{XSD}date>"),
        (f"PREFIX xsd: <{XSD}>\n<> ex:about <#it> .\n", "", "xsd:date"),
    ],
)
def test_a_prefix_is_used_only_where_it_means_one_thing(head: str, tail: str, written: str) -> None:
    text = f"{HEAD}{head}ex:ada a ex:Person ; ex:born '2011-01-01' .\n{tail}"
    assert resolved(text) == text.replace("'2011-01-01'", f'"2011-01-01"^^{written}')


def test_what_is_not_named_is_left_as_it_is(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    imports = "<http://www.w3.org/2002/07/owl#imports>"
    wrong = f'{HEAD}ex:bob a ex:Person ; ex:age "7" .\n'
    data = f"{HEAD}<> {imports} <more.ttl> .\n"
    Path("data.ttl").write_text(data, encoding="utf-8")
    Path("more.ttl").write_text(wrong, encoding="utf-8")
    assert main(FIX) == 1
    assert Path("more.ttl").read_text(encoding="utf-8") == wrong
    assert "fixed: " not in capfd.readouterr().out
    assert main([*FIX, "more.ttl"]) == 0
    assert Path("more.ttl").read_text(encoding="utf-8") == wrong.replace('"7"', "7")
    address = "http://127.0.0.1/more.ttl"  # what is fetched has an address in the place of a path
    fetched = fixable(address, 2, 30, '"7"', f'"7"^^<{XSD}integer>')
    documents = load(resolve(packaged(), [work / "data.ttl"], [work / "shapes.ttl"]))
    assert fix.fix(documents, Report((fetched,), 1, 1)).changes == {}


def test_what_stands_in_several_places_is_mended_in_each(capfd: pytest.CaptureFixture[str]) -> None:
    data = f'{HEAD}ex:ada a ex:Person ; ex:age "36" , "36" , 36 .\nex:ada ex:age "36" .\n'
    more = f"{HEAD}ex:ada ex:age '36' .\nex:bob a ex:Person ; ex:age 'x' .\n"
    Path("data.ttl").write_text(data, encoding="utf-8")
    Path("more.ttl").write_text(more, encoding="utf-8")
    assert main([*FIX, "more.ttl", "--dry-run"]) == 1
    dry = capfd.readouterr().out
    assert Path("data.ttl").read_text(encoding="utf-8") == data
    assert main([*FIX, "more.ttl"]) == 1
    assert Path("data.ttl").read_text(encoding="utf-8") == data.replace('"36"', "36")
    assert Path("more.ttl").read_text(encoding="utf-8") == more.replace("'36'", "36")
    assert capfd.readouterr().out.count("fixed: ") == 1
    assert [line for line in dry.splitlines() if line.startswith("+ex:")] == [
        "+ex:ada a ex:Person ; ex:age 36 , 36 , 36 .",
        "+ex:ada ex:age 36 .",
        "+ex:ada ex:age 36 .",
    ]


def test_shapes_that_contradict_each_other_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "ex:Other a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:o .\n"
    other += "ex:o sh:path ex:age ; sh:datatype xsd:gYear .\n"
    Path("shapes.ttl").write_text(SHAPES + other, encoding="utf-8")
    text = f"{HEAD}ex:ada a ex:Person ; ex:age 2011 .\n"
    checks = []
    monkeypatch.setattr(fix, "check_documents", lambda *a, **how: checks.append(1) or check_documents(*a, **how))
    first = resolved(text)
    assert len(checks) == 2
    assert resolved(first) == first


def test_a_file_that_would_not_parse_or_say_something_else_is_left_as_it_is(work: Path) -> None:
    shapes, file = work / "shapes.ttl", work / "data.ttl"
    text = f"{HEAD}ex:ada ex:age '36' ;\n  ex:age 'x' ; ex:knows <ada> .\n"
    file.write_text(text, encoding="utf-8")
    number = f'"36"^^<{XSD}integer>'

    def contents(*places: tuple[int, int, str, str]) -> list[tuple[bytes, bytes]]:
        findings = [fixable(str(file), line, column, value, new) for line, column, value, new in places]
        return [*fix.fix(load(resolve(packaged(), [file], [shapes])), Report(tuple(findings), 1, 1)).changes.values()]

    assert contents((2, 1, '"36"', number)) == []  # a literal would be the subject
    assert contents((2, 1, "<http://example.org/ada>", "<http://example.org/bob>")) == []  # it parses
    should = text.replace("'36'", "36").encode()
    assert contents((2, 15, '"36"', number)) == [(text.encode(), should)]
    assert contents((2, 1, '"36"', number), (2, 15, '"36"', number), (3, 3, '"x"', number)) == [(text.encode(), should)]


@pytest.mark.parametrize("end", ["\n", "", "\r\n", "\n\n# end"])
@pytest.mark.parametrize("name", ["data.ttl", "my data.ttl"])
def test_git_applies_the_difference(end: str, name: str, work: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = f"{HEAD}\n# \x0c \u2028\nex:ada a ex:Person ;\n  ex:age 'x' ;\n  ex:age '36' .{end}".encode()
    Path(name).write_bytes(text)
    arguments = ["validate", "--shapes", "shapes.ttl", name, "--fix", "--dry-run"]
    assert main(arguments) == 1
    difference = capfdbinary.readouterr().out
    for how in (["--check"], []):
        subprocess.run(["git", "apply", "--whitespace=nowarn", *how], input=difference, check=True, cwd=work)
    assert Path(name).read_bytes() == text.replace(b"'36'", b"36")


def test_the_difference_has_no_line_that_is_not_there() -> None:
    assert (
        difference({Path("a.ttl"): (b"1\n2\n", b"1\n3\n")}) == "--- a/a.ttl\n+++ b/a.ttl\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n"
    )


@pytest.mark.parametrize("more", [["--format", "json"], ["--output", "json=report.json"]])
def test_a_dry_run_gives_no_report(more: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    Path("data.ttl").write_text(f"{HEAD}ex:ada a ex:Person .\n", encoding="utf-8")
    assert main([*FIX, "--dry-run", *more]) == 2
    assert "leave out --output and --format" in capfd.readouterr().err
    assert not Path("report.json").exists()


def test_a_pipe_is_written_into() -> None:
    Path("data.ttl").write_text(f"{HEAD}ex:ada a ex:Person .\n", encoding="utf-8")
    os.mkfifo("pipe")
    Path("link").symlink_to("pipe")
    reading = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        for name in ("pipe", "link"):
            assert main([*CHECK, "--output", f"json={name}"]) == 0
            assert os.read(reading, 100_000).startswith(b"{")
            assert Path("pipe").is_fifo()
            assert Path("link").is_symlink()
    finally:
        os.close(reading)
    assert sorted(map(str, Path().iterdir())) == ["data.ttl", "link", "pipe", "shapes.ttl"]


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_a_descriptor_is_written_into(folder: str, kind: str) -> None:
    if not Path(folder).exists():
        pytest.skip(f"no {folder} here")
    reading, writing = os.pipe() if kind == "pipe" else (os.open("out", os.O_CREAT), os.open("out", os.O_WRONLY))
    try:
        os.write(writing, b"before ")
        Path("link").symlink_to(f"{folder}/{writing}")
        replace_file(Path(f"{folder}/{writing}"), b"it ")
        replace_file(Path("link"), b"again ")
        os.write(writing, b"after")
        assert os.read(reading, 100) == b"before it again after"
        assert Path("link").is_symlink()
    finally:
        os.close(reading)
        os.close(writing)


def test_a_regular_file_is_replaced_also_behind_a_link() -> None:
    Path("file").write_text("old", encoding="utf-8")
    Path("link").symlink_to("file")
    with Path("file").open(encoding="utf-8") as before:
        replace_file(Path("link"), b"new")
        assert before.read() == "old"
    assert Path("link").is_symlink()
    assert Path("file").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (["new", "new"], "another report"),
        (["new", "./sub/../new"], "another report"),
        (["old", "link"], "another report"),
        (["data.ttl"], "one of those to check"),
        (["new", "sub/../data.ttl"], "one of those to check"),
        (["data-link"], "one of those to check"),
        (["shapes.ttl"], "one of those to check"),
        (["sub/more.ttl"], "one of those to check"),
    ],
)
def test_a_report_takes_the_place_of_nothing_that_is_read_or_written(
    paths: list[str], reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("sub").mkdir()
    data = f'{HEAD}ex:ada a ex:Person ; ex:age "36" .\n'
    for name in ("data.ttl", "sub/more.ttl", "old"):
        Path(name).write_text(data, encoding="utf-8")
    Path("link").symlink_to("old")
    Path("data-link").symlink_to("data.ttl")
    assert main([*FIX, "sub", *(f"--output=turtle={path}" for path in paths)]) == 2
    assert reason in capfd.readouterr().err
    assert not Path("new").exists()
    for name in ("data.ttl", "sub/more.ttl", "old"):
        assert Path(name).read_text(encoding="utf-8") == data
    assert Path("shapes.ttl").read_text(encoding="utf-8") == SHAPES


def test_a_report_takes_the_place_of_nothing_of_ours(own_clone: Path) -> None:
    liege = own_clone / "data" / "partners" / "liege.ttl"
    text = liege.read_text(encoding="utf-8")
    code, out = copied.run(own_clone, "validate", "--output", f"turtle={liege}")
    assert (code, liege.read_text(encoding="utf-8")) == (2, text)
    assert "one of those to check" in out


def test_what_is_written_is_turtle() -> None:
    text = f'{HEAD}ex:ada a ex:Person;ex:age"1","2".ex:bob a ex:Person;ex:age"3";ex:born"2011-01-01".ex:c ex:d("4").'
    quads = list(pyoxigraph.parse(resolved(text), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(quads) == len(list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)))
    assert main(CHECK) == 0
