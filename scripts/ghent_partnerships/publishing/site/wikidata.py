"""What the site shows of the snapshot of Wikidata, marked as that; nothing where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ...rdf.serialize import File
from ...text import Text
from ...translation import digits
from ...translation import message as _
from ...wikidata import compare
from ...wikidata.compare import Comparison, compared
from ...wikidata.comparison_reports import HEADINGS, document, summary, words
from ...wikidata.declined import read_declined
from ...wikidata.snapshot import Population
from ...wikidata.terms import PREFIXES, item
from ...wikidata.ties import Graph
from ..publication import Publication
from .context import Context

PAGE, JSON = "wikidata", "wikidata.json"
_FIRST_DAY = "-01-01"  # how Wikidata's RDF writes what is known to the year alone


def paths(publication: Publication) -> list[str]:
    """The page of the comparison, if there is a snapshot."""
    return [PAGE] if has_snapshot(publication) else []


def has_snapshot(publication: Publication) -> bool:
    """Whether the project is about cities and has a snapshot."""
    file: Path = publication.project.snapshot_file
    return not publication.project.is_plain and file.is_file()


def facts(context: Context, iri: str) -> dict[str, object]:
    """What Wikidata says of a city that the graph does not: how many people live there, and a picture."""
    found: dict[str, object] = {"elsewhere": None}
    numbers = [number for each in context.graph_index.iris(iri, "owl:sameAs") if (number := item(each))]
    snapshot = context.snapshot
    for number in numbers[:1] if snapshot else ():
        assert snapshot
        population, image = snapshot.population(number), snapshot.image_page(number)
        if population or image:
            found["elsewhere"] = {
                "address": PREFIXES["wd"] + number,
                "day": snapshot.retrieved,
                "image": image,
                "item": number,
                "population": _inhabitants(population) if population else None,
            }
    return found


def _inhabitants(population: Population) -> Text:
    number, day = digits(population.number), population.day
    if not day:
        return _("{number} inhabitants", number=number)
    if day.endswith(_FIRST_DAY):
        return _("{number} inhabitants in {year}", number=number, year=day.removesuffix(_FIRST_DAY))
    return _("{number} inhabitants on {day}", number=number, day=day)


def files(context: Context) -> Iterator[File]:
    """The page that holds the partnerships against the twinnings of Wikidata, and the same as JSON."""
    if context.snapshot is None:
        return
    project = context.publication.project
    comparison = compared(Graph(context.graph_index, project), context.snapshot, read_declined(project))
    shared = {**context.shared, "sections": list(_sections(comparison)), "summary": summary(comparison)}
    yield from context.pages.every(
        "wikidata.html", PAGE, lambda _language: {**shared, "source": comparison.source, "json": JSON}
    )
    yield JSON, json.dumps(document(comparison), ensure_ascii=False, indent=1).encode() + b"\n"


def _sections(comparison: Comparison) -> Iterator[dict[str, object]]:
    for state in compare.STATES:
        if pairs := comparison.of(state):
            yield {
                "state": state,
                "title": HEADINGS[state],
                "pairs": [
                    {
                        "cities": list(zip(pair.cities, pair.items, pair.labels, strict=True)),
                        "partnerships": [each.iri for each in pair.partnerships],
                        "differences": [words(each, pair) for each in pair.differences],
                    }
                    for pair in pairs
                ],
            }
