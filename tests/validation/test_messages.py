"""What a finding says: the message of its shape with its gaps filled, or else what failed; and each mistake once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ghent_partnerships.findings import Finding, Report
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.reports import fails, write
from ghent_partnerships.validation.results import Result

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://ex.test/> .
"""
DATA = """ex:a a ex:T ; ex:r ex:p ; ex:s 5 ; ex:e 3, 4 ; ex:l "a"@en, "b"@en, "c"@de, "d"@de ; ex:w "abc" .
ex:a ex:d "x"^^xsd:date .
ex:p a ex:Person .
"""
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:T ; "
Checked = Callable[..., Report]


@pytest.fixture(params=[False, True], ids=["default", "thorough"])
def checked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Checks data against shapes by either engine; only what SHACL finds is in the report."""
    monkeypatch.chdir(tmp_path)

    def check(shapes: str, data: str = DATA) -> Report:
        Path("shapes.ttl").write_text(HEAD + shapes, encoding="utf-8")
        Path("data.ttl").write_text(HEAD + data, encoding="utf-8")
        report = validate("data.ttl", shapes="shapes.ttl", thorough=request.param)
        found = tuple(finding for finding in report.findings if finding.code != "GP219")
        return Report(found, 1, 1, report.texts)

    return check


def messages(report: Report) -> list[str]:
    return [str(finding.message) for finding in report.findings]


def notes(finding: Finding) -> list[str]:
    return [f"{note.location.line}:{note.location.column} {note.label}" for note in finding.related]


def constraint(path: str, *parts: str) -> str:
    return f"{SHAPE} sh:property [ sh:path {path} ; {' ; '.join(parts)} ] ."


@pytest.mark.parametrize(
    ("shapes", "english", "dutch"),
    [
        (constraint("ex:r", "sh:class ex:B"), "is not an instance of `ex:B`", "is geen instantie van `ex:B`"),
        (constraint("ex:s", "sh:datatype xsd:date"), "is no `xsd:date`", "is geen `xsd:date`"),
        (
            constraint("ex:d", "sh:datatype xsd:date"),
            "is not written as `xsd:date` is",
            "is niet geschreven als een `xsd:date`",
        ),
        (constraint("ex:s", "sh:nodeKind sh:IRI"), "is no IRI", "is geen IRI"),
        (
            constraint("ex:s", "sh:nodeKind sh:BlankNodeOrIRI"),
            "is a literal; expected an IRI or a blank node",
            "is een literal; verwacht werd een IRI of een blanco knoop",
        ),
        (
            constraint("ex:k", "sh:minCount 1"),
            "needs at least 1 `ex:k`, has none",
            "heeft minstens 1 `ex:k` nodig, heeft er geen",
        ),
        (
            constraint("( ex:r ex:k )", "sh:minCount 1"),
            "needs at least 1 `(ex:r/ex:k)`, has none",
            "heeft minstens 1 `(ex:r/ex:k)` nodig, heeft er geen",
        ),
        (
            constraint("ex:e", "sh:minCount 3"),
            "needs at least 3 `ex:e`, has 2",
            "heeft minstens 3 `ex:e` nodig, heeft er 2",
        ),
        (
            constraint("ex:e", "sh:maxCount 1"),
            "may have at most 1 `ex:e`, has 2",
            "mag hoogstens 1 `ex:e` hebben, heeft er 2",
        ),
        (constraint("ex:s", "sh:maxCount 0"), "may have no `ex:s`, has 1", "mag geen `ex:s` hebben, heeft er 1"),
        (constraint("ex:s", "sh:minExclusive 5"), "is not greater than `5`", "is niet groter dan `5`"),
        (constraint("ex:s", "sh:minInclusive 6"), "is not `6` or greater", "is niet `6` of groter"),
        (constraint("ex:s", "sh:maxExclusive 5"), "is not less than `5`", "is niet kleiner dan `5`"),
        (constraint("ex:s", "sh:maxInclusive 4"), "is not `4` or less", "is niet `4` of kleiner"),
        (constraint("ex:w", "sh:minLength 4"), "is shorter than 4 characters", "is korter dan 4 tekens"),
        (constraint("ex:w", "sh:maxLength 1"), "is longer than 1 character", "is langer dan 1 teken"),
        (constraint("ex:w", 'sh:pattern "^\\\\d$"'), "does not match `^\\d$`", "past niet op het patroon `^\\d$`"),
        (
            constraint("ex:w", 'sh:pattern "^Z"', 'sh:flags "i"'),
            "does not match `^Z` with the flags `i`",
            "past niet op het patroon `^Z` met de vlaggen `i`",
        ),
        (
            constraint("ex:w", 'sh:languageIn ( "en" "nl" )'),
            "is in none of the languages en, nl",
            "is in geen van de talen en, nl",
        ),
        (constraint("ex:w", "sh:in ( 1 ex:b )"), "is not one of `1`, `ex:b`", "is niet een van `1`, `ex:b`"),
        (constraint("ex:w", 'sh:hasValue "q"'), 'does not have `ex:w "q"`', 'heeft geen `ex:w "q"`'),
        (
            constraint("ex:w", "sh:equals ex:none"),
            "is a value of only one of `ex:w` and `ex:none`",
            "is een waarde van maar één van `ex:w` en `ex:none`",
        ),
        (constraint("ex:w", "sh:disjoint ex:w"), "is a value of `ex:w` too", "is ook een waarde van `ex:w`"),
        (constraint("ex:s", "sh:lessThan ex:w"), 'is not less than `ex:w "abc"`', 'is niet kleiner dan `ex:w "abc"`'),
        (
            constraint("ex:s", "sh:lessThanOrEquals ex:w"),
            'is not `ex:w "abc"` or less',
            'is niet `ex:w "abc"` of kleiner',
        ),
        (
            constraint("ex:r", "sh:not ex:P") + " ex:P sh:nodeKind sh:IRI .",
            "conforms to `ex:P`, and must not",
            "voldoet aan `ex:P`, wat niet mag",
        ),
        (
            constraint("ex:r", "sh:or ( ex:P [ sh:class ex:B ] )") + " ex:P sh:nodeKind sh:Literal .",
            "conforms to none of `sh:or`",
            "voldoet aan geen van `sh:or`",
        ),
        (
            constraint("ex:r", "sh:xone ( ex:P ex:P )") + " ex:P sh:nodeKind sh:IRI .",
            "does not conform to exactly one of `ex:P`, `ex:P`",
            "voldoet niet aan precies één van `ex:P`, `ex:P`",
        ),
        (
            constraint("ex:r", "sh:and ( ex:P )") + " ex:P sh:nodeKind sh:Literal .",
            "does not conform to all of `ex:P`",
            "voldoet niet aan al de shapes `ex:P`",
        ),
        (
            constraint("ex:e", "sh:qualifiedValueShape [ sh:minInclusive 4 ]", "sh:qualifiedMinCount 2"),
            "needs at least 2 `ex:e` that conform to `sh:qualifiedValueShape`, has 1",
            "heeft minstens 2 `ex:e` nodig die voldoen aan `sh:qualifiedValueShape`, heeft er 1",
        ),
        (
            constraint("ex:e", "sh:qualifiedValueShape ex:P", "sh:qualifiedMaxCount 1") + " ex:P sh:minInclusive 3 .",
            "may have at most 1 `ex:e` that conform to `ex:P`, has 2",
            "mag hoogstens 1 `ex:e` hebben die voldoen aan `ex:P`, heeft er 2",
        ),
        (
            "ex:S sh:targetNode ex:p ; sh:closed true .",
            "has `rdf:type`, which the closed shape does not have",
            "heeft `rdf:type`, wat de gesloten shape niet heeft",
        ),
        (
            f'{SHAPE} sh:sparql [ sh:select "SELECT $this {{ $this a <http://ex.test/T> }}" ] .',
            "is what a SPARQL constraint looks for",
            "is waar een SPARQL-beperking naar zoekt",
        ),
        (
            "ex:Cmp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:m ] ; "
            f'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK {{ FILTER(false) }}" ] . {SHAPE} ex:m 3 .',
            "does not conform to `ex:Cmp` with `3`",
            "voldoet niet aan `ex:Cmp` met `3`",
        ),
    ],
)
def test_a_constraint_without_a_message_is_put_into_words(
    shapes: str, english: str, dutch: str, checked: Checked
) -> None:
    (finding,) = checked(shapes).findings
    assert dict(finding.message) == {"en": english, "nl": dutch}


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (
            f'{SHAPE} sh:sparql [ sh:message "{{$this}} has {{?value}} for {{$PATH}}"@en ; '
            'sh:select "SELECT $this ?value { $this <http://ex.test/r> ?value }" ] .',
            ["ex:a has ex:p for {$PATH}"],
        ),
        (
            f'{SHAPE} sh:sparql [ sh:message "{{?value}} is the end, {{?unbound}}"@en ; '
            'sh:select "SELECT $this ?end (?end AS ?value) { $this <http://ex.test/e> ?end }" ] .',
            ["3 is the end, {?unbound}", "4 is the end, {?unbound}"],
        ),
        (
            constraint(
                "ex:w",
                'sh:sparql [ sh:message "$PATH: {?value} has {?len} characters"@en ; '
                'sh:select "SELECT $this ?value ?len { $this $PATH ?value BIND(STRLEN(?value) AS ?len) }" ]',
            ),
            ["ex:w: abc has 3 characters"],
        ),
        (
            f'{SHAPE} sh:sparql [ sh:message "fallback"@en ; '
            'sh:select "SELECT $this ?message { $this <http://ex.test/s> ?n '
            "BIND(CONCAT('label ', STR(?n)) AS ?message) }\" ] .",
            ["label 5"],
        ),
        (
            "ex:Cmp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:max ] ; sh:message 'of the component' ; "
            "sh:validator [ a sh:SPARQLAskValidator ; sh:message 'has more than {$max} characters'@en ; "
            f'sh:ask "ASK {{ FILTER(STRLEN(STR($value)) <= $max) }}" ] . {constraint("ex:w", "ex:max 2")}',
            ["has more than 2 characters"],
        ),
        (
            "ex:Cmp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:max ] ; sh:message 'at most {$max}' ; "
            'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(STRLEN(STR($value)) <= $max) }" ] . '
            f"{constraint('ex:w', 'ex:max 2')}",
            ["at most 2"],
        ),
    ],
)
def test_the_gaps_of_a_message_are_filled(shapes: str, expected: list[str], checked: Checked) -> None:
    assert messages(checked(shapes)) == expected


def test_what_a_query_finds_is_a_mistake_each_time(checked: Checked) -> None:
    select = "SELECT $this ?p { $this <http://ex.test/e> ?p }"
    report = checked(f'{SHAPE} sh:sparql [ sh:message "{{?p}} is wrong"@en ; sh:select "{select}" ] .')
    assert messages(report) == ["3 is wrong", "4 is wrong"]


def test_a_message_has_all_languages_of_its_shape_in_every_format(checked: Checked) -> None:
    report = checked(constraint("ex:k", "sh:minCount 1", 'sh:message "k fehlt"@de , "manca k"@it , "no k"'))
    (finding,) = json.loads(write(report, "json"))["findings"]
    assert finding["message"] == {"de": "k fehlt", "it": "manca k", "und": "no k"}
    assert ": no k\n" in write(report, "text", "nl")


def test_terms_have_the_names_of_the_file_that_is_checked(checked: Checked) -> None:
    data = "@prefix mine: <http://ex.test/> . @prefix u: <urn:x:> .\nmine:a a mine:T ; mine:r u:b .\n"
    report = checked(constraint("ex:r", "sh:class ex:Person"), data)
    assert messages(report) == ["is not an instance of `mine:Person`"]
    assert str(report.findings[0].result.statement) == "mine:a mine:r u:b"


@pytest.mark.parametrize(
    ("shapes", "expected", "results"),
    [
        (constraint("ex:r", "sh:class ex:Person, ex:Animal"), [("is not an instance of `ex:Animal`", [])], 1),
        (
            constraint("ex:s", "sh:lessThan ex:e"),
            [
                (
                    "is not less than `ex:e 3`",
                    [
                        "4:41 compared with ex:a ex:e 3",
                        "4:32 is not less than `ex:e 4`",
                        "4:44 compared with ex:a ex:e 4",
                    ],
                )
            ],
            2,
        ),
        (
            constraint("ex:l", "sh:uniqueLang true"),
            [
                (
                    "has 2 texts in the language de",
                    ['4:69 one of the values: "c"@de', '4:77 one of the values: "d"@de'],
                ),
                (
                    "has 2 texts in the language en",
                    ['4:53 one of the values: "a"@en', '4:61 one of the values: "b"@en'],
                ),
            ],
            2,
        ),
        (
            constraint("ex:w", "sh:datatype xsd:integer", "sh:maxLength 1"),
            [("is no `xsd:integer`", ["4:91 is longer than 1 character"])],
            2,
        ),
        (
            constraint("ex:r", "sh:node ex:N1, ex:N2")
            + " ex:N1 sh:property [ sh:path ex:k ; sh:minCount 1 ; sh:message 'no k' ] . ex:N2 sh:nodeKind sh:IRI .",
            [("does not conform to `ex:N1`", ["6:1 no k"])],
            1,
        ),
        (
            constraint("ex:r", "sh:or ( [ sh:class ex:B ] [ sh:property [ sh:path ex:k ; sh:minCount 1 ] ] )"),
            [
                (
                    "conforms to none of `sh:or`",
                    ["6:1 is not an instance of `ex:B`", "6:1 needs at least 1 `ex:k`, has none"],
                )
            ],
            1,
        ),
    ],
)
def test_one_mistake_is_one_finding_and_what_else_is_said_of_it_are_notes(
    shapes: str, expected: list[tuple[str, list[str]]], results: int, checked: Checked
) -> None:
    report = checked(shapes)
    assert [(str(finding.message), notes(finding)) for finding in report.findings] == expected
    assert sum(len(finding.results) for finding in report.findings) == results
    for output_format in ("text", "github", "sarif", "junit", "json"):
        written = write(report, output_format).replace("\\u0060", "`")
        assert all(
            note.partition(" ")[2].partition(" ")[0] in written
            for _, expected_notes in expected
            for note in expected_notes
        )


def test_a_node_that_is_reached_twice_has_two_results_and_one_finding(checked: Checked) -> None:
    shapes = constraint("ex:r", "sh:property [ sh:path ex:k ; sh:minCount 1 ]").replace(
        "sh:targetClass ex:T", "sh:targetNode ex:a, ex:b"
    )
    report = checked(shapes, f"{DATA}ex:b ex:r ex:p .\n")
    assert messages(report) == ["needs at least 1 `ex:k`, has none"]
    assert write(report, "turtle").count("a sh:ValidationResult") == 2


@pytest.mark.parametrize("severity", ["http://my.test/Blocker", "http://my.test/levels#Warning", "urn:acme#INFO"])
def test_a_severity_of_ones_own_is_a_violation_and_keeps_its_iri(severity: str, checked: Checked) -> None:
    report = checked(constraint("ex:k", "sh:minCount 1", f"sh:severity <{severity}>"))
    assert fails(report, "violation")
    assert (
        write(report, "text").splitlines()[0]
        == f"data.ttl:4:1: {severity} min-count: needs at least 1 `ex:k`, has none"
    )
    assert json.loads(write(report, "json"))["findings"][0]["severity"] == severity
    (result,) = json.loads(write(report, "sarif"))["runs"][0]["results"]
    assert (result["level"], result["properties"]) == ("error", {"severity": severity})
    assert f"<{severity}>" in write(report, "turtle")
    assert severity.replace(":", "%3A") in write(report, "github")
    assert severity in write(report, "junit")


def test_shacl_s_own_severities_have_their_names(checked: Checked) -> None:
    report = checked(constraint("ex:k", "sh:minCount 1", "sh:severity sh:Warning"))
    assert [finding.severity for finding in report.findings] == ["warning"]
    assert not fails(report, "violation")


def test_a_statement_of_a_value_node_is_named_by_its_subject(checked: Checked) -> None:
    shapes = f"{SHAPE} sh:property [ sh:path ex:r ; sh:closed true ; sh:ignoredProperties ( ex:q ) ] ."
    (finding,) = checked(shapes).findings
    assert (finding.location.line, str(finding.result.statement)) == (6, "ex:p rdf:type ex:Person")
    (result,) = finding.results
    assert isinstance(result, Result)
    assert str(result.focus) == "<http://ex.test/a>"
