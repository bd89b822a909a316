"""Evidence to citations: verbatim, with the words around them to find them again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answers import Citation, CitedArticle, Status
from vectorstore.articles import Article, digest
from vectorstore.reprints import prints
from vectorstore.sentences import QUOTE_LIMIT
from vectorstore.sentences import quotable as quotable_in

Span = tuple[int, int]

AROUND = 32
"""Characters kept on either side of a quote, as W3C's TextQuoteSelector has them."""


def cite(article: Article, start: int, end: int, number: int | None = None) -> Citation:
    """Quote ``article.text[start:end]``, which must lie in one block.

    Raises ``ValueError`` for a span that is empty, too long, or leaves its block.
    """
    if not 0 < end - start <= QUOTE_LIMIT:
        raise ValueError(f"a quote has 1 to {QUOTE_LIMIT} characters, not {end - start}")
    if not any(block.start <= start and end <= block.end for block in article.blocks):
        raise ValueError(f"no block of {article.id} holds {start} to {end}")
    quote = article.text[start:end]
    return Citation(
        id=digest("citation", article.id, start, end, quote),
        number=number,
        quote=quote,
        prefix=article.text[max(0, start - AROUND) : start],
        suffix=article.text[end : end + AROUND],
        start=start,
        end=end,
        article=cited(article),
    )


def cited(article: Article) -> CitedArticle:
    """What a citation says of its article."""
    return CitedArticle(
        id=article.id,
        headline=" ".join(article.headline or article.kicker),
        publication=article.publication,
        issued=article.issued,
        date=article.date,
        page=article.page,
        source=article.source,
        byline=article.byline,
    )


def also_in(citation: Citation, reprints: Sequence[Article]) -> Citation:
    """Name those of its article's reprints that hold the quote; none for a quote that is gone."""
    if not citation.quote:
        return citation
    also = tuple(cited(each) for each in reprints if prints(each.text, citation.quote))
    return replace(citation, also=also)


def find_again(citation: Citation, article: Article) -> Citation:
    """Tell whether the quote still stands where it stood, elsewhere, or no longer.

    Of several places with the same words the one whose surroundings are most alike is taken.
    """
    text, quote = article.text, citation.quote
    if text[citation.start : citation.end] == quote:
        return replace(citation, status=Status.EXACT)
    places = []
    at = text.find(quote)
    while quote and at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    if not places:
        return replace(citation, status=Status.CHANGED)

    def likeness(place: int) -> tuple[int, int]:
        before = _common(text[:place][::-1], citation.prefix[::-1])
        after = _common(text[place + len(quote) :], citation.suffix)
        return before + after, -abs(place - citation.start)

    start = max(places, key=likeness)
    return replace(citation, status=Status.MOVED, start=start, end=start + len(quote))


def _common(text: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    count = 0
    for one, two in zip(text, other, strict=False):
        if one != two:
            break
        count += 1
    return count


def quotable(article: Article, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The stretches of an article that a citation may quote, each in its block.

    Only those that lie between ``start`` and ``end`` are given.
    """
    for block in article.blocks:
        for span in quotable_in(article.text[block.start : block.end], block.start):
            if start <= span[0] and (end is None or span[1] <= end):
                yield span
