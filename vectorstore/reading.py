"""Bytes to articles: what kind of file this is, how its letters are coded, and what it holds.

Chinese text comes as UTF-8, UTF-16, GB18030 or Big5, mostly without saying which. UTF-8 is sure
where it decodes. GB18030 and Big5 share their bytes, so both are tried: each sorts its characters
into common ones and rare ones, and a wrong decoding lands among the rare. That tells them apart
in a single sentence, where statistics of languages don't.
"""

import codecs
import gzip
import hashlib
import io
import json
import re
import unicodedata
import zlib
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from vectorstore.articles import Article, Page, PrintedDay, Source, article_id
from vectorstore.assembling import articles, is_stacked, record, whole
from vectorstore.layout import Role, layout, masthead

_BINARY = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip, docx or epub file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
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
_RECORDS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_LARGEST = 1 << 30
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class Kind(StrEnum):
    """What a text file holds."""

    AUTO = "auto"
    PAGE = "page"
    ARTICLE = "article"


class Unreadable(ValueError):
    """A file that gives no article; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave."""

    articles: tuple[Article, ...]
    refused: tuple[str, ...] = ()
    """One sentence for each record that was left out."""
    printed: PrintedDay | None = None
    """The day of a page that doesn't say the year, where it isn't known from elsewhere."""


def read(
    data: bytes,
    file: str,
    *,
    kind: Kind = Kind.AUTO,
    publication: str | None = None,
    issued: date | None = None,
    number: str | None = None,
) -> Reading:
    """Read a file's articles; ``file`` is its name as citations show it.

    What is given of publication, day and page number counts before what the file says itself.

    Raises Unreadable where there is nothing to read.
    """
    source = Source(file, hashlib.sha256(data).hexdigest())
    page = Page(text="", source=source, publication=publication, issued=issued, number=number)
    if file.lower().endswith(_RECORDS):
        return _records(_unpacked(data), page)
    page = replace(page, text=cleaned(decoded(data)))
    if not page.text.strip():
        raise Unreadable("it is empty; give a file with text")
    found = _articles(page, kind)
    if not any(article.text for article in found):
        raise Unreadable("it holds no article, only single lines; give a page with its text")
    undated = all(article.issued is None for article in found)
    return Reading(found, printed=masthead(layout(page.text)).day if undated else None)


def decoded(data: bytes) -> str:
    """The text of a file's bytes.

    Raises Unreadable for binary data and for bytes that no known coding explains.
    """
    if not data.strip():
        raise Unreadable("it is empty; give a file with text")
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


def _articles(page: Page, kind: Kind) -> tuple[Article, ...]:
    if kind is Kind.ARTICLE or (kind is Kind.AUTO and not _is_page(page.text)):
        return whole(page)
    return articles(page)


def _is_page(text: str) -> bool:
    """Whether a text bears a newspaper's marks, or has many headlines.

    Marks are leads, bylines, captions, jumps, furniture.
    """
    marks = {Role.LEAD, Role.BYLINE, Role.CAPTION, Role.JUMP_FROM, Role.JUMP_TO, Role.FURNITURE}
    pieces = layout(text)
    return any(piece.role in marks for piece in pieces) or is_stacked(pieces)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            plain = packed.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("its gzip packing is broken; pack it again") from error
    if len(plain) > _LARGEST:
        raise Unreadable("it unpacks to more than 1 GiB; part it into smaller files")
    return plain


def _records(data: bytes, given: Page) -> Reading:
    text = decoded(data)
    found: dict[str, Article] = {}
    refused: list[str] = []
    for number_of_line, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            article = _record(line, len(found) + 1, given)
            if article.id in found:
                raise Unreadable(f"'id' {article.source.record!r} was given before")
            found[article.id] = article
        except Unreadable as error:
            refused.append(f"line {number_of_line}: {error}")
    if not found:
        reason = f" ({refused[0]})" if refused else ""
        raise Unreadable(f"none of its lines is an article{reason}; give one JSON object a line")
    return Reading(tuple(found.values()), tuple(refused))


def _record(line: str, position: int, given: Page) -> Article:
    """The article of one line; ``given`` is what was said of the file."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable("it is not JSON") from error
    if not isinstance(fields, dict):
        raise Unreadable("it is not a JSON object")
    text = fields.get("text")
    if text is None:
        raise Unreadable("'text' is missing")
    if not isinstance(text, str):
        raise Unreadable("'text' is not a string")
    text = cleaned(text).strip()
    if not text:
        raise Unreadable("'text' is empty")
    page = replace(
        given,
        text=text,
        source=replace(given.source, record=_id(fields)),
        publication=given.publication or _named(fields, "publication"),
        issued=_day(fields.get("date")) or given.issued,
        number=given.number or _named(fields, "page"),
    )
    titles = cleaned(_optional(fields, "title") or "").split("\n")
    article = record(page, [title.strip() for title in titles if title.strip()])
    return replace(article, position=position, id=article_id(page.source, position))


def _id(record: dict[str, object]) -> str | None:
    told = _optional(record, "id", numbers=True)
    if told and any("\ud800" <= character <= "\udfff" for character in told):
        raise Unreadable("'id' holds half of a surrogate pair, which is no character")
    return told


def _named(record: dict[str, object], name: str) -> str | None:
    """A name on one line, as a reader may ask for it."""
    return " ".join(cleaned(_optional(record, name, numbers=name == "page") or "").split()) or None


def _optional(record: dict[str, object], name: str, *, numbers: bool = False) -> str | None:
    value = record.get(name)
    if numbers and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str):
        return value or None
    raise Unreadable(f"'{name}' is not a string")


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _DAY.match(value):
        raise Unreadable("'date' is not a day like 2022-07-14")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Unreadable(f"'date' {value} is a day that no calendar has") from error
