"""Articles as databases write them out: each field on a line of its own, its name before it.

标题：石桥重开
作者：本报记者 祝清和
日期：2024-05-17
正文：昨天上午,……
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from vectorstore import bylines
from vectorstore.forms import Item, Refused, Unreadable, some, tried
from vectorstore.forms.columns import day, field_of, line, names, titles
from vectorstore.forms.text import cleaned, decoded

_LABEL = re.compile(
    r"\s*(?:[【\[]([^【】\[\]:：]{2,12})[】\]]\s*[:：]?|([^\s:：]{2,12})\s*[:：])\s*(.*)"
)
_ABOVE = {"id", "kicker", "title", "subtitle"}
"""Fields that end a text whatever they hold."""
_PICTURE = re.compile(r"图片?说明|图注|图说|圖片?說明|圖說|caption", re.IGNORECASE)
_PASSED_OVER = re.compile(
    r"关键[词字]|主题词|分类号?|版名|版面名称|栏目|专栏|字数|摘要|提要|图片数?|入库时间|语种|地区|网址|链接|编辑|责任编辑"
    r"|關鍵[詞字]|主題詞|分類號?|版面名稱|欄目|專欄|字數|網址|keywords?|section|words?|url|language",
    re.IGNORECASE,
)
"""Fields that are no part of an article."""
_JUMP = re.compile(r"(?<=\S)([(（](?:下[转轉]|[转轉]接?)[^()（）]{1,10}[)）])$")
"""Where a text goes on, behind its last words."""
_BETWEEN = re.compile(
    r"\s*(?:[=*_#~—–─━-]{3,}|(?:记录|紀錄|record|第)?\s*[\[(]?\d+\s?[/／]\s?\d+[\])]?|(?:记录|紀錄|record)\s*\d+"
    r"|[=*_#~—–─━-]*\s*第\s*\d+\s*[条條篇]\s*[=*_#~—–─━-]*|[─━]{2,}[^─━]{0,8}[─━]{2,})\s*",
    re.IGNORECASE,
)
"""A line between two records."""
_END = re.compile(
    r"\s*[=*_#~—–─━-]{2,}\s*(?:结束|結束|完|end)\s*[=*_#~—–─━-]{2,}\s*", re.IGNORECASE
)
"""The line behind the last record."""


@dataclass(slots=True)
class _Record:
    """What has been read of an article."""

    place: str
    shared: dict[str, list[str]] = field(default_factory=dict)
    """What stands above the rule before the first record: of all of them, where they say no other."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    captions: set[int] = field(default_factory=set)
    """Lines of the text that are captions, from 0."""


def is_labelled(head: str) -> bool:
    """Whether the beginning of a text has a headline and a text behind these names.

    A page may call for papers (题目：…, 内容：…): an export begins so, comes to a second article, or
    has two fields more.
    """
    lines = [each for each in head.split("\n") if each.strip()]
    labels = [field_of(name) if (name := _split(each)[0]) else None for each in lines]
    fields = set(labels) - {None}
    more = len(fields) > 3 or min(labels.count("title"), labels.count("text")) > 1
    return {"title", "text"} <= fields and (more or labels[0] is not None)


def parse(data: bytes, name: str) -> Iterator[Item | Refused]:
    """The articles of a text of labelled fields, and a sentence for each that can't be used.

    Lines before the first label, and fields that no article has (关键词, 版名), are passed over.
    Raises Unreadable where there is none.
    """
    records = _records(cleaned(decoded(data)))
    articles = (tried(record.place, partial(_item, record)) for record in records)
    return some(articles, "records", "give each a 标题 and a 正文")


def _split(text: str) -> tuple[str, str]:
    """A line's label and what stands behind it; no label where there is none that we know."""
    found = _LABEL.match(text)
    if not found:
        return "", text
    label = found[1] or found[2]
    known = field_of(label) or _PICTURE.fullmatch(label) or _PASSED_OVER.fullmatch(label)
    return (label, found[3]) if known else ("", text)


def _records(text: str) -> Iterator[_Record]:
    """The records of a file: the next begins behind a text, where a field of its own comes again."""
    record: _Record | None = None
    shared: dict[str, list[str]] = {}
    at: str | None = None
    lines = text.split("\n")
    above = next((number for number, each in enumerate(lines) if _BETWEEN.fullmatch(each)), 0)
    if not any(field_of(_split(each)[0]) == "title" for each in lines[:above]):
        cells = (cell for each in lines[:above] for cell in re.split(r"\s{2,}|　+", each.strip()))
        for label, told in map(_split, cells):
            if name := field_of(label):
                shared[name] = [told]
        lines = ["" for _ in lines[:above]] + lines[above:]
    for number, (each, begins) in enumerate(zip(lines, _begins_behind(lines), strict=True), 1):
        label, told = _split(each)
        name = field_of(label) if label else None
        if at == "text" and name not in _ABOVE and not _PICTURE.fullmatch(label) and _said(told):
            label, name = "", None  # 记者：您怎么看？
        if _END.fullmatch(each):
            break
        if begins and _BETWEEN.fullmatch(each):
            at = None
            if record and "text" in record.fields:
                yield record
                record = None
        elif label and _PICTURE.fullmatch(label):
            if record and "text" in record.fields:
                record.captions.add(len(record.fields["text"]))
                record.fields["text"].append(told)
                at = "text"
        elif label and name is None:
            at = None
        elif name:
            again = (
                record and "text" in record.fields and (name in record.fields or name == "title")
            )
            if record and again:
                yield record
                record = None
            record = record or _Record(f"line {number}", shared)
            record.fields.setdefault(name, []).append(told)
            at = name
        elif record and at:
            record.fields[at].append(each)
    if record:
        yield record


def _said(told: str) -> bool:
    """Whether what stands behind a label is a sentence, as in a talk, and not a field's value."""
    return told.rstrip("”」』 　").endswith(("。", "！", "？", "!", "?", "…"))


def _begins_behind(lines: list[str]) -> list[bool]:
    """Of each line, whether a record or nothing comes next, and no text that a rule parts."""
    begins, behind = True, [True] * len(lines)
    for at in range(len(lines) - 1, -1, -1):
        behind[at] = begins
        if lines[at].strip():
            begins = bool(_BETWEEN.fullmatch(lines[at]) or _split(lines[at])[0])
    return behind


def _item(record: _Record) -> Item:
    def told(name: str) -> str:
        return "\n".join(record.fields.get(name, record.shared.get(name, [])))

    lines = "\n".join(record.fields.get("text", [])).rstrip().split("\n")
    if not any(each.strip() for each in lines):
        raise Unreadable("its text is empty")
    lines = [*lines[:-1], *_JUMP.sub(r"\n\1", lines[-1]).split("\n")]
    writers = re.sub(r"^([一-鿿])\s([一-鿿])$", r"\1\2", line(told("byline")) or "")
    credited = bool(bylines.line_credits(writers))
    above = [writers] if credited else []  # with what each of them did
    return Item(
        text="\n".join([*above, *lines]),
        titles=titles(told("kicker"), told("title"), told("subtitle")),
        id=line(told("id")),
        issued=day(told("date")),
        publication=line(told("publication")),
        number=line(told("page")),
        byline=() if credited else names([writers]),
        captions=frozenset(at + len(above) for at in record.captions),
        pieces=True,
        place=record.place,
    )
