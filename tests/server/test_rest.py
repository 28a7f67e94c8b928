"""The API: what each address answers, what it refuses, and what `publish` writes of it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.rdf.namespaces import GP, ID
from loaded import of_kind
from serving import Answer, Served, ask

JSON, CSV, GEOJSON = "application/json", "text/csv", "application/geo+json"


@pytest.fixture(scope="module")
def description(dist: Published) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((dist.directory / "openapi.json").read_bytes())
    return described


def get(served: Served, path: str, accept: str = "*/*", **headers: str) -> Answer:
    return ask(served.address, f"/api{path}", headers=[("Accept", accept), *headers.items()])


def rows(served: Served, path: str) -> Any:
    answer = get(served, path)
    assert (answer.status, answer.type) == (HTTPStatus.OK, JSON), answer.body
    return json.loads(answer.body)


def problem(served: Served, path: str, status: int, accept: str = "*/*") -> dict[str, Any]:
    answer = get(served, path, accept)
    assert (answer.status, answer.type) == (status, "application/problem+json"), answer.body
    found: dict[str, Any] = json.loads(answer.body)
    return found


def lists(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((path, item["get"]) for path, item in description["paths"].items() if "{" not in path)


def schema(description: dict[str, Any], part: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**part, "components": description["components"]})


def test_each_list_answers_as_it_is_described_and_as_its_file_does(
    served: Served, dist: Published, description: dict[str, Any]
) -> None:
    operations = list(lists(description))
    assert len(operations) > 25
    for path, operation in operations:
        answer, table = get(served, path), get(served, path, CSV)
        content = operation["responses"]["200"]["content"]
        found = json.loads(answer.body)
        schema(description, content[JSON]["schema"]).validate(found)
        assert content[JSON]["example"] == found[:2], path
        assert answer.headers["x-total-count"] == str(len(found))
        assert answer.body == (dist.directory / f"api{path}.json").read_bytes() == get(served, f"{path}.json").body
        assert table.body == (dist.directory / f"api{path}.csv").read_bytes() == get(served, f"{path}?format=csv").body
        head, *cells = csv.reader(io.StringIO(table.body.decode(), newline=""))
        assert len(cells) == len(found), path
        assert not found or list(found[0]) == head, path


def test_every_question_that_has_rows_is_an_operation(dist: Published, description: dict[str, Any]) -> None:
    files = [
        file
        for file in (dist.directory / "queries").rglob("*.rq")
        if file.parent.name not in ("tables", "views", "wikidata")
    ]
    assert {path.removeprefix("/queries/") for path, _ in lists(description) if path.startswith("/queries/")} == {
        file.stem for file in files
    }
    for path, operation in lists(description):
        if "x-query" in operation:
            text = (dist.directory / operation["x-query"]).read_text(encoding="utf-8")
            named = re.findall(r"(?m)^#\+ param: (\w+)", text)
            assert [each["name"] for each in operation["parameters"] if "name" in each] == named, path


def test_a_table_has_each_resource_and_each_alone(served: Served, description: dict[str, Any]) -> None:
    for name, kind in (("cities", "City"), ("partnerships", "Partnership"), ("agreements", "Agreement")):
        found = rows(served, f"/{name}")
        key = next(iter(found[0]))
        assert {row[key] for row in found} == set(of_kind(f"{GP}{kind}"))
        for row in found:
            slug = row[key].rpartition("/")[2]
            assert rows(served, f"/{name}/{slug}") == row
        item = description["paths"][f"/{name}/{{slug}}"]["get"]
        assert item["responses"]["200"]["content"][JSON]["example"] in found


def test_a_city_is_had_in_each_form(served: Served) -> None:
    row = rows(served, "/cities/liege")
    assert (row["nameNl"], row["latitude"], row["inferred"]) == ("Luik", 50.63373, None)
    head, cells = csv.reader(io.StringIO(get(served, "/cities/liege.csv").body.decode(), newline=""))
    assert dict(zip(head, cells, strict=True))["city"] == f"{ID}city/liege"
    feature = json.loads(get(served, "/cities/liege", GEOJSON).body)
    assert feature["geometry"] == {"type": "Point", "coordinates": [5.56749, 50.63373]}
    assert get(served, "/cities/liege.geojson").body == get(served, "/cities/liege?format=geojson").body


def test_what_is_not_stated_is_in_the_table_and_in_its_schema(served: Served, description: dict[str, Any]) -> None:
    (row,) = [row for row in rows(served, "/cities") if row["city"] == f"{ID}city/taizhou"]
    assert (row["latitude"], row["wikidata"], row["notStated"]) == (None, None, "Wikidata item")
    end = description["components"]["schemas"]["Partnerships"]["properties"]["end"]
    assert {each["end"] for each in rows(served, "/partnerships")} == {None}
    assert end["type"] == ["integer", "null"]


def test_maps_are_those_that_are_published(served: Served, dist: Published) -> None:
    for name in ("cities", "partnerships"):
        whole = (dist.directory / f"{name}.geojson").read_bytes()
        assert get(served, f"/{name}", GEOJSON).body == whole
        page = json.loads(get(served, f"/{name}?limit=2&offset=1&format=geojson").body)
        assert page == {**json.loads(whole), "features": json.loads(whole)["features"][1:3]}
    assert problem(served, "/agreements.geojson", HTTPStatus.NOT_FOUND)["code"] == "not-found"


def test_parameters_are_bound_as_the_command_binds_them(served: Served) -> None:
    begun = rows(served, "/queries/twinnings-begun-in-year?year=1982&lang=nl")
    assert begun == [{"year": 1982, "city": "Mohammedia"}, {"year": 1982, "city": "Tallinn"}]
    assert {row["city"]: row["age"] for row in rows(served, "/queries/twinnings-of-an-age?least=39")} == {
        "Saint-Raphaël": 50,
        "Wiesbaden": 39,
    }
    for city in ("city:melle", f"{ID}city/melle"):
        assert [row["year"] for row in rows(served, f"/queries/partners-of-a-city?city={quote(city)}")] == [1969, 1977]
    assert rows(served, "/queries/partnerships-begun-in-year?year=44") == []


def test_pages_lead_to_each_other_and_together_are_the_whole(served: Served) -> None:
    whole = rows(served, "/queries/partner-cities?lang=nl")
    path, found, pages = "/queries/partner-cities?lang=nl&limit=2", [], 0
    while path:
        answer = get(served, path)
        found += json.loads(answer.body)
        pages += 1
        assert answer.headers["x-total-count"] == "5"
        links = dict(reversed(link.split("; ")) for link in answer.headers["link"].split(", "))
        following = links.get('rel="next"', "<>")[1:-1]
        path = following and f"/queries/partner-cities{following}"
    assert (found, pages) == (whole, 3)
    assert links['rel="prev"'] == "<?lang=nl&limit=2&offset=2>"
    assert links['rel="service-desc"'] == "<../../openapi.json>"
    assert rows(served, "/cities?offset=1000") == []


@pytest.mark.parametrize("path", ["/cities", "/cities/liege.csv", "/queries/partner-cities?lang=nl&limit=1"])
def test_who_has_the_answer_is_not_sent_it_again(served: Served, path: str) -> None:
    first = get(served, path)
    again = get(served, path, **{"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (HTTPStatus.NOT_MODIFIED, b"")
    assert get(served, path, **{"If-None-Match": '"other"'}).body == first.body
    head = ask(served.address, f"/api{path}", "HEAD")
    assert (head.body, head.headers["content-length"]) == (b"", str(len(first.body)))
    assert get(served, "/cities").headers["etag"] != get(served, "/cities", CSV).headers["etag"]


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/cities?limt=3", "unknown-parameter", "Did you mean limit?"),
        ("/cities?limit=0", "value", "from 1 to 1000"),
        ("/cities?limit=1001", "value", "from 1 to 1000"),
        ("/cities?limit=2&limit=3", "parameter-twice", "more than once"),
        ("/cities?offset=-1", "value", "a whole number"),
        ("/cities?format=xml", "value", "json or csv or geojson"),
        ("/cities.csv?format=csv", "unknown-parameter", "format"),
        ("/cities?name=%ff", "not-utf-8", "UTF-8"),
        ("/queries/partner-cities?lang=xx", "value", "nl"),
        ("/queries/twin-cities?lang=ja", "value", "en"),
        ("/queries/partner-cities?lang=", "value", "nl"),
        ("/queries/twinnings-begun-in-year?year=71", "", ""),
        ("/queries/twinnings-begun-in-year?year=0", "value", "a year"),
        ("/queries/twinnings-begun-in-year?year=1982%0A", "value", "a year"),
        ("/queries/twinnings-begun-in-year?year=19.5", "value", "a year"),
        ("/queries/twinnings-of-an-age?least=many", "value", "a whole number"),
        ("/queries/partners-of-a-city?city=city:mele", "value", "Did you mean city:melle"),
        ("/queries/partners-of-a-city?city=http://[", "value", "or an IRI"),
        ("/queries/which-sentence-says-so?resource=%22%20%7D%20DROP%20ALL", "value", "an IRI, like"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(served: Served, path: str, code: str, words: str) -> None:
    if not code:
        assert rows(served, path) == []
        return
    refused = problem(served, path, HTTPStatus.BAD_REQUEST)
    assert refused["code"] == code
    assert words in refused["detail"]


def test_what_is_not_there_is_not_found_with_what_is_near(served: Served) -> None:
    assert "liege" in problem(served, "/cities/lieg", HTTPStatus.NOT_FOUND)["detail"]
    assert "partner-cities" in problem(served, "/queries/partner-cites", HTTPStatus.NOT_FOUND)["detail"]
    assert "cities" in problem(served, "/citys", HTTPStatus.NOT_FOUND)["detail"]
    assert problem(served, "/cities", HTTPStatus.NOT_ACCEPTABLE, "image/png")["available"] == [JSON, CSV, GEOJSON]
    assert ask(served.address, "/api/cities", "POST", b"").status == HTTPStatus.METHOD_NOT_ALLOWED
    assert get(served, f"/cities?limit={'1' * 20_000}").status == HTTPStatus.REQUEST_URI_TOO_LONG


def test_a_problem_is_in_the_language_of_who_asks(served: Served) -> None:
    answer = get(served, "/cities?limt=3", **{"Accept-Language": "nl"})
    assert "Bedoelde u limit?" in json.loads(answer.body)["detail"]


def test_the_address_of_the_api_is_its_description_and_for_a_browser_its_page(served: Served, dist: Published) -> None:
    described, page = get(served, ""), get(served, "", "text/html,*/*;q=0.8")
    assert (described.type, described.body) == (JSON, (dist.directory / "openapi.json").read_bytes())
    assert (page.type, page.body) == ("text/html", (dist.directory / "api.html").read_bytes())


def test_the_page_lists_each_address_and_parameter(dist: Published, description: dict[str, Any]) -> None:
    for name in ("api.html", "api.nl.html"):
        page = (dist.directory / name).read_text(encoding="utf-8")
        for path, item in description["paths"].items():
            assert f"<code>GET /api{path}</code>" in page, path
            for parameter in item["get"]["parameters"]:
                if parameter.get("in") == "query":
                    assert f"<dt><code>{parameter['name']}</code></dt>" in page, path
    dutch = json.loads((dist.directory / "openapi.nl.json").read_bytes())
    assert dutch["paths"].keys() == description["paths"].keys()
    assert dutch["paths"]["/queries/partner-cities"]["get"]["summary"].startswith("Welke partnersteden")
    assert dutch["components"]["schemas"]["PartnerCities"]["properties"]["country"]["title"] == "Land"
