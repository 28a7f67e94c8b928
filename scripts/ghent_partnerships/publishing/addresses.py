"""Where the document of each resource is, by its IRI."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from unicodedata import normalize
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from ..project.init.slugs import slug
from ..project.project import Project
from ..rdf.namespaces import GP, ONTOLOGY

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"\.(?=[A-Za-z][A-Za-z0-9]*$)")  # a.ttl would be the name of a file about a
_LONGEST = 200  # letters of a path, which has folders and a name
_UNNAMED = "index"  # of an IRI with nothing behind the namespace, or without a letter of ASCII there
AWAY = "doc/vocabulary/"  # where resources of the vocabulary make way to
_SPACE = ONTOLOGY.removesuffix("ontology")
_VOCABULARY = _SPACE + "id/"


@dataclass(frozen=True)
class Addresses:
    """The paths of documents, without an ending.

    What an IRI has behind one of the ``bases`` is what its document has behind ``doc/``; ``documents`` are those that
    this does not hold for, by the IRI without a fragment.
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
        if (found := self.documents.get(whole)) is not None:
            return found
        return next((f"doc/{whole.removeprefix(base)}" for base in self.bases if whole.startswith(base)), None)

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
        behind = next((iri.removeprefix(base) for base in self.bases if iri.startswith(base)), None)
        return (self.of(iri).removeprefix("doc/") if behind is None else behind).partition("/")[0]


def of(project: Project, triples: Iterable[Triple] = ()) -> Addresses:
    """The addresses of a project with cities: its own resources, and those of the vocabulary, which make way where a
    city calls something of its own as they are called. Those of a plain project follow from the IRIs that its triples
    are about."""
    subjects = {triple.subject.value.partition("#")[0] for triple in triples if isinstance(triple.subject, NamedNode)}
    if not project.is_plain:
        return Addresses(tuple(dict.fromkeys((project.id, _VOCABULARY))), _making_way(project, subjects))
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


def is_of_vocabulary(iri: str, project: Project) -> bool:
    """Whether a resource is one of the vocabulary, in a project of another base."""
    return iri.startswith(_SPACE) and not iri.startswith(project.id)


def _making_way(project: Project, subjects: Set[str]) -> dict[str, str]:
    """The documents of the resources of the vocabulary whose paths are those of the city's own."""
    names = (iri.removeprefix(_VOCABULARY) for iri in sorted(subjects) if iri.startswith(_VOCABULARY))
    is_apart = project.id != _VOCABULARY
    return {
        _VOCABULARY + name: f"{AWAY}{name.replace('/', '-')}"
        for name in names
        if is_apart and project.id + name in subjects
    }


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
    parts = [_ENDING.sub("_", _UNSAFE.sub("_", _ascii(unquote(part))).strip("._")) for part in rest.split("/")]
    return f"doc/resource/{'/'.join(filter(None, parts))[:_LONGEST].rstrip('/._') or _UNNAMED}"


def _ascii(text: str) -> str:
    """The text, what it has beside ASCII written in that as far as there is a likeness."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() else slug(char) or "_" for char in normalize("NFC", text))
