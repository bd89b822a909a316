"""Question and sentence read together: how likely this sentence is to answer that question.

The unit is the sentence; one that is too long to quote is cut at its semicolons. Each is judged by
what it holds of the question's words, names, numbers and days, by what its surroundings hold
(section heading, neighbours, lead, headline, date), by its likeness in meaning, and by whether it
tells something of the kind that is asked for. ``weights.json`` says what each of these counts.
"""

import json
import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from math import exp, log
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt
import rjieba

from qa.answers import Evidence
from qa.reader import Reader, Reading
from qa.understanding import Asked, Kind, Sort, Term, plain
from vectorstore.articles import Article, BlockKind
from vectorstore.search import Hit
from vectorstore.sentences import QUOTE_LIMIT, quotable
from vectorstore.words import simplified

LONGEST = 160
"""Characters of a sentence that is judged whole; a longer one is cut at its semicolons."""
_UNPINNED = 0.3
COMPARED, COMPARED_OF_SEVERAL = 8, 20
"""Sentences that are compared with the question by meaning: the best ones by their words.

More of them for a question over several articles, each of which may tell of another event.
"""

COMPARED_AS_READ = 6
"""Sentences that are compared beside these because the reader sees the answer in them."""

READ_PASSAGES = 8
"""Passages that a reader reads with the question, the first ones of the search.

For a question over several articles it reads them all.
"""
_UNREAD = -6.0
"""Log odds for a sentence whose passage no reader read."""
REREAD = 12
"""Hits of a search that a reader puts in order, the first ones."""
SECOND_STAGE = 3.6, 0.68
"""What a hit's fused score and a reader's log odds count in that order.

Fitted by ``benchmarks/second_stage.py`` on headlines of a broadcaster and DuReader-checklist.
"""

Array = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float32]


class Embeddings(Protocol):
    """What turns texts into vectors of length one, a row each."""

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of texts to be found."""
        ...

    def queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of texts to search with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence, or a part of a long one, where it stands."""

    article_id: str
    start: int
    end: int
    text: str
    kind: BlockKind
    section: str
    order: int
    """Which unit of its article it is, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An article prepared for comparison; every text in it is plain."""

    units: tuple[Unit, ...]
    texts: tuple[str, ...]
    top: str
    """Kicker, headline, publication, day."""
    leads: Mapping[str, str]
    """The first sentence under each heading, and under none; a roundup begins with a heading."""
    whole: str


# ---------------------------------------------------------------- units


def units(article: Article) -> Iterator[Unit]:
    """The sentences of an article in reading order, the long ones in parts.

    A caption stays together with its photographer, and a credit line in one piece.
    """
    section, order = "", 0
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            section = text
        whole = block.kind is not BlockKind.PARAGRAPH and len(text) <= QUOTE_LIMIT
        spans = [(block.start, block.end)] if whole else quotable(text, block.start, LONGEST)
        for start, end in spans:
            yield Unit(
                article_id=article.id,
                start=start,
                end=end,
                text=article.text[start:end],
                kind=block.kind,
                section=section,
                order=order,
            )
            order += 1


_DAY_ALONE = re.compile(
    r"(?<![\d月第—–-])(3[01]|[12]\d|0?[1-9])(?:日|号(?![楼线院门地桥井台机泊车厅馆店铺桌矿炉仓码窗柜文令]))"
)
"""14日, 14号; no ordinal's: 2012—32号地块, 6号线."""
_RELATIVE_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}


def _dated(text: str, article: Article) -> str:
    """A plain text with its 14日 and 去年 also written as the day and year that they mean."""
    told: list[str] = []
    year, month = _year_and_month(article)
    if month:
        text = _DAY_ALONE.sub(rf"{month}月\1日", text)
    if year:
        told += [f"{year + by}年" for word, by in _RELATIVE_YEARS.items() if word in text]
    return f"{text} {' '.join(told)}" if told else text


def _year_and_month(article: Article) -> tuple[int | None, int | None]:
    year = article.issued.year if article.issued else None
    month = article.issued.month if article.issued else None
    if match := re.match(r"(\d{4}|XXXX)(?:-(\d\d))?", article.date or ""):
        year = int(match.group(1)) if match.group(1).isdigit() else year
        month = int(match.group(2)) if match.group(2) else month
    return year, month


def _day_in_words(article: Article) -> str:
    match = re.match(r"(\d{4}|XXXX)-(\d\d)-(\d\d)", article.date or "")
    year, _ = _year_and_month(article)
    told = f"{year}年" if year else ""
    if match:
        told += f"{int(match.group(2))}月{int(match.group(3))}日"
    if article.issued:
        told += f" {article.issued.month}月{article.issued.day}日"
    return told


@lru_cache(maxsize=256)
def _read(article: Article) -> _Read:
    pieces = tuple(units(article))
    texts = tuple(_dated(plain(unit.text), article) for unit in pieces)
    top = plain(
        " ".join(
            filter(
                None,
                (*article.kicker, *article.headline, article.publication, _day_in_words(article)),
            )
        )
    )
    people = plain(" ".join((*article.byline, *article.correspondents, *article.photographers)))
    leads: dict[str, str] = {}
    for unit, text in zip(pieces, texts, strict=True):
        if unit.kind is BlockKind.PARAGRAPH:
            leads.setdefault(unit.section, text)
    return _Read(
        units=pieces, texts=texts, top=top, leads=leads, whole=" ".join((top, people, *texts))
    )


def _lead(read: _Read, unit: Unit) -> str:
    """The lead that a unit goes on from: its article's, or in a roundup its section's."""
    return read.leads.get("") or read.leads.get(unit.section, "")


# ---------------------------------------------------------------- what speaks for a sentence

FEATURES = (
    "words in the sentence",
    "words in it and its neighbours",
    "words in it, headline and lead",
    "words in the article",
    "rarest word missing from the sentence",
    "rarest word missing from its surroundings",
    "rarest word missing from the article",
    "rarest word missing from all that was found",
    "names in the sentence",
    "names in its surroundings",
    "a name missing from the article",
    "numbers missing from the sentence",
    "numbers missing from its surroundings",
    "numbers missing from the article",
    "an ordinal missing from its surroundings",
    "a year missing from its surroundings",
    "a year missing from the article",
    "a day missing from its surroundings",
    "a day missing from the article",
    "quoted words missing from the article",
    "pairs of characters in the sentence",
    "pairs of characters in its surroundings",
    "longest run of the question in the sentence",
    "how close together its matches stand",
    "share of the sentence that the question has",
    "length",
    "tells the kind of thing asked for",
    "tells what is asked for in the unit asked for",
    "what is asked for is not of a kind",
    "asks how or why",
    "place of its passage among the hits",
    "is the lead",
    "is a heading",
    "is a caption or credit",
    "words in the sentence against the best",
    "words in its surroundings against the best",
    "pairs of characters against the best",
    "words of the question",
    "weight of the words missing from its surroundings",
    "weight of the words missing from the article",
    "words in it that few other sentences have",
    "the same against the best",
    "words in it that headline and lead leave out",
    "rarest missing word that headline and lead leave out",
    "weight of missing words that headline and lead leave out",
    "weight of such words missing from its neighbours too",
    "pairs in it that few other sentences have",
    "the same of pairs against the best",
    "pairs of the question that its article lacks",
    "how close such a word stands to what is asked for",
    "likeness in meaning",
    "likeness in meaning against the best",
    "a reader finds the answer in its passage",
    "the same against the best passage",
    "the same of the best passage",
    "share of that answer which stands in it",
    "the logarithm of that share",
    "both together against the best",
    "both together as a probability",
)

_DATE = re.compile(
    r"\d{1,2}月|\d{1,2}[日号]|(?<!\d)(?:1[5-9]|20)\d\d年|[去今明前]年|[今明昨前后]天|[今昨明]日|上午|下午|晚上|凌晨"
    r"|世纪|周[一二三四五六日末]|星期|\d点|\d时|近日|日前|月[初中底末]|年[初中底末]|季度|\b(?:1[5-9]|20)\d\d\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_AMOUNT = re.compile(
    r"\d+(?:\.\d+)?|[一两三四五六七八九十几半][个家位名台条项座所间次种类成年天倍]"
)
_PLACE = re.compile(
    r"[^\W\d]{1,6}(?:省|市|县|区|镇|乡|村|街道|路|街|社区|园|国|州|站|馆|院|校|厂|场|岛|湾|港|山|河|湖)"
)
_REASON = re.compile(r"因|由于|为了|以便|旨在|导致|受.{1,12}影响|because|due to")
_MANNER = re.compile(r"通过|采取|采用|按照|以.{1,12}方式|实行|建立|要|;|、|by ")
_PERSON_TAGS = frozenset(("nr", "nrt", "nrfg", "nrf"))
_MEANING_FROM = FEATURES.index("likeness in meaning")
_READER_FROM = FEATURES.index("a reader finds the answer in its passage")


_ENGLISH_PERSON = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z'-]+)+")


@lru_cache(maxsize=4096)
def people(text: str) -> frozenset[str]:
    """The names of people in a text as it is printed."""
    tagged = (w for w, tag in rjieba.tag(text) if tag in _PERSON_TAGS and len(w) > 1)
    return frozenset((*tagged, *_ENGLISH_PERSON.findall(text)))


def _answers(asked: Asked, printed: str, text: str) -> list[int]:
    """Where something new of the kind asked for stands in a plain text."""
    if asked.kind is Kind.WHO:
        names = (name for name in people(printed) if name not in asked.question)
        spots = [text.find(plain(name)) for name in names]
        return [spot for spot in spots if spot >= 0]
    pattern = {Kind.WHEN: _DATE, Kind.HOW_MANY: _AMOUNT, Kind.WHERE: _PLACE}.get(asked.kind)
    if pattern is None:
        return []
    return [m.start() for m in pattern.finditer(text) if m.group() not in asked.plain]


def _closeness(terms: Sequence[Term], spots: Sequence[int], text: str) -> float:
    """From 1, side by side, to 0: how near the terms stand to one of these spots."""
    found = [(at, at + len(term.text)) for term in terms if (at := text.find(term.text)) >= 0]
    gaps = [min(abs(spot - end), abs(start - spot)) for start, end in found for spot in spots]
    return 1 / (1 + min(gaps) / 4) if gaps else 0.0


def _tells(asked: Asked, printed: str) -> tuple[float, float]:
    """Whether a text holds something new of the kind asked for, and in the unit asked for."""
    question, kind, unit, text = asked.plain, asked.kind, asked.unit, plain(printed)

    def new(pattern: re.Pattern[str]) -> bool:
        return any(match.group() not in question for match in pattern.finditer(text))

    in_unit = 0.0
    if unit:
        if kind is Kind.HOW_MANY or re.search(r"几|多少", question):
            counted = re.compile(
                rf"(?:\d|[一两三四五六七八九十半几数多余])[^\d,。;,]{{0,4}}{re.escape(unit)}"
            )
            in_unit = float(new(counted))
        else:
            named = re.compile(rf"[^\W]{{2}}{re.escape(unit)}|[》”]{re.escape(unit)}")
            in_unit = float(new(named))
    match kind:
        case Kind.WHO:
            told = any(name not in asked.question for name in people(printed))
        case Kind.WHEN:
            told = new(_DATE)
        case Kind.HOW_MANY:
            told = new(_AMOUNT)
        case Kind.WHERE:
            told = new(_PLACE)
        case Kind.WHY:
            told = new(_REASON)
        case Kind.HOW:
            told = new(_MANNER)
        case _:
            told = bool(in_unit)
    return float(told), in_unit


def tells(asked: Asked, printed: str) -> bool:
    """Whether a text holds something of the kind asked for that the question doesn't."""
    return _tells(asked, printed)[0] > 0


def _coverage(terms: Sequence[Term], found: Sequence[float]) -> float:
    total = sum(term.weight for term in terms)
    if not total:
        return 1.0
    return sum(term.weight * share for term, share in zip(terms, found, strict=True)) / total


def _missing(terms: Sequence[Term], found: Sequence[float]) -> float:
    lacks = (t.weight * (1 - f) for t, f in zip(terms, found, strict=True))
    return max(lacks, default=0.0)


_HAN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")


@lru_cache(maxsize=2048)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(
        piece
        for run in _HAN.findall(text)
        for piece in ([run] if run.isascii() else map("".join, pairwise(run)))
    )


def _longest_run(needle: str, hay: str) -> int:
    """Characters of the longest stretch of one that the other has too."""
    best = 0
    for at in range(len(needle)):
        while at + best < len(needle) and needle[at : at + best + 1] in hay:
            best += 1
    return best


def _spread(terms: Sequence[Term], text: str) -> float:
    """Which share of the sentence its matched words span; 0 where fewer than two match."""
    spots = [text.find(term.text) for term in terms if term.text in text]
    return (max(spots) - min(spots)) / max(1, len(text)) if len(spots) > 1 else 0.0


def _asking_removed(question: str) -> str:
    return re.sub(
        r"什么时候|什么|哪[里儿一些个位名家座年天几两]*|多少|几|谁|怎么样?|怎样|如何|为何|吗|呢|的|是|了|在|有",
        " ",
        question,
    )


def lexical(asked: Asked, pieces: Sequence[tuple[_Read, Unit, int]]) -> Array:
    """A row of features for each unit, all but those of meaning, which stay 0.

    ``pieces`` are units with their article as read and the place of their passage among the hits.
    """
    terms = asked.terms
    worded = asked.of(Sort.WORD, Sort.NAME, Sort.QUOTED)
    names = asked.of(Sort.NAME, Sort.QUOTED)
    numbers, years = asked.of(Sort.NUMBER), asked.of(Sort.YEAR)
    ordinals = asked.of(Sort.ORDINAL)
    days, quoted = asked.of(Sort.DAY), asked.of(Sort.QUOTED)
    wanted = _pairs(_asking_removed(asked.plain))
    kindless = float(asked.kind in (Kind.UNKNOWN, Kind.WHAT, Kind.WHICH, Kind.YES_NO))
    hows = float(asked.kind in (Kind.HOW, Kind.WHY))
    seen: dict[tuple[Term, str], float] = {}

    def holds(group: Sequence[Term], text: str) -> list[float]:
        values = []
        for term in group:
            key = (term, text)
            if key not in seen:
                seen[key] = term.found(text)
            values.append(seen[key])
        return values

    reads = {id(read): read for read, _, _ in pieces}.values()
    anywhere = [
        max((f for read in reads for f in holds([t], read.whole)), default=0.0) for t in worded
    ]
    nowhere = _missing(worded, anywhere)
    rows = np.zeros((len(pieces), len(FEATURES)))
    texts = [read.texts[unit.order] for read, unit, _ in pieces]
    local = [
        Term(
            t.text, t.sort, log(1 + len(texts) / (0.5 + sum(holds([t], text)[0] for text in texts)))
        )
        for t in worded
    ]
    common = Counter(pair for text in texts for pair in wanted & _pairs(text))
    pair_weight = {pair: log(1 + len(texts) / (0.5 + count)) for pair, count in common.items()}
    for at, (read, unit, place) in enumerate(pieces):
        text = texts[at]
        near = " ".join((plain(unit.section), *_around(read, unit)))
        lead = _lead(read, unit)
        scene = " ".join((plain(unit.section), text, read.top, lead))
        surroundings = f"{near} {scene}"
        in_text, in_scene = holds(worded, text), holds(worded, scene)
        in_around, in_all = holds(worded, surroundings), holds(worded, read.whole)
        given = holds(worded, f"{plain(unit.section)} {read.top} {lead}")
        focus = [
            Term(t.text, t.sort, t.weight * (1 - share) + 0.1)
            for t, share in zip(worded, given, strict=True)
        ]
        focal = [t for t, share in zip(worded, given, strict=True) if share < 0.5] or worded
        in_near = holds(worded, near)
        shared = wanted & _pairs(text)
        told, in_unit = _tells(asked, simplified(unit.text))
        if unit.kind is BlockKind.PARAGRAPH and not told and asked.kind is Kind.WHERE:
            told = 0.5 * bool(unit.section)
        rows[at, :_MEANING_FROM] = (
            _coverage(worded, in_text),
            _coverage(worded, in_near),
            _coverage(worded, in_scene),
            _coverage(worded, in_all),
            _missing(worded, in_text),
            _missing(worded, in_around),
            _missing(worded, in_all),
            nowhere,
            _coverage(names, holds(names, text)),
            _coverage(names, holds(names, surroundings)),
            _missing(names, holds(names, read.whole)),
            _lacking(holds(numbers, text)),
            _lacking(holds(numbers, surroundings)),
            _lacking(holds(numbers, read.whole)),
            _lacking(holds(ordinals, surroundings)),
            _lacking(holds(years, surroundings)),
            _lacking(holds(years, read.whole)),
            _lacking(holds(days, surroundings)),
            _lacking(holds(days, read.whole)),
            _lacking(holds(quoted, read.whole)),
            len(shared) / max(1, len(wanted)),
            len(wanted & _pairs(surroundings)) / max(1, len(wanted)),
            _longest_run(asked.plain, text) / max(4, len(asked.plain)),
            _spread(terms, text),
            len(shared) / max(1, len(_pairs(text))),
            log(1 + len(unit.text)),
            told,
            in_unit,
            kindless,
            hows,
            1 / (1 + place),
            float(text == lead),
            float(unit.kind is BlockKind.HEADING),
            float(unit.kind in (BlockKind.CAPTION, BlockKind.CREDIT, BlockKind.BYLINE)),
            0.0,
            0.0,
            0.0,
            len(terms),
            sum(t.weight * (1 - f) for t, f in zip(worded, in_around, strict=True)),
            sum(t.weight * (1 - f) for t, f in zip(worded, in_all, strict=True)),
            _coverage(local, in_text),
            0.0,
            _coverage(focus, in_text),
            _missing(focus, in_text),
            sum(t.weight * (1 - f) for t, f in zip(focus, in_text, strict=True)),
            sum(t.weight * (1 - f) for t, f in zip(focus, in_near, strict=True)),
            sum(pair_weight[pair] for pair in shared) / max(0.1, sum(pair_weight.values())),
            0.0,
            len(wanted - _pairs(read.whole)) / max(1, len(wanted)),
            _closeness(focal, _answers(asked, simplified(unit.text), text), text),
        )
    if len(rows):
        for name, of in (
            ("words in the sentence against the best", "words in the sentence"),
            ("words in its surroundings against the best", "words in it and its neighbours"),
            ("pairs of characters against the best", "pairs of characters in the sentence"),
            ("the same against the best", "words in it that few other sentences have"),
            ("the same of pairs against the best", "pairs in it that few other sentences have"),
        ):
            values = rows[:, FEATURES.index(of)]
            rows[:, FEATURES.index(name)] = values - values.max()
    return rows


def _lacking(found: Sequence[float]) -> float:
    return max((1 - share for share in found), default=0.0)


_BY_WORDS = [
    FEATURES.index(name)
    for name in (
        "words in it and its neighbours",
        "words in it that few other sentences have",
        "words in it that headline and lead leave out",
        "pairs in it that few other sentences have",
        "place of its passage among the hits",
    )
]


def promising(rows: Array, most: int = COMPARED) -> list[int]:
    """The units worth a second look: by their words and the place of their passage, and by a reader.

    What answers in other words than the question's is found by the reader alone.
    """
    by_words = rows[:, _BY_WORDS] @ np.array([1, 1, 1, 1, 0.3])
    by_reader = rows[:, FEATURES.index("both together as a probability")]
    read = np.argsort(-by_reader, kind="stable")[:COMPARED_AS_READ]
    best = (*np.argsort(-by_words, kind="stable")[:most], *read[by_reader[read] > 0])
    return list(dict.fromkeys(map(int, best)))


def pieces(hits: Iterable[Hit], articles: Mapping[str, Article]) -> list[tuple[_Read, Unit, int]]:
    """The units that the passages hold or touch and the headings above them, each once.

    With each comes the place of its passage.
    """
    found: dict[tuple[str, int], tuple[_Read, Unit, int]] = {}
    for place, hit in enumerate(hits):
        passage = hit.passage
        read = _read(articles[passage.article_id])
        touched = [u for u in read.units if u.start < passage.end and u.end > passage.start]
        above = {unit.section for unit in touched}
        headings = (u for u in read.units if u.kind is BlockKind.HEADING and u.text in above)
        for unit in (*touched, *headings):
            found.setdefault((unit.article_id, unit.order), (read, unit, place))
    return list(found.values())


_ANY_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?=年)|[前去今明]年")


def held(asked: Asked, read: _Read, unit: Unit) -> float:
    """What is left of a probability when the article lacks what the question pins it to.

    That is a year, a day, an ordinal or a title: of another meeting, year or book it tells, however
    much alike the words are. A sentence that gives its own year is held to that one, and an ordinal
    that the article only mentions elsewhere counts in part.
    """
    left = 1.0
    text = read.texts[unit.order]
    scene = " ".join((plain(unit.section), *_around(read, unit), read.top, _lead(read, unit)))
    for pin in asked.of(Sort.YEAR, Sort.DAY, Sort.ORDINAL, Sort.QUOTED):
        if pin.sort is Sort.YEAR and (_ANY_YEAR.search(text) or not pin.text.isdigit()):
            found = pin.found(text) if _ANY_YEAR.search(text) else 1.0
        elif pin.sort is Sort.ORDINAL:
            found = max(pin.found(scene), 0.6 * pin.found(read.whole))
        else:
            found = pin.found(read.whole)
        left *= _UNPINNED + (1 - _UNPINNED) * found
    return left


def whole(article: Article) -> str:
    """All that an article and its headline, paper, day and names say, in plain words."""
    return _read(article).whole


def fitness(asked: Asked, article: Article) -> float:
    """How much of what the question names an article and its headline, paper and day hold."""
    text = whole(article)
    return _coverage(asked.terms, [term.found(text) for term in asked.terms])


def _around(read: _Read, unit: Unit) -> tuple[str, ...]:
    """A unit with the one before and the one after it, if they are of its section."""
    beside = range(max(0, unit.order - 1), min(len(read.units), unit.order + 2))
    return tuple(read.texts[at] for at in beside if read.units[at].section == unit.section)


def add_likeness(rows: Array, question: Vector, sentences: npt.NDArray[np.float32]) -> None:
    """Fill in the features of meaning, from vectors of length one."""
    likeness = (sentences @ question).astype(np.float64)
    rows[:, _MEANING_FROM] = likeness
    rows[:, _MEANING_FROM + 1] = likeness - likeness.max(initial=-1.0)


def add_readings(
    rows: Array,
    found: Sequence[Unit],
    hits: Sequence[Hit],
    readings: Sequence[Reading],
) -> None:
    """Fill in what a reader saw; a unit of two passages takes the reading that sees more in it."""
    odds = np.full(len(found), _UNREAD)
    shares = np.zeros(len(found))
    for hit, reading in zip(hits, readings, strict=True):
        passage = hit.passage
        for at, unit in enumerate(found):
            if unit.article_id != passage.article_id:
                continue
            start, end = unit.start - passage.start, unit.end - passage.start
            if end <= 0 or start >= passage.end - passage.start:
                continue
            share = reading.share(start, end)
            if odds[at] == _UNREAD or share > shares[at]:
                odds[at] = _log_odds(reading.probability)
                shares[at] = min(1.0, share)
    both = odds + np.log(shares + 0.01)
    rows[:, _READER_FROM:] = np.stack(
        [
            odds,
            odds - odds.max(initial=_UNREAD),
            np.full(len(found), odds.max(initial=_UNREAD)),
            shares,
            np.log(shares + 0.01),
            both - both.max(initial=_UNREAD),
            shares / (1 + np.exp(-odds)),
        ],
        axis=1,
    )


def _log_odds(probability: float) -> float:
    return log(max(probability, 1e-6) / max(1 - probability, 1e-6))


# ---------------------------------------------------------------- what it all amounts to


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: what each feature counts, in log odds."""

    bias: float
    of: Array

    def probabilities(self, rows: Array) -> Array:
        """From 0 to 1, one a row."""
        return np.asarray(1 / (1 + np.exp(-(self.bias + rows @ self.of))))


@cache
def weights(*, with_reader: bool) -> Weights:
    """The weights that ship with this module; a feature without one counts nothing."""
    file = Path(__file__).parent / "weights.json"
    data = json.loads(file.read_text("utf-8"))["with a reader" if with_reader else "alone"]
    return Weights(data["bias"], np.array([data["weights"].get(name, 0.0) for name in FEATURES]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The units that were looked at closely, with a row of features each."""

    units: tuple[Unit, ...]
    rows: Array
    held: Array
    """What :func:`held` leaves of each one's probability."""


class Ranker:
    """Judges sentences; keeps the vectors of those it read lately."""

    def __init__(
        self, embeddings: Embeddings, reader: Reader | None = None, *, kept: int = 5000
    ) -> None:
        self._embeddings = embeddings
        self._reader = reader
        self._kept = kept
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def rank(
        self,
        asked: Asked,
        hits: Sequence[Hit],
        articles: Mapping[str, Article],
        *,
        several: bool = False,
    ) -> list[Evidence]:
        """The sentences of these passages that may answer, the likeliest first.

        ``several`` tells that several articles may answer together.
        """
        judged = self.judge(asked, hits, articles, several=several)
        learned = weights(with_reader=self._reader is not None)
        found = [
            Evidence(
                article_id=unit.article_id,
                start=unit.start,
                end=unit.end,
                text=unit.text,
                probability=float(probability),
            )
            for unit, probability in zip(
                judged.units, learned.probabilities(judged.rows) * judged.held, strict=True
            )
        ]
        return sorted(found, key=lambda each: -each.probability)

    def reorder(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits of a search in the order that a reader gives the first ``REREAD`` of them.

        Their scores then lie between 0 and 1. Without a reader they come back as they are.
        """
        if self._reader is None:
            return list(hits)
        texts = [(hit.passage.heading, hit.passage.text) for hit in hits[:REREAD]]
        readings = self._reader.read(query, texts)
        odds = [max(_UNREAD, _log_odds(reading.probability)) for reading in readings]
        odds += [_UNREAD] * (len(hits) - len(odds))
        found, read_in = SECOND_STAGE
        read = (
            replace(hit, score=1 / (1 + exp(-(found * hit.score + read_in * seen))))
            for hit, seen in zip(hits, odds, strict=True)
        )
        return sorted(read, key=lambda hit: -hit.score)

    def judge(
        self,
        asked: Asked,
        hits: Sequence[Hit],
        articles: Mapping[str, Article],
        *,
        several: bool = False,
    ) -> Judged:
        """What speaks for each sentence of these passages that is promising."""
        read = len(hits) if several else READ_PASSAGES
        candidates = pieces(hits, articles)
        rows = lexical(asked, candidates)
        if candidates and self._reader is not None:
            texts = [(hit.passage.heading, hit.passage.text) for hit in hits[:read]]
            readings = self._reader.read(asked.question, texts)
            add_readings(rows, [unit for _, unit, _ in candidates], hits[:read], readings)
        chosen = promising(rows, COMPARED_OF_SEVERAL if several else COMPARED)
        sections = {(candidates[at][1].article_id, candidates[at][1].section) for at in chosen}
        chosen += [
            at
            for at, (_, unit, _) in enumerate(candidates)
            if unit.kind is BlockKind.HEADING
            and (unit.article_id, unit.section) in sections
            and at not in chosen
        ]
        rows = rows[chosen]
        found = tuple(candidates[at][1] for at in chosen)
        if found:
            vectors = self._passages([simplified(unit.text) for unit in found])
            add_likeness(rows, self._embeddings.queries([asked.question])[0], vectors)
        left = np.array([held(asked, *candidates[at][:2]) for at in chosen])
        return Judged(units=found, rows=rows, held=left)

    def _passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= zip(new, self._embeddings.passages(new), strict=True)
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._kept:
                self._vectors.popitem(last=False)
        return np.stack([known[text] for text in texts])
