"""What editors put right: how it is told, kept, applied again, and indexed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fiction import BRIDGE, SCHOOL, article
from sqlalchemy import text

from vectorstore.articles import Article, BlockKind, Box, Doubt, Jump, Leaf, Region
from vectorstore.catalogue import Catalogue, KeptSource
from vectorstore.corrections import (
    Change,
    Field,
    Misfit,
    Wrong,
    applied,
    replacing,
    rewriting,
    setting,
)
from vectorstore.ingest import Status, ingest, offered

PAGE = """鹤汀大桥合龙
本报讯(记者 祝清和)5月16日,鹤汀大桥主跨顺利合笼。大桥全长1860米,
预计明年3月通车。
建设方表示,合龙误差控制在2毫米以内,好于设计要求。

东埠区添一所新小学
本报讯(记者 岑小满)5月15日,东埠区第三小学新校区落成。新校区可容纳36个班,秋季启用。
"""
TEXT = "第一段在此。\n第二段有个错子。\n第三段收尾。"
THREE = article(*TEXT.split("\n"))


def put(
    catalogue: Catalogue, *found: Article, origin: str = "/1", replaces: KeptSource | None = None
) -> None:
    catalogue.put(origin, "{}", found, replaces)


def again(catalogue: Catalogue, *found: Article, origin: str = "/1") -> None:
    """Read a file again, which gives these articles now."""
    put(catalogue, *found, origin=origin, replaces=catalogue.source_at(origin))


def correct(
    catalogue: Catalogue, article: Article, *changes: Change | None, who: str = "岑主编"
) -> Article:
    return catalogue.correct(article.id, [each for each in changes if each], who, "对照原报")


def shown(catalogue: Catalogue, article: Article) -> Article:
    found = catalogue.article(article.id)
    assert found
    return found


# Values


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        pytest.param("第一段在此。第二段有个错子。\n第三段收尾。", 2, id="two paragraphs joined"),
        pytest.param("第一段在此。\n第二段\n有个错子。\n第三段收尾。", 4, id="one parted"),
        pytest.param("第一段在此。\n第二段有个错字。\n第三段收尾。", 3, id="a character"),
        pytest.param(
            "第一段就在此。\n第二段有个错子。\n第三段收。", 3, id="one too many, one missing"
        ),
        pytest.param("第1段在此。\n第2段有个错字。第三段\n收尾。", 3, id="all at once"),
        pytest.param("前言。\n第一段在此。\n第二段有个错子。\n第三段收尾。", 4, id="one in front"),
    ],
)
def test_a_text_is_rewritten_by_changes_of_few_characters(wanted: str, kinds: int) -> None:
    changes = rewriting(THREE, wanted)
    fixed = THREE
    for change in changes:
        assert len(change.was) + len(change.becomes) <= 12
        fixed = applied(fixed, change)
    assert fixed.text == wanted
    assert [fixed.text[b.start : b.end] for b in fixed.blocks] == wanted.split("\n")
    assert len(fixed.blocks) == kinds


def test_each_block_keeps_its_kind_when_text_before_it_changes() -> None:
    blocks = [
        (BlockKind.BYLINE, "□ 岑小满"),
        (BlockKind.PARAGRAPH, "今日有雨,"),
        (BlockKind.PARAGRAPH, "明日放晴。"),
        (BlockKind.HEADING, "风力"),
        (BlockKind.CAPTION, "雨中的桥。"),
    ]
    torn = article(blocks=blocks)
    (change,) = rewriting(torn, torn.text.replace("雨,\n明", "雨,明"))
    fixed = applied(torn, change)
    assert [kind for kind, _ in fixed.parts] == ["byline", "paragraph", "heading", "caption"]
    (change,) = rewriting(fixed, fixed.text.replace("明日", "\n明日"))
    assert applied(fixed, change).parts == torn.parts


def test_a_jump_stays_before_the_words_that_it_stood_before() -> None:
    jumping = replace(THREE, jumps=(Jump(THREE.text.index("第三"), "03"),))
    (change,) = rewriting(jumping, TEXT.replace("错子", "错别字儿"))
    fixed = applied(jumping, change)
    assert fixed.text[fixed.jumps[0].start :] == "第三段收尾。"


@pytest.mark.parametrize(
    ("was", "becomes", "start", "says"),
    [
        pytest.param("不在", "在", None, "doesn't hold", id="not there"),
        pytest.param("段", "節", None, "more than once", id="several"),
        pytest.param("段", "節", 0, "other words", id="elsewhere"),
        pytest.param("在此", "在\x07此", None, "U\\+0007", id="a bell"),
        pytest.param("在此", "在\n\n此", None, "empty", id="an empty paragraph"),
        pytest.param("在此", "在" * 501, None, "500", id="too much"),
    ],
)
def test_a_stretch_that_cannot_be_replaced_is_told_why(
    was: str, becomes: str, start: int | None, says: str
) -> None:
    with pytest.raises(Misfit, match=says):
        replacing(THREE, was, becomes, start)


def test_another_text_altogether_is_no_correction() -> None:
    with pytest.raises(Misfit, match="500 characters"):
        rewriting(THREE, "另" * 3000)
    long = article(*(f"第{at}行字。" for at in range(800)))
    with pytest.raises(Misfit, match="500 characters"):
        rewriting(long, "".join(chr(0x4E00 + at) for at in range(5000)))


@pytest.mark.parametrize(
    ("field", "told", "says"),
    [
        pytest.param(Field.ISSUED, "2023-02-29", "a day that there is", id="no such day"),
        pytest.param(Field.ISSUED, "XXXX-02-28", "a day that there is", id="no year"),
        pytest.param(Field.DATE, "昨天", "a day that there is", id="no day"),
        pytest.param(Field.PAGE, "01\n02", "one line", id="two lines"),
        pytest.param(Field.HEADLINE, "\n".join("题" * 21), "20 lines", id="many lines"),
        pytest.param(Field.BYLINE, "何\x00望", "U\\+0000", id="a control character"),
    ],
)
def test_a_field_that_cannot_hold_it_is_told_why(field: Field, told: str, says: str) -> None:
    with pytest.raises(Misfit, match=says):
        setting(BRIDGE, field, told)


def test_lines_are_tidied_and_what_is_as_it_was_changes_nothing() -> None:
    change = setting(BRIDGE, Field.HEADLINE, "  一桥飞架 \r\n\r\n 两岸相连\n")
    assert change
    assert applied(BRIDGE, change).headline == ("一桥飞架", "两岸相连")
    assert setting(BRIDGE, Field.HEADLINE, " 鹤汀大桥合龙 ") is None
    assert setting(BRIDGE, Field.DATE, "XXXX-02-29")


def test_the_day_told_of_follows_the_day_of_issue_unless_it_was_put_right_itself() -> None:
    issued = setting(BRIDGE, Field.ISSUED, "2021-05-17")
    assert issued
    assert applied(BRIDGE, issued).date == "2021-05-16"
    told = setting(BRIDGE, Field.DATE, "2020-05-16")
    assert told
    assert applied(applied(BRIDGE, told), issued).date == "2020-05-16"


def test_what_was_doubtful_and_is_put_right_is_doubtful_no_more() -> None:
    torn = replace(THREE, headline=(), doubts=(Doubt.NO_HEADLINE, Doubt.EDGE))
    change = setting(torn, Field.HEADLINE, "三段")
    assert change
    assert applied(torn, change).doubts == (Doubt.EDGE,)
    record = replace(THREE, doubts=())  # was never doubtful, though short
    assert applied(record, setting(record, Field.PAGE, "09") or issued_none()).doubts == ()


def issued_none() -> Change:
    raise AssertionError("it must change")


# In the catalogue


def test_a_corrected_article_has_its_id_and_tells_who_when_and_why(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, SCHOOL)
    fixed = correct(
        catalogue,
        BRIDGE,
        setting(BRIDGE, Field.HEADLINE, "大桥合龙"),
        replacing(BRIDGE, "1860", "1680"),
    )
    assert fixed == shown(catalogue, BRIDGE)
    assert (fixed.id, fixed.headline) == (BRIDGE.id, ("大桥合龙",))
    assert fixed.text == BRIDGE.text.replace("1860", "1680")
    headline, length = catalogue.corrections([BRIDGE.id])
    assert (headline.change.was, headline.change.becomes) == ("鹤汀大桥合龙", "大桥合龙")
    assert (length.who, length.why, length.applied) == ("岑主编", "对照原报", True)
    assert length.made_at >= headline.made_at
    assert shown(catalogue, SCHOOL) == SCHOOL
    assert catalogue.misfits() == []


def test_only_the_corrected_articles_passages_are_indexed_anew(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, SCHOOL)
    pending = catalogue.pending(100)
    catalogue.mark_indexed([each.passage.id for each in pending])
    catalogue.compare(10)
    correct(catalogue, BRIDGE, replacing(BRIDGE, "1860", "1680"))
    anew = catalogue.pending(100)
    assert {each.passage.article_id for each in anew} == {BRIDGE.id}
    assert any("1680" in each.passage.text for each in anew)
    forgotten = {each.entry_id for each in catalogue.removed(100)}
    assert forgotten == {e.entry_id for e in pending if e.passage.article_id == BRIDGE.id}


def test_a_refused_change_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    good, bad = replacing(BRIDGE, "1860", "1680"), Change(Field.PAGE, "07", "08")
    with pytest.raises(Misfit):
        correct(catalogue, BRIDGE, good, bad)
    assert shown(catalogue, BRIDGE) == BRIDGE
    assert catalogue.corrections([BRIDGE.id]) == []
    with pytest.raises(KeyError):
        catalogue.correct("nobody", [good], "甲", "")


def test_corrections_hold_when_the_file_is_read_again(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, SCHOOL)
    fixed = correct(catalogue, BRIDGE, replacing(BRIDGE, "1860", "1680"))
    fixed = correct(catalogue, BRIDGE, replacing(fixed, "龙。大桥", "龙。\n大桥"))
    again(catalogue, BRIDGE, SCHOOL)
    assert shown(catalogue, BRIDGE) == fixed
    assert catalogue.misfits() == []
    # Other words elsewhere, and the paragraph before longer: they still fit.
    newer = article(*BRIDGE.text.replace("5月16日,鹤", "5月16日清晨,大鹤").split("\n"))
    again(catalogue, newer, SCHOOL)
    assert "清晨,大鹤汀大桥主跨顺利合龙。\n大桥全长1680米" in shown(catalogue, BRIDGE).text
    assert catalogue.misfits() == []


def test_what_the_file_has_right_by_now_is_right(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    fixed = correct(
        catalogue, BRIDGE, replacing(BRIDGE, "1860", "1680"), setting(BRIDGE, Field.PAGE, "02")
    )
    again(catalogue, fixed)
    assert shown(catalogue, BRIDGE) == fixed
    assert catalogue.misfits() == []


def test_a_correction_that_fits_no_more_is_told_and_fits_again_later(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    fixed = correct(
        catalogue,
        BRIDGE,
        replacing(BRIDGE, "1860", "1680"),
        setting(BRIDGE, Field.HEADLINE, "大桥合龙"),
    )
    changed = replace(article("本报讯 全长二千米。"), headline=("一座新桥",))
    again(catalogue, changed)
    assert shown(catalogue, BRIDGE) == changed
    assert [each.change.field for each in catalogue.misfits()] == ["text", "headline"]
    assert catalogue.misfits([SCHOOL.id]) == []
    again(catalogue, BRIDGE)
    assert shown(catalogue, BRIDGE) == fixed
    assert catalogue.misfits() == []


def test_a_correction_is_withdrawn(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    correct(catalogue, BRIDGE, replacing(BRIDGE, "1860", "1680"), setting(BRIDGE, Field.PAGE, "02"))
    length, page = catalogue.corrections([BRIDGE.id])
    assert not catalogue.withdraw(SCHOOL.id, length.number)
    assert catalogue.withdraw(BRIDGE.id, length.number)
    assert shown(catalogue, BRIDGE) == replace(BRIDGE, page="02")
    assert catalogue.withdraw(BRIDGE.id, page.number)
    assert shown(catalogue, BRIDGE) == BRIDGE
    with catalogue.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM originals")) == 0


def torn_in_two() -> tuple[Article, Article]:
    head = replace(
        article("鹤汀大桥全长1860米,主跨采用了", position=1, page="01"), continued_to="03"
    )
    tail = replace(
        article("钢箱梁结构,由三方合建。", position=1, page="03", headline="鹤汀大桥合龙"),
        id="the-tail",
        continued_from="01",
    )
    return head, tail


def test_an_article_of_two_halves_is_corrected_and_stays_so_as_pages_come_and_go(
    catalogue: Catalogue,
) -> None:
    head, tail = torn_in_two()
    put(catalogue, head, origin="/p/1")
    put(catalogue, tail, origin="/p/3")
    whole = shown(catalogue, head)
    assert "采用了钢箱梁" in whole.text
    fixed = correct(catalogue, tail, replacing(whole, "三方", "四方"))  # a half is its whole
    assert fixed.id == head.id
    assert fixed.text.endswith("由四方合建。")
    again(catalogue, tail, origin="/p/3")
    assert shown(catalogue, head) == fixed
    source = catalogue.source_at("/p/3")
    assert source
    with catalogue.writing() as connection:
        catalogue.drop_source(connection, source.id)
    assert shown(catalogue, head).text == head.text
    assert len(catalogue.misfits()) == 1
    put(catalogue, tail, origin="/p/3")
    assert shown(catalogue, head) == fixed


def test_text_that_was_corrected_in_a_half_is_right_in_the_whole(catalogue: Catalogue) -> None:
    head, tail = torn_in_two()
    put(catalogue, tail, origin="/p/3")
    correct(catalogue, tail, replacing(tail, "三方", "四方"))
    put(catalogue, head, origin="/p/1")
    assert shown(catalogue, head).text.endswith("由四方合建。")
    correct(catalogue, head, replacing(shown(catalogue, head), "1860", "1680"))
    assert shown(catalogue, head).text.endswith("由四方合建。")
    assert "1680" in shown(catalogue, head).text
    assert catalogue.misfits() == []
    first, *_ = catalogue.corrections([head.id])
    assert first.article_id == tail.id
    assert catalogue.withdraw(head.id, first.number)
    assert shown(catalogue, head).text.endswith("由三方合建。")


def test_lines_of_a_page_are_found_for_the_corrected_text(catalogue: Catalogue) -> None:
    lines = (
        "鹤汀大桥主跨昨日顺利合龙,",
        "建设方说误差很小。",
        "大桥全长一千八百六十米,预计明年三月通东。",
    )
    printed = article(lines[0], lines[1], lines[2])
    boxes = tuple(
        Box(at, at + len(line), 0.1, 0.1 * row, 0.5, 0.1)
        for row, line in enumerate(lines)
        for at in [printed.text.index(line)]
    )
    put(catalogue, replace(printed, regions=(Region(Leaf(1, 100, 100), boxes),)))
    fixed = correct(catalogue, printed, *rewriting(printed, "".join(lines).replace("通东", "通车")))
    assert len(fixed.blocks) == 1
    (region,) = catalogue.regions(fixed)
    found = [fixed.text[box.start : box.end] for box in region.boxes]
    assert found == [*lines[:2], lines[2].replace("通东", "通车")]


def test_the_year_that_a_page_is_told_later_leaves_corrections_in_place(
    catalogue: Catalogue, folder: Path
) -> None:
    (folder / "01.txt").write_text("云川日报\n5月17日 星期五\n\n" + PAGE)
    (folder / "02.txt").write_text(
        "云川日报\n2024年5月17日 星期五\n\n老街添灯\n本报讯(记者 何望)老街昨晚添了四十盏灯,游人称便。\n"
    )
    read(catalogue, folder / "01.txt")
    bridge = titled(catalogue, "鹤汀大桥合龙")
    assert bridge.issued is None
    correct(catalogue, bridge, replacing(bridge, "合笼", "合龙"))
    for offer in offered(folder):
        ingest(catalogue, offer)
    dated = shown(catalogue, bridge)
    assert dated.issued == date(2024, 5, 17)
    assert "顺利合龙" in dated.text


def test_what_is_taken_out_leaves_no_correction_and_no_report(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    put(catalogue, replace(SCHOOL, source=replace(SCHOOL.source, sha256="9" * 64)), origin="/2")
    for each, word, other in ((BRIDGE, "1860", "1680"), (SCHOOL, "36", "63")):
        correct(catalogue, each, replacing(each, word, other))
        catalogue.report(each.id, Wrong.NAME, "记者姓祝")
    again(catalogue, replace(BRIDGE, id="another", text="别的。", blocks=article("别的。").blocks))
    assert len(catalogue.misfits()) == 1  # its article came no more
    with catalogue.writing() as connection:
        source = catalogue.source_at("/1")
        assert source
        catalogue.drop_source(connection, source.id)
        catalogue.drop(connection, [SCHOOL.id])
    for table in ("corrections", "originals", "readers_reports"):
        with catalogue.engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_file_that_moved_takes_its_corrections_along(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    fixed = correct(catalogue, BRIDGE, replacing(BRIDGE, "1860", "1680"))
    source = catalogue.source_at("/1")
    assert source
    catalogue.move_source(source.id, "/elsewhere", "elsewhere")
    again(catalogue, BRIDGE, origin="/elsewhere")
    assert shown(catalogue, BRIDGE) == fixed
    moved = catalogue.source_at("/elsewhere")
    assert moved
    with catalogue.writing() as connection:
        catalogue.drop_source(connection, moved.id)
    assert catalogue.misfits() == []


def test_of_the_reports_on_one_article_the_last_are_kept(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.catalogue.MOST_REPORTS", 2)
    put(catalogue, BRIDGE, SCHOOL)
    for number in range(3):
        catalogue.report(BRIDGE.id, Wrong.BREAK, f"第{number}次")
    catalogue.report(SCHOOL.id, Wrong.DATE, "")
    assert [each.comment for each in catalogue.reports(BRIDGE.id)] == ["第2次", "第1次"]
    newest, second, *_ = catalogue.reports(limit=9)
    assert (newest.wrong, second.comment) == (Wrong.DATE, "第2次")
    assert [e.comment for e in catalogue.reports(before=newest.number)] == ["第2次", "第1次"]
    assert catalogue.settle_report(newest.number)
    assert not catalogue.settle_report(newest.number)
    with pytest.raises(KeyError):
        catalogue.report("nobody", Wrong.OTHER, "")


# With files


def read(catalogue: Catalogue, path: Path) -> list[Status]:
    return [ingest(catalogue, offer).status for offer in offered(path)]


def titled(catalogue: Catalogue, headline: str) -> Article:
    found, _ = catalogue.articles(limit=100)
    return next(each for each in found if each.title == headline)


def test_the_report_of_a_changed_file_names_what_fits_no_more(
    catalogue: Catalogue, folder: Path
) -> None:
    path = folder / "2024-05-17-01.txt"
    path.write_text(PAGE)
    assert read(catalogue, path) == [Status.ADDED]
    bridge, school = titled(catalogue, "鹤汀大桥合龙"), titled(catalogue, "东埠区添一所新小学")
    correct(catalogue, bridge, replacing(bridge, "合笼", "合龙"))
    correct(catalogue, school, setting(school, Field.BYLINE, "岑大满"))
    assert read(catalogue, path) == [Status.UNCHANGED]
    path.write_text(PAGE.replace("主跨顺利合笼", "主跨于凌晨合上"))
    (report,) = [ingest(catalogue, offer) for offer in offered(path)]
    assert report.status is Status.UPDATED
    assert report.reason
    assert "鹤汀大桥合龙" in report.reason
    assert "(text)" in report.reason
    assert "小学" not in report.reason
    assert shown(catalogue, school).byline == ("岑大满",)
    assert "于凌晨合上" in shown(catalogue, bridge).text


def test_an_article_whose_headline_was_corrected_is_known_again_in_a_changed_file(
    catalogue: Catalogue, folder: Path
) -> None:
    path = folder / "2024-05-17-01.txt"
    path.write_text(PAGE)
    read(catalogue, path)
    bridge = titled(catalogue, "鹤汀大桥合龙")
    correct(catalogue, bridge, setting(bridge, Field.HEADLINE, "大桥合龙在即"))
    path.write_text(PAGE.replace("36个班", "48个班"))
    read(catalogue, path)
    assert titled(catalogue, "大桥合龙在即").id == bridge.id
