"""JSON-LD that people read: short keys, names by language, parts within their wholes; and exactly the graph."""

import json
from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.jsonld import Context, SchemaContext, write
from ghent_partnerships.rdf.namespaces import GP, ID
from ghent_partnerships.rdf.turtle import Statements, by_subject
from loaded import PREFIXES

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + "PREFIX e: <http://e/>\n"


@pytest.fixture(scope="module")
def graph() -> list[Triple]:
    return triples(packaged().graph_files())


@pytest.fixture(scope="module")
def context(graph: list[Triple]) -> Context:
    """The context of the graph and its shapes, which say what stands once."""
    return Context(by_subject([*graph, *triples([packaged().shapes_file()])]), PREFIXES, (ID,))


@pytest.fixture(scope="module")
def content(graph: list[Triple], context: Context) -> dict:
    return json.loads(write(by_subject(graph), context))


def canonical(quads: object) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(HEAD + text, format=RdfFormat.TURTLE)]


def written(text: str, about: str | None = None) -> dict:
    """The JSON of some Turtle, after it was read back as the same graph."""
    statements = turtle(text)
    described: Statements = by_subject(statements)
    document = write(described, Context(described, PREFIXES, (ID,)), about)
    assert canonical(pyoxigraph.parse(document, format=RdfFormat.JSON_LD)) == canonical(Quad(*t) for t in statements)
    content = json.loads(document)
    del content["@context"]
    return content


def test_the_document_of_a_resource_reads_like_this(graph: list[Triple], context: Context) -> None:
    about = f"{ID}partnership/ghent-melle"
    statements = by_subject(triple for triple in graph if triple.subject.value == about)
    document = write(statements, context, about)
    content = json.loads(document)
    carried = content.pop("@context")
    assert content == {
        "id": about,
        "type": ["Partnership"],
        "agreement": [f"{ID}agreement/ghent-melle"],
        "kind": f"{ID}concept/twinning",
        "label": {"en": "Ghent and Melle", "nl": "Gent en Melle"},
        "notStated": [f"{GP}endYear"],
        "party": [f"{ID}city/ghent", f"{ID}city/melle"],
        "position": 4,
        "source": [f"{ID}fragment/b4"],
        "startYear": "1977",
    }
    assert list(content) == ["id", "type", *sorted(content.keys() - {"id", "type"})]
    assert carried.keys() == {"@version", *content, "Partnership"}
    assert carried["startYear"] == {"@id": f"{GP}startYear", "@type": PREFIXES["xsd"] + "gYear"}
    assert carried["source"] == {"@id": PREFIXES["dcterms"] + "source", "@type": "@id", "@container": "@set"}
    assert document.startswith(b'{\n  "@context": {\n    "@version": 1.1,\n    "id": "@id",\n')
    assert document.endswith(b"}\n")


def test_resources_stand_in_groups_by_type(content: dict) -> None:
    assert list(content) == ["@context", *sorted(content.keys() - {"@context"})]
    counts = {group: len(nodes) for group, nodes in content.items() if group != "@context"}
    assert counts["partnerships"] == 13
    assert counts["cities"] == 15
    assert counts.keys().isdisjoint({"agreements", "outcomes", "fragments", "concepts", "candidates"})
    for nodes in (nodes for group, nodes in content.items() if group != "@context"):
        ids = [node["id"] for node in nodes]
        assert ids == sorted(set(ids))


def test_parts_stand_in_their_wholes(content: dict) -> None:
    def named(group: str, slug: str) -> dict:
        (node,) = (node for node in content[group] if node["id"].endswith(f"/{slug}"))
        return node

    kanazawa = named("partnerships", "ghent-kanazawa")
    assert [agreement["type"] for agreement in kanazawa["agreement"]] == [["Agreement"]]
    assert [outcome["dcterms_type"] for outcome in kanazawa["hasOutcome"]] == [f"{ID}concept/maintained"]
    assert "concerns" not in kanazawa["hasOutcome"][0]
    taizhou = named("cities", "taizhou")
    assert [candidate["type"] for candidate in taizhou["possibleMatch"]] == [["Candidate"], ["Candidate"]]
    source = named("sources", "history-of-bilateral-partnerships")
    assert len(source["hasFragment"]) == 31
    assert [scheme["type"] for scheme in content["schemes"]] == [["ConceptScheme"]] * len(content["schemes"])
    assert all(scheme["hasConcept"] for scheme in content["schemes"])


def nodes(value: object) -> Iterator[dict]:
    """Every object in some JSON."""
    if isinstance(value, list | dict):
        yield from [value] if isinstance(value, dict) else []
        for part in value.values() if isinstance(value, dict) else value:
            yield from nodes(part)


def test_a_property_is_always_an_array_or_never(content: dict) -> None:
    context = content["@context"]
    forms: dict[str, set[type]] = {}
    for node in nodes({key: value for key, value in content.items() if key != "@context"}):
        for key, value in node.items():
            forms.setdefault(key, set()).add(type(value))
    for key in set(forms) & set(context):
        arrays = isinstance(context[key], dict) and context[key].get("@container") == "@set"
        assert context[key] == "@included" or forms[key] <= ({list} if arrays else {str, int, bool, dict}), key
    once = {"concludedYear", "country", "kind", "lat", "license", "position", "startYear", "statedCount", "url"}
    assert [key for key in once if list in forms[key]] == []
    often = {"agreement", "aim", "hasOutcome", "instrument", "notStated", "party", "possibleMatch", "source", "type"}
    assert [key for key in often if forms[key] != {list}] == []


def test_a_property_stands_once_only_if_every_shape_that_is_meant_for_something_says_so() -> None:
    shape = "[ sh:path {} ; sh:maxCount {} ]"
    both, other = "e:S sh:targetClass e:C ; sh:property ", "e:T sh:targetNode e:x ; sh:property "
    aimless = "e:U sh:property [ sh:path e:p ] ."
    value = "e:s e:p e:o ."

    def written(rules: str, data: str = value) -> object:
        statements = by_subject(turtle(rules + data))
        return json.loads(write(by_subject(turtle(data)), Context(statements, PREFIXES, (ID,))))["terms"][0]["p"]

    once, twice = shape.format("e:p", 1), shape.format("e:p", 2)
    assert written(f"{both}{once} .") == "http://e/o"
    assert written(f"{both}{once} . {aimless}") == "http://e/o"
    assert written(f"{both}{once} . {other}{once} .") == "http://e/o"
    assert written(f"{both}{once}, [ sh:path e:p ] .") == "http://e/o"
    assert written(f"{both}{once} . {other}{twice} .") == ["http://e/o"]
    assert written(f"{both}{once} . {other}[ sh:path e:p ] .") == ["http://e/o"]
    assert written(f"e:U sh:property {once} .") == ["http://e/o"]
    assert written(f"{both}{shape.format('e:q', 1)} .") == ["http://e/o"]
    assert written("") == ["http://e/o"]
    assert written(f"{both}{once} .", "e:s e:p e:o . e:t e:p e:o, e:u .") == ["http://e/o"]


def test_the_published_context_makes_the_same_graph_of_every_document(graph: list[Triple], context: Context) -> None:
    """A consumer may put the address of the context in the place of the part that a document carries."""
    published = json.loads(context.document())["@context"]
    for about in (None, f"{ID}city/taizhou", f"{ID}fragment/b3", f"{ID}scheme/aims"):
        statements = [triple for triple in graph if about in (None, triple.subject.value)]
        assert statements
        content = json.loads(write(by_subject(statements), context, about))
        assert content["@context"].items() <= published.items()
        content["@context"] = published
        read = pyoxigraph.parse(json.dumps(content), format=RdfFormat.JSON_LD)
        assert {quad.triple for quad in read} == set(statements)


def test_two_properties_of_one_name_are_told_apart(graph: list[Triple]) -> None:
    definitions = Context(by_subject(graph)).definitions
    assert definitions["sameAs"]["@id"] == PREFIXES["schema"] + "sameAs"
    assert definitions["owl_sameAs"]["@id"] == PREFIXES["owl"] + "sameAs"
    assert definitions["type"] == {"@id": "@type", "@container": "@set"}
    assert definitions["dcterms_type"]["@id"] == PREFIXES["dcterms"] + "type"
    unknown = Context(by_subject(turtle("e:s gp:kind e:o ; e:kind e:o ; <http://f/kind> e:o .")))
    assert {iri: term.key for iri, term in unknown.terms.items()} == {
        f"{GP}kind": "kind",
        "http://e/kind": "http://e/kind",
        "http://f/kind": "http://f/kind",
    }


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("e:s e:p 7, -7, 0 .", {"p": [-7, 0, 7]}),
        ('e:s e:p "007"^^xsd:integer .', {"p": [{"@value": "007", "@type": PREFIXES["xsd"] + "integer"}]}),
        ("e:s e:p 1234567890123456 .", {"p": [{"@value": "1234567890123456", "@type": PREFIXES["xsd"] + "integer"}]}),
        ("e:s e:p true .", {"p": [True]}),
        ('e:s e:p "1"^^xsd:boolean .', {"p": [{"@value": "1", "@type": PREFIXES["xsd"] + "boolean"}]}),
        ("e:s e:p 1.50 .", {"p": ["1.50"]}),
        ('e:s e:p "1971"^^xsd:gYear .', {"p": ["1971"]}),
        ('e:s e:p "x" .', {"p": ["x"]}),
        ('e:s e:p "x", "y"@en, e:o .', {"p": ["x", {"@value": "y", "@language": "en"}, {"id": "http://e/o"}]}),
        ('e:s e:p "b"@en, "a"@en, "c"@nl .', {"p": {"en": ["a", "b"], "nl": ["c"]}}),
        ('e:s e:p "b"@en, "c"@nl .', {"p": {"en": "b", "nl": "c"}}),
        ("e:s e:p ( e:a 1 ) .", {"p": [{"@list": [{"id": "http://e/a"}, 1]}]}),
        ("e:s e:p () .", {"p": [{"@list": []}]}),
        ("e:s e:p [ e:q e:o ] .", {"p": [{"q": ["http://e/o"]}]}),
        ("e:s e:p <http://e/s#part> . <http://e/s#part> e:q 1 .", {"p": [{"id": "http://e/s#part", "q": [1]}]}),
        ("e:s a e:A, e:B ; e:p e:s .", {"type": ["A", "B"], "p": ["http://e/s"]}),
        ('e:s a "x" .', {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "x"}),
    ],
)
def test_every_value_keeps_its_form(text: str, node: dict) -> None:
    assert written(text) == {"terms": [{"id": "http://e/s", **node}]}


def test_a_ring_of_parts_is_not_lost() -> None:
    assert len(written("_:a e:p _:b . _:b e:p _:a . _:c e:p _:c .")["terms"]) == 2
    assert written("<http://e/a#b> e:p <http://e/a#b> .") == {"terms": [{"id": "http://e/a#b", "p": ["http://e/a#b"]}]}


def test_schema_org_is_written_as_search_engines_read_it() -> None:
    statements = by_subject(turtle('e:s a schema:City ; schema:name "Gent"@nl ; schema:sameAs e:o .'))
    document = write(statements, SchemaContext())
    assert json.loads(document) == {
        "@context": {"@vocab": "http://schema.org/"},
        "@graph": [
            {
                "@id": "http://e/s",
                "@type": "City",
                "name": {"@value": "Gent", "@language": "nl"},
                "sameAs": {"@id": "http://e/o"},
            }
        ],
    }
