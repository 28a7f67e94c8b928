"""The schemas of the Reconciliation Service API and their examples, read as draft 7, each version by itself."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

import needs

VERSIONS = ("0.2", "1.0-draft")


def _folder(version: str) -> Path:
    return needs.shared("conformance/reconciliation") / version


@cache
def _registry(version: str) -> Registry:
    contents = [json.loads(path.read_bytes()) for path in sorted((_folder(version) / "schemas").glob("*.json"))]
    resources = [(each["$id"], Resource(contents=each, specification=DRAFT7)) for each in contents]
    return Registry().with_resources(resources)


def faults(version: str, schema: str, document: object) -> list[str]:
    """What is wrong with a document by a schema of a version."""
    stated = json.loads((_folder(version) / "schemas" / f"{schema}.json").read_bytes())
    validator = Draft7Validator({"$ref": stated["$id"]}, registry=_registry(version))
    return [error.message for error in validator.iter_errors(document)]


def examples(version: str, schema: str, verdict: str) -> Iterator[tuple[str, object]]:
    """The examples of a schema that are ``valid`` or ``invalid``, by their names."""
    for path in sorted((_folder(version) / "examples" / schema / verdict).glob("*.json")):
        yield path.stem, json.loads(path.read_bytes())
