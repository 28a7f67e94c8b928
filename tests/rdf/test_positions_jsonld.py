"""What a document in JSON-LD is about has its place: where the value of ``@id`` stands."""

import pytest

from ghent_partnerships.rdf.source_map import SourceMap
from marked import MARK, NONE, Read, assert_subject_in_place

JSON = {
    "full": '{"@id": ←"http://e/s", "http://e/p": 1}',
    "compact": '{"@context": {"e": "http://e/"}, "e:p": 1, "@id": ←"e:s"}',
    "compact, by a definition": '{"@context": {"e": {"@id": "http://e/", "@prefix": true}}, "e:p": 1, "@id": ←"e:s"}',
    "compact, by another": (
        '{"@context": {"x": "http:", "e": {"@id": "x://e/", "@prefix": true}}, "@id": ←"http://e/s", "e:p": '
        '1}'
    ),
    "of two prefixes": '{"@context": {"h": "http://e/", "e": "h:d/"}, "@id": "e:s", "h:q": {"@id": ←"h:s", "h:p": 1}}',
    "@base": '{"@context": {"@base": "http://e/"}, "http://e/p": 1, "@id": ←"s"}',
    "an alias": '{"@context": {"id": "@id", "n": "http://e/p"},\r\n "n": {"id": ←"http://e/s", "n": 1}}',
    "an alias, by a definition": (
        '{"@context": {"id": {"@id": "@id"}, "n": "http://e/p"},\n"n": 2, "id": ←"http://e/s"}'
    ),
    "after a reference": (
        '{"@id": "http://e/x", "http://e/p": [{"@id": "http://e/s"}, {"@id": ←"http://e/s", "http://e/p": '
        '1}]}'
    ),
    "only a reference": '{"@id": "http://e/x", "http://e/s-no": 2, "http://e/p": [2, {"@id": ←"http://e/s"}]}',
    "a string": '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "@id": "http://e/x", "p": ←"http://e/s"}',
    "a context inside": (
        '{"@id": "http://e/x", "http://e/p": {"@context": {"e": "http://e/"}, "@id": ←"e:s", "e:p": 1}}'
    ),
    "a context for others": (
        '{"@context": {"e": "http://e/"}, "@graph": [{"@context": {"e": "http://x/"}, "@id": "e:s", "e:p": '
        '1}, {"@id": ←"e:s", "e:p": 1}]}'
    ),
    "a list of contexts": '{"@context": [{"e": "http://x/"}, {"e": "http://e/"}], "@id": ←"e:s", "e:p": 1}',
    "the name of a graph": (
        '[{"@id": "http://e/s", "@graph": [{"@id": "http://e/x", "http://e/p": 1}]}, {"@id": ←"http://e/s", '
        '"http://e/p": 1}]'
    ),
    "a literal": (
        '{"@id": "http://e/x", "http://e/p": [{"@value": "http://e/s"}, {"@id": ←"http://e/s", "http://e/p": '
        '1}]}'
    ),
    "a literal, a string after it": (
        '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "@id": "http://e/x", '
        '"http://e/q": {"@value": "http://e/s"}, "p": ←"http://e/s"}'
    ),
    "a relative @base": (
        '{"@context": {"@base": "http://e/d/x"}, "@id": "s", "http://e/p": '
        '{"@context": {"@base": "../"}, "@id": ←"s", "http://e/p": 1}}'
    ),
    "a term that is no prefix": (
        '{"@context": {"e": "http://e"}, "@graph": [{"@id": "e:/s", "http://e/p": 1}, '
        '{"@id": ←"http://e/s", "http://e/p": 1}]}'
    ),
    "an astral name": '{"@id": ←"http://e/\\ud83d\\ude00", "http://e/q": 7}',
    "escapes": '{"http://e/p": "\\ud83d\\ude00\U0001f600", "@id": ←"http:\\/\\/e\\/\\u0073"}',
    "tabs": '{\r\n\t\t"@id":\t←"http://e/s",\r\n"http://e/p": 1}',
    "a context of a term": (
        '{"@context": {"@version": 1.1, "p": {"@id": "http://e/p", "@context": {"e": "http://e/"}}}, "@id": '
        '"http://e/x", "p": {"@id": ←"e:s", "http://e/p": 1}}'
    ),
    "a label": '{"@id": "http://e/x", "http://e/p": {"@id": ←"_:b", "http://e/q": 7}}',
    "no name: what it belongs to": '{"@id": ←"http://e/x", "http://e/p": {"http://e/q": 7}}',
}  # fmt: skip


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("case", JSON)
def test_a_subject_has_its_place(case: str, bom: bool, read: Read) -> None:
    assert_subject_in_place("x.jsonld", JSON[case].replace("←", MARK), read, bom=bom)


def test_a_relative_name_is_resolved_at_its_file(read: Read) -> None:
    document = read("x.jsonld", '{"http://e/p": 1, "@id": "#s"}')
    assert SourceMap([document], []).of(document.triples[0].subject, NONE, None)[1:] == (1, 26)
