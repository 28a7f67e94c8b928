"""Reading only what is about a subject finds the places that reading all finds, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghent_partnerships.project.graph import triples
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.rdf.positions import partial, turtle
from second_city import second_city

TEXT = r"""# a comment with a full stop. And a "quote
@prefix ex: <http://example.org/> .
PREFIX o: <http://example.org/o#>
BASE <http://example.org/base/>
ex:a.b a ex:T ; ex:p 1.5, 2, "a . b\" . c", '''x
. ' y''' . # the end. "
<rel> ex:p <http://example.org/x.y> ; ex:q "x"@en-GB , "1.0"^^ex:d.e .
ex:a\.b ex:q true .
ex:p%2E ex:q ex:a\'b, ex:\#c .
o:1 ex:q .5
.
"""


def compared(path: Path, text: str) -> int:
    """How many subjects are where reading all of a text finds them, with the objects of their statements."""
    document = parse(path, text.encode())
    assert document.readable
    whole = turtle.locate(document.text, document.base, document.triples)
    statements = partial.Statements(document.text, document.base)
    objects = {}
    for subject, offset in whole.subjects.items():
        found = statements.of(subject)
        assert found.subjects == {subject: offset}
        objects.update(found.objects)
    assert objects == whole.objects
    return len(whole.subjects)


def test_every_place_is_found(tmp_path: Path) -> None:
    assert compared(tmp_path / "a.ttl", TEXT) == 4


def test_every_place_in_the_graph_is_found() -> None:
    files = second_city().data_files()
    assert sum(compared(file, file.read_text("utf-8")) for file in files) > len(triples(files)) / 20


@pytest.mark.parametrize(
    "text",
    [
        "<a:a> <a:p> [] .",
        "<a:a> <a:p> ( 1 ) .",
        "_:a <a:p> 1 .",
        "<a:a> <a:p> 1 .\nPREFIX a: <a:> a:b a:p 1 .",
        "<a:a> <a:p> 1 .<a:b> <a:p> 1 .",
        '<a:a> <a:p> "x".<a:b> <a:p> 1 .',
        "<a:g> { <a:a> <a:p> 1 }",
    ],
)
def test_what_may_hide_where_a_statement_ends_is_read_as_a_whole(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        partial.Statements(text, "http://example.org/")
