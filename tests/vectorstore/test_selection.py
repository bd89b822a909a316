from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from vectorstore.selection import Selection

JULY = Selection(since=date(2022, 7, 1), until=date(2022, 7, 31))
NEW_YEAR = Selection(since=date(2021, 12, 20), until=date(2022, 1, 10))


@pytest.mark.parametrize(
    ("selection", "day", "covered"),
    [
        pytest.param(JULY, "2022-07-01", True, id="the first day is in"),
        pytest.param(JULY, "2022-07-31", True, id="the last day is in"),
        pytest.param(JULY, "2022-08-01", False, id="the day after is out"),
        pytest.param(JULY, "XXXX-07-14", True, id="in some year"),
        pytest.param(JULY, "XXXX-08-14", False, id="in no year"),
        pytest.param(JULY, None, False, id="no day at all"),
        pytest.param(NEW_YEAR, "XXXX-01-05", True, id="after the turn of the year"),
        pytest.param(NEW_YEAR, "XXXX-12-25", True, id="before the turn of the year"),
        pytest.param(NEW_YEAR, "XXXX-06-25", False, id="neither side of it"),
        pytest.param(Selection(since=date(2022, 7, 1)), "XXXX-01-01", True, id="open end"),
        pytest.param(
            Selection(since=date(2023, 2, 1), until=date(2023, 3, 31)),
            "XXXX-02-29",
            False,
            id="a leap day in no leap year",
        ),
        pytest.param(Selection(), None, True, id="nothing asked"),
    ],
)
def test_a_selection_covers(selection: Selection, day: str | None, covered: bool) -> None:
    assert selection.covers(day, None) is covered


@given(
    since=strategies.dates(date(2019, 1, 1), date(2024, 12, 31)),
    days=strategies.integers(0, 1500),
    day=strategies.dates(date(2020, 1, 1), date(2020, 12, 31)),
)
def test_a_day_without_a_year_is_covered_where_the_span_has_it(
    since: date, days: int, day: date
) -> None:
    until = since + timedelta(days)
    there = any(
        (each.month, each.day) == (day.month, day.day)
        for each in (since + timedelta(at) for at in range(days + 1))
    )
    told = f"XXXX-{day:%m-%d}"
    assert Selection(since=since, until=until).covers(told, None) is there


def test_a_publication_is_asked_for_by_its_whole_name() -> None:
    assert Selection(publication="云川日报").covers(None, "云川日报")
    assert not Selection(publication="云川").covers(None, "云川日报")
