"""The form of a line: how it is compared, how wide it is set, which letters it has, whom it greets."""

import re
import unicodedata
from functools import lru_cache

_END = "。！？!?…"
_CLOSERS = '”’」』）》】")]'
_TRAILING_SIGN = re.compile(r"[(（]([^()（）]{2,40})[)）]\s*$")
_SALUTATION = re.compile(
    r"^(?:尊敬的|敬爱的|亲爱的)?[一-鿿]{0,12}(?:编辑|編輯|记者|記者|报社|主编|局长|市长|同志|先生|女士|老师|朋友|领导)(?:部|们|們|部同志)?[:,!]$"
    r"|^(?:To [Tt]he (?:[Ee]ditors?|[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})"
    r"|Dear [A-Z][\w ]{1,30}|(?:The )?Editor, (?:the )?[A-Z][\w ]{2,30}|(?:Dear )?(?i:sirs?|madam|editor))[:,]$"
)


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """Full width to half, runs of white space to one blank: how a line's form is compared."""
    plain = unicodedata.normalize("NFKC", text).replace("〖", "【").replace("〗", "】")
    return re.sub(r"\s+", " ", plain).strip()


def unspaced(text: str) -> str:
    """A line's form, a Chinese one without the blanks that space its letters out."""
    folded = fold(text)
    return re.sub(r"\s", "", folded) if re.search(r"[一-鿿]", folded) else folded


@lru_cache(maxsize=256)  # a paragraph is asked about over and over while it grows
def width(text: str) -> float:
    """How wide a text is set: a Chinese character is 1, a Latin letter a half."""
    return sum(map(_width_of, text))


@lru_cache(maxsize=1 << 14)
def _width_of(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5


def is_latin(text: str) -> bool:
    """Whether a text is written in Latin letters in the main."""
    latin = len(re.findall(r"[A-Za-zÀ-ɏ]", text))
    return latin > 2 * len(re.findall(r"[㐀-鿿]", text))


def is_salutation(text: str) -> bool:
    """Whether a line greets whom a letter is written to: 编辑同志："""
    return bool(_SALUTATION.match(fold(text)))


def is_closed(text: str) -> bool:
    """Whether a paragraph's last sentence has come to its end."""
    bare = text.rstrip()
    stripped = bare.rstrip(_CLOSERS)
    if not stripped:
        return True
    if stripped[-1] in _END:
        return True
    if stripped[-1] == "." and not re.search(
        r"\b(?:Mr|Mrs|Ms|Dr|St|Gov|Sen|Rep|Gen|[A-HJ-Z])\.$", stripped
    ):
        return True
    sign = _TRAILING_SIGN.search(bare)  # …。(张三)
    return sign is not None and bare[: sign.start()].rstrip()[-1:] in tuple(_END + "”.")
