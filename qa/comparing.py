"""Two wordings beside each other: what both say, whatever width and punctuation, and what one alone.

Texts are compared by their tokens: numbers, words of letters, Chinese characters one by one. The
alignment is difflib's, which keeps long runs whole, so that what differs reads well; what is compared
is a sentence and a passage, so a faster library would gain nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from qa.understanding import plain
from vectorstore.words import simplified

_HAN = "㐀-鿿豈-﫿"
_NUMERALS = "零〇○一二三四五六七八九十百千万亿两"
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?%?"
    rf"|\d+(?:[.:]\d+)*%?|[{_NUMERALS}]{{2,}}|[^\W\d_{_HAN}]+(?:['’][^\W\d_]+)*|[^\W_]"
)
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*%?")
_FEWEST = 2
"""Tokens that two texts must have in common in a row, for one would be chance."""

_LEFT_OUT = 30
"""Tokens between two matches that a quote may have left out."""


class Side(StrEnum):
    """Which of two wordings has some words."""

    BOTH = "both"
    QUOTED = "quoted"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in a row, and which of the two wordings has them.

    What both have is given as it is printed. All that is printed together is the printed wording.
    """

    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is compared, and where it stands in its text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Where some words are printed, as they are or nearly so."""

    start: int
    end: int
    share: float
    """Of the words looked for, those that stand there in rows, from 0 to 1."""


@lru_cache(maxsize=2048)
def tokens(text: str, offset: int = 0) -> tuple[Token, ...]:
    """The words of a text; ``offset`` is added to where each stands.

    >>> [token.text for token in tokens("全长1,286米，占百分之十二。")]
    ['全', '长', '1286', '米', '占', '百', '分', '之', '十二']
    """
    folded, at = list[str](), list[int]()
    for place, char in enumerate(text):
        for each in unicodedata.normalize("NFKC", char).lower():
            folded.append(each)
            at.append(place)
    found: list[Token] = []
    for match in _TOKEN.finditer(simplified("".join(folded))):
        word = match.group().replace(",", "").replace("’", "'")
        start, end = offset + at[match.start()], offset + at[match.end() - 1] + 1
        if found and start < found[-1].end:  # both are of one character, such as ¼
            word, start = f"{found[-1].text}⁄{word}", found.pop().start
        found.append(Token(word, start, end))
    return tuple(found)


def says_the_same(one: str, other: str) -> bool:
    """Whether two wordings differ at most in width, blanks, punctuation and how numbers are written."""
    return _told(tokens(one)) == _told(tokens(other)) or _plain(one) == _plain(other)


def align(quoted: Sequence[Token], printed: Sequence[Token]) -> Match | None:
    """Where in what is printed the quoted words stand, or nearly; None where no two in a row do."""
    blocks = _blocks(_told(quoted), _told(printed))
    if not blocks:
        return None
    anchor = max(range(len(blocks)), key=lambda at: blocks[at][2])
    gap = max(_LEFT_OUT, len(quoted) // 2)
    first = last = anchor
    while first and blocks[first][1] - _end(blocks[first - 1]) <= gap:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1][1] - _end(blocks[last]) <= gap:
        last += 1
    kept = blocks[first : last + 1]
    start = max(kept[0][1] - kept[0][0], 0)  # the words before and after stand for others, perhaps
    end = min(_end(kept[-1]) + len(quoted) - kept[-1][0] - kept[-1][2], len(printed))
    share = sum(size for _, _, size in kept) / len(quoted)
    return Match(printed[start].start, printed[end - 1].end, share)


def runs(quoted: str, printed: str) -> tuple[Run, ...]:
    """Both wordings in one, in order; what stands between two words goes with the one before it.

    >>> [(run.side.value, run.text) for run in runs("桥长1300米", "桥长1286米。")]
    [('both', '桥长'), ('quoted', '1300'), ('printed', '1286'), ('both', '米。')]
    """
    mine, theirs = tokens(quoted), tokens(printed)
    blocks = [*_blocks(_told(mine), _told(theirs)), (len(mine), len(theirs), 0)]
    found = list[Run]()
    here = there = 0
    for own, other, size in blocks:
        found += [
            Run(Side.QUOTED, _between(quoted, mine, here, own)),
            Run(Side.PRINTED, _between(printed, theirs, there, other)),
            Run(Side.BOTH, _between(printed, theirs, other, other + size)),
        ]
        here, there = own + size, other + size
    return tuple(run for run in found if run.text)


def numbers_differ(compared: Sequence[Run]) -> bool:
    """Whether the quoted wording has a number that the printed one hasn't at this place."""
    for run, following in zip(compared, [*compared[1:], Run(Side.BOTH, "")], strict=True):
        if run.side is not Side.QUOTED:
            continue
        instead = following.text if following.side is Side.PRINTED else ""
        mine, theirs = _numbers(run.text), _numbers(instead)
        if mine - theirs and (theirs or any(_DIGITS.fullmatch(each) for each in mine)):
            return True
    return False


def _numbers(text: str) -> set[str]:
    written = plain(text)
    numerals = {char for char in written if char in _NUMERALS}
    return {each.rstrip("%") for each in _DIGITS.findall(written)} | numerals


def _blocks(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int, int]]:
    """Places in both, and how many tokens they share there, but for those that are alone by chance."""
    found = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    ends = len(mine), len(theirs)
    return [
        (own, other, size)
        for own, other, size in found
        if size >= _FEWEST
        or (size and ((own, other) == (0, 0) or (own + 1, other + 1) == ends))
        or (size and len(mine[own]) > 1)
    ]


def _end(block: tuple[int, int, int]) -> int:
    return block[1] + block[2]


def _between(text: str, words: Sequence[Token], first: int, last: int) -> str:
    """What stands from one word to another, with the marks behind it; before all words, all marks."""
    if first == last:
        return ""
    start = 0 if first == 0 else words[first].start
    end = words[last].start if last < len(words) else len(text)
    return text[start:end]


def _told(words: Sequence[Token]) -> list[str]:
    return [word.text for word in words]


def _plain(text: str) -> str:
    return "".join(_told(tokens(plain(text))))


def spans(words: Sequence[Token], wanted: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where these words stand just so, one after another."""
    mine, theirs = _told(wanted), _told(words)
    for at, word in enumerate(theirs):
        if word == mine[0] and theirs[at : at + len(mine)] == mine:
            yield words[at].start, words[at + len(mine) - 1].end
