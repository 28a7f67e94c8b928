"""Where the document of each resource is, by its IRI."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from ..project.project import Project
from ..rdf.namespaces import GP, ONTOLOGY

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"\.(?=[A-Za-z][A-Za-z0-9]*$)")  # a.ttl would be the name of a file about a
_LONGEST = 200  # letters of a path, which has folders and a name
_UNNAMED = "index"  # of an IRI with nothing behind the namespace, or without a letter of ASCII there
_VOCABULARY = ONTOLOGY.removesuffix("ontology") + "id/"


@dataclass(frozen=True)
class Addresses:
    """The paths of documents, without an ending.

    What an IRI has behind one of the ``bases`` is what its document has behind ``doc/``; ``documents`` are those of
    others, by the IRI without a fragment.
    """

    bases: tuple[str, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)

    @property
    def roots(self) -> tuple[str, ...]:
        """What the IRIs of all that have documents start with."""
        return self.bases or ("",)

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


def of(project: Project, triples: Iterable[Triple] = ()) -> Addresses:
    """The addresses of a project with cities: its own resources, and those of the vocabulary. Those of a plain project
    follow from the IRIs that its triples are about."""
    if not project.is_plain:
        return Addresses(bases=tuple(dict.fromkeys((project.id, _VOCABULARY))))
    subjects = {triple.subject.value.partition("#")[0] for triple in triples if isinstance(triple.subject, NamedNode)}
    space = common(subjects)
    documents: dict[str, str] = {}
    taken: set[str] = set()
    numbers: Counter[str] = Counter()  # where thousands share a path, each begins where the last one ended
    for iri in sorted(subjects):
        path = found = _path(iri, space)
        while found.casefold() in taken:  # some file systems know no case
            numbers[path.casefold()] += 1
            found = f"{path}-{numbers[path.casefold()] + 1}"
        taken.add(found.casefold())
        documents[iri] = found
    return Addresses(documents=documents)


def common(iris: Iterable[str]) -> str:
    """What most of the IRIs start with, up to a slash: the longest namespace that half of them and more share."""
    known = list(iris)
    counts = Counter(iri[: cut + 1] for iri in known for cut in _slashes(iri))
    shared = (space for space, count in counts.items() if count * 2 > len(known))
    return max(shared, key=lambda space: (len(space), space), default="")


def _slashes(iri: str) -> Iterator[int]:
    """Where the slashes of the path are."""
    return (match.start() for match in re.finditer("/", iri) if match.start() > iri.find("://") + 2)


def _path(iri: str, space: str) -> str:
    """A path of letters and digits that files can have everywhere: what the IRI has behind the common namespace, or of
    another its host and path. No part begins with what hosts keep from readers, and none ends like a file."""
    rest = iri.removeprefix(space) if space and iri.startswith(space) else re.sub(r"^[A-Za-z][\w+.-]*:/*", "", iri)
    parts = [_ENDING.sub("_", _UNSAFE.sub("_", unquote(part)).strip("._")) for part in rest.split("/")]
    return f"doc/resource/{'/'.join(filter(None, parts))[:_LONGEST].rstrip('/._') or _UNNAMED}"
