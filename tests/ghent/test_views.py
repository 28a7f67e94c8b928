"""The views: the graph in other vocabularies, with no claim that the graph does not make or a note does not mark."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

import ghent_partnerships as gp
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import derived
from ghent_partnerships.rdf.format import canonical
from ghent_partnerships.rdf.namespaces import GP, ID, PREFIXES
from ghent_partnerships.rdf.turtle import TYPE, XSD
from ghent_partnerships.sparql.views import VIEWS, data_set, stored, view
from loaded import counterparts, load_store, of_kind
from publications import publication

TWINS, PARTNER_CITIES = (counterparts(kind) for kind in ("twinning", "cooperation"))
ORG, SCHEMA, SKOS = PREFIXES["org"], PREFIXES["schema"], PREFIXES["skos"]
P190, TWIN_TOWN = PREFIXES["wdt"] + "P190", PREFIXES["dbo"] + "twinTown"
PARTY, START, LABEL = GP + "party", GP + "startYear", PREFIXES["rdfs"] + "label"
SCHEMA_ORG = {  # what schema.org lets each type have, as far as the view uses it
    "City": {"containedInPlace", "description", "geo", "name", "sameAs"},
    "Claim": {"name", "text"},
    "Country": {"name", "sameAs"},
    "CreativeWork": {"description", "name", "url"},
    "Dataset": {"about", "datePublished", "description", "isBasedOn", "isPartOf", "license", "name", "version"},
    "GeoCoordinates": {"latitude", "longitude"},
    "GovernmentOrganization": {"areaServed", "description", "name"},
    "Organization": {"additionalType", "foundingDate", "member", "name", "subjectOf"},
    "Quotation": {"isPartOf", "name", "text"},
}
RANGES = {  # the types that schema.org expects of what a property refers to, where that is in the view
    "about": {"Organization"},
    "areaServed": {"City"},
    "containedInPlace": {"Country"},
    "geo": {"GeoCoordinates"},
    "isBasedOn": {"CreativeWork"},
    "isPartOf": {"CreativeWork", "Dataset"},
    "member": {"GovernmentOrganization"},
    "subjectOf": {"Claim", "Quotation"},
}
ADDRESSES = {"additionalType", "license", "sameAs", "url"}
Statements = set[tuple[str, object]]


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


@pytest.fixture(scope="module")
def views(store: Store) -> dict[str, list[Triple]]:
    return {name: view(store, name, packaged()) for name in VIEWS}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    graph = stored(triples(packaged().graph_files()))
    return dict(derived(graph, publication(graph)))


def links(graph: Iterable[Triple], predicate: str) -> set[tuple[str, str]]:
    """The pairs that the predicate links, each by what its IRI says after the scheme's own part."""
    return {(short(triple.subject), short(triple.object)) for triple in graph if triple.predicate.value == predicate}


def short(term: object) -> str:
    assert isinstance(term, NamedNode)
    return term.value.removeprefix(ID)


def about(graph: Iterable[Triple], subject: str) -> Statements:
    """The statements about a subject: predicate and object, an IRI as a text."""
    return {
        (triple.predicate.value, triple.object.value if isinstance(triple.object, NamedNode) else triple.object)
        for triple in graph
        if triple.subject == NamedNode(subject)
    }


def of_type(graph: Iterable[Triple], type_: str) -> set[str]:
    return {
        short(triple.subject)
        for triple in graph
        if triple.predicate.value == TYPE and triple.object == NamedNode(type_)
    }


def types(graph: Iterable[Triple]) -> dict[NamedNode, str]:
    """The name in schema.org of each node's type."""
    return {
        triple.subject: triple.object.value.removeprefix(SCHEMA) for triple in graph if triple.predicate.value == TYPE
    }


def values(graph: Iterable[Triple], predicate: str, subject: str = "") -> list[Literal]:
    """The literals that a predicate has, on one subject or on all."""
    return [
        triple.object
        for triple in graph
        if triple.predicate.value == predicate
        and isinstance(triple.object, Literal)
        and subject in ("", triple.subject.value)
    ]


def in_graph(store: Store, predicate: str, type_: str) -> set[tuple[str, object]]:
    """The subjects of a type and their values for a predicate, as the graph has them."""
    subjects = {quad.subject for quad in store.quads_for_pattern(None, NamedNode(TYPE), NamedNode(GP + type_))}
    pairs = store.quads_for_pattern(None, NamedNode(predicate), None)
    return {
        (short(quad.subject), short(quad.object) if isinstance(quad.object, NamedNode) else quad.object)
        for quad in pairs
        if quad.subject in subjects
    }


def both_ways(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {pair for city, counterpart in pairs for pair in ((city, counterpart), (counterpart, city))}


def test_every_partnership_is_a_link_in_both_directions(views: dict[str, list[Triple]], store: Store) -> None:
    parties: dict[str, list[str]] = {}
    for partnership, city in sorted(in_graph(store, PARTY, "Partnership"), key=str):
        parties.setdefault(partnership, []).append(str(city))
    assert parties
    assert links(views["flat"], P190) == both_ways((city, counterpart) for city, counterpart in parties.values())
    assert len(links(views["flat"], P190)) == 2 * len(parties)


def test_ghent_is_linked_with_its_counterparts_as_the_questions_count_them(views: dict[str, list[Triple]]) -> None:
    linked = links(views["flat"], P190)
    others = {f"city/{name}" for name in TWINS | PARTNER_CITIES}
    assert {counterpart for city, counterpart in linked if city == "city/ghent"} == others
    assert [int(row["counterparts"].value) for row in gp.query("number-of-counterparts")] == [len(others)]
    assert {counterpart for city, counterpart in linked if city == "city/sint-denijs-westrem"} == {"city/melle"}


def test_only_ghents_twins_are_its_twin_towns(views: dict[str, list[Triple]]) -> None:
    """Neither a partner city nor the twin of Sint-Denijs-Westrem as such: DBpedia knows twin towns only."""
    assert links(views["flat"], TWIN_TOWN) == both_ways(("city/ghent", f"city/{name}") for name in TWINS)
    assert len(TWINS) == len(list(gp.query("twin-cities"))) > 0
    assert len(PARTNER_CITIES) == len(list(gp.query("partner-cities"))) > 0


def test_the_flat_view_is_nothing_but_links_between_cities(views: dict[str, list[Triple]], store: Store) -> None:
    cities = {city for city, _ in in_graph(store, LABEL, "City")}
    assert {triple.predicate.value for triple in views["flat"]} == {P190, TWIN_TOWN}
    assert {short(end) for triple in views["flat"] for end in (triple.subject, triple.object)} <= cities
    partnerships = {partnership for partnership, _ in in_graph(store, LABEL, "Partnership")}
    assert len(views["flat"]) == 2 * len(partnerships) + 2 * len(TWINS)
    assert [triple for triple in views["flat"] if triple.subject == triple.object] == []


def test_every_partnership_is_a_collaboration_of_two_organisations(
    views: dict[str, list[Triple]], store: Store
) -> None:
    partnerships = {partnership for partnership, _ in in_graph(store, LABEL, "Partnership")}
    assert of_type(views["org"], ORG + "OrganizationalCollaboration") == partnerships
    members = links(views["org"], ORG + "hasMember")
    assert Counter(partnership for partnership, _ in members) == dict.fromkeys(partnerships, 2)
    assert members == {
        (partnership, f"{city}#organization") for partnership, city in in_graph(store, PARTY, "Partnership")
    }
    assert {body for _, body in members} == of_type(views["org"], ORG + "FormalOrganization")


def test_the_organisations_are_marked_as_our_reading(views: dict[str, list[Triple]], store: Store) -> None:
    bodies = of_type(views["org"], ORG + "FormalOrganization")
    assert bodies == {f"city/{name}#organization" for name in {"ghent", "sint-denijs-westrem", *TWINS, *PARTNER_CITIES}}
    note = {
        Literal(
            "Made explicit by this view: the source speaks of the city, and that a body acts for it is our reading.",
            language="en",
        ),
        Literal(
            "Door deze weergave expliciet gemaakt: de bron spreekt over de stad; dat er een bestuur voor handelt, "
            "lezen wij erin.",
            language="nl",
        ),
    }
    names = in_graph(store, LABEL, "City")
    for body in bodies:
        city = body.removesuffix("#organization")
        assert about(views["org"], ID + body) == {
            (TYPE, ORG + "FormalOrganization"),
            (PREFIXES["dcterms"] + "spatial", ID + city),
            *((SKOS + "note", text) for text in note),
            *((SKOS + "prefLabel", name) for named, name in names if named == city),
        }


def test_no_city_is_an_organisation(views: dict[str, list[Triple]], store: Store) -> None:
    """A city is a place in our graph. The organisation beside it has an IRI of its own."""
    cities = {ID + city for city, _ in in_graph(store, LABEL, "City")}
    assert cities
    for name in ("org", "schema"):
        assert [city for city in cities for _, type_ in about(views[name], city) if str(type_).startswith(ORG)] == []
    assert {triple.subject.value for triple in views["org"] if isinstance(triple.subject, NamedNode)} & cities == set()
    assert {types(views["schema"])[NamedNode(city)] for city in cities} == {"City"}


def test_the_partnership_with_kanazawa_is_all_that_the_graph_says_of_it(views: dict[str, list[Triple]]) -> None:
    kanazawa = f"{ID}partnership/ghent-kanazawa"
    assert about(views["org"], kanazawa) == {
        (TYPE, ORG + "OrganizationalCollaboration"),
        (PREFIXES["dcterms"] + "source", f"{ID}fragment/b3"),
        (PREFIXES["dcterms"] + "temporal", f"{kanazawa}#period"),
        (ORG + "classification", f"{ID}concept/twinning"),
        (ORG + "hasMember", f"{ID}city/ghent#organization"),
        (ORG + "hasMember", f"{ID}city/kanazawa#organization"),
        (SKOS + "prefLabel", Literal("Ghent and Kanazawa", language="en")),
        (SKOS + "prefLabel", Literal("Gent en Kanazawa", language="nl")),
    }
    assert about(views["org"], f"{kanazawa}#period") == {
        (TYPE, PREFIXES["dcterms"] + "PeriodOfTime"),
        (PREFIXES["dcat"] + "startDate", Literal("1971", datatype=NamedNode(XSD + "gYear"))),
        (GP + "notStated", PREFIXES["dcat"] + "endDate"),
    }


def test_every_collaboration_keeps_its_start_kind_and_sources(views: dict[str, list[Triple]], store: Store) -> None:
    starts = {
        (short(triple.subject).removesuffix("#period"), triple.object)
        for triple in views["org"]
        if triple.predicate.value == PREFIXES["dcat"] + "startDate"
    }
    assert starts
    assert starts == in_graph(store, START, "Partnership")
    assert links(views["org"], ORG + "classification") == in_graph(store, GP + "kind", "Partnership")
    source = PREFIXES["dcterms"] + "source"
    assert links(views["org"], source) == in_graph(store, source, "Partnership")


def test_an_end_is_given_where_it_is_stated_and_else_said_to_be_not_stated(
    views: dict[str, list[Triple]], store: Store
) -> None:
    end, not_stated = PREFIXES["dcat"] + "endDate", GP + "notStated"
    assert [triple for triple in views["org"] if triple.predicate.value == end] == []
    periods = {f"{partnership}#period" for partnership, _ in in_graph(store, START, "Partnership")}
    assert links(views["org"], not_stated) == {(period, end) for period in periods}
    ended, year = f"{ID}partnership/ghent-tallinn", Literal("1999", datatype=NamedNode(XSD + "gYear"))
    ended_graph = Store()
    ended_graph.extend(quad for quad in store if quad.subject != NamedNode(ended) or quad.predicate.value != not_stated)
    ended_graph.add(Quad(NamedNode(ended), NamedNode(GP + "endYear"), year))
    period = about(view(ended_graph, "org", packaged()), f"{ended}#period")
    assert {value for predicate, value in period if predicate == end} == {year}
    assert {predicate for predicate, _ in period if predicate == not_stated} == set()


def test_only_types_and_properties_of_schema_org_are_used(views: dict[str, list[Triple]]) -> None:
    known = types(views["schema"])
    used: dict[str, set[str]] = {name: set() for name in known.values()}
    for triple in views["schema"]:
        assert triple.subject in known, f"{triple.subject} has no type"
        if triple.predicate.value != TYPE:
            assert triple.predicate.value.startswith(SCHEMA), triple
            used[known[triple.subject]].add(triple.predicate.value.removeprefix(SCHEMA))
    assert used == SCHEMA_ORG
    assert len(known) == sum(triple.predicate.value == TYPE for triple in views["schema"]), "a node has two types"


def test_schema_orgs_properties_refer_to_what_they_may(views: dict[str, list[Triple]]) -> None:
    known = types(views["schema"])
    for triple in views["schema"]:
        name = triple.predicate.value.removeprefix(SCHEMA)
        if name in RANGES:
            assert known[triple.object] in RANGES[name], triple
        elif name in ADDRESSES:
            assert isinstance(triple.object, NamedNode), triple
            assert triple.object.value.startswith(("http://", "https://")), triple
        elif triple.predicate.value != TYPE:
            assert isinstance(triple.object, Literal), triple


def test_the_schema_view_counts_as_the_graph_and_the_questions_do(views: dict[str, list[Triple]], store: Store) -> None:
    inferences = {inference for inference, _ in in_graph(store, LABEL, "Inference")}
    assert Counter(types(views["schema"]).values()) == {
        "City": len(of_kind(GP + "City")),
        "Claim": len(inferences),
        "Country": len(of_kind(SCHEMA + "Country")),
        "CreativeWork": len(of_kind(SCHEMA + "CreativeWork")),
        "Dataset": len(of_kind(PREFIXES["dcat"] + "Dataset")),
        "GeoCoordinates": len({city for city, _ in in_graph(store, PREFIXES["geo"] + "lat", "City")}),
        "GovernmentOrganization": len({party for _, party in in_graph(store, PARTY, "Partnership")}),
        "Organization": len(of_kind(GP + "Partnership")),
        "Quotation": len(of_kind(PREFIXES["oa"] + "TextQuoteSelector")),
    }
    assert of_type(views["schema"], SCHEMA + "Claim") == inferences
    countries = [row["number"].value for row in gp.query("countries-of-counterparts")]
    assert countries == [str(len(countries))] * len(countries)


def test_what_a_search_engine_wants_is_there(views: dict[str, list[Triple]]) -> None:
    """Google asks everything for a name, and a data set for a description of 50 to 5,000 characters."""
    named = {triple.subject for triple in views["schema"] if triple.predicate.value == SCHEMA + "name"}
    unnamed = {triple.subject for triple in views["schema"]} - named
    assert {short(node) for node in unnamed} == of_type(views["schema"], SCHEMA + "GeoCoordinates")
    dataset = about(views["schema"], f"{ID}dataset/ghent-partnerships")
    assert (SCHEMA + "license", "https://creativecommons.org/licenses/by/4.0/") in dataset
    released = (Path(__file__).parents[2] / "data" / "release.ttl").read_text(encoding="utf-8")
    for name, property_name in (("version", "dcat:version"), ("datePublished", "dcterms:issued")):
        (value,) = values(views["schema"], SCHEMA + name)
        assert f'{property_name} "{value.value}"' in released
        assert (SCHEMA + name, Literal(value.value)) in dataset
    partnerships = {str(value).removeprefix(ID) for predicate, value in dataset if predicate == SCHEMA + "about"}
    assert partnerships == of_type(views["schema"], SCHEMA + "Organization")
    assert {subject for subject, _ in links(views["schema"], SCHEMA + "about")} == {"dataset/ghent-partnerships"}
    for resource in of_type(views["schema"], SCHEMA + "Dataset"):
        described = values(views["schema"], SCHEMA + "description", ID + resource)
        assert {text.language for text in described} == {"en", "nl"}
        assert all(50 <= len(text.value) <= 5000 for text in described), resource


def test_coordinates_and_dates_are_plain_text_for_whoever_reads_no_datatypes(views: dict[str, list[Triple]]) -> None:
    assert about(views["schema"], f"{ID}city/mohammedia#geo") == {
        (TYPE, SCHEMA + "GeoCoordinates"),
        (SCHEMA + "latitude", Literal("33.68607")),
        (SCHEMA + "longitude", Literal("-7.38298")),
    }
    assert about(views["schema"], f"{ID}partnership/sint-denijs-westrem-melle") >= {
        (SCHEMA + "foundingDate", Literal("1969"))
    }
    founded = values(views["schema"], SCHEMA + "foundingDate")
    assert sorted(year.value for year in founded) == sorted(
        row["year"].value for row in [*gp.query("counterparts-by-year"), {"year": Literal("1969")}]
    )
    assert {year.datatype.value for year in founded} == {XSD + "string"}


def test_the_city_that_is_not_known_has_no_place_on_the_map(views: dict[str, list[Triple]]) -> None:
    taizhou = {predicate.removeprefix(SCHEMA) for predicate, _ in about(views["schema"], f"{ID}city/taizhou")}
    assert taizhou == {TYPE, "containedInPlace", "description", "name"}
    assert [triple for triple in views["schema"] if "candidate/" in triple.subject.value] == []


def test_a_city_is_called_by_its_names_and_not_by_a_line_break_of_the_source(
    views: dict[str, list[Triple]], store: Store
) -> None:
    assert not [
        triple
        for triple in views["schema"]
        if "Denijs- " in str(triple.object) and triple.predicate.value != SCHEMA + "text"
    ]
    labels = in_graph(store, LABEL, "City")
    cities = of_type(views["schema"], SCHEMA + "City")
    assert {(city, name) for city in cities for name in values(views["schema"], SCHEMA + "name", ID + city)} == labels


def test_the_data_set_says_its_licence_and_whom_to_name_once_for_all_forms(store: Store) -> None:
    described = data_set(store, packaged())
    assert dict(described.title) == {
        "en": "International partnerships of Ghent",
        "nl": "Internationale partnerschappen van Gent",
    }
    assert described.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert described.issued.startswith("20")
    for rights, credit, note in zip(
        (described.rights["en"], described.rights["nl"]),
        ("coordinates and names from GeoNames (https://www.geonames.org/). ", "coördinaten en namen van GeoNames "),
        ("the licence does not cover them.", "ze vallen niet onder de licentie."),
        strict=True,
    ):
        assert credit in rights
        assert rights.endswith(note)
    changed = Store()
    changed.extend(quad for quad in store if quad.object != NamedNode(f"{PREFIXES['geo']}lat"))
    mapmaker = NamedNode(f"{ID}source/mapmaker")
    for name, value in (
        ("gp:supplies", NamedNode(f"{PREFIXES['geo']}lat")),
        ("rdfs:label", Literal("The Mapmaker", language="en")),
        ("rdfs:label", Literal("De kaartenmaker", language="nl")),
        ("schema:url", Literal("https://example.org/", datatype=NamedNode(XSD + "anyURI"))),
    ):
        prefix, _, local = name.partition(":")
        changed.add(Quad(mapmaker, NamedNode(PREFIXES[prefix] + local), value))
    assert "names from The Mapmaker (https://example.org/). " in data_set(changed, packaged()).rights["en"]
    assert "namen van De kaartenmaker (https://example.org/). " in data_set(changed, packaged()).rights["nl"]


def test_every_partnership_refers_to_what_it_rests_on(views: dict[str, list[Triple]], store: Store) -> None:
    """Its sentences, the sentence that leads in to them, and what we infer."""
    subjects = links(views["schema"], SCHEMA + "subjectOf")
    assert {value for partnership, value in subjects if partnership == "partnership/ghent-kanazawa"} == {
        "fragment/b3",
        "fragment/s9",
    }
    assert {value for partnership, value in subjects if partnership == "partnership/sint-denijs-westrem-melle"} == {
        "fragment/b4",
        "fragment/s9",
        "inference/earlier-melle-partnership-is-a-twinning",
        "inference/melle-succession",
    }
    assert in_graph(store, PREFIXES["dcterms"] + "source", "Partnership") <= subjects
    assert {partnership for partnership, _ in subjects} == of_type(views["schema"], SCHEMA + "Organization")


def test_every_quotation_is_word_for_word(views: dict[str, list[Triple]], store: Store) -> None:
    exact = store.quads_for_pattern(None, NamedNode(PREFIXES["oa"] + "exact"), None)
    quoted = {short(quad.subject): [quad.object] for quad in exact}
    assert set(quoted) == of_type(views["schema"], SCHEMA + "Quotation")
    for fragment, words in quoted.items():
        text = [triple for triple in views["schema"] if triple.subject == NamedNode(ID + fragment)]
        assert values(text, SCHEMA + "text") == words


def test_the_members_of_schema_org_are_marked_as_our_reading(views: dict[str, list[Triple]]) -> None:
    bodies = of_type(views["schema"], SCHEMA + "GovernmentOrganization")
    assert bodies == of_type(views["org"], ORG + "FormalOrganization")
    for body in bodies:
        notes = {value for predicate, value in about(views["schema"], ID + body) if predicate == SCHEMA + "description"}
        assert notes == {
            Literal("Made explicit by this view: our reading.", language="en"),
            Literal("Door deze weergave expliciet gemaakt: onze lezing.", language="nl"),
        }
    assert links(views["schema"], SCHEMA + "member") == links(views["org"], ORG + "hasMember")


@pytest.mark.parametrize("name", ["flat", "org"])
def test_a_view_is_published_as_canonical_turtle(
    name: str, files: dict[str, bytes], views: dict[str, list[Triple]], tmp_path: Path
) -> None:
    content = files[f"{name}.ttl"]
    assert {quad.triple for quad in pyoxigraph.parse(content, format=RdfFormat.TURTLE)} == set(views[name])
    file = tmp_path / f"{name}.ttl"
    file.write_bytes(content)
    assert canonical(file) == content.decode()


def test_the_schema_view_is_published_as_json_ld_that_needs_no_network(
    files: dict[str, bytes], views: dict[str, list[Triple]]
) -> None:
    content = files["schema.jsonld"]
    assert {quad.triple for quad in pyoxigraph.parse(content, format=RdfFormat.JSON_LD)} == set(views["schema"])
    assert json.loads(content)["@context"] == {"@vocab": "http://schema.org/"}


def test_a_view_has_each_triple_once_and_always_in_one_order(views: dict[str, list[Triple]], store: Store) -> None:
    for name, found in views.items():
        assert found == sorted(set(found), key=str) == view(store, name, packaged())
