"""What is withheld, rightly or wrongly, and what another bar would have withheld.

The answerer's best sentence has a probability; at or above the bar it is given. So how every other
bar would have fared is known without asking again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluation.estimates import Estimate, area, f_measure, share

BARS = tuple(at / 50 for at in range(51))
"""Where the curve is measured."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """How one question would be treated at any bar."""

    answerable: bool
    confidence: float
    """Of its likeliest sentence, from 0 to 1; 0 where there is none."""
    right: bool
    """Whether the answer that was given is right, or the one that was withheld would have been."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What one bar would do."""

    bar: float
    coverage: float
    """Questions that are answered, of all."""
    risk: float | None
    """Answers that are wrong, of those given; None where none is."""
    right: float | None
    """Right answers, of the answerable questions."""
    refused: float | None
    """Questions withheld, of those that have no answer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a set's refusals show; None where there was nothing to measure."""

    precision: Estimate | None
    """Refused questions that have no answer, of all refused."""
    recall: Estimate | None
    """Refused questions, of those that have no answer."""
    f1: Estimate | None
    wrongly_refused: Estimate | None
    """Refused questions, of those that have an answer."""
    auc: Estimate | None
    """How often a question with an answer has the higher confidence than one without."""
    curve: tuple[Bar, ...]
    """Empty where confidence isn't known."""


def refusal(cases: Sequence[tuple[bool, bool]], leanings: Sequence[Leaning]) -> Refusal:
    """Sum up; cases are pairs: whether a question was refused, and whether it should have been."""
    return Refusal(
        precision=share(wanted for refused, wanted in cases if refused),
        recall=share(refused for refused, wanted in cases if wanted),
        f1=f_measure(cases),
        wrongly_refused=share(refused for refused, wanted in cases if not wanted),
        auc=area(
            [each.confidence for each in leanings if each.answerable],
            [each.confidence for each in leanings if not each.answerable],
        ),
        curve=tuple(_at(bar, leanings) for bar in BARS) if leanings else (),
    )


def _at(bar: float, leanings: Sequence[Leaning]) -> Bar:
    given = [each for each in leanings if each.confidence >= bar]
    right = sum(each.answerable and each.right for each in given)
    answerable = sum(each.answerable for each in leanings)
    others = len(leanings) - answerable
    withheld = others - sum(not each.answerable for each in given)
    return Bar(
        bar,
        len(given) / len(leanings),
        1 - right / len(given) if given else None,
        right / answerable if answerable else None,
        withheld / others if others else None,
    )
