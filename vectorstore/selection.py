"""Which part of the archive a search is about: a span of days and a publication."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date

YEAR_UNKNOWN = "XXXX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Articles told of within these days, ends included, in this publication; None asks nothing."""

    since: date | None = None
    until: date | None = None
    publication: str | None = None

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return any((self.since, self.until, self.publication))

    @property
    def month_days(self) -> tuple[tuple[int, int], ...]:
        """Spans of month and day (``714`` for 14 July) that occur in some year of the span.

        A date whose year is unknown is kept when its month and day fall into one of them.
        """
        if not self.since or not self.until:
            return ((101, 1231),)
        first, last = month_day(self.since), month_day(self.until)
        spans: tuple[tuple[int, int], ...]
        if self.since.year == self.until.year:
            spans = ((first, last),)
        elif last >= first or self.until.year - self.since.year > 1:
            spans = ((101, 1231),)
        else:
            spans = ((101, last), (first, 1231))
        if self._has_leap_day:
            return spans
        parted = (each for a, b in spans for each in ((a, min(b, 228)), (max(a, 301), b)))
        return tuple(span for span in parted if span[0] <= span[1])

    @property
    def _has_leap_day(self) -> bool:
        if not self.since or not self.until:
            return True
        years = range(self.since.year, min(self.until.year, self.since.year + 8) + 1)
        leap_days = (date(year, 2, 29) for year in years if isleap(year))
        return any(self.since <= day <= self.until for day in leap_days)

    def covers(self, day: str | None, publication: str | None) -> bool:
        """Whether an article with this date (EDTF) and publication belongs to it."""
        if self.publication is not None and publication != self.publication:
            return False
        if not self.since and not self.until:
            return True
        if day is None:
            return False
        if day.startswith(YEAR_UNKNOWN):
            number = int(day[5:7]) * 100 + int(day[8:10])
            return any(first <= number <= last for first, last in self.month_days)
        told = date.fromisoformat(day)
        return (self.since is None or self.since <= told) and (
            self.until is None or told <= self.until
        )


def month_day(day: date) -> int:
    """Month and day as one number that sorts: 714 for 14 July."""
    return day.month * 100 + day.day
