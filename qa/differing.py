"""Where two articles say different things: another number, day or name for what is asked."""

import re
from collections.abc import Mapping
from itertools import pairwise

from qa.answers import Evidence
from qa.ranking import people
from qa.understanding import Asked, Kind, plain
from vectorstore.articles import Article
from vectorstore.selection import YEAR_UNKNOWN
from vectorstore.words import is_chinese, simplified

_ALIKE = 0.5
"""Pairs of characters that two sentences share, of those of the shorter, to say the same of people."""
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(余|多)?([^\W\d_]{0,3})")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?=[日号])")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?=年)")
_NOW = re.compile(r"现在|目前|如今|当前|眼下|现任|\b(?:now|currently|at present|today)\b")
_CORRECTION = re.compile(r"更正|勘误|订正|\bcorrections?\b|\berrat(?:um|a)\b")


def differ(asked: Asked, one: str, other: str) -> bool:
    """Whether two sentences that answer give different numbers, days or names.

    Only what is asked for counts: numbers of one unit, days, people in sentences that are otherwise
    alike.

    >>> from qa.understanding import understand
    >>> differ(understand("大桥全长多少米?"), "大桥全长1860米。", "大桥长1680米。")
    True
    """
    match asked.kind:
        case Kind.HOW_MANY:
            here, there = _amounts(asked, one), _amounts(asked, other)
            return any(here[unit].isdisjoint(there[unit]) for unit in here.keys() & there.keys())
        case Kind.WHEN:
            return any(_apart(*(_found(of, text) for text in (one, other))) for of in (_DAY, _YEAR))
        case Kind.WHO:
            return _alike(one, other) >= _ALIKE and _apart(people(one), people(other))
        case _:
            return False


def newest_leads(asked: Asked, chosen: list[Evidence], articles: Mapping[str, Article]) -> bool:
    """Whether the newest must come first: the present is asked for, or one corrects another."""
    if _NOW.search(asked.plain):
        return True
    return any(is_correction(articles[each.article_id]) for each in chosen)


def is_correction(article: Article) -> bool:
    """Whether an article corrects another, as its kicker or headline says."""
    return _CORRECTION.search(plain(" ".join((*article.kicker, *article.headline)))) is not None


def day_of(article: Article) -> str | None:
    """The day told of where its year is known, else the day of the paper."""
    if article.date and not article.date.startswith(YEAR_UNKNOWN):
        return article.date
    return article.issued.isoformat() if article.issued else None


def difference(asked: Asked, one: Article, other: Article) -> str:
    """Say that two articles differ, and of which days they are."""
    days = [day for day in (day_of(one), day_of(other)) if day]
    if is_chinese(asked.question):
        told = f"（{'、'.join(dict.fromkeys(days))}）" if days else ""
        return f"两篇报道{told}说法不同，都列在这里。"
    told = f" ({', '.join(dict.fromkeys(days))})" if days else ""
    return f"Two articles{told} differ; both are given."


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def _amounts(asked: Asked, text: str) -> dict[str, frozenset[str]]:
    """Numbers that the question doesn't give, by the unit they count."""
    found: dict[str, set[str]] = {}
    for match in _AMOUNT.finditer(plain(text)):
        number, _, after = match.groups()
        unit = asked.unit if asked.unit and asked.unit in after else after[:1]
        wanted = unit == asked.unit if asked.unit else unit
        if wanted and match.group() not in asked.plain and unit not in "年月日号时分":
            found.setdefault(unit, set()).add(number)
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def _found(of: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(of.findall(plain(text)))


def _alike(one: str, other: str) -> float:
    pairs = [{a + b for a, b in pairwise(simplified(text))} for text in (one, other)]
    return len(pairs[0] & pairs[1]) / max(1, min(map(len, pairs)))
