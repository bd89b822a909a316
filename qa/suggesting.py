"""Questions to begin with: drawn from the archive at hand, each one that it answers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import rjieba

from qa.answering import Answerer
from qa.citing import quotable
from vectorstore.articles import Article
from vectorstore.catalogue import Catalogue, Counts

SHOWN = 6
"""Questions that are suggested at most."""
READ = 60
"""Articles that are looked at for them, newest first."""
OF_ONE = 2
"""Questions of one article at most that are suggested beside an answer."""
REMEMBERED = 1_000
"""Articles whose questions are kept in mind."""

_HAN = "[一-鿿]"
_THING = (
    f"(?P<thing>{_HAN}{{2,8}}?(?:大桥|隧道|地铁|号线|公路|铁路|车站|机场|电厂|水厂|水库|公司|集团|工厂|"
    "医院|学校|中学|小学|大学|图书馆|博物馆|体育馆|剧院|公园|社区|项目|工程))"
)
_BEFORE = re.compile(
    r"^.*(?:主持|召开|举行|出席|参加|传达|学习|介绍|走进|来到|位于|为期|天的|的|了|在|从|对|将|与|和|及|由|被|到)"
)
"""What a thing's name doesn't begin with: the words of a sentence that lead to it."""
_ASKED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"(?P<answer>\d+月\d+日)[^。]*?(?P<thing>{_HAN}{{2,14}}第[\d一二三四五六七八九十百]+[次届]{_HAN}{{0,8}}?会议)"
        ),
        "{thing}是哪天召开的?",
    ),
    (
        re.compile(
            rf"{_THING}[^。;]{{0,20}}?(?P<what>总?(?:建筑|占地|供热|种植|展厅)?面积|总?投资|全长|总长|库容)"
            r"(?:达到?|为|约|共|超过)*(?P<answer>\d[\d.,]*[万亿]?)"
        ),
        "{thing}的{what}是多少?",
    ),
    (
        re.compile(
            rf"(?P<answer>\d+月\d+日)[^。]*?{_THING}[^。]{{0,12}}?(?P<what>开工|通车|开馆|投用|启用|开通|竣工|揭牌|投产)"
        ),
        "{thing}什么时候{what}?",
    ),
    (
        re.compile(
            rf"(?P<thing>{_HAN}{{2,10}}(?:馆长|校长|院长|局长|董事长|总经理|总工程师|主教练|站长|所长))"
            rf"(?P<answer>{_HAN}{{2,3}})(?:说|表示|介绍|告诉|指出)"
        ),
        "{thing}是谁?",
    ),
    (
        re.compile(
            r"(?P<answer>[A-Z][a-z]+ [A-Z][a-z]+), (?:the )?(?P<thing>(?:\w+['’]?s? ){0,4}"
            r"(?:director|manager|principal|engineer|curator|mayor|coach|librarian|architect))\b"
        ),
        "Who is the {thing}?",
    ),
    (
        re.compile(
            r"\b(?P<thing>[Tt]he (?:[A-Z][\w']+ ){1,4}(?:[a-z]+ )?)(?P<what>opened|reopened|closed)"
            r" (?:on|in) (?P<answer>(?:\w+ )?\d+)"
        ),
        "When was {thing}{what}?",
    ),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question that a sentence of an article seems to answer."""

    question: str
    thing: str
    """What it asks about."""
    answer: str
    """The words of the sentence that answer."""
    start: int
    """Of the sentence in the article's text."""
    end: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A question that an article answers, and the sentence that it was drawn from."""

    question: str
    article_id: str
    start: int
    end: int

    def overlaps(self, article_id: str, start: int, end: int) -> bool:
        """Whether this stretch of an article holds some of the sentence."""
        return article_id == self.article_id and start < self.end and self.start < end


class Suggestions:
    """The questions suggested; ``renew`` makes them anew when the archive has changed."""

    def __init__(self, catalogue: Catalogue, answerer: Answerer) -> None:
        self.catalogue = catalogue
        self.answerer = answerer
        self.questions: tuple[str, ...] = ()
        self._drawn_from: Counts | None = None
        self._of: dict[str, tuple[Suggested, ...]] = {}

    def renew(self) -> None:
        """Draw questions from the newest articles, one an article, and keep those answered."""
        counts = self.catalogue.counts()
        if counts == self._drawn_from:
            return
        self._of = {}
        kept: list[str] = []
        articles, _ = self.catalogue.articles(limit=READ)
        for article in articles:
            if len(kept) >= SHOWN:
                break
            new = (each.question for each in self._answered(article) if each.question not in kept)
            kept.extend(islice(new, 1))
        self.questions = tuple(kept)
        self._drawn_from = counts

    def on(self, article_ids: Iterable[str]) -> Iterator[Suggested]:
        """Questions that these articles answer, drawn and tried when they are asked for.

        Trying one costs a search, so an article's are kept in mind until the archive changes.
        """
        for article_id in article_ids:
            known = self._of.get(article_id)
            if known is None:
                article = self.catalogue.article(article_id)
                known = tuple(islice(self._answered(article), OF_ONE)) if article else ()
                if len(self._of) < REMEMBERED:
                    self._of[article_id] = known
            yield from known

    def _answered(self, article: Article) -> Iterator[Suggested]:
        """The questions drawn from an article that it answers itself."""
        for each in drawn_from(article):
            if self.answerer.finds(each.question, article.id, each.start, each.end):
                yield Suggested(each.question, article.id, each.start, each.end)


def drawn_from(article: Article) -> Iterator[Drawn]:
    """Questions that sentences of an article seem to answer."""
    for start, end in quotable(article):
        sentence = article.text[start:end]
        for pattern, question in _ASKED:
            if (match := pattern.search(sentence)) and (thing := _name(match)):
                asked = question.format(**match.groupdict() | {"thing": thing})
                yield Drawn(asked, thing, match["answer"], start, end)


def _name(match: re.Match[str]) -> str | None:
    """The thing's name from its first whole word on; None where nothing is left of it."""
    start, end = match.span("thing")
    at, starts = 0, []
    for word in rjieba.cut(match.string):
        starts.append(at)
        at += len(word)
    begin = min((each for each in starts if start <= each < end), default=start)
    name = _BEFORE.sub("", match.string[begin:end])
    return name if len(name) > 3 else None
