"""The small page about each entity that reconciliation finds, to be shown within the pages of clients."""

from __future__ import annotations

from collections.abc import Iterator

from ...dist import PREVIEWS
from ...rdf.serialize import File
from .reconciliation import Reconciliation


def files(reconciliation: Reconciliation) -> Iterator[File]:
    """The pages."""
    context = reconciliation.context
    for iri in reconciliation.entities:
        shared: dict[str, object] = {
            **context.shared,
            "description": reconciliation.description(iri),
            "iri": iri,
            "passages": list(context.evidences.passages(reconciliation.sentences(iri))),
            "title": context.graph_index.label(iri),
        }
        path = f"{PREVIEWS}/{reconciliation.id(iri)}"
        yield from context.pages.every("entity_preview.html", path, lambda _language, given=shared: given)  # type: ignore[misc]
