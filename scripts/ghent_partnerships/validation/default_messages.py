"""What a result says where its shape has no message: the constraint that was violated, in words.

Each says what is wrong with the value, or with the focus node where no value is to blame; the place says which that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal

from ..text import Text
from ..translation import message as _
from ..translation import ngettext
from .names import Names
from .results import Result, Term
from .shapes import SH, Shapes

_MOST = 10  # members of a list that a message names


@dataclass(frozen=True)
class _Violated:
    """A constraint and the result of it, with the texts that messages show of them."""

    result: Result
    shapes: Shapes
    names: Names

    @property
    def parameter(self) -> str:
        return self.term(self.result.parameter)

    @property
    def path(self) -> str:
        return f"`{self.names.path(self.result.path)}`"

    def term(self, term: Term | None) -> str:
        return f"`{self.names.term(term)}`"

    def bound(self, name: str) -> str:
        return self.names.content(self.result.bindings.get(name))

    def members(self) -> list[Term]:
        """The members of the list that the parameter is; of a single shape that one."""
        return [*self.shapes.members(self.result.parameter)]

    def listed(self) -> str:
        """The first members of the list that can be named."""
        named = [self.term(member) for member in self.members() if not isinstance(member, BlankNode)]
        return ", ".join(named[:_MOST]) + " …" * (len(named) > _MOST)

    def pair(self) -> str:
        """The property that the value is compared with, and the value of that."""
        return f"`{self.names.term(self.result.parameter)} {self.names.term(self.result.bindings.get('other'))}`"


def default_message(result: Result, shapes: Shapes, names: Names) -> Text:
    """What a result says of a constraint for which its shape has no words, in each language of the interface."""
    name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    words = _WORDS.get(name, _other)
    return Text(dict(words(_Violated(result, shapes, names))))


def _datatype(one: _Violated) -> Text:
    value, wanted = one.result.value, one.result.parameter
    if isinstance(value, Literal) and wanted is not None and value.datatype.value == wanted.value:
        return _("is not written as {datatype} is", datatype=one.parameter)
    return _("is no {datatype}", datatype=one.parameter)


_NODE_KINDS = {
    "IRI": _("is no IRI"),
    "BlankNode": _("is no blank node"),
    "Literal": _("is no literal"),
    "BlankNodeOrIRI": _("is a literal; expected an IRI or a blank node"),
    "BlankNodeOrLiteral": _("is an IRI; expected a blank node or a literal"),
    "IRIOrLiteral": _("is a blank node; expected an IRI or a literal"),
}


def _node_kind(one: _Violated) -> Text:
    assert one.result.parameter is not None
    return _NODE_KINDS[one.result.parameter.value.removeprefix(SH)]


def _min_count(one: _Violated) -> Text:
    count, number = one.names.term(one.result.parameter), one.bound("number")
    if number == "0":
        return _("needs at least {count} {path}, has none", count=count, path=one.path)
    return _("needs at least {count} {path}, has {number}", count=count, path=one.path, number=number)


def _max_count(one: _Violated) -> Text:
    count, number = one.names.term(one.result.parameter), one.bound("number")
    if count == "0":
        return _("may have no {path}, has {number}", path=one.path, number=number)
    return _("may have at most {count} {path}, has {number}", count=count, path=one.path, number=number)


def _min_length(one: _Violated) -> Text:
    assert one.result.parameter is not None
    least = int(one.result.parameter.value)
    return ngettext("is shorter than {number} character", "is shorter than {number} characters", least)


def _max_length(one: _Violated) -> Text:
    assert one.result.parameter is not None
    most = int(one.result.parameter.value)
    return ngettext("is longer than {number} character", "is longer than {number} characters", most)


def _pattern(one: _Violated) -> Text:
    pattern = f"`{one.names.content(one.result.parameter)}`"
    if flags := "".join(value.value for value in one.shapes.objects(one.result.shape, f"{SH}flags")):
        return _("does not match {pattern} with the flags {flags}", pattern=pattern, flags=f"`{flags}`")
    return _("does not match {pattern}", pattern=pattern)


def _in(one: _Violated) -> Text:
    if members := one.listed():
        return _("is not one of {members}", members=members)
    return _("is none of the values of {constraint}", constraint="`sh:in`")


def _language_in(one: _Violated) -> Text:
    languages = [member.value for member in one.members()]
    named = ", ".join(languages[:_MOST]) + " …" * (len(languages) > _MOST)
    return _("is in none of the languages {languages}", languages=named)


def _has_value(one: _Violated) -> Text:
    if not one.result.path:
        return _("is not {value}", value=one.parameter)
    statement = f"`{one.names.path(one.result.path)} {one.names.term(one.result.parameter)}`"
    return _("does not have {statement}", statement=statement)


def _equals(one: _Violated) -> Text:
    if not one.result.path:
        return _("is not the same as every value of {property}", property=one.parameter)
    return _("is a value of only one of {path} and {property}", path=one.path, property=one.parameter)


def _shape(words: Callable[[str], Text]) -> Callable[[_Violated], Text]:
    """What names the shape that is the parameter, or the parameter where the shape has no name."""

    def of(one: _Violated) -> Text:
        unnamed = isinstance(one.result.parameter, BlankNode)
        name = one.result.component.removeprefix(SH).removesuffix("ConstraintComponent")
        return words(f"`sh:{name[0].lower()}{name[1:]}`" if unnamed else one.parameter)

    return of


def _shapes(words: Callable[[str], Text]) -> Callable[[_Violated], Text]:
    """What names the shapes in the list that is the parameter, or the parameter where one has no name."""

    def of(one: _Violated) -> Text:
        name = one.result.component.removeprefix(SH).removesuffix("ConstraintComponent")
        is_named = not any(isinstance(member, BlankNode) for member in one.members())
        return words(one.listed() if is_named else f"`sh:{name.lower()}`")

    return of


def _qualified(one: _Violated) -> Mapping[str, str]:
    shapes = one.shapes.objects(one.result.shape, f"{SH}qualifiedValueShape")
    named = [one.term(shape) for shape in shapes if not isinstance(shape, BlankNode)]
    return {
        "count": one.names.term(one.result.parameter),
        "path": one.path,
        "shape": ", ".join(named) or "`sh:qualifiedValueShape`",
        "number": one.bound("number"),
    }


def _closed(one: _Violated) -> Text:
    return _("has {path}, which the closed shape does not have", path=one.path)


def _other(one: _Violated) -> Text:
    component = f"`{one.names.path(f'<{one.result.component}>')}`"
    if one.result.parameter is None:
        return _("does not conform to {constraint}", constraint=component)
    return _("does not conform to {constraint} with {value}", constraint=component, value=one.parameter)


_WORDS: Mapping[str, Callable[[_Violated], Text]] = {
    "Class": lambda one: _("is not an instance of {class_}", class_=one.parameter),
    "Datatype": _datatype,
    "NodeKind": _node_kind,
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "MinExclusive": lambda one: _("is not greater than {bound}", bound=one.parameter),
    "MinInclusive": lambda one: _("is not {bound} or greater", bound=one.parameter),
    "MaxExclusive": lambda one: _("is not less than {bound}", bound=one.parameter),
    "MaxInclusive": lambda one: _("is not {bound} or less", bound=one.parameter),
    "MinLength": _min_length,
    "MaxLength": _max_length,
    "Pattern": _pattern,
    "LanguageIn": _language_in,
    "UniqueLang": lambda one: _(
        "has {number} texts in the language {language}", number=one.bound("number"), language=one.bound("language")
    ),
    "Equals": _equals,
    "Disjoint": lambda one: _("is a value of {property} too", property=one.parameter),
    "LessThan": lambda one: _("is not less than {bound}", bound=one.pair()),
    "LessThanOrEquals": lambda one: _("is not {bound} or less", bound=one.pair()),
    "Not": _shape(lambda shape: _("conforms to {shape}, and must not", shape=shape)),
    "And": _shapes(lambda shapes: _("does not conform to all of {shapes}", shapes=shapes)),
    "Or": _shapes(lambda shapes: _("conforms to none of {shapes}", shapes=shapes)),
    "Xone": _shapes(lambda shapes: _("does not conform to exactly one of {shapes}", shapes=shapes)),
    "Node": _shape(lambda shape: _("does not conform to {shape}", shape=shape)),
    "QualifiedMinCount": lambda one: _(
        "needs at least {count} {path} that conform to {shape}, has {number}", **_qualified(one)
    ),
    "QualifiedMaxCount": lambda one: _(
        "may have at most {count} {path} that conform to {shape}, has {number}", **_qualified(one)
    ),
    "Closed": _closed,
    "In": _in,
    "HasValue": _has_value,
    "SPARQL": lambda _one: _("is what a SPARQL constraint looks for"),
}
