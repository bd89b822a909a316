import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fiction import BRIDGE, SCHOOL

from qa.answers import Answer, Citation, Question, Searched, Sentence
from qa.citing import cite
from qa.evaluation import BadGold, Gold, evaluate, figures, gold, shares_half
from vectorstore.articles import Article
from vectorstore.catalogue import Catalogue, connect

LENGTH = Gold("大桥多长?", (), True, (("1860米",),), "大桥全长1860米", ())
COST = Gold("大桥花了多少钱?", (), False, (), None, ())


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(connect(f"sqlite:///{tmp_path / 'catalogue.db'}"))
    catalogue.put("/1", "{}", [BRIDGE])
    catalogue.put("/2", "{}", [SCHOOL])
    yield catalogue
    catalogue.engine.dispose()


def quote(each: Article, words: str, number: int) -> Citation:
    start = each.text.index(words)
    return cite(each, start, start + len(words), number)


def answer(*cited: Citation) -> Answer:
    sentences = tuple(Sentence(each.quote, (each.number or 0,)) for each in cited)
    return Answer(
        id="a",
        conversation="c",
        question="?",
        standalone_question="?",
        answered=bool(cited),
        text="".join(f"{each.text}[1]" for each in sentences) or "报纸里没有。",
        sentences=sentences,
        citations=cited,
        searched=Searched(passages=2),
        timings_ms={"total": 7},
    )


LONG = "大桥全长1860米,预计明年3月通车。"


def test_a_right_answer_is_counted_with_its_citation(catalogue: Catalogue) -> None:
    given = answer(quote(BRIDGE, LONG, 1), quote(SCHOOL, "新校区可容纳36个班。", 2))
    (outcome,) = evaluate([LENGTH], lambda _: given, catalogue)
    shown = figures([outcome])
    assert shown.right == 1
    assert shown.citation_precision == 0.5
    assert shown.verbatim == 1
    assert shown.length_ratio == pytest.approx(
        (len(LONG) + len("新校区可容纳36个班。")) / len(LONG)
    )


def test_the_right_words_from_the_wrong_place_are_not_right(catalogue: Catalogue) -> None:
    elsewhere = Gold("班?", (), True, (("36个班",),), "完全不同的一句话在这里", ())
    given = answer(quote(SCHOOL, "新校区可容纳36个班。", 1))
    (outcome,) = evaluate([elsewhere], lambda _: given, catalogue)
    assert outcome.said
    assert not outcome.right


def test_refusals_are_counted_on_either_side(catalogue: Catalogue) -> None:
    shown = figures(list(evaluate([LENGTH, COST], lambda _: answer(), catalogue)))
    assert (shown.refused, shown.wrongly_refused, shown.right) == (1, 1, 0)


def test_an_answer_to_what_has_none_counts_against_its_citations(catalogue: Catalogue) -> None:
    given = answer(quote(BRIDGE, LONG, 1))
    shown = figures(list(evaluate([COST], lambda _: given, catalogue)))
    assert (shown.refused, shown.citation_precision) == (0, 0)


def test_history_is_asked_first_in_the_same_conversation(catalogue: Catalogue) -> None:
    heard: list[Question] = []

    def ask(question: Question) -> Answer:
        heard.append(question)
        return answer()

    follow_up = Gold("它多长?", ("大桥在哪?",), True, (("1860米",),), None, ())
    list(evaluate([follow_up], ask, catalogue))
    assert [(each.text, each.conversation) for each in heard] == [
        ("大桥在哪?", None),
        ("它多长?", "c"),
    ]


def test_both_shapes_of_gold_are_read(tmp_path: Path) -> None:
    lines = [
        {"question": "甲?", "answerable": True, "must": ["一|1", "二"], "quote": "一二"},
        {"question": "乙?", "answers": ["三", "四"], "gold_doc_ids": ["d1"], "answerable": True},
        {"question": "丙?", "answer_groups": [["五"], ["六"]], "history": [{"question": "前?"}]},
    ]
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    one, two, three = gold(path)
    assert one.must == (("一", "1"), ("二",))
    assert (two.must, two.records) == ((("三", "四"),), ("d1",))
    assert (three.must, three.history) == ((("五",), ("六",)), ("前?",))


@pytest.mark.parametrize("text", ["", "no json", '{"answers": ["no question"]}'])
def test_bad_gold_is_explained(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(text)
    with pytest.raises(BadGold, match="gold"):
        gold(path)


def test_half_of_the_gold_quote_must_be_shared() -> None:
    assert shares_half("据悉,大桥全长1860米。", "大桥全长1860米,预计通车")
    assert not shares_half("大桥通车。", "大桥全长1860米,预计通车")
