"""The reconciliation service over HTTP: every answer is as the schemas of its version have it, and no request whatever
has the server at a loss."""

import http.client
import json
import random
from urllib.parse import quote, urlencode, urlsplit

import pytest

from ghent_partnerships.dist import HEADERS, HEADERS_EMBEDDED, PREVIEW_SIZE
from ghent_partnerships.server.limits import Limits
from reconciliation_schemas import faults
from serving import Answer, Served, ask

JSON, FORM = ("Content-Type", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")
BATCH = Limits().batch
DUTCH = ("Accept-Language", "nl")
QUERIES = {
    "q0": {"query": "Kanazawa", "type": "gp:City", "limit": 3},
    "q1": {"query": "Taizhou", "properties": [{"pid": "gp:country", "v": "China"}]},
    "q2": {"properties": [{"pid": "gp:startYear", "v": 1971}]},
    "q3": {"query": "nothing like it"},
}
IDS = ["city/kanazawa", "city/taizhou", "partnership/ghent-kanazawa", "nobody/knows"]
PROPERTIES = ["gp:country", "gp:startYear", "gp:kind", "geo:lat_long", "owl:sameAs", "oa:exact", "@id", "unknown"]
EXTEND = {"ids": IDS, "properties": [{"id": each} for each in PROPERTIES]}


def get(served: Served, path: str, *headers: tuple[str, str], **parameters: str) -> Answer:
    return ask(served.address, f"/reconcile{path}?{urlencode(parameters)}".rstrip("?"), headers=headers)


def post(served: Served, path: str, document: object) -> Answer:
    return ask(served.address, f"/reconcile{path}", "POST", json.dumps(document).encode(), [JSON])


def as_json(answer: Answer) -> dict:
    assert (answer.status, answer.type) == (200, "application/json"), answer.body
    return json.loads(answer.body)


def test_the_manifests(served: Served) -> None:
    at = f"{served.address}reconcile"
    manifest = as_json(get(served, ""))
    assert faults("0.2", "manifest", manifest) == []
    assert manifest["versions"] == ["0.2"]
    assert manifest["view"]["url"] == f"{served.address}doc/{{{{id}}}}"
    assert manifest["preview"] == {
        "url": f"{served.address}preview/{{{{id}}}}",
        **dict(zip(("width", "height"), PREVIEW_SIZE, strict=True)),
    }
    assert manifest["batchSize"] == BATCH
    assert [each["id"] for each in manifest["defaultTypes"]][:2] == ["gp:City", "gp:Partnership"]
    for name in ("entity", "property", "type"):
        assert manifest["suggest"][name] == {"service_url": at, "service_path": f"/suggest/{name}"}
    draft = as_json(get(served, "/1.0-draft"))
    assert faults("1.0-draft", "manifest", draft) == []
    assert draft["versions"] == ["1.0-draft"]
    assert (draft["standardizedScore"], draft["suggest"]["type"]) == (True, True)
    assert faults("0.2", "manifest", draft), "neither is both, so each has its root"
    assert faults("1.0-draft", "manifest", manifest)
    assert as_json(get(served, "", DUTCH))["defaultTypes"][0]["name"] == "stad"


def test_a_manifest_names_the_host_that_was_asked_and_no_proxy_keeps_it(served: Served) -> None:
    answer = get(served, "")
    assert json.loads(answer.body)["view"]["url"].startswith(served.address)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_batches_of_0_2_by_get_and_by_post(served: Served) -> None:
    by_get = as_json(get(served, "", queries=json.dumps(QUERIES)))
    body = urlencode({"queries": json.dumps(QUERIES)}).encode()
    by_post = ask(served.address, "/reconcile", "POST", body, [FORM])
    assert as_json(by_post) == by_get
    assert by_post.headers["cache-control"] == "no-store"
    assert faults("0.2", "reconciliation-result-batch", by_get) == []
    assert list(by_get) == list(QUERIES)
    (first, *_others) = by_get["q0"]["result"]
    assert (first["id"], first["score"], first["match"]) == ("city/kanazawa", 100, True)
    assert first["type"] == [{"id": "gp:City", "name": "city"}]
    assert {each["id"] for each in by_get["q2"]["result"]} == {
        "city/ghent",
        "city/kanazawa",
        "partnership/ghent-kanazawa",
    }
    assert by_get["q3"]["result"] == []
    single = as_json(get(served, "", query=json.dumps(QUERIES["q0"])))
    assert single["result"] == by_get["q0"]["result"]
    assert as_json(get(served, "", query="Kanazawa"))["result"][0]["id"] == "city/kanazawa"


def test_batches_of_the_draft(served: Served) -> None:
    conditions = [
        {"matchType": "name", "propertyValue": "Kanazawa"},
        {"matchType": "property", "propertyId": "gp:country", "propertyValue": {"id": "country/japan"}},
    ]
    queries = [
        {"conditions": conditions, "type": "gp:City"},
        {"conditions": [{"matchType": "id", "propertyValue": "city/liege"}]},
        {"conditions": [{**conditions[1], "required": True}, {"matchType": "name", "propertyValue": "Wiesbaden"}]},
    ]
    for path in ("/match", "/1.0-draft/match"):
        found = as_json(post(served, path, {"queries": queries}))
        assert faults("1.0-draft", "reconciliation-result-batch", found) == []
        first, second, third = (result["candidates"] for result in found["results"])
        assert [(each["id"], each["match"]) for each in first] == [("city/kanazawa", True)]
        assert [(each["id"], each["match"]) for each in second] == [("city/liege", True)]
        assert third == []
    features = {each["id"]: each["value"] for each in first[0]["features"]}
    assert features == {"name_similarity": 100, "label@de": True, "name_same": True, "name_shared": False,
                        "type": True, "gp:country": True}  # fmt: skip


def test_data_extension(served: Served) -> None:
    by_get = as_json(get(served, "", extend=json.dumps(EXTEND)))
    assert faults("0.2", "data-extension-response", by_get) == []
    draft = as_json(post(served, "/extend", EXTEND))
    assert faults("1.0-draft", "data-extension-response", draft) == []
    assert draft["meta"] == by_get["meta"]
    assert {row["id"]: {each["id"]: each["values"] for each in row["properties"]} for row in draft["rows"]} == by_get[
        "rows"
    ]
    assert [each["id"] for each in by_get["meta"]] == PROPERTIES
    assert by_get["meta"][0] == {
        "id": "gp:country",
        "name": "country",
        "type": {"id": "schema:Country", "name": "country"},
    }
    assert by_get["rows"]["nobody/knows"] == {name: [] for name in PROPERTIES}
    kanazawa = by_get["rows"]["city/kanazawa"]
    assert kanazawa["gp:country"] == [{"id": "country/japan", "name": "Japan"}]
    assert kanazawa["gp:startYear"] == [{"int": 1971}]
    assert by_get["rows"]["city/taizhou"]["owl:sameAs"] == []


def test_proposals_and_suggestions(served: Served) -> None:
    for path, schema, parameters in (
        ("/extend/propose", "data-extension-property-proposal", {"type": "gp:City", "limit": "3"}),
        ("/suggest/entity", "suggest-entities-response", {"prefix": "kana"}),
        ("/suggest/property", "suggest-properties-response", {"prefix": "c"}),
        ("/suggest/type", "suggest-types-response", {"prefix": ""}),
    ):
        for below in (path, f"/1.0-draft{path}"):
            found = as_json(get(served, below, **parameters))
            assert [faults(version, schema, found) for version in ("0.2", "1.0-draft")] == [[], []], path
    proposed = as_json(get(served, "/extend/propose", DUTCH, type="gp:City", limit="2"))
    assert [each["name"] for each in proposed["properties"]] == ["land", "partner sinds"]
    suggested = as_json(get(served, "/suggest/entity", prefix="kana"))["result"]
    assert [each["id"] for each in suggested] == ["city/kanazawa"]
    assert suggested[0]["notable"] == [{"id": "gp:City", "name": "city"}]
    every = [as_json(get(served, "/suggest/entity", prefix="", cursor=str(skip)))["result"] for skip in (0, 20, 10_00)]
    assert (len(every[0]), every[2]) == (20, [])
    assert {each["id"] for each in every[0]}.isdisjoint(each["id"] for each in every[1])


def test_a_preview_is_a_page_that_others_may_show(served: Served) -> None:
    for path in ("/preview/city/kanazawa", f"/preview/{quote('city/kanazawa', safe='')}"):
        page = ask(served.address, path, headers=[DUTCH])
        assert (page.status, page.headers["content-language"]) == (200, "nl")
        assert page.headers["content-security-policy"] == HEADERS_EMBEDDED["Content-Security-Policy"]
        assert '<q lang="en">Kanazawa (Japan) since 1971</q>' in page.body.decode()
    for path, up in (("/preview", "../"), ("/1.0-draft/preview", "../../")):
        led = get(served, path, id="city/kanazawa")
        assert (led.status, led.headers["location"]) == (303, f"{up}preview/city/kanazawa")
    assert get(served, "/preview", id="city/nowhere").status == 404
    assert ask(served.address, "/doc/city%2Fkanazawa", headers=[("Accept", "text/html")]).status == 200


def test_a_callback_is_a_name_and_nothing_else(served: Served) -> None:
    answer = get(served, "/suggest/type", prefix="city", callback="jQuery1.call_2$")
    assert answer.type == "text/javascript"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body = answer.body.decode()
    assert body.startswith("/**/jQuery1.call_2$(")
    assert json.loads(body[len("/**/jQuery1.call_2$(") : -2])["result"][0]["id"] == "gp:City"
    for callback in ("alert(1)//", "", "a" * 129, "é", "a;b", "</script>"):
        assert get(served, "/suggest/type", prefix="c", callback=callback).status == 400, callback


def test_answers_are_kept_and_asked_for_again(served: Served) -> None:
    first = get(served, "/suggest/type", prefix="c")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=300"
    assert get(served, "/suggest/type", ("If-None-Match", tag), prefix="c").status == 304
    head = ask(served.address, "/reconcile", "HEAD")
    assert (head.status, head.body) == (200, b"")


@pytest.mark.parametrize(
    ("path", "method", "type_", "body", "status"),
    [
        ("", "POST", "text/plain", "queries={}", 415),
        ("/match", "POST", "application/x-www-form-urlencoded", "queries={}", 415),
        ("/match", "GET", "", "", 405),
        ("", "DELETE", "", "", 405),
        ("/suggest/entity", "POST", "application/json", "{}", 405),
        ("/nothing", "GET", "", "", 404),
        ("/1.0-draft/1.0-draft/match", "POST", "application/json", "{}", 404),
        ("?queries=%ff", "GET", "", "", 400),
        ("?queries={}&extend={}", "GET", "", "", 400),
        ("?" + "a=1&" * 200, "GET", "", "", 400),
        ("?queries=" + "x" * 17_000, "GET", "", "", 414),
        ("/suggest/entity?prefix=a&cursor=-1", "GET", "", "", 400),
        ("/suggest/entity?prefix=a&cursor=" + "9" * 50, "GET", "", "", 400),
        ("/match", "POST", "application/json", '{"queries": [' + ", ".join(['{"conditions": []}'] * 101) + "]}", 413),
        ("/match", "POST", "application/json", "[" * 200_000, 400),
        ("/match", "POST", "application/json", " " * 300_000, 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_answered_is_a_problem(
    served: Served, path: str, method: str, type_: str, body: str, status: int
) -> None:
    headers = [("Content-Type", type_)] if type_ else []
    answer = ask(served.address, f"/reconcile{path}", method, body.encode() if body else None, headers)
    assert (answer.status, answer.type) == (status, "application/problem+json"), answer.body
    assert json.loads(answer.body)["status"] == status
    assert answer.headers["access-control-allow-origin"] == "*"


def test_pages_of_others_may_ask(served: Served) -> None:
    headers = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST")]
    headers.append(("Access-Control-Request-Headers", "content-type"))
    answer = ask(served.address, "/reconcile/match", "OPTIONS", headers=headers)
    assert (answer.status, answer.headers["access-control-allow-methods"]) == (204, "POST, OPTIONS")
    assert answer.headers["access-control-allow-headers"] == "content-type"


def _hostile(chance: random.Random, depth: int = 0) -> object:
    """A value of any sort, more often than not like what is asked for."""
    texts = [
        "Kanazawa",
        "Gdańsk",
        "金沢",
        "",
        " ",
        "\u0000",
        "\u202e",
        "a" * 3_000,
        "(((((((",
        "' OR 1=1",
        "..//..",
        "NaN",
    ]
    texts += ["gp:City", "gp:country", "gp:startYear", "geo:lat_long", "city/kanazawa", "9" * 40, "1,1", "\U0001f600"]
    leaves = [chance.choice(texts), chance.choice(texts), chance.randint(-5, 3_000), 1e308, -0.0, None, True]
    if depth > 4 or chance.random() < 0.4:
        return chance.choice(leaves)
    keys = [
        "queries",
        "query",
        "conditions",
        "matchType",
        "propertyId",
        "propertyValue",
        "ids",
        "properties",
        "id",
        "v",
    ]
    keys += ["pid", "type", "limit", "type_strict", "name", "property", "q0", "required", "matchQuantifier", "settings"]
    if chance.random() < 0.5:
        return [_hostile(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    return {chance.choice(keys): _hostile(chance, depth + 1) for _ in range(chance.randint(0, 5))}


def _plausible(chance: random.Random) -> object:
    """A batch that is right but for what its values are."""

    def value() -> object:
        return chance.choice([_hostile(chance, 5), {"id": "country/japan"}, ["x", 3], "Japan", "1971"])

    properties = [{"pid": chance.choice(["gp:country", "gp:startYear", "geo:lat_long", "x"]), "v": value()}]
    return {
        str(key): {"query": str(_hostile(chance, 5)), "properties": properties} for key in range(chance.randint(1, 9))
    }


def test_a_thousand_random_and_hostile_batches_have_no_server_at_a_loss(served: Served) -> None:
    chance, statuses = random.Random(21), set()
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=30)
    for number in range(1_000):
        document = json.dumps(_plausible(chance) if number % 3 == 0 else _hostile(chance))
        if number % 2:
            path, type_, body = chance.choice(["/match", "/extend"]), JSON[1], document
        else:
            path, type_ = "", FORM[1]
            body = urlencode({chance.choice(["queries", "query", "extend"]): document})
        if number % 10 == 9:
            body = body[: len(body) // 2]  # cut off
        connection.request("POST", f"/reconcile{path}", body.encode(), {"Content-Type": type_})
        response = connection.getresponse()
        content = response.read()
        statuses.add(response.status)
        assert response.status < 500, (path, body[:500], content)
        assert json.loads(content) is not None
    connection.close()
    assert statuses <= {200, 400, 413}
    assert {200, 400} <= statuses
    assert ask(served.address, "/healthz").status == 200
