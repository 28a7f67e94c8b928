"""The messages of results: those of the shapes with their gaps filled, or else the constraint in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from pyoxigraph import Literal

from ..text import NO_LANGUAGE, NO_TEXT, Text
from .default_messages import default_message
from .names import Names
from .results import LEVELS, Result, Term, filled
from .shapes import SH, Shapes

_DETAILS = 100  # of a result that are kept
_SPARQL = f"{SH}SPARQLConstraintComponent"


class Wording:
    """Gives results the messages of a shapes graph."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._templates = cache(partial(_templates, shapes))  # there may be many results of each
        self._help = cache(self._read_help)
        self._defaults: dict[object, tuple[Literal, ...]] = {}

    def worded(self, result: Result, names: Names) -> Result:
        """The result with its messages, and its first details with theirs; terms are shown with the names."""
        return self._worded(result, names, iter(range(_DETAILS)), LEVELS)

    def _worded(self, result: Result, names: Names, left: Iterator[int], levels: int) -> Result:
        kept = zip(result.details if levels else (), left)  # noqa: B905  # as many as are left
        details = tuple(self._worded(detail, names, left, levels - 1) for detail, _number in kept)
        return replace(result, messages=self._messages(result, names), details=details)

    def help(self, result: Result) -> Text:
        """What the constraint or its shape says about how to mend what is wrong."""
        return self._help(result.constraint, result.shape)

    def code(self, result: Result) -> str:
        """The code of the rule that is broken, or nothing."""
        return (result.constraint and self.shapes.code(result.constraint)) or self.shapes.code(result.shape)

    def _messages(self, result: Result, names: Names) -> tuple[Literal, ...]:
        if (found := result.bindings.get("message")) is not None and result.constraint is not None:
            return (found if isinstance(found, Literal) else Literal(names.term(found)),)
        templates = self._templates(result.constraint, result.shape, result.component)
        if not templates:
            return self._default(result, names)
        if not any("$" in template.value or "{" in template.value for template in templates):
            return templates
        values = {name: names.content(term) for name, term in result.bindings.items()}
        values["this"] = names.content(result.focus)
        if result.path:
            values["PATH"] = values["path"] = names.path(result.path)
        if result.value is not None:
            values["value"] = names.content(result.value)
        return tuple(Literal(filled(template.value, values), language=template.language) for template in templates)

    def _default(self, result: Result, names: Names) -> tuple[Literal, ...]:
        datatype = result.value.datatype if isinstance(result.value, Literal) else None  # all that it says of a value
        about = (result.shape, result.component, result.parameter, result.path, datatype)
        key = (names, about, tuple(result.bindings.items()))
        if (known := self._defaults.get(key)) is None:  # there may be many results of each
            default = default_message(result, self.shapes, names)
            known = self._defaults[key] = tuple(Literal(text, language=name) for name, text in default.items())
        return known

    def _read_help(self, constraint: Term | None, shape: Term) -> Text:
        found = (_literals(self.shapes, node, "description") for node in (constraint, shape) if node is not None)
        return next((readable(texts) for texts in found if texts), NO_TEXT)


def readable(messages: Sequence[Literal]) -> Text:
    """The messages by language, each in one line: the first where there are several in a language."""
    texts: dict[str, str] = {}
    for message in messages:
        texts.setdefault(message.language or NO_LANGUAGE, " ".join(message.value.split()))
    return Text(texts)


def _templates(shapes: Shapes, constraint: Term | None, shape: Term, component: str) -> tuple[Literal, ...]:
    """The messages of a constraint in SPARQL, or else those of its shape; of a component that a shapes graph declares
    those of the shape, of the validator or of the component."""
    if component == _SPARQL:
        nodes: list[Term | None] = [constraint, shape]
    else:
        declared = () if component.startswith(SH) else (node for node in shapes.about if node.value == component)
        nodes = [shape, constraint, *declared]
    found = (_literals(shapes, node, "message") for node in nodes if node is not None)
    return next((texts for texts in found if texts), ())


def _literals(shapes: Shapes, node: Term, name: str) -> tuple[Literal, ...]:
    return tuple(value for value in shapes.objects(node, SH + name) if isinstance(value, Literal))
