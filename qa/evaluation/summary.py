"""Outcomes to figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median

import numpy as np

from qa.answers import CATALOGUE
from qa.evaluation.citations import Citing
from qa.evaluation.estimates import Estimate, mean, ratio, share
from qa.evaluation.judging import Outcome
from qa.evaluation.refusal import Refusal, refusal
from qa.evaluation.retrieval import Retrieval, retrieval


@dataclass(frozen=True, slots=True)
class Group:
    """What questions of one kind show; None where there was nothing to measure."""

    questions: int
    right: Estimate | None
    """Of those that the archive answers."""
    refused: Estimate | None
    """Of those that it doesn't."""
    hit_5: Estimate | None
    """Of those whose gold place is known, those found in the first five places."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the answers to answerable questions show."""

    right: Estimate | None
    said: Estimate | None
    brief: Estimate | None
    """Of those that were answered, those in 240 characters."""
    exact_match: Estimate | None
    f1: Estimate | None
    by_kind: dict[str, Group]


@dataclass(frozen=True, slots=True)
class Stage:
    """What one step of answering took, in milliseconds."""

    median: float
    p95: float


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
    retrieval: Retrieval | None
    """None where it isn't told what was found, or where gold doesn't say what was to be."""
    answers: Answers
    refusal: Refusal
    citing: Citing
    first_questions: Group
    """Those without a history."""
    follow_ups: Group
    stages_ms: dict[str, Stage]

    def rows(self) -> Iterator[tuple[str, object]]:
        """Names and values, in their order."""
        yield from asdict(self).items()


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Sum up how the questions went."""
    answers, refused, citing = _answers(outcomes), _refusal(outcomes), _citing(outcomes)
    ratios = [each.length_ratio for each in outcomes if each.length_ratio is not None]
    stages = _stages(outcomes)
    return Figures(
        questions=len(outcomes),
        answerable=sum(each.gold.answerable for each in outcomes),
        right=_value(answers.right),
        said=_value(answers.said),
        refused=_value(refused.recall),
        wrongly_refused=_value(refused.wrongly_refused),
        citations=sum(len(each.answer.citations) for each in outcomes),
        citation_precision=_value(citing.support),
        verbatim=_value(citing.validity),
        uncited_sentences=sum(
            not sentence.citations
            for each in outcomes
            if each.answer.answered and each.answer.writer != CATALOGUE
            for sentence in each.answer.sentences
        ),
        length_ratio=median(ratios) if ratios else None,
        median_ms=stages["total"].median if "total" in stages else None,
        retrieval=retrieval([each.ranking for each in outcomes if each.ranking]),
        answers=answers,
        refusal=refused,
        citing=citing,
        first_questions=_group([each for each in outcomes if not each.gold.history]),
        follow_ups=_group([each for each in outcomes if each.gold.history]),
        stages_ms=stages,
    )


def _answers(outcomes: Sequence[Outcome]) -> Answers:
    answerable = [each for each in outcomes if each.gold.answerable]
    worded = [(each.exact, each.f1) for each in answerable if each.f1 is not None]
    kinds = dict.fromkeys(each.gold.kind for each in outcomes)
    return Answers(
        right=share(each.right for each in answerable),
        said=share(each.said for each in answerable),
        brief=share(each.brief for each in answerable if each.answer.answered),
        exact_match=share(exact for exact, _ in worded),
        f1=mean(f1 for _, f1 in worded),
        by_kind={
            kind: _group([each for each in outcomes if each.gold.kind == kind])
            for kind in sorted(filter(None, kinds))
        },
    )


def _group(outcomes: Sequence[Outcome]) -> Group:
    return Group(
        len(outcomes),
        share(each.right for each in outcomes if each.gold.answerable),
        share(not each.answer.answered for each in outcomes if not each.gold.answerable),
        share(each.ranking.within(5) for each in outcomes if each.ranking),
    )


def _refusal(outcomes: Sequence[Outcome]) -> Refusal:
    return refusal(
        [(not each.answer.answered, not each.gold.answerable) for each in outcomes],
        [each.leaning for each in outcomes if each.leaning],
    )


def _citing(outcomes: Sequence[Outcome]) -> Citing:
    judged = [each.support for each in outcomes if each.support]
    proofs = [each.proof for each in outcomes if each.proof]
    return Citing(
        validity=_shares((each.verbatim, len(each.answer.citations)) for each in outcomes),
        support=_shares((each.supporting, len(each.answer.citations)) for each in outcomes),
        recall=_shares((each.supported, each.sentences) for each in judged),
        precision=_shares((each.needed, each.citations) for each in judged),
        proof_recall=_shares((each.found, each.wanted) for each in proofs),
        proof_precision=_shares((each.proving, each.cited) for each in proofs),
    )


def _shares(parts: Iterable[tuple[int, int]]) -> Estimate | None:
    """Of several cases a question, of which some hold: drawn by question, as they hang together."""
    return ratio(part for part in parts if part[1])


def _stages(outcomes: Sequence[Outcome]) -> dict[str, Stage]:
    names = dict.fromkeys(name for each in outcomes for name in each.answer.timings_ms)
    spent = {
        name: [each.answer.timings_ms[name] for each in outcomes if name in each.answer.timings_ms]
        for name in names
    }
    return {
        name: Stage(float(median(times)), float(np.percentile(times, 95)))
        for name, times in spent.items()
    }


def _value(estimate: Estimate | None) -> float | None:
    return estimate.value if estimate else None
