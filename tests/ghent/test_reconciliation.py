"""The names of Ghent's partners find them, whatever the language and the script, and never with a false certainty."""

import json
from urllib.parse import urlencode

import pytest

from serving import Served, ask


def found(served: Served, **query: object) -> list[dict]:
    queries = {"q": query}
    answer = ask(served.address, f"/reconcile?{urlencode({'queries': json.dumps(queries)})}")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["q"]["result"]


TAIZHOU = ["city/taizhou", "candidate/taizhou-jiangsu", "candidate/taizhou-zhejiang"]


@pytest.mark.parametrize(
    ("name", "id_", "label"),
    [
        ("Danzig", "city/gdansk", "label@de"),
        ("Gdansk", "city/gdansk", "label@nl"),
        ("GDAŃSK", "city/gdansk", "label@en"),
        ("カナザワ", "city/kanazawa", "label@de"),
        ("金沢市", "city/kanazawa", "label@ja"),
        ("Luik", "city/liege", "label@nl"),
        ("Liege", "city/liege", "label@en"),
        ("Gand", "city/ghent", "label@fr"),
        ("Taizhou (Zhejiang)", "candidate/taizhou-zhejiang", "label@en"),
        ("台州市", "candidate/taizhou-zhejiang", "label@zh"),
        ("Duitsland", "country/germany", "label@nl"),
        ("Gent en Kanazawa", "partnership/ghent-kanazawa", "label@nl"),
    ],
)
def test_a_name_in_any_language_is_certain(served: Served, name: str, id_: str, label: str) -> None:
    first, *others = found(served, query=name)
    assert (first["id"], first["match"]) == (id_, True)
    assert not any(other["match"] for other in others)
    features = {each["id"]: each["value"] for each in first["features"]}
    assert (features["name_same"], features["name_shared"]) == (True, False)
    assert features[label]


@pytest.mark.parametrize(
    ("name", "id_"),
    [("Kanazwa", "city/kanazawa"), ("Wiesbadn", "city/wiesbaden"), ("Saint Rafael", "city/saint-raphael")],
)
def test_a_typo_is_found_and_not_certain(served: Served, name: str, id_: str) -> None:
    first, *_others = found(served, query=name, type="gp:City")
    assert (first["id"], first["match"]) == (id_, False)
    assert 75 < first["score"] < 100


@pytest.mark.parametrize("more", [{}, {"type": "gp:City"}, {"properties": [{"pid": "gp:country", "v": "China"}]}])
@pytest.mark.parametrize("name", ["Taizhou", "Taizhow", "TAIZHOU"])
def test_which_taizhou_is_meant_is_never_certain(served: Served, name: str, more: dict) -> None:
    results = found(served, query=name, **more)
    assert [each["id"] for each in results[:3]] == TAIZHOU
    assert not any(each["match"] for each in results)
    shared = [
        feature["value"] for each in results[:3] for feature in each["features"] if feature["id"] == "name_shared"
    ]
    assert shared == [name != "Taizhow"] * 3


def test_what_may_be_meant_by_a_city_is_found_among_cities_and_not_certain(served: Served) -> None:
    for more, certain in (({}, True), ({"type": "gp:Candidate"}, True), ({"type": "gp:City"}, False)):
        first = found(served, query="Taizhou (Zhejiang)", **more)[0]
        assert (first["id"], first["match"]) == ("candidate/taizhou-zhejiang", certain), more


def test_the_country_as_it_is_stated_agrees_too(served: Served) -> None:
    for country in ("England", "United Kingdom", "Verenigd Koninkrijk", "GB"):
        (first, *_others) = found(served, query="Nottingham", properties=[{"pid": "gp:country", "v": country}])
        assert (first["id"], first["match"]) == ("city/nottingham", True), country
    (first, *_others) = found(served, query="Nottingham", properties=[{"pid": "gp:country", "v": "France"}])
    assert (first["id"], first["match"]) == ("city/nottingham", False)


def test_a_year_is_that_of_any_partnership_and_extends_by_that_of_the_home_city(served: Served) -> None:
    for year in ("1969", 1977):
        assert found(served, query="Melle", properties=[{"pid": "gp:startYear", "v": year}])[0]["match"], year
    ids = ["city/melle", "city/sint-denijs-westrem", "city/burgas", "city/taizhou"]
    properties = [{"id": each} for each in ("gp:startYear", "gp:kind", "geo:lat_long", "owl:sameAs", "oa:exact")]
    extend = json.dumps({"ids": ids, "properties": properties})
    rows = json.loads(ask(served.address, f"/reconcile?{urlencode({'extend': extend})}").body)["rows"]
    assert [rows[each]["gp:startYear"] for each in ids] == [[{"int": year}] for year in (1977, 1969, 2009, 2018)]
    assert rows["city/burgas"]["gp:kind"] == [{"str": "cooperation on the basis of an agreement"}]
    assert rows["city/melle"]["geo:lat_long"] == [{"str": "52.20197,8.33826"}]
    assert rows["city/melle"]["owl:sameAs"] == [{"str": "Q6954"}]
    assert rows["city/taizhou"]["geo:lat_long"] == rows["city/taizhou"]["owl:sameAs"] == []
    assert rows["city/taizhou"]["oa:exact"] == [{"str": "Taizhou (China) in 2018"}]
