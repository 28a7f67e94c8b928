"""The tools: what each takes and gives, as JSON Schema has it, and what it does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from pyoxigraph import Literal, NamedNode

from ..errors import UsageError
from ..rdf.namespaces import expand
from ..rdf.turtle import XSD
from ..server.problems import Problem
from ..sparql.library import Parameter, bind
from ..text import Text
from ..translation import message as _
from .graph import Graph, Rows, named
from .names import Names, entity_iri
from .quotations import Fact, Quotations
from .rows import answered, value, with_sentences

_LONGEST_NAME, _LONGEST_QUERY, _LONGEST_VALUE, _LONGEST_TURTLE = 200, 60_000, 2_000, 200_000  # characters
_STATEMENTS = 300  # of an entity
_SOURCE = expand("dcterms:source")
_TEXT: dict[str, Any] = {"type": "string"}
_TEXT_OR_NULL: dict[str, Any] = {"type": ["string", "null"]}


def _record(properties: Mapping[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": dict(properties), "required": names, "additionalProperties": False}


_SENTENCE = _record(
    {
        "text": {**_TEXT, "description": "The sentence, word for word as its source has it."},
        "language": _TEXT_OR_NULL,
        "fragment": {**_TEXT, "description": "The IRI of the sentence."},
        "source": {**_TEXT, "description": "The IRI of the document that it stands in."},
        "sourceTitle": _TEXT,
        "link": {**_TEXT, "description": "Where it can be read."},
        "inferred": {
            "type": "boolean",
            "description": "Whether the sentence does not say it, but those who publish the data conclude it from it.",
        },
        "reasoning": {**_TEXT_OR_NULL, "description": "How they conclude it."},
        "readWith": {
            "type": "array",
            "items": _TEXT,
            "description": "Sentences without which it cannot be read, such as that before a list.",
        },
    }
)
_SENTENCES = {"type": "array", "items": _SENTENCE, "description": "The sentences that it rests on, to be quoted."}
_ROWS = {
    "columns": {"type": "array", "items": _TEXT},
    "rows": {
        "type": "array",
        "items": _record(
            {"values": {"type": "object", "additionalProperties": _TEXT_OR_NULL}, "sentences": _SENTENCES}
        ),
    },
    "truncated": {"type": "boolean", "description": "Whether there are more rows."},
    "note": _TEXT_OR_NULL,
}


class ToolError(Exception):
    """The tool cannot do it; ``text`` is why, in a plain sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class Tool(NamedTuple):
    """A tool: what it is called, what it is for, what it takes and gives, and what does it."""

    name: str
    title: Text
    description: Text
    takes: Mapping[str, Any]
    gives: Mapping[str, Any]
    call: Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]


class Tools:
    """The tools of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._names = graph, Names(graph)
        self.listed = {tool.name: tool for tool in self._made()}

    async def call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What a tool gives.

        Raises:
            ToolError: there is no such tool, or it cannot do it.
        """
        if (tool := self.listed.get(name)) is None:
            raise ToolError(_("There is no tool of this name. There are: {names}.", names=", ".join(self.listed)))
        wrong = next(iter(Draft202012Validator(tool.takes).iter_errors(dict(arguments))), None)
        if wrong is not None:
            at = ".".join(map(str, wrong.absolute_path))
            reason = f"{at}: {wrong.message}" if at else wrong.message
            raise ToolError(_("The arguments are wrong: {reason}", reason=reason[:_LONGEST_VALUE]))
        try:
            return await tool.call(arguments)
        except Problem as problem:
            raise ToolError(problem.detail) from problem
        except UsageError as error:
            raise ToolError(error.text) from error

    def _made(self) -> list[Tool]:
        name = {"type": "string", "minLength": 1, "maxLength": _LONGEST_NAME}
        made = [
            Tool(
                "find",
                _("Find an entity by its name"),
                _(
                    "Find cities, partnerships, countries, concepts, sources or anything else in the graph by a name "
                    "in any language or script, also a historical or a misspelt one. Gives the IRI of each entity "
                    "that may be meant, and how alike the names are, from 0 to 100. Several with the same name are "
                    "all given: ask which is meant, and do not guess."
                ),
                _record({"name": name, "limit": {"type": "integer", "minimum": 1, "maximum": 50}}, ("name",)),
                _record({"entities": {"type": "array", "items": _FOUND}}),
                self._find,
            ),
            Tool(
                "evidence",
                _("Quote what a statement rests on"),
                _(
                    "The statements about an entity, or those of a property, each with the sentences that say so, "
                    "word for word, whether it is stated or inferred, and the sources that are not quoted. Use it "
                    "before you claim something that no row of an answer has a sentence for."
                ),
                _record(
                    {
                        "entity": {**name, "maxLength": _LONGEST_VALUE, "description": "Its IRI, or a prefixed name."},
                        "property": {**name, "maxLength": _LONGEST_VALUE, "description": "An IRI or a prefixed name."},
                        "value": {**_TEXT, "maxLength": _LONGEST_VALUE, "description": "An IRI, or the text."},
                    },
                    ("entity",),
                ),
                _record(
                    {
                        "entity": _TEXT,
                        "label": _TEXT_OR_NULL,
                        "statements": {"type": "array", "items": _STATED},
                        "truncated": {"type": "boolean"},
                    }
                ),
                self._evidence,
            ),
            Tool(
                "sparql",
                _("Ask a SPARQL query"),
                _(
                    "Ask a SPARQL 1.1 query that only reads: SELECT, ASK, CONSTRUCT or DESCRIBE, without SERVICE. "
                    "Select the IRIs of the entities as well as their names: a row has the sentences of the "
                    "entities in it. Prefer a named question (ask) where one fits."
                ),
                _record({"query": {"type": "string", "minLength": 1, "maxLength": _LONGEST_QUERY}}),
                _record({**_ROWS, "boolean": {"type": ["boolean", "null"]}, "turtle": _TEXT_OR_NULL}),
                self._sparql,
            ),
        ]
        return [self._question_tool(), *made] if self._graph.questions else made

    def _question_tool(self) -> Tool:
        language = self._graph.language
        lines = []
        for question in self._graph.questions.values():
            parameters = ", ".join(parameter.name for parameter in question.parameters)
            lines.append(
                f"{question.name}: {question.summary.localized(language)}" + (f" ({parameters})" if parameters else "")
            )
        takes = {
            "question": {"type": "string", "enum": list(self._graph.questions), "description": "\n".join(lines)},
            **self._parameters(),
        }
        return Tool(
            "ask",
            _("Ask a named question"),
            _(
                "Ask one of the questions that the data set answers. Each row has the sentences that it rests on, a "
                "count those of what was counted: quote them. Parameters are those in brackets behind the question; "
                "each has a default."
            ),
            _record(takes, ("question",)),
            _record({"question": _TEXT, "summary": _TEXT, **_ROWS}),
            self._ask,
        )

    def _parameters(self) -> dict[str, Any]:
        """Each parameter of a question, with its type where all questions that have it agree."""
        kinds: dict[str, list[tuple[str, Parameter]]] = {}
        for question in self._graph.questions.values():
            for parameter in question.parameters:
                kinds.setdefault(parameter.name, []).append((question.name, parameter))
        made = {}
        for name, found in kinds.items():
            types = {json.dumps(self._type(parameter), sort_keys=True): None for _name, parameter in found}
            schemas = [json.loads(text) for text in types]
            described = "; ".join(dict.fromkeys(each.meaning.localized(self._graph.language) for _name, each in found))
            defaults = sorted({_default(each) for _name, each in found})
            described += f" (default: {defaults[0]})" if len(defaults) == 1 else ""
            schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
            made[name] = {**schema, "description": described}
        return {name: schema for name, schema in made.items() if name != "question"}

    def _type(self, parameter: Parameter) -> dict[str, Any]:
        default = parameter.default
        if isinstance(default, NamedNode):
            return {"type": "string", "minLength": 1, "maxLength": _LONGEST_VALUE}
        kind = default.datatype.value.removeprefix(XSD)
        if kind in ("gYear", "integer"):
            return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[+-]?[0-9]{1,18}$"}]}
        if default.value in self._graph.languages and parameter.name == "lang":
            return {"type": "string", "enum": list(self._graph.languages)}
        return {"type": "string", "maxLength": _LONGEST_VALUE}

    async def _ask(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        question = self._graph.questions[arguments["question"]]
        values = {name: str(given) for name, given in arguments.items() if name != "question"}
        try:
            text = bind(question.text, values, self._graph.prefixes)
        except UsageError as error:
            message = _("The question {name} cannot be asked so: {reason}", name=question.name, reason=error.text)
            raise ToolError(message) from error
        found = await answered(self._graph, text, trace=True)
        return {"question": question.name, "summary": question.summary.localized(self._graph.language), **found}

    async def _find(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {"entities": await self._names.find(arguments["name"], arguments.get("limit", 10))}

    async def _evidence(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        entity = self._iri(arguments["entity"])
        predicate = self._iri(arguments["property"]) if "property" in arguments else None
        triples = await self._graph.triples(f"CONSTRUCT {{ {entity} ?p ?o }} WHERE {{ {entity} ?p ?o }}")
        if not triples:
            problem = _("Nothing is stated of {iri}. Find entities by their names with the tool find.", iri=str(entity))
            raise ToolError(problem)
        labels = [triple.object for triple in triples if triple.predicate.value in _LABELS]
        texts = Text({term.language or "": term.value for term in sorted(labels, key=str) if isinstance(term, Literal)})
        chosen = [
            triple
            for triple in sorted(triples, key=str)
            if (predicate is None and triple.predicate.value != _SOURCE) or triple.predicate == predicate
        ]
        if "value" in arguments:
            alike = {arguments["value"], getattr(self._iri_or_none(arguments["value"]), "value", None)}
            chosen = [triple for triple in chosen if value(triple.object) in alike]
        quotations = Quotations(self._graph)
        await quotations.read([entity.value])
        stated = []
        for triple in chosen[:_STATEMENTS]:
            fact = Fact(entity.value, triple.predicate.value, str(triple.object))
            sentences, others = quotations.of([fact]), quotations.others(fact)
            given = {"property": triple.predicate.value, "value": value(triple.object)}
            stated.append({**given, "sentences": sentences, "otherSources": others})
        return {
            "entity": entity.value,
            "label": texts.localized(self._graph.language) or None,
            "statements": stated,
            "truncated": len(chosen) > _STATEMENTS,
        }

    def _iri_or_none(self, text: str) -> NamedNode | None:
        return named(entity_iri(text, self._graph.prefixes))

    def _iri(self, text: str) -> NamedNode:
        if (node := self._iri_or_none(text)) is None:
            raise ToolError(_("{text} is neither an IRI nor a name with a known prefix.", text=repr(text)))
        return node

    async def _sparql(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        found = await self._graph.answer(arguments["query"])
        empty = {"columns": [], "rows": [], "truncated": False, "note": None, "boolean": None, "turtle": None}
        if isinstance(found, bool):
            return {**empty, "boolean": found}
        if isinstance(found, Rows):
            return {**empty, **await with_sentences(self._graph, found, None)}
        turtle = self._graph.turtle(found)
        if len(turtle) > _LONGEST_TURTLE:
            raise ToolError(
                _("The answer is longer than {longest:,} characters. Ask for less.", longest=_LONGEST_TURTLE)
            )
        return {**empty, "turtle": turtle}


def _default(parameter: Parameter) -> str:
    return parameter.default.value


_LABELS = {expand(name) for name in ("rdfs:label", "skos:prefLabel", "dcterms:title")}
_FOUND = _record(
    {
        "entity": {**_TEXT, "description": "Its IRI."},
        "name": {**_TEXT, "description": "The name that is alike."},
        "language": _TEXT_OR_NULL,
        "score": {"type": "number"},
        "exact": {"type": "boolean", "description": "Whether it is the same name but for case, accents and script."},
        "types": {"type": "array", "items": _TEXT},
    }
)
_OTHER = _record({"source": _TEXT, "title": _TEXT})
_STATED = _record(
    {
        "property": _TEXT,
        "value": _TEXT_OR_NULL,
        "sentences": _SENTENCES,
        "otherSources": {"type": "array", "items": _OTHER, "description": "Sources that are not quoted."},
    }
)
