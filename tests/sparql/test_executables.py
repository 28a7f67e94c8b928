"""The queries as data: what editors of queries list, each triple with its place, and findings for what is no query."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple

from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import publish
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.decoding import place
from ghent_partnerships.rdf.namespaces import BASE
from ghent_partnerships.rdf.parse import Document
from ghent_partnerships.rdf.turtle import TYPE, by_subject, serialize
from ghent_partnerships.sparql.executables import executables
from ghent_partnerships.sparql.library import Parameter, Question, questions
from ghent_partnerships.validation.check import check, validate
from loaded import PREFIXES, load_store, query_triples

QUERIES = questions(packaged())
SH, COMMENT = PREFIXES["sh"], PREFIXES["rdfs"] + "comment"
KEYWORDS, TARGET = PREFIXES["schema"] + "keywords", PREFIXES["schema"] + "target"
SHARED = NamedNode(f"{BASE}queries")
HEADER = """#+ summary: What is there?
#+ summary-nl: Wat is er?
#+ tags: look-up, count
#+ param: lang | the language | de taal
"""
QUERY = f"""{HEADER}PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?label WHERE {{ VALUES ?lang {{ "en" }} ?thing rdfs:label ?label . FILTER (LANG(?label) = ?lang) }}
ORDER BY ?label
"""
# The queries with which https://github.com/sib-swiss/sparql-editor, on Zazuko's fork of Yasgui, fills its lists:
SIB_QUERIES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
SIB_PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
Values = Callable[[NamedNode, str], list[NamedNode | Literal]]


@pytest.fixture(scope="module")
def triples() -> list[Triple]:
    return query_triples()


@pytest.fixture(scope="module")
def published(triples: list[Triple]) -> Store:
    """The queries as they are published, in a store of their own."""
    store = Store()
    store.load(serialize(by_subject(triples), PREFIXES).encode(), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def values(published: Store) -> Values:
    def of(subject: NamedNode, predicate: str) -> list[NamedNode | Literal]:
        found = [quad.object for quad in published.quads_for_pattern(subject, NamedNode(predicate), None)]
        assert all(isinstance(value, NamedNode | Literal) for value in found)
        return sorted(found, key=str)

    return of


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Document]:
    """Write a query and read it as data."""

    def written(text: str | bytes, name: str = "mine.rq") -> Document:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        [document] = executables(packaged(), [file])
        return document

    return written


def iri(name: str) -> NamedNode:
    return NamedNode(PREFIXES["query"] + name)


def messages(document: Document) -> list[str]:
    return [str(finding.message) for finding in document.findings]


def test_every_file_is_one_executable(triples: list[Triple]) -> None:
    executable = NamedNode(SH + "SPARQLExecutable")
    found = [triple.subject for triple in triples if (triple.predicate.value, triple.object) == (TYPE, executable)]
    assert found == [iri(file.stem) for file in packaged().query_files()]
    assert len(found) == len(QUERIES) == 26 + 3 + 3
    assert len(triples) == len(set(triples)), "what the queries share is there once"
    parts = [triple.object for triple in triples if triple.predicate.value == PREFIXES["dcterms"] + "hasPart"]
    assert sorted(map(str, parts)) == sorted(map(str, found))


@pytest.mark.parametrize(("name", "question"), QUERIES.items())
def test_an_executable_has_what_its_file_has(name: str, question: Question, values: Values) -> None:
    query, query_form = iri(name), "Construct" if question.folder == "views" else "Select"
    assert set(values(query, TYPE)) == {
        NamedNode(f"{SH}SPARQLExecutable"),
        NamedNode(f"{SH}SPARQL{query_form}Executable"),
    }
    assert set(values(query, COMMENT)) == {
        Literal(question.summary["en"], language="en"),
        Literal(question.summary["nl"], language="nl"),
    }
    assert {value.value for value in values(query, KEYWORDS)} == set(question.tags)
    assert values(query, TARGET) == [NamedNode("https://w3id.org/ghent-partnerships/sparql")]
    assert values(query, SH + "prefixes") == [SHARED]
    body = "".join(line for line in question.text.splitlines(keepends=True) if not line.startswith("#+"))
    texts = {query_form: values(query, SH + query_form) for query_form in ("select", "ask", "construct", "describe")}
    assert {query_form: text for query_form, text in texts.items() if text} == {
        query_form.lower(): [Literal(body.strip())]
    }


@pytest.mark.parametrize(("name", "question"), QUERIES.items())
def test_a_parameter_says_what_it_means_and_what_it_is_by_default(
    name: str, question: Question, values: Values
) -> None:
    parameters = values(iri(name), SH + "parameter")
    assert {str(parameter) for parameter in parameters} == {
        f"<{iri(name).value}#{p.name}>" for p in question.parameters
    }
    for each in question.parameters:
        parameter = NamedNode(f"{iri(name).value}#{each.name}")
        assert values(parameter, TYPE) == [NamedNode(SH + "Parameter")]
        assert values(parameter, SH + "path") == [parameter]
        assert values(parameter, SH + "name") == [Literal(each.name)]
        assert set(values(parameter, SH + "description")) == {
            Literal(each.meaning["en"], language="en"),
            Literal(each.meaning["nl"], language="nl"),
        }
        assert values(parameter, SH + "defaultValue") == [each.default]
        if isinstance(each.default, Literal):
            assert values(parameter, SH + "datatype") == [each.default.datatype]
            assert values(parameter, SH + "nodeKind") == []
        else:
            assert values(parameter, SH + "datatype") == []
            assert values(parameter, SH + "nodeKind") == [NamedNode(SH + "IRI")]


def test_the_defaults_are_of_every_kind(values: Values) -> None:
    """An IRI, a text, a year and a number: so the test above has seen each."""
    parameters = [parameter for name in QUERIES for parameter in values(iri(name), SH + "parameter")]
    defaults = [
        default for parameter in parameters for default in values(NamedNode(parameter.value), SH + "defaultValue")
    ]
    kinds = Counter(
        "IRI" if isinstance(default, NamedNode) else default.datatype.value.rpartition("#")[2] for default in defaults
    )
    assert kinds == {"IRI": 4, "string": 20, "gYear": 3, "integer": 1}


def declared(published: Store) -> dict[str, str]:
    """The prefixes that the queries share, found as SHACL says: by sh:declare, from the value of sh:prefixes."""
    solutions = published.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT DISTINCT ?prefix ?namespace WHERE {"
        " ?query sh:prefixes/sh:declare ?one . ?one sh:prefix ?prefix ; sh:namespace ?namespace }"
    )
    assert isinstance(solutions, QuerySolutions)
    return {row["prefix"].value: row["namespace"].value for row in solutions}


def test_the_shared_prefixes_are_ours(published: Store) -> None:
    prefixes = declared(published)
    assert prefixes.items() <= PREFIXES.items()
    assert {"city", "concept", "gp", "rdfs", "schema", "wdt"} <= prefixes.keys()
    types = {value.object.value for value in published.quads_for_pattern(SHARED, NamedNode(TYPE), None)}
    assert types == {PREFIXES["owl"] + "Ontology"}


def answer(store: Store, text: str, prefixes: dict[str, str] | None = None) -> list[str]:
    """The rows in their order, or the triples, which have none."""
    results = store.query(text, prefixes=prefixes)
    return [str(list(row)) for row in results] if isinstance(results, QuerySolutions) else sorted(map(str, results))


@pytest.mark.parametrize("name", QUERIES)
def test_the_text_runs_as_it_is_and_with_the_shared_prefixes(name: str, values: Values, published: Store) -> None:
    """Editors put the prefixes in front; who copies the text alone must be served too."""
    [text] = (value.value for query_form in ("select", "construct") for value in values(iri(name), SH + query_form))
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared(published).items())
    store = load_store()
    alone, with_prefixes, file = (answer(store, query) for query in (text, head + text, QUERIES[name].text))
    assert alone == with_prefixes == file != []


@pytest.mark.parametrize("name", QUERIES)
def test_the_text_needs_no_other_prefixes_than_the_shared_ones(name: str, values: Values, published: Store) -> None:
    """So an editor can leave the declarations in the text out."""
    [text] = (value.value for query_form in ("select", "construct") for value in values(iri(name), SH + query_form))
    bare = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("PREFIX "))
    assert len(bare) < len(text)
    store = load_store()
    assert answer(store, bare, declared(published)) == answer(store, text)


def test_the_editor_of_sib_lists_every_query_in_both_languages(published: Store) -> None:
    listed = {(row["sq"], row["comment"], row["query"].value) for row in published.query(SIB_QUERIES)}
    assert {(query, comment) for query, comment, _ in listed} == {
        (iri(name), comment)
        for name, question in QUERIES.items()
        for comment in (Literal(question.summary["en"], language="en"), Literal(question.summary["nl"], language="nl"))
    }
    assert len(listed) == 2 * len(QUERIES)
    for query, _, text in listed:
        assert text in QUERIES[query.value.rpartition("/")[2]].text
    markup = {comment.value for _, comment, _ in listed if set("<>&") & set(comment.value)}
    assert markup == set(), "the editor shows a comment as HTML"


def test_the_editor_of_sib_finds_every_prefix_once(published: Store) -> None:
    listed = [(row["prefix"].value, row["namespace"].value) for row in published.query(SIB_PREFIXES)]
    assert dict(listed) == declared(published)
    assert len(listed) == len(dict(listed)) > 10


@pytest.mark.parametrize("document", executables(packaged()), ids=lambda document: document.path.stem)
def test_every_triple_has_its_place_in_the_file(document: Document) -> None:
    """At the place stands what the triple says; what only the file's being there says is at its start."""
    assert document.findings == []
    assert document.positions is not None
    assert {(triple.subject, triple.predicate, triple.object) for triple in document.triples} == set(
        document.positions.objects
    )
    assert len(document.triples) == len(document.positions.objects) == len(set(document.triples))
    parameters = {
        f"{document.path.stem}#{parameter.name}": parameter for parameter in QUERIES[document.path.stem].parameters
    }
    for (subject, predicate, value), offset in document.positions.objects.items():
        stands = at_place(Triple(subject, predicate, value), document.text, parameters)
        line, column = place(document.text, offset)
        assert document.text.splitlines(keepends=True)[line - 1][column - 1 :].startswith(stands.splitlines()[0])
        assert document.text.startswith(stands, offset), (subject, predicate, value)
        assert document.positions.subjects[subject] <= offset


def at_place(triple: Triple, text: str, parameters: dict[str, Parameter]) -> str:
    """What must stand at the place of a triple."""
    name, value = triple.predicate.value.removeprefix(SH), triple.object
    if name in ("prefixes", "select", "construct"):
        return text[text.index("PREFIX ") :]
    if name in ("declare", "parameter") or triple.subject == value:
        return value.value.rpartition("#")[2]
    if triple.subject.value.startswith(f"{SHARED.value}#"):
        prefix = triple.subject.value.rpartition("#")[2]
        return f"{prefix}: <{PREFIXES[prefix]}>"
    parameter = parameters.get(triple.subject.value.removeprefix(PREFIXES["query"]))
    if parameter is not None:
        default = name in ("defaultValue", "datatype", "nodeKind")
        return written(parameter.default) if default else value.value if name == "description" else parameter.name
    return value.value if isinstance(value, Literal) and triple.subject != SHARED else text


def written(term: object) -> str:
    """A default as our queries write it."""
    if isinstance(term, NamedNode):
        prefix, namespace = next(pair for pair in PREFIXES.items() if term.value.startswith(pair[1]))
        return f"{prefix}:{term.value.removeprefix(namespace)}"
    assert isinstance(term, Literal)
    bare = term.datatype.value == PREFIXES["xsd"] + "integer"
    return term.value if bare else f'"{term.value}"'


def test_a_place_counts_from_the_start_of_the_text_whatever_ends_its_lines(write: Callable[..., Document]) -> None:
    for text in (QUERY, QUERY.replace("\n", "\r\n"), "\n\n" + QUERY, QUERY.replace("What", "  Wat é 𝄞")):
        document = write(text)
        assert messages(document) == []
        assert document.positions is not None
        [comment] = (triple for triple in document.triples if triple.object.value.endswith("is there?"))
        offset = document.positions.objects[comment.subject, comment.predicate, comment.object]
        assert text[offset:].startswith(comment.object.value)


def test_each_form_of_query_is_an_executable_of_its_kind(write: Callable[..., Document]) -> None:
    forms = {
        "select": "SELECT ?s { ?s ?p ?o }",
        "ask": "ASK { ?s ?p ?o }",
        "construct": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    }
    for query_form, text in forms.items():
        for spelling in (text, text.replace(query_form.upper(), query_form)):
            document = write(f"{HEADER}{spelling}")
            assert messages(document) == []
            statements = {
                (triple.predicate.value, triple.object) for triple in document.triples if triple.subject == iri("mine")
            }
            assert (SH + query_form, Literal(spelling)) in statements
            assert (TYPE, NamedNode(f"{SH}SPARQL{query_form.title()}Executable")) in statements


def test_what_a_header_lacks_is_only_not_said(write: Callable[..., Document]) -> None:
    """That it should be there is a matter of the shapes of ontology/style.ttl."""
    document = write("SELECT ?s { ?s ?p ?o }")
    assert messages(document) == []
    assert {triple.predicate.value for triple in document.triples if triple.subject == iri("mine")} == {
        TYPE,
        TARGET,
        SH + "prefixes",
        SH + "select",
    }
    document = write("#+ param: lang\n#+ tags: ,\nSELECT ?s { ?s ?p ?o }")
    assert messages(document) == []
    assert [triple.object.value for triple in document.triples if triple.predicate.value == SH + "name"] == ["lang"]
    assert [triple for triple in document.triples if triple.predicate.value in (KEYWORDS, SH + "defaultValue")] == []


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("lang | a | b | c", 26, "A param line has 3 parts: its name, and a text in each language (en, nl)."),
        ("my lang | a | b", 11, "A parameter has the name of a variable, of letters, digits and _: found my lang."),
        ("?lang | a | b", 11, "A parameter has the name of a variable, of letters, digits and _: found ?lang."),
        ("| a | b", 11, "A parameter has the name of a variable, of letters, digits and _: found none."),
    ],
)
def test_a_line_of_a_parameter_that_no_triple_can_say_is_a_finding(
    line: str, column: int, message: str, write: Callable[..., Document]
) -> None:
    document = write(QUERY.replace("lang | the language | de taal", line))
    assert [
        (finding.location.line, finding.location.column, str(finding.message)) for finding in document.findings
    ] == [(4, column, message)]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("#+ summary-fr: Qu'y a-t-il ?", "#+ summary-fr"),
        ("#+ sumary: What is there?", "#+ sumary"),
        ("#+ Tags: count", "#+ Tags"),
        ("#+tags: count", "#+tags"),
        ("#+ a note", "#+ a note"),
    ],
)
def test_a_line_of_a_header_that_nothing_reads_is_a_finding(
    line: str, key: str, write: Callable[..., Document]
) -> None:
    document = write(QUERY.replace("#+ param", f"{line}\n#+ param"))
    (finding,) = document.findings
    assert (finding.location.line, finding.location.column) == (4, 1)
    assert str(finding.message) == f"Unknown line in the header: {key}."
    assert str(finding.help).startswith("Write one of: #+ summary, #+ summary-nl, #+ tags, #+ param, #+ column.")


def test_a_default_is_what_stands_in_the_query_to_the_letter(write: Callable[..., Document]) -> None:
    written = {
        '"Ghent, and, Kanazawa"': Literal("Ghent, and, Kanazawa"),
        '"a } b" # "c" }\n': Literal("a } b"),
        "'''it's \"so\"'''@en": Literal('it\'s "so"', language="en"),
        f'"1971" ^^ <{PREFIXES["xsd"]}gYear>': Literal("1971", datatype=NamedNode(PREFIXES["xsd"] + "gYear")),
        "<http://x/a#b,c>": NamedNode("http://x/a#b,c"),
        "rdfs:it\\'s": NamedNode(PREFIXES["rdfs"] + "it's"),
        "0.50": Literal("0.50", datatype=NamedNode(PREFIXES["xsd"] + "decimal")),
    }
    for text, term in written.items():
        for block in ("VALUES ?lang {{ {} }}", "values $lang{{{}}}"):
            document = write(QUERY.replace('VALUES ?lang { "en" }', block.format(text)))
            assert messages(document) == []
            assert [triple.object for triple in document.triples if triple.predicate.value == SH + "defaultValue"] == [
                term
            ]


def test_what_is_no_block_of_values_is_no_default(write: Callable[..., Document]) -> None:
    for text in (
        '# VALUES ?x { "a" }\n',
        'FILTER ("VALUES ?x { 1 }" != "") ',
        "VALUES (?x) { (1) } ",
        "VALUES ?x { 1 2 } ",
    ):
        document = write(QUERY.replace("?thing", f"{text}?thing"))
        assert messages(document) == []
        assert [triple.object for triple in document.triples if triple.predicate.value == SH + "name"] == [
            Literal("lang")
        ]


def test_a_line_that_stands_there_twice_has_two_triples(write: Callable[..., Document]) -> None:
    document = write(f"#+ summary: What else?\n{QUERY}")
    comments = {triple.object.value for triple in document.triples if triple.predicate.value == COMMENT}
    assert comments == {"What else?", "What is there?", "Wat is er?"}


NO_QUERY = "Not a query that reads: found {}, expected SELECT, ASK, CONSTRUCT or DESCRIBE."
TOO_MUCH = "The query is longer than 10,000 characters, or nested more than 100 deep."
VALUES = "".join(f"VALUES ?v{number} {{ 1 2 3 4 5 6 7 8 9 }} " for number in range(20))


@pytest.mark.parametrize(
    ("text", "expected", "at"),
    [
        (b"", NO_QUERY.format("nothing"), (1, 1)),
        (b"\xef\xbb\xbf", NO_QUERY.format("nothing"), (1, 1)),
        (HEADER, NO_QUERY.format("nothing"), (1, 1)),
        ("rm -rf /", NO_QUERY.format("RM"), (1, 1)),
        (f"{HEADER}INSERT DATA {{ <x:s> <x:p> 1 }}", NO_QUERY.format("INSERT"), (1, 1)),
        ("PREFIX x: <x:> DELETE WHERE { ?s ?p ?o }", NO_QUERY.format("DELETE"), (1, 1)),
        ("DROP ALL", NO_QUERY.format("DROP"), (1, 1)),
        ("SELECT ?s { SERVICE <http://evil> { ?s ?p ?o } }", "The query has a SERVICE clause", (1, 1)),
        ("SELECT ?s { ?s ?p ?o } ; DROP ALL", "This is not SPARQL: ", (1, None)),
        (f"{HEADER}SELECT ?s {{ ?s ?p", "This is not SPARQL: ", (5, 18)),
        ("SELECT ?s { ?s x:p ?o }", "This is not SPARQL: ", (1, None)),
        (b"SELECT ?s { ?s ?p '\xe9' }", "Byte 0xE9 is not UTF-8", (1, 20)),
        (QUERY.encode("utf-16"), "Byte 0xFF is not UTF-8", (1, 1)),
        (f"SELECT ?s {'{' * 5000} ?s ?p ?o {'}' * 5000}", TOO_MUCH, (1, 1)),
        (f"SELECT ?s {'{' * 500} ?s ?p ?o {'}' * 500}", TOO_MUCH, (1, 1)),
        (f"SELECT ?s {{ BIND ({'(' * 500}1{')' * 500} AS ?s) }}", TOO_MUCH, (1, 1)),
        (f"SELECT ?s {{ ?s ?p {'[ ?p ' * 500}1{']' * 500} }}", TOO_MUCH, (1, 1)),
        (f"SELECT ?s {{ ?s ?p {'<<?a ?b ' * 2000}1{'>>' * 2000} }}", TOO_MUCH, (1, 1)),
        ("{" * 20_000, TOO_MUCH, (1, 1)),
        (f"{QUERY}{'#' * 20_000}", TOO_MUCH, (1, 1)),
    ],
)
def test_what_is_no_query_that_reads_is_a_finding(
    text: str | bytes, expected: str, at: tuple[int, int | None], write: Callable[..., Document]
) -> None:
    document = write(text)
    assert not document.readable
    assert document.triples == []
    finding = document.findings[-1]
    assert str(finding.message).startswith(expected)
    assert (finding.location.path, finding.location.line) == (document.name, at[0])
    assert finding.location.column == at[1] or (at[1] is None and finding.location.column > 1)  # where Oxigraph gave up


def test_an_update_among_the_queries_is_a_finding_in_each_language(write: Callable[..., Document]) -> None:
    (finding,) = write("DROP ALL").findings
    dutch = "Geen query die leest: gevonden: DROP, verwacht: SELECT, ASK, CONSTRUCT of DESCRIBE."
    assert finding.message["nl"] == dutch


@pytest.mark.parametrize(
    "text",
    [
        f"ASK {{ {VALUES} FILTER (?v1 > 20) }}",
        f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}",
        f"SELECT ?v1 {{ {VALUES} }} ORDER BY ?v1",
        f"SELECT ?s {{ ?s {'<x:>/' * 1900}<x:> ?o }}",
        f"SELECT ?s {{ {'?s ?p ?o . ' * 800} }}",
        f"SELECT ?s {{ FILTER ({'1 + ' * 2000}1) }}",
    ],
    ids=["cross product", "count", "sort", "path", "pattern", "sum"],
)
def test_a_query_is_read_and_never_asked(text: str, write: Callable[..., Document]) -> None:
    """Each of these would keep Oxigraph busy for minutes or for ever, if only to plan it."""
    document = write(text)
    assert messages(document) == []
    assert document.triples


def test_two_files_of_one_name_are_a_finding(tmp_path: Path) -> None:
    files = [tmp_path / folder / "twins.rq" for folder in ("one", "other")]
    for file in files:
        file.parent.mkdir()
        file.write_text(QUERY, encoding="utf-8")
    first, second = executables(packaged(), files)
    assert messages(first) == []
    assert messages(second) == [f"Another query has the same name: {first.name}."]
    assert (second.findings[0].location.path, str(second.findings[0].help)) == (
        second.name,
        "Give one of the two another name.",
    )


@pytest.mark.parametrize("name", ["my query.rq", "a>b.rq", "a%b.rq", "?.rq", "\u202e.rq", "'.rq"])
def test_a_name_that_cannot_end_an_iri_is_a_finding(name: str, write: Callable[..., Document]) -> None:
    [message] = messages(write(QUERY, name))
    assert message == "The name of the file cannot end an IRI; expected words and hyphens."


def test_a_byte_order_mark_is_a_finding_and_the_places_are_those_after_it(write: Callable[..., Document]) -> None:
    document = write(b"\xef\xbb\xbf" + QUERY.encode())
    assert messages(document) == ["The file starts with a byte order mark; expected plain UTF-8."]
    assert document.text == QUERY
    assert document.triples


def test_a_file_that_cannot_be_read_is_an_error_of_the_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        executables(packaged(), [tmp_path / "none.rq"])
    with pytest.raises(UsageError, match="not a regular file"):
        executables(packaged(), [tmp_path])


def test_nothing_is_published_where_one_of_the_queries_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "broken.rq"
    file.write_text("SELECT", encoding="utf-8")
    files = [*packaged().query_files(), file]
    monkeypatch.setattr("ghent_partnerships.project.project.Project.query_files", lambda _: files)
    with pytest.raises(InvalidError, match="This is not SPARQL") as raised:
        publish(tmp_path / "dist")
    assert [finding.location.path for finding in raised.value.findings] == [str(file)]


def test_what_breaks_a_rule_of_the_house_is_a_finding_at_its_place(tmp_path: Path) -> None:
    """Beside what is no query at all, which is a finding too and keeps no other from being checked."""
    texts = {
        "fine.rq": QUERY,
        "broken.rq": f"{HEADER}SELECT ?s {{",
        "two-defaults.rq": QUERY.replace('"en"', '"en" "nl"'),
        "undeclared.rq": QUERY.replace("#+ param: lang | the language | de taal\n", ""),
        "unordered.rq": QUERY.replace("ORDER BY ?label\n", ""),
        "untranslated.rq": QUERY.replace("#+ summary-nl: Wat is er?\n", ""),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = check(
        executables(packaged(), sorted(tmp_path.iterdir())), [parse.parse(packaged().style_file())], every_shape=False
    )
    findings = {
        (Path(finding.location.path).name, finding.location.line, finding.location.column): str(finding.message)
        for finding in report.findings
    }
    assert findings.pop(("broken.rq", 5, 12)).startswith("This is not SPARQL: ")
    assert findings == {
        ("two-defaults.rq", 4, 11): "A parameter has one default.",
        ("undeclared.rq", 5, 38): "A parameter says what it means, once in English and once in Dutch.",
        ("unordered.rq", 5, 1): "A SELECT query says the order of its rows.",
        ("untranslated.rq", 1, 1): (
            "A query has one question in English and one in Dutch, each ending in a question mark."
        ),
    }


TABLE = f"""#+ summary: What is there?
#+ summary-nl: Wat is er?
#+ tags: table
#+ column: thing | Thing | Ding
#+ column: label | Label | Naam
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?thing (STR(?name) AS ?label) WHERE {{ ?thing rdfs:label ?name }}
ORDER BY ?label
"""
OTHER_COLUMNS = "The column lines are not those of the variables that the query selects, in their order."
VIEW = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("folder", "text", "at", "message"),
    [
        ("tables", TABLE, (), ""),
        ("tables", TABLE.replace("column: label", "column: name"), (5, 12), OTHER_COLUMNS),
        ("tables", TABLE.replace("#+ column: label | Label | Naam\n", ""), (6, 30), OTHER_COLUMNS),
        ("tables", TABLE.replace("PREFIX", "#+ column: more | More | Meer\nPREFIX"), (6, 12), OTHER_COLUMNS),
        ("tables", TABLE.replace("SELECT ?thing (STR(?name) AS ?label)", "SELECT *"), (4, 12), OTHER_COLUMNS),
        (
            "tables",
            TABLE.replace(" | Naam", ""),
            (5, 12),
            "A column line has 3 parts: its name, and a text in each language (en, nl).",
        ),
        ("tables", f"{HEADER}{VIEW}", (5, 1), "A table is a SELECT query: found CONSTRUCT."),
        ("views", f"{HEADER}{VIEW}", (), ""),
        ("views", QUERY, (5, 1), "A view is a CONSTRUCT query: found SELECT."),
        (".", f"{HEADER}{VIEW}", (), ""),
        (".", QUERY, (), ""),
    ],
)
def test_a_query_fits_its_folder_and_a_table_its_columns(
    folder: str, text: str, at: tuple[int, int], message: str, write: Callable[..., Document], tmp_path: Path
) -> None:
    (tmp_path / "queries" / folder).mkdir(parents=True)
    document = write(text, f"queries/{folder}/mine.rq")
    assert [
        ((finding.location.line, finding.location.column), str(finding.message)) for finding in document.findings
    ] == ([(at, message)] if message else [])


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("tables/agreements.rq", "column: end |", "column: ends |", OTHER_COLUMNS),
        (
            "views/flat.rq",
            "CONSTRUCT { ?city ?link ?other }",
            "SELECT ?city",
            "A view is a CONSTRUCT query: found SELECT.",
        ),
    ],
)
def test_what_could_not_be_published_does_not_validate(
    name: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "queries" / name
    file.parent.mkdir(parents=True)
    text = (packaged().root / "queries" / name).read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = [str(finding.message) for finding in validate(file).findings if finding.location.path == str(file)]
    assert message in found


def test_a_prefix_that_stands_for_something_else_is_a_finding_in_its_own_file(tmp_path: Path) -> None:
    """Not in that of another query, with which it shares the declaration."""
    texts = {
        "another.rq": QUERY.replace("rdfs:", "label:"),
        "fine.rq": QUERY,
        "mine.rq": QUERY.replace(f"<{PREFIXES['rdfs']}>", "<http://x/>"),
        "own.rq": QUERY.replace("PREFIX", "PREFIX own: <http://x/>\nPREFIX"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = check(
        executables(packaged(), sorted(tmp_path.iterdir())), [parse.parse(packaged().style_file())], every_shape=False
    )
    rdfs = PREFIXES["rdfs"]
    assert {
        (Path(finding.location.path).name, finding.location.line, finding.location.column): str(finding.message)
        for finding in report.findings
    } == {
        ("another.rq", 5, 8): f"The namespace <{rdfs}> has the prefix rdfs: in all queries: found label:.",
        ("mine.rq", 5, 8): f"The prefix rdfs: stands for <{rdfs}> in all queries: found <http://x/>.",
    }


HEADERS = ("#+ ", "summary: ", "summary-nl: ", "tags: ", "param: ", "column: ", " | ", ", ", "\n", "\r", "\r\n", "\t")
TOKENS = (
    *("PREFIX ", "x: ", "<x:>", "<", ">", "SELECT ", "?s ", "{ ", "} ", "( ", ") ", "[ ", "] ", "<< ", ">> ", "* "),
    *("VALUES ?lang { ", '"en"', "'", '"""', "\\", "@nl", "^^x:y", "1.0", "-1", "a ", "ASK ", "CONSTRUCT "),
    *("WHERE ", "SERVICE ", "ORDER BY ", "#", ".", ";", "\u0000", "\ufeff", "é", "𝄞", "\u2028"),
)
PIECES = st.lists(st.sampled_from((*HEADERS, *TOKENS)) | st.text(max_size=3), max_size=40).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(piece=PIECES, cut=st.integers(0, len(QUERY)))
def test_whatever_is_in_a_file_there_are_findings_or_triples_with_places(
    piece: str, cut: int, write: Callable[..., Document]
) -> None:
    for text in (piece, QUERY[:cut] + piece + QUERY[cut:], HEADER + piece):
        document = write(text.encode("utf-8", "surrogatepass"))
        assert document.readable or document.findings
        assert document.readable == bool(document.triples)
        positions = {} if document.positions is None else document.positions.objects
        assert {(triple.subject, triple.predicate, triple.object) for triple in document.triples} == set(positions)
        assert all(0 <= offset <= len(document.text) for offset in positions.values())
