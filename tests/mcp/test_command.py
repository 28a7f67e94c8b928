"""``ghent-partnerships mcp``: over standard input and output, from the files of a project, without a server."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("ghent-partnerships"))


def asked(folder: Path, tool: str, arguments: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The tools that the command has in a folder, and what a tool of it gives."""

    async def connected() -> tuple[list[str], dict[str, Any]]:
        async with Client(stdio_client(StdioServerParameters(command=COMMAND, args=["mcp"], cwd=folder))) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            return names, dict((await client.call_tool(tool, arguments)).structured_content)

    return asyncio.run(connected())


def test_the_second_city_is_asked_in_its_own_names() -> None:
    folder = ROOT / "tests" / "cities" / "tuebingen"
    names, answer = asked(folder, "ask", {"question": "counterparts-by-year"})
    assert names == ["ask", "find", "evidence", "sparql"]
    assert answer["rows"]
    for row in answer["rows"]:
        assert row["values"].keys() == {"year", "city", "kind"}
        assert any(row["values"]["year"] in sentence["text"] for sentence in row["sentences"])


def test_a_plain_project_has_what_makes_sense_there(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ghent-partnerships]\n", encoding="utf-8")
    (tmp_path / "labels.ttl").write_text(
        '<https://e.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "Ærøskøbing"@da .', encoding="utf-8"
    )
    names, answer = asked(tmp_path, "find", {"name": "aeroskobing"})
    assert names == ["find", "evidence", "sparql"], "there is no question to ask"
    assert [each["entity"] for each in answer["entities"]] == ["https://e.org/a"]


@pytest.mark.parametrize("arguments", [["mcp"], ["serve", "--mcp"]], ids=" ".join)
def test_without_the_sdk_the_command_says_how_to_have_it(arguments: list[str]) -> None:
    program = (
        "import sys; sys.modules['mcp'] = sys.modules['mcp_types'] = None; "
        "from ghent_partnerships.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 2
    assert done.stderr.endswith("is not installed; pip install 'ghent-partnerships[mcp]'\n")
    assert done.stderr.startswith(f"ghent-partnerships: {' '.join(arguments)}: mcp")
    assert "Traceback" not in done.stderr


def test_a_client_that_is_gone_is_no_error() -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([COMMAND, "--project", "ghent", "mcp"], cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.close()
        process.stdin.write(json.dumps(hello).encode() + b"\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0
