"""The graph of a project as its files stand, without a server; and the server of the protocol on standard input."""

from __future__ import annotations

import asyncio
from functools import partial

from pyoxigraph import Store

from ..process import CrashedError, isolated
from ..project.graph import triples
from ..project.project import Project
from ..rdf.namespaces import ONTOLOGY
from ..rdf.turtle import by_subject, published
from ..server.limits import Limits
from ..server.workers import outcomes
from ..server.workers.engine import DONE, TYPES, Names, Order, answer
from ..sparql.library import questions
from ..sparql.views import data_set, stored
from ..text import DEFAULT_LANGUAGE
from ..translation import load as load_catalogues
from .graph import Ask, Graph
from .service import service

_AT_ONCE = 2  # queries


def of_project(project: Project, limits: Limits, language: str = DEFAULT_LANGUAGE) -> Graph:
    """The graph of a project, as it stands now.

    Raises:
        InvalidError: a file has a syntax error, or the header of a query lacks something.
        UsageError: a file is missing or unreadable.
    """
    statements = triples(project.graph_files())
    store = stored(statements)
    described = bool(project.data_set.iri or project.base)  # a plain project may say nothing of itself
    of = data_set(store, project) if described else None
    terms = triples(project.ontology_files())
    return Graph(
        name=project.stem,
        title=(of.title.localized(language) if of else "") or project.stem,
        version=of.version if of else "",
        base=project.base,
        data_set=project.data_set.iri,
        languages=project.languages,
        prefixes=project.prefixes,
        questions={name: asked for name, asked in questions(project).items() if asked.folder != "views"},
        ontology=(ONTOLOGY, published(by_subject(terms), project.prefixes)) if terms else None,
        ask=_asking(store, limits, Names(project.sparql_endpoint if project.base else "", project.prefixes)),
        language=language,
    )


def _asking(store: Store, limits: Limits, names: Names) -> Ask:
    """What answers queries, each in a process of its own with the bounds of the endpoint."""
    load_catalogues()  # a process that can open no file says what is wrong
    turns = asyncio.Semaphore(_AT_ONCE)

    async def ask(order: Order, _client: str) -> tuple[str, bytes]:
        work = partial(answer, store, order, limits.answer, names)
        async with turns:
            try:
                kind, type_, _varies, content = await asyncio.to_thread(
                    isolated, work, limits.seconds, memory=limits.memory
                )
            except TimeoutError as error:
                raise outcomes.too_slow(limits.seconds) from error
            except CrashedError as error:
                raise outcomes.crash() from error
        if kind != DONE:
            raise outcomes.problem(kind, content, limits)
        return TYPES[type_], content

    return ask


def run(graph: Graph) -> None:
    """Answer on standard input and output until they are closed, by whichever side."""
    from mcp.server.stdio import stdio_server

    server = service(graph)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    try:
        asyncio.run(serve())
    except BaseExceptionGroup as group:  # of the tasks that read and write
        if (others := group.split(BrokenPipeError)[1]) is not None:
            raise others from group
