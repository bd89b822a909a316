"""Newspaper pages as PDFs: the letters where they stand, put into reading order.

A page without letters, or with letters that nobody can tell, is a picture of a page and is read
as scans are. PDFium serves one thread at a time, and the process that parses has one.
"""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from ctypes import c_double, c_float, c_int
from dataclasses import dataclass, replace
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from vectorstore.forms import Keep, Refused, Sheet, Unreadable, scans
from vectorstore.forms.images import DOTS, LONGEST_SIDE, kept
from vectorstore.forms.paged import sheets
from vectorstore.forms.reading_order import Box, Line, on_page, read_page

MOST_PAGES = 10_000
MOST_LETTERS = 300_000
_FEW = 40
"""Fewer letters than these on a picture are no text layer, but a number or a stamp."""
_DOTS = 200
"""How finely a page is drawn to be read as a scan, in dots per inch."""
_FINE = 1_000_000
"""Into how many steps a page's sides are divided, since PDFium places lines in whole dots."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter as it stands when its text is upright, ``base`` (its baseline) counted downwards."""

    text: str
    left: float
    right: float
    base: float
    size: float
    added: bool = False
    """Whether it is a blank that PDFium saw between letters, rather than one that was printed."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What is on a page: its letters by how they are turned, most of them first."""

    turned: tuple[tuple[_Letter, ...], ...]
    frames: tuple[Box, ...]
    is_picture: bool
    turns: tuple[int, ...]
    """By how many quarters each of these is turned."""


def parse(data: bytes, name: str, keep: Keep | None = None) -> Iterator[Sheet | Refused]:
    """One sheet a page, read when it is asked for; of several, each numbered as the file counts.

    ``keep`` takes the pages' images.

    Raises Unreadable where the file can't be opened, or no page of it gives text.
    """
    document = _opened(data)
    count = len(document)
    if not 0 < count <= MOST_PAGES:
        document.close()
        raise Unreadable(
            f"it has {count:,} pages; part it into files of {MOST_PAGES:,} pages at most"
            if count
            else "it is a PDF without pages; export it again"
        )
    return _sheets(document, count, keep)


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Unreadable("it is locked by a password; save it without one") from error
        raise Unreadable("it is a broken or cut-off PDF; export or download it again") from error


def _sheets(
    document: pypdfium2.PdfDocument, count: int, keep: Keep | None
) -> Iterator[Sheet | Refused]:
    empty = "no page of it has text; export it with its text, or scan it afresh"
    try:
        yield from sheets(count, partial(_sheet, document, keep), empty)
    finally:
        document.close()


def _sheet(document: pypdfium2.PdfDocument, keep: Keep | None, place: int) -> Sheet:
    """A page, counted from 1.

    Raises Unreadable where it is broken, or a picture that can't be read here.
    """
    try:
        page = document[place - 1]
    except pypdfium2.PdfiumError as error:
        raise Unreadable("it is broken; export or download the file again") from error
    try:
        found = _page(page)
        if found.is_picture and scans.is_installed():
            return scans.read(_drawn(page, _DOTS, scans.LONGEST_SIDE), keep)
        read = [
            read_page(_lines(letters), found.frames if place == 0 else ())
            for place, letters in enumerate(found.turned)
        ]
        text = "\n\n".join(text for text, _ in read)
        if found.is_picture and not text.strip():
            raise Unreadable(f"it is a picture; {scans.WITHOUT}")
        lines = [
            replace(line, box=_shown(page, line.box, turn))
            for turn, (_, lines) in zip(found.turns, read, strict=True)
            for line in lines
        ]
        return on_page(Sheet(text=text, image=_image(page, keep)), lines, page.get_size())
    finally:
        page.close()


def _image(page: pypdfium2.PdfPage, keep: Keep | None) -> str | None:
    """Have a page's image kept; None where none is wanted, or it can't be drawn."""
    try:
        return kept(_drawn(page, DOTS, LONGEST_SIDE), keep) if keep else None
    except pypdfium2.PdfiumError:
        return None


def _shown(page: pypdfium2.PdfPage, box: Box, turn: int) -> Box:
    """A box of upright text as the page is shown, from its top left."""
    width, height = page.get_size()
    x, y = c_int(), c_int()
    corners = list[tuple[float, float]]()
    for across, down in _unturned(box, turn):
        pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, across, down, x, y)
        corners.append((x.value * width / _FINE, y.value * height / _FINE))
    (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
    return Box(left, top, right, bottom)


def _unturned(box: Box, turn: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two corners that lie across from each other, as the PDF has them."""
    if turn == 0:
        return (box.left, -box.top), (box.right, -box.bottom)
    if turn == 1:
        return (box.top, box.left), (box.bottom, box.right)
    if turn == 2:
        return (-box.left, box.top), (-box.right, box.bottom)
    return (-box.top, -box.left), (-box.bottom, -box.right)


def _drawn(page: pypdfium2.PdfPage, dots: int, longest_side: int) -> Image.Image:
    """A page as a picture of so many dots per inch, fewer where it is large."""
    longest = max(page.get_width(), page.get_height(), 1)
    scale = min(dots / 72, longest_side / longest)
    bitmap = page.render(scale=scale)
    try:
        drawn: Image.Image = bitmap.to_pil().convert("RGB")
        return drawn
    finally:
        bitmap.close()


def _page(page: pypdfium2.PdfPage) -> _Page:
    by_turn: dict[int, list[_Letter]] = {0: [], 1: [], 2: [], 3: []}
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > MOST_LETTERS:
            raise Unreadable(f"it has {count:,} letters, more than a page can hold")
        for turn, letter in _letters(textpage, count):
            by_turn[turn].append(letter)
    finally:
        textpage.close()
    turns = sorted(by_turn, key=lambda turn: (-len(by_turn[turn]), turn))
    printed = [letter for turn in turns for letter in by_turn[turn] if letter.text.strip()]
    unknown = sum(_is_unknown(letter.text) for letter in printed)
    boxes, covered = _drawings(page)
    frames = tuple(_turned(box, turns[0]) for box in boxes)
    few = len(printed) < _FEW and covered > 0.5
    return _Page(
        tuple(tuple(by_turn[turn]) for turn in turns if by_turn[turn]),
        frames,
        is_picture=few or unknown > len(printed) * 0.3,
        turns=tuple(turn for turn in turns if by_turn[turn]),
    )


def _letters(textpage: pypdfium2.PdfTextPage, count: int) -> Iterator[tuple[int, _Letter]]:
    """The letters in the order of the file, each with how many quarters it is turned."""
    box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), c_double(), c_double()
    turn, half = 0, 0
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage, place)
        if code in (10, 13):
            continue
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000 and half:
            code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00
        half = 0
        added = bool(pdfium.FPDFText_IsGenerated(textpage, place) == 1)
        pdfium.FPDFText_GetLooseCharBox(textpage, place, box)
        pdfium.FPDFText_GetCharOrigin(textpage, place, x, y)
        size = 0.0
        if not added and pdfium.FPDFText_GetMatrix(textpage, place, matrix):
            size = pdfium.FPDFText_GetFontSize(textpage, place) * math.hypot(matrix.c, matrix.d)
            turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        placed = _turned(Box(box.left, box.bottom, box.right, box.top), turn)
        base = -(y.value, -x.value, -y.value, x.value)[turn]
        size = abs(size) or max(placed.bottom - placed.top, 1)
        yield turn, _Letter(_told(code), placed.left, placed.right, base, size, added)


def _told(code: int) -> str:
    if code == 2:  # how PDFium gives a hyphen at the end of a line
        return "-"
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return " " if unicodedata.category(chr(code)) in ("Zs", "Cc") else chr(code)


def _is_unknown(text: str) -> bool:
    return text == "\ufffd" or unicodedata.category(text) in ("Co", "Cn")


def _turned(box: Box, turn: int) -> Box:
    """A box of a PDF, whose y counts upwards, as it is when its text is turned upright."""
    low, high = box.top, box.bottom
    if turn == 0:
        return Box(box.left, -high, box.right, -low)
    if turn == 1:
        return Box(low, box.left, high, box.right)
    if turn == 2:
        return Box(-box.right, low, -box.left, high)
    return Box(-high, -box.right, -low, -box.left)


def _drawings(page: pypdfium2.PdfPage) -> tuple[list[Box], float]:
    """The frames drawn on a page, and what share of it its pictures cover."""
    frames, covered = list[Box](), 0.0
    whole = max(page.get_width() * page.get_height(), 1)
    edges = c_float(), c_float(), c_float(), c_float()
    for place in range(min(pdfium.FPDFPage_CountObjects(page), 20_000)):
        drawn = pdfium.FPDFPage_GetObject(page, place)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawn, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        box = Box(left, bottom, right, top)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += box.area / whole
        elif (
            4 <= pdfium.FPDFPath_CountSegments(drawn) <= 13
            and right - left > 30
            and top - bottom > 20
            and len(frames) < 200
        ):
            frames.append(box)
    return frames, covered


def _lines(letters: Sequence[_Letter]) -> list[Line]:
    """Stretches of text: letters on one baseline with no gap as wide as a gutter's."""
    runs = list[list[_Letter]]()
    blank: _Letter | None = None
    for letter in letters:
        if not letter.text.strip():
            blank = letter if blank is None or blank.added else blank
            continue
        if runs and _follows(runs[-1][-1], letter, blank):
            if blank and _parts(runs[-1][-1], blank, letter):
                runs[-1][-1] = replace(runs[-1][-1], text=f"{runs[-1][-1].text} ")
            runs[-1].append(letter)
        else:
            runs.append([letter])
        blank = None
    return [*_upright(runs)]


def _follows(last: _Letter, letter: _Letter, blank: _Letter | None) -> bool:
    """Whether a letter goes on with a stretch; a printed blank may be set wide."""
    size = min(last.size, letter.size)
    widest = 1.5 if blank and not blank.added else 0.65
    return (
        abs(letter.base - last.base) < 0.35 * size
        and size > 0.7 * max(last.size, letter.size)
        and -0.6 * size < letter.left - last.right < widest * size
    )


def _parts(last: _Letter, blank: _Letter, letter: _Letter) -> bool:
    """Whether a blank parts two letters; between Chinese ones PDFium sees some that aren't."""
    wide = any(unicodedata.east_asian_width(x.text[0]) in "WF" for x in (last, letter))
    return not (blank.added and wide and letter.left - last.right < 0.5 * letter.size)


def _upright(runs: Sequence[Sequence[_Letter]]) -> Iterator[Line]:
    """Lines of runs; letters that stand one below the other are one line from top to bottom.

    Such lines are read from the right, and those beside each other stay together.
    """
    columns = list[list[_Letter]]()
    for run in runs:
        if len(run) == 1 and columns and _is_below(columns[-1][-1], run[0]):
            columns[-1].append(run[0])
        elif len(run) == 1 and unicodedata.east_asian_width(run[0].text[0]) in "WF":
            columns.append([run[0]])
        else:
            yield _line(run)
    blocks = list[list[list[_Letter]]]()
    for column in columns:
        if len(column) < 3:
            yield from (_line([letter]) for letter in column)
        elif blocks and _is_beside(blocks[-1][-1], column):
            blocks[-1].append(column)
        else:
            blocks.append([column])
    for block in blocks:
        letters = [letter for column in block for letter in column]
        box = Box(
            min(letter.left for letter in letters),
            min(letter.base - 0.8 * letter.size for letter in letters),
            max(letter.right for letter in letters),
            max(letter.base + 0.2 * letter.size for letter in letters),
        )
        yield Line("".join(letter.text for letter in letters), box, letters[0].size)


def _is_below(last: _Letter, letter: _Letter) -> bool:
    size = min(last.size, letter.size)
    middle = abs(last.left + last.right - letter.left - letter.right) / 2
    step = letter.base - last.base
    return middle < 0.3 * size and 0.7 * size < step < 1.7 * size and size * 1.2 > last.size


def _is_beside(right: Sequence[_Letter], left: Sequence[_Letter]) -> bool:
    gap = right[0].left - left[0].right
    near = -0.2 * right[0].size < gap < 1.5 * right[0].size
    return near and abs(right[0].base - left[0].base) < 3 * right[0].size


def _line(run: Sequence[_Letter]) -> Line:
    size = max(letter.size for letter in run)
    base = run[0].base
    box = Box(
        min(letter.left for letter in run),
        base - 0.8 * size,
        max(letter.right for letter in run),
        base + 0.2 * size,
    )
    return Line("".join(letter.text for letter in run).strip(), box, size)
