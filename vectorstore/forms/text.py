"""Plain text: how its letters are coded, and which of them are letters.

Chinese text comes as UTF-8, UTF-16, GB18030 or Big5, mostly without saying which. UTF-8 is sure
where it decodes. GB18030 and Big5 share their bytes, so both are tried: each sorts its characters
into common ones and rare ones, and a wrong decoding lands among the rare. That tells them apart
in a single sentence, where statistics of languages don't.
"""

import codecs
import re
import unicodedata

from vectorstore.forms import Sheet, Unreadable

_BINARY = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"\xd0\xcf\x11\xe0", "an old Office file, or one with a password"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def parse(data: bytes, name: str) -> list[Sheet]:
    """The one page of a text."""
    text = cleaned(decoded(data))
    if text.lstrip().startswith("<?xml"):
        raise Unreadable("it is XML in a form that isn't read; save its text as a .txt file")
    if not text.strip():
        raise Unreadable("it is empty; give a file with text")
    return [Sheet(text=text)]


def decoded(data: bytes) -> str:
    """The text of a file's bytes.

    Raises Unreadable for binary data and for bytes that no known coding explains.
    """
    if not data.strip():
        raise Unreadable("it is empty; give a file with text")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise Unreadable(
            "it is a zip file in a zip file, or a workbook, slides or a book packed as one; "
            "unpack it, or save its text as .docx or .txt"
        )
    for mark, name in _BINARY:
        if data.startswith(mark):
            raise Unreadable(f"it is {name}; save its text as a .txt file in UTF-8 first")
    for mark, coding in _MARKED:
        if data.startswith(mark):
            try:
                return data.decode(coding)
            except UnicodeDecodeError as error:
                raise Unreadable(f"it says it is {coding} and isn't; save it in UTF-8") from error
    if b"\x00" in data:
        raise Unreadable("it is binary; give a text file, in UTF-8 at best")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _decoded_by_score(data)


def cleaned(text: str) -> str:
    r"""Lines parted by ``\n``, without control and invisible characters."""
    text = re.sub("\r\n?|[\u2028\u2029\x85\x0b]", "\n", text).replace("\x0c", "\n\n")
    text = text.replace("\t", " ").replace("\xa0", " ")
    if text.replace("\n", "").replace("\u3000", "").isprintable():  # nothing to drop, as mostly
        return text
    return "".join(
        character
        for character in text
        if character == "\n"
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )


def _decoded_by_score(data: bytes) -> str:
    scores = {"gb18030": _common(data, "gb18030"), "big5hkscs": _common(data, "big5hkscs")}
    coding = max(scores, key=lambda name: scores[name])
    if scores[coding] >= 0.7:
        return data.decode(coding)
    high = sum(byte > 0x7F for byte in data)
    if high * 4 < len(data):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    raise Unreadable(
        "its letters are coded in no known way (UTF-8, UTF-16, GB18030, Big5); save it in UTF-8"
    )


def _common(data: bytes, coding: str) -> float:
    """The share of double bytes that are common characters of a coding; 0 if it can't be it.

    Common are GB 2312's first level and signs (lead bytes A1-A3, B0-D7) and Big5's (A1-A3, A4-C6).
    """
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        return 0
    common = rare = 0
    for character in text:
        if character < "\x80":
            continue
        pair = character.encode(coding)
        lead, trail = pair[0], pair[1] if len(pair) == 2 else 0
        if coding == "gb18030":
            usual = trail >= 0xA1 and (0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7)
        else:
            usual = len(pair) == 2 and 0xA1 <= lead <= 0xC6
        common, rare = common + usual, rare + (not usual)
    return common / (common + rare) if common else 0
