"""Literals are in the lexical space of their datatype, and compared, as XML Schema 1.1 and SPARQL 1.1 have it."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from ghent_partnerships.rdf.turtle import XSD
from ghent_partnerships.validation.engines.literals import is_less, is_well_formed

LEXICAL: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # what is in the space of each datatype, and what not
    "integer": (
        ("1", "01", "+1", "-0", "9" * 5_000),
        ("1.0", "", "٣", "1_000", "1e3", " 1", "+", "--1"),
    ),
    "decimal": (
        ("1", "1.", ".5", "+.5", "-0.0"),
        ("1e3", "4.886E1", "INF", "1,5", "1_0.0", "."),
    ),
    "double": (
        ("1", "1e3", "1E+3", "INF", "-INF", "+INF", "NaN", "1.e2"),
        ("inf", "infinity", "nan", "1_0", "1d", "0x1p3"),
    ),
    "float": (
        ("1", "3.4028236e39", "1e-50"),
        ("Inf",),
    ),
    "boolean": (
        ("true", "false", "1", "0"),
        ("TRUE", "True", "yes", "t"),
    ),
    "dateTime": (
        (
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00.1234567890",
            "-0044-03-15T00:00:00",
            "0000-01-01T00:00:00",
            "12024-01-01T00:00:00",
            "2024-01-01T00:00:00+14:00",
            "2024-02-29T12:00:00",
            "2024-01-01T24:00:00",
            "2000-02-29T00:00:00",
        ),
        (
            "2024-02-30T00:00:00",
            "2024-01-01T24:00:01",
            "2024-01-01",
            "2024-01-01T00:00:60",
            "2024-01-01T00:00:00+15:00",
            "2024-01-01T00:00:00+0100",
            "20240101T000000",
            "2024-01-01T00:00",
            "2023-02-29T00:00:00",
            "1900-02-29T00:00:00",
            " 2024-01-01T00:00:00",
            "2015-08-05",
        ),
    ),
    "date": (
        ("2024-01-01Z", "2024-01-01+01:00", "12024-01-01", "-0044-03-15"),
        ("2024-02-30", "2024-1-1", "20240101", "2024-01-01T00:00:00", "2024-W01-1", "2024-001"),
    ),
    "time": (
        ("12:00:00", "24:00:00", "12:00:00Z", "12:00:00.5"),
        ("12:00", "120000"),
    ),
    "gYear": (
        ("2024", "10000", "-0044", "0000", "2024Z", "2024+01:00"),
        ("24", "02024", "-44", "\uff12\uff10\uff12\uff14", "2024\n"),
    ),
    "gYearMonth": (
        ("2024-12", "10000-01", "2024-12Z"),
        ("2024-13",),
    ),
    "byte": (
        ("127", "-128"),
        ("128",),
    ),
    "nonNegativeInteger": (
        ("0", "-0", "9" * 5_000),
        ("-1", "-" + "9" * 5_000),
    ),
    "positiveInteger": (
        ("1",),
        ("0",),
    ),
    "unsignedByte": (
        ("255",),
        ("256",),
    ),
    "int": (
        (),
        ("2147483648",),
    ),
    "long": (
        (),
        ("9223372036854775808",),
    ),
    "anyURI": (
        ("", "http://x/é"),
        (),
    ),
    "language": (
        ("en", "x"),
        ("en_GB",),
    ),
    "duration": (
        ("P1Y", "P1Y2M3DT4H5M6.7S", "-P1D"),
        ("P", "PT", "P1W"),
    ),
    "dayTimeDuration": (
        ("P1D",),
        ("P1Y",),
    ),
    "hexBinary": (
        ("0F",),
        ("0", "0g"),
    ),
    "base64Binary": (
        ("YQ==", "", "Y Q = ="),
        ("YQ", "!!", "YR=="),
    ),
    "gMonthDay": (
        ("--12-31", "--02-29"),
        ("--02-30", "--04-31"),
    ),
    "gDay": (
        ("---31",),
        ("---32",),
    ),
    "gMonth": (
        ("--12",),
        ("--13",),
    ),
    "string": (
        ("", " a\nb "),
        (),
    ),
    "token": (
        ("a b",),
        (" a", "a  b"),
    ),
    "NCName": (
        ("a-b",),
        ("a:b", "1a", ""),
    ),
    "dateTimeStamp": (
        ("2024-01-01T00:00:00Z",),
        ("2024-01-01T00:00:00",),
    ),
    "yearMonthDuration": (
        ("-P1Y2M",),
        ("P1D", "P"),
    ),
}
LITERALS = [
    (datatype, text, is_right)
    for datatype, spaces in LEXICAL.items()
    for is_right, texts in zip((True, False), spaces, strict=True)
    for text in texts
]


@pytest.mark.parametrize(("datatype", "text", "is_right"), LITERALS, ids=lambda value: str(value)[:30])
def test_a_text_is_in_the_lexical_space_of_its_datatype_or_not(datatype: str, text: str, is_right: bool) -> None:
    assert is_well_formed(text, XSD + datatype) == is_right


def test_any_text_is_well_formed_where_the_datatype_is_not_of_xml_schema() -> None:
    assert is_well_formed("x", "http://example.org/type")
    assert is_well_formed("x", XSD + "unheardOf")


def literal(written: str) -> Literal:
    text, _, datatype = written.partition("^^")
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("1^^integer", "1.5^^decimal"),
        ("1^^byte", "2^^unsignedLong"),
        ("0.1^^double", "0.1^^float"),  # which is a little more in double precision
        ("1^^integer", "INF^^double"),
        ("1^^float", "3.5e38^^float"),
        ("-0044-03-15^^date", "0000-01-01^^date"),
        ("9999-12-31^^date", "10000-01-01^^date"),
        ("2024^^gYear", "12024^^gYear"),
        ("2024-01-01T00:00:00+01:00^^dateTime", "2024-01-01T00:00:00Z^^dateTime"),
        ("2024-01-01T00:00:00^^dateTime", "2024-01-02T00:00:00Z^^dateTime"),  # more than 14 hours apart
        ("2024-01-01T00:00:00.1234567890123456789012345678901^^dateTime", "2024-01-01T00:00:00.13^^dateTime"),
        ("PT0.123456789012345678901234567890S^^duration", "PT0.123456789012345678901234567891S^^duration"),
        ("2024-01-01T23:59:59^^dateTime", "2024-01-01T24:00:00^^dateTime"),
        ("PT1S^^duration", "P1Y^^duration"),
        ("P364D^^duration", "P1Y^^duration"),
        ("P1M^^duration", "P32D^^duration"),
        ("-P1Y^^duration", "-P11M^^duration"),
        ("-PT1.5S^^duration", "-PT1.25S^^duration"),
        ("false^^boolean", "1^^boolean"),
        ("Z^^string", "a^^string"),
        ("1^^integer", "9" * 9_000 + "^^integer"),
        ("2024-01-01^^date", "9" * 9_000 + "-01-01^^date"),
    ],
)
def test_a_value_is_less_than_another(less: str, more: str) -> None:
    assert is_less(literal(less), literal(more), or_equal=False)
    assert is_less(literal(less), literal(more), or_equal=True)
    assert not is_less(literal(more), literal(less), or_equal=True)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("01^^integer", "1.0^^decimal"),
        ("0.1^^decimal", "0.1^^double"),  # a decimal is promoted to a double, as SPARQL has it
        ("0.1^^decimal", "0.1^^float"),
        ("1e39^^float", "INF^^float"),
        ("2024-01-01T24:00:00Z^^dateTime", "2024-01-02T00:00:00Z^^dateTime"),
        ("2024-01-01T01:00:00+01:00^^dateTime", "2024-01-01T00:00:00Z^^dateTime"),
        ("24:00:00^^time", "00:00:00^^time"),
        ("P1Y^^duration", "P12M^^yearMonthDuration"),
        ("true^^boolean", "1^^boolean"),
    ],
)
def test_a_value_is_equal_to_another(first: str, other: str) -> None:
    for left, right in ((first, other), (other, first)):
        assert is_less(literal(left), literal(right), or_equal=True)
        assert not is_less(literal(left), literal(right), or_equal=False)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("NaN^^double", "NaN^^double"),
        ("NaN^^float", "1^^integer"),
        ("1^^integer", "1^^string"),
        ("true^^boolean", "1^^integer"),
        ("2024^^gYear", "2024-01-01^^date"),
        ("2024-01-01T00:00:00^^dateTime", "2024-01-01T10:00:00Z^^dateTime"),
        ("P1M^^duration", "P30D^^duration"),
        ("1e3^^decimal", "1000^^decimal"),
        ("2015-08-05^^dateTime", "2024-01-01T00:00:00^^dateTime"),
        ("http://a/^^anyURI", "http://b/^^anyURI"),
    ],
)
def test_values_that_cannot_be_compared_are_neither_less_nor_equal(first: str, other: str) -> None:
    for left, right in ((first, other), (other, first)):
        assert not is_less(literal(left), literal(right), or_equal=True)
    assert not is_less(Literal("a", language="en"), Literal("b", language="en"), or_equal=True)
