"""Figures with how far to trust them: each with an interval that holds it in 95 of 100 samples.

Shares have Wilson's interval; all else is drawn again a thousand times from its own questions, always
by the same seed, so that the same outcomes give the same figures.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

DRAWS = 1_000
SEED = 20_240_517
_Z = 1.959964
"""Of the normal distribution: 95 % lies within so many standard deviations."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the interval around it, and of how many cases it is."""

    value: float
    low: float
    high: float
    count: int


def share(cases: Iterable[bool]) -> Estimate | None:
    """The share of cases that are true; None of no case. Wilson, JASA 22 (1927)."""
    listed = list(cases)
    count = len(listed)
    if not count:
        return None
    value = sum(listed) / count
    spread = _Z**2 / count
    middle = (value + spread / 2) / (1 + spread)
    half = _Z * sqrt(value * (1 - value) / count + spread / (4 * count)) / (1 + spread)
    return Estimate(value, max(0.0, middle - half), min(1.0, middle + half), count)


def mean(values: Iterable[float]) -> Estimate | None:
    """The mean; None of no value."""
    listed = list(values)
    return ratio((value, 1) for value in listed)


def ratio(parts: Iterable[tuple[float, float]]) -> Estimate | None:
    """The sum of the first parts over that of the second, one pair a question; None over nothing.

    ``count`` is the sum of the second ones: citations, say, where questions give several each.
    """
    pairs = np.array(list(parts), dtype=np.float64).reshape(-1, 2)
    below = int(pairs[:, 1].sum())
    if not below:
        return None
    return _estimate(lambda drawn: _over(*pairs[drawn].sum(axis=0)), len(pairs), below)


def f_measure(cases: Sequence[tuple[bool, bool]]) -> Estimate | None:
    """F1 of what was given against what was wanted; cases are pairs of the two."""
    pairs = np.array(cases, dtype=np.float64).reshape(-1, 2)

    def of(drawn: npt.NDArray[np.int64]) -> float:
        given, wanted = pairs[drawn].T
        return _over(2 * float((given * wanted).sum()), float(given.sum() + wanted.sum()))

    return _estimate(of, len(pairs), len(pairs)) if pairs.any() else None


def area(yes: Sequence[float], no: Sequence[float]) -> Estimate | None:
    """Area under the ROC curve: how often a score of ``yes`` is above one of ``no``, ties half.

    None where either is empty. Drawn again, each side keeps its number.
    """
    if not yes or not no:
        return None
    one, other = np.array(yes)[:, None], np.array(no)[None, :]
    above = (one > other) + 0.5 * (one == other)
    random = np.random.default_rng(SEED)
    rows, columns = (
        random.multinomial(count, np.full(count, 1 / count), DRAWS) / count for count in above.shape
    )
    low, high = np.percentile(((rows @ above) * columns).sum(axis=1), (2.5, 97.5))
    return Estimate(float(above.mean()), float(low), float(high), len(yes) + len(no))


def _estimate(of: Callable[[npt.NDArray[np.int64]], float], size: int, count: int) -> Estimate:
    random = np.random.default_rng(SEED)
    drawn = np.array([of(random.integers(size, size=size)) for _ in range(DRAWS)])
    known = drawn[~np.isnan(drawn)]
    low, high = np.percentile(known, (2.5, 97.5))
    return Estimate(of(np.arange(size)), float(low), float(high), count)


def _over(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")
