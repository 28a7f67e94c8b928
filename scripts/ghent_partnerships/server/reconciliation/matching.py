"""Which entities a query may mean, how well each fits and why, and whether it is certain which.

Certain is only who bears the name that is given, in whatever language or script, where nobody else bears it, or where
what else is given fits no other. What is similar is never certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from rapidfuzz import fuzz, process

from .agreement import Agreement, agreement
from .forms import LONGEST, folded, is_ambiguous, is_latin, sorted_words, written
from .index import Entity, Index, Name
from .queries import Query

_LEAST = 60.0  # of 100: names that are less alike are not the same
_SCANNED = 100  # similar names of a query
_BEARERS = 200  # of a name, so many are looked at
_SHARED = 95.0  # the most that a name is worth which others share but for what tells them apart
_NAMED, _KNOWN = 0.7, 0.3  # what the name and the conditions are worth together
_WHOLE = 100.0


@dataclass
class Found:
    """How an entity was found: by its id, or by the most similar of its names, and whether that is the name that is
    given, as it is written or in plain letters."""

    similarity: float = 0.0
    name: Name | None = None
    is_written: bool = False
    is_folded: bool = False
    is_identified: bool = False

    @property
    def bears(self) -> bool:
        """Whether the name that is given is a whole name of it."""
        return self.name is not None and self.name.whole and (self.is_written or self.is_folded)


@dataclass(frozen=True, eq=False)
class Candidate:
    """An entity that may be meant: how well it fits (0 to 100), how it was found, whether it is of the type that is
    asked for, which conditions it agrees with, whether others bear the name, and whether it is certain."""

    entity: Entity
    score: float
    found: Found
    of_type: bool | None = None
    agreements: Mapping[str, bool | None] = field(default_factory=dict)
    is_shared: bool = False
    match: bool = False


def candidates(index: Index, query: Query) -> list[Candidate]:
    """The candidates of a query, the best first."""
    found = _found(index, query)
    rated = list(_rated(index, query, found))
    rated.sort(key=lambda each: (-each.score, not each.found.is_written, not each.found.bears, each.entity.place))
    bearers = _bearers(query, rated)
    return [_judged(query, each, rated[0], bearers) for each in rated[: query.limit]]


def _found(index: Index, query: Query) -> dict[str, Found]:
    """The entities by their ids that have a similar name or the id; all, where neither is given."""
    if not query.names and not query.ids:
        return {id_: Found() for id_ in index.entities}
    found: dict[str, Found] = {}
    for text in query.names:
        for similarity, name, is_written, is_folded in _similar(index, text):
            known = found.setdefault(name.entity.id, Found())
            if (similarity, is_written, is_folded) > (known.similarity, known.is_written, known.is_folded):
                found[name.entity.id] = Found(similarity, name, is_written, is_folded)
    for identifier in query.ids:
        if (entity := index.entity(identifier.strip())) is not None:
            found[entity.id] = Found(_WHOLE, is_identified=True)
    return found


def _similar(index: Index, text: str) -> Iterator[tuple[float, Name, bool, bool]]:
    """The names that are like a text: how similar each is, and whether it is the same, as written and in plain
    letters."""
    if len(text) > LONGEST:
        return  # no name is as long
    for name in islice(index.of_written.get(written(text), ()), _BEARERS):
        yield _WHOLE if name.whole else _SHARED, name, True, True
    form = folded(text)
    if not form:
        return
    words, places = sorted_words(form), index.like(form)
    found: dict[str, float] = {}
    for asked, forms, most in ((form, index.forms, _WHOLE), (words, index.sorted_forms, _SHARED)):
        choices = {place: forms[place] for place in places}
        scanned = process.extract(asked, choices, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=_SCANNED)
        for _form, similarity, place in scanned:
            found[index.forms[place]] = max(min(similarity, most), found.get(index.forms[place], 0.0))
        if " " not in form:  # in order, whatever the order
            break
    is_read = not is_ambiguous(text)
    for known, similarity in found.items():
        for name in islice(index.of_form[known], _BEARERS):
            yield min(similarity, _WHOLE if name.whole and is_read else _SHARED), name, False, known == form


def _rated(index: Index, query: Query, found: Mapping[str, Found]) -> Iterator[Candidate]:
    """Those that are of the types and as the conditions require, with their scores."""
    conditions: list[tuple[str, bool, Agreement]] = []
    for condition in query.conditions:
        if (agrees := agreement(index, condition)) is not None:
            conditions.append((condition.property, condition.required, agrees))
        elif condition.required:
            return
    for id_, how in found.items():
        entity = index.entities[id_]
        of_type = _of_type(entity, query)
        if of_type is False and query.strict != "should":
            continue
        agreements: dict[str, bool | None] = {}
        for name, required, agrees in conditions:
            agreements[name] = found_so = agrees(entity)
            if required and not found_so:
                break
        else:
            if query.names or query.ids or any(agreements.values()):
                score = _score(query, how, agreements) * (_NAMED if of_type is False else 1)
                yield Candidate(entity, round(score, 2), how, of_type, agreements)


def _of_type(entity: Entity, query: Query) -> bool | None:
    """Whether it is of the types that are asked for; None where none are. What may be meant by something of a type is
    looked for among those of the type too."""
    if not query.types:
        return None
    types = {*entity.types, *entity.standing}
    return types.issuperset(query.types) if query.strict == "all" else not types.isdisjoint(query.types)


def _score(query: Query, how: Found, agreements: Mapping[str, bool | None]) -> float:
    if not agreements:
        return how.similarity
    known = _WHOLE * sum(map(bool, agreements.values())) / len(agreements)
    return _NAMED * how.similarity + _KNOWN * known if query.names or query.ids else known


def _bearers(query: Query, rated: list[Candidate]) -> list[Candidate]:
    """Who bears the name that is given, or a name that others share but for what tells them apart: as it is written, if
    it is of another script; else in the same plain letters too, as people leave out accents."""
    as_written = [each for each in rated if each.found.is_written]
    if as_written and not all(map(is_latin, query.names)):
        return as_written
    return [each for each in rated if each.found.is_written or each.found.is_folded]


def _judged(query: Query, candidate: Candidate, first: Candidate, bearers: list[Candidate]) -> Candidate:
    """The candidate, with whether others bear its name and whether it is certain."""
    how = candidate.found
    rivals = [each for each in bearers if each is not candidate]
    is_decided = bool(candidate.agreements) and all(False in rival.agreements.values() for rival in rivals)
    is_read = how.is_written or not any(map(is_ambiguous, query.names))
    is_certain = (
        candidate is first
        and len({*query.names, *query.ids}) == 1
        and (not query.types or not {*query.types}.isdisjoint(candidate.entity.types))
        and all(candidate.agreements.values())
        and (how.is_identified or (how.bears and is_read and candidate in bearers and (not rivals or is_decided)))
    )
    return replace(candidate, is_shared=candidate in bearers and bool(rivals), match=is_certain)
