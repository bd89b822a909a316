"""What libraries give, ALTO and PAGE XML, comes out as pages of text in its own order."""

import pytest

from vectorstore.forms import Sheet, Unreadable, alto, pagexml
from vectorstore.forms.registry import form_of
from vectorstore.reading import read

VERSIONS = [
    "http://www.loc.gov/standards/alto/ns-v2#",
    "http://www.loc.gov/standards/alto/ns-v3#",
    "http://www.loc.gov/standards/alto/ns-v4#",
]
PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


def string(text: str, **attributes: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<String CONTENT="{text}"{more}/>'


def line(*parts: str, at: tuple[int, int, int, int] | None = None) -> str:
    place = 'HPOS="{}" VPOS="{}" WIDTH="{}" HEIGHT="{}"'.format(*at) if at else ""
    return f"<TextLine {place}>{'<SP/>'.join(parts)}</TextLine>"


def block(name: str, *lines: str, more: str = "") -> str:
    return f'<TextBlock ID="{name}" {more}>{"".join(lines)}</TextBlock>'


def altofile(space: str, version: str = VERSIONS[1], page: str = "", order: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="{version}">{order}<Layout>'
        f'<Page ID="P1" {page}>{space}</Page></Layout></alto>'
    ).encode()


def printed(*blocks: str) -> str:
    return f"<PrintSpace>{''.join(blocks)}</PrintSpace>"


def text(data: bytes) -> str:
    form = {"alto": alto, "pagexml": pagexml}[form_of(data, "page.xml").module]
    return "\n\n".join(sheet.text for sheet in form.parse(data, "page.xml"))


@pytest.mark.parametrize("version", VERSIONS)
def test_words_become_lines_and_lines_paragraphs(version: str) -> None:
    data = altofile(
        printed(
            block(
                "b1",
                line(string("Ferries"), string("crossed"), at=(10, 10, 200, 12)),
                line(string("the"), string("river."), at=(10, 26, 90, 12)),
                line(string("Bicycles"), string("are"), at=(25, 42, 185, 12)),
                line(string("allowed."), at=(10, 58, 80, 12)),
            )
        ),
        version,
    )
    assert text(data) == "Ferries crossed the river.\n\n　　Bicycles are allowed."


def test_a_word_broken_at_a_lines_end_is_whole_again() -> None:
    one = string("af", SUBS_TYPE="HypPart1", SUBS_CONTENT="after") + '<HYP CONTENT="-"/>'
    two = string("ter", SUBS_TYPE="HypPart2", SUBS_CONTENT="after")
    data = altofile(
        printed(
            block("b1", line(string("sailed"), one)),
            block("b2", line(two, string("dark."))),
        )
    )
    assert text(data) == "sailed after\n\ndark."
    plain = string("af") + '<HYP CONTENT="-"/>'
    lines = (
        line(string("The"), string("ferry"), plain, at=(0, 0, 200, 10)),
        line(string("ter"), string("dark."), at=(0, 14, 90, 10)),
    )
    assert text(altofile(printed(block("b1", *lines)))) == "The ferry after dark."


def test_chinese_letters_given_one_by_one_have_no_blanks() -> None:
    letters = "".join(map(string, "江边的灯光"))
    assert text(altofile(printed(block("b1", f"<TextLine>{letters}</TextLine>")))) == "江边的灯光"
    words = string("Night") + string("ferries")
    assert text(altofile(printed(block("b1", f"<TextLine>{words}</TextLine>")))) == "Night ferries"


def test_blocks_go_in_the_order_that_the_file_gives() -> None:
    head = f"<TopMargin>{block('t', line(string('第05版')))}</TopMargin>"
    foot = f"<BottomMargin>{block('f', line(string('责编')))}</BottomMargin>"
    inner = block("b2", line(string("二"))) + block("b3", line(string("三")), more='IDNEXT="b1"')
    space = printed(f"<ComposedBlock>{inner}</ComposedBlock>", block("b4", line(string("四"))))
    one = printed(block("b1", line(string("一"))))
    assert text(altofile(foot + space + head)).split("\n\n") == ["第05版", "二", "三", "四", "责编"]
    chained = space.replace("</PrintSpace>", f"{one[12:]}")
    assert text(altofile(chained)).split("\n\n") == ["二", "三", "一", "四"]
    order = "<ReadingOrder><OrderedGroup>{}</OrderedGroup></ReadingOrder>".format(
        "".join(f'<ElementRef REF="{name}"/>' for name in ("b4", "b2"))
    )
    assert text(altofile(space, order=order)).split("\n\n") == ["四", "二", "三"]


def test_a_page_has_the_number_that_was_printed() -> None:
    space = printed(block("b1", line(string("江边的灯光次第亮起。"))))
    for page, number in [
        ('PRINTED_IMG_NR="A5" PHYSICAL_IMG_NR="17"', "A5"),
        ('PHYSICAL_IMG_NR="17"', "17"),
        ("", None),
    ]:
        (sheet,) = alto.parse(altofile(space, page=page), "page.xml")
        assert sheet.number == number


def test_an_alto_page_comes_out_as_its_articles() -> None:
    data = altofile(
        printed(
            block("h", line(string("江畔步道月底贯通"), at=(0, 0, 320, 40))),
            block(
                "b",
                line(string("本报讯(记者"), string("祝清和)5月16日,步道"), at=(20, 60, 280, 12)),
                line(string("建设取得新进展,主体结构完成。"), at=(0, 76, 300, 12)),
            ),
        )
    )
    (article,) = read(data, "0001.xml").articles
    assert article.headline == ("江畔步道月底贯通",)
    assert article.byline == ("祝清和",)
    assert article.text.endswith("步道建设取得新进展,主体结构完成。")


def region(name: str, *lines: str, more: str = "") -> str:
    return f'<TextRegion id="{name}" {more}><Coords points="0,0 1,1"/>{"".join(lines)}</TextRegion>'


def said(words: str, top: int | None = None, left: int = 0, more: str = "") -> str:
    points = f"{left},{top} {left + 10 * len(words)},{top} {left},{(top or 0) + 10}"
    outline = f'<Coords points="{points}"/>' if top is not None else ""
    equiv = f"<TextEquiv><Unicode>{words}</Unicode></TextEquiv>"
    return f"<TextLine {more}>{outline}{equiv}</TextLine>"


def pagefile(*regions: str, order: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="{PAGE}"><Page imageFilename="1.png">'
        f"{order}{''.join(regions)}</Page></PcGts>"
    ).encode()


def test_regions_go_in_their_reading_order_and_the_others_come_last() -> None:
    order = (
        '<ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="1" regionRef="a"/>'
        '<OrderedGroupIndexed index="0" id="h"><RegionRefIndexed index="1" regionRef="c"/>'
        '<RegionRefIndexed index="0" regionRef="d"/></OrderedGroupIndexed></OrderedGroup></ReadingOrder>'
    )
    regions = [region(name, said(text)) for name, text in zip("abcd", "一二三四", strict=True)]
    assert text(pagefile(*regions, order=order)).split("\n\n") == ["四", "三", "一", "二"]


def test_lines_are_mended_where_they_stand_and_kept_where_they_stand_nowhere() -> None:
    broken = [said("江边的灯光次第亮起散步的人", 0), said("群里传来口琴声。", 15)]
    assert text(pagefile(region("a", *broken))) == "江边的灯光次第亮起散步的人群里传来口琴声。"
    lines = [said("渡口"), said("船是旧的")]
    assert text(pagefile(region("a", *lines))) == "渡口\n船是旧的"


def test_lines_go_by_the_numbers_that_they_bear() -> None:
    second = said("乙", more='custom="readingOrder {index:1;}"')
    first = said("甲", more='custom="readingOrder {index:0;} structure {type:x;}"')
    assert text(pagefile(region("a", second, first))) == "甲\n乙"


def test_the_first_reading_of_a_line_counts_and_words_where_it_has_none() -> None:
    both = (
        '<TextLine><TextEquiv index="1"><Unicode>灯火</Unicode></TextEquiv>'
        '<TextEquiv index="0"><Unicode>灯光</Unicode></TextEquiv></TextLine>'
    )
    words = "".join(
        f"<Word><TextEquiv><Unicode>{word}</Unicode></TextEquiv></Word>" for word in ("By", "night")
    )
    assert text(pagefile(region("a", both))) == "灯光"
    assert text(pagefile(region("a", f"<TextLine>{words}</TextLine>"))) == "By night"


def test_a_region_without_lines_gives_its_own_text() -> None:
    whole = "<TextEquiv><Unicode>第一行\n第二行</Unicode></TextEquiv>"
    assert text(pagefile(region("a", whole))) == "第一行\n第二行"
    nested = region("a", region("b", said("里面的话")) + whole)
    assert text(pagefile(nested)) == "里面的话"


def test_vertical_lines_are_joined_as_they_follow_each_other() -> None:
    def tall(words: str, left: int) -> str:
        points = f"{left},0 {left + 12},0 {left},{12 * len(words)}"
        equiv = f"<TextEquiv><Unicode>{words}</Unicode></TextEquiv>"
        return f'<TextLine><Coords points="{points}"/>{equiv}</TextLine>'

    data = pagefile(region("a", tall("江邊的燈光次第亮起", 100), tall("散步的人群。", 80)))
    assert text(data) == "江邊的燈光次第亮起散步的人群。"


BOMB = (
    '<!DOCTYPE alto [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<alto><Layout><Page>&b;</Page></Layout></alto>"
)
STRANGE = (
    '<!DOCTYPE alto [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    "<alto><Layout><Page>&a;</Page></Layout></alto>"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(BOMB.encode(), "it defines entities, which may do harm", id="bomb"),
        pytest.param(STRANGE.encode(), "it defines entities, which may do harm", id="strange file"),
        pytest.param(
            altofile("")[:-9], "broken or cut-off XML; export or download it again", id="cut off"
        ),
        pytest.param(altofile(printed()), "it holds no text; give the picture", id="no text"),
        pytest.param(pagefile(region("a")), "it holds no text; transcribe the page", id="no lines"),
    ],
)
def test_what_gives_nothing_says_why_and_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        text(data)


def test_sheets_are_values() -> None:
    (sheet,) = alto.parse(altofile(printed(block("b1", line(string("灯光"))))), "page.xml")
    assert sheet == Sheet(text="灯光")
