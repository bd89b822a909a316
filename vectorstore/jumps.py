"""The halves of an article that jumps, brought together across the pages of an issue.

A half says where it goes on (下转03版) or where it comes from (上接第1版). Two halves that point at
each other's pages are one article. Where several could be meant, the words decide: a sentence
that breaks off on one page and goes on on the other, and what both tell of. Where only one page
marks the jump, the words must be sure of it, and of one article alone on the page that it names.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from vectorstore.articles import Article, BlockKind, Doubt, Jump, join
from vectorstore.dates import numeral
from vectorstore.doubts import doubts
from vectorstore.headings import is_collection, kinship
from vectorstore.layout import is_lead, mend
from vectorstore.lines import fold, is_closed, is_latin
from vectorstore.mending import joins

AGAIN, TOLD, TOLD_LATIN = 0.04, 0.08, 0.25
"""The share of a rest's pairs of characters that the beginning must have where only one page marks
the jump: where the headline is said again, where a torn sentence fits, and that in English."""
SHORTEST = 10
"""Characters of a rest below which it shares words by chance."""
SURE, ENOUGH = 3.0, 1.0
"""How alike halves must be where either the day of their paper or a page's number is unknown, and
where that day is known and no other half could be meant."""

_SPELT = "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE".split()

Parts = list[tuple[BlockKind, str]]


def chains(halves: Sequence[Article], plain: Sequence[Article] = ()) -> list[tuple[Article, ...]]:
    """The articles of one issue that these halves make, each from its first page on.

    ``plain`` are articles of the pages that halves name, without a mark of their own: one that is
    surely the other half of a single one belongs to it, the others are left out. A half without
    its other one stands alone.
    """
    following = _pointing(halves)
    led = {tail.id for tail in following.values()}
    for head, tail in _marked_once(halves, plain, following, led):
        if all(each.id != head.id for each in _chain(tail, following)):
            following[head.id] = tail
            led.add(tail.id)
    begun = [each for each in plain if each.id in following]
    return [_chain(each, following) for each in (*halves, *begun) if each.id not in led]


def named(halves: Sequence[Article]) -> set[str]:
    """The pages that halves name and on which no half points back, as ``plainly`` spells them."""
    following = _pointing(halves)
    led = {tail.id for tail in following.values()}
    to = (each.continued_to for each in halves if each.id not in following)
    of = (each.continued_from for each in halves if each.id not in led)
    return {plainly(page) for page in (*to, *of) if page is not None}


def _pointing(halves: Sequence[Article]) -> dict[str, Article]:
    """For each half by its id the one that goes on with it, where both point at each other."""
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
    return following


def _marked_once(
    halves: Sequence[Article],
    plain: Sequence[Article],
    following: Collection[str],
    led: Collection[str],
) -> list[tuple[Article, Article]]:
    """Beginnings and rests that belong together though only one of them says so.

    Each is the only one that may be meant by the other.
    """
    every = [each for each in (*halves, *plain) if each.issued and each.page and not each.jumps]
    pairs = [
        (_surety(head, tail), head, tail)
        for head in every
        for tail in every
        if head is not tail
        and head.id not in following
        and tail.id not in led
        and _points_alone(head, tail)
    ]
    likely = Counter(each.id for surety, *both in pairs if surety for each in both)
    return [
        (head, tail)
        for surety, head, tail in pairs
        if surety == 2 and likely[head.id] == likely[tail.id] == 1
    ]


def _points_alone(head: Article, tail: Article) -> bool:
    """Whether one of two articles names the page of the other, which has no mark of this jump."""
    if head.continued_to is not None and tail.continued_from is None:
        return _is_at(head.continued_to, tail)
    if head.continued_to is None and tail.continued_from is not None:
        return _is_at(tail.continued_from, head)
    return False


def _surety(head: Article, tail: Article) -> int:
    """2 where one surely goes on in the other, of which but one has a mark; 1 where it may.

    The sentence that the jump tore fits, or the later page says the headline again, in full or
    shortened; and they tell of the same. An article with a lead or a writer of its own is no rest.
    """
    parts, more = head.parts, tail.parts
    torn, going_on = _torn(parts), _going_on(more)
    if going_on is None or (tail.continued_from is None and is_lead(more[going_on][1])):
        return 0
    titled = bool(tail.headline or tail.kicker)
    again = _says_again(tail, head)
    own = any(kind is BlockKind.BYLINE and (kind, text) not in parts for kind, text in more)
    if own and not again and tail.continued_from is None:
        return 0
    alike = kinship(tail.text, f"{head.title}\n{head.text}")
    fits = joins(parts[torn][1], more[going_on][1]) if torn is not None else 0
    if fits < 0:
        return 0
    if again:
        return 2 if fits >= 2 or alike >= AGAIN else 1
    if len(tail.text) < SHORTEST:
        return 0
    enough = TOLD_LATIN if is_latin(tail.text) else TOLD
    if titled:
        return 2 if fits >= 2 and alike >= 2 * enough else 0
    return 2 if fits >= 2 and alike >= enough else int(fits > 0 or alike >= enough)


def _says_again(tail: Article, head: Article) -> bool:
    """Whether a later page's headline is that of the first, or a part of it.

    The name of a column (简讯, *In Brief*) may stand on any page.
    """
    if any(map(is_collection, tail.headline)):
        return False
    said = _bare(" ".join(tail.headline))
    return len(said) >= 4 and said in _bare(" ".join((*head.kicker, *head.headline)))


def _bare(text: str) -> str:
    return re.sub(r"\W", "", fold(text)).casefold()


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
    return half.page is None or plainly(printed) == plainly(half.page)


def _known(head: Article, tail: Article) -> int:
    """How much is known of where the halves stand: the day of their paper, both pages' numbers."""
    return (head.issued is not None) + (head.page is not None and tail.page is not None)


def plainly(printed: str) -> str:
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
