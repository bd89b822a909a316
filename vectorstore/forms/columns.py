"""What the fields of an article are called in tables and records, and what may stand in them."""

import re
from collections.abc import Iterable
from datetime import date

from vectorstore.forms import Unreadable
from vectorstore.forms.text import cleaned

NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "编号", "編號"),
    "kicker": ("kicker", "引题", "引題", "肩题", "肩題", "眉题", "眉題"),
    "title": (
        "title",
        "headline",
        "标题",
        "標題",
        "题目",
        "題目",
        "主标题",
        "主標題",
        "题名",
        "篇名",
    ),
    "subtitle": ("subtitle", "subheadline", "副题", "副題", "副标题", "副標題"),
    "text": ("text", "body", "content", "正文", "内容", "內容", "全文"),
    "date": ("date", "issued", "published", "日期", "出版日期", "见报日期", "見報日期"),
    "publication": (
        "publication",
        "newspaper",
        "paper",
        "报纸",
        "報紙",
        "报名",
        "报纸名称",
        "来源",
    ),
    "page": ("page", "版面", "版次", "版号", "版"),
    "byline": ("byline", "author", "作者", "记者", "記者"),
}
"""Each field's own name and the other names that it goes by; the first that is there counts."""

_FIELDS = {name: field for field, names in NAMES.items() for name in names}
_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d\d.*)?\Z")
_PLAIN_DAY = re.compile(r"(\d{4})()(\d\d)(\d\d)\Z")
_CHINESE_DAY = re.compile(r"(\d{4})\s*()年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*星期.)?\Z")


def field_of(name: str) -> str | None:
    """Which field a column's name means.

    >>> field_of(" Headline ")
    'title'
    """
    return _FIELDS.get(re.sub(r"\s+", "", cleaned(name)).lower())


def rank(name: str) -> int:
    """Where a name stands among those of its field: the smallest counts."""
    told = re.sub(r"\s+", "", cleaned(name)).lower()
    return NAMES[_FIELDS[told]].index(told)


def day(text: str) -> date | None:
    """The day that a field gives; None where it gives none.

    Raises Unreadable for what is no day.
    """
    text = text.strip()
    if not text:
        return None
    found = _DAY.match(text) or _PLAIN_DAY.match(text) or _CHINESE_DAY.match(text)
    if not found:
        raise Unreadable("'date' is not a day like 2022-07-14")
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError as error:
        told = f"{found[1]}-{found[3]}-{found[4]}"
        raise Unreadable(f"'date' {told} is a day that no calendar has") from error


def line(text: str | None) -> str | None:
    """A name on one line, as a reader may ask for it."""
    return " ".join(cleaned(text or "").split()) or None


def titles(*texts: str | None) -> tuple[str, ...]:
    """The lines of a headline."""
    lines = "\n".join(cleaned(text or "") for text in texts).split("\n")
    return tuple(told for each in lines if (told := each.strip()))


def names(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The names that stand in a field one after another: 祝清和、岑小满.

    >>> names(["祝清和 岑小满", "Ann Lee; Bo Hart"])
    ('祝清和', '岑小满', 'Ann Lee', 'Bo Hart')
    """
    found: list[str] = []
    for text in texts:
        for each in re.split(r"[、,，;；/|]", line(text) or ""):
            parts = each.split()
            if len(parts) > 1 and all(re.fullmatch(r"[一-鿿]{2,4}", part) for part in parts):
                found += parts
            elif parts:
                found.append(" ".join(parts))
    return tuple(dict.fromkeys(found))
