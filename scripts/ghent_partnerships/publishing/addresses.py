"""Where the document of each resource is, by its IRI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..project.project import Project
from ..rdf.namespaces import GP, ONTOLOGY

_VOCABULARY = ONTOLOGY.removesuffix("ontology") + "id/"


@dataclass(frozen=True)
class Addresses:
    """The paths of documents, without an ending.

    What an IRI has behind one of the ``bases`` is what its document has behind ``doc/``; ``documents`` are those of
    others, by the IRI without a fragment.
    """

    bases: tuple[str, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)

    def document(self, iri: str) -> str | None:
        """The document of a resource; None of what is no resource of the project or its vocabulary."""
        whole = iri.partition("#")[0]
        for base in self.bases:
            if whole.startswith(base):
                return f"doc/{whole.removeprefix(base)}"
        return self.documents.get(whole)

    def of(self, iri: str) -> str:
        """The document of a resource that has one."""
        found = self.document(iri)
        assert found is not None, iri
        return found

    def home(self, iri: str) -> tuple[str, str] | None:
        """The page about an IRI, without an ending, and the fragment in it; None where there is none."""
        if self.bases and (iri == ONTOLOGY or iri.startswith(GP)):
            return "ontology", iri.removeprefix(ONTOLOGY).removeprefix("#")
        path = self.document(iri)
        return None if path is None else (path, iri.partition("#")[2])

    def folder(self, iri: str) -> str:
        """The type that the IRI of a resource names, like ``city``."""
        return self.of(iri).removeprefix("doc/").partition("/")[0]


def of(project: Project) -> Addresses:
    """The addresses of a project with cities: its own resources, and those of the vocabulary."""
    return Addresses(bases=tuple(dict.fromkeys((project.id, _VOCABULARY))))
