"""Assistants ask, search and look up through tools, by the protocol's own client."""

import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from threading import Thread
from types import SimpleNamespace
from typing import Any

import anyio
import click
import httpx
import pytest
from mcp import Client
from mcp.server.mcpserver.exceptions import ToolError
from newsroom import BRIDGE_NEWS, HOSTILE, Desk

from web.app import create_app
from web.mcp_server import Tools, http_server, server
from web.register import Role
from web.rules import Rules

SITE = "https://archive.example"
LENGTH = "青石桥的桥长多少米？"

Call = Callable[..., Any]


@pytest.fixture
def call(archive: Desk) -> Call:
    """Call a tool; its structured answer, or its error's text."""
    transport = httpx.WSGITransport(app=create_app(archive))  # type: ignore[arg-type]
    http = httpx.Client(transport=transport, base_url="http://127.0.0.1:8000")

    def called(name: str, **told: Any) -> Any:
        return asked(
            server(lambda: nullcontext(http), SITE, "1"), lambda it: it.call_tool(name, told)
        )

    return called


def asked(made: Any, do: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(made) as client:
            return await do(client)

    told = anyio.run(run)
    if getattr(told, "is_error", False):
        return told.content[0].text
    return getattr(told, "structured_content", told)


def test_an_answer_comes_with_citations_that_can_be_looked_up(call: Call) -> None:
    answer = call("ask_archive", question=LENGTH)
    assert answer["answered"]
    [cited] = answer["citations"]
    assert cited["link"] == f"{SITE}/citations/{cited['id']}"
    assert answer["link"].startswith(f"{SITE}/answers/")
    assert answer["text"] == f"{cited['quote']}[{cited['number']}]"
    looked = call("get_citation", id=cited["id"])
    assert looked["quote"] == cited["quote"]
    assert looked["link"] == cited["link"]
    assert "临湖晚报" in looked["reference"]
    article = call("get_article", id=cited["article_id"])
    assert article["text"] == BRIDGE_NEWS.text
    assert looked["prefix"] + looked["quote"] + looked["suffix"] in article["text"]
    follows = call("ask_archive", question="几年？", conversation=answer["conversation"])
    assert follows["conversation"] == answer["conversation"]


def test_what_the_archive_does_not_say_is_told_as_such(call: Call) -> None:
    answer = call("ask_archive", question="海豚")
    assert not answer["answered"]
    assert answer["citations"] == []
    assert all(each["number"] is None and each["link"] for each in answer["related"])


def test_a_search_is_narrowed_by_days_and_paper(call: Call) -> None:
    assert len(call("search_archive", query="桥", limit=2)["hits"]) == 2
    hits = call("search_archive", query="公园", since="2024-01-01", publication="临湖晚报")["hits"]
    assert hits
    assert {each["headline"] for each in hits} == {"湖滨公园扩建"}


def test_what_an_article_holds_comes_as_data(call: Call) -> None:
    hits = call("search_archive", query="书店开张时来了三百位读者", limit=1)["hits"]
    assert hits[0]["quote"] in HOSTILE


@pytest.mark.parametrize(
    ("name", "told", "says"),
    [
        pytest.param("ask_archive", {"question": ""}, "question", id="nothing asked"),
        pytest.param("ask_archive", {"question": "桥" * 2001}, "question", id="too long"),
        pytest.param("ask_archive", {"question": "桥", "since": "gestern"}, "since", id="no day"),
        pytest.param(
            "search_archive",
            {"query": "桥", "since": "2024-02-02", "until": "2024-02-01"},
            "until",
            id="backwards",
        ),
        pytest.param("get_article", {"id": "../../v1/models"}, "article", id="a path for an id"),
        pytest.param("get_citation", {"id": "none"}, "citation", id="no such citation"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    call: Call, name: str, told: dict[str, Any], says: str
) -> None:
    said = call(name, **told)
    assert isinstance(said, str)
    assert says in said
    assert "Traceback" not in said


def test_a_citation_that_was_taken_out_says_so(call: Call, archive: Desk) -> None:
    cited = call("ask_archive", question=LENGTH)["citations"][0]
    archive.remove([BRIDGE_NEWS.id])
    assert "removed" in call("get_citation", id=cited["id"])


def test_a_keyed_archive_is_closed_to_assistants_without_a_key(archive: Desk) -> None:
    _, made = archive.keys.create("an assistant", Role.READER)
    app = create_app(archive, rules=Rules(keyed=True))  # type: ignore[arg-type]
    own = {"Authorization": "Bearer the commands' own"}  # which no caller over HTTP may use
    http = httpx.Client(
        transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1:8000", headers=own
    )
    tools = Tools(lambda: nullcontext(http), SITE)
    by_stdio, keyed = SimpleNamespace(headers=None), {"authorization": f"Bearer {made}"}
    for stranger in ({}, {"authorization": "Bearer wrong"}):
        with pytest.raises(ToolError, match="key"):
            tools.search_archive(SimpleNamespace(headers=stranger), query="桥")  # type: ignore[arg-type]
    assert tools.search_archive(SimpleNamespace(headers=keyed), query="桥").hits  # type: ignore[arg-type]
    assert tools.search_archive(by_stdio, query="桥").hits  # type: ignore[arg-type]


def test_an_assistant_asks_over_http_by_a_name_of_this_machine(archive: Desk) -> None:
    transport = httpx.WSGITransport(app=create_app(archive))  # type: ignore[arg-type]
    http = httpx.Client(transport=transport, base_url="http://127.0.0.1:8000")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    over_http = http_server(server(lambda: nullcontext(http), SITE, "1"), "127.0.0.1", port)
    thread = Thread(target=over_http.run)
    thread.start()
    try:
        while not over_http.started:
            assert thread.is_alive()
            time.sleep(0.05)
        address = f"http://127.0.0.1:{port}/mcp"
        foreign = httpx.post(
            address, json={}, headers={"Host": "elsewhere.example"}, trust_env=False
        )
        assert foreign.status_code == 421
        told = {"question": LENGTH}
        assert asked(address, lambda it: it.call_tool("ask_archive", told))["answered"]
    finally:
        over_http.should_exit = True
        thread.join()


def test_a_service_that_was_stopped_is_one_sentence() -> None:
    def reach() -> Any:
        raise click.ClickException("the service was stopped: start it again")

    made = server(reach, SITE, "1")
    said = asked(made, lambda it: it.call_tool("search_archive", {"query": "桥"}))
    assert "start it again" in said


def test_tools_say_what_they_take_and_give_and_that_they_change_nothing(archive: Desk) -> None:
    tools = asked(server(nullcontext, SITE, "1"), lambda it: it.list_tools()).tools  # type: ignore[arg-type]
    assert {each.name for each in tools} == {
        "ask_archive",
        "search_archive",
        "get_article",
        "get_citation",
    }
    for tool in tools:
        assert tool.description
        assert tool.input_schema["properties"]
        assert "ctx" not in tool.input_schema["properties"]
        assert tool.output_schema["properties"]
        assert tool.annotations.read_only_hint
