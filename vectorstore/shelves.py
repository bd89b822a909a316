"""Looking through an archive without a question: what it holds by paper, page, section, name and day."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.articles import Article
from vectorstore.selection import YEAR_UNKNOWN, Selection

MOST_COUNTED = 20_000
"""Articles that are counted at most, so that a look at a large archive takes no longer."""
MOST_BARS = 40

_STEPS = (1, 2, 5, 10, 20, 50, 100, 1000)
"""Years that a bar may stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The articles that a reader looks through; None asks nothing."""

    selection: Selection = Selection()
    page: str | None = None
    """Any that an article is printed on."""
    section: str | None = None
    """A line of the kicker, which is where a column prints its name."""
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles have a value."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles of a shelf have what; each list begins with what most have."""

    articles: int
    whole: bool
    """Whether all were counted, not only ``MOST_COUNTED``."""
    publications: tuple[Count, ...]
    pages: tuple[Count, ...]
    """In their own order."""
    sections: tuple[Count, ...]
    bylines: tuple[Count, ...]
    days: tuple[Count, ...]
    """Days told of, in EDTF, in no order."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What the archive has of one day."""

    day: date
    articles: int
    pages: int


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of an issue and the articles on it in reading order, with those that go on there."""

    publication: str | None
    page: str | None
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A month, a year or some years, ends included, and how many articles fall into it."""

    since: date
    until: date
    articles: int


def by_line(counts: Iterable[tuple[Sequence[str], int]]) -> tuple[Count, ...]:
    """Count each of several names or lines by itself, the most frequent first."""
    told = Counter[str]()
    for lines, number in counts:
        for line in set(lines):
            told[line] += number
    return tuple(Count(*each) for each in sorted(told.items(), key=lambda of: (-of[1], of[0])))


def bars(days: Iterable[Count]) -> list[Bar]:
    """Days whose year is known, month by month, or by as many years as leave ``MOST_BARS`` bars.

    Months and years between the first and the last are there though nothing falls into them.
    """
    known = [each for each in days if each.value and not each.value.startswith(YEAR_UNKNOWN)]
    months = Counter[int]()
    for each in known:
        told = date.fromisoformat(each.value)
        months[told.year * 12 + told.month - 1] += each.articles
    if not months:
        return []
    step = _step(min(months), max(months))
    return [
        Bar(
            _first(month),
            _last(month + step - 1),
            sum(months[each] for each in range(month, month + step)),
        )
        for month in range(min(months) // step * step, max(months) + 1, step)
    ]


def undated(days: Iterable[Count]) -> int:
    """How many articles tell of no day whose year is known."""
    return sum(each.articles for each in days if not each.value or each.value[0] == "X")


def _step(first: int, last: int) -> int:
    """How many months a bar stands for."""
    if last - first < MOST_BARS:
        return 1
    return next(12 * each for each in _STEPS if last - first < (MOST_BARS - 1) * 12 * each)


def _first(month: int) -> date:
    """Of a month, counted from the year 0 that there is none of."""
    return date(month // 12, month % 12 + 1, 1) if month >= 12 else date.min


def _last(month: int) -> date:
    year = min(month // 12, date.max.year)
    return date(year, month % 12 + 1, monthrange(year, month % 12 + 1)[1])
