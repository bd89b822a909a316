"""Days as newspapers write them, and which of them an article's news happened on.

A day without a year gets the year that puts it on or last before the day of the paper; where
nothing gives the year it stays open (``XXXX-07-14``, EDTF of ISO 8601-2).
"""

import re
import unicodedata
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vectorstore.selection import YEAR_UNKNOWN
from vectorstore.sentences import sentences

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "廿": 20,
    "卅": 30,
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_HAN_NUMBER = "[〇○零一二三四五六七八九十廿卅]"
_ENGLISH_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
    r"|JAN(?:UARY|\.)?|FEB(?:RUARY|\.)?|MAR(?:CH|\.)?|APR(?:IL|\.)?|MAY|JUNE?\.?|JULY?\.?"
    r"|AUG(?:UST|\.)?|SEPT?(?:EMBER|\.)?|OCT(?:OBER|\.)?|NOV(?:EMBER|\.)?|DEC(?:EMBER|\.)?)"
)
_DAY = re.compile(
    rf"""
    (?:(?:民[国國]\s*(?P<era>\d{{1,3}}|[一二三四五六七八九十廿卅百]{{1,5}})
          |(?P<year>\d{{2,4}}|[〇○零一二三四五六七八九]{{4}}))\s*年\s*
       | (?P<relative>去年|今年|明年|前年|同年)\s*)?
    (?P<month>\d{{1,2}}|{_HAN_NUMBER}{{1,2}})\s*月\s*
    (?P<day>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s*[日号號]
    | (?<![\d.-])(?P<iso>(?:1[89]|20)\d\d)(?P<sep>[-./])(?P<iso_month>\d{{1,2}})
      (?P=sep)(?P<iso_day>\d{{1,2}})(?![\d-])
    | (?<![\d/])(?P<slash_day>\d{{1,2}})/(?P<slash_month>\d{{1,2}})/(?P<slash_year>(?:1[89]|20)\d\d)(?!\d)
    | (?<![A-Za-z])(?P<en_month>{_ENGLISH_MONTH})\s+(?P<en_day>\d{{1,2}})(?:st|nd|rd|th)?
      (?!\d|:\d|,\d)(?:,?\s+(?P<en_year>(?:1[89]|20)\d\d)(?!\d))?
    | (?<![\d,.])(?P<uk_day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+
      (?P<uk_month>{_ENGLISH_MONTH})(?![a-z])(?:,?\s+(?P<uk_year>(?:1[89]|20)\d\d)(?!\d))?
    """,
    re.VERBOSE,
)
_BARE_DAY = re.compile(
    r"(?<![\d.月年第至到—~～-])(?P<day>\d{1,2})日(?!报|報|元|韩|美|本|讯|訊|电|電)"
)
_BARE_HAN_DAY = re.compile(
    r"(?<![月第至到—~～一二三四五六七八九十期续續約约近共达達历歷每前后後滿满長长])(?P<day>十[一二三四五六七八九]|[二廿]十?[一二三四五六七八九]"
    r"|[二三]十|[廿卅]|三十一|卅一|[一二三四五六七八九](?=日(?:[上下中]午|凌晨|清晨|傍晚|深夜|[晚夜早已在于於]|[参參]加|[举舉]行|召[开開]|宣布|公布)))日(?!报|報|元|韩|美|本|[游之内內后後间間的行])"
)
_THIS_MONTH = re.compile(
    rf"(?P<month>[本上是當当])月\s*(?P<day>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s*[日号號](?![电電讯訊])"
)
_FILED = re.compile(
    rf"^[〔【(（\[]?[^,，。:：]{{1,16}}?(?P<day>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})日[电電讯訊]"
)
"""A dateline without its month: 新华社上海九日电."""
_NEAR_DAY = re.compile(
    r"(?P<back>大前天|前天|前日|昨[天日晚夜晨]|今[天日晚晨早]"
    r"|[前昨今](?=[(（][\d〇一二三四五六七八九十廿卅]{1,3}[)）][日晚晨]))"
    r"|(?<![A-Za-z])(?P<en>[Yy]esterday|[Tt]oday)\b"
)
_WEEKDAY = re.compile(
    r"(?<![下上每])(?P<zh>本周|周|星期|礼拜|禮拜|週"
    r"|本週)(?P<zh_day>[一二三四五六日天])(?![\w]{0,2}[至到—])"
    r"|(?<!next )(?<!every )\b(?P<en>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!s)"
)
_OWN_PAPER = re.compile(r"本[报報刊]\s?(?:于|曾于?)?$")
_PRINTED = re.compile(
    r"\s?(?:第?[A-Z]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[版期]|[曾刊登载載发發报報《在])"
)
"""What the paper printed before is not the news: 本报5月9日2版《…》一文."""
_TO_COME = re.compile(r"(?:[将將][于於在]|[定拟擬][于於])$")
_BOUND_BEFORE = re.compile(
    r"(?:自|从|從|由|直至|直到|截至|截止|截止到|截至到|延至|延长至|延長至|推迟至|持续至"
    r"|持續至|早于|晚于|不晚于"
    r"|[Ss]ince|[Uu]ntil|[Tt]ill|[Ff]rom|[Bb]y|[Bb]efore|[Aa]fter|[Aa]s of|[Tt]hrough"
    r"|[Ss]tarting|[Bb]eginning)"
    r"(?:[于於在至到]|\s+on)?\s*$"
)
_UP_TO = re.compile(r"(?:至|到)\s*$")
_BOUND_AFTER = re.compile(
    r"^\s*(?:[0-2]?\d[时時点點](?:\d+分)?|零[时時点點]|凌晨|上午|下午|晚)?\s*"
    r"(?:起(?!草|诉|訴|火|飞|飛|义|義|床)|以[来來前后後]|之[前后後]|前(?!往|来|來|夕|后|後"
    r"|去)|[开開]始"
    r"|后(?!勤|备|台)|為止|为止|onwards?\b)"
)
_SPAN_AFTER = re.compile(r"^\s*(?:至|到|—|-|~|～|－)\s*(?:\d|[一二三四五六七八九十])")
_ATTRIBUTE = re.compile(r"^\s*(?:[^,，。;；]{0,10}的|通过|發布|发布的|印发|是)")
_NEWSLIKE = re.compile(
    r"^\s*(?:[,，]|上午|下午|中午|晚|凌晨|清晨|傍晚|早|夜|当[天日]|當[天日]|从|從|在|获悉"
    r"|獲悉|讯|訊|电|電)"
)
_HAN = re.compile("[一-鿿]")
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」|[(（][^)）]*[)）]")
_DATELINE_DAY = re.compile(
    r"^[〔【(（\[]?[^,，。:：]{1,24}?(?:\d{1,2}\s*月\s*)?\d{1,2}\s*日\s*(?:[电電讯訊]|消息)"
    r"|^[A-Z][A-Za-z .,'’-]{1,40}?,?\s+" + _ENGLISH_MONTH + r"\s+\d{1,2}\s*(?:\([^)]*\)\s*)?[—–-]"
)
_LEAD_BRACKET = re.compile(
    r"^[〔【(（\[]?[^,，。:：()（）]{0,24}[讯訊电電息道]\s*[〕】\]]?\s*[(（][^()（）]{0,60}[)）]"
)
_YESTERDAY = {"yesterday", "Yesterday"}
_BACK = {"大": 3, "前": 2, "昨": 1, "今": 0}


@dataclass(frozen=True, slots=True)
class Day:
    """A day named in a text, and where it stands there; without a year where none is given."""

    start: int
    end: int
    month: int
    day: int
    year: int | None = None

    @property
    def edtf(self) -> str:
        """As ISO 8601-2 writes it."""
        return f"{self.year or YEAR_UNKNOWN}-{self.month:02}-{self.day:02}"


def days(text: str, on: date | None = None) -> tuple[Day, ...]:
    """All explicit days of a text with month and day, in Chinese or English, in their order.

    去年 and 今年 count from ``on``; days that no calendar has are left out.

    >>> [day.edtf for day in days("2022年7月14日和七月十六日; on May 3, 2021")]
    ['2022-07-14', 'XXXX-07-16', '2021-05-03']
    """
    return tuple(_explicit(_half_width(text), on))


def first_sentence(lead: str) -> str:
    """The lead's first sentence; the bracket that names its reporters doesn't end one.

    Nor does a quote that whoever said it is named after, nor dots before more words.
    """
    found = [lead[start:end] for start, end in sentences(lead)]
    if not found:
        return lead
    first = found[0]
    for ahead in found[1:3]:
        said = first[-1] in '”」"' and ahead[0] not in '“「"'
        if not (said or first[-1] == "…"):
            break
        first += ahead
    return first


def told(sentence: str, issued: date | None = None) -> str | None:
    """The day that a lead's first sentence gives for its news, in EDTF; None where it gives none.

    The first day that is no bound (从…起, 直至…, since …) counts; one that only describes a noun
    (7月1日发布的…), stands in quotes, or is the dateline's counts where there is no better. Of a
    span (7月14日至16日) it is the first day. The year is the one that puts it on or last before
    ``issued``, for a day to come (将于…) too: what a page doesn't say is not guessed.
    """
    text = _half_width(sentence)
    dateline = _DATELINE_DAY.match(text)
    filed = dateline.end() if dateline else 0
    found = sorted(_candidates(text, issued, filed), key=lambda candidate: candidate[:2])
    return found[0][2] if found else None


def dated(day: Day, issued: date | None) -> str:
    """The day in EDTF; a year that is not given puts it on or last before the paper's day."""
    if day.year is not None or issued is None:
        return day.edtf
    for year in range(issued.year, issued.year - 9, -1):  # 29 February needs more than one try
        if _exists(year, day.month, day.day):
            told_of = date(year, day.month, day.day)
            if told_of <= issued:
                return told_of.isoformat()
    return day.edtf


def _candidates(text: str, issued: date | None, filed: int) -> Iterator[tuple[int, int, str]]:
    """Days of a sentence as rank (lower is likelier), place, and EDTF."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    bracket = _LEAD_BRACKET.match(text)
    explicit = tuple(_explicit(text, issued))
    for day in explicit:
        before, after = text[: day.start], text[day.end :]
        if day.end > filed and (_is_bound(before, after) or _ends_span(before)):
            continue
        if _is_earlier_print(before, after):
            continue
        rank = 1
        if _NEWSLIKE.match(after) or _SPAN_AFTER.match(after):
            rank = 0
        elif _ATTRIBUTE.match(after):
            rank = 2
        in_lead = bracket is not None and day.end <= bracket.end()
        if not in_lead and any(start < day.start < end for start, end in quoted):
            rank = 3
        if day.end <= filed or in_lead:
            rank = 4
        yield rank, day.start, dated(day, issued)
    for start, near in _relative(text, issued, explicit, filed):
        yield 1, start, near


def _is_earlier_print(before: str, after: str) -> bool:
    """Whether a day says when something was printed: 本报5月9日2版…, as reported Feb. 5, “…” (Feb. 5)."""
    if _OWN_PAPER.search(before) and _PRINTED.match(after):
        return True
    aside = re.search(r"[A-Za-z\"”’'] \($", before) and after.startswith(")")
    weekday = re.search(r"day \($", before)
    reported = re.search(r"\b(?:was|were|as) (?:reported|published|printed) (?:on )?$", before)
    return bool((aside and not weekday) or reported)


def _relative(
    text: str, issued: date | None, explicit: tuple[Day, ...], filed: int
) -> Iterator[tuple[int, str]]:
    """Days that need another to be known: 14日, 昨天, 周四, Thursday."""
    anchor = next((day for day in explicit if day.end <= filed + 1), None)
    for match in (*_BARE_DAY.finditer(text), *_BARE_HAN_DAY.finditer(text)):
        number = numeral(match["day"])
        inside = any(day.start <= match.start() < day.end for day in explicit)
        before, after = text[: match.start()], text[match.end() :]
        if inside or match.start() < filed or _is_bound(before, after):
            continue
        if anchor and _exists(anchor.year or 2000, anchor.month, number):
            yield match.start(), dated(Day(0, 0, anchor.month, number, anchor.year), issued)
        elif issued and (day := _last(issued, number)):
            yield match.start(), day.isoformat()
    today = issued
    named = None if explicit else _FILED.match(text)
    if issued and named and (day := _last(issued, numeral(named["day"]))):
        today = day
        yield named.start("day"), day.isoformat()
    if issued:
        for match in _THIS_MONTH.finditer(text):
            last = issued.replace(day=1) - timedelta(1)
            year, month = (
                (last.year, last.month) if match["month"] == "上" else (issued.year, issued.month)
            )
            if _exists(year, month, numeral(match["day"])):
                yield match.start(), date(year, month, numeral(match["day"])).isoformat()
    if anchor and anchor.end <= filed:  # 今天 is the dateline's day
        written = dated(anchor, issued)
        today = None if written.startswith(YEAR_UNKNOWN) else date.fromisoformat(written)
    if today is not None:
        for match in _NEAR_DAY.finditer(text):
            back = _BACK[match["back"][0]] if match["back"] else int(match["en"] in _YESTERDAY)
            yield match.start(), (today - timedelta(back)).isoformat()
    if issued is None:
        return
    for match in _WEEKDAY.finditer(text):
        if _is_bound(text[: match.start()], text[match.end() :]):
            continue
        if any(match.end() <= day.start <= match.end() + 2 for day in explicit):
            continue  # Friday, Oct. 13
        weekday = _weekday(match)
        later = match["zh"] in ("本周", "本週") and weekday > issued.weekday()
        if later or _TO_COME.search(text[: match.start()]):
            continue
        back = (issued.weekday() - weekday) % 7
        yield match.start(), (issued - timedelta(back)).isoformat()


def _explicit(text: str, on: date | None) -> Iterator[Day]:
    for match in _DAY.finditer(text):
        year: int | None
        if match["iso"]:
            year, month, day = int(match["iso"]), int(match["iso_month"]), int(match["iso_day"])
        elif match["slash_year"]:
            month, day = int(match["slash_month"]), int(match["slash_day"])
            year = int(match["slash_year"])
            if month > 12 or not _HAN.search(text):  # 7/22/1996, as in America
                month, day = day, month
        elif match["en_month"] or match["uk_month"]:
            name = match["en_month"] or match["uk_month"]
            month = _MONTHS.index(name[:3].lower()) + 1
            day = int(match["en_day"] or match["uk_day"])
            written = match["en_year"] or match["uk_year"]
            year = int(written) if written else None
        else:
            month, day = numeral(match["month"]), numeral(match["day"])
            year = _year(match, on)
        if _exists(year or 2000, month, day):
            yield Day(match.start(), match.end(), month, day, year)


def _year(match: re.Match[str], on: date | None) -> int | None:
    if match["era"]:
        return numeral(match["era"]) + 1911
    if match["year"]:
        digits = match["year"]
        year = int(digits) if digits.isdecimal() else int("".join(str(_DIGITS[d]) for d in digits))
        return year if year > 999 else 2000 + year
    if on and match["relative"] in {"去年", "今年", "明年", "前年"}:
        return on.year + {"前年": -2, "去年": -1, "今年": 0, "明年": 1}[match["relative"]]
    return None


def weekday(text: str) -> int | None:
    """The first day of the week that a text names, from Monday, which is 0.

    >>> weekday("7月15日 星期五")
    4
    """
    match = _WEEKDAY.search(text)
    return _weekday(match) if match else None


def _weekday(match: re.Match[str]) -> int:
    if match["en"]:
        return _WEEKDAYS.index(match["en"].lower() + "day")
    return "一二三四五六日".find(match["zh_day"]) % 7


def numeral(written: str) -> int:
    """The value of 14, 十四, 二十, 廿三, 二三 or 一百十一."""
    if written.isdecimal():
        return int(written)
    hundreds, hundred, rest = written.partition("百")
    if hundred:
        return _DIGITS.get(hundreds, 1) * 100 + numeral(rest or "0")
    if len(written) > 1 and all(_DIGITS.get(character, 10) < 10 for character in written):
        return int("".join(str(_DIGITS[character]) for character in written))
    if "十" in written:
        tens, _, ones = written.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return sum(_DIGITS[character] for character in written)


def _is_bound(before: str, after: str) -> bool:
    if _SPAN_AFTER.match(after) and not re.search(r"(?:截至|截止)\S{0,3}$", before):
        return bool(re.match(r"^[^,，。]{0,12}起", after))  # 7月14日至16日 is a span, not a bound
    return bool(_BOUND_BEFORE.search(before) or _BOUND_AFTER.match(after) or _UP_TO.search(before))


def _ends_span(before: str) -> bool:
    return bool(re.search(r"[日号號]\s*(?:至|到|—|-|~|～)\s*$", before))


def _last(issued: date, number: int) -> date | None:
    """The latest day of that number on or before the day of the paper."""
    for back in range(62):
        day = issued - timedelta(back)
        if day.day == number:
            return day
    return None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _half_width(text: str) -> str:
    """Digits and letters in half width, character by character, so that offsets stay."""
    return "".join(
        unicodedata.normalize("NFKC", character) if "０" <= character <= "ｚ" else character
        for character in text
    )


def in_words(edtf: str, *, chinese: bool) -> str:
    """A day, month or year in EDTF as it is said; of one without its year, month and day.

    >>> in_words("2022-07-14", chinese=True), in_words("XXXX-07-14", chinese=False)
    ('2022年7月14日', '14 July')
    """
    year, *rest = edtf.split("-")
    known = [] if year == YEAR_UNKNOWN else [year]
    if chinese:
        parts = zip([*known, *rest], "年月日" if known else "月日", strict=False)
        return "".join(f"{int(part)}{unit}" for part, unit in parts)
    month, day = [month_name[int(each)] for each in rest[:1]], [str(int(each)) for each in rest[1:]]
    return " ".join([*day, *month, *known])
