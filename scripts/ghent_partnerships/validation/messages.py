"""Findings from the results of an engine, in the shapes' own words; and shapes that check nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from ..findings import Finding
from ..rdf.namespaces import PREFIXES
from ..rdf.source_map import SourceMap
from ..rdf.turtle import Node, abbreviate
from .results import Result, Term
from .shapes import SH, Shapes

_GAP = re.compile(r"\{[?$](\w+)\}")
_STEP = re.compile(r"<([^<>]*)>")
_LONGEST = 300
_LOCAL = re.compile("[#/]")
_ALIKE = 0.75  # from which a name may have been meant
_LONGEST_NAME, _MOST_NAMES = 100, 100  # that are compared, which takes the product of their lengths
_MOST = 10  # values of a constraint that a message names
_LEXICAL = {  # datatypes in which what looks like one can only be one
    "gYear": re.compile(r"[0-9]{4}"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]+\.[0-9]+"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "boolean": re.compile(r"true|false"),
}
_LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")


def findings(results: Iterable[Result], shapes: Shapes, where: SourceMap) -> Iterator[Finding]:
    """What the results say to people."""
    labels = _Labels(where)
    texts, offers = cache(partial(_texts, shapes)), cache(partial(_offers, shapes))  # there may be many results of each
    for result in results:
        yield _finding(result, texts(result.constraint, result.shape, result.component), shapes, where, labels, offers)


class _Texts(NamedTuple):
    """What a constraint has to say for itself, each text in English and Dutch, and the code of its rule."""

    message: tuple[str, str]
    mend: tuple[str, str]
    expected: tuple[str, str]
    code: str


def _texts(shapes: Shapes, constraint: Term | None, shape: Term | None, component: str) -> _Texts:
    speakers = [node for node in (constraint, shape) if node is not None]
    messages = next((texts for node in speakers if (texts := shapes.texts(node, "message"))), {})
    mends = next((texts for node in speakers if (texts := shapes.texts(node, "description"))), {})
    code = next((code for node in speakers if (code := shapes.code(node))), "")
    message, mend = ((_in(texts, "en"), _in(texts, "nl")) for texts in (messages, mends))
    return _Texts(message, mend, _expected(shape, component, shapes), code)


def _finding(
    one: Result,
    texts: _Texts,
    shapes: Shapes,
    where: SourceMap,
    labels: _Labels,
    offers: Callable[[Term | None, str], tuple[str, str]],
) -> Finding:
    predicate = _predicate(one.path)
    steps = () if predicate else tuple(NamedNode(iri) for iri in dict.fromkeys(_STEP.findall(one.path)))
    place = where.of(one.focus, predicate, one.value, steps)
    path = predicate or _STEP.sub(lambda step: _shown(NamedNode(step[1])), one.path)
    parts: list[Term | str | None] = [one.focus, path, one.value]
    if not one.path and one.value == one.focus:  # SHACL gives the node itself as the value of a constraint on the node
        parts = parts[:1]
    shown = " ".join(_shown(part) for part in parts if part and not isinstance(part, BlankNode))
    names, names_nl = labels.of([part for part in parts if isinstance(part, NamedNode)])
    message, message_nl = (_filled(text, one) for text in texts.message)
    closed = predicate is not None and one.component == f"{SH}ClosedConstraintComponent"
    offer, offer_nl = offers(one.shape, predicate.value) if predicate and closed else ("", "")
    return Finding(
        *place,
        message or message_nl or texts.expected[0],
        mend=offer or texts.mend[0],
        found=f"{shown}{names}",
        severity=one.severity.rpartition("#")[2].lower(),
        focus=str(one.focus),
        path=one.path,
        value="" if one.value is None else str(one.value),
        shape=one.shape.value if isinstance(one.shape, NamedNode) else "",
        constraint=one.component,
        message_nl=message_nl or ("" if message else texts.expected[1]),
        mend_nl=offer_nl or texts.mend[1],
        code=texts.code,
        replacement=_retyped(one, shapes),
        found_nl=f"{shown}{names_nl}" if names_nl != names else "",
    )


def _offers(shapes: Shapes, shape: Term | None, predicate: str) -> tuple[str, str]:
    """For a property that a closed shape does not have, the one that is most like it, in English and Dutch."""
    from difflib import get_close_matches

    known = (path for one in shapes.objects(shape, f"{SH}property") for path in shapes.objects(one, f"{SH}path"))
    local = ((_LOCAL.split(path.value)[-1], path) for path in known if isinstance(path, NamedNode))
    names = dict(islice(((name, path) for name, path in local if len(name) <= _LONGEST_NAME), _MOST_NAMES))
    name = _LOCAL.split(predicate)[-1]
    near = get_close_matches(name, names, n=1, cutoff=_ALIKE) if len(name) <= _LONGEST_NAME else []
    return (f"Did you mean {_shown(names[near[0]])}?", f"Bedoelde je {_shown(names[near[0]])}?") if near else ("", "")


def _retyped(one: Result, shapes: Shapes) -> str:
    """The literal with the datatype that the shape wants, if all that is wrong with it is its datatype."""
    datatypes = shapes.objects(one.shape, f"{SH}datatype")
    if one.component != f"{SH}DatatypeConstraintComponent" or len(datatypes) != 1 or not isinstance(one.value, Literal):
        return ""
    form = _LEXICAL.get(datatypes[0].value.rpartition("#")[2])
    fits = form is not None and one.value.language is None and form.fullmatch(one.value.value)
    return str(Literal(one.value.value, datatype=datatypes[0])) if fits else ""  # type: ignore[arg-type]


def _predicate(path: str) -> NamedNode | None:
    return NamedNode(path[1:-1]) if path.startswith("<") and path.endswith(">") and path.count("<") == 1 else None


def _filled(message: str, one: Result) -> str:
    """The message in one line, with values in the place of {?value}, {$this} and the like."""
    values = {"this": _shown(one.focus), "path": _shown(_predicate(one.path) or one.path), **one.bindings}
    if one.value is not None:
        values["value"] = _shown(one.value) if isinstance(one.value, BlankNode) else one.value.value
    return " ".join(_GAP.sub(lambda gap: values.get(gap[1], gap[0]), message).split())


def _in(texts: Mapping[str, str], language: str) -> str:
    """The text in the language or a variety of it; in English, else that which has no language, else whichever."""
    near = [tag for tag in sorted(texts) if tag.partition("-")[0] == language]
    if language == "en":
        near += ["", *sorted(texts)]
    return next((texts[tag] for tag in near if tag in texts), "")


def _expected(shape: Term | None, component: str, shapes: Shapes) -> tuple[str, str]:
    """What to say where the shape has no words for it: the constraint as the shape has it; in English and in Dutch."""
    name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    if name == "SPARQL":
        return "This is what a SPARQL constraint looks for.", "Dit is waar een SPARQL-beperking naar zoekt."
    parameter = f"{name[:1].lower()}{name[1:]}"
    parts = [part for value in shapes.objects(shape, SH + parameter) for part in [*shapes.members(value)] or [value]]
    values = " ".join(_shown(part) for part in parts[:_MOST] if not isinstance(part, BlankNode)) + " …" * (
        len(parts) > _MOST
    )
    constraint = f"sh:{parameter} {values}".rstrip()
    return f"This breaks {constraint}.", f"Dit breekt {constraint}."


def _shown(term: Term | str | None) -> str:
    if term is None or isinstance(term, str):
        return term or ""
    if isinstance(term, BlankNode):
        return "[]"  # its label is new on each run
    text = abbreviate(term, PREFIXES).replace("\n", "\\n")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class _Labels:
    """Names for people, to stand beside IRIs."""

    def __init__(self, where: SourceMap) -> None:
        self.where = where
        self.known: dict[str, dict[object, str]] = {}

    def of(self, nodes: Sequence[NamedNode]) -> tuple[str, str]:
        """The English labels of the nodes, and the Dutch, each as a comment of Turtle or nothing."""
        if not self.known:
            self.known = {language: {} for language in ("en", "nl", "")}
            for document in self.where.data:
                for subject, predicate, value in document.triples:
                    if predicate.value in _LABELS and isinstance(value, Literal):
                        self.known.get(value.language or "", {}).setdefault(subject, value.value)
        return self._comment(nodes, ("en", "")), self._comment(nodes, ("nl", "en", ""))

    def _comment(self, nodes: Sequence[NamedNode], languages: Sequence[str]) -> str:
        names = [next((self.known[one][node] for one in languages if node in self.known[one]), "") for node in nodes]
        found = [" ".join(name.split()) for name in names if name]
        return f"  # {' · '.join(found)}" if found else ""


Targets = Mapping[Node, Mapping[tuple[str, Term], Sequence[Term]]]


def unused(nodes: Targets, where: SourceMap, *, every_shape: bool) -> Iterator[Finding]:
    """A shape that looks at nothing passes whatever the data says, so that is a finding: for any shape of ours, and
    for other people's shapes when not one of them finds a node."""
    targets = [(shape, target, found) for shape, kinds in nodes.items() for (_, target), found in kinds.items()]
    idle = [(shape, target) for shape, target, found in targets if not found]
    if len(idle) == len(targets):
        yield where.in_rules(
            "GP004",
            "None of the shapes applies to any node: nothing was checked.",
            "Check the targets of the shapes.",
            nl=("Geen enkele shape is van toepassing: er is niets gecontroleerd.", "Kijk de doelen van de shapes na."),
        )
    elif every_shape:
        for shape, target in idle:
            names = _shown(shape), _shown(target)
            message = f"The shape {names[0]} finds no node at its target {names[1]}: it checks nothing there."
            nl = f"De shape {names[0]} vindt geen knoop bij haar doel {names[1]}: ze controleert daar niets."
            yield where.in_rules("GP004", message, "Check the target.", shape, nl=(nl, "Kijk het doel na."))
