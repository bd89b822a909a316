"""Where sentences begin and end, in Chinese and in English."""

import re
from collections.abc import Iterator

_CLOSERS = r"[”’」』）》】\")\]]*"
_SENTENCE = re.compile(
    rf"""
    .+?(?:
        [。！？!?…]+{_CLOSERS}          # Chinese, full or half width
      | (?<![A-Z])(?<!\b(?:Mr|Ms|Dr|St|No|vs))(?<!\bMrs)\.{_CLOSERS}(?=\s+[A-Z“"‘'(\d])
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
