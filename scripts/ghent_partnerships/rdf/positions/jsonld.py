"""The positions of the subjects in JSON-LD: the values of ``@id`` that name them.

A text is read into nodes of (key, value), so that a context counts before an @id that stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import RdfFormat, Triple

from ..json_text import Array, Json, Object, String, values
from . import Positions, at_base, by_name


@dataclass(frozen=True)
class _Context:
    """What the contexts around a node say about its IRIs: the base, and the definitions of terms."""

    base: str | None
    document: str
    terms: Mapping[str, Json] = field(default_factory=dict)
    vocabulary: str = ""
    known: dict[str, str | None] = field(default_factory=dict)  # IRIs in full

    def within(self, local: Json) -> _Context:
        """The context that a local one makes of this one; what it takes from another file is not known."""
        context = self
        for part in local.items if isinstance(local, Array) else [local]:
            if isinstance(part, Object):
                context = context._with(part)
            elif part is None:
                context = _Context(self.document, self.document)
        return context

    def _with(self, local: Object) -> _Context:
        base, vocabulary = self.base, self.vocabulary
        terms = {key: value for key, _, value in local.members if not key.startswith("@")}
        for key, _, value in local.members:
            if key == "@base":
                base = at_base(value.value, self.base) if isinstance(value, String) else None
            elif key == "@vocab":
                vocabulary = value.value if isinstance(value, String) else ""
        return _Context(base, self.document, {**self.terms, **terms} if terms else self.terms, vocabulary)

    def definition(self, term: str) -> str | None:
        """What a term stands for, as its definition has it."""
        value = self.terms.get(term)
        value = value.get("@id") if isinstance(value, Object) else value
        return value.value if isinstance(value, String) else None

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The keys that say what a node is called."""
        return frozenset(["@id", *(term for term in self.terms if self.definition(term) == "@id")])

    def named(self, term: str) -> str | None:
        """The IRI of a term that others begin with."""
        seen, name = [term], ""
        while (value := self.definition(seen[-1])) is not None and value not in seen:
            prefix, colon, rest = value.partition(":")
            if colon and not rest.startswith("//") and prefix in self.terms and prefix not in seen:
                seen.append(prefix)
                name = rest + name
            elif colon:
                return value + name
            elif value in self.terms:
                seen.append(value)
            else:
                return self.vocabulary + value + name
        return None

    def iri(self, text: str) -> str | None:
        """A full, compact or relative IRI in full."""
        if text not in self.known:
            self.known[text] = self._iri(text)
        return self.known[text]

    def _iri(self, text: str) -> str | None:
        prefix, colon, rest = text.partition(":")
        if colon and prefix and not rest.startswith("//") and prefix in self.terms:
            namespace, defined = self.named(prefix), self.terms[prefix]
            marked = defined.get("@prefix") is True if isinstance(defined, Object) else True
            if namespace is not None and marked and (isinstance(defined, Object) or namespace[-1:] in ":/?#[]@"):
                return namespace + rest
        return text if text.startswith("_:") else at_base(text, self.base)

    def kind(self, term: str) -> tuple[str | None, Json]:
        """The type that the values of a term have, and their own context."""
        value = self.terms.get(term)
        if not isinstance(value, Object):
            return None, False
        kind, local = value.get("@type"), value.get("@context")
        has_context = any(key == "@context" for key, _, _ in value.members)
        return kind.value if isinstance(kind, String) else None, local if has_context else False


def locate(text: str, base: str, triples: Sequence[Triple] = ()) -> Positions:
    """Return the positions of the subjects in a JSON-LD text without syntax errors: of the ``@id`` that name them.

    A node that states something comes before one that is only referred to, and any other string comes last.
    """
    stating: dict[str, int] = {}
    referred: dict[str, int] = {}
    mentioned: dict[str, int] = {}
    with suppress(IndexError, AssertionError, ValueError):
        for iri, offset, rank in _identified(values(text), _Context(base, base)):
            (stating, referred, mentioned)[rank].setdefault(iri, offset)
    return by_name({**mentioned, **referred, **stating}, text, base, triples, RdfFormat.JSON_LD)


def _identified(root: Json, context: _Context) -> Iterator[tuple[str, int, int]]:
    """Every string that names a node, its offset, and how well: 0 for a node that states something, 1 for others."""
    stack: list[tuple[Json, _Context]] = [(root, context)]
    while stack:
        value, context = stack.pop()
        if isinstance(value, Array):
            stack.extend((item, context) for item in reversed(value.items))
        elif isinstance(value, String):
            yield value.value, value.offset, 2
            if ":" in value.value and (iri := context.iri(value.value)) is not None:
                yield iri, value.offset, 2
        elif isinstance(value, Object):
            for key, _, local in value.members:
                if key == "@context":
                    context = context.within(local)
            inner: list[tuple[Json, _Context]] = []
            keys = {key for key, _, _ in value.members}
            stating = not keys <= context.aliases | {"@context", "@graph", "@index", "@included"}
            for key, offset, member in value.members:
                if key in context.aliases and isinstance(member, String):
                    if (iri := context.iri(member.value)) is not None:
                        yield iri, member.offset, 0 if stating else 1
                    continue
                if key in ("@context", "@value"):
                    continue
                yield key, offset, 2
                kind, local = context.kind(key)
                if kind == "@json":
                    continue
                scoped = context if local is False else context.within(local)
                inner.append((member, scoped))
            stack.extend(reversed(inner))
