"""What cannot be published of a project that is right otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode

from ..findings import Finding
from ..project.project import Project
from ..rdf import rdf_xml
from ..rdf.index import GraphIndex
from ..rdf.source_map import SourceMap
from ..translation import message as _
from ..validation.documents import ProjectDocuments
from .catalogue import catalogue

_PATH = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*(?:#[A-Za-z][\w-]*)?")


def unpublishable(documents: ProjectDocuments, project: Project) -> Iterator[Finding]:
    """What keeps a project from being published."""
    yield from _unwritable(documents, project)
    yield from _uncatalogued(documents, project)


def _unwritable(documents: ProjectDocuments, project: Project) -> Iterator[Finding]:
    """What has no document, and what a format cannot hold: odd IRIs, blank nodes in the data, what RDF/XML lacks."""
    has_no_blanks = not project.is_plain
    for document in (*documents.graph, *documents.shapes, *documents.rules, *documents.style, *documents.queries):
        source_map = SourceMap([document], [])
        for triple in document.triples:
            if (
                has_no_blanks
                and BlankNode in (type(triple.subject), type(triple.object))
                and document in documents.graph
            ):
                message = _("A blank node cannot be published: {triple}.", triple=triple)
                help_ = _("Give it an IRI of the scheme.")
                yield Finding(message=message, help=help_, location=source_map.of(*triple))
            subject = str(triple.subject)[1:-1]
            if (
                not project.is_plain
                and subject.startswith(project.id)
                and not _PATH.fullmatch(subject.removeprefix(project.id))
            ):  # it becomes a file's path
                message = _(
                    "<{iri}> is not an IRI of the scheme {scheme}.", iri=subject, scheme=f"{project.id}<type>/<slug>"
                )
                help_ = _("Write the slug in lower-case ASCII words joined by hyphens.")
                yield Finding(message=message, help=help_, location=source_map.of(*triple))
            if any(isinstance(term, NamedNode) and term.value.startswith("file:") for term in triple):
                message = _(
                    "A relative IRI names a file of this machine, and cannot be published: {triple}.", triple=triple
                )
                yield Finding(message=message, help=_("Write it in full."), location=source_map.of(*triple))
            if (found := rdf_xml.fault(triple)) is not None:
                reason, remedy = found
                message = _("{reason}: {triple}.", reason=reason, triple=triple)
                yield Finding(message=message, help=remedy, location=source_map.of(*triple))


def _uncatalogued(documents: ProjectDocuments, project: Project) -> Iterator[Finding]:
    """What the data set says of itself and the catalogue cannot."""
    data_set = project.data_set.iri
    for document in documents.graph:
        if data_set and any(triple.subject == NamedNode(data_set) for triple in document.triples):
            yield from catalogue.unknown(GraphIndex(document.triples), data_set, document.name)
