"""The page of each resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from markupsafe import Markup
from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from ...project.coordinates import distance, position
from ...rdf.namespaces import GP, PREFIXES, expand
from ...rdf.serialize import File
from ...rdf.turtle import by_subject, serialize
from ...sparql.library import Question, questions
from ...text import Text, in_each
from ...translation import message as _
from . import column_titles, query_page, schema_org, wikidata
from .context import Context
from .facts import MOST, Mentions
from .story import capital

_ROWS = 200  # of an answer, so many stand on the page of its question
_PAIR = 2
_LINES = 60  # of the map of a city with more partnerships
_MAPPED = (
    500  # partnerships: where there are more, the pages of resources have no maps, which would be most of the work
)
_TOLD = 3  # of what a description of a page enumerates
_PART = expand("dcterms:isPartOf")
_SHOWN = {expand("gp:City"): (expand("gp:party"),)}  # what refers to a resource and stands at the head of its page


def files(context: Context, more_of: Callable[[str], Mapping[str, object]] = lambda _iri: {}) -> Iterator[File]:
    """The page of each resource; a question's has the answer. ``more_of`` is what else a page is given."""
    addresses, project = context.publication.addresses, context.publication.project
    asked = {f"{project.id}query/{name}": question for name, question in questions(project).items()}
    answered = {
        question.name: question.text
        for iri, question in asked.items()
        if iri in context.about and question.folder != "views"
    }
    answers = context.answers.read(answered)
    listed = set(context.listed)
    for iri, statements in context.about.items():
        path = addresses.of(iri)
        lead = context.story.lead(iri)
        type_ = context.graph_index.type(iri) or ""
        whole = context.evidences.whole(iri)
        mentions = context.resource_facts.mentions(iri, (_PART,) if whole else _SHOWN.get(type_, ()))
        shared: dict[str, object] = {
            **context.shared,
            **_partnerships(context, iri, type_),
            **_candidates(context, iri, type_),
            **wikidata.facts(context, iri if type_ == expand("gp:City") else ""),
            "description": description(context, iri, lead, mentions),
            "folder": addresses.folder(iri),
            "groups": context.resource_facts.groups(iri),
            "gone": iri not in listed,
            "iri": iri,
            "lead": lead,
            "mentions": mentions,
            "most": MOST,
            "names_of": context.resource_facts.names,
            "resting": context.resource_facts.resting,
            "tree": (),
            "successors": context.graph_index.iris(iri, "dcterms:isReplacedBy"),
            "title": context.graph_index.label(iri),
            "unshown": context.evidences.unshown(iri),
            "type": type_.removeprefix(GP),
            "type_label": capital(context.graph_index.label(type_)) if type_ else _("Resource"),
            "whole": whole,
        }
        template = "resource.html"
        if iri in asked:
            template, more = "query_resource.html", _asked(context, asked[iri], answers.get(asked[iri].name))
        elif iri.startswith((PREFIXES["shape"], PREFIXES["rule"])):
            template, more = "shape_resource.html", _shape(context, iri, statements)
        else:
            more = {}
        shared |= {**more, **more_of(iri)}

        def given(language: str) -> dict[str, object]:
            about = schema_org.web_page(context.graph_index, context.publication, path, language, iri, lead)  # noqa: B023
            return {**shared, **_maps(context, shared, iri, path, language), "structured": about}  # noqa: B023

        yield from context.pages.every(template, path, given)


def _partnerships(context: Context, iri: str, type_: str) -> dict[str, object]:
    """The partners of a city, the parties of a partnership, and the cities of a country."""
    index = context.graph_index
    located = index.mentions.get(iri, {}).get(expand("gp:country"), ()) if type_ == expand("schema:Country") else ()
    cities = sorted({city for city in located if index.type(city) == expand("gp:City")})
    return {
        "cities": [(city, context.partners.of(city)) for city in cities[:MOST]],
        "more_cities": max(0, len(cities) - MOST),
        "parties": index.iris(iri, "gp:party"),
        "partners": context.partners.of(iri) if type_ == expand("gp:City") else [],
    }


def _candidates(context: Context, iri: str, type_: str) -> dict[str, object]:
    """The places of which one may be meant: by this city, or beside this place."""
    index = context.graph_index
    candidates = index.iris(iri, "gp:possibleMatch")
    meant = bool(candidates)
    if type_ == expand("gp:Candidate"):
        cities = sorted(index.mentions.get(iri, {}).get(expand("gp:possibleMatch"), ()))
        candidates = sorted({each for city in cities for each in index.iris(city, "gp:possibleMatch")})[:MOST]
    return {"candidates": candidates, "kilometres": _kilometres(context, candidates), "meant": meant}


def _maps(context: Context, shared: Mapping[str, object], iri: str, path: str, language: str) -> dict[str, object]:
    """The map of a city, a partnership or the cities of a country, where their places are known, and that of the places
    that may be meant."""
    maps = context.maps
    partners, candidates, parties, cities = (shared[name] for name in ("partners", "candidates", "parties", "cities"))
    assert isinstance(partners, list)
    assert isinstance(candidates, list)
    assert isinstance(parties, list)
    assert isinstance(cities, list)
    partnerships: list[str] = []
    if parties and sum(maps.place(city) is not None for city in parties) > 1:
        partnerships = [iri]
    elif context.graph_index.type(iri) == expand("gp:City") and maps.place(iri) is not None:
        partnerships = [partner.partnership for partner in partners[:_LINES]]
    elif cities:
        placed = [partners for city, partners in cities if maps.place(city) is not None]
        named = dict.fromkeys(partner.partnership for partners in placed for partner in partners)
        partnerships = list(named)[:_LINES]
    return {
        "candidates_map": _map(context, (), tuple(candidates), path, language),
        "map": _map(context, tuple(partnerships), (), path, language),
    }


def _map(context: Context, partnerships: tuple[str, ...], others: tuple[str, ...], path: str, language: str) -> Markup:
    """A map, drawn once for all pages of a folder and a language: a city with one partnership is seen on the map of
    that. Empty where there is nothing to draw, or the graph has too many partnerships."""
    if not (partnerships or others) or len(context.maps.starts) > _MAPPED:
        return Markup()
    key = partnerships, others, path.count("/"), language
    if key not in context.drawn:
        starts = [context.story.partnership_start(iri) for iri in partnerships]
        ident = "candidates" if others else "map"
        link = context.pages.link(path, language)
        context.drawn[key] = context.maps.of(starts, language, link, ident=ident, others=others)
    return context.drawn[key]


def _kilometres(context: Context, iris: Sequence[str]) -> int | None:
    """How far two places lie apart, rounded to tens; None where they are not two, or one has no place."""
    index = context.graph_index
    found = [position(index.text(iri, "geo:long"), index.text(iri, "geo:lat")) for iri in iris]
    places = [place for place in found if place is not None]
    return round(distance(*places) / 10) * 10 if len(places) == len(iris) == _PAIR else None


def description(context: Context, iri: str, lead: Text, mentions: Sequence[Mentions]) -> Text:
    """What the page of a resource says, in a sentence or two: what it is, and what refers to it."""
    index = context.graph_index
    type_ = index.type(iri)
    what = lead or index.texts(iri, "rdfs:comment") or (capital(index.label(type_)) if type_ else _("Resource"))
    title = context.publication.of.title
    partners = context.partners.of(iri) if type_ == expand("gp:City") else []

    def written(language: str) -> str:
        sentences = [f"{index.label(iri).localized(language)}: {what.localized(language).rstrip('.')}."]
        sentences += [f"{partner.text.localized(language)}." for partner in partners[:_TOLD]]
        for mention in mentions[:_TOLD]:
            names = ", ".join(value.text.localized(language) for value in mention.by[:_TOLD])
            sentences.append(f"{capital(mention.label).localized(language)}: {names}.")
        if len(sentences) == 1:  # a shape, which leads nowhere in a word
            sentences.append(f"{title.localized(language)}.")
        return " ".join(sentences)

    return in_each(context.publication.languages, written)


def _shape(context: Context, iri: str, statements: Sequence[Triple]) -> dict[str, object]:
    rule = next((rule for rule in context.rules if rule.code == context.graph_index.text(iri, "skos:notation")), None)
    shaped = iri.startswith(PREFIXES["shape"])
    turtle = serialize(by_subject(statements), context.publication.prefixes).partition("\n\n")[2] if shaped else ""
    means = {"lead": rule.means} if rule else {}
    return {"groups": [], "rule": rule, "turtle": turtle, **means}


def _asked(context: Context, question: Question, answer: QuerySolutions | QueryBoolean | None) -> dict[str, object]:
    columns: list[Text] = []
    rows, unlisted = None, 0
    if isinstance(answer, QuerySolutions):
        columns = [column_titles.title(variable.value, question) for variable in answer.variables]
        found = list(answer)
        unlisted = max(0, len(found) - _ROWS)
        rows = [[None if cell is None else context.resource_facts.value(cell) for cell in row] for row in found[:_ROWS]]
    return {
        "columns": columns,
        "groups": [],
        "lead": Text(question.name),
        "parameters": question.parameters,
        "rows": rows,
        "embedding": query_page.embedding(question.name),
        "run": query_page.fragment(question.name),
        "text": question.text,
        "title": question.summary,
        "unlisted": unlisted,
    }
