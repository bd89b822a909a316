"""The halves of an article that jumps find each other and become one."""

from dataclasses import replace
from datetime import date

import pytest
from fiction import article

from vectorstore.articles import Article, BlockKind, Jump, Source
from vectorstore.jumps import chains, joined, named, plainly

FRONT, INSIDE = Source("01.txt", "a" * 64), Source("03.txt", "b" * 64)


def head(*paragraphs: str, to: str = "03", page: str | None = "01", **more: object) -> Article:
    made = article(*paragraphs, source=FRONT, page=page, **more)  # type: ignore[arg-type]
    return replace(made, continued_to=to)


def tail(*paragraphs: str, of: str = "01", page: str | None = "03", **more: object) -> Article:
    given: dict[str, object] = {"headline": "", "byline": ()} | more
    made = article(*paragraphs, source=INSIDE, page=page, **given)  # type: ignore[arg-type]
    return replace(made, continued_from=of, headline=tuple(filter(None, made.headline)))


def texts(made: list[tuple[Article, ...]]) -> list[list[str]]:
    return [[half.text for half in chain] for chain in made]


def test_a_sentence_that_the_jump_tore_is_one_again() -> None:
    front = head("本报讯 大桥全长1860米。", "施工队计划在汛期到来之前把南岸的引")
    inside = tail("桥接上。", "明年春天通车。")
    (chain,) = chains([front, inside])
    whole = joined(chain)
    assert whole.text == (
        "本报讯 大桥全长1860米。\n施工队计划在汛期到来之前把南岸的引桥接上。\n明年春天通车。"
    )
    assert [whole.text[each.start : each.end] for each in whole.blocks] == whole.text.split("\n")
    assert (whole.id, whole.page, whole.headline) == (front.id, "01", front.headline)
    assert (whole.continued_from, whole.continued_to) == (None, None)
    assert [(whole.text[each.start :][:4], each.page) for each in whole.jumps] == [
        ("桥接上。", "03")
    ]


def test_a_picture_between_the_halves_stays_behind_the_sentence() -> None:
    caption = (BlockKind.CAPTION, "合龙现场。 祝清和 摄")
    front = head(blocks=[(BlockKind.PARAGRAPH, "引桥将在年底之"), caption])
    inside = tail(blocks=[(BlockKind.CAPTION, "夜色中的大桥。"), (BlockKind.PARAGRAPH, "前接上。")])
    whole = joined((front, inside))
    assert whole.text.split("\n") == ["引桥将在年底之前接上。", caption[1], "夜色中的大桥。"]


def test_a_jump_behind_a_full_stop_begins_a_paragraph() -> None:
    whole = joined((head("大桥合龙。"), tail("接下来铺桥面。")))
    assert whole.text == "大桥合龙。\n接下来铺桥面。"
    assert whole.jumps == (Jump(6, "03"),)


def test_names_of_both_halves_are_kept_once() -> None:
    front = head(
        blocks=[(BlockKind.BYLINE, "本报记者 祝清和"), (BlockKind.PARAGRAPH, "大桥合龙。")]
    )
    inside = tail(
        blocks=[(BlockKind.BYLINE, "本报记者 祝清和"), (BlockKind.PARAGRAPH, "桥面开铺。")],
        byline=("祝清和", "岑小满"),
        headline="大桥合龙",
    )
    whole = joined((front, inside))
    assert whole.byline == ("祝清和", "岑小满")
    assert whole.text == "本报记者 祝清和\n大桥合龙。\n桥面开铺。"


@pytest.mark.parametrize(
    ("to", "page", "of", "front"),
    [
        ("3", "03", "一", "01"),
        ("A03", "A3", "A1", "A01"),
        ("三", "第03版", "1", "01"),
        ("B12", "b12", "A1", "a1"),
        ("Six", "6", "one", "第一頁"),
    ],
)
def test_pages_are_the_same_however_they_are_spelt(to: str, page: str, of: str, front: str) -> None:
    made = chains([head("一。", to=to, page=front), tail("二。", of=of, page=page)])
    assert len(made) == 1


def test_halves_that_point_elsewhere_stand_alone() -> None:
    made = chains([head("一。", to="04"), tail("二。"), tail("三。", of="02", position=2)])
    assert texts(made) == [["一。"], ["二。"], ["三。"]]


def test_of_two_jumps_to_one_page_each_finds_its_own_half() -> None:
    bridge = head("鹤汀大桥的引桥预计在年底之前全部接", headline="鹤汀大桥合龙")
    school = head("东埠区第三小学的新校区有标准教", headline="东埠小学启用", position=2)
    lessons = tail("室36间,孩子们秋天搬进东埠区第三小学。", position=1)
    deck = tail("上,大桥的桥面随后开铺。", position=2)
    made = chains([bridge, school, lessons, deck])
    assert {(chain[0].id, chain[1].id) for chain in made} == {
        (bridge.id, deck.id),
        (school.id, lessons.id),
    }


def test_an_article_may_jump_twice() -> None:
    middle = replace(tail("二。"), continued_to="05")
    end = replace(tail("三。", of="03", page="05"), id="end")
    (chain,) = chains([head("一。"), end, middle])
    assert joined(chain).text == "一。\n二。\n三。"
    assert joined(chain).jumps == (Jump(3, "03"), Jump(6, "05"))


def test_halves_that_point_at_each_other_in_a_ring_are_cut_once() -> None:
    one = replace(head("一。"), continued_from="03")
    two = replace(tail("二。"), continued_to="01")
    made = chains([one, two])
    assert sorted(half.text for chain in made for half in chain) == ["一。", "二。"]
    assert len(made) == 1


def test_without_a_day_or_a_page_the_words_must_tell() -> None:
    undated: dict[str, object] = {"issued": None, "day": None}
    torn = head("鹤汀大桥的引桥预计在年底之前全部接", **undated)
    fitting, strange = tail("上,大桥通车。", **undated), tail("夜市重新开张。", **undated)
    assert len(chains([torn, fitting])) == 1
    assert len(chains([torn, strange])) == 2
    nowhere = head("鹤汀大桥的引桥预计在年底之前全部接", page=None, **undated)
    assert len(chains([nowhere, fitting])) == 2


def test_the_only_two_halves_of_an_issue_need_no_page_numbers() -> None:
    torn = head("鹤汀大桥的引桥预计在年底之前全部接", page=None)
    fitting = tail("上,鹤汀大桥随后通车。", page=None)
    assert len(chains([torn, fitting])) == 1
    strange = tail("夜市重新开张。", page=None)
    assert len(chains([torn, strange])) == 2


FERRY = "Night ferry returns to the Riverton landing after winter repairs"
LANDING = "The Riverton landing was rebuilt over the winter, and the ferry will run"


def unmarked(*paragraphs: str, page: str = "03", **more: object) -> Article:
    return replace(tail(*paragraphs, page=page, **more), continued_from=None)


@pytest.mark.parametrize(
    ("front", "inside"),
    [
        pytest.param(
            head("鹤汀大桥的引桥预计在年底之前全部接"),
            unmarked("上,大桥的桥面随后开铺。"),
            id="a sentence that fits",
        ),
        pytest.param(
            head("鹤汀大桥主跨合龙。"),
            unmarked("大桥的引桥年底接上。", headline="鹤汀大桥合龙"),
            id="the headline again",
        ),
        pytest.param(
            head("鹤汀大桥主跨合龙。"),
            unmarked("大桥的引桥年底接上。", headline="大桥合龙"),
            id="the headline shortened",
        ),
        pytest.param(
            head(LANDING, headline=FERRY, to="A4", page="A1"),
            unmarked("every night until the railway returns.", headline="NIGHT FERRY", page="A4"),
            id="in English",
        ),
        pytest.param(
            unmarked("引桥预计在年底之前全部接", page="01", headline="鹤汀大桥合龙"),
            tail("上,鹤汀大桥随后通车。大桥的引桥长两公里。"),
            id="a beginning without a mark",
        ),
    ],
)
def test_a_jump_that_one_page_marks_is_found_by_its_words(front: Article, inside: Article) -> None:
    front = replace(front, id="front")
    other = unmarked(
        "本报讯 夜市重新开张。", headline="夜市开张", position=2, page=inside.page or ""
    )
    halves = [each for each in (front, inside) if each.continued_from or each.continued_to]
    plain = [each for each in (front, inside, other) if each not in halves]
    (chain,) = chains(halves, plain)
    assert chain == (front, inside)
    assert named(halves) == {plainly(str(inside.page if front in halves else front.page))}
    assert joined(chain).jumps[0].page == inside.page


BRIDGE = "鹤汀大桥的引桥预计在年底之前全部接"


@pytest.mark.parametrize(
    ("front", "plain"),
    [
        pytest.param(
            head(BRIDGE),
            [unmarked("上,大桥的桥面开铺。"), unmarked("上,大桥的引桥通车。", position=2)],
            id="two that fit",
        ),
        pytest.param(head(BRIDGE), [unmarked("夜市周末重新开张。")], id="other words"),
        pytest.param(
            head("大桥合龙。"), [unmarked("大桥的引桥年底接上。")], id="nothing but likeness"
        ),
        pytest.param(
            head(BRIDGE),
            [unmarked("本报讯 鹤汀大桥合龙以后,引桥也要接上。", headline="鹤汀大桥合龙")],
            id="a lead of its own",
        ),
        pytest.param(head(BRIDGE), [unmarked("上,大桥的桥面开铺。", page="04")], id="other page"),
        pytest.param(
            head(BRIDGE, issued=None), [unmarked("上,大桥的桥面开铺。", issued=None)], id="no day"
        ),
        pytest.param(
            head("路灯亮了。", headline="一周简讯"),
            [unmarked("路灯亮了,桥也通了。", headline="一周简讯")],
            id="a column's name",
        ),
    ],
)
def test_a_jump_that_one_page_marks_stays_open_where_words_are_not_sure(
    front: Article, plain: list[Article]
) -> None:
    assert chains([front], plain) == [(front,)]


def test_a_mark_on_both_pages_counts_before_words() -> None:
    front, marked = head(BRIDGE), tail("上,大桥通车。", position=2)
    assert chains([front, marked], [unmarked("上,大桥的桥面开铺。")]) == [(front, marked)]


def test_a_half_without_a_day_of_its_paper_keeps_it_open() -> None:
    front = head("一。", issued=date(2024, 5, 17))
    assert joined(chains([front])[0]) == front
