"""Words to find a text by: jieba's search mode, and pairs of neighbouring Chinese characters."""

import re
import unicodedata

import rjieba

_WORD = re.compile(r"\w")
_HAN_RUN = re.compile(r"[㐀-鿿豈-﫿]+")


def fold(text: str) -> str:
    """Full width to half, upper case to lower: how a text is compared, never how it is shown."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of a text, long ones also in their parts, punctuation left out.

    >>> words("领导小组第124次会议")
    ['领导', '小组', '领导小组', '第', '124', '次', '会议']
    """
    return [word for word in rjieba.cut_for_search(fold(text)) if _WORD.search(word)]


def bigrams(text: str) -> list[str]:
    """Each two neighbouring Chinese characters: finds the names that no dictionary knows.

    >>> bigrams("闫家营村")
    ['闫家', '家营', '营村']
    """
    return [run[at : at + 2] for run in _HAN_RUN.findall(fold(text)) for at in range(len(run) - 1)]
