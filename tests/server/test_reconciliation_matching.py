"""Which entities are found by a name, and of which it is certain that they are meant, in a small index of its own."""

import json

import pytest

from ghent_partnerships.server.reconciliation.forms import base, folded, is_latin, written
from ghent_partnerships.server.reconciliation.index import Index
from ghent_partnerships.server.reconciliation.matching import candidates
from ghent_partnerships.server.reconciliation.queries import query
from ghent_partnerships.server.reconciliation.suggest import entities

PROPERTIES = {"gp:country": "entity", "gp:startYear": "year", "geo:lat_long": "place", "gp:kind": "text"}


def entity(id_: str, type_: str, names: dict[str, list[str]], **values: list[object]) -> dict[str, object]:
    named = {"country": "gp:country", "year": "gp:startYear", "place": "geo:lat_long", "kind": "gp:kind"}
    named |= {"codes": "schema:identifier", "same": "owl:sameAs", "possible": "gp:possibleMatch"}
    stated = {named[name]: value for name, value in values.items()}
    return {
        "id": id_,
        "iri": f"https://example.org/id/{id_}",
        "types": [type_],
        "names": names,
        "description": {},
        "values": stated,
    }


ENTITIES = [
    entity("city/springfield-1", "gp:City", {"en": ["Springfield"]}, country=["country/x"], year=[1990]),
    entity("city/springfield-2", "gp:City", {"en": ["Springfield"]}, country=["country/y"], year=[1995]),
    entity("city/malaga", "gp:City", {"es": ["Málaga"]}, country=["country/x"], place=["36.72,-4.42"]),
    entity("city/malagas", "gp:City", {"en": ["Malaga"]}, country=["country/y"]),
    entity("city/koeln", "gp:City", {"de": ["Köln"], "en": ["Cologne"]}, kind=[{"de": "Partnerschaft"}]),
    entity("city/athens", "gp:City", {"el": ["Αθήνα"], "en": ["Athens"]}, same=["Q1524"]),
    entity("city/weihai", "gp:City", {"en": ["Weihai"], "zh": ["威海市"]}),
    entity("city/open", "gp:City", {"en": ["Open"]}, possible=["candidate/open-north"]),
    entity("candidate/open-north", "gp:Candidate", {"en": ["Open (North)"]}),
    entity("country/x", "schema:Country", {"en": ["Exland"], "de": ["Exenland"]}, codes=["EX"]),
    entity("country/y", "schema:Country", {"en": ["Wyland"]}),
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    document = {
        "name": {"en": "Small"},
        "languages": ["en"],
        "version": "1",
        "space": "https://example.org/id/",
        "schema": "https://example.org/",
        "types": [{"id": name, "name": {"en": name}} for name in ("gp:City", "gp:Candidate", "schema:Country")],
        "properties": [
            {"id": name, "name": {"en": name}, "kind": kind, "of": ["gp:City"], "range": ""}
            for name, kind in PROPERTIES.items()
        ],
        "entities": ENTITIES,
    }
    return Index(json.dumps(document).encode())


def found(index: Index, name: str, **more: object) -> list[tuple[str, bool]]:
    return [(each.entity.id, each.match) for each in candidates(index, query({"query": name, **more}))]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("cologne", "city/koeln"),
        ("KÖLN", "city/koeln"),
        ("Koln", "city/koeln"),
        ("  Köln ", "city/koeln"),
        ("Málaga", "city/malaga"),
        ("Αθήνα", "city/athens"),
        ("Αθηνα", "city/athens"),
        ("Афины", ""),
        ("威海市", "city/weihai"),
        ("微海市", ""),  # read in the same way, and another place
        ("Weihai", "city/weihai"),
        ("Weihia", ""),
        ("Springfield", ""),
        ("Open", ""),  # which of two is not known
        ("Open (North)", "candidate/open-north"),
        ("Q1524", "city/athens"),
        ("http://www.wikidata.org/entity/Q1524", "city/athens"),
        ("https://example.org/id/city/athens", "city/athens"),
        ("city:athens", "city/athens"),
        ("Exenland", "country/x"),
        ("", ""),
        ("*", ""),
    ],
)
def test_only_the_bearer_of_a_name_is_certain(index: Index, name: str, id_: str) -> None:
    if name == "Málaga":  # people leave out accents, and there is a Malaga too
        assert found(index, name) == [("city/malaga", False), ("city/malagas", False)]
    else:
        assert [found_id for found_id, match in found(index, name) if match] == [id_] * bool(id_)


def test_what_is_given_beside_the_name_decides(index: Index) -> None:
    def certain(name: str, pid: str, value: object) -> list[str]:
        candidates_ = found(index, name, properties=[{"pid": pid, "v": value}])
        return [id_ for id_, match in candidates_ if match]

    assert certain("Springfield", "gp:country", "Exland") == ["city/springfield-1"]
    assert certain("Springfield", "gp:country", "EX") == ["city/springfield-1"]
    assert certain("Springfield", "gp:country", {"id": "country/y"}) == ["city/springfield-2"]
    assert certain("Springfield", "gp:startYear", 1995.0) == ["city/springfield-2"]
    assert certain("Springfield", "gp:startYear", "1995-05-01") == ["city/springfield-2"]
    assert certain("Springfield", "gp:startYear", "1996") == []
    assert certain("Springfield", "gp:country", ["Exland", "Wyland"]) == []
    assert certain("Malaga", "gp:country", "Exland") == ["city/malaga"]
    assert certain("Málaga", "geo:lat_long", "36.7, -4.4") == []  # nothing is known of the place of the other
    assert certain("Köln", "gp:kind", "partnerschaft") == ["city/koeln"]
    assert certain("Köln", "gp:kind", "cooperation") == []  # contradicted
    assert certain("Köln", "foaf:nothing", "x") == ["city/koeln"]  # a property that is not known says nothing


def test_types_and_required_conditions_leave_out_all_others(index: Index) -> None:
    assert found(index, "Exland", type="gp:City") == []
    assert found(index, "Exland", type="gp:City", type_strict="should")[0] == ("country/x", False)
    assert found(index, "Open", type="gp:City") == [("city/open", False), ("candidate/open-north", False)]
    assert found(index, "Open", type=["gp:City", "gp:Candidate"], type_strict="all") == [
        ("candidate/open-north", False)
    ]


def test_by_properties_alone_nobody_is_certain(index: Index) -> None:
    asked = query({"properties": [{"pid": "gp:country", "v": "Exland"}]})
    assert [(each.entity.id, each.match) for each in candidates(index, asked)] == [
        ("city/springfield-1", False),
        ("city/malaga", False),
    ]


def test_a_long_text_is_nobodys_name(index: Index) -> None:
    assert found(index, "Köln" + " " * 300) == []
    assert found(index, "a" * 100_000) == []


def test_suggestions_begin_with_what_is_written_and_come_by_pages(index: Index) -> None:
    assert [each["id"] for each in entities(index, "ko", "", 0, "en")] == ["city/koeln"]
    assert [each["id"] for each in entities(index, "spr", "", 1, "en")] == ["city/springfield-2"]
    assert len(entities(index, "", "schema:Country", 0, "en")) == 2
    assert [each["id"] for each in entities(index, "athnes", "", 0, "en")] == ["city/athens"]


def test_forms() -> None:
    assert (written("ＫÖＬＮ  am Rhein"), folded("Gdańsk–Öst"), folded("!?")) == ("köln am rhein", "gdansk ost", "")
    assert (base("Taizhou (Jiangsu)"), base("Berat, Albania"), base("Berat")) == ("Taizhou", "Berat", "")
    assert (is_latin("Đà Nẵng"), is_latin("カナ"), is_latin("Αθήνα")) == (True, False, False)
