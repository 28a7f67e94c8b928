"""The protocol over HTTP: who may ask, what is too much, the SDK's client, the official suite and the inspector."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

import needs
from ghent_partnerships.publishing.publish import Published
from serving import Answer, Served, ask, serving

HERE = Path(__file__).resolve().parent
JSON = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
SECONDS = 100


@pytest.fixture(scope="module")
def served(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(dist.directory, tmp_path_factory.mktemp("mcp") / "log", "--mcp", "--mcp-host", "example.org") as here:
        yield here


def post(served: Served, message: object, *headers: tuple[str, str]) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return ask(served.address, "/mcp", "POST", body, [*JSON, *headers])


def call(served: Served, tool: object, arguments: object) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    answer = post(served, {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})
    assert answer.status < 500, answer.body
    return dict(json.loads(answer.body))


def test_a_client_asks_all_named_questions_and_has_sentences(served: Served) -> None:
    async def every() -> dict[str, dict[str, Any]]:
        found = {}
        async with Client(streamable_http_client(f"{served.address}mcp")) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            for name in tools["ask"].input_schema["properties"]["question"]["enum"]:
                result = await client.call_tool("ask", {"question": name})
                assert not result.is_error, (name, result.content)
                found[name] = dict(result.structured_content)
        return found

    found = asyncio.run(every())
    expected = {file.stem for file in HERE.parent.joinpath("ghent", "answers").glob("*.csv")}
    assert found.keys() == expected
    rows = {row["values"]["city"]: row["sentences"] for row in found["twin-cities"]["rows"]}
    assert [each["text"] for each in rows["Nottingham"]] == ["Nottingham (England) since 1985"]
    assert found["which-sentence-says-so"]["summary"].startswith("Which sentence, or which other source")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ([("Origin", "http://evil.example")], 403, "origin"),
        ([("Origin", "null")], 403, "origin"),
        ([("Origin", "http://localhost.evil.example")], 403, "origin"),
        ([("Origin", "http://[::1")], 403, "origin"),
        ([("Host", "evil.example")], 403, "host"),
        ([("Host", "evil.example:8000"), ("Origin", "http://localhost")], 403, "host"),
        ([("Origin", "http://localhost:6274")], 200, None),
        ([("Host", "example.org"), ("Origin", "https://example.org")], 200, None),
    ],
)
def test_the_host_and_the_origin_must_be_known(
    served: Served, headers: list[tuple[str, str]], status: int, code: str | None
) -> None:
    answer = raw(served, headers) if "Host" in dict(headers) else post(served, LIST, *headers)
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "*"
    if code is not None:
        assert answer.type == "application/problem+json"
        assert json.loads(answer.body)["code"] == code


def raw(served: Served, headers: list[tuple[str, str]]) -> Answer:
    """A request with a Host of its own."""
    import http.client

    body = json.dumps(LIST).encode()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    try:
        connection.putrequest("POST", "/mcp", skip_host=True, skip_accept_encoding=True)
        for name, value in [*headers, *JSON, ("Content-Length", str(len(body)))]:
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, response.read())
    finally:
        connection.close()


def test_only_messages_are_taken_and_none_that_is_too_long(served: Served) -> None:
    assert ask(served.address, "/mcp", "GET", headers=JSON).status == 405
    assert ask(served.address, "/mcp", "DELETE").status == 405
    assert post(served, b"x" * (300 << 10)).status == 413
    assert ask(served.address, "/mcp", "POST", b"{}", [("Content-Type", "text/plain")]).status in (400, 406, 415)
    preflight = ask(
        served.address, "/mcp", "OPTIONS", headers=[("Access-Control-Request-Headers", "mcp-protocol-version")]
    )
    assert (preflight.status, preflight.headers["access-control-allow-methods"]) == (204, "POST, OPTIONS")
    assert preflight.headers["access-control-allow-headers"] == "mcp-protocol-version"
    assert "mcp-session-id" not in post(served, LIST).headers


def test_no_hostile_message_is_an_error_of_the_server(served: Served) -> None:
    """Random, broken and malicious messages, of a fixed seed: no 5xx, no traceback, and the server goes on."""
    chance = random.Random(21)
    odd = ["", "\x00", "🏳️\u202e", "../../etc/passwd", "<a:b> ; DROP", "}", '"', "a" * 5_000, 10**400, -1, None, [], {}]
    odd += ["file:///etc/passwd", "http://127.0.0.1:1/", "?x", "_:b", "city:\n", "city:ghent> <a:b", {"a": [[[]]]}]
    messages: list[object] = [
        b"",
        b"{",
        b"[]",
        b"[1]",
        b"\xff",
        b"null",
        b"[" * 50_000,
        b'{"a":' * 20_000,
        b"1" * 9_000,
    ]
    methods = ("tools/call", "resources/read", "initialize", "prompts/get", "completion/complete", "no/such", "\u0000")
    for number in range(120):
        arguments = {
            chance.choice(["name", "query", "entity", "question", "year", "limit", "property", "x"]): chance.choice(odd)
            for _ in range(chance.randint(0, 4))
        }
        name = chance.choice(["ask", "find", "evidence", "sparql", "none", *odd])
        params = chance.choice([{"name": name, "arguments": arguments}, {"uri": chance.choice(odd)}, *odd[-3:]])
        messages.append({"jsonrpc": "2.0", "id": number, "method": chance.choice(methods), "params": params})
    for message in messages:
        answer = post(served, message)
        assert answer.status < 500, (message, answer)
        assert b"Traceback" not in answer.body
        assert b'File "' not in answer.body
    for version in ("", "1", "2099-01-01", "\u00e9", "2025-06-18"):
        answer = post(served, LIST, ("MCP-Protocol-Version", version))
        assert answer.status < 500
    assert post(served, LIST).status == 200


def test_a_slow_query_is_ended_and_its_error_a_sentence(served: Served) -> None:
    answer = call(served, "sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> {} }"})
    assert answer["result"]["isError"] is True
    assert answer["result"]["content"][0]["text"].startswith("SERVICE is not allowed here")


def test_the_server_has_no_such_path_where_it_is_not_asked_for() -> None:
    """Nor is the SDK imported for it: what ``serve`` imports is imported by a process of its own."""
    program = "import sys, ghent_partnerships.server.running as r, ghent_partnerships.cli.commands.serve as s"
    command = [sys.executable, "-c", f"{program}; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    modules = set(done.stdout.split())
    assert "starlette" in modules
    assert not {"mcp", "mcp_types", "pydantic", "rapidfuzz", "jsonschema"} & modules


def test_the_official_suite_passes_but_for_what_asks_for_its_own_example_server(served: Served, tmp_path: Path) -> None:
    """A scenario in conformance.yml that passes is a failure too: the list has nothing that it need not."""
    node, folder = needs.modules(HERE)
    command = [node, str(folder / "node_modules/@modelcontextprotocol/conformance/dist/index.js"), "server"]
    options = ["--url", f"{served.address}mcp", "--suite", "all", "--expected-failures", str(HERE / "conformance.yml")]
    done = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-2_000:]
    passed = {"server-initialize", "ping", "tools-list", "tools-call-error", "resources-list"}
    for scenario in passed:
        assert f"✓ {scenario}: 1 passed, 0 failed" in done.stdout
    assert "✓ dns-rebinding-protection: 2 passed, 0 failed" in done.stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--method", "tools/list"], "evidence"),
        (["--method", "resources/list"], "history-of-bilateral-partnerships"),
        (
            ["--method", "tools/call", "--tool-name", "ask", "--tool-arg", "question=maintained-partnerships"],
            "fragment/s15",
        ),
    ],
)
def test_the_inspector_reads_the_server(served: Served, options: list[str], expected: str) -> None:
    node, folder = needs.modules(HERE)
    program = folder / "node_modules/.bin/mcp-inspector"
    command = [node, str(program), "--cli", f"{served.address}mcp", "--transport", "http", *options]
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    assert expected in done.stdout
