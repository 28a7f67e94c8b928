"""What search engines read in a page: the page, and what it is about, in the terms of https://schema.org/."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal

from ...dist import TYPES
from ...project.coordinates import position
from ...rdf.index import GraphIndex, elsewhere
from ...rdf.namespaces import expand
from ...text import Text
from ..catalogue.catalogue import coverage
from ..catalogue.distributions import FEED, distributions
from ..publication import Publication
from .page_path import visible

Json = dict[str, object]

_TYPES = {  # as in queries/views/schema.rq, and for what that view leaves out
    "dcat:Dataset": "Dataset",
    "gp:Candidate": "City",
    "gp:City": "City",
    "gp:Inference": "Claim",
    "gp:Partnership": "Organization",
    "oa:TextQuoteSelector": "Quotation",
    "schema:Country": "Country",
    "schema:AdministrativeArea": "AdministrativeArea",
    "schema:CreativeWork": "CreativeWork",
    "sh:SPARQLExecutable": "SoftwareSourceCode",
    "skos:Concept": "DefinedTerm",
    "skos:ConceptScheme": "DefinedTermSet",
    "gp:PartnershipKind": "DefinedTerm",
    "gp:Trend": "DefinedTerm",
}
_BY_CLASS = {expand(name): type_ for name, type_ in _TYPES.items()}
_LINKS = {"gp:country": "containedInPlace", "skos:inScheme": "inDefinedTermSet", "dcterms:isPartOf": "isPartOf"}
_DATES = {
    "gp:startYear": "foundingDate",
    "schema:startDate": "foundingDate",
    "gp:endYear": "dissolutionDate",
    "schema:endDate": "dissolutionDate",
}
_NAMES = ("rdfs:label", "skos:prefLabel", "skos:altLabel", "gp:nameAsStated")


def web_page(graph_index: GraphIndex, site: Publication, path: str, language: str, about: str, lead: Text) -> Json:
    """A page about a resource, as JSON-LD."""
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": site.address + visible(path, language, site.of.languages),
        "name": graph_index.label(about).localized(language),
        "inLanguage": language,
        "isPartOf": _web_site(site, language),
        **({"license": site.of.licence} if site.of.licence else {}),
        "mainEntity": thing(graph_index, about, language, lead),
    }


def page(
    site: Publication, language: str, title: str, description: str, address: str, above: Sequence[tuple[str, str]]
) -> Json:
    """A page that is about no single resource, as JSON-LD; ``above`` are the names and addresses of the pages that lead
    to it."""
    about: Json = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": address,
        "name": title,
        "description": description,
        "inLanguage": language,
        "isPartOf": _web_site(site, language),
    }
    if above:
        about["breadcrumb"] = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": name, "item": item}
                for number, (name, item) in enumerate(above, 1)
            ],
        }
    return about


def _web_site(site: Publication, language: str) -> Json:
    return {"@type": "WebSite", "url": site.address, "name": site.name.localized(language)}


def thing(graph_index: GraphIndex, iri: str, language: str, lead: Text) -> Json:
    """A resource: its names in all languages, what it is in a line, where it lies and what it is elsewhere."""
    type_ = _BY_CLASS.get(graph_index.type(iri) or "", "Thing")
    name = graph_index.label(iri).localized(language)
    about: Json = {"@type": type_, "@id": iri, "name": name}
    names = {value.value for name in _NAMES for value in graph_index.objects(iri, name) if isinstance(value, Literal)}
    if others := sorted(names - {name}):
        about["alternateName"] = others
    if text := lead.localized(language):
        about["text" if type_ == "Quotation" else "description"] = text
    if at := position(graph_index.text(iri, "geo:long"), graph_index.text(iri, "geo:lat")):
        about["geo"] = {"@type": "GeoCoordinates", "latitude": f"{at[1]:f}", "longitude": f"{at[0]:f}"}
    for property_, key in _LINKS.items():
        if found := graph_index.iris(iri, property_):
            about[key] = [{"@id": iri, "name": graph_index.label(iri).localized(language)} for iri in found]
    same = [*graph_index.iris(iri, "owl:sameAs"), *graph_index.iris(iri, "schema:sameAs")]
    if same := sorted({address for address in same if elsewhere(address)}):
        about["sameAs"] = same
    if type_ == "Organization":
        parties = graph_index.iris(iri, "gp:party")
        about["location"] = [
            {"@type": "City", "@id": party, "name": graph_index.label(party).localized(language)} for party in parties
        ]
        for name, key in _DATES.items():
            if (date := graph_index.text(iri, name)) is not None:
                about[key] = date
    return about


def data_set(graph_index: GraphIndex, site: Publication, language: str) -> Json:
    """The data set, as search engines for data sets ask for it, with its files."""
    of, iri = site.of, site.data_set
    keywords = [value for value in graph_index.objects(iri, "dcat:keyword") if isinstance(value, Literal)]
    publisher = {"@type": "Organization", "name": site.publisher}
    if site.homepage:
        publisher["url"] = site.homepage
    about: Json = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": iri,
        "identifier": iri,
        "url": site.address + visible("index", language, site.languages),
        "name": of.title.localized(language),
        "description": of.description.localized(language),
        "inLanguage": language,
        "keywords": sorted(value.value for value in keywords if value.language == language),
        "license": of.licence,
        "version": of.version,
        "datePublished": graph_index.text(iri, "dcterms:available") or of.issued,
        "dateModified": of.issued,
        "creator": publisher,
        "publisher": publisher,
        "creditText": of.rights.localized(language),
        "isAccessibleForFree": True,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{site.catalogue}#catalog",
            "name": of.title.localized(language),
            "url": site.address + visible("catalog", language, site.languages),
        },
    }
    if site.home_city:
        about["spatialCoverage"] = thing(graph_index, site.home_city, language, Text())
    about["distribution"] = [
        {
            "@type": "DataDownload",
            "name": distribution.title.localized(language),
            "contentUrl": site.address + distribution.path,
            "encodingFormat": TYPES[distribution.path.rpartition(".")[2]],
        }
        for distribution in distributions(site.whole, plain=site.project.is_plain)
        if site.fed or distribution.path != FEED
    ]
    if (years := coverage(graph_index)) is not None:
        about["temporalCoverage"] = "/".join(years)
    return {key: value for key, value in about.items() if value not in ("", [])}
