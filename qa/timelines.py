"""Answers that several articles give together: a line an event, each with its day."""

from collections.abc import Iterable, Mapping

from qa.answers import Evidence
from qa.differing import day_of
from qa.writing import SURE
from vectorstore.articles import Article
from vectorstore.selection import YEAR_UNKNOWN
from vectorstore.words import is_chinese

EVENTS = 8
"""Lines of a timeline at most."""
OF_SEVERAL = 0.3
"""Nothing less likely is given as one of several events, of which one at least must be sure."""


def timeline(
    evidence: Iterable[Evidence], articles: Mapping[str, Article]
) -> list[tuple[str | None, Evidence]]:
    """The likeliest sentence of each article with its day in EDTF, in the order of the days.

    Days without a year, and articles without a day, come last. None where the archive doesn't say.
    """
    best: dict[str, Evidence] = {}
    for each in sorted(evidence, key=lambda each: -each.probability):
        best.setdefault(each.article_id, each)
    likely = [each for each in best.values() if each.probability >= OF_SEVERAL][:EVENTS]
    if not likely or likely[0].probability < SURE:
        return []
    told = [(_day(articles[each.article_id]), each) for each in likely]
    return sorted(told, key=lambda of: (of[0] or "~", of[1].article_id, of[1].start))


def dated(day: str | None, text: str) -> str:
    """A line of a timeline: the day in words, then what is told of it.

    >>> dated("2022-07-14", "大桥合龙。"), dated("XXXX-07-14", "The bridge was closed.")
    ('2022年7月14日：大桥合龙。', '14 July, year unknown: The bridge was closed.')
    """
    if day is None:
        return text
    chinese = is_chinese(text)
    return f"{_in_chinese(day)}：{text}" if chinese else f"{_in_english(day)}: {text}"


def _day(article: Article) -> str | None:
    return day_of(article) or article.date


def _in_chinese(day: str) -> str:
    year, *rest = day.split("-")
    told = "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))
    return f"{told}（年份不明）" if year == YEAR_UNKNOWN else f"{year}年{told}"


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _in_english(day: str) -> str:
    year, *rest = day.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    told = " ".join([*(str(int(part)) for part in rest[1:]), *month])
    return f"{told}, year unknown" if year == YEAR_UNKNOWN else f"{told} {year}".strip()
