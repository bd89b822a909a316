"""One question asked, and how it went."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.answering import AnswerEvent
from qa.answers import CATALOGUE, Answer, Citation, Question
from qa.citing import cite, quotable
from qa.evaluation.citations import Judge, Proof, Support, proof, support
from qa.evaluation.likeness import best_f1, holds, is_exactly, shares_half
from qa.evaluation.questions import Gold
from qa.evaluation.refusal import Leaning
from qa.evaluation.retrieval import Ranking, ranking
from vectorstore.articles import Article
from vectorstore.catalogue import Catalogue

LONGEST_ANSWER = 240
_MARKS = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went."""

    gold: Gold
    answer: Answer
    right: bool
    """All that must be said is said, in 240 characters, with a citation of the right place."""
    said: bool
    """All that must be said is said."""
    brief: bool
    """It is answered, in 240 characters."""
    supporting: int
    """Citations whose quote supports the answer."""
    verbatim: int
    """Citations that stand in their article where they say."""
    length_ratio: float | None
    """The answer's length against the shortest sentence that holds a single fact."""
    exact: bool
    """The answer is what must be said and nothing else."""
    f1: float | None
    """Of its characters against what must be said; None where nothing must."""
    ranking: Ranking | None
    leaning: Leaning | None
    support: Support | None
    proof: Proof | None


def evaluate(
    questions: Iterable[Gold],
    ask: Callable[[Question], AnswerEvent],
    catalogue: Catalogue,
    judged_by: Judge | None = None,
) -> Iterator[Outcome]:
    """Ask each question, its history before it in the same conversation, and judge the answer.

    Where ``ask`` doesn't tell what an answer was drawn from, ranking and leaning aren't known.
    """
    for each in questions:
        conversation = None
        for earlier in each.history:
            asked = ask(Question(text=earlier, conversation=conversation))
            conversation = asked.answer.conversation
        given = ask(Question(text=each.question, conversation=conversation, as_of=each.as_of))
        yield judge(each, given, catalogue, judged_by)


def judge(
    each: Gold, given: AnswerEvent, catalogue: Catalogue, judged_by: Judge | None = None
) -> Outcome:
    """Hold one answer, and what it was drawn from, against what is known of it."""
    answer = given.answer
    text = _MARKS.sub("", answer.text) if answer.answered else ""
    places = {place.article_id for hit in given.hits for place in (hit.passage, *hit.places)}
    articles = catalogue.articles_by_id({cited.article.id for cited in answer.citations} | places)
    supporting = [cited for cited in answer.citations if supports(cited, each)]
    right = each.answerable and _is_right(text, answer.citations, each)
    return Outcome(
        gold=each,
        answer=answer,
        right=right,
        said=bool(text) and _says(text, each),
        brief=bool(text) and len(text) <= LONGEST_ANSWER,
        supporting=len(supporting) if each.answerable else 0,
        verbatim=sum(
            cited.article.id in articles
            and articles[cited.article.id].text[cited.start : cited.end] == cited.quote
            for cited in answer.citations
        ),
        length_ratio=_length_ratio(text, each, supporting, catalogue) if right else None,
        exact=bool(text) and is_exactly(text, each.must),
        f1=best_f1(text, each.must) if each.must else None,
        ranking=ranking(each, given.hits, articles) if given.hits else None,
        leaning=_leaning(each, given, articles, right),
        support=support(answer, judged_by) if judged_by and answer.citations else None,
        proof=proof(answer, each),
    )


def supports(cited: Citation, each: Gold) -> bool:
    """Whether a quote holds half of the gold quote, or something that must be said."""
    if each.quote and shares_half(cited.quote, each.quote):
        return True
    return any(holds(cited.quote, group) for group in each.must)


def _is_right(text: str, cited: Iterable[Citation], each: Gold) -> bool:
    placed = any(_of_right_place(one, each) for one in cited)
    return bool(text) and _says(text, each) and len(text) <= LONGEST_ANSWER and placed


def _says(text: str, each: Gold) -> bool:
    return all(holds(text, group) for group in each.must)


def _leaning(
    each: Gold, given: AnswerEvent, articles: Mapping[str, Article], right: bool
) -> Leaning | None:
    """What was withheld is judged by its likeliest sentence, as if that had been the answer."""
    if not given.hits or given.answer.writer == CATALOGUE:
        return None
    best = next((one for one in given.evidence if one.article_id in articles), None)
    if best and not given.answer.answered:
        cited = cite(articles[best.article_id], best.start, best.end)
        right = each.answerable and _is_right(best.text, [cited], each)
    return Leaning(each.answerable, best.probability if best else 0.0, right)


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


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One JSON object an outcome, to look at what went wrong."""
    for each in outcomes:
        yield json.dumps(
            {
                "question": each.gold.question,
                "kind": each.gold.kind,
                "answerable": each.gold.answerable,
                "answered": each.answer.answered,
                "right": each.right,
                "text": each.answer.text,
                "must": each.gold.must,
                "f1": each.f1,
                "found_at": each.ranking and each.ranking.enough,
                "confidence": each.leaning and each.leaning.confidence,
            },
            ensure_ascii=False,
        )
