"""Follow-ups: what a question leaves to the turns before it, and several questions in one message."""

import re
from collections.abc import Sequence

import rjieba

from qa.answers import Turn
from qa.understanding import ASKING, Kind, Sort, kind_of, plain, understand
from vectorstore.words import fold

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
    asks = ASKING.search(bare)
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
