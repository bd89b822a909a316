"""What makes one doubt that an article came out of its page as it was printed.

A page's rules are sure of most things; where signs were nearly even, or where what came out looks
unlike an article, a person should look. How far each doubt goes was counted on pages damaged at
random (``benchmarks/damaged_pages.py``).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import prod

from vectorstore.articles import Article, BlockKind, Doubt
from vectorstore.layout import ends_itself
from vectorstore.lines import is_closed, width

DOUBTFUL = 0.75
"""An article of less confidence is one to look at."""

RIGHT = {
    Doubt.NO_HEADLINE: 0.05,
    Doubt.NO_TEXT: 0.05,
    Doubt.SHORT: 0.5,
    Doubt.BEGINS: 0.05,
    Doubt.ENDS: 0.25,
    Doubt.TORN: 0.05,
    Doubt.EDGE: 0.5,
    Doubt.HALF: 0.76,
}
"""Of the articles with this doubt, the share that is right all the same."""

_MID_SENTENCE = re.compile(r"[，。、；：？！”』」》）,;:?!)\]]")


def confidence(doubts: Iterable[Doubt]) -> float:
    """From 0 to 1: how likely an article is what was printed, as far as its doubts tell.

    They are taken for independent of one another.
    """
    return round(prod(RIGHT[doubt] for doubt in doubts), 2)


def least_sure(held: Mapping[str, Sequence[Doubt]]) -> list[tuple[float, str]]:
    """Which of these articles a person should look at, the least sure first: confidence and id."""
    weighed = ((confidence(told), article_id) for article_id, told in held.items())
    return sorted(each for each in weighed if each[0] < DOUBTFUL)


def doubts(article: Article, *, on_edge: bool = False) -> tuple[Doubt, ...]:
    """What an article's own looks make doubtful; ``on_edge`` tells that its bounds are."""
    parts = article.parts
    paragraphs = [text for kind, text in parts if kind is BlockKind.PARAGRAPH]
    pictured = any(kind is BlockKind.CAPTION for kind, _ in parts)
    is_half = bool(article.continued_from or article.continued_to)
    signs = {
        Doubt.NO_HEADLINE: not article.headline and not article.continued_from,
        Doubt.NO_TEXT: not paragraphs and not pictured,
        Doubt.SHORT: bool(paragraphs) and not pictured and sum(map(width, paragraphs)) < 40,
        Doubt.BEGINS: not article.continued_from and _begins_torn(paragraphs[:1]),
        Doubt.ENDS: not article.continued_to and _is_torn(paragraphs[-1:], 12),
        Doubt.TORN: _is_torn(paragraphs[:-1], 25) or _begins_torn(paragraphs[1:]),
        Doubt.EDGE: on_edge,
        Doubt.HALF: is_half,
    }
    return tuple(doubt for doubt, holds in signs.items() if holds)


def _begins_torn(paragraphs: Sequence[str]) -> bool:
    return any(_MID_SENTENCE.match(text) for text in paragraphs)


def _is_torn(paragraphs: Sequence[str], least: int) -> bool:
    """Whether one of these breaks off; a line narrower than ``least`` may be a signature."""
    return any(
        not is_closed(text)
        and text[-1] not in ":：;；"
        and width(text) > least
        and not ends_itself(text)
        for text in paragraphs
    )
