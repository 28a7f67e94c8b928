"""The server of the protocol, whichever way its messages come: the official SDK with the tools and the resources.

https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError

from ..server.problems import Problem
from ..text import Text
from ..translation import message as _
from .graph import Graph
from .resources import TURTLE, Resources
from .tools import Tool, ToolError, Tools

_SECONDS = 30.0  # of a call, in which it may ask several queries
_LONGEST = 4 << 20  # characters of an answer
_INVALID_PARAMS = -32602
_RESOURCE_NOT_FOUND = -32002
_logger = logging.getLogger(__package__)
_INSTRUCTIONS = _(
    "Linked data in which every statement has its source. Use find for the IRI of an entity, ask for a named "
    "question, evidence for what a statement rests on, and sparql for anything else. Rows come with the sentences "
    "that they rest on: quote these word for word, with their link, and say where something is inferred. What the "
    "source does not state is marked as not stated: say so too."
)


def service(graph: Graph) -> Server[Any]:
    """The server of a graph."""
    tools, resources = Tools(graph), Resources(graph)

    async def list_tools(_context: Any, _params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool, graph.language) for tool in tools.listed.values()])

    async def call_tool(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await _called(tools, params, graph.language)

    async def list_resources(_context: Any, _params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        try:
            listed = await resources.listed()
        except Problem as problem:
            raise MCPError(types.INTERNAL_ERROR, problem.detail.localized(graph.language)) from problem
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    name=each.uri, title=each.title, uri=each.uri, description=each.description, mime_type=TURTLE
                )
                for each in listed
            ]
        )

    async def list_templates(
        _context: Any, _params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        found = []
        if resources.template is not None:
            about = _("The document of an entity: all that is stated of it, as Turtle.").localized(graph.language)
            found = [
                types.ResourceTemplate(
                    name="document", uri_template=resources.template, description=about, mime_type=TURTLE
                )
            ]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def read_resource(_context: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        try:
            text = await resources.read(str(params.uri))
        except Problem as problem:
            raise MCPError(types.INTERNAL_ERROR, problem.detail.localized(graph.language)) from problem
        if text is None:
            nothing = _("Nothing is stated of this resource.").localized(graph.language)
            raise MCPError(_RESOURCE_NOT_FOUND, nothing, {"uri": str(params.uri)})
        content = types.TextResourceContents(uri=str(params.uri), mime_type=TURTLE, text=text)
        return types.ReadResourceResult(contents=[content])

    return Server(
        graph.name,
        version=graph.version,
        title=graph.title,
        instructions=_INSTRUCTIONS.localized(graph.language),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _described(tool: Tool, language: str) -> types.Tool:
    title = tool.title.localized(language)
    return types.Tool(
        name=tool.name,
        title=title,
        description=tool.description.localized(language),
        input_schema=dict(tool.takes),
        output_schema=dict(tool.gives),
        annotations=types.ToolAnnotations(
            title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


async def _called(tools: Tools, params: types.CallToolRequestParams, language: str) -> types.CallToolResult:
    try:
        async with asyncio.timeout(_SECONDS):
            given = await tools.call(params.name, params.arguments or {})
        text = json.dumps(given, ensure_ascii=False)
        if len(text) > _LONGEST:
            raise ToolError(_("The answer is longer than {longest:,} characters. Ask for less.", longest=_LONGEST))
        return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=given)
    except ToolError as error:
        return _failed(error.text, language)
    except TimeoutError:
        return _failed(_("There was no answer within {seconds:g} seconds. Ask for less.", seconds=_SECONDS), language)
    except Exception:  # of which nobody outside shall read more than that it is so
        _logger.exception("a tool failed")
        return _failed(_("The tool failed. This is a fault in it."), language)


def _failed(text: Text, language: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text.localized(language))], is_error=True)
