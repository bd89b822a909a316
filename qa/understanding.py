"""What a question asks for: its constraints and its words.

A question is compared with a text after both went through :func:`plain`: half width, lower case,
Chinese numerals as digits. So 第一百二十四次 is 第124次, and 八千三百万 is 8300万.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from math import log
from pathlib import Path

import rjieba

from qa.several import Several, over_several
from qa.variants import variant_in
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


_VARIANT = 0.8


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question names, in the spelling of :func:`plain`."""

    text: str
    sort: Sort
    weight: float
    """How rare it is: the logarithm of one in how many passages has it."""

    def found(self, text: str) -> float:
        """How much of it this plain text holds, from 0 to 1.

        An ordinal counts whole or not at all; a name that is printed with one character that is
        easily taken for its own counts a little less than itself; of a long word its pairs of characters count; a day
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
        if self.sort is Sort.NAME and variant_in(self.text, text):
            return _VARIANT
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

    @property
    def day(self) -> date | None:
        """The one day that it names with month and year."""
        days = [term.text for term in self.of(Sort.DAY) if all(term.text.split("-"))]
        years = [term.text for term in self.of(Sort.YEAR)]
        if len(days) != 1 or len(years) != 1:
            return None
        try:
            return date(*(int(part) for part in (*years, *days[0].split("-"))))
        except ValueError:  # 去年, or a day that no calendar has
            return None


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

ASKING = re.compile(
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
_YEAR = re.compile(
    r"(?<![\d.])((?:1[5-9]|20)\d\d)(?!年代)(?:年度?|(?=[-/.]\d)|(?![\d.个家人元吨万亩米]))"
)
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
        *rjieba.tag(ASKING.sub(" ", _COUNTED.sub(" ", simplified(fold(question))))),
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
