"""The page that asks, and what it asks for: the questions with their stored answers, what an editor completes, the
bundle; and the page of an answer alone, for pages of others.

The bundle is what ``make web`` writes to ``web/bundle/``; without it there is neither a query page nor a search.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Store

from ...dist import EMBEDDED, SITE
from ...project.coordinates import position
from ...rdf.index import GraphIndex
from ...rdf.namespaces import GP
from ...rdf.serialize import File
from ...sparql.library import Question, bind, questions
from ...sparql.text import HEADER_LINE
from ...text import Text, ending
from ...translation import message as _
from ...translation import web_words
from ..answers import Answers
from ..publication import Publication
from . import column_titles
from .question_fields import LANGUAGE, Fields, languages_of_names
from .story import capital
from .templating import BUNDLE, Pages

_WORKER, _LICENSES = "offline.js", "licenses.txt"  # the service worker stands at the root: it serves what is below it
_DRAWN = ("land-", "font")  # what pictures are drawn from when the site is written
_VIEWER = "assets/swagger-ui"  # of the API, which asks a server: of no use without one, and large
_SHARED = (  # what other pages ask for too
    "assets/query.css",
    "assets/search.css",
    "assets/site.css",
    "favicon.svg",
    "search.json",
    SITE,
)
_PATH = "query"
_GROUPS: dict[str, Text] = {  # the questions by their tags: each stands in the first of these groups that it has
    "policy": _("What was decided, and what became of it"),
    "outcome": _("What was decided, and what became of it"),
    "provenance": _("Who says so"),
    "not stated": _("What the source leaves open"),
    "table": _("Whole tables"),
    "view": _("For other systems"),
    "look-up": _("Which cities and partnerships"),
    "aggregate": _("How many, and for how long"),
}
_ORDER = ("look-up", "aggregate", "policy", "not stated", "provenance", "table", "view")


def bundled() -> bool:
    """Whether there is a bundle: its list of licences is written last."""
    return (BUNDLE / _LICENSES).is_file()


def assets() -> Iterator[File]:
    """The files of the bundle that browsers ask for."""
    for file in sorted(BUNDLE.iterdir()):
        if not file.name.startswith(_DRAWN) and file.name != _WORKER:
            yield f"assets/{file.name}", file.read_bytes()


def files(pages: Pages, store: Store, known: Answers | None = None) -> Iterator[File]:
    """The pages in each language, the stored answers, the completions, and the service worker that keeps all of these.

    ``store`` holds the graph that is published as N-Triples, of which the page asks; ``known`` are its answers so far.
    """
    publication = pages.publication
    every = list(questions(publication.project).values())
    languages = publication.languages
    asked = {language: [_in(question, language) for question in every] for language in languages}
    texts = {
        _stored(question, language, languages): question.text
        for language, localized in asked.items()
        for question in localized
        if language == languages[0] or question not in every  # the same question has the same answer
    }
    answers = (known or Answers(store)).written(texts)
    for language in languages[1:]:  # where the graph has no names in a language, a question is asked as it stands
        for number, question in enumerate(every):
            path = _stored(question, language, languages)
            if _is_empty(answers.get(path)):
                asked[language][number] = question
                del answers[path]
    written = [(path, answer) for path, answer in answers.items() if answer is not None]
    graph_index = GraphIndex((quad.triple for quad in store), publication.prefixes)
    written.append(("completions.json", _json(_completions(graph_index, publication))))
    words = ((language, web_words(language)) for language in languages)
    written += [(f"assets/words.{language}.json", _json(of)) for language, of in words if of]
    fields = Fields(graph_index, publication, every)
    columns = _columns(answers)

    @cache
    def context(language: str) -> dict[str, object]:
        shown = [_shown(question, language, fields, columns, languages) for question in asked[language]]
        known = {
            "choices": fields.choices(language),
            "questions": {str(question["name"]): question for question in shown},
        }
        return {"groups": list(_groups(shown)), "known": known}

    written += pages.every("query.html", _PATH, context)
    written += pages.every("embed.html", EMBEDDED, context)
    yield from written
    bundled_files = [path for path, _ in assets() if not path.startswith(_VIEWER)]
    names = [*(path for path, _ in written), *bundled_files, *_SHARED, f"{publication.whole}.nt"]
    yield _WORKER, b"const FILES = " + _json(sorted(names)) + b";\n" + (BUNDLE / _WORKER).read_bytes()


def fragment(name: str) -> str:
    """What follows the ``#`` in an address of the page that shows a question."""
    return f"example={quote(name, safe='')}"


def embedding(name: str) -> str:
    """What follows the ``?`` in the address of the answer to a question alone."""
    return f"question={quote(name, safe='')}"


def _in(question: Question, language: str) -> Question:
    """The question as a page in the language asks it: for names in this language, where it has a parameter for that."""
    asked = [parameter for parameter in question.parameters if parameter.name == LANGUAGE]
    if not asked or asked[0].default == Literal(language):
        return question
    parameters = tuple(
        parameter._replace(default=Literal(language)) if parameter.name == LANGUAGE else parameter
        for parameter in question.parameters
    )
    return question._replace(parameters=parameters, text=bind(question.text, {LANGUAGE: language}, {}))


def _stored(question: Question, language: str, languages: Sequence[str]) -> str:
    """The file with the answer to a question as it is asked in a language."""
    return f"answers/{question.name}{ending(language, languages)}.json"


def _is_empty(answer: bytes | None) -> bool:
    """Whether an answer is a table without rows."""
    return answer is not None and json.loads(answer).get("results", {}).get("bindings") == []


def _columns(answers: Mapping[str, bytes | None]) -> dict[str, list[str]]:
    """The variables of the answers that are tables, by their files."""
    return {path: json.loads(answer)["head"].get("vars", []) for path, answer in answers.items() if answer is not None}


def _groups(shown: Sequence[Mapping[str, object]]) -> Iterator[tuple[Text, list[Mapping[str, object]]]]:
    """The questions under what they are for; those with tags that are not known come last, under the first of them."""

    def place(question: Mapping[str, object]) -> tuple[int, str]:
        tag = str(question["group"])
        return (_ORDER.index(tag) if tag in _ORDER else len(_ORDER), tag)

    for (_place, tag), group in groupby(sorted(shown, key=place), place):
        yield _GROUPS.get(tag, capital(Text(tag))), list(group)


def _group(question: Question) -> str:
    found = next((tag for tag in _GROUPS if tag in question.tags), question.tags[0])
    return "policy" if found == "outcome" else found


def _shown(
    question: Question, language: str, fields: Fields, columns: Mapping[str, Sequence[str]], languages: Sequence[str]
) -> dict[str, object]:
    """What the page knows of a question. ``columns`` are the variables of the answers by the files that hold them."""
    paths = (_stored(question, reader, languages) for reader in (language, languages[0]))
    answer = next((path for path in paths if path in columns), None)
    variables = columns[answer] if answer else ()
    return {
        "answer": answer,
        "columns": {name: column_titles.title(name, question).localized(language) for name in variables},
        "group": _group(question),
        "name": question.name,
        "parameters": [fields.field(parameter, language) for parameter in question.parameters],
        "summary": question.summary.localized(language),
        "text": HEADER_LINE.sub("", question.text).strip(),
    }


def _completions(graph_index: GraphIndex, publication: Publication) -> dict[str, object]:
    """Our prefixes, terms and resources, each with its label in the languages that are spoken, and terms with
    their notes too; where the cities of the graph lie; and the languages of names."""
    spoken = publication.languages
    named = sorted(node.value for node in graph_index.about if isinstance(node, NamedNode))
    terms, resources, places = [], [], {}

    def in_languages(text: Text) -> list[str]:
        return [text.localized(language) for language in spoken]

    for iri in named:
        name = graph_index.compress(iri)
        if name == iri or not name.partition(":")[2]:
            continue
        if publication.addresses.document(iri) is not None:
            resources.append([name, *in_languages(graph_index.label(iri))])
            if found := position(graph_index.text(iri, "geo:long"), graph_index.text(iri, "geo:lat")):
                longitude, latitude = map(float, found)
                names = sorted(
                    {label.value for label in graph_index.objects(iri, "rdfs:label") if isinstance(label, Literal)}
                )
                places[name] = [latitude, longitude, *names]
        elif iri.startswith(GP) or graph_index.objects(iri, "rdfs:isDefinedBy"):
            note = graph_index.texts(iri, "skos:definition") or graph_index.texts(iri, "skos:note")
            terms.append([name, *in_languages(graph_index.label(iri)), *in_languages(note)])
    return {
        "languages": languages_of_names(graph_index, publication),
        "places": places,
        "prefixes": dict(publication.prefixes),
        "resources": resources,
        "spoken": spoken,
        "terms": terms,
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
