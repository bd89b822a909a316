"""Answers that several articles give together: a line an event, each with its day."""

import re
from collections.abc import Iterable, Mapping

from qa.answers import Evidence
from qa.differing import day_of
from qa.understanding import Kind, kind_of, plain
from qa.writing import SURE
from vectorstore.articles import Article
from vectorstore.dates import in_words
from vectorstore.selection import YEAR_UNKNOWN
from vectorstore.words import is_chinese

EVENTS = 8
"""Lines of a timeline at most."""
OF_SEVERAL = 0.3
"""Nothing less likely is given as one of several events, of which one at least must be sure."""


_BOTH = (
    re.compile(
        r"(?P<one>.{2,}?)(?:和|与|跟|、|还是)(?P<other>.{2,}?)[,，]?(?:哪|谁|孰|的?先后|相比).*"
    ),
    re.compile(
        r"(?:哪|谁)[^,，:：]{0,4}?(?:先|更?早)[^,，:：]*[,，:：](?P<one>.{2,}?)(?:还是|和|与|、)(?P<other>.{2,})"
    ),
    re.compile(r"(?P<one>.{2,}?)更?[早晚先后]还是(?P<other>.{2,}?)更?[早晚先后]"),
    re.compile(r"which .*?first,? (?P<one>.{3,}?),? or (?P<other>.{3,})", re.IGNORECASE),
)
_ALL = re.compile(
    r"^(?:请|麻烦|帮我|给我)*(?:列出|列一下|列举|罗列|盘点|梳理|汇总)(?:一下)?|(?:所有|全部|历次|历届|每一?次)的?"
    r"|^(?:please )?(?:list|show|find|give|tell)(?: me| us)? |\b(?:all|every|each)(?: of)?(?: the)? ",
    re.IGNORECASE,
)
_END = re.compile(r"[\s?？。.!！]+$")


def questions_of(question: str) -> tuple[str, ...]:
    """What to ask each article for a question over several: when each of two events was, or
    the question without its 列出 and 所有.

    >>> questions_of("大桥合龙和隧道贯通哪个先?")
    ('大桥合龙是什么时候?', '隧道贯通是什么时候?')
    >>> questions_of("列出所有的河务会议")
    ('河务会议是什么时候?',)
    """
    bare = _END.sub("", question.strip())
    for pattern in _BOTH:
        if both := pattern.fullmatch(bare):
            return tuple(map(_when, (both["one"], both["other"])))
    rest = _ALL.sub("", bare).strip()
    if not rest:
        return (question,)
    if kind_of(plain(rest)) is Kind.UNKNOWN:
        return (_when(rest),)
    return (rest + question.strip()[len(bare) :],)


def _when(event: str) -> str:
    return f"{event}是什么时候?" if is_chinese(event) else f"When was {event}?"


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
    unknown = "（年份不明）" if chinese else ", year unknown"
    told = in_words(day, chinese=chinese) + unknown * day.startswith(YEAR_UNKNOWN)
    return f"{told}：{text}" if chinese else f"{told}: {text}"


def _day(article: Article) -> str | None:
    return day_of(article) or article.date
