"""PDFs of newspaper pages come out as the articles that are printed on them."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from typesetting import CHINESE, set_page

from vectorstore.articles import Article
from vectorstore.forms import Refused, Sheet, Unreadable, pdf, scans
from vectorstore.forms.registry import form_of
from vectorstore.lines import is_latin
from vectorstore.reading import Kind, read

ROOT = Path(__file__).parents[2]
SAMPLE = sorted((ROOT / "sample").rglob("*.txt"))
PAGES = sorted((ROOT / "tests" / "material" / "pages").glob("*.txt"))


def drawn(*pages: Callable[[Canvas], object], **options: Any) -> bytes:
    """A PDF whose pages are drawn by these."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 500), **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def written(*lines: tuple[float, float, str], size: float = 10) -> Callable[[Canvas], None]:
    """Lines at a distance from the left and the bottom."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(CHINESE, size)
        for x, y, text in lines:
            canvas.drawString(x, y, text)

    return draw


def sheets(data: bytes) -> list[Sheet]:
    return [part for part in pdf.parse(data, "page.pdf") if isinstance(part, Sheet)]


def pictured(canvas: Canvas) -> None:
    """A page that is nothing but a picture."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (40, 50), 200)), 0, 0, 400, 500)


def bare(article: Article) -> tuple[object, ...]:
    """What an article says, whatever the blanks that lines' ends swallow."""

    def close(text: str) -> str:
        return re.sub(r"\s+", " " if is_latin(article.text) else "", text)

    parts = [
        (block.kind.value, close(article.text[block.start : block.end])) for block in article.blocks
    ]
    return (
        close(" ".join((*article.kicker, *article.headline))),
        (article.byline, article.correspondents, article.photographers),
        (article.continued_from, article.continued_to),
        [part for part in parts if part[0] != "caption"],
        sorted(part for part in parts if part[0] == "caption"),
    )


def kept(text: bytes, seed: int) -> Iterator[bool]:
    """For each article of a page, whether it comes out of a PDF as it does out of the text."""
    printed = read(text, "page.txt", kind=Kind.PAGE).articles
    (sheet,) = sheets(set_page(printed, seed))
    found = [bare(a) for a in read(sheet.text.encode(), "page.txt", kind=Kind.PAGE).articles]
    yield from (bare(article) in found for article in printed)


def test_the_sample_set_in_columns_comes_out_as_its_articles() -> None:
    same = [
        exact for path in SAMPLE for seed in range(4) for exact in kept(path.read_bytes(), seed)
    ]
    assert sum(same) >= 0.95 * len(same)


def test_other_invented_pages_set_in_columns_come_out_as_their_articles() -> None:
    same = [exact for path in PAGES for exact in kept(path.read_bytes(), 1)]
    assert sum(same) >= 0.8 * len(same)


def test_no_letter_of_a_page_is_lost_or_doubled() -> None:
    for seed in range(8):
        printed = read(SAMPLE[seed % 5].read_bytes(), "page.txt", kind=Kind.PAGE).articles
        (sheet,) = sheets(set_page(printed, seed))
        told = "".join("".join((*a.kicker, *a.headline, a.text)) for a in printed)
        for letter in set(told) - set(" \n　-"):
            assert sheet.text.count(letter) >= told.count(letter)
        assert len(re.sub(r"\s", "", sheet.text)) < len(re.sub(r"\s", "", told)) + 40


def test_a_page_of_three_columns_comes_out_as_its_two_articles_and_a_caption() -> None:
    text = (
        "2024年5月17日 星期五\n\n第02版 要闻\n\n江畔步道月底全线贯通\n\n"
        "本报讯(记者 祝清和)5月16日,记者从市水务局获悉,江畔步道建设取得新进展,主体结构已经全部完成,"
        "预计月底前全线贯通。步道全长12公里,沿途设驿站9座,首批座椅和路灯正在安装。\n\n"
        "施工现场机器轰鸣,工人们正抢抓晴好天气铺设路面。项目负责人说,步道避开了候鸟的栖息地,"
        "夜间灯光在22时以后调暗。\n\n\n\n图为工人在江畔步道安装座椅。 童一川 摄\n\n"
        "市民葛秀珍每天沿江散步,她说以前走到渡口就得折返,以后可以一直走到湿地公园。\n\n"
        "梅溪小学办起楼顶农场\n\n本报讯(记者 岑小满)5月15日,望桥区梅溪小学的楼顶农场迎来第一次采收,"
        "同学们一上午收了310斤萝卜,一部分送进学校食堂。\n\n校长翁采薇说,浇灌用水全部取自雨水收集池。\n"
    )
    printed = read(text.encode(), "page.txt").articles
    reading = read(set_page(printed, 5, count=3), "2024-05-17-02.pdf")
    steps, farm = reading.articles
    assert steps.headline == ("江畔步道月底全线贯通",)
    assert steps.byline == ("祝清和",)
    assert steps.photographers == ("童一川",)
    assert farm.headline == ("梅溪小学办起楼顶农场",)
    assert [bare(article) for article in reading.articles] == [bare(a) for a in printed]


def test_pages_are_numbered_as_printed_or_else_as_the_file_counts() -> None:
    data = drawn(
        written((20, 480, "第05版 副刊"), (20, 400, "江边的灯光次第亮起。")),
        written((20, 400, "孩子们在观察候鸟。")),
    )
    assert [sheet.number for sheet in sheets(data)] == ["05", "2"]
    alone = drawn(written((20, 400, "孩子们在观察候鸟。")))
    assert [sheet.number for sheet in sheets(alone)] == [None]


def test_pages_are_read_only_when_they_are_asked_for() -> None:
    data = drawn(*[written((20, 400, f"这是第{n}页上的一句话。")) for n in range(300)])
    first = next(iter(pdf.parse(data, "book.pdf")))
    assert isinstance(first, Sheet)
    assert first.text == "这是第0页上的一句话。"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_is_read_as_if_upright(turn: int) -> None:
    lines = [(20.0, 400.0 - 15 * n, f"江边的灯光第{n}次亮起来了") for n in range(4)]
    upright = sheets(drawn(written(*lines)))[0].text

    def draw(canvas: Canvas) -> None:
        canvas.rotate(turn)
        canvas.translate(*{90: (0, -400), 180: (-400, -500), 270: (-500, 0)}[turn])
        written(*lines)(canvas)

    assert sheets(drawn(draw))[0].text == upright


def test_text_beside_the_page_is_kept_though_it_stands_on_its_side() -> None:
    def draw(canvas: Canvas) -> None:
        written((20, 400, "江边的灯光次第亮起。"), (20, 385, "人群里传来口琴声。"))(canvas)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 6)
        canvas.drawString(100, -390, "Photo by Tong")

    assert sheets(drawn(draw))[0].text.endswith("\n\nPhoto by Tong")


def test_chinese_set_from_top_to_bottom_is_read_from_the_right() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(CHINESE, 10)
        for column, text in enumerate(("夜幕降临江边灯", "光次第亮起人群", "里传来口琴声。")):
            for row, letter in enumerate(text):
                canvas.drawString(300 - column * 16, 400 - row * 11, f"{letter} ")

    assert sheets(drawn(draw))[0].text == "夜幕降临江边灯光次第亮起人群里传来口琴声。"


def test_a_hyphen_at_a_lines_end_is_mended() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(20, 400, "The ferry crossed the river af-")
        canvas.drawString(20, 388, "ter dark for the first time in years.")

    text = sheets(drawn(draw))[0].text
    assert text == "The ferry crossed the river after dark for the first time in years."


def test_a_scanned_page_among_others_is_named_where_it_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    data = drawn(written((20, 400, "江边的灯光次第亮起。")), pictured)
    sheet, refused = pdf.parse(data, "page.pdf")
    assert isinstance(sheet, Sheet)
    assert refused == Refused("page 2: it is a picture; install baowen[ocr] to have pictures read")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(
            drawn(written((20, 400, "密")), encrypt=StandardEncryption("geheim", canPrint=1)),
            "it is locked by a password; save it without one",
            id="locked",
        ),
        pytest.param(
            drawn(written((20, 400, "断")))[:300],
            "it is a broken or cut-off PDF; export or download it again",
            id="cut off",
        ),
        pytest.param(b"%PDF-1.7\n", "it is a broken or cut-off PDF; .*", id="only a beginning"),
        pytest.param(drawn(lambda canvas: None), "no page of it has text; .*", id="blank"),
    ],
)
def test_a_pdf_that_gives_nothing_says_why_and_what_to_do(data: bytes, reason: str) -> None:
    assert form_of(data, "page.pdf").module == "pdf"
    with pytest.raises(Unreadable, match=reason):
        list(pdf.parse(data, "page.pdf"))


def test_a_pdf_of_pictures_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    with pytest.raises(Unreadable, match=r"^it is a picture; install baowen\[ocr\] "):
        list(pdf.parse(drawn(pictured, pictured), "page.pdf"))


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    data = drawn(*[written((20, 400, "页"))] * 3)
    with pytest.raises(Unreadable, match="it has 3 pages; part it into files of 2 pages"):
        pdf.parse(data, "book.pdf")
