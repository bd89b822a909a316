"""Days that newspapers write, and the one that an article's news happened on."""

from datetime import date

import pytest

from vectorstore.dates import Day, days, first_sentence, told

ISSUED = date(2022, 7, 15)


@pytest.mark.parametrize(
    ("sentence", "unissued", "issued"),
    [
        pytest.param(
            "本报讯(记者 王芳)7月14日,全会召开。", "XXXX-07-14", "2022-07-14", id="after the lead"
        ),
        pytest.param("全会在市里举行,时间是7月14日。", "XXXX-07-14", "2022-07-14", id="at the end"),
        pytest.param("12月30日,全会召开。", "XXXX-12-30", "2021-12-30", id="last year's"),
        pytest.param("2020年7月14日,全会召开。", "2020-07-14", "2020-07-14", id="its own year"),
        pytest.param(
            "二〇二〇年七月十四日,全会召开。", "2020-07-14", "2020-07-14", id="in characters"
        ),
        pytest.param("１２月３日上午,全会召开。", "XXXX-12-03", "2021-12-03", id="full width"),
        pytest.param(
            "民國111年7月14日,議會召開。", "2022-07-14", "2022-07-14", id="years of the Republic"
        ),
        pytest.param(
            "民國一百十一年七月廿日,議會召開。",
            "2022-07-20",
            "2022-07-20",
            id="Republic, in characters",
        ),
        pytest.param("議會昨（十四）日閉幕。", None, "2022-07-14", id="its number in brackets"),
        pytest.param("議會三日上午閉幕。", None, "2022-07-03", id="one figure, in the morning"),
        pytest.param("議會三日後閉幕。", None, None, id="three days"),
        pytest.param("司機六日深夜動武。", None, "2022-07-06", id="one figure, at night"),
        pytest.param(
            "市民六日參加步行。", None, "2022-07-06", id="one figure before what was done"
        ),
        pytest.param("為期六日在沙灘上練習。", None, None, id="for six days"),
        pytest.param("議會廿日閉幕。", None, "2022-06-20", id="廿 alone"),
        pytest.param("JULY 14: The vote came late.", "XXXX-07-14", "2022-07-14", id="capitals"),
        pytest.param(
            "去年10月3日,新馆开放。", "XXXX-10-03", "2021-10-03", id="last year's, said so"
        ),
        pytest.param("从7月12日起,气温下降。", None, None, id="from a day on"),
        pytest.param("7月12日起,气温下降。", None, None, id="from a day on, without 从"),
        pytest.param("供暖延长,直至4月6日。", None, None, id="until a day"),
        pytest.param("自去年10月3日开园以来,客流平稳。", None, None, id="since a day"),
        pytest.param("截至7月14日24时,降雨停止。", None, None, id="up to a day"),
        pytest.param("7月10日至12日,书展举行。", "XXXX-07-10", "2022-07-10", id="a span"),
        pytest.param(
            "为庆祝7月1日建党节,7月14日,市里演出。", "XXXX-07-14", "2022-07-14", id="a feast"
        ),
        pytest.param(
            "7月1日发布的标准7月14日实施。", "XXXX-07-14", "2022-07-14", id="an attribute"
        ),
        pytest.param(
            "新华社北京7月14日电 记者13日获悉,", "XXXX-07-13", "2022-07-13", id="by the dateline"
        ),
        pytest.param(
            "新华社北京7月14日电 粮价平稳。", "XXXX-07-14", "2022-07-14", id="dateline alone"
        ),
        pytest.param("本报7月13日讯 今天,书展开幕。", "XXXX-07-13", "2022-07-13", id="its today"),
        pytest.param("记者昨日从市里获悉,", None, "2022-07-14", id="yesterday"),
        pytest.param("上周五,市里开会。", None, None, id="a week day of last week"),
        pytest.param("市图书馆定于周五闭馆盘点。", None, None, id="a week day to come"),
        pytest.param(
            "本报5月9日2版《桥》一文有误。", None, None, id="what the paper printed before"
        ),
        pytest.param("马拉松将于10月16日开跑。", "XXXX-10-16", "2021-10-16", id="to come"),
        pytest.param(
            "7月14日前往灾区的队伍出发。", "XXXX-07-14", "2022-07-14", id="a verb, no bound"
        ),
        pytest.param(
            "RIVERTON, July 14 — The vote came late.", "XXXX-07-14", "2022-07-14", id="dateline"
        ),
        pytest.param("Friday, June 3: a film.", "XXXX-06-03", "2022-06-03", id="its week day"),
        pytest.param("The council met on Thursday.", None, "2022-07-14", id="week day"),
        pytest.param("The fair will open on August 2.", "XXXX-08-02", "2021-08-02", id="will"),
        pytest.param("Crowds came on August 2 to see it.", "XXXX-08-02", "2021-08-02", id="to see"),
        pytest.param("Since July 3, ferries are idle.", None, None, id="since"),
        pytest.param("On 3 July 2021 the bridge fell.", "2021-07-03", "2021-07-03", id="day first"),
        pytest.param("2月29日,全会召开。", "XXXX-02-29", "2020-02-29", id="leap day"),
        pytest.param("2月30日,全会召开。", None, None, id="no such day"),
        pytest.param("全会召开。", None, None, id="no day"),
    ],
)
def test_the_day_of_the_news(sentence: str, unissued: str | None, issued: str | None) -> None:
    assert told(sentence) == unissued
    assert told(sentence, ISSUED) == issued


def test_all_days_of_a_text_with_their_places() -> None:
    text = "7月14日和2021年七月十六日; May 3, 2020; 2020-05-04"
    found = days(text)
    assert [day.edtf for day in found] == ["XXXX-07-14", "2021-07-16", "2020-05-03", "2020-05-04"]
    assert [text[day.start : day.end] for day in found] == [
        "7月14日",
        "2021年七月十六日",
        "May 3, 2020",
        "2020-05-04",
    ]


def test_this_year_counts_from_the_day_that_is_given() -> None:
    assert days("今年7月14日", date(2022, 9, 1)) == (Day(0, 7, 7, 14, 2022),)


def test_a_month_cut_short_ends_no_sentence() -> None:
    lead = "The ferry sank on Sept. 21 at its mooring. Nobody was aboard."
    assert first_sentence(lead) == "The ferry sank on Sept. 21 at its mooring."


def test_the_first_sentence_of_a_lead() -> None:
    assert first_sentence("本报讯(记者 王芳)7月14日,全会召开。会议强调。") == (
        "本报讯(记者 王芳)7月14日,全会召开。"
    )
