from pathlib import Path

import databases
import pytest
from fiction import article

from qa.suggesting import Suggestions, drawn_from
from vectorstore.catalogue import Catalogue, connect


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        pytest.param(
            "5月16日,市长庄砚秋主持召开市防汛抗旱指挥部第37次会议,部署防汛工作。",
            "市防汛抗旱指挥部第37次会议是哪天召开的?",
            id="a meeting",
        ),
        pytest.param(
            "记者从云水热电厂获悉,该厂供热面积达3200万平方米。",
            "云水热电厂的供热面积是多少?",
            id="a thing named before",
        ),
        pytest.param("鹤汀大桥全长1286米,主跨320米。", "鹤汀大桥的全长是多少?", id="an amount"),
        pytest.param(
            "11月8日,云川市博物馆新馆正式开馆。", "云川市博物馆什么时候开馆?", id="an opening"
        ),
        pytest.param(
            "“It is slow work,” said Mira Holt, the garden's director.",
            "Who is the garden's director?",
            id="in English",
        ),
        pytest.param("今天有雨。", None, id="nothing to ask"),
    ],
)
def test_questions_are_drawn_from_sentences(sentence: str, question: str | None) -> None:
    drawn = [each.question for each in drawn_from(article(sentence))]
    assert drawn == ([question] if question else [])


def test_a_question_tells_where_its_sentence_stands() -> None:
    each = article("今天有雨。鹤汀大桥全长1286米。")
    (drawn,) = drawn_from(each)
    assert each.text[drawn.start : drawn.end] == "鹤汀大桥全长1286米。"
    assert (drawn.thing, drawn.answer) == ("鹤汀大桥", "1286")


class Reading:
    """Answers from whatever article is asked about, and counts how often it was tried."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def finds(self, question: str, _article_id: str, _start: int, _end: int) -> bool:
        self.tried.append(question)
        return "库容" not in question


def test_questions_on_articles_are_tried_once_until_the_archive_changes(tmp_path: Path) -> None:
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    catalogue, reading = Catalogue(engine), Reading()
    one = article("鹤汀大桥全长1286米。石门水库库容达到3亿立方米。")
    catalogue.put("/1", "{}", [one])
    suggestions = Suggestions(catalogue, reading)  # type: ignore[arg-type]
    (found,) = suggestions.on(["gone", one.id])
    assert found.question == "鹤汀大桥的全长是多少?"
    assert one.text[found.start : found.end] == "鹤汀大桥全长1286米。"
    assert found.overlaps(one.id, 0, 5)
    assert not found.overlaps(one.id, found.end, found.end + 5)
    assert not found.overlaps("another", 0, 5)
    tried = len(reading.tried)
    assert tried == 2
    list(suggestions.on([one.id]))
    assert len(reading.tried) == tried
    suggestions.renew()
    assert suggestions.questions == ("鹤汀大桥的全长是多少?",)
    engine.dispose()
