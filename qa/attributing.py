"""Who is said to have said it: the speaker and the paper that go with a quote."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vectorstore.bylines import is_name
from vectorstore.words import fold, simplified

_WHO = "[一-鿿·]{1,20}?"
_MANNER = "(?:(?:高兴|激动|自豪|坦率|感慨|动情|深情|严肃|明确|欣慰)地|笑着|也|还|曾|又|在会上|对(?:本报)?记者)?"
_SAYS = "(?:告诉(?:本报)?记者|说道?|表示|指出|强调|介绍说?|称|认为|坦言|透露|要求|回忆说?|解释说?)"
_SPEAKER = re.compile(rf"(?P<who>{_WHO}){_MANNER}{_SAYS}\s*(?=[,，:：“「『\"])")
_NAME = r"[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|[A-Z]\.|of|de|van|von)){0,4}"
_ENGLISH = (
    re.compile(
        rf"\b(?P<who>{_NAME}|he|she|they)(?:, [^\"“”;]{{2,80}}?,)? (?:said|says|told|added|noted|argued|explained)\b"
    ),
    re.compile(rf"\b(?:said|says|added|noted|argued|explained) (?P<who>{_NAME}|he|she|they)\b"),
)
_UNNAMED = re.compile(
    r".*(?:他|她|他们|她们|记者|负责人|相关人士|业内人士|工作人员|专家)|(?:[Hh]e|[Ss]he|[Tt]hey|It|I|We)"
)
_OFFICES = "(?:同志|先生|女士|书记|市长|省长|县长|区长|主任|局长|经理|教授|校长|院长|老师)"
_REPORT = re.compile(
    r"\s*(?:(?:根?据)?[^,，。:：“”\"]{0,30}?(?:报道称?|消息称?|刊文称?|讯|刊载)\s*[,，:：]?"
    r"|According to (?P<paper>[^,]{2,60}),)\s*"
)
_LEADING = re.compile(rf"\s*{_WHO}{_MANNER}{_SAYS}\s*[,，:：]\s*")
_TRAILING = re.compile(
    rf",?\s*(?:(?:said|says|added|according to) {_NAME}|{_NAME} (?:said|says|added))\s*\.?\s*$"
)
_TITLED = re.compile(r"《([^《》]{2,20})》")
_PAPER = re.compile(r"据(?:《)?([一-鿿]{1,8}(?:日报|晚报|时报|早报|晨报|周报|商报|都市报|报))")


class Role(StrEnum):
    """What somebody or something is to a quote."""

    SPEAKER = "speaker"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose the quote is said to be, and whose it is."""

    role: Role
    claimed: str
    printed: str | None
    """None where the paper names nobody."""
    agrees: bool


def speakers(text: str) -> list[str]:
    """Who is said to say something, in order; also those who aren't named: 他, she.

    >>> speakers("项目总工程师芮长青告诉记者,桥已合龙。他说:“不易。”")
    ['项目总工程师芮长青', '他']
    """
    found = [match for each in (_SPEAKER, *_ENGLISH) for match in each.finditer(text)]
    return [match["who"] for match in sorted(found, key=lambda match: match.start())]


def speaker(text: str) -> str | None:
    """The last of those who are said to say something and are named; None where nobody is.

    >>> speaker('"It is late," said Ada Moss.')
    'Ada Moss'
    """
    named = (who for who in reversed(speakers(text)) if not _UNNAMED.fullmatch(who))
    return next(named, None)


def unframed(text: str) -> tuple[int, int]:
    """Where the words stand that are said, without those that tell who says so or which paper."""
    start = match.end() if (match := _REPORT.match(text)) else 0
    if match := _LEADING.match(text, start):
        start = match.end()
    end = match.start() if (match := _TRAILING.search(text, start)) else len(text)
    return (start, end) if end > start else (0, len(text))


def papers(text: str, known: Iterable[str]) -> list[str]:
    """The newspapers that a text names: those of the archive, and what is set or led in as one."""
    folded = _folded(text)
    mentioned = [name for name in known if _folded(name) in folded]
    return list(dict.fromkeys([*mentioned, *_TITLED.findall(text), *_PAPER.findall(text)]))


def is_same_person(one: str, other: str) -> bool:
    """Whether two namings may be of one person: 市长庄砚秋 and 庄砚秋, Ms Moss and Ada Moss."""
    if one.isascii() or other.isascii():
        return fold(one).split()[-1:] == fold(other).split()[-1:]
    return bare(one) in other or bare(other) in one


def is_named(who: str, text: str) -> bool:
    """Whether a text names somebody anywhere; of a name in Latin letters the last word counts."""
    if who.isascii():
        return re.search(rf"\b{re.escape(who.split()[-1])}\b", text) is not None
    return bare(who) in text


def is_same_paper(one: str, other: str) -> bool:
    """Whether two names may be of one newspaper."""
    first, second = sorted((_folded(one), _folded(other)), key=len)
    return first in second


def bare(who: str) -> str:
    """A person's name without what he is; what is no person's as it stands.

    >>> bare("市委副书记、市长庄砚秋"), bare("庄砚秋市长"), bare("会议")
    ('庄砚秋', '庄砚秋', '会议')
    """
    without = re.sub(f"{_OFFICES}$", "", who) or who
    for length in (3, 2, 4):
        if len(without) > length - 1 and is_name(without[-length:]):
            return without[-length:]
    return without


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+|^the ", "", simplified(fold(name)))
