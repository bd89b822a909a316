"""Whether a text goes on in another: the sentences that columns, boxes and pages tore."""

import re

import rjieba

from vectorstore.dates import days
from vectorstore.headings import NOTICE, squeezed
from vectorstore.layout import (
    ends_itself,
    greets,
    is_day,
    is_item,
    is_labelled,
    is_lead,
    is_row,
    is_table_row,
    short_cells,
    spans,
)
from vectorstore.lines import fold, is_closed, is_latin, is_salutation, width
from vectorstore.pieces import Piece, Role
from vectorstore.words import simplified

_OPENERS = {
    "“": "”",
    "「": "」",
    "『": "』",
    "《": "》",
    "(": ")",
    "（": "）",
    "【": "】",
    "[": "]",
}
_NEVER_FIRST = frozenset("，。、；：？！”』」》）】,;:?!)]%％℃~～·的了着")
_NEVER_LAST = frozenset(
    "，、,（(“「『《—的和与與及或在把被将將向从從以为為是对對于於并並而且其这該该每各第由使让讓等又也还還很更最不"
)
_WANTS_MORE = re.compile(
    r"(?:有关|相关|位于|通过|根据|按照|关于|随着|为了|以及|已有|共有|来自|成为|[降提升增减涨]\S{0,2}到|达到?)$"
)
FRESH_START = re.compile(
    r"^(?:近日|近期|[^,，。]{1,6}来[,，]|连日|連日|日前|据|據|昨[天日]|今[天日年]|目前"
    r"|当前|當前|随后|隨後|同时|同時|此外|会议|會議|记者|記者|本报|为了?|截至"
    r"|去年|\d{4}年|\d{1,2}月\d{1,2}日|[“「]|《)"
)
ENGLISH_OPEN = re.compile(
    r"\b(?:the|an?|of|to|in|on|at|for|and|or|with|by|from|said|that|is|are|was|were|who|which|its"
    r"|his|her|their|has|have|had|would|will)$"
)
ADVERB = re.compile(
    r"^(?:同时|同時|目前|随后|隨後|此外|近日|日前|近期|当[天日晚前时]|當[天日晚時]|如今"
    r"|现在|現在|其中|然而|因此|[今去明前]年|此[前后後]"
    r"|为此|為此|[昨今][天日晚]|最[后後]|首先|其次|但是?|不过|不過|另外|对此|對此|据悉"
    r"|據悉|会[上后]|期间|[上下中]午|晚上"
    r"|过去|過去|从前|從前|以前|早年|起初|后来|後來|这时|那时|平时|每[天年月周]|如果|虽然|当然|其实|显然|总之"
    r"|接着|于是|至此|之后|有的|第[一二三四五]|一[是方]|二是|三是|春节|原来|原來|眼下|[早傍]晚|据[了知])"
)
_BACKWARD = re.compile(
    r"^(?:以后|之后|以来|以前|之前|下来|起来|出来|上来|过来|下去|出去|等[,，、]"
    r"|[后後时時中前上下里]的?[,，])"
)
SAYS = re.compile(
    r"(?:表示|说|說|介绍|介紹|认为|認為|指出|强调|強調|记者|記者|看到|建议|获悉|獲悉|了解到)[,，]"
)
SPEAKER = re.compile(r"^[一-鿿]{1,5}[^\W\d说說道示称稱出调認认为為][:：]")
_TOLD = re.compile(
    r"^(?:[^,，]{0,8}\d{1,2}月\d{1,2}日|[^,，]{0,6}\d{1,2}[时点][\d分许多整]{0,3}|据[^,，]{2,14}(?:报道|消息|介绍|了解|通报)"
    r"|近日|日前|连日来|目前|当前|当天|随后|此外|记者[^,，]{0,10})[,，]"
    r"|^会议(?:指出|强调|要求|听取|审议|研究|认为|通报|传达|决定|还|由|以)"
    r"|^记者(?:从|在|了解|看到|走进|来到|走访|随机|注意|\d)|^据(?:介绍|了解|悉|统计|[^,，]{2,8}介绍)"
    r"|[^,，]{3,}(?:之?后|的?时候?|[期之]间|以来|过程中|介绍|表示|认为|指出|强调|了解到|看到|获悉"
    r"|告诉记者|说|看来|要求|分析|透露|解释|回忆|坦言|建议|显示|回应|回應|表明|补充|介紹|認為|強調|透露稱|指|稱|說)[,，]"
)
SENTENCE_COMMA = re.compile(r"[,，]")


def joins(left: str, right: str) -> int:
    """How surely ``right`` goes on with the sentence that ``left`` broke off; 2 and more is sure.

    A dictionary word that spans the gap, punctuation that can't begin a line, a bracket left open
    and small letters speak for it; the usual opening of a paragraph speaks against.
    """
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return 0
    if right[0] in _NEVER_FIRST or re.match(r"[—–-] ", right):
        return 4
    score = 0
    if spans(left, right):
        score += 2
    counted = re.search(r"[\d一二三四五六七八九十百千万岁元人级米度分年个%]$", left)
    if re.search(r"[了过着]$", left) and re.match(
        r"[一二三四五六七八九十百千万两几\d]+[一-鿿]", right
    ):
        score += 2  # 一连贴了|十四天
    if re.search(r"\d$", left) and re.match(r"[万亿萬億][一-鿿]", right):
        score += 2  # 2.9|万户
    if (
        left[-1] in _NEVER_LAST
        or (counted and re.match("以[上下]", right))
        or _WANTS_MORE.search(left)
        or _BACKWARD.match(right)
        or _ends_in_adverb(left)
    ):
        score += 2
    if unclosed(left):
        score += 3 if closes_first(right) else 2
    if re.match(r"[a-z]", right) or ENGLISH_OPEN.search(left):
        score += 3
    elif re.match(r"\d", right) and is_latin(left):
        score += 2
    elif re.match(r"[A-Z]", right) and is_latin(left[-20:]):
        score -= 1
    if re.match(r"[一-鿿]{1,2}[,，。；;]", right) and not ADVERB.match(right):
        score += 2
    elif left[-1] in _NEVER_LAST and not (is_item(right) or is_lead(right)):
        pass  # 平均年龄28岁的|“新农人”
    elif FRESH_START.match(right) or is_item(right) or is_lead(right):
        score -= 2
    return score


def continues(left: str, piece: Piece, *, indents: bool) -> bool:
    """Whether a body piece is the rest of the paragraph before it."""
    right = piece.text
    if piece.role is Role.LEAD or is_row(right) or is_table_row(right) or is_salutation(right):
        return False
    if (
        short_cells(right)
        or is_labelled(left, right)
        or (SPEAKER.match(left) and SPEAKER.match(right))
    ):
        return False
    if re.search(r"\d[.．]$", left) and re.match(r"\d", right):
        return True
    if right[0] in _NEVER_FIRST and right[0] not in "的了着%~·":
        return True
    if indents and piece.indented:
        return False
    if is_closed(left):
        if indents and not piece.indented and not is_item(right):
            return True
        return unclosed(left) and closes_first(right)
    if is_item(right) and joins(left, right) < 2:
        return False
    if left[-1] in ",，" and width(left[:-1]) == width(right[:-1]) <= 12 and is_closed(right):
        return False  # two lines of a verse
    if left[-1] in ":：;；" and _begins_entry(right):
        return False
    return not ends_itself(left) or joins(left, right) >= 4


def _begins_entry(text: str) -> bool:
    """Whether a paragraph is an entry of a list by day or place: 1月18日8:00—17:00:柳荫路;"""
    folded = fold(text)
    found = days(folded[:12])
    dated = bool(found) and found[0].start == 0
    named = bool(re.match(r"^[^,。:]{2,8}:", folded))
    return (dated and ":" in folded[:40]) or (named and folded[-1] in ";。")


def is_fragment(text: str, following: Piece) -> bool:
    """Whether a short line is the beginning of a paragraph whose rest is the next piece.

    Where no word lies across the gap, a comma tells: clauses of a title are about as long as each
    other, those of a sentence that was cut off aren't.
    """
    if greets(following.text) or (width(text) <= 6 and NOTICE.search(squeezed(text))):
        return False
    if is_latin(text) and is_day(text):
        return False
    if text.startswith("——") or (SPEAKER.match(following.text) and not SENTENCE_COMMA.search(text)):
        return False  # a second headline; a line above what somebody says
    score = joins(text, following.text)
    if is_parted(text) and score < 4:
        return False
    if score < 2 and re.match(r"[一-鿿]{2,6}　[一-鿿\d]", following.text):
        return False  # a name in bold, a gap, the text: the first of several briefs
    if is_item(text) and not SENTENCE_COMMA.search(text):  # 一、关停“黑烟囱”
        return spans(text, following.text) or unclosed(text)
    if is_told(text) and not is_lead(following.text):
        return True
    if score >= 2 or is_latin(text):
        return score >= 2
    uneven = is_uneven(text) or bool(FRESH_START.match(text) or SAYS.search(text))
    return bool(SENTENCE_COMMA.search(text)) and uneven and score >= 0


def is_parted(text: str) -> bool:
    """Whether a line is narrower than a column, in quotes, or has a blank in it as headlines have.

    A word may lie across the gap below it by chance.
    """
    if re.fullmatch("“[^“”]*”", text):
        return True
    blank = re.search(r"[一-鿿”》]\s[一-鿿“《]", fold(text))
    return not SENTENCE_COMMA.search(text) and (width(text) <= 5 or blank is not None)


def is_uneven(text: str) -> bool:
    """Whether a line has clauses of lengths that no headline's have."""
    told = re.sub(r"^[^,，:：]{1,8}[:：]", "", text)  # 一颗心：管网到哪里，服务就到哪里
    clauses = [width(clause) for clause in SENTENCE_COMMA.split(told)]
    return len(clauses) > 2 or max(clauses) - min(clauses) > 2


def is_told(text: str) -> bool:
    """Whether a line reads as the beginning of a paragraph: 5月8日,…; …介绍,…; very long.

    Headlines part clauses of more than two dozen characters with a blank.
    """
    if is_latin(text):
        return len(text.split()) > 10 and ", " in text
    longest = max(map(width, re.split(r"[\s,，—]+", text)))
    listed = bool(SENTENCE_COMMA.search(text)) and "、" in text
    return bool(_TOLD.match(text)) or listed or longest > 26


def _ends_in_adverb(text: str) -> bool:
    """Whether the last word wants another after it: 进一步, 从, 因为."""
    tail = re.search(r"[一-鿿]{2,8}$", text)
    return tail is not None and rjieba.tag(simplified(tail[0]))[-1][1] in {"d", "p", "c", "u", "uj"}


def unclosed(text: str) -> bool:
    """Whether a quote or a bracket is still open at the end."""
    return any(text.count(opener) > text.count(closer) for opener, closer in _OPENERS.items())


def closes_first(text: str) -> bool:
    """Whether a text closes a quote or a bracket before it opens one of that kind."""
    for opener, closer in _OPENERS.items():
        if closer in text and (opener not in text or text.index(closer) < text.index(opener)):
            return True
    return False
