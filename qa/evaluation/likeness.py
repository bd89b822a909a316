"""How alike two texts are: what is said against what is known."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from statistics import fmean

from vectorstore.words import fold

_TOKEN = re.compile(r"[㐀-鿿豈-﫿]|[^\W㐀-鿿豈-﫿]+")
"""A Chinese character, or a run of other letters and digits."""


def holds(text: str, alternatives: Sequence[str]) -> bool:
    """Whether one of the alternatives stands in the text, whatever its width and case."""
    folded = _close(text)
    return any(_close(each) in folded for each in alternatives)


def shares_half(quote: str, wanted: str) -> bool:
    """Whether the longest stretch that two texts share is half of the wanted one at least."""
    one, other = _close(quote), _close(wanted)
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return 2 * match.size >= len(other)


def tokens(text: str) -> list[str]:
    """Chinese characters one by one, other words whole, punctuation left out.

    >>> tokens("Windows 3.1有8级。")
    ['windows', '3', '1', '有', '8', '级']
    """
    return _TOKEN.findall(fold(text))


def f1(said: str, wanted: str) -> float:
    """F1 of the longest run of tokens that two texts share, as CMRC 2018 measures it."""
    one, other = tokens(said), tokens(wanted)
    shared = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return 2 * shared / (len(one) + len(other)) if shared else 0.0


def best_f1(said: str, groups: Iterable[Sequence[str]]) -> float:
    """F1 against the likest alternative of each group, the mean of the groups; at least one."""
    return fmean(max(f1(said, each) for each in group) for group in groups)


def is_exactly(said: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a text is one of the alternatives and nothing else; several groups never are."""
    return len(groups) == 1 and any(tokens(said) == tokens(each) for each in groups[0])


def _close(text: str) -> str:
    return re.sub(r"[\s,，、。;；:：]", "", fold(text))
