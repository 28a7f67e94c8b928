"""The description of the API in OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1. It is written in each language, and
is all that the server knows of the API: what is for it alone has a name that begins with ``x-``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...dist import API, PAGE
from ...text import Text
from ...translation import message as _
from ..publication import Publication
from ..site.story import capital
from .operations import Column, Operation, Parameter

Localized = Callable[[Text], str]
Part = dict[str, object]
_EXAMPLES = 2  # rows
_MOST = 2_147_483_647
_PROBLEM = "application/problem+json"
_FORMS = {"json": "application/json", "csv": "text/csv", "geojson": "application/geo+json"}
_ABOUT = _(
    "Each address answers in JSON, in CSV and, where there are coordinates, in GeoJSON: by the header Accept, by "
    "?format=csv, or by an ending such as .csv. Of a list, limit and offset take a part, whose header Link leads to "
    "the next. An answer without parameters is also a file, for hosts without a server."
)
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_TAGS = {"tables": _("Tables"), "queries": _("Questions")}
_SHARED = {
    "limit": _("how many rows to answer with, at most"),
    "offset": _("how many rows to leave out before"),
    "format": _("the form of the answer, before the header Accept"),
}
_HEADERS: dict[str, tuple[Text, Part]] = {
    "ETag": (_("what changes with the answer, for the header If-None-Match"), {"type": "string"}),
    "Link": (
        _("the description of the API (service-desc), and the pages before (prev) and behind (next)"),
        {"type": "string"},
    ),
    "X-Total-Count": (_("how many rows there are on all pages"), {"type": "integer", "minimum": 0}),
}
_PROBLEMS = {
    "BadRequest": ("400", _("A parameter is not known, or has no such value.")),
    "NotFound": ("404", _("There is nothing of this name.")),
    "NotAcceptable": ("406", _("There is no form that the header Accept takes.")),
    "TooLong": ("414", _("The parameters are too long.")),
    "Unavailable": ("503", _("The server cannot answer now.")),
}


def description(operations: Sequence[Operation], publication: Publication, language: str) -> Part:
    """The description of the operations in a language."""

    def localized(text: Text) -> str:
        return text.localized(language)

    of = publication.of
    texts = [of.description, _ABOUT, of.rights]
    licence = {"name": localized(publication.licence_name) or of.licence, "url": of.licence}
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": localized(of.title),
            "description": "\n\n".join(filter(None, map(localized, texts))),
            "version": of.version or "0",
            **({"license": licence} if of.licence else {}),
            **(
                {"contact": {"name": publication.publisher, "url": publication.homepage}}
                if publication.homepage
                else {}
            ),
        },
        "servers": [{"url": API}],
        "tags": [
            {"name": tag, "description": localized(_TAGS[tag])}
            for tag in _TAGS
            if any(_tag(each) == tag for each in operations)
        ],
        "paths": {path: item for operation in operations for path, item in _paths(operation, localized)},
        "components": _components(operations, localized),
    }


def _tag(operation: Operation) -> str:
    return "tables" if operation.key else "queries"


def _paths(operation: Operation, localized: Localized) -> Iterator[tuple[str, Part]]:
    """The path of an operation, and that of a row of a table alone."""
    yield operation.path, {"get": _list(operation, localized)}
    if operation.items:
        yield f"{operation.path}/{{slug}}", {"get": _item(operation, localized)}


def _list(operation: Operation, localized: Localized) -> Part:
    name, forms = _camel(operation.name), _forms(operation)
    rows: Part = {"type": "array", "items": _reference("schemas", name)}
    failing = ("BadRequest", "NotAcceptable", "TooLong", "Unavailable")
    described: Part = {
        "operationId": f"list{name}" if operation.key else f"ask{name}",
        "tags": [_tag(operation)],
        "summary": localized(operation.summary),
        "parameters": [
            *(_parameter(parameter, localized) for parameter in operation.parameters),
            *(_reference("parameters", each) for each in ("limit", "offset")),
            _format(forms),
        ],
        "responses": _responses(
            _answer(forms, rows, operation.rows[:_EXAMPLES], ("ETag", "Link", "X-Total-Count"), localized), failing
        ),
    }
    return {**described, "x-query": operation.source} if operation.source else described


def _item(operation: Operation, localized: Localized) -> Part:
    forms = _forms(operation)
    example = next(row for row in operation.rows if str(row[operation.key]).startswith(operation.items))
    slug: Part = {
        "name": "slug",
        "in": "path",
        "required": True,
        "description": localized(_("what the IRI ends with, behind {start}", start=operation.items)),
        "schema": {"type": "string", "pattern": _SLUG, "maxLength": 200},
        "example": str(example[operation.key]).removeprefix(operation.items),
    }
    row = _reference("schemas", _camel(operation.name))
    failing = ("BadRequest", "NotFound", "NotAcceptable", "TooLong", "Unavailable")
    return {
        "operationId": f"get{_camel(operation.key)}",
        "tags": [_tag(operation)],
        "summary": localized(_("{table}: a row alone", table=operation.title)),
        "parameters": [slug, _format(forms)],
        "responses": _responses(_answer(forms, row, example, ("ETag", "Link"), localized), failing),
        "x-items": operation.items,
    }


def _forms(operation: Operation) -> list[str]:
    return [form for form in _FORMS if form != "geojson" or operation.features]


def _parameter(parameter: Parameter, localized: Localized) -> Part:
    return {
        "name": parameter.name,
        "in": "query",
        "description": localized(capital(parameter.meaning)),
        "schema": parameter.schema,
    }


def _format(forms: Sequence[str]) -> Part:
    """The parameter that names the form of an answer, of which not each has all."""
    return _reference("parameters", "formatOfMap" if "geojson" in forms else "format")


def _answer(forms: Sequence[str], rows: Part, example: object, headers: Sequence[str], localized: Localized) -> Part:
    contents: dict[str, Part] = {
        "json": {"schema": rows, "example": example},
        "csv": {"schema": {"type": "string"}},
        "geojson": {"schema": _reference("schemas", "Map" if rows.get("type") == "array" else "Feature")},
    }
    return {
        "description": localized(_("The answer")),
        "headers": {name: _reference("headers", name) for name in headers},
        "content": {_FORMS[form]: contents[form] for form in forms},
    }


def _responses(answer: Part, problems: Sequence[str]) -> Part:
    failing: Part = {_PROBLEMS[name][0]: _reference("responses", name) for name in problems}
    return {"200": answer, **failing}


def _reference(part: str, name: str) -> Part:
    return {"$ref": f"#/components/{part}/{name}"}


def _components(operations: Sequence[Operation], localized: Localized) -> Part:
    schemas: Part = {_camel(operation.name): _row(operation.columns, localized) for operation in operations}
    if any(operation.features for operation in operations):
        schemas |= {"Feature": _FEATURE, "Map": _MAP}
    failing = {
        name: {
            "description": localized(text),
            "content": {_PROBLEM: {"schema": _reference("schemas", "Problem")}},
            **({"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if name == "Unavailable" else {}),
        }
        for name, (_status, text) in _PROBLEMS.items()
    }
    numbers = {"limit": {"minimum": 1, "maximum": PAGE}, "offset": {"minimum": 0, "maximum": _MOST, "default": 0}}
    shared: dict[str, Part] = {name: {"type": "integer", "format": "int32", **of} for name, of in numbers.items()}
    shared["format"] = {"type": "string", "enum": ["json", "csv"]}
    shared["formatOfMap"] = {"type": "string", "enum": list(_FORMS)}
    parameters: Part = {}
    for key, schema in shared.items():
        name = key.removesuffix("OfMap")
        parameters[key] = {
            "name": name,
            "in": "query",
            "description": localized(capital(_SHARED[name])),
            "schema": schema,
        }
    headers = {name: {"description": localized(text), "schema": of} for name, (text, of) in _HEADERS.items()}
    return {
        "schemas": {**schemas, "Problem": _problem(localized)},
        "parameters": parameters,
        "headers": headers,
        "responses": failing,
    }


def _row(columns: Sequence[Column], localized: Localized) -> Part:
    return {
        "type": "object",
        "properties": {column.name: {"title": localized(column.title), **column.schema} for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def _problem(localized: Localized) -> Part:
    return {
        "type": "object",
        "description": localized(_("What went wrong, as RFC 9457 has it")),
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
        },
        "required": ["type", "title", "status", "code", "detail"],
    }


_POSITIONS: Part = {"type": ["object", "null"], "required": ["type", "coordinates"]}
_FEATURE: Part = {
    "type": "object",
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": "string", "format": "iri"},
        "geometry": _POSITIONS,
        "properties": {"type": "object"},
    },
    "required": ["type", "id", "geometry", "properties"],
}
_MAP: Part = {
    "type": "object",
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
    },
    "required": ["type", "features"],
}


def _camel(name: str) -> str:
    """The name as that of a type, as generators of clients make them: ``PartnerCities`` of ``partner-cities``."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))
