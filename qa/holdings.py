"""Questions about the archive itself: which newspapers of which days it holds.

They are answered from the catalogue, in words of our own, so these answers cite nothing.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from qa.understanding import Sort, plain, understand
from vectorstore.catalogue import Catalogue
from vectorstore.coverage import coverage
from vectorstore.dates import in_words
from vectorstore.selection import YEAR_UNKNOWN, Selection
from vectorstore.words import is_chinese

SHOWN = 12
"""Runs of days that are named one by one; of more, the first and the last day are told."""

Issue = tuple[str | None, date, str | None]

_ARCHIVE = re.compile(
    r"收录|馆藏|档案(?![馆局室袋员])|[报据料]库|[这本][个座]?库|报纸|报刊|文章|报道|(?:几|多少|最[早晚新近后旧])1?[期版份]"
    r"|\b(?:archives?|collection|newspapers?|issues?|articles?|pages?)\b"
)
"""What such a question is about; none of it, and it is about something else."""
_VOCABULARY = re.compile(
    r"请问|告诉我?|列出|你们?|我们?|这个|那个|这里|这些|本|该|报问|档案|资料库|数据库|报?库|馆藏|系统|里面?|之?中|内"
    r"|目前|现在|现有|已经?|[一总]?共|全部|所有|总数|数量|收录|收藏|保存|包含|包括|覆盖|涵盖|收|藏|存|[没]?有|是否|是不是"
    r"|哪些|哪几|哪|什么|何时|几|多少|日子|日期|天|日|时间|时候|时段|范围|跨度|多[大长]|年份?|月份?|期|版面?|份|张|页|篇|种|家|个"
    r"|报纸|报刊|文章|报道|新闻|报|最[早晚新近后旧老]|第?1|从|自|到|至|起|止|开始|截止|为止|缺少?|的|是|了|在|能|可以|查到?|看"
    r"|吗|呢|和|与|及|都|还|又|或"
    r"|\b(?:which|what|how|many|much|when|where|is|are|was|were|do|does|did|the|a|an|this|that|these|archives?"
    r"|collection|baowen|you|your|it|its|have|has|hold|holds|held|cover|covers|covered|contain|contains|include|includes"
    r"|in|of|from|to|on|by|for|there|and|or|any|all|some|days?|dates?|years?|months?|periods?|range|span|time|issues?"
    r"|newspapers?|papers?|pages?|articles?|stories|first|last|earliest|latest|newest|oldest|missing|lack|lacks|gaps?"
    r"|available|currently|total|altogether|number|please|list|tell|me|show)\b"
)
_DAY = re.compile(
    r"(?<!\d)(?:1[5-9]|20)\d\d(?:年|(?!\d))|\d{1,2}月(?:\d{1,2}[日号])?|\d{4}-\d\d-\d\d"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b(?: \d{1,2})?"
)
_FIRST = re.compile(r"最[早旧老]|第1[期份张]|\b(?:first|earliest|oldest)\b")
_LAST = re.compile(r"最[新近晚后]|\b(?:last|latest|newest)\b")
_MISSING = re.compile(r"缺|没有收|\b(?:missing|lacks?|gaps?)\b")


_SAY = {
    "zh": {
        "paper": "《{}》",
        "nameless": "未署报名的报纸",
        "held": "{paper}收录了{days}的报纸,共{issues}期、{pages}个版。",
        "held, pages unknown": "{paper}收录了{days}的报纸,共{issues}期。",
        "of a day": "{day}的{paper}收录了第{pages}版。",
        "between": "{}至{}",
        "and": "、",
        "first": "最早的一期是{day}的{paper}。",
        "last": "最新的一期是{day}的{paper}。",
        "missing": "{paper}缺{days}的报纸。",
        "whole": "看不出{paper}在{days}之间缺哪一期。",
        "total": "档案共有{pages}个版面、{articles}篇文章。",
        "undated": "{paper}有{count}篇文章不知是哪天的报纸。",
        "undated, told": "{paper}有{count}篇文章不知是哪天的报纸,所记的是{days}的事。",
        "nothing": "档案没有收录{days}的报纸。",
        "empty": "档案里没有这样的报纸。",
    },
    "en": {
        "paper": "{}",
        "nameless": "A newspaper without a name",
        "held": "{paper}: {days}; issues: {issues}, pages: {pages}.",
        "held, pages unknown": "{paper}: {days}; issues: {issues}.",
        "of a day": "Of {paper} of {day} the archive has page {pages}.",
        "between": "{} to {}",
        "and": ", ",
        "first": "The earliest issue is {paper} of {day}.",
        "last": "The latest issue is {paper} of {day}.",
        "missing": "{paper} lacks {days}.",
        "whole": "{paper} seems to lack no issue of {days}.",
        "total": "In all the archive has {pages} pages and {articles} articles.",
        "undated": "Of {paper} there are articles of an unknown day of issue: {count}.",
        "undated, told": "Of {paper} there are articles of an unknown day of issue: {count}; they tell of {days}.",
        "nothing": "The archive has no newspaper of {days}.",
        "empty": "The archive has no such newspaper.",
    },
}


def is_asked(question: str, publications: Callable[[], Iterable[str]]) -> bool:
    """Whether a question names the archive, its newspapers, days, and nothing else.

    Which newspapers there are is only looked up if need be.

    >>> is_asked("收录了哪些日子的报纸?", list), is_asked("图书馆收录了哪些报纸?", list)
    (True, False)
    """
    text = plain(question)
    if not _ARCHIVE.search(text):
        return False
    for name in publications():
        text = text.replace(plain(name), " ")
    return not re.search(r"\w", _VOCABULARY.sub(" ", _DAY.sub(" ", text)))


def holdings(question: str, selection: Selection, catalogue: Catalogue) -> list[str]:
    """Say what the archive holds, a newspaper a sentence, of what question and filters leave."""
    text = plain(question)
    say = _SAY["zh" if is_chinese(text) else "en"]
    asked = understand(question).of(Sort.YEAR, Sort.DAY)
    named = {each for each in catalogue.publications() if plain(each) in text}

    def wanted(publication: str | None, day: str | None) -> bool:
        in_words = f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日" if day else ""
        return (
            selection.covers(day, publication)
            and (not named or publication in named)
            and all(
                term.found(in_words)
                or (term.sort is Sort.YEAR and in_words.startswith(YEAR_UNKNOWN))
                for term in asked
            )
        )

    issues = [each for each in catalogue.issues() if wanted(each[0], each[1].isoformat())]
    undated = [each for each in catalogue.undated() if wanted(each[0], each[1])]
    if not issues and not undated:
        days = "".join(match.group() for match in _DAY.finditer(text))
        return [say["nothing"].format(days=days) if days else say["empty"]]
    if issues and (ends := list(_ends(say, text, issues))):
        return ends
    told = [*_dated(say, text, issues, bool(asked)), *_undated(say, undated)]
    if not asked and not named and not selection:
        counts = catalogue.counts()
        told.append(say["total"].format(pages=counts.pages, articles=counts.articles))
    return told


def _ends(say: Mapping[str, str], text: str, issues: Collection[Issue]) -> Iterator[str]:
    """The earliest or the latest issue, where that is asked for."""
    for word, sign, end in (("first", _FIRST, min), ("last", _LAST, max)):
        if sign.search(text):
            publication, day, _ = end(issues, key=lambda each: (each[1], each[0] or ""))
            yield say[word].format(day=_day(say, day), paper=_paper(say, publication))


def _dated(
    say: Mapping[str, str], text: str, issues: Collection[Issue], of_days: bool
) -> Iterator[str]:
    """What it holds of newspapers whose days it knows."""
    for each in coverage(issues):
        paper = _paper(say, each.publication)
        days = sorted({day for publication, day, _ in issues if publication == each.publication})
        pages = sorted(page for name, _, page in issues if name == each.publication and page)
        if _MISSING.search(text):
            runs = [_between(say, first, last) for first, last in each.missing]
            word, told = (
                ("missing", runs) if runs else ("whole", [_between(say, days[0], days[-1])])
            )
            yield say[word].format(paper=paper, days=say["and"].join(told))
        elif of_days and len(days) == 1 and pages:
            yield say["of a day"].format(
                day=_day(say, days[0]), paper=paper, pages=say["and"].join(pages)
            )
        else:
            runs = [_between(say, *run) for run in _runs(days)]
            if len(runs) > SHOWN:
                runs = [_between(say, days[0], days[-1])]
            yield say["held" if each.pages else "held, pages unknown"].format(
                paper=paper, days=say["and"].join(runs), issues=each.issues, pages=each.pages
            )


def _undated(
    say: Mapping[str, str], undated: Iterable[tuple[str | None, str | None, int]]
) -> Iterator[str]:
    """What it holds of newspapers whose day of issue nothing says, and the days told of."""
    papers: dict[str | None, list[tuple[str | None, int]]] = defaultdict(list)
    for publication, day, count in undated:
        papers[publication].append((day, count))
    for publication, held in sorted(papers.items(), key=lambda item: item[0] or ""):
        days = [_told_day(say, day) for day, _ in sorted(held, key=lambda row: row[0] or "") if day]
        yield say["undated, told" if 0 < len(days) <= SHOWN else "undated"].format(
            paper=_paper(say, publication),
            count=sum(count for _, count in held),
            days=say["and"].join(days),
        )


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days in order, those that follow one another taken together."""
    for _, run in groupby(enumerate(days), lambda each: each[1] - timedelta(each[0])):
        together = [day for _, day in run]
        yield together[0], together[-1]


def _between(say: Mapping[str, str], first: date, last: date) -> str:
    if first == last:
        return _day(say, first)
    return say["between"].format(_day(say, first), _day(say, last))


def _day(say: Mapping[str, str], day: date) -> str:
    return _told_day(say, day.isoformat())


def _told_day(say: Mapping[str, str], edtf: str) -> str:
    """A day in words; of one without its year, month and day."""
    return in_words(edtf, chinese=say is _SAY["zh"])


def _paper(say: Mapping[str, str], publication: str | None) -> str:
    return say["paper"].format(publication) if publication else say["nameless"]
