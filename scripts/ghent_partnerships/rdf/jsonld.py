"""JSON-LD for people and web developers: short keys, names by language, what belongs together nested, IRIs in full.

A context is derived from the triples that it is for: how the values of a property are written depends on what they all
are. They are an array, also where there is one, unless the shapes among the triples allow one only. Every document
carries the part of the context that it uses, so it can be read without fetching anything. The processing rules are
those of https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode

from .namespaces import GP, PREFIXES, TYPES
from .turtle import FIRST, NIL, REST, TYPE, XSD, Node, Statements, collection, references

Json = dict[str, object]

_NESTED = (GP + "agreement", GP + "possibleMatch", PREFIXES["foaf"] + "isPrimaryTopicOf")
_NESTED_BACKWARDS = {  # the key in the whole, for the part's own property and type
    "hasConcept": (PREFIXES["skos"] + "inScheme", NamedNode(PREFIXES["skos"] + "Concept")),
    "hasFragment": (PREFIXES["dcterms"] + "isPartOf", NamedNode(PREFIXES["oa"] + "TextQuoteSelector")),
    "hasOutcome": (GP + "concerns", NamedNode(GP + "Outcome")),
}
_NATIVE = {  # JSON's own values: what they are read as, if they are written like this
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    XSD + "string": re.compile(r".*", re.DOTALL),
}
_SH = PREFIXES["sh"]
_TARGETS = {_SH + name for name in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")}
_REPEATED = {  # texts of which a language may have several, whether or not it has
    *(
        PREFIXES["skos"] + name
        for name in ("altLabel", "changeNote", "editorialNote", "example", "historyNote", "note")
    ),
    PREFIXES["rdfs"] + "comment",
}
_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


@dataclass(frozen=True)
class _Term:
    """The key of a property, what its values are (IRIs, texts by language, of one datatype, or anything), and whether
    there is a single one, or with texts a single one in each language: else they stand in an array."""

    key: str
    values: str = ""
    single: bool = True

    def definition(self, iri: str) -> object:
        if self.values == "@language":
            return {"@id": iri, "@container": "@language" if self.single else ["@language", "@set"]}
        definition = {"@id": iri, "@type": self.values} if self.values else {"@id": iri}
        if self.single:
            return definition if self.values else iri
        return {**definition, "@container": "@set"}

    def written(self, values: Sequence[object]) -> object:
        """One value, or an array."""
        return values[0] if self.single and len(values) == 1 else values


class Context:
    """A JSON-LD 1.1 context for the classes and properties of statements, which include the shapes that bound them.

    ``prefixes`` tell two terms of one name apart. The IRIs of resources go on after one of the ``bases`` with their
    type and a slash: documents of many have them in groups by these."""

    id, type = "id", "type"
    types = _Term("type", single=False)

    def __init__(
        self, statements: Statements, prefixes: Mapping[str, str] = PREFIXES, bases: tuple[str, ...] = ()
    ) -> None:
        self.prefixes, self.bases = prefixes, bases
        self.definitions: Json = {"@version": 1.1, "id": "@id", "type": {"@id": "@type", "@container": "@set"}}
        self.definitions |= dict.fromkeys(map(_plural, (*(TYPES if bases else ()), self.other)), "@included")
        for key, (iri, _) in _NESTED_BACKWARDS.items():
            self.definitions[key] = {"@reverse": iri, "@type": "@id", "@container": "@set"}
        self.classes: dict[str, str] = {}
        self.terms: dict[str, _Term] = {}
        sorts: dict[str, set[str]] = {}
        several: set[str] = set()  # the properties that something has twice
        again: set[str] = set()  # and in one language
        lists = {node for node, about in statements.items() if FIRST in about} | {NamedNode(NIL)}
        for about in statements.values():
            for iri, values in about.items():
                found = sorts.setdefault(iri, set())
                for value in values:
                    found.add(_sort(value, lists))
                if len(values) > 1:
                    several.add(iri)
                    if len({getattr(value, "language", None) for value in values}) < len(values):
                        again.add(iri)
        types = (value for about in statements.values() for value in about.get(TYPE, ()))
        classes = {value.value for value in types if isinstance(value, NamedNode)}
        for iri in sorted(classes, key=_rank):
            self.classes[iri] = self._free(iri)
            self.definitions[self.classes[iri]] = iri
        single_valued = _single_valued(statements) - several
        for iri in sorted(sorts.keys() - {TYPE, FIRST, REST}, key=_rank):
            (sort, *others) = sorts[iri]
            coerced = "" if others or sort in _NATIVE or sort == iri else sort  # no term is defined by itself
            single = iri in single_valued if coerced != "@language" else iri not in again | _REPEATED
            self.terms[iri] = term = _Term(self._free(iri), coerced, single)
            self.definitions[term.key] = term.definition(iri)

    @property
    def other(self) -> str:
        """What a resource is called that is below none of the bases."""
        return "term" if self.bases else "resource"

    def document(self) -> bytes:
        """The whole context, as it is published."""
        return orjson.dumps({"@context": _in_order(self.definitions)}, option=_READABLE)

    def used(self, keys: Iterable[str]) -> Json:
        """The part of the context that defines these keys, for a document that carries it."""
        return _in_order({key: self.definitions[key] for key in ("@version", *keys) if key in self.definitions})

    def _free(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        name = iri[cut:]
        if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
            return iri
        if name not in self.definitions:
            return name
        prefix = next((prefix for prefix, namespace in self.prefixes.items() if namespace == iri[:cut]), None)
        return f"{prefix}_{name}" if prefix and f"{prefix}_{name}" not in self.definitions else iri


class SchemaContext(Context):
    """The context of search engines: the names of schema.org, and JSON-LD's own keywords."""

    id, type = "@id", "@type"
    types = _Term("@type")

    def __init__(self) -> None:
        self.prefixes, self.bases = PREFIXES, ()
        self.definitions = {"@vocab": PREFIXES["schema"]}
        self.classes = {}
        self.terms = {}

    def used(self, keys: Iterable[str]) -> Json:  # noqa: ARG002
        """All of it, whatever the keys."""
        return self.definitions


def write(statements: Statements, context: Context, about: str | None = None) -> bytes:
    """Return the statements as JSON-LD, in UTF-8: the resource whose IRI is ``about`` with the others nested in it, or
    all of them in groups by type.

    Blank nodes keep their labels where they are shared. A context other than that of search engines is one that was
    made for at least these statements.
    """
    return _Writer(statements, context).document(about)


class _Writer:
    def __init__(self, statements: Statements, context: Context) -> None:
        self.statements = statements
        self.context = context
        self.vocabulary = str(context.definitions.get("@vocab", "@"))
        self.references = references(statements)
        self.keys: set[str] = set()
        self.parents: dict[NamedNode | BlankNode, list[Node]] = {}
        self.parts: dict[Node, list[tuple[str, Node]]] = {}
        self.wholes: dict[Node, tuple[str, Node]] = {}
        self.nested: set[Node] = set()
        self.written: set[NamedNode | BlankNode] = set()
        self.find_parents()
        self.nest()

    def find_parents(self) -> None:
        """Note who refers to what can be a part: to blank nodes and to what is named by a fragment."""
        for subject, about in self.statements.items():
            for values in about.values():
                for value in values:
                    if isinstance(value, BlankNode) or (isinstance(value, NamedNode) and "#" in value.value):
                        self.parents.setdefault(value, []).append(subject)

    def nest(self) -> None:
        """Find what has its place within another resource."""
        self.nested.update(filter(self.is_part, self.statements))
        if isinstance(self.context, SchemaContext):
            return
        for subject, about in self.statements.items():
            for iri in _NESTED:
                self.nested.update(value for value in about.get(iri, ()) if value in self.statements)  # type: ignore[misc]
            for key, (iri, kind) in _NESTED_BACKWARDS.items():
                wholes = about.get(iri, ())
                if len(wholes) == 1 and kind in about.get(TYPE, ()) and wholes[0] in self.statements:
                    self.wholes[subject] = iri, wholes[0]  # type: ignore[assignment]
                    self.parts.setdefault(wholes[0], []).append((key, subject))  # type: ignore[arg-type]
                    self.nested.add(subject)

    def is_part(self, node: Node) -> bool:
        """Whether the node belongs to the one resource that refers to it: blank, or named by a fragment of its IRI."""
        parents = self.parents.get(node, ())
        named = isinstance(node, NamedNode)
        return len(parents) == 1 and (not named or node.value.startswith(f"{parents[0].value}#"))

    def document(self, about: str | None) -> bytes:
        root = self.node(NamedNode(about)) if about is not None else {}
        groups: dict[str, list[Json]] = {}
        for subject in sorted(self.statements, key=lambda node: (node in self.nested, node.value)):
            if subject not in self.written:  # parts are left over in a cycle only
                groups.setdefault(self.group(subject), []).append(self.node(subject))
        self.keys.update(groups)
        content = {"@context": self.context.used(sorted(self.keys)), **root, **dict(sorted(groups.items()))}
        return orjson.dumps(content, option=_READABLE)

    def group(self, subject: Node) -> str:
        if isinstance(self.context, SchemaContext):
            return "@graph"
        base = next((base for base in self.context.bases if subject.value.startswith(base)), None)
        kind = "" if base is None else subject.value.removeprefix(base).partition("/")[0]
        return _plural(kind if kind in TYPES else self.context.other)

    def node(self, subject: Node, references: int = 0) -> Json:
        """The node, named unless it is blank and nothing refers to it but the place that it is written in."""
        self.written.add(subject)
        about = self.statements.get(subject, {})
        node: Json = {}
        if isinstance(subject, NamedNode) or self.references.get(subject, 0) > references:
            node[self.context.id] = self.iri(subject)
        classes = [value.value for value in about.get(TYPE, ()) if isinstance(value, NamedNode)]
        if classes:
            self.keys.add(self.context.type)
            node[self.context.type] = self.context.types.written(sorted(map(self.class_name, classes)))
        content = []
        whole = self.wholes.get(subject)
        for iri, values in about.items():
            remaining = values if iri != TYPE else [value for value in values if not isinstance(value, NamedNode)]
            content.append(self.property(iri, remaining, whole))
        content += self.parts_of(subject)
        ordered = dict(sorted([(key, values) for key, values in content if values != []], key=itemgetter(0)))
        self.keys.update(ordered)
        return node | ordered

    def parts_of(self, subject: Node) -> Iterator[tuple[str, object]]:
        for key in {key for key, _ in self.parts.get(subject, ())}:
            parts = sorted((part for name, part in self.parts[subject] if name == key), key=lambda part: part.value)
            yield key, [self.node(part) for part in parts if part not in self.written]

    def property(self, iri: str, values: Sequence[object], whole: tuple[str, Node] | None) -> tuple[str, object]:
        term = self.context.terms.get(iri) or _Term(iri.removeprefix(self.vocabulary))
        if term.values == "@language":
            return term.key, _by_language(values, term)
        if whole is not None:  # its place shows that it belongs there
            values = [value for value in values if (iri, value) != whole]
        if len(values) > 1:
            values = sorted(values, key=_order)
        return term.key, term.written([self.value(iri, value, term.values) for value in values])

    def value(self, iri: str, value: object, coerced: str) -> object:
        if isinstance(value, Literal):
            return _literal(value, coerced)
        assert isinstance(value, Node)
        if (cells := self.list(value)) is not None:
            self.written.update(cells)
            return {"@list": [self.value(iri, self.statements[cell][FIRST][0], "") for cell in cells]}
        if value in self.nested and value not in self.written and (iri in _NESTED or self.is_part(value)):
            return self.node(value, references=1)
        return self.iri(value) if coerced == "@id" else {self.context.id: self.iri(value)}

    def list(self, node: Node) -> Sequence[BlankNode] | None:
        """The cells of the list that starts at the node, or None if none does."""
        if isinstance(node, NamedNode):
            return [] if node.value == NIL else None
        return collection(node, self.statements, self.references)

    def class_name(self, iri: str) -> str:
        name = self.context.classes.get(iri)
        if name is None:
            return iri.removeprefix(self.vocabulary)
        self.keys.add(name)
        return name

    def iri(self, node: Node) -> str:
        self.keys.add(self.context.id)
        return node.value if isinstance(node, NamedNode) else str(node)


def _single_valued(statements: Statements) -> set[str]:
    """The properties that every shape with a target that constrains them allows one value at the most."""
    by_shape: dict[str, set[bool]] = {}
    for about in statements.values():
        if _TARGETS.isdisjoint(about):
            continue
        single: dict[str, bool] = {}  # by this shape, which may constrain a property more than once
        for part in about.get(_SH + "property", ()):
            rule = statements.get(part, {})  # type: ignore[arg-type]
            limits = rule.get(_SH + "maxCount", ())
            limited = any(isinstance(limit, Literal) and limit.value == "1" for limit in limits)
            for path in rule.get(_SH + "path", ()):
                if isinstance(path, NamedNode):
                    single[path.value] = single.get(path.value, False) or limited
        for iri, is_single in single.items():
            by_shape.setdefault(iri, set()).add(is_single)
    return {iri for iri, singles in by_shape.items() if singles == {True}}


def _by_language(values: Iterable[object], term: _Term) -> Json:
    texts: dict[str, list[str]] = {}
    for value in values:
        assert isinstance(value, Literal)
        language = value.language
        assert language is not None
        texts.setdefault(language, []).append(value.value)
    return {language: term.written(sorted(texts[language])) for language in sorted(texts)}


def _literal(literal: Literal, coerced: str) -> object:
    if literal.language is not None:
        return {"@value": literal.value, "@language": literal.language}
    datatype = literal.datatype.value
    if coerced == datatype:
        return literal.value
    native = _NATIVE.get(datatype)
    if native is not None and native.fullmatch(literal.value):
        return literal.value if datatype == XSD + "string" else orjson.loads(literal.value)
    return {"@value": literal.value, "@type": datatype}


def _sort(value: object, lists: Container[object]) -> str:
    """The ``@type`` by which a context can coerce a value, or ``@language``."""
    if isinstance(value, Literal):
        return "@language" if value.language is not None else value.datatype.value
    return "" if value in lists else "@id"


def _rank(iri: str) -> tuple[int, str]:
    """The project's terms come first where two have the same name."""
    return (0 if iri.startswith(GP) else 1, iri)


def _order(value: object) -> tuple[bool, str]:
    return (isinstance(value, BlankNode), str(value))


def _plural(kind: str) -> str:
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def _in_order(definitions: Mapping[str, object]) -> Json:
    first = [key for key in ("@version", "id", "type") if key in definitions]
    return {key: definitions[key] for key in dict.fromkeys((*first, *sorted(definitions)))}
