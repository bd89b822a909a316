import pytest
from fiction import BRIDGE, article

from qa.answers import Status
from qa.citing import cite, find_again, quotable
from vectorstore.articles import BlockKind

QUOTE = "大桥全长1860米,预计明年3月通车。"
START = BRIDGE.text.index(QUOTE)


def test_a_citation_quotes_what_stands_there() -> None:
    cited = cite(BRIDGE, START, START + len(QUOTE), 1)
    assert cited.quote == QUOTE
    assert cited.prefix.endswith("主跨顺利合龙。")
    assert cited.suffix.startswith("\n建设方表示")
    assert cited.article.headline == "鹤汀大桥合龙"


def test_the_same_quote_has_the_same_id() -> None:
    assert cite(BRIDGE, START, START + 5).id == cite(BRIDGE, START, START + 5, 3).id
    assert cite(BRIDGE, START, START + 5).id != cite(BRIDGE, START, START + 6).id


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(3, 3, id="nothing"),
        pytest.param(0, len(BRIDGE.text), id="two blocks"),
        pytest.param(0, 10_000, id="beyond the end"),
    ],
)
def test_a_quote_that_leaves_its_block_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError):
        cite(BRIDGE, start, end)


def test_a_quote_that_was_moved_is_found_by_its_surroundings() -> None:
    cited = cite(BRIDGE, START, START + len(QUOTE))
    moved = article("旧闻:" + QUOTE, "新增一段。", BRIDGE.text.split("\n")[0])
    again = find_again(cited, moved)
    assert again.status is Status.MOVED
    assert again.start == moved.text.rindex(QUOTE)
    assert moved.text[again.start : again.end] == QUOTE


def test_a_quote_whose_words_are_gone_has_changed() -> None:
    cited = cite(BRIDGE, START, START + len(QUOTE))
    assert find_again(cited, article("别的话。")).status is Status.CHANGED


def test_what_can_be_quoted_is_short_and_in_one_block() -> None:
    long = article(
        blocks=[
            (BlockKind.HEADING, "望桥区"),
            (BlockKind.PARAGRAPH, "甲" * 100 + ";" + "乙" * 100 + ";" + "丙" * 300 + "。"),
        ]
    )
    spans = list(quotable(long))
    assert [long.text[a:b][0] for a, b in spans] == ["望", "甲", "乙", "丙", "丙"]
    assert all(cite(long, a, b).quote == long.text[a:b] for a, b in spans)
