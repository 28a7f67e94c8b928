"""Every statement of the source, F01 to F88 of the domain model, with the query that shows it and its fragments."""

import pytest
from pyoxigraph import Quad, Store

from ghent_partnerships.rdf.namespaces import ID
from loaded import HEAD, load_store

SEED = "source:history-of-bilateral-partnerships"
COOPERATION = "activity:international-cooperation-of-ghent"
MOVEMENT = "activity:twinning-movement"
JOINING = "activity:joining-the-twinning-movement"
ESTABLISHING = "activity:establishing-twinnings"
AGREEMENTS = "activity:agreements-with-active-sister-cities"
REORIENTATION = "activity:reorientation"
OUTCOME = "outcome:ghent-kanazawa"
TWINS, LATER = "period:twin-cities", "period:cooperation-agreements"


def twin(city: str) -> str:
    return f"gp:party city:ghent, city:{city} ; gp:kind concept:twinning"


def partner(city: str) -> str:
    return f"gp:party city:ghent, city:{city} ; gp:kind concept:cooperation"


def in_country(country: str) -> str:
    return f"gp:countryAsStated country:{country}"


def since(year: int) -> str:
    return f'gp:startYear "{year}"^^xsd:gYear ; gp:kind ?kind . ?kind gp:yearMeaning concept:since-the-year'


def concluded(year: int) -> str:
    return f'gp:concludedYear "{year}"^^xsd:gYear'


def together(kind: str) -> str:
    """That the kind of partnership has one instrument, scope and duration, as its source distinguishes it."""
    return f"a gp:PartnershipKind ; {kind}"


# number: (what says it, the fragments it cites, the statement)
FACTS = {
    "F01": (SEED, "t", "schema:about city:ghent ; dcterms:subject concept:bilateral-partnership"),
    "F02": (COOPERATION, "s1", "gp:actor city:ghent ; gp:involves group:cities-around-the-world"),
    "F03": (COOPERATION, "s1", "gp:aim concept:strategy-plan-objectives"),
    "F04": (
        COOPERATION,
        "s2",
        "gp:result concept:successful-exchanges-and-projects ; gp:means concept:exchanges-and-projects",
    ),
    "F05": (COOPERATION, "s2", "gp:involves concept:sister-city, concept:partner-city"),
    "F06": (
        COOPERATION,
        "s2",
        "gp:result concept:ties-of-friendship ; gp:involves concept:citizens, concept:associations",
    ),
    "F07": ("activity:city-cooperation", "s3", "gp:trend ?trend ; dcterms:temporal period:last-few-decades"),
    "F08": ("concept:general-to-specific", "s3", "a gp:Trend ; gp:from concept:general ; gp:to concept:specific"),
    "F09": (
        "concept:bilateral-to-multilateral",
        "s3",
        "a gp:Trend ; gp:from concept:bilateral ; gp:to concept:multilateral",
    ),
    "F10": (
        "concept:indefinite-to-limited",
        "s3",
        "a gp:Trend ; gp:from concept:indefinite-period ; gp:to concept:limited-period",
    ),
    "F11": (
        COOPERATION,
        "s4",
        "gp:trend concept:general-to-specific, concept:bilateral-to-multilateral, concept:indefinite-to-limited",
    ),
    "F12": (
        TWINS,
        "h1",
        'a gp:Period ; gp:startYear "1958"^^xsd:gYear ; gp:endYear "1985"^^xsd:gYear ; skos:note ?span',
    ),
    "F13": (
        JOINING,
        "s5",
        "gp:actor city:ghent ; dcterms:isPartOf activity:twinning-movement ; dcterms:temporal period:1950s",
    ),
    "F14": (MOVEMENT, "s5", "gp:actor group:other-european-cities"),
    "F15": (TWINS, "s5", "dcterms:hasPart partnership:ghent-saint-raphael"),
    "F16": (ESTABLISHING, "s5", "gp:involves group:cities-in-and-outside-europe"),
    "F17": ("concept:twinning", "s5", together("gp:instrument concept:official-charter")),
    "F18": ("concept:twinning", "s5", 'skos:prefLabel "twinning"@en ; skos:altLabel "sister city relationship"@en'),
    "F19": (MOVEMENT, "s6", "dcterms:temporal period:after-the-second-world-war"),
    "F20": (MOVEMENT, "s6", "gp:aim concept:european-collaboration"),
    "F21": (MOVEMENT, "s6", "gp:focus concept:reconciliation"),
    "F22": (MOVEMENT, "s6", "gp:means concept:cultural-exchange ; gp:involves concept:citizens, concept:associations"),
    "F23": (MOVEMENT, "s6", "gp:context concept:sustainable-peace"),
    "F24": (MOVEMENT, "s7", "gp:focus concept:conciliation"),
    "F25": (MOVEMENT, "s7", "gp:means concept:exchange-of-associations, concept:exchange-of-cultural-groups"),
    "F26": (MOVEMENT, "s7", "gp:context concept:lasting-peace"),
    "F27": (TWINS, "s8", "gp:result concept:european-cooperation"),
    "F28": ("concept:twinning", "s9", together("gp:instrument concept:twinning-treaty")),
    "F29": (TWINS, "s9", "gp:statedCount 7"),
    "F30": ("partnership:ghent-saint-raphael", "b1", twin("saint-raphael")),
    "F31": ("city:saint-raphael", "b1", in_country("france")),
    "F32": ("partnership:ghent-saint-raphael", "b1", since(1958)),
    "F33": ("partnership:ghent-wiesbaden", "b2", twin("wiesbaden")),
    "F34": ("city:wiesbaden", "b2", in_country("germany")),
    "F35": ("partnership:ghent-wiesbaden", "b2", since(1969)),
    "F36": ("partnership:ghent-kanazawa", "b3", twin("kanazawa")),
    "F37": ("city:kanazawa", "b3", in_country("japan")),
    "F38": ("partnership:ghent-kanazawa", "b3", since(1971)),
    "F39": ("partnership:ghent-melle", "b4", twin("melle")),
    "F40": ("city:melle", "b4", in_country("germany")),
    "F41": ("partnership:ghent-melle", "b4", since(1977)),
    "F42": (
        "partnership:sint-denijs-westrem-melle",
        "b4",
        f"gp:party city:sint-denijs-westrem, city:melle ; {since(1969)}",
    ),
    "F43": ("partnership:ghent-tallinn", "b5", twin("tallinn")),
    "F44": ("city:tallinn", "b5", in_country("estonia")),
    "F45": ("partnership:ghent-tallinn", "b5", since(1982)),
    "F46": ("partnership:ghent-nottingham", "b6", twin("nottingham")),
    "F47": ("city:nottingham", "b6", in_country("england")),
    "F48": ("partnership:ghent-nottingham", "b6", since(1985)),
    "F49": ("partnership:ghent-mohammedia", "b7", twin("mohammedia")),
    "F50": ("city:mohammedia", "b7", "gp:suburbOf city:casablanca"),
    "F51": ("city:casablanca", "b7", f"{in_country('morocco')} . city:mohammedia {in_country('morocco')}"),
    "F52": ("partnership:ghent-mohammedia", "b7", since(1982)),
    "F53": (
        "partnership:ghent-mohammedia",
        "b7",
        "schema:position 7 . partnership:ghent-saint-raphael schema:position 1",
    ),
    "F54": (LATER, "h2", 'gp:startYear "2008"^^xsd:gYear ; gp:trend concept:general-to-specific'),
    "F55": ("activity:city-cooperation", "s10", "gp:trend concept:general-to-specific"),
    "F56": ("concept:general-to-specific", "s10", "gp:to concept:specific . concept:twinning gp:scope concept:general"),
    "F57": (LATER, "s11", "gp:trend concept:general-to-specific"),
    "F58": (AGREEMENTS, "s11", "gp:means concept:cooperation-agreement ; gp:involves group:active-sister-cities"),
    "F59": ("concept:cooperation", "s11", together("gp:instrument concept:cooperation-agreement")),
    "F60": ("concept:cooperation", "s11", together("gp:duration concept:limited-period")),
    "F61": ("concept:cooperation", "s11", together("gp:scope concept:specific")),
    "F62": (LATER, "s12", "dcterms:hasPart partnership:ghent-burgas"),
    "F63": ("partnership:ghent-burgas", "b8", partner("burgas")),
    "F64": ("city:burgas", "b8", in_country("bulgaria")),
    "F65": ("agreement:ghent-burgas", "b8", concluded(2009)),
    "F66": ("partnership:ghent-gdansk", "b9", partner("gdansk")),
    "F67": ("city:gdansk", "b9", in_country("poland")),
    "F68": ("agreement:ghent-gdansk", "b9", concluded(2009)),
    "F69": ("partnership:ghent-liege", "b10", partner("liege")),
    "F70": ("city:liege", "b10", in_country("belgium")),
    "F71": ("agreement:ghent-liege", "b10", concluded(2011)),
    "F72": ("partnership:ghent-weihai", "b11", partner("weihai")),
    "F73": ("city:weihai", "b11", in_country("china")),
    "F74": ("agreement:ghent-weihai", "b11", concluded(2013)),
    "F75": ("partnership:ghent-taizhou", "b12", partner("taizhou")),
    "F76": ("city:taizhou", "b12", in_country("china")),
    "F77": ("agreement:ghent-taizhou", "b12", concluded(2018)),
    "F78": ("concept:bilateral-to-multilateral", "h3 s13", "gp:prominence concept:most-conspicuous"),
    "F79": (
        "activity:multilateral-cooperation",
        "s13",
        "gp:means concept:international-network, concept:international-project",
    ),
    "F80": (REORIENTATION, "s14", "gp:actor city:ghent ; gp:concerns group:almost-all-existing-partnerships"),
    "F81": (REORIENTATION, "s14", "gp:trend concept:bilateral-to-multilateral"),
    "F82": (REORIENTATION, "s14", "gp:to concept:international-network"),
    "F83": (REORIENTATION, "s14", "gp:to concept:european-subsidy-project"),
    "F84": (OUTCOME, "s15", "gp:concerns partnership:ghent-kanazawa ; dcterms:type concept:maintained"),
    "F85": (OUTCOME, "s15", "gp:reason concept:highly-active-cooperation"),
    "F86": (OUTCOME, "s15", "gp:reason concept:widely-supported-cooperation"),
    "F87": (OUTCOME, "s15", "gp:involves group:partners-in-ghent, group:partners-in-kanazawa"),
    "F88": (OUTCOME, "s15", "gp:reason concept:strong-contribution"),
}


@pytest.fixture(scope="module")
def store() -> Store:
    return load_store()


def query(number: str) -> str:
    """The query that shows a fact: its statement, and that its resource cites each of its fragments."""
    resource, fragments, statement = FACTS[number]
    cited = ", ".join(f"fragment:{fragment}" for fragment in fragments.split())
    return f"{HEAD}ASK {{ {resource} {statement} . {resource} dcterms:source {cited} }}"


def test_every_fact_has_its_query() -> None:
    assert list(FACTS) == [f"F{number:02}" for number in range(1, 89)]


@pytest.mark.parametrize("number", FACTS)
def test_fact_is_in_the_graph(number: str, store: Store) -> None:
    assert store.query(query(number)), f"{number} is not shown by:\n{query(number)}"


@pytest.mark.parametrize("number", FACTS)
def test_fact_is_lost_with_any_of_its_triples(number: str, store: Store) -> None:
    """The query would fail if any triple that it asks for were not stated: taken away one at a time, each is missed."""
    resource, fragments, statement = FACTS[number]
    cited = ", ".join(f"fragment:{fragment}" for fragment in fragments.split())
    pattern = f"{resource} {statement} . {resource} dcterms:source {cited}"
    asked = [Quad(*triple) for triple in store.query(f"{HEAD}CONSTRUCT {{ {pattern} }} WHERE {{ {pattern} }}")]
    assert len(asked) > 1
    if "?" not in statement:  # else another triple may match the variable
        for quad in asked:
            store.remove(quad)
            try:
                assert not store.query(query(number)), quad
            finally:
                store.add(quad)


def test_every_fragment_supports_something(store: Store) -> None:
    rows = store.query(f"{HEAD}SELECT ?f {{ ?f a oa:TextQuoteSelector FILTER NOT EXISTS {{ ?x dcterms:source ?f }} }}")
    assert [row["f"].value for row in rows] == []


def test_every_twinning_and_cooperation_is_in_its_period(store: Store) -> None:
    for period, kind in ((TWINS, "concept:twinning"), (LATER, "concept:cooperation")):
        parts, wanted = (
            {row["p"].value for row in store.query(f"{HEAD}SELECT ?p {{ {pattern} . ?p gp:party city:ghent }}")}
            for pattern in (f"{period} dcterms:hasPart ?p", f"?p gp:kind {kind}")
        )
        assert parts == wanted != set(), period


def test_only_one_partnership_is_maintained(store: Store) -> None:
    rows = store.query(f"{HEAD}SELECT ?p {{ ?o dcterms:type concept:maintained ; gp:concerns ?p }}")
    assert [row["p"].value for row in rows] == [ID + "partnership/ghent-kanazawa"]


def test_the_source_s_list_orders_are_kept(store: Store) -> None:
    rows = store.query(
        f"{HEAD}SELECT ?city {{ ?p gp:party city:ghent, ?c ; gp:kind ?kind ; schema:position ?position ; "
        f"dcterms:source/dcterms:isPartOf {SEED} . "
        "?c gp:nameAsStated ?city FILTER (?c != city:ghent) } ORDER BY DESC(?kind) ?position"
    )
    assert [row["city"].value for row in rows] == [
        *("Saint-Raphaël", "Wiesbaden", "Kanazawa", "Melle", "Tallinn", "Nottingham", "Mohammedia"),
        *("Burgas", "Gdansk", "Liège", "Weihai", "Taizhou"),
    ]
