import pytest

from qa.several import Several
from qa.understanding import understand


@pytest.mark.parametrize(
    "question",
    [
        "列出防汛指挥部的所有会议",
        "请列出鹤汀大桥的报道",
        "历次河务会议都研究了什么?",
        "历届龙舟赛的冠军是谁?",
        "河务會議每次都由誰主持?",
        "上周市里开了哪些会?",
        "2022年召开过哪些防汛会议?",
        "有哪些报道提到鹤汀大桥?",
        "关于鹤汀大桥的所有报道",
        "哪几次会议提到了堤防?",
        "给我鹤汀大桥建设的时间线",
        "按时间顺序说说轨道交通4号线的建设",
        "List all meetings of the river board.",
        "Which articles mention the night ferry?",
        "Give me a timeline of the bridge works.",
        "Who chaired each meeting of the river board?",
    ],
)
def test_all_of_a_kind_are_asked_for(question: str) -> None:
    assert understand(question).over_several is Several.LIST


@pytest.mark.parametrize(
    "question",
    [
        "公交票价这几年有什么变化?",
        "鹤汀大桥的工期是怎么变的?",
        "芦江水位从2020年到2022年涨了多少?",
        "图书馆改造前后有什么不同?",
        "职工人数是增加了还是减少了?",
        "粮价的走势如何?",
        "How has the ferry timetable changed?",
        "How did attendance develop over the years?",
        "Did the number of visitors rise or fall?",
    ],
)
def test_a_change_is_asked_for(question: str) -> None:
    assert understand(question).over_several is Several.CHANGE


@pytest.mark.parametrize(
    "question",
    [
        "鹤汀大桥和芦汀桥哪个先通车?",
        "鹤汀大桥与芦汀桥,哪一座建成更早?",
        "哪个先开放,粮仓图书馆还是丝绸博物馆?",
        "大桥合龙是在洪水之前还是之后?",
        "请说明这几项工程的先后顺序",
        "Which opened first, the library or the museum?",
        "Which came first?",
        "Was the bridge closed before or after the flood?",
    ],
)
def test_an_order_is_asked_for(question: str) -> None:
    assert understand(question).over_several is Several.ORDER


@pytest.mark.parametrize(
    "question",
    [
        "第12次河务会议研究了什么?",
        "会议有哪些人参加?",
        "最近一次会议是谁主持的?",
        "馆里历史最久的展品是什么?",
        "先进工作者有哪几位?",
        "谁最先提出建桥?",
        "王先生和李女士谁是馆长?",
        "谁写了《河务大事记》?",
        "演出前后需要多久?",
        "大桥通车后公交怎么走?",
        "How many meetings were held?",
        "Who was the first director?",
    ],
)
def test_what_one_article_tells_is_no_question_over_several(question: str) -> None:
    assert understand(question).over_several is None
