"""A first draft of gold questions, drawn from the archive at hand, for a person to check.

Half of the work of measuring one's own archive is to write questions down with their answers. A
sentence that tells a number, a day or a name becomes a question for it: Chinese asks where the
answer would stand, so the answer's words give way to 多少, and the rest stays. What the archive
doesn't say comes from such questions by another year, number or name, one that no article holds.
Whether Baowen answers a question plays no part, or the figures would flatter it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, zip_longest
from random import Random

from qa.citing import quotable
from qa.suggesting import Drawn, drawn_from
from vectorstore.articles import Article
from vectorstore.catalogue import Catalogue
from vectorstore.words import is_chinese

SEED = 20_240_517
ANSWERABLE = 2 / 3
"""Of the questions drafted."""
_READ = 8
"""Articles read for each question wanted."""

_HAN = "[一-鿿]"
_COUNTED = re.compile(
    rf"(?:^|[,，。;；:：])(?P<before>{_HAN}[^\s\d,，。;；:：!?！？“”()（）]{{3,24}}?)(?P<answer>\d[\d.]*[万亿]?)"
    rf"(?:余|多)?(?P<unit>(?!年|月|日|时|点|号|届|次){_HAN})(?P<after>[^\d,，。;；:：!?！？“”()（）]{{0,14}})(?=[,，。;；!?！？]|$)"
)
_DATED = re.compile(
    r"(?P<answer>\d{1,2}月\d{1,2}日)(?:[上下]午|晚|起)?[,，]?"
    rf"(?P<thing>(?![在从自到至由为向对把被将]|提前|推迟|[上下]午){_HAN}[^\s,，。;；:：!?！？“”()（）]{{6,30}})(?=[,，。])"
)
_COUNTED_IN_ENGLISH = re.compile(
    r"\b(?P<answer>\d[\d,]*) (?P<what>(?:[a-z]+ ){0,2}[a-z]+s) "
    r"(?P<rest>(?:were|are|have|had|will) [^.,;:!?\"“”]{5,70})"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|\b)")
_ASKING = re.compile(r"^的|什么时候|是(?:哪天|谁|多少)|召开的|\?$")
"""What a question has beside the thing that it is about and what is asked of it."""
_THIS_YEAR = re.compile(r"[今去明前](?=年)")
_ORDINAL = re.compile(r"(?<=第)\d+(?=[次届期])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A question as a line of gold, and where it comes from."""

    question: str
    history: tuple[str, ...] = ()
    answerable: bool = True
    must: tuple[str, ...] = ()
    quote: str | None = None
    kind: str
    checked: bool = False
    drawn_from: str
    """The sentence that it was made of."""
    headline: str
    file: str

    def line(self) -> str:
        """As JSON, on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


def drafts(catalogue: Catalogue, count: int, random: Random | None = None) -> list[Draft]:
    """So many questions, spread over the archive, or as many as it gives; the same each time."""
    random = random or Random(SEED)  # noqa: S311 - to choose, not to hide
    articles = _some(catalogue, count * _READ, random)
    drawn = _spread([list(_drawn(article)) for article in articles])
    wanted = round(count * ANSWERABLE)
    asked, rest = drawn[:wanted], drawn[wanted:] + drawn[:wanted]
    random.shuffle(rest)
    changed = list(_unanswerable(catalogue, rest, count - len(asked), random))
    return [*(draft for draft, _ in asked), *changed]


def _some(catalogue: Catalogue, count: int, random: Random) -> list[Article]:
    """Articles drawn from all, each as likely as any other; all where there are no more."""
    held: list[Article] = []
    seen, cursor = 0, None
    while True:
        articles, cursor = catalogue.articles(cursor=cursor, limit=100)
        for article in articles:
            seen += 1
            if len(held) < count:
                held.append(article)
            elif (at := random.randrange(seen)) < count:
                held[at] = article
        if cursor is None:
            random.shuffle(held)
            return held


def _spread(by_article: Sequence[Sequence[tuple[Draft, str]]]) -> list[tuple[Draft, str]]:
    """The first of each article, then the second of each, no question twice."""
    by_question: dict[str, tuple[Draft, str]] = {}
    for each in filter(None, chain.from_iterable(zip_longest(*by_article))):
        by_question.setdefault(each[0].question, each)
    return list(by_question.values())


def _drawn(article: Article) -> Iterator[tuple[Draft, str]]:
    """What an article's sentences answer, each with what it is about, if that has a name."""
    for kind, each in chain(
        (("named", each) for each in drawn_from(article)), _asked_in_place(article)
    ):
        sentence = article.text[each.start : each.end]
        yield (
            Draft(
                question=each.question,
                must=(each.answer,),
                quote=sentence,
                kind=kind,
                drawn_from=sentence,
                headline=" ".join(article.headline),
                file=article.source.file,
            ),
            each.thing,
        )


def _asked_in_place(article: Article) -> Iterator[tuple[str, Drawn]]:
    for start, end in quotable(article):
        sentence = article.text[start:end]
        if match := _COUNTED.search(sentence):
            before, unit, after = match.group("before", "unit", "after")
            question = f"{before}多少{unit}{after}?"
            yield "number", Drawn(question, "", match["answer"], start, end)
        if match := _DATED.search(sentence):
            yield "day", Drawn(f"{match['thing']}是哪一天?", "", match["answer"], start, end)
        if match := _COUNTED_IN_ENGLISH.search(sentence):
            question = f"How many {match['what']} {match['rest'].strip()}?"
            yield "number", Drawn(question, "", match["answer"], start, end)


@dataclass(frozen=True, slots=True)
class _Change:
    """A question about what the archive doesn't say, unless an article holds ``new``."""

    kind: str
    question: str
    new: str
    """Words, parted by blanks."""


def _unanswerable(
    catalogue: Catalogue, drawn: Sequence[tuple[Draft, str]], count: int, random: Random
) -> Iterator[Draft]:
    """Questions that no article answers, as far as words can tell."""
    things = sorted({thing for _, thing in drawn if thing})
    newest = max((day.year for _, day, _ in catalogue.issues()), default=2_000)
    years = [str(newest + after) for after in range(1, 10)]
    given = 0
    for draft, thing in drawn:
        if given == count:
            return
        changes = list(_changes(draft.question, thing, things, years, random))
        random.shuffle(changes)  # or drafts would have the first kind alone
        for change in changes:
            if not catalogue.articles(query=change.new, limit=1)[0]:
                given += 1
                yield replace(
                    draft,
                    question=change.question,
                    answerable=False,
                    must=(),
                    quote=None,
                    kind=change.kind,
                )
                break


def _changes(
    question: str, thing: str, things: Sequence[str], years: Sequence[str], random: Random
) -> Iterator[_Change]:
    if match := _ORDINAL.search(question):
        other = str(int(match.group()) + random.randint(1, 9))
        new = f"第{other}{question[match.end()]}"
        if thing and match.group() in thing:
            new = thing.replace(f"第{match.group()}", f"第{other}")
        asked = question[: match.start()] + other + question[match.end() :]
        yield _Change("another number", asked, new)
    alike = [each for each in things if each[-2:] == thing[-2:] and each != thing]
    if thing and alike:
        other = random.choice(alike)
        what = _ASKING.sub("", question.partition(thing)[2])
        if what:
            yield _Change("another name", question.replace(thing, other), f"{other} {what}")
    year = random.choice(years)
    if match := _YEAR.search(question) or _THIS_YEAR.search(question):
        asked = question[: match.start()] + year + question[match.end() :]
    elif is_chinese(question):
        year, asked = f"{year}年", f"{year}年{question}"
    else:
        asked = f"{question.removesuffix('?')} in {year}?"
    yield _Change("another year", asked, year)
