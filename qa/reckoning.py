"""Days as people say them (去年11月, 上周, 最近一次), counted from the day of asking."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from borax.calendars.lunardate import LunarDate

from vectorstore.dates import numeral
from vectorstore.words import simplified

Span = tuple[date, date]


class Order(StrEnum):
    """Which of several that answer is meant."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A question whose days no longer hang on the day of asking."""

    text: str
    """With years, months and days written out: 去年11月 is 2021年11月."""
    bare: str
    """What is left of it to look for when ``span`` and ``order`` are seen to."""
    span: Span | None = None
    """The days, ends included, that it is about; None where it counts none from today."""
    narrows: bool = False
    """Whether the span is a filter: 上周, which the text can't say, or 2022年春节前后."""
    vague: bool = False
    """Whether what lies outside the span may answer too: 上世纪九十年代 is told of later, and a
    holiday's ends are anybody's guess."""
    order: Order | None = None


_COUNT = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "十": 10, "半": 0}
_NUMBER = r"(?P<number>\d{1,3}|[一两二三四五六七十半]|one|two|three|six)"
_WORDS = {"one": 1, "two": 2, "three": 3, "six": 6}
_YEARS = {
    "前年": -2,
    "去年": -1,
    "上一年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "last year": -1,
    "this year": 0,
}
_MONTHS = {"上个月": -1, "上月": -1, "本月": 0, "这个月": 0, "last month": -1, "this month": 0}
_DAYS = {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "yesterday": -1, "today": 0}
_WEEKS = {
    "上周": -1,
    "上星期": -1,
    "上个星期": -1,
    "本周": 0,
    "这周": 0,
    "这星期": 0,
    "last week": -1,
    "this week": 0,
}


def _any(words: dict[str, int]) -> str:
    return "|".join(rf"\b{word}\b" if word.isascii() else word for word in words)


_RELATIVE = re.compile(
    rf"(?P<year>{_any(_YEARS)})(?!级)(?:(?P<month_of>1[0-2]|[1-9])月)?"
    rf"|(?P<month>{_any(_MONTHS)})|(?P<day>{_any(_DAYS)})|(?P<week>{_any(_WEEKS)})"
    rf"|(?:最近|(?<![附将就临最])近|过去)这?{_NUMBER}个?(?P<unit>[天日周年]|星期|月)(?!级)(?:以?来|内|里|间)?"
    rf"|\b(?:in |over |during )?the (?:last|past) {_NUMBER.replace('number', 'count')} "
    r"(?P<units>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(r"最[近新后](?:的?一|1)[次场届期回批]|\b(?:most recent|latest)\b")
_OLDEST = re.compile(r"最[早初](?:的?一|1)[次场届期回批]|\bearliest\b")

_HAN = "[〇零○一二三四五六七八九]"
_OF_YEAR = rf"(?:(?P<{{0}}>(?:1[89]|20)\d\d|[一二][九八〇零○]{_HAN}{{{{2}}}})年?|(?P<{{0}}_told>{_any(_YEARS)}))的?"
_LUNAR = {
    "春节": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "七夕": (7, 7),
    "中元": (7, 15),
    "中秋": (8, 15),
    "重阳": (9, 9),
    "腊八": (12, 8),
}
"""Holidays by month and day of the lunar calendar."""
_SOLAR = {
    "元旦": (1, 1),
    "清明": (4, 5),
    "五一": (5, 1),
    "六一": (6, 1),
    "七一": (7, 1),
    "国庆": (10, 1),
}
_HOLIDAY = "|".join([*_LUNAR, *_SOLAR])
_PARTS = {
    "年初": (1, 3),
    "岁初": (1, 3),
    "年中": (5, 8),
    "年底": (11, 13),
    "年末": (11, 13),
    "岁末": (11, 13),
    "上半年": (1, 7),
    "下半年": (7, 13),
}
"""First and last month of parts of a year; what happened in half a year is told a month later."""
_STRETCH = re.compile(
    rf"{_OF_YEAR.format('of')}(?:(?P<part>{'|'.join(_PARTS)})|第?(?P<quarter>[一二三四1-4])季度)"
    rf"|{_OF_YEAR.format('in')}(?P<holiday>{_HOLIDAY})[节日]?(?P<around>前后|前夕|之?前|之?后|期间|假期)?"
    rf"|(?:上个?世纪|(?:20|二十)世纪)(?P<decade>[二三四五六七八九]十|[2-9]0)年代"
    rf"|(?P<recent>21|二十一|本)世纪初"
    r"|民国(?P<era>\d{1,2}|[一二三四五六七八九十]{1,3})年(?![代间])"
    r"|\bthe (?P<years>1[89]\d0|20[01]0)s\b",
    re.IGNORECASE,
)


def reckon(question: str, today: date) -> Reckoned:
    """Count what a question says of days from the day of asking.

    >>> reckon("去年11月开了什么会?", date(2022, 7, 15)).text
    '2021年11月开了什么会?'
    """
    ordered = order_of(question)
    if (found := _STRETCH.search(simplified(question))) and (meant := _stretch(found, today)):
        named, told = meant
        text = question[: found.start()] + told + question[found.end() :]
        return replace(order_of(text), span=named, narrows=True, vague=True)
    found = _RELATIVE.search(simplified(question))
    if found is None:
        return ordered
    try:
        span, words = _meant(found, today)
    except (ValueError, OverflowError):  # before the first day that a calendar has
        return ordered
    before, after = question[: found.start()], question[found.end() :]
    if words is None:
        bare = order_of(before + after).bare
        return Reckoned(question, bare or question, span, narrows=True, order=ordered.order)
    text = before + words + after
    return Reckoned(text, order_of(text).bare, span, order=ordered.order)


def order_of(question: str) -> Reckoned:
    """Whether the newest or the oldest of several is asked for; no day is counted.

    >>> order_of("最近一次常务会议研究了什么?").bare
    '常务会议研究了什么?'
    """
    for order, pattern in ((Order.NEWEST, _NEWEST), (Order.OLDEST, _OLDEST)):
        if found := pattern.search(simplified(question)):
            bare = question[: found.start()] + question[found.end() :].lstrip("的 ")
            return Reckoned(question, bare, order=order)
    return Reckoned(question, question)


def _stretch(found: re.Match[str], today: date) -> tuple[Span, str] | None:
    """The days of a stretch with a name, and its words with the year written out.

    None where they aren't in the calendars (the lunar one: 1900 to 2100).
    """
    words: str = found.group()
    decade: str | None
    try:
        if decade := found["decade"]:
            return _years(1900 + numeral(decade), 10), words
        if decade := found["years"]:
            return _years(int(decade), 10), words
        if found["recent"]:
            return _years(2000, 10), words
        if era := found["era"]:
            return _years(1911 + numeral(era), 1), words
        kind = "in" if found["holiday"] else "of"
        year, told = found[kind], found[f"{kind}_told"]
        of = numeral(year.replace("○", "〇")) if year else today.year + _YEARS[told.lower()]
        if told:
            words = words.replace(told, f"{of}年", 1)
        if holiday := found["holiday"]:
            return _around(_day_of(holiday, of), found["around"] or "", holiday == "春节"), words
        first, last = _PARTS.get(found["part"] or "") or _months_of(numeral(found["quarter"]))
        return (date(of, first, 1), _back(date(of, 1, 31), last - 1)), words
    except (ValueError, OverflowError, KeyError):
        return None


def _years(first: int, many: int) -> Span:
    return date(first, 1, 1), date(first + many - 1, 12, 31)


def _months_of(quarter: int) -> tuple[int, int]:
    """Its first month, and the one after it, in which it is told of."""
    return 3 * quarter - 2, 3 * quarter + 1


def _day_of(holiday: str, year: int) -> date:
    if holiday in _SOLAR:
        return date(year, *_SOLAR[holiday])
    day: date = LunarDate(year, *_LUNAR[holiday]).to_solar_date()
    return day


def _around(day: date, words: str, long: bool) -> Span:
    """The days about a holiday that people mean by it; those of the Spring Festival are many."""
    before, after = {True: (7, 15), False: (3, 8)}[long]
    if words == "前后":
        before = after = 15
    elif words.endswith(("前", "前夕")):
        before, after = 15, 0
    elif words.endswith("后"):
        before, after = 0, 15
    return day - timedelta(before), day + timedelta(after)


def _meant(found: re.Match[str], today: date) -> tuple[Span, str | None]:
    """The days that an expression means, and how they are written out, if they can be."""
    chinese = not found.group().isascii()
    if word := _lower(found["year"]):
        year = today.year + _YEARS[word]
        if month := found["month_of"]:
            return _month(year, int(month)), f"{year}年{month}月"
        return (date(year, 1, 1), date(year, 12, 31)), f"{year}年" if chinese else f"in {year}"
    if word := _lower(found["month"]):
        first = _back(today.replace(day=1), _MONTHS[word])
        span = _month(first.year, first.month)
        return span, f"{first.year}年{first.month}月" if chinese else f"in {first:%B %Y}"
    if word := _lower(found["day"]):
        day = today + timedelta(_DAYS[word])
        told = (
            f"{day.year}年{day.month}月{day.day}日"
            if chinese
            else f"on {day:%B} {day.day}, {day.year}"
        )
        return (day, day), told
    if word := _lower(found["week"]):
        monday = today - timedelta(today.weekday()) + timedelta(weeks=_WEEKS[word])
        return (monday, monday + timedelta(6)), None
    number = _lower(found["number"] or found["count"])
    unit = _lower(found["unit"] or found["units"])
    many = int(number) if number.isdigit() else _WORDS.get(number) or _COUNT[number]
    return (_ago(today, many, unit), today), None


def _lower(word: str | None) -> str:
    return (word or "").lower()


def _ago(today: date, many: int, unit: str) -> date:
    """So many days, weeks, months or years before today; of none, half of one."""
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "day": 1, "week": 7}
    if unit in days:
        return today - timedelta(many * days[unit])
    months = (1 if unit in ("月", "month") else 12) * many or (6 if unit == "年" else 0)
    return _back(today, -months) if months else today - timedelta(15)


def _back(day: date, months: int) -> date:
    """The same day some months away, or the last of that month."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _month(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
