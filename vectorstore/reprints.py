"""Which articles print the same: word for word, or nearly so and with the same facts.

Texts are compared by their tokens, so that width, blanks and punctuation count nothing. Whether two
are worth a look is told by MinHash (Broder, "On the resemblance and containment of documents",
1997) with locality-sensitive hashing; whether they are reprints, by the texts themselves.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba
from rensa import RMinHash

from vectorstore.articles import Article, digest
from vectorstore.words import DIGITS, spelt_out

ALIKE = 0.7
"""Share of the shorter text's shingles that a reprint has at least."""
SHORT = 40
"""Tokens below which a text is the same only under the same headline."""
LEAST = 60
"""Tokens from which a text is compared with those that aren't the same."""
LONGEST = 20_000
"""Characters of a text that are compared; the rest is passed over."""

_BANDS, _ROWS = 21, 3
"""The best parting of some 64 hashes for a likeness of .4 where a miss weighs .7 and a false alarm .3:
of texts that are .4 alike 75 % are looked at, of .5 94 %, of .6 99 %, of .1 2 %."""

_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])-?\d+(?:\.\d+)*%?|\d+(?:\.\d+)*%?|[^\W\d_㐀-鿿豈-﫿぀-ヿ가-힣]+|[^\W_]"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")

_STOP = ("|", False)
"""What stands between the nouns of two clauses."""

Facts = Mapping[tuple[str, ...], frozenset[str]]


def tokens(text: str) -> list[str]:
    """Numbers, words of letters, and Chinese characters one by one, in half width and small letters.

    >>> tokens("全长1,286米, 占12.5%。New Bridge")
    ['全', '长', '1286', '米', '占', '12.5%', 'new', 'bridge']
    """
    return _TOKEN.findall(_half_width(text).lower())


def folded(text: str) -> str:
    """A text as its tokens: the same for all ways of setting the same words."""
    return " ".join(tokens(text))


def prints(text: str, quote: str) -> bool:
    """Whether a text holds a quote, whatever its width, blanks and punctuation."""
    return f" {folded(quote)} " in f" {folded(text)} "


def text_id(article: Article) -> str:
    """The same for all articles that print these words.

    What says too little to be known by it counts together with its headline.
    """
    found = tokens(article.text)
    head = (*article.kicker, *article.headline) if len(found) < SHORT else ()
    return digest("text", folded(" ".join(head)), " ".join(found))


def entry_id(of_text: str, passage: str) -> str:
    """The same for all passages that read the same in articles of one text."""
    return digest("entry", of_text, folded(passage))


def bands(text: str) -> list[int]:
    """Numbers of 64 bits, with sign: texts that share one are worth a look. None of a short text."""
    kept = _shingles(text[:LONGEST])
    if not kept:
        return []
    sketch = RMinHash(num_perm=_BANDS * _ROWS, seed=1)
    sketch.update(kept)
    hashes = sketch.digest()
    rows = (hashes[at : at + _ROWS] for at in range(0, len(hashes), _ROWS))
    names = (digest(at, *row)[:16] for at, row in enumerate(rows))
    return [int.from_bytes(bytes.fromhex(name), signed=True) for name in names]


def are_reprints(one: str, other: str) -> bool:
    """Whether the shorter of two texts is taken from the longer one, facts and all."""
    one, other = one[:LONGEST], other[:LONGEST]
    return not _contradict(_told(one), _told(other)) and _containment(one, other) >= ALIKE


def repeats(sentence: str, other: str) -> bool:
    """Whether a sentence says no more than another one of a reprint, if in some other words."""
    mine, theirs = _said(sentence), _said(other)
    if mine.tokens == theirs.tokens:
        return True
    shared = len(mine.pairs & theirs.pairs)
    return mine.numbers <= theirs.numbers and shared >= ALIKE * max(1, len(mine.pairs))


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence without its lead, as it is compared."""

    tokens: tuple[str, ...]
    pairs: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=4096)
def _said(sentence: str) -> _Said:
    """Each sentence of what was found is compared with many others."""
    found = tokens(_LEAD.sub("", sentence))
    numbers = (each for each in found if any(map(str.isdigit, each)))
    return _Said(tuple(found), frozenset(_runs(found, 2)), frozenset(numbers))


def _half_width(text: str) -> str:
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-")


def _containment(one: str, other: str) -> float:
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / max(1, min(len(first), len(second)))


@lru_cache(maxsize=2048)
def _shingles(text: str) -> frozenset[str]:
    """Runs of four tokens in Chinese, of three words elsewhere; none of a text that is too short."""
    found = tokens(text)
    if len(found) < LEAST:
        return frozenset()
    chinese = 2 * sum(bool(_HAN.match(each)) for each in found) > len(found)
    return frozenset(_runs(found, 4 if chinese else 3))


def _runs(found: Sequence[str], length: int) -> Iterator[str]:
    return (" ".join(found[at : at + length]) for at in range(len(found) - length + 1))


# ---------------------------------------------------------------- facts

_NAMES = ("nr", "ns", "nt", "nz")
_NO_NOUNS = re.compile(r"[vdpcurqtfyeomli]\w*|z")
"""Tags of jieba: verbs, adverbs and the like, set phrases, numbers, and ``eng``."""
_NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百千万亿]+")
_WEEKDAY = re.compile(r"(?:星期|周)[一二三四五六日天]")
_LEAD = re.compile(
    r"^(?:本[报報]|[^。\n]{0,16}社)[^。\n]{0,24}?[讯訊电電](?:[(（【][^)）】\n]{0,60}[)）】])?",
    re.MULTILINE,
)
_SIGNATURE = re.compile(
    rf"{_LEAD.pattern}"
    r"|^[^。\n]{0,30}(?:记者|記者|通讯员|通訊員|摄影|攝影|编辑|編輯|整理)[^。\n]{0,30}$"
    r"|[(（](?:本报|本報)?(?:记者|記者|通讯员|通訊員)[^)）\n]{0,60}[)）]",
    re.MULTILINE,
)
_STARTERS = frozenset(
    "a after all also although an and another as at because before both but by each even every for "
    "from he her his how however i if in it its last many meanwhile more most my new no not of on one "
    "only or other our over several she since so some still that the their then there these they "
    "this those though to under until we what when where which while who with yet you".split()
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a text tells, each by the two words before and the two after it."""

    facts: Facts
    """Numbers and known names."""
    phrases: Facts
    """Nouns side by side, among them the names that no dictionary knows."""


def _contradict(one: _Told, other: _Told) -> bool:
    """Whether between the same words one text has other numbers or names than the other.

    One phrase may be put for another that means the same; two that have little in common, twice,
    are other people and places.
    """
    if any(_differing(one.facts, other.facts)):
        return True
    differing = _differing(one.phrases, other.phrases)
    return sum(not _look_alike(*each) for each in differing) > 1


def _differing(one: Facts, other: Facts) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What stands in each between the same words, where neither has all that the other has."""
    for around in one.keys() & other.keys():
        mine, theirs = one[around], other[around]
        if mine - theirs and theirs - mine:
            yield mine - theirs, theirs - mine


def _look_alike(told: Iterable[str], other: Iterable[str]) -> bool:
    """Whether one is the longer name of the same, a misprint of it, or shares half its characters."""
    one, two = " ".join(sorted(told)), " ".join(sorted(other))
    before = _alike_from_start(one, two)
    after = _alike_from_start(one[before:][::-1], two[before:][::-1])
    mine, theirs = (set(each[before : len(each) - after]) for each in (one, two))
    least, most = sorted((len(mine), len(theirs)))
    return least == 0 or most == 1 or 2 * len(mine & theirs) >= least


def _alike_from_start(one: str, two: str) -> int:
    return next(
        (at for at, (mine, theirs) in enumerate(zip(one, two, strict=False)) if mine != theirs),
        min(len(one), len(two)),
    )


@lru_cache(maxsize=2048)
def _told(text: str) -> _Told:
    """The numbers, names and nouns of a text.

    Who reported it, and from where, is left out: papers put their own names to what they reprint.
    """
    words: list[tuple[str, bool]] = []
    nouns: list[tuple[str, bool]] = []
    begins = True
    for word, tag in rjieba.tag(_SIGNATURE.sub("\n", _half_width(text))):
        if not any(map(str.isalnum, word)):
            begins = begins or bool(word.strip(" -'\"“‘,，、"))
            if nouns and nouns[-1] != _STOP and word.strip():
                nouns.append(_STOP)
            continue
        fact = _is_fact(word, tag) and not (begins and word.lower() in _STARTERS)
        words.append((_value(word) if fact else word.lower(), fact))
        noun = not _NO_NOUNS.fullmatch(tag)
        if noun and nouns and nouns[-1][1]:
            nouns[-1] = nouns[-1][0] + word, True
        else:
            nouns.append((word, noun))
        begins = False
    return _Told(_by_context(words), _by_context(nouns))


def _by_context(words: Sequence[tuple[str, bool]]) -> Facts:
    """What is marked among these words, by those around it."""
    context = ["", "", *("#" if marked else word for word, marked in words), "", ""]
    found: dict[tuple[str, ...], set[str]] = {}
    for at, (word, marked) in enumerate(words):
        if marked:
            around = (*context[at : at + 2], *context[at + 3 : at + 5])
            found.setdefault(around, set()).add(word)
    return {around: frozenset(told) for around, told in found.items()}


def _is_fact(word: str, tag: str) -> bool:
    if tag == "eng":
        return word[0].isupper() or any(map(str.isdigit, word))
    return (
        any(map(str.isdigit, word))
        or tag.startswith(_NAMES)
        or bool(_WEEKDAY.fullmatch(word))
        or (tag == "m" and bool(_NUMERAL.search(word)))
    )


def _value(word: str) -> str:
    """A number in digits, whichever way it is written."""
    return _NUMERAL.sub(lambda match: _in_digits(match.group()), word)


def _in_digits(numeral: str) -> str:
    """Chinese numerals as digits; powers alone (万) stay.

    >>> _in_digits("三十"), _in_digits("一百二十四"), _in_digits("二〇二四")
    ('30', '124', '2024')
    """
    if all(char in DIGITS for char in numeral):
        return "".join(str(DIGITS[char]) for char in numeral)
    if numeral in ("百", "千", "万", "亿"):
        return numeral
    return str(spelt_out(numeral))
