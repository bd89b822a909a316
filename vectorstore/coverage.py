"""What an archive has of each newspaper: from when to when, how many issues, and which are missing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One newspaper's issues in the archive."""

    publication: str | None
    first: date
    last: date
    issues: int
    pages: int
    """Of all issues, those whose number is known."""
    missing: tuple[Days, ...]
    """Days without an issue though the paper comes out on such days of the week, from and to."""
    missing_pages: tuple[tuple[date, str], ...]
    """Pages that lie between others of their issue and are not there."""


def coverage(held: Iterable[tuple[str | None, date, str | None]]) -> list[Coverage]:
    """Sum up pages, each given as its paper, day and number, paper by paper in order of name."""
    papers: dict[str | None, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for publication, issued, page in held:
        papers[publication][issued] |= {page} if page else set()
    return [
        Coverage(
            publication,
            min(issues),
            max(issues),
            len(issues),
            sum(map(len, issues.values())),
            tuple(_runs(issues.keys())),
            tuple((day, page) for day in sorted(issues) for page in _between(issues[day])),
        )
        for publication, issues in sorted(papers.items(), key=lambda item: item[0] or "")
    ]


def missing(
    issues: Iterable[date], first: date | None = None, last: date | None = None
) -> set[date]:
    """Days without an issue, of those on which a paper comes out.

    It comes out on a day of the week if it did so in half the weeks or more. ``first`` and ``last``
    are the days to look at, where these issues are only some of all.
    """
    there = set(issues)
    return set(_expected(there, first, last)) - there


def _expected(
    there: Collection[date], first: date | None = None, last: date | None = None
) -> list[date]:
    if not there:
        return []
    first, last = first or min(there), last or max(there)
    every = [first + timedelta(at) for at in range((last - first).days + 1)]
    had, could = Counter(day.weekday() for day in there), Counter(day.weekday() for day in every)
    return [day for day in every if had[day.weekday()] * 2 >= could[day.weekday()]]


def _runs(issues: Iterable[date]) -> Iterator[Days]:
    """From when to when a paper skipped the days on which it comes out."""
    there = set(issues)
    run: list[date] = []
    for day in _expected(there):
        if day not in there:
            run.append(day)
        elif run:
            yield run[0], run[-1]
            run = []


def _between(pages: set[str]) -> list[str]:
    """Numbers that are missing below the highest of their section: 03 of 01, 02 and 04."""
    sections: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        digits = page.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        if digits.isascii() and digits.isdigit():
            sections[page[: len(page) - len(digits)]].append(digits)
    return [
        f"{section}{number:0{min(map(len, digits))}}"
        for section, digits in sorted(sections.items())
        for number in range(1, max(map(int, digits)))
        if number not in set(map(int, digits))
    ]
