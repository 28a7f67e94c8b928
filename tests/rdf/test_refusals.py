"""What a parser refuses has its place, in every syntax."""

from pathlib import Path

import pytest

import needs
from ghent_partnerships.rdf import parse
from marked import line_and_column

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
NEWER = "The file is written in RDF 1.2, and is not checked."
CONTEXT = '"@context": {"@vocab": "http://e/", "id": "@id"}'
MISTAKES = {  # ← stands before what is refused
    "an @id that is a number": ('{"a:p": 1,\n ←"@id": 5}', "@id value must be a string."),
    "an @id that is one in a context": ('{"@context": {"p": {\n←"@id": 5}}, "p": 1}', "@id value must be a string."),
    "an alias of @id": (f'{{{CONTEXT},\n "id": "a:b", "p": {{←"id": 1}}}}', "@id value must be a string."),
    "an @id twice": (f'{{{CONTEXT}, "@id": "a:b",\n ←"id": "a:c", "p": 1}}', "@id is defined twice."),
    "an @type that is a number": ('{"@id": "a:b",\n ←"@type": 5}', "@type value must be a string."),
    "a datatype that is no IRI": (
        '{"@context": {"p": {"@id": "a:p",\n "@type": ←"foo"}}, "p": 1}',
        "Invalid @type iri 'foo': No scheme found in an absolute IRI.",
    ),
    "a language that is a number": (
        f'{{{CONTEXT}, "p": [{{"@value": "x", "@language": "en"}},\n {{"@value": "x", ←"@language": 5}}]}}',
        "@language value must be a string.",
    ),
    "a base that is no IRI": (
        '{"@context":\n {"@base": ←"a b"}, "a:p": 1}',
        "Invalid @base 'a b': Invalid IRI code point ' '.",
    ),
    "a list with more": (
        f'{{{CONTEXT}, "p": {{"@list": []}}, "q": {{\n←"@list": [], "@id": "a:b"}}}}',
        "@list and @set must be the only keys of an object.",
    ),
    "a version of the future": (
        '{"@context": {\n←"@version": 2}, "a:p": 1}',
        "The only supported @version value is 1.1, found 2.",
    ),
    "a comma too many": ('{"@id": "a:b",\n "a:p": 1,←}', "Trailing commas are not allowed."),
    "a context and no JSON": ('{"@context": "c.jsonld",\n "a:p": ←tru}', "This is not JSON: “Expecting value”."),
}
OF_RDF_1_2 = {
    "a triple term": ("ttl", '# <<\n<a:\\u00e9> <a:p> "<<", "--ltr", ←<<( <a:s> <a:p> 1 )>> .'),
    "a reified triple": ("ttl", "PREFIX : <a:>\n:s\\~ :p '~ {|' .\n←<< :s :p :o >> :q 1 ."),
    "an annotation": ("ttl", "PREFIX : <a:>\n:s :p '''\n<<''' ←{| :q 1 |} ."),
    "a reifier": ("ttl", "PREFIX : <a:>\n:s :p :o ←~ :r ."),
    "a base direction": ("ttl", '<a:s> <a:p> "@en--ltr" ;\n <a:q> "x"@en-GB←--ltr .'),
    "VERSION": (
        "ttl",
        'PREFIX : <a:>\n:version :p "version \'1\'" . # VERSION "1.2"\n←Version "1.2"\n:s :version "1.2" .',
    ),
    "@version": ("trig", "←@version '1.2' .\n<a:s> <a:p> 1 ."),
    "a triple term in a graph": ("trig", "<a:g> { <a:s> <a:p> ←<<( <a:s> <a:p> 1 )>> }"),
    "in N-Triples": ("nt", '<a:s> <a:p> "<<" .\n<a:s> <a:p> ←<<( <a:s> <a:p> "x" )>> .'),
    "in N-Quads": ("nq", '<a:s> <a:p> "<<" <a:g> .\n<a:s> <a:p> "x"@en←--rtl <a:g> .'),
    "rdf:version": ("rdf", f'<rdf:RDF {RDF}\n ←rdf:version="1.2"><e:T e:p="x"/></rdf:RDF>'),
    "an annotation in XML": ("rdf", f'<rdf:RDF {RDF}><e:T><e:p ←rdf:annotation="a:b">x</e:p></e:T></rdf:RDF>'),
    "@direction": ("jsonld", '{"a:q": "@direction", "a:p": {"@value": "x",\n ←"@direction": "rtl"}}'),
    "an alias of @direction": (
        "jsonld",
        '{"@context": {"dir": "@direction"},\n "a:p": {"@value": "x", "@language": "ar", ←"dir": "rtl"}}',
    ),
}
SUITES = ("rdf-turtle", "rdf-trig", "rdf-n-triples", "rdf-n-quads", "rdf-xml")
AT_THE_START = {  # the mistake is what the file begins with
    *(f"nt-syntax-bad-{name}-01.{suffix}" for name in ("base", "bnode", "prefix") for suffix in ("nt", "nq")),
    "trig-syntax-bad-bnode-01.trig",
    "turtle-syntax-bad-bnode-01.ttl",
}


def refusal(suffix: str, marked: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
    before, _, after = marked.partition("←")
    (finding,) = parse.parse(Path(f"some.{suffix}"), (before + after).encode()).findings
    return (
        str(finding.message),
        (finding.location.line, finding.location.column),
        line_and_column(before + after, len(before)),
    )


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_json_ld_is_at_its_key_or_string(name: str) -> None:
    text, message = MISTAKES[name]
    found, place, right = refusal("jsonld", text)
    assert (found, place) == (message, right)


@pytest.mark.parametrize("name", OF_RDF_1_2)
def test_what_is_of_rdf_1_2_is_refused_at_its_place(name: str) -> None:
    found, place, right = refusal(*OF_RDF_1_2[name])
    assert (found, place) == (NEWER, right)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (
            "ttl",
            'PREFIX : <a:>\n# << {| ~ "x"@en--ltr\n:s :p "<< {| ~ --ltr", """\nVERSION "1.2\'""" ; :version "1.2" .',
        ),
        ("nt", '<a:version> <a:p> "version \\"1.2\\" <<" . # <<'),
        ("rdf", f'<rdf:RDF {RDF}><e:T e:version="1.2" e:p="&lt;&lt; rdf:version=&apos;1.2&apos;"/></rdf:RDF>'),
        ("jsonld", '{"@id": "a:b", "a:p": ["@direction", {"@value": "@direction"}]}'),
    ],
)
def test_what_only_looks_like_rdf_1_2_is_read(suffix: str, text: str) -> None:
    document = parse.parse(Path(f"some.{suffix}"), text.encode())
    assert [str(finding.message) for finding in document.findings] == []
    assert document.triples


@pytest.mark.parametrize("suite", SUITES)
def test_no_refusal_of_the_suites_of_the_w3c_stands_at_the_start_of_a_file(suite: str) -> None:
    refused, at_the_start = 0, set()
    for path in sorted(needs.shared(f"conformance/rdf-syntax/{suite}").rglob("*")):
        if path.suffix in parse.SUFFIXES and not (document := parse.parse(path)).readable:
            refused += 1
            place = document.findings[-1].location
            at_the_start |= {path.name} if (place.line, place.column) == (1, 1) else set()
    assert refused > 20
    assert at_the_start <= AT_THE_START
