"""The lines that an article stands in are told with the words that each of them holds."""

import io

import pytest
from PIL import Image, ImageOps
from reportlab.pdfgen.canvas import Canvas
from test_pdf import SAMPLE, drawn, sheets, written
from typesetting import set_page

from vectorstore.articles import Article, BlockKind, Leaf, Region, Source, join
from vectorstore.forms import Placed, Sheet, alto, pagexml, pdf
from vectorstore.jumps import joined
from vectorstore.placing import moved, placed
from vectorstore.reading import Kind, read

LEAF = Leaf(1, 100, 100)


def article(*blocks: str, headline: tuple[str, ...] = (), name: str = "a") -> Article:
    text, laid = join([(BlockKind.PARAGRAPH, block) for block in blocks])
    return Article(id=name, headline=headline, text=text, blocks=laid, source=Source("a.pdf", "0"))


def page(*lines: str) -> list[Placed]:
    return [Placed(line, 0.1, row / 100, 0.9, (row + 1) / 100) for row, line in enumerate(lines)]


def told(article: Article) -> list[tuple[int, str | None]]:
    """Each box as the row that it stands in and its words; None for a headline's."""
    return [
        (round(box.y * 100), None if box.start is None else article.text[box.start : box.end])
        for region in article.regions
        for box in region.boxes
    ]


def test_lines_are_told_with_their_words_though_they_were_mended_and_moved() -> None:
    lines = page(
        "江畔步道全线贯通",
        "本报讯 江畔步道建设取得新进",
        "展,主体结构已经全部完成。",
        "图为工人在安装座椅。",
        "步道全长12公里。(下转03版)",
        "第02版 要闻",
    )
    news = article(
        "本报讯 江畔步道建设取得新进展,主体结构已经全部完成。",
        "步道全长12公里。",
        "图为工人在安装座椅。",
        headline=("江畔步道全线贯通",),
    )
    (found,) = placed([news], [(LEAF, lines)])
    assert told(found) == [
        (0, None),
        (1, "本报讯 江畔步道建设取得新进"),
        (2, "展,主体结构已经全部完成。"),
        (4, "步道全长12公里。"),
        (3, "图为工人在安装座椅。"),
    ]


def test_words_that_a_page_has_twice_are_each_articles_own() -> None:
    lines = page(
        "甲乡开镰",
        "会议要求抓好秋收。",
        "甲乡亩产八百斤。",
        "乙乡插秧",
        "会议要求抓好秋收。",
        "乙乡水足。",
    )
    one = article("会议要求抓好秋收。", "甲乡亩产八百斤。", headline=("甲乡开镰",), name="a")
    two = article("会议要求抓好秋收。", "乙乡水足。", headline=("乙乡插秧",), name="b")
    found = list(placed([one, two], [(LEAF, lines)]))
    assert [[row for row, _ in told(each)] for each in found] == [[0, 1, 2], [3, 4, 5]]


def test_a_line_that_two_articles_share_is_told_of_both() -> None:
    lines = page("渡口夜航今起恢复运营。图书馆周末延长开放", "时间到晚上九点。")
    one, two = (
        article("渡口夜航今起恢复运营。"),
        article("图书馆周末延长开放时间到晚上九点。", name="b"),
    )
    found = list(placed([one, two], [(LEAF, lines)]))
    assert told(found[0]) == [(0, "渡口夜航今起恢复运营。")]
    assert told(found[1]) == [(0, "图书馆周末延长开放"), (1, "时间到晚上九点。")]


def test_a_word_torn_with_a_hyphen_stands_in_both_lines() -> None:
    lines = page("The ferry crossed the river af-", "ter dark for the first time.")
    (found,) = placed(
        [article("The ferry crossed the river after dark for the first time.")], [(LEAF, lines)]
    )
    assert [words for _, words in told(found)] == [
        "The ferry crossed the river af",
        "ter dark for the first time.",
    ]


def test_an_article_stands_on_a_page_that_none_of_its_lines_is_found_on() -> None:
    (found,) = placed([article("无人认得的字句。")], [(LEAF, page("另一篇报道的字句在此。"))])
    assert found.regions == (Region(LEAF, ()),)


def test_pages_without_coordinates_give_no_regions() -> None:
    (found,) = placed([article("渡口夜航恢复。")], [(LEAF, [])])
    assert found.regions == ()


def test_a_page_of_one_letter_over_and_over_is_placed_in_time() -> None:
    lines = page(*["啊" * 100] * 500)
    (found,) = placed([article("啊" * 49_000 + "哦" * 1_000)], [(LEAF, lines)])
    assert len(told(found)) == 490


@pytest.mark.parametrize("seed", range(3))
def test_lines_of_the_sample_set_in_columns_hold_the_words_printed_there(seed: int) -> None:
    for path in SAMPLE:
        printed = read(path.read_bytes(), "page.txt", kind=Kind.PAGE).articles
        data = set_page(printed, seed)
        (sheet,) = sheets(data)
        lines = {(line.left, line.top): letters(line.text) for line in sheet.lines}
        found = read(data, "page.pdf", kind=Kind.PAGE).articles
        boxes = [(each, box) for each in found for region in each.regions for box in region.boxes]
        assert len(boxes) > 0.97 * len(lines)
        right = [
            box.start is None or letters(each.text[box.start : box.end]) in lines[box.x, box.y]
            for each, box in boxes
        ]
        assert all(right)


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter not in " \n-　")


def test_halves_of_a_jump_keep_their_boxes_in_the_whole_text() -> None:
    first, second = Leaf(1, 100, 100), Leaf(1, 200, 100)
    head = article("大桥主体完工。", "施工队将把南岸的引", "图为大桥。")
    tail = article("桥接上,请读者留意。", "通车时间另行公布。", name="b")
    (head,) = placed([head], [(first, page("大桥主体完工。", "施工队将把南岸的引", "图为大桥。"))])
    (tail,) = placed(
        [tail], [(second, page("(上接01版)", "桥接上,请读者留意。", "通车时间另行公布。"))]
    )
    whole = joined([head, tail])
    (one,), (other,) = moved(whole, [head, tail])

    def words(region: Region) -> list[str]:
        return [whole.text[box.start : box.end] for box in region.boxes]

    assert words(one) == ["大桥主体完工。", "施工队将把南岸的引", "图为大桥。"]
    assert words(other) == ["桥接上,请读者留意。", "通车时间另行公布。"]
    assert (one.leaf, other.leaf) == (first, second)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("shown", [0, 90, 180, 270])
def test_a_line_of_a_pdf_is_placed_as_the_page_is_shown(turn: int, shown: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(shown)
        canvas.rotate(turn)
        canvas.translate(*{0: (0, 0), 90: (0, -400), 180: (-400, -500), 270: (-500, 0)}[turn])
        written((130, 200, "江边的灯光次第亮起来"))(canvas)

    images = list[bytes]()

    def keep(image: bytes) -> str:
        images.append(image)
        return "name"

    (sheet,) = pdf.parse(drawn(draw), "page.pdf", keep)
    assert isinstance(sheet, Sheet)
    (line,) = sheet.lines
    assert (line.left, line.top, line.right, line.bottom) == pytest.approx(
        inked(images[0]), abs=0.01
    )
    width, height = Image.open(io.BytesIO(images[0])).size
    assert width / height == pytest.approx(sheet.width / sheet.height, abs=0.01)


def inked(image: bytes) -> tuple[float, ...]:
    """The box around what is dark, in shares of the image."""
    picture = Image.open(io.BytesIO(image)).convert("L")
    box = ImageOps.invert(picture).point(lambda dot: 255 * (dot > 100)).getbbox()
    assert box
    return tuple(
        side / whole for side, whole in zip(box, (*picture.size, *picture.size), strict=True)
    )


def test_coordinates_of_alto_and_page_xml_are_kept() -> None:
    words = '<String CONTENT="渡口夜航恢复。"/>'
    altofile = (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>'
        '<Page ID="P1" WIDTH="1000" HEIGHT="2000"><PrintSpace><TextBlock ID="b">'
        f'<TextLine HPOS="100" VPOS="200" WIDTH="300" HEIGHT="40">{words}</TextLine>'
        f"<TextLine>{words}</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
    )
    pagefile = (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        '<Page imageFilename="1.jpg" imageWidth="1000" imageHeight="2000"><TextRegion id="r">'
        '<TextLine id="l"><Coords points="100,200 400,200 400,240 100,240"/>'
        "<TextEquiv><Unicode>渡口夜航恢复。</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
    )
    for form, text in ((alto, altofile), (pagexml, pagefile)):
        (sheet,) = form.parse(text.encode(), "page.xml")
        assert sheet.lines == (Placed("渡口夜航恢复。", 0.1, 0.1, 0.4, 0.12),)
        assert (sheet.width, sheet.height, sheet.image) == (1000, 2000, None)


@pytest.mark.parametrize(
    "size",
    [
        pytest.param("", id="none"),
        pytest.param('WIDTH="0" HEIGHT="0"', id="zero"),
        pytest.param('WIDTH="nan" HEIGHT="inf"', id="no number"),
        pytest.param('WIDTH="1e30" HEIGHT="1e30"', id="of no page"),
    ],
)
def test_coordinates_on_a_page_of_no_such_size_are_left_out(size: str) -> None:
    text = (
        f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page ID="P1" {size}>'
        '<PrintSpace><TextBlock ID="b">'
        '<TextLine HPOS="100" VPOS="200" WIDTH="300" HEIGHT="40">'
        '<String CONTENT="渡口夜航恢复。"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>'
    )
    (sheet,) = alto.parse(text.encode(), "page.xml")
    assert (sheet.text, sheet.lines, sheet.width) == ("渡口夜航恢复。", (), 0)


def test_lines_beyond_their_page_are_left_out_or_cut() -> None:
    text = (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>'
        '<Page ID="P1" WIDTH="1000" HEIGHT="1000"><PrintSpace><TextBlock ID="b">'
        '<TextLine HPOS="-100" VPOS="nan" WIDTH="300" HEIGHT="40"><String CONTENT="甲"/></TextLine>'
        '<TextLine HPOS="-100" VPOS="20" WIDTH="300" HEIGHT="40"><String CONTENT="乙"/></TextLine>'
        '<TextLine HPOS="1100" VPOS="20" WIDTH="300" HEIGHT="40"><String CONTENT="丙"/></TextLine>'
        "</TextBlock></PrintSpace></Page></Layout></alto>"
    )
    (sheet,) = alto.parse(text.encode(), "page.xml")
    assert sheet.lines == (Placed("乙", 0, 0.02, 0.2, 0.06),)
