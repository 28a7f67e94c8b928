"""Entities by their names: in any language and script, as the source spells them, and with typing errors."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from anyascii import anyascii
from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from ..rdf.namespaces import PREFIXES, expand
from .graph import Graph

_NAMES = ("rdfs:label", "skos:prefLabel", "skos:altLabel", "dcterms:title", "gp:nameAsStated", "schema:alternateName")
_LEAST = 72.0  # of 100, below which names are not alike
_SHORT = 4  # letters in which one that is wrong makes another name
_CANDIDATES = 400


class _Name(NamedTuple):
    entity: str
    name: str
    language: str | None


class Names:
    """The names of the entities of a graph, read when they are first asked for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names: list[_Name] | None = None
        self._letters: list[str] = []
        self._types: dict[str, list[str]] = {}

    async def find(self, name: str, most: int) -> list[dict[str, Any]]:
        """The entities with a name like this, the most alike first: each with the name that is alike, how alike it is
        from 0 to 100, whether it is the same but for case and script, its classes and its label.

        Raises:
            Problem: the graph does not answer.
        """
        if self._names is None:
            await self._read()
        assert self._names is not None
        asked = _letters(name)
        if not asked:
            return []
        scorer: Any = fuzz.ratio if len(asked) <= _SHORT else _alike
        found = process.extract(asked, self._letters, scorer=scorer, score_cutoff=_LEAST, limit=_CANDIDATES)
        best: dict[str, tuple[float, _Name]] = {}
        for letters, score, number in found:
            entry, score = self._names[number], 100.0 if letters == asked else min(score, 99.0)
            if entry.entity not in best or score > best[entry.entity][0]:
                best[entry.entity] = score, entry
        base = self._graph.base
        ordered = sorted(
            best.values(), key=lambda pair: (-pair[0], not pair[1].entity.startswith(base), pair[1].entity)
        )
        return [
            {
                "entity": entry.entity,
                "name": entry.name,
                "language": entry.language,
                "score": round(score, 1),
                "exact": score == 100.0,
                "types": self._types.get(entry.entity, []),
            }
            for score, entry in ordered[:most]
        ]

    async def _read(self) -> None:
        found = await self._graph.rows(_QUERY)
        names, types = dict[_Name, None](), dict[str, list[str]]()
        for row in found.rows:
            entity, name = row["entity"], row["name"]
            if isinstance(entity, NamedNode) and isinstance(name, Literal):
                names[_Name(entity.value, name.value, name.language)] = None
        for row in (await self._graph.rows(_TYPES)).rows:
            if isinstance(entity := row["entity"], NamedNode) and isinstance(kind := row["class"], NamedNode):
                types.setdefault(entity.value, []).append(kind.value)
        self._names, self._types = list(names), {entity: sorted(kinds) for entity, kinds in types.items()}
        self._letters = [_letters(entry.name) for entry in self._names]


def _alike(first: Sequence[Hashable], second: Sequence[Hashable], /, *, score_cutoff: float | None = None) -> float:
    """How alike two names are: as they stand, in any order of their words, or one within the other, which counts less
    than a name that is alike as a whole."""
    asked, other = str(first), str(second)
    whole = max(fuzz.ratio(asked, other), fuzz.token_sort_ratio(asked, other))
    score = max(whole, 0.9 * fuzz.token_set_ratio(asked, other))
    return score if score >= (score_cutoff or 0.0) else 0.0


def _letters(name: str) -> str:
    """The name in plain letters and lower case, words parted by a space."""
    plain = anyascii(name).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def entity_iri(text: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of an entity, which may be written with a prefix or in angle brackets."""
    prefix, colon, local = text.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else text.removeprefix("<").removesuffix(">")


_PREDICATES = " ".join(f"<{expand(name)}>" for name in _NAMES)
_NO_ENTITY = f"FILTER NOT EXISTS {{ ?entity a <{PREFIXES['oa']}TextQuoteSelector> }}"
_QUERY = f"SELECT ?entity ?name WHERE {{ VALUES ?is {{ {_PREDICATES} }} ?entity ?is ?name . {_NO_ENTITY} }}"
_TYPES = f"SELECT ?entity ?class WHERE {{ ?entity a ?class . {_NO_ENTITY} }}"
