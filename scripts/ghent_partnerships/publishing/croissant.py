"""``croissant.json``: the tables for who trains or analyses, as Croissant 1.1 has it.

What a column means and holds is that of ``csv-metadata.json``, and the rest what the graph says of the data set.
https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Literal

from ..dist import TYPES
from ..errors import GhentPartnershipsError
from ..project.citation import citation
from ..rdf.index import GraphIndex
from ..text import DEFAULT_LANGUAGE
from .catalogue.catalogue import Written
from .catalogue.distributions import distributions
from .publication import Publication

PATH = "croissant.json"
_TYPES = {"anyURI": "sc:URL", "decimal": "sc:Float", "gYear": "sc:Integer", "string": "sc:Text"}
_CONTEXT: dict[str, Any] = {  # that of the specification, which readers demand word for word
    "@language": DEFAULT_LANGUAGE,
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def content(
    graph_index: GraphIndex, publication: Publication, metadata: bytes, written: Mapping[str, Written]
) -> bytes:
    """The description; ``metadata`` is what the tables' columns mean, as CSVW has it, and ``written`` are the files
    that the catalogue lists, by their paths."""
    of = publication.of
    tables = json.loads(metadata)["tables"]
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": publication.data_set,
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": of.title.localized(DEFAULT_LANGUAGE),
        "description": of.description.localized(DEFAULT_LANGUAGE),
        "url": publication.address,
        "license": of.licence,
        "version": of.version,
        "datePublished": of.issued,
        "inLanguage": list(of.languages),
        "keywords": _keywords(graph_index, publication),
        "creator": {"@type": "sc:Organization", "name": publication.publisher},
        "publisher": {"@type": "sc:Organization", "name": publication.publisher},
        "citeAs": _citation(publication),
        "distribution": list(_files(publication, written)),
        "recordSet": [_records(table) for table in tables],
    }
    known = {key: value for key, value in described.items() if value not in ("", [], None)}
    return (json.dumps(known, ensure_ascii=False, indent=2) + "\n").encode()


def _keywords(graph_index: GraphIndex, publication: Publication) -> list[str]:
    """The keywords in the default language, or where there are none in whatever language."""
    values = graph_index.objects(publication.data_set, "dcat:keyword")
    words = [value for value in values if isinstance(value, Literal)]
    preferred = [word for word in words if word.language == DEFAULT_LANGUAGE]
    return sorted({word.value for word in preferred or words})


def _citation(publication: Publication) -> str:
    """The citation as BibTeX; empty where the data set does not say what it needs."""
    try:
        return citation("bibtex", publication.project).strip()
    except GhentPartnershipsError:
        return ""


def _files(publication: Publication, written: Mapping[str, Written]) -> Iterable[dict[str, Any]]:
    for distribution in distributions(publication.whole):
        if (file := written.get(distribution.path)) is not None:
            yield {
                "@type": "cr:FileObject",
                "@id": distribution.path,
                "name": distribution.path,
                "description": distribution.title.localized(DEFAULT_LANGUAGE),
                "contentUrl": publication.address + distribution.path,
                "contentSize": f"{file.size} B",
                "encodingFormat": TYPES[distribution.path.rpartition(".")[2]],
                "sha256": file.sha256,
            }


def _records(table: Mapping[str, Any]) -> dict[str, Any]:
    """The records of a table: a field for each column, which is known by its title in the first line."""
    schema, name = table["tableSchema"], table["url"].removesuffix(".csv")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": _by_default(table["dc:description"]),
        "key": {"@id": f"{name}/{schema['primaryKey']}"},
        "field": [_field(name, table["url"], column) for column in schema["columns"]],
    }


def _field(table: str, url: str, column: Mapping[str, Any]) -> dict[str, Any]:
    """A field; without ``references`` to other tables, with which mlcroissant 1.1 loads no records."""
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column['name']}",
        "name": f"{table}/{column['name']}",
        "description": _by_default(column["dc:title"]),
        "dataType": _TYPES[column["datatype"]],
        "source": {"fileObject": {"@id": url}, "extract": {"column": column["titles"]}},
    }
    if "propertyUrl" in column:
        field["equivalentProperty"] = column["propertyUrl"]
    return field


def _by_default(texts: Iterable[Mapping[str, str]]) -> str:
    by_language = {text["@language"]: text["@value"] for text in texts}
    return by_language.get(DEFAULT_LANGUAGE) or next(iter(by_language.values()), "")
