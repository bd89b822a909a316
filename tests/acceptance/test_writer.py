"""The service with a chat model of its own, from a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from running import Newsroom

pytestmark = pytest.mark.slow

pytest.importorskip("xllamacpp", reason="the extra gguf is not installed")
tiny_model = pytest.importorskip("tiny_model", reason="the package gguf is not installed")

QUESTION = {"question": "鹤汀大桥全长多少米?"}


def test_a_file_writes_the_services_answers(
    newsroom: Callable[[], Newsroom], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny_model.write(tmp_path / "bridge.gguf", ["大桥", "全长", "1286", "米", "[1]", "。"])
    monkeypatch.setenv("BAOWEN_CHAT_MODEL", f"gguf:{path}")
    room = newsroom()
    with room.serving("--sample") as service:
        given = service.post("/api/v1/questions", json=QUESTION).json()
        assert given["writer"] == "bridge"
        assert given["text"] == "大桥全长1286米。[1]"
        assert "1286" in given["citations"][0]["quote"]
    assert room.json("ask", QUESTION["question"])["text"] == "大桥全长1286米。[1]"
