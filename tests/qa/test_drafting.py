from collections.abc import Iterator
from datetime import date
from pathlib import Path

import databases
import pytest
from fiction import article

from qa.evaluation import gold
from qa.evaluation.drafting import drafts
from vectorstore.articles import Source
from vectorstore.catalogue import Catalogue, connect

TEXTS = [
    "本报讯(记者 祝清和)5月16日,鹤汀大桥主跨顺利合龙。鹤汀大桥全长1860米,预计明年通车。",
    "5月14日,市长主持召开市防汛抗旱指挥部第37次会议,部署防汛工作。",
    "鹭洲大桥总投资8.6亿元,由省路桥公司承建。",
    "新校区可容纳36个班,操场有三百米跑道。",
    "More than 40 volunteers were trained in the spring, the garden's director said.",
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    for at, text in enumerate(TEXTS):
        source = Source(f"{at}.txt", f"{at:064}")
        catalogue.put(f"/{at}", "{}", [article(text, source=source, issued=date(2024, 5, 17))])
    yield catalogue
    catalogue.engine.dispose()


def test_questions_are_drafted_with_what_answers_them(catalogue: Catalogue) -> None:
    drafted = {each.question: each for each in drafts(catalogue, 12) if each.answerable}
    assert drafted["鹤汀大桥的全长是多少?"].must == ("1860",)
    assert drafted["鹤汀大桥主跨顺利合龙是哪一天?"].must == ("5月16日",)
    assert drafted["新校区可容纳多少个班?"].must == ("36",)
    assert drafted["How many volunteers were trained in the spring?"].must == ("40",)
    for each in drafted.values():
        assert each.quote
        assert each.must[0] in each.quote
        assert any(each.quote in text for text in TEXTS)


def test_what_no_article_answers_is_drafted_by_another_year_number_or_name(
    catalogue: Catalogue,
) -> None:
    drafted = [each for each in drafts(catalogue, 18) if not each.answerable]
    assert drafted
    assert {each.kind for each in drafted} <= {"another year", "another number", "another name"}
    asked = {each.question for each in drafts(catalogue, 18) if each.answerable}
    for each in drafted:
        assert each.question not in asked
        assert (each.must, each.quote) == ((), None)
        assert any(each.drawn_from in text for text in TEXTS)


def test_a_draft_is_gold_that_nobody_has_checked(catalogue: Catalogue, tmp_path: Path) -> None:
    drafted = drafts(catalogue, 9)
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(each.line() for each in drafted), encoding="utf-8")
    read = gold(path)
    assert [each.question for each in read] == [each.question for each in drafted]
    assert not any(each.checked for each in read)
    assert {each.answerable for each in read} == {True, False}


def test_the_same_archive_gives_the_same_drafts(catalogue: Catalogue) -> None:
    assert drafts(catalogue, 9) == drafts(catalogue, 9)


def test_a_year_that_the_archive_tells_of_is_not_asked_for(catalogue: Catalogue) -> None:
    years = "、".join(f"{year}年" for year in range(2025, 2034))
    told = article(f"规划期为{years}。", source=Source("plan.txt", "9" * 64))
    catalogue.put("/plan", "{}", [told])
    kinds = {each.kind for each in drafts(catalogue, 18) if not each.answerable}
    assert "another year" not in kinds


def test_an_empty_archive_gives_none(tmp_path: Path) -> None:
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    assert drafts(catalogue, 5) == []
    catalogue.engine.dispose()
