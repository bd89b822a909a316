"""What a question asks for: its constraints, its words, and what it leaves to the questions before.

A question is compared with a text after both went through :func:`plain`: half width, lower case,
Chinese numerals as digits. So 第一百二十四次 is 第124次, and 八千三百万 is 8300万.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from math import log
from pathlib import Path

import rjieba

from qa.answers import Turn
from qa.several import Several, over_several
from vectorstore.words import DIGITS, fold, simplified, spelt_out


class Kind(StrEnum):
    """What kind of answer is asked for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    WHICH = "which"
    WHAT = "what"
    HOW = "how"
    WHY = "why"
    YES_NO = "yes or no"
    UNKNOWN = "unknown"


class Sort(StrEnum):
    """What a term is, which says how strictly a text must hold it."""

    WORD = "word"
    NAME = "name"
    NUMBER = "number"
    ORDINAL = "ordinal"
    YEAR = "year"
    DAY = "day"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question names, in the spelling of :func:`plain`."""

    text: str
    sort: Sort
    weight: float
    """How rare it is: the logarithm of one in how many passages has it."""

    def found(self, text: str) -> float:
        """How much of it this plain text holds, from 0 to 1.

        An ordinal counts whole or not at all; of a long word its pairs of characters count; a day
        counts in part where the text leaves its month out.
        """
        if self.sort is Sort.ORDINAL:
            return float(_number_pattern(self.text).search(text) is not None)
        if self.sort is Sort.NUMBER:
            if _number_pattern(self.text).search(text):
                return 1.0
            bare = re.sub(r"[^\d.]+$", "", self.text)
            return 0.6 * (_number_pattern(bare).search(text) is not None)
        if self.sort is Sort.YEAR:
            return float(_year_pattern(self.text).search(text) is not None)
        if self.sort is Sort.DAY:
            if _day_pattern(self.text).search(text):
                return 1.0
            day = self.text.partition("-")[2]
            return 0.7 * (bool(day) and re.search(rf"(?<![\d月]){day}[日号]", text) is not None)
        if self.text.isascii():
            return float(_word_pattern(self.text).search(text) is not None)
        if self.text in text:
            return 1.0
        if len(self.text) < 3:
            return 0.0
        pairs = [self.text[at : at + 2] for at in range(len(self.text) - 1)]
        return 0.9 * sum(pair in text for pair in pairs) / len(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question taken apart."""

    question: str
    plain: str
    kind: Kind
    unit: str = ""
    """What is counted or chosen from: 镇 of 哪个镇, 台 of 几台, 协议 of 什么协议."""
    terms: tuple[Term, ...] = ()
    over_several: Several | None = None
    """What it asks of several articles together, if one can't answer it."""

    def of(self, *sorts: Sort) -> tuple[Term, ...]:
        """Its terms of these sorts."""
        return tuple(term for term in self.terms if term.sort in sorts)


# ---------------------------------------------------------------- numerals

_NUMERAL = "零〇○一二三四五六七八九十百千万亿两"
_MEASURES = (
    "年月日号次届期版位名个家台条项个岁天周层楼路线区级度元吨亩公米里户人座所间辆艘架株棵头只"
    "场轮批组类种倍点时分秒届任块件本篇部集册章节市县镇村校班队"
)
_CHINESE_NUMBER = re.compile(rf"(第?)([{_NUMERAL}]+)(?=(.?))")
_MIXED_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(万亿|[十百千]?[万亿]|[百千](?![米克瓦卡伏帕赫]))")
_FRACTION = re.compile(r"百分之(\d+(?:\.\d+)?)")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text as it is compared: half width, lower case, simplified characters, numerals as digits.

    >>> plain("第一百二十四次會議"), plain("八千三百万平方米"), plain("1.2万余吨")
    ('第124次会议', '83000000平方米', '12000余吨')
    """
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", simplified(fold(text)))
    text = _CHINESE_NUMBER.sub(_in_digits, text)
    text = _MIXED_NUMBER.sub(_written_out, text)
    return _FRACTION.sub(r"\1%", text)


def _in_digits(match: re.Match[str]) -> str:
    ordinal, numeral, after = match.groups()
    if not ordinal and len(numeral) == 1 and (after not in _MEASURES or numeral in "十百千万亿"):
        return match.group()
    value = _value(numeral)
    return match.group() if value is None else f"{ordinal}{value}"


def _value(numeral: str) -> int | None:
    """What a Chinese numeral amounts to; None for what only looks like one (万一, 三四百)."""
    if all(char in DIGITS for char in numeral):
        if len(numeral) == 2 and not set(numeral) & set("零〇○"):
            return None  # 四五级 is four or five
        return int("".join(str(DIGITS[char]) for char in numeral))
    if re.search(r"[一二三四五六七八九两]{2}|^[百千万亿]|[十百千][十百千]", numeral):
        return None
    return spelt_out(numeral)


_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


def _written_out(match: re.Match[str]) -> str:
    number, unit = match.groups()
    value = Decimal(number).scaleb(sum(_POWERS[char] for char in unit))
    return f"{value.normalize():f}"


@lru_cache(maxsize=1024)
def _number_pattern(text: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.]){re.escape(text)}" + (r"(?![\d.]*\d)" if text[-1].isdigit() else "")
    )


@lru_cache(maxsize=256)
def _year_pattern(text: str) -> re.Pattern[str]:
    if not text.isdigit():
        return re.compile(text)
    return re.compile(rf"(?<!\d){text}(?!\d)|(?<!\d){text[2:]}年(?!\d)")


@lru_cache(maxsize=256)
def _day_pattern(text: str) -> re.Pattern[str]:
    """Of ``7-14``, ``7-`` (a month) or ``-14`` (a day of an unnamed month)."""
    month, day = text.split("-")
    if not day:
        return re.compile(rf"(?<!\d){month}月")
    if not month:
        return re.compile(rf"(?<!\d){day}[日号]")
    return re.compile(rf"(?<!\d)0?{month}(?:月|[-/])0?{day}(?!\d)")


@lru_cache(maxsize=1024)
def _word_pattern(text: str) -> re.Pattern[str]:
    """A word in Latin letters, with the endings that English gives it."""
    stem = text
    for ending in ("ies", "ing", "ed", "es", "s", "e"):
        if text.endswith(ending) and len(text) - len(ending) >= 4:
            stem = text.removesuffix(ending)
            break
    tail = r"[a-z]{0,3}" if len(stem) >= 4 and stem.isalpha() else ""
    return re.compile(rf"(?<![a-z0-9]){re.escape(stem)}{tail}(?![a-z0-9])")


# ---------------------------------------------------------------- how rare a word is


@cache
def _commonness() -> tuple[dict[str, float], float]:
    data = json.loads((Path(__file__).parent / "words.json").read_text("utf-8"))
    table = {word: float(rarity) for rarity, row in data["rarity"].items() for word in row.split()}
    return table, log(data["passages"] / data["fewest"])


def rarity(word: str) -> float:
    """The logarithm of one in how many passages of general text has this word; at most about 7."""
    table, rarest = _commonness()
    return table.get(word, rarest)


# ---------------------------------------------------------------- the kind of answer

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.WHY, r"为什么|为何|为啥|怎么会|什么原因|原因是什么|何故|\bwhy\b"),
        (
            Kind.WHEN,
            r"什么时候|何时|几时|啥时|什么时间|何日|何年|何月|哪[一1]?[年天日月周]|哪个(?:月|年|季节|星期)"
            r"|哪几[年天日月]|几月|几[日号](?!楼|线|院)|几点|星期几|周几|\bwhen\b"
            r"|\bwhat (?:day|date|year|time|month)\b",
        ),
        (
            Kind.WHO,
            r"谁|何人|哪[一1两2三3几]?(?:位|名|个人|些人)|什么人|哪几个人|叫什么(?:名字)?|\bwho(?:m|se)?\b",
        ),
        (
            Kind.HOW_MANY,
            r"多少|第?几(?!乎)|多[大长高远重宽深久快厚]|\bhow (?:many|much|long|large|big|high|far|old)\b",
        ),
        (
            Kind.WHERE,
            r"哪里|哪儿|何处|何地|什么地方|什么位置|在哪(?!些|几|[位名年天])|位于什么"
            r"|哪[一1]?[个座]?(?:省|市|县|区|镇|乡|村|街道|街|路|城市|国家|地区|地方|社区)|\bwhere\b",
        ),
        (Kind.HOW, r"怎样|怎么|如何|怎(?=[样么])|\bhow\b"),
        (Kind.WHICH, r"哪|\bwhich\b"),
        (Kind.WHAT, r"什么|何(?=[种物事])|啥|\bwhat\b"),
        (
            Kind.YES_NO,
            r"吗|是否|是不是|有没有|能不能|会不会|^(?:is|are|was|were|did|does|do|has|have|can)\b",
        ),
    )
)
_MEASURE_WORDS = (
    "个家位名台条项座所间辆艘架株棵头只场轮批组类种次届期版届任块件本篇部集册章节处支款份"
)
_UNIT = re.compile(
    r"(?:第几|几|多少|哪[一1几两2三3]?|什么|[^\W\d]*?何种)"
    rf"([{_MEASURE_WORDS}]?)(?:[种类])?([^\W\da-z的了是在]{{0,6}})"
)

_ASKING = re.compile(
    r"[有是在]?(?:什么时候|什么时间|什么地方|什么原因|什么样|什么|啥|为何|为啥|何时|何地|何处|何人|何种|哪里|哪儿"
    r"|哪[一1几两2三3]?[年天日月些个位名家座种类项次条场支]?|第几|几[个家位名台条项座所次届期点月号日年]?"
    r"|多少|多[大长高远重宽深久快厚]|谁|怎么样|怎样|怎么|如何)|是否|是不是|有没有|能不能|吗|呢|请问|告诉我"
)
_NOTHING_NEW = frozenset(
    "时候 时间 日期 地方 地点 位置 名字 内容 东西 事情 情况 方面 具体 主要 一共 总共 共有 分别 包括 "
    "进行 成为 属于 叫做 叫 称为 表示 关于 之后 以后 之前 以前 当时 目前 现在 这次 那次 这个 那个 该 本 "
    "有 是 在 到 去 来 做 会 能 要 使 让 被 把 将 给 对 向 从 为 由 以 和 与 及 或 等 上 下 中 里 内 外 "
    "了 着 过 的 地 得 都 也 还 又 就 才 只 个 位 名 家 次 种 类 第 几 多 哪 谁 它 他 她 其 这 那 此 "
    "请 问 想 知道 多大 多长 可以 应该 需要 提出 说 人 年 月 日 号 天 "
    "the a an of in on at to for from by with and or is are was were be been being did does do has "
    "have had can could will would should may might that this these those it its they their them he "
    "his him she her there here as about into over than then so such not no also which who whom "
    "whose what when where why how many much long any some all each s t".split()
)
_SKIPPED_TAGS = frozenset("x w u uj ul ud ug uv uz y e o p c r d f k h q m".split())
_NAME_TAGS = frozenset("nr nrt nrfg ns nt nz nrf nsf eng".split())
_QUOTED = re.compile(r"[《“「『\"]([^《》“”「」『』\"]{2,40})[》”」』\"]")
_YEAR = re.compile(r"(?<![\d.])((?:1[5-9]|20)\d\d)(?:年度?|(?=[-/.]\d)|(?![\d.个家人元吨万亩米]))")
_OTHER_YEAR = re.compile(r"[去前明]年(?!级)")
_MONTH_DAY = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?:份|(3[01]|[12]\d|0?[1-9])(?:日|号|(?!\d)))?")
_DAY = re.compile(r"(?<![\d月])(3[01]|[12]\d|0?[1-9])(?:日|号(?=[的上下晚早召举那当]|$|\W))")
_MONTHS = {
    name: at
    for at, name in enumerate(
        "january february march april may june july august september october november "
        "december".split(),
        1,
    )
}
_ENGLISH_DAY = re.compile(
    rf"\b(?:({'|'.join(_MONTHS)}) (\d{{1,2}})|(\d{{1,2}}) ({'|'.join(_MONTHS)}))\b"
)
_NUMBER = re.compile(rf"(?<![\d.a-z])第?(\d+(?:\.\d+)?)(小时|[{_MEASURES}%℃])?")
_NUMBERED = tuple("期届号路线版级")
"""What a number before it tells apart, rather than counts."""
_COUNTED = re.compile(
    rf"第?\d[\d.,]*(?:[{_NUMERAL}]*[{_MEASURES}%℃]|[{_NUMERAL}]+)?|第[{_NUMERAL}]+[{_MEASURES}]?"
    rf"|[{_NUMERAL}]{{2,}}[{_MEASURES}]|[{_NUMERAL}][期届号路线版级年月日]"
)
_HAN = re.compile(r"[㐀-鿿]")
_EXTENT = re.compile(r"多([长高远重宽深厚])")
_LATIN = re.compile(r"[a-z][a-z0-9.&+'-]*[a-z0-9]|[a-z]")


def kind_of(question: str) -> Kind:
    """What kind of answer a plain question asks for."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.UNKNOWN)


@lru_cache(maxsize=256)
def understand(question: str) -> Asked:
    """Take a question that stands alone apart."""
    text = plain(question)
    kind = kind_of(text)
    return Asked(
        question=simplified(question),
        plain=text,
        kind=kind,
        unit=_unit(text, kind),
        terms=tuple(_terms(question)),
        over_several=over_several(text),
    )


def _unit(text: str, kind: Kind) -> str:
    match = _UNIT.search(text)
    if not match or kind is Kind.WHEN:
        return ""
    measure, noun = match.groups()
    if not noun:
        return measure
    first = next((word for word, tag in rjieba.tag(noun) if tag[0] in "nljg" or tag == "vn"), "")
    return first or measure


def _terms(question: str) -> list[Term]:
    _, rarest = _commonness()
    text = plain(question)
    found: dict[tuple[str, Sort], Term] = {}

    def add(term: str, sort: Sort, weight: float = rarest) -> None:
        found.setdefault((term, sort), Term(term, sort, weight))

    def take(pattern: re.Pattern[str], left: str) -> Iterator[re.Match[str]]:
        nonlocal text
        yield from pattern.finditer(left)
        text = pattern.sub(" ", left)

    for match in _QUOTED.finditer(text):
        add(match.group(1), Sort.QUOTED)
    for match in take(_YEAR, text):
        add(match.group(1), Sort.YEAR)
    for match in _OTHER_YEAR.finditer(text):
        add(match.group(), Sort.YEAR)
    for match in take(_MONTH_DAY, text):
        add(f"{int(match.group(1))}-{int(match.group(2) or 0) or ''}", Sort.DAY)
    for match in take(_ENGLISH_DAY, text):
        month, day = match.group(1) or match.group(4), match.group(2) or match.group(3)
        add(f"{_MONTHS[month]}-{int(day)}", Sort.DAY)
    for match in take(_DAY, text):
        add(f"-{int(match.group(1))}", Sort.DAY)
    for match in take(_NUMBER, text):
        number, unit = match.group(1), match.group(2) or ""
        if match.group().startswith("第") or unit in _NUMBERED:
            if unit and (number != "1" or match.group().startswith("第")):
                add(number + unit, Sort.ORDINAL)
        elif number not in ("1", "2"):
            add(number + unit, Sort.NUMBER)
    for match in _EXTENT.finditer(text):
        add(match.group(1), Sort.WORD, 0.6 * rarity(match.group(1)))
    for word in _LATIN.findall(re.sub(r"['’]s\b", "", text)):
        if word not in _NOTHING_NEW:
            coded = re.search(r"\d", word) is not None
            add(word, Sort.NAME if coded else Sort.WORD, rarest if coded else rarity(word))
    # Names are told from the text as it is printed: in 尚九成 there is no number.
    run = ""
    for word, tag in (
        *rjieba.tag(_ASKING.sub(" ", _COUNTED.sub(" ", simplified(fold(question))))),
        ("", "x"),
    ):
        fresh = word not in _NOTHING_NEW and tag not in _SKIPPED_TAGS and _HAN.search(word)
        if fresh and len(word) == 1:
            run += word
            continue
        if len(run) > 1:
            add(plain(run), Sort.NAME, rarest)  # no dictionary knows it
        elif run:
            add(run, Sort.WORD, 0.5 * rarity(run))
        run = ""
        if fresh:
            name = tag in _NAME_TAGS or (len(word) > 2 and rarity(word) >= rarest and tag[0] == "n")
            add(plain(word), Sort.NAME if name else Sort.WORD, rarity(word))
    return list(found.values())


# ---------------------------------------------------------------- follow-ups

_POINTING = re.compile(
    r"它们?的?|他们的?|她们的?|(?<![其吉])他(?!人|乡|国)的?|她的?|(?<![应活本])该(?=[^不]|$)"
    r"|其(?![他它中实余次间])(?:中的)?|此(?=[次人事地时举])"
    r"|[这那](?=[个位次家场项座条件届期份张篇天年里些种批部支名][^\W])"
    r"|[这那](?=是|些|里|儿|时)|当地|当天|当时"
)
_POINTING_WORDS = frozenset(
    "其他 其它 其中 其实 其余 其次 尤其 极其 应该 活该 本该 那么 这样 那样 因此 从此".split()
)
_MORE = re.compile(r"^(?:那么?|还有|以及|另外)?[,，]?(.{1,14}?)(?:又|则|的话)?呢(?:[,，].*)?$")
_SPEAKER_END = re.compile(r"[?？!！。.\s]+$")
_NOMINAL = frozenset(
    "n nr nrt nrfg nrf ns nsf nt nz nrj j l b m q eng a zg ng g i an vn s t x v".split()
)
_STRONG = frozenset("n nr nrt nrfg nrf ns nsf nt nz j l eng ng i an".split())
_PERSON_TAGS = frozenset("nr nrt nrfg nrf".split())
_PLACE_END = re.compile(r"[省市县区镇乡村街路]$")


_ASKED_AT_ONCE = 4
"""Questions in one message that are answered one by one."""
_REMEMBERED = 8
"""Turns before a question that it may point back to."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Fill in from the turns before what a follow-up leaves unsaid.

    A question that names what it is about comes back untouched.

    >>> standalone("它的面积呢?", [Turn("望月湖公园什么时候开放?")])
    '望月湖公园的面积呢?'
    """
    if not history:
        return question
    history = history[-_REMEMBERED:]
    earlier = standalone(history[-1].question, history[:-1])
    if _LATIN_QUESTION.search(fold(question)):
        return _standalone_english(question, earlier)
    bare = _SPEAKER_END.sub("", question.strip())
    ending = question.strip()[len(bare) :] or "?"
    if (match := _MORE.match(bare)) and not _points(fragment := match.group(1).rstrip("的")):
        return _replaced(fragment, earlier) or f"{_topic(earlier)}的{fragment}{ending}"
    if at := _points(bare):
        return _pointed(bare, at, earlier, history[-1]) + ending
    if len(bare) <= 12 and not _names_something(bare):
        topic = _topic(earlier, whole=True)
        return f"{topic}{re.sub('^那么?[,，]?', '', bare)}{ending}"
    return question


def parted(question: str) -> tuple[str, ...]:
    """The questions that one message asks one after another, each by itself; at most four.

    >>> parted("望月湖公园什么时候开放?它的面积呢?")
    ('望月湖公园什么时候开放?', '望月湖公园的面积呢?')
    """
    pieces = [piece.strip() for piece in re.findall(r"[^?？]*\w[^?？]*[?？]*", question)]
    if not 1 < len(pieces) <= _ASKED_AT_ONCE or not all(map(_asks, pieces)):
        return (question,)
    found = pieces[:1]
    for piece in pieces[1:]:
        found.append(standalone(piece, [Turn(found[-1])]))
    return tuple(found)


def _asks(piece: str) -> bool:
    text = plain(piece)
    return kind_of(text) is not Kind.UNKNOWN or _MORE.match(_SPEAKER_END.sub("", text)) is not None


_LATIN_QUESTION = re.compile(r"^[^㐀-鿿]*$")


def _points(text: str) -> re.Match[str] | None:
    """The first word that points back, none of those that only look like it."""
    for match in _POINTING.finditer(text):
        around = text[max(0, match.start() - 1) : match.start() + 2]
        if not any(word in around for word in _POINTING_WORDS):
            return match
    return None


def _names_something(text: str) -> bool:
    """Whether it has a name or a number of its own, or a long word, to go by."""
    return any(term.sort is not Sort.WORD or len(term.text) > 3 for term in understand(text).terms)


def _tokens(text: str) -> list[tuple[str, str]]:
    return [(word, tag) for word, tag in rjieba.tag(text)]


def _topic(question: str, *, whole: bool = False) -> str:
    """What a question is about: the noun phrase it opens with, or all that is said before it asks.

    Where it opens by asking (谁主持了…), what follows is taken instead.
    """
    bare = _SPEAKER_END.sub("", question.strip())
    asks = _ASKING.search(bare)
    before, after = (bare[: asks.start()], bare[asks.end() :]) if asks else (bare, "")
    before = re.sub(r"^(?:请问|那么?|在|对于?|关于|据)", "", before)
    if not re.search(r"[^\W_]{2}", re.sub(r"[是在有由为从到被去的了]", "", before)):
        phrases = _phrases(after)
        return max(phrases, key=len) if phrases else bare
    said = re.sub(
        r"(?:的?是|共?有|在|由|为|从|到|被|去|于|了|过|的|,|,|一共|总共|第)+$", "", before
    )
    subject = _subject(before)
    if whole and (len(subject) < 4 or any(tag in _PERSON_TAGS for _, tag in _tokens(subject)[:1])):
        return said
    return subject or said


_OWN_MEASURE = re.compile(
    r"(?:[全总][长高宽深重]|[高宽深重]度|总?(?:面积|投资|造价|人口|产量|产值|数量|人数)|票?价格?|年龄)$"
)


def _subject(text: str) -> str:
    """The words before the first verb or preposition that no 的 makes part of a noun phrase."""
    tokens = _tokens(text)
    bound = max((at for at, (word, _) in enumerate(tokens) if word == "的"), default=-1)
    if bound == len(tokens) - 1:
        bound = -1
    end = len(tokens)
    for at, (word, tag) in enumerate(tokens):
        closes = (
            (tag in ("v", "vd") and len(word) > 1)
            or tag in ("p", "d", "ul")
            or word in ("是", "有", "为", "由", "共", "将", *"到花用开卖建来去")
        )
        if at > bound and at and closes:
            end = at
            break
    while end > 1 and (
        tokens[end - 1][1] in ("vn", "uj", "ul", "x") and tokens[end - 1][0] not in "》”」"
    ):
        end -= 1
    subject = "".join(word for word, _ in tokens[:end])
    shorter = _OWN_MEASURE.sub("", subject).rstrip("的")
    return shorter if len(shorter) > 2 else subject


def _phrases(text: str) -> list[str]:
    """The noun phrases of a text; a verb ends one unless a noun follows it."""
    phrases: list[list[tuple[str, str]]] = [[]]
    for word, tag in _tokens(text):
        if (tag in _NOMINAL and word.strip() and not (tag == "v" and not phrases[-1])) or word in (
            *"第的《》“”「」·",
        ):
            phrases[-1].append((word, tag))
        elif phrases[-1]:
            phrases.append([])
    kept = []
    for phrase in phrases:
        verb = next((at for at, (_, tag) in enumerate(phrase) if tag == "v"), len(phrase))
        phrase = phrase[:verb]
        while phrase and (phrase[-1][1] not in _STRONG) and phrase[-1][0] not in "》”」":
            if phrase[-1][1] == "q" or phrase[-1][0].isdigit():
                break
            phrase = phrase[:-1]
        if any(tag in _STRONG for _, tag in phrase):
            kept.append("".join(word for word, _ in phrase).strip("的"))
    return kept


def _pointed(bare: str, at: re.Match[str], earlier: str, turn: Turn) -> str:
    """Put what is pointed at in the place of the word that points."""
    word = at.group()
    before, after = bare[: at.start()], bare[at.end() :]
    if word.startswith(("他", "她")) and (person := _person(earlier, turn)):
        return before + person + ("的" if word.endswith("的") else "") + after
    if word in ("当天", "当时"):
        return f"{_topic(earlier, whole=True)}{bare}"
    topic = _topic(earlier)
    if word[0] in "这那该此" and (
        noun := re.match(r"([个位次家场项座条件届期份张篇些种批部支名]?)(的?[^\W\d]{0,4})", after)
    ):
        if noun.group(2)[:2] and noun.group(2)[:2] in earlier:
            named = next((p for p in _phrases(earlier) if noun.group(2)[:2] in p), topic)
            tail = after[noun.end(1) :]
            return f"{before}{named}{tail[2:]}"
        if noun.group(1):
            return f"{before}{topic}{after[noun.end(1) :]}"
        return f"{before}{topic}{re.sub('^[里儿些时]', '', after)}"
    possessive = word.endswith("的") or (word == "其" and after[:1] not in "是在有")
    if len(topic) > 3:
        topic = topic.removesuffix(after[:2])
    return before + topic + ("的" if possessive else "") + after


def _person(earlier: str, turn: Turn) -> str | None:
    """The person an earlier question named, or the one that its answer did."""
    named = [word for word, tag in _tokens(earlier) if tag in _PERSON_TAGS and len(word) in (2, 3)]
    asks_who = kind_of(plain(earlier)) is Kind.WHO
    if named and not asks_who:
        return named[0]
    asked = [term.text for term in understand(earlier).terms]
    answer = re.sub(r"\[\d+\]", "", turn.answer)
    spots = [answer.find(text) for text in asked if text in answer]
    people = [
        (word, answer.find(word))
        for word, tag in _tokens(answer)
        if tag in _PERSON_TAGS and len(word) > 1 and word not in earlier
    ]
    if people:
        return min(people, key=lambda p: min((abs(p[1] - spot) for spot in spots), default=0))[0]
    return None


_LIKE = (
    re.compile(r"第[\d零〇一二三四五六七八九十百千]+[^\W\d的是在有]?"),
    re.compile(r"(?:\d{4}|[零〇一二三四五六七八九]{4})年"),
    re.compile(r"[去今明前后]年"),
    re.compile(r"\d{1,2}月\d{1,2}[日号]"),
    re.compile(r"\d{1,2}月份?"),
    re.compile(r"\d{1,2}[日号]"),
    re.compile(
        r"周[一二三四五六日天]|星期[一二三四五六日天]|[今明昨后]天|白天|夜间|上午|下午|晚上|早上"
    ),
    re.compile(r"\d+(?:\.\d+)?[^\W\d]"),
)


def _replaced(fragment: str, earlier: str) -> str | None:
    """The earlier question with this in the place of what is like it: 第110次 for 第124次."""
    for like in _LIKE:
        if (new := like.search(fragment)) and (old := like.search(earlier)):
            return earlier[: old.start()] + new.group() + earlier[old.end() :]
        if new and new.group() == fragment:
            return f"{fragment}{earlier}"
    tags = _tokens(fragment)
    for sort in (_PERSON_TAGS, frozenset({"ns", "nsf"}), frozenset({"nt"})):
        if any(tag in sort for _, tag in tags):
            old_word = next((w for w, tag in _tokens(earlier) if tag in sort), None)
            if old_word:
                tail = fragment[-1] if earlier.partition(old_word)[2][:1] == fragment[-1] else ""
                return earlier.replace(old_word + tail, fragment, 1)
    first = fragment[:2]
    for word, tag in _tokens(earlier):
        if len(word) == 2 and word[-1:] == first[-1:] and word != first and tag[0] in "nbf":
            return earlier.replace(word, first, 1)
    for phrase in _phrases(earlier):
        if len(fragment) > 1 and phrase[-1] == fragment[-1] and phrase != fragment:
            return earlier.replace(phrase, fragment, 1)
    return None


_ENGLISH_MORE = re.compile(
    r"^(?:and|what about|how about|and what about)\s+(.+?)\??$", re.IGNORECASE
)
_ENGLISH_POINTING = re.compile(
    r"\b(its|their|his|hers?|it|they|them|he|him|she|there|that|this|those|these)\b", re.IGNORECASE
)
_ENGLISH_NAME = re.compile(
    r"(?:[A-Z][\w'&.-]*|No\. ?\d+)(?:\s+(?:of the |of |the )?(?:[A-Z][\w'&.-]*|\d+))*"
)
_ENGLISH_ASKING = frozenset(
    "Who What When Where Which Why How Is Are Was Were Did Does Do Has Have Can The In On At And".split()
)


def _english_topic(question: str) -> str:
    names = [
        (match.start(), re.sub(r"^(?:The|In|On|At)\s+", "", match.group()))
        for match in _ENGLISH_NAME.finditer(question)
        if match.group() not in _ENGLISH_ASKING
    ]
    noun = re.search(
        r"\bthe ([a-z-]+(?: (?!is|was|in|on|at|to|of|for|will|has|be)[a-z-]+)?)\b", question
    )
    if names and (noun is None or names[0][0] < noun.start()):
        return f"the {names[0][1]}" if f"the {names[0][1]}" in question else names[0][1]
    return noun.group() if noun else ""


def _standalone_english(question: str, earlier: str) -> str:
    topic = _english_topic(earlier)
    if match := _ENGLISH_MORE.match(question.strip()):
        fragment = match.group(1)
        if year := re.search(r"\b\d{4}\b", fragment):
            if re.search(r"\b\d{4}\b", earlier):
                return re.sub(r"\b\d{4}\b", year.group(), earlier, count=1)
            return f"{earlier.rstrip('? ')} in {year.group()}?"
        if not topic:
            return question
        if _ENGLISH_POINTING.search(fragment):
            question = f"What about {fragment}?"
        elif fragment[:1].isupper() or re.match(r"the [A-Z]", fragment):
            return earlier.replace(topic, fragment, 1)
        else:
            return f"{fragment} of {topic}?"
    if topic and (pointing := _ENGLISH_POINTING.search(question)):
        word = pointing.group().lower()
        if word in ("that", "this", "those", "these") and _ENGLISH_NAME.search(question[1:]):
            return question
        owner = f"{topic}'s" if word in ("its", "their", "his", "her", "hers") else topic
        if word == "there":
            owner = f"in {topic}"
        return question[: pointing.start()] + owner + question[pointing.end() :]
    return question
