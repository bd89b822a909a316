"""Pages to articles: what a page holds comes out whole, nothing lost and nothing doubled."""

import json
import random
import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from newspaper import print_page

from vectorstore.articles import Article
from vectorstore.layout import layout, spans
from vectorstore.pieces import Role
from vectorstore.reading import Kind, cleaned, read

SHARED = Path(__file__).parents[2].parent / "shared"


def articles(text: str) -> tuple[Article, ...]:
    return read(text.encode(), "page.txt").articles


def parts(article: Article) -> list[tuple[str, str]]:
    return [(block.kind.value, article.text[block.start : block.end]) for block in article.blocks]


def letters(text: str) -> list[str]:
    return sorted(re.sub(r"\s", "", text))


def printed(text: str) -> list[str]:
    """All letters of a page but those of its furniture and jump marks."""
    marks = {Role.FURNITURE, Role.JUMP_FROM, Role.JUMP_TO}
    return letters(
        "".join(piece.text for piece in layout(cleaned(text)) if piece.role not in marks)
    )


def held(found: tuple[Article, ...]) -> list[str]:
    return letters("".join("".join((*a.kicker, *a.headline, a.text)) for a in found))


PAGE = """2022年7月15日　星期五
责编：张建国　版式：刘敏

第02版　要闻

市人大常委会举行第九次会议

为高质量发展提供法治保障

本报讯（记者 王一鸣　通讯员 李 静）7月14日上午，市人大常委会举行会议，对湖滨新区建设情况进行询问。

会议审议通过了条例草案，并就湖滨新


图为会议现场。　　本报记者 孙 磊 摄

区的供水、供热和公交等问题询问了有关部门。

城东水厂本月底投用

□本报记者 周文

走进城东水厂，工人们正在调试设备，居民打开水龙

日供水能力二十万吨

头就能直接饮用。（下转04版）

简　讯

本报讯（记者 王一鸣）7月13日，市图书馆新馆开馆。

本报讯（记者 周文）市公交集团昨日开通三条夜班线路。

关于湖滨路封闭施工的通告

因管网改造，需对湖滨路进行封闭施工。现将有关事项通告如下：

一、封闭时间：7月20日至8月10日；

二、请经民主街绕行。

松原市公安局

2022年7月14日

读者来信

路灯坏了何时修

编辑同志：

我们小区门口的路灯坏了两个月，希望有关部门尽快维修。

读者 马大爷

编后：小路灯，大民生。

（上接03版）

各地各部门要压实责任，确保安全度汛。
"""


def test_a_front_page_comes_out_as_its_articles() -> None:
    council, water, briefs, notice, letter, rest = articles(PAGE)
    assert council.headline == ("市人大常委会举行第九次会议", "为高质量发展提供法治保障")
    assert council.byline == ("王一鸣",)
    assert council.correspondents == ("李静",)
    assert council.photographers == ("孙磊",)
    assert (council.date, council.page) == ("2022-07-14", "02")
    assert [kind for kind, _ in parts(council)] == ["paragraph", "paragraph", "caption"]
    assert "湖滨新区的供水" in council.text
    assert water.headline == ("城东水厂本月底投用", "日供水能力二十万吨")
    assert water.byline == ("周文",)
    assert parts(water)[0] == ("byline", "□本报记者 周文")
    assert parts(water)[1][1].endswith("居民打开水龙头就能直接饮用。")
    assert (water.continued_to, water.date) == ("04", "2022-07-15")
    assert briefs.byline == ("王一鸣", "周文")
    assert len(briefs.blocks) == 2
    assert notice.headline == ("关于湖滨路封闭施工的通告",)
    assert {kind for kind, _ in parts(notice)} == {"paragraph"}
    assert parts(notice)[-1] == ("paragraph", "2022年7月14日")
    assert letter.kicker == ("读者来信",)
    assert parts(letter)[0][1] == "编辑同志："
    assert parts(letter)[-1] == ("paragraph", "编后：小路灯，大民生。")
    assert (rest.headline, rest.continued_from) == ((), "03")
    assert [article.position for article in articles(PAGE)] == [1, 2, 3, 4, 5, 6]


ENGLISH = """THE RIVERTON HERALD

Friday, July 15, 2022

PAGE A1

Council backs new bridge over Mill River

By JANE DOE
Staff Writer

RIVERTON, July 14 — The City Council voted 7-2 on Thursday to bridge the Mill River, reliev-
ing the old crossing. Mayor Ann Brook said the



Cranes stand by the river on Wednesday. Photo by Tom Ford

work would begin in spring.

Continued on Page A4

School kitchens turn to local farms

By Mary Smith and Paul West

Fifteen schools will buy vegetables from farms nearby this fall, the district said.

The menu

Children will find more carrots on their plates.

The cost

The district expects to pay about 4 percent more.
"""


def test_an_english_page_comes_out_as_its_articles() -> None:
    bridge, schools = articles(ENGLISH)
    assert bridge.publication == "THE RIVERTON HERALD"
    assert bridge.byline == ("JANE DOE",)
    assert bridge.photographers == ("Tom Ford",)
    assert (bridge.date, bridge.page, bridge.continued_to) == ("2022-07-14", "A1", "A4")
    assert "relieving the old crossing. Mayor Ann Brook said the work would begin" in bridge.text
    assert schools.byline == ("Mary Smith", "Paul West")
    assert [text for kind, text in parts(schools) if kind == "heading"] == ["The menu", "The cost"]


BULLETIN = """白石县十二座水库全部完成清淤
白石县水务局今天宣布，全县十二座水库全部完成清淤，蓄水能力恢复到建库之初的水平。
清淤从去年冬天开始，挖出的淤泥运往附近的果园作肥料。
云岭轮渡今晚起在白石码头与青禾码头之间新增两条夜航线路
今晚起，云岭轮渡在白石码头与青禾码头之间新增两条夜航线路，末班船开到零点，票价和白天一样。
霍远山在青禾镇调研
副市长霍远山今天在青禾镇调研，看望养蚕的农户。
他说，蚕茧收购价要提前公布，让农户心里有数。
青禾镇夏茧收购价每公斤上调六元
青禾镇今天公布夏茧收购价，每公斤比去年上调六元。
国内简讯
柳荫县建成第一座风力发电站
柳荫县第一座风力发电站昨天建成，装有九台风机。
北河市免费开放二十处体育场馆
暑假期间，北河市二十处体育场馆免费开放。
松子岭发现一处古代瓷窑遗址
考古人员近日在松子岭发现古代瓷窑遗址，出土瓷片上万件。
海东岛国遭遇三十年来最强台风
海东岛国昨夜遭遇三十年来最强台风，两万户居民停电。
岛上的机场已经关闭，渡轮也全部停航。
四国渔业部长商定休渔期
四国渔业部长昨天举行会谈，商定明年的休渔期为九十天。
各方还同意互派观察员。
国外简讯
西岭国马铃薯产量创十年新高
西岭国今年马铃薯产量创十年新高，达到四百万吨。
南湾港罢工第五天仍未结束
南湾港的罢工今天进入第五天，仍未结束。
风物
江上的渔火亮了，我们一起去看看夏夜的江岸。"""


@pytest.mark.parametrize("above", ["\n", "\n\n", "\n　　"])
def test_a_bulletin_comes_out_as_its_items(above: str) -> None:
    found = articles(BULLETIN.replace("\n", above))
    assert ["".join(article.headline) for article in found] == [
        "白石县十二座水库全部完成清淤",
        "云岭轮渡今晚起在白石码头与青禾码头之间新增两条夜航线路",
        "霍远山在青禾镇调研",
        "青禾镇夏茧收购价每公斤上调六元",
        "国内简讯",
        "海东岛国遭遇三十年来最强台风",
        "四国渔业部长商定休渔期",
        "国外简讯",
        "风物",
    ]
    assert [len(article.blocks) for article in found] == [2, 1, 2, 1, 6, 2, 2, 4, 1]
    assert [kind for kind, _ in parts(found[4])] == ["heading", "paragraph"] * 3


def test_the_subheads_of_a_bulletins_declaration_stay_in_it() -> None:
    declaration = """四国沿海城市发表联合宣言
四国沿海城市的市长今天发表联合宣言，全文如下：
渔业
休渔期从七十天延长到九十天。
航运
四市之间每天对开一班渡轮。
旅游
居民凭身份证件就能上岸游览。
气象
台风预报每小时互通一次。
搜救
任何一方的救生艇都可以越界救人。
"""
    found = articles(declaration + BULLETIN)
    headings = [text for kind, text in parts(found[0]) if kind == "heading"]
    assert headings == ["渔业", "航运", "旅游", "气象", "搜救"]
    assert len(found) == 10


def test_columns_that_tear_paragraphs_are_no_bulletin() -> None:
    page = "\n\n".join(
        f"{place}的渡口换上电动船\n\n{place}的渡口今天换上电动船，船上不再有油烟，开起来也没有\n\n"
        "声音，坐船的人都说好。"
        for place in ("白石", "云岭", "青禾", "柳荫", "北河", "松子岭")
    )
    torn = "\n\n第二天一早，渡口又来了十\n\n二条新船，松子岭的孩子们都跑来看。"
    found = read((page + torn).encode(), "page.txt", kind=Kind.PAGE).articles
    assert found[-1].text.endswith("渡口又来了十二条新船，松子岭的孩子们都跑来看。")


def test_the_long_subheads_of_a_signed_feature_are_no_headlines() -> None:
    sections = [
        ("老船厂变成了船博物馆", "老船厂停产之后，工人们把它变成了船博物馆，展出四十条木船。"),
        ("旧仓库里办起木工学校", "旧仓库里办起了木工学校，孩子们周末来这里学刨木头。"),
        ("退休船工当起了讲解员", "退休的船工当起讲解员，讲风浪里的故事。"),
        ("废铁轨改成了滨江步道", "废铁轨改成滨江步道，早晚都有人散步。"),
        ("夜市带火了码头小吃摊", "夜市开张，码头的小吃摊也带火了。"),
    ]
    text = "\n".join(f"{head}\n{body}" for head, body in sections)
    (feature,) = articles(f"一座老船厂的新生活\n本报记者 王一鸣\n江边的老船厂热闹起来。\n{text}")
    assert len([kind for kind, _ in parts(feature) if kind == "heading"]) == 5


def test_a_roundup_is_one_article_with_its_sections() -> None:
    text = """各县区扎实推进春耕备耕 全力保障粮食安全

白石县

连日来,白石县组织农技人员下乡,为农户送去种子和化肥。

云岭县

4月8日,云岭县召开春耕备耕现场会。

青禾镇

近日,青禾镇疏通沟渠三十公里。

(以上由融媒体记者 李静 整理)

本周多雨

本报讯(记者 王一鸣)本周有三次降雨。"""
    roundup, weather = articles(text)
    assert [kind for kind, _ in parts(roundup)] == ["heading", "paragraph"] * 3 + ["credit"]
    assert (roundup.byline, roundup.date) == (("李静",), None)
    assert weather.headline == ("本周多雨",)


def test_briefs_behind_signs_are_one_article() -> None:
    text = """简讯三则

△7月13日,市图书馆举办读书会。(高翔)

△市气象台预计周末有大雨。(谷雨)

△社区开展免费体检。(高翔)

市总工会慰问一线职工

本报讯(记者 王芳)市总工会到公交场站慰问。"""
    briefs, union = articles(text)
    assert [kind for kind, _ in parts(briefs)] == ["paragraph"] * 3
    assert briefs.byline == ("高翔", "谷雨")
    assert (briefs.date, union.byline) == ("XXXX-07-13", ("王芳",))


def test_an_interview_under_its_columns_name() -> None:
    text = """民生访谈

老房加装电梯怎么申请

——访市住建局副局长何平

本报记者 高翔

记者:哪些房子可以加装电梯?

何平:2000年以前建成的住宅都可以申请。

(本报记者 高翔 整理)"""
    (interview,) = articles(text)
    assert interview.kicker == ("民生访谈",)
    assert interview.headline == ("老房加装电梯怎么申请", "——访市住建局副局长何平")
    kinds = [kind for kind, _ in parts(interview)]
    assert kinds == ["byline", "paragraph", "paragraph", "credit"]


def test_a_writers_bare_name_with_a_post_is_a_byline_though_a_clause_could_begin_so() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n把老街还给老街\n\n舒明\n\n近来,老街上多了三家奶茶店,少了一家钟表铺。\n\n"
        "春天少吃冷食\n\n中医科主任医师 方远\n\n春天,胃口不好的人多起来。\n"
    )
    assert [(article.headline, article.byline) for article in found] == [
        (("把老街还给老街",), ("舒明",)),
        (("春天少吃冷食",), ("方远",)),
    ]


def test_a_commentator_is_named_above_or_below_a_headline_and_is_nobodys_name() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n一条路修了三年\n\n本报讯(记者 王芳)西环路昨日通车。\n\n本报评论员\n\n"
        "修路先要修规矩\n\n路通了,规矩也要通。\n\n办事少跑一趟\n\n□本报评论员\n\n少跑一趟,多做一步。\n"
    )
    assert [(article.kicker, article.headline, article.byline) for article in found] == [
        ((), ("一条路修了三年",), ("王芳",)),
        (("本报评论员",), ("修路先要修规矩",), ()),
        ((), ("办事少跑一趟",), ()),
    ]


TORN = "2021年5月6日 星期四\n\n老厂房变书店\n\n本报讯(记者 王芳)老机修厂昨日开了一家书店,厂长把钥匙交给店员,"


def test_a_signed_box_within_a_sentence_is_an_article_of_its_own() -> None:
    found = articles(
        f"{TORN}\n\n编辑手记\n\n旧屋新用 先问三件事\n\n屋顶漏不漏要问,电线老不老也要问。\n\n问清楚了再动手。(李静)\n\n"
        "又叮嘱了几句门窗的事。\n\n书店里留着一台旧机床。\n"
    )
    assert [(article.headline, article.text) for article in found] == [
        (
            ("老厂房变书店",),
            "本报讯(记者 王芳)老机修厂昨日开了一家书店,厂长把钥匙交给店员,又叮嘱了几句门窗的事。\n"
            "书店里留着一台旧机床。",
        ),
        (
            ("编辑手记", "旧屋新用 先问三件事"),
            "屋顶漏不漏要问,电线老不老也要问。\n问清楚了再动手。(李静)",
        ),
    ]


def test_a_brief_within_a_sentence_keeps_its_second_paragraph() -> None:
    found = articles(
        f"{TORN}\n\n两家馆子评上三星\n\n本报讯(记者 李静)两家小馆昨日评上三星。\n\n"
        "据了解,两家小馆都开在江边。\n\n又叮嘱了几句门窗的事。\n"
    )
    assert [article.text.split("\n") for article in found] == [
        ["本报讯(记者 王芳)老机修厂昨日开了一家书店,厂长把钥匙交给店员,又叮嘱了几句门窗的事。"],
        ["本报讯(记者 李静)两家小馆昨日评上三星。", "据了解,两家小馆都开在江边。"],
    ]


def test_a_box_under_its_columns_name_keeps_the_text_below_it() -> None:
    found = articles(
        f"{TORN}\n\n[知识窗]\n\n旧书怎么晒\n\n初夏晒书,先挑阴凉处。\n\n见到虫眼,用软刷子扫。\n\n"
        "又把旧机修厂的门窗看了一遍。\n"
    )
    assert [article.text.split("\n")[1:] for article in found] == [[], ["见到虫眼,用软刷子扫。"]]
    assert found[0].text.endswith("交给店员,又把旧机修厂的门窗看了一遍。")


def test_paragraphs_on_a_line_each_are_not_wrapped_though_two_are_as_long() -> None:
    lines = [f"第{number}家小店开在江边,门口有树。" for number in range(1, 12)]
    torn = "开店的人说,江边的树越长越高,江边的店越开越长,他每天早上要走五六分"
    long = "点灯的人说,江边的灯越点越亮,江边的路越走越长,他每天晚上要走一千步。"
    page = ["2021年5月6日 星期四", "江边的小店", "本报记者 王芳", *lines, long, torn]
    (found,) = articles("\n".join((*page, "图为江边的小店。 王芳 摄", "钟才走到头。")))
    assert [text for kind, text in parts(found) if kind == "paragraph"] == [
        *lines,
        long,
        f"{torn}钟才走到头。",
    ]


def test_a_name_in_brackets_on_a_line_of_its_own_is_the_byline() -> None:
    (found,) = articles("2021年5月6日 星期四\n\n雨停了\n\n江边的雨停了。\n\n(方远山)\n")
    assert (found.byline, parts(found)[-1][0]) == (("方远山",), "byline")


def test_a_table_and_a_titled_picture_within_a_sentence_are_articles_of_their_own() -> None:
    found = articles(
        f"{TORN}\n\n夜市摆摊安排\n\n周一 小吃 王记\n\n周二 旧书 李记\n\n周三 花草 张记\n\n"
        "又叮嘱了几句门窗的事。书店里还有一台机床,\n\n春到梨花沟\n\n梨花沟的梨花开了,游人沿着梨树走。 李静 摄\n\n"
        "说是留给孩子们看。\n"
    )
    assert [article.headline for article in found] == [
        ("老厂房变书店",),
        ("夜市摆摊安排",),
        ("春到梨花沟",),
    ]
    assert found[0].text.endswith("又叮嘱了几句门窗的事。书店里还有一台机床,说是留给孩子们看。")
    assert found[1].text == "周一 小吃 王记\n周二 旧书 李记\n周三 花草 张记"
    assert found[2].photographers == ("李静",)


def test_a_caption_without_a_mark_within_a_sentence_is_one() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n老厂房变书店\n\n　　老机修厂的院子里开了一家书店,开业那天来了老工人,厂长把旧机床的\n\n"
        "店员在新书店里整理图书。\n\n铭牌挂在门口。\n\n　　书店里还有一张长桌。\n\n　　长桌是用旧门板拼的。\n"
    )
    assert [parts(article) for article in found] == [
        [
            (
                "paragraph",
                "老机修厂的院子里开了一家书店,开业那天来了老工人,厂长把旧机床的铭牌挂在门口。",
            ),
            ("caption", "店员在新书店里整理图书。"),
            ("paragraph", "书店里还有一张长桌。"),
            ("paragraph", "长桌是用旧门板拼的。"),
        ]
    ]


def test_the_half_of_a_headline_below_the_lead_is_a_title() -> None:
    (found,) = articles(
        "2021年5月6日 星期四\n\n水库加固完工\n\n本报讯(记者 祝清和)昨天,岭头水库加固通过验收,"
        "下游九个村不用再为一盆水发愁。\n\n"
        "下游九村告别“一盆水”\n\n水库建于1966年,工程投资两千万元。\n\n今年汛期它将蓄到设计水位。\n"
    )
    assert found.headline == ("水库加固完工", "下游九村告别“一盆水”")
    assert [kind for kind, _ in parts(found)] == ["paragraph"] * 3


def test_two_articles_that_break_off_go_on_each_for_itself() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n梅子跌价\n\n本报讯(记者 祝清和)梅子的收购价跌到五元,连采工的工\n\n"
        "学生养蚕办馆\n\n本报讯(记者 岑小满)中学的教室旁有一间博物馆,学生不但养\n\n"
        "资都不够。\n\n农民说,今年让梅子掉在地上。\n\n家蚕,还到山里采野蚕。\n\n馆长说,蚕吐丝的时候不会想这个。\n"
    )
    assert [article.text.split("\n") for article in found] == [
        [
            "本报讯(记者 祝清和)梅子的收购价跌到五元,连采工的工资都不够。",
            "农民说,今年让梅子掉在地上。",
        ],
        [
            "本报讯(记者 岑小满)中学的教室旁有一间博物馆,学生不但养家蚕,还到山里采野蚕。",
            "馆长说,蚕吐丝的时候不会想这个。",
        ],
    ]


def test_a_word_of_traditional_characters_is_seen_across_a_gap() -> None:
    assert spans("連採工的工", "資都不夠")
    assert not spans("梅子跌價", "記者昨天")


def test_a_caption_goes_to_the_article_that_it_tells_of() -> None:
    bridge, school = articles(
        "2021年5月6日 星期四\n\n青石大桥通车\n\n本报讯(记者 祝清和)青石大桥昨天通车,乡民扶老携幼走过桥面。\n\n"
        "小学换新课桌\n\n本报讯(记者 岑小满)城南小学昨天换上三百张课桌。\n\n"
        "青石大桥通车，乡民走过桥面。祝清和 摄\n\n旧课桌送给了图书馆。\n"
    )
    assert bridge.photographers == ("祝清和",)
    assert [kind for kind, _ in parts(school)] == ["paragraph", "paragraph"]


def test_poems_in_a_row_are_articles_with_their_writers() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n江边(外一首)\n\n方远山\n\n船把影子留给水\n\n水把影子留给岸\n\n岸上没有人\n\n"
        "灯下\n\n母亲的针落在膝上\n\n夜就短了一寸\n\n绝句二首\n\n舒明\n\n早春\n\n一夜东风过小桥,柳条先绿水边苗。\n"
    )
    assert [(article.headline, article.byline) for article in found] == [
        (("江边(外一首)",), ("方远山",)),
        (("绝句二首",), ("舒明",)),
    ]
    assert [text for kind, text in parts(found[0]) if kind == "heading"] == ["灯下"]
    assert parts(found[1])[1] == ("heading", "早春")


def test_a_letter_is_signed_by_who_its_writer_is() -> None:
    (found,) = articles(
        "2021年5月6日 星期四\n\n路灯为何总不亮\n\n编辑同志:\n\n巷口的路灯坏了半年。\n\n城南居民 王芳\n\n"
        "编后:灯亮了,心才亮。\n"
    )
    assert [kind for kind, _ in parts(found)] == ["paragraph"] * 4


def test_an_order_has_its_number_in_its_headline_and_its_items_in_its_text() -> None:
    (found,) = articles(
        "2021年5月6日 星期四\n\n宅基地出让公告\n\n江自然告字〔2021〕6号\n\n现将有关事项公告如下:\n\n"
        "一、地块的基本情况\n\n编号 位置 面积 起价\n\n1号 江边 600 20\n\n2号 坡上 500 18\n\n"
        "二、报名从速。\n\n王家岗整治小组\n\n2021年5月6日\n"
    )
    assert found.headline == ("宅基地出让公告", "江自然告字〔2021〕6号")
    assert [kind for kind, _ in parts(found)] == ["paragraph"] * 8


def test_talk_ends_where_neither_is_asked_nor_answered_any_more() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n春天过敏怎么办\n\n本报记者 王芳\n\n问:鼻子痒怎么办?\n\n答:先戴口罩。\n\n"
        "问:要吃药吗?\n\n答:要听医生的。\n\n立夏谣\n\n立夏吃蛋,石头踩烂。\n\n小满不满,麦子有险。\n"
    )
    assert [article.headline for article in found] == [("春天过敏怎么办",), ("立夏谣",)]


def test_messages_signed_one_by_one_are_no_section_of_a_report() -> None:
    found = articles(
        "2021年5月6日 星期四\n\n水塔拆了\n\n本报讯(记者 王芳)城南水塔昨日拆除。\n\n一句话\n\n"
        "公交站的长椅能不能加个靠背?(市民 阿远)\n\n图书馆的灯太暗了。(读者 小雨)\n"
    )
    assert [article.headline for article in found] == [("水塔拆了",), ("一句话",)]


def test_photo_news_is_an_article_of_its_own() -> None:
    text = """图片新闻

3月8日,市第一幼儿园的孩子们在给妈妈制作贺卡。

本报记者 卢森 摄

市博物馆夜场受欢迎

本报讯(记者 戴敏)市博物馆开放夜场,观众踊跃。"""
    picture, museum = articles(text)
    assert parts(picture) == [
        ("caption", "3月8日,市第一幼儿园的孩子们在给妈妈制作贺卡。 本报记者 卢森 摄")
    ]
    assert (picture.photographers, picture.date) == (("卢森",), "XXXX-03-08")
    assert museum.photographers == ()


def test_an_article_in_the_middle_of_anothers_sentence() -> None:
    text = """FRIDAY, MAY 20, 1960 • PAGE 3A

Ferry sinks at its mooring

IRIS HOLT

The ferry Marigold sank at her mooring on Sept. 3. Divers said they could see the

Corrections

A chart on Page 2 gave the wrong depth of the harbor. It is nine feet.

wheelhouse from the pier, and that she lies upright.

PIER LOG

Monday, 8 a.m.: A rowboat was towed in."""
    ferry, corrections, log = articles(text)
    assert (ferry.byline, ferry.date) == (("IRIS HOLT",), "1959-09-03")
    assert ferry.text.endswith("see the wheelhouse from the pier, and that she lies upright.")
    assert corrections.text.startswith("A chart")
    assert corrections.text.endswith("nine feet.")
    assert log.headline == ("PIER LOG",)


def test_english_letters_end_in_their_writers() -> None:
    text = """FRIDAY, MAY 20, 1960 • PAGE 4A

LETTERS

Paint the lighthouse

To the Editor:

The lighthouse has not been painted since the war. It is a disgrace.

Iris Holt

Pier Street

Editor's note: The harbor board says it will be painted in June.

No more whistles

To the Editor:

The noon whistle wakes my baby.

Name withheld

Obituaries

Amos Quill

Amos Quill, 80, who kept the lighthouse, died May 12 at home."""
    paint, whistles, obituary = articles(text)
    assert [text for _, text in parts(paint)][2:4] == ["Iris Holt", "Pier Street"]
    assert paint.text.endswith("painted in June.")
    assert (whistles.headline, whistles.text.split("\n")[-1]) == (
        ("No more whistles",),
        "Name withheld",
    )
    assert (obituary.headline[-1], obituary.byline) == ("Amos Quill", ())


def test_who_signs_old_notices_and_writes_under_a_pen_name() -> None:
    text = """北岸日報　中華民國四十九年五月廿日　星期五　第三版

訃聞

先父何公水生，慟於五月十五日壽終正寢，謹定廿四日家祭，哀此訃聞。

孤子　何清文　清武　泣血稽顙

港邊絮語

補網的人

老鹽

天還沒亮，碼頭上已經坐了一排補網的人，手裏的梭子比海鷗還快。

他們說，網破了能補，海不能。（下轉第七頁）

漁會通告

本會定六月一日改選，請各會員踴躍投票。

北岸漁會啟

燈塔重漆

【本報訊】（記者陳慧明）燈塔於十九日重漆完工。"""
    death, column, notice, lighthouse = articles(text)
    assert death.text.endswith("孤子　何清文　清武　泣血稽顙")
    assert (column.byline, column.kicker, column.continued_to) == (("老鹽",), ("港邊絮語",), "七")
    assert notice.text.endswith("北岸漁會啟")
    assert (lighthouse.byline, lighthouse.date) == (("陳慧明",), "1960-05-19")


def test_what_breaks_off_before_a_jump_is_no_headline_and_ends_its_article() -> None:
    text = """THURSDAY EVENING, MAY 19, 1960 • PAGE 3A

Old ferry is sold for $1

PORT QUILL, May 18 (Special)—The county sold its last ferry on Tuesday.

The harbor board will put up a steel

(Please Turn to Page 8, Col. 3)

Fire destroys two nets

Two nets were destroyed by fire early today.

CARD OF THANKS

We thank all who helped us put out the fire.

The Holt Family"""
    ferry, fire, thanks = articles(text)
    assert (ferry.text.split("\n")[-1], ferry.continued_to) == (
        "The harbor board will put up a steel",
        "8",
    )
    assert fire.headline == ("Fire destroys two nets",)
    assert thanks.text.endswith("The Holt Family")


def test_a_first_line_above_another_articles_headline_finds_its_rest() -> None:
    text = """讀者投書

渡船幾時來

編輯先生：

渡船班次不準，苦不堪言。

苦等人上

老榕冒新芽

記者陳慧明／北岸報導

港邊老榕昨天冒出新芽。

樹醫指出，樹根仍有六成腐

小貨車翻覆

〔記者何清文／北岸報導〕一輛小貨車昨天翻覆。

爛，要三年才能復原。"""
    letter, tree, truck = articles(text)
    assert letter.text.split("\n")[-1] == "苦等人上"
    assert tree.text.endswith("樹醫指出，樹根仍有六成腐爛，要三年才能復原。")
    assert (tree.byline, truck.headline) == (("陳慧明",), ("小貨車翻覆",))


def test_a_picture_with_a_title_and_a_sentence_is_news_in_english_too() -> None:
    text = """FRIDAY, MAY 20, 1960 • PAGE 3A

A place in the sun

A seal naps on the lifeboat ramp on Monday afternoon. (Photo by Iris Holt)

Harbor board meets

The board will set mooring fees."""
    picture, board = articles(text)
    assert (picture.photographers, picture.headline) == (("Iris Holt",), ("A place in the sun",))
    assert board.headline == ("Harbor board meets",)


def test_a_paragraph_indented_on_a_page_of_indents_begins_anew() -> None:
    text = """水厂投用

　　本报讯(记者 王一鸣)城东水厂投用。

居民喝上了优质水。

　　工程总投资两亿元。"""
    (article,) = articles(text)
    assert len(article.blocks) == 2
    assert article.text.split("\n")[0].endswith("投用。居民喝上了优质水。")


def test_an_article_that_breaks_off_goes_on_behind_its_neighbour() -> None:
    text = """水厂投用

本报讯(记者 王一鸣)城东水厂投用,三十万居民喝上优质水,水压也比过去稳

新馆开放

本报讯(记者 李静)市图书馆新馆开放。

定了许多。"""
    water, library = articles(text)
    assert water.text.endswith("水压也比过去稳定了许多。")
    assert library.text.endswith("新馆开放。")


def test_generated_pages_come_out_as_they_were_written() -> None:
    right = total = 0
    for seed in range(60):
        page = print_page(seed)
        found = articles(page.text)
        assert printed(page.text) == held(found), f"seed {seed}: letters lost or doubled"
        total += len(page.stories)
        if len(found) != len(page.stories):
            continue
        for article, story in zip(found, page.stories, strict=True):
            right += (
                parts(article) == story.parts
                and [*article.kicker, *article.headline] == story.titles
                and list(article.byline) == story.byline
                and list(article.correspondents) == story.correspondents
                and list(article.photographers) == story.photographers
                and article.date == story.date
                and article.continued_from == story.continued_from
            )
    assert right / total >= 0.95, f"{right} of {total}"


pytest_shared = pytest.mark.skipif(
    not (SHARED / "seeds").is_dir(), reason="the shared pages are not beside the repository"
)


def seeds() -> list[Path]:
    return sorted((SHARED / "seeds").glob("*.txt"))


def gold() -> dict[str, list[dict[str, object]]]:
    pages = json.loads((SHARED / "gold" / "pages.json").read_text())
    return {page["page"]: page["articles"] for page in pages}


@pytest.mark.shared
@pytest_shared
def test_real_pages_come_out_as_their_articles() -> None:
    count = 0
    for name, wanted in gold().items():
        found = read((SHARED / "seeds" / name).read_bytes(), name).articles
        assert len(found) == len(wanted)
        for article, want in zip(found, wanted, strict=True):
            count += 1
            texts = dict[str, list[str]]()
            for kind, text in parts(article):
                texts.setdefault(kind, []).append(text)
            sections = want["sections"]
            assert isinstance(sections, list)
            whole = [*want["paragraphs"], *(s["text"] for s in sections)]  # type: ignore[misc]
            alike = SequenceMatcher(
                None, "\n".join(texts.get("paragraph", [])), "\n".join(whole), autojunk=False
            )
            assert alike.ratio() >= 0.98
            assert len(texts.get("paragraph", [])) == len(whole)
            assert texts.get("heading", []) == [section["heading"] for section in sections]
            assert texts.get("caption", []) == want["captions"]
            assert texts.get("credit", [None]) == [want["credit"]]
            assert list(article.kicker) == want["kicker"]
            assert list(article.headline) == want["headline"]
            assert list(article.byline) == want["byline"]
            assert list(article.photographers) == want["photographers"]
            assert article.continued_from == want["continued_from"]
            day = article.date and article.date.removeprefix("XXXX-")
            assert day == want["month_day"]
    assert count == 9


@pytest.mark.shared
@pytest_shared
def test_nothing_of_a_real_page_is_lost_or_doubled() -> None:
    assert len(seeds()) == 5
    for path in seeds():
        text = path.read_text()
        found = read(path.read_bytes(), path.name).articles
        marks = sorted(re.findall(r"[(（]上接\d+版[)）]", text))
        assert letters(text) == sorted(held(found) + letters("".join(marks)))


@pytest.mark.shared
@pytest_shared
@pytest.mark.parametrize(
    ("page", "titles", "paragraphs", "captions", "bylines", "days"),
    [
        ("001", [2, 2], [5, 5], [0, 1], [2, 2], ["11-28", "11-28"]),
        ("004", [2, 1, 2], [4, 4, 5], [0, 0, 1], [2, 3, 2], ["07-29", "07-29", "07-30"]),
    ],
)
def test_real_pages_without_written_answers_have_their_shape(
    page: str,
    titles: list[int],
    paragraphs: list[int],
    captions: list[int],
    bylines: list[int],
    days: list[str],
) -> None:
    (path,) = (path for path in seeds() if path.name.startswith(page))
    found = read(path.read_bytes(), path.name).articles
    leads = re.findall(r"本报讯\(记者 ([^)]+)\)", path.read_text())
    assert [len(a.kicker) + len(a.headline) for a in found] == titles
    assert [sum(kind == "paragraph" for kind, _ in parts(a)) for a in found] == paragraphs
    assert [sum(kind == "caption" for kind, _ in parts(a)) for a in found] == captions
    assert [len(a.byline) for a in found] == bylines
    assert [list(a.byline) for a in found] == [re.split(r"[ 、]", lead) for lead in leads]
    assert [a.date and a.date.removeprefix("XXXX-") for a in found] == days
    assert [len(a.photographers) for a in found] == captions
    assert all(a.text.endswith("。") for a in found)


LETTER = """读者来信

渡口的灯亮了,谢谢

编辑同志:我住在渡口边,去年夜里下船的人都要摸黑上岸。

如今岸上立起了八盏灯。

江东区 读者 舒平

编后:灯亮了,还要有人常去看看。

旧码头有了新去处

全市新开书屋十二间

本报讯(记者 王一鸣)旧码头的仓库改成了书屋。"""


def test_a_letter_is_signed_above_its_editors_note_and_by_nobody_below_it() -> None:
    letter, report = articles(LETTER)
    assert letter.kicker + letter.headline == ("读者来信", "渡口的灯亮了,谢谢")
    assert parts(letter)[2] == ("paragraph", "江东区 读者 舒平")
    assert report.headline == ("旧码头有了新去处", "全市新开书屋十二间")


def test_a_long_text_below_a_torn_article_is_read_whole() -> None:
    torn = "市长调研水厂\n\n本报讯（记者 王一鸣）昨日，市长来到水厂，查看了水质并要求"
    opened = "城东大桥开工建设\n\n本报讯（记者 李静）昨日，大桥开工。"
    rest = [f"他指出，第{at}件事情要办好，让大家满意。" for at in range(3000)]
    water, bridge = articles("\n\n".join((torn, opened, *rest)))
    assert water.text.endswith("并要求")
    assert bridge.text.split("\n")[1:] == rest


def test_writers_named_below_their_articles_sign_all_sections_above() -> None:
    found = articles(
        "2021年5月6日 星期四 第03版\n\n"
        "老船厂的新生活\n\n江边的老船厂停产十年,工人们把它变成了一座博物馆。\n\n"
        "旧船台上看展览\n\n四十条木船摆上旧船台,孩子们围着听故事。\n\n"
        "老师傅来当讲解员\n\n退休的老师傅讲起风浪里的往事,一讲就是一个上午。\n\n"
        "□本报记者 王芳\n\n"
        "小巷里的书屋\n\n巷子深处新开了一间书屋,书是街坊们捐来的。\n\n□本报记者 李静\n"
    )
    assert [article.headline for article in found] == [("老船厂的新生活",), ("小巷里的书屋",)]
    assert [article.byline for article in found] == [("王芳",), ("李静",)]
    assert [kind for kind, _ in parts(found[0])].count("heading") == 2


def test_a_headline_and_a_caption_wider_than_the_column_leave_it_wrapped() -> None:
    (found,) = articles(
        "江州日报 2021年5月6日 星期四 第03版\n\n"
        "老船厂停产十年之后变成了一座船博物馆\n"
        "　　本报讯(记者 王芳)5月\n5日,江边的老船厂重新热\n闹起来,停产十年的船台\n"
        "上摆满了木船,孩子们围\n着一位退休的老师傅,听\n他讲风浪里的往事。\n"
        "图为孩子们在旧船台上参观四十条木船。 李静 摄\n"
        "　　老师傅姓陈,在船厂干\n了一辈子,他说这些船比\n自己的年纪还大。\n"
    )
    assert found.headline == ("老船厂停产十年之后变成了一座船博物馆",)
    assert parts(found)[-1] == (
        "paragraph",
        "老师傅姓陈,在船厂干了一辈子,他说这些船比自己的年纪还大。",
    )
    assert found.photographers == ("李静",)


def test_lines_of_a_headline_stay_lines_where_nothing_on_the_page_is_wrapped() -> None:
    texts = "\n\n".join(
        f"本报讯(记者 王芳)5月{day}日,江边的老船厂重新热闹起来,停产十年的船台上摆满了木船,孩子们围着老师傅听故事。"
        for day in range(1, 7)
    )
    found = articles(
        f"2021年5月8日 星期六\n\n{texts}\n\n\n\n全市今年新增绿地\n"
        "为老人、孩子留出空间\n\n本报讯(记者 李静)5月7日,绿地开放。"
    )
    assert found[-1].headline == ("全市今年新增绿地", "为老人、孩子留出空间")


def test_a_letter_signed_on_its_last_line_ends_there_and_the_rest_of_a_sentence_is_no_caption() -> (
    None
):
    letter, feature = articles(
        "2021年5月6日 星期四\n\n读者来信\n\n盲道该清一清了\n\n"
        "编辑同志：盲道上停满了车。请大家让一让。　　读者 王一鸣\n\n"
        "船台上的博物馆\n\n本报记者 李静 文/图\n\n江边的老船厂停产十年,工人们把船台改成了博物馆,馆里摆着木船四\n\n"
        "十条,每条都有故事。\n\n孩子们在船台上听讲解。\n\n老师傅说,这些船比他自己的年纪还要大得多。\n"
    )
    assert letter.text.endswith("读者 王一鸣")
    assert parts(feature)[1:] == [
        (
            "paragraph",
            "江边的老船厂停产十年,工人们把船台改成了博物馆,馆里摆着木船四十条,每条都有故事。",
        ),
        ("caption", "孩子们在船台上听讲解。"),
        ("paragraph", "老师傅说,这些船比他自己的年纪还要大得多。"),
    ]


def test_what_no_indent_begins_goes_back_to_the_article_that_broke_off() -> None:
    torn, other = articles(
        "2021年5月6日 星期四\n\n我当了一天抄表工\n\n本报记者 王芳\n\n"
        "　　早上六点半,我跟着师傅出了门。\n　　师傅不争辩,拉着老人关上所有的龙头,\n\n"
        "公交下月告别纸票\n\n　　本报讯(记者 李静)公交线路将取消车票。\n　　老年卡照常使用。\n\n"
        "蹲在表前看了三分钟。\n　　下午五点,我收了工。\n"
    )
    assert torn.text.endswith("所有的龙头,蹲在表前看了三分钟。\n下午五点,我收了工。")
    assert other.text.endswith("老年卡照常使用。")


def test_two_briefs_with_a_compilers_line_below_are_one_article() -> None:
    (briefs,) = articles(
        "2021年5月6日 星期四\n\n班组短镜头\n\n缺一只螺帽\n\n工人收工时发现少了一只螺帽。\n\n"
        "空着的座位\n\n班组开会时总要空出一把椅子。\n\n(王一鸣 整理)\n"
    )
    assert briefs.headline == ("班组短镜头",)
    assert [kind for kind, _ in parts(briefs)] == [*("heading", "paragraph") * 2, "credit"]


def test_an_english_writers_post_stands_below_his_name_with_by_or_without() -> None:
    for lines in ("By EUNICE TRASK\n\nCounty Home Agent", "Will Tranmer\n\nCouncil reporter"):
        (found,) = articles(
            "Tuesday, October 17, 1967 Page 3\n\nWhat to Do With Green Tomatoes\n\n"
            f"{lines}\n\nFrost is on the way, and every kitchen has a dishpan full of them.\n"
        )
        assert len(found.byline) == 1
        assert [kind for kind, _ in parts(found)] == ["byline", "byline", "paragraph"]


def test_a_letter_to_the_paper_is_signed_in_capitals_and_its_place_below() -> None:
    letter, rest = articles(
        "Tuesday, October 17, 1967 Page 3\n\nIn Defense of the Town Clock\n\nTo the Tribune:\n\n"
        "The clock runs nine minutes slow, and so do I.\n\nMRS. C. B. LAMBERT\n\nDry Fork\n\n"
        "School Bonds\n\n(Continued from Page One)\n\nthe money would pay for a kitchen.\n"
    )
    assert letter.text.endswith("MRS. C. B. LAMBERT\nDry Fork")
    assert rest.headline == ("School Bonds",)


def test_what_blank_lines_set_off_within_a_sentence_stands_by_itself() -> None:
    for inset in (
        "更正\n\n本报5月3日2版有误,特此更正。",
        "湖上新客\n\n湿地来了第一群白鹭。市民在岸边观赏。 王芳 摄",
    ):
        torn, other = articles(
            "2021年5月6日 星期四\n\n老钟楼的守钟人\n\n本报记者 李静\n\n"
            "清晨五点半,他推开了木门。\n\n钟走快了,他就往铁盘里压一枚硬币,那枚硬币早被\n\n\n\n"
            f"{inset}\n\n\n\n他摸得发亮。有一年刮大风,把分针吹弯了,他系着绳子爬出窗外,"
            "拿榔头一点一点把它敲直了。\n\n六点整,钟响了。\n"
        )
        assert "硬币早被他摸得发亮。" in torn.text
        assert torn.text.endswith("六点整,钟响了。")
        assert other.headline == (inset.split("\n")[0],)


def test_briefs_that_name_a_place_each_are_one_article() -> None:
    (briefs,) = articles(
        "2021年5月6日 星期四\n\n县区传真\n\n石桥镇:老人有了午餐桌\n\n本报讯 供销社开办食堂。(王一鸣)\n\n"
        "云水县:小核桃敲开大市场\n\n本报讯 核桃正在发货。(李静)\n\n"
        "东湖区:楼道里的议事厅\n\n本报讯 楼长每月坐下来商量。(何平)\n"
    )
    assert briefs.headline == ("县区传真",)
    assert len([kind for kind, _ in parts(briefs) if kind == "heading"]) == 3
    assert briefs.byline == ("王一鸣", "李静", "何平")


def test_a_collections_name_with_one_text_below_has_a_headline_there() -> None:
    (found,) = articles(
        "2021年5月6日 星期四\n\n便民播报\n\n旧卡换新不用跑主城\n\n三个镇上设了服务点。\n"
    )
    assert found.headline == ("旧卡换新不用跑主城",)
    assert found.kicker == ("便民播报",)


def test_an_organ_above_its_own_notice_did_not_sign_the_one_before() -> None:
    lost, sold = articles(
        "2021年5月6日 星期四\n\n遗失声明\n\n王一鸣遗失驾驶证,声明作废。\n\n"
        "汀州市土地局\n\n土地使用权挂牌出让公告\n\n汀土告字〔2021〕17号\n\n"
        "我局决定出让一宗土地使用权。\n"
    )
    assert lost.text == "王一鸣遗失驾驶证,声明作废。"
    assert "汀州市土地局" in (*sold.kicker, *sold.headline)


def test_a_name_of_two_characters_is_spaced_out() -> None:
    (found,) = articles(
        "2021年5月6日 星期四\n\n时评\n\n把进度晒到底\n\n评 言\n\n晒,首先要晒真的。\n"
    )
    assert found.byline == ("评言",)


def test_the_papers_name_amid_its_foot_is_furniture() -> None:
    (found,) = articles(
        "湖上来了新客人\n\n本报讯 白鹭到了。\n\n汀州日报\n\n2021年5月6日 星期四\n\n责任编辑:王芳\n"
    )
    assert found.text == "本报讯 白鹭到了。"
    assert found.issued is not None


ODD = [
    *'" ” T — · 1. and with RELATED ■ 。 ， ： … （ ） 555-1212 x@y.zz ①'.split(),
    "A" * 200,
    "RELATED ARTICLE",
    "■ A is",
    "2. a",
    "9月12日(周六)",
    "── 第1条 ──",
    "记者：",
    "Share Save",
]


@pytest.mark.parametrize("seed", range(4))
def test_any_lines_are_read(seed: int) -> None:
    chance = random.Random(seed)
    files = sorted((Path(__file__).parents[1] / "material" / "pages").glob("*.txt"))
    lines = "\n".join(file.read_text(encoding="utf-8") for file in files).split("\n")
    for _ in range(60):
        length = chance.choice([5, 20, 80, 2000])
        some = [
            chance.choice(lines)[:length] if chance.random() < 0.6 else chance.choice(ODD)
            for _ in range(chance.randint(1, 40))
        ]
        text = chance.choice(["\n", "\n\n", "\n\n\n\n"]).join(some)
        assert len(articles(f"石桥重开\n\n本报讯 石桥昨天重开。\n\n{text}")) > 0
