"""Findings from the results of an engine, in the words of the shapes; and shapes that check nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from ..findings import INFO, Finding, Fix
from ..findings import Result as Details
from ..rdf.index import compress
from ..rdf.namespaces import PREFIXES
from ..rdf.source_map import SourceMap
from ..rdf.turtle import Node
from ..text import NO_LANGUAGE, NO_TEXT, Text, in_each
from ..translation import languages
from ..translation import message as _
from .related import RelatedPlaces
from .results import Result, Term, Verdict, filled, shown
from .shapes import SH, Shapes

_STEP = re.compile(r"<([^<>]*)>")
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
_LABELS = (NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["skos"] + "prefLabel"))


def findings(results: Iterable[Result], shapes: Shapes, source_map: SourceMap) -> Iterator[Finding]:
    """Return the finding of each result, in their order: its message, its place in the data and, if any, a fix."""
    labels, related = _Labels(source_map), RelatedPlaces(shapes, source_map)
    texts, offers = cache(partial(_texts, shapes)), cache(partial(_offers, shapes))  # there may be many results of each
    for result in results:
        yield _finding(
            result,
            texts(result.constraint, result.shape, result.component),
            shapes,
            source_map,
            labels,
            related,
            offers,
        )


def differences(verdict: Verdict, source_map: SourceMap) -> Iterator[Finding]:
    """Where pySHACL says otherwise. It decides nothing: the first engine follows the specification."""
    if verdict.second is None:
        return
    if verdict.second.reason:
        message = _("pySHACL cannot say: {reason}.", reason=verdict.second.reason)
        yield source_map.in_rules("GP219", message, severity=INFO)
        return
    decided, other = (
        {_compared(result): result for result in results} for results in (verdict.results, verdict.second.results)
    )
    for key, result in {**decided, **other}.items():
        if key in decided and key in other:
            continue
        component = compress(result.component)
        message = (
            _("pySHACL does not find that this breaks {constraint}.", constraint=component)
            if key in decided
            else _("pySHACL finds that this breaks {constraint}, which it does not.", constraint=component)
        )
        location = source_map.of(result.focus, _predicate(result.path), result.value)
        yield Finding(code="GP219", severity=INFO, message=message, location=location)


def _compared(result: Result) -> tuple[object, ...]:
    """What the engines must agree in: not in how often something is found, nor in the values of some."""
    return result.focus, result.path, result.shape, result.component


class _Texts(NamedTuple):
    """The message and the help of a constraint, and the code of its rule."""

    message: Text
    help: Text
    code: str


def _texts(shapes: Shapes, constraint: Term | None, shape: Term | None, component: str) -> _Texts:
    nodes = [node for node in (constraint, shape) if node is not None]
    message, help_ = (
        next((texts for node in nodes if (texts := _text(shapes, node, name))), NO_TEXT)
        for name in ("message", "description")
    )
    code = next((code for node in nodes if (code := shapes.code(node))), "")
    return _Texts(message or _expected(shape, component, shapes), help_, code)


def _finding(
    result: Result,
    texts: _Texts,
    shapes: Shapes,
    source_map: SourceMap,
    labels: _Labels,
    related: RelatedPlaces,
    offers: Callable[[Term | None, str], Text],
) -> Finding:
    predicate = _predicate(result.path)
    steps = () if predicate else tuple(NamedNode(iri) for iri in dict.fromkeys(_STEP.findall(result.path)))
    location = source_map.of(result.focus, predicate, result.value, steps)
    path = predicate or _STEP.sub(lambda step: shown(NamedNode(step[1])), result.path)
    parts: list[Term | str | None] = [result.focus, path, result.value]
    # SHACL gives the node itself as the value of a constraint on the node.
    if not result.path and result.value == result.focus:
        parts = parts[:1]
    statement = " ".join(shown(part) for part in parts if part and not isinstance(part, BlankNode))
    closed = predicate is not None and result.component == f"{SH}ClosedConstraintComponent"
    offer = offers(result.shape, predicate.value) if predicate and closed else NO_TEXT
    return Finding(
        code=texts.code,
        severity=result.severity.rpartition("#")[2].lower(),
        message=texts.message.map(lambda text: _filled(text, result)),
        help=offer or texts.help,
        location=location,
        related=related.of(result, predicate, location),
        fix=_retyped(result, shapes),
        result=Details(
            focus=str(result.focus),
            path=result.path,
            value="" if result.value is None else str(result.value),
            shape=result.shape.value if isinstance(result.shape, NamedNode) else "",
            constraint=result.component,
            statement=labels.beside(statement, [part for part in parts if isinstance(part, NamedNode)]),
        ),
    )


def _offers(shapes: Shapes, shape: Term | None, predicate: str) -> Text:
    """For a property that a closed shape does not have, an offer of the one that is most like it."""
    from difflib import get_close_matches

    known = (
        path
        for property_shape in shapes.objects(shape, f"{SH}property")
        for path in shapes.objects(property_shape, f"{SH}path")
    )
    local = ((_LOCAL.split(path.value)[-1], path) for path in known if isinstance(path, NamedNode))
    names = dict(islice(((name, path) for name, path in local if len(name) <= _LONGEST_NAME), _MOST_NAMES))
    name = _LOCAL.split(predicate)[-1]
    near = get_close_matches(name, names, n=1, cutoff=_ALIKE) if len(name) <= _LONGEST_NAME else []
    return _("Did you mean {keyword}?", keyword=shown(names[near[0]])) if near else NO_TEXT


def _retyped(result: Result, shapes: Shapes) -> Fix | None:
    """The literal with the datatype that the shape wants, if all that is wrong with it is its datatype."""
    datatypes = shapes.objects(result.shape, f"{SH}datatype")
    if (
        result.component != f"{SH}DatatypeConstraintComponent"
        or len(datatypes) != 1
        or not isinstance(result.value, Literal)
    ):
        return None
    pattern = _LEXICAL.get(datatypes[0].value.rpartition("#")[2])
    fits = pattern is not None and result.value.language is None and pattern.fullmatch(result.value.value)
    return Fix(str(result.value), str(Literal(result.value.value, datatype=datatypes[0]))) if fits else None  # type: ignore[arg-type]


def _predicate(path: str) -> NamedNode | None:
    return NamedNode(path[1:-1]) if path.startswith("<") and path.endswith(">") and path.count("<") == 1 else None


def _filled(message: str, result: Result) -> str:
    """The message in one line, with values in the place of {?value}, {$this} and the like."""
    values = {"this": shown(result.focus), "path": shown(_predicate(result.path) or result.path)}
    values |= {name: shown(term) for name, term in result.bindings.items()}
    if result.value is not None:
        values["value"] = shown(result.value) if isinstance(result.value, BlankNode) else result.value.value
    return " ".join(filled(message, values).split())


def _text(shapes: Shapes, node: Term, name: str) -> Text:
    """The texts of a node's property by language; what is in a variety of a language only is in the language, too."""
    texts = shapes.texts(node, name)
    varieties = {tag.partition("-")[0]: texts[tag] for tag in sorted(texts, reverse=True) if "-" in tag}
    return Text({**varieties, **texts})


def _expected(shape: Term | None, component: str, shapes: Shapes) -> Text:
    """The message where the shape has none: the constraint as the shape states it."""
    name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    if name == "SPARQL":
        return _("This is what a SPARQL constraint looks for.")
    parameter = f"{name[:1].lower()}{name[1:]}"
    parts = [part for value in shapes.objects(shape, SH + parameter) for part in [*shapes.members(value)] or [value]]
    values = " ".join(shown(part) for part in parts[:_MOST] if not isinstance(part, BlankNode)) + " …" * (
        len(parts) > _MOST
    )
    constraint = f"sh:{parameter} {values}".rstrip()
    return _("This breaks {constraint}.", constraint=constraint)


class _Labels:
    """Names for people, to stand beside IRIs."""

    def __init__(self, source_map: SourceMap) -> None:
        self.source_map = source_map
        self.known: dict[object, Text] = {}

    def beside(self, statement: str, nodes: Sequence[NamedNode]) -> Text:
        """A statement with the labels of these nodes as a comment of Turtle, where there are any."""
        names = [label for node in nodes if (label := self._of(node))]
        if not names:
            return Text(statement)

        def comment(language: str) -> str:
            return " · ".join(" ".join(name.localized(language).split()) for name in names)

        return in_each(languages(), lambda language: f"{statement}  # {comment(language)}")

    def _of(self, node: NamedNode) -> Text:
        if (known := self.known.get(node)) is None:
            labels = (
                triple.object
                for predicate in _LABELS
                for triple in self.source_map.statements(node, predicate)
                if isinstance(triple.object, Literal)
            )
            texts: dict[str, str] = {}
            for label in labels:
                texts.setdefault(label.language or NO_LANGUAGE, label.value)
            known = self.known[node] = Text(texts)
        return known


Targets = Mapping[Node, Mapping[tuple[str, Term], Sequence[Term]]]


def unused(nodes: Targets, source_map: SourceMap, *, every_shape: bool) -> Iterator[Finding]:
    """Return a finding for each target without focus nodes, since such a shape passes whatever the data are; unless
    ``every_shape``, only one finding, when no target of any shape has a focus node."""
    targets = [
        (shape, target, focus_nodes) for shape, kinds in nodes.items() for (_, target), focus_nodes in kinds.items()
    ]
    idle = [(shape, target) for shape, target, focus_nodes in targets if not focus_nodes]
    if len(idle) == len(targets):
        yield source_map.in_rules(
            "GP004",
            _("None of the shapes applies to any node: nothing was checked."),
            _("Check the targets of the shapes."),
        )
    elif every_shape:
        for shape, target in idle:
            message = _(
                "The shape {shape} finds no node at its target {target}: it checks nothing there.",
                shape=shown(shape),
                target=shown(target),
            )
            yield source_map.in_rules("GP004", message, _("Check the target."), shape)
