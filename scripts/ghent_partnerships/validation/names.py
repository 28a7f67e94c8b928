"""Terms as messages show them: compact, with the prefixes of the file that is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from ..rdf.turtle import Writer

_LONGEST = 300  # characters of a term in a message
_LOCAL = re.compile(r"(?:\w(?:[\w.-]*[\w-])?)?")
_STEP = re.compile(r"<([^<>]*)>")


class Names:
    """Shows terms with prefixes, of which each declaration comes before those that are given before it."""

    def __init__(self, *prefixes: Mapping[str, str]) -> None:
        declared: dict[str, str] = {}
        for names in prefixes:
            for name, namespace in names.items():
                declared.pop(name, None)  # so that of two names for a namespace the last is the one that is shown
                declared[name] = namespace
        self._writer = Writer({}, declared)
        by_namespace = {namespace: name for name, namespace in declared.items() if namespace}
        self._namespaces = sorted(by_namespace.items(), key=lambda entry: -len(entry[0]))
        self._iris: dict[str, str] = {}

    def term(self, term: object) -> str:
        """A term as Turtle writes it, in one line of at most 300 characters; a text as it is, and nothing for None."""
        if isinstance(term, NamedNode):
            if (known := self._iris.get(term.value)) is None:
                known = self._iris[term.value] = _bounded(self._iri(term))
            return known
        if isinstance(term, BlankNode):
            return "[]"  # its label is new on each run
        return _bounded(self._writer.term(term)) if isinstance(term, Literal) else str(term or "")

    def content(self, term: object) -> str:
        """What stands for a term in a sentence: of a literal its text, of any other the term."""
        return _bounded(term.value) if isinstance(term, Literal) else self.term(term)

    def path(self, path: str) -> str:
        """A SPARQL property path, with its IRIs as they are shown."""
        return _bounded(_STEP.sub(lambda step: self.term(NamedNode(step[1])), path))

    def _iri(self, iri: NamedNode) -> str:
        for namespace, name in self._namespaces:
            if iri.value.startswith(namespace) and _LOCAL.fullmatch(iri.value, len(namespace)):
                return f"{name}:{iri.value[len(namespace) :]}"
        return self._writer.term(iri)


def _bounded(text: str) -> str:
    text = text.replace("\n", "\\n")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
