"""What of a newspaper is there, and what is missing."""

from datetime import date, timedelta

from vectorstore.coverage import coverage
from vectorstore.coverage import missing as missing_days

MONDAY = date(2024, 5, 6)


def days(*offsets: int) -> list[date]:
    return [MONDAY + timedelta(at) for at in offsets]


def missing(*offsets: int) -> list[tuple[int, int]]:
    (paper,) = coverage((None, day, None) for day in days(*offsets))
    return [((first - MONDAY).days, (last - MONDAY).days) for first, last in paper.missing]


def test_papers_are_summed_up_one_by_one() -> None:
    held = [("云川日报", day, page) for day in days(0, 1) for page in ("01", "02")]
    held += [("云川晚报", MONDAY, None), (None, MONDAY, "A1")]
    nameless, daily, evening = coverage(held)
    assert (nameless.publication, nameless.pages) == (None, 1)
    assert (daily.first, daily.last, daily.issues, daily.pages) == (*days(0, 1), 2, 4)
    assert (evening.issues, evening.pages) == (1, 0)


def test_a_daily_misses_the_days_between() -> None:
    assert missing(0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13) == [(5, 6)]


def test_a_paper_that_rests_on_sundays_misses_none() -> None:
    week = range(6)
    assert missing(*(7 * at + day for at in range(4) for day in week)) == []


def test_a_weekly_misses_weeks() -> None:
    assert missing(0, 7, 28, 35, 42) == [(14, 21)]


def test_pages_between_others_are_missing() -> None:
    held = [(None, MONDAY, page) for page in ("01", "02", "04", "A1", "A3", "特1")]
    (paper,) = coverage(held)
    assert [page for _, page in paper.missing_pages] == ["03", "A2"]


def test_days_that_are_missing_are_told_one_by_one_up_to_the_ends_that_are_looked_at() -> None:
    there = days(0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 15, 19)
    gone = missing_days(there, MONDAY, MONDAY + timedelta(21))
    assert gone == set(days(16, 17, 18, 21))
    assert missing_days([]) == set()
