"""The invented newspapers that reader and ranking learn from are in the form that is told of."""

from pathlib import Path

import pytest

from benchmarks.papers import BadPaper, papers

GROUPS = list(papers())


def test_each_answer_stands_in_its_quote_within_one_paragraph() -> None:
    for _, queries in GROUPS:
        for query in queries:
            if query.quote is None:
                continue
            start, end = query.quote
            assert all(start <= a < b <= end for a, b in query.answers), query
            assert "\n" not in query.article.text[start:end], query


def test_questions_with_and_without_an_answer_are_kept_for_every_use() -> None:
    kept = {(q.split, q.quote is None) for _, queries in GROUPS for q in queries}
    assert kept == {(split, none) for split in ("train", "tune", "hold") for none in (True, False)}


def test_no_article_stands_in_two_splits() -> None:
    for _, queries in GROUPS:
        assert len({query.split for query in queries}) == 1


def test_a_quote_that_the_article_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "01-x.txt").write_text(
        "@ 2024-05-17 云川日报\n# 大桥合龙\n大桥全长1860米。\n? howmany | 多长? | 900米 | 全长900米\n",
        "utf-8",
    )
    with pytest.raises(BadPaper, match="全长900米"):
        list(papers(tmp_path))
