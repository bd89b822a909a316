"""The halves of an article that jumps, brought together across the pages of an issue.

A half says where it goes on (下转03版) or where it comes from (上接第1版). Two halves that point at
each other's pages are one article. Where several could be meant, the words decide: a sentence
that breaks off on one page and goes on on the other, and what both tell of.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vectorstore.articles import Article, BlockKind, Doubt, Jump, join
from vectorstore.assembling import joins, kinship
from vectorstore.dates import numeral
from vectorstore.doubts import doubts
from vectorstore.layout import fold, is_closed, mend

SURE, ENOUGH = 3.0, 1.0
"""How alike halves must be where either the day of their paper or a page's number is unknown, and
where that day is known and no other half could be meant."""

_SPELT = "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE".split()

Parts = list[tuple[BlockKind, str]]


def chains(halves: Sequence[Article]) -> list[tuple[Article, ...]]:
    """The articles of one issue that these halves make, each from its first page on.

    A half without its other one stands alone.
    """
    pairs = sorted(
        (
            (likeness(head, tail), head, tail)
            for head in halves
            for tail in halves
            if head is not tail and _point(head, tail) and _known(head, tail)
        ),
        key=lambda pair: (-pair[0], pair[1].position, pair[2].position, pair[1].id, pair[2].id),
    )
    choices = Counter(half.id for _, *both in pairs for half in both)
    following: dict[str, Article] = {}
    led: set[str] = set()
    for score, head, tail in pairs:
        alone = head.issued is not None and choices[head.id] == choices[tail.id] == 1
        needed = 0.0 if _known(head, tail) == 2 else ENOUGH if alone else SURE
        if head.id in following or tail.id in led or score < needed:
            continue
        if any(each.id == head.id for each in _chain(tail, following)):
            continue  # they point at each other in a ring
        following[head.id] = tail
        led.add(tail.id)
    return [_chain(half, following) for half in halves if half.id not in led]


def joined(chain: Sequence[Article]) -> Article:
    """One article of its halves: the first page's, with the text and the names of all.

    A sentence that the jump tore is one again. A headline that the later page repeats goes.
    """
    head, *rest = chain
    if not rest:
        return head
    parts, jumps = head.parts, list[Jump]()
    for tail in rest:
        parts, start = _gone_on(parts, tail.parts)
        jumps.append(Jump(start, tail.page or chain[len(jumps)].continued_to))
    text, blocks = join(parts)
    whole = replace(
        head,
        byline=_names(each.byline for each in chain),
        correspondents=_names(each.correspondents for each in chain),
        photographers=_names(each.photographers for each in chain),
        continued_to=chain[-1].continued_to,
        jumps=tuple(jumps),
        text=text,
        blocks=blocks,
    )
    on_edge = any(Doubt.EDGE in half.doubts for half in chain)
    return replace(whole, doubts=doubts(whole, on_edge=on_edge))


def likeness(head: Article, tail: Article) -> float:
    """How much speaks for it that one goes on in the other: a torn sentence, and shared words."""
    parts, more = head.parts, tail.parts
    torn, going_on = _torn(parts), _going_on(more)
    told = f"{head.title}\n{head.text}"
    score = 3 * kinship(" ".join(tail.headline), told) + 3 * kinship(tail.text, told)
    if torn is not None and going_on is not None:
        score += joins(parts[torn][1], more[going_on][1])
    return score


def _point(head: Article, tail: Article) -> bool:
    """Whether each half names the page of the other, as far as that has a number."""
    if head.continued_to is None or tail.continued_from is None:
        return False
    return _is_at(head.continued_to, tail) and _is_at(tail.continued_from, head)


def _is_at(printed: str, half: Article) -> bool:
    return half.page is None or _plain(printed) == _plain(half.page)


def _known(head: Article, tail: Article) -> int:
    """How much is known of where the halves stand: the day of their paper, both pages' numbers."""
    return (head.issued is not None) + (head.page is not None and tail.page is not None)


def _plain(printed: str) -> str:
    """A page's number in one spelling: 03, 第三版, THREE and 3 are the same, A01 and A1 too."""
    page = re.sub(r"[第版面頁页\s-]", "", fold(printed)).upper()
    if page in _SPELT:
        return str(_SPELT.index(page) + 1)
    if re.fullmatch("[一二三四五六七八九十]+", page):
        return str(numeral(page))
    return re.sub(r"(?<!\d)0+(?=\d)", "", page)


def _chain(first: Article, following: dict[str, Article]) -> tuple[Article, ...]:
    chain = [first]
    while chain[-1].id in following:
        chain.append(following[chain[-1].id])
    return tuple(chain)


def _torn(parts: Parts) -> int | None:
    """Where the paragraph stands that breaks off at the end, behind which only pictures come."""
    for place in range(len(parts) - 1, -1, -1):
        kind, text = parts[place]
        if kind is BlockKind.PARAGRAPH:
            return None if is_closed(text) else place
        if kind is BlockKind.HEADING:
            return None
    return None


def _going_on(parts: Parts) -> int | None:
    """Where the first paragraph stands, if no heading comes before it."""
    for place, (kind, _) in enumerate(parts):
        if kind is BlockKind.PARAGRAPH:
            return place
        if kind is BlockKind.HEADING:
            return None
    return None


def _gone_on(parts: Parts, more: Parts) -> tuple[Parts, int]:
    """The blocks of one half behind those of the other, and where these begin in the text of all.

    A writer's line isn't repeated.
    """
    parts = list(parts)
    rest = [part for part in more if part[0] is not BlockKind.BYLINE or part not in parts]
    torn, going_on = _torn(parts), _going_on(rest)
    if torn is None or going_on is None:
        return parts + rest, _length(parts)
    right = rest.pop(going_on)[1]
    parts[torn] = (BlockKind.PARAGRAPH, mend(parts[torn][1], right))
    return parts + rest, _length(parts[: torn + 1]) - 1 - len(right.lstrip())


def _length(parts: Parts) -> int:
    """How much of an article's text these blocks take, with the newline behind each."""
    return sum(len(text) + 1 for _, text in parts)


def _names(of_halves: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in of_halves for name in names))
