"""What the reconciliation service takes for a query: what the schemas take, and nothing else."""

import json

import pytest

from ghent_partnerships.server.problems import Problem
from ghent_partnerships.server.reconciliation.extend import Extension, extension
from ghent_partnerships.server.reconciliation.queries import Condition, Query, Value, batch, draft_batch, parsed, query
from reconciliation_schemas import VERSIONS, examples, faults

READ = {"0.2": batch, "1.0-draft": draft_batch}
QUERIES = "reconciliation-query-batch"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_valid_example_is_read_and_no_other(version: str) -> None:
    valid, invalid = (dict(examples(version, QUERIES, verdict)) for verdict in ("valid", "invalid"))
    assert len(valid) >= 4
    assert len(invalid) >= 3
    for name, stated in valid.items():
        assert READ[version](stated, 10), name
    for name, stated in invalid.items():
        with pytest.raises(Problem) as caught:
            READ[version](stated, 10)
        assert caught.value.status == 400, name
        assert faults(version, QUERIES, stated), name  # the example is what its folder says


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_of_data_extension_is_read(version: str) -> None:
    for name, stated in examples(version, "data-extension-query", "valid"):
        read = extension(stated, 10)
        assert read.ids == ("10662041X", "1064905412"), name
        assert read.properties[0] == "variantName"


def test_a_query_of_0_2_is_read_in_full() -> None:
    stated = {
        "query": "Taizhou",
        "type": ["gp:City", "schema:Country"],
        "type_strict": "all",
        "limit": 3.0,
        "properties": [
            {"pid": "gp:country", "v": {"id": "country/china", "name": "China"}},
            {"pid": "gp:startYear", "v": [2018.0, "2019", True]},
        ],
    }
    assert query(stated) == Query(
        names=("Taizhou",),
        ids=("Taizhou",),
        types=("gp:City", "schema:Country"),
        strict="all",
        limit=3,
        conditions=(
            Condition("gp:country", (Value("China", "country/china"),)),
            Condition("gp:startYear", (Value("2018"), Value("2019"), Value("true"))),
        ),
    )


def test_a_query_of_the_draft_is_read_in_full() -> None:
    conditions = [
        {"matchType": "name", "propertyValue": ["Taizhou", "台州"]},
        {"matchType": "id", "propertyValue": "city/taizhou"},
        {
            "matchType": "property",
            "propertyId": "gp:country",
            "propertyValue": "China",
            "required": True,
            "matchQuantifier": "none",
        },
    ]
    (read,) = draft_batch({"queries": [{"conditions": conditions, "type": "gp:City", "lang": "zh"}]}, 1)
    assert read.names == ("Taizhou", "台州")
    assert read.ids[0] == "city/taizhou"
    assert read.types == ("gp:City",)
    assert read.conditions == (Condition("gp:country", (Value("China"),), required=True, quantifier="none"),)


@pytest.mark.parametrize(("limit", "most"), [(0, 1), (-5, 1), (7, 7), (2.9, 2), (10**30, 100), (1e300, 100)])
def test_a_limit_is_brought_within_bounds(limit: float, most: int) -> None:
    assert query({"query": "x", "limit": limit}).limit == most


@pytest.mark.parametrize(
    "stated",
    [
        [],
        "x",
        {"q": []},
        {"q": {"query": 1}},
        {"q": {"query": "x", "limit": "3"}},
        {"q": {"query": "x", "limit": True}},
        {"q": {"query": "x", "type": 3}},
        {"q": {"query": "x", "type": [3]}},
        {"q": {"query": "x", "type_strict": "never"}},
        {"q": {"query": "x", "properties": {}}},
        {"q": {"query": "x", "properties": [{"pid": 1, "v": "a"}]}},
        {"q": {"query": "x", "properties": [{"pid": "a"}]}},
        {"q": {"query": "x", "properties": [{"pid": "a", "v": None}]}},
        {"q": {"query": "x", "properties": [{"pid": "a", "v": [[]]}]}},
        {"q": {"query": "x", "properties": [{"pid": "a", "v": {"name": "no id"}}]}},
    ],
)
def test_what_the_schema_refuses_is_refused(stated: object) -> None:
    assert faults("0.2", QUERIES, stated)
    with pytest.raises(Problem) as caught:
        batch(stated, 10)
    assert caught.value.status == 400


@pytest.mark.parametrize("quantifier", ["all", "none"])
def test_a_name_is_any_of_those_given(quantifier: str) -> None:
    condition = {"matchType": "name", "propertyValue": "Danzig", "matchQuantifier": quantifier}
    with pytest.raises(Problem) as raised:
        draft_batch({"queries": [{"conditions": [condition]}]}, 10)
    assert raised.value.status == 400


def test_more_than_is_answered_at_once_is_refused() -> None:
    many = {"query": "x", "properties": [{"pid": "a", "v": "b"}] * 21}
    for stated in ({str(number): {"query": "x"} for number in range(11)}, {"q": many}):
        with pytest.raises(Problem) as caught:
            batch(stated, 10)
        assert caught.value.status == 413
    with pytest.raises(Problem) as caught:
        extension({"ids": ["a"] * 11, "properties": []}, 10)
    assert caught.value.status == 413


def test_an_extension_names_each_once() -> None:
    stated = {"ids": ["a", "b", "a"], "properties": [{"id": "x"}, {"id": "x", "settings": {}}]}
    assert extension(stated, 10) == Extension(("a", "b"), ("x",))


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": Infinity}', '"\\ud800"', "[" * 100_000, b"\xff"])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(Problem) as caught:
        parsed(text)
    assert caught.value.status == 400


def test_json_is_read_as_it_is() -> None:
    assert parsed(json.dumps({"q": "金沢"})) == {"q": "金沢"}
