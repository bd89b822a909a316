"""Assistants reach the real archive over stdio, through the protocol's own client."""

import sys
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from running import Newsroom

pytestmark = pytest.mark.slow

LENGTH = "鹤汀大桥全长多少米?"


def over_stdio(room: Newsroom, tool: str, **told: Any) -> Any:
    """Start the command as an assistant does, and call one tool."""
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "web.cli", "mcp"], env=room.environment(), cwd=room.home
    )

    async def run() -> Any:
        async with Client(stdio_client(started)) as client:
            return await client.call_tool(tool, told)

    called = anyio.run(run)
    assert not called.is_error, called.content
    return called.structured_content


def test_an_assistant_asks_the_service_that_runs(room: Newsroom, service: httpx.Client) -> None:
    answer = over_stdio(room, "ask_archive", question=LENGTH)
    assert answer["answered"]
    for cited in answer["citations"]:
        assert cited["link"].startswith(str(service.base_url))
        assert service.get(cited["link"]).status_code == 200
        assert cited["quote"] in over_stdio(room, "get_article", id=cited["article_id"])["text"]


def test_without_a_service_the_command_has_the_archive_to_itself(
    newsroom: Callable[[], Newsroom],
) -> None:
    alone = newsroom()
    page = alone.home / "2024-12-01-05.txt"
    page.write_text(
        "\n\n沙堤湾灯塔重新点亮\n\n"
        "本报讯(记者 岑小满)11月30日,沙堤湾灯塔重新点亮。灯塔高41米,由守塔人钱望潮值守。\n",
        encoding="utf-8",
    )
    alone.run("ingest", str(page))
    answer = over_stdio(alone, "ask_archive", question="沙堤湾灯塔有多高?")
    assert "41米" in answer["text"]
