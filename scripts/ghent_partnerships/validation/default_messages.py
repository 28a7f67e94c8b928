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


def _datatype(violated: _Violated) -> Text:
    value, wanted = violated.result.value, violated.result.parameter
    if isinstance(value, Literal) and wanted is not None and value.datatype.value == wanted.value:
        return _("is not written as {datatype} is", datatype=violated.parameter)
    return _("is no {datatype}", datatype=violated.parameter)


_NODE_KINDS = {
    "IRI": _("is no IRI"),
    "BlankNode": _("is no blank node"),
    "Literal": _("is no literal"),
    "BlankNodeOrIRI": _("is a literal; expected an IRI or a blank node"),
    "BlankNodeOrLiteral": _("is an IRI; expected a blank node or a literal"),
    "IRIOrLiteral": _("is a blank node; expected an IRI or a literal"),
}


def _node_kind(violated: _Violated) -> Text:
    assert violated.result.parameter is not None
    return _NODE_KINDS[violated.result.parameter.value.removeprefix(SH)]


def _min_count(violated: _Violated) -> Text:
    count, number = violated.names.term(violated.result.parameter), violated.bound("number")
    if number == "0":
        return _("needs at least {count} {path}, has none", count=count, path=violated.path)
    return _("needs at least {count} {path}, has {number}", count=count, path=violated.path, number=number)


def _max_count(violated: _Violated) -> Text:
    count, number = violated.names.term(violated.result.parameter), violated.bound("number")
    if count == "0":
        return _("may have no {path}, has {number}", path=violated.path, number=number)
    return _("may have at most {count} {path}, has {number}", count=count, path=violated.path, number=number)


def _min_length(violated: _Violated) -> Text:
    assert violated.result.parameter is not None
    least = int(violated.result.parameter.value)
    return ngettext("is shorter than {number} character", "is shorter than {number} characters", least)


def _max_length(violated: _Violated) -> Text:
    assert violated.result.parameter is not None
    most = int(violated.result.parameter.value)
    return ngettext("is longer than {number} character", "is longer than {number} characters", most)


def _pattern(violated: _Violated) -> Text:
    pattern = f"`{violated.names.content(violated.result.parameter)}`"
    if flags := "".join(value.value for value in violated.shapes.objects(violated.result.shape, f"{SH}flags")):
        return _("does not match {pattern} with the flags {flags}", pattern=pattern, flags=f"`{flags}`")
    return _("does not match {pattern}", pattern=pattern)


def _in(violated: _Violated) -> Text:
    if members := violated.listed():
        return _("is not one of {members}", members=members)
    return _("is none of the values of {constraint}", constraint="`sh:in`")


def _language_in(violated: _Violated) -> Text:
    languages = [member.value for member in violated.members()]
    named = ", ".join(languages[:_MOST]) + " …" * (len(languages) > _MOST)
    return _("is in none of the languages {languages}", languages=named)


def _has_value(violated: _Violated) -> Text:
    if not violated.result.path:
        return _("is not {value}", value=violated.parameter)
    statement = f"`{violated.names.path(violated.result.path)} {violated.names.term(violated.result.parameter)}`"
    return _("does not have {statement}", statement=statement)


def _equals(violated: _Violated) -> Text:
    if not violated.result.path:
        return _("is not the same as every value of {property}", property=violated.parameter)
    return _("is a value of only one of {path} and {property}", path=violated.path, property=violated.parameter)


def _shape(words: Callable[[str], Text]) -> Callable[[_Violated], Text]:
    """What names the shape that is the parameter, or the parameter where the shape has no name."""

    def of(violated: _Violated) -> Text:
        unnamed = isinstance(violated.result.parameter, BlankNode)
        name = violated.result.component.removeprefix(SH).removesuffix("ConstraintComponent")
        return words(f"`sh:{name[0].lower()}{name[1:]}`" if unnamed else violated.parameter)

    return of


def _shapes(words: Callable[[str], Text]) -> Callable[[_Violated], Text]:
    """What names the shapes in the list that is the parameter, or the parameter where one has no name."""

    def of(violated: _Violated) -> Text:
        name = violated.result.component.removeprefix(SH).removesuffix("ConstraintComponent")
        is_named = not any(isinstance(member, BlankNode) for member in violated.members())
        return words(violated.listed() if is_named else f"`sh:{name.lower()}`")

    return of


def _qualified(violated: _Violated) -> Mapping[str, str]:
    shapes = violated.shapes.objects(violated.result.shape, f"{SH}qualifiedValueShape")
    named = [violated.term(shape) for shape in shapes if not isinstance(shape, BlankNode)]
    return {
        "count": violated.names.term(violated.result.parameter),
        "path": violated.path,
        "shape": ", ".join(named) or "`sh:qualifiedValueShape`",
        "number": violated.bound("number"),
    }


def _closed(violated: _Violated) -> Text:
    return _("has {path}, which the closed shape does not have", path=violated.path)


def _other(violated: _Violated) -> Text:
    component = f"`{violated.names.path(f'<{violated.result.component}>')}`"
    if violated.result.parameter is None:
        return _("does not conform to {constraint}", constraint=component)
    return _("does not conform to {constraint} with {value}", constraint=component, value=violated.parameter)


_WORDS: Mapping[str, Callable[[_Violated], Text]] = {
    "Class": lambda violated: _("is not an instance of {class_}", class_=violated.parameter),
    "Datatype": _datatype,
    "NodeKind": _node_kind,
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "MinExclusive": lambda violated: _("is not greater than {bound}", bound=violated.parameter),
    "MinInclusive": lambda violated: _("is not {bound} or greater", bound=violated.parameter),
    "MaxExclusive": lambda violated: _("is not less than {bound}", bound=violated.parameter),
    "MaxInclusive": lambda violated: _("is not {bound} or less", bound=violated.parameter),
    "MinLength": _min_length,
    "MaxLength": _max_length,
    "Pattern": _pattern,
    "LanguageIn": _language_in,
    "UniqueLang": lambda violated: _(
        "has {number} texts in the language {language}",
        number=violated.bound("number"),
        language=violated.bound("language"),
    ),
    "Equals": _equals,
    "Disjoint": lambda violated: _("is a value of {property} too", property=violated.parameter),
    "LessThan": lambda violated: _("is not less than {bound}", bound=violated.pair()),
    "LessThanOrEquals": lambda violated: _("is not {bound} or less", bound=violated.pair()),
    "Not": _shape(lambda shape: _("conforms to {shape}, and must not", shape=shape)),
    "And": _shapes(lambda shapes: _("does not conform to all of {shapes}", shapes=shapes)),
    "Or": _shapes(lambda shapes: _("conforms to none of {shapes}", shapes=shapes)),
    "Xone": _shapes(lambda shapes: _("does not conform to exactly one of {shapes}", shapes=shapes)),
    "Node": _shape(lambda shape: _("does not conform to {shape}", shape=shape)),
    "QualifiedMinCount": lambda violated: _(
        "needs at least {count} {path} that conform to {shape}, has {number}", **_qualified(violated)
    ),
    "QualifiedMaxCount": lambda violated: _(
        "may have at most {count} {path} that conform to {shape}, has {number}", **_qualified(violated)
    ),
    "Closed": _closed,
    "In": _in,
    "HasValue": _has_value,
    "SPARQL": lambda _violated: _("is what a SPARQL constraint looks for"),
}
