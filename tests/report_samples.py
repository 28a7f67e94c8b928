"""The reports that the tests of every format write: of two findings, of none, and of hostile texts."""

from dataclasses import fields, replace
from typing import Any

from pyoxigraph import Literal

from ghent_partnerships.findings import Finding, Fix, Location, Related, Report, Result
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.text import Text

SH = PREFIXES["sh"]
YEAR = Finding(
    code="GP102",
    message=Text(
        {"en": "A start year is one year of four digits.", "nl": "Een beginjaar is één jaar van vier cijfers."}
    ),
    help=Text({"en": 'Write it like gp:startYear "1971"^^xsd:gYear ;', "nl": "Schrijf het zo."}),
    location=Location("data/kanazawa.ttl", 2, 18),
    fix=Fix('"71"^^<http://www.w3.org/2001/XMLSchema#gYear>', '"1971"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
    result=Result(
        focus="<https://example.org/kanazawa>",
        path="<https://example.org/startYear>",
        value='"71"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        shape="https://example.org/start-year",
        constraint=SH + "DatatypeConstraintComponent",
        statement=Text('partnership:ghent-kanazawa gp:startYear "71"^^xsd:gYear'),
    ),
)
SYNTAX = Finding(severity="warning", message=Text("Unexpected end."), location=Location("data/melle.ttl"))
TEXT = 'partnership:ghent-kanazawa\n    gp:startYear "71"^^xsd:gYear ;\n.\n'
REPORT = Report((YEAR, SYNTAX), 55, 2660, {YEAR.location.path: TEXT})
NOTHING = Report((), 1, 1)

EVIL = (
    "\x1b[2J\r\n::error::owned\n##[error]owned\n]]></failure><script>alert(1)</script>&amp;\"'%0A::set-output name=x::y"
    "\u202e\u2028\x00\x7f\x85\ufffe[click](https://evil.example)"
)
FILE = f"::error::{EVIL}\udcff.ttl".replace("\x00", "")
HOSTILE = Finding(
    code=EVIL,
    message=Text({"en": EVIL, "nl": EVIL}),
    help=Text({"en": "::warning::" + EVIL, "nl": EVIL}),
    location=Location(FILE, 1, 3),
    related=(Related(Location(FILE, 1, 1), Text(EVIL)),),
    result=Result(
        focus="<https://example.org/x> . <https://example.org/a> <https://example.org/b> <https://example.org/c>",
        path=EVIL,
        value=str(Literal("\n::error::owned\n" + EVIL.replace("\x00", "").replace("\ufffe", ""))),
        shape=EVIL,
        constraint=EVIL,
        statement=Text(EVIL * 2),
    ),
)


def altered(finding: Finding, **changes: Any) -> Finding:
    """The finding with other content, by the names of its own fields, of those of its location and of its result."""
    location = {name: changes.pop(name) for name in ("line", "column") if name in changes}
    if "file" in changes:
        location["path"] = changes.pop("file")
    result = {field.name: changes.pop(field.name) for field in fields(Result) if field.name in changes}
    return replace(
        finding,
        location=finding.location._replace(**location),
        result=replace(finding.result, **result),
        **{name: Text(value) if name in ("message", "help") else value for name, value in changes.items()},
    )


LONG = altered(HOSTILE, message="\udc80" + "A" * 10_000)
ATTACK = Report((HOSTILE, LONG), 2, 2, {FILE: EVIL + "\n"})


def only(items: list[Any]) -> Any:
    (item,) = items
    return item
