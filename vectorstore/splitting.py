"""Article to passages: whole sentences, never across articles, small enough to be precise."""

from collections.abc import Iterator

from vectorstore.articles import Article, BlockKind, Passage, digest
from vectorstore.sentences import quotable

LIMIT = 220
"""Characters of a passage: about 160 tokens of the default model, which reads 512."""

Span = tuple[int, int]


def passages(article: Article, limit: int = LIMIT) -> Iterator[Passage]:
    """Cut an article into passages that hold all of its text, each piece once, in order.

    A passage is a run of stretches that can be quoted whole, up to ``limit`` characters; one that
    is longer stands alone. A section's heading opens a new passage and is repeated in the
    ``heading`` of those that follow in its section.
    """
    section = ""
    held: list[Span] = []
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            if held:
                yield _passage(article, section, held)
            section, held = text, [(block.start, block.end)]
            continue
        for piece in quotable(text, block.start):
            if held and piece[1] - held[0][0] > limit and not _is_heading(held, section):
                yield _passage(article, section, held)
                held = []
            held.append(piece)
    if held:
        yield _passage(article, section, held)


def _is_heading(held: list[Span], section: str) -> bool:
    return len(held) == 1 and held[0][1] - held[0][0] == len(section)


def _passage(article: Article, section: str, held: list[Span]) -> Passage:
    start, end = held[0][0], held[-1][1]
    repeated = section if start != end and not article.text.startswith(section, start) else ""
    heading = " ".join(filter(None, (*article.kicker, *article.headline, article.date, repeated)))
    return Passage(
        digest("passage", article.id, start, end),
        article.id,
        start,
        end,
        heading,
        article.text[start:end],
    )
