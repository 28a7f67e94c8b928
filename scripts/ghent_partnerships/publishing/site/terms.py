"""The documentation of the terms of the ontology."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from ...rdf.namespaces import GP, ONTOLOGY, PREFIXES, expand
from ...rdf.serialize import File
from ...text import Text
from ...translation import message as _
from . import schema_org
from .context import Context
from .pictures import diagram

_TERM_FACTS: dict[str, Text] = {
    "schema:domainIncludes": _("said of"),
    "schema:rangeIncludes": _("values"),
    "rdfs:subClassOf": _("subclass of"),
    "rdfs:subPropertyOf": _("subproperty of"),
    "owl:equivalentClass": _("equivalent to"),
    "owl:equivalentProperty": _("equivalent to"),
    "owl:disjointWith": _("never also"),
    "rdfs:seeAlso": _("see also"),
}
_TERM_NOTES: dict[str, Text] = {
    "skos:note": _("beside other terms"),
    "skos:scopeNote": _("why a term of its own"),
}


def files(context: Context) -> Iterator[File]:
    """The documentation of the terms."""
    terms = sorted(
        (iri.value for iri in context.graph_index.about if isinstance(iri, NamedNode) and iri.value.startswith(GP)),
        key=lambda iri: iri.casefold(),
    )
    classes = [_term(context, iri) for iri in terms if iri.removeprefix(GP)[0].isupper()]
    properties = [_term(context, iri) for iri in terms if not iri.removeprefix(GP)[0].isupper()]
    defined = (iri.value for iri in context.graph_index.about if isinstance(iri, NamedNode))
    others = sorted(
        iri
        for iri in defined
        if context.publication.addresses.home(iri) is None and context.graph_index.objects(iri, "rdfs:isDefinedBy")
    )
    reused = [
        {"iri": iri, "name": context.graph_index.compress(iri), "note": note}
        for iri in others
        if (note := context.graph_index.texts(iri, "skos:note"))
    ]
    description = context.graph_index.texts(ONTOLOGY, "dcterms:description")

    def given(language: str) -> dict[str, object]:
        return {
            **context.shared,
            "classes": classes,
            "description": description,
            "diagram": diagram.diagram(
                diagram.model(context.graph_index, language),
                _(
                    "The classes, their properties and the classes of the values; the terms below say the same."
                ).localized(language),
            ),
            "ontology": ONTOLOGY,
            "properties": properties,
            "reused": reused,
            "structured": schema_org.web_page(
                context.graph_index, context.publication, "ontology", language, ONTOLOGY, description
            ),
        }

    yield from context.pages.every("ontology.html", "ontology", given)


def _term(context: Context, iri: str) -> dict[str, object]:
    """What the documentation says of a term of the ontology."""
    facts = []
    for name, what in _TERM_FACTS.items():
        values = [value for value in context.graph_index.objects(iri, name) if isinstance(value, NamedNode)]
        if values:
            links = (context.resource_facts.reference(value.value) for value in values)
            facts.append((what, sorted(links, key=lambda link: link.text)))
    about = context.graph_index.mentions.get(iri, {})
    shapes = {*about.get(expand("sh:path"), ()), *about.get(expand("sh:targetClass"), ())}
    return {
        "anchor": iri.removeprefix(GP),
        "definition": context.graph_index.texts(iri, "skos:definition"),
        "example": context.graph_index.text(iri, "skos:example"),
        "facts": facts,
        "label": context.graph_index.label(iri),
        "name": context.graph_index.compress(iri),
        "notes": [
            (what, texts) for name, what in _TERM_NOTES.items() if (texts := context.graph_index.texts(iri, name))
        ],
        "rules": [rule for rule in context.rules if PREFIXES["shape"] + rule.shape in shapes],
    }
