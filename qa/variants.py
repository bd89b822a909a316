"""Names with one other character than the question's: 卞秋鸢 where the paper prints 卞秋莺.

Readers mistype, papers misprint and recognition misreads characters that sound alike, tones aside,
or look alike.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from pypinyin import Style, pinyin

from vectorstore.bylines import SURNAMES

_LOOK_ALIKE = (
    "鸢莺 己已巳 未末朱 士土 干千于 日曰 人入八 大太犬 戊戌戍 柳抑 晴睛 析折拆 拔拨 "
    "钧钓 冶治 洒酒 茶荼 薄簿 栗粟 祟崇 延廷 今令 斤斥 免兔 乌鸟 刀力 王玉主 天夭 "
    "田由甲申 史吏 目自 白百 木本术 贝见 风凤 仓仑 沧沦 季李 扬场 阵陈 徐除 宫官 孟盂 "
    "瑞端 泽译 沐沫 泯抿 仪议 休体 任仕 代伐 姗珊 妍研 宜宣 岚风 崔催 平乎 幸辛 成戍 "
    "弘私 徽微 敏敝 文丈 旭旮 昊昃 昌冒 晏宴 晋普 杜社 林材 枫风 柯珂 桂挂 梁粱 永水 "
    "沈沉 淳谆 湘箱 源原 潘播 炎灸 烨华 爽奭 真直 石右 禾木 绍邵 羽习 航舫 芳芬 茂戊 "
    "莉利 菁青 裴斐 逸免 邓邗 郝赦 铭名 闻间问 阳阴 雁鹰 霞露 颖颍 骏峻 鸣呜 龙尤 "
    "乔桥 冀翼 卓桌 吴昊 垣恒 复夏 尹尸 岑芩 师帅 曹曾 殷股 毕华 钟种 侯候 傅博 祁祈 "
    "汤扬 谌湛 臧藏 郗郤 闫闰 亓元 仝全 冼洗 牟车 逄逢 鞠鞫 缑猴 佘余 晁兆 苟荀 亳毫"
)
"""Groups of characters that look alike; those that share their sound need no place here."""


@cache
def _shapes() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in _LOOK_ALIKE.split():
        for char in group:
            found[char] = found.get(char, frozenset()) | frozenset(group)
    return found


@lru_cache(maxsize=4096)
def _sound(char: str) -> str:
    """Its usual syllable without the tone."""
    return pinyin(char, style=Style.NORMAL)[0][0]


def alike(one: str, other: str) -> bool:
    """Whether two Chinese characters are easily taken for one another.

    >>> alike("萍", "苹"), alike("鸢", "莺"), alike("萍", "山")
    (True, True, False)
    """
    return other in _shapes().get(one, ()) or _sound(one) == _sound(other)


def variant_in(name: str, text: str) -> str | None:
    """How a text prints a name with one other character, if it does; None for no name of persons.

    A name has three or four Chinese characters, or two of which the first is a surname and the
    same. Both in the spelling of :func:`qa.understanding.plain`.

    >>> variant_in("卞秋鸢", "主任卞秋莺说"), variant_in("卞秋鸢", "主任卞秋山说")
    ('卞秋莺', None)
    """
    if not 2 <= len(name) <= 4 or not _HAN.fullmatch(name):
        return None
    if len(name) == 2 and name[0] not in SURNAMES:
        return None
    for at in range(len(name) - 1, 0 if len(name) == 2 else -1, -1):
        for found in _other_at(name, at).finditer(text):
            if alike(name[at], found[0][at]):
                return found[0]
    return None


_HAN = re.compile(r"[㐀-鿿]+")


@lru_cache(maxsize=1024)
def _other_at(name: str, at: int) -> re.Pattern[str]:
    return re.compile(f"{name[:at]}[㐀-鿿]{name[at + 1 :]}")


def printed_otherwise(names: Iterable[str], texts: Iterable[str]) -> tuple[str, str] | None:
    """A name that none of these texts prints, and how one of them prints it."""
    said = tuple(texts)
    for name in names:
        if not any(name in text for text in said):
            for text in said:
                if printed := variant_in(name, text):
                    return name, printed
    return None
