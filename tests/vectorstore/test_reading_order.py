"""Lines scattered over a page come out as a reader would read them, none lost and none doubled."""

import random
import re
from collections.abc import Iterable, Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.forms.reading_order import Box, Line, read_page, text_of_blocks

SIZE, LEADING = 10.0, 15.0
SENTENCE = "江边的灯光次第亮起散步的人群里不时传来口琴声孩子们在老师带领下观察候鸟"


def page_text(page: Iterable[Line], frames: Sequence[Box] = ()) -> str:
    return read_page(page, frames)[0]


def in_order(page: Iterable[Line], frames: Sequence[Box] = ()) -> list[Line]:
    return read_page(page, frames)[1]


def at(text: str, left: float, top: float, size: float = SIZE) -> Line:
    """A line of Chinese letters, each as wide as it is high."""
    return Line(text, Box(left, top, left + len(text) * size, top + size), size)


def column(name: str, left: float, top: float, rows: int, letters: int = 12) -> list[Line]:
    """A column of full lines that begin with its name and their number."""
    return [
        at(f"{name}{row:02}{SENTENCE}"[:letters], left, top + row * LEADING) for row in range(rows)
    ]


def names(lines: list[Line], frames: tuple[Box, ...] = ()) -> str:
    """Which columns follow each other, each by its first letter."""
    order = "".join(line.text[0] for line in in_order(lines, frames))
    return re.sub(r"(.)\1+", r"\1", order)


boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    st.floats(-1e4, 1e4),
    st.floats(-1e4, 1e4),
    st.floats(0, 500),
    st.floats(0, 50),
)
numbers = count()
lines = st.builds(
    lambda box, size: Line(f"第{next(numbers)}行", box, size), boxes, st.floats(0, 40)
)


@given(st.lists(lines, max_size=60), st.lists(boxes, max_size=5))
def test_no_line_is_lost_or_doubled(page: list[Line], frames: list[Box]) -> None:
    assert sorted(map(id, in_order(page, frames))) == sorted(map(id, page))


@given(st.lists(lines, max_size=60), st.lists(boxes, max_size=5))
def test_no_letter_is_lost_or_doubled(page: list[Line], frames: list[Box]) -> None:
    written = re.sub(r"\s", "", page_text(page, frames))
    assert sorted(written) == sorted("".join(line.text for line in page))


@given(st.lists(st.lists(lines, max_size=10), max_size=6))
def test_blocks_in_order_keep_their_order(blocks: list[list[Line]]) -> None:
    written = re.sub(r"\s", "", text_of_blocks(blocks))
    assert written == "".join(line.text for block in blocks for line in block)


@given(st.integers(2, 5), st.integers(3, 12), st.floats(0.8, 3), st.floats(8, 16), st.randoms())
def test_columns_of_any_measure_are_read_one_after_another(
    number: int, rows: int, gutter: float, leading: float, chance: random.Random
) -> None:
    page = [
        at(f"{name}{row}{SENTENCE}"[:14], name * (140 + gutter * SIZE), row * leading * 1.2)
        for name in range(number)
        for row in range(rows)
    ]
    mixed = list(page)
    chance.shuffle(mixed)
    assert in_order(mixed) == page


@pytest.mark.parametrize(
    ("page", "order"),
    [
        pytest.param(
            [at("题好大的标题", 0, 0, 30), *column("甲", 0, 40, 5), *column("乙", 140, 40, 5)],
            "题甲乙",
            id="a headline over both columns",
        ),
        pytest.param(
            [
                at("题短标题", 170, 0, 20),
                *column("甲", 0, 30, 5),
                *column("乙", 140, 30, 5),
                *column("丙", 280, 30, 5),
            ],
            "题甲乙丙",
            id="a short headline in the middle of three columns",
        ),
        pytest.param(
            [
                *column("甲", 0, 0, 12),
                at("题第二篇文章的标题", 140, 0, 20),
                *column("乙", 140, 30, 10),
                *column("丙", 280, 30, 10),
            ],
            "甲题乙丙",
            id="a headline over the columns beside a long one",
        ),
        pytest.param(
            [
                *[
                    line
                    for n, x in zip("甲乙丙丁", (0, 140, 280, 420), strict=True)
                    for line in column(n, x, 0, 5)
                ],
                at("左边文章的大标题", 0, 90, 20),
                at("右边文章的大标题", 280, 90, 20),
                *[
                    line
                    for n, x in zip("戊己庚辛", (0, 140, 280, 420), strict=True)
                    for line in column(n, x, 120, 5)
                ],
            ],
            "甲乙丙丁左戊己右庚辛",
            id="four columns above two articles side by side",
        ),
        pytest.param(
            [
                *column("甲", 0, 0, 5),
                *column("乙", 140, 0, 5),
                at("图为会议现场记者摄影报道这是两栏宽的图片说明", 0, 100),
                *column("甲", 0, 130, 5),
                *column("乙", 140, 130, 5),
            ],
            "甲乙图",
            id="a caption that hangs between columns comes behind them",
        ),
        pytest.param(
            [
                at("题竖题", 0, 0, 20),
                *column("甲", 0, 30, 4),
                *column("乙", 140, 30, 4),
                at("次", 0, 100, 14),
                *column("丙", 0, 120, 4),
                *column("丁", 140, 90, 6),
            ],
            "题甲次丙乙丁",
            id="a subhead in one column doesn't end the other",
        ),
    ],
)
def test_a_layout_is_read_as_it_was_meant(page: list[Line], order: str) -> None:
    assert names(page) == order
    assert names(page[::-1]) == order


def test_what_a_frame_holds_stays_together() -> None:
    above = [*column("甲", 0, 0, 5), *column("乙", 140, 0, 5)]
    below = [*column("甲", 0, 200, 5), *column("乙", 140, 200, 5)]
    box = [
        line for n, x in zip("框盒", (10, 140), strict=True) for line in column(n, x, 100, 5, 10)
    ]
    frame = Box(-5, 90, 270, 185)
    assert names([*above, *box, *below], (frame,)) == "甲乙框盒"


def test_what_cannot_be_cut_is_read_block_by_block() -> None:
    pinwheel = [
        *column("甲", 0, 0, 3, 20),
        *column("乙", 220, 0, 9, 8),
        *column("丙", 0, 60, 9, 8),
        *column("丁", 100, 150, 3, 20),
        *column("心", 100, 60, 5, 10),
    ]
    order = names(pinwheel)
    assert sorted(order) == sorted("甲乙丙丁心")
    assert order.index("甲") < order.index("丙") < order.index("丁")


def test_paragraphs_begin_at_indents_gaps_and_early_ends() -> None:
    page = [
        at("江边的灯光次第亮起散步的人群里", 0, 0),
        at("不时传来口琴声。", 0, 15),
        at("孩子们在老师带领下观察鸟,", 20, 30),
        at("用望远镜记录下白鹭苍鹭的数量。", 0, 45),
        at("记者看到,检测人员在核对各", 20, 60),
        at("编号。", 0, 75),
        at("检测结果将于下周公布出来为止。", 0, 105),
    ]
    assert page_text(page).split("\n\n") == [
        "江边的灯光次第亮起散步的人群里不时传来口琴声。",
        "　　孩子们在老师带领下观察鸟,用望远镜记录下白鹭苍鹭的数量。",
        "　　记者看到,检测人员在核对各编号。",
        "检测结果将于下周公布出来为止。",
    ]


def test_english_lines_are_mended_and_headlines_made_one() -> None:
    def line(text: str, top: float, size: float, right: float) -> Line:
        return Line(text, Box(0, top, right, top + size), size)

    page = [
        line("Night ferries return to the", 0, 20, 200),
        line("river after nineteen years", 24, 20, 195),
        line("Passenger ferries crossed the ri-", 60, 8, 200),
        line("ver after dark for the first time", 71, 8, 199),
        line("since the spring of 2005.", 82, 8, 120),
        line("The boats carry 120 people.", 93, 8, 150),
    ]
    assert page_text(page).split("\n\n") == [
        "Night ferries return to the river after nineteen years",
        "Passenger ferries crossed the river after dark for the first time since the spring of 2005.",
        "The boats carry 120 people.",
    ]


def test_smaller_letters_are_set_off_as_captions_are() -> None:
    page = [*column("甲", 0, 0, 4), at("图为江边夜景。", 0, 100, 8), *column("乙", 0, 120, 4)]
    first, rest = page_text(page).split("\n\n\n\n")
    assert first.startswith("甲00")
    assert rest.startswith("图为江边夜景。\n\n乙00")


def test_a_drop_cap_goes_with_its_word() -> None:
    def line(text: str, left: float, top: float, size: float, right: float) -> Line:
        return Line(text, Box(left, top, right, top + size), size)

    page = [
        line("T", 0, 0, 28, 18),
        line("he city opened a night service", 20, 1, 8, 160),
        line("between the two wharves on the", 20, 12, 8, 160),
        line("evening of the tenth, and said", 0, 34, 8, 160),
    ]
    assert page_text(page).startswith("The city opened")


def test_thousands_of_lines_are_put_in_order_in_time() -> None:
    page = [at("字字", n * 37 % 2000, n * 91 % 3000) for n in range(5000)]
    assert len(in_order(page)) == 5000


def test_a_page_without_lines_has_no_text() -> None:
    assert page_text([]) == ""
    assert page_text([at("   ", 0, 0)]) == ""
