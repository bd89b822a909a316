"""Looking through the archive: its calendar, what it holds, an issue, and words found as they are typed."""

import re
from calendar import Calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Annotated, Any

from flask import render_template, request, url_for
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from werkzeug.exceptions import NotFound

from vectorstore.articles import Article
from vectorstore.coverage import missing
from vectorstore.selection import Selection
from vectorstore.sentences import quotable
from vectorstore.shelves import Bar, Count, Facets, Issue, Shelf, bars, undated
from vectorstore.words import fold, is_chinese, simplified, words
from web.api import schemas
from web.api.articles import found_articles
from web.api.problems import refuse
from web.current import services
from web.words import month, say, span

MOST_FOUND = 2_000
"""Passages, at most, of which a search counts and lists the articles."""
SHOWN, MORE = 10, 100
"""Values of a facet that are shown at once, and when more are asked for."""
LEAST_OF_SECTION = 2
"""Articles under a kicker's line that make it a section: one that is there once is a headline's."""
LEVELS = 4
"""Shades of a day in the calendar."""

_FACETS = ("publication", "page", "section", "byline")
_DAYS = ("since", "until")
_FILTERS = ("query", *_DAYS, *_FACETS)


class Query(schemas.ArticlesQuery):
    """What to look through, and where in it one is."""

    section: schemas.Name = None
    year: Annotated[
        Annotated[int, Field(ge=1, le=9999)] | None,
        BeforeValidator(lambda value: value or None),
    ] = None
    start: int = Field(0, ge=0, le=MOST_FOUND)

    @property
    def shelf(self) -> Shelf:
        """All that it asks for but words."""
        return Shelf(
            selection=Selection(since=self.since, until=self.until, publication=self.publication),
            page=self.page,
            section=self.section,
            byline=self.byline,
        )


class IssueQuery(BaseModel):
    """Which issue to read; of no newspaper in particular all of that day."""

    day: schemas.Day
    publication: schemas.Name = None


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text, and whether it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list: its title, and its first words or those that were found."""

    article: Article
    title: tuple[Run, ...]
    extract: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of a list, the address of the next, and what is counted of all of it."""

    articles: tuple[Listed, ...]
    facets: Facets
    whole: bool
    """Whether all that there is was found and counted."""
    following: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of a picture: what it is, where it leads, how many articles it stands for."""

    name: str
    href: str
    articles: int
    x: float
    width: float
    height: float
    """All three in hundredths of the picture."""
    label: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A value of a facet, or a filter that can be taken away."""

    words: str
    href: str
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the calendar; None of a month's grid stands for days of other months."""

    day: date
    issue: Issue | None
    level: int
    missing: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month in the calendar, week by week."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    issues: tuple[Issue, ...]
    missing: int


def page() -> str:
    """The archive, or what of it is asked for."""
    try:
        query = Query.model_validate(request.args.to_dict())
    except ValidationError as error:
        refuse(error)
    filters = {name: request.args[name] for name in _FILTERS if request.args.get(name, "").strip()}
    listing = _found(query, filters) if query.query else _listed(query, filters)
    narrowed = bool(filters.keys() - {"publication"})
    return render_template(
        "browse.html",
        most_found=MOST_FOUND,
        filters=filters,
        chips=_chips(query, filters),
        listing=listing,
        inside=query.cursor is not None or query.start > 0,
        publications=services.catalogue.publications(),
        facets=_facets(listing.facets, filters),
        timeline=_timeline(bars(listing.facets.days), filters) if narrowed else (),
        undated=undated(listing.facets.days) if narrowed else 0,
        **({} if narrowed else _calendar(query, filters)),
    )


def issue(told: str) -> str:
    """What was printed on a day, in one newspaper or in all."""
    try:
        issued = IssueQuery.model_validate(request.args.to_dict() | {"day": told})
    except ValidationError as error:
        raise NotFound from error
    pages = services.catalogue.issue(issued.day, issued.publication)
    if not pages:
        raise NotFound
    before, after = services.catalogue.issues_beside(issued.day, issued.publication)
    papers = [(paper, list(each)) for paper, each in groupby(pages, lambda of: of.publication)]
    return render_template(
        "issue.html",
        issued=issued.day,
        publication=issued.publication,
        papers=papers,
        before=before,
        after=after,
    )


def _listed(query: Query, filters: dict[str, str]) -> Listing:
    """A stretch of all articles on the shelf, newest first."""
    found, cursor = found_articles(query, section=query.section)
    facets = services.catalogue.facets(query.shelf)
    return Listing(
        tuple(
            Listed(each, (Run(each.title),), (Run(_shortened(each.text)),) if each.text else ())
            for each in found
        ),
        facets,
        facets.whole,
        _to(filters, cursor=cursor) if cursor else None,
    )


def _found(query: Query, filters: dict[str, str]) -> Listing:
    """A stretch of the articles that hold the words, those that fit best first."""
    asked = query.query or ""
    entries = services.fulltext.holding(asked, MOST_FOUND, query.shelf.selection)
    found = services.catalogue.printing(entries, query.shelf)
    ids = list(found)[query.start : query.start + query.limit]
    here = services.catalogue.articles_by_id(ids)
    after = query.start + query.limit
    return Listing(
        tuple(_shown(here[each], asked, *found[each]) for each in ids if each in here),
        services.catalogue.facets(query.shelf, found),
        len(entries) < MOST_FOUND,
        _to(filters, start=after) if after < len(found) else None,
    )


def _shown(article: Article, asked: str, start: int, end: int) -> Listed:
    """An article by the sentence of a passage in which most of the words stand."""
    held = _looked_for(asked, f"{article.title}\n{article.text[start:end]}")
    spans = [
        span
        for block in article.blocks
        if block.start < end and start < block.end
        for span in quotable(article.text[block.start : block.end], block.start)
        if span[0] < end and start < span[1]
    ]
    told = [marked(article.text[first:last], held) for first, last in spans]
    best = max(told, key=lambda runs: len({_plain(run.text) for run in runs if run.marked}))
    return Listed(article, marked(article.title, held), best)


def marked(text: str, looked_for: Iterable[str]) -> tuple[Run, ...]:
    """Cut a text at what is looked for, however it is written.

    >>> [run.text for run in marked("新橋通車", ["桥"])]
    ['新', '橋', '通車']
    """
    every = "|".join(map(_pattern, sorted(looked_for, key=len, reverse=True)))
    runs, done = [], 0
    for match in re.finditer(every, _plain(text)) if every else ():
        runs += [Run(text[done : match.start()]), Run(text[slice(*match.span())], marked=True)]
        done = match.end()
    return tuple(run for run in (*runs, Run(text[done:])) if run.text)


def _looked_for(asked: str, text: str) -> list[str]:
    """The words asked for as a text has them: whole where they stand so in it, else in parts."""
    plain = _plain(text)
    return [
        part
        for term in map(_plain, asked.split())
        for part in ([term] if term in plain else words(term))
    ]


def _pattern(word: str) -> str:
    """A word as it is found: what is no Chinese from its beginning, and a number as a whole."""
    before = r"(?<![0-9a-z])" if word[0].isalnum() and not is_chinese(word[0]) else ""
    after = r"(?![0-9])" if word[-1].isdigit() else ""
    return f"{before}{re.escape(word)}{after}"


def _plain(text: str) -> str:
    """A text as words are compared, character by character, so that offsets stay."""
    folded = (plain if len(plain := fold(char)) == 1 else char for char in text)
    return simplified("".join(folded))


def _shortened(text: str) -> str:
    most = 90 if is_chinese(text) else 220
    return text if len(text) <= most else f"{text[:most].rstrip()}……"


def _to(filters: dict[str, str], **more: Any) -> str:  # noqa: ANN401 - what goes into an address
    return url_for("pages.browse", **(filters | more))


def _chips(query: Query, filters: dict[str, str]) -> list[Link]:
    """The filters that hold, each leading to the list without it; days are one."""
    told: list[tuple[tuple[str, ...], str | None]] = [
        (("query",), query.query),
        (_DAYS, span(query.since, query.until) if query.since or query.until else None),
        (("publication",), query.publication),
        (("page",), query.page and say("page", page=query.page)),
        (("section",), query.section),
        (("byline",), query.byline),
    ]
    return [
        Link(words, _to({each: value for each, value in filters.items() if each not in names}))
        for names, words in told
        if words
    ]


def _facets(facets: Facets, filters: dict[str, str]) -> list[tuple[str, list[Link], list[Link]]]:
    """Each facet's values that narrow the list: those to show at once, and more."""
    told: tuple[tuple[str, Sequence[Count]], ...] = (
        ("publication", facets.publications),
        ("page", facets.pages),
        ("section", [each for each in facets.sections if each.articles >= LEAST_OF_SECTION]),
        ("byline", facets.bylines),
    )
    links = (
        (
            name,
            [
                Link(each.value, _to(filters | {name: each.value}), each.articles)
                for each in counts[:MORE]
                if each.articles < facets.articles
            ],
        )
        for name, counts in told
    )
    return [(name, found[:SHOWN], found[SHOWN:]) for name, found in links if found]


def _timeline(found: Sequence[Bar], filters: dict[str, str]) -> tuple[Column, ...]:
    """When the articles of a list tell of; nothing where it is all of one month."""
    if len(found) < 2:
        return ()
    monthly = found[0].until - found[0].since < timedelta(31)
    names = [month(bar.since) if monthly else _years(bar) for bar in found]
    hrefs = [
        _to(filters | {"since": bar.since.isoformat(), "until": bar.until.isoformat()})
        for bar in found
    ]
    labels = [
        str(bar.since.year) if not monthly or at == 0 or bar.since.month == 1 else ""
        for at, bar in enumerate(found)
    ]
    return _picture(found, names, hrefs, labels)


def _years(bar: Bar) -> str:
    first, last = bar.since.year, bar.until.year
    return str(first) if first == last else f"{first}–{last}"


def _picture(
    found: Sequence[Bar],
    names: Sequence[str],
    hrefs: Sequence[str],
    labels: Sequence[str],
    current: int | None = None,
) -> tuple[Column, ...]:
    most = max(bar.articles for bar in found)
    wide = 100 / len(found)
    return tuple(
        Column(
            name,
            href,
            bar.articles,
            x=round(at * wide, 3),
            width=round(wide, 3),
            height=round(max(100 * bar.articles / most, 3 if bar.articles else 0), 1),
            label=label,
            current=at == current,
        )
        for at, (bar, name, href, label) in enumerate(
            zip(found, names, hrefs, _spaced(labels, wide), strict=True)
        )
    )


def _spaced(labels: Sequence[str], wide: float) -> Iterator[str]:
    """Of labels that would touch only the first is kept."""
    free = 0.0
    for at, label in enumerate(labels):
        keeps = bool(label) and at * wide >= free
        yield label if keeps else ""
        if keeps:
            free = at * wide + _LABEL


_LABEL = 14
"""Hundredths of a picture that a label has to itself: a year on a small screen."""


def _calendar(query: Query, filters: dict[str, str]) -> dict[str, Any]:
    """The issues of a year, and which years there are."""
    paper = query.publication
    days = services.catalogue.days_of_issue(paper)
    if days is None:
        return {"without_day": services.catalogue.without_day(paper)}
    first, last = days
    year = min(max(query.year or last.year, first.year), last.year)
    since, until = max(date(year, 1, 1), first), min(date(year, 12, 31), last)
    issues = services.catalogue.calendar(since, until, paper)
    return {
        "year": year,
        "months": _months(since, until, issues),
        "years": _all_years(dict(services.catalogue.years(paper)), year, filters),
        "before": _to(filters, year=year - 1) if year > first.year else None,
        "after": _to(filters, year=year + 1) if year < last.year else None,
        "without_day": services.catalogue.without_day(paper),
    }


def _all_years(counts: dict[int, int], year: int, filters: dict[str, str]) -> tuple[Column, ...]:
    if len(counts) < 2:
        return ()
    every = range(min(counts), max(counts) + 1)
    found = [Bar(date(each, 1, 1), date(each, 12, 31), counts.get(each, 0)) for each in every]
    names = [str(each) for each in every]
    hrefs = [_to(filters, year=each) for each in every]
    return _picture(found, names, hrefs, names, current=every.index(year))


def _months(since: date, until: date, issues: Sequence[Issue]) -> list[Month]:
    """The months that these days touch; days are shaded by the year's fullest."""
    there = {each.day: each for each in issues}
    gone = missing(there, since, until)
    most = max((each.articles for each in issues), default=1)

    def on(each: date) -> Day:
        found = there.get(each)
        level = -(-found.articles * LEVELS // most) if found else 0
        return Day(each, found, level, each in gone)

    return [
        Month(
            date(since.year, number, 1),
            tuple(
                tuple(on(each) if each.month == number else None for each in week)
                for week in Calendar().monthdatescalendar(since.year, number)
            ),
            tuple(each for each in issues if each.day.month == number),
            sum(each.month == number for each in gone),
        )
        for number in range(since.month, until.month + 1)
    ]
