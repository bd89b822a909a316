"""GGUF files run by llama.cpp itself: a model so small that it is written here, and says what it is made for."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import httpx
import pytest
from fiction import BRIDGE
from langchain_core.messages import HumanMessage, SystemMessage

from qa.answers import Evidence
from qa.composing import ChatUnavailable, Statement, load
from qa.llama import ANSWER, LlamaChat, from_file

pytest.importorskip("xllamacpp", reason="the extra gguf is not installed")
tiny_model = pytest.importorskip("tiny_model", reason="the package gguf is not installed")

pytestmark = pytest.mark.slow

REPLY = ["大桥", "全长", "1860", "米", "[1]", "。"]
WORDS = "大桥全长1860米"
START = BRIDGE.text.index(WORDS)
SHOWN = [
    Evidence(article_id=BRIDGE.id, start=START, end=START + len(WORDS), text=WORDS, probability=0.9)
]
ASKED = [SystemMessage("据实回答。"), HumanMessage("桥长多少?")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LlamaChat:
    path = tiny_model.write(tmp_path_factory.mktemp("model") / "bridge.gguf", REPLY)
    return from_file(path, patience=30)


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> LlamaChat:
    path = tiny_model.write(tmp_path_factory.mktemp("model") / "on.gguf", ["又", "是"], ends=False)
    return from_file(path, patience=30)


def composed(name: str, patience: float = 30) -> Iterator[Statement]:
    composer = load(name, url=None, key=None, patience=patience)
    return composer.compose("鹤汀大桥全长多少米?", SHOWN, {BRIDGE.id: BRIDGE})


def test_a_file_writes_answers_that_cite(model: LlamaChat) -> None:
    composer = load(f"gguf:{model.path}", url=None, key=None, patience=30)
    assert composer.name == "bridge"  # a path is nothing for readers
    given = composer.compose("鹤汀大桥全长多少米?", SHOWN, {BRIDGE.id: BRIDGE})
    assert list(given) == [Statement("大桥全长1860米。", (0,))]


def test_it_speaks_piece_by_piece_or_at_once(model: LlamaChat) -> None:
    assert [each.text for each in model.stream(ASKED) if each.text] == REPLY
    assert model.invoke(ASKED).text == "".join(REPLY)


def test_it_ends_where_it_is_told_to(model: LlamaChat) -> None:
    assert model.invoke(ASKED, stop=["米"]).text == "大桥全长1860"


def test_threads_share_one_model(model: LlamaChat) -> None:
    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda _: model.invoke(ASKED).text, range(8)))
    assert said == ["".join(REPLY)] * 8
    assert len({model.open() for _ in range(3)}) == 1


def test_a_model_that_goes_on_and_on_is_cut_off(endless: LlamaChat) -> None:
    assert sum(1 for each in endless.stream(ASKED) if each.text) <= ANSWER


def test_who_no_longer_listens_leaves_it_to_the_next(endless: LlamaChat) -> None:
    endless.open()
    begun = monotonic()
    list(endless.stream(ASKED))
    whole = monotonic() - begun
    left = endless.stream(ASKED)
    next(left)
    left.close()  # type: ignore[attr-defined]
    begun = monotonic()
    next(endless.stream(ASKED))
    assert monotonic() - begun < whole / 2


def test_an_answer_that_takes_too_long_is_given_up(endless: LlamaChat) -> None:
    with pytest.raises(ChatUnavailable, match="did not answer"):
        list(composed(f"gguf:{endless.path}", patience=0.01))


def test_nobody_else_on_the_machine_may_use_it(model: LlamaChat) -> None:
    asked = httpx.post(
        f"{model.open()}/v1/chat/completions", json={"messages": []}, trust_env=False
    )
    assert asked.status_code == 401


def test_a_question_that_is_too_long_is_refused_not_cut(model: LlamaChat) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        model.invoke([HumanMessage("长" * 5000)])


def test_no_such_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ChatUnavailable, match=r"nothing\.gguf can't be read \(No such file"):
        composed(f"gguf:{tmp_path / 'nothing.gguf'}")


def test_another_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("本报讯")
    with pytest.raises(ChatUnavailable, match=r"page\.gguf is not a GGUF file"):
        composed(f"gguf:{tmp_path / 'page.gguf'}")


def test_a_torn_file_is_said_when_it_is_opened(tmp_path: Path, model: LlamaChat) -> None:
    (tmp_path / "torn.gguf").write_bytes(model.path.read_bytes()[:5000])
    torn = load(f"gguf:{tmp_path / 'torn.gguf'}", url=None, key=None, patience=30)
    with pytest.raises(ChatUnavailable, match=r"llama\.cpp can't load .*torn\.gguf: see that"):
        torn.open()


def test_a_missing_extra_is_said(model: LlamaChat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ChatUnavailable, match=r"pip install 'baowen\[gguf\]'"):
        composed(f"gguf:{model.path}")
