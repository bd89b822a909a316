"""Looking through the archive: what is counted, its issues, its calendar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import databases
import pytest
from fiction import BRIDGE, SCHOOL, article

import vectorstore.catalogue
from vectorstore.articles import Article, Jump, Source, article_id
from vectorstore.catalogue import Catalogue, connect
from vectorstore.selection import Selection
from vectorstore.shelves import MOST_BARS, Count, Facets, Issue, Shelf, bars, undated

OPENED = date(2024, 5, 17)


def printed(number: int, **told: object) -> Article:
    source = Source(f"{number}.txt", f"{number:064d}")
    made = article(f"第{number}篇:花市开张。", headline=f"花市{number}", source=source)
    return replace(made, id=article_id(source, number), **told)


ALL = [
    printed(1, kicker=("民生",), page="01"),
    printed(2, kicker=("民生", "街巷"), page="02", byline=("祝清和", "岑小满")),
    printed(3, page="10", byline=(), date="XXXX-05-16", publication="临湖晚报"),
    printed(4, issued=date(2024, 5, 20), date="2024-05-19", page="02", byline=("岑小满",)),
    printed(5, issued=None, date=None, page=None, byline=(), publication=None),
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    for each in ALL:
        catalogue.put(f"/{each.source.file}", "{}", [each])
    yield catalogue
    catalogue.engine.dispose()


def told(counts: tuple[Count, ...]) -> list[tuple[str, int]]:
    return [(each.value, each.articles) for each in counts]


def test_what_the_archive_holds_is_counted_by_paper_page_section_and_name(
    catalogue: Catalogue,
) -> None:
    facets = catalogue.facets(Shelf())
    assert (facets.articles, facets.whole) == (5, True)
    assert told(facets.publications) == [("云川日报", 3), ("临湖晚报", 1)]
    assert told(facets.pages) == [("01", 1), ("02", 2), ("10", 1)]
    assert told(facets.sections) == [("民生", 2), ("街巷", 1)]
    assert told(facets.bylines) == [("岑小满", 2), ("祝清和", 2)]
    assert undated(facets.days) == 2


@pytest.mark.parametrize(
    ("shelf", "numbers"),
    [
        pytest.param(Shelf(section="民生"), {1, 2}, id="section"),
        pytest.param(Shelf(section="民"), set(), id="not part of a section's name"),
        pytest.param(Shelf(byline="岑小满"), {2, 4}, id="byline"),
        pytest.param(Shelf(byline="岑小满", page="02", section="街巷"), {2}, id="all at once"),
        pytest.param(Shelf(selection=Selection(publication="临湖晚报")), {3}, id="paper"),
        pytest.param(Shelf(selection=Selection(since=date(2024, 5, 18))), {3, 4}, id="since"),
        pytest.param(Shelf(selection=Selection(until=date(2024, 5, 18))), {1, 2, 3}, id="until"),
        pytest.param(Shelf(section="%"), set(), id="no pattern"),
    ],
)
def test_a_facet_counts_what_the_list_shows(
    catalogue: Catalogue, shelf: Shelf, numbers: set[int]
) -> None:
    found, _ = catalogue.articles(
        selection=shelf.selection, page=shelf.page, section=shelf.section, byline=shelf.byline
    )
    assert {each.id for each in found} == {ALL[number - 1].id for number in numbers}
    assert catalogue.facets(shelf).articles == len(numbers)


def test_of_too_many_articles_the_latest_are_counted(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectorstore.catalogue, "MOST_COUNTED", 2)
    facets = catalogue.facets(Shelf(selection=Selection(publication="云川日报")))
    assert (facets.articles, facets.whole) == (2, False)
    assert ("2024-05-19", 1) in told(facets.days)


def test_articles_are_found_by_what_they_print_best_first(catalogue: Catalogue) -> None:
    entries = {each.passage.article_id: each.entry_id for each in catalogue.pending(100)}
    wanted = [entries[ALL[at].id] for at in (3, 0, 2)]
    found = catalogue.printing(wanted, Shelf())
    assert list(found) == [ALL[at].id for at in (3, 0, 2)]
    assert all(ALL[3].text[start:end] for start, end in [found[ALL[3].id]])
    assert list(catalogue.printing(wanted, Shelf(page="10"))) == [ALL[2].id]
    assert catalogue.facets(Shelf(), found).articles == 3
    assert catalogue.facets(Shelf(), []).articles == 0


def test_the_calendar_has_a_day_for_each_issue(catalogue: Catalogue) -> None:
    may = date(2024, 5, 1), date(2024, 5, 31)
    first, second = Issue(OPENED, 3, 3), Issue(date(2024, 5, 20), 1, 1)
    assert catalogue.calendar(*may) == [first, second]
    assert catalogue.calendar(*may, "临湖晚报") == [Issue(OPENED, 1, 1)]
    assert catalogue.days_of_issue() == (OPENED, date(2024, 5, 20))
    assert catalogue.days_of_issue("无此报") is None
    assert catalogue.years() == [(2024, 4)]
    assert (catalogue.without_day(), catalogue.without_day("云川日报")) == (1, 0)


def test_the_same_page_of_two_papers_is_two_pages(catalogue: Catalogue) -> None:
    catalogue.put("/6.txt", "{}", [printed(6, page="01", publication="临湖晚报")])
    assert catalogue.calendar(OPENED, OPENED) == [Issue(OPENED, 4, 4)]


def test_an_issue_is_laid_out_page_by_page_paper_by_paper(catalogue: Catalogue) -> None:
    pages = catalogue.issue(OPENED)
    assert [(each.publication, each.page) for each in pages] == [
        ("临湖晚报", "10"),
        ("云川日报", "01"),
        ("云川日报", "02"),
    ]
    assert [each.page for each in catalogue.issue(OPENED, "云川日报")] == ["01", "02"]
    assert catalogue.issue(date(2024, 5, 18)) == []


def test_an_article_is_on_each_page_that_it_goes_on_on(catalogue: Catalogue) -> None:
    torn = printed(7, page="01", jumps=(Jump(3, "03"),), publication="临湖晚报")
    catalogue.put("/7.txt", "{}", [torn])
    pages = {each.page: each.articles for each in catalogue.issue(OPENED, "临湖晚报")}
    assert [each.id for each in pages["03"]] == [each.id for each in pages["01"]] == [torn.id]
    assert list(pages) == ["01", "03", "10"]


def test_issues_have_neighbours(catalogue: Catalogue) -> None:
    assert catalogue.issues_beside(OPENED) == (None, date(2024, 5, 20))
    assert catalogue.issues_beside(date(2024, 5, 20)) == (OPENED, None)
    assert catalogue.issues_beside(date(2024, 5, 20), "临湖晚报") == (OPENED, None)
    assert catalogue.issues_beside(OPENED, "临湖晚报") == (None, None)


def test_bars_are_months_where_these_are_few() -> None:
    days = [Count("2023-11-30", 2), Count("2024-02-01", 1), Count("XXXX-01-01", 5), Count("", 4)]
    found = bars(days)
    assert [(bar.since.month, bar.articles) for bar in found] == [(11, 2), (12, 0), (1, 0), (2, 1)]
    assert (found[-1].since, found[-1].until) == (date(2024, 2, 1), date(2024, 2, 29))
    assert undated(days) == 9
    assert bars([]) == []


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("1990-05-01", "1993-09-01", 1),
        ("1990-05-01", "2028-09-01", 1),
        ("1990-05-01", "2030-09-01", 2),
        ("1872-04-30", "1949-05-27", 2),
        ("1872-04-30", "2024-05-27", 5),
        ("0001-01-01", "9999-12-31", 1000),
    ],
)
def test_a_bar_of_a_long_time_is_some_years_and_none_is_lost(
    first: str, last: str, years: int
) -> None:
    found = bars([Count(first, 3), Count(last, 4)])
    assert len(found) <= MOST_BARS
    assert found[0].until.year - found[0].since.year in (years - 1, years - 2)
    assert found[0].since <= date.fromisoformat(first) <= found[0].until
    assert found[-1].since <= date.fromisoformat(last) <= found[-1].until
    assert sum(bar.articles for bar in found) == 7


def test_facets_of_an_empty_archive(tmp_path: Path) -> None:
    catalogue = Catalogue(connect(databases.url(tmp_path / "empty.db")))
    assert catalogue.facets(Shelf()) == Facets(0, True, (), (), (), (), ())
    catalogue.engine.dispose()


def test_halves_of_one_article_are_one_in_every_count(catalogue: Catalogue) -> None:
    for at, each in enumerate((BRIDGE, SCHOOL)):
        catalogue.put(f"/fiction/{at}.txt", "{}", [each])
    assert catalogue.facets(Shelf()).articles == len(ALL) + 2
