"""What the service says of itself: its manifest in 0.2, and in the draft of 1.0."""

from __future__ import annotations

from ...dist import PREVIEW_SIZE, PREVIEWS
from .index import Index
from .results import Json, type_of

_SIZE = dict(zip(("width", "height"), PREVIEW_SIZE, strict=True))
VERSION, DRAFT = "0.2", "1.0-draft"


def manifest(index: Index, at: str, language: str, batch: int) -> Json:
    """The manifest of 0.2, of the service at an address."""
    root = at.rpartition("/")[0]
    return {
        **_shared(index, root, language, batch),
        "versions": [VERSION],
        "identifierSpace": index.space,
        "schemaSpace": index.schema,
        "view": {"url": f"{root}/doc/{{{{id}}}}"},
        "preview": {"url": f"{root}/{PREVIEWS}/{{{{id}}}}", **_SIZE},
        "suggest": {
            name: {"service_url": at, "service_path": f"/suggest/{name}"} for name in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": at, "service_path": "/extend/propose"},
            "property_settings": [],
        },
    }


def draft_manifest(index: Index, at: str, language: str, batch: int) -> Json:
    """The manifest of the draft of 1.0, whose root is below the service at an address."""
    root = at.rpartition("/")[0]
    return {
        **_shared(index, root, language, batch),
        "versions": [DRAFT],
        "lang": language,
        "view": {"url": f"{root}/doc/{{+id}}"},
        "preview": _SIZE,
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "standardizedScore": True,
    }


def _shared(index: Index, root: str, language: str, batch: int) -> Json:
    return {
        "name": index.title.localized(language),
        "documentation": f"{root}/data",
        "logo": f"{root}/favicon.svg",
        "serviceVersion": index.version,
        "defaultTypes": [type_of(index, each, language) for each in index.types],
        "batchSize": batch,
    }
