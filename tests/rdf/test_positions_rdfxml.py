"""What a document in RDF/XML is about has its place: where the element that names it starts."""

import pytest

from ghent_partnerships.rdf.source_map import SourceMap
from marked import MARK, NONE, Read, assert_subject_in_place

XML_HEAD = (
    '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]>\r\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\r\n'
)
XML = {
    "about": '←<rdf:Description rdf:about="http://e/s"><e:p>1</e:p></rdf:Description>',
    "a typed node": '<!-- \U0001f600 -->\t←<e:T\n rdf:about="http://e/s"/>',
    "an entity": '←<e:T rdf:about="&e;s"/>',
    "a base": '<e:T rdf:about="http://e/x" xml:base="http://e/d/"><e:p>←<e:U rdf:about="../s"/></e:p></e:T>',
    "a base for others": (
        '<e:T rdf:about="s" xml:base="http://x/"/><e:T xml:base="http://e/" rdf:about="o"/>←<e:T '
        'rdf:about="s" xml:base="http://e/"/>'
    ),
    "an ID": '←<e:T rdf:ID="s" xml:base="http://e/d"/>',
    "a reference before": (
        '<e:T rdf:about="http://e/x">\n<e:p rdf:resource="http://e/s"/></e:T>←<e:T rdf:about="http://e/s"/>'
    ),
    "only a reference": '<e:T rdf:about="http://e/x">←<e:p rdf:resource="http://e/s"/></e:T>',
    "a reference that states": (
        '<e:T rdf:about="http://e/x"><e:p rdf:resource="http://e/s"/>←<e:p rdf:resource="http://e/s" '
        'e:z="1"/></e:T>'
    ),
    "a reified statement": '<e:T rdf:about="http://e/x">←<e:p rdf:ID="s" xml:base="http://e/d">1</e:p></e:T>',
    "not in a literal": (
        '<e:T rdf:about="http://e/x"><e:p rdf:parseType="Literal"><e:T rdf:about="http://e/s"/></e:p></e:T>'
        '←<e:T rdf:about="http://e/s"/>'
    ),
    "in a collection": (
        '<e:T rdf:about="http://e/x"><e:p rdf:parseType="Collection"><e:T/>←<e:T rdf:about="http://e/s"/>'
        '</e:p></e:T>'
    ),
    "a nodeID": '<e:T rdf:about="http://e/x"><e:p rdf:nodeID="b"/></e:T>←<e:T rdf:nodeID="b"><e:q>7</e:q></e:T>',
    "a nodeID in a resource": (
        '<e:T rdf:about="http://e/x"><e:p rdf:parseType="Resource"><e:p rdf:nodeID="b"/></e:p></e:T>←<e:T '
        'rdf:nodeID="b"><e:q>7</e:q></e:T>'
    ),
    "a class: what is one": '<e:O rdf:about="http://e/x"/>←<e:s rdf:about="http://e/y"/>',
    "no name: what it belongs to": '←<e:T rdf:about="http://e/x"><e:p><e:T><e:q>7</e:q></e:T></e:p></e:T>',
}  # fmt: skip


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("case", XML)
def test_a_subject_has_its_place(case: str, bom: bool, read: Read) -> None:
    marked = f"{XML_HEAD}{XML[case]}\n</rdf:RDF>".replace("←", MARK)
    assert_subject_in_place("x.rdf", marked, read, bom=bom)


def test_a_relative_name_is_resolved_at_its_file(read: Read) -> None:
    document = read("x.owl", XML_HEAD + '<e:T rdf:about="#s"/></rdf:RDF>')
    assert SourceMap([document], []).of(document.triples[0].subject, NONE, None)[1:] == (4, 1)
