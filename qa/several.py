"""Questions that no one article answers: they ask for all of a kind, for a change, or for an order."""

import re
from enum import StrEnum


class Several(StrEnum):
    """What is asked of several articles together."""

    LIST = "list"
    """All of a kind: 历次会议, every meeting."""
    CHANGE = "change"
    """What became of something: 有什么变化, how has it changed."""
    ORDER = "order"
    """Which of some events came first: 哪个先, before or after."""


_PRINTED = "会议|例会|报道|文章|新闻|消息|社论|稿件"
"""What a newspaper has many of, each an article or the matter of one."""
_ASKED = "谁|什么|哪|多少|几|何"
_WHICH_OF = r"(?:哪[1一]?(?:[个座次项件条家位场届种]|个?先)|谁)"
_FIRST = r"[^,，。?？的]{0,4}?(?:先(?!生|进|锋|后)|[更较早][早晚])"
_PATTERNS = {
    Several.LIST: (
        r"^(?:请|麻烦|帮我|给我|你|能否|能不能|可以|可否)*"
        r"(?:列出|列1下|列举|罗列|盘点|梳理|汇总)(?!过|的|1[个名种条项])",
        rf"(?:历[次届]|历年来?的)[^?？]{{0,60}}(?:{_ASKED})",
        rf"[每各]1?[次届期场][^,，。?？]{{0,12}}(?:分别|都|各)[^,，。?？]{{0,6}}(?:{_ASKED})",
        rf"哪几[次届场回期]|(?:所有|全部|每1?[次篇条])[^,，。?？]{{0,12}}(?:{_PRINTED})",
        rf"(?:有|过|了|到)[^,，。?？是]{{0,6}}哪些[^,，。?？的]{{0,4}}(?:{_PRINTED})|^哪些(?:{_PRINTED})",
        r"[开召][了过]?哪些[^,，。?？]{0,4}会(?![员长徽])",
        r"时间线|来龙去脉|按照?(?:时间|日期|先后)(?:顺序|次序)?[^,，。?？]{0,4}[列排梳说讲]",
        r"\b(?:list|show|find|give|tell)(?: me| us)?(?: of)? (?:all|every|each)\b|\btimeline\b|\bchronolog",
        r"\b(?:all|every|each)(?: of)?(?: the| its| their)? (?:\w+ ){0,2}?(?:meetings?|articles?|stories|reports?)\b",
        r"\b(?:what|which) (?:\w+ )?(?:meetings|articles|stories|reports)\b",
    ),
    Several.CHANGE: (
        r"(?:如何|怎么|怎样)(?:变化|变迁|演变|变动|变的|变了)|1步步变",
        r"(?:有|生|现|了|过|历)(?:什么|哪些|怎样的?|何|多大的?)(?:重大|明显|新)?的?(?:变化|变迁|变动|演变)",
        r"变化(?:过程|趋势|情况)|演变过程|(?:变化|走势|趋势)(?:如何|怎样|怎么样)",
        r"(?:增加?|涨|升|增长|多)了?还是(?:减少?|跌|降|下降|少)|(?:减少?|跌|降|下降|少)了?还是(?:增|涨|升|多)",
        r"(?<![时分天])前后[^,，。?？]{0,6}(?:有何|有什么|有哪些)?(?:不同|变化|差别|区别|出入|不1样)",
        r"从(?:1[5-9]|20)\d\d年?[到至](?:1[5-9]|20)\d\d年?[^?？]{0,20}[增减涨降变升跌]",
        r"\bhow (?:has|have|had|did|does|do)\b.{3,60}\b(?:chang|evolv)",
        r"\bhow\b.{0,200}\bover (?:the (?:years|months|weeks)|time)\b",
        r"\b(?:rise|risen|go up|gone up|increased?) or (?:fall|fallen|go down|gone down|decreased?)\b",
    ),
    Several.ORDER: (
        rf"(?:[和与跟、及,]|还是).{{1,30}}?{_WHICH_OF}{_FIRST}",
        rf"{_WHICH_OF}{_FIRST}[^?？]{{0,12}}[,，:：].{{1,30}}(?:还是|和|与|、)",
        r".{2}先(?!生|进|锋)[^,，。?？]{1,12}还是先",
        r"[之以]前还是.{0,12}[之以]后|[早晚更较][于早晚]还是|早还是晚",
        r"(?<!什么)先后(?:顺序|次序)|孰先孰后|谁先谁后",
        r"\b(?:which|who|what)\b.{0,200}\b(?:first|earlier|later)\b.{0,200}\bor\b|\bwhich came (?:first|earlier)\b",
        r"\bbefore or after\b|\bin (?:what|which) order\b",
    ),
}
_COMPILED = {several: re.compile("|".join(each)) for several, each in _PATTERNS.items()}
_TITLE = re.compile(r"《[^《》]*》")


def over_several(question: str) -> Several | None:
    """What a plain question asks of several articles together; None if one can answer it.

    >>> over_several("历次河务会议都研究了什么?"), over_several("河务会议研究了什么?")
    (<Several.LIST: 'list'>, None)
    """
    text = _TITLE.sub("《》", question)
    return next((each for each, pattern in _COMPILED.items() if pattern.search(text)), None)
