"""What SHACL wants of a shapes graph before anything is validated (https://www.w3.org/TR/shacl/#syntax-rules): shapes
that are ill-formed are refused, each at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode

from ..rdf.turtle import FIRST, NIL, RDF, REST, TYPE, XSD
from ..text import Text
from ..translation import message as _
from .engines import patterns
from .engines.constraints import NODE_KINDS
from .engines.literals import is_well_formed
from .results import UnusableError, shown
from .shapes import LISTS, REFERENCES, SH, Shapes, Term

_Kind = tuple[Callable[[Term], bool], Text]


def _is_iri(term: Term) -> bool:
    return isinstance(term, NamedNode)


def _is_node(term: Term) -> bool:
    return not isinstance(term, Literal)


def _is_literal(term: Term) -> bool:
    return isinstance(term, Literal)


def _is_text(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value in (XSD + "string", RDF + "langString")


def _is_string(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value == XSD + "string"


def _of_type(name: str) -> Callable[[Term], bool]:
    iri = XSD + name
    return lambda term: isinstance(term, Literal) and term.datatype.value == iri and is_well_formed(term.value, iri)


_IRI: _Kind = (_is_iri, _("an IRI"))
_NODE: _Kind = (_is_node, _("an IRI or a blank node"))
_LITERAL: _Kind = (_is_literal, _("a literal"))
_TEXT: _Kind = (_is_text, _("a text"))
_STRING: _Kind = (_is_string, _("a text without a language"))
_INTEGER: _Kind = (_of_type("integer"), _("an xsd:integer"))
_BOOLEAN: _Kind = (_of_type("boolean"), _("true or false"))
_KINDS: dict[str, _Kind] = {
    "targetClass": _IRI,
    "targetNode": (lambda term: not isinstance(term, BlankNode), _("an IRI or a literal")),
    "targetSubjectsOf": _IRI,
    "targetObjectsOf": _IRI,
    "severity": _IRI,
    "message": _TEXT,
    "deactivated": _BOOLEAN,
    "class": _IRI,
    "datatype": _IRI,
    "nodeKind": (lambda term: term.value in NODE_KINDS, _("one of the six kinds of SHACL, like sh:IRI")),
    **dict.fromkeys(("minCount", "maxCount", "minLength", "maxLength"), _INTEGER),
    **dict.fromkeys(("qualifiedMinCount", "qualifiedMaxCount"), _INTEGER),
    **dict.fromkeys(("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"), _LITERAL),
    "pattern": _STRING,
    "flags": _STRING,
    "uniqueLang": _BOOLEAN,
    "qualifiedValueShapesDisjoint": _BOOLEAN,
    "closed": _BOOLEAN,
    **dict.fromkeys(("equals", "disjoint", "lessThan", "lessThanOrEquals"), _IRI),
    **dict.fromkeys(("node", "not", "property", "qualifiedValueShape", "sparql"), _NODE),
    **dict.fromkeys(("select", "ask"), _STRING),
}
_LISTED: dict[str, _Kind] = {
    **dict.fromkeys(("and", "or", "xone"), _NODE),
    "in": (lambda _term: True, _("a term")),
    "languageIn": _STRING,
    "ignoredProperties": _IRI,
}
_SINGLE = (
    *(
        "path",
        "severity",
        "deactivated",
        "datatype",
        "nodeKind",
        "minCount",
        "maxCount",
        "minExclusive",
        "minInclusive",
    ),
    *("maxExclusive", "maxInclusive", "minLength", "maxLength", "flags", "languageIn", "uniqueLang", "in", "closed"),
    *("ignoredProperties", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount"),
    *("qualifiedValueShapesDisjoint", "select", "ask"),
)
_OF_PATHS = (  # only property shapes have these
    *("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),
)
_STEPS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "alternativePath")
_DEEPEST = 50  # a path in a path
_LONGEST_NAME = 100  # that is compared with those of SHACL
_MOST_STEPS = 1_000  # of a path, whose parts may be shared by others of its parts
_ADVANCED = {  # of SHACL Advanced Features and SHACL JavaScript: without these, shapes would find less than they say
    "target": _("sh:target is of SHACL Advanced Features"),
    "expression": _("sh:expression is of SHACL Advanced Features"),
    "js": _("sh:js is of SHACL JavaScript Extensions"),
}
_VOCABULARY = {  # what else may be said of a shape with a term of SHACL
    *_KINDS,
    *_LISTED,
    *_STEPS,
    *_ADVANCED,
    *("path", "hasValue", "name", "description", "order", "group", "defaultValue", "declare", "prefixes", "entailment"),
    *("shapesGraph", "suggestedShapesGraph", "optional", "labelTemplate", "parameter", "validator", "nodeValidator"),
    *("propertyValidator", "rule", "values", "condition", "returnType"),
}
_TRUTHS = ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint")


def ill_formed(shapes: Shapes) -> Iterator[UnusableError]:
    """What is wrong with the shapes themselves, each with the node that it is about."""
    for node, about in shapes.about.items():
        for reason in _of_node(shapes, node):
            yield UnusableError(reason, node)
            break  # what else is wrong with the node may follow from it
        else:
            try:
                if SH + "prefixes" in about:
                    shapes.prologue(node)
            except UnusableError as error:
                yield error


def unevaluated(shapes: Shapes) -> Iterator[UnusableError]:
    """What in the shapes is left out, and makes no constraint weaker: rules, which would add statements to the data."""
    for node, about in shapes.about.items():
        for name in ("rule", "values"):
            if SH + name in about:
                reason = _("{term} is of SHACL Advanced Features, and not applied before validation", term=f"sh:{name}")
                yield UnusableError(reason, node)


def without_effect(shapes: Shapes) -> Iterator[UnusableError]:
    """What SHACL has checked nothing by, though whoever wrote it may count on it: a term that is misspelt or of a later
    SHACL, and "1" where it says ``true``."""
    for node, about in shapes.about.items():
        if node in shapes.nested or shapes.is_shape(node):
            names = [iri.removeprefix(SH) for iri in about if iri.startswith(SH)]
            for name in names:
                if name not in _VOCABULARY:
                    yield UnusableError(_unknown(name), node)
            for name in _TRUTHS:
                for value in about.get(SH + name, ()):
                    if value.value not in ("true", "false"):
                        reason = _(
                            "{term} is {value}, which SHACL takes for neither; write true or false",
                            term=f"sh:{name}",
                            value=shown(value),
                        )
                        yield UnusableError(reason, node)


def _unknown(name: str) -> Text:
    from difflib import get_close_matches

    spellings = {known.lower(): known for known in sorted(_VOCABULARY)}
    if near := get_close_matches(name.lower()[:_LONGEST_NAME], spellings, n=1):
        return _(
            "{term} is no term of SHACL 1.0, and checks nothing; the nearest is {meant}",
            term=f"sh:{name}",
            meant=f"sh:{spellings[near[0]]}",
        )
    return _("{term} is no term of SHACL 1.0, and checks nothing", term=f"sh:{name}")


def _of_node(shapes: Shapes, node: Term) -> Iterator[Text]:
    about = shapes.about.get(node, {})  # type: ignore[arg-type]
    if SH + "entailment" in about:
        yield _("sh:entailment asks for an inference that is not made here; run it first, and remove sh:entailment")
    for name, reason in _ADVANCED.items():
        if SH + name in about:
            yield reason
    for constraint in about.get(SH + "sparql", ()):
        if not shapes.objects(constraint, SH + "select"):
            yield _("a value of sh:sparql has no sh:select")
    for name in _SINGLE:
        if len(about.get(SH + name, ())) > 1:
            yield _("{term} has {number} values; expected one", term=f"sh:{name}", number=len(about[SH + name]))
    for name, (is_kind, kind) in _KINDS.items():
        for value in about.get(SH + name, ()):
            if not is_kind(value):
                yield _("{term} is {value}; expected {kind}", term=f"sh:{name}", value=shown(value), kind=kind)
    for name, (is_kind, kind) in _LISTED.items():
        for value in about.get(SH + name, ()):
            yield from _of_list(shapes, f"sh:{name}", value, is_kind, kind)
    yield from _of_path(shapes, node)
    yield from _of_references(shapes, node)
    yield from _of_patterns(shapes, node)


def _of_list(shapes: Shapes, name: str, start: Term, is_kind: Callable[[Term], bool], kind: Text) -> Iterator[Text]:
    if not is_list(shapes, start):
        yield _("the value of {term} is no list that ends; expected ( … )", term=name)
        return
    for member in shapes.members(start):
        if not is_kind(member):
            yield _("{term} has the member {value}; expected {kind}", term=name, value=shown(member), kind=kind)


def is_list(shapes: Shapes, start: object) -> bool:
    """Whether a node is a collection of RDF that ends: each cell has one first and one rest."""
    seen = set()
    cell = start
    while cell != NamedNode(NIL):
        first, rest = shapes.objects(cell, FIRST), shapes.objects(cell, REST)
        if cell in seen or len(first) != 1 or len(rest) != 1:
            return False
        seen.add(cell)
        cell = rest[0]
    return True


def _of_path(shapes: Shapes, node: Term) -> Iterator[Text]:
    about = shapes.about.get(node, {})  # type: ignore[arg-type]
    paths = about.get(SH + "path", ())
    kinds = {value.value for value in about.get(TYPE, ())}
    if not paths:
        if node in shapes.properties or SH + "PropertyShape" in kinds:
            yield _("a property shape has no sh:path")
        for name in _OF_PATHS:
            if SH + name in about:
                yield _("{term} is for a property shape; here is no sh:path", term=f"sh:{name}")
        return
    if SH + "NodeShape" in kinds:
        yield _("a node shape has a sh:path; it is a property shape")
    if not _is_path(shapes, paths[0], 0, count()):
        yield _("sh:path is no property path; expected an IRI, a list, or one like [ sh:inversePath … ]")


def _is_path(shapes: Shapes, node: Term, depth: int, steps: Iterator[int]) -> bool:
    if isinstance(node, NamedNode):
        return node.value != NIL
    if isinstance(node, Literal) or depth > _DEEPEST or next(steps) > _MOST_STEPS:
        return False
    if shapes.objects(node, FIRST):  # whatever else is said of it: core/path/path-strange-001 of the W3C's suite
        return _is_list_of_paths(
            shapes, node, depth, steps, least=1
        )  # one alone is what it is; cube-link has such a list
    kinds = [(name, value) for name in _STEPS for value in shapes.objects(node, SH + name)]
    if len(kinds) != 1:
        return False
    ((name, value),) = kinds
    if name == "alternativePath":
        return _is_list_of_paths(shapes, value, depth, steps, least=2)
    return _is_path(shapes, value, depth + 1, steps)


def _is_list_of_paths(shapes: Shapes, start: Term, depth: int, steps: Iterator[int], *, least: int) -> bool:
    if not is_list(shapes, start):
        return False
    members = [*shapes.members(start)]
    return len(members) >= least and all(_is_path(shapes, member, depth + 1, steps) for member in members)


def _of_references(shapes: Shapes, node: Term) -> Iterator[Text]:
    """A shape that is named and not there checks nothing, so it is a mistake; one without a name may be empty."""
    named = [(name, value) for name in REFERENCES for value in shapes.objects(node, SH + name)]
    for name in LISTS:
        for start in shapes.objects(node, SH + name):
            named += [(name, value) for value in shapes.members(start)]
    for name, value in named:
        if value not in shapes.about and (isinstance(value, NamedNode) or name == "property"):
            yield _("{term} names the shape {shape}, which is not there", term=f"sh:{name}", shape=shown(value))


def _of_patterns(shapes: Shapes, node: Term) -> Iterator[Text]:
    flags = "".join(value.value for value in shapes.objects(node, f"{SH}flags"))
    for pattern in shapes.objects(node, f"{SH}pattern"):
        try:
            patterns.compiled(pattern.value, flags)
        except ValueError as error:
            yield _(
                "sh:pattern {pattern} is no regular expression of XPath: {reason}",
                pattern=shown(pattern),
                reason=str(error),
            )
