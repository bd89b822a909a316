"""Gold questions to figures: how often the answer is right, cited, short, or rightly withheld."""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from qa.answers import CATALOGUE, Answer, Citation, Question
from qa.citing import quotable
from vectorstore.catalogue import Catalogue
from vectorstore.words import fold

LONGEST_ANSWER = 240
_MARKS = re.compile(r"\[\d+\]")


class BadGold(ValueError):
    """A file of gold questions that can't be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and what is known of its answer."""

    question: str
    history: tuple[str, ...]
    answerable: bool
    must: tuple[tuple[str, ...], ...]
    """Of every group one alternative must stand in the answer."""
    quote: str | None
    """A passage that supports it, verbatim."""
    records: tuple[str, ...]
    """Ids of the records that hold it."""
    as_of: date | None = None
    """The day on which it is asked; of a year alone its last day."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went."""

    gold: Gold
    answer: Answer
    right: bool
    """All that must be said is said, in 240 characters, with a citation of the right place."""
    said: bool
    """All that must be said is said."""
    supporting: int
    """Citations whose quote supports the answer."""
    verbatim: int
    """Citations that stand in their article where they say."""
    length_ratio: float | None
    """The answer's length against the shortest sentence that holds a single fact."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of questions shows; shares are from 0 to 1, None where nothing was asked."""

    questions: int
    answerable: int
    right: float | None
    said: float | None
    refused: float | None
    """Of the questions that the archive doesn't answer."""
    wrongly_refused: float | None
    citations: int
    citation_precision: float | None
    """Of all citations given, those whose quote supports the answer."""
    verbatim: float | None
    uncited_sentences: int
    length_ratio: float | None
    """Median, over right answers to questions about a single fact."""
    median_ms: float | None

    def rows(self) -> Iterator[tuple[str, object]]:
        """Names and values, in their order."""
        yield from asdict(self).items()


def _last_day(of: object) -> object:
    """The last day of a year that stands alone."""
    return f"{of}-12-31" if re.fullmatch(r"\d{4}", str(of)) else of


class _Line(BaseModel):
    """Both shapes of gold: strings that must be said, or answers any of which will do."""

    model_config = ConfigDict(extra="ignore")

    question: str
    history: list[str | dict[str, str]] = []
    answerable: bool = True
    must: list[str] | None = None
    quote: str | None = None
    answers: list[str] = []
    answer_groups: list[list[str]] = []
    gold_doc_ids: list[str] = []
    doc: str | None = None
    as_of: Annotated[date | None, BeforeValidator(_last_day)] = None

    def gold(self) -> Gold:
        if self.must is not None:
            must = tuple(tuple(group.split("|")) for group in self.must)
        elif self.answer_groups:
            must = tuple(map(tuple, self.answer_groups))
        else:
            must = (tuple(self.answers),) if self.answers else ()
        return Gold(
            self.question,
            tuple(turn if isinstance(turn, str) else turn["question"] for turn in self.history),
            self.answerable,
            must,
            self.quote,
            (*self.gold_doc_ids, *((self.doc,) if self.doc else ())),
            self.as_of,
        )


def gold(path: Path) -> list[Gold]:
    """Read gold questions, one JSON object a line, gzipped or plain. Raises ``BadGold``."""
    opened = gzip.open if path.suffix == ".gz" else open
    found = []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        found.append(_Line.model_validate_json(line).gold())
                    except (ValidationError, KeyError) as error:
                        raise BadGold(
                            f"{path}, line {number}: a question is an object with at least "
                            f'"question", and "must" or "answers": {_first(error)}'
                        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't in UTF-8"
        raise BadGold(f"{path} can't be read: {reason or error}") from error
    if not found:
        raise BadGold(f"{path} holds no question")
    return found


def evaluate(
    questions: Iterable[Gold], ask: Callable[[Question], Answer], catalogue: Catalogue
) -> Iterator[Outcome]:
    """Ask each question, its history before it in the same conversation, and judge the answer."""
    for each in questions:
        conversation = None
        for earlier in each.history:
            conversation = ask(Question(text=earlier, conversation=conversation)).conversation
        answer = ask(Question(text=each.question, conversation=conversation, as_of=each.as_of))
        yield judge(each, answer, catalogue)


def judge(each: Gold, answer: Answer, catalogue: Catalogue) -> Outcome:
    """Hold one answer against what is known of it."""
    text = _MARKS.sub("", answer.text) if answer.answered else ""
    articles = catalogue.articles_by_id({cited.article.id for cited in answer.citations})
    said = bool(text) and all(holds(text, group) for group in each.must)
    supporting = [cited for cited in answer.citations if supports(cited, each)]
    placed = any(_of_right_place(cited, each) for cited in answer.citations)
    right = each.answerable and said and len(text) <= LONGEST_ANSWER and placed
    return Outcome(
        each,
        answer,
        right,
        said,
        len(supporting) if each.answerable else 0,
        sum(
            cited.article.id in articles
            and articles[cited.article.id].text[cited.start : cited.end] == cited.quote
            for cited in answer.citations
        ),
        _length_ratio(text, each, supporting, catalogue) if right else None,
    )


def holds(text: str, alternatives: Sequence[str]) -> bool:
    """Whether one of the alternatives stands in the text, whatever its width and case."""
    folded = _close(text)
    return any(_close(each) in folded for each in alternatives)


def supports(cited: Citation, each: Gold) -> bool:
    """Whether a quote holds half of the gold quote, or something that must be said."""
    if each.quote and shares_half(cited.quote, each.quote):
        return True
    return any(holds(cited.quote, group) for group in each.must)


def shares_half(quote: str, wanted: str) -> bool:
    """Whether the longest stretch that two texts share is half of the wanted one at least."""
    one, other = _close(quote), _close(wanted)
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return 2 * match.size >= len(other)


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Sum up how the questions went."""
    answerable = [each for each in outcomes if each.gold.answerable]
    others = [each for each in outcomes if not each.gold.answerable]
    cited = sum(len(each.answer.citations) for each in outcomes)
    ratios = [each.length_ratio for each in outcomes if each.length_ratio is not None]
    return Figures(
        questions=len(outcomes),
        answerable=len(answerable),
        right=_share(each.right for each in answerable),
        said=_share(each.said for each in answerable),
        refused=_share(not each.answer.answered for each in others),
        wrongly_refused=_share(not each.answer.answered for each in answerable),
        citations=cited,
        citation_precision=sum(each.supporting for each in outcomes) / cited if cited else None,
        verbatim=sum(each.verbatim for each in outcomes) / cited if cited else None,
        uncited_sentences=sum(
            not sentence.citations
            for each in outcomes
            if each.answer.answered and each.answer.writer != CATALOGUE
            for sentence in each.answer.sentences
        ),
        length_ratio=median(ratios) if ratios else None,
        median_ms=median(each.answer.timings_ms["total"] for each in outcomes)
        if outcomes
        else None,
    )


def _of_right_place(cited: Citation, each: Gold) -> bool:
    if each.quote:
        return shares_half(cited.quote, each.quote)
    printed = {article.source.record for article in (cited.article, *cited.also)}
    return not each.records or bool(printed.intersection(each.records))


def _length_ratio(
    text: str, each: Gold, supporting: Sequence[Citation], catalogue: Catalogue
) -> float | None:
    """Only for a single fact; sentences are those of the articles that support it."""
    if len(each.must) != 1:
        return None
    articles = catalogue.articles_by_id({cited.article.id for cited in supporting})
    lengths = [
        end - start
        for article in articles.values()
        for start, end in quotable(article)
        if holds(article.text[start:end], each.must[0])
        and (not each.quote or shares_half(article.text[start:end], each.quote))
    ]
    return len(text) / min(lengths) if lengths else None


def _close(text: str) -> str:
    return re.sub(r"[\s,，、。;；:：]", "", fold(text))


def _share(cases: Iterable[bool]) -> float | None:
    listed = list(cases)
    return sum(listed) / len(listed) if listed else None


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One JSON object an outcome, to look at what went wrong."""
    for each in outcomes:
        yield json.dumps(
            {
                "question": each.gold.question,
                "answerable": each.gold.answerable,
                "answered": each.answer.answered,
                "right": each.right,
                "text": each.answer.text,
                "must": each.gold.must,
            },
            ensure_ascii=False,
        )
