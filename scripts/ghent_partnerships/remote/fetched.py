"""A project whose graph is that of a store: fetched into files that stand in the place of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat, Triple

from ..errors import UsageError
from ..project.graph import triples
from ..project.project import FETCHED, Project
from ..rdf.concepts import without_top_concepts
from ..rdf.values import rewritten
from .endpoint import Endpoint
from .graph import MOST, Progress, fetch, with_graphs


def fetched(
    endpoint: Endpoint, project: Project, folder: Path, *, most: int = MOST, report: Progress = lambda _stage: None
) -> tuple[Project, int]:
    """Fetch the graph of an endpoint into a folder, and return the project with that graph in the place of its own.

    The settings, the shapes and the queries remain those of the project. What is published beside what is stated, the
    top concepts, is left out where the files of the project do not state it. The ontology is what a graph of its name
    holds, and what is about a term of that of the project. A literal that has the value that the files of the project
    state, and not the form, since the store keeps values, gets their form back; how many these are is returned, too.

    Raises:
        UsageError: as for ``fetch``, or there are no files of the project.
        InvalidError: a file of its ontology has a syntax error.
    """
    endpoint = with_graphs(endpoint, project)
    graphs = fetch(endpoint, project.data_set.iri, most=most, report=report)
    named = set() if project.is_plain else set(graphs.get(project.graph_names[0], ()))
    terms, concepts = (
        {triple.subject for triple in triples(files)} for files in (project.ontology_files(), project.concept_files())
    )
    parts: dict[str, list[Triple]] = {FETCHED.ontology: [], FETCHED.concepts: [], FETCHED.data: []}
    here = set(_here(project))
    stated = without_top_concepts(dict.fromkeys(chain.from_iterable(graphs.values())), here)
    forms = rewritten(here, stated)
    stated = [forms.get(triple, triple) for triple in stated]
    for triple in stated:
        is_term = triple in named or triple.subject in terms
        part = FETCHED.concepts if triple.subject in concepts else FETCHED.ontology if is_term else FETCHED.data
        parts[part].append(triple)
    for name, statements in {**parts, FETCHED.data_set: _described(project, stated)}.items():
        if statements:
            (folder / name).write_bytes(pyoxigraph.serialize(statements, format=RdfFormat.N_TRIPLES) or b"")
    return project._replace(fetched=folder), len(forms)


def _here(project: Project) -> list[Triple]:
    """The triples of the files of the project, which may have none."""
    try:
        return triples(project.graph_files())
    except UsageError:
        return []


def _described(project: Project, stated: Iterable[Triple]) -> list[Triple]:
    """The description of the data set: that of the project, as far as the graph states it, in its order, and what else
    the graph states of its subjects."""
    here = project.data_set.triples
    subjects = {triple.subject for triple in here}
    now = dict.fromkeys(triple for triple in stated if triple.subject in subjects)
    return list(dict.fromkeys([*(triple for triple in here if triple in now), *now]))
