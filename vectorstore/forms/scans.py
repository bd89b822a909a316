"""Pages as pictures: their text by character recognition, put into reading order.

The models come with the package ``rapidocr`` and nothing is fetched when they run. They are
loaded with the first picture.
"""

import functools
import importlib.util
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise, repeat
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from vectorstore.forms import Keep, Refused, Sheet, Unreadable
from vectorstore.forms.images import kept
from vectorstore.forms.paged import sheets
from vectorstore.forms.reading_order import Box, Line, on_page, read_page, text_size

WITHOUT = "install baowen[ocr] to have pictures read"
LONGEST_SIDE = 4_000
"""To how many dots a picture's longer side is brought down before it is read."""
MOST_DOTS = 89_000_000
"""What Pillow takes without a warning; a broadsheet at 400 dots per inch has 57 million."""
MOST_PAGES = 10_000
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError)
_TOO_LARGE = f"it has more than {MOST_DOTS:,} dots; save it at 300 dots per inch"
_HAN = re.compile(r"[㐀-鿿]\Z")
_KINDS = ("PNG", "JPEG", "JPEG2000", "TIFF", "WEBP")


def is_installed() -> bool:
    """Whether pictures can be read here."""
    return importlib.util.find_spec("rapidocr") is not None


def parse(data: bytes, name: str, keep: Keep | None = None) -> Iterator[Sheet | Refused]:
    """One sheet a picture, read when it is asked for; of several in a TIFF, each numbered.

    ``keep`` takes the pages' images.

    Raises Unreadable where the file can't be opened, is too large, or shows no text.
    """
    if not is_installed():
        raise Unreadable(f"it is a picture; {WITHOUT}")
    picture = _opened(data)
    count = getattr(picture, "n_frames", 1)
    if count > MOST_PAGES:
        raise Unreadable(f"it has {count:,} pages; part it into files of {MOST_PAGES:,} at most")
    empty = "no text is seen in it; scan the page upright, at 200 dots per inch"
    return sheets(count, lambda place: read(_frame(picture, place), keep), empty)


def read(picture: Image.Image, keep: Keep | None = None) -> Sheet:
    """A picture's text in reading order; none where none is seen."""
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2)
    dots = np.asarray(small)[:, :, ::-1]  # it wants blue first
    seen = _engine()(dots, return_word_box=True, return_single_char_box=True)
    if seen.boxes is None or not seen.txts:
        return Sheet(text="")
    letters = seen.word_results if len(seen.word_results) == len(seen.txts) else repeat(())
    texts = [
        spaced(text, [(letter, _middle(box)) for letter, _, box in row if box is not None])
        for text, row in zip(seen.txts, letters, strict=False)
    ]
    corners = np.asarray(seen.boxes, float)
    upright = lines(corners, texts)
    text, ordered = read_page(upright)
    seen_at = dict(zip(map(id, upright), map(_around, corners), strict=True))
    return on_page(
        Sheet(text=text, image=kept(small, keep)),
        (replace(line, box=seen_at[id(line)]) for line in ordered),
        small.size,
    )


def _around(corners: np.ndarray[Any, Any]) -> Box:
    """The box of a line as it lies on the picture, askew or not."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def spaced(text: str, letters: Sequence[tuple[str, float]]) -> str:
    """A Chinese line with the blanks between its words, which recognition leaves out.

    ``letters`` are the line's, each with where its middle is: a step that is much wider than the
    line's others is a blank.
    """
    steps = [
        there - here if _HAN.match(left) and _HAN.match(right) else 0
        for (left, here), (right, there) in pairwise(letters)
    ]
    usual = [step for step in steps if step > 0]
    if "".join(letter for letter, _ in letters) != text or len(usual) < 3:
        return text
    wide = median(usual) * 1.35
    blanks = [" " if step > wide else "" for step in steps]
    return "".join(
        letter + blank for (letter, _), blank in zip(letters, [*blanks, ""], strict=True)
    )


def _middle(box: Sequence[Sequence[float]]) -> float:
    across = [float(point[0]) for point in box]
    return (min(across) + max(across)) / 2


def lines(corners: np.ndarray[Any, Any], texts: Sequence[str]) -> list[Line]:
    """Lines of recognized texts, upright; ``corners`` is texts x 4 x 2, clockwise from top left.

    Boxes are as high as the letters that happen to be in them, and wider than these.
    """
    tilt = _tilt(corners)
    turned = corners @ np.array(
        [[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]]
    )
    low, high = turned.min(axis=1), turned.max(axis=1)
    tall = np.minimum(
        np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1),
        np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1),
    )
    sizes = _sizes(texts, (high - low)[:, 0], tall)
    found = [
        Line(text, Box(float(x0), float(y0), float(x1), float(y1)), float(size))
        for text, (x0, y0), (x1, y1), size in zip(texts, low, high, sizes, strict=True)
    ]
    body = text_size(found)
    return [_lowered(_evened(line, body)) for line in found]


def _sizes(
    texts: Sequence[str], widths: np.ndarray[Any, Any], heights: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The size of each line's letters: by the width of a long Chinese line, else by its height."""
    square = np.array([_is_square(text) for text in texts])
    by_width = widths / (np.array([len(text) for text in texts]) + 0.4)
    usual = (
        float(np.median(by_width[square] / np.maximum(heights[square], 1))) if any(square) else 1
    )
    return np.where(square, by_width, heights * usual)


def _is_square(text: str) -> bool:
    return len(text) >= 6 and sum(bool(_HAN.match(letter)) for letter in text) >= 0.85 * len(text)


def _evened(line: Line, body: float) -> Line:
    """A line of the page's size if it is near that; a box tells little of a short line's size."""
    most = 1.2 if _is_square(line.text) else 1.35 if len(line.text) > 5 else 1.7
    return replace(line, size=body) if 0.75 * body < line.size < most * body else line


def _lowered(line: Line) -> Line:
    """A line no higher than its letters, so that it keeps clear of the next one."""
    box, middle = line.box, (line.box.top + line.box.bottom) / 2
    if box.bottom - box.top < 2 * line.size:
        box = replace(box, top=middle - 0.4 * line.size, bottom=middle + 0.4 * line.size)
    return replace(line, box=box)


def _tilt(corners: np.ndarray[Any, Any]) -> float:
    """How far a page was laid askew, in radians, by its long lines."""
    edges = corners[:, 1] - corners[:, 0]
    long = edges[edges[:, 0] > 5 * np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)]
    return float(median(np.arctan2(long[:, 1], long[:, 0]))) if len(long) else 0.0


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what goes wrong with a picture into its sentence."""
    try:
        yield
    except _BOMB as error:
        raise Unreadable(_TOO_LARGE) from error
    except _BROKEN as error:
        raise Unreadable("it is a broken or cut-off picture; scan or save it again") from error


def _opened(data: bytes) -> Image.Image:
    with _explained():
        picture = Image.open(io.BytesIO(data), formats=_KINDS)
    return _bounded(picture)


def _frame(picture: Image.Image, place: int) -> Image.Image:
    """One of the pictures in a file, counted from 1."""
    with _explained():
        picture.seek(place - 1)
    _bounded(picture)
    with _explained():
        return _plain(picture)


def _bounded(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > MOST_DOTS:
        raise Unreadable(_TOO_LARGE)
    return picture


def _plain(picture: Image.Image) -> Image.Image:
    """A picture upright, in red, green and blue, on white where it is transparent."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):  # 16 bits and more of grey
        dots = np.asarray(upright, float)
        most = dots.max() or 1
        return Image.fromarray((dots * (255 / most)).round().astype(np.uint8)).convert("RGB")
    if "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA"):
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(white, upright).convert("RGB")
    return upright.convert("RGB")


@functools.cache
def _engine() -> Any:  # noqa: ANN401 - it is untyped
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": LONGEST_SIDE,
            "Det.max_candidates": 4000,
        }
    )
