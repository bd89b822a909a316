"""Words to find a text by: jieba's search mode, and pairs of neighbouring Chinese characters."""

import re
import unicodedata
from functools import cache

import rjieba
from opencc import OpenCC

_WORD = re.compile(r"\w")
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
"""Ranges of code points of Chinese characters, ends exclusive."""
_HAN_RUN = re.compile(r"[㐀-鿿豈-﫿]+")


def fold(text: str) -> str:
    """Full width to half, upper case to lower: how a text is compared, never how it is shown."""
    return unicodedata.normalize("NFKC", text).lower()


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters: then it is answered in Chinese."""
    return any("一" <= char <= "鿿" for char in text)


def simplified(text: str) -> str:
    """Traditional characters to simplified, one for one, so that offsets stay.

    >>> simplified("圖書館於七月重開")
    '图书馆于七月重开'
    """
    return text if text.isascii() else text.translate(_traditional())


@cache
def _traditional() -> dict[int, str]:
    """OpenCC's table of characters; its phrases are left out, for they may change the length."""
    every = [chr(at) for first, last in _HAN for at in range(first, last)]
    simple = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(old): new for old, new in zip(every, simple, strict=True) if old != new}


DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
"""Chinese numerals below ten."""
_POWERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


def spelt_out(numeral: str) -> int:
    """What a Chinese numeral with powers amounts to.

    >>> spelt_out("十二"), spelt_out("一百二十四"), spelt_out("八千三百万")
    (12, 124, 83000000)
    """
    total = section = digit = 0
    for char in numeral:
        if char in DIGITS:
            digit = DIGITS[char]
        elif _POWERS[char] < 10_000:
            section, digit = section + (digit or 1) * _POWERS[char], 0
        else:
            total, section, digit = (total + section + digit) * _POWERS[char], 0, 0
    return total + section + digit


def words(text: str) -> list[str]:
    """The words of a text, long ones also in their parts, punctuation left out.

    >>> words("领导小组第124次会议")
    ['领导', '小组', '领导小组', '第', '124', '次', '会议']
    """
    return [word for word in rjieba.cut_for_search(simplified(fold(text))) if _WORD.search(word)]


def bigrams(text: str) -> list[str]:
    """Each two neighbouring Chinese characters: finds the names that no dictionary knows.

    >>> bigrams("闫家营村")
    ['闫家', '家营', '营村']
    """
    return [run[at : at + 2] for run in runs(text) for at in range(len(run) - 1)]


def runs(text: str) -> list[str]:
    """The Chinese characters of a text, as far as nothing else stands between them.

    >>> runs("第124次会议,开幕")
    ['第', '次会议', '开幕']
    """
    return _HAN_RUN.findall(simplified(fold(text)))
