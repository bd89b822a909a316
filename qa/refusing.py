"""What is said where the archive doesn't answer: what was searched, and what was found instead."""

import re
from collections.abc import Iterable, Iterator, Mapping

from qa.answers import Evidence, Searched
from qa.ranking import whole
from qa.understanding import Asked, Sort, Term, plain, understand
from qa.writing import SURE
from vectorstore.articles import Article
from vectorstore.dates import in_words
from vectorstore.words import is_chinese

_PINS = (Sort.YEAR, Sort.DAY, Sort.ORDINAL, Sort.QUOTED)
_NAMED = 3
"""Names at most that nothing found mentions."""


def refusal(question: str, searched: Searched) -> str:
    """Say that the archive doesn't say, and what was searched."""
    span = (searched.since, searched.until)
    if is_chinese(question):
        days = "{}至{}的".format(*(day or "…" for day in span)) if any(span) else ""
        paper = f"《{searched.publication}》" if searched.publication else "报纸档案"
        return f"{days}{paper}里没有这个问题的答案。共检索了 {searched.passages} 个段落。"
    days = " from {} to {}".format(*(day or "…" for day in span)) if any(span) else ""
    paper = searched.publication or "the archive"
    return f"Nothing in {paper}{days} answers this. {searched.passages} passages were searched."


def unpinned(asked: Asked) -> Asked | None:
    """The question without the years, days, ordinals and titles that it is pinned to.

    None if it has none, or is about nothing else.

    >>> from qa.understanding import understand
    >>> unpinned(understand("谁主持了第十三次会议?")).question
    '谁主持了会议?'
    """
    text = asked.plain
    for pin in asked.of(*_PINS):
        text = re.sub(rf"(?:\bin |\bon )?{re.escape(_spelt(pin, asked))}的?", "", text)
    without = understand(text)
    return without if text != asked.plain and without.of(Sort.WORD, Sort.NAME) else None


def instead(
    asked: Asked, evidence: Iterable[Evidence], articles: Mapping[str, Article]
) -> str | None:
    """What the sentence that answers :func:`unpinned` tells of in place of what the question says.

    That is another year, day, ordinal or title; None where the archive wouldn't answer without
    either.
    """
    nearest = max(evidence, key=lambda each: each.probability, default=None)
    if nearest is None or nearest.probability < SURE:
        return None
    article = articles[nearest.article_id]
    for pin in asked.of(*_PINS):
        if pin.found(whole(article)) < 0.5:
            places = (nearest.text, " ".join(article.headline), _day(article), article.text)
            found = (other for place in places for other in _like(pin, plain(place)))
            if other := next(found, None):
                return _not_this(asked, _spelt(pin, asked), other)
    return None


def unmentioned(asked: Asked, articles: Iterable[Article]) -> str | None:
    """Name what the question names and none of these articles does; None if each is mentioned."""
    texts = [whole(article) for article in articles]
    names: list[str] = []
    for term in asked.of(Sort.NAME):
        if term.text in asked.question and not any(term.found(text) >= 0.5 for text in texts):
            whole_name = names[-1] + term.text if names else ""
            if whole_name and whole_name in asked.question:  # 诸葛 and 怀瑾 are one
                names[-1] = whole_name
            else:
                names.append(term.text)
    if not names or not texts:
        return None
    if is_chinese(asked.question):
        return f"查到的报道都没有提到{'、'.join(f'“{name}”' for name in names[:_NAMED])}。"
    told = ", ".join(f"“{name}”" for name in names[:_NAMED])
    return f"None of the articles found mentions {told}."


def _not_this(asked: Asked, this: str, other: str) -> str:
    if is_chinese(asked.question):
        return f"最接近的报道说的是{other}，不是{this}。"
    return f"The nearest article tells of {other.removesuffix('年')}, not {this}."


def _like(pin: Term, text: str) -> Iterator[str]:
    """What a plain text has of the pin's sort, as it is said."""
    match pin.sort:
        case Sort.ORDINAL:
            number, unit = _parts(pin)
            for found in re.finditer(rf"(?<![\d.])第?(\d+){re.escape(unit)}", text):
                if found.group(1) != number:
                    yield found.group()
        case Sort.YEAR:
            yield from re.findall(r"(?<!\d)(?:1[5-9]|20)\d\d年|\b(?:1[5-9]|20)\d\d\b(?!年)", text)
        case Sort.DAY:
            yield from re.findall(r"(?<!\d)\d{1,2}月\d{1,2}日", text)
        case _:
            yield from re.findall("《[^《》]{1,40}》", text)


def _spelt(pin: Term, asked: Asked) -> str:
    """The pin as the question says it."""
    match pin.sort:
        case Sort.ORDINAL:
            return f"第{pin.text}" if f"第{pin.text}" in asked.plain else pin.text
        case Sort.YEAR:
            in_chinese = pin.text.isdigit() and is_chinese(asked.question)
            return f"{pin.text}年" if in_chinese else pin.text
        case Sort.DAY:
            month, day = pin.text.split("-")
            return (month and f"{month}月") + (day and f"{day}日")
        case _:
            return f"《{pin.text}》"


def _parts(pin: Term) -> tuple[str, str]:
    found = re.match(r"[\d.]+", pin.text)
    number = found.group() if found else ""
    return number, pin.text.removeprefix(number)


def _day(article: Article) -> str:
    """The day told of, in words."""
    return in_words(article.date, chinese=True) if article.date else ""
