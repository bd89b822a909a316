"""Follow-ups: what a question leaves to the turns before it, and several questions in one message."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

import rjieba

from qa.answers import Question, Turn
from qa.understanding import ASKING, Kind, Sort, kind_of, plain, understand
from vectorstore.bylines import SURNAMES
from vectorstore.words import fold

_POINTING = re.compile(
    r"它们?的?|他们的?|她们的?|(?<![其吉])他(?!人|乡|国)的?|她的?|(?<![应活本不])该(?=[^不吗怎如去]|$)"
    r"|其(?![他它中实余次间])(?:中的)?|此(?=[次人事地时举])"
    r"|[这那](?=[个位次家场项座条件届期份张篇天年里些种批部支名][^\W])"
    r"|[这那](?=是|些|里|儿|时)|当地|当天|当时"
)
_POINTING_WORDS = frozenset(
    "其他 其它 其中 其实 其余 其次 尤其 极其 应该 活该 本该 那么 这样 那样 因此 从此".split()
)
_VAGUE = frozenset("多少 哪些 什么 几 第 的".split())
_MORE = re.compile(r"^(?:那么?|还有|以及|另外)?[,，]?(.{1,14}?)(?:又|则|的话)?呢(?:[,，].*)?$")
_AGAIN = re.compile(
    r"^(?:还有|另外|其他|别的)(?:别的|其他)?的?(?:呢|吗|谁|哪些|什么|哪几[个位])?(?:呢|吗)?$"
)
_WHICH_ONES = re.compile(r"(?<!还)有?(谁|哪些|哪几|什么(?!时))")
_ONLY_ASKING = re.compile(
    r"^(?:又|这|那|都|是|在)*(为什么|为何|为啥|怎么(?:回事|样)?|什么时候|何时|哪[年天里儿]|哪一[年天]|几点|什么地方|谁)(?:的|呢|啊|呀)?$"
)
_OPENING = re.compile(
    r"^(?:请问|那么?(?=[^个些里位年天场次])|在|对于?|关于|据)"
    r"|^(?:你|您|大家|有人)?(?:知道|听说过?|了解|认识|记得|看过|喜欢|觉得)(?:不)?(?=.{2})"
)
_SPEAKER_END = re.compile(r"[?？!！。.\s]+$")
_NOMINAL = frozenset(
    "n nr nrt nrfg nrf ns nsf nt nz nrj j l b m q eng a zg ng g i an vn s t x v".split()
)
_STRONG = frozenset("n nr nrt nrfg nrf ns nsf nt nz j l eng ng i an".split())
_PERSON_TAGS = frozenset("nr nrt nrfg nrf".split())


_ASKED_AT_ONCE = 4
"""Questions in one message that are answered one by one."""
_LONGEST = 60
"""Characters of what one question takes over from another."""
_LONGEST_NAME = 12
_MARK = re.compile(r"\[\d+\]")
_TOLD = 240
"""Characters of an answer that the next question is searched after."""
_REMEMBERED = 8
"""Turns before a question that it may point back to."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Fill in from the turns before what a follow-up leaves unsaid.

    A question that names what it is about comes back untouched.

    >>> standalone("它的面积呢?", [Turn("望月湖公园什么时候开放?")])
    '望月湖公园的面积呢?'
    """
    return _standing(question, _standing_alone(history))


def in_context(question: str, history: Sequence[Turn]) -> list[str]:
    """A follow-up after the question before it, and after what answered that: wordings to search with.

    They find what a follow-up is about where its words leave that open in a way that no rule fills
    in. There are none without a question before it in its language.

    >>> in_context("有多少个班?", [Turn("新校区什么时候启用?", "鹤汀小学九月启用新校区。[1]")])
    ['新校区什么时候启用? 有多少个班?', '鹤汀小学九月启用新校区。 有多少个班?']
    """
    earlier = [t for t in _standing_alone(history) if _is_latin(t.question) == _is_latin(question)]
    said = (earlier[-1].question, _MARK.sub("", earlier[-1].answer)[:_TOLD]) if earlier else ()
    return [f"{each} {question}" for each in said if each]


def _standing_alone(history: Sequence[Turn]) -> list[Turn]:
    """The last turns, their questions made to stand alone."""
    said: list[Turn] = []
    for turn in history[-_REMEMBERED:]:
        said.append(replace(turn, question=_standing(turn.question, said)))
    return said


def _standing(question: str, said: Sequence[Turn]) -> str:
    """A question made to stand alone after turns whose questions do, the newest last."""
    latin = _is_latin(question)
    said = [turn for turn in said if _is_latin(turn.question) == latin]
    if not said:
        return question
    if latin:
        return _standalone_english(question, said)
    bare = re.sub(
        "^那么?[,，]?(?=.{3})(?![个些里位年天场次时份种条座家儿是])",
        "",
        _SPEAKER_END.sub("", question.strip()),
    )
    ending = question.strip()[len(_SPEAKER_END.sub("", question.strip())) :] or "?"
    earlier = said[-1].question
    if _AGAIN.match(bare):
        return _WHICH_ONES.sub(r"还有\1", earlier, count=1)
    if asking := _ONLY_ASKING.match(bare):
        return _asked_otherwise(earlier, asking.group(1)) + ending
    if (match := _MORE.match(bare)) and not _points(fragment := match.group(1).rstrip("的")):
        fragment = _definite(fragment, said) or fragment
        return _replaced(fragment, earlier) or f"{_topic(said[-1])}的{fragment}{ending}"
    if bare.startswith("其中"):
        return f"{_topic(said[-1], whole=True)}{question.strip()}"
    if at := _points(bare):
        pointed = _pointed(bare, at, said)
        return question if pointed is None else pointed + ending
    if named := _definite(bare, said):
        return named + ending
    if len(bare) <= 12 and kind_of(plain(bare)) is not Kind.UNKNOWN and not _stands(bare):
        topic = _topic(said[-1], whole=True)
        return f"{topic}{bare}{ending}" if topic else question
    return question


def answered_before(question: Question) -> str:
    """What was answered before a question that asks for more of it (还有呢?); nothing for others."""
    if not _AGAIN.match(_SPEAKER_END.sub("", question.text.strip())):
        return ""
    return plain("\n".join(turn.answer for turn in question.history))


def parted(question: str) -> tuple[str, ...]:
    """The questions that one message asks one after another, each by itself; at most four.

    >>> parted("望月湖公园什么时候开放?它的面积呢?")
    ('望月湖公园什么时候开放?', '望月湖公园的面积呢?')
    >>> parted("望月湖公园有多大、什么时候开放?")
    ('望月湖公园有多大?', '望月湖公园什么时候开放?')
    """
    pieces = [piece.strip() for piece in re.findall(r"[^?？]*\w[^?？]*[?？]*", question)]
    if len(pieces) == 1:
        pieces = _asks_in(pieces[0])
    if not 1 < len(pieces) <= _ASKED_AT_ONCE or not all(map(_asks, pieces)):
        return (question,)
    found = pieces[:1]
    for piece in pieces[1:]:
        found.append(standalone(piece, [Turn(found[-1])]))
    return tuple(found)


_APART = re.compile(
    r"(?:[,，、;；]|以及|并且?|和|及)(?=(?:[又还它他她]|分别|总共|一共)*[^\W\d]{0,6}?"
    r"(?:什么|哪|谁|何[时处人地]|为[何啥]|多少|多[大长高远重宽深久快厚]|几[个家位名台条座所次年月日点]|怎[样么]|如何))"
)
_AND_ASKS = re.compile(
    r"^(?P<first>(?P<by>who|when|where|why|what|how)\b(?P<rest>.{6,}?)),? and "
    r"(?P<then>(?P<other>who|when|where|why|how(?: (?:much|many|long))?)\b(?P<more>.*?))\??$",
    re.IGNORECASE,
)


def _asks_in(sentence: str) -> list[str]:
    """The questions of one sentence, where they are surely apart: each asks for something else.

    One that leaves its verb to the next (什么时候、在哪里举行) gets it; a bare *and when* asks the
    same as the first, otherwise.
    """
    if (match := _AND_ASKS.match(sentence.strip())) and match["by"].lower() != match[
        "other"
    ].lower():
        then = match["then"] if match["more"].strip() else match["other"] + match["rest"]
        return [f"{match['first']}?", f"{then[0].upper()}{then[1:]}?"]
    pieces = [piece for piece in _APART.split(_SPEAKER_END.sub("", sentence)) if piece]
    kinds = [kind_of(plain(piece)) for piece in pieces]
    if len(pieces) < 2 or len(set(kinds)) < len(kinds) or not set(kinds) <= _SURELY_APART:
        return [sentence]
    if re.search(r"无论|不管|不论|分别|知道|告诉|发现了[谁什如怎]|[,，]是", sentence):
        return [sentence]
    asking = ASKING.search(pieces[-1])
    tail = pieces[-1][asking.end() :] if asking else ""
    filled = [piece + tail if _ENDS_ASKING.search(piece) else piece for piece in pieces[:-1]]
    if not re.search(r"[^\W\d]{2}", _ENDS_ASKING.sub("", filled[0].removesuffix(tail) or "")):
        return [sentence]
    return [f"{piece}?" for piece in (*filled, pieces[-1])]


_ENDS_ASKING = re.compile(
    r"(?:什么时候|何时|在?哪里|在?哪儿|为什么|为何|怎么|怎样|如何|[由被]?谁|[由被]哪家)$"
)
_SURELY_APART = frozenset((Kind.WHO, Kind.WHEN, Kind.WHERE, Kind.HOW_MANY, Kind.WHY, Kind.HOW))


def _asks(piece: str) -> bool:
    text = plain(piece)
    return kind_of(text) is not Kind.UNKNOWN or _MORE.match(_SPEAKER_END.sub("", text)) is not None


def _is_latin(question: str) -> bool:
    return _LATIN_QUESTION.search(fold(question)) is not None


_LATIN_QUESTION = re.compile(r"^[^㐀-鿿]*$")
_BEFORE_RELATIVE = re.compile(r"[》”]$|[^\W\d在把被给对向从到由跟和与是为于及问让请说看去,，、]$")


def _points(text: str) -> re.Match[str] | None:
    """The first word that points back, none of those that only look like it.

    那天 of 大雪那天 points at what stands before it.
    """
    for match in _POINTING.finditer(text):
        around = text[max(0, match.start() - 1) : match.start() + 2]
        if any(word in around for word in _POINTING_WORDS):
            continue
        if match.group()[0] in "这那其" and _BEFORE_RELATIVE.search(text[: match.start()]):
            continue
        return match
    return None


_RELATIONAL = re.compile(
    r"(?:时间|时候|时长|日期|地点|地址|位置|面积|人口|投资|造价|价格?|票|费用?|[全总][长高宽深重]|金额|数量|人数|原因|目的|结果|效果|内容|情况|意义"
    r"|名[字称]|作者|负责人|单位|电话|[长高宽深厚温速]度|规模|领导|人员|代表|成员|嘉宾|记者|主席|[厂校院馆局市县镇村所队站社区船]长"
    r"|书记|经理|主任|设计师|方式|方法|条件|要求|标准|措施|成绩|比分|钱|味道|颜色|年龄|岁数|职务|职业)$"
    r"|^[建开停通招竣复落封投动].$"
)
"""Nouns that are something's, and name nothing without it."""
_PLACE = re.compile(
    r"[^\W\d_哪些个这那全本我各该每几有在的是了到从去]{2,3}[市县区镇乡村街桥](?!长|委)"
)
_ASKED_FOR = re.compile(rf"(?:{ASKING.pattern})[^\W\d的了是在]{{0,2}}")


def _stands(text: str) -> bool:
    """Whether it has a name or a number of its own to go by, a long word, or two nouns.

    What is asked for is none: 小学 of 哪所小学.
    """
    nouns = [
        word
        for word, tag in _tokens(_ASKED_FOR.sub(" ", text))
        if tag[0] in "njl" and len(word) > 1 and not _RELATIONAL.search(word)
    ]
    return (
        len(nouns) > 1
        or bool(_PLACE.search(text))
        or any(
            (term.sort is not Sort.WORD or len(term.text) > 3) and not _RELATIONAL.search(term.text)
            for term in understand(text).terms
        )
    )


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and their tags; a name that the dictionary cuts short, or in pieces, is one again."""
    found: list[tuple[str, str]] = []
    tagged = rjieba.tag(text)
    at = 0
    while at < len(tagged):
        word, tag = tagged[at]
        at += 1
        if found and found[-1][1] in _PERSON_TAGS and _cut_short(found[-1][0], word, tag):
            word, tag = found.pop()[0] + word, "nr"
        if word in _AND and (name := _office(found, tagged[at : at + _PIECES])):
            start, more = name
            pieces = (*found[start:], (word, tag), *tagged[at : at + more])
            found[start:] = [("".join(each for each, _ in pieces), "nt")]
            at += more
        else:
            found.append((word, tag))
    return found


_AND = frozenset("和与及")
_OFFICE = re.compile(r"(?:[局厅委署系]|委员会|学院|研究[院所])$")
_PIECES = 4
"""Words on either side of 和 in an office's name."""


def _office(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> tuple[int, int] | None:
    """Where an office's name begins that has 和 in it, as 住房和城乡建设局 has, and its words after that.

    Two offices beside each other are two.
    """

    def names(word: str, tag: str) -> bool:
        return tag not in _PERSON_TAGS and (tag[0] in "njl" or tag in ("vn", "an", "b"))

    left = list(takewhile(lambda each: names(*each), reversed(before[-_PIECES:])))
    right = list(takewhile(lambda each: names(*each), after))
    end = next((at for at, (word, _) in enumerate(right, 1) if _OFFICE.search(word)), None)
    if not left or end is None or any(_OFFICE.search(word) for word, _ in left):
        return None
    return len(before) - len(left), end


def _cut_short(name: str, word: str, tag: str) -> bool:
    if len(name) + len(word) > _LONGEST_NAME:
        return False
    if len(name) == 2 and len(word) == 1:
        return tag in ("zg", "g", "ng", "a", "nr", "n") or (tag == "f" and word in "东南西北")
    return tag in _PERSON_TAGS and (len(name) > 2 or len(word) > 2)


def _topic(turn: Turn, *, whole: bool = False) -> str:
    """What a question is about, or nothing where that is too long to be put into another."""
    topic = _about(turn, whole=whole)
    return topic if len(topic) <= _LONGEST else ""


def _about(turn: Turn, *, whole: bool) -> str:
    """What a question is about: the noun phrase it opens with, or all that is said before it asks.

    Where it opens by asking (哪座桥最长?), it is what the answer names so, else what follows. Empty
    where it names nothing.
    """
    bare = _SPEAKER_END.sub("", turn.question.strip())
    while shorter := _OPENING.match(bare):
        bare = bare[shorter.end() :]
    asks = ASKING.search(bare)
    before, after = (bare[: asks.start()], bare[asks.end() :]) if asks else (bare, "")
    if not re.search(r"[^\W_]{2}", re.sub(r"[是在有由为从到被去的了你我您]", "", before)):
        if found := _answered(turn):
            return found
        return max(_phrases(after), key=len, default="" if len(after) < 4 else after)
    said = re.sub(
        r"(?:的?是|共?有|在|由|为|从|到|被|去|于|了|过|的|叫做?|,|,|一共|总共|第)+$", "", before
    )
    subject = _subject(before)
    if subject[:1] in "你我您":
        return max(_phrases(before), key=len, default="")
    if whole and (len(subject) < 4 or any(tag in _PERSON_TAGS for _, tag in _tokens(subject)[:1])):
        return said
    return subject or said


def _answered(turn: Turn) -> str | None:
    """What an answer names of the kind that its question asks for: of 哪座公园 a park."""
    unit = understand(turn.question).unit
    if len(unit) < 2:
        return None
    phrases = _phrases(_MARK.sub("", turn.answer))
    return next((each for each in phrases if each.endswith(unit) and each != unit), None)


def _asked_otherwise(earlier: str, asking: str) -> str:
    """The question before with another word to ask by: 水厂什么时候停水, 水厂为什么停水."""
    bare = re.sub(r"(?:吗|呢|没有)$", "", _SPEAKER_END.sub("", earlier.strip()))
    asks = ASKING.search(bare)
    if asks and kind_of(plain(bare)) not in (Kind.HOW_MANY, Kind.WHICH, Kind.WHAT, Kind.YES_NO):
        return bare[: asks.start()] + asking + bare[asks.end() :]
    subject = _topic(Turn(bare))
    if subject and bare.startswith(subject) and not asks:
        return subject + asking + bare[len(subject) :]
    return subject + asking


def _definite(text: str, said: Sequence[Turn]) -> str | None:
    """A question that opens with a bare noun (大桥有多长), which ends a name told before."""
    tokens = _tokens(text)
    if not tokens or tokens[0][1][0] != "n" or len(tokens[0][0]) > 3:
        return None
    if len(tokens) > 1 and (tokens[1][1][0] in "njlg" or tokens[1][1] in ("uj", "vn", "c")):
        return None
    noun = tokens[0][0]
    named = next((each for each in _named(said) if each.endswith(noun) and each != noun), None)
    return named + text[len(noun) :] if named else None


def _named(said: Sequence[Turn]) -> Iterator[str]:
    """What was told of before, the newest first, what was asked for before what was answered."""
    for turn in reversed(said):
        for text in (turn.question, re.sub(r"\[\d+\]", "", turn.answer)):
            yield from (phrase for phrase in _phrases(text) if len(phrase) <= _LONGEST)


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
        while phrase and phrase[0][0] in _VAGUE:
            phrase = phrase[1:]
        verb = next((at for at, (_, tag) in enumerate(phrase) if tag == "v"), len(phrase))
        phrase = phrase[:verb]
        while phrase and (phrase[-1][1] not in _STRONG) and phrase[-1][0] not in "》”」":
            if phrase[-1][1] == "q" or phrase[-1][0].isdigit():
                break
            phrase = phrase[:-1]
        if any(tag in _STRONG for _, tag in phrase):
            kept.append("".join(word for word, _ in phrase).strip("的"))
    return kept


def _pointed(bare: str, at: re.Match[str], said: Sequence[Turn]) -> str | None:
    """Put what is pointed at in the place of the word that points; None where it names itself."""
    word = at.group()
    before, after = bare[: at.start()], bare[at.end() :]
    people = map(_person, reversed(said)) if word.startswith(("他", "她")) else ()
    if person := next(filter(None, people), None):
        return before + person + ("的" if word.endswith("的") else "") + after
    topic = _topic(said[-1])
    if not topic:
        return None
    if word in ("当天", "当时"):
        return f"{_topic(said[-1], whole=True)}{bare}"
    if word[0] in "这那该此" and (
        noun := re.match(r"([个位次家场项座条件届期份张篇些种批部支名]?)的?", after)
    ):
        tail = after[noun.end() :]
        phrase = next((each for each in _phrases(tail) if tail.startswith(each)), "")
        if phrase and (named := _named_so(phrase, said)):
            return f"{before}{named}{tail[len(phrase) :]}"
        if _stands(phrase):
            return None
        if noun.group(1) and noun.group(1) in "天年":
            return f"{before}{topic}{word}{after}"
        if noun.group(1):
            rest = after[noun.end(1) :]
            return f"{before}{topic}{rest[1:] if topic[-1] == rest[:1] else rest}"
        return f"{before}{topic}{re.sub('^[里儿些时]', '', after)}"
    possessive = word.endswith("的") or (word == "其" and after[:1] not in "是在有")
    if len(topic) > 3:
        topic = topic.removesuffix(after[:2])
    return before + topic + ("的" if possessive else "") + after


def _named_so(phrase: str, said: Sequence[Turn]) -> str | None:
    """What was called by these words before, in full: of 大桥 the bridge told of last."""
    head = _tokens(phrase)[0][0]
    whole = next((each for each in _named(said) if each.endswith(phrase)), None)
    if whole or len(head) < 2:
        return whole
    if named := next((each for each in _named(said) if each.endswith(head)), None):
        return named + phrase[len(head) :]
    return None


def _person(turn: Turn) -> str | None:
    """The person a question named, or the one that its answer did."""
    named = [
        word for word, tag in _tokens(turn.question) if tag in _PERSON_TAGS and len(word) in (2, 3)
    ]
    if named and kind_of(plain(turn.question)) is not Kind.WHO:
        return named[0]
    asked = [term.text for term in understand(turn.question).terms]
    answer = re.sub(r"\[\d+\]", "", turn.answer)
    spots = [answer.find(text) for text in asked if text in answer]
    people = [
        (word, answer.find(word))
        for word, tag in _tokens(answer)
        if tag in _PERSON_TAGS and len(word) > 1 and word not in turn.question
    ]
    people += [
        (match.group(1), match.start(1))
        for match in _IN_OFFICE.finditer(answer)
        if match.group(1) not in turn.question
    ]
    if people:
        return min(people, key=lambda p: min((abs(p[1] - spot) for spot in spots), default=0))[0]
    return None


_IN_OFFICE = re.compile(
    rf"(?:由|[长任师记员席理者手人家授])([{''.join(sorted(SURNAMES))}][㐀-鿿]{{1,2}}?)"
    r"(?=设计|主持|讲话|介绍|表示|提出|出席|担任|带队|撰写|拍摄|创作|承|说|等|[在到赴对向与和、,，。;；])"
)
"""A name that no dictionary knows, by the office before it and what is done behind it."""
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


_NTH = re.compile(r"第(\d+)(?=[次届期回场])")
_YEAR = re.compile(r"((?:1[5-9]|20)\d\d)(?=年)")
_RELATIVE = (
    (re.compile(r"^[上前][1一]?[次届期回场]"), -1, _NTH),
    (re.compile(r"^[下后][1一]?[次届期回场]"), 1, _NTH),
    (re.compile(r"^(?:[前上][1一]年|上年)"), -1, _YEAR),
    (re.compile(r"^(?:[后下][1一]年|次年|第[2二]年)"), 1, _YEAR),
)
"""What counts from the number or the year of the question before, and which way."""


def _replaced(fragment: str, earlier: str) -> str | None:
    """The earlier question with this in the place of what is like it: 第110次 for 第124次."""
    for relative, step, like in _RELATIVE:
        if relative.search(fragment) and (old := like.search(earlier)):
            return f"{earlier[: old.start(1)]}{int(old[1]) + step}{earlier[old.end(1) :]}"
    for like in _LIKE:
        if (new := like.search(fragment)) and (old := like.search(earlier)):
            return earlier[: old.start()] + new.group() + earlier[old.end() :]
        if new and new.group() == fragment:
            return f"{fragment}{earlier}"
    topic = _topic(Turn(earlier))
    for phrase in (topic, *_phrases(earlier)):
        if len(fragment) > 2 and phrase[-1:] == fragment[-1] and phrase != fragment:
            return earlier.replace(phrase, fragment, 1)
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
    if len(topic) > 2 and _stands(fragment) and len(_phrases(fragment)) == 1:
        return earlier.replace(topic, fragment, 1)
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


def _english_person(said: Sequence[Turn]) -> str | None:
    """The person last named: two or three capitalized words, in an answer to who, or in a question."""
    for turn in reversed(said):
        texts = (turn.question, turn.answer)
        if kind_of(plain(turn.question)) is Kind.WHO:
            texts = (turn.answer, turn.question)
        for text in texts:
            for match in re.finditer(
                r"\b[A-Z][a-z'-]+(?: [A-Z]\.)?(?: [A-Z][a-z'-]+){1,2}\b", text
            ):
                if match.group().split()[0] not in _ENGLISH_ASKING and (
                    text is turn.question or match.group() not in turn.question
                ):
                    return match.group()
    return None


def _standalone_english(question: str, said: Sequence[Turn]) -> str:
    earlier = said[-1].question
    topic = _english_topic(earlier)
    if match := _ENGLISH_MORE.match(question.strip()):
        fragment = match.group(1)
        if year := re.search(r"\b\d{4}\b", fragment):
            if re.search(r"\b\d{4}\b", earlier):
                return re.sub(r"\b\d{4}\b", year.group(), earlier, count=1)
            return f"{earlier.rstrip('? ')} in {year.group()}?"
        if not topic:
            return question
        if kind_of(fragment.lower()) is not Kind.UNKNOWN:
            question = f"{fragment[0].upper()}{fragment[1:]}?"
        elif _ENGLISH_POINTING.search(fragment):
            question = f"What about {fragment}?"
        elif fragment[:1].isupper() or re.match(r"the [A-Z]", fragment):
            return earlier.replace(topic, fragment, 1)
        else:
            return f"{fragment} of {topic}?"
    pointing = _ENGLISH_POINTING.search(question)
    if pointing is None:
        return question
    word = pointing.group().lower()
    if word in ("he", "him", "she", "his", "her", "hers"):
        topic = _english_person(said) or topic
    if not topic or (
        word in ("that", "this", "those", "these") and _ENGLISH_NAME.search(question[1:])
    ):
        return question
    owner = f"{topic}'s" if word in ("its", "their", "his", "her", "hers") else topic
    if word == "there":
        owner = f"in {topic}"
    return question[: pointing.start()] + owner + question[pointing.end() :]
