"""Conditions of SPARQL for the values that may violate a constraint of SHACL Core.

A store compares, matches and counts in its own way, and some not as the specification has it. So a condition lets
through what it is not sure about: it may hold of values that violate nothing, and holds of each one that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from ...rdf.turtle import RDF, XSD
from ...translation import message as _
from ..engines.literals import comparable, whole
from ..results import UnusableError
from ..shapes import SH, Term

EVERY, NONE = "true", "false"  # the conditions that hold of any value, and of none
_PLAIN = str(Literal("[^ -~]"))  # what else than the printable characters of ASCII some engines count by their bytes
_DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"  # of any year
_YEAR = r"[1-9][0-9]{3}"
_CLOCK = r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_TIMES = {"gYear": f"^{_YEAR}$", "date": f"^{_YEAR}-{_DAY}$", "dateTime": f"^{_YEAR}-{_DAY}{_CLOCK}$"}  # texts in order
_NUMBERS = ("integer", "decimal")  # which every store compares alike
_LEXICAL = {  # forms that are surely in the lexical space of a datatype, as nearly all literals have
    **_TIMES,
    "dateTime": rf"^{_YEAR}-{_DAY}{_CLOCK}(\.[0-9]+)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?$",
    "boolean": "^(true|false|0|1)$",
    "integer": "^[+-]?[0-9]+$",
    "nonNegativeInteger": "^[0-9]+$",
    "positiveInteger": "^[0-9]*[1-9][0-9]*$",
    "byte": "^[0-9]{1,2}$",
    "short": "^[0-9]{1,4}$",
    "int": "^[0-9]{1,9}$",
    "long": "^[0-9]{1,18}$",
    "decimal": r"^[+-]?[0-9]+(\.[0-9]+)?$",
    "double": r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$",
    "float": r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$",
}
_ANY_TEXT = ("string", "anyURI")  # datatypes in whose lexical space each text is
_KINDS = {"IRI": "isIRI({0})", "BlankNode": "isBlank({0})", "Literal": "isLiteral({0})"}
_CHARACTER = r"[A-Za-z0-9 /:#_=@%;<>!,\"']|\\[.\-/?*+(){}^$|\[\]\\dDsS]"
_COMMON = re.compile(  # what regular expressions mean alike everywhere, of texts in ASCII
    rf"(?:(?:{_CHARACTER}|[.()|^$]|&|~|-|\[\^?(?:{_CHARACTER}|[.?*+(){{}}$|]|-(?!-))+\])"
    r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})?(?![*+?{]))*"
)
_WIDEST = 4  # bytes that a character takes, where a store counts bytes
_INVALID = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def written(term: Term) -> str:
    """A term as a query has it.

    Raises:
        UnusableError: it is an IRI that is none, or a blank node, which no query can name.
    """
    if isinstance(term, BlankNode) or (isinstance(term, NamedNode) and _INVALID.search(term.value)):
        raise UnusableError(_("the store has a node that no query can name: {node}", node=term.value[:200]))
    return str(term)


def unless(condition: str) -> str:
    """That a condition does not hold, or cannot be told."""
    return f"!COALESCE({condition}, false)"


def same(value: str, term: Term) -> str:
    """That a value is a term, and not another with the same value."""
    if not isinstance(term, Literal):
        return NONE if isinstance(term, BlankNode) else f"{value} = {written(term)}"
    text = f"isLiteral({value}) && STR({value}) = {Literal(term.value)}"
    if term.language:
        return f"({text} && LCASE(LANG({value})) = {Literal(term.language.lower())})"
    return f'({text} && LANG({value}) = "" && DATATYPE({value}) = {term.datatype})'


def different(first: str, second: str) -> str:
    """That two values are not one term."""
    datatypes = " != ".join(f'COALESCE(STR(DATATYPE({value})), "")' for value in (first, second))
    literals = f"STR({first}) != STR({second}) || LCASE(LANG({first})) != LCASE(LANG({second})) || {datatypes}"
    return f"IF(isLiteral({first}) && isLiteral({second}), {literals}, {first} != {second})"


def matches(value: str, pattern: str, flags: str = "") -> str:
    """That a value surely matches a regular expression that is written in what all have in common."""
    options = f", {Literal(flags)}" if flags else ""
    return f"!REGEX(STR({value}), {_PLAIN}) && REGEX(STR({value}), {Literal(pattern)}{options})"


def class_(value: str, classes: Iterable[Term]) -> str:
    """That a value is an instance of none of some classes."""
    found = f"{value}_class"
    return f"!EXISTS {{ {value} a {found} FILTER({_one_of(found, classes)}) }}"


def _one_of(value: str, terms: Iterable[Term]) -> str:
    return f"{value} IN ({', '.join(map(written, terms))})"


def datatype(value: str, parameter: Term) -> str:
    """That a value may be of another datatype, or not in the lexical space of this one."""
    if parameter.value == f"{RDF}langString":
        return unless(f'LANG({value}) != ""')
    name = parameter.value.removeprefix(XSD)
    typed = f'LANG({value}) = "" && DATATYPE({value}) = {parameter}'
    if not parameter.value.startswith(XSD) or name in _ANY_TEXT:
        return unless(typed)
    return unless(f"{typed} && {matches(value, _LEXICAL[name])}") if name in _LEXICAL else EVERY


def node_kind(value: str, parameter: Term) -> str:
    """That a value is of another kind of terms."""
    names = parameter.value.removeprefix(SH).split("Or")
    return f"!({' || '.join(_KINDS[name].format(value) for name in names)})"


def bound(value: str, parameter: Term, operator: str) -> str:
    """That a value may not compare so with a literal."""
    assert isinstance(parameter, Literal)
    name = parameter.datatype.value.removeprefix(XSD)
    if comparable(parameter) is None:
        return EVERY
    if name in _NUMBERS:
        return unless(f"{_is_number(value)} && {value} {operator} {parameter}")
    if name in _TIMES and re.search(_TIMES[name], parameter.value):
        return unless(f"{_is_time(value, name)} && STR({value}) {operator} {Literal(parameter.value)}")
    return EVERY


def pair(first: str, second: str, operator: str) -> str:
    """That two values may not compare so."""
    ways = [f"{_is_number(first)} && {_is_number(second)} && {first} {operator} {second}"]
    for name in _TIMES:
        times = f"{_is_time(first, name)} && {_is_time(second, name)}"
        ways.append(f"{times} && STR({first}) {operator} STR({second})")
    return " && ".join(map(unless, ways))


def _is_number(value: str) -> str:
    return f"{_one_of(f'DATATYPE({value})', (NamedNode(XSD + name) for name in _NUMBERS))}"


def _is_time(value: str, name: str) -> str:
    return f"DATATYPE({value}) = <{XSD}{name}> && {matches(value, _TIMES[name])}"


def length(value: str, parameter: Term, *, is_upper: bool) -> str:
    """That a value may be too long or too short: some stores count bytes."""
    number = whole(parameter.value)
    if is_upper:
        return unless(f"!isBlank({value}) && STRLEN(STR({value})) <= {number}")
    return unless(f"!isBlank({value}) && STRLEN(STR({value})) >= {_WIDEST * number}")


def pattern(value: str, parameter: Term, flags: str) -> str:
    """That a value may not match a regular expression."""
    if flags not in ("", "i") or not _COMMON.fullmatch(parameter.value) or "(?" in parameter.value:
        return EVERY
    return unless(f"!isBlank({value}) && {matches(value, parameter.value, flags)}")


def language_in(value: str, members: Iterable[Term]) -> str:
    """That a value has none of some languages."""
    ranges = [f"langMatches(LANG({value}), {Literal(member.value)})" for member in members]
    return unless(f"({' || '.join(ranges or [NONE])})")


def same_language(first: str, second: str) -> str:
    """That two values are different texts in the same language."""
    languages = f"LCASE(LANG({first})) = LCASE(LANG({second}))"
    return f'LANG({first}) != "" && {languages} && {different(first, second)}'


def in_(value: str, members: Sequence[Term]) -> str:
    """That a value is none of some terms."""
    return unless(f"({' || '.join(same(value, member) for member in members) or NONE})")


def other_predicate(predicate: str, accepted: Iterable[Term]) -> str:
    """That a predicate is none of some."""
    names = [term for term in accepted if isinstance(term, NamedNode)]
    return f"!({_one_of(predicate, names)})" if names else EVERY
