"""Evidence to the sentences of an answer: verbatim, in reading order, as few as will do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers import Evidence
from qa.understanding import Asked, Kind, Sort, plain

SURE = 0.5
"""Nothing less likely than this is given as an answer."""
NEAR = 0.85
"""A second sentence is given when it is this nearly as likely as the first."""
LONGEST = 225
"""Characters of an answer, its marks not counted."""


def choose(question: str, asked: Asked, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that answer, in reading order; none where the archive doesn't say.

    One, unless a second is nearly as likely and holds what the first lacks.
    """
    best = max(evidence, key=lambda each: each.probability, default=None)
    if best is None or best.probability < SURE:
        return []
    chosen = [best]
    for other in sorted(evidence, key=lambda each: -each.probability):
        if other is best or other.probability < max(SURE, NEAR * best.probability):
            continue
        if len(best.text) + len(other.text) <= LONGEST and other.text != best.text:
            chosen.append(other)
            break
    return sorted(chosen, key=lambda each: (each.article_id != best.article_id, each.start))
