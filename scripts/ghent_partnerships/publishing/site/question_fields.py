"""The parameters of questions as fields of a form, and the values of the graph that a person can choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode

from ...rdf.index import GraphIndex
from ...rdf.namespaces import PREFIXES
from ...rdf.turtle import XSD
from ...sparql.library import Parameter, Question
from ..addresses import is_of_vocabulary
from ..catalogue.authorities import language_name
from ..publication import Publication
from .story import capital

LANGUAGE = "lang"  # the parameter of a question that says in which language names are
_ANY = "resource"  # the parameter that takes whatever there is
_YEAR = XSD + "gYear"
_DIGITS = 4  # of a year
_DAYS = frozenset(PREFIXES["schema"] + name for name in ("startDate", "endDate"))
_KINDS = {_YEAR: "year", XSD + "integer": "integer"}
_MOST = 400  # values in a list to choose from; of more, a person types the name
Choice = list[str]  # a value, and what it is called


class Fields:
    """The fields of the parameters of questions. ``choices`` are what there is to choose from, in the language of a
    page, by the name that a field gives for them, and ``values`` these alone."""

    def __init__(self, graph_index: GraphIndex, publication: Publication, questions: Iterable[Question]) -> None:
        self._graph_index, self._publication = graph_index, publication
        self.values: dict[str, Sequence[str]] = {}
        parameters = [parameter for question in questions for parameter in question.parameters]
        if any(parameter.name == LANGUAGE for parameter in parameters):
            self.values[LANGUAGE] = publication.languages
        if any(_datatype(parameter.default) == _YEAR for parameter in parameters):
            self.values["year"] = _years(graph_index)
        for parameter in parameters:
            if type_ := self._type(parameter):
                self.values.setdefault(type_, graph_index.instances(type_))
        self.values = {name: values for name, values in self.values.items() if 0 < len(values) <= _MOST}

    def field(self, parameter: Parameter, language: str) -> dict[str, str]:
        """A parameter as a field of a form: what it is called, of which kind its value is, which it has at first, and
        from which choices it is taken, if it is."""
        default = parameter.default
        label = capital(parameter.meaning).localized(language)
        if isinstance(default, NamedNode):
            chosen = {"kind": "iri", "value": self._graph_index.compress(default.value)}
            choices = self._type(parameter) or ""
        else:
            kind = _KINDS.get(default.datatype.value, "text")
            chosen = {"kind": "language" if parameter.name == LANGUAGE else kind, "value": default.value}
            chosen |= {"language": default.language} if default.language else {"datatype": default.datatype.value}
            choices = LANGUAGE if parameter.name == LANGUAGE else kind
        if choices in self.values:
            chosen["choices"] = choices
            label = label.partition(",")[0]  # behind the comma stands how a value is typed
        return {"label": label, "name": parameter.name, **chosen}

    def choices(self, language: str) -> dict[str, list[Choice]]:
        """What there is to choose from, each with its label in the language."""
        return {name: self._named(name, values, language) for name, values in sorted(self.values.items())}

    def _named(self, name: str, values: Sequence[str], language: str) -> list[Choice]:
        if name == "year":
            return [[year, year] for year in values]
        if name == LANGUAGE:
            return [[tag, capital(language_name(tag)).localized(language)] for tag in values]
        labelled = [(self._graph_index.label(iri).localized(language), iri) for iri in values]
        return [[self._graph_index.compress(iri), label] for label, iri in sorted(labelled, key=_by_label)]

    def _type(self, parameter: Parameter) -> str | None:
        """The class that the values of a parameter are of: that of its default."""
        if not isinstance(parameter.default, NamedNode) or parameter.name == _ANY:
            return None
        return self._graph_index.type(parameter.default.value)


def languages_of_names(graph_index: GraphIndex, publication: Publication) -> list[str]:
    """The languages that there are names in, but for those of the vocabulary alone, by their tags."""
    return sorted(
        {
            value.language
            for subject, about in graph_index.about.items()
            if not (isinstance(subject, NamedNode) and is_of_vocabulary(subject.value, publication.project))
            for value in about.get(PREFIXES["rdfs"] + "label", ())
            if isinstance(value, Literal) and value.language
        }
    )


def _by_label(labelled: tuple[str, str]) -> tuple[str, str]:
    return labelled[0].casefold(), labelled[1]


def _datatype(default: NamedNode | Literal) -> str:
    return default.datatype.value if isinstance(default, Literal) else ""


def _years(graph_index: GraphIndex) -> list[str]:
    """The years that the graph speaks of, in their order: those that are stated as such, and those of days on which
    something began or ended."""
    found = {
        value.value[:_DIGITS] if predicate in _DAYS else value.value
        for about in graph_index.about.values()
        for predicate, values in about.items()
        for value in values
        if isinstance(value, Literal) and (predicate in _DAYS or value.datatype.value == _YEAR)
    }
    return sorted(year for year in found if len(year) == _DIGITS and year.isdecimal())
