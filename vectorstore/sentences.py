"""Where sentences begin and end, in Chinese and in English."""

import re
from collections.abc import Iterator

QUOTE_LIMIT = 240
"""Characters of a quote at most."""

_CLOSERS = r"[”’」』）》】\")\]]*"
_ABBREVIATED = (
    "(?:Mrs|Gov|Sen|Rep|Rev|Gen|Col|Sgt|Jan|Feb|Mar|Apr|Aug|Oct|Nov|Dec)"  # of three letters
)
_SENTENCE = re.compile(
    rf"""
    .+?(?:
        [。！？!?…]+{_CLOSERS}          # Chinese, full or half width
      | (?<![A-Z])(?<!\b(?:Mr|Ms|Dr|St|Lt|No|vs))(?<!\b{_ABBREVIATED})(?<!\b(?:Capt|Sept|Prof))
        \.{_CLOSERS}(?=\s+[A-Z“"‘'(\d])
      | $
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_CLAUSE = re.compile(rf".+?(?:[；;]{_CLOSERS}|$)", re.DOTALL)


def sentences(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Where each sentence of a block stands, closing quotes and brackets with it.

    ``start`` is added to the offsets. What stands between two sentences is white space alone.

    >>> [("今天有雨。“明天呢?”他问。"[a:b]) for a, b in sentences("今天有雨。“明天呢?”他问。")]
    ['今天有雨。', '“明天呢?”', '他问。']
    """
    yield from _spans(_SENTENCE, text, start)


def clauses(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Where the parts of a long sentence stand that semicolons divide."""
    yield from _spans(_CLAUSE, text, start)


def _spans(pattern: re.Pattern[str], text: str, start: int) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        piece = match.group()
        left = len(piece) - len(piece.lstrip())
        if stripped := piece.strip():
            begin = match.start() + left
            yield start + begin, start + begin + len(stripped)


def quotable(text: str, start: int = 0, limit: int = QUOTE_LIMIT) -> Iterator[tuple[int, int]]:
    """Where the stretches of a block stand that can be quoted whole: ``limit`` characters at most.

    They are its sentences; of a longer sentence runs of clauses, half the limit long where they can
    be; of a longer clause the parts that its last comma within the limit divides.

    >>> text = "一是修路;二是架桥;三是种树。"
    >>> [text[a:b] for a, b in quotable(text, limit=12)]
    ['一是修路;', '二是架桥;', '三是种树。']
    """
    for first, last in sentences(text):
        if last - first <= limit:
            yield start + first, start + last
            continue
        held: tuple[int, int] | None = None
        for begin, end in clauses(text[first:last], first):
            if held and end - held[0] > limit // 2:
                yield from _within(text, start, held, limit)
                held = None
            held = (held[0] if held else begin, end)
        if held:
            yield from _within(text, start, held, limit)


def _within(text: str, start: int, span: tuple[int, int], limit: int) -> Iterator[tuple[int, int]]:
    begin, end = span
    while end - begin > limit:
        comma = max(text.rfind(mark, begin, begin + limit) for mark in ",，、 ")
        cut = comma + 1 if comma > begin + limit // 3 else begin + limit
        yield start + begin, start + len(text[:cut].rstrip())
        begin = cut + len(text[cut:]) - len(text[cut:].lstrip())
    yield start + begin, start + end
