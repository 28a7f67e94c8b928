"""The rules beyond SHACL: each has an example that conforms and one that breaks it; and every rule explains itself."""

import re
from functools import cache
from pathlib import Path

import pytest

import wikidata_like as like
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.files import shown
from ghent_partnerships.findings import Finding, Report
from ghent_partnerships.project.location import packaged
from ghent_partnerships.project.project import Project
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.text import Text
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.explain import explain, explanations
from ghent_partnerships.validation.rule_words import by_number
from ghent_partnerships.wikidata.check import check_items
from ghent_partnerships.wikidata.snapshot import Snapshot
from wikidata_like import Item

FOLDER = Path(__file__).parents[1] / "rules"
OF_SHAPES = {"GP004", "GP005", "GP006"}  # about shapes, so the examples are shapes with their data
OF_WIKIDATA = {f"GP40{number}" for number in range(1, 9)}  # by a snapshot, which ``wikidata check`` holds them against
WITHOUT = {"GP002", "GP014", "GP219"}  # bytes, a history and another engine are no example to read; tested elsewhere
SHOWN = re.compile(r"\n(Wrong|Right):\n    ")  # one of them is empty where a whole subject is too many or missing
RULES = dict(
    re.findall(
        r'^rule:(.*)\n(?:    .*\n)*?    skos:notation "(GP[0-9]{3})" ;$',
        packaged().rules_file().read_text("utf-8"),
        re.MULTILINE,
    )
)
CODES = set(RULES.values())
ITEMS = {  # shaped as Wikidata has them, and not fetched from it
    item.number: item
    for item in (
        Item("Q3992", {"en": "Liège", "nl": "Luik"}, country="Q31", place=(5.56749, 50.63373)),
        Item("Q1792", {"en": "Gdańsk", "nl": "Gdańsk"}),
        Item("Q999", merged_with="Q3992"),
        Item("Q1471", {"en": "Seine", "nl": "Seine"}, types=["Q4022"]),
        Item("Q4022", {"en": "river", "nl": "rivier"}, types=[]),
        *(Item(number, types=[like.STATE]) for number in ("Q31", "Q142")),
    )
}
EXAMPLES = sorted(CODES - WITHOUT)


@cache
def checked(code: str, name: str) -> Report:
    (file,) = (FOLDER / code).glob(f"{name}.*")
    if code in OF_WIKIDATA:
        return check_items(packaged(), [parse(file)], Snapshot(like.snapshot(ITEMS, {*ITEMS, "Q999999999"}, "rules")))
    return validate(file, shapes=file if code in OF_SHAPES else ())


def of(code: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


def test_there_are_examples_of_every_rule() -> None:
    assert sorted(folder.name for folder in FOLDER.iterdir()) == EXAMPLES


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_right_example_conforms(code: str) -> None:
    assert checked(code, "valid").findings == ()


@pytest.mark.parametrize(
    ("code", "place", "message", "fix"),
    [
        ("GP001", (6, 5), "A dot is expected at the end of statements.", ""),
        ("GP003", (9, 1), "This is not SPARQL: ", ""),
        ("GP004", (1, 1), "None of the shapes applies to any node: nothing was checked.", "Check the targets"),
        ("GP005", (6, 17), "The shapes cannot be used: ", ""),
        (
            "GP006",
            (6, 17),
            "The import of <https://example.org/other> is left out: not fetched without ",
            "Import a file ",
        ),
        ("GP011", (6, 18), "The ontology defines no gp:startYaer.", "Did you mean gp:startYear? Else describe it in "),
        ("GP012", (4, 35), "<https://schema.org/position> is in the wrong namespace.", "Write schema:position."),
        ("GP013", (6, 14), "city:lieges is an IRI of ours that nothing is said of.", "Did you mean city:liege? Else "),
        ("GP015", None, "The quotations from source:history-of-bilateral-partnerships, in order, are not its ", ""),
        ("GP016", (6, 18), 'The year "2111"^^xsd:gYear is later than the data set, which was issued in 2026.', ""),
        ("GP017", (4, 1), "The file is not in the canonical layout.", "Run: ghent-partnerships fmt "),
        ("GP019", (5, 16), "There is nothing in the text of rdfs:label.", "Write the text, or "),
        (
            "GP018",
            (5, 16),
            "<https://www.wikidata.org/wiki/Q3992> is an address at Wikidata, not the IRI",
            "Write wd:Q",
        ),
        (
            "GP220",
            (6, 18),
            'No sentence that is cited here has the year "1972"^^xsd:gYear.',
            "Check the year, or cite ",
        ),
        ("GP221", (5, 21), 'No sentence that is cited here has the name "Kanasawa".', "Copy the name letter by letter"),
        (
            "GP222",
            (6, 18),
            'The start "2012"^^xsd:gYear is inferred from an agreement that was concluded in 2011.',
            "Write the year of the agreement, or ",
        ),
        ("GP223", (5, 21), "The position 13 is taken already.", "Count on in the order of the source."),
        ("GP224", (5, 13), "city:liege has the coordinates of city:kanazawa.", "Look up the coordinates"),
        ("GP225", (6, 20), "The cited fragment:b3 names city:kanazawa, and no city that this is about.", "Cite the "),
        (
            "GP226",
            (5, 14),
            "The quotation fragment:b13 is no sentence, and says not which one it continues.",
            "Add dcterms:requires with the sentence that opens the list",
        ),
        (
            "GP238",
            (7, 7),
            "<https://example.org/id/group/example-choirs> does not start with https://w3id.org/ghent-partnerships/.",
            "Name it by an IRI that starts as the void:uriSpace of the data set does.",
        ),
        ("GP239", (5, 18), "gp:startYear is said not to be stated, and has a value.", "Take out one of the two."),
        (
            "GP242",
            (10, 16),
            "rdfs:label has no text in the language nl of the data set.",
            'Add rdfs:label "…"@nl.',
        ),
        ("GP269", (5, 18), "A blank node cannot be published.", "Give it an IRI of the scheme."),
        (
            "GP270",
            (6, 18),
            "<https://w3id.org/ghent-partnerships/id/city/Ghent> is not an IRI of the scheme ",
            "Write the slug in lower-case ASCII words joined by hyphens.",
        ),
        (
            "GP271",
            (5, 18),
            "A relative IRI names a file of this machine, and cannot be published.",
            "Write it in full",
        ),
        (
            "GP401",
            (8, 16),
            "city:liege is the same as wd:Q64, which the snapshot of Wikidata was not asked for.",
            "Run:",
        ),
        ("GP402", (8, 16), "Wikidata has no wd:Q999999999, which city:liege is the same as.", "Look the item up at "),
        ("GP403", (8, 16), "wd:Q999 was merged with wd:Q3992 at Wikidata.", "Check that it is still the same as city:"),
        ("GP404", (8, 16), "wd:Q1471 is no such place as city:liege: at Wikidata it is river.", "Look up the item of "),
        ("GP405", (10, 16), "city:liege is in country:france here, and wd:Q3992 in Q31 at Wikidata.", "Check which "),
        ("GP406", (9, 13), "wd:Q3992 lies 30 km from the coordinates of city:liege.", "Check the coordinates, and "),
        ("GP407", (10, 16), 'wd:Q3992 is not called so at Wikidata, but "Luik"@nl.', "Check the spelling, and that "),
        ("GP408", (13, 16), "wd:Q3992 is the item of city:gdansk as well.", "Find out which of the two it stands for"),
        ("GP272", (4, 32), "The predicate <https://example.org/2014> cannot be written in RDF/XML", "Give it an IRI "),
    ],
)
def test_a_wrong_example_breaks_the_rule_once(code: str, place: tuple[int, int] | None, message: str, fix: str) -> None:
    (finding,) = of(code, checked(code, "invalid").findings)
    assert str(finding.message).startswith(message)
    assert str(finding.help).startswith(fix)
    if place:
        assert Path(finding.location.path).parent.name == code
        assert (finding.location.line, finding.location.column) == place
    else:
        assert finding.location.path == "data/sources.ttl"
    others = {finding.code for finding in checked(code, "invalid").findings} - {code}
    assert all(re.fullmatch("GP[12]..", other_code) for other_code in others), "it breaks another rule beyond SHACL"


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "latin.ttl"
    file.write_bytes('<http://e/a> <http://e/b> "Liège" .\n'.encode("latin-1"))
    (finding,) = validate(file).findings
    assert (finding.code, finding.location.line, finding.location.column) == ("GP002", 1, 30)


@pytest.mark.parametrize(
    ("term", "offer"),
    [("gp:endYeer", "Did you mean gp:endYear? "), ("gp:bandOfBrothers", "Describe it in ontology/partnership.ttl.")],
)
def test_a_term_of_ours_in_a_query_is_defined(term: str, offer: str, tmp_path: Path) -> None:
    file = tmp_path / "example.rq"
    text = (FOLDER / "GP003" / "valid.rq").read_text(encoding="utf-8").replace("?city a gp:City", f"?city {term} ?city")
    text = text.replace("WHERE", f"# {term}, <{term}> and '{term}' are none\nWHERE")
    file.write_text(text, encoding="utf-8")
    (finding,) = validate(file).findings
    assert (finding.code, finding.location.line, finding.location.column) == ("GP011", 9, 9)
    assert str(finding.message) == f"The ontology defines no {term}."
    assert str(finding.help).startswith(offer)


@pytest.mark.parametrize(
    ("term", "help_"),
    [
        ("dcterms:sauce", "Did you mean dcterms:source? Else describe it in ontology/alignments.ttl."),
        ("dcterms:mediator", "Describe it in ontology/alignments.ttl."),
        ("gp:bandOfBrothers", "Describe it in ontology/partnership.ttl."),
    ],
)
def test_a_term_is_to_be_described_where_its_like_are(term: str, help_: str, tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    heads = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("dcterms", "gp"))
    file.write_text(f"{heads}<http://example.org/a> {term} 1 .\n", encoding="utf-8")
    (finding,) = of("GP011", validate(file).findings)
    assert (str(finding.message), str(finding.help)) == (f"The ontology defines no {term}.", help_)


def test_a_term_of_others_that_is_described_as_advised_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "ontology" / "alignments.ttl"
    file.parent.mkdir()
    text = (packaged().root / "ontology" / "alignments.ttl").read_text(encoding="utf-8")
    notes = 'skos:note "Why."@en ; skos:note "Waarom."@nl'
    term = f"\ndcterms:mediator a owl:AnnotationProperty ; rdfs:isDefinedBy dcterms: ; {notes} .\n"
    file.write_text(f"{text}{term}<http://example.org/a> dcterms:mediator 1 .\n", encoding="utf-8")
    assert {finding.code for finding in validate(file).findings} == {"GP017"}  # the layout


@pytest.mark.parametrize(
    ("written", "code", "named"),
    [
        ("<https://w3id.org/ghent-partnerships/ontology#endYeer> ?city", "GP011", "gp:endYeer"),
        ("gp:party <https://w3id.org/ghent-partnerships/id/city/gent>", "GP013", "city:gent"),
        ("gp:party city:gent", "GP013", "city:gent"),
    ],
)
def test_a_query_names_what_is_there(written: str, code: str, named: str, tmp_path: Path) -> None:
    file = tmp_path / "example.rq"
    text = (FOLDER / "GP003" / "valid.rq").read_text(encoding="utf-8")
    text = text.replace("PREFIX", "PREFIX city: <https://w3id.org/ghent-partnerships/id/city/>\nPREFIX", 1)
    file.write_text(text.replace("?city a gp:City", f"?city {written}"), encoding="utf-8")
    (finding,) = validate(file).findings
    assert (finding.code, finding.location.line, str(finding.result.statement)) == (code, 9, named)


@pytest.mark.parametrize(
    ("address", "is_entity"),
    [
        ("http://www.wikidata.org/wiki/Q6509", True),
        ("https://m.wikidata.org/wiki/q6509?uselang=nl#P31", True),
        ("https://www.wikidata.org/wiki/Special:EntityData/Q6509.json", True),
        ("https://www.wikidata.org/entity/Q6509", True),
        ("https://www.wikidata.org/wiki/Q6509?oldid=123", False),
        ("https://www.wikidata.org/w/index.php?title=Q6509&oldid=123", False),
        ("https://www.wikidata.org/wiki/Talk:Q6509", False),
    ],
)
def test_an_address_of_the_entity_itself_is_meant_for_the_entity(address: str, is_entity: bool, tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text(f"<http://example.org/a> <http://example.org/b> <{address}> .\n", encoding="utf-8")
    entity = "<http://www.wikidata.org/entity/Q6509>"
    assert [finding.fix.replacement for finding in of("GP018", validate(file).findings)] == [entity] * is_entity


@pytest.mark.parametrize(
    "start", ["https://w3id.org/ghent-partnerships/ontology/", "http://w3id.org/ghent-partnerships/ontology#"]
)
def test_a_term_of_ours_in_the_wrong_namespace_is_found_as_a_value(start: str, tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text(f"<http://example.org/a> <http://example.org/b> <{start}startYear> .\n", encoding="utf-8")
    (finding,) = of("GP012", validate(file).findings)
    assert str(finding.help) == "Write gp:startYear."


def test_a_term_that_is_renamed_in_the_ontology_is_missed_wherever_it_is_used(tmp_path: Path) -> None:
    file = tmp_path / "ontology" / "partnership.ttl"
    file.parent.mkdir()
    text = (packaged().root / "ontology" / "partnership.ttl").read_text(encoding="utf-8")
    file.write_text(text.replace("gp:prominence", "gp:weight"), encoding="utf-8")
    paths = {finding.location.path for finding in of("GP011", validate(file).findings)}
    assert {"data/policy.ttl", "ontology/shapes.ttl", "queries/ghent/trends.rq"} <= paths


def test_every_rule_is_listed_with_what_it_means_in_both_languages() -> None:
    listed = explanations(packaged())
    assert [explanation.code for explanation in listed] == sorted(
        {explanation.code for explanation in listed}, key=by_number
    )
    assert {explanation.code for explanation in listed if not explanation.shape} == CODES
    for language in ("en", "nl"):
        texts = [
            (explanation.code, text)
            for explanation in listed
            for text in (explanation.means, explanation.why, explanation.fix)
        ]
        assert [code for code, text in texts if not text.get(language)] == []
    assert len(listed) > 150


def test_the_rules_beyond_shacl_are_no_part_of_the_graph() -> None:
    assert packaged().rules_file() not in packaged().graph_files()
    subjects = {str(triple.subject) for triple in parse(packaged().rules_file()).triples}
    assert subjects == {f"<https://w3id.org/ghent-partnerships/id/rule/{name}>" for name in RULES}
    named = {str(term) for file in packaged().graph_files() for triple in parse(file).triples for term in triple}
    assert subjects & named == set()


def test_the_words_of_a_rule_are_those_of_its_file(tmp_path: Path) -> None:
    """As given, a file of rules takes the place of the project's and is checked like it."""
    file = tmp_path / "ontology" / "rules.ttl"
    file.parent.mkdir()
    text = packaged().rules_file().read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert validate(file).findings == ()
    file.write_text(text.replace('skos:notation "GP011"', 'skos:notation "GP11"'), encoding="utf-8")
    (finding,) = validate(file).findings
    assert (finding.code, finding.location.path) == ("GP350", str(file))


def test_a_rule_without_words_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "ontology" / "rules.ttl"
    file.parent.mkdir()
    text = packaged().rules_file().read_text(encoding="utf-8")
    file.write_text(text.replace('skos:notation "GP011"', 'skos:notation "GP9011"'), encoding="utf-8")
    (example,) = (FOLDER / "GP011").glob("invalid.*")
    with pytest.raises(InvalidError) as raised:
        validate([example, file])
    assert str(raised.value) == f"{shown(file)}:1:1: No rule has the code GP011 here."


def test_given_words_take_the_place_of_those_of_the_project(tmp_path: Path) -> None:
    file = tmp_path / "ontology" / "rules.ttl"
    file.parent.mkdir()
    text = packaged().rules_file().read_text(encoding="utf-8")
    file.write_text(text.replace("The ontology defines no {?term}.", "Unknown: {?term}."), encoding="utf-8")
    (example,) = (FOLDER / "GP011").glob("invalid.*")
    (finding,) = of("GP011", validate([example, file]).findings)
    assert str(finding.message) == "Unknown: gp:startYaer."


def test_the_words_of_a_rule_are_filled_in_each_language() -> None:
    (finding,) = of("GP011", checked("GP011", "invalid").findings)
    assert finding.message == Text(
        {"en": "The ontology defines no gp:startYaer.", "nl": "De ontologie definieert geen gp:startYaer."}
    )
    assert finding.help["nl"] == "Bedoelde u gp:startYear? Anders: beschrijf hem in ontology/partnership.ttl."
    assert finding.severity == "violation"
    (layout,) = of("GP017", checked("GP017", "invalid").findings)
    assert layout.severity == "warning"


def test_codes_go_on_after_gp999(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(["GP1000", "GP999", "GP101", "GP099"], key=by_number) == ["GP099", "GP101", "GP999", "GP1000"]
    assert sorted([f"X{'9' * 5000}", "X1", "min-count"], key=by_number)[0] == "X1"  # other people's
    text = packaged().shapes_file().read_text(encoding="utf-8")
    file = tmp_path / "ontology" / "shapes.ttl"
    file.parent.mkdir()
    file.write_text(text.replace('"GP200"', '"GP1000"'), encoding="utf-8")
    assert validate(file).findings == ()
    monkeypatch.setattr(Project, "shapes_file", lambda _: file)
    listed = explanations(packaged())
    assert [explanation.code for explanation in listed][-1] == "GP1000"
    assert (listed[-1].suite, listed[-1].shape) == ("shapes", "start-year")
    assert {explanation.suite for explanation in listed if "GP300" <= explanation.code < "GP400"} == {"style"}
    assert explain("gp1000").startswith("GP1000: A start year is one year of four digits.\n")


@pytest.mark.parametrize("code", ["GP0200", "GP20", "GP1000x"])
def test_a_number_is_written_in_one_way(code: str, tmp_path: Path) -> None:
    file = tmp_path / "ontology" / "shapes.ttl"
    file.parent.mkdir()
    file.write_text(
        packaged().shapes_file().read_text(encoding="utf-8").replace('"GP200"', f'"{code}"'), encoding="utf-8"
    )
    assert [finding.code for finding in validate(file).findings] == ["GP350"]


def test_a_rule_of_the_shapes_is_explained_by_what_the_tests_check() -> None:
    text = explain("gp200")
    assert text.startswith(
        "GP200: A start year is one year of four digits.\n\n"
        "Why: Where the source gives a year, a date would claim more than is known.\n\nFix: Write it like "
    )
    wrong, _, right = text.partition("Right:")
    assert "gp:startYear 1961 ;" in wrong
    assert 'gp:startYear "1961"^^xsd:gYear ;' in right


def test_every_rule_that_has_examples_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = explanations(packaged())
    monkeypatch.setattr(
        "ghent_partnerships.validation.explain.explanations", lambda _: rules
    )  # read once, not for each
    without = {rule.code for rule in rules if not SHOWN.search(explain(rule.code))}
    assert without == WITHOUT


def test_an_unknown_code_is_wrong_use(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="no rule has this code"):
        explain("GP999")
    assert main(["explain", "GP999"]) == 2
    assert capfd.readouterr().err.startswith("ghent-partnerships: GP999: no rule has this code")


def test_explain_lists_and_explains(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    assert "GP011  The ontology defines no {term}." not in capfd.readouterr().out
    assert main(["explain", "GP018", "--lang", "nl"]) == 0
    out = capfd.readouterr().out
    assert "\nFout:\n" in out
    assert "owl:sameAs <https://www.wikidata.org/wiki/Q3992> ;" in out
    assert "owl:sameAs wd:Q3992 ;" in out
