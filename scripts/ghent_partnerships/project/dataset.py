"""What a project says about its data: the description of its data set, in ``data/dataset.ttl``.

All of it has a default, so a file that is missing or cannot be parsed, which is a finding of the validation, stops
nobody here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ..rdf.namespaces import expand
from ..text import Text, ordered

_TYPE, _PART = NamedNode(expand("rdf:type")), NamedNode(expand("dcterms:isPartOf"))
_SPACE, _DATA_SET = NamedNode(expand("void:uriSpace")), NamedNode(expand("dcat:Dataset"))


class DataSet:
    """The description of a data set, by the properties of its file."""

    def __init__(self, path: Path) -> None:
        """Of the file of Turtle at this path."""
        self.path = path

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], list[NamedNode | Literal]]:
        values: dict[tuple[str, str], list[NamedNode | Literal]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                values.setdefault((triple.subject.value, triple.predicate.value), []).append(triple.object)
        return values

    @cached_property
    def triples(self) -> list[Triple]:
        """The statements of the file, in its order; none where it cannot be read."""
        try:
            return [quad.triple for quad in parse(path=self.path, format=RdfFormat.TURTLE, base_iri=self.path.as_uri())]
        except (OSError, SyntaxError):
            return []

    @cached_property
    def iri(self) -> str:
        """The IRI of the data set: what has a ``void:uriSpace``, or else the first dcat:Dataset that is no part of
        another; empty where there is none."""
        spaced = [triple.subject for triple in self.triples if triple.predicate == _SPACE]
        parts = {triple.subject for triple in self.triples if triple.predicate == _PART}
        sets = [t.subject for t in self.triples if (t.predicate, t.object) == (_TYPE, _DATA_SET)]
        for subject in (*spaced, *(subject for subject in sets if subject not in parts)):
            if isinstance(subject, NamedNode):
                return subject.value
        return ""

    @property
    def base(self) -> str:
        """What the IRIs of the data start with: its ``void:uriSpace``, or what its own IRI has before ``id/``; empty
        where neither is stated."""
        before, identified, _after = self.iri.partition("/id/")
        return self.value("void:uriSpace") or (f"{before}/" if identified else "")

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that the texts are in, the default first: each ``dcterms:language``; empty where
        none is stated."""
        return ordered([value.value for value in self.values("dcterms:language") if isinstance(value, Literal)])

    @property
    def home_city(self) -> str:
        """The IRI of what all is about, ``foaf:primaryTopic``: a city; empty where none is stated."""
        return self.value("foaf:primaryTopic")

    @property
    def title(self) -> Text:
        """Its ``dcterms:title``, in each language that it has."""
        return self.text("dcterms:title")

    @property
    def publisher(self) -> str:
        """The IRI of its ``dcterms:publisher``; empty where none is stated."""
        return self.value("dcterms:publisher")

    @property
    def publisher_name(self) -> str:
        """The ``foaf:name`` of its publisher; empty where none is stated."""
        return self.value("foaf:name", self.publisher)

    def values(self, name: str, subject: str | None = None) -> list[NamedNode | Literal]:
        """The values of a property like ``dcterms:title`` of a subject, by default of the data set, in the order of the
        file."""
        return self._values.get((self.iri if subject is None else subject, expand(name)), [])

    def value(self, name: str, subject: str | None = None) -> str:
        """The first of its values, or the empty string."""
        return next((value.value for value in self.values(name, subject)), "")

    def text(self, name: str, subject: str | None = None) -> Text:
        """Its literals, by their languages."""
        return Text({v.language or "": v.value for v in self.values(name, subject) if isinstance(v, Literal)})
