"""What no document or format can hold, so that nobody could publish it: odd IRIs, blank nodes of a city, what RDF/XML
lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode

from ..findings import Finding
from ..project.project import Project
from ..rdf import rdf_xml
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from .rule_words import Words, finding

_PATH = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*(?:#[A-Za-z][\w-]*)?")


def unwritable(
    project: Project, graph: Iterable[Document], about: Iterable[Document], words: Words | None = None
) -> Iterator[Finding]:
    """What cannot be published of the documents of a project's graph, and of those ``about`` it, in these words, by
    default those of the package. What comes with the package can be.

    Raises:
        InvalidError: a rule that is broken has no words.
    """
    for documents, has_blanks in ((graph, project.is_plain), (about, True)):
        for document in documents:
            if not project.is_carried(document.path) or project.is_packaged:
                yield from _of_document(document, project, words, has_blanks=has_blanks)


def _of_document(document: Document, project: Project, words: Words | None, *, has_blanks: bool) -> Iterator[Finding]:
    source_map = SourceMap([document], [])
    for triple in document.triples:
        if not has_blanks and BlankNode in (type(triple.subject), type(triple.object)):
            yield finding("GP269", source_map.of(*triple), words)
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        if not project.is_plain and subject.startswith(project.id) and not _PATH.fullmatch(subject[len(project.id) :]):
            scheme = f"{project.id}<type>/<slug>"
            yield finding("GP270", source_map.of(*triple), words, term=f"<{subject}>", scheme=scheme)
        if any(isinstance(term, NamedNode) and term.value.startswith("file:") for term in triple):
            yield finding("GP271", source_map.of(*triple), words)
        if (found := rdf_xml.fault(triple)) is not None:
            reason, remedy = found
            yield finding("GP272", source_map.of(*triple), words, reason=reason, remedy=remedy)
