"""The query page, and what it asks for: the questions with their stored answers, what an editor completes, the bundle.

The bundle is what ``make web`` writes to ``web/bundle/``; without it there is neither a query page nor a search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Store

from ...rdf.index import Knowledge, short
from ...rdf.namespaces import GP, ID, PREFIXES
from ...rdf.serialize import File
from ...rdf.turtle import XSD
from ...sparql.library import Parameter, Question, bind, questions
from ...sparql.run import Results, ask
from ...text import Both
from ...translation import message as _
from .story import capital
from .templating import LANGUAGES, Pages, said

_BUNDLE = Path(__file__).with_name("web") / "bundle"
_WORKER, _LICENSES = "offline.js", "licenses.txt"  # the service worker stands at the root: it serves what is below it
_DRAWN = "land-"  # what maps are drawn from when the site is written
_SHARED = (  # what other pages ask for too
    "assets/query.css",
    "assets/search.css",
    "assets/site.css",
    "favicon.svg",
    "ghent-partnerships.nt",
    "search.json",
)
_PATH = "query"
_LANGUAGE = "lang"  # the parameter of a question that says in which language names are
_GROUPS: dict[str, Both] = {  # by the first tag of a question, in this order
    "look-up": _("Look up"),
    "aggregate": _("Count and compare"),
    "provenance": _("Which sentence says so"),
    "not stated": _("What the source leaves open"),
    "table": _("Whole tables"),
    "view": _("In the words of others"),
}
_HEADER_LINE = re.compile(r"^#\+.*\n?", re.MULTILINE)  # the page says elsewhere what stands there
_KINDS = {XSD + "gYear": "year", XSD + "integer": "integer"}


def bundled() -> bool:
    """Whether there is a bundle: its list of licences is written last."""
    return (_BUNDLE / _LICENSES).is_file()


def assets() -> Iterator[File]:
    """The files of the bundle that browsers ask for."""
    for file in sorted(_BUNDLE.iterdir()):
        if not file.name.startswith(_DRAWN) and file.name != _WORKER:
            yield f"assets/{file.name}", file.read_bytes()


def files(pages: Pages, store: Store) -> Iterator[File]:
    """The page in both languages, the stored answers, the completions, and the service worker that keeps all of these.

    ``store`` holds the graph that is published as ``ghent-partnerships.nt``, of which the page asks.
    """
    every = list(questions().values())
    asked = {language: [_in(one, language) for one in every] for language in LANGUAGES}
    texts = {
        _stored(one, language): one.text
        for language, some in asked.items()
        for one in some
        if language == "en" or one not in every  # the same question has the same answer
    }
    answers = ((path, _written(results)) for path, results in ask(store, texts).items())
    written = [(path, answer) for path, answer in answers if answer is not None]
    stored = {path for path, _ in written}
    written.append(("completions.json", _json(_completions(store))))

    def context(language: str) -> dict[str, object]:
        some = [_shown(one, language, stored) for one in asked[language]]
        return {"groups": list(_groups(some)), "questions": {str(one["name"]): one for one in some}}

    written += pages.both("query.html", _PATH, context)
    yield from written
    names = [*(path for path, _ in written), *(path for path, _ in assets()), *_SHARED]
    yield _WORKER, b"const FILES = " + _json(sorted(names)) + b";\n" + (_BUNDLE / _WORKER).read_bytes()


def fragment(name: str) -> str:
    """What follows the ``#`` in an address of the page that shows a question."""
    return f"example={quote(name, safe='')}"


def _in(question: Question, language: str) -> Question:
    """The question as a page in the language asks it: for names in this language, where it has a parameter for that."""
    if language == "en" or all(one.name != _LANGUAGE for one in question.parameters):
        return question
    parameters = tuple(
        Parameter(one.name, one.meaning, one.meaning_nl, Literal(language)) if one.name == _LANGUAGE else one
        for one in question.parameters
    )
    return replace(question, parameters=parameters, text=bind(question.text, {_LANGUAGE: language}))


def _stored(question: Question, language: str) -> str:
    """The file with the answer to a question as it is asked in a language."""
    return f"answers/{question.name}{'' if language == 'en' else f'.{language}'}.json"


def _written(answer: Results) -> bytes | None:
    """The answer as SPARQL 1.1 Query Results JSON; None of a question that makes a graph."""
    return None if isinstance(answer, list) else answer.serialize(format=QueryResultsFormat.JSON)


def _groups(shown: Sequence[Mapping[str, object]]) -> Iterator[tuple[Both, list[Mapping[str, object]]]]:
    """The questions under what they are for."""
    order = list(_GROUPS)

    def place(one: Mapping[str, object]) -> tuple[int, str]:
        tag = str(one["tag"])
        return (order.index(tag) if tag in order else len(order), tag)

    for (_, tag), some in groupby(sorted(shown, key=place), place):
        yield _GROUPS.get(tag, (capital((tag, tag)))), list(some)


def _shown(question: Question, language: str, stored: set[str]) -> dict[str, object]:
    """What the page knows of a question."""
    answer = next((path for one in (language, "en") if (path := _stored(question, one)) in stored), None)
    return {
        "answer": answer,
        "columns": {one.name: said((one.title, one.title_nl), language) for one in question.columns},
        "name": question.name,
        "parameters": [_field(one, language) for one in question.parameters],
        "summary": said((question.summary, question.summary_nl), language),
        "tag": question.tags[0],
        "text": _HEADER_LINE.sub("", question.text).strip(),
    }


def _field(parameter: Parameter, language: str) -> dict[str, str]:
    """A parameter as a field of a form: what it is called, of which kind its value is, and which it has at first."""
    label = said((parameter.meaning, parameter.meaning_nl), language)
    label = label[0].upper() + label[1:]
    default = parameter.default
    if isinstance(default, NamedNode):
        return {"kind": "iri", "label": label, "name": parameter.name, "value": short(default.value)}
    kind = "language" if parameter.name == _LANGUAGE else _KINDS.get(default.datatype.value, "text")
    datatype = {"language": default.language} if default.language else {"datatype": default.datatype.value}
    return {"kind": kind, "label": label, "name": parameter.name, "value": default.value, **datatype}


def _completions(store: Store) -> dict[str, object]:
    """Our prefixes, terms and resources, each with its label; where our cities lie; and the languages of names."""
    knowledge = Knowledge(quad.triple for quad in store)
    named = sorted(one.value for one in knowledge.about if isinstance(one, NamedNode))
    terms, resources, places = [], [], {}
    for iri in named:
        name = short(iri)
        if name == iri or not name.partition(":")[2]:
            continue
        if iri.startswith(ID):
            resources.append([name, *knowledge.label(iri)])
            latitude, longitude = knowledge.text(iri, "geo:lat"), knowledge.text(iri, "geo:long")
            if latitude and longitude:
                names = sorted({one.value for one in knowledge.objects(iri, "rdfs:label") if isinstance(one, Literal)})
                places[name] = [float(latitude), float(longitude), *names]
        elif iri.startswith(GP) or knowledge.objects(iri, "rdfs:isDefinedBy"):
            note = knowledge.texts(iri, "skos:definition") or knowledge.texts(iri, "skos:note") or ("", "")
            terms.append([name, *knowledge.label(iri), *note])
    languages = {
        value.language
        for about in knowledge.about.values()
        for value in about.get(PREFIXES["rdfs"] + "label", ())
        if isinstance(value, Literal) and value.language
    }
    return {
        "languages": sorted(languages),
        "places": places,
        "prefixes": PREFIXES,
        "resources": resources,
        "terms": terms,
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
