"""Pictures of pages: refused by their header where they are too large, read where they show text."""

import io
import math
import re
import socket
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from vectorstore.forms import Refused, Sheet, Unreadable, scans
from vectorstore.forms.registry import form_of

FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "simsun.ttc",
    "PingFang.ttc",
)
ENGLISH = (
    "Passenger ferries crossed the river",
    "after dark on October 10 for the",
    "first time since 2005, as the city",
    "opened a night service between the",
    "two wharves on the eastern bank.",
)
CHINESE = ("江边的灯光次第亮起,散步的", "人群里不时传来口琴声,首批", "三百多名居民走进现场参观。")


def saved(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    dots = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + dots + chunk(b"IEND", b"")


def scan(*columns: tuple[str, ...], font: ImageFont.FreeTypeFont) -> Image.Image:
    """Columns of text under each other's side, black on white."""
    picture = Image.new("RGB", (700 * len(columns), 400), "white")
    pen = ImageDraw.Draw(picture)
    for at, lines in enumerate(columns):
        for row, line in enumerate(lines):
            pen.text((60 + 650 * at, 60 + 44 * row), line, font=font, fill="black")
    return picture


def english(size: int = 30) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@pytest.mark.parametrize("size", [(30_000, 30_000), (100_000, 10_000), (10_000, 10_000)])
def test_a_huge_picture_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(
        Unreadable, match=r"more than 89,000,000 dots; save it at 300 dots per inch"
    ):
        scans.parse(png(*size), "page.png")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "JPEG2000"])
def test_pictures_are_known_by_how_they_begin(form: str) -> None:
    assert form_of(saved(Image.new("L", (8, 8)), form), "page").module == "scans"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(Image.effect_noise((300, 300), 50))[:3000], id="cut off"),
        pytest.param(png(400, 400), id="dots missing"),
        pytest.param(b"\xff\xd8\xff" + bytes(40), id="nothing but a beginning"),
        pytest.param(b"II*\x00\xff\xff\xff\xff", id="a directory beyond its end"),
    ],
)
def test_a_broken_picture_says_what_to_do(data: bytes) -> None:
    with pytest.raises(Unreadable, match="broken or cut-off picture; scan or save it again"):
        list(scans.parse(data, "page"))


def test_without_recognition_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    with pytest.raises(Unreadable, match=r"it is a picture; install baowen\[ocr\] to have"):
        scans.parse(saved(Image.new("L", (8, 8))), "page.png")


def test_each_page_of_a_tiff_is_a_sheet_and_a_bad_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        scans, "read", lambda picture, keep: Sheet(text=f"{picture.width} 条短讯。")
    )
    pages = [Image.new("L", (width, 10)) for width in (11, 12, 13)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    parts = list(scans.parse(data, "pages.tif"))
    assert [part.number for part in parts if isinstance(part, Sheet)] == ["1", "2", "3"]

    def read(picture: Image.Image, keep: object) -> Sheet:
        if picture.width == 12:
            raise Unreadable("it is blank")
        return Sheet(text="短讯。")

    monkeypatch.setattr(scans, "read", read)
    *sheets, refused = scans.parse(data, "pages.tif")
    assert len(sheets) == 2
    assert refused == Refused("page 2: it is blank")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_pictures_of_every_kind_are_read_as_black_on_white(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    seen = list[Image.Image]()

    def read(picture: Image.Image, keep: object) -> Sheet:
        seen.append(picture)
        return Sheet(text="短讯。")

    monkeypatch.setattr(scans, "read", read)
    white = {"LA": (0, 0), "RGBA": (0, 0, 0, 0), "I;16": 40_000, "CMYK": 0, "P": 0}.get(mode, 255)
    picture = Image.new(mode, (4, 4), white)
    if mode == "P":
        picture.putpalette([255, 255, 255, 0, 0, 0])
    list(scans.parse(saved(picture, "TIFF"), "page.tif"))
    assert seen[0].mode == "RGB"
    assert seen[0].getpixel((1, 1)) == (255, 255, 255)


def test_a_photo_is_turned_as_its_camera_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "read", lambda picture, keep: Sheet(text=f"{picture.size}"))
    exif = Image.Exif()
    exif[0x0112] = 6
    (sheet,) = scans.parse(saved(Image.new("L", (30, 10)), "JPEG", exif=exif), "page.jpg")
    assert isinstance(sheet, Sheet)
    assert sheet.text == "(10, 30)"


def test_lines_of_a_page_laid_askew_are_straightened() -> None:
    tilt = math.radians(2)
    turn = np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    upright = np.array(
        [[[x, y], [x + 400, y], [x + 400, y + 20], [x, y + 20]] for y in (0, 30) for x in (0, 450)],
        float,
    )
    found = scans.lines(upright @ turn, ["甲", "乙", "丙", "丁"])
    assert [round(line.box.top) for line in found] == [2, 2, 32, 32]
    assert [round(line.box.left) for line in found] == [0, 450, 0, 450]


def test_blanks_that_recognition_leaves_out_are_put_back() -> None:
    def placed(text: str) -> list[tuple[str, float]]:
        at, found = 0.0, list[tuple[str, float]]()
        for letter in text:
            at += 0.5 if letter == " " else 1
            found += [] if letter == " " else [(letter, at)]
        return found

    for text in ("本报记者 祝清和 岑小满", "江边的灯光次第亮起", "记者 祝清和"):
        assert scans.spaced(text.replace(" ", ""), placed(text)) == text
    assert scans.spaced("a,b", [("a", 1), (",", 9), ("b", 11)]) == "a,b"


@pytest.mark.slow
def test_a_scan_is_read_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    data = saved(scan(ENGLISH, ENGLISH[::-1], font=english()))
    (sheet,) = scans.parse(data, "page.png")
    assert isinstance(sheet, Sheet)
    words = sheet.text.split()
    assert words == " ".join((*ENGLISH, *ENGLISH[::-1])).split()


@pytest.mark.slow
def test_an_empty_page_says_so() -> None:
    with pytest.raises(Unreadable, match="no text is seen in it; scan the page upright"):
        list(scans.parse(saved(Image.new("L", (600, 400), 255)), "page.png"))


@pytest.mark.slow
def test_a_pdf_of_pictures_is_read_as_scans_are() -> None:
    from vectorstore.forms import pdf

    data = saved(scan(ENGLISH, font=english()), "PDF", resolution=150)
    (sheet,) = pdf.parse(data, "page.pdf")
    assert isinstance(sheet, Sheet)
    assert sheet.text.split() == " ".join(ENGLISH).split()


@pytest.mark.slow
def test_a_chinese_scan_is_read() -> None:
    font = next(filter(None, map(_font, FONTS)), None)
    if font is None:
        pytest.skip("no Chinese font is installed to draw a page with")
    (sheet,) = scans.parse(saved(scan(CHINESE, CHINESE[::-1], font=font)), "page.png")
    assert isinstance(sheet, Sheet)
    expected = "".join((*CHINESE, *CHINESE[::-1]))
    assert re.sub(r"\s", "", sheet.text).translate({0xFF0C: ","}) == expected


def _font(name: str) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(name, 36)
    except OSError:
        return None


def test_lines_of_a_scan_are_placed_where_they_lie_though_it_is_askew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tilt = math.radians(3)
    turn = np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    flat = [[(100, top), (700, top), (700, top + 30), (100, top + 30)] for top in (200, 240, 280)]
    corners = np.array(flat, float) @ turn

    class Seen:
        boxes, txts, word_results = (
            corners,
            ("江边的灯光次第亮起", "人群里传来口琴声", "居民走进现场"),
            (),
        )

    monkeypatch.setattr(scans, "_engine", lambda: lambda *_, **__: Seen)
    images = list[bytes]()

    def keep(image: bytes) -> str:
        images.append(image)
        return "name"

    sheet = scans.read(Image.new("RGB", (2000, 1000), "white"), keep)
    assert [line.text for line in sheet.lines] == list(Seen.txts)
    for line, (low, high) in zip(
        sheet.lines, zip(corners.min(axis=1), corners.max(axis=1), strict=True), strict=True
    ):
        assert (line.left, line.right) == pytest.approx((low[0] / 2000, high[0] / 2000), abs=1e-4)
        assert (line.top, line.bottom) == pytest.approx((low[1] / 1000, high[1] / 1000), abs=1e-4)
    assert (sheet.width, sheet.height, sheet.image) == (2000, 1000, "name")
    assert Image.open(io.BytesIO(images[0])).size == (1600, 800)
