"""Statements with what they rest on, as TriG of RDF 1.2: each is annotated by a reifier with its sources.

https://www.w3.org/TR/rdf12-trig/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import NamedNode

from .turtle import OLDER, TYPE, About, Statements, Writer

Sources = Callable[[str, str], Sequence[str]]  # of a property of a resource, all by their IRIs


def reified(statements: Statements, prefixes: Mapping[str, str], source: str, sources: Sources) -> str:
    """Return statements, each with what it rests on behind it: the ``sources`` of a property of a resource, which the
    reifier of the statement has as values of the property ``source``. What rests on nothing stands alone.

    Raises:
        UnwritableError: a blank node is shared, part of a cycle or nested too deep.
    """
    return '@version "1.2" .\n' + _Reifying(statements, prefixes, source, sources).turtle()


class _Reifying(Writer):
    """Writes statements about resources with their annotations."""

    def __init__(self, statements: Statements, prefixes: Mapping[str, str], source: str, sources: Sources) -> None:
        super().__init__(statements, prefixes, directive=OLDER)
        self._source, self._sources = source, sources

    def _block(self, subject: NamedNode, about: About) -> str:
        lines: list[tuple[bool, str]] = []
        for predicate, values in about.items():
            note = self._note(subject.value, predicate)
            name = "a" if predicate == TYPE else self._iri(predicate)
            lines += ((predicate != TYPE, f"    {name} {self.term(value)}{note} ;\n") for value in values)
        return f"{self._iri(subject.value)}\n{''.join(line for _other, line in sorted(lines))}.\n"

    def _note(self, subject: str, predicate: str) -> str:
        found = [] if predicate == self._source else self._sources(subject, predicate)
        pairs = (f"{self._iri(self._source)} {self._iri(iri)}" for iri in found)
        return f" {{| {' ; '.join(pairs)} |}}" if found else ""
