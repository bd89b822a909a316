"""Gold questions to figures: how often what is asked is found, answered right, cited, or rightly withheld."""

from qa.evaluation.judging import Outcome, evaluate, judge, lines
from qa.evaluation.likeness import shares_half
from qa.evaluation.questions import BadGold, Gold, gold
from qa.evaluation.summary import Figures, figures

__all__ = [
    "BadGold",
    "Figures",
    "Gold",
    "Outcome",
    "evaluate",
    "figures",
    "gold",
    "judge",
    "lines",
    "shares_half",
]
