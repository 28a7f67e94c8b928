"""RDF/XML is read in the encoding that it names, and every other text in UTF-8."""

from pathlib import Path

import pytest

from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.source_map import SourceMap

BODY = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
    '<e:é/><rdf:Description rdf:about="http://e/é"><e:p>é</e:p></rdf:Description></rdf:RDF>'
)
FILE = Path("some.rdf")


@pytest.mark.parametrize(
    ("named", "encoding"),
    [
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("UTF-32", "utf-32"),
        ("utf8", "utf-8"),
        ("", "utf-8"),
        ("", "utf-16"),
        ("", "utf-8-sig"),  # a byte order mark belongs to no XML document, and may stand before each
        ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "utf-8-sig"),
    ],
)
def test_rdf_xml_is_read_in_the_encoding_that_it_names(named: str, encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{named}' ?>\n" if named else ""
    document = parse.parse(FILE, f"{declaration}{BODY}".encode(encoding))
    assert document.findings == []
    assert str(document.triples[-1]) == '<http://e/é> <http://e/p> "é"'
    place = SourceMap([document], []).of(document.triples[-1].subject, None, None)
    assert (place.line, place.column) == (3 if named else 2, 7)


@pytest.mark.parametrize(
    ("named", "encoding", "place", "message"),
    [
        ("punycode", "utf-8", (1, 31), "The XML declaration names the encoding punycode, which is unknown here."),
        ("zlib", "utf-8", (1, 31), "The XML declaration names the encoding zlib, which is unknown here."),
        ("UTF-16", "utf-8", (1, 31), "The XML declaration names the encoding UTF-16, in which it is not written."),
        ("us-ascii", "utf-8", (3, 4), "Byte 0xC3 is not us-ascii, the encoding of this XML document."),
        (
            "UTF-8",
            "latin-1",
            (3, 4),
            "Byte 0xE9 is not UTF-8 (in Latin-1 it would be 'é'); expected a UTF-8 text.",
        ),
    ],
)
def test_what_is_not_in_its_encoding_is_a_finding(
    named: str, encoding: str, place: tuple[int, int], message: str
) -> None:
    document = parse.parse(FILE, f"<?xml version='1.0' encoding='{named}'?>\n{BODY}".encode(encoding))
    (finding,) = document.findings
    assert (finding.location.line, finding.location.column, finding.code) == (*place, "GP002")
    assert str(finding.message) == message
    assert not document.readable


def test_other_syntaxes_are_in_utf_8() -> None:
    document = parse.parse(Path("some.ttl"), '<a:é> <a:b> "x" .'.encode("utf-16"))
    (finding,) = document.findings
    assert str(finding.message).startswith("Byte 0xFF is not UTF-8")


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        *((suffix, "<http://e/é> <http://e/p> <http://e/é> .") for suffix in (".ttl", ".trig", ".nt", ".nq")),
        (".jsonld", '{"@id": "http://e/é", "http://e/p": {"@id": "http://e/é"}}'),
    ],
)
def test_a_byte_order_mark_before_any_other_syntax_is_a_finding_and_no_more(suffix: str, text: str) -> None:
    document = parse.parse(Path(f"some{suffix}"), text.encode("utf-8-sig"))
    assert list(map(str, document.triples)) == ["<http://e/é> <http://e/p> <http://e/é>"]
    (finding,) = document.findings
    assert str(finding.message) == "The file starts with a byte order mark; expected plain UTF-8."
    assert finding.location[1:] == (1, 1)
    without = parse.parse(Path(f"some{suffix}"), text.encode())
    places = {SourceMap([read], []).of(*document.triples[0])[1:] for read in (document, without)}
    assert len(places) == 1, "it takes no column"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_standard_input_in_any_encoding_of_xml_is_rdf_xml(encoding: str) -> None:
    document = parse.standard_input(
        f"<?xml version='1.0' encoding='{encoding[:6].rstrip('-')}'?>\n{BODY}".encode(encoding)
    )
    assert (document.readable, len(document.triples)) == (True, 2)
