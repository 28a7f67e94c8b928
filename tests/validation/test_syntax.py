"""Ill-formed shapes are refused once, in the same words in both modes, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib.namespace import SH as VOCABULARY

from ghent_partnerships.findings import INFO, WARNING
from ghent_partnerships.validation import syntax
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.reports import write

HEAD = """PREFIX ex: <http://example.org/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
LINE = HEAD.count("\n") + 1
START = "The shapes cannot be used: "


def found(shapes: str, folder: Path, *, thorough: bool = False) -> list[tuple[int, int, str, str]]:
    """The places in the shapes, the severities and the messages of the findings."""
    (folder / "shapes.ttl").write_text(HEAD + shapes, encoding="utf-8")
    (folder / "data.ttl").write_text(HEAD + 'ex:a a ex:T ; ex:p "a" .\n', encoding="utf-8")
    report = validate(folder / "data.ttl", shapes=folder / "shapes.ttl", thorough=thorough)
    return [
        (finding.location.line - LINE + 1, finding.location.column, finding.severity, str(finding.message))
        for finding in report.findings
        if finding.location.path.endswith("shapes.ttl")
    ]


ILL_FORMED = {
    "ex:S a sh:PropertyShape ; sh:targetClass ex:T ; sh:minCount 1 .": "a property shape has no sh:path",
    "ex:S sh:targetClass ex:T ; sh:property ex:no .": "sh:property names the shape <http://example.org/no>, which ",
    "ex:S sh:targetClass ex:T ; sh:node ex:no .": "sh:node names the shape <http://example.org/no>, which ",
    "ex:S sh:targetClass ex:T ; sh:or ( ex:no ) .": "sh:or names the shape <http://example.org/no>, which ",
    'ex:S sh:path ex:p ; sh:targetClass ex:T ; sh:minCount "1" .': 'sh:minCount is "1"; expected an xsd:integer',
    "ex:S sh:path ex:p ; sh:targetClass ex:T ; sh:minCount 1, 2 .": "sh:minCount has 2 values; expected one",
    "ex:S sh:targetClass ex:T ; sh:minCount 1 .": "sh:minCount is for a property shape; here is no sh:path",
    "ex:S sh:targetClass ex:T ; sh:nodeKind ex:IRI .": (
        "sh:nodeKind is <http://example.org/IRI>; expected one of the six kinds of SHACL, like sh:IRI"
    ),
    'ex:S sh:targetClass ex:T ; sh:class "C" .': 'sh:class is "C"; expected an IRI',
    "ex:S sh:targetClass ex:T ; sh:closed 1 .": "sh:closed is 1; expected true or false",
    'ex:S sh:targetClass ex:T ; sh:deactivated "true" .': 'sh:deactivated is "true"; expected true or false',
    "ex:S sh:targetClass ex:T ; sh:severity 1 .": "sh:severity is 1; expected an IRI",
    "ex:S sh:targetClass ex:T ; sh:message ex:m .": "sh:message is <http://example.org/m>; expected a text",
    "ex:S sh:targetClass ex:T ; sh:in ex:x .": "the value of sh:in is no list that ends; expected ( … )",
    "ex:S sh:targetClass ex:T ; sh:in ex:l . ex:l rdf:first 1 ; rdf:rest ex:l .": (
        "the value of sh:in is no list that ends; expected ( … )"
    ),
    "ex:S sh:targetClass ex:T ; sh:in ex:l . ex:l rdf:first 1, 2 ; rdf:rest () .": (
        "the value of sh:in is no list that ends; expected ( … )"
    ),
    "ex:S sh:targetClass ex:T ; sh:languageIn ( 1 ) .": (
        "sh:languageIn has the member 1; expected a text without a language"
    ),
    'ex:S sh:targetClass ex:T ; sh:pattern "(" .': 'sh:pattern "(" is no regular expression of XPath: ',
    'ex:S sh:targetClass ex:T ; sh:pattern "a" ; sh:flags "z" .': (
        'sh:pattern "a" is no regular expression of XPath: z: no flag'
    ),
    "ex:S sh:targetClass ex:T ; sh:path [] .": "sh:path is no property path; expected an IRI, a list, or one ",
    "ex:S sh:targetClass ex:T ; sh:node ex:S .": "a shape refers to itself, and the data lead back to the same node",
    "ex:S sh:targetClass ex:T ; sh:not [ sh:and ( ex:S ) ] .": (
        "a shape refers to itself, and the data lead back to the same node"
    ),
    "ex:S sh:entailment <http://www.w3.org/ns/entailment/RDFS> .": "sh:entailment asks for an inference that is not ma",
    "ex:S sh:targetClass ex:T ; sh:sparql [ sh:message 'x' ] .": "a value of sh:sparql has no sh:select",
    "ex:S sh:targetClass ex:T ; sh:target [ sh:select 'x' ] .": "sh:target is of SHACL Advanced Features",
    "ex:S sh:targetClass ex:T ; sh:expression [ sh:path ex:p ] .": "sh:expression is of SHACL Advanced Features",
    "ex:S sh:targetClass ex:T ; sh:js [ sh:jsFunctionName 'f' ] .": "sh:js is of SHACL JavaScript Extensions",
}


@pytest.mark.parametrize("shapes", ILL_FORMED)
def test_ill_formed_shapes_are_refused_once_at_their_place(shapes: str, tmp_path: Path) -> None:
    refused = [finding for finding in found(f"\n{shapes}\n", tmp_path) if finding[3].startswith(START)]
    ((line, column, _severity, message),) = refused
    assert (line, column) == (2, 1)
    assert message.startswith(START + ILL_FORMED[shapes])


@pytest.mark.parametrize("thorough", [False, True])
def test_both_modes_refuse_all_that_is_ill_formed_in_the_same_words(thorough: bool, tmp_path: Path) -> None:
    shapes = """ex:S sh:targetClass ex:T ;
  sh:property [
    sh:path ex:p ;
    sh:minCount "1" ;
  ] ;
  sh:property [ sh:path ex:q ; sh:not [ sh:maxLength "x" ] ] .
ex:U a sh:PropertyShape .
"""
    assert found(shapes, tmp_path, thorough=thorough) == [
        (2, 15, "violation", f'{START}sh:minCount is "1"; expected an xsd:integer.'),
        (6, 39, "violation", f'{START}sh:maxLength is "x"; expected an xsd:integer.'),
        (7, 1, "violation", f"{START}a property shape has no sh:path."),
    ]


@pytest.mark.parametrize("thorough", [False, True])
def test_all_queries_that_cannot_be_used_are_refused_whatever_the_data_are(thorough: bool, tmp_path: Path) -> None:
    shapes = """ex:S sh:targetClass ex:Nobody ; sh:sparql ex:one, ex:two .
ex:one sh:select "SELECT $this { $this ?p ?o FLTER (?o) }" .
ex:two sh:select "SELECT $this { $this ?p ?o MINUS { $this a ?o } }" .
"""
    refused = [finding for finding in found(shapes, tmp_path, thorough=thorough) if finding[3].startswith(START)]
    assert [(line, column) for line, column, *_ in refused] == [(2, 1), (3, 1)]


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:targetClass ex:T ; sh:ignoredProperties ( rdf:type ) ; sh:nodeKind sh:IRI .",  # sh:closed is not there
        "ex:S sh:targetClass ex:T ; sh:node [] .",
        "ex:S sh:targetClass ex:T ; sh:or ( [] [ sh:nodeKind sh:Literal ] ) .",
        "ex:S sh:path ex:p ; sh:targetClass ex:T ; sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] .",
        "ex:S sh:targetClass ex:T ; sh:in () ; sh:deactivated true .",
        "ex:S sh:path ex:p ; sh:targetClass ex:T ; sh:order 1.5 ; sh:group ex:g ; sh:defaultValue 1 ; sh:name 'n' .",
        "ex:S sh:targetClass ex:T . [] sh:conforms true ; sh:result [ sh:resultSeverity sh:Info ] .",
        'ex:S sh:path ex:p ; sh:targetClass ex:T ; sh:message "x", "y"@en ; sh:severity ex:Own .',
    ],
)
def test_well_formed_shapes_are_taken(shapes: str, tmp_path: Path) -> None:
    assert found(shapes, tmp_path) == []


def test_a_path_whose_parts_are_shared_a_thousand_times_is_refused(tmp_path: Path) -> None:
    parts = "".join(
        f"ex:l{number} rdf:first ex:l{number + 1} ; rdf:rest ( ex:l{number + 1} ) .\n" for number in range(40)
    )
    blank = parts.replace("ex:l", "_:l").replace("_:l40", "ex:p")
    (refused,) = found(f"ex:S sh:targetClass ex:T ; sh:path _:l0 .\n{blank}", tmp_path)
    assert refused[3].startswith(f"{START}sh:path is no property path")


ADVANCED = "is of SHACL Advanced Features, and not applied before validation."
LEFT_OUT = {
    "sh:rule [ a sh:TripleRule ]": (INFO, f"sh:rule {ADVANCED}"),
    "sh:values [ sh:path ex:q ]": (INFO, f"sh:values {ADVANCED}"),
    "sh:Class ex:C": (WARNING, "sh:Class is no term of SHACL 1.0, and checks nothing; the nearest is sh:class."),
    "sh:mincount 3": (WARNING, "sh:mincount is no term of SHACL 1.0, and checks nothing; the nearest is sh:minCount."),
    "sh:singleLine true": (WARNING, "sh:singleLine is no term of SHACL 1.0, and checks nothing."),
    **{
        f'sh:{name} "1"^^xsd:boolean': (
            WARNING,
            f'sh:{name} is "1"^^xsd:boolean, which SHACL takes for neither; write true or false.',
        )
        for name in ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint")
    },
}


@pytest.mark.parametrize("statement", LEFT_OUT)
def test_what_is_left_out_as_shacl_has_it_is_mentioned_and_is_no_failure(statement: str, tmp_path: Path) -> None:
    shapes = f"ex:S sh:targetClass ex:T ;\n  sh:property [ sh:path ex:p ; sh:minCount 2 ; {statement} ] .\n"
    assert found(shapes, tmp_path) == [(2, 15, *LEFT_OUT[statement])]
    report = validate(tmp_path / "data.ttl", shapes=tmp_path / "shapes.ttl")
    assert report.failures == ()
    assert write(report, "turtle").count("a sh:ValidationResult") == 1, "also of what is no deactivated shape"


@pytest.mark.parametrize("thorough", [False, True])
def test_what_is_refused_is_not_also_said_to_apply_to_nothing(thorough: bool, tmp_path: Path) -> None:
    shapes = "ex:S sh:target [ sh:select 'x' ] ; sh:nodeKind sh:IRI .\n"
    assert [finding[3] for finding in found(shapes, tmp_path, thorough=thorough)] == [
        f"{START}sh:target is of SHACL Advanced Features."
    ]


def test_a_target_that_is_not_in_the_data_has_its_place_in_the_shapes(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetClass ex:T ; sh:targetNode 5,\n  'x' , ex:gone ; sh:nodeKind sh:BlankNode .\n"
    message = "is no blank node"
    assert found(shapes, tmp_path) == [
        (line, column, "violation", message) for line, column in ((1, 42), (2, 3), (2, 9))
    ]


NOT_OF_SHAPES = {  # but of prefixes, of queries, of rules and node expressions, of JavaScript, and of reports
    *("prefix", "namespace", "construct", "update", "annotationProperty", "annotationValue", "annotationVarName"),
    *("resultAnnotation", "subject", "predicate", "object", "this", "nodes", "filterShape", "intersection", "union"),
    *("jsFunctionName", "jsLibrary", "jsLibraryURL", "conforms", "result", "shapesGraphWellFormed", "detail", "value"),
    *("focusNode", "resultPath", "resultSeverity", "resultMessage", "sourceShape", "sourceConstraint"),
    "sourceConstraintComponent",
}


def test_every_term_of_shacl_is_known() -> None:
    terms = {name for name in VOCABULARY.__annotations__ if name[0].islower()}
    assert terms - syntax._VOCABULARY == NOT_OF_SHAPES
