"""The page of each resource, and the list of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import QuerySolutions, Triple

from ...rdf.namespaces import GP, PREFIXES
from ...rdf.serialize import File
from ...rdf.turtle import by_subject, serialize
from ...sparql.library import Question, questions
from ...sparql.run import Results, ask
from ...text import Text
from ...translation import message as _
from . import column_titles, query_page, schema_org
from .context import Context
from .facts import Value
from .story import capital

MOST = 1_000  # of the resources of a kind, so many are listed on one page
_ROWS = 200  # of an answer, so many stand on the page of its question
_FOLDERS: dict[str, Text] = {  # in the order in which people look for them
    "city": _("Cities"),
    "partnership": _("Partnerships"),
    "agreement": _("Agreements"),
    "outcome": _("Outcomes"),
    "period": _("Periods"),
    "activity": _("Activities"),
    "concept": _("Concepts"),
    "scheme": _("Lists of concepts"),
    "group": _("Unnamed groups"),
    "country": _("Countries"),
    "candidate": _("Candidates"),
    "inference": _("Inferences"),
    "source": _("Sources"),
    "fragment": _("Sentences of sources"),
    "dataset": _("Data sets"),
    "query": _("Queries"),
    "shape": _("Rules"),
    "rule": _("Rules beyond SHACL"),
}


def files(context: Context, more_of: Callable[[str], Mapping[str, object]] = lambda _iri: {}) -> Iterator[File]:
    """The page of each resource; a question's has the answer. ``more_of`` is what else a page is given."""
    addresses, project = context.publication.addresses, context.publication.project
    asked = {f"{project.id}query/{name}": question for name, question in questions(project).items()}
    answered = {
        question.name: question.text
        for iri, question in asked.items()
        if iri in context.about and question.folder != "views"
    }
    answers = ask(context.store, answered)
    listed = set(context.listed)
    for iri, statements in context.about.items():
        path = addresses.of(iri)
        lead = context.story.lead(iri)
        type_ = context.graph_index.type(iri) or ""
        shared: dict[str, object] = {
            **context.shared,
            "folder": addresses.folder(iri),
            "groups": context.resource_facts.groups(iri),
            "gone": iri not in listed,
            "iri": iri,
            "lead": lead,
            "mentions": context.resource_facts.mentions(iri),
            "tree": (),
            "successors": context.graph_index.iris(iri, "dcterms:isReplacedBy"),
            "title": context.graph_index.label(iri),
            "unshown": context.evidences.unshown(iri),
            "type": type_.removeprefix(GP),
            "type_label": capital(context.graph_index.label(type_)) if type_ else _("Resource"),
            "whole": context.evidences.whole(iri),
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
            return {**shared, "structured": about}  # noqa: B023

        yield from context.pages.every(template, path, given)


@dataclass(frozen=True)
class Part:
    """A part of a long list: the path of its page without an ending, and the resources in it."""

    path: str
    resources: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """The resources of a kind. Where there are too many for the page of all, ``parts`` are the pages that list them."""

    folder: str
    title: Text
    resources: tuple[Value, ...]

    @cached_property  # each of its parts asks for it
    def parts(self) -> tuple[Part, ...]:
        """The pages with the resources in parts; none where one page lists all."""
        if len(self.resources) <= MOST:
            return ()
        starts = enumerate(range(0, len(self.resources), MOST), 1)
        return tuple(
            Part(f"resources/{self.folder}-{number}", self.resources[start : start + MOST]) for number, start in starts
        )


def sections(context: Context) -> list[Section]:
    """All resources that are listed, by what they are."""
    by_folder: dict[str, list[str]] = {}
    for iri in context.listed:
        by_folder.setdefault(context.publication.addresses.folder(iri), []).append(iri)
    order = {folder: place for place, folder in enumerate(_FOLDERS)}
    found = []
    for folder in sorted(by_folder, key=lambda folder: (order.get(folder, len(order)), folder)):
        references = sorted(
            map(context.resource_facts.reference, by_folder[folder]),
            key=lambda reference: (str(reference.text).casefold(), reference.title),
        )
        found.append(Section(folder, _FOLDERS.get(folder, Text(folder)), tuple(references)))
    return found


def listing(context: Context, listed: Sequence[Section]) -> Iterator[File]:
    """The list of all resources, by what they are, and the pages of those kinds that have too many for it."""
    yield from context.pages.every("resources.html", "resources", lambda _: {**context.shared, "sections": listed})
    for section in listed:
        for part in section.parts:
            yield from _part(context, section, part)


def _part(context: Context, section: Section, part: Part) -> Iterator[File]:
    """The page of a part of a long list, with the way to the others."""
    given = {**context.shared, "part": part, "section": section}
    yield from context.pages.every("resources_part.html", part.path, lambda _: given)


def _shape(context: Context, iri: str, statements: Sequence[Triple]) -> dict[str, object]:
    rule = next((rule for rule in context.rules if rule.code == context.graph_index.text(iri, "skos:notation")), None)
    shaped = iri.startswith(PREFIXES["shape"])
    turtle = serialize(by_subject(statements), context.publication.prefixes).partition("\n\n")[2] if shaped else ""
    means = {"lead": rule.means} if rule else {}
    return {"groups": [], "rule": rule, "turtle": turtle, **means}


def _asked(context: Context, question: Question, answer: Results | None) -> dict[str, object]:
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
